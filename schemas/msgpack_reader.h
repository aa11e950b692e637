/* MessagePack to values: strict, and safe on any bytes. */
#ifndef GW_SCHEMAS_MSGPACK_READER_H
#define GW_SCHEMAS_MSGPACK_READER_H

#include "base/arena.h"
#include "base/cursor.h"
#include "base/status.h"
#include "schemas/limits.h"
#include "schemas/value.h"

/* Reads one value; the message must hold nothing else. Strings and bins point into the message, the rest lies
 * in `arena`. Counts are compared with the bytes left before memory is taken. Refused, with the byte at
 * fault: bad UTF-8 in a str, a key that a map has twice, a key that is an array, a map or an extension, the
 * byte 0xC1, and whatever is above a limit (limits->message_bytes is the caller's business). All statuses are
 * of class INPUT but for GW_NO_MEMORY. */
enum gw_status gw_msgpack_read(struct gw_str message, const struct gw_limits *limits, struct gw_arena *arena,
                               struct gw_value *out, struct gw_error *error);

/* The next token: a scalar, str, bin or ext as a whole, but of an array or a map only the type and the count,
 * whose items follow as tokens of their own. No memory is taken and no limit applies; a str's UTF-8 is not
 * checked. GW_TRUNCATED or GW_MALFORMED leave the cursor at the token's begin. */
enum gw_status gw_msgpack_token(struct gw_cursor *cursor, struct gw_value *out);

#endif
