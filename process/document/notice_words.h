/* Words by which paragraphs are told that are no story's: what asks readers to do something stands in notices
 * and advertisements. */
#ifndef GW_PROCESS_DOCUMENT_NOTICE_WORDS_H
#define GW_PROCESS_DOCUMENT_NOTICE_WORDS_H

#include <stdbool.h>
#include <stdint.h>

struct gw_notice_word {
    uint64_t hash; /* gw_hash64 of the word, as tokens have it; 0 where no word has its place */
    const char *word;
};

#define GW_NOTICE_PLACES 64U
#define GW_NOTICE_SHIFT  29U

/* By the bits of the hash from GW_NOTICE_SHIFT on. */
extern const struct gw_notice_word gw_notice_words[GW_NOTICE_PLACES];

/* gw_hash64 of "by", with which by-lines begin. */
#define GW_BY_HASH UINT64_C(0x938AFAB7E75B4CC0)

/* Of a token's hash; a mark's is none. */
static inline bool gw_is_notice_word(uint64_t hash) {
    return hash != 0 && gw_notice_words[hash >> GW_NOTICE_SHIFT & (GW_NOTICE_PLACES - 1)].hash == hash;
}

#endif
