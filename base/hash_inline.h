/* gw_hash64 without a call: where keys are a few bytes long, the call would cost as much as the hash. */
#ifndef GW_BASE_HASH_INLINE_H
#define GW_BASE_HASH_INLINE_H

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <stddef.h>
#include <stdint.h>

static inline uint64_t gw_hash64_inline(const void *bytes, size_t size) {
    return XXH3_64bits(bytes, size);
}

#endif
