/* A keyed table whose values are bits. */
#include "process/entities/evidence.h"

enum gw_status gw_evidence_init(struct gw_evidence *evidence, const struct gw_text *text,
                                struct gw_arena *arena) {
    size_t words = 0;
    for (uint32_t i = 0; i < text->token_count; i++) {
        words += (text->tokens[i].shape & (GW_SHAPE_CAPITAL | GW_SHAPE_INNER)) != 0;
    }
    return gw_keyed_init(&evidence->words, words, arena);
}

void gw_evidence_add(struct gw_evidence *evidence, uint64_t hash, enum gw_evidence_bit seen) {
    uint32_t *bits = gw_keyed_at(&evidence->words, hash);
    *bits = (*bits == GW_KEYED_NONE ? 0 : *bits) | seen;
}

bool gw_evidence_has(const struct gw_evidence *evidence, uint64_t hash, enum gw_evidence_bit seen) {
    uint32_t bits = gw_keyed_find(&evidence->words, hash);
    return bits != GW_KEYED_NONE && (bits & seen);
}
