/* What is wrong with one message, told to people: where, why, and the place itself with a caret under it. */
#ifndef GW_CLI_COMPLAINT_H
#define GW_CLI_COMPLAINT_H

#include "base/buffer.h"

/* Appends "path:line: reason: detail" and, when the message is JSON and the error has a position in it, an
 * excerpt with a caret. "-" is shown as standard input. Bytes that could act on the terminal are shown as
 * stand-ins. */
void gw_complaint_append(const char *path, uint64_t line, const struct gw_error *error, struct gw_str message,
                         struct gw_buffer *out);

/* The same, written to stderr at once. */
void gw_complain(const char *path, uint64_t line, const struct gw_error *error, struct gw_str message);

#endif
