/* What the readers of values share: a place in a sentence, and a value that is being read. */
#ifndef GW_PROCESS_ENTITIES_VALUES_VALUE_READER_H
#define GW_PROCESS_ENTITIES_VALUES_VALUE_READER_H

#include "process/entities/values/value_calendar.h"
#include "process/text/chars.h"
#include "process/text/tokens.h"
#include "schemas/annotation.h"

#include <strings.h>

/* The longest normalised value and a terminator. */
#define GW_VALUE_TEXT_MAX 64

/* Tokens `first` to `end` may be read: those of the sentence up to the next name. No value begins before
 * `free`, where another one is. */
struct gw_value_reader {
    const struct gw_text *text;
    const struct gw_model *model;
    uint32_t first, end;
    uint32_t free;
};

/* What a date says by itself. */
enum gw_when_kind {
    GW_WHEN_NOTHING,  /* no date, or one whose text is ready */
    GW_WHEN_CALENDAR, /* `from`, and `to` of a range; a year may be missing */
    GW_WHEN_NUMERIC,  /* "4/5/2023": `from` has the first number as day, the second as month; or turned round
                       */
    GW_WHEN_WEEKDAY,  /* "Tuesday" alone */
    GW_WHEN_RELATIVE  /* "last month", "three days ago": `count` of `stretch` from the day of publication */
};

struct gw_when {
    uint8_t kind;           /* enum gw_when_kind */
    uint8_t weekday;        /* enum gw_weekday */
    uint8_t stretch;        /* enum gw_stretch */
    bool whole;             /* all days of the stretch, as in "the past two weeks"; or "last Tuesday" */
    bool counted;           /* the text has the number */
    bool vague;             /* "today", which may mean these times: only beside a verb of the past */
    int16_t count;          /* of stretches, negative: before */
    struct gw_ymd from, to; /* `to` all zero: no range */
};

/* `tokens` 0: nothing was read. `text` empty: no value is certain. */
struct gw_value_read {
    enum gw_value_kind kind;
    uint32_t first, tokens;
    char text[GW_VALUE_TEXT_MAX]; /* of money: the amount */
    const char *code;             /* of money: ISO 4217, "" when open, NULL for other kinds */
    bool dollar;                  /* of money: "$" or "dollars", whose is open */
    struct gw_when when;
};

/* Each reads a value at token `at`, or nothing; it may begin before `at` ("past two weeks", at "two"), but
 * not before reader->first. `read` is as gw_value_read_begin left it. */
void gw_value_read_date(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read);
void gw_value_read_time(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read);
void gw_value_read_money(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read);
void gw_value_read_amount(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read);
void gw_value_read_year(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read);
void gw_value_read_ordinal(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read);

static inline void gw_value_read_begin(struct gw_value_read *read, uint32_t at) {
    *read = (struct gw_value_read){.first = at};
}

/* A decimal number without rounding: digits · 10^-scale. */
struct gw_decimal {
    uint64_t digits;
    int scale;
};

/* "1,200.50" and "3.5"; false for what is no number or could be read two ways. `tail` gets what letters
 * follow the digits ("30bn"). */
bool gw_decimal_parse(struct gw_str s, struct gw_decimal *out, struct gw_str *tail);

/* Times 10^power, written without exponent: "1200000", "12.5". False when it has too many digits. */
bool gw_decimal_format(struct gw_decimal decimal, int power, char out[GW_VALUE_TEXT_MAX]);

static inline bool gw_reader_has(const struct gw_value_reader *reader, uint32_t at, uint64_t flags) {
    return at >= reader->first && at < reader->end &&
           (gw_model_word(reader->model, reader->text->tokens[at].word)->flags & flags) != 0;
}

static inline const struct gw_token *gw_reader_token(const struct gw_value_reader *reader, uint32_t at) {
    static const struct gw_token none = {.kind = GW_TOKEN_URL};
    return at >= reader->first && at < reader->end ? &reader->text->tokens[at] : &none;
}

static inline bool gw_reader_is_mark(const struct gw_value_reader *reader, uint32_t at, enum gw_mark mark) {
    return gw_reader_token(reader, at)->kind == GW_TOKEN_MARK && gw_reader_token(reader, at)->mark == mark;
}

static inline bool gw_reader_is_number(const struct gw_value_reader *reader, uint32_t at) {
    return gw_reader_token(reader, at)->kind == GW_TOKEN_NUMBER;
}

/* The token's text; empty outside. */
static inline struct gw_str gw_reader_text(const struct gw_value_reader *reader, uint32_t at) {
    return at >= reader->first && at < reader->end ? gw_text_cut(reader->text, at, at) : GW_STR("");
}

/* A number in letters, "two" or "twenty-five", up to 99; `next` goes behind it. -1 if none begins here. */
int gw_reader_number_word(const struct gw_value_reader *reader, uint32_t at, uint32_t *next);

/* The token is this word, ASCII case-insensitively. */
static inline bool gw_reader_is(const struct gw_value_reader *reader, uint32_t at, const char *word) {
    struct gw_str text = gw_reader_text(reader, at);
    return text.size > 0 && (text.data[0] | 0x20) == (word[0] | 0x20) && text.size == strlen(word) &&
           strncasecmp(text.data, word, text.size) == 0;
}

/* Puts up to `most` bytes of `text` behind the first `size` of `out`, terminated; what has no room is left
 * out. Returns how many bytes there are then. */
static inline size_t gw_value_put(char out[GW_VALUE_TEXT_MAX], size_t size, const char *text, size_t most) {
    size_t room = GW_VALUE_TEXT_MAX - 1 - size;
    size_t more = strnlen(text, most < room ? most : room);
    memcpy(out + size, text, more);
    out[size + more] = '\0';
    return size + more;
}

#endif
