/* The loops of a kernel, as GW_LATTICE_KERNEL. Included once for each kind of processor, with the compiler's
 * flags for it: what they compute has one text, and integers have one result. */
#include "process/entities/tagger/lattice.h"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

/* Scores are brought back to the best of the step every so many tokens, so that no text is too long for 32
 * bits. */
#define LOWERED_EVERY 64U

#if defined(__AVX2__)
static __m256i load_row(const struct gw_tag_row *row) {
    return _mm256_loadu_si256((const __m256i *)(const void *)row);
}

/* Of two rows that are shuffled together, each weight is added to its neighbour: the sums come as 32 bits. */
static void add_rows(const struct gw_tag_row *const *rows, size_t count, const struct gw_tag_scores *start,
                     struct gw_tag_scores *sum) {
    const __m256i ones = _mm256_set1_epi16(1);
    __m256i inner = _mm256_setzero_si256(), outer = inner;
    for (size_t i = 0; i < count; i += GW_TAG_ROWS_AT_ONCE) {
        for (size_t k = i; k < i + GW_TAG_ROWS_AT_ONCE; k += 2) {
            __m256i a = load_row(rows[k]), b = load_row(rows[k + 1]);
            inner = _mm256_add_epi32(inner, _mm256_madd_epi16(_mm256_unpacklo_epi16(a, b), ones));
            outer = _mm256_add_epi32(outer, _mm256_madd_epi16(_mm256_unpackhi_epi16(a, b), ones));
        }
    }
    const __m256i *from = (const __m256i *)(const void *)start;
    __m256i *to = (__m256i *)(void *)sum;
    __m256i low = _mm256_permute2x128_si256(inner, outer, 0x20);
    __m256i high = _mm256_permute2x128_si256(inner, outer, 0x31);
    _mm256_storeu_si256(to, _mm256_add_epi32(_mm256_loadu_si256(from), low));
    _mm256_storeu_si256(to + 1, _mm256_add_epi32(_mm256_loadu_si256(from + 1), high));
}
#else
static void add_rows(const struct gw_tag_row *const *rows, size_t count, const struct gw_tag_scores *start,
                     struct gw_tag_scores *sum) {
    struct gw_tag_scores total = *start;
    for (size_t i = 0; i < count; i++) {
        const int16_t *weights = rows[i]->weight;
        for (int k = 0; k < GW_TAG_ROW; k++) {
            total.of[k] += weights[k];
        }
    }
    *sum = total;
}
#endif

/* to[k] = more[k] + max over j of from[j] + moves[j].of[k] */
static void step(const struct gw_tag_scores *restrict from, const struct gw_tag_scores *restrict moves,
                 const struct gw_tag_scores *restrict more, struct gw_tag_scores *restrict to) {
    struct gw_tag_scores best;
    for (int k = 0; k < GW_TAG_ROW; k++) {
        best.of[k] = from->of[0] + moves[0].of[k];
    }
#pragma GCC unroll 16
    for (int j = 1; j < GW_TAG_COUNT; j++) {
        for (int k = 0; k < GW_TAG_ROW; k++) {
            int32_t here = from->of[j] + moves[j].of[k];
            best.of[k] = here > best.of[k] ? here : best.of[k];
        }
    }
    for (int k = 0; k < GW_TAG_ROW; k++) {
        to->of[k] = best.of[k] + more->of[k];
    }
}

static void add_scores(const struct gw_tag_scores *restrict a, const struct gw_tag_scores *restrict b,
                       struct gw_tag_scores *restrict sum) {
    for (int k = 0; k < GW_TAG_ROW; k++) {
        sum->of[k] = a->of[k] + b->of[k];
    }
}

/* The last label is never the best: what leads to it is forbidden. */
#if defined(__AVX2__)
struct halves {
    __m256i low, high;
};

static inline struct halves load_scores(const struct gw_tag_scores *scores) {
    const __m256i *from = (const __m256i *)(const void *)scores;
    return (struct halves){_mm256_loadu_si256(from), _mm256_loadu_si256(from + 1)};
}

/* In all lanes. */
static inline __m256i spread_most(struct halves scores) {
    __m256i most = _mm256_max_epi32(scores.low, scores.high);
    most = _mm256_max_epi32(most, _mm256_permute2x128_si256(most, most, 1));
    most = _mm256_max_epi32(most, _mm256_shuffle_epi32(most, 0x4E));
    return _mm256_max_epi32(most, _mm256_shuffle_epi32(most, 0xB1));
}

static inline int32_t most_of(const struct gw_tag_scores *scores) {
    return _mm256_cvtsi256_si32(spread_most(load_scores(scores)));
}

