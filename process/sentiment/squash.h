/* squash(x) = x / √(1 + x²): from any sum to a score between -1 and 1. */
#ifndef GW_PROCESS_SENTIMENT_SQUASH_H
#define GW_PROCESS_SENTIMENT_SQUASH_H

#include "schemas/annotation.h"

#include <math.h>

/* squash(numerator / denominator) in 10^-4, rounded half away from zero. `denominator` > 0. Multiplication,
 * addition, division and square root are exactly rounded by IEEE 754, so every processor gives the same;
 * consumers get it with the same four operations on doubles. */
static inline gw_e4 gw_squash(int64_t numerator, int64_t denominator) {
    double x = (double)numerator / (double)denominator;
    double y = x / sqrt(1.0 + x * x) * GW_E4_ONE;
    return (gw_e4)(y < 0 ? y - 0.5 : y + 0.5);
}

/* `a` times `factor` (in 10^-4), rounded half away from zero. */
static inline int64_t gw_e4_times(int64_t a, gw_e4 factor) {
    int64_t product = a * factor;
    return (product + (product < 0 ? -GW_E4_ONE / 2 : GW_E4_ONE / 2)) / GW_E4_ONE;
}

/* √a for `a` ≥ 0 in 10^-4, rounded down. `a` < 2^49. The double's root is off by one at most. */
static inline int64_t gw_e4_root(int64_t a) {
    int64_t n = a * GW_E4_ONE, root = (int64_t)sqrt((double)n);
    root -= root * root > n;
    return root + ((root + 1) * (root + 1) <= n);
}

#endif
