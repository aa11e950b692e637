/* RFC 3339 to milliseconds, checked with timegm. */
#include "schemas/timestamp.h"
#include "unit/unit.h"

#include <stdio.h>
#include <time.h>

static void moments_are_read(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1970-01-01t00:00:00z", 0},
        {"1969-12-31T23:59:59.999Z", -1},
        {"2023-08-15T09:30:00Z", 1692091800000},
        {"2023-08-15T11:30:00+02:00", 1692091800000},
        {"2023-08-15T04:00:00-05:30", 1692091800000},
        {"2023-08-15T09:30:00-00:00", 1692091800000},
        {"2023-08-15T09:30:00.5Z", 1692091800500},
        {"2023-08-15T09:30:00.1239999Z", 1692091800123},
        {"2000-02-29T00:00:00Z", 951782400000},
        {"2016-12-31T23:59:60Z", 1483228800000},
        {"0001-01-01T00:00:00Z", GW_TIMESTAMP_MS_LEAST},
        {"9999-12-31T23:59:59.999Z", GW_TIMESTAMP_MS_MOST},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t ms = 1;
        assert_true(gw_timestamp_parse(gw_str_from(rows[i].text), &ms));
        assert_true(ms == rows[i].ms);
    }
}

static void days_agree_with_the_library(void **state) {
    (void)state;
    for (time_t day = -700000; day < 2900000; day += 97) {
        time_t seconds = day * 86400;
        struct tm broken;
        char text[64];
        int64_t ms;
        gmtime_r(&seconds, &broken);
        if (broken.tm_year + 1900 < 1 || broken.tm_year + 1900 > 9999) {
            continue;
        }
        snprintf(text, sizeof text, "%04d-%02d-%02dT00:00:00Z", broken.tm_year + 1900, broken.tm_mon + 1,
                 broken.tm_mday);
        assert_true(gw_timestamp_parse(gw_str_from(text), &ms));
        assert_true(ms == (int64_t)seconds * 1000);
    }
}

static void anything_else_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",
        "2023",
        "2023-08-15",
        "2023-08-15T09:30:00",
        "2023-08-15 09:30:00Z",
        "2023-08-15T09:30Z",
        "2023-08-15T09:30:00 Z",
        "2023-08-15T09:30:00Z ",
        " 2023-08-15T09:30:00Z",
        "2023-08-15T09:30:00.Z",
        "2023-08-15T09:30:00,5Z",
        "2023-08-15T09:30:00+0200",
        "2023-08-15T09:30:00+02",
        "2023-08-15T09:30:00+24:00",
        "2023-08-15T09:30:00+02:60",
        "2023-8-15T09:30:00Z",
        "23-08-15T09:30:00Z",
        "0000-01-01T00:00:00Z",
        "2023-00-15T09:30:00Z",
        "2023-13-15T09:30:00Z",
        "2023-08-00T09:30:00Z",
        "2023-08-32T09:30:00Z",
        "2023-02-29T09:30:00Z",
        "1900-02-29T09:30:00Z",
        "2023-08-15T24:00:00Z",
        "2023-08-15T09:60:00Z",
        "2023-08-15T09:30:60Z",
        "2023-08-15T09:59:61Z",
        "+023-08-15T09:30:00Z",
        "2023-08-15T09:30:0\xC3\xA9Z",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int64_t ms;
        if (gw_timestamp_parse(gw_str_from(texts[i]), &ms)) {
            fail_msg("%s was taken", texts[i]);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_read),
        cmocka_unit_test(days_agree_with_the_library),
        cmocka_unit_test(anything_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
