/* Money, percentages and quantities. */
#include "process/entities/value_reader.h"

#include <stdio.h>
#include <strings.h>

/* What multiplies a number, and what currencies are called without doubt. "$" alone and "pounds" are not in
 * it: many countries have them. */
static const struct {
    const char *word;
    int power;
} magnitudes[] = {
    {"thousand", 3}, {"million", 6}, {"billion", 9}, {"trillion", 12}, {"crore", 7},
    {"crores", 7},   {"lakh", 5},    {"lakhs", 5},   {"k", 3},         {"m", 6},
    {"mn", 6},       {"b", 9},       {"bn", 9},      {"tn", 12},
};

static const struct {
    const char *word;
    const char *code;
} currencies[] = {
    {"€", "EUR"},        {"euro", "EUR"},  {"euros", "EUR"},  {"£", "GBP"},       {"¢", ""},
    {"₹", "INR"},        {"₦", "NGN"},     {"₩", "KRW"},      {"₽", "RUB"},     {"₴", "UAH"},
    {"₫", "VND"},        {"฿", "THB"},     {"₪", "ILS"},      {"₱", "PHP"},       {"₡", "CRC"},
    {"₺", "TRY"},        {"₵", "GHS"},     {"USD", "USD"},    {"EUR", "EUR"},     {"GBP", "GBP"},
    {"JPY", "JPY"},      {"CNY", "CNY"},   {"RMB", "CNY"},    {"INR", "INR"},     {"RUB", "RUB"},
    {"KRW", "KRW"},      {"ZAR", "ZAR"},   {"NGN", "NGN"},    {"GHS", "GHS"},     {"KES", "KES"},
    {"CHF", "CHF"},      {"AUD", "AUD"},   {"CAD", "CAD"},    {"NZD", "NZD"},     {"HKD", "HKD"},
    {"SGD", "SGD"},      {"AED", "AED"},   {"SAR", "SAR"},    {"yen", "JPY"},     {"yuan", "CNY"},
    {"renminbi", "CNY"}, {"ruble", "RUB"}, {"rubles", "RUB"}, {"roubles", "RUB"}, {"naira", "NGN"},
    {"cedi", "GHS"},     {"cedis", "GHS"}, {"baht", "THB"},   {"ringgit", "MYR"}, {"hryvnia", "UAH"},
    {"shekels", "ILS"},  {"zloty", "PLN"}, {"forint", "HUF"}, {"taka", "BDT"},
};

/* What units are written as, and what they are. */
static const struct {
    const char *word;
    const char *unit;
} units[] = {
    {"kilometer", "km"}, {"kilometers", "km"},  {"kilometre", "km"},   {"kilometres", "km"},
    {"km", "km"},        {"meter", "m"},        {"meters", "m"},       {"metre", "m"},
    {"metres", "m"},     {"centimeters", "cm"}, {"centimetres", "cm"}, {"cm", "cm"},
    {"mm", "mm"},        {"mile", "mi"},        {"miles", "mi"},       {"feet", "ft"},
    {"foot", "ft"},      {"inch", "in"},        {"inches", "in"},      {"kilogram", "kg"},
    {"kilograms", "kg"}, {"kilos", "kg"},       {"kg", "kg"},          {"grams", "g"},
    {"hectare", "ha"},   {"hectares", "ha"},    {"acre", "acre"},      {"acres", "acre"},
    {"liter", "l"},      {"liters", "l"},       {"litre", "l"},        {"litres", "l"},
    {"megawatt", "MW"},  {"megawatts", "MW"},   {"MW", "MW"},          {"gigawatts", "GW"},
    {"kilowatts", "kW"}, {"kph", "km/h"},       {"mph", "mph"},        {"barrels", "bbl"},
};

#define FIND(table, field, key)                                                                              \
    for (size_t i = 0; i < sizeof(table) / sizeof *(table); i++) {                                           \
        if ((key).size == strlen((table)[i].word) &&                                                         \
            strncasecmp((key).data, (table)[i].word, (key).size) == 0) {                                     \
            return (table)[i].field;                                                                         \
        }                                                                                                    \
    }

static int find_power(struct gw_str word) {
    FIND(magnitudes, power, word)
    return 0;
}

static const char *find_code(struct gw_str word) {
    FIND(currencies, code, word)
    return "";
}

static const char *find_unit(struct gw_str word) {
    FIND(units, unit, word)
    return "";
}

/* A number with its magnitude: "7.2 billion", "30bn", "5-million". */
struct number {
    struct gw_decimal decimal;
    int power;
    bool certain;
    struct gw_str tail; /* letters behind the digits that are no magnitude */
    uint32_t next;
};

static bool read_number(const struct gw_value_reader *reader, uint32_t at, struct number *number) {
    if (!gw_reader_is_number(reader, at)) {
        return false;
    }
    *number = (struct number){.next = at + 1};
    number->certain = gw_decimal_parse(gw_reader_text(reader, at), &number->decimal, &number->tail);
    if (number->certain && number->tail.size > 0) {
        number->power = find_power(number->tail);
        number->tail.size = number->power > 0 ? 0 : number->tail.size;
        return true;
    }
    uint32_t behind = number->next + gw_reader_is_mark(reader, number->next, GW_MARK_HYPHEN);
    if (gw_reader_has(reader, behind, GW_WORD(MAGNITUDE))) {
        number->power = find_power(gw_reader_text(reader, behind));
        number->certain = number->certain && number->power > 0;
        number->next = behind + 1;
    }
    return true;
}

