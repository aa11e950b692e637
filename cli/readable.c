/* Walks over pieces, and over what lies between them. */
#include "cli/readable.h"

#include "base/utf8.h"

#include <stdlib.h>

/* Stands for a reference that is not known. */
#define UNKNOWN 0xfffd

/* The references that articles use. */
static const struct reference {
    const char *name;
    uint32_t codepoint;
} references[] = {
    {"amp", '&'},      {"lt", '<'},       {"gt", '>'},        {"quot", '"'},     {"apos", '\''},
    {"nbsp", ' '},     {"ldquo", 0x201c}, {"rdquo", 0x201d},  {"lsquo", 0x2018}, {"rsquo", 0x2019},
    {"ndash", 0x2013}, {"mdash", 0x2014}, {"hellip", 0x2026}, {"laquo", 0xab},   {"raquo", 0xbb},
    {"aacute", 0xe1},  {"eacute", 0xe9},  {"iacute", 0xed},   {"oacute", 0xf3},  {"uacute", 0xfa},
    {"agrave", 0xe0},  {"egrave", 0xe8},  {"ograve", 0xf2},   {"auml", 0xe4},    {"ouml", 0xf6},
    {"uuml", 0xfc},    {"szlig", 0xdf},   {"ntilde", 0xf1},   {"ccedil", 0xe7},  {"atilde", 0xe3},
    {"otilde", 0xf5},  {"acirc", 0xe2},   {"ecirc", 0xea},    {"ocirc", 0xf4},   {"aring", 0xe5},
    {"oslash", 0xf8},  {"aelig", 0xe6},   {"Eacute", 0xc9},   {"Ouml", 0xd6},    {"Uuml", 0xdc},
    {"Auml", 0xc4},    {"Aring", 0xc5},   {"euro", 0x20ac},   {"pound", 0xa3},   {"yen", 0xa5},
    {"middot", 0xb7},  {"bull", 0x2022},  {"deg", 0xb0},      {"copy", 0xa9},    {"reg", 0xae},
};

enum gw_status gw_readable_start(struct gw_readable *readable, const struct gw_article *article,
                                 enum gw_text_field field, struct gw_arena *arena) {
    *readable = (struct gw_readable){.text = gw_article_text(article, field)};
    if (field == GW_FIELD_BODY && gw_str_is(article->content_type, "text/html")) {
        return gw_html_pieces(readable->text, &readable->pieces, &readable->piece_count, arena);
    }
    readable->pieces = gw_arena_take(arena, sizeof *readable->pieces);
    if (!readable->pieces) {
        return GW_NO_MEMORY;
    }
    readable->pieces[0] = (struct gw_piece){.start = 0, .end = (uint32_t)readable->text.size};
    readable->piece_count = 1;
    return GW_OK;
}

/* The character that "amp" or "#x26" means; 0 when it is not known. */
static uint32_t meaning_of(struct gw_str name) {
    char digits[16] = "";
    char first[4];
    if (name.size > 1 && name.data[0] == '#' && name.size < sizeof digits) {
        memcpy(digits, name.data + 1, name.size - 1);
        bool hexadecimal = digits[0] == 'x' || digits[0] == 'X';
        unsigned long number = strtoul(digits + hexadecimal, NULL, hexadecimal ? 16 : 10);
        bool valid = number <= UINT32_MAX && gw_utf8_encode((uint32_t)number, first) > 0;
        return valid ? (uint32_t)number : 0;
    }
    for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
        if (gw_str_is(name, references[i].name)) {
            return references[i].codepoint;
        }
    }
    return 0;
}

/* At the '&' of a reference, which ends before `limit`. */
static void read_reference(const struct gw_readable *readable, uint32_t limit, struct gw_readable_char *out) {
    const char *data = readable->text.data;
    const char *semicolon = memchr(data + readable->at, ';', limit - readable->at);
    uint32_t name_end = semicolon ? (uint32_t)(semicolon - data) : limit;
    uint32_t codepoint = meaning_of(gw_str_sub(readable->text, readable->at + 1, name_end));
    *out = (struct gw_readable_char){codepoint ? codepoint : UNKNOWN, readable->at,
                                     semicolon ? name_end + 1 : limit};
}

static void read_character(const struct gw_readable *readable, struct gw_readable_char *out) {
    uint32_t size = (uint32_t)gw_utf8_decode(readable->text, readable->at, &out->codepoint);
    out->start = readable->at;
    out->end = readable->at + size;
}

/* Between pieces: a reference, or tags up to the next piece or the references right before it. False when
 * they show nothing. Scripts and the like are passed with the tags. */
static bool read_gap(const struct gw_readable *readable, uint32_t limit, uint16_t gap,
                     struct gw_readable_char *out) {
    if (readable->text.data[readable->at] == '&') {
        read_reference(readable, limit, out);
        return true;
    }
    const char *data = readable->text.data;
    const char *last = memrchr(data + readable->at, '>', limit - readable->at);
    *out = (struct gw_readable_char){'\n', readable->at, last ? (uint32_t)(last - data) + 1 : limit};
    return gap & GW_SHAPE_LINE;
}

bool gw_readable_next(struct gw_readable *readable, uint32_t end, struct gw_readable_char *out) {
    uint32_t size = (uint32_t)readable->text.size;
    end = end < size ? end : size;
    while (readable->at < end) {
        while (readable->piece < readable->piece_count &&
               readable->pieces[readable->piece].end <= readable->at) {
            readable->piece++;
        }
        bool last = readable->piece == readable->piece_count;
        const struct gw_piece *piece = last ? NULL : &readable->pieces[readable->piece];
        bool shown = true;
        if (piece && readable->at >= piece->start) {
            read_character(readable, out);
        } else {
            shown = read_gap(readable, piece ? piece->start : size, piece ? piece->gap : GW_SHAPE_LINE, out);
        }
        readable->at = out->end;
        if (shown) {
            return true;
        }
    }
    return false;
}
