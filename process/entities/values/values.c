/* Two passes: the first reads what may be a value, token by token, and learns from it; the second says what
 * each is. */
#include "process/entities/values/values.h"

#include "process/entities/values/value_context.h"
#include "process/entities/values/value_words.h"
#include "process/text/token_classes.h"

#include <stdio.h>

#define VALUES_LEAST 16U

#define TOKEN_WORK 1U

#define MS_PER_DAY INT64_C(86400000)

/* "Jane Doe, 45, said": as old as people get. */
#define AGE_MOST 110

/* "21:00Z" and the like. */
#define TIME_BYTES_MOST 12

/* Tokens that may stand between a time and its day: "9pm on Tuesday", "Tuesday, at 9pm". */
#define TIME_REACH 2U

struct reading {
    struct gw_value_read read;
    uint32_t sentence;
};

struct finder {
    struct gw_value_reader reader;
    struct gw_value_context context;
    const struct gw_name_spans *spans;
    struct gw_arena *arena;
    struct reading *readings;
    size_t count, capacity;
};

int32_t gw_values_published(const struct gw_article *article) {
    int64_t ms = article->published_at_ms;
    const struct gw_value *given = &article->published_at;
    if (given->type == GW_STRING && given->as.bytes.size >= 10) { /* the writer's own day, not Greenwich's */
        int part[3] = {0, 0, 0};
        static const uint8_t starts[] = {0, 5, 8}, sizes[] = {4, 2, 2};
        for (size_t p = 0; p < 3; p++) {
            for (size_t i = 0; i < sizes[p]; i++) {
                part[p] = part[p] * 10 + (given->as.bytes.data[starts[p] + i] - '0');
            }
        }
        struct gw_ymd ymd = {(int16_t)part[0], (int8_t)part[1], (int8_t)part[2]};
        return gw_ymd_exists(ymd) ? gw_day_of(ymd) : GW_NO_DAY;
    }
    if (ms == INT64_MIN) {
        return GW_NO_DAY;
    }
    return (int32_t)(ms / MS_PER_DAY - (ms % MS_PER_DAY < 0));
}

static enum gw_status keep(struct finder *finder, const struct gw_value_read *read, uint32_t sentence) {
    if (finder->count == finder->capacity) {
        size_t wanted = finder->capacity * 2 + VALUES_LEAST;
        struct reading *grown = gw_arena_grow(finder->arena, finder->readings, finder->capacity, wanted,
                                              sizeof *finder->readings);
        if (!grown) {
            return GW_NO_MEMORY;
        }
        finder->readings = grown;
        finder->capacity = wanted;
    }
    finder->readings[finder->count++] = (struct reading){*read, sentence};
    return GW_OK;
}

/* What a token may begin. */
enum trigger { TRIGGER_NONE, TRIGGER_NUMBER, TRIGGER_SIGN, TRIGGER_DAY, TRIGGER_COUNT };

/* "Rs", "US", "USD": a sign in letters is not longer. */
#define SIGN_BYTES_MOST 4U

static bool may_be_sign(const struct gw_value_reader *reader, uint32_t at, const struct gw_token *token) {
    if (token->shape & GW_SHAPE_DIGITS) {
        return true;
    }
    const struct gw_token *next = gw_reader_token(reader, at + 1);
    return token->end - token->start <= SIGN_BYTES_MOST &&
           (next->kind == GW_TOKEN_NUMBER || next->mark == GW_MARK_CURRENCY ||
            (next->mark == GW_MARK_PERIOD && gw_reader_is_number(reader, at + 2)));
}

