/* Calendar dates and times of day. A value is certain when the text has the year and no order of day and
 * month must be guessed. */
#include "process/entities/value_reader.h"

#include <stdio.h>

#define YEAR_LEAST 1000
#define YEAR_MOST  2199

/* A year that stands alone is one from here on; other numbers of four digits are amounts. */
#define LONE_YEAR_LEAST 1500
#define LONE_YEAR_MOST  2100

struct date {
    int year, month, day; /* 0: not said */
    int last_day;         /* of a range in one month */
    uint32_t next;        /* the token behind it */
};

static int month_number(struct gw_str word) {
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    for (int month = 0; word.size >= 3 && month < 12; month++) {
        const char *name = names + 3 * month;
        if ((word.data[0] | 0x20) == name[0] && (word.data[1] | 0x20) == name[1] &&
            (word.data[2] | 0x20) == name[2]) {
            return month + 1;
        }
    }
    return 0;
}

/* `size` digits at `at`, or -1. */
static int digits_at(struct gw_str s, size_t at, size_t size) {
    int value = 0;
    for (size_t i = at; i < at + size; i++) {
        if (i >= s.size || s.data[i] < '0' || s.data[i] > '9') {
            return -1;
        }
        value = value * 10 + (s.data[i] - '0');
    }
    return value;
}

/* A year written with four digits and nothing else, or 0. */
static int year_at(const struct gw_value_reader *reader, uint32_t at) {
    struct gw_str s = gw_reader_text(reader, at);
    int year = gw_reader_is_number(reader, at) && s.size == 4 ? digits_at(s, 0, 4) : 0;
    return year >= YEAR_LEAST && year <= YEAR_MOST ? year : 0;
}

/* "5", "05" or "5th", or 0. */
static int day_at(const struct gw_value_reader *reader, uint32_t at) {
    struct gw_str s = gw_reader_text(reader, at);
    if (!gw_reader_is_number(reader, at)) {
        return 0;
    }
    size_t size = s.size > 1 && s.data[1] >= '0' && s.data[1] <= '9' ? 2 : 1;
    int day = digits_at(s, 0, size);
    struct gw_str tail = gw_str_sub(s, size, s.size);
    bool ordinal =
        gw_str_is(tail, "st") || gw_str_is(tail, "nd") || gw_str_is(tail, "rd") || gw_str_is(tail, "th");
    return day >= 1 && day <= 31 && (tail.size == 0 || ordinal) ? day : 0;
}

/* A month's name with a capital; `next` goes behind an abbreviation's full stop. 0 if none. */
static int month_at(const struct gw_value_reader *reader, uint32_t at, uint32_t *next) {
    const struct gw_token *token = gw_reader_token(reader, at);
    if (!gw_reader_has(reader, at, GW_WORD(MONTH)) || !(token->shape & GW_SHAPE_CAPITAL)) {
        return 0;
    }
    struct gw_str word = gw_reader_text(reader, at);
    bool stop = word.size < 5 && gw_reader_is_mark(reader, at + 1, GW_MARK_PERIOD) &&
                gw_token_touches(reader->text, at + 1) && gw_reader_is_number(reader, at + 2);
    *next = at + (stop ? 2 : 1);
    return month_number(word);
}

static bool is_dash(const struct gw_value_reader *reader, uint32_t at) {
    return gw_reader_is_mark(reader, at, GW_MARK_HYPHEN) || gw_reader_is_mark(reader, at, GW_MARK_DASH);
}

/* A year behind a month or day, with or without a comma. */
static void take_year(const struct gw_value_reader *reader, struct date *date) {
    uint32_t at = date->next + gw_reader_is_mark(reader, date->next, GW_MARK_COMMA);
    int year = year_at(reader, at);
    bool range = is_dash(reader, at + 1) && gw_token_touches(reader->text, at + 1) && year_at(reader, at + 2);
    if (year != 0 && !range) {
        date->year = year;
        date->next = at + 1;
    }
}

