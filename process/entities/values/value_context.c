/* Every question is asked for the first and the last day on which the article may have been published; a
 * value is sure when both answers are the same. */
#include "process/entities/values/value_context.h"

#include "process/entities/values/value_tense.h"
#include "process/entities/values/value_words.h"

/* News calls days by their weekday for so many days. */
#define WEEKDAY_DAYS 6

/* Tokens on either side in which another year is looked for. */
#define YEAR_REACH 60U

void gw_value_context_begin(struct gw_value_context *context, int32_t published) {
    *context = (struct gw_value_context){
        .earliest = published, .latest = published, .published = published != GW_NO_DAY};
}

static bool is_known(const struct gw_value_context *context) {
    return context->latest != GW_NO_DAY;
}

static struct gw_ymd turned(struct gw_ymd ymd) {
    return (struct gw_ymd){ymd.year, ymd.day, ymd.month};
}

/* The weekday in front of "(15/8/2023)" or of "Tuesday, 15/8". */
static enum gw_weekday weekday_before(const struct gw_value_reader *reader, uint32_t at) {
    static const char names[7][4] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    uint32_t before = at - 1;
    if (at > reader->first && (gw_reader_is_mark(reader, before, GW_MARK_COMMA) ||
                               gw_reader_is_mark(reader, before, GW_MARK_OPEN))) {
        before--;
    }
    struct gw_str word = gw_reader_text(reader, before);
    if (at == reader->first || !gw_reader_has(reader, before, GW_WORD(WEEKDAY))) {
        return GW_NO_WEEKDAY;
    }
    for (int day = 0; word.size >= 3 && day < 7; day++) {
        if ((word.data[0] | 0x20) == names[day][0] && (word.data[1] | 0x20) == names[day][1]) {
            return (enum gw_weekday)(day + GW_MONDAY);
        }
    }
    return GW_NO_WEEKDAY;
}

/* A whole date with its right weekday. */
static bool is_verified(struct gw_ymd ymd, enum gw_weekday weekday) {
    return weekday != GW_NO_WEEKDAY && gw_ymd_exists(ymd) && gw_weekday_of(gw_day_of(ymd)) == weekday;
}

static enum gw_weekday weekday_of(const struct gw_value_reader *reader, const struct gw_value_read *read) {
    return read->when.weekday ? (enum gw_weekday)read->when.weekday : weekday_before(reader, read->first);
}

static void learn_order(struct gw_value_context *context, const struct gw_value_read *read,
                        enum gw_weekday weekday) {
    struct gw_ymd ymd = read->when.from;
    bool day_first = ymd.day > 12 || (is_verified(ymd, weekday) && ymd.month <= 12);
    bool month_first = ymd.month > 12 || is_verified(turned(ymd), weekday);
    if (day_first != month_first) {
        context->order |= day_first ? GW_ORDER_DAY_FIRST : GW_ORDER_MONTH_FIRST;
    }
}

/* The date in the order that its numbers, its weekday or the article show; all zero when none does. */
static struct gw_ymd ordered(const struct gw_value_context *context, struct gw_ymd ymd,
                             enum gw_weekday weekday) {
    bool day_first = ymd.month <= 12, month_first = ymd.day <= 12;
    if (!day_first || ymd.day == ymd.month) {
        return turned(ymd);
    }
    if (!month_first || context->order == GW_ORDER_DAY_FIRST) {
        return ymd;
    }
    if (context->order == GW_ORDER_MONTH_FIRST) {
        return turned(ymd);
    }
    bool verified = is_verified(ymd, weekday), other = is_verified(turned(ymd), weekday);
    return verified == other ? (struct gw_ymd){0, 0, 0} : verified ? ymd : turned(ymd);
}