static struct gw_value_read money_read(uint32_t at, const struct number *number, uint32_t next,
                                       const char *code) {
    struct gw_value_read read = {GW_MONEY, next - at, ""};
    char amount[GW_VALUE_TEXT_MAX];
    if (number->certain && code[0] != '\0' && gw_decimal_format(number->decimal, number->power, amount)) {
        snprintf(read.text, sizeof read.text, "%.40s %s", amount, code);
    }
    return read;
}

/* "US" in "US$5" or "5 US dollars". */
static bool is_american(const struct gw_value_reader *reader, uint32_t at) {
    return gw_reader_is(reader, at, "US") || gw_reader_is(reader, at, "U.S.");
}

/* "$5", "US$7.2 billion", "Rs 500", "USD 2.5 million". */
static struct gw_value_read read_currency_first(const struct gw_value_reader *reader, uint32_t at) {
    struct gw_value_read none = {GW_MONEY, 0, ""};
    const struct gw_token *token = gw_reader_token(reader, at);
    bool prefix = token->kind == GW_TOKEN_WORD && gw_reader_is_mark(reader, at + 1, GW_MARK_CURRENCY) &&
                  gw_token_touches(reader->text, at + 1) && (token->shape & GW_SHAPE_CAPITAL) &&
                  token->end - token->start <= 3;
    uint32_t currency = at + prefix;
    bool code = token->kind == GW_TOKEN_WORD && gw_reader_has(reader, at, GW_WORD(CURRENCY)) &&
                (token->shape & GW_SHAPE_CAPITAL);
    if (!gw_reader_is_mark(reader, currency, GW_MARK_CURRENCY) && !code) {
        return none;
    }
    struct number number;
    uint32_t amount = currency + 1 + gw_reader_is_mark(reader, currency + 1, GW_MARK_PERIOD);
    if (!read_number(reader, amount, &number)) {
        return none;
    }
    const char *found = prefix ? "" : find_code(gw_reader_text(reader, currency));
    if (prefix && is_american(reader, at) && gw_reader_is(reader, currency, "$")) {
        found = "USD";
    }
    return money_read(at, &number, number.next, found);
}

/* What follows a number and says what it counts. */
static struct gw_value_read read_number_first(const struct gw_value_reader *reader, uint32_t at) {
    struct gw_value_read read = {GW_QUANTITY, 0, ""};
    struct number number;
    if (!read_number(reader, at, &number) || number.tail.size > 0) {
        return read;
    }
    uint32_t next = number.next;
    bool per_cent = gw_reader_is(reader, next, "per") && gw_reader_is(reader, next + 1, "cent");
    if (per_cent || gw_reader_is_mark(reader, next, GW_MARK_PERCENT) ||
        gw_reader_is(reader, next, "percent")) {
        read = (struct gw_value_read){GW_PERCENT, next + 1 + per_cent - at, ""};
        if (number.certain && number.power == 0) {
            gw_decimal_format(number.decimal, 0, read.text);
        }
        return read;
    }
    bool american = is_american(reader, next);
    uint32_t word = next + (american || gw_reader_has(reader, next, GW_WORD(DEMONYM)));
    if (gw_reader_has(reader, word, GW_WORD(CURRENCY)) &&
        !(gw_reader_token(reader, word)->shape & GW_SHAPE_SINGLE)) {
        bool dollars = american && gw_reader_is(reader, word, "dollars");
        const char *code = dollars ? "USD" : word == next ? find_code(gw_reader_text(reader, word)) : "";
        return money_read(at, &number, word + 1, code);
    }
    uint32_t unit = next + gw_reader_is_mark(reader, next, GW_MARK_HYPHEN);
    if (gw_reader_has(reader, unit, GW_WORD(UNIT))) {
        char amount[GW_VALUE_TEXT_MAX];
        const char *known = find_unit(gw_reader_text(reader, unit));
        read.tokens = unit + 1 - at;
        if (number.certain && known[0] != '\0' && gw_decimal_format(number.decimal, number.power, amount)) {
            snprintf(read.text, sizeof read.text, "%.40s %s", amount, known);
        }
    }
    return read;
}

/* "5km": the unit touches its number. */
static struct gw_value_read read_touching(const struct gw_value_reader *reader, uint32_t at) {
    struct gw_value_read read = {GW_QUANTITY, 0, ""};
    struct number number;
    char amount[GW_VALUE_TEXT_MAX];
    if (!read_number(reader, at, &number) || !number.certain || number.tail.size == 0) {
        return read;
    }
    const char *unit = find_unit(number.tail);
    if (unit[0] != '\0' && gw_decimal_format(number.decimal, 0, amount)) {
        read.tokens = 1;
        snprintf(read.text, sizeof read.text, "%.40s %s", amount, unit);
    }
    return read;
}

struct gw_value_read gw_value_read_amount(const struct gw_value_reader *reader, uint32_t at) {
    static struct gw_value_read (*const readers[])(const struct gw_value_reader *, uint32_t) = {
        read_currency_first, read_number_first, read_touching};
    struct gw_value_read read = {GW_QUANTITY, 0, ""};
    for (size_t i = 0; read.tokens == 0 && i < sizeof readers / sizeof *readers; i++) {
        read = readers[i](reader, at);
    }
    return read;
}