static inline uint8_t best_of(const struct gw_tag_scores *scores) {
    struct halves all = load_scores(scores);
    __m256i most = spread_most(all);
    uint32_t low = (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(all.low, most)));
    uint32_t high = (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(all.high, most)));
    return (uint8_t)__builtin_ctz(low | high << 8);
}

static inline __m256i without_tag(__m256i scores, uint8_t tag, int first_lane) {
    __m256i lanes =
        _mm256_add_epi32(_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), _mm256_set1_epi32(first_lane));
    __m256i is_tag = _mm256_cmpeq_epi32(lanes, _mm256_set1_epi32(tag));
    return _mm256_blendv_epi8(scores, _mm256_set1_epi32(INT32_MIN), is_tag);
}

/* The best path goes through the tag. */
static inline int32_t margin_of(const struct gw_tag_scores *through, uint8_t tag) {
    struct halves all = load_scores(through);
    struct halves others = {without_tag(all.low, tag, 0), without_tag(all.high, tag, 8)};
    return _mm256_cvtsi256_si32(_mm256_sub_epi32(spread_most(all), spread_most(others)));
}
#else
static int32_t most_of(const struct gw_tag_scores *scores) {
    int32_t most = scores->of[0];
    for (int k = 1; k < GW_TAG_ROW; k++) {
        most = scores->of[k] > most ? scores->of[k] : most;
    }
    return most;
}

static uint8_t best_of(const struct gw_tag_scores *scores) {
    int32_t most = most_of(scores), best = GW_TAG_ROW;
    for (int32_t k = 0; k < GW_TAG_ROW; k++) {
        int32_t here = scores->of[k] == most ? k : GW_TAG_ROW;
        best = here < best ? here : best;
    }
    return (uint8_t)best;
}

static int32_t margin_of(const struct gw_tag_scores *through, uint8_t tag) {
    struct gw_tag_scores others = *through;
    others.of[tag] = INT32_MIN;
    return through->of[tag] - most_of(&others);
}
#endif

static void lower(struct gw_tag_scores *scores) {
    int32_t most = most_of(scores);
    for (int k = 0; k < GW_TAG_ROW; k++) {
        scores->of[k] -= most;
    }
}

/* Of all paths that end at a token with a tag, the best. */
static void go_forward(const struct gw_lattice *lattice, const struct gw_tag_scores *scores, size_t count,
                       struct gw_tag_scores *out) {
    add_scores(&lattice->forward[GW_TAG_OUTSIDE], &scores[0], &out[0]);
    for (size_t i = 1; i < count; i++) {
        if (i % LOWERED_EVERY == 0) {
            lower(&out[i - 1]);
        }
        step(&out[i - 1], lattice->forward, &scores[i], &out[i]);
    }
}

/* Of all paths that begin at a token with a tag, the best, its own score included. */
static void go_backward(const struct gw_lattice *lattice, const struct gw_tag_scores *scores, size_t count,
                        struct gw_tag_scores *out) {
    out[count - 1] = scores[count - 1];
    for (size_t i = count - 1; i > 0; i--) {
        if (i % LOWERED_EVERY == 0) {
            lower(&out[i]);
        }
        step(&out[i], lattice->backward, &scores[i - 1], &out[i - 1]);
    }
}

static void choose(const struct gw_lattice *lattice, const struct gw_tag_scores *forward, size_t count,
                   uint8_t *tags) {
    tags[count - 1] = best_of(&forward[count - 1]);
    for (size_t i = count - 1; i-- > 0;) {
        struct gw_tag_scores here;
        add_scores(&forward[i], &lattice->backward[tags[i + 1]], &here);
        tags[i] = best_of(&here);
    }
}

static void measure_margins(const struct gw_tag_scores *scores, size_t count,
                            const struct gw_tag_scores *forward, const struct gw_tag_scores *backward,
                            const uint8_t *tags, int32_t *margins) {
    for (size_t i = 0; i < count; i++) {
        struct gw_tag_scores through;
        for (int k = 0; k < GW_TAG_ROW; k++) {
            through.of[k] = forward[i].of[k] + backward[i].of[k] - scores[i].of[k];
        }
        margins[i] = margin_of(&through, tags[i]);
    }
}

static void find_path(const struct gw_lattice *lattice, const struct gw_tag_scores *scores, size_t count,
                      struct gw_tag_scores *room, uint8_t *tags, int32_t *margins) {
    struct gw_tag_scores *forward = room, *backward = room + count;
    go_forward(lattice, scores, count, forward);
    choose(lattice, forward, count, tags);
    if (margins) {
        go_backward(lattice, scores, count, backward);
        measure_margins(scores, count, forward, backward, tags, margins);
    }
}

const struct gw_lattice_kernel GW_LATTICE_KERNEL = {add_rows, find_path};
