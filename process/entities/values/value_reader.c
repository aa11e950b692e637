/* Numbers in the text, and looking at tokens. */
#include "process/entities/values/value_reader.h"

#include "process/entities/values/value_words.h"

/* More digits are no amount that people write. */
#define DIGITS_MOST 15

/* Of any number of 64 bits. */
#define DIGITS_SHOWN 20

int gw_reader_number_word(const struct gw_value_reader *reader, uint32_t at, uint32_t *next) {
    if (!gw_reader_has(reader, at, GW_WORD(NUMBER_WORD))) {
        return -1;
    }
    const struct gw_value_word *tens = gw_value_word_find(GW_VALUE_NUMBERS, gw_reader_text(reader, at));
    *next = at + 1;
    if (!tens || tens->number < 20) {
        return tens ? tens->number : -1;
    }
    uint32_t behind = at + 1 + gw_reader_is_mark(reader, at + 1, GW_MARK_HYPHEN);
    const struct gw_value_word *ones =
        gw_reader_has(reader, behind, GW_WORD(NUMBER_WORD))
            ? gw_value_word_find(GW_VALUE_NUMBERS, gw_reader_text(reader, behind))
            : NULL;
    if (!ones || ones->number < 1 || ones->number > 9) {
        return tens->number;
    }
    *next = behind + 1;
    return tens->number + ones->number;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Commas stand before groups of three digits (two in "1,00,000") and the last group has three. */
static bool commas_are_sound(struct gw_str s) {
    size_t since = 0;
    bool seen = false;
    for (size_t i = 0; i < s.size && (is_digit(s.data[i]) || s.data[i] == ','); i++) {
        if (s.data[i] != ',') {
            since++;
        } else if (since == 0 || since > 3 || (seen && since < 2)) {
            return false;
        } else {
            seen = true;
            since = 0;
        }
    }
    return !seen || since == 3;
}

bool gw_decimal_parse(struct gw_str s, struct gw_decimal *out, struct gw_str *tail) {
    *out = (struct gw_decimal){0, 0};
    int digits = 0;
    bool point = false;
    size_t i = 0;
    for (; i < s.size; i++) {
        char c = s.data[i];
        if (is_digit(c)) {
            out->digits = out->digits * 10 + (uint64_t)(c - '0');
            out->scale += point;
            if (++digits > DIGITS_MOST) {
                return false;
            }
        } else if (c == '.' && !point) {
            point = true;
        } else if (c != ',' || point) {
            break;
        }
    }
    *tail = gw_str_sub(s, i, s.size);
    for (size_t k = 0; k < tail->size; k++) {
        char c = (char)(tail->data[k] | 0x20);
        if (c < 'a' || c > 'z') {
            return false;
        }
    }
    return digits > 0 && commas_are_sound(s);
}

bool gw_decimal_format(struct gw_decimal decimal, int power, char out[GW_VALUE_TEXT_MAX]) {
    while (power > 0 && decimal.scale > 0) {
        decimal.scale--;
        power--;
    }
    for (; power > 0; power--) {
        if (decimal.digits > UINT64_MAX / 100) {
            return false;
        }
        decimal.digits *= 10;
    }
    while (decimal.scale > 0 && decimal.digits % 10 == 0) {
        decimal.digits /= 10;
        decimal.scale--;
    }
    if (decimal.scale > DIGITS_MOST) {
        return false;
    }
    char digits[DIGITS_SHOWN + 1] = "", *first = digits + DIGITS_SHOWN;
    do { /* at least one in front of the point */
        *--first = (char)('0' + decimal.digits % 10);
        decimal.digits /= 10;
    } while (decimal.digits > 0 || digits + DIGITS_SHOWN - first <= decimal.scale);
    size_t whole = (size_t)(digits + DIGITS_SHOWN - first - decimal.scale);
    size_t size = gw_value_put(out, 0, first, whole);
    size = gw_value_put(out, size, decimal.scale > 0 ? "." : "", 1);
    gw_value_put(out, size, first + whole, DIGITS_SHOWN);
    return true;
}
