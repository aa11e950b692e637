/* Forward and backward sums are scaled at each step instead of kept as logarithms. */
#include "crf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define ITEMS_MOST    4096
#define FEATURES_MOST 600
#define LEAST         1e-30F

static float emissions[ITEMS_MOST][GW_TAG_ROW];
static float raised[ITEMS_MOST][GW_TAG_ROW]; /* e to the power of emissions */
static uint8_t dropped[ITEMS_MOST][FEATURES_MOST];

struct sums {
    float forward[ITEMS_MOST][GW_TAG_ROW], backward[ITEMS_MOST][GW_TAG_ROW];
    float marginal[ITEMS_MOST][GW_TAG_ROW];
    float pairs[GW_TAG_ROW][GW_TAG_ROW];
};

static struct sums free_sums, gold_sums;

bool crf_may_follow(unsigned from, unsigned to) {
    if (from >= GW_TAG_COUNT || to >= GW_TAG_COUNT) {
        return false;
    }
    bool inside = to != GW_TAG_OUTSIDE && to % 2 == 0;
    return !inside || from == to || from + 1 == to;
}

void crf_init(struct crf *crf, uint32_t features, uint64_t seed) {
    *crf = (struct crf){.count = features, .random = seed};
    crf->weights = need(calloc(features, sizeof *crf->weights));
    crf->squares = need(calloc(features, sizeof *crf->squares));
}

void crf_free(struct crf *crf) {
    free(crf->weights);
    free(crf->squares);
}

void crf_add(struct crf *crf, const struct crf *other, float part) {
    for (uint32_t i = 0; i < crf->count; i++) {
        for (int k = 0; k < GW_TAG_ROW; k++) {
            crf->weights[i][k] += part * other->weights[i][k];
        }
    }
    for (int j = 0; j < GW_TAG_ROW; j++) {
        for (int k = 0; k < GW_TAG_ROW; k++) {
            crf->transitions[j][k] += part * other->transitions[j][k];
        }
    }
}

static float draw(struct crf *crf) {
    crf->random ^= crf->random << 13;
    crf->random ^= crf->random >> 7;
    crf->random ^= crf->random << 17;
    return (float)(crf->random >> 40) / (float)(1 << 24);
}

static void add_row(float *out, const float *row) {
    for (int k = 0; k < GW_TAG_ROW; k++) {
        out[k] += row[k];
    }
}

static void emit(const struct crf *crf, const struct item *item, const uint8_t *drop, bool votes,
                 float *out) {
    memset(out, 0, GW_TAG_ROW * sizeof *out);
    for (uint32_t i = 0; i < item->count; i++) {
        if (!drop || !drop[i]) {
            add_row(out, crf->weights[item->features[i]]);
        }
    }
    for (uint32_t i = 0; votes && i < item->vote_count; i++) {
        add_row(out, crf->weights[item->votes[i]]);
    }
}

static float normalise(float *row) {
    float sum = 0;
    for (int k = 0; k < GW_TAG_ROW; k++) {
        sum += row[k];
    }
    float scale = sum > LEAST ? 1 / sum : 0;
    for (int k = 0; k < GW_TAG_ROW; k++) {
        row[k] *= scale;
    }
    return sum;
}

static void keep(float *row, label_set allowed) {
    for (int k = 0; k < GW_TAG_ROW; k++) {
        row[k] = allowed >> k & 1 ? row[k] : 0;
    }
}

static void step_forward(const float *from, float moves[GW_TAG_ROW][GW_TAG_ROW], const float *here,
                         float *out) {
    memset(out, 0, GW_TAG_ROW * sizeof *out);
    for (int j = 0; j < GW_TAG_ROW; j++) {
        for (int k = 0; k < GW_TAG_ROW; k++) {
            out[k] += from[j] * moves[j][k];
        }
    }
    for (int k = 0; k < GW_TAG_ROW; k++) {
        out[k] *= here[k];
    }
}

static void step_backward(const float *next, float moves[GW_TAG_ROW][GW_TAG_ROW], float *out) {
    for (int j = 0; j < GW_TAG_ROW; j++) {
        float sum = 0;
        for (int k = 0; k < GW_TAG_ROW; k++) {
            sum += moves[j][k] * next[k];
        }
        out[j] = sum;
    }
}

