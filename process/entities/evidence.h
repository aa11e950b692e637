/* What the article itself shows about its capitalised words: a word that has its capital in the middle of a
 * sentence is a name at a sentence's start, too. */
#ifndef GW_PROCESS_ENTITIES_EVIDENCE_H
#define GW_PROCESS_ENTITIES_EVIDENCE_H

#include "process/entities/keyed.h"
#include "process/text/tokens.h"

/* Bits of what was seen of a word. */
enum gw_evidence_bit {
    GW_SEEN_CAPITAL = 1 << 0, /* with a capital inside a sentence that is no heading */
    GW_SEEN_PERSON = 1 << 1   /* as a part of a person's full name */
};

struct gw_evidence {
    struct gw_keyed words; /* to bits */
};

/* Room for all capitalised words of `text`. GW_NO_MEMORY when the arena is at its end. */
enum gw_status gw_evidence_init(struct gw_evidence *evidence, const struct gw_text *text,
                                struct gw_arena *arena);

void gw_evidence_add(struct gw_evidence *evidence, uint64_t hash, enum gw_evidence_bit seen);
bool gw_evidence_has(const struct gw_evidence *evidence, uint64_t hash, enum gw_evidence_bit seen);

#endif
