/* run/watchdog.h */
#include "run/watchdog.h"
#include "unit/unit.h"

#define LIMIT 1000

static void test_time_on_one_article_adds_up(void **state) {
    (void)state;
    struct gw_watchdog watchdog = {0};
    assert_false(gw_watchdog_look(&watchdog, 5, 70000, LIMIT));
    assert_false(gw_watchdog_look(&watchdog, 5, 70999, LIMIT));
    assert_true(gw_watchdog_look(&watchdog, 5, 71000, LIMIT));
}

static void test_each_article_begins_anew(void **state) {
    (void)state;
    struct gw_watchdog watchdog = {0};
    for (uint64_t turn = 1; turn < 50; turn++) {
        assert_false(gw_watchdog_look(&watchdog, turn, (int64_t)turn * (LIMIT - 1), LIMIT));
    }
}

static void test_between_articles_nothing_counts(void **state) {
    (void)state;
    struct gw_watchdog watchdog = {0};
    assert_false(gw_watchdog_look(&watchdog, 5, 0, LIMIT));
    assert_false(gw_watchdog_look(&watchdog, 0, 10 * LIMIT, LIMIT));
    assert_false(gw_watchdog_look(&watchdog, 0, 20 * LIMIT, LIMIT));
    assert_false(gw_watchdog_look(&watchdog, 5, 30 * LIMIT, LIMIT));
}

static void test_a_stopped_process_spends_nothing(void **state) {
    (void)state;
    struct gw_watchdog watchdog = {0};
    for (int looks = 0; looks < 1000; looks++) {
        assert_false(gw_watchdog_look(&watchdog, 5, 70000, LIMIT));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_on_one_article_adds_up),
        cmocka_unit_test(test_each_article_begins_anew),
        cmocka_unit_test(test_between_articles_nothing_counts),
        cmocka_unit_test(test_a_stopped_process_spends_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
