/* What of an HTML text readers see: the pieces between its tags, at their place in the given text. */
#ifndef GW_PROCESS_TEXT_HTML_H
#define GW_PROCESS_TEXT_HTML_H

#include "process/text/tokens.h"

/* Finds the visible pieces of `html`, any bytes of valid UTF-8: no tags, comments, scripts, styles, and no
 * character references (they part tokens). What an unclosed tag or comment begins is not visible, as in a
 * browser. Linear in the text. The pieces are the arena's; GW_NO_MEMORY when it is at its end. */
enum gw_status gw_html_pieces(struct gw_str html, struct gw_piece **pieces, size_t *count,
                              struct gw_arena *arena);

#endif
