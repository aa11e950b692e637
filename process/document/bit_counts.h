/* For each of 64 bits how many of many words have it set: bit-sliced, so that all 64 are counted at once. */
#ifndef GW_PROCESS_DOCUMENT_BIT_COUNTS_H
#define GW_PROCESS_DOCUMENT_BIT_COUNTS_H

#include <stddef.h>
#include <stdint.h>

#define GW_BIT_PLANES 34U

/* Words that gw_bit_counts_add takes in one step; it is fastest with a multiple of them. */
#define GW_BIT_COUNTS_STEP 16U

/* Two words side by side: a register of any 64-bit processor. */
typedef uint64_t gw_bit_pair __attribute__((vector_size(16)));

/* Plane k holds bit k of each of the 64 counts, in two sums that are added at the end. All zero: none was
 * added. */
struct gw_bit_counts {
    gw_bit_pair planes[GW_BIT_PLANES];
};

/* Adds `count` words; in all fewer than 2^32. */
void gw_bit_counts_add(struct gw_bit_counts *counts, const uint64_t *words, size_t count);

/* The bits that are set in more than half of `votes` votes, a word of `twice` counting for two. Words of
 * which no bit is set need not have been added. */
uint64_t gw_bit_counts_majority(const struct gw_bit_counts *once, const struct gw_bit_counts *twice,
                                uint64_t votes);

#endif
