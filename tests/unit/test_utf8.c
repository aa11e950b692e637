/* base/utf8.h */
#include "base/utf8.h"
#include "unit/unit.h"

#include <stdlib.h>

/* The first and last code point of every length, and around the surrogates. */
static const struct {
    uint32_t codepoint;
    const char *bytes;
    size_t size;
} borders[] = {
    {0x00, "\x00", 1},
    {0x7F, "\x7F", 1},
    {0x80, "\xC2\x80", 2},
    {0x7FF, "\xDF\xBF", 2},
    {0x800, "\xE0\xA0\x80", 3},
    {0xFFF, "\xE0\xBF\xBF", 3},
    {0x1000, "\xE1\x80\x80", 3},
    {0xCFFF, "\xEC\xBF\xBF", 3},
    {0xD000, "\xED\x80\x80", 3},
    {0xD7FF, "\xED\x9F\xBF", 3},
    {0xE000, "\xEE\x80\x80", 3},
    {0xFFFF, "\xEF\xBF\xBF", 3},
    {0x10000, "\xF0\x90\x80\x80", 4},
    {0x3FFFF, "\xF0\xBF\xBF\xBF", 4},
    {0x40000, "\xF1\x80\x80\x80", 4},
    {0xFFFFF, "\xF3\xBF\xBF\xBF", 4},
    {0x100000, "\xF4\x80\x80\x80", 4},
    {0x10FFFF, "\xF4\x8F\xBF\xBF", 4},
};
#define BORDERS (sizeof borders / sizeof borders[0])

/* Complete sequences that are not UTF-8. */
static const char *const invalid[] = {
    "\x80",             /* a continuation alone */
    "\xBF",             /* and the last of them */
    "\xC0\x80",         /* U+0000 in two bytes */
    "\xC1\xBF",         /* U+007F in two bytes */
    "\xE0\x80\x80",     /* U+0000 in three bytes */
    "\xE0\x9F\xBF",     /* U+07FF in three bytes */
    "\xF0\x80\x80\x80", /* U+0000 in four bytes */
    "\xF0\x8F\xBF\xBF", /* U+FFFF in four bytes */
    "\xED\xA0\x80",     /* U+D800 */
    "\xED\xAF\xBF",     /* U+DBFF */
    "\xED\xB0\x80",     /* U+DC00 */
    "\xED\xBF\xBF",     /* U+DFFF */
    "\xF4\x90\x80\x80", /* U+110000 */
    "\xF5\x80\x80\x80", /* U+140000 */
    "\xF7\xBF\xBF\xBF", /* U+1FFFFF */
    "\xF8\x88\x80\x80\x80",
    "\xFC\x84\x80\x80\x80\x80",
    "\xFE",
    "\xFF",
    "\xC3(", /* something else where a continuation belongs */
    "\xE2\x80(",
    "\xE2(\x80",
    "\xF0\x9F\x98(",
    "\xF0\x9F(\x80",
    "\xF0(\x98\x80",
    "\xC3\xC3",
    "\xE2\x80\xE2",
    "\xF0\x9F\x98\xF0",
};
#define INVALID (sizeof invalid / sizeof invalid[0])

/* The valid prefix of a copy on the heap, so that the sanitizer sees a read beyond it. */
static size_t prefix_of(const char *bytes, size_t size) {
    char *copy = malloc(size + (size == 0));
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    size_t prefix = gw_utf8_valid_prefix((struct gw_str){copy, size});
    free(copy);
    return prefix;
}

static void borders_are_valid_and_survive_a_round_trip(void **state) {
    (void)state;
    for (size_t i = 0; i < BORDERS; i++) {
        char bytes[4];
        uint32_t codepoint = 1;
        assert_int_equal(prefix_of(borders[i].bytes, borders[i].size), borders[i].size);
        assert_int_equal(gw_utf8_encode(borders[i].codepoint, bytes), borders[i].size);
        assert_memory_equal(bytes, borders[i].bytes, borders[i].size);
        struct gw_str s = {borders[i].bytes, borders[i].size};
        assert_int_equal(gw_utf8_decode(s, 0, &codepoint), borders[i].size);
        assert_int_equal(codepoint, borders[i].codepoint);
    }
}

static void every_code_point_survives_a_round_trip(void **state) {
    (void)state;
    for (uint32_t codepoint = 0; codepoint <= 0x10FFFF; codepoint++) {
        char bytes[4];
        uint32_t decoded = 0;
        size_t size = gw_utf8_encode(codepoint, bytes);
        if (codepoint >= 0xD800 && codepoint <= 0xDFFF) {
            assert_int_equal(size, 0);
            continue;
        }
        struct gw_str s = {bytes, size};
        if (gw_utf8_valid_prefix(s) != size || gw_utf8_decode(s, 0, &decoded) != size ||
            decoded != codepoint) {
            fail_msg("U+%04X", codepoint);
        }
    }
}

static void numbers_that_are_no_characters_are_not_encoded(void **state) {
    (void)state;
    char bytes[4];
    assert_int_equal(gw_utf8_encode(0xD800, bytes), 0);
    assert_int_equal(gw_utf8_encode(0xDFFF, bytes), 0);
    assert_int_equal(gw_utf8_encode(0x110000, bytes), 0);
    assert_int_equal(gw_utf8_encode(UINT32_MAX, bytes), 0);
}

/* At every offset from a word of ASCII, so that each meets the fast path differently; with and without text
 * after. */