static enum trigger trigger_of(const struct gw_value_reader *reader, uint32_t at) {
    const struct gw_token *token = &reader->text->tokens[at];
    if (token->kind != GW_TOKEN_WORD) {
        return token->kind == GW_TOKEN_NUMBER    ? TRIGGER_NUMBER
               : token->mark == GW_MARK_CURRENCY ? TRIGGER_SIGN
                                                 : TRIGGER_NONE;
    }
    uint64_t flags = gw_model_word(reader->model, token->word)->flags;
    if (flags & GW_WORD(NUMBER_WORD)) {
        return TRIGGER_NUMBER;
    }
    if (!(token->shape & GW_SHAPE_CAPITAL)) {
        return flags & (GW_WORD(TIME_UNIT) | GW_WORD(RELATIVE_DAY)) ? TRIGGER_DAY : TRIGGER_NONE;
    }
    return flags & (GW_WORD(MONTH) | GW_WORD(WEEKDAY) | GW_WORD(RELATIVE_DAY)) ? TRIGGER_DAY
           : may_be_sign(reader, at, token)                                    ? TRIGGER_SIGN
                                                                               : TRIGGER_NONE;
}

/* A sign in letters, if any, in front of the number or sign at `at`; `at` itself if there is none. */
static uint32_t sign_before(const struct gw_value_reader *reader, uint32_t at, uint32_t least) {
    const struct gw_token *token = &reader->text->tokens[at];
    bool number = token->kind == GW_TOKEN_NUMBER;
    if (!number && token->mark != GW_MARK_CURRENCY) {
        return at;
    }
    uint32_t back = number && at > least && token[-1].mark == GW_MARK_PERIOD ? 2 : 1;
    bool there = at >= least + back && (reader->text->tokens[at - back].shape & GW_SHAPE_CAPITAL);
    return there ? at - back : at;
}

/* The first token from `at` to the reader's end that may begin a value; the end if none does. */
static uint32_t next_trigger(const struct gw_value_reader *reader, uint32_t at) {
    uint32_t found = gw_token_next(reader->text, at, reader->end, GW_CLASS_VALUE);
    return found < reader->end ? sign_before(reader, found, at) : found;
}

typedef void read_function(const struct gw_value_reader *, uint32_t, struct gw_value_read *);

/* The first that reads something wins. */
static read_function *const readers_of[TRIGGER_COUNT][6] = {
    [TRIGGER_NUMBER] = {gw_value_read_date, gw_value_read_amount, gw_value_read_time, gw_value_read_year,
                        gw_value_read_ordinal},
    [TRIGGER_SIGN] = {gw_value_read_money},
    [TRIGGER_DAY] = {gw_value_read_date},
};

static void read_value(const struct gw_value_reader *reader, uint32_t at, enum trigger trigger,
                       struct gw_value_read *read) {
    read->tokens = 0;
    for (read_function *const *next = readers_of[trigger]; *next && read->tokens == 0; next++) {
        gw_value_read_begin(read, at);
        (*next)(reader, at, read);
    }
}

/* Reads the values that begin from `first` to `end`; they may go on to the end of the sentence where a
 * people's name belongs to a currency. */
static enum gw_status find_between(struct finder *finder, uint32_t sentence, uint32_t first, uint32_t end) {
    finder->reader.first = first;
    finder->reader.free = first;
    finder->reader.end = end;
    for (uint32_t i = next_trigger(&finder->reader, first); i < end;
         i = next_trigger(&finder->reader, i + 1)) {
        enum trigger trigger = trigger_of(&finder->reader, i);
        if (trigger == TRIGGER_NONE) {
            continue;
        }
        struct gw_value_read read;
        read_value(&finder->reader, i, trigger, &read);
        if (read.tokens > 0) {
            if (keep(finder, &read, sentence) != GW_OK) {
                return GW_NO_MEMORY;
            }
            i = read.first + read.tokens - 1;
            finder->reader.free = i + 1;
        }
    }
    return GW_OK;
}

/* ", 45," behind a person. */
static enum gw_status find_age(struct finder *finder, uint32_t sentence, uint32_t comma) {
    const struct gw_value_reader *reader = &finder->reader;
    struct gw_decimal age;
    struct gw_str tail;
    if (!gw_reader_is_mark(reader, comma, GW_MARK_COMMA) || !gw_reader_is_number(reader, comma + 1) ||
        !gw_decimal_parse(gw_reader_text(reader, comma + 1), &age, &tail) || tail.size > 0 || age.scale > 0 ||
        age.digits == 0 || age.digits > AGE_MOST ||
        !(gw_reader_is_mark(reader, comma + 2, GW_MARK_COMMA) ||
          gw_reader_is_mark(reader, comma + 2, GW_MARK_PERIOD))) {
        return GW_OK;
    }
    struct gw_value_read read = {.kind = GW_QUANTITY, .first = comma + 1, .tokens = 1};
    snprintf(read.text, sizeof read.text, "%u year-old", (unsigned)age.digits);
    finder->reader.first = comma + 2;
    return keep(finder, &read, sentence);
}

