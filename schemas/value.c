/* Looking into values, and finding a key that a map has twice. */
#include "schemas/value.h"

#include "base/hash.h"

const char *gw_value_type_name(enum gw_value_type type) {
    static const char *const names[] = {
        [GW_NIL] = "nil",       [GW_BOOL] = "bool",     [GW_INT] = "integer",   [GW_UINT] = "integer",
        [GW_FLOAT] = "number",  [GW_DOUBLE] = "number", [GW_STRING] = "string", [GW_BIN] = "binary",
        [GW_EXT] = "extension", [GW_ARRAY] = "array",   [GW_MAP] = "map"};
    return type <= GW_MAP ? names[type] : "unknown";
}

bool gw_value_is(const struct gw_value *value, const char *text) {
    return value->type == GW_STRING && gw_str_is(value->as.bytes, text);
}

const struct gw_value *gw_value_get(const struct gw_value *map, const char *key) {
    if (map->type != GW_MAP) {
        return NULL;
    }
    for (size_t i = 0; i < map->count; i++) {
        if (gw_value_is(&map->as.pairs[i].key, key)) {
            return &map->as.pairs[i].value;
        }
    }
    return NULL;
}

static bool has_bytes(const struct gw_value *value) {
    return value->type == GW_STRING || value->type == GW_BIN || value->type == GW_EXT;
}

static bool items_equal(const struct gw_value *a, const struct gw_value *b) {
    for (size_t i = 0; i < a->count; i++) {
        if (!gw_value_equal(&a->as.items[i], &b->as.items[i])) {
            return false;
        }
    }
    return true;
}

static bool pairs_equal(const struct gw_value *a, const struct gw_value *b) {
    for (size_t i = 0; i < a->count; i++) {
        if (!gw_value_equal(&a->as.pairs[i].key, &b->as.pairs[i].key) ||
            !gw_value_equal(&a->as.pairs[i].value, &b->as.pairs[i].value)) {
            return false;
        }
    }
    return true;
}

/* The eight bytes of a number, whatever its type. */
static uint64_t scalar_bits(const struct gw_value *value) {
    uint64_t bits = 0;
    switch ((enum gw_value_type)value->type) {
    case GW_BOOL:
        return value->as.boolean;
    case GW_INT:
    case GW_UINT:
        return value->as.unsigned_integer;
    case GW_FLOAT:
    case GW_DOUBLE:
        memcpy(&bits, &value->as.number, sizeof bits);
        return bits;
    default:
        return 0;
    }
}

bool gw_value_equal(const struct gw_value *a, const struct gw_value *b) {
    if (a->type != b->type) {
        return false;
    }
    if (has_bytes(a)) {
        return (a->type != GW_EXT || a->ext_type == b->ext_type) && gw_str_eq(a->as.bytes, b->as.bytes);
    }
    if (a->type == GW_ARRAY || a->type == GW_MAP) {
        return a->count == b->count && (a->type == GW_ARRAY ? items_equal(a, b) : pairs_equal(a, b));
    }
    return scalar_bits(a) == scalar_bits(b);
}

static uint64_t key_hash(const struct gw_value *key) {
    if (has_bytes(key)) {
        return gw_hash64(key->as.bytes);
    }
    uint64_t bits = scalar_bits(key);
    return gw_hash64((struct gw_str){(const char *)&bits, sizeof bits});
}

/* Up to here every pair of keys is compared: quicker than hashing, and without memory. */
#define COMPARE_ALL_MAX 16

static size_t find_by_comparing(const struct gw_pair *pairs, size_t count) {
    for (size_t i = 1; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (gw_value_equal(&pairs[i].key, &pairs[j].key)) {
                return i;
            }
        }
    }
    return count;
}

/* `slots` hold a pair's index + 1, 0 when free; `mask` + 1 slots, at most half of them used. */
static size_t find_by_hashing(const struct gw_pair *pairs, size_t count, uint32_t *slots, size_t mask) {
    for (size_t i = 0; i < count; i++) {
        size_t slot = (size_t)key_hash(&pairs[i].key) & mask;
        for (; slots[slot] != 0; slot = (slot + 1) & mask) {
            if (gw_value_equal(&pairs[i].key, &pairs[slots[slot] - 1].key)) {
                return i;
            }
        }
        slots[slot] = (uint32_t)(i + 1);
    }
    return count;
}

bool gw_pairs_find_duplicate(const struct gw_pair *pairs, size_t count, struct gw_arena *arena,
                             size_t *index) {
    if (count <= COMPARE_ALL_MAX) {
        *index = find_by_comparing(pairs, count);
        return true;
    }
    size_t slot_count = COMPARE_ALL_MAX;
    while (slot_count < 2 * count) {
        slot_count *= 2;
    }
    uint32_t *slots = gw_arena_take_zeroed(arena, slot_count, sizeof *slots);
    if (!slots) {
        return false;
    }
    *index = find_by_hashing(pairs, count, slots, slot_count - 1);
    return true;
}
