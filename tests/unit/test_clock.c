/* base/clock.h */
#include "base/clock.h"
#include "unit/fake_clock.h"
#include "unit/unit.h"

#include <stdio.h>
#include <time.h>

static void assert_formats(int64_t wall_ms, const char *expected) {
    char text[GW_RFC3339_SIZE];
    gw_clock_format_rfc3339(wall_ms, text);
    assert_string_equal(text, expected);
}

static void formats_known_instants(void **state) {
    (void)state;
    assert_formats(0, "1970-01-01T00:00:00.000Z");
    assert_formats(1692091800123, "2023-08-15T09:30:00.123Z");
    assert_formats(951782400000, "2000-02-29T00:00:00.000Z");
    assert_formats(951868799999, "2000-02-29T23:59:59.999Z");
    assert_formats(4107542400000, "2100-03-01T00:00:00.000Z");
    assert_formats(4107542399999, "2100-02-28T23:59:59.999Z");
    assert_formats(253402300799999, "9999-12-31T23:59:59.999Z");
}

static void formats_instants_before_1970(void **state) {
    (void)state;
    assert_formats(-1, "1969-12-31T23:59:59.999Z");
    assert_formats(-86400000, "1969-12-31T00:00:00.000Z");
    assert_formats(-86400001, "1969-12-30T23:59:59.999Z");
    assert_formats(-2203891200000, "1900-03-01T00:00:00.000Z");
    assert_formats(-62135596800000, "0001-01-01T00:00:00.000Z");
    assert_formats(-62167219200000, "0000-01-01T00:00:00.000Z");
}

static void formats_years_of_other_widths_with_a_sign(void **state) {
    (void)state;
    assert_formats(-62167219200001, "-0001-12-31T23:59:59.999Z");
    assert_formats(253402300800000, "+10000-01-01T00:00:00.000Z");
    assert_formats(INT64_MAX, "+292278994-08-17T07:12:55.807Z");
    assert_formats(INT64_MIN, "-292275055-05-16T16:47:04.192Z");
}

/* The C library is an independent calendar for every year that it writes with four digits. */
static void agrees_with_the_c_library(void **state) {
    (void)state;
    for (int64_t day = -354285; day < 2932896; day += 41) {
        time_t seconds = (time_t)(day * 86400 + 12345);
        struct tm parts;
        char date[64], expected[80];
        assert_non_null(gmtime_r(&seconds, &parts));
        assert_true(strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &parts) > 0);
        snprintf(expected, sizeof expected, "%s.678Z", date);
        assert_formats((int64_t)seconds * 1000 + 678, expected);
    }
}

static void the_monotonic_clock_does_not_go_back(void **state) {
    (void)state;
    int64_t last = gw_clock_now_ns(&gw_clock_system);
    for (int i = 0; i < 1000; i++) {
        int64_t now = gw_clock_now_ns(&gw_clock_system);
        assert_true(now >= last);
        last = now;
    }
}

static void the_wall_clock_is_the_system_time_in_ms(void **state) {
    (void)state;
    int64_t before = (int64_t)time(NULL) * 1000;
    int64_t wall_ms = gw_clock_wall_ms(&gw_clock_system);
    assert_true(wall_ms >= before - 1000 && wall_ms < before + 60000);
}

static void a_clock_is_a_parameter(void **state) {
    (void)state;
    struct fake_clock fake = {7, 9};
    struct gw_clock clock = fake_clock(&fake);
    fake_clock_advance_ms(&fake, 2);
    assert_int_equal(gw_clock_now_ns(&clock), 2 * GW_NS_PER_MS + 7);
    assert_int_equal(gw_clock_wall_ms(&clock), 11);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_known_instants),
        cmocka_unit_test(formats_instants_before_1970),
        cmocka_unit_test(formats_years_of_other_widths_with_a_sign),
        cmocka_unit_test(agrees_with_the_c_library),
        cmocka_unit_test(the_monotonic_clock_does_not_go_back),
        cmocka_unit_test(the_wall_clock_is_the_system_time_in_ms),
        cmocka_unit_test(a_clock_is_a_parameter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
