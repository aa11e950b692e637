/* Headers of messages: what they look like in memory, and the names that glosswire writes. */
#ifndef GW_SCHEMAS_HEADERS_H
#define GW_SCHEMAS_HEADERS_H

#include "base/buffer.h"
#include "base/status.h"
#include "schemas/limits.h"

/* `value.data` NULL is a header without a value. Both slices belong to whoever made the header. */
struct gw_header {
    struct gw_str name;
    struct gw_str value;
};

struct gw_headers {
    const struct gw_header *items;
    size_t count;
};

#define GW_HEADER_POSITION     "gw-position"
#define GW_HEADER_REASON       "gw-reason"
#define GW_HEADER_DETAIL       "gw-detail"
#define GW_HEADER_STAGE        "gw-stage"
#define GW_HEADER_PROGRAM      "gw-program"
#define GW_HEADER_SIZE         "gw-size" /* of the original payload, when the dead letter is cut */
#define GW_HEADER_HASH         "gw-hash"
#define GW_HEADER_CUT          "gw-cut"
#define GW_HEADER_SKIPPED      "gw-skipped"
#define GW_HEADER_RECORD_ID    "gw-record-id"
#define GW_HEADER_CONTENT_TYPE "content-type"
#define GW_HEADER_KEY          "gw-key" /* the original's key where a transport has none of its own */

/* Most headers of one message, and most bytes of them together, that are carried on. */
#define GW_HEADERS_MAX       64
#define GW_HEADERS_BYTES_MAX ((size_t)64 << 10)

/* The first header with this name (ASCII case-insensitive), or NULL. */
const struct gw_header *gw_headers_find(struct gw_headers headers, const char *name);

/* The header map of ZeroMQ's frames: a MessagePack map of str to bin (or str, or nil). A name may come more
 * than once, as in Kafka. Encoding fails as the buffer does, and with GW_TOO_MANY or GW_TOO_LARGE above the
 * two limits; nothing is appended then. */
enum gw_status gw_headers_encode(struct gw_headers headers, struct gw_buffer *out);

/* Names and values point into `frame`, the array lies in `arena`. Statuses are of class INPUT (with the byte
 * at fault) but for GW_NO_MEMORY. */
enum gw_status gw_headers_decode(struct gw_str frame, struct gw_arena *arena, struct gw_headers *out,
                                 struct gw_error *error);

/* The headers that go out with one message: ours first, in the order below, then `incoming` in its order.
 * Incoming gw-* are never carried on; incoming ce_* and content-type are not where the parts name ours. Of
 * the others as many are carried on as the two limits leave room for. Absent parts are not written: leave
 * `position` absent when `more` has it. The array is taken from `arena` and points to the parts' strings,
 * which must live as long. CloudEvents (binary mode, spec 1.0): ce_specversion (written when ce_type is
 * there), ce_id (the record id, or the position of a dead letter), ce_source ("glosswire/" instance),
 * ce_type, ce_subject (the article's id). Fails with GW_NO_MEMORY only. */
struct gw_headers_parts {
    struct gw_headers incoming;
    struct gw_str position;     /* text form */
    struct gw_str content_type; /* "application/vnd.msgpack" or "application/json" */
    struct gw_str ce_type, ce_id, ce_source, ce_subject;
    struct gw_headers more; /* gw-reason and the like */
};
enum gw_status gw_headers_build(const struct gw_headers_parts *parts, struct gw_arena *arena,
                                struct gw_headers *out);

#endif
