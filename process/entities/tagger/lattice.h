/* The best row of tags for a row of tokens (Viterbi 1967), in integers: every processor finds the same. */
#ifndef GW_PROCESS_ENTITIES_TAGGER_LATTICE_H
#define GW_PROCESS_ENTITIES_TAGGER_LATTICE_H

#include "process/model_tables.h"

#include <stdbool.h>
#include <stddef.h>

/* By tag. */
struct gw_tag_scores {
    int32_t of[GW_TAG_ROW];
};

struct gw_lattice;

#define GW_TAG_ROWS_AT_ONCE 4U

/* The tagger's inner loops, once for each kind of processor. All kinds give the same bits. */
struct gw_lattice_kernel {
    /* Sets `sum` to `start` and `count` rows, a multiple of GW_TAG_ROWS_AT_ONCE; both may be the same. */
    void (*add)(const struct gw_tag_row *const *rows, size_t count, const struct gw_tag_scores *start,
                struct gw_tag_scores *sum);
    /* gw_lattice_tag */
    void (*tag)(const struct gw_lattice *lattice, const struct gw_tag_scores *scores, size_t count,
                struct gw_tag_scores *room, uint8_t *tags, int32_t *margins);
};

extern const struct gw_lattice_kernel gw_lattice_portable;

/* NULL where this processor has no faster one. */
const struct gw_lattice_kernel *gw_lattice_fast(void);

/* Transitions, ready for use. */
struct gw_lattice {
    const struct gw_lattice_kernel *kernel;
    struct gw_tag_scores forward[GW_TAG_ROW];  /* from, to */
    struct gw_tag_scores backward[GW_TAG_ROW]; /* to, from */
};

/* Transitions so low are forbidden. */
#define GW_TAG_FORBIDDEN (-30000)

/* `transitions` has GW_TAG_ROW rows, from each tag; what comes before the first token is outside. */
void gw_lattice_init(struct gw_lattice *lattice, const struct gw_lattice_kernel *kernel,
                     const struct gw_tag_row *transitions);

/* Sets the `count` > 0 tags of the best path; of equal ones that with the lower tags, from the end on. `room`
 * is for 2 * count scores. `margins`, unless it is NULL, gets what the best path without a token's tag would
 * cost, in the model's units. No score may be above 2^21 or below -2^21. */
static inline void gw_lattice_tag(const struct gw_lattice *lattice, const struct gw_tag_scores *scores,
                                  size_t count, struct gw_tag_scores *room, uint8_t *tags, int32_t *margins) {
    lattice->kernel->tag(lattice, scores, count, room, tags, margins);
}

#endif
