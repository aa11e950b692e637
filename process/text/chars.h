/* What a character is, for parting text into tokens. */
#ifndef GW_PROCESS_TEXT_CHARS_H
#define GW_PROCESS_TEXT_CHARS_H

#include "base/str.h"

#include <stdint.h>

enum gw_char_class {
    GW_CHAR_SPACE,
    GW_CHAR_NEWLINE,
    GW_CHAR_LOWER, /* a letter that is not a capital, or a mark on one */
    GW_CHAR_UPPER,
    GW_CHAR_DIGIT,
    GW_CHAR_MARK, /* punctuation and symbols; gw_char.mark says which */
    GW_CHAR_HIGH, /* in the ASCII table only: the first byte of a longer character */
};

/* Punctuation that rules ask for. */
enum gw_mark {
    GW_MARK_NONE,
    GW_MARK_OTHER,
    GW_MARK_PERIOD,
    GW_MARK_EXCLAMATION,
    GW_MARK_QUESTION,
    GW_MARK_ELLIPSIS,
    GW_MARK_COMMA,
    GW_MARK_COLON,
    GW_MARK_SEMICOLON,
    GW_MARK_HYPHEN,
    GW_MARK_DASH,
    GW_MARK_SLASH,
    GW_MARK_AMPERSAND,
    GW_MARK_APOSTROPHE, /* ' and ’: also a closing single quote */
    GW_MARK_QUOTE,      /* straight double quote */
    GW_MARK_QUOTE_OPEN, /* “ « „ and ‘ */
    GW_MARK_QUOTE_CLOSE,
    GW_MARK_OPEN,  /* ( [ { */
    GW_MARK_CLOSE, /* ) ] } */
    GW_MARK_CURRENCY,
    GW_MARK_PERCENT,
    GW_MARK_PLUS,
    GW_MARK_AT,
    GW_MARK_HASH,
    GW_MARK_BULLET, /* • and the like */
    GW_MARK_COUNT
};

struct gw_char {
    uint8_t class; /* never GW_CHAR_HIGH */
    uint8_t mark;
    uint8_t size;       /* bytes, at least 1 */
    uint32_t codepoint; /* what it stands for, where it was encoded twice */
};

/* By byte. */
extern const uint8_t gw_char_ascii_class[256];
extern const uint8_t gw_char_ascii_mark[128];

/* What gw_char_at does for characters beyond ASCII. */
struct gw_char gw_char_high(struct gw_str s, size_t at);

/* The character at `at` < s.size of valid UTF-8. Bytes that are no character count as one space each. */
static inline struct gw_char gw_char_at(struct gw_str s, size_t at) {
    uint8_t byte = (uint8_t)s.data[at];
    if (byte >= 0x80) {
        return gw_char_high(s, at);
    }
    return (struct gw_char){gw_char_ascii_class[byte], gw_char_ascii_mark[byte], 1, byte};
}

#endif
