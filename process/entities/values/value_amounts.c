/* Money, percentages, quantities, ages and ordinals. */
#include "process/entities/links/gazetteer.h"
#include "process/entities/values/value_reader.h"
#include "process/entities/values/value_words.h"

/* Bytes of the parts of a value. */
#define NUMBER_BYTES_MOST 24
#define AMOUNT_BYTES_MOST 40
#define UNIT_BYTES_MOST   16

/* Nobody is older. */
#define AGE_MOST 125

/* A number with its magnitude: "7.2 billion", "30bn", "5-million", "120 000", "two hundred". */
struct number {
    struct gw_decimal decimal;
    int power;
    bool certain;
    struct gw_str tail; /* letters behind the digits that are no magnitude */
    uint32_t next;
};

/* "R120" and "USD999" are one token: digits begin at `skip`. */
static struct gw_str digits_of(const struct gw_value_reader *reader, uint32_t at, size_t skip) {
    struct gw_str s = gw_reader_text(reader, at);
    return gw_str_sub(s, skip, s.size);
}

/* "15 000" and "R9,999" go on in the next tokens, by groups of three digits. */
static bool is_group(const struct gw_value_reader *reader, uint32_t at, bool spaced) {
    struct gw_str s = gw_reader_text(reader, at);
    bool three = gw_reader_is_number(reader, at) && s.size == 3 && s.data[1] <= '9' && s.data[2] <= '9' &&
                 s.data[1] >= '0' && s.data[2] >= '0';
    return three && (spaced ? gw_reader_token(reader, at)->start == gw_reader_token(reader, at - 1)->end + 1
                            : gw_token_touches(reader->text, at));
}

static void take_groups(const struct gw_value_reader *reader, struct number *number, bool glued) {
    if (number->decimal.scale > 0 || number->tail.size > 0 || number->decimal.digits > 999 ||
        number->decimal.digits == 0) {
        return;
    }
    for (;;) {
        bool comma = glued && gw_reader_is_mark(reader, number->next, GW_MARK_COMMA) &&
                     is_group(reader, number->next + 1, false);
        if (!comma && !is_group(reader, number->next, true)) {
            return;
        }
        struct gw_decimal group;
        struct gw_str tail;
        if (!gw_decimal_parse(gw_reader_text(reader, number->next + comma), &group, &tail) ||
            number->decimal.digits > UINT64_C(999999999)) {
            return;
        }
        number->decimal.digits = number->decimal.digits * 1000 + group.digits;
        number->next += 1 + comma;
    }
}

static void take_magnitude(const struct gw_value_reader *reader, struct number *number) {
    const struct gw_value_word *word = gw_value_word_find(GW_VALUE_MAGNITUDES, number->tail);
    if (number->tail.size > 0) {
        number->power = word ? word->number : 0;
        number->tail.size = word ? 0 : number->tail.size;
        return;
    }
    uint32_t behind = number->next + gw_reader_is_mark(reader, number->next, GW_MARK_HYPHEN);
    word = gw_value_word_find(GW_VALUE_MAGNITUDES, gw_reader_text(reader, behind));
    if (word && gw_reader_text(reader, behind).size > 1) {
        number->power = word->number;
        number->next = behind + 1;
    }
}

static bool read_number(const struct gw_value_reader *reader, uint32_t at, size_t skip,
                        struct number *number) {
    *number = (struct number){.next = at + 1};
    if (gw_reader_is_number(reader, at) || skip > 0) {
        number->certain = gw_decimal_parse(digits_of(reader, at, skip), &number->decimal, &number->tail);
        if (number->certain) {
            take_groups(reader, number, skip > 0);
        }
    } else {
        int value = gw_reader_number_word(reader, at, &number->next);
        if (value < 0) {
            return false;
        }
        number->certain = true;
        number->decimal.digits = (uint64_t)value;
    }
    take_magnitude(reader, number);
    return true;
}

