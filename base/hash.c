/* Thin names over xxHash. */
#include "base/hash.h"

/* Makes the streaming state a complete type, so that it can live on the stack. */
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

uint64_t gw_hash64(struct gw_str s) {
    return XXH3_64bits(s.data, s.size);
}

static struct gw_hash128 from_xxh(XXH128_hash_t hash) {
    return (struct gw_hash128){hash.high64, hash.low64};
}

struct gw_hash128 gw_hash128(struct gw_str s) {
    return from_xxh(XXH3_128bits(s.data, s.size));
}

static void hex64(uint64_t value, char *out) {
    for (int i = 0; i < 16; i++) {
        out[i] = "0123456789abcdef"[value >> (60 - 4 * i) & 15];
    }
}

void gw_hash128_hex(struct gw_hash128 hash, char out[GW_HASH_HEX_SIZE]) {
    hex64(hash.high, out);
    hex64(hash.low, out + 16);
    out[GW_HASH_HEX_SIZE - 1] = '\0';
}

/* Little-endian on every processor. */
static void add_size(XXH3_state_t *state, size_t size) {
    uint8_t bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)((uint64_t)size >> (8 * i));
    }
    XXH3_128bits_update(state, bytes, sizeof bytes);
}

struct gw_hash128 gw_hash128_parts(const struct gw_str *parts, size_t count) {
    XXH3_state_t state;
    XXH3_INITSTATE(&state);
    XXH3_128bits_reset(&state);
    for (size_t i = 0; i < count; i++) {
        add_size(&state, parts[i].size);
        if (parts[i].size > 0) {
            XXH3_128bits_update(&state, parts[i].data, parts[i].size);
        }
    }
    return from_xxh(XXH3_128bits_digest(&state));
}
