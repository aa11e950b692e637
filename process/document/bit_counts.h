/* For each of 64 bits how many of many words have it set: bit-sliced, so that all 64 are counted at once. */
#ifndef GW_PROCESS_DOCUMENT_BIT_COUNTS_H
#define GW_PROCESS_DOCUMENT_BIT_COUNTS_H

#include <stdint.h>

#define GW_BIT_PLANES 34U

/* Plane k holds bit k of each of the 64 counts; words wait until eight of them are added together. All zero:
 * none was added. */
struct gw_bit_counts {
    uint64_t planes[GW_BIT_PLANES];
    uint64_t waiting[8];
    uint32_t waiting_count;
    uint64_t added; /* fewer than 2^32 */
};

/* Adds what waits. */
void gw_bit_counts_settle(struct gw_bit_counts *counts);

static inline void gw_bit_counts_add(struct gw_bit_counts *counts, uint64_t word) {
    counts->waiting[counts->waiting_count++] = word;
    if (counts->waiting_count == 8) {
        gw_bit_counts_settle(counts);
    }
}

/* The bits that more than half of the words have, a word of `twice` counting for two. Settles both. */
uint64_t gw_bit_counts_majority(struct gw_bit_counts *once, struct gw_bit_counts *twice);

#endif
