/* Sentences in news as it comes: stray full stops, abbreviations, captions and headings on lines of their
 * own. */
#ifndef GW_PROCESS_TEXT_SENTENCES_H
#define GW_PROCESS_TEXT_SENTENCES_H

#include "process/text/tokens.h"

/* Parts `text`'s tokens into sentences: every token is in one, none crosses the fields. GW_NO_MEMORY when the
 * arena is at its end. */
enum gw_status gw_sentences_find(struct gw_text *text, const struct gw_model *model, struct gw_arena *arena);

#endif
