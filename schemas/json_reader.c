/* Recursive descent, as deep as the limit allows. */
#include "schemas/json_reader.h"

#include "base/cursor.h"
#include "base/utf8.h"
#include "schemas/number.h"

#include <assert.h>
#include <ctype.h>

/* Of an array's or object's first piece of memory. */
#define FIRST_CAPACITY 4

struct reader {
    struct gw_cursor cursor;
    const struct gw_limits *limits;
    struct gw_arena *arena;
    struct gw_error *error;
    size_t items_left;
};

static enum gw_status read_value(struct reader *reader, size_t depth, struct gw_value *out);

static size_t position_of(const struct reader *reader, const void *at) {
    return (size_t)((const uint8_t *)at - reader->cursor.start);
}

/* What stands at the cursor is not what it should be. */
static enum gw_status fail_expected(struct reader *reader, const char *expected) {
    size_t position = gw_cursor_position(&reader->cursor);
    int next = gw_cursor_peek(&reader->cursor);
    if (next < 0) {
        return gw_fail(reader->error, GW_TRUNCATED, position, "the text ends where %s is expected", expected);
    }
    if (next > ' ' && next < 0x7F) {
        return gw_fail(reader->error, GW_MALFORMED, position, "'%c' where %s is expected", next, expected);
    }
    return gw_fail(reader->error, GW_MALFORMED, position, "byte 0x%02X where %s is expected", (unsigned)next,
                   expected);
}

