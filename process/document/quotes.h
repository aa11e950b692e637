/* Quotations, and who said them where the text says so beside them. */
#ifndef GW_PROCESS_DOCUMENT_QUOTES_H
#define GW_PROCESS_DOCUMENT_QUOTES_H

#include "process/entities/names.h"
#include "process/work.h"

struct gw_quotes {
    struct gw_quote *items; /* in order of the text; none overlap; the spans are inside the marks */
    size_t count;
};

/* Finds what stands between quotation marks, straight or curly, in one paragraph; a mark without its partner
 * makes none. The cue is a verb of speech next to the marks, the speaker the entity next to the verb. Ends
 * early, with `work->ended`, when the budget is at its end. GW_NO_MEMORY when the arena is. */
enum gw_status gw_quotes_find(const struct gw_text *text, const struct gw_model *model,
                              const struct gw_name_spans *spans, const struct gw_entities *entities,
                              struct gw_work *work, struct gw_arena *arena, struct gw_quotes *quotes);

/* Sets `quote` of each marker that lies in a quotation. */
void gw_quotes_claim_markers(const struct gw_quotes *quotes, struct gw_marker *markers, size_t marker_count);

#endif
