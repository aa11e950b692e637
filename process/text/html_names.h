/* Names of characters in HTML. */
#ifndef GW_PROCESS_TEXT_HTML_NAMES_H
#define GW_PROCESS_TEXT_HTML_NAMES_H

#include "base/str.h"

#include <stdint.h>

/* The code point that HTML 4 calls `name` ("eacute"), case-sensitively, or 0. */
uint32_t gw_html_named(struct gw_str name);

/* The code point that the reference to number `code` means, by the rules of the HTML standard: those of
 * Windows-1252 for 128 to 159, U+FFFD for none. */
uint32_t gw_html_numbered(uint32_t code);

/* The longest name. */
#define GW_HTML_NAME_MAX 8U

#endif