static bool format_number(const struct number *number, char out[GW_VALUE_TEXT_MAX]) {
    out[0] = '\0';
    return number->certain && gw_decimal_format(number->decimal, number->power, out);
}

/* "25" of "25-35 million" is millions, too; "5/7" when both are numbers. `number` becomes what is behind the
 * dash. */
static bool read_range(const struct gw_value_reader *reader, struct number *number,
                       char out[GW_VALUE_TEXT_MAX]) {
    struct number end;
    bool dash = gw_reader_is_mark(reader, number->next, GW_MARK_HYPHEN) ||
                gw_reader_is_mark(reader, number->next, GW_MARK_DASH);
    if (!dash || number->power > 0 || !gw_token_touches(reader->text, number->next) ||
        !gw_reader_is_number(reader, number->next + 1) || !read_number(reader, number->next + 1, 0, &end) ||
        end.tail.size > 0) {
        return false;
    }
    char first[GW_VALUE_TEXT_MAX], last[GW_VALUE_TEXT_MAX];
    number->power = end.power;
    bool sure = format_number(number, first) && format_number(&end, last);
    out[0] = '\0';
    if (sure) {
        size_t size = gw_value_put(out, 0, first, NUMBER_BYTES_MOST);
        size = gw_value_put(out, size, "/", 1);
        gw_value_put(out, size, last, NUMBER_BYTES_MOST);
    }
    *number = end;
    return true;
}

/* The number at `number`, or the range that it begins. */
static void take_amount(const struct gw_value_reader *reader, struct number *number,
                        char out[GW_VALUE_TEXT_MAX]) {
    if (!read_range(reader, number, out)) {
        format_number(number, out);
    }
}

static void set_money(struct gw_value_read *read, uint32_t next, const char *code, bool dollar) {
    read->kind = GW_MONEY;
    read->tokens = next - read->first;
    read->code = code;
    read->dollar = dollar && code[0] == '\0';
}

/* The sign at `at`: "$", "US$", "Rs", "RM", "USD". `next` goes behind it; NULL when there is none. */
static const char *read_sign(const struct gw_value_reader *reader, uint32_t at, uint32_t *next) {
    const struct gw_token *token = gw_reader_token(reader, at);
    struct gw_str s = gw_reader_text(reader, at);
    *next = at + 1;
    if (gw_reader_is_mark(reader, at, GW_MARK_CURRENCY)) {
        const struct gw_value_word *sign = gw_value_word_find(GW_VALUE_SIGNS, s);
        return sign ? sign->text : "";
    }
    if (token->kind != GW_TOKEN_WORD || !(token->shape & GW_SHAPE_CAPITAL) || s.size > 4) {
        return NULL;
    }
    bool joined =
        gw_reader_is_mark(reader, at + 1, GW_MARK_CURRENCY) && gw_token_touches(reader->text, at + 1);
    if (joined) {
        struct gw_str both = {s.data, gw_reader_token(reader, at + 1)->end - token->start};
        const struct gw_value_word *sign = gw_value_word_find(GW_VALUE_SIGNS, both);
        *next = at + 2;
        return sign ? sign->text : gw_reader_is(reader, at, "U.S.") ? "USD" : s.size <= 3 ? "" : NULL;
    }
    const struct gw_value_word *sign = s.size > 1 ? gw_value_word_find(GW_VALUE_SIGNS, s) : NULL;
    return sign ? sign->text : gw_currency_code(s);
}