/* "July 5", "July 5-7", "July 5 to 7, 2023", "July 2023", "July of 2023". */
static bool read_month_first(const struct gw_value_reader *reader, uint32_t at, struct date *date) {
    date->month = month_at(reader, at, &date->next);
    if (date->month == 0) {
        return false;
    }
    uint32_t behind = date->next;
    date->day = day_at(reader, behind);
    if (date->day != 0) {
        date->next = behind + 1;
        bool joins = is_dash(reader, behind + 1) || gw_reader_is(reader, behind + 1, "to");
        if (joins && day_at(reader, behind + 2) > date->day) {
            date->last_day = day_at(reader, behind + 2);
            date->next = behind + 3;
        }
    } else if (gw_reader_is(reader, behind, "of") && year_at(reader, behind + 1)) {
        date->next = behind + 1;
    }
    take_year(reader, date);
    return true;
}

/* "5 July", "5th of July, 2023". */
static bool read_day_first(const struct gw_value_reader *reader, uint32_t at, struct date *date) {
    date->day = day_at(reader, at);
    if (date->day == 0) {
        return false;
    }
    uint32_t month = at + 1 + gw_reader_is(reader, at + 1, "of");
    date->month = month_at(reader, month, &date->next);
    if (date->month != 0) {
        take_year(reader, date);
    }
    return date->month != 0;
}

static bool read_named_month(const struct gw_value_reader *reader, uint32_t at, struct date *date) {
    *date = (struct date){0};
    return read_month_first(reader, at, date) || read_day_first(reader, at, date);
}

static void format_date(const struct date *date, char out[GW_VALUE_TEXT_MAX]) {
    if (date->year == 0) {
        return;
    }
    if (date->last_day != 0) {
        snprintf(out, GW_VALUE_TEXT_MAX, "%04d-%02d-%02d/%04d-%02d-%02d", date->year, date->month, date->day,
                 date->year, date->month, date->last_day);
    } else if (date->day != 0) {
        snprintf(out, GW_VALUE_TEXT_MAX, "%04d-%02d-%02d", date->year, date->month, date->day);
    } else {
        snprintf(out, GW_VALUE_TEXT_MAX, "%04d-%02d", date->year, date->month);
    }
}

/* A month alone counts behind a small word that dates have ("in May"), or when it is no other word. */
static bool month_may_stand_alone(const struct gw_value_reader *reader, uint32_t at) {
    static const char *const words[] = {"in",   "since", "until", "by",    "from", "last",
                                        "next", "of",    "this",  "early", "late"};
    struct gw_str month = gw_reader_text(reader, at);
    if (month.size > 3 && !gw_reader_is(reader, at, "march")) {
        return gw_reader_token(reader, at)->shape & GW_SHAPE_CAPITAL;
    }
    for (size_t i = 0; at > reader->first && month.size != 0 && i < sizeof words / sizeof *words; i++) {
        if (gw_reader_is(reader, at - 1, words[i]) && (month.size > 3 || gw_reader_is(reader, at, "may"))) {
            return true;
        }
    }
    return false;
}

