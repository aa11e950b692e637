/* Digits come from the C library in scientific notation; where the point goes is decided here, so that no
 * locale's decimal point gets into the text. */
#include "schemas/number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

bool gw_number_parse(struct gw_str text, double *out) {
    char terminated[GW_NUMBER_CHARS_MAX + 1];
    if (text.size > GW_NUMBER_CHARS_MAX) {
        return false;
    }
    memcpy(terminated, text.data, text.size);
    terminated[text.size] = '\0';
    /* The library has "C" at hand: this takes no memory. */
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (plain == (locale_t)0) {
        return false;
    }
    *out = strtod_l(terminated, NULL, plain);
    freelocale(plain);
    return isfinite(*out);
}

/* Significant digits that any double needs at most, and that every normal double has room for at least. */
#define DIGITS_MOST  17
#define DIGITS_LEAST 15

struct decimal {
    char digits[DIGITS_MOST + 1]; /* without trailing zeros */
    int count;
    int exponent; /* of the first digit */
};

/* `number` is positive and finite. */
static void round_to(double number, int count, struct decimal *out) {
    char text[GW_NUMBER_SIZE];
    snprintf(text, sizeof text, "%.*e", count - 1, number);
    const char *at = text;
    out->count = 0;
    for (; *at != 'e'; at++) {
        if (*at >= '0' && *at <= '9') {
            out->digits[out->count++] = *at;
        }
    }
    while (out->count > 1 && out->digits[out->count - 1] == '0') {
        out->count--;
    }
    out->digits[out->count] = '\0';
    out->exponent = (int)strtol(at + 1, NULL, 10);
}

static bool reads_back(const struct decimal *decimal, double number) {
    char text[GW_NUMBER_SIZE];
    double read;
    int size = snprintf(text, sizeof text, "%se%d", decimal->digits, decimal->exponent - decimal->count + 1);
    return gw_number_parse((struct gw_str){text, (size_t)size}, &read) && read == number;
}

static void shortest(double number, struct decimal *out) {
    int count = number < DBL_MIN ? 1 : DIGITS_LEAST;
    do {
        round_to(number, count++, out);
    } while (count <= DIGITS_MOST && !reads_back(out, number));
}

/* Number::toString of ECMA-262, section 6.1.6.1.20. */
static size_t lay_out(const struct decimal *d, char *out) {
    int point = d->exponent + 1; /* digits in front of the point */
    int size;
    if (point > 21 || point < -5) {
        size =
            snprintf(out, GW_NUMBER_SIZE - 1, "%c%s%s", d->digits[0], d->count > 1 ? "." : "", d->digits + 1);
        size += snprintf(out + size, (size_t)(GW_NUMBER_SIZE - 1 - size), "e%+d", d->exponent);
    } else if (point <= 0) {
        size = snprintf(out, GW_NUMBER_SIZE - 1, "0.%.*s%s", -point, "00000", d->digits);
    } else if (point >= d->count) {
        size =
            snprintf(out, GW_NUMBER_SIZE - 1, "%s%.*s", d->digits, point - d->count, "00000000000000000000");
    } else {
        size = snprintf(out, GW_NUMBER_SIZE - 1, "%.*s.%s", point, d->digits, d->digits + point);
    }
    return (size_t)size;
}

/* Most numbers that we write are scores. `*e4` / 10000 reads back as `number`, and no text of it is shorter.
 */
static bool as_e4(double number, int32_t *e4) {
    if (!(fabs(number) < INT32_MAX / 10000) || (number == 0 && signbit(number))) {
        return false;
    }
    *e4 = (int32_t)lrint(number * 10000);
    return *e4 / 10000.0 == number;
}

size_t gw_number_format(double number, char out[GW_NUMBER_SIZE]) {
    int32_t e4;
    if (as_e4(number, &e4)) {
        return gw_number_format_e4(e4, out);
    }
    size_t sign = signbit(number) ? 1 : 0;
    struct decimal decimal;
    out[0] = '-';
    if (number == 0) {
        out[sign] = '0';
        out[sign + 1] = '\0';
        return sign + 1;
    }
    shortest(fabs(number), &decimal);
    return sign + lay_out(&decimal, out + sign);
}

size_t gw_number_format_uint(uint64_t number, char out[GW_NUMBER_SIZE]) {
    char digits[GW_NUMBER_SIZE];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    memcpy(out, digits + at, sizeof digits - at);
    out[sizeof digits - at] = '\0';
    return sizeof digits - at;
}

/* Writes the sign, if there is one; returns what is left to be written. */
static uint64_t put_sign(int64_t number, char *out, size_t *size) {
    *size = number < 0;
    out[0] = '-';
    return number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
}

size_t gw_number_format_int(int64_t number, char out[GW_NUMBER_SIZE]) {
    size_t sign;
    uint64_t magnitude = put_sign(number, out, &sign);
    return sign + gw_number_format_uint(magnitude, out + sign);
}

#define E4_ONE 10000

size_t gw_number_format_e4(int32_t e4, char out[GW_NUMBER_SIZE]) {
    size_t size;
    uint64_t magnitude = put_sign(e4, out, &size);
    size += gw_number_format_uint(magnitude / E4_ONE, out + size);
    unsigned fraction = (unsigned)(magnitude % E4_ONE);
    if (fraction > 0) {
        out[size++] = '.';
    }
    for (unsigned place = E4_ONE / 10; fraction > 0; place /= 10) {
        out[size++] = (char)('0' + fraction / place);
        fraction %= place;
    }
    out[size] = '\0';
    return size;
}
