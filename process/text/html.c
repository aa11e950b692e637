/* A skipper of tags after the HTML standard's tokeniser, without its trees. */
#include "process/text/html.h"

#include <strings.h>

#define PIECES_LEAST 16U

#define TAG_NAME_MAX 16U

/* "&CounterClockwiseContourIntegral;" is the longest name. */
#define REFERENCE_MAX 34U

struct skipper {
    struct gw_str html;
    size_t at;
    struct gw_arena *arena;
    struct gw_piece *pieces;
    size_t count, capacity;
    uint16_t gap; /* of the next piece */
};

enum tag_rule { TAG_INLINE, TAG_LINE, TAG_BLOCK, TAG_HIDDEN };

static const struct tag {
    const char *name;
    enum tag_rule rule;
} tags[] = {
    {"br", TAG_LINE},          {"p", TAG_BLOCK},       {"div", TAG_BLOCK},        {"li", TAG_BLOCK},
    {"ul", TAG_BLOCK},         {"ol", TAG_BLOCK},      {"h1", TAG_BLOCK},         {"h2", TAG_BLOCK},
    {"h3", TAG_BLOCK},         {"h4", TAG_BLOCK},      {"h5", TAG_BLOCK},         {"h6", TAG_BLOCK},
    {"tr", TAG_BLOCK},         {"td", TAG_BLOCK},      {"th", TAG_BLOCK},         {"table", TAG_BLOCK},
    {"blockquote", TAG_BLOCK}, {"article", TAG_BLOCK}, {"section", TAG_BLOCK},    {"header", TAG_BLOCK},
    {"footer", TAG_BLOCK},     {"figure", TAG_BLOCK},  {"figcaption", TAG_BLOCK}, {"hr", TAG_BLOCK},
    {"pre", TAG_BLOCK},        {"nav", TAG_BLOCK},     {"aside", TAG_BLOCK},      {"main", TAG_BLOCK},
    {"dl", TAG_BLOCK},         {"dt", TAG_BLOCK},      {"dd", TAG_BLOCK},         {"form", TAG_BLOCK},
    {"body", TAG_BLOCK},       {"head", TAG_BLOCK},    {"html", TAG_BLOCK},       {"script", TAG_HIDDEN},
    {"style", TAG_HIDDEN},     {"title", TAG_HIDDEN},  {"template", TAG_HIDDEN},
};

static enum gw_status add_piece(struct skipper *skipper, size_t start, size_t end) {
    if (start == end) {
        return GW_OK;
    }
    if (skipper->count == skipper->capacity) {
        size_t wanted = skipper->capacity * 2 + PIECES_LEAST;
        struct gw_piece *grown = gw_arena_grow(skipper->arena, skipper->pieces, skipper->capacity, wanted,
                                               sizeof *skipper->pieces);
        if (!grown) {
            return GW_NO_MEMORY;
        }
        skipper->pieces = grown;
        skipper->capacity = wanted;
    }
    skipper->pieces[skipper->count++] = (struct gw_piece){(uint32_t)start, (uint32_t)end, skipper->gap};
    skipper->gap = 0;
    return GW_OK;
}

static bool is_ascii_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_ascii_digit(char c) {
    return c >= '0' && c <= '9';
}

static char byte_at(const struct skipper *skipper, size_t at) {
    return at < skipper->html.size ? skipper->html.data[at] : '\0';
}

static bool starts_with(const struct skipper *skipper, size_t at, const char *text) {
    size_t size = strlen(text);
    return skipper->html.size - at >= size && strncasecmp(skipper->html.data + at, text, size) == 0;
}

/* Moves behind the next `text` at or after `at`, or to the end. */
static void skip_behind(struct skipper *skipper, size_t at, const char *text) {
    size_t size = strlen(text);
    const char *found = memmem(skipper->html.data + at, skipper->html.size - at, text, size);
    skipper->at = found ? (size_t)(found - skipper->html.data) + size : skipper->html.size;
}

/* Moves behind the '>' of the tag whose inside begins at `at`; one inside a quoted value does not count. */
static void skip_tag(struct skipper *skipper, size_t at) {
    while (at < skipper->html.size && skipper->html.data[at] != '>') {
        if (skipper->html.data[at++] != '=') {
            continue;
        }
        while (byte_at(skipper, at) == ' ') {
            at++;
        }
        char quote = byte_at(skipper, at);
        if (quote == '"' || quote == '\'') {
            const char *close = memchr(skipper->html.data + at + 1, quote, skipper->html.size - at - 1);
            at = close ? (size_t)(close - skipper->html.data) + 1 : skipper->html.size;
        }
    }
    skipper->at = at < skipper->html.size ? at + 1 : at;
}

