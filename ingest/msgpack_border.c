/* The heads of MessagePack values (the format's specification, "Formats"), and skipping what they announce.
 */
#include "ingest/msgpack_border.h"

enum content { BYTES, ITEMS, PAIRS, NEVER };

/* What a head announces: a count in `count_size` bytes behind it, of `content`, and `more` bytes besides. */
struct head {
    uint8_t content; /* enum content */
    uint8_t count_size;
    uint8_t more;
};

/* The heads 0xc0 to 0xdf; all others hold their count in themselves. */
static const struct head heads[32] = {
    {BYTES, 0, 0},                                                              /* nil */
    {NEVER, 0, 0}, {BYTES, 0, 0}, {BYTES, 0, 0},                                /* false, true */
    {BYTES, 1, 0}, {BYTES, 2, 0}, {BYTES, 4, 0},                                /* bin */
    {BYTES, 1, 1}, {BYTES, 2, 1}, {BYTES, 4, 1},                                /* ext, its type besides */
    {BYTES, 0, 4}, {BYTES, 0, 8},                                               /* float */
    {BYTES, 0, 1}, {BYTES, 0, 2}, {BYTES, 0, 4}, {BYTES, 0, 8},                 /* uint */
    {BYTES, 0, 1}, {BYTES, 0, 2}, {BYTES, 0, 4}, {BYTES, 0, 8},                 /* int */
    {BYTES, 0, 2}, {BYTES, 0, 3}, {BYTES, 0, 5}, {BYTES, 0, 9}, {BYTES, 0, 17}, /* fixext */
    {BYTES, 1, 0}, {BYTES, 2, 0}, {BYTES, 4, 0},                                /* str */
    {ITEMS, 2, 0}, {ITEMS, 4, 0}, {PAIRS, 2, 0}, {PAIRS, 4, 0},
};

static void announce(struct gw_msgpack_border *border, enum content content, uint64_t count) {
    border->values += content == ITEMS ? count : content == PAIRS ? 2 * count : 0;
    border->bytes += content == BYTES ? count : 0;
}

/* A head that is one byte: small integers, short strings, arrays and maps. */
static void announce_fixed(struct gw_msgpack_border *border, uint8_t byte) {
    if (byte >= 0x80 && byte < 0x90) {
        announce(border, PAIRS, byte & 0x0f);
    } else if (byte >= 0x90 && byte < 0xa0) {
        announce(border, ITEMS, byte & 0x0f);
    } else if (byte >= 0xa0 && byte < 0xc0) {
        announce(border, BYTES, byte & 0x1f);
    }
}

static bool read_count(struct gw_cursor *cursor, size_t size, uint64_t *count) {
    struct gw_str bytes;
    if (!gw_cursor_take(cursor, size, &bytes)) {
        return false;
    }
    *count = 0;
    for (size_t i = 0; i < size; i++) {
        *count = *count << 8 | (uint8_t)bytes.data[i];
    }
    return true;
}

/* Takes one whole head or nothing. */
static enum gw_status take_head(struct gw_msgpack_border *border, struct gw_cursor *cursor) {
    struct gw_cursor ahead = *cursor;
    uint8_t byte;
    if (!gw_cursor_u8(&ahead, &byte)) {
        return GW_AGAIN;
    }
    if (byte < 0xc0 || byte >= 0xe0) {
        announce_fixed(border, byte);
    } else {
        const struct head *head = &heads[byte - 0xc0];
        uint64_t count;
        if (head->content == NEVER) {
            return GW_MALFORMED;
        }
        if (!read_count(&ahead, head->count_size, &count)) {
            return GW_AGAIN;
        }
        announce(border, head->content, count);
        border->bytes += head->more;
    }
    border->values--;
    *cursor = ahead;
    return GW_OK;
}

static void skip_content(struct gw_msgpack_border *border, struct gw_cursor *cursor) {
    size_t left = gw_cursor_left(cursor);
    size_t step = border->bytes < left ? (size_t)border->bytes : left;
    cursor->at += step;
    border->bytes -= step;
}

enum gw_status gw_msgpack_border_feed(struct gw_msgpack_border *border, struct gw_cursor *cursor) {
    for (;;) {
        skip_content(border, cursor);
        if (border->bytes > 0) {
            return GW_AGAIN;
        }
        if (border->values == 0) {
            return GW_OK;
        }
        enum gw_status status = take_head(border, cursor);
        if (status != GW_OK) {
            return status;
        }
    }
}
