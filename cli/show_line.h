/* A record or a dead letter in one line. */
#ifndef GW_CLI_SHOW_LINE_H
#define GW_CLI_SHOW_LINE_H

#include "cli/terminal.h"
#include "schemas/value.h"

/* Appends id, language, score and the most salient names, or a dead letter's reason and position; no wider
 * than the terminal, and nothing in it can act on it. What is neither is said to be so. */
void gw_show_line(const struct gw_value *value, const struct gw_terminal *terminal, struct gw_buffer *out);

#endif
