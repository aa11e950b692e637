/* Checked reads. */
#include "base/cursor.h"

bool gw_cursor_take(struct gw_cursor *cursor, size_t size, struct gw_str *out) {
    if (gw_cursor_left(cursor) < size) {
        return false;
    }
    *out = (struct gw_str){(const char *)cursor->at, size};
    cursor->at += size;
    return true;
}

/* The next `size` (≤ 8) bytes as an integer; the first byte is the highest. */
static bool read_be(struct gw_cursor *cursor, size_t size, uint64_t *out) {
    if (gw_cursor_left(cursor) < size) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) {
        value = value << 8 | cursor->at[i];
    }
    cursor->at += size;
    *out = value;
    return true;
}

bool gw_cursor_u8(struct gw_cursor *cursor, uint8_t *out) {
    if (cursor->at == cursor->end) {
        return false;
    }
    *out = *cursor->at++;
    return true;
}

bool gw_cursor_be16(struct gw_cursor *cursor, uint16_t *out) {
    uint64_t value;
    if (!read_be(cursor, sizeof *out, &value)) {
        return false;
    }
    *out = (uint16_t)value;
    return true;
}

bool gw_cursor_be32(struct gw_cursor *cursor, uint32_t *out) {
    uint64_t value;
    if (!read_be(cursor, sizeof *out, &value)) {
        return false;
    }
    *out = (uint32_t)value;
    return true;
}

bool gw_cursor_be64(struct gw_cursor *cursor, uint64_t *out) {
    return read_be(cursor, sizeof *out, out);
}

bool gw_cursor_le32(struct gw_cursor *cursor, uint32_t *out) {
    uint32_t value;
    if (!gw_cursor_be32(cursor, &value)) {
        return false;
    }
    *out = __builtin_bswap32(value);
    return true;
}

bool gw_cursor_le64(struct gw_cursor *cursor, uint64_t *out) {
    uint64_t value;
    if (!gw_cursor_be64(cursor, &value)) {
        return false;
    }
    *out = __builtin_bswap64(value);
    return true;
}
