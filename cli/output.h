/* Standard output, checked: a full disk is an error, a reader that has gone is not. */
#ifndef GW_CLI_OUTPUT_H
#define GW_CLI_OUTPUT_H

#include "base/str.h"

#include <stdbool.h>

/* Lets writes to a closed pipe fail instead of killing the program, so that libraries' sockets don't either.
 */
void gw_output_init(void);

/* False when it could not be written, which is said on stderr: stop, and return GW_EXIT_SYSTEM. When the
 * reader of a pipe has gone, does not return: the program ends by SIGPIPE, without a word, as other tools do.
 */
bool gw_output_write(struct gw_str text);

/* The same for what is still in the buffer, so that readers see it at once. */
bool gw_output_flush(void);

/* For main: writes what is left; returns `code`, or GW_EXIT_SYSTEM when standard output has failed. */
int gw_output_finish(int code);

#endif
