/* Days, weekdays and weeks against known ones. */
#include "process/entities/values/value_calendar.h"
#include "unit/unit.h"

static void test_known_days(void **state) {
    (void)state;
    static const struct {
        struct gw_ymd ymd;
        int32_t day;
        enum gw_weekday weekday;
        const char *week;
    } cases[] = {
        {{1970, 1, 1}, 0, 4, "1970-W01"},
        {{1969, 12, 31}, -1, 3, "1970-W01"},
        {{2023, 8, 15}, 19584, 2, "2023-W33"},
        {{2024, 2, 29}, 19782, 4, "2024-W09"},
        {{2021, 1, 3}, 18630, GW_SUNDAY, "2020-W53"},
        {{1, 1, 1}, -719162, GW_MONDAY, "0001-W01"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char week[GW_YMD_BYTES];
        struct gw_ymd back = gw_ymd_of(cases[i].day);
        assert_int_equal(gw_day_of(cases[i].ymd), cases[i].day);
        assert_memory_equal(&back, &cases[i].ymd, sizeof back);
        assert_int_equal(gw_weekday_of(cases[i].day), cases[i].weekday);
        gw_week_format(cases[i].day, week);
        assert_string_equal(week, cases[i].week);
    }
}

static void test_every_day_of_eight_centuries_comes_back(void **state) {
    (void)state;
    for (int32_t day = gw_day_of((struct gw_ymd){1600, 1, 1}); day < gw_day_of((struct gw_ymd){2400, 1, 1});
         day++) {
        struct gw_ymd ymd = gw_ymd_of(day);
        assert_true(gw_ymd_exists(ymd));
        assert_int_equal(gw_day_of(ymd), day);
    }
}

static void test_days_that_do_not_exist(void **state) {
    (void)state;
    static const struct gw_ymd none[] = {{2023, 2, 29}, {1900, 2, 29}, {2023, 4, 31},
                                         {2023, 13, 1}, {2023, 1, 0},  {0, 1, 1}};
    char out[GW_YMD_BYTES];
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_false(gw_ymd_exists(none[i]));
    }
    assert_false(gw_ymd_format((struct gw_ymd){2023, 2, 30}, out));
    assert_string_equal(out, "");
    assert_true(gw_ymd_exists((struct gw_ymd){2000, 2, 29}));
}

static void test_months_later(void **state) {
    (void)state;
    static const struct {
        struct gw_ymd from;
        int32_t months;
        const char *text;
    } cases[] = {{{2023, 8, 15}, -1, "2023-07"},
                 {{2023, 1, 1}, -1, "2022-12"},
                 {{2023, 11, 1}, 14, "2025-01"},
                 {{2023, 8, 1}, 0, "2023-08"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[GW_YMD_BYTES];
        assert_true(gw_ymd_format(gw_month_later(cases[i].from, cases[i].months), out));
        assert_string_equal(out, cases[i].text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_days),
        cmocka_unit_test(test_every_day_of_eight_centuries_comes_back),
        cmocka_unit_test(test_days_that_do_not_exist),
        cmocka_unit_test(test_months_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
