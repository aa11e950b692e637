/* The text form of positions. */
#include "schemas/position.h"

#include <assert.h>
#include <stdio.h>

/* One row per kind: its prefix, and whether a partition stands in front of the number. */
static const struct form {
    const char *prefix;
    bool has_partition;
} forms[] = {
    [GW_POSITION_NONE] = {"", false},        [GW_POSITION_KAFKA] = {"kafka:", true},
    [GW_POSITION_ACKED] = {"acked:", false}, [GW_POSITION_HUB] = {"hub:", false},
    [GW_POSITION_FILE] = {"file:", false},
};
#define FORM_COUNT (sizeof forms / sizeof forms[0])

/* "/", a partition, "/", a number and the terminator. */
#define NUMBERS_MAX 40

static bool is_plain(unsigned char byte) {
    return byte > ' ' && byte < 0x7F && byte != '%';
}

/* Writes as much of the escaped name as leaves room for the numbers. */
static size_t write_name(struct gw_str name, char *out, size_t size) {
    size_t at = 0;
    for (size_t i = 0; i < name.size && at + 3 <= size; i++) {
        unsigned char byte = (unsigned char)name.data[i];
        if (is_plain(byte)) {
            out[at++] = (char)byte;
            continue;
        }
        out[at++] = '%';
        out[at++] = "0123456789ABCDEF"[byte >> 4];
        out[at++] = "0123456789ABCDEF"[byte & 15];
    }
    return at;
}

size_t gw_position_format(const struct gw_position *position, char out[GW_POSITION_TEXT_MAX]) {
    const struct form *form = &forms[position->kind];
    struct gw_str prefix = gw_str_from(form->prefix);
    memcpy(out, prefix.data, prefix.size + 1);
    if (position->kind == GW_POSITION_NONE) {
        return 0;
    }
    size_t at = prefix.size;
    at += write_name(position->name, out + at, GW_POSITION_TEXT_MAX - NUMBERS_MAX - at);
    char numbers[NUMBERS_MAX];
    int size = form->has_partition ? snprintf(numbers, sizeof numbers, "/%d/%lld", position->partition,
                                              (long long)position->number)
                                   : snprintf(numbers, sizeof numbers, "/%lld", (long long)position->number);
    memcpy(out + at, numbers, (size_t)size + 1);
    return at + (size_t)size;
}

/* Cuts the number behind the last '/' off `text`. It is written as format writes it: no sign, no leading
 * zero. */
static bool cut_number(struct gw_str *text, int64_t most, int64_t *out) {
    assert(text->data);
    size_t slash = text->size;
    while (slash > 0 && text->data[slash - 1] != '/') {
        slash--;
    }
    if (slash == 0 || slash == text->size || (text->data[slash] == '0' && slash + 1 < text->size)) {
        return false;
    }
    int64_t number = 0;
    for (size_t i = slash; i < text->size; i++) {
        int digit = text->data[i] - '0';
        if (digit < 0 || digit > 9 || number > (most - digit) / 10) {
            return false;
        }
        number = number * 10 + digit;
    }
    text->size = slash - 1;
    *out = number;
    return true;
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool read_name(struct gw_str text, char *out, size_t *size) {
    size_t at = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] != '%') {
            if (!is_plain((unsigned char)text.data[i])) {
                return false;
            }
            out[at++] = text.data[i];
            continue;
        }
        int high = i + 2 < text.size ? hex_digit(text.data[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text.data[i + 2]) : -1;
        if (low < 0) {
            return false;
        }
        out[at++] = (char)(high << 4 | low);
        i += 2;
    }
    *size = at;
    return true;
}

static enum gw_position_kind kind_of(struct gw_str text) {
    for (size_t i = GW_POSITION_NONE + 1; i < FORM_COUNT; i++) {
        size_t size = strlen(forms[i].prefix);
        if (text.size >= size && memcmp(text.data, forms[i].prefix, size) == 0) {
            return (enum gw_position_kind)i;
        }
    }
    return GW_POSITION_NONE;
}

enum gw_status gw_position_parse(struct gw_str text, struct gw_position *out,
                                 char name_out[GW_POSITION_TEXT_MAX]) {
    bool fits = text.data && text.size < GW_POSITION_TEXT_MAX;
    enum gw_position_kind kind = fits ? kind_of(text) : GW_POSITION_NONE;
    if (kind == GW_POSITION_NONE) {
        return GW_MALFORMED;
    }
    struct gw_str rest = gw_str_sub(text, strlen(forms[kind].prefix), text.size);
    int64_t number, partition = 0;
    size_t size;
    if (!cut_number(&rest, INT64_MAX, &number) ||
        (forms[kind].has_partition && !cut_number(&rest, INT32_MAX, &partition)) ||
        !read_name(rest, name_out, &size)) {
        return GW_MALFORMED;
    }
    *out = (struct gw_position){kind, {name_out, size}, (int32_t)partition, number};
    return GW_OK;
}
