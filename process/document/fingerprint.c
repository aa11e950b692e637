/* The simhash counts all 64 bits at once in bit-sliced counters: plane k holds bit k of each of the 64
 * counts. */
#include "process/document/fingerprint.h"

#define PLANES 33U

struct counters {
    uint64_t planes[PLANES];
    uint32_t total;
};

static void count_bits(struct counters *counters, uint64_t bits) {
    counters->total++;
    for (unsigned k = 0; bits != 0 && k < PLANES; k++) {
        uint64_t carry = counters->planes[k] & bits;
        counters->planes[k] ^= bits;
        bits = carry;
    }
}

/* The bits that were set in more than half of all. */
static uint64_t majority(const struct counters *counters) {
    uint64_t result = 0;
    for (unsigned bit = 0; bit < 64; bit++) {
        uint64_t count = 0;
        for (unsigned k = 0; k < PLANES; k++) {
            count |= (counters->planes[k] >> bit & 1) << k;
        }
        result |= (uint64_t)(count * 2 > counters->total) << bit;
    }
    return result;
}

/* Spreads every bit of the words' hashes over all of the shingle's (the finaliser of MurmurHash3). */
static uint64_t mix(uint64_t h) {
    h = (h ^ h >> 33) * UINT64_C(0xFF51AFD7ED558CCD);
    h = (h ^ h >> 33) * UINT64_C(0xC4CEB9FE1A85EC53);
    return h ^ h >> 33;
}

struct gw_hash128 gw_fingerprint_content(const struct gw_text *text) {
    const struct gw_str parts[] = {text->fields[GW_FIELD_TITLE], text->fields[GW_FIELD_BODY]};
    return gw_hash128_parts(parts, sizeof parts / sizeof *parts);
}

uint64_t gw_fingerprint_similar(const struct gw_text *text) {
    struct counters counters = {{0}, 0};
    uint64_t recent[GW_SHINGLE_WORDS] = {0};
    uint32_t words = 0;
    for (uint32_t i = 0; i < text->token_count; i++) {
        if (text->tokens[i].kind > GW_TOKEN_NUMBER) {
            continue;
        }
        memmove(recent, recent + 1, sizeof recent - sizeof *recent);
        recent[GW_SHINGLE_WORDS - 1] = text->tokens[i].hash;
        if (++words >= GW_SHINGLE_WORDS) {
            uint64_t shingle = 0;
            for (unsigned k = 0; k < GW_SHINGLE_WORDS; k++) {
                shingle = gw_name_hash_add(shingle, recent[k]);
            }
            count_bits(&counters, mix(shingle));
        }
    }
    return words < GW_SHINGLE_WORDS ? mix(recent[GW_SHINGLE_WORDS - 1]) : majority(&counters);
}