/* The article's own date: a whole one with its weekday, told in the past tense. */
static void learn_publication(struct gw_value_context *context, const struct gw_value_reader *reader,
                              const struct gw_value_read *read, enum gw_weekday weekday) {
    struct gw_ymd ymd = read->when.from;
    if (read->when.kind == GW_WHEN_NUMERIC) {
        ymd = ordered(context, ymd, weekday);
    }
    if (context->published || read->when.to.year != 0 || !is_verified(ymd, weekday) ||
        gw_tense_at(reader, read->first) != GW_TENSE_PAST) {
        return;
    }
    int32_t day = gw_day_of(ymd);
    if (!is_known(context)) {
        context->earliest = day;
        context->latest = day + WEEKDAY_DAYS;
    } else {
        context->earliest = day > context->earliest ? day : context->earliest;
        context->latest = day + WEEKDAY_DAYS < context->latest ? day + WEEKDAY_DAYS : context->latest;
    }
}

static void learn_dollar(struct gw_value_context *context, const struct gw_value_read *read) {
    size_t size = strlen(read->code);
    bool dollar = size == 3 && read->code[2] == 'D' && strcmp(read->code, "IQD") != 0;
    if (dollar) {
        bool other = context->dollar && strcmp(context->dollar, read->code) != 0;
        context->dollar = other ? "" : read->code;
    }
}

void gw_value_context_learn(struct gw_value_context *context, const struct gw_value_reader *reader,
                            const struct gw_value_read *read) {
    if (read->code) {
        learn_dollar(context, read);
    } else if (read->when.kind == GW_WHEN_NUMERIC || read->when.kind == GW_WHEN_CALENDAR) {
        enum gw_weekday weekday = weekday_of(reader, read);
        if (read->when.kind == GW_WHEN_NUMERIC) {
            learn_order(context, read, weekday);
        }
        learn_publication(context, reader, read, weekday);
    }
}

/* A year near token `at` of the sentence that is another than `year`: it tells of another time. */
static bool tells_of_another_year(const struct gw_value_reader *reader, uint32_t at, int year) {
    uint32_t first = at - reader->first > YEAR_REACH ? at - YEAR_REACH : reader->first;
    uint32_t end = reader->end - at > YEAR_REACH ? at + YEAR_REACH : reader->end;
    for (uint32_t i = first; i < end; i++) {
        struct gw_str s = gw_reader_text(reader, i);
        if (gw_reader_is_number(reader, i) && (s.size == 4 || s.size == 5) &&
            (s.data[0] == '1' || s.data[0] == '2') && (s.size == 4 || s.data[4] == 's')) {
            int said = 0;
            for (size_t k = 0; k < 4; k++) {
                said = said * 10 + (s.data[k] - '0');
            }
            if (said >= 1500 && said <= 2100 && said != year) {
                return true;
            }
        }
    }
    return false;
}

/* The nearest day with this weekday before (or on) `day`, or behind it. */
static int32_t nearest_weekday(int32_t day, enum gw_weekday weekday, enum gw_tense tense) {
    int32_t back = (7 + (int32_t)gw_weekday_of(day) - (int32_t)weekday) % 7;
    return tense == GW_TENSE_PAST ? day - back : back == 0 ? GW_NO_DAY : day + 7 - back;
}

/* "last Tuesday", "this Friday", "next Monday"; a "next" in the week that runs, and a "last" in it, may mean
 * either. */
static int32_t pointed_weekday(int32_t day, const struct gw_when *when) {
    int32_t monday = day - (int32_t)gw_weekday_of(day) + GW_MONDAY;
    int32_t of_week = monday + when->weekday - GW_MONDAY;
    if (when->count == 0) {
        return of_week;
    }
    bool open = when->count < 0 ? of_week < day : of_week > day;
    return open ? GW_NO_DAY : of_week + 7 * when->count;
}

static int32_t weekday_from(int32_t day, const struct gw_when *when, enum gw_tense tense) {
    if (when->whole) {
        return pointed_weekday(day, when);
    }
    return tense == GW_TENSE_UNSURE ? GW_NO_DAY : nearest_weekday(day, (enum gw_weekday)when->weekday, tense);
}

