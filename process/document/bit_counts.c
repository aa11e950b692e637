/* Carry-save adders as in Harley and Seal's population count: most of the work is done on four planes. */
#include "process/document/bit_counts.h"

#include <string.h>

#define PAIRS (GW_BIT_COUNTS_STEP / 2)

/* sum + 2·carry = a + b + c, for each bit. */
static inline gw_bit_pair add_pairs(gw_bit_pair a, gw_bit_pair b, gw_bit_pair c, gw_bit_pair *carry) {
    gw_bit_pair half = a ^ b;
    *carry = (a & b) | (half & c);
    return half ^ c;
}

static uint64_t add_three(uint64_t a, uint64_t b, uint64_t c, uint64_t *carry) {
    uint64_t half = a ^ b;
    *carry = (a & b) | (half & c);
    return half ^ c;
}

/* Adds eight pairs to the first three planes; what they overflow by is for the fourth. */
static inline gw_bit_pair add_step(gw_bit_pair p[3], const uint64_t *words) {
    gw_bit_pair w[PAIRS], twos[2], fours[2], eights;
    memcpy(w, words, sizeof w);
    for (unsigned i = 0; i < 2; i++) {
        p[0] = add_pairs(p[0], w[4 * i], w[4 * i + 1], &twos[0]);
        p[0] = add_pairs(p[0], w[4 * i + 2], w[4 * i + 3], &twos[1]);
        p[1] = add_pairs(p[1], twos[0], twos[1], &fours[i]);
    }
    p[2] = add_pairs(p[2], fours[0], fours[1], &eights);
    return eights;
}

static void carry_on(struct gw_bit_counts *counts, gw_bit_pair carry) {
    for (unsigned k = 3; k < GW_BIT_PLANES && (carry[0] | carry[1]) != 0; k++) {
        gw_bit_pair next = counts->planes[k] & carry;
        counts->planes[k] ^= carry;
        carry = next;
    }
}

void gw_bit_counts_add(struct gw_bit_counts *counts, const uint64_t *words, size_t count) {
    gw_bit_pair low[3] = {counts->planes[0], counts->planes[1], counts->planes[2]};
    size_t at = 0;
    for (; at + GW_BIT_COUNTS_STEP <= count; at += GW_BIT_COUNTS_STEP) {
        carry_on(counts, add_step(low, words + at));
    }
    if (at < count) {
        uint64_t rest[GW_BIT_COUNTS_STEP] = {0};
        memcpy(rest, words + at, (count - at) * sizeof *words);
        carry_on(counts, add_step(low, rest));
    }
    memcpy(counts->planes, low, sizeof low);
}

/* Planes that a count up to `most` has. */
static unsigned planes_of(uint64_t most) {
    return most == 0 ? 1 : 64U - (unsigned)__builtin_clzll(most);
}

uint64_t gw_bit_counts_majority(const struct gw_bit_counts *once, const struct gw_bit_counts *twice,
                                uint64_t votes) {
    uint64_t sum[GW_BIT_PLANES + 2], carry[3] = {0, 0, 0}, half = votes / 2;
    unsigned count = planes_of(votes);
    count = count < GW_BIT_PLANES + 2 ? count : GW_BIT_PLANES + 2;
    for (unsigned k = 0; k < count; k++) {
        gw_bit_pair one = k < GW_BIT_PLANES ? once->planes[k] : (gw_bit_pair){0, 0};
        gw_bit_pair two = k > 0 && k <= GW_BIT_PLANES ? twice->planes[k - 1] : (gw_bit_pair){0, 0};
        uint64_t first = add_three(one[0], one[1], carry[0], &carry[0]);
        uint64_t second = add_three(two[0], two[1], carry[1], &carry[1]);
        sum[k] = add_three(first, second, carry[2], &carry[2]);
    }
    uint64_t above = 0, equal = UINT64_MAX;
    for (unsigned k = count; k-- > 0;) {
        uint64_t wanted = half >> k & 1 ? UINT64_MAX : 0;
        above |= equal & sum[k] & ~wanted;
        equal &= ~(sum[k] ^ wanted);
    }
    return above;
}
