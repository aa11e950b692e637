/* Writing values one after the other, whatever the encoding: what the tables' encoder talks to.
 *
 *     map(2) key value key value end_map        array(3) value value value end_array
 *
 * The caller keeps the counts it named. Failures stick in the buffer; nothing is returned. */
#ifndef GW_SCHEMAS_WRITER_H
#define GW_SCHEMAS_WRITER_H

#include "base/buffer.h"
#include "schemas/value.h"

struct gw_writer;

struct gw_writer_ops {
    void (*map)(struct gw_writer *writer, size_t pairs);
    void (*end_map)(struct gw_writer *writer);
    void (*array)(struct gw_writer *writer, size_t items);
    void (*end_array)(struct gw_writer *writer);
    void (*key)(struct gw_writer *writer, struct gw_str name);
    void (*key_value)(struct gw_writer *writer, const struct gw_value *key);
    void (*nil)(struct gw_writer *writer);
    void (*boolean)(struct gw_writer *writer, bool boolean);
    void (*integer)(struct gw_writer *writer, int64_t integer);
    void (*unsigned_integer)(struct gw_writer *writer, uint64_t integer);
    void (*e4)(struct gw_writer *writer, int32_t e4);
    void (*number)(struct gw_writer *writer, double number);
    void (*single)(struct gw_writer *writer, float number);
    void (*string)(struct gw_writer *writer, struct gw_str string);
    void (*bin)(struct gw_writer *writer, struct gw_str bytes);
    void (*bytes)(struct gw_writer *writer, struct gw_str bytes);
    void (*ext)(struct gw_writer *writer, int8_t type, struct gw_str bytes);
};

/* Lies on the caller's stack and holds no memory. */
struct gw_writer {
    const struct gw_writer_ops *ops;
    struct gw_buffer *out;
    /* JSON only. */
    unsigned indent;
    unsigned depth;
    uint8_t state;
};

/* Shorthands for what the ops do. */
static inline void gw_write_map(struct gw_writer *writer, size_t pairs) {
    writer->ops->map(writer, pairs);
}
static inline void gw_write_end_map(struct gw_writer *writer) {
    writer->ops->end_map(writer);
}
static inline void gw_write_array(struct gw_writer *writer, size_t items) {
    writer->ops->array(writer, items);
}
static inline void gw_write_end_array(struct gw_writer *writer) {
    writer->ops->end_array(writer);
}

/* A key of our own: below 32 bytes of ASCII that need no escape. */
static inline void gw_write_key(struct gw_writer *writer, struct gw_str name) {
    writer->ops->key(writer, name);
}
static inline void gw_write_nil(struct gw_writer *writer) {
    writer->ops->nil(writer);
}

/* Valid UTF-8. */
static inline void gw_write_string(struct gw_writer *writer, struct gw_str string) {
    writer->ops->string(writer, string);
}
static inline void gw_write_bin(struct gw_writer *writer, struct gw_str bytes) {
    writer->ops->bin(writer, bytes);
}

/* As it came: types, widths of floats and the order of pairs are kept. Recursion is as deep as the value is.
 */
void gw_write_value(struct gw_writer *writer, const struct gw_value *value);
void gw_write_pairs(struct gw_writer *writer, const struct gw_pair *pairs, size_t count);

#endif
