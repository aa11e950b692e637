/* UTF-8: the valid prefix is valid by an independent measure and cannot be longer; decoding, encoding,
 * counting and flooring agree on it. */
#include "base/utf8.h"
#include "fuzz/fuzz.h"

/* The length of a sequence at `at` by trial: the one whose payload bits encode to just these bytes; or 0. */
static size_t sequence_by_trial(struct gw_str s, size_t at) {
    static const uint32_t payload[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    for (size_t size = 1; size <= 4 && size <= s.size - at; size++) {
        uint32_t codepoint = (uint8_t)s.data[at] & payload[size];
        for (size_t i = 1; i < size; i++) {
            codepoint = codepoint << 6 | ((uint8_t)s.data[at + i] & 0x3Fu);
        }
        char bytes[4];
        if (gw_utf8_encode(codepoint, bytes) == size && memcmp(bytes, s.data + at, size) == 0) {
            return size;
        }
    }
    return 0;
}

/* Every position inside the character at `at` floors to its beginning. */
static void check_floor(struct gw_str s, size_t at, size_t size) {
    for (size_t i = 0; i < size; i++) {
        FUZZ_CHECK(gw_utf8_floor(s, at + i) == at);
    }
}

static void check_valid(struct gw_str s) {
    size_t at = 0, codepoints = 0, units = 0;
    while (at < s.size) {
        uint32_t codepoint;
        size_t size = gw_utf8_decode(s, at, &codepoint);
        char bytes[4];
        FUZZ_CHECK(size == sequence_by_trial(s, at));
        FUZZ_CHECK(gw_utf8_encode(codepoint, bytes) == size && memcmp(bytes, s.data + at, size) == 0);
        check_floor(s, at, size);
        at += size;
        codepoints++;
        units += codepoint > 0xFFFF ? 2 : 1;
    }
    FUZZ_CHECK(at == s.size);
    FUZZ_CHECK(gw_utf8_count(s) == codepoints);
    FUZZ_CHECK(gw_utf8_count_utf16(s) == units);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct gw_str s = {(const char *)data, size};
    FUZZ_CHECK(data);
    size_t prefix = gw_utf8_valid_prefix(s);
    FUZZ_CHECK(prefix <= size);
    FUZZ_CHECK(prefix == size || sequence_by_trial(s, prefix) == 0);
    FUZZ_CHECK(gw_utf8_is_valid(s) == (prefix == size));
    check_valid(gw_str_sub(s, 0, prefix));
    for (size_t at = 0; at <= size; at++) {
        FUZZ_CHECK(gw_utf8_floor(s, at) <= at);
    }
    return 0;
}
