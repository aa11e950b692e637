/* Words of up to sixteen bytes as two numbers, so that a table of them is searched without comparing
 * strings. */
#ifndef GW_PROCESS_ENTITIES_VALUES_VALUE_KEY_H
#define GW_PROCESS_ENTITIES_VALUES_VALUE_KEY_H

#include "base/str.h"

#include <stdint.h>

#define GW_VALUE_KEY_BYTES 16U

/* Keys have the order of their words' bytes. */
struct gw_value_key {
    uint64_t high, low;
};

static inline uint64_t gw_value_key_part(const char bytes[8]) {
    uint64_t part = 0;
    for (unsigned i = 0; i < 8; i++) {
        part = part << 8 | (uint8_t)bytes[i];
    }
    return part;
}

/* Of a word that is filled up with zero bytes. */
static inline struct gw_value_key gw_value_key_of(const char word[GW_VALUE_KEY_BYTES]) {
    return (struct gw_value_key){gw_value_key_part(word), gw_value_key_part(word + 8)};
}

/* ASCII capitals are made small where `folds`. All zero, which is no word's, for an empty one and for one of
 * GW_VALUE_KEY_BYTES or more. */
static inline struct gw_value_key gw_value_key_make(struct gw_str word, bool folds) {
    char bytes[GW_VALUE_KEY_BYTES] = {0};
    for (size_t i = 0; i < word.size && word.size < sizeof bytes; i++) {
        bool capital = folds && word.data[i] >= 'A' && word.data[i] <= 'Z';
        bytes[i] = (char)(word.data[i] | (capital ? 0x20 : 0));
    }
    return gw_value_key_of(bytes);
}

/* 0 when the keys are equal; below or above when `a` comes first or last. */
static inline int gw_value_key_compare(struct gw_value_key a, struct gw_value_key b) {
    bool less = a.high != b.high ? a.high < b.high : a.low < b.low;
    return less ? -1 : (a.high != b.high || a.low != b.low);
}

/* The row of a table that is sorted by its words, which each row of `stride` bytes begins with; NULL if no
 * row has this key. */
static inline const void *gw_value_key_search(struct gw_value_key key, const void *rows, size_t count,
                                              size_t stride) {
    const char *low = rows;
    while (count > 0) {
        const char *middle = low + count / 2 * stride;
        int order = gw_value_key_compare(key, gw_value_key_of(middle));
        if (order == 0) {
            return middle;
        }
        low = order > 0 ? middle + stride : low;
        count = order > 0 ? count - count / 2 - 1 : count / 2;
    }
    return NULL;
}

#endif
