/* UTF-8: checking, decoding, and counting in the three units of `offsets`. */
#ifndef GW_BASE_UTF8_H
#define GW_BASE_UTF8_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* The length of the longest valid prefix of `s` (RFC 3629: no overlong forms, no surrogates, nothing above
 * U+10FFFF). Equal to s.size when all of it is valid. */
size_t gw_utf8_valid_prefix(struct gw_str s);

static inline bool gw_utf8_is_valid(struct gw_str s) {
    return gw_utf8_valid_prefix(s) == s.size;
}

/* Decodes the character at `at` of valid UTF-8 and returns its length in bytes (1 to 4); 0 at the end. */
size_t gw_utf8_decode(struct gw_str s, size_t at, uint32_t *codepoint);

/* Writes 1 to 4 bytes; returns how many, or 0 for a surrogate or a number above U+10FFFF. */
size_t gw_utf8_encode(uint32_t codepoint, char out[4]);

/* How many code points, or UTF-16 code units, valid UTF-8 has. */
size_t gw_utf8_count(struct gw_str s);
size_t gw_utf8_count_utf16(struct gw_str s);

/* The largest character border that is ≤ `at`. */
size_t gw_utf8_floor(struct gw_str s, size_t at);

#endif
