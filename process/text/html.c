/* After the HTML standard's tokeniser, without its trees. */
#include "process/text/html.h"

#include "base/utf8.h"
#include "process/text/html_names.h"

#include <stdlib.h>
#include <strings.h>

#define RUNS_LEAST 32U

#define TAG_NAME_MAX 12U

/* "&#x10FFFF;" with some zeros before the digits. */
#define REFERENCE_DIGITS_MAX 16U

#define SOFT_HYPHEN    0xADU
#define NO_BREAK_SPACE 0xA0U

enum gap { GAP_NONE, GAP_SPACE, GAP_LINE, GAP_PARAGRAPH };

struct reader {
    struct gw_str html;
    size_t at;
    struct gw_arena *arena;
    struct gw_html *out;
    char *text;
    uint32_t size;         /* of the text */
    size_t capacity;       /* of the runs */
    enum gap gap;          /* before the next character */
    uint32_t gap_html;     /* where it began */
    uint32_t copied;       /* the HTML behind what was copied last, which may go on */
    uint32_t preformatted; /* open <pre> */
    bool hidden_lost;      /* there is no more closing tag of a hidden part */
};

enum tag_rule { TAG_INLINE, TAG_LINE, TAG_BLOCK, TAG_RAW, TAG_HIDDEN, TAG_PRE };

struct tag {
    char name[TAG_NAME_MAX + 1];
    enum tag_rule rule;
};

/* Sorted. Raw ones have no tags inside but their own closing one. */
static const struct tag tags[] = {
    {"address", TAG_BLOCK},   {"article", TAG_BLOCK},  {"aside", TAG_BLOCK},      {"blockquote", TAG_BLOCK},
    {"body", TAG_BLOCK},      {"br", TAG_LINE},        {"button", TAG_HIDDEN},    {"caption", TAG_BLOCK},
    {"dd", TAG_BLOCK},        {"details", TAG_BLOCK},  {"div", TAG_BLOCK},        {"dl", TAG_BLOCK},
    {"dt", TAG_BLOCK},        {"fieldset", TAG_BLOCK}, {"figcaption", TAG_BLOCK}, {"figure", TAG_BLOCK},
    {"footer", TAG_BLOCK},    {"form", TAG_BLOCK},     {"h1", TAG_BLOCK},         {"h2", TAG_BLOCK},
    {"h3", TAG_BLOCK},        {"h4", TAG_BLOCK},       {"h5", TAG_BLOCK},         {"h6", TAG_BLOCK},
    {"head", TAG_BLOCK},      {"header", TAG_BLOCK},   {"hr", TAG_BLOCK},         {"html", TAG_BLOCK},
    {"iframe", TAG_RAW},      {"legend", TAG_BLOCK},   {"li", TAG_BLOCK},         {"main", TAG_BLOCK},
    {"nav", TAG_HIDDEN},      {"noframes", TAG_RAW},   {"noscript", TAG_RAW},     {"ol", TAG_BLOCK},
    {"option", TAG_BLOCK},    {"p", TAG_BLOCK},        {"pre", TAG_PRE},          {"script", TAG_RAW},
    {"section", TAG_BLOCK},   {"select", TAG_HIDDEN},  {"style", TAG_RAW},        {"summary", TAG_BLOCK},
    {"svg", TAG_HIDDEN},      {"table", TAG_BLOCK},    {"tbody", TAG_BLOCK},      {"td", TAG_BLOCK},
    {"template", TAG_HIDDEN}, {"textarea", TAG_RAW},   {"tfoot", TAG_BLOCK},      {"th", TAG_BLOCK},
    {"thead", TAG_BLOCK},     {"title", TAG_RAW},      {"tr", TAG_BLOCK},         {"ul", TAG_BLOCK},
    {"video", TAG_HIDDEN},
};

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static char byte_at(const struct reader *reader, size_t at) {
    return at < reader->html.size ? reader->html.data[at] : '\0';
}

static bool starts_with(const struct reader *reader, size_t at, const char *text) {
    size_t size = strlen(text);
    return at <= reader->html.size && reader->html.size - at >= size &&
           strncasecmp(reader->html.data + at, text, size) == 0;
}

static struct gw_html_run *add_run(struct reader *reader) {
    struct gw_html *out = reader->out;
    if (out->run_count == reader->capacity) {
        size_t wanted = reader->capacity + reader->capacity / 2 + RUNS_LEAST;
        struct gw_html_run *grown =
            gw_arena_grow(reader->arena, out->runs, reader->capacity, wanted, sizeof *out->runs);
        if (!grown) {
            return NULL;
        }
        out->runs = grown;
        reader->capacity = wanted;
    }
    return &out->runs[out->run_count++];
}

