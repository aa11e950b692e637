/* Writing values one after the other, whatever the encoding: what the tables' encoder talks to.
 *
 *     map(key, 2)  a value with each key  end_map          array(key, 3)  three values without  end_array
 *
 * Each call writes a key and its value, or the value alone where `key` is NULL: in arrays, at the top, and
 * after key_value. The caller keeps the counts it named. Failures stick in the buffer; nothing is returned.
 */
#ifndef GW_SCHEMAS_WRITER_H
#define GW_SCHEMAS_WRITER_H

#include "base/buffer.h"
#include "schemas/value.h"

/* A key or a word of our own: ASCII without escapes, with its size measured beforehand and in front of the
 * text, so that a writer can copy the whole of it at once. */
struct gw_term {
    uint8_t size;
    char text[31]; /* terminated */
};
#define GW_TERM(literal)                                                                                     \
    { sizeof(literal) - 1, literal }

static inline struct gw_str gw_term_str(const struct gw_term *word) {
    return (struct gw_str){word->text, word->size};
}

struct gw_writer;

struct gw_writer_ops {
    void (*map)(struct gw_writer *writer, const struct gw_term *key, size_t pairs);
    void (*end_map)(struct gw_writer *writer);
    void (*array)(struct gw_writer *writer, const struct gw_term *key, size_t items);
    void (*end_array)(struct gw_writer *writer);
    void (*nil)(struct gw_writer *writer, const struct gw_term *key);
    void (*boolean)(struct gw_writer *writer, const struct gw_term *key, bool boolean);
    void (*integer)(struct gw_writer *writer, const struct gw_term *key, int64_t integer);
    void (*unsigned_integer)(struct gw_writer *writer, const struct gw_term *key, uint64_t integer);
    void (*e4)(struct gw_writer *writer, const struct gw_term *key, int32_t e4);
    void (*number)(struct gw_writer *writer, const struct gw_term *key, double number);
    void (*single)(struct gw_writer *writer, const struct gw_term *key, float number);
    void (*word)(struct gw_writer *writer, const struct gw_term *key, const struct gw_term *word);
    void (*string)(struct gw_writer *writer, const struct gw_term *key, struct gw_str string); /* UTF-8 */
    void (*bin)(struct gw_writer *writer, const struct gw_term *key, struct gw_str bytes);
    /* A bin, or in JSON a string if that is what the bytes are. */
    void (*bytes)(struct gw_writer *writer, const struct gw_term *key, struct gw_str bytes);
    void (*ext)(struct gw_writer *writer, const struct gw_term *key, int8_t type, struct gw_str bytes);
    /* Any scalar as a key; its value follows. */
    void (*key_value)(struct gw_writer *writer, const struct gw_value *key);
};

/* Room for a key and a short value. */
#define GW_WRITER_ASIDE 80

/* Lies on the caller's stack and holds no memory. */
struct gw_writer {
    const struct gw_writer_ops *ops;
    struct gw_buffer *out;
    /* JSON only. */
    unsigned indent;
    unsigned depth;
    uint8_t state;
    /* MessagePack only: where it writes when the buffer is about to end. */
    uint8_t aside[GW_WRITER_ASIDE];
};

/* A value as it came: types, widths of floats and the order of pairs are kept. Recursion is as deep as the
 * value is. */
void gw_write_value(struct gw_writer *writer, const struct gw_term *key, const struct gw_value *value);
void gw_write_pairs(struct gw_writer *writer, const struct gw_term *key, const struct gw_pair *pairs,
                    size_t count);

#endif