static enum gw_status no_memory(struct reader *reader) {
    return gw_fail(reader->error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for the message's values");
}

static void skip_space(struct gw_cursor *cursor) {
    while (cursor->at < cursor->end &&
           (*cursor->at == ' ' || *cursor->at == '\n' || *cursor->at == '\r' || *cursor->at == '\t')) {
        cursor->at++;
    }
}

/* Takes the character if it comes next. */
static bool take_char(struct gw_cursor *cursor, char c) {
    if (gw_cursor_peek(cursor) != c) {
        return false;
    }
    cursor->at++;
    return true;
}

static int hex_digit(int c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool take_hex4(struct gw_cursor *cursor, uint32_t *out) {
    *out = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(gw_cursor_peek(cursor));
        if (digit < 0) {
            return false;
        }
        *out = *out << 4 | (uint32_t)digit;
        cursor->at++;
    }
    return true;
}

/* What follows "\u": one code point, or two escapes that make one. */
static enum gw_status read_unicode(struct reader *reader, struct gw_cursor *cursor, char **to) {
    size_t position = position_of(reader, cursor->at) - 2;
    uint32_t unit, low;
    if (!take_hex4(cursor, &unit)) {
        return gw_fail(reader->error, GW_MALFORMED, position, "\\u is not followed by four hex digits");
    }
    if (unit >= 0xD800 && unit < 0xDC00 && take_char(cursor, '\\') && take_char(cursor, 'u') &&
        take_hex4(cursor, &low) && low >= 0xDC00 && low < 0xE000) {
        unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
    size_t size = gw_utf8_encode(unit, *to);
    *to += size;
    return size > 0 ? GW_OK
                    : gw_fail(reader->error, GW_BAD_UTF8, position, "an escape is half a surrogate pair");
}

static enum gw_status read_escape(struct reader *reader, struct gw_cursor *cursor, char **to) {
    static const char names[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    int name = gw_cursor_peek(cursor);
    if (name == 'u') {
        cursor->at++;
        return read_unicode(reader, cursor, to);
    }
    const char *found = name > 0 ? strchr(names, name) : NULL;
    if (!found) {
        return gw_fail(reader->error, GW_MALFORMED, position_of(reader, cursor->at) - 1,
                       "a string has an unknown escape");
    }
    cursor->at++;
    *(*to)++ = meanings[found - names];
    return GW_OK;
}

/* `raw` is what stands between the quotes. Escapes never make a text longer. */
static enum gw_status unescape(struct reader *reader, struct gw_str raw, struct gw_str *out) {
    char *to = gw_arena_take(reader->arena, raw.size);
    if (!to) {
        return no_memory(reader);
    }
    out->data = to;
    struct gw_cursor cursor = gw_cursor_over(raw.data, raw.size);
    while (gw_cursor_left(&cursor) > 0) {
        const uint8_t *escape = memchr(cursor.at, '\\', gw_cursor_left(&cursor));
        size_t plain = escape ? (size_t)(escape - cursor.at) : gw_cursor_left(&cursor);
        memcpy(to, cursor.at, plain);
        to += plain;
        cursor.at += plain;
        if (escape) {
            cursor.at++;
            enum gw_status status = read_escape(reader, &cursor, &to);
            if (status != GW_OK) {
                return status;
            }
        }
    }
    out->size = (size_t)(to - out->data);
    return GW_OK;
}

/* Takes all up to the closing quote, and the quote. */
static enum gw_status take_raw(struct reader *reader, struct gw_str *raw, bool *escapes) {
    const uint8_t *start = reader->cursor.at, *at = start, *end = reader->cursor.end;
    *escapes = false;
    for (; at < end && *at != '"'; at++) {
        if (*at < ' ') {
            reader->cursor.at = at;
            return fail_expected(reader, "a character of a string");
        }
        if (*at == '\\') {
            *escapes = true;
            at += at + 1 < end; /* an escaped quote does not close the string */
        }
    }
    if (at == end) {
        reader->cursor.at = end;
        return fail_expected(reader, "the end of a string");
    }
    *raw = (struct gw_str){(const char *)start, (size_t)(at - start)};
    reader->cursor.at = at + 1;
    return GW_OK;
}

static enum gw_status read_string(struct reader *reader, struct gw_value *out) {
    out->type = GW_STRING;
    out->position = (uint32_t)gw_cursor_position(&reader->cursor);
    if (!take_char(&reader->cursor, '"')) {
        return fail_expected(reader, "a string");
    }
    struct gw_str raw = {NULL, 0};
    bool escapes;
    enum gw_status status = take_raw(reader, &raw, &escapes);
    if (status != GW_OK) {
        return status;
    }
    size_t valid = gw_utf8_valid_prefix(raw);
    if (valid < raw.size) {
        return gw_fail(reader->error, GW_BAD_UTF8, position_of(reader, raw.data + valid),
                       "a string is not valid UTF-8");
    }
    out->as.bytes = raw;
    status = escapes ? unescape(reader, raw, &out->as.bytes) : GW_OK;
    if (status == GW_OK && out->as.bytes.size > reader->limits->string_bytes) {
        return gw_fail(reader->error, GW_TOO_LARGE, out->position, "a string has %zu bytes, more than %zu",
                       out->as.bytes.size, reader->limits->string_bytes);
    }
    return status;
}

/* At least one digit. */
static bool take_digits(struct gw_cursor *cursor) {
    const uint8_t *start = cursor->at;
    while (isdigit(gw_cursor_peek(cursor))) {
        cursor->at++;
    }
    return cursor->at > start;
}

/* Follows the grammar of section 6; *integer says that there was neither fraction nor exponent. */
static enum gw_status take_number(struct reader *reader, bool *integer) {
    struct gw_cursor *cursor = &reader->cursor;
    *integer = true;
    take_char(cursor, '-');
    if (!take_char(cursor, '0') && !take_digits(cursor)) {
        return fail_expected(reader, "a digit");
    }
    if (take_char(cursor, '.')) {
        *integer = false;
        if (!take_digits(cursor)) {
            return fail_expected(reader, "a digit");
        }
    }
    if (take_char(cursor, 'e') || take_char(cursor, 'E')) {
        *integer = false;
        if (!take_char(cursor, '+')) {
            take_char(cursor, '-');
        }
        if (!take_digits(cursor)) {
            return fail_expected(reader, "a digit");
        }
    }
    return GW_OK;
}

/* False when the integer fits neither int64 nor uint64, or is -0. */
static bool set_integer(struct gw_str text, struct gw_value *out) {
    bool negative = text.data[0] == '-';
    uint64_t number = 0;
    for (size_t i = negative; i < text.size; i++) {
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, (uint64_t)(text.data[i] - '0'), &number)) {
            return false;
        }
    }
    if (negative) {
        out->type = GW_INT;
        out->as.integer = (int64_t)(0 - number);
        return number > 0 && number <= (uint64_t)INT64_MAX + 1;
    }
    out->type = number > INT64_MAX ? GW_UINT : GW_INT;
    out->as.unsigned_integer = number;
    return true;
}

static enum gw_status read_number(struct reader *reader, struct gw_value *out) {
    const char *start = (const char *)reader->cursor.at;
    bool integer;
    enum gw_status status = take_number(reader, &integer);
    if (status != GW_OK) {
        return status;
    }
    struct gw_str text = {start, (size_t)((const char *)reader->cursor.at - start)};
    if (integer && set_integer(text, out)) {
        return GW_OK;
    }
    out->type = GW_DOUBLE;
    if (!gw_number_parse(text, &out->as.number)) {
        return gw_fail(reader->error, GW_BAD_VALUE, out->position, "a number is too long or too large");
    }
    return GW_OK;
}

static enum gw_status read_word(struct reader *reader, struct gw_value *out) {
    static const struct {
        struct gw_str text;
        struct gw_value value;
    } words[] = {
        {{"null", 4}, {.type = GW_NIL}},
        {{"true", 4}, {.type = GW_BOOL, .as.boolean = true}},
        {{"false", 5}, {.type = GW_BOOL, .as.boolean = false}},
    };
    struct gw_str left = {(const char *)reader->cursor.at, gw_cursor_left(&reader->cursor)};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct gw_str text = words[i].text;
        size_t shared = left.size < text.size ? left.size : text.size;
        if (shared == 0 || memcmp(left.data, text.data, shared) != 0) {
            continue;
        }
        reader->cursor.at += shared;
        out->type = words[i].value.type;
        out->as = words[i].value.as;
        return shared == text.size ? GW_OK : fail_expected(reader, "the rest of a word");
    }
    return fail_expected(reader, "a value");
}

