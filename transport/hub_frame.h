/* What the hub and the workers say to each other over the Unix socket: frames and their bytes.
 *
 *     frame:  u32 size of what follows | u8 type | fields of that type
 *
 * Integers are big-endian. `name` is u16 size | bytes, `map` is u32 size | bytes, `rest` is all that is left
 * of the frame. A worker opens one connection per role and says HELLO; the hub answers WELCOME, or closes
 * when it does not speak that version.
 *
 *     HELLO    worker → hub     u8 version | u8 role | u32 slot | u64 window
 *     WELCOME  hub → worker     u8 version | u8 outlets served | u64 window | u64 largest payload
 *     DEAL     hub → source     u64 receipt | u8 redelivered | u8 refused | u64 full size
 *                               | u8 position kind | u64 position number | name of position
 *                               | map of headers | rest: payload
 *     SETTLE   source → hub     u64 receipt | u8 outcome
 *     PAUSE    source → hub     u8 whether to deal nothing more
 *     END      hub → source     (there will be nothing more)
 *     SEND     sink → hub       u64 ticket | u8 outlet | u8 has topic | name of topic
 *                               | map of headers | rest: payload
 *     RESULT   hub → sink       u64 ticket | u8 status
 *
 * `window` is in bytes: of a source's HELLO, what it takes without settling; of a sink's WELCOME, what it may
 * send without results. Either way one message of any size may go when nothing else is under way. Outcomes
 * and statuses are those of outcome.h and status.h: both ends are the same program.
 */
#ifndef GW_TRANSPORT_HUB_FRAME_H
#define GW_TRANSPORT_HUB_FRAME_H

#include "base/buffer.h"
#include "base/status.h"
#include "base/str.h"
#include "schemas/headers.h"
#include "schemas/limits.h"
#include "schemas/position.h"
#include "transport/outcome.h"

#include <stdbool.h>
#include <stdint.h>

/* Bumped with every change above. */
#define GW_HUB_VERSION 1

/* The largest frame: a payload, a header map and the fields around them. */
#define GW_HUB_FRAME_MAX (GW_LIMIT_MESSAGE_BYTES_MAX + GW_HEADERS_BYTES_MAX + ((size_t)128 << 10))

/* Bytes of the size in front of each frame. */
#define GW_HUB_FRAME_PREFIX ((size_t)4)

enum gw_hub_frame_type {
    GW_HUB_HELLO = 1,
    GW_HUB_WELCOME,
    GW_HUB_DEAL,
    GW_HUB_SETTLE,
    GW_HUB_PAUSE,
    GW_HUB_END,
    GW_HUB_SEND,
    GW_HUB_RESULT,
    GW_HUB_FRAME_TYPES
};

enum gw_hub_role { GW_HUB_ROLE_SOURCE = 1, GW_HUB_ROLE_SINK };

/* One frame; `type` says which part is meant. Slices belong to whoever made the frame, decoded ones point
 * into the bytes they were decoded from. */
struct gw_hub_frame {
    enum gw_hub_frame_type type;
    union {
        struct {
            uint8_t version;
            enum gw_hub_role role;
            uint32_t slot;
            uint64_t window;
        } hello;
        struct {
            uint8_t version;
            uint8_t outlets; /* bit `outlet` is set when that outlet is served */
            uint64_t window;
            uint64_t message_bytes_max;
        } welcome;
        struct {
            uint64_t receipt;
            bool redelivered;
            enum gw_status refused;
            uint64_t full_size;
            struct gw_position position; /* of kind ACKED or HUB */
            struct gw_str headers;       /* the encoded map; empty: none */
            struct gw_str payload;
        } deal;
        struct {
            uint64_t receipt;
            enum gw_outcome outcome;
        } settle;
        struct {
            bool on;
        } pause;
        struct {
            uint64_t ticket;
            enum gw_outlet outlet;
            struct gw_str topic; /* data NULL: the outlet's own */
            struct gw_str headers;
            struct gw_str payload;
        } send;
        struct {
            uint64_t ticket;
            enum gw_status status;
        } result;
    } as;
};

/* Appends the frame with its size in front. On failure (GW_NO_MEMORY, or GW_TOO_LARGE for one above
 * GW_HUB_FRAME_MAX) `out` is as it was. */
enum gw_status gw_hub_frame_encode(const struct gw_hub_frame *frame, struct gw_buffer *out);

/* Decodes what stands behind one size. Everything is checked: lengths against what is left, enumerations
 * against their ranges, and that nothing is left over. GW_PROTOCOL otherwise. */
enum gw_status gw_hub_frame_decode(struct gw_str body, struct gw_hub_frame *frame, struct gw_error *error);

#endif