/* "15/8/2023", "15/8", "2023/08/15", "15.08.2023": a token of digits and one separator. */
static bool read_numeric(const struct gw_value_reader *reader, uint32_t at, struct date *date) {
    struct gw_str s = gw_reader_text(reader, at);
    int parts[3] = {0};
    size_t sizes[3] = {0}, count = 0;
    char separator = 0;
    for (size_t i = 0; i < s.size; i++) {
        if (s.data[i] >= '0' && s.data[i] <= '9') {
            parts[count] = parts[count] * 10 + (s.data[i] - '0');
            if (++sizes[count] > 4) {
                return false;
            }
        } else if ((s.data[i] != '/' && s.data[i] != '.') || (separator && s.data[i] != separator) ||
                   ++count > 2) {
            return false;
        } else {
            separator = s.data[i];
        }
    }
    if (count == 2 && sizes[0] == 4) {
        *date = (struct date){parts[0], parts[1], parts[2], 0, at + 1};
    } else if (count == 2 && sizes[2] == 4) {
        *date = (struct date){parts[2], parts[1], parts[0], 0, at + 1};
    } else if (count == 1 && separator == '/' && gw_reader_is_mark(reader, at - 1, GW_MARK_OPEN) &&
               gw_reader_is_mark(reader, at + 1, GW_MARK_CLOSE)) {
        *date = (struct date){0, parts[1], parts[0], 0, at + 1};
    } else {
        return false;
    }
    if (sizes[0] != 4 && date->month > 12 && date->day <= 12) {
        int swap = date->month;
        date->month = date->day;
        date->day = swap;
    } else if (sizes[0] != 4 && date->month <= 12 && date->day <= 12 && date->month != date->day) {
        date->year = 0;
    }
    return date->month >= 1 && date->month <= 12 && date->day >= 1 && date->day <= 31;
}

/* "2023-08-15". */
static bool read_iso(const struct gw_value_reader *reader, uint32_t at, struct date *date) {
    int year = year_at(reader, at);
    if (year == 0 || !gw_reader_is_mark(reader, at + 1, GW_MARK_HYPHEN) ||
        !gw_reader_is_mark(reader, at + 3, GW_MARK_HYPHEN)) {
        return false;
    }
    struct gw_str month = gw_reader_text(reader, at + 2);
    *date =
        (struct date){year, month.size == 2 ? digits_at(month, 0, 2) : 0, day_at(reader, at + 4), 0, at + 5};
    return date->month >= 1 && date->month <= 12 && date->day != 0;
}

static struct gw_value_read date_read(const struct date *date, uint32_t at) {
    struct gw_value_read read = {GW_DATE, date->next - at, ""};
    format_date(date, read.text);
    return read;
}

/* The last year of the span of years that token `s` begins, or 0: "1910" with "-1945" behind it, "2022/23",
 * "1990s". */
static int last_year(const struct gw_value_reader *reader, uint32_t at, int year, uint32_t *tokens) {
    struct gw_str s = gw_reader_text(reader, at);
    *tokens = 1;
    if (s.size == 4 && is_dash(reader, at + 1) && gw_token_touches(reader->text, at + 1)) {
        *tokens = 3;
        return year_at(reader, at + 2);
    }
    if (s.size == 5 && s.data[4] == 's' && year % 100 != 0) {
        return year % 10 == 0 ? year + 9 : 0;
    }
    bool whole = s.size == 9 && digits_at(s, 5, 4) == year + 1;
    bool half = s.size == 7 && digits_at(s, 5, 2) == (year + 1) % 100;
    return (whole || half) && s.data[4] == '/' ? year + 1 : 0;
}

/* A year that stands alone: not an amount, not a part of anything longer. */
static bool is_lone_year(const struct gw_value_reader *reader, uint32_t at) {
    struct gw_str s = gw_reader_text(reader, at);
    bool century = s.size == 5 && s.data[4] == 's' && gw_str_is(gw_str_sub(s, 2, 4), "00");
    return century ||
           (s.size == 4 &&
            !gw_reader_has(reader, at + 1, GW_WORD(UNIT) | GW_WORD(CURRENCY) | GW_WORD(MAGNITUDE)) &&
            !gw_reader_is_mark(reader, at + 1, GW_MARK_PERCENT));
}

/* "1910-1945", "2022/23", "1990s", "2019". */
static struct gw_value_read read_year(const struct gw_value_reader *reader, uint32_t at) {
    struct gw_value_read read = {GW_DATE, 0, ""};
    struct gw_str s = gw_reader_text(reader, at);
    int year = digits_at(s, 0, 4);
    if (year < LONE_YEAR_LEAST || year > LONE_YEAR_MOST) {
        return read;
    }
    uint32_t tokens;
    int last = last_year(reader, at, year, &tokens);
    if (last > year) {
        read.tokens = tokens;
        snprintf(read.text, sizeof read.text, "%04d/%04d", year, last);
    } else if (is_lone_year(reader, at)) {
        read.tokens = 1;
        if (s.size == 4) {
            snprintf(read.text, sizeof read.text, "%04d", year);
        }
    }
    return read;
}

