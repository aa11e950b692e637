/* run/rollout.h */
#include "run/rollout.h"
#include "unit/unit.h"

#define LIMIT 1000

static struct gw_rollout rollout;
static int64_t now_ns;

static int setup(void **state) {
    (void)state;
    now_ns = 5000;
    gw_rollout_init(&rollout);
    return 0;
}

static enum gw_rollout_action look(bool is_leaving, bool is_ready) {
    const struct gw_rollout_view view = {.workers = 3, .is_leaving = is_leaving, .is_ready = is_ready};
    return gw_rollout_look(&rollout, &view, now_ns);
}

static void begin_and_replace_the_first(void) {
    gw_rollout_begin(&rollout, LIMIT);
    assert_int_equal(look(false, true), GW_ROLLOUT_REPLACE);
    assert_int_equal(gw_rollout_worker(&rollout), 0);
}

static void test_nothing_to_do(void **state) {
    (void)state;
    assert_int_equal(look(false, true), GW_ROLLOUT_WAIT);
    assert_int_equal(gw_rollout_worker(&rollout), -1);
    assert_false(gw_rollout_is_behind(&rollout, 0));
    assert_false(gw_rollout_failed(&rollout, 0));
}

static void test_one_after_the_other(void **state) {
    (void)state;
    begin_and_replace_the_first();
    assert_int_equal(look(true, true), GW_ROLLOUT_WAIT);
    assert_int_equal(look(false, false), GW_ROLLOUT_WAIT);
    assert_int_equal(look(false, true), GW_ROLLOUT_ACCEPT);
    for (int worker = 1; worker < 3; worker++) {
        assert_int_equal(look(false, true), GW_ROLLOUT_REPLACE);
        assert_int_equal(gw_rollout_worker(&rollout), worker);
        assert_int_equal(look(true, true), GW_ROLLOUT_WAIT);
        assert_int_equal(look(false, false), GW_ROLLOUT_WAIT);
    }
    assert_int_equal(look(false, true), GW_ROLLOUT_FINISHED);
    assert_int_equal(look(false, true), GW_ROLLOUT_WAIT);
}

static void test_only_the_first_sees_it_before_it_is_proved(void **state) {
    (void)state;
    begin_and_replace_the_first();
    assert_false(gw_rollout_is_behind(&rollout, 0));
    assert_true(gw_rollout_is_behind(&rollout, 1));
    assert_true(gw_rollout_is_behind(&rollout, 2));
    assert_int_equal(look(false, true), GW_ROLLOUT_ACCEPT);
    assert_false(gw_rollout_is_behind(&rollout, 2));
}

static void test_a_first_that_is_not_ready_in_time_is_taken_back(void **state) {
    (void)state;
    begin_and_replace_the_first();
    now_ns += LIMIT - 1;
    gw_rollout_started(&rollout, 0, now_ns);
    now_ns += LIMIT - 1;
    assert_int_equal(look(false, false), GW_ROLLOUT_WAIT);
    now_ns += 1;
    assert_int_equal(look(false, false), GW_ROLLOUT_GO_BACK);
    assert_int_equal(look(false, false), GW_ROLLOUT_WAIT);
    assert_false(gw_rollout_is_behind(&rollout, 2));
}

static void test_one_that_does_not_leave_is_killed(void **state) {
    (void)state;
    begin_and_replace_the_first();
    now_ns += LIMIT;
    assert_int_equal(look(true, false), GW_ROLLOUT_KILL);
    assert_int_equal(gw_rollout_worker(&rollout), 0);
    assert_int_equal(look(true, false), GW_ROLLOUT_WAIT);
    assert_int_equal(look(false, true), GW_ROLLOUT_ACCEPT);
}

static void test_a_later_one_is_waited_for(void **state) {
    (void)state;
    begin_and_replace_the_first();
    assert_int_equal(look(false, true), GW_ROLLOUT_ACCEPT);
    assert_int_equal(look(false, true), GW_ROLLOUT_REPLACE);
    now_ns += LIMIT;
    assert_int_equal(look(false, false), GW_ROLLOUT_LATE);
    assert_int_equal(look(false, false), GW_ROLLOUT_WAIT);
    now_ns += LIMIT;
    assert_int_equal(look(false, false), GW_ROLLOUT_LATE);
    assert_int_equal(look(false, true), GW_ROLLOUT_REPLACE);
    assert_int_equal(gw_rollout_worker(&rollout), 2);
}

static void test_a_first_that_cannot_start_is_its_fault(void **state) {
    (void)state;
    begin_and_replace_the_first();
    assert_false(gw_rollout_failed(&rollout, 1));
    assert_true(gw_rollout_failed(&rollout, 0));
    assert_false(gw_rollout_failed(&rollout, 0));
    assert_int_equal(look(false, false), GW_ROLLOUT_WAIT);
    begin_and_replace_the_first();
    assert_int_equal(look(false, true), GW_ROLLOUT_ACCEPT);
    assert_false(gw_rollout_failed(&rollout, 0));
}

static void test_another_begin_starts_over(void **state) {
    (void)state;
    begin_and_replace_the_first();
    assert_int_equal(look(false, true), GW_ROLLOUT_ACCEPT);
    assert_int_equal(look(false, true), GW_ROLLOUT_REPLACE);
    begin_and_replace_the_first();
    assert_true(gw_rollout_is_behind(&rollout, 1));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup(name, setup)
    const struct CMUnitTest tests[] = {
        TEST(test_nothing_to_do),
        TEST(test_one_after_the_other),
        TEST(test_only_the_first_sees_it_before_it_is_proved),
        TEST(test_a_first_that_is_not_ready_in_time_is_taken_back),
        TEST(test_one_that_does_not_leave_is_killed),
        TEST(test_a_later_one_is_waited_for),
        TEST(test_a_first_that_cannot_start_is_its_fault),
        TEST(test_another_begin_starts_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
