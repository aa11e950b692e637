/* ASCII letters, sixteen bytes at a time. */
#ifndef GW_PROCESS_TEXT_LETTERS_H
#define GW_PROCESS_TEXT_LETTERS_H

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define GW_LETTERS_AT_ONCE 16U

/* What sixteen bytes are; bit k stands for byte k. */
struct gw_letters {
    uint32_t letters;  /* A to Z and a to z */
    uint32_t capitals; /* A to Z; of bytes that are no letters, anything */
};

/* Sets `folded` to the bytes with capitals made small; bytes that are no letters become anything. */
static inline struct gw_letters gw_letters_look_portable(const char bytes[GW_LETTERS_AT_ONCE],
                                                         char folded[GW_LETTERS_AT_ONCE]) {
    struct gw_letters found = {0, 0};
    for (unsigned k = 0; k < GW_LETTERS_AT_ONCE; k++) {
        uint8_t small = (uint8_t)bytes[k] | 0x20;
        folded[k] = (char)small;
        found.letters |= (uint32_t)(small >= 'a' && small <= 'z') << k;
        found.capitals |= (uint32_t) !(bytes[k] & 0x20) << k;
    }
    return found;
}

#if defined(__SSE2__)
static inline struct gw_letters gw_letters_look(const char bytes[GW_LETTERS_AT_ONCE],
                                                char folded[GW_LETTERS_AT_ONCE]) {
    __m128i all = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    __m128i small = _mm_or_si128(all, _mm_set1_epi8(0x20));
    __m128i from_a = _mm_sub_epi8(small, _mm_set1_epi8('a'));
    __m128i letters = _mm_cmpeq_epi8(_mm_min_epu8(from_a, _mm_set1_epi8('z' - 'a')), from_a);
    _mm_storeu_si128((__m128i *)(void *)folded, small);
    return (struct gw_letters){(uint32_t)_mm_movemask_epi8(letters),
                               (uint32_t)_mm_movemask_epi8(_mm_slli_epi16(all, 2)) ^ 0xFFFFU};
}
#else
static inline struct gw_letters gw_letters_look(const char bytes[GW_LETTERS_AT_ONCE],
                                                char folded[GW_LETTERS_AT_ONCE]) {
    return gw_letters_look_portable(bytes, folded);
}
#endif

#endif
