/* A cursor over bytes that nobody has checked yet: every read is compared with what is left. */
#ifndef GW_BASE_CURSOR_H
#define GW_BASE_CURSOR_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Readers return false and leave the cursor alone when fewer bytes are left than they need. */
struct gw_cursor {
    const uint8_t *start;
    const uint8_t *at;
    const uint8_t *end;
};

/* `data` may be NULL when `size` is 0. */
static inline struct gw_cursor gw_cursor_over(const void *data, size_t size) {
    const uint8_t *start = data ? data : (const void *)"";
    return (struct gw_cursor){start, start, start + size};
}

static inline size_t gw_cursor_left(const struct gw_cursor *cursor) {
    return (size_t)(cursor->end - cursor->at);
}

static inline size_t gw_cursor_position(const struct gw_cursor *cursor) {
    return (size_t)(cursor->at - cursor->start);
}

/* The next byte without taking it, or -1 at the end. */
static inline int gw_cursor_peek(const struct gw_cursor *cursor) {
    return cursor->at < cursor->end ? *cursor->at : -1;
}

/* The next `size` bytes as a slice of the input. */
bool gw_cursor_take(struct gw_cursor *cursor, size_t size, struct gw_str *out);

/* Unsigned integers of 1, 2, 4 or 8 bytes, big-endian (the network's and MessagePack's order). */
bool gw_cursor_u8(struct gw_cursor *cursor, uint8_t *out);
bool gw_cursor_be16(struct gw_cursor *cursor, uint16_t *out);
bool gw_cursor_be32(struct gw_cursor *cursor, uint32_t *out);
bool gw_cursor_be64(struct gw_cursor *cursor, uint64_t *out);

/* The same, little-endian (the model file's order). */
bool gw_cursor_le32(struct gw_cursor *cursor, uint32_t *out);
bool gw_cursor_le64(struct gw_cursor *cursor, uint64_t *out);

#endif