static void invalid_sequences_end_the_prefix_where_they_begin(void **state) {
    (void)state;
    for (size_t i = 0; i < INVALID; i++) {
        for (size_t before = 0; before < 20; before++) {
            char bytes[64];
            size_t size = strlen(invalid[i]);
            memset(bytes, 'a', sizeof bytes);
            memcpy(bytes + before, invalid[i], size);
            assert_int_equal(prefix_of(bytes, before + size), before);
            assert_int_equal(prefix_of(bytes, sizeof bytes), before);
        }
    }
}

static void cut_sequences_end_the_prefix_at_every_cut(void **state) {
    (void)state;
    for (size_t i = 0; i < BORDERS; i++) {
        for (size_t cut = 1; cut < borders[i].size; cut++) {
            for (size_t before = 0; before < 20; before++) {
                char bytes[64];
                memset(bytes, 'a', sizeof bytes);
                memcpy(bytes + before, borders[i].bytes, cut);
                assert_int_equal(prefix_of(bytes, before + cut), before);
                assert_int_equal(prefix_of(bytes, sizeof bytes), before);
            }
        }
    }
}

/* All 65,536 pairs against the rule written the other way round: what the encoder can produce. */
static void pairs_of_bytes_are_valid_when_they_can_be_encoded(void **state) {
    (void)state;
    static uint8_t expected[256][256];
    for (unsigned a = 0; a < 128; a++) {
        for (unsigned b = 0; b < 256; b++) {
            expected[a][b] = b < 128 ? 2 : 1;
        }
    }
    for (uint32_t codepoint = 0x80; codepoint < 0x800; codepoint++) {
        char bytes[4];
        gw_utf8_encode(codepoint, bytes);
        expected[(uint8_t)bytes[0]][(uint8_t)bytes[1]] = 2;
    }
    for (unsigned pair = 0; pair < 65536; pair++) {
        char bytes[] = {(char)(pair >> 8), (char)(pair & 0xFF)};
        assert_int_equal(gw_utf8_valid_prefix((struct gw_str){bytes, 2}), expected[pair >> 8][pair & 0xFF]);
    }
}

static void nothing_is_valid(void **state) {
    (void)state;
    struct gw_str nothing = {NULL, 0};
    uint32_t codepoint;
    assert_true(gw_utf8_is_valid(nothing));
    assert_int_equal(gw_utf8_count(nothing), 0);
    assert_int_equal(gw_utf8_count_utf16(nothing), 0);
    assert_int_equal(gw_utf8_floor(nothing, 0), 0);
    assert_int_equal(gw_utf8_decode(nothing, 0, &codepoint), 0);
}

static void decoding_ends_at_the_end(void **state) {
    (void)state;
    uint32_t codepoint;
    assert_int_equal(gw_utf8_decode(GW_STR("a"), 1, &codepoint), 0);
    assert_int_equal(gw_utf8_decode(GW_STR("a"), 9, &codepoint), 0);
}

/* A text of all lengths of characters, repeated so that words of every mixture are met. */
static void counts_agree_with_decoding(void **state) {
    (void)state;
    char bytes[600];
    size_t size = 0;
    for (uint32_t i = 0; size < 590; i++) {
        static const uint32_t alphabet[] = {'a', 0x20AC, 'b', 0xE9, 'c', 0x1F600, 0x4E2D};
        size += gw_utf8_encode(alphabet[(i + i / 7) % 7], bytes + size);
        size += i % 5 == 0 ? gw_utf8_encode('.', bytes + size) : 0;
    }
    struct gw_str s = {bytes, size};
    size_t codepoints = 0, units = 0;
    for (size_t at = 0; at < size; codepoints++) {
        struct gw_str before = gw_str_sub(s, 0, at);
        assert_int_equal(gw_utf8_count(before), codepoints);
        assert_int_equal(gw_utf8_count_utf16(before), units);
        uint32_t codepoint;
        at += gw_utf8_decode(s, at, &codepoint);
        units += codepoint > 0xFFFF ? 2 : 1;
    }
    assert_int_equal(gw_utf8_count(s), codepoints);
    assert_int_equal(gw_utf8_count_utf16(s), units);
    assert_true(units > codepoints);
}

static void floors_to_the_beginning_of_a_character(void **state) {
    (void)state;
    struct gw_str s = GW_STR("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z");
    static const size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11, 11};
    for (size_t at = 0; at < sizeof expected / sizeof expected[0]; at++) {
        assert_int_equal(gw_utf8_floor(s, at), expected[at]);
    }
}

static void flooring_what_is_not_utf8_stays_near(void **state) {
    (void)state;
    char bytes[100];
    memset(bytes, 0x80, sizeof bytes);
    struct gw_str s = {bytes, sizeof bytes};
    assert_in_range(gw_utf8_floor(s, 50), 47, 50);
    assert_int_equal(gw_utf8_floor(s, 1), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(borders_are_valid_and_survive_a_round_trip),
        cmocka_unit_test(every_code_point_survives_a_round_trip),
        cmocka_unit_test(numbers_that_are_no_characters_are_not_encoded),
        cmocka_unit_test(invalid_sequences_end_the_prefix_where_they_begin),
        cmocka_unit_test(cut_sequences_end_the_prefix_at_every_cut),
        cmocka_unit_test(pairs_of_bytes_are_valid_when_they_can_be_encoded),
        cmocka_unit_test(nothing_is_valid),
        cmocka_unit_test(decoding_ends_at_the_end),
        cmocka_unit_test(counts_agree_with_decoding),
        cmocka_unit_test(floors_to_the_beginning_of_a_character),
        cmocka_unit_test(flooring_what_is_not_utf8_stays_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
