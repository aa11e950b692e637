/* Commas, line breaks and escapes. */
#include "schemas/json_writer.h"

#include "base/utf8.h"
#include "schemas/number.h"

#include <math.h>

/* What the next token has in front of it. */
enum state {
    STATE_FIRST, /* nothing: it is the first of its map or array, or the whole text */
    STATE_NEXT,  /* a comma */
    STATE_VALUE  /* its key */
};

static inline void put(struct gw_writer *writer, const char *data, size_t size) {
    struct gw_buffer *out = writer->out;
    if (out->failed == GW_OK && out->capacity - out->size > size && size > 0) {
        memcpy(out->data + out->size, data, size);
        out->size += size;
    } else {
        gw_buffer_append(out, data, size);
    }
}

static inline void put_char(struct gw_writer *writer, char c) {
    put(writer, &c, 1);
}

static void put_line_break(struct gw_writer *writer) {
    if (writer->indent > 0) {
        gw_buffer_appendf(writer->out, "\n%*s", (int)(writer->indent * writer->depth), "");
    }
}

/* Before a key, an item or the whole text. */
static void begin_token(struct gw_writer *writer) {
    if (writer->state == STATE_NEXT) {
        put_char(writer, ',');
    }
    if (writer->state != STATE_VALUE && writer->depth > 0) {
        put_line_break(writer);
    }
    writer->state = STATE_NEXT;
}

static void put_word(struct gw_writer *writer, const struct gw_term *word) {
    char quoted[sizeof *word + 2];
    quoted[0] = '"';
    memcpy(quoted + 1, word->text, sizeof word->text);
    quoted[1 + word->size] = '"';
    put(writer, quoted, word->size + 2u);
}

static void end_key(struct gw_writer *writer) {
    put(writer, ": ", writer->indent > 0 ? 2 : 1);
    writer->state = STATE_VALUE;
}

/* All up to a value. */
static void begin(struct gw_writer *writer, const struct gw_term *key) {
    begin_token(writer);
    if (key) {
        put_word(writer, key);
        end_key(writer);
        writer->state = STATE_NEXT;
    }
}

static void open_with(struct gw_writer *writer, const struct gw_term *key, char bracket) {
    begin(writer, key);
    put_char(writer, bracket);
    writer->depth++;
    writer->state = STATE_FIRST;
}

static void close_with(struct gw_writer *writer, char bracket) {
    writer->depth--;
    if (writer->state == STATE_NEXT) {
        put_line_break(writer);
    }
    put_char(writer, bracket);
    writer->state = STATE_NEXT;
}

static void write_map(struct gw_writer *writer, const struct gw_term *key, size_t pairs) {
    (void)pairs;
    open_with(writer, key, '{');
}

static void write_end_map(struct gw_writer *writer) {
    close_with(writer, '}');
}

static void write_array(struct gw_writer *writer, const struct gw_term *key, size_t items) {
    (void)items;
    open_with(writer, key, '[');
}

static void write_end_array(struct gw_writer *writer) {
    close_with(writer, ']');
}

/* The letter of a short escape, 'u' for \u00XX, 0 for what is written as it is. */
static char escape_of(unsigned char c) {
    static const char letters[' '] = {['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    if (c < ' ') {
        return letters[c] ? letters[c] : 'u';
    }
    return c == '"' || c == '\\' ? (char)c : '\0';
}

static void put_escape(struct gw_writer *writer, unsigned char c) {
    char letter = escape_of(c);
    if (letter == 'u') {
        gw_buffer_appendf(writer->out, "\\u%04x", c);
        return;
    }
    const char escape[2] = {'\\', letter};
    put(writer, escape, sizeof escape);
}

#define EACH_BYTE UINT64_C(0x0101010101010101)

/* The high bit of some byte is set if any is below `n` (at most 128); "Bit Twiddling Hacks", Sean Anderson.
 */
static uint64_t any_below(uint64_t word, unsigned n) {
    return (word - EACH_BYTE * n) & ~word & EACH_BYTE * 128;
}

/* How many bytes from `at` on need no escape. */
static size_t plain_run(struct gw_str string, size_t at) {
    size_t start = at;
    for (; string.size - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, string.data + at, sizeof word);
        if (any_below(word, ' ') | any_below(word ^ EACH_BYTE * '"', 1) |
            any_below(word ^ EACH_BYTE * '\\', 1)) {
            break;
        }
    }
    while (at < string.size && !escape_of((unsigned char)string.data[at])) {
        at++;
    }
    return at - start;
}

static void put_quoted(struct gw_writer *writer, struct gw_str string) {
    put_char(writer, '"');
    for (size_t at = 0; at < string.size;) {
        size_t run = plain_run(string, at);
        put(writer, string.data + at, run);
        at += run;
        if (at < string.size) {
            put_escape(writer, (unsigned char)string.data[at++]);
        }
    }
    put_char(writer, '"');
}

static void write_string(struct gw_writer *writer, const struct gw_term *key, struct gw_str string) {
    begin(writer, key);
    put_quoted(writer, string);
}

static void write_word(struct gw_writer *writer, const struct gw_term *key, const struct gw_term *word) {
    begin(writer, key);
    put_word(writer, word);
}

static void write_nil(struct gw_writer *writer, const struct gw_term *key) {
    begin(writer, key);
    put(writer, "null", 4);
}

static struct gw_str boolean_text(bool boolean) {
    return boolean ? GW_STR("true") : GW_STR("false");
}

static void write_boolean(struct gw_writer *writer, const struct gw_term *key, bool boolean) {
    struct gw_str text = boolean_text(boolean);
    begin(writer, key);
    put(writer, text.data, text.size);
}

