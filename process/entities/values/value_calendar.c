/* Days from civil after H. Hinnant, "chrono-compatible low-level date algorithms". */
#include "process/entities/values/value_calendar.h"

#include <stdio.h>

#define DAYS_PER_ERA   146097
#define DAYS_TO_1970   719468 /* from 0000-03-01 */
#define THURSDAY_FIRST 3      /* 1970-01-01, counted from Monday */

static bool is_leap(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month) {
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

bool gw_ymd_exists(struct gw_ymd ymd) {
    return ymd.year > 0 && ymd.month >= 1 && ymd.month <= 12 && ymd.day >= 1 &&
           ymd.day <= days_in_month(ymd.year, ymd.month);
}

int32_t gw_day_of(struct gw_ymd ymd) {
    int year = ymd.year - (ymd.month <= 2);
    int era = year / 400, of_era = year % 400;
    int of_year = (153 * (ymd.month + (ymd.month > 2 ? -3 : 9)) + 2) / 5 + ymd.day - 1;
    return era * DAYS_PER_ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - DAYS_TO_1970;
}

struct gw_ymd gw_ymd_of(int32_t day) {
    int32_t shifted = day + DAYS_TO_1970;
    int32_t era = shifted / DAYS_PER_ERA, rest = shifted % DAYS_PER_ERA;
    int32_t year = (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365;
    int32_t of_year = rest - (365 * year + year / 4 - year / 100);
    int32_t month = (5 * of_year + 2) / 153;
    struct gw_ymd ymd = {.day = (int8_t)(of_year - (153 * month + 2) / 5 + 1),
                         .month = (int8_t)(month < 10 ? month + 3 : month - 9)};
    ymd.year = (int16_t)(era * 400 + year + (ymd.month <= 2));
    return ymd;
}

enum gw_weekday gw_weekday_of(int32_t day) {
    int32_t rest = (day + THURSDAY_FIRST) % 7;
    return (enum gw_weekday)((rest < 0 ? rest + 7 : rest) + GW_MONDAY);
}

struct gw_ymd gw_month_later(struct gw_ymd month, int32_t months) {
    int32_t count = month.year * 12 + month.month - 1 + months;
    return (struct gw_ymd){(int16_t)(count / 12), (int8_t)(count % 12 + 1), 0};
}

bool gw_ymd_format(struct gw_ymd ymd, char *out, size_t size) {
    out[0] = '\0';
    bool sound = ymd.year > 0 && ymd.month >= 0 && ymd.month <= 12 && (ymd.day == 0 || gw_ymd_exists(ymd));
    if (!sound) {
        return false;
    }
    if (ymd.month == 0) {
        snprintf(out, size, "%04d", ymd.year);
    } else if (ymd.day == 0) {
        snprintf(out, size, "%04d-%02d", ymd.year, ymd.month);
    } else {
        snprintf(out, size, "%04d-%02d-%02d", ymd.year, ymd.month, ymd.day);
    }
    return true;
}

bool gw_ymd_format_range(struct gw_ymd from, struct gw_ymd to, char *out, size_t size) {
    char first[16], last[16];
    out[0] = '\0';
    if (!gw_ymd_format(from, first, sizeof first) || !gw_ymd_format(to, last, sizeof last)) {
        return false;
    }
    snprintf(out, size, "%s/%s", first, last);
    return true;
}

void gw_week_format(int32_t day, char *out, size_t size) {
    int32_t thursday = day - (int32_t)gw_weekday_of(day) + 4; /* its year is the week's */
    struct gw_ymd ymd = gw_ymd_of(thursday);
    int32_t first = gw_day_of((struct gw_ymd){ymd.year, 1, 1});
    snprintf(out, size, "%04d-W%02d", ymd.year, (int)((thursday - first) / 7 + 1));
}
