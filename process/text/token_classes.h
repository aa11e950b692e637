/* What each token is, in one byte: made in one pass, so that whoever looks for few of the tokens passes over
 * eight others in one step. */
#ifndef GW_PROCESS_TEXT_TOKEN_CLASSES_H
#define GW_PROCESS_TEXT_TOKEN_CLASSES_H

#include "process/text/tokens.h"

enum gw_token_class {
    GW_CLASS_WORD = 1 << 0,     /* a word or a number */
    GW_CLASS_STOPWORD = 1 << 1, /* of the model */
    GW_CLASS_VALUE = 1 << 2,    /* may begin a value */
    GW_CLASS_QUOTE = 1 << 3,    /* a quotation mark of any kind, or an apostrophe */
    GW_CLASS_LINE = GW_SHAPE_LINE,
    GW_CLASS_PARAGRAPH = GW_SHAPE_PARAGRAPH
};

/* Bytes that are looked at in one step. */
#define GW_CLASSES_AT_ONCE 8U
#define GW_CLASSES_EACH    UINT64_C(0x0101010101010101)

/* What each word of the model adds to the classes of its tokens, and behind them what other words add:
 * nothing. A byte for each stays in the processor's caches, as the model's words do not. NULL when memory is
 * at its end; the caller frees it. */
uint8_t *gw_word_classes_make(const struct gw_model *model);

/* Sets text->classes. GW_NO_MEMORY when the arena is at its end. */
enum gw_status gw_token_classes_make(struct gw_text *text, const struct gw_model *model,
                                     struct gw_arena *arena);

/* The classes of eight tokens from `at` on; the first one's are in the lowest byte. */
static inline uint64_t gw_token_classes_at(const struct gw_text *text, uint32_t at) {
    uint64_t classes;
    memcpy(&classes, text->classes + at, sizeof classes);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    classes = __builtin_bswap64(classes);
#endif
    return classes;
}

/* The first token from `at` to `end` that is of one of the classes; `end` if none is. */
static inline uint32_t gw_token_next(const struct gw_text *text, uint32_t at, uint32_t end,
                                     unsigned classes) {
    for (; at < end; at += GW_CLASSES_AT_ONCE) {
        uint64_t found = gw_token_classes_at(text, at) & classes * GW_CLASSES_EACH;
        if (found != 0) {
            at += (uint32_t)__builtin_ctzll(found) / 8;
            break;
        }
    }
    return at < end ? at : end;
}

/* How many tokens from `first` to `end` are of the class `one`. */
static inline uint32_t gw_token_count(const struct gw_text *text, uint32_t first, uint32_t end,
                                      enum gw_token_class one) {
    unsigned bit = (unsigned)__builtin_ctz(one);
    uint32_t count = 0;
    for (; first + GW_CLASSES_AT_ONCE <= end; first += GW_CLASSES_AT_ONCE) {
        uint64_t each = gw_token_classes_at(text, first) >> bit & GW_CLASSES_EACH;
        count += (uint32_t)(each * GW_CLASSES_EACH >> 56);
    }
    for (; first < end; first++) {
        count += text->classes[first] >> bit & 1U;
    }
    return count;
}

#endif