static void resolve_weekday(const struct gw_value_context *context, const struct gw_value_reader *reader,
                            struct gw_value_read *read) {
    enum gw_tense tense = gw_tense_at(reader, read->first);
    int32_t first = weekday_from(context->earliest, &read->when, tense);
    int32_t last = weekday_from(context->latest, &read->when, tense);
    if (first != last || first == GW_NO_DAY) {
        return;
    }
    struct gw_ymd ymd = gw_ymd_of(first);
    if (!tells_of_another_year(reader, read->first, ymd.year)) {
        gw_ymd_format(ymd, read->text);
    }
}

/* `month` of the year that makes it the nearest before, or after, `day`. */
static int16_t year_for(struct gw_ymd ymd, int32_t day, enum gw_tense tense) {
    struct gw_ymd now = gw_ymd_of(day);
    int of_year = ymd.month * 32 + ymd.day;
    int today = now.month * 32 + (ymd.day == 0 ? 0 : now.day);
    int year = now.year + (tense == GW_TENSE_PAST ? -(of_year > today) : of_year < today);
    return (int16_t)year;
}

/* The one year around publication that gives the day this weekday, or 0. */
static int16_t year_of_weekday(struct gw_ymd ymd, int32_t day, enum gw_weekday weekday) {
    int16_t now = gw_ymd_of(day).year, found = 0;
    for (int16_t year = (int16_t)(now - 1); year <= now + 1; year++) {
        ymd.year = year;
        bool near = gw_ymd_exists(ymd) && gw_day_of(ymd) > day - 366 && gw_day_of(ymd) < day + 366;
        if (near && is_verified(ymd, weekday)) {
            if (found != 0) {
                return 0;
            }
            found = year;
        }
    }
    return found;
}

/* Sets the years of a date that has none; false when they are not sure. */
static bool complete(const struct gw_value_context *context, const struct gw_value_reader *reader,
                     const struct gw_value_read *read, struct gw_ymd *ymd, enum gw_weekday weekday) {
    if (!is_known(context)) {
        return false;
    }
    int16_t first, last;
    if (weekday != GW_NO_WEEKDAY && ymd->day != 0) {
        first = year_of_weekday(*ymd, context->earliest, weekday);
        last = year_of_weekday(*ymd, context->latest, weekday);
    } else {
        enum gw_tense tense = gw_tense_at(reader, read->first);
        if (tense == GW_TENSE_UNSURE) {
            return false;
        }
        first = year_for(*ymd, context->earliest, tense);
        last = year_for(*ymd, context->latest, tense);
        if (tells_of_another_year(reader, read->first, first)) {
            return false;
        }
    }
    ymd->year = first;
    return first != 0 && first == last;
}

static void resolve_calendar(const struct gw_value_context *context, const struct gw_value_reader *reader,
                             struct gw_value_read *read) {
    enum gw_weekday weekday = weekday_of(reader, read);
    struct gw_ymd from = read->when.from, to = read->when.to;
    if (read->when.kind == GW_WHEN_NUMERIC) {
        from = ordered(context, from, weekday);
    }
    if (from.year == 0 && (from.month == 0 || !complete(context, reader, read, &from, weekday))) {
        return;
    }
    if (to.year == 0 && to.month == 0) {
        bool wrong = weekday != GW_NO_WEEKDAY && gw_ymd_exists(from) && !is_verified(from, weekday);
        if (!wrong) {
            gw_ymd_format(from, read->text);
        }
        return;
    }
    if (to.year == 0) {
        to.year = (int16_t)(from.year + (to.month < from.month));
    }
    gw_ymd_format_range(from, to, read->text);
}

static void format_day(int32_t day, char out[GW_VALUE_TEXT_MAX]) {
    gw_ymd_format(gw_ymd_of(day), out);
}

static void format_year(int year, char out[GW_VALUE_TEXT_MAX]) {
    gw_ymd_format((struct gw_ymd){(int16_t)year, 0, 0}, out);
}