/* "Australian" of "Australian dollars", "US" of "US$5". */
static bool belongs_to_currency(const struct finder *finder, const struct gw_name_span *span, uint32_t end) {
    const struct gw_text *text = finder->reader.text;
    if (span->last + 1 >= end) {
        return false;
    }
    const struct gw_token *next = &text->tokens[span->last + 1];
    return next->mark == GW_MARK_CURRENCY
               ? gw_token_touches(text, span->last + 1)
               : next->kind == GW_TOKEN_WORD &&
                     (gw_model_word(finder->reader.model, next->word)->flags & GW_WORD(CURRENCY)) != 0;
}

/* The sentence in pieces: what lies between its names. */
static enum gw_status find_in_sentence(struct finder *finder, uint32_t sentence, uint32_t *span) {
    const struct gw_sentence_range *range = &finder->reader.text->sentences[sentence];
    uint32_t first = range->first;
    enum gw_status status = GW_OK;
    for (; status == GW_OK && *span < finder->spans->count; ++*span) {
        const struct gw_name_span *name = &finder->spans->items[*span];
        if (name->first >= range->end) {
            break;
        }
        if (belongs_to_currency(finder, name, range->end)) {
            continue;
        }
        status = find_between(finder, sentence, first, name->first);
        first = name->last + 1;
        finder->reader.first = first;
        finder->reader.end = range->end;
        if (status == GW_OK && name->type == GW_PERSON) {
            status = find_age(finder, sentence, first);
            first = finder->reader.first;
        }
    }
    return status == GW_OK ? find_between(finder, sentence, first, range->end) : status;
}

static void read_whole(struct finder *finder, uint32_t sentence) {
    finder->reader.first = finder->reader.text->sentences[sentence].first;
    finder->reader.end = finder->reader.text->sentences[sentence].end;
}

static void learn(struct finder *finder) {
    for (size_t i = 0; i < finder->count; i++) {
        read_whole(finder, finder->readings[i].sentence);
        gw_value_context_learn(&finder->context, &finder->reader, &finder->readings[i].read);
    }
}

/* "three days ago" from nobody knows when is still three days. False when nothing is left of it. */
static bool fall_back(struct gw_value_read *read) {
    static const char *const units[] = {
        [GW_STRETCH_DAY] = "day",   [GW_STRETCH_WEEK] = "week",     [GW_STRETCH_MONTH] = "month",
        [GW_STRETCH_YEAR] = "year", [GW_STRETCH_DECADE] = "decade", [GW_STRETCH_CENTURY] = "century"};
    if (read->when.kind != GW_WHEN_RELATIVE || read->text[0] != '\0') {
        return true;
    }
    if (!read->when.counted) {
        return false;
    }
    read->kind = GW_QUANTITY;
    read->first += read->when.whole;
    read->tokens--;
    int count = read->when.count < 0 ? -read->when.count : read->when.count;
    snprintf(read->text, sizeof read->text, "%d %s", count, units[read->when.stretch]);
    return true;
}

/* The tokens between two values are small words and commas. */
static bool are_near(const struct gw_value_reader *reader, const struct gw_value_read *left,
                     const struct gw_value_read *right) {
    static const char *const words[] = {"on", "at", "around", "about", "by", ",", "("};
    uint32_t from = left->first + left->tokens;
    bool near = right->first - from <= TIME_REACH;
    for (uint32_t at = from; near && at < right->first; at++) {
        near = false;
        for (size_t i = 0; i < sizeof words / sizeof *words && !near; i++) {
            near = gw_reader_is(reader, at, words[i]);
        }
    }
    return near;
}