/* Appends what `html_size` bytes at `html` mean; a copy goes on with the last run where it can. */
static enum gw_status append(struct reader *reader, const char *bytes, uint32_t size, size_t html,
                             uint32_t html_size) {
    bool copy = size == html_size;
    if (copy && reader->copied == html && reader->out->run_count > 0) {
        reader->out->runs[reader->out->run_count - 1].html_size += size;
    } else {
        struct gw_html_run *run = add_run(reader);
        if (!run) {
            return GW_NO_MEMORY;
        }
        *run = (struct gw_html_run){reader->size, (uint32_t)html, html_size};
    }
    memcpy(reader->text + reader->size, bytes, size);
    reader->size += size;
    reader->copied = copy ? (uint32_t)html + html_size : UINT32_MAX;
    return GW_OK;
}

static void widen_gap(struct reader *reader, enum gap gap) {
    if (reader->gap == GAP_NONE) {
        reader->gap_html = (uint32_t)reader->at;
    }
    reader->gap = gap > reader->gap ? gap : reader->gap;
}

/* The white space that waits before a character at `html`. None begins the text. */
static enum gw_status append_gap(struct reader *reader, size_t html) {
    static const char *const gaps[] = {"", " ", "\n", "\n\n"};
    enum gap gap = reader->size == 0 ? GAP_NONE : reader->gap;
    reader->gap = GAP_NONE;
    if (gap == GAP_NONE) {
        return GW_OK;
    }
    return append(reader, gaps[gap], (uint32_t)strlen(gaps[gap]), reader->gap_html,
                  (uint32_t)html - reader->gap_html);
}

static enum gw_status append_visible(struct reader *reader, const char *bytes, uint32_t size, size_t html,
                                     uint32_t html_size) {
    enum gw_status status = append_gap(reader, html);
    return status == GW_OK ? append(reader, bytes, size, html, html_size) : status;
}

/* Moves behind the next `text` at or after `at`, or to the end. */
static void skip_behind(struct reader *reader, size_t at, const char *text) {
    size_t size = strlen(text);
    const char *found =
        at < reader->html.size ? memmem(reader->html.data + at, reader->html.size - at, text, size) : NULL;
    reader->at = found ? (size_t)(found - reader->html.data) + size : reader->html.size;
}

/* Moves behind the '>' of the tag whose inside begins at `at`; one inside a quoted value does not count. */
static void skip_tag(struct reader *reader, size_t at) {
    while (at < reader->html.size && reader->html.data[at] != '>') {
        if (reader->html.data[at++] != '=') {
            continue;
        }
        while (is_space(byte_at(reader, at))) {
            at++;
        }
        char quote = byte_at(reader, at);
        if (quote == '"' || quote == '\'') {
            const char *close = memchr(reader->html.data + at + 1, quote, reader->html.size - at - 1);
            at = close ? (size_t)(close - reader->html.data) + 1 : reader->html.size;
        }
    }
    reader->at = at < reader->html.size ? at + 1 : reader->html.size;
}

/* The closing tag of `name` at or after `at`, or the end. */
static size_t find_closing(const struct reader *reader, size_t at, const char *name) {
    while (at < reader->html.size) {
        const char *next = memchr(reader->html.data + at, '<', reader->html.size - at);
        at = next ? (size_t)(next - reader->html.data) : reader->html.size;
        if (byte_at(reader, at + 1) == '/' && starts_with(reader, at + 2, name) &&
            !is_letter(byte_at(reader, at + 2 + strlen(name)))) {
            return at;
        }
        at += at < reader->html.size;
    }
    return at;
}

static int compare_tags(const void *key, const void *row) {
    return strcmp(key, ((const struct tag *)row)->name);
}

/* The name at `at` in small letters; longer names are cut, so that none is equal. */
static enum tag_rule rule_at(const struct reader *reader, size_t at, char name[TAG_NAME_MAX + 1]) {
    size_t size = 0;
    while (size < TAG_NAME_MAX &&
           (is_letter(byte_at(reader, at + size)) || is_digit(byte_at(reader, at + size)))) {
        char c = byte_at(reader, at + size);
        name[size++] = is_letter(c) ? (char)(c | 0x20) : c;
    }
    name[size] = '\0';
    const struct tag *tag = bsearch(name, tags, sizeof tags / sizeof *tags, sizeof *tags, compare_tags);
    return tag ? tag->rule : TAG_INLINE;
}

/* What is inside a part that is not shown. One that is never closed hides nothing, and then none behind it
 * does. */
static void skip_hidden(struct reader *reader, const char *name) {
    if (reader->hidden_lost) {
        return;
    }
    size_t closing = find_closing(reader, reader->at, name);
    if (closing == reader->html.size) {
        reader->hidden_lost = true;
    } else {
        skip_tag(reader, closing);
    }
}

