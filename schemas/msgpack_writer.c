/* msgpack-c's packing routines, taken as the template that they are, so that they write straight to a
 * pointer: its own packer calls a function for every few bytes. Room is made once for a key and the head of
 * its value. */
#include "schemas/msgpack_writer.h"

#include <assert.h>
#include <msgpack/timestamp.h>

static inline int append(uint8_t **to, const void *data, size_t size) {
    memcpy(*to, data, size);
    *to += size;
    return 0;
}

#define msgpack_pack_inline_func(name)             static inline int msgpack_pack##name
#define msgpack_pack_inline_func_cint(name)        static inline int msgpack_pack##name
#define msgpack_pack_inline_func_fixint(name)      static inline int msgpack_pack_fix##name
#define msgpack_pack_user                          uint8_t **
#define msgpack_pack_append_buffer(user, buf, len) return append((user), (buf), (len))
#include <msgpack/pack_define.h>
#include <msgpack/pack_template.h>

/* The most bytes of a number, or of what stands in front of a string, array, map or extension. */
#define HEAD_MAX 9

static_assert(GW_WRITER_ASIDE >= 2 * sizeof(struct gw_term) + HEAD_MAX, "a key and a value fit aside");

#define FIXSTR 0xA0

/* Where a key and a head are written: in the buffer, or aside where the buffer's free end may be too short.
 */
struct spot {
    uint8_t *start;
    uint8_t *at;
};

/* The word's size becomes the header byte of a fixstr. What is copied behind its end is overwritten by what
 * comes next. */
static inline void put_word(struct spot *spot, const struct gw_term *word) {
    memcpy(spot->at, word, sizeof *word);
    spot->at[0] = (uint8_t)(FIXSTR | word->size);
    spot->at += 1u + word->size;
}

static inline struct spot begin(struct gw_writer *writer, const struct gw_term *key) {
    struct gw_buffer *out = writer->out;
    bool fits = out->failed == GW_OK && out->capacity - out->size > sizeof writer->aside;
    uint8_t *start = fits ? out->data + out->size : writer->aside;
    struct spot spot = {start, start};
    if (key) {
        put_word(&spot, key);
    }
    return spot;
}

static inline void end(struct spot spot, struct gw_writer *writer) {
    size_t size = (size_t)(spot.at - spot.start);
    if (__builtin_expect(spot.start == writer->aside, 0)) {
        gw_buffer_append(writer->out, writer->aside, size);
    } else {
        writer->out->size += size;
    }
}

/* The head has been written; the bytes follow. */
static inline void end_with(struct spot spot, struct gw_writer *writer, struct gw_str bytes) {
    struct gw_buffer *out = writer->out;
    end(spot, writer);
    if (out->failed == GW_OK && out->capacity - out->size > bytes.size && bytes.size > 0) {
        memcpy(out->data + out->size, bytes.data, bytes.size);
        out->size += bytes.size;
    } else {
        gw_buffer_append(out, bytes.data, bytes.size);
    }
}

static void write_map(struct gw_writer *writer, const struct gw_term *key, size_t pairs) {
    struct spot spot = begin(writer, key);
    msgpack_pack_map(&spot.at, pairs);
    end(spot, writer);
}

static void write_array(struct gw_writer *writer, const struct gw_term *key, size_t items) {
    struct spot spot = begin(writer, key);
    msgpack_pack_array(&spot.at, items);
    end(spot, writer);
}

static void write_end(struct gw_writer *writer) {
    (void)writer;
}

static void write_nil(struct gw_writer *writer, const struct gw_term *key) {
    struct spot spot = begin(writer, key);
    msgpack_pack_nil(&spot.at);
    end(spot, writer);
}

static void write_boolean(struct gw_writer *writer, const struct gw_term *key, bool boolean) {
    struct spot spot = begin(writer, key);
    if (boolean) {
        msgpack_pack_true(&spot.at);
    } else {
        msgpack_pack_false(&spot.at);
    }
    end(spot, writer);
}

static void write_integer(struct gw_writer *writer, const struct gw_term *key, int64_t integer) {
    struct spot spot = begin(writer, key);
    msgpack_pack_int64(&spot.at, integer);
    end(spot, writer);
}

static void write_unsigned(struct gw_writer *writer, const struct gw_term *key, uint64_t integer) {
    struct spot spot = begin(writer, key);
    msgpack_pack_uint64(&spot.at, integer);
    end(spot, writer);
}

static void write_number(struct gw_writer *writer, const struct gw_term *key, double number) {
    struct spot spot = begin(writer, key);
    msgpack_pack_double(&spot.at, number);
    end(spot, writer);
}

static void write_e4(struct gw_writer *writer, const struct gw_term *key, int32_t e4) {
    write_number(writer, key, e4 / 10000.0);
}

static void write_single(struct gw_writer *writer, const struct gw_term *key, float number) {
    struct spot spot = begin(writer, key);
    msgpack_pack_float(&spot.at, number);
    end(spot, writer);
}

static void write_word(struct gw_writer *writer, const struct gw_term *key, const struct gw_term *word) {
    struct spot spot = begin(writer, key);
    put_word(&spot, word);
    end(spot, writer);
}

static void write_string(struct gw_writer *writer, const struct gw_term *key, struct gw_str string) {
    struct spot spot = begin(writer, key);
    msgpack_pack_str(&spot.at, string.size);
    end_with(spot, writer, string);
}

static void write_bin(struct gw_writer *writer, const struct gw_term *key, struct gw_str bytes) {
    struct spot spot = begin(writer, key);
    msgpack_pack_bin(&spot.at, bytes.size);
    end_with(spot, writer, bytes);
}

static void write_ext(struct gw_writer *writer, const struct gw_term *key, int8_t type, struct gw_str bytes) {
    struct spot spot = begin(writer, key);
    msgpack_pack_ext(&spot.at, bytes.size, type);
    end_with(spot, writer, bytes);
}

static void write_key_value(struct gw_writer *writer, const struct gw_value *key) {
    gw_write_value(writer, NULL, key);
}

void gw_msgpack_writer_init(struct gw_writer *writer, struct gw_buffer *out) {
    static const struct gw_writer_ops ops = {
        .map = write_map,
        .end_map = write_end,
        .array = write_array,
        .end_array = write_end,
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
        .bytes = write_bin,
        .ext = write_ext,
        .key_value = write_key_value,
    };
    writer->ops = &ops;
    writer->out = out;
}