/* "$5", "US$7.2 billion", "Rs. 500", "USD 2.5 million", "$25-35 million". */
static void read_currency_first(const struct gw_value_reader *reader, uint32_t at,
                                struct gw_value_read *read) {
    uint32_t amount;
    struct number number;
    const char *code = read_sign(reader, at, &amount);
    if (!code) {
        return;
    }
    bool dollar = gw_reader_is(reader, amount - 1, "$") && amount == at + 1;
    amount += gw_reader_is_mark(reader, amount, GW_MARK_PERIOD);
    if (!gw_reader_is_number(reader, amount) || !read_number(reader, amount, 0, &number)) {
        return;
    }
    take_amount(reader, &number, read->text);
    bool again = gw_reader_is(reader, number.next, "dollars"); /* "US$10 million dollars" */
    set_money(read, number.next + again, code, dollar);
}

/* "R120 000", "RM177mil", "USD999,999": one token. Short ones such as "R2" are names of other things. */
static void read_glued(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read) {
    const struct gw_token *token = gw_reader_token(reader, at);
    struct gw_str s = gw_reader_text(reader, at);
    size_t letters = 0;
    while (letters < s.size && (s.data[letters] < '0' || s.data[letters] > '9')) {
        letters++;
    }
    if (token->kind != GW_TOKEN_WORD || letters == 0 || letters > 4 || letters == s.size) {
        return;
    }
    struct gw_str sign = gw_str_sub(s, 0, letters);
    const struct gw_value_word *row = gw_value_word_find(GW_VALUE_SIGNS, sign);
    const char *code = row ? row->text : gw_currency_code(sign);
    struct number number;
    if (!code || !read_number(reader, at, letters, &number) || number.tail.size > 0) {
        return;
    }
    bool large = letters > 1 || number.power > 0 || number.decimal.digits > 99;
    if (large && number.certain) {
        take_amount(reader, &number, read->text);
        set_money(read, number.next, code, false);
    }
}

static uint32_t percent_behind(const struct gw_value_reader *reader, uint32_t at) {
    if (gw_reader_is(reader, at, "per") && gw_reader_is(reader, at + 1, "cent")) {
        return at + 2;
    }
    return gw_reader_is_mark(reader, at, GW_MARK_PERCENT) || gw_reader_is(reader, at, "percent") ? at + 1 : 0;
}

/* Whose the currency behind the name at `at` is: its country in the gazetteer, or NULL when there is no name.
 * `next` goes behind it. */
static const char *read_nation(const struct gw_value_reader *reader, uint32_t at, uint32_t *next) {
    if (!(gw_reader_token(reader, at)->shape & GW_SHAPE_CAPITAL)) {
        return NULL;
    }
    *next = at + 1;
    if (gw_reader_is(reader, at, "US") || gw_reader_is(reader, at, "U.S.")) {
        return "US";
    }
    struct gw_gazetteer_match match = gw_gazetteer_match(reader->model, reader->text, at, reader->end);
    if (!match.name || match.name->country == 0) {
        return NULL;
    }
    *next = match.last + 1;
    return reader->model->countries[match.name->country].alpha2;
}

/* "3 won the race" is no money, "3,000 won" is. */
static bool may_be_verb(const struct gw_value_reader *reader, uint32_t at) {
    return gw_reader_is(reader, at, "won") || gw_reader_is(reader, at, "real");
}

/* "2,500 euros", "5 million US dollars", "300 Kenyan shillings", "40 CUP". */
static bool read_currency_behind(const struct gw_value_reader *reader, uint32_t at, bool large,
                                 struct gw_value_read *read) {
    const char *code = gw_currency_code(gw_reader_text(reader, at));
    if (code) {
        set_money(read, at + 1, code, false);
        return true;
    }
    uint32_t name = at;
    const char *nation = read_nation(reader, at, &name);
    const struct gw_value_word *word = gw_value_word_find(GW_VALUE_CURRENCIES, gw_reader_text(reader, name));
    if (!word || (!large && may_be_verb(reader, name))) {
        return false;
    }
    bool sterling = gw_reader_is(reader, name + 1, "sterling");
    bool dollar = !nation && (gw_reader_is(reader, name, "dollars") || gw_reader_is(reader, name, "dollar"));
    code = sterling ? "GBP" : nation ? gw_currency_of_country(word, nation) : word->text;
    if (nation && word->text[0] != '\0') {
        code = word->text;
    }
    set_money(read, name + 1 + sterling, code, dollar);
    return true;
}

