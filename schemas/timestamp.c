/* Fields of fixed width, then days since the epoch. */
#include "schemas/timestamp.h"

#include "base/cursor.h"

#define MS_PER_MINUTE INT64_C(60000)
#define MS_PER_DAY    INT64_C(86400000)

struct moment {
    int year, month, day;
    int hour, minute, second;
    int ms;
    int offset_minutes;
};

/* Exactly `digits` digits; the cursor stays where it was if there is anything else. */
static bool take_number(struct gw_cursor *cursor, size_t digits, int least, int most, int *out) {
    struct gw_cursor at = *cursor;
    struct gw_str text;
    if (!gw_cursor_take(&at, digits, &text)) {
        return false;
    }
    *out = 0;
    for (size_t i = 0; i < digits; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        *out = *out * 10 + (text.data[i] - '0');
    }
    *cursor = at;
    return *out >= least && *out <= most;
}

/* Any one of `allowed`. */
static bool take_one_of(struct gw_cursor *cursor, const char *allowed, char *out) {
    int next = gw_cursor_peek(cursor);
    if (next <= 0 || !strchr(allowed, next)) {
        return false;
    }
    *out = (char)next;
    cursor->at++;
    return true;
}

static int days_in_month(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static bool take_date(struct gw_cursor *cursor, struct moment *moment) {
    char dash;
    return take_number(cursor, 4, 1, 9999, &moment->year) && take_one_of(cursor, "-", &dash) &&
           take_number(cursor, 2, 1, 12, &moment->month) && take_one_of(cursor, "-", &dash) &&
           take_number(cursor, 2, 1, days_in_month(moment->year, moment->month), &moment->day);
}

/* "." and at least one digit, or nothing. */
static bool take_fraction(struct gw_cursor *cursor, struct moment *moment) {
    char point;
    moment->ms = 0;
    if (!take_one_of(cursor, ".", &point)) {
        return true;
    }
    int place = 100, digit;
    if (!take_number(cursor, 1, 0, 9, &digit)) {
        return false;
    }
    do {
        moment->ms += digit * place;
        place /= 10;
    } while (take_number(cursor, 1, 0, 9, &digit));
    return true;
}

static bool take_time(struct gw_cursor *cursor, struct moment *moment) {
    char colon;
    return take_number(cursor, 2, 0, 23, &moment->hour) && take_one_of(cursor, ":", &colon) &&
           take_number(cursor, 2, 0, 59, &moment->minute) && take_one_of(cursor, ":", &colon) &&
           take_number(cursor, 2, 0, 60, &moment->second) && take_fraction(cursor, moment) &&
           (moment->second < 60 || moment->minute == 59);
}

static bool take_offset(struct gw_cursor *cursor, struct moment *moment) {
    char sign, colon;
    int hours, minutes;
    moment->offset_minutes = 0;
    if (!take_one_of(cursor, "Zz+-", &sign)) {
        return false;
    }
    if (sign == 'Z' || sign == 'z') {
        return true;
    }
    if (!take_number(cursor, 2, 0, 23, &hours) || !take_one_of(cursor, ":", &colon) ||
        !take_number(cursor, 2, 0, 59, &minutes)) {
        return false;
    }
    moment->offset_minutes = (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
    return true;
}

/* Days since 1970-01-01 in the Gregorian calendar. Years begin in March here, so that the leap day is their
 * last; 719468 days lie between 0000-03-01 and the epoch. */
static int64_t days_since_epoch(int year, int month, int day) {
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

bool gw_timestamp_parse(struct gw_str text, int64_t *ms) {
    struct gw_cursor cursor = gw_cursor_over(text.data, text.size);
    struct moment moment;
    char separator;
    if (!take_date(&cursor, &moment) || !take_one_of(&cursor, "Tt", &separator) ||
        !take_time(&cursor, &moment) || !take_offset(&cursor, &moment) || gw_cursor_left(&cursor) > 0) {
        return false;
    }
    int64_t minutes = moment.hour * 60 + moment.minute - moment.offset_minutes;
    *ms = days_since_epoch(moment.year, moment.month, moment.day) * MS_PER_DAY + minutes * MS_PER_MINUTE +
          moment.second * 1000 + moment.ms;
    return true;
}
