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
#define GW_HEADER_SKIPPED      "gw-skipped"
#define GW_HEADER_RECORD_ID    "gw-record-id"
#define GW_HEADER_CONTENT_TYPE "content-type"
#define GW_HEADER_KEY          "gw-key" /* the original's key where a transport has none of its own */

/* Most headers of one message, and most bytes of them together, that are carried on. */
#define GW_HEADERS_MAX       64
#define GW_HEADERS_BYTES_MAX ((size_t)64 << 10)

/* The first header with this name (ASCII case-insensitive), or NULL. */
const struct gw_header *gw_headers_find(struct gw_headers headers, const char *name);

/* The header map of ZeroMQ's frames: a MessagePack map of str to bin (or str, or nil). */
enum gw_status gw_headers_encode(struct gw_headers headers, struct gw_buffer *out);
enum gw_status gw_headers_decode(struct gw_str frame, struct gw_arena *arena, struct gw_headers *out,
                                 struct gw_error *error);

/* The headers that go out with one message. `incoming` pass through, but for those that ours replace:
 * content-type, every ce_* and every gw-*. All is taken from `arena`. CloudEvents (binary mode, spec 1.0):
 * ce_specversion, ce_id (the record id, or the position of a dead letter), ce_source ("glosswire/" instance),
 * ce_type, ce_subject (the article's id). */
struct gw_headers_parts {
    struct gw_headers incoming;
    struct gw_str position;     /* text form */
    struct gw_str content_type; /* "application/vnd.msgpack" or "application/json"; absent: none is written */
    struct gw_str ce_type, ce_id, ce_source, ce_subject;
    struct gw_headers more; /* gw-reason and the like */
};
enum gw_status gw_headers_build(const struct gw_headers_parts *parts, struct gw_arena *arena,
                                struct gw_headers *out);

#endif