/* Counts one more value of the message (or a key and its value), and makes room for it in an array of
 * `size`-byte elements. */
static enum gw_status make_room(struct reader *reader, void **elements, size_t count, size_t size) {
    size_t values = size / sizeof(struct gw_value);
    if (reader->items_left < values) {
        return gw_fail(reader->error, GW_TOO_MANY, gw_cursor_position(&reader->cursor),
                       "the message has more than %zu values", reader->limits->items);
    }
    reader->items_left -= values;
    /* Full exactly without memory and at the powers of two from FIRST_CAPACITY on. */
    bool full = !*elements || (count >= FIRST_CAPACITY && (count & (count - 1)) == 0);
    if (!full) {
        return GW_OK;
    }
    void *grown = gw_arena_grow(reader->arena, *elements, count, count ? 2 * count : FIRST_CAPACITY, size);
    if (!grown) {
        return no_memory(reader);
    }
    *elements = grown;
    return GW_OK;
}

/* After an item: a comma (*more) or the closing character. */
static enum gw_status read_separator(struct reader *reader, char closing, bool *more) {
    skip_space(&reader->cursor);
    *more = take_char(&reader->cursor, ',');
    if (*more || take_char(&reader->cursor, closing)) {
        return GW_OK;
    }
    return fail_expected(reader, closing == ']' ? "',' or ']'" : "',' or '}'");
}

static enum gw_status read_items(struct reader *reader, size_t depth, struct gw_value *out) {
    out->type = GW_ARRAY;
    void *items = NULL;
    skip_space(&reader->cursor);
    bool more = !take_char(&reader->cursor, ']');
    while (more) {
        enum gw_status status = make_room(reader, &items, out->count, sizeof(struct gw_value));
        if (status == GW_OK) {
            assert(items);
            status = read_value(reader, depth, (struct gw_value *)items + out->count);
        }
        if (status == GW_OK) {
            status = read_separator(reader, ']', &more);
        }
        if (status != GW_OK) {
            return status;
        }
        out->count++;
    }
    out->as.items = items;
    return GW_OK;
}

