/* Quotations, and who said them where the text says so. */
#ifndef GW_PROCESS_DOCUMENT_QUOTES_H
#define GW_PROCESS_DOCUMENT_QUOTES_H

#include "process/entities/names/names.h"
#include "process/work.h"

struct gw_quotes {
    struct gw_quote *items; /* in order of the text; none overlap; the spans are inside the marks */
    size_t count;
};

/* Finds what stands between quotation marks, straight or curly, double or single; of nested ones the outer.
 * One that goes over several paragraphs is one; where the closing mark is missing, the quotation ends before
 * the words that say whose it is ("Jane Doe wrote"), or with a paragraph that it begins. The cue is the verb
 * of speech that belongs to it. The speaker is the name beside the verb; for "he" and "she" the one person
 * that this and the last paragraph tell of, or who spoke last when nobody else was named since; for what goes
 * on behind its cue, who spoke before it. Ends early, with `work->ended`, when the budget is at its end.
 * Linear in the tokens and spans. GW_NO_MEMORY when the arena is at its end. */
enum gw_status gw_quotes_find(const struct gw_text *text, const struct gw_model *model,
                              const struct gw_name_spans *spans, const struct gw_entities *entities,
                              struct gw_work *work, struct gw_arena *arena, struct gw_quotes *quotes);

/* Sets `quote` of each marker that lies in a quotation. */
void gw_quotes_claim_markers(const struct gw_quotes *quotes, struct gw_marker *markers, size_t marker_count);

#endif