/* The logarithm of all allowed paths' weight; below -1e29 when there is none. */
static double sum_paths(float moves[GW_TAG_ROW][GW_TAG_ROW], const label_set *allowed, uint32_t n,
                        struct sums *sums) {
    double total = 0;
    for (uint32_t i = 0; i < n; i++) {
        float start[GW_TAG_ROW] = {1};
        step_forward(i ? sums->forward[i - 1] : start, moves, raised[i], sums->forward[i]);
        keep(sums->forward[i], allowed[i]);
        float sum = normalise(sums->forward[i]);
        if (sum <= LEAST) {
            return -1e30;
        }
        total += log((double)sum);
    }
    for (int k = 0; k < GW_TAG_ROW; k++) {
        sums->backward[n - 1][k] = 1;
    }
    memset(sums->pairs, 0, sizeof sums->pairs);
    for (uint32_t i = n; i-- > 0;) {
        float next[GW_TAG_ROW];
        for (int k = 0; k < GW_TAG_ROW; k++) {
            sums->marginal[i][k] = sums->forward[i][k] * sums->backward[i][k];
            next[k] = raised[i][k] * sums->backward[i][k];
        }
        keep(next, allowed[i]);
        normalise(sums->marginal[i]);
        const float start[GW_TAG_ROW] = {1};
        const float *before = i ? sums->forward[i - 1] : start;
        float all = 0, pairs[GW_TAG_ROW][GW_TAG_ROW];
        for (int j = 0; j < GW_TAG_ROW; j++) {
            for (int k = 0; k < GW_TAG_ROW; k++) {
                pairs[j][k] = before[j] * moves[j][k] * next[k];
                all += pairs[j][k];
            }
        }
        for (int j = 0; all > LEAST && j < GW_TAG_ROW; j++) {
            for (int k = 0; k < GW_TAG_ROW; k++) {
                sums->pairs[j][k] += pairs[j][k] / all;
            }
        }
        if (i > 0) {
            step_backward(next, moves, sums->backward[i - 1]);
            normalise(sums->backward[i - 1]);
        }
    }
    return total;
}

static void raise_transitions(const struct crf *crf, float moves[GW_TAG_ROW][GW_TAG_ROW]) {
    for (unsigned j = 0; j < GW_TAG_ROW; j++) {
        for (unsigned k = 0; k < GW_TAG_ROW; k++) {
            moves[j][k] = crf_may_follow(j, k) ? expf(crf->transitions[j][k]) : 0;
        }
    }
}

static double raise_emissions(uint32_t n) {
    double total = 0;
    for (uint32_t i = 0; i < n; i++) {
        float most = emissions[i][0];
        for (int k = 1; k < GW_TAG_COUNT; k++) {
            most = fmaxf(most, emissions[i][k]);
        }
        for (int k = 0; k < GW_TAG_ROW; k++) {
            raised[i][k] = k < GW_TAG_COUNT ? expf(emissions[i][k] - most) + 1e-12F : 0;
        }
        total += (double)most;
    }
    return total;
}

static void move(float *weight, float *square, float gradient, struct fit fit) {
    *square += gradient * gradient;
    *weight -= fit.rate * gradient / (sqrtf(*square) + 1e-3F);
}

static void update_feature(struct crf *crf, uint32_t feature, const float *gradient, struct fit fit) {
    float *weight = crf->weights[feature], *square = crf->squares[feature];
    for (int k = 0; k < GW_TAG_ROW; k++) {
        move(&weight[k], &square[k], gradient[k] + fit.decay * weight[k], fit);
    }
}

static bool set_gradient(uint32_t i, float scale, float *gradient) {
    bool any = false;
    for (int k = 0; k < GW_TAG_ROW; k++) {
        gradient[k] = scale * (free_sums.marginal[i][k] - gold_sums.marginal[i][k]);
        any = any || fabsf(gradient[k]) > 1e-4F;
    }
    return any;
}

static double step(struct crf *crf, struct item *items, uint32_t n, float scale, struct fit fit) {
    label_set all[ITEMS_MOST], gold[ITEMS_MOST];
    float moves[GW_TAG_ROW][GW_TAG_ROW], gradient[GW_TAG_ROW];
    bool votes = draw(crf) >= fit.drop_votes;
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t k = 0; k < items[i].count; k++) {
            dropped[i][k] = draw(crf) < fit.drop;
        }
        emit(crf, &items[i], dropped[i], votes, emissions[i]);
        all[i] = LABELS_ALL;
        gold[i] = items[i].allowed;
    }
    raise_emissions(n);
    raise_transitions(crf, moves);
    double right = sum_paths(moves, gold, n, &gold_sums);
    if (right < -1e29) {
        return 0;
    }
    double whole = sum_paths(moves, all, n, &free_sums);
    for (uint32_t i = 0; i < n; i++) {
        if (!set_gradient(i, scale, gradient)) {
            continue;
        }
        for (uint32_t k = 0; k < items[i].count; k++) {
            if (!dropped[i][k]) {
                update_feature(crf, items[i].features[k], gradient, fit);
            }
        }
        for (uint32_t k = 0; votes && k < items[i].vote_count; k++) {
            update_feature(crf, items[i].votes[k], gradient, fit);
        }
    }
    for (int j = 0; j < GW_TAG_ROW; j++) {
        for (int k = 0; k < GW_TAG_ROW; k++) {
            move(&crf->transitions[j][k], &crf->transition_squares[j][k],
                 scale * (free_sums.pairs[j][k] - gold_sums.pairs[j][k]), fit);
        }
    }
    return whole - right;
}

