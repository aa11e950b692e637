/* Random numbers that are the same in every run: splitmix64 (Steele, Lea and Flood 2014). */
#ifndef GW_TESTS_DICE_H
#define GW_TESTS_DICE_H

#include <stddef.h>
#include <stdint.h>

/* Any seed will do. */
struct dice {
    uint64_t state;
};

/* From 0 to below `sides`. */
static inline size_t dice_roll(struct dice *dice, size_t sides) {
    uint64_t z = dice->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (size_t)((z ^ (z >> 31)) % sides);
}

#endif