/* "5 km", "20 square kilometres", "30 km per hour". `next` goes behind it; NULL when it is no unit. */
static const char *read_unit(const struct gw_value_reader *reader, uint32_t at, uint32_t *next,
                             char out[GW_VALUE_TEXT_MAX]) {
    bool square = gw_reader_is(reader, at, "square") || gw_reader_is(reader, at, "sq");
    bool cubic = gw_reader_is(reader, at, "cubic");
    struct gw_str s = gw_reader_text(reader, at + (square || cubic));
    const struct gw_value_word *unit = gw_value_word_find(GW_VALUE_UNITS, s);
    if (!unit || gw_str_is(s, "in")) {
        return NULL;
    }
    *next = at + 1 + (square || cubic);
    bool hourly = gw_reader_is(reader, *next, "per") && gw_reader_is(reader, *next + 1, "hour");
    bool warm = unit->text[0] == '\0' &&
                (gw_reader_is(reader, *next, "Celsius") || gw_reader_is(reader, *next, "Fahrenheit"));
    if (warm) {
        unit = gw_value_word_find(GW_VALUE_UNITS, gw_reader_text(reader, *next));
    }
    *next += hourly ? 2 : warm ? 1 : 0;
    const char *power = square ? "2" : cubic ? "3" : hourly ? "/h" : "";
    size_t size = gw_value_put(out, 0, unit->text, UNIT_BYTES_MOST);
    gw_value_put(out, size, size == 0 ? "" : power, UNIT_BYTES_MOST);
    return out;
}

static void set_quantity(struct gw_value_read *read, const struct number *number, uint32_t next,
                         const char *unit) {
    size_t size = strnlen(read->text, AMOUNT_BYTES_MOST);
    read->kind = GW_QUANTITY;
    read->tokens = next - read->first;
    if (number->certain && size > 0 && unit[0] != '\0') {
        size = gw_value_put(read->text, size, " ", 1);
        gw_value_put(read->text, size, unit, UNIT_BYTES_MOST);
    } else {
        read->text[0] = '\0';
    }
}

static bool is_aged(const struct gw_value_reader *reader, uint32_t at) {
    return at > reader->first && gw_reader_is(reader, at - 1, "aged");
}

/* "45-year-old", "45 years old", "aged 45". */
static bool read_age(const struct gw_value_reader *reader, const struct number *number,
                     struct gw_value_read *read) {
    if (!number->certain || number->power > 0 || number->decimal.scale > 0 || number->tail.size > 0 ||
        number->decimal.digits > AGE_MOST) {
        return false;
    }
    uint32_t year = number->next + gw_reader_is_mark(reader, number->next, GW_MARK_HYPHEN);
    uint32_t old = year + 1 + gw_reader_is_mark(reader, year + 1, GW_MARK_HYPHEN);
    bool years = gw_reader_is(reader, year, "year") || gw_reader_is(reader, year, "years");
    if (years && (gw_reader_is(reader, old, "old") || gw_reader_is(reader, old, "olds"))) {
        set_quantity(read, number, old + 1, "year-old");
        return true;
    }
    if (!years && is_aged(reader, read->first) && !gw_reader_is(reader, number->next, "to") &&
        !gw_reader_is_mark(reader, number->next, GW_MARK_HYPHEN)) {
        set_quantity(read, number, number->next, "year-old");
        return true;
    }
    return false;
}