static enum tag_rule rule_of(const char *name) {
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        if (strcasecmp(tags[i].name, name) == 0) {
            return tags[i].rule;
        }
    }
    return TAG_INLINE;
}

static bool closes_tag(const struct skipper *skipper, size_t at, const char *name) {
    return starts_with(skipper, at, "</") && starts_with(skipper, at + 2, name);
}

/* Moves behind the closing tag of a script and the like, or to the end. */
static void skip_hidden(struct skipper *skipper, const char *name) {
    size_t at = skipper->at;
    while (at < skipper->html.size && !closes_tag(skipper, at, name)) {
        const char *next = memchr(skipper->html.data + at + 1, '<', skipper->html.size - at - 1);
        at = next ? (size_t)(next - skipper->html.data) : skipper->html.size;
    }
    skip_tag(skipper, at);
}

/* At a '<' that begins a tag; moves behind it and what it hides, and says what gap it makes. */
static void skip_markup(struct skipper *skipper, uint16_t *gap) {
    size_t at = skipper->at + 1;
    if (starts_with(skipper, at, "!--")) {
        skip_behind(skipper, at + 3, "-->");
        return;
    }
    bool closes = byte_at(skipper, at) == '/';
    at += closes;
    char name[TAG_NAME_MAX + 1] = "";
    for (size_t i = 0; i < TAG_NAME_MAX; i++) {
        char c = byte_at(skipper, at + i);
        if (!is_ascii_letter(c) && !is_ascii_digit(c)) {
            break;
        }
        name[i] = c;
    }
    enum tag_rule rule = rule_of(name);
    skip_tag(skipper, at);
    if (rule == TAG_HIDDEN && !closes) {
        skip_hidden(skipper, name);
    }
    static const uint16_t gaps[] = {0, GW_SHAPE_LINE, GW_SHAPE_LINE | GW_SHAPE_PARAGRAPH,
                                    GW_SHAPE_LINE | GW_SHAPE_PARAGRAPH};
    *gap = gaps[rule];
}

static bool begins_markup(const struct skipper *skipper) {
    char next = byte_at(skipper, skipper->at + 1);
    return is_ascii_letter(next) || next == '!' || next == '?' ||
           (next == '/' && is_ascii_letter(byte_at(skipper, skipper->at + 2)));
}

/* The size of the character reference at the '&' here, or 0. */
static size_t reference_size(const struct skipper *skipper) {
    size_t start = byte_at(skipper, skipper->at + 1) == '#' ? 2 : 1;
    size_t size = start;
    while (size < REFERENCE_MAX && (is_ascii_letter(byte_at(skipper, skipper->at + size)) ||
                                    is_ascii_digit(byte_at(skipper, skipper->at + size)))) {
        size++;
    }
    return size > start && byte_at(skipper, skipper->at + size) == ';' ? size + 1 : 0;
}

/* Skips what is not visible here; false when nothing was: the byte is text. */
static bool skip_invisible(struct skipper *skipper, uint16_t *gap) {
    if (skipper->html.data[skipper->at] == '<' && begins_markup(skipper)) {
        skip_markup(skipper, gap);
        return true;
    }
    size_t size = skipper->html.data[skipper->at] == '&' ? reference_size(skipper) : 0;
    skipper->at += size;
    *gap = GW_SHAPE_SPACE;
    return size > 0;
}

enum gw_status gw_html_pieces(struct gw_str html, struct gw_piece **pieces, size_t *count,
                              struct gw_arena *arena) {
    struct skipper skipper = {.html = html, .arena = arena};
    enum gw_status status = GW_OK;
    size_t start = 0;
    while (skipper.at < html.size && status == GW_OK) {
        size_t end = skipper.at;
        uint16_t gap = 0;
        if (skip_invisible(&skipper, &gap)) {
            status = add_piece(&skipper, start, end);
            skipper.gap |= gap;
            start = skipper.at;
        } else {
            skipper.at++;
        }
    }
    if (status == GW_OK) {
        status = add_piece(&skipper, start, skipper.at);
    }
    *pieces = skipper.pieces;
    *count = skipper.count;
    return status;
}