static void write_integer(struct gw_writer *writer, const struct gw_term *key, int64_t integer) {
    char text[GW_NUMBER_SIZE];
    begin(writer, key);
    put(writer, text, gw_number_format_int(integer, text));
}

static void write_unsigned(struct gw_writer *writer, const struct gw_term *key, uint64_t integer) {
    char text[GW_NUMBER_SIZE];
    begin(writer, key);
    put(writer, text, gw_number_format_uint(integer, text));
}

static void write_e4(struct gw_writer *writer, const struct gw_term *key, int32_t e4) {
    char text[GW_NUMBER_SIZE];
    begin(writer, key);
    put(writer, text, gw_number_format_e4(e4, text));
}

/* How a double that JSON does not know is called. */
static const char *special_name(double number) {
    if (isnan(number)) {
        return "NaN";
    }
    return number > 0 ? "Infinity" : "-Infinity";
}

static const struct gw_term float_key = GW_TERM("$float");
static const struct gw_term bin_key = GW_TERM("$bin");
static const struct gw_term ext_key = GW_TERM("$ext");

static void write_number(struct gw_writer *writer, const struct gw_term *key, double number) {
    char text[GW_NUMBER_SIZE];
    if (isfinite(number)) {
        begin(writer, key);
        put(writer, text, gw_number_format(number, text));
        return;
    }
    write_map(writer, key, 1);
    write_string(writer, &float_key, gw_str_from(special_name(number)));
    write_end_map(writer);
}

static void write_single(struct gw_writer *writer, const struct gw_term *key, float number) {
    write_number(writer, key, (double)number);
}

/* Base 64 of RFC 4648, section 4, of up to three bytes. */
static void put_base64_group(uint8_t *to, const uint8_t *bytes, size_t count) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t group = (uint32_t)bytes[0] << 16;
    group |= count > 1 ? (uint32_t)bytes[1] << 8 : 0;
    group |= count > 2 ? bytes[2] : 0;
    for (size_t i = 0; i < 4; i++) {
        to[i] = (uint8_t)(i <= count ? digits[group >> (18 - 6 * i) & 63] : '=');
    }
}

static void put_base64(struct gw_writer *writer, struct gw_str bytes) {
    size_t size = (bytes.size + 2) / 3 * 4;
    uint8_t *to = gw_buffer_reserve(writer->out, size + 2);
    if (!to) {
        return;
    }
    *to++ = '"';
    for (size_t i = 0; i < bytes.size; i += 3, to += 4) {
        size_t left = bytes.size - i;
        put_base64_group(to, (const uint8_t *)bytes.data + i, left < 3 ? left : 3);
    }
    *to = '"';
    writer->out->size += size + 2;
}

static void write_base64(struct gw_writer *writer, const struct gw_term *key, struct gw_str bytes) {
    begin(writer, key);
    put_base64(writer, bytes);
}

static void write_bin(struct gw_writer *writer, const struct gw_term *key, struct gw_str bytes) {
    write_map(writer, key, 1);
    write_base64(writer, &bin_key, bytes);
    write_end_map(writer);
}

static void write_bytes(struct gw_writer *writer, const struct gw_term *key, struct gw_str bytes) {
    if (gw_utf8_is_valid(bytes)) {
        write_string(writer, key, bytes);
    } else {
        write_bin(writer, key, bytes);
    }
}

static void write_ext(struct gw_writer *writer, const struct gw_term *key, int8_t type, struct gw_str bytes) {
    write_map(writer, key, 1);
    write_array(writer, &ext_key, 2);
    write_integer(writer, NULL, type);
    write_base64(writer, NULL, bytes);
    write_end_array(writer);
    write_end_map(writer);
}

/* The text of a number, as a key. */
static struct gw_str number_text(const struct gw_value *key, char text[GW_NUMBER_SIZE]) {
    if (key->type == GW_INT) {
        return (struct gw_str){text, gw_number_format_int(key->as.integer, text)};
    }
    if (key->type == GW_UINT) {
        return (struct gw_str){text, gw_number_format_uint(key->as.unsigned_integer, text)};
    }
    if (!isfinite(key->as.number)) {
        return gw_str_from(special_name(key->as.number));
    }
    return (struct gw_str){text, gw_number_format(key->as.number, text)};
}

static void write_key_value(struct gw_writer *writer, const struct gw_value *key) {
    char text[GW_NUMBER_SIZE];
    begin_token(writer);
    if (key->type == GW_BIN) {
        put_base64(writer, key->as.bytes);
    } else if (key->type == GW_STRING) {
        put_quoted(writer, key->as.bytes);
    } else if (key->type == GW_NIL) {
        put_quoted(writer, GW_STR("null"));
    } else {
        put_quoted(writer, key->type == GW_BOOL ? boolean_text(key->as.boolean) : number_text(key, text));
    }
    end_key(writer);
}

void gw_json_writer_init(struct gw_writer *writer, struct gw_buffer *out, unsigned indent) {
    static const struct gw_writer_ops ops = {
        .map = write_map,
        .end_map = write_end_map,
        .array = write_array,
        .end_array = write_end_array,
        .nil = write_nil,
        .boolean = write_boolean,
        .integer = write_integer,
        .unsigned_integer = write_unsigned,
        .e4 = write_e4,
        .number = write_number,
        .single = write_single,
        .word = write_word,
        .string = write_string,
        .bin = write_bin,
        .bytes = write_bytes,
        .ext = write_ext,
        .key_value = write_key_value,
    };
    *writer = (struct gw_writer){.ops = &ops, .out = out, .indent = indent, .state = STATE_FIRST};
}
