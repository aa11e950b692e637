/* One row per form. */
#include "transport/zeromq_frames.h"

#include "base/cursor.h"

static const struct {
    enum gw_zeromq_pattern pattern;
    size_t count;
    struct gw_zeromq_shape shape;
} rows[] = {
    {GW_ZEROMQ_PULL, 1, {-1, -1, -1, 0}}, {GW_ZEROMQ_PULL, 2, {-1, -1, 0, 1}},
    {GW_ZEROMQ_SUB, 2, {0, -1, -1, 1}},   {GW_ZEROMQ_SUB, 3, {0, -1, 1, 2}},
    {GW_ZEROMQ_SUB, 4, {0, 1, 2, 3}},     {GW_ZEROMQ_ACKED, 3, {-1, 0, 1, 2}},
};

bool gw_zeromq_shape_of(enum gw_zeromq_pattern pattern, const struct gw_str *frames, size_t count,
                        struct gw_zeromq_shape *shape) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].pattern == pattern && rows[i].count == count) {
            *shape = rows[i].shape;
            return shape->sequence < 0 || frames[shape->sequence].size == GW_ZEROMQ_SEQ_BYTES;
        }
    }
    return false;
}

static void write_be(uint64_t value, uint8_t *out, size_t size) {
    for (size_t i = 0; i < size; i++) {
        out[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
    }
}

void gw_zeromq_write_seq(uint64_t seq, uint8_t out[GW_ZEROMQ_SEQ_BYTES]) {
    write_be(seq, out, GW_ZEROMQ_SEQ_BYTES);
}

bool gw_zeromq_read_seq(struct gw_str frame, uint64_t *seq) {
    if (frame.size != GW_ZEROMQ_SEQ_BYTES) {
        return false;
    }
    struct gw_cursor cursor = gw_cursor_over(frame.data, frame.size);
    return gw_cursor_be64(&cursor, seq);
}

void gw_zeromq_write_credit(uint32_t credit, uint8_t out[GW_ZEROMQ_CREDIT_BYTES]) {
    write_be(credit, out, GW_ZEROMQ_CREDIT_BYTES);
}

bool gw_zeromq_read_credit(struct gw_str frame, uint32_t *credit) {
    if (frame.size != GW_ZEROMQ_CREDIT_BYTES) {
        return false;
    }
    struct gw_cursor cursor = gw_cursor_over(frame.data, frame.size);
    return gw_cursor_be32(&cursor, credit);
}
