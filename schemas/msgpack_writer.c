/* msgpack-c's packing routines, taken as the template that they are so that they append straight to our
 * buffer: its own packer calls a function pointer for every few bytes. */
#include "schemas/msgpack_writer.h"

#include <msgpack/timestamp.h>

static inline uint8_t *room(struct gw_buffer *out, size_t size) {
    if (out->failed == GW_OK && out->capacity - out->size >= size && out->data) {
        return out->data + out->size;
    }
    return gw_buffer_reserve(out, size);
}

static inline int append(struct gw_buffer *out, const void *data, size_t size) {
    uint8_t *to = room(out, size);
    if (to && size > 0) {
        memcpy(to, data, size);
        out->size += size;
    }
    return 0;
}

#define msgpack_pack_inline_func(name)             static inline int msgpack_pack##name
#define msgpack_pack_inline_func_cint(name)        static inline int msgpack_pack##name
#define msgpack_pack_inline_func_fixint(name)      static inline int msgpack_pack_fix##name
#define msgpack_pack_user                          struct gw_buffer *
#define msgpack_pack_append_buffer(user, buf, len) return append((user), (buf), (len))
#include <msgpack/pack_define.h>
#include <msgpack/pack_template.h>

static void write_map(struct gw_writer *writer, size_t pairs) {
    msgpack_pack_map(writer->out, pairs);
}

static void write_array(struct gw_writer *writer, size_t items) {
    msgpack_pack_array(writer->out, items);
}

static void write_end(struct gw_writer *writer) {
    (void)writer;
}

#define FIXSTR 0xA0

static void write_key(struct gw_writer *writer, struct gw_str name) {
    struct gw_buffer *out = writer->out;
    uint8_t *to = room(out, 1 + name.size);
    if (to) {
        to[0] = (uint8_t)(FIXSTR | name.size);
        memcpy(to + 1, name.data, name.size);
        out->size += 1 + name.size;
    }
}

static void write_nil(struct gw_writer *writer) {
    msgpack_pack_nil(writer->out);
}

static void write_boolean(struct gw_writer *writer, bool boolean) {
    if (boolean) {
        msgpack_pack_true(writer->out);
    } else {
        msgpack_pack_false(writer->out);
    }
}

static void write_integer(struct gw_writer *writer, int64_t integer) {
    msgpack_pack_int64(writer->out, integer);
}

static void write_unsigned(struct gw_writer *writer, uint64_t integer) {
    msgpack_pack_uint64(writer->out, integer);
}

static void write_number(struct gw_writer *writer, double number) {
    msgpack_pack_double(writer->out, number);
}

static void write_single(struct gw_writer *writer, float number) {
    msgpack_pack_float(writer->out, number);
}

static void write_e4(struct gw_writer *writer, int32_t e4) {
    msgpack_pack_double(writer->out, e4 / 10000.0);
}

static void write_string(struct gw_writer *writer, struct gw_str string) {
    msgpack_pack_str(writer->out, string.size);
    append(writer->out, string.data, string.size);
}

static void write_bin(struct gw_writer *writer, struct gw_str bytes) {
    msgpack_pack_bin(writer->out, bytes.size);
    append(writer->out, bytes.data, bytes.size);
}

static void write_ext(struct gw_writer *writer, int8_t type, struct gw_str bytes) {
    msgpack_pack_ext(writer->out, bytes.size, type);
    append(writer->out, bytes.data, bytes.size);
}

void gw_msgpack_writer_init(struct gw_writer *writer, struct gw_buffer *out) {
    static const struct gw_writer_ops ops = {
        .map = write_map,
        .end_map = write_end,
        .array = write_array,
        .end_array = write_end,
        .key = write_key,
        .key_value = gw_write_value,
        .nil = write_nil,
        .boolean = write_boolean,
        .integer = write_integer,
        .unsigned_integer = write_unsigned,
        .e4 = write_e4,
        .number = write_number,
        .single = write_single,
        .string = write_string,
        .bin = write_bin,
        .bytes = write_bin,
        .ext = write_ext,
    };
    *writer = (struct gw_writer){.ops = &ops, .out = out};
}
