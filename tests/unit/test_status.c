/* base/status.h */
#include "base/status.h"
#include "base/utf8.h"
#include "unit/unit.h"

#include <errno.h>
#include <string.h>

static void every_status_has_its_own_word(void **state) {
    (void)state;
    for (int i = 0; i < GW_STATUS_COUNT; i++) {
        const char *word = gw_status_word((enum gw_status)i);
        assert_true(strlen(word) > 0);
        assert_int_equal(strspn(word, "abcdefghijklmnopqrstuvwxyz_0123456789"), strlen(word));
        assert_int_equal(gw_status_from_word(word, strlen(word)), i);
        assert_true(strlen(gw_status_text((enum gw_status)i)) > 0);
    }
}

/* They are written into dead letters, which outlive programs. */
static void words_are_stable(void **state) {
    (void)state;
    assert_string_equal(gw_status_word(GW_OK), "ok");
    assert_string_equal(gw_status_word(GW_BAD_UTF8), "bad_utf8");
    assert_string_equal(gw_status_word(GW_TRAILING_BYTES), "trailing_bytes");
    assert_string_equal(gw_status_word(GW_CRASHED), "crashed");
    assert_string_equal(gw_status_word(GW_INTERNAL), "internal");
}

static void words_are_matched_whole(void **state) {
    (void)state;
    assert_int_equal(gw_status_from_word("empty", 5), GW_EMPTY);
    assert_int_equal(gw_status_from_word("empty_", 6), GW_STATUS_COUNT);
    assert_int_equal(gw_status_from_word("empty", 4), GW_STATUS_COUNT);
    assert_int_equal(gw_status_from_word("Empty", 5), GW_STATUS_COUNT);
    assert_int_equal(gw_status_from_word("", 0), GW_STATUS_COUNT);
}

static void a_status_outside_the_table_is_unknown(void **state) {
    (void)state;
    assert_string_equal(gw_status_word(GW_STATUS_COUNT), "unknown");
    assert_string_equal(gw_status_word((enum gw_status)1000), "unknown");
    assert_true(strlen(gw_status_text(GW_STATUS_COUNT)) > 0);
    assert_int_equal(gw_status_fault(GW_STATUS_COUNT), GW_FAULT_OURS);
}

static void faults_say_what_to_do(void **state) {
    (void)state;
    assert_int_equal(gw_status_fault(GW_OK), GW_FAULT_NONE);
    assert_int_equal(gw_status_fault(GW_MALFORMED), GW_FAULT_INPUT);
    assert_int_equal(gw_status_fault(GW_AGAIN), GW_FAULT_PEER);
    assert_int_equal(gw_status_fault(GW_NO_MEMORY), GW_FAULT_OURS);
}

static void failing_fills_the_error(void **state) {
    (void)state;
    struct gw_error error;
    assert_int_equal(gw_fail(&error, GW_BAD_TYPE, 17, "field `%s` is a %s, not a string", "body", "map"),
                     GW_BAD_TYPE);
    assert_int_equal(error.status, GW_BAD_TYPE);
    assert_int_equal(error.position, 17);
    assert_string_equal(error.detail, "field `body` is a map, not a string");
}

static void nobody_has_to_want_the_details(void **state) {
    (void)state;
    errno = ENOENT;
    assert_int_equal(gw_fail(NULL, GW_EMPTY, 0, "nothing"), GW_EMPTY);
    assert_int_equal(gw_fail_errno(NULL, "cannot open %s", "x"), GW_SYSTEM);
}

static void a_long_detail_is_cut(void **state) {
    (void)state;
    struct gw_error error;
    gw_fail(&error, GW_BAD_VALUE, 0, "%0*d", GW_ERROR_DETAIL_MAX - 1, 0);
    assert_int_equal(strlen(error.detail), GW_ERROR_DETAIL_MAX - 1);
    gw_fail(&error, GW_BAD_VALUE, 0, "%0*d", 10 * GW_ERROR_DETAIL_MAX, 0);
    assert_int_equal(strlen(error.detail), GW_ERROR_DETAIL_MAX - 1);
}

/* The cut is moved over every byte of characters of two, three and four bytes. */
static void a_cut_never_splits_a_character(void **state) {
    (void)state;
    static const char *const characters[] = {"\u00e9\u00e9\u00e9\u00e9\u00e9", "\u20ac\u20ac\u20ac\u20ac",
                                             "\U0001F600\U0001F600\U0001F600"};
    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++) {
        size_t size = i + 2;
        for (int before = GW_ERROR_DETAIL_MAX - 8; before < GW_ERROR_DETAIL_MAX; before++) {
            struct gw_error error;
            gw_fail(&error, GW_BAD_VALUE, 0, "%0*d%s", before, 0, characters[i]);
            assert_true(gw_utf8_is_valid(gw_str_from(error.detail)));
            assert_in_range(strlen(error.detail), GW_ERROR_DETAIL_MAX - size, GW_ERROR_DETAIL_MAX - 1);
        }
    }
}

static void a_detail_that_is_not_utf8_is_survived(void **state) {
    (void)state;
    char bytes[2 * GW_ERROR_DETAIL_MAX];
    memset(bytes, 0x80, sizeof bytes - 1);
    bytes[sizeof bytes - 1] = '\0';
    struct gw_error error;
    gw_fail(&error, GW_BAD_VALUE, 0, "%s", bytes);
    assert_in_range(strlen(error.detail), GW_ERROR_DETAIL_MAX - 4, GW_ERROR_DETAIL_MAX - 1);
}

static void a_system_error_names_its_cause(void **state) {
    (void)state;
    struct gw_error error;
    errno = ENOENT;
    assert_int_equal(gw_fail_errno(&error, "cannot open %s", "a.yaml"), GW_SYSTEM);
    assert_int_equal(error.status, GW_SYSTEM);
    assert_true(error.position == GW_NO_POSITION);
    assert_string_equal(error.detail, "cannot open a.yaml: No such file or directory");
}

static void the_cause_survives_a_long_name(void **state) {
    (void)state;
    struct gw_error error;
    errno = ENOENT;
    gw_fail_errno(&error, "cannot open %0*d", 1000, 0);
    static const char cause[] = ": No such file or directory";
    assert_int_equal(strlen(error.detail), GW_ERROR_DETAIL_MAX - 1);
    assert_string_equal(error.detail + strlen(error.detail) - strlen(cause), cause);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_its_own_word),
        cmocka_unit_test(words_are_stable),
        cmocka_unit_test(words_are_matched_whole),
        cmocka_unit_test(a_status_outside_the_table_is_unknown),
        cmocka_unit_test(faults_say_what_to_do),
        cmocka_unit_test(failing_fills_the_error),
        cmocka_unit_test(nobody_has_to_want_the_details),
        cmocka_unit_test(a_long_detail_is_cut),
        cmocka_unit_test(a_cut_never_splits_a_character),
        cmocka_unit_test(a_detail_that_is_not_utf8_is_survived),
        cmocka_unit_test(a_system_error_names_its_cause),
        cmocka_unit_test(the_cause_survives_a_long_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
