/* Scores are kept relative to the best of each step, so that no text is too long for 32 bits. */
#include "process/entities/lattice.h"

#if defined(__x86_64__)
#define HAS_AVX2 1
#else
#define HAS_AVX2 0
#endif

/* Far below what rows can add up to, and far above what would overflow when two are added. */
#define FORBIDDEN (-(1 << 28))

static inline __attribute__((always_inline)) void add_rows(const struct gw_tag_row *const *rows, size_t count,
                                                           struct gw_tag_scores *sum) {
    struct gw_tag_scores total = *sum;
    for (size_t i = 0; i < count; i++) {
        for (int k = 0; k < GW_TAG_ROW; k++) {
            total.of[k] += rows[i]->weight[k];
        }
    }
    *sum = total;
}

static inline __attribute__((always_inline)) void take_step(const struct gw_tag_scores *from,
                                                            const struct gw_tag_scores moves[GW_TAG_ROW],
                                                            struct gw_tag_scores *to) {
    struct gw_tag_scores best;
    for (int k = 0; k < GW_TAG_ROW; k++) {
        best.of[k] = from->of[0] + moves[0].of[k];
    }
    for (int j = 1; j < GW_TAG_COUNT; j++) {
        for (int k = 0; k < GW_TAG_ROW; k++) {
            int32_t here = from->of[j] + moves[j].of[k];
            best.of[k] = here > best.of[k] ? here : best.of[k];
        }
    }
    *to = best;
}

static void add_portable(const struct gw_tag_row *const *rows, size_t count, struct gw_tag_scores *sum) {
    add_rows(rows, count, sum);
}

static void step_portable(const struct gw_tag_scores *from, const struct gw_tag_scores moves[GW_TAG_ROW],
                          struct gw_tag_scores *to) {
    take_step(from, moves, to);
}

const struct gw_lattice_kernel gw_lattice_portable = {add_portable, step_portable};

#if HAS_AVX2
/* The same loops, which the compiler makes 256 bits wide. */
static __attribute__((target("avx2"))) void add_avx2(const struct gw_tag_row *const *rows, size_t count,
                                                     struct gw_tag_scores *sum) {
    add_rows(rows, count, sum);
}

static __attribute__((target("avx2"))) void step_avx2(const struct gw_tag_scores *from,
                                                      const struct gw_tag_scores moves[GW_TAG_ROW],
                                                      struct gw_tag_scores *to) {
    take_step(from, moves, to);
}

static const struct gw_lattice_kernel avx2 = {add_avx2, step_avx2};
#endif

const struct gw_lattice_kernel *gw_lattice_fast(void) {
#if HAS_AVX2
    return __builtin_cpu_supports("avx2") ? &avx2 : NULL;
#else
    return NULL;
#endif
}

void gw_lattice_init(struct gw_lattice *lattice, const struct gw_lattice_kernel *kernel,
                     const struct gw_tag_row *transitions) {
    lattice->kernel = kernel;
    for (int j = 0; j < GW_TAG_ROW; j++) {
        for (int k = 0; k < GW_TAG_ROW; k++) {
            int32_t weight = transitions[j].weight[k];
            weight =
                weight <= GW_TAG_FORBIDDEN || j >= GW_TAG_COUNT || k >= GW_TAG_COUNT ? FORBIDDEN : weight;
            lattice->forward[j].of[k] = weight;
            lattice->backward[k].of[j] = weight;
        }
    }
}

static int32_t most_of(const struct gw_tag_scores *scores) {
    int32_t most = scores->of[0];
    for (int k = 1; k < GW_TAG_COUNT; k++) {
        most = scores->of[k] > most ? scores->of[k] : most;
    }
    return most;
}

static void lower(struct gw_tag_scores *scores) {
    int32_t most = most_of(scores);
    for (int k = 0; k < GW_TAG_ROW; k++) {
        scores->of[k] -= most;
    }
}

static void add_scores(struct gw_tag_scores *sum, const struct gw_tag_scores *more) {
    for (int k = 0; k < GW_TAG_ROW; k++) {
        sum->of[k] += more->of[k];
    }
}

static void go_forward(const struct gw_lattice *lattice, const struct gw_tag_scores *scores, size_t count,
                       struct gw_tag_scores *out) {
    out[0] = lattice->forward[GW_TAG_OUTSIDE];
    add_scores(&out[0], &scores[0]);
    for (size_t i = 1; i < count; i++) {
        lower(&out[i - 1]);
        lattice->kernel->step(&out[i - 1], lattice->forward, &out[i]);
        add_scores(&out[i], &scores[i]);
    }
    lower(&out[count - 1]);
}

static void go_backward(const struct gw_lattice *lattice, const struct gw_tag_scores *scores, size_t count,
                        struct gw_tag_scores *out) {
    out[count - 1] = (struct gw_tag_scores){{0}};
    for (size_t i = count - 1; i > 0; i--) {
        struct gw_tag_scores next = out[i];
        add_scores(&next, &scores[i]);
        lower(&next);
        lattice->kernel->step(&next, lattice->backward, &out[i - 1]);
    }
}

static uint8_t best_of(const struct gw_tag_scores *scores) {
    uint8_t best = 0;
    for (int k = 1; k < GW_TAG_COUNT; k++) {
        best = scores->of[k] > scores->of[best] ? (uint8_t)k : best;
    }
    return best;
}

static int32_t margin_of(const struct gw_tag_scores *through, uint8_t tag) {
    int32_t second = INT32_MIN;
    for (int k = 0; k < GW_TAG_COUNT; k++) {
        second = k != tag && through->of[k] > second ? through->of[k] : second;
    }
    return through->of[tag] - second;
}

void gw_lattice_tag(const struct gw_lattice *lattice, const struct gw_tag_scores *scores, size_t count,
                    struct gw_tag_scores *room, uint8_t *tags, int32_t *margins) {
    struct gw_tag_scores *forward = room, *backward = room + count;
    go_forward(lattice, scores, count, forward);
    if (margins) {
        go_backward(lattice, scores, count, backward);
    }
    for (size_t i = count; i-- > 0;) {
        struct gw_tag_scores here = forward[i];
        if (i + 1 < count) {
            add_scores(&here, &lattice->backward[tags[i + 1]]);
        }
        tags[i] = best_of(&here);
        if (margins) {
            struct gw_tag_scores through = forward[i];
            add_scores(&through, &backward[i]);
            margins[i] = margin_of(&through, tags[i]);
        }
    }
}