/* "Tuesday (15/8)": the weekday is that day. */
static void take_day(struct finder *finder, size_t i) {
    struct reading *own = &finder->readings[i];
    const struct reading *next = own + 1;
    bool weekday = own->read.when.kind == GW_WHEN_WEEKDAY && i + 1 < finder->count &&
                   next->sentence == own->sentence && next->read.kind == GW_DATE &&
                   next->read.when.to.year == 0 && next->read.when.from.day != 0;
    if (weekday && next->read.first - own->read.first == 2 &&
        (gw_reader_is(&finder->reader, own->read.first + 1, "(") ||
         gw_reader_is(&finder->reader, own->read.first + 1, ","))) {
        memcpy(own->read.text, next->read.text, sizeof own->read.text);
    }
}

/* "9pm on Tuesday": the time of that day. */
static void take_time(struct finder *finder, size_t i) {
    struct gw_value_read *own = &finder->readings[i].read;
    static const int sides[] = {1, -1};
    for (size_t s = 0; s < 2 && own->kind == GW_TIME && own->text[0] != '\0'; s++) {
        if ((sides[s] < 0 && i == 0) || (sides[s] > 0 && i + 1 == finder->count)) {
            continue;
        }
        const struct reading *other = &finder->readings[sides[s] < 0 ? i - 1 : i + 1];
        bool day = other->sentence == finder->readings[i].sentence && other->read.kind == GW_DATE &&
                   strlen(other->read.text) == sizeof "2023-08-15" - 1;
        if (day && (sides[s] < 0 ? are_near(&finder->reader, &other->read, own)
                                 : are_near(&finder->reader, own, &other->read))) {
            char time[GW_VALUE_TEXT_MAX];
            memcpy(time, own->text, sizeof time);
            size_t size = gw_value_put(own->text, 0, other->read.text, sizeof "2023-08-15" - 1);
            size = gw_value_put(own->text, size, "T", 1);
            gw_value_put(own->text, size, time, TIME_BYTES_MOST);
            return;
        }
    }
}

static void resolve(struct finder *finder) {
    for (size_t i = finder->count; i-- > 0;) {
        read_whole(finder, finder->readings[i].sentence);
        gw_value_context_resolve(&finder->context, &finder->reader, &finder->readings[i].read);
        take_day(finder, i);
    }
    for (size_t i = 0; i < finder->count; i++) {
        read_whole(finder, finder->readings[i].sentence);
        take_time(finder, i);
    }
}

static enum gw_status hand_out(struct finder *finder, struct gw_values *values) {
    values->items = gw_arena_take(finder->arena, finder->count * sizeof *values->items);
    if (!values->items) {
        return GW_NO_MEMORY;
    }
    for (size_t i = 0; i < finder->count; i++) {
        struct gw_value_read *read = &finder->readings[i].read;
        if (!fall_back(read)) {
            continue;
        }
        struct gw_value_found *value = &values->items[values->count++];
        *value = (struct gw_value_found){
            read->kind,
            gw_text_span(finder->reader.text, read->first, read->first + read->tokens - 1),
            {NULL, 0}};
        if (read->text[0] != '\0') { /* the reading lives as long as the value */
            value->value = gw_str_from(read->text);
        }
    }
    return GW_OK;
}

enum gw_status gw_values_find(const struct gw_text *text, const struct gw_name_spans *spans,
                              const struct gw_model *model, int32_t published, struct gw_work *work,
                              struct gw_arena *arena, struct gw_values *values) {
    struct finder finder = {.reader = {text, model, 0, 0, 0}, .spans = spans, .arena = arena};
    uint32_t span = 0;
    *values = (struct gw_values){NULL, 0};
    gw_value_context_begin(&finder.context, published);
    for (uint32_t s = 0; s < text->sentence_count; s++) {
        const struct gw_sentence_range *range = &text->sentences[s];
        if (!gw_work_take(work, (uint64_t)TOKEN_WORK * (range->end - range->first))) {
            break;
        }
        enum gw_status status = find_in_sentence(&finder, s, &span);
        if (status != GW_OK) {
            return status;
        }
    }
    learn(&finder);
    resolve(&finder);
    return hand_out(&finder, values);
}
