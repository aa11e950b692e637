/* A value of any type, as JSON or MessagePack carried it: what an article's unknown fields are kept as. */
#ifndef GW_SCHEMAS_VALUE_H
#define GW_SCHEMAS_VALUE_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum gw_value_type {
    GW_NIL,
    GW_BOOL,
    GW_INT,   /* negative, or any that fits int64 */
    GW_UINT,  /* above INT64_MAX only */
    GW_FLOAT, /* MessagePack float 32, kept apart so that it goes out as it came */
    GW_DOUBLE,
    GW_STRING, /* valid UTF-8 */
    GW_BIN,
    GW_EXT,
    GW_ARRAY,
    GW_MAP
};

struct gw_pair;

/* A tree whose nodes lie in an arena; strings may point into the message they came from and live as long as
 * it does. Map keys of JSON are strings; MessagePack inside `extra` may use any scalar. Pairs keep their
 * order. */
struct gw_value {
    uint8_t type; /* enum gw_value_type */
    int8_t ext_type;
    uint32_t count;    /* items of an array, pairs of a map */
    uint32_t position; /* the byte of the message where it began; 0 for values made by hand */
    union {
        bool boolean;
        int64_t integer;
        uint64_t unsigned_integer;
        double number;       /* GW_FLOAT and GW_DOUBLE */
        struct gw_str bytes; /* GW_STRING, GW_BIN, GW_EXT */
        struct gw_value *items;
        struct gw_pair *pairs;
    } as;
};

struct gw_pair {
    struct gw_value key;
    struct gw_value value;
};

/* "string", "map" …, for error texts. */
const char *gw_value_type_name(enum gw_value_type type);

/* The value of a string key of a map, or NULL when there is none or `map` is no map. */
const struct gw_value *gw_value_get(const struct gw_value *map, const char *key);

/* Whether `value` is a string with this text. */
bool gw_value_is(const struct gw_value *value, const char *text);

/* Same type and same content; order counts in maps, numbers are compared by their bits. Positions are not
 * compared. Recursion is as deep as the values are. */
bool gw_value_equal(const struct gw_value *a, const struct gw_value *b);

/* The first pair whose key an earlier pair has, in `*index` (`count` when all keys differ). Keys are scalars,
 * strings or bins. Takes linear time; scratch memory comes from `arena`. False when that is at its end. */
bool gw_pairs_find_duplicate(const struct gw_pair *pairs, size_t count, struct gw_arena *arena,
                             size_t *index);

#endif
