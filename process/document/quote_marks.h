/* Where quotations begin and end: pairs of marks, and marks that have lost their partner. */
#ifndef GW_PROCESS_DOCUMENT_QUOTE_MARKS_H
#define GW_PROCESS_DOCUMENT_QUOTE_MARKS_H

#include "process/text/tokens.h"

#define GW_QUOTE_LOST UINT32_MAX

/* Token `open` begins a quotation: a double mark, straight or curly, or a single one that is no apostrophe.
 */
bool gw_quote_opens(const struct gw_text *text, uint32_t open);

/* Where what token `open` begins has its end: the closing mark, or GW_QUOTE_LOST when there is none. Marks of
 * the other kind inside are passed by; a new paragraph that opens with the same mark goes on with the
 * quotation, and `*paragraph` is its first token (the closing mark when there is but one). The search may go
 * on at `*next`: behind the close, or where it is clear that `open` has lost its partner, at the end of its
 * paragraph or at the same opening mark again. */
uint32_t gw_quote_close(const struct gw_text *text, uint32_t open, uint32_t *paragraph, uint32_t *next);

/* Token `i` begins a line or a paragraph. */
static inline bool gw_quote_line_begins(const struct gw_text *text, uint32_t i) {
    return (text->tokens[i].shape & (GW_SHAPE_LINE | GW_SHAPE_PARAGRAPH)) != 0;
}

#endif
