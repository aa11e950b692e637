/* Words by which languages are told apart, sorted: the upper GW_LANGUAGE_TAG_BITS of the folded word's hash,
 * the language's number, the word's weight. A word has an entry for each language that it is frequent in. */
#ifndef GW_PROCESS_DOCUMENT_LANGUAGE_WORDS_H
#define GW_PROCESS_DOCUMENT_LANGUAGE_WORDS_H

#include <stdint.h>

#define GW_LANGUAGE_TAG_BITS    20U
#define GW_LANGUAGE_NUMBER_BITS 6U
#define GW_LANGUAGE_WEIGHT_BITS 6U

#define GW_LANGUAGE_COUNT      31U
#define GW_LANGUAGE_WORD_COUNT 17600U

/* ISO 639-1. English is number 0. */
extern const char gw_language_codes[GW_LANGUAGE_COUNT][3];
extern const uint32_t gw_language_words[GW_LANGUAGE_WORD_COUNT];

/* Where the words begin whose tags have these upper bits; the next bucket's begin is their end. */
#define GW_LANGUAGE_BUCKET_BITS  11U
#define GW_LANGUAGE_BUCKET_COUNT (1U << GW_LANGUAGE_BUCKET_BITS)
extern const uint16_t gw_language_buckets[GW_LANGUAGE_BUCKET_COUNT + 1];

static inline uint32_t gw_language_word_tag(uint32_t word) {
    return word >> (GW_LANGUAGE_NUMBER_BITS + GW_LANGUAGE_WEIGHT_BITS);
}
static inline uint32_t gw_language_word_number(uint32_t word) {
    return word >> GW_LANGUAGE_WEIGHT_BITS & ((1U << GW_LANGUAGE_NUMBER_BITS) - 1);
}
static inline uint32_t gw_language_word_weight(uint32_t word) {
    return word & ((1U << GW_LANGUAGE_WEIGHT_BITS) - 1);
}

#endif