/* At a '<' that begins a tag, comment or the like; moves behind it and what it hides. */
static void skip_markup(struct reader *reader) {
    static const enum gap gaps[] = {
        [TAG_INLINE] = GAP_NONE,   [TAG_LINE] = GAP_LINE,        [TAG_BLOCK] = GAP_PARAGRAPH,
        [TAG_RAW] = GAP_PARAGRAPH, [TAG_HIDDEN] = GAP_PARAGRAPH, [TAG_PRE] = GAP_PARAGRAPH};
    size_t at = reader->at + 1;
    if (starts_with(reader, at, "!--")) {
        skip_behind(reader, at + 3, "-->");
        return;
    }
    bool closes = byte_at(reader, at) == '/';
    char name[TAG_NAME_MAX + 1];
    enum tag_rule rule = rule_at(reader, at + closes, name);
    if (gaps[rule] != GAP_NONE) {
        widen_gap(reader, gaps[rule]);
    }
    skip_tag(reader, at + closes);
    if (rule == TAG_PRE) {
        reader->preformatted = closes ? 0 : 1;
    } else if (rule == TAG_RAW && !closes) {
        skip_tag(reader, find_closing(reader, reader->at, name));
    } else if (rule == TAG_HIDDEN && !closes) {
        skip_hidden(reader, name);
    }
}

static bool begins_markup(const struct reader *reader) {
    char next = byte_at(reader, reader->at + 1);
    return is_letter(next) || next == '!' || next == '?' ||
           (next == '/' && is_letter(byte_at(reader, reader->at + 2)));
}

/* The digits of "&#233;" or "&#xE9;" from `at` on; `*size` counts them. */
static uint32_t read_digits(const struct reader *reader, size_t at, unsigned base, size_t *size) {
    uint32_t code = 0;
    for (*size = 0; *size < REFERENCE_DIGITS_MAX; ++*size) {
        char c = byte_at(reader, at + *size), small = (char)(c | 0x20);
        unsigned digit = is_digit(c)                    ? (unsigned)(c - '0')
                         : small >= 'a' && small <= 'f' ? (unsigned)(small - 'a') + 10
                                                        : base;
        if (digit >= base) {
            break;
        }
        code = code > 0x10FFFF ? code : code * base + digit;
    }
    return code;
}

/* "&ampT": the oldest names need no semicolon. */
static size_t read_unended(const struct reader *reader, size_t at, uint32_t *codepoint) {
    static const char *const names[] = {"amp", "lt", "gt", "quot", "nbsp"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t size = strlen(names[i]);
        if (reader->html.size - at >= size && memcmp(reader->html.data + at, names[i], size) == 0) {
            *codepoint = gw_html_named(gw_str_from(names[i]));
            return 1 + size;
        }
    }
    return 0;
}

/* The character that the reference at the '&' here means, and the reference's size; 0 when it is none: then
 * the '&' is a character itself. The closing semicolon may be missing behind a number, and behind the oldest
 * names. */
static size_t read_reference(const struct reader *reader, uint32_t *codepoint) {
    size_t at = reader->at + 1, size = 0;
    if (byte_at(reader, at) == '#') {
        bool hex = (byte_at(reader, at + 1) | 0x20) == 'x';
        uint32_t code = read_digits(reader, at + 1 + hex, hex ? 16 : 10, &size);
        *codepoint = gw_html_numbered(code);
        at += 1U + hex + size;
        return size == 0 ? 0 : at + (byte_at(reader, at) == ';') - reader->at;
    }
    while (size < GW_HTML_NAME_MAX &&
           (is_letter(byte_at(reader, at + size)) || is_digit(byte_at(reader, at + size)))) {
        size++;
    }
    *codepoint =
        byte_at(reader, at + size) == ';' ? gw_html_named(gw_str_sub(reader->html, at, at + size)) : 0;
    return *codepoint != 0 ? size + sizeof "&;" - 1 : read_unended(reader, at, codepoint);
}

static enum gw_status take_reference(struct reader *reader, size_t size, uint32_t codepoint) {
    char bytes[4];
    size_t html = reader->at;
    if (codepoint == NO_BREAK_SPACE || codepoint == ' ' || codepoint == '\n' || codepoint == '\t' ||
        codepoint == '\r') {
        widen_gap(reader, GAP_SPACE);
        reader->at += size;
        return GW_OK;
    }
    reader->at += size;
    if (codepoint == SOFT_HYPHEN) {
        return GW_OK;
    }
    uint32_t bytes_size = (uint32_t)gw_utf8_encode(codepoint, bytes);
    return append_visible(reader, bytes, bytes_size, html, (uint32_t)size);
}

