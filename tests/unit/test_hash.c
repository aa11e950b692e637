/* base/hash.h */
#include "base/hash.h"
#include "unit/unit.h"

#include <stdbool.h>

static void assert_hex(struct gw_hash128 hash, const char *expected) {
    char hex[GW_HASH_HEX_SIZE];
    gw_hash128_hex(hash, hex);
    assert_string_equal(hex, expected);
}

/* Values published with xxHash: ids that are stored must never change. */
static void known_values_stay(void **state) {
    (void)state;
    assert_true(gw_hash64(GW_STR("")) == UINT64_C(0x2D06800538D394C2));
    assert_hex(gw_hash128(GW_STR("")), "99aa06d3014798d86001c324468d497f");
}

static void hex_has_the_high_half_first(void **state) {
    (void)state;
    assert_hex((struct gw_hash128){UINT64_C(0x0123456789ABCDEF), UINT64_C(0xFEDCBA9876543210)},
               "0123456789abcdeffedcba9876543210");
    assert_hex((struct gw_hash128){0, 1}, "00000000000000000000000000000001");
}

static bool same(struct gw_hash128 a, struct gw_hash128 b) {
    return a.high == b.high && a.low == b.low;
}

static void parts_do_not_run_together(void **state) {
    (void)state;
    const struct gw_str split_early[] = {GW_STR("a"), GW_STR("bc")};
    const struct gw_str split_late[] = {GW_STR("ab"), GW_STR("c")};
    const struct gw_str with_empty[] = {GW_STR("a"), GW_STR(""), GW_STR("bc")};
    const struct gw_str one[] = {GW_STR("abc")};
    assert_true(same(gw_hash128_parts(split_early, 2), gw_hash128_parts(split_early, 2)));
    assert_false(same(gw_hash128_parts(split_early, 2), gw_hash128_parts(split_late, 2)));
    assert_false(same(gw_hash128_parts(split_early, 2), gw_hash128_parts(with_empty, 3)));
    assert_false(same(gw_hash128_parts(split_early, 2), gw_hash128_parts(one, 1)));
    assert_false(same(gw_hash128_parts(split_early, 1), gw_hash128_parts(split_early, 2)));
}

/* The hash of the parts is that of their 8-byte little-endian sizes and bytes, one after the other. */
static void parts_are_hashed_behind_their_sizes(void **state) {
    (void)state;
    static const char flat[] = "\2\0\0\0\0\0\0\0"
                               "hi"
                               "\0\0\0\0\0\0\0\0"
                               "\3\0\0\0\0\0\0\0"
                               "you";
    const struct gw_str parts[] = {GW_STR("hi"), {NULL, 0}, GW_STR("you")};
    assert_true(same(gw_hash128_parts(parts, 3), gw_hash128(GW_STR(flat))));
    assert_true(same(gw_hash128_parts(NULL, 0), gw_hash128(GW_STR(""))));
}

static void an_absent_string_hashes_like_an_empty_one(void **state) {
    (void)state;
    const struct gw_str absent = {NULL, 0};
    assert_true(gw_hash64(absent) == gw_hash64(GW_STR("")));
    assert_true(same(gw_hash128(absent), gw_hash128(GW_STR(""))));
}

static void every_byte_counts(void **state) {
    (void)state;
    char text[300] = {0};
    struct gw_str s = {text, sizeof text};
    uint64_t base = gw_hash64(s);
    struct gw_hash128 base128 = gw_hash128(s);
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = 1;
        assert_true(gw_hash64(s) != base);
        assert_false(same(gw_hash128(s), base128));
        text[i] = 0;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_values_stay),
        cmocka_unit_test(hex_has_the_high_half_first),
        cmocka_unit_test(parts_do_not_run_together),
        cmocka_unit_test(parts_are_hashed_behind_their_sizes),
        cmocka_unit_test(an_absent_string_hashes_like_an_empty_one),
        cmocka_unit_test(every_byte_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