/* "three days", "20-year": what a number counts is a stretch of time, and no date. */
static bool read_duration(const struct gw_value_reader *reader, const struct number *number,
                          struct gw_value_read *read) {
    uint32_t at = number->next + gw_reader_is_mark(reader, number->next, GW_MARK_HYPHEN);
    const struct gw_value_word *word =
        gw_reader_has(reader, at, GW_WORD(TIME_UNIT))
            ? gw_value_word_find(GW_VALUE_STRETCHES, gw_reader_text(reader, at))
            : NULL;
    if (!word) {
        return false;
    }
    set_quantity(read, number, at + 1, word->text);
    return true;
}

/* Whether the token behind a number may belong to it; most do not, and looking all of them up would cost. */
static bool may_count(const struct gw_value_reader *reader, uint32_t at) {
    const struct gw_token *next = gw_reader_token(reader, at);
    if (next->kind != GW_TOKEN_WORD) {
        return next->kind == GW_TOKEN_NUMBER || next->mark == GW_MARK_HYPHEN || next->mark == GW_MARK_DASH ||
               next->mark == GW_MARK_PERCENT;
    }
    static const char *const others[] = {"percent", "per", "square", "cubic", "sq", "mil"};
    if ((next->shape & GW_SHAPE_CAPITAL) ||
        gw_reader_has(reader, at,
                      GW_WORD(CURRENCY) | GW_WORD(UNIT) | GW_WORD(TIME_UNIT) | GW_WORD(MAGNITUDE) |
                          GW_WORD(NUMBER_WORD))) {
        return true;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (gw_reader_is(reader, at, others[i])) {
            return true;
        }
    }
    return false;
}

/* What follows a number says what it counts. */
void gw_value_read_amount(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read) {
    struct number number;
    char unit[GW_VALUE_TEXT_MAX];
    uint32_t next;
    bool lettered = gw_reader_token(reader, at)->shape & GW_SHAPE_DIGITS;
    if (!(lettered || may_count(reader, at + 1) || is_aged(reader, at)) ||
        !read_number(reader, at, 0, &number)) {
        return;
    }
    take_amount(reader, &number, read->text);
    if (number.tail.size > 0) {
        const char *code = gw_currency_code(number.tail);
        const struct gw_value_word *row = gw_value_word_find(GW_VALUE_UNITS, number.tail);
        if (code) { /* "8CUP" */
            set_money(read, number.next, code, false);
        } else if (row && row->text[0] != '\0' && number.certain) { /* "5km" */
            set_quantity(read, &number, number.next, row->text);
        }
        return;
    }
    next = percent_behind(reader, number.next);
    if (next > 0) {
        read->kind = GW_PERCENT;
        read->tokens = next - read->first;
        read->text[0] = number.power > 0 ? '\0' : read->text[0];
        return;
    }
    bool large = number.power > 0 || number.decimal.digits > 99;
    if (read_currency_behind(reader, number.next, large, read) || read_age(reader, &number, read)) {
        return;
    }
    uint32_t behind = number.next + gw_reader_is_mark(reader, number.next, GW_MARK_HYPHEN);
    if (read_unit(reader, behind, &next, unit)) {
        set_quantity(read, &number, next, unit);
    } else {
        read_duration(reader, &number, read);
    }
}

/* "78th": not the day of a month, not a century. */
void gw_value_read_ordinal(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read) {
    struct number number;
    static const char *const endings[] = {"th", "st", "nd", "rd"};
    if (!gw_reader_is_number(reader, at) || !read_number(reader, at, 0, &number) || !number.certain) {
        return;
    }
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (gw_str_is(number.tail, endings[i]) && number.decimal.scale == 0) {
            read->kind = GW_QUANTITY;
            read->tokens = 1;
            if (gw_decimal_format(number.decimal, 0, read->text)) {
                gw_value_put(read->text, strlen(read->text), endings[i], 2);
            }
        }
    }
}

void gw_value_read_money(const struct gw_value_reader *reader, uint32_t at, struct gw_value_read *read) {
    read_currency_first(reader, at, read);
    if (read->tokens == 0) {
        gw_value_read_begin(read, at);
        read_glued(reader, at, read);
    }
}