/* A key, a colon, a value. */
static enum gw_status read_pair(struct reader *reader, size_t depth, struct gw_pair *pair) {
    *pair = (struct gw_pair){.key = {.type = GW_STRING}};
    skip_space(&reader->cursor);
    enum gw_status status = read_string(reader, &pair->key);
    if (status != GW_OK) {
        return status;
    }
    skip_space(&reader->cursor);
    if (!take_char(&reader->cursor, ':')) {
        return fail_expected(reader, "':'");
    }
    return read_value(reader, depth, &pair->value);
}

static enum gw_status check_keys(struct reader *reader, const struct gw_value *map) {
    size_t index;
    if (map->count < 2) {
        return GW_OK;
    }
    assert(map->as.pairs);
    if (!gw_pairs_find_duplicate(map->as.pairs, map->count, reader->arena, &index)) {
        return no_memory(reader);
    }
    return index == map->count ? GW_OK
                               : gw_fail(reader->error, GW_DUPLICATE_KEY, map->as.pairs[index].key.position,
                                         "an object has this key twice");
}

static enum gw_status read_pairs(struct reader *reader, size_t depth, struct gw_value *out) {
    out->type = GW_MAP;
    void *pairs = NULL;
    skip_space(&reader->cursor);
    bool more = !take_char(&reader->cursor, '}');
    while (more) {
        enum gw_status status = make_room(reader, &pairs, out->count, sizeof(struct gw_pair));
        if (status == GW_OK && out->count >= reader->limits->keys) {
            return gw_fail(reader->error, GW_TOO_MANY, gw_cursor_position(&reader->cursor),
                           "an object has more than %zu keys", reader->limits->keys);
        }
        if (status == GW_OK) {
            assert(pairs);
            status = read_pair(reader, depth, (struct gw_pair *)pairs + out->count);
        }
        if (status == GW_OK) {
            status = read_separator(reader, '}', &more);
        }
        if (status != GW_OK) {
            return status;
        }
        out->count++;
    }
    out->as.pairs = pairs;
    return check_keys(reader, out);
}

/* `depth` is how many levels of arrays and objects may still be opened. */
static enum gw_status read_value(struct reader *reader, size_t depth, struct gw_value *out) {
    skip_space(&reader->cursor);
    *out = (struct gw_value){.position = (uint32_t)gw_cursor_position(&reader->cursor)};
    int next = gw_cursor_peek(&reader->cursor);
    if (next == '"') {
        return read_string(reader, out);
    }
    if (next == '-' || isdigit(next)) {
        return read_number(reader, out);
    }
    if (next != '{' && next != '[') {
        return read_word(reader, out);
    }
    if (depth == 0) {
        return gw_fail(reader->error, GW_TOO_DEEP, out->position, "values are nested too deep");
    }
    reader->cursor.at++;
    return next == '{' ? read_pairs(reader, depth - 1, out) : read_items(reader, depth - 1, out);
}

static void skip_byte_order_mark(struct gw_cursor *cursor) {
    static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};
    if (gw_cursor_left(cursor) >= sizeof mark && memcmp(cursor->at, mark, sizeof mark) == 0) {
        cursor->at += sizeof mark;
    }
}

enum gw_status gw_json_read(struct gw_str message, const struct gw_limits *limits, struct gw_arena *arena,
                            struct gw_value *out, struct gw_error *error) {
    struct reader reader = {gw_cursor_over(message.data, message.size), limits, arena, error, limits->items};
    skip_byte_order_mark(&reader.cursor);
    skip_space(&reader.cursor);
    if (gw_cursor_left(&reader.cursor) == 0) {
        return gw_fail(error, GW_EMPTY, 0, "the message is empty");
    }
    size_t depth = limits->depth < GW_LIMIT_DEPTH_MAX ? limits->depth : GW_LIMIT_DEPTH_MAX;
    enum gw_status status = read_value(&reader, depth, out);
    if (status != GW_OK) {
        return status;
    }
    skip_space(&reader.cursor);
    if (gw_cursor_left(&reader.cursor) > 0) {
        return gw_fail(error, GW_TRAILING_BYTES, gw_cursor_position(&reader.cursor),
                       "%zu bytes follow the value", gw_cursor_left(&reader.cursor));
    }
    return GW_OK;
}
