/* Back-off of children that die. */
#include "unit/unit.h"

#include "base/clock.h"
#include "run/restart.h"

static int64_t seconds(int64_t n) {
    return n * GW_NS_PER_S;
}

static void waits_double_up_to_the_maximum(void **state) {
    (void)state;
    struct gw_restart restart;
    gw_restart_init(&restart, 100, 1000, 10000);
    const int64_t most[] = {100, 200, 400, 800, 1000, 1000};
    for (size_t i = 0; i < sizeof most / sizeof most[0]; i++) {
        gw_restart_started(&restart, 0);
        int64_t wait = gw_restart_died(&restart, seconds(1), UINT32_MAX);
        assert_in_range(wait, most[i] - 1, most[i]);
    }
}

static void other_limits_hold_from_the_next_death_on(void **state) {
    (void)state;
    struct gw_restart restart;
    gw_restart_init(&restart, 100, 1000, 10000);
    for (int i = 0; i < 2; i++) {
        gw_restart_started(&restart, 0);
        gw_restart_died(&restart, seconds(1), 0);
    }
    gw_restart_configure(&restart, 1000, 60000, 10000);
    gw_restart_started(&restart, 0);
    assert_in_range(gw_restart_died(&restart, seconds(1), UINT32_MAX), 3999, 4000);
}

static void jitter_draws_from_the_upper_half(void **state) {
    (void)state;
    struct gw_restart least, most;
    gw_restart_init(&least, 1000, 8000, 10000);
    gw_restart_init(&most, 1000, 8000, 10000);
    gw_restart_started(&least, 0);
    gw_restart_started(&most, 0);
    assert_int_equal(gw_restart_died(&least, 1, 0), 500);
    assert_in_range(gw_restart_died(&most, 1, UINT32_MAX), 999, 1000);
}

static void a_healthy_life_begins_anew(void **state) {
    (void)state;
    struct gw_restart restart;
    gw_restart_init(&restart, 100, 60000, 10000);
    for (int i = 0; i < 6; i++) {
        gw_restart_started(&restart, 0);
        gw_restart_died(&restart, seconds(1), 0);
    }
    gw_restart_started(&restart, seconds(100));
    assert_int_equal(gw_restart_died(&restart, seconds(110), 0), 50);
    gw_restart_started(&restart, seconds(120));
    assert_int_equal(gw_restart_died(&restart, seconds(121), 0), 100);
}

static void thousands_of_deaths_do_not_overflow(void **state) {
    (void)state;
    struct gw_restart restart;
    gw_restart_init(&restart, 1000, 30000, 10000);
    for (int i = 0; i < 5000; i++) {
        gw_restart_started(&restart, 0);
        int64_t wait = gw_restart_died(&restart, 1, UINT32_MAX);
        assert_in_range(wait, 500, 30000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_double_up_to_the_maximum),
        cmocka_unit_test(other_limits_hold_from_the_next_death_on),
        cmocka_unit_test(jitter_draws_from_the_upper_half),
        cmocka_unit_test(a_healthy_life_begins_anew),
        cmocka_unit_test(thousands_of_deaths_do_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
