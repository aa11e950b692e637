/* Commas, line breaks and escapes. */
#include "schemas/json_writer.h"

#include "base/utf8.h"
#include "schemas/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* What the next token has in front of it. */
enum state {
    STATE_FIRST, /* nothing: it is the first of its map or array, or the whole text */
    STATE_NEXT,  /* a comma */
    STATE_VALUE  /* its key */
};

static void put(struct gw_writer *writer, const char *data, size_t size) {
    gw_buffer_append(writer->out, data, size);
}

static void put_char(struct gw_writer *writer, char c) {
    put(writer, &c, 1);
}

static void put_line_break(struct gw_writer *writer) {
    if (writer->indent > 0) {
        gw_buffer_appendf(writer->out, "\n%*s", (int)(writer->indent * writer->depth), "");
    }
}

/* Before a key, an item or the whole text. */
static void begin(struct gw_writer *writer) {
    if (writer->state == STATE_NEXT) {
        put_char(writer, ',');
    }
    if (writer->state != STATE_VALUE && writer->depth > 0) {
        put_line_break(writer);
    }
    writer->state = STATE_NEXT;
}

static void open_with(struct gw_writer *writer, char bracket) {
    begin(writer);
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

static void write_map(struct gw_writer *writer, size_t pairs) {
    (void)pairs;
    open_with(writer, '{');
}

static void write_end_map(struct gw_writer *writer) {
    close_with(writer, '}');
}

static void write_array(struct gw_writer *writer, size_t items) {
    (void)items;
    open_with(writer, '[');
}

static void write_end_array(struct gw_writer *writer) {
    close_with(writer, ']');
}

static void end_key(struct gw_writer *writer) {
    put(writer, ": ", writer->indent > 0 ? 2 : 1);
    writer->state = STATE_VALUE;
}

static void write_key(struct gw_writer *writer, struct gw_str name) {
    begin(writer);
    uint8_t *to = gw_buffer_reserve(writer->out, name.size + 2);
    if (to) {
        to[0] = '"';
        memcpy(to + 1, name.data, name.size);
        to[1 + name.size] = '"';
        writer->out->size += name.size + 2;
    }
    end_key(writer);
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

/* Between quotes; runs without escapes are copied whole. */
static void put_quoted(struct gw_writer *writer, struct gw_str string) {
    size_t done = 0;
    put_char(writer, '"');
    for (size_t i = 0; i < string.size; i++) {
        if (escape_of((unsigned char)string.data[i])) {
            put(writer, string.data + done, i - done);
            put_escape(writer, (unsigned char)string.data[i]);
            done = i + 1;
        }
    }
    if (done < string.size) {
        put(writer, string.data + done, string.size - done);
    }
    put_char(writer, '"');
}

static void write_string(struct gw_writer *writer, struct gw_str string) {
    begin(writer);
    put_quoted(writer, string);
}

static void write_nil(struct gw_writer *writer) {
    begin(writer);
    put(writer, "null", 4);
}

static void write_boolean(struct gw_writer *writer, bool boolean) {
    begin(writer);
    gw_buffer_append_str(writer->out, boolean ? GW_STR("true") : GW_STR("false"));
}

static void write_integer(struct gw_writer *writer, int64_t integer) {
    char text[GW_NUMBER_SIZE];
    begin(writer);
    put(writer, text, (size_t)snprintf(text, sizeof text, "%" PRId64, integer));
}

static void write_unsigned(struct gw_writer *writer, uint64_t integer) {
    char text[GW_NUMBER_SIZE];
    begin(writer);
    put(writer, text, (size_t)snprintf(text, sizeof text, "%" PRIu64, integer));
}

static void write_e4(struct gw_writer *writer, int32_t e4) {
    char text[GW_NUMBER_SIZE];
    begin(writer);
    put(writer, text, gw_number_format_e4(e4, text));
}

static void write_number(struct gw_writer *writer, double number) {
    char text[GW_NUMBER_SIZE];
    if (isfinite(number)) {
        begin(writer);
        put(writer, text, gw_number_format(number, text));
        return;
    }
    const char *name = isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
    write_map(writer, 1);
    write_key(writer, GW_STR("$float"));
    write_string(writer, gw_str_from(name));
    write_end_map(writer);
}

static void write_single(struct gw_writer *writer, float number) {
    write_number(writer, (double)number);
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

static void write_base64(struct gw_writer *writer, struct gw_str bytes) {
    begin(writer);
    put_base64(writer, bytes);
}

static void write_bin(struct gw_writer *writer, struct gw_str bytes) {
    write_map(writer, 1);
    write_key(writer, GW_STR("$bin"));
    write_base64(writer, bytes);
    write_end_map(writer);
}

static void write_bytes(struct gw_writer *writer, struct gw_str bytes) {
    if (gw_utf8_is_valid(bytes)) {
        write_string(writer, bytes);
    } else {
        write_bin(writer, bytes);
    }
}

static void write_ext(struct gw_writer *writer, int8_t type, struct gw_str bytes) {
    write_map(writer, 1);
    write_key(writer, GW_STR("$ext"));
    write_array(writer, 2);
    write_integer(writer, type);
    write_base64(writer, bytes);
    write_end_array(writer);
    write_end_map(writer);
}

/* A scalar that is no string as the text of a key. */
static void put_quoted_scalar(struct gw_writer *writer, const struct gw_value *key) {
    if (key->type == GW_BIN) {
        put_base64(writer, key->as.bytes);
        return;
    }
    char text[GW_NUMBER_SIZE] = "null";
    if (key->type == GW_BOOL) {
        snprintf(text, sizeof text, "%s", key->as.boolean ? "true" : "false");
    } else if (key->type == GW_INT) {
        snprintf(text, sizeof text, "%" PRId64, key->as.integer);
    } else if (key->type == GW_UINT) {
        snprintf(text, sizeof text, "%" PRIu64, key->as.unsigned_integer);
    } else if (key->type != GW_NIL && isfinite(key->as.number)) {
        gw_number_format(key->as.number, text);
    } else if (key->type != GW_NIL) {
        snprintf(text, sizeof text, "%s",
                 isnan(key->as.number) ? "NaN"
                 : key->as.number > 0  ? "Infinity"
                                       : "-Infinity");
    }
    put_quoted(writer, gw_str_from(text));
}

static void write_key_value(struct gw_writer *writer, const struct gw_value *key) {
    begin(writer);
    if (key->type == GW_STRING) {
        put_quoted(writer, key->as.bytes);
    } else {
        put_quoted_scalar(writer, key);
    }
    end_key(writer);
}

void gw_json_writer_init(struct gw_writer *writer, struct gw_buffer *out, unsigned indent) {
    static const struct gw_writer_ops ops = {
        .map = write_map,
        .end_map = write_end_map,
        .array = write_array,
        .end_array = write_end_array,
        .key = write_key,
        .key_value = write_key_value,
        .nil = write_nil,
        .boolean = write_boolean,
        .integer = write_integer,
        .unsigned_integer = write_unsigned,
        .e4 = write_e4,
        .number = write_number,
        .single = write_single,
        .string = write_string,
        .bin = write_bin,
        .bytes = write_bytes,
        .ext = write_ext,
    };
    *writer = (struct gw_writer){.ops = &ops, .out = out, .indent = indent, .state = STATE_FIRST};
}
