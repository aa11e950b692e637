/* The first claim to a form is kept, and the first mention of a rival. */
#include "process/entities/names/claims.h"

#include "schemas/annotation.h"

enum gw_status gw_claims_init(struct gw_claims *claims, size_t most, struct gw_arena *arena) {
    claims->count = 0;
    claims->items = gw_arena_take(arena, most * sizeof *claims->items);
    return claims->items ? gw_keyed_init(&claims->forms, most, arena) : GW_NO_MEMORY;
}

void gw_claims_ask(struct gw_claims *claims, uint64_t hash) {
    uint32_t *at = gw_keyed_at(&claims->forms, hash);
    if (*at == GW_KEYED_NONE) {
        *at = claims->count;
        claims->items[claims->count++] = (struct gw_claim){GW_NO_INDEX, GW_NO_INDEX};
    }
}

enum gw_status gw_claims_init_like(struct gw_claims *claims, const struct gw_claims *like,
                                   struct gw_arena *arena) {
    *claims = *like;
    claims->items = gw_arena_take(arena, like->count * sizeof *claims->items);
    for (uint32_t i = 0; claims->items && i < like->count; i++) {
        claims->items[i] = (struct gw_claim){GW_NO_INDEX, GW_NO_INDEX};
    }
    return claims->items ? GW_OK : GW_NO_MEMORY;
}

void gw_claims_note(struct gw_claims *claims, uint64_t hash, const struct gw_groups *groups, uint32_t group) {
    uint32_t at = gw_keyed_find(&claims->forms, hash);
    if (at == GW_KEYED_NONE) {
        return;
    }
    struct gw_claim *claim = &claims->items[at];
    if (claim->group == GW_NO_INDEX) {
        claim->group = group;
    } else if (claim->rival == GW_NO_INDEX &&
               gw_group_root(groups, claim->group) != gw_group_root(groups, group)) {
        claim->rival = groups->items[group].first_span;
    }
}

const struct gw_claim *gw_claims_find(const struct gw_claims *claims, uint64_t hash) {
    uint32_t at = gw_keyed_find(&claims->forms, hash);
    return at == GW_KEYED_NONE || claims->items[at].group == GW_NO_INDEX ? NULL : &claims->items[at];
}
