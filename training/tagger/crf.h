/* A linear-chain CRF (Lafferty et al. 2001) with partial labels, trained by AdaGrad with dropped features. */
#ifndef GW_TRAINING_TAGGER_CRF_H
#define GW_TRAINING_TAGGER_CRF_H

#include "features.h"

struct crf {
    float (*weights)[GW_TAG_ROW];
    float (*squares)[GW_TAG_ROW];
    uint32_t count;
    float transitions[GW_TAG_ROW][GW_TAG_ROW]; /* from, to */
    float transition_squares[GW_TAG_ROW][GW_TAG_ROW];
    uint64_t random;
};

struct fit {
    int epochs;
    float rate;
    float decay; /* of weights */
    float drop;  /* how many features an item loses in one step */
    float drop_votes;
};

/* Weights begin at 0. */
void crf_init(struct crf *crf, uint32_t features, uint64_t seed);
/* Adds `part` times the weights of `other`. */
void crf_add(struct crf *crf, const struct crf *other, float part);
void crf_free(struct crf *crf);
void crf_fit(struct crf *crf, struct sample *samples, const size_t *which, size_t count, struct fit fit);

/* Sets `tag` and `margin` of all items; with votes or without. */
void crf_tag(const struct crf *crf, struct sample *sample, bool votes);

bool crf_may_follow(unsigned from, unsigned to);

#endif
