/* base/str.h */
#include "base/str.h"
#include "unit/unit.h"

#include <stdio.h>

static void slices_are_compared_by_their_bytes(void **state) {
    (void)state;
    assert_true(gw_str_eq(GW_STR("a\0b"), (struct gw_str){"a\0bc", 3}));
    assert_false(gw_str_eq(GW_STR("a\0b"), GW_STR("a\0c")));
    assert_false(gw_str_eq(GW_STR("a"), GW_STR("ab")));
    assert_true(gw_str_is(GW_STR("ab"), "ab"));
    assert_false(gw_str_is(GW_STR("ab"), "a"));
}

static void an_absent_slice_is_empty(void **state) {
    (void)state;
    struct gw_str absent = gw_str_from(NULL);
    assert_null(absent.data);
    assert_int_equal(absent.size, 0);
    assert_true(gw_str_eq(absent, GW_STR("")));
    assert_null(gw_str_sub(absent, 0, 0).data);
}

static void a_part_points_into_the_whole(void **state) {
    (void)state;
    struct gw_str whole = GW_STR("abcdef");
    struct gw_str part = gw_str_sub(whole, 2, 5);
    assert_ptr_equal(part.data, whole.data + 2);
    assert_true(gw_str_is(part, "cde"));
    assert_int_equal(gw_str_sub(whole, 6, 6).size, 0);
}

static void slices_can_be_printed(void **state) {
    (void)state;
    char text[16];
    struct gw_str absent = {NULL, 0};
    snprintf(text, sizeof text, "[" GW_STR_FMT "|" GW_STR_FMT "]",
             GW_STR_ARG(gw_str_sub(GW_STR("abc"), 0, 2)), GW_STR_ARG(absent));
    assert_string_equal(text, "[ab|]");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_are_compared_by_their_bytes),
        cmocka_unit_test(an_absent_slice_is_empty),
        cmocka_unit_test(a_part_points_into_the_whole),
        cmocka_unit_test(slices_can_be_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
