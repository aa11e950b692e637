/* JSON (RFC 8259) to values: strict, and safe on any bytes. */
#ifndef GW_SCHEMAS_JSON_READER_H
#define GW_SCHEMAS_JSON_READER_H

#include "base/arena.h"
#include "base/status.h"
#include "schemas/limits.h"
#include "schemas/value.h"

/* Reads one text of UTF-8; a byte order mark in front of it is skipped. Strings without escapes point into
 * the message, the rest lies in `arena`. Integers of int64 and uint64 are kept exactly, other numbers become
 * the nearest double. Refused, with the byte at fault: all that the grammar does not know (comments, NaN,
 * trailing commas), escapes that make half a surrogate pair, bad UTF-8, a key that an object has twice,
 * numbers beyond double or longer than GW_NUMBER_CHARS_MAX, and whatever is above a limit
 * (limits->message_bytes is the caller's business). All statuses are of class INPUT but for GW_NO_MEMORY. */
enum gw_status gw_json_read(struct gw_str message, const struct gw_limits *limits, struct gw_arena *arena,
                            struct gw_value *out, struct gw_error *error);

#endif
