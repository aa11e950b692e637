/* Where a MessagePack value ends, found over bytes that arrive piece by piece and may lie. */
#ifndef GW_INGEST_MSGPACK_BORDER_H
#define GW_INGEST_MSGPACK_BORDER_H

#include "base/cursor.h"
#include "base/status.h"

/* Nothing is nested here: a value that holds others only adds to how many are still to come, so that neither
 * depth nor a huge count costs memory. Depth, counts and UTF-8 are the decoder's business. */
struct gw_msgpack_border {
    uint64_t values; /* whose heads are still to come */
    uint64_t bytes;  /* of content still to come before the next head */
};

static inline struct gw_msgpack_border gw_msgpack_border_start(void) {
    return (struct gw_msgpack_border){.values = 1, .bytes = 0};
}

/* Moves the cursor over what belongs to the value. GW_OK: the value ends where the cursor now is. GW_AGAIN:
 * more bytes are needed; call again with a cursor that begins with those left (a head cut in two, at most 8
 * bytes). GW_MALFORMED: the next byte begins no value. */
enum gw_status gw_msgpack_border_feed(struct gw_msgpack_border *border, struct gw_cursor *cursor);

#endif
