/* What the tagger found, put right where more than the words of one mention tells better. */
#ifndef GW_PROCESS_ENTITIES_NAMES_REFINE_H
#define GW_PROCESS_ENTITIES_NAMES_REFINE_H

#include "process/entities/tagger/tagger.h"

/* Parts names that ran together ("North Korea The United States", where a full stop is missing; "A and B",
 * where the article has both by themselves), and takes as one name the words whose initials are bracketed
 * behind them ("Front for the Liberation of the Coast (FLC)"; after Schwartz and Hearst 2003). Spans stay in
 * order and apart. Linear in the spans. GW_NO_MEMORY when the arena is at its end. */
enum gw_status gw_names_refine(const struct gw_text *text, const struct gw_model *model,
                               struct gw_arena *arena, struct gw_name_spans *spans);

#endif
