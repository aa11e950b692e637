/* The system's clocks, and dates without the C library's time zones. */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define MS_PER_S     INT64_C(1000)
#define S_PER_DAY    INT64_C(86400)
#define MS_PER_DAY   (MS_PER_S * S_PER_DAY)
#define DAYS_PER_ERA INT64_C(146097) /* 400 years, after which the calendar repeats */

static int64_t system_monotonic_ns(void *context) {
    (void)context;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * GW_NS_PER_S + now.tv_nsec;
}

static int64_t system_wall_ms(void *context) {
    (void)context;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * MS_PER_S + now.tv_nsec / GW_NS_PER_MS;
}

const struct gw_clock gw_clock_system = {system_monotonic_ns, system_wall_ms, NULL};

struct date {
    int64_t year;
    int month, day;
};

/* Division that rounds down also below zero. */
static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

static int64_t floor_rest(int64_t a, int64_t b) {
    return a % b < 0 ? a % b + b : a % b;
}

/* Days since 1970-01-01 to a date of the proleptic Gregorian calendar: "civil_from_days" of Howard Hinnant's
 * chrono-compatible date algorithms. Years begin in March there, so that the leap day is their last. */
static struct date date_from_days(int64_t days) {
    const int64_t epoch = 719468; /* 0000-03-01 to 1970-01-01 */
    int64_t era = floor_div(days + epoch, DAYS_PER_ERA);
    int64_t day_of_era = days + epoch - era * DAYS_PER_ERA;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (DAYS_PER_ERA - 1)) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int from_march = (int)((5 * day_of_year + 2) / 153);
    int day = (int)(day_of_year - (153 * from_march + 2) / 5 + 1);
    int month = from_march < 10 ? from_march + 3 : from_march - 9;
    return (struct date){year_of_era + era * 400 + (month <= 2), month, day};
}

void gw_clock_format_rfc3339(int64_t wall_ms, char out[GW_RFC3339_SIZE]) {
    int64_t days = floor_div(wall_ms, MS_PER_DAY);
    int64_t ms = floor_rest(wall_ms, MS_PER_DAY);
    struct date date = date_from_days(days);
    const char *sign = date.year < 0 ? "-" : date.year > 9999 ? "+" : "";
    long long year = date.year < 0 ? -date.year : date.year;
    int second = (int)(ms / MS_PER_S);
    /* Large enough for any int, as the compiler cannot know how small these are. */
    char text[2 * GW_RFC3339_SIZE] = "";
    snprintf(text, sizeof text, "%s%04lld-%02d-%02dT%02d:%02d:%02d.%03dZ", sign, year, date.month, date.day,
             second / 3600, second / 60 % 60, second % 60, (int)(ms % MS_PER_S));
    memcpy(out, text, GW_RFC3339_SIZE);
}
