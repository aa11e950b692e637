/* XXH3 hashes, as used for ids, tables and fingerprints. */
#ifndef GW_BASE_HASH_H
#define GW_BASE_HASH_H

#include "base/str.h"

#include <stdint.h>

struct gw_hash128 {
    uint64_t high, low;
};

/* Hexadecimal digits of a 128-bit hash and a terminator. */
#define GW_HASH_HEX_SIZE 33

uint64_t gw_hash64(struct gw_str s);
struct gw_hash128 gw_hash128(struct gw_str s);

/* Lower-case hexadecimal, high half first, terminated. */
void gw_hash128_hex(struct gw_hash128 hash, char out[GW_HASH_HEX_SIZE]);

/* A 128-bit hash over several parts; each part's size is hashed with it, so that ("a","bc") and ("ab","c")
 * differ. */
struct gw_hash128 gw_hash128_parts(const struct gw_str *parts, size_t count);

#endif