static void take_space(struct reader *reader) {
    bool line = reader->preformatted && reader->html.data[reader->at] == '\n';
    enum gap wider = reader->gap == GAP_LINE ? GAP_PARAGRAPH : GAP_LINE;
    widen_gap(reader, line ? wider : GAP_SPACE);
    reader->at++;
}

/* Bytes up to the next that may mean something. */
static enum gw_status take_plain(struct reader *reader) {
    size_t start = reader->at++;
    while (reader->at < reader->html.size) {
        char c = reader->html.data[reader->at];
        if (c == '<' || c == '&' ||
            (is_space(c) && (c != ' ' || is_space(byte_at(reader, reader->at + 1)) ||
                             byte_at(reader, reader->at + 1) == '<'))) {
            break;
        }
        reader->at++;
    }
    uint32_t size = (uint32_t)(reader->at - start);
    return append_visible(reader, reader->html.data + start, size, start, size);
}

static enum gw_status take_next(struct reader *reader) {
    char c = reader->html.data[reader->at];
    uint32_t codepoint;
    if (c == '<' && begins_markup(reader)) {
        skip_markup(reader);
        return GW_OK;
    }
    size_t size = c == '&' ? read_reference(reader, &codepoint) : 0;
    if (size > 0) {
        return take_reference(reader, size, codepoint);
    }
    if (is_space(c)) {
        take_space(reader);
        return GW_OK;
    }
    return take_plain(reader);
}

enum gw_status gw_html_read(struct gw_str html, struct gw_arena *arena, struct gw_html *out) {
    struct reader reader = {.html = html, .arena = arena, .out = out, .copied = UINT32_MAX};
    *out = (struct gw_html){{NULL, 0}, NULL, 0};
    reader.text = gw_arena_take(arena, html.size + 1); /* no part of HTML means more bytes than it has */
    enum gw_status status = reader.text ? GW_OK : GW_NO_MEMORY;
    while (status == GW_OK && reader.at < html.size) {
        status = take_next(&reader);
    }
    out->text = (struct gw_str){reader.text, reader.size};
    return status;
}

/* The run that has the text's byte `at`: the last that begins at or before it. */
static uint32_t run_with(const struct gw_html *html, uint32_t at) {
    uint32_t low = 0, high = html->run_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (html->runs[middle].text <= at) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static uint32_t text_end(const struct gw_html *html, uint32_t run) {
    return run + 1 < html->run_count ? html->runs[run + 1].text : (uint32_t)html->text.size;
}

static bool is_copy(const struct gw_html *html, uint32_t run) {
    return text_end(html, run) - html->runs[run].text == html->runs[run].html_size;
}

struct gw_span gw_html_to_given(const struct gw_html *html, struct gw_span span) {
    if (html->run_count == 0) {
        return (struct gw_span){0, 0, span.field};
    }
    uint32_t first = run_with(html, span.start);
    const struct gw_html_run *run = &html->runs[first];
    uint32_t start = run->html + (is_copy(html, first)                  ? span.start - run->text
                                  : span.start >= text_end(html, first) ? run->html_size
                                                                        : 0);
    if (span.end <= span.start) {
        return (struct gw_span){start, start, span.field};
    }
    uint32_t last = run_with(html, span.end - 1);
    run = &html->runs[last];
    uint32_t end = run->html + (is_copy(html, last) ? span.end - run->text : run->html_size);
    return (struct gw_span){start, end, span.field};
}

/* The first byte of the text that comes from the HTML's byte `at` or from behind it. */
static uint32_t text_from(const struct gw_html *html, uint32_t at) {
    uint32_t low = 0, high = html->run_count;
    while (low < high) { /* the first run that ends behind `at` */
        uint32_t middle = low + (high - low) / 2;
        if (html->runs[middle].html + html->runs[middle].html_size <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == html->run_count) {
        return (uint32_t)html->text.size;
    }
    const struct gw_html_run *run = &html->runs[low];
    if (at <= run->html) {
        return run->text;
    }
    if (is_copy(html, low)) {
        return run->text + (at - run->html);
    }
    return is_space(html->text.data[run->text]) ? text_end(html, low) : run->text;
}

struct gw_span gw_html_to_text(const struct gw_html *html, struct gw_span span) {
    uint32_t start = text_from(html, span.start), end = text_from(html, span.end);
    if (span.end > span.start && end > 0) { /* a reference that the span cuts is whole */
        uint32_t run = run_with(html, end < html->text.size ? end : end - 1);
        bool cut = !is_copy(html, run) && html->runs[run].html < span.end && text_end(html, run) > end;
        end = cut ? text_end(html, run) : end;
    }
    return (struct gw_span){start, end > start ? end : start, span.field};
}
