/* What dates and times of day say by themselves; value_context.c brings what they leave out. */
#include "process/entities/values/value_reader.h"
#include "process/entities/values/value_words.h"

#include <stdio.h>

#define YEAR_LEAST 1000
#define YEAR_MOST  2199

/* A year that stands alone is one from here on; other numbers of four digits are amounts. */
#define LONE_YEAR_LEAST 1500
#define LONE_YEAR_MOST  2100

/* "99 years ago"; more is no news. */
#define COUNT_MOST 999

/* A date while it is read. */
struct date {
    struct gw_ymd from, to;
    uint32_t next; /* the token behind it */
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

static int weekday_number(struct gw_str word) {
    static const char names[] = "montuewedthufrisatsun";
    for (int day = 0; word.size >= 3 && day < 7; day++) {
        const char *name = names + 3 * day;
        if ((word.data[0] | 0x20) == name[0] && (word.data[1] | 0x20) == name[1] &&
            (word.data[2] | 0x20) == name[2]) {
            return day + GW_MONDAY;
        }
    }
    return GW_NO_WEEKDAY;
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

static bool is_ordinal(struct gw_str tail) {
    return gw_str_is(tail, "st") || gw_str_is(tail, "nd") || gw_str_is(tail, "rd") || gw_str_is(tail, "th");
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
    return day >= 1 && day <= 31 && (tail.size == 0 || is_ordinal(tail)) ? day : 0;
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

static bool joins_range(const struct gw_value_reader *reader, uint32_t at) {
    return is_dash(reader, at) || gw_reader_is(reader, at, "to");
}

/* A year behind a month or day, with or without a comma. */
static int take_year(const struct gw_value_reader *reader, uint32_t *next) {
    uint32_t at = *next + gw_reader_is_mark(reader, *next, GW_MARK_COMMA);
    int year = year_at(reader, at);
    bool range = is_dash(reader, at + 1) && gw_token_touches(reader->text, at + 1) && year_at(reader, at + 2);
    if (year == 0 || range) {
        return 0;
    }
    *next = at + 1;
    return year;
}

/* "July 5", "July 5, 2023", "July 2023", "July of 2023". */
static bool read_month_first(const struct gw_value_reader *reader, uint32_t at, struct gw_ymd *ymd,
                             uint32_t *next) {
    *ymd = (struct gw_ymd){.month = (int8_t)month_at(reader, at, next)};
    if (ymd->month == 0) {
        return false;
    }
    ymd->day = (int8_t)day_at(reader, *next);
    bool of_year = gw_reader_is(reader, *next, "of") && year_at(reader, *next + 1);
    *next += ymd->day != 0 || of_year;
    ymd->year = (int16_t)take_year(reader, next);
    return true;
}

/* "5 July", "5th of July, 2023". */
static bool read_day_first(const struct gw_value_reader *reader, uint32_t at, struct gw_ymd *ymd,
                           uint32_t *next) {
    *ymd = (struct gw_ymd){.day = (int8_t)day_at(reader, at)};
    if (ymd->day == 0) {
        return false;
    }
    uint32_t month = at + 1 + gw_reader_is(reader, at + 1, "of");
    ymd->month = (int8_t)month_at(reader, month, next);
    if (ymd->month == 0) {
        return false;
    }
    ymd->year = (int16_t)take_year(reader, next);
    return true;
}

/* The year of a date whose range ends at `to`: "December 30 to January 2, 2024". */
static int16_t year_before(struct gw_ymd from, struct gw_ymd to) {
    return (int16_t)(to.year == 0 ? 0 : to.year - (from.month > to.month));
}

/* The end of "July 5-7", of "July 5 to 7, 2023" and of "July 31 to August 4". */
static void read_end_of_month_first(const struct gw_value_reader *reader, struct date *date) {
    uint32_t next = date->next + 1;
    if (!joins_range(reader, date->next) || date->from.day == 0) {
        return;
    }
    struct gw_ymd end;
    if (read_month_first(reader, next, &end, &next)) {
        date->to = end;
    } else if (day_at(reader, next) > date->from.day) {
        date->to = (struct gw_ymd){date->from.year, date->from.month, (int8_t)day_at(reader, next)};
        next++;
        date->to.year = date->to.year ? date->to.year : (int16_t)take_year(reader, &next);
    } else {
        return;
    }
    if (date->from.year == 0) {
        date->from.year = year_before(date->from, date->to);
    }
    date->next = next;
}

/* "5-7 July 2023", "31 July to 4 August", "5 July 2023". */
static bool read_days_first(const struct gw_value_reader *reader, uint32_t at, struct date *date) {
    int first = day_at(reader, at);
    struct gw_ymd end;
    uint32_t next;
    if (first != 0 && joins_range(reader, at + 1) && read_day_first(reader, at + 2, &end, &next)) {
        *date = (struct date){{end.year, end.month, (int8_t)first}, end, next};
        return end.day > first;
    }
    if (!read_day_first(reader, at, &date->from, &date->next)) {
        return false;
    }
    if (joins_range(reader, date->next) && read_day_first(reader, date->next + 1, &end, &next)) {
        date->from.year = date->from.year ? date->from.year : year_before(date->from, end);
        date->to = end;
        date->next = next;
    }
    return true;
}

static bool read_named_month(const struct gw_value_reader *reader, uint32_t at, struct date *date) {
    *date = (struct date){.next = at};
    if (read_month_first(reader, at, &date->from, &date->next)) {
        read_end_of_month_first(reader, date);
        return true;
    }
    return read_days_first(reader, at, date);
}

/* A month alone counts behind a small word that dates have ("in May"), or when it is no other word. */
static bool month_may_stand_alone(const struct gw_value_reader *reader, uint32_t at) {
    static const char *const words[] = {"in",    "since",   "until", "by",    "from", "last",
                                        "next",  "of",      "this",  "early", "late", "mid",
                                        "every", "between", "till",  "during"};
    struct gw_str month = gw_reader_text(reader, at);
    bool is_name = month.size < 4 || gw_reader_is(reader, at, "march") || gw_reader_is(reader, at, "june") ||
                   gw_reader_is(reader, at, "april") || gw_reader_is(reader, at, "august");
    if (!is_name) {
        return true;
    }
    if (month.size == 3 && !gw_reader_is(reader, at, "may")) {
        return false;
    }
    uint32_t before = at - 1 - (at > reader->first && gw_reader_is_mark(reader, at - 1, GW_MARK_HYPHEN));
    for (size_t i = 0; at > reader->first && i < sizeof words / sizeof *words; i++) {
        if (gw_reader_is(reader, before, words[i])) {
            return true;
        }
    }
    return month.size > 4 && !gw_reader_is(reader, at, "march") && !gw_reader_is(reader, at, "april");
}

static void set_date(struct gw_value_read *read, const struct date *date, enum gw_when_kind kind) {
    read->kind = GW_DATE;
    read->tokens = date->next - read->first;
    read->when.kind = (uint8_t)kind;
    read->when.from = date->from;
    read->when.to = date->to;
}

struct numeric {
    int parts[3];
    size_t sizes[3], count; /* `count` separators */
    char separator;
};

/* "15/8/2023", "15/8", "2023/08/15", "15.08.2023": a token of digits and one separator. */
static bool split_numeric(struct gw_str s, struct numeric *numeric) {
    *numeric = (struct numeric){.count = 0};
    for (size_t i = 0; i < s.size; i++) {
        char c = s.data[i];
        if (c >= '0' && c <= '9') {
            int *part = &numeric->parts[numeric->count];
            *part = *part * 10 + (c - '0');
            if (++numeric->sizes[numeric->count] > 4) {
                return false;
            }
        } else if ((c != '/' && c != '.') || (numeric->separator && c != numeric->separator) ||
                   ++numeric->count > 2) {
            return false;
        } else {
            numeric->separator = c;
        }
    }
    return numeric->count > 0;
}

/* "(15/8)", and "Tuesday, 15/8"; elsewhere it is a fraction or a score. */
static bool may_be_day(const struct gw_value_reader *reader, uint32_t at) {
    if (gw_reader_is_mark(reader, at - 1, GW_MARK_OPEN) && gw_reader_is_mark(reader, at + 1, GW_MARK_CLOSE)) {
        return true;
    }
    uint32_t before = at - 1;
    if (at > reader->first && (gw_reader_is_mark(reader, before, GW_MARK_COMMA) ||
                               gw_reader_is_mark(reader, before, GW_MARK_OPEN))) {
        before--;
    }
    return at > reader->first && gw_reader_has(reader, before, GW_WORD(WEEKDAY));
}

static bool read_numeric(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read) {
    struct numeric numeric;
    struct date date = {.next = at + 1};
    if (!split_numeric(gw_reader_text(reader, at), &numeric)) {
        return false;
    }
    const int *parts = numeric.parts;
    const size_t *sizes = numeric.sizes;
    bool short_one = numeric.count == 1 && numeric.separator == '/' && sizes[0] <= 2 && sizes[1] <= 2 &&
                     may_be_day(reader, at);
    if (numeric.count == 2 && sizes[0] == 4) {
        date.from = (struct gw_ymd){(int16_t)parts[0], (int8_t)(parts[1] % 100), (int8_t)(parts[2] % 100)};
        set_date(read, &date, GW_WHEN_CALENDAR);
        return parts[1] >= 1 && parts[1] <= 12 && parts[2] >= 1 && parts[2] <= 31;
    }
    if (short_one || (numeric.count == 2 && sizes[2] == 4 && sizes[0] <= 2 && sizes[1] <= 2)) {
        date.from = (struct gw_ymd){(int16_t)parts[2], (int8_t)parts[1], (int8_t)parts[0]};
        set_date(read, &date, GW_WHEN_NUMERIC);
        bool dmy = parts[1] <= 12 && parts[0] <= 31, mdy = parts[0] <= 12 && parts[1] <= 31;
        return parts[0] >= 1 && parts[1] >= 1 && (dmy || mdy);
    }
    return false;
}

/* "2023-08-15". */
static bool read_iso(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read) {
    int year = year_at(reader, at);
    if (year == 0 || !gw_reader_is_mark(reader, at + 1, GW_MARK_HYPHEN) ||
        !gw_reader_is_mark(reader, at + 3, GW_MARK_HYPHEN)) {
        return false;
    }
    struct gw_str month = gw_reader_text(reader, at + 2);
    int number = month.size == 2 ? digits_at(month, 0, 2) : 0;
    struct date date = {{(int16_t)year, (int8_t)number, (int8_t)day_at(reader, at + 4)}, {0, 0, 0}, at + 5};
    set_date(read, &date, GW_WHEN_CALENDAR);
    return number >= 1 && number <= 12 && date.from.day != 0;
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
    bool from = at > reader->first && gw_reader_is(reader, at - 1, "from");
    if (s.size == 4 && from && gw_reader_is(reader, at + 1, "to") && year_at(reader, at + 2)) {
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

/* "1910-1945", "from 1910 to 1945", "2022/23", "1990s", "2019". */
void gw_value_read_year(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read) {
    struct gw_str s = gw_reader_text(reader, at);
    int year = gw_reader_is_number(reader, at) ? digits_at(s, 0, 4) : 0;
    if (year < YEAR_LEAST || year > LONE_YEAR_MOST) {
        return;
    }
    uint32_t tokens;
    int last = last_year(reader, at, year, &tokens);
    if (last <= year && (year < LONE_YEAR_LEAST || !is_lone_year(reader, at))) {
        return;
    }
    struct date date = {{(int16_t)year, 0, 0}, {0, 0, 0}, at + 1};
    if (last > year) {
        date.to.year = (int16_t)last;
        date.next = at + tokens;
    }
    set_date(read, &date, last > year || s.size == 4 ? GW_WHEN_CALENDAR : GW_WHEN_NOTHING);
}

/* "20th century", "19th-century". */
static bool read_century(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read) {
    struct gw_str s = gw_reader_text(reader, at);
    size_t digits = s.size > 1 && s.data[1] >= '0' && s.data[1] <= '9' ? 2 : 1;
    int number = digits_at(s, 0, digits);
    uint32_t word = at + 1 + gw_reader_is_mark(reader, at + 1, GW_MARK_HYPHEN);
    if (number < 1 || number > 21 || !is_ordinal(gw_str_sub(s, digits, s.size)) ||
        !(gw_reader_is(reader, word, "century") || gw_reader_is(reader, word, "centuries"))) {
        return false;
    }
    struct date date = {{(int16_t)(number * 100 - 99), 0, 0}, {(int16_t)(number * 100), 0, 0}, word + 1};
    bool after_christ = !gw_reader_is(reader, word + 1, "BC") && !gw_reader_is(reader, word + 1, "BCE");
    set_date(read, &date, after_christ ? GW_WHEN_CALENDAR : GW_WHEN_NOTHING);
    return true;
}

/* "the ’80s" are the last century's; without an apostrophe it may be an age or the weather, and the '20s may
 * be another's. */
static bool read_short_decade(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read) {
    struct gw_str s = gw_reader_text(reader, at);
    bool marked = at > reader->free &&
                  (gw_reader_is_mark(reader, at - 1, GW_MARK_APOSTROPHE) ||
                   gw_reader_is_mark(reader, at - 1, GW_MARK_QUOTE_OPEN)) &&
                  gw_token_touches(reader->text, at);
    if (!marked || s.size != 3 || s.data[0] < '3' || s.data[0] > '9' || s.data[1] != '0' ||
        s.data[2] != 's') {
        return false;
    }
    int year = 1900 + 10 * (s.data[0] - '0');
    read->first = at - 1;
    struct date date = {{(int16_t)year, 0, 0}, {(int16_t)(year + 9), 0, 0}, at + 1};
    set_date(read, &date, GW_WHEN_CALENDAR);
    return true;
}

/* "summer 2022", "winter of 2019/20": as ISO 8601-2 has them, seasons have numbers from 21 on and say nothing
 * of the hemisphere. Which part of two years a winter is, is left open. */
static bool read_season(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read) {
    static const struct {
        const char *word, *number;
    } seasons[] = {{"spring", "-21"}, {"summer", "-22"}, {"autumn", "-23"}, {"winter", "-24"}};
    size_t season = 0, count = sizeof seasons / sizeof *seasons;
    while (season < count && !gw_reader_is(reader, at, seasons[season].word)) {
        season++;
    }
    uint32_t next = at + 1 + gw_reader_is(reader, at + 1, "of"), tokens;
    struct gw_str year = gw_reader_text(reader, next);
    int first = gw_reader_is_number(reader, next) ? digits_at(year, 0, 4) : 0;
    if (season == count || first < LONE_YEAR_LEAST || first > LONE_YEAR_MOST) {
        return false;
    }
    int last = last_year(reader, next, first, &tokens);
    if (last <= first && !(year.size == 4 && is_lone_year(reader, next))) {
        return false;
    }
    read->kind = GW_DATE;
    read->tokens = next + (last > first ? tokens : 1) - at;
    if (last <= first) {
        gw_value_put(read->text, gw_value_put(read->text, 0, year.data, 4), seasons[season].number, 3);
    }
    return true;
}

/* -1 for "last", 0 for "this", 1 for "next"; false for other words. */
static bool direction_at(const struct gw_value_reader *reader, uint32_t at, int16_t *direction) {
    static const struct {
        const char *word;
        int16_t direction;
    } words[] = {{"last", -1}, {"past", -1},  {"previous", -1}, {"this", 0},
                 {"next", 1},  {"coming", 1}, {"following", 1}};
    for (size_t i = 0; at >= reader->free && i < sizeof words / sizeof *words; i++) {
        if (gw_reader_is(reader, at, words[i].word)) {
            *direction = words[i].direction;
            return true;
        }
    }
    return false;
}

static void set_relative(struct gw_value_read *read, uint32_t first, uint32_t next, enum gw_stretch stretch,
                         int16_t count) {
    read->kind = GW_DATE;
    read->first = first;
    read->tokens = next - first;
    read->when = (struct gw_when){.kind = GW_WHEN_RELATIVE, .stretch = (uint8_t)stretch, .count = count};
}

/* A day of the week, and the date behind it if one is. */
static void read_weekday(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read) {
    struct date date;
    struct gw_str word = gw_reader_text(reader, at);
    uint32_t behind = at + 1 + gw_reader_is_mark(reader, at + 1, GW_MARK_COMMA);
    bool exact = read_named_month(reader, behind, &date) && date.from.day != 0;
    bool whole = word.size >= sizeof "Monday" - 1;
    int16_t direction;
    if (exact) {
        set_date(read, &date, GW_WHEN_CALENDAR);
    } else if (whole && at > reader->free && direction_at(reader, at - 1, &direction) &&
               !gw_reader_is(reader, at - 1, "past") && !gw_reader_is(reader, at - 1, "following") &&
               !gw_reader_is(reader, at - 1, "previous")) {
        date = (struct date){.next = at + 1};
        set_date(read, &date, GW_WHEN_WEEKDAY);
        read->when.whole = true;
        read->when.count = direction;
    } else if (whole) {
        date = (struct date){.next = at + 1};
        set_date(read, &date, GW_WHEN_WEEKDAY);
    }
    read->when.weekday = (uint8_t)weekday_number(word);
}

/* "yesterday". */
static void read_relative_day(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read) {
    bool yesterday = gw_reader_is(reader, at, "yesterday"), tomorrow = gw_reader_is(reader, at, "tomorrow");
    if (gw_token_touches(reader->text, at + 1 < reader->end ? at + 1 : at) &&
        gw_reader_token(reader, at + 1)->kind == GW_TOKEN_POSSESSIVE) {
        return; /* "today's youth" */
    }
    set_relative(read, at, at + 1, GW_STRETCH_DAY, (int16_t)(tomorrow - yesterday));
    read->when.vague = gw_reader_is(reader, at, "today");
}

/* "last month", "this year"; "a week ago". `at` is the stretch's own word. */
static void read_stretch(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read) {
    const struct gw_value_word *word = gw_value_word_find(GW_VALUE_STRETCHES, gw_reader_text(reader, at));
    int16_t direction = 0;
    if (read_season(reader, at, read)) {
        return;
    }
    if (at <= reader->free || gw_reader_token(reader, at + 1)->kind == GW_TOKEN_POSSESSIVE) {
        return;
    }
    if (gw_reader_is(reader, at, "night") && gw_reader_is(reader, at - 1, "last")) {
        set_relative(read, at - 1, at + 1, GW_STRETCH_DAY, -1);
        return;
    }
    if (!word || word->number <= GW_STRETCH_DAY) {
        return;
    }
    bool one = gw_reader_is(reader, at - 1, "a") || gw_reader_is(reader, at - 1, "an");
    if (one && gw_reader_is(reader, at + 1, "ago")) {
        set_relative(read, at - 1, at + 2, (enum gw_stretch)word->number, -1);
    } else if (direction_at(reader, at - 1, &direction) && !gw_reader_is(reader, at - 1, "following") &&
               !gw_reader_is(reader, at - 1, "previous")) {
        set_relative(read, at - 1, at + 1, (enum gw_stretch)word->number, direction);
        read->when.whole = gw_reader_is(reader, at - 1, "past") || gw_reader_is(reader, at - 1, "coming");
    }
}

/* "three days ago", "the past two weeks", "the next 10 years": a number at `at`. */
static void read_counted(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read) {
    uint32_t next = at + 1;
    struct gw_decimal decimal;
    struct gw_str tail;
    int count = gw_reader_number_word(reader, at, &next);
    if (!gw_reader_has(reader, next, GW_WORD(TIME_UNIT))) {
        return;
    }
    if (gw_reader_is_number(reader, at) && gw_decimal_parse(gw_reader_text(reader, at), &decimal, &tail) &&
        tail.size == 0 && decimal.scale == 0 && decimal.digits <= COUNT_MOST) {
        count = (int)decimal.digits;
    }
    const struct gw_value_word *word = gw_value_word_find(GW_VALUE_STRETCHES, gw_reader_text(reader, next));
    if (count < 1 || !word || word->number < GW_STRETCH_DAY) {
        return;
    }
    int16_t direction = 0;
    if (gw_reader_is(reader, next + 1, "ago")) {
        set_relative(read, at, next + 2, (enum gw_stretch)word->number, (int16_t)-count);
        read->when.counted = true;
    } else if (at > reader->free && direction_at(reader, at - 1, &direction) && direction != 0 &&
               !gw_reader_is(reader, at - 1, "following") && !gw_reader_is(reader, at - 1, "previous")) {
        set_relative(read, at - 1, next + 1, (enum gw_stretch)word->number, (int16_t)(direction * count));
        read->when.whole = true;
        read->when.counted = true;
    }
}

static void read_number_date(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read) {
    if (read_short_decade(reader, at, read) || read_iso(reader, at, read) || read_numeric(reader, at, read) ||
        read_century(reader, at, read)) {
        return;
    }
    gw_value_read_begin(read, at);
    read_counted(reader, at, read);
}

void gw_value_read_date(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read) {
    struct date date;
    bool capital = gw_reader_token(reader, at)->shape & GW_SHAPE_CAPITAL;
    if (gw_reader_has(reader, at, GW_WORD(WEEKDAY))) {
        if (capital) {
            read_weekday(reader, at, read);
        }
    } else if (read_named_month(reader, at, &date)) {
        if (date.from.day != 0 || date.from.year != 0 || month_may_stand_alone(reader, at)) {
            set_date(read, &date, GW_WHEN_CALENDAR);
        }
    } else if (gw_reader_is_number(reader, at)) {
        read_number_date(reader, at, read);
    } else if (gw_reader_has(reader, at, GW_WORD(RELATIVE_DAY))) {
        read_relative_day(reader, at, read);
    } else if (gw_reader_has(reader, at, GW_WORD(NUMBER_WORD))) {
        read_counted(reader, at, read);
    } else if (gw_reader_has(reader, at, GW_WORD(TIME_UNIT))) {
        read_stretch(reader, at, read);
    }
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

struct clock {
    int hour, minute;
    bool colon;         /* "10:30" rather than "10" or "10.30" */
    struct gw_str tail; /* letters behind the digits */
};

static bool split_clock(struct gw_str s, struct clock *clock) {
    size_t hours = s.size > 1 && s.data[1] >= '0' && s.data[1] <= '9' ? 2 : 1;
    *clock = (struct clock){.hour = digits_at(s, 0, hours)};
    bool exact = s.size >= hours + 3 && (s.data[hours] == ':' || s.data[hours] == '.') &&
                 digits_at(s, hours + 1, 2) >= 0;
    clock->colon = exact && s.data[hours] == ':';
    clock->minute = exact ? digits_at(s, hours + 1, 2) : 0;
    clock->tail = gw_str_sub(s, hours + (exact ? 3 : 0), s.size);
    return clock->hour >= 0 && clock->hour <= 24 && clock->minute <= 59;
}

/* "10:30", "10:30 p.m.", "9pm", "5 a.m.", "14:05 GMT"; the value is certain with a half of the day, a zone or
 * an hour that only the day's second half has. */
void gw_value_read_time(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read) {
    struct clock clock;
    if (!gw_reader_is_number(reader, at) || !split_clock(gw_reader_text(reader, at), &clock)) {
        return;
    }
    int half = half_of_day(clock.tail.size > 0 ? clock.tail : gw_reader_text(reader, at + 1));
    if ((half < 0 && (!clock.colon || clock.tail.size > 0)) ||
        (half >= 0 && (clock.hour > 12 || clock.hour == 0))) {
        return;
    }
    read->kind = GW_TIME;
    read->tokens = half >= 0 && clock.tail.size == 0 ? 2 : 1;
    bool zone =
        gw_reader_is(reader, at + read->tokens, "GMT") || gw_reader_is(reader, at + read->tokens, "UTC");
    read->tokens += zone;
    if (half >= 0 || clock.hour > 12 || zone) {
        snprintf(read->text, sizeof read->text, "%02d:%02d%s",
                 half >= 0 ? clock.hour % 12 + half : clock.hour, clock.minute, zone ? "Z" : "");
    }
}