/* A day of the week and the date behind it, if one is. */
static struct gw_value_read read_weekday(const struct gw_value_reader *reader, uint32_t at) {
    struct date date;
    uint32_t behind = at + 1 + gw_reader_is_mark(reader, at + 1, GW_MARK_COMMA);
    if (read_named_month(reader, behind, &date) && date.day != 0) {
        return date_read(&date, at);
    }
    bool whole = gw_reader_text(reader, at).size >= sizeof "Monday" - 1;
    return (struct gw_value_read){GW_DATE, whole ? 1 : 0, ""};
}

struct gw_value_read gw_value_read_date(const struct gw_value_reader *reader, uint32_t at) {
    struct gw_value_read none = {GW_DATE, 0, ""};
    struct date date;
    if (gw_reader_has(reader, at, GW_WORD(WEEKDAY))) {
        return gw_reader_token(reader, at)->shape & GW_SHAPE_CAPITAL ? read_weekday(reader, at) : none;
    }
    if (read_named_month(reader, at, &date)) {
        bool sure = date.day != 0 || date.year != 0 || month_may_stand_alone(reader, at);
        return sure ? date_read(&date, at) : none;
    }
    if (!gw_reader_is_number(reader, at)) {
        return none;
    }
    if (read_iso(reader, at, &date) || read_numeric(reader, at, &date)) {
        return date_read(&date, at);
    }
    return read_year(reader, at);
}

/* 12 for "p.m.", 0 for "a.m.", -1 for neither. */
static int half_of_day(struct gw_str word) {
    if (word.size < 2 || word.size > 4) {
        return -1;
    }
    char first = (char)(word.data[0] | 0x20);
    bool two = word.size == 2 && (word.data[1] | 0x20) == 'm';
    bool dotted = word.size > 2 && word.data[1] == '.' && (word.data[2] | 0x20) == 'm';
    return (first != 'a' && first != 'p') || !(two || dotted) ? -1 : first == 'p' ? 12 : 0;
}

/* "10:30", "10:30 p.m.", "9pm", "5 a.m."; the value is certain with a half of the day or an hour above 12. */
struct gw_value_read gw_value_read_time(const struct gw_value_reader *reader, uint32_t at) {
    struct gw_value_read read = {GW_TIME, 0, ""};
    struct gw_str s = gw_reader_text(reader, at);
    if (!gw_reader_is_number(reader, at)) {
        return read;
    }
    size_t hours = s.size > 1 && s.data[1] >= '0' && s.data[1] <= '9' ? 2 : 1;
    int hour = digits_at(s, 0, hours), minute = 0;
    bool exact = s.size >= hours + 3 && (s.data[hours] == ':' || s.data[hours] == '.') &&
                 digits_at(s, hours + 1, 2) >= 0;
    if (exact) {
        minute = digits_at(s, hours + 1, 2);
    }
    struct gw_str tail = gw_str_sub(s, hours + (exact ? 3 : 0), s.size);
    int half = half_of_day(tail.size > 0 ? tail : gw_reader_text(reader, at + 1));
    bool colon = exact && s.data[hours] == ':';
    if (hour > 24 || minute > 59 || (half < 0 && (!colon || tail.size > 0)) ||
        (half >= 0 && (hour > 12 || hour == 0))) {
        return read;
    }
    read.tokens = half >= 0 && tail.size == 0 ? 2 : 1;
    if (half >= 0 || hour > 12) {
        snprintf(read.text, sizeof read.text, "%02d:%02d", half >= 0 ? hour % 12 + half : hour, minute);
    }
    return read;
}