static void format_years(int first, int last, char out[GW_VALUE_TEXT_MAX]) {
    gw_ymd_format_range((struct gw_ymd){(int16_t)first, 0, 0}, (struct gw_ymd){(int16_t)last, 0, 0}, out);
}

/* "last month" from `day`: the stretch that lies `count` stretches away. */
static void point_from(int32_t day, const struct gw_when *when, char out[GW_VALUE_TEXT_MAX]) {
    struct gw_ymd now = gw_ymd_of(day);
    switch (when->stretch) {
    case GW_STRETCH_DAY:
        format_day(day + when->count, out);
        break;
    case GW_STRETCH_WEEK:
        gw_week_format(day + 7 * when->count, out);
        break;
    case GW_STRETCH_MONTH:
        gw_ymd_format(gw_month_later(now, when->count), out);
        break;
    case GW_STRETCH_YEAR:
        format_year(now.year + when->count, out);
        break;
    case GW_STRETCH_CENTURY: {
        int century = (now.year - 1) / 100 + when->count;
        format_years(century * 100 + 1, century * 100 + 100, out);
        break;
    }
    default:
        out[0] = '\0'; /* decades are counted in more than one way */
    }
}

/* "the past two weeks" from `day`: from there to here, or from here to there. */
static void stretch_from(int32_t day, const struct gw_when *when, char out[GW_VALUE_TEXT_MAX]) {
    struct gw_ymd now = gw_ymd_of(day), there;
    int32_t count = when->count;
    switch (when->stretch) {
    case GW_STRETCH_DAY:
    case GW_STRETCH_WEEK:
        there = gw_ymd_of(day + count * (when->stretch == GW_STRETCH_WEEK ? 7 : 1));
        break;
    case GW_STRETCH_MONTH:
        there = gw_month_later(now, count);
        now.day = 0;
        break;
    case GW_STRETCH_YEAR:
    case GW_STRETCH_DECADE:
        there = (struct gw_ymd){(int16_t)(now.year + count * (when->stretch == GW_STRETCH_DECADE ? 10 : 1)),
                                0, 0};
        now.day = now.month = 0;
        break;
    default:
        out[0] = '\0';
        return;
    }
    gw_ymd_format_range(count < 0 ? there : now, count < 0 ? now : there, out);
}

static void resolve_relative(const struct gw_value_context *context, const struct gw_value_reader *reader,
                             struct gw_value_read *read) {
    char last[GW_VALUE_TEXT_MAX];
    bool past = !read->when.vague ||
                (read->first > reader->first && gw_reader_has(reader, read->first - 1, GW_WORD(SPEECH)));
    void (*format)(int32_t, const struct gw_when *, char[GW_VALUE_TEXT_MAX]) =
        read->when.whole ? stretch_from : point_from;
    format(context->earliest, &read->when, read->text);
    format(context->latest, &read->when, last);
    if (!past || strcmp(read->text, last) != 0) {
        read->text[0] = '\0';
    }
}

static void resolve_money(const struct gw_value_context *context, struct gw_value_read *read) {
    const char *code = read->dollar && context->dollar ? context->dollar : read->code;
    size_t size = strlen(read->text);
    if (size > 0 && code[0] != '\0') {
        size = gw_value_put(read->text, size, " ", 1);
        gw_value_put(read->text, size, code, GW_VALUE_TEXT_MAX);
    } else {
        read->text[0] = '\0';
    }
}

void gw_value_context_resolve(const struct gw_value_context *context, const struct gw_value_reader *reader,
                              struct gw_value_read *read) {
    if (read->code) {
        resolve_money(context, read);
        return;
    }
    switch (read->when.kind) {
    case GW_WHEN_CALENDAR:
    case GW_WHEN_NUMERIC:
        resolve_calendar(context, reader, read);
        break;
    case GW_WHEN_WEEKDAY:
        if (is_known(context)) {
            resolve_weekday(context, reader, read);
        }
        break;
    case GW_WHEN_RELATIVE:
        if (is_known(context)) {
            resolve_relative(context, reader, read);
        }
        break;
    default:
        break;
    }
}
