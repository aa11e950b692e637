/* Days from civil after H. Hinnant, "chrono-compatible low-level date algorithms". */
#include "process/entities/values/value_calendar.h"

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

/* Writes `mark`, where it is one, and the number with `least` digits or more; returns the end. */
static char *put_number(char *out, char mark, unsigned number, unsigned least) {
    char digits[8];
    unsigned count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0 || count < least);
    *out = mark;
    out += mark != '\0';
    while (count > 0) {
        *out++ = digits[--count];
    }
    *out = '\0';
    return out;
}

/* NULL when there is nothing to be written. */
static char *put_ymd(struct gw_ymd ymd, char *out) {
    bool sound = ymd.year > 0 && ymd.month >= 0 && ymd.month <= 12 && (ymd.day == 0 || gw_ymd_exists(ymd));
    if (!sound) {
        return NULL;
    }
    out = put_number(out, '\0', (unsigned)ymd.year, 4);
    if (ymd.month != 0) {
        out = put_number(out, '-', (unsigned)ymd.month, 2);
    }
    return ymd.month != 0 && ymd.day != 0 ? put_number(out, '-', (unsigned)ymd.day, 2) : out;
}

bool gw_ymd_format(struct gw_ymd ymd, char out[GW_YMD_BYTES]) {
    out[0] = '\0';
    return put_ymd(ymd, out) != NULL;
}

bool gw_ymd_format_range(struct gw_ymd from, struct gw_ymd to, char out[GW_YMD_BYTES]) {
    char *end = put_ymd(from, out);
    bool whole = end && put_ymd(to, end + 1);
    if (whole) {
        *end = '/';
    } else {
        out[0] = '\0';
    }
    return whole;
}

void gw_week_format(int32_t day, char out[GW_YMD_BYTES]) {
    int32_t thursday = day - (int32_t)gw_weekday_of(day) + 4; /* its year is the week's */
    struct gw_ymd ymd = gw_ymd_of(thursday);
    int32_t first = gw_day_of((struct gw_ymd){ymd.year, 1, 1});
    out = put_number(out, '\0', (unsigned)ymd.year, 4);
    *out++ = '-';
    put_number(out, 'W', (unsigned)((thursday - first) / 7 + 1), 2);
}
