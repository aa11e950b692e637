/* Carry-save adders as in Harley and Seal's population count: most of the work is done on three planes. */
#include "process/document/bit_counts.h"

#include <string.h>

/* sum + 2·carry = a + b + c, for each bit. */
static uint64_t add_three(uint64_t a, uint64_t b, uint64_t c, uint64_t *carry) {
    uint64_t half = a ^ b;
    *carry = (a & b) | (half & c);
    return half ^ c;
}

void gw_bit_counts_settle(struct gw_bit_counts *counts) {
    uint64_t *p = counts->planes;
    const uint64_t *w = counts->waiting;
    uint64_t twos[2], fours[2], carry;
    counts->added += counts->waiting_count;
    memset(counts->waiting + counts->waiting_count, 0,
           (sizeof counts->waiting / sizeof *counts->waiting - counts->waiting_count) *
               sizeof *counts->waiting);
    counts->waiting_count = 0;
    for (unsigned i = 0; i < 2; i++) {
        p[0] = add_three(p[0], w[4 * i], w[4 * i + 1], &twos[0]);
        p[0] = add_three(p[0], w[4 * i + 2], w[4 * i + 3], &twos[1]);
        p[1] = add_three(p[1], twos[0], twos[1], &fours[i]);
    }
    p[2] = add_three(p[2], fours[0], fours[1], &carry);
    for (unsigned k = 3; carry != 0 && k < GW_BIT_PLANES; k++) {
        uint64_t next = p[k] & carry;
        p[k] ^= carry;
        carry = next;
    }
}

uint64_t gw_bit_counts_majority(struct gw_bit_counts *once, struct gw_bit_counts *twice) {
    uint64_t sum[GW_BIT_PLANES + 1], carry = 0;
    gw_bit_counts_settle(once);
    gw_bit_counts_settle(twice);
    for (unsigned k = 0; k <= GW_BIT_PLANES; k++) {
        uint64_t a = k < GW_BIT_PLANES ? once->planes[k] : 0;
        sum[k] = add_three(a, k > 0 ? twice->planes[k - 1] : 0, carry, &carry);
    }
    uint64_t half = (once->added + 2 * twice->added) / 2;
    uint64_t above = 0, equal = UINT64_MAX;
    for (unsigned k = GW_BIT_PLANES + 1; k-- > 0;) {
        uint64_t wanted = half >> k & 1 ? UINT64_MAX : 0;
        above |= equal & sum[k] & ~wanted;
        equal &= ~(sum[k] ^ wanted);
    }
    return above;
}