static void shuffle(struct crf *crf, size_t *order, size_t count) {
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)(draw(crf) * (float)i) % i;
        size_t kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}

void crf_fit(struct crf *crf, struct sample *samples, const size_t *which, size_t count, struct fit fit) {
    size_t *order = need(malloc((count + 1) * sizeof *order));
    memcpy(order, which, count * sizeof *order);
    float rate = fit.rate;
    for (int epoch = 0; epoch < fit.epochs; epoch++) {
        double loss = 0;
        fit.rate = rate * (epoch < fit.epochs * 6 / 10 ? 1 : epoch < fit.epochs * 8 / 10 ? 0.4F : 0.12F);
        shuffle(crf, order, count);
        for (size_t i = 0; i < count; i++) {
            struct sample *sample = &samples[order[i]];
            for (size_t s = 0; s < sample->segment_count; s++) {
                struct segment segment = sample->segments[s];
                if (segment.end - segment.first < ITEMS_MOST) {
                    loss += step(crf, sample->items + segment.first, segment.end - segment.first,
                                 sample->document->weight, fit);
                }
            }
        }
        if (epoch % 5 == 4 || epoch == fit.epochs - 1) {
            fprintf(stderr, "epoch %d: loss %.0f\n", epoch + 1, loss);
        }
    }
    free(order);
}

static void best_forward(const struct crf *crf, uint32_t n, float (*out)[GW_TAG_ROW]) {
    for (uint32_t i = 0; i < n; i++) {
        for (unsigned k = 0; k < GW_TAG_COUNT; k++) {
            float best = -1e30F;
            for (unsigned j = 0; j < (i ? GW_TAG_COUNT : 1); j++) {
                float from = (i ? out[i - 1][j] : 0) + crf->transitions[j][k];
                best = crf_may_follow(j, k) && from > best ? from : best;
            }
            out[i][k] = best + emissions[i][k];
        }
    }
}

static void best_backward(const struct crf *crf, uint32_t n, float (*out)[GW_TAG_ROW]) {
    for (int k = 0; k < GW_TAG_ROW; k++) {
        out[n - 1][k] = 0;
    }
    for (uint32_t i = n - 1; i-- > 0;) {
        for (unsigned j = 0; j < GW_TAG_COUNT; j++) {
            float best = -1e30F;
            for (unsigned k = 0; k < GW_TAG_COUNT; k++) {
                float to = out[i + 1][k] + emissions[i + 1][k] + crf->transitions[j][k];
                best = crf_may_follow(j, k) && to > best ? to : best;
            }
            out[i][j] = best;
        }
    }
}

/* The best path goes through each item's best tag; the margin is what its second best costs. */
static void tag_segment(const struct crf *crf, struct item *items, uint32_t n, bool votes) {
    for (uint32_t i = 0; i < n; i++) {
        emit(crf, &items[i], NULL, votes, emissions[i]);
    }
    best_forward(crf, n, free_sums.forward);
    best_backward(crf, n, free_sums.backward);
    unsigned tag = GW_TAG_COUNT;
    for (uint32_t i = n; i-- > 0;) {
        float best = -2e30F, through[GW_TAG_ROW];
        unsigned chosen = 0;
        for (unsigned k = 0; k < GW_TAG_COUNT; k++) {
            through[k] = free_sums.forward[i][k] + free_sums.backward[i][k];
            float here = tag == GW_TAG_COUNT      ? through[k]
                         : crf_may_follow(k, tag) ? free_sums.forward[i][k] + crf->transitions[k][tag]
                                                  : -3e30F;
            if (here > best) {
                best = here;
                chosen = k;
            }
        }
        float second = -1e30F;
        for (unsigned k = 0; k < GW_TAG_COUNT; k++) {
            second = k != chosen && through[k] > second ? through[k] : second;
        }
        items[i].margin = (int32_t)(fminf(through[chosen] - second, 1000) * GW_TAG_SCALE);
        items[i].tag = (uint8_t)chosen;
        tag = chosen;
    }
}

void crf_tag(const struct crf *crf, struct sample *sample, bool votes) {
    for (size_t s = 0; s < sample->segment_count; s++) {
        struct segment segment = sample->segments[s];
        if (segment.end - segment.first < ITEMS_MOST) {
            tag_segment(crf, sample->items + segment.first, segment.end - segment.first, votes);
        }
    }
}
