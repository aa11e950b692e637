/* What stands in front of a report: where it was written, for which agency, and by whom. */
#ifndef GW_PROCESS_ENTITIES_NAMES_DATELINE_H
#define GW_PROCESS_ENTITIES_NAMES_DATELINE_H

#include "process/entities/tagger/tagger.h"

/* Tokens, both included; none when first is GW_NO_INDEX. */
struct gw_token_range {
    uint32_t first, last;
};

#define GW_BYLINE_AUTHORS_MOST 4U

struct gw_dateline_tokens {
    struct gw_token_range line; /* "LONDON, May 3 (Reuters) -" without the dash */
    struct gw_token_range place, agency;
    struct gw_token_range byline; /* "By Maria Lindqvist" */
    struct gw_token_range authors[GW_BYLINE_AUTHORS_MOST];
    uint32_t author_count;
};

/* Looks at the beginning of the body. What it finds is put among `spans` as a place, an organisation and
 * people, whatever the tagger took it for: a report's form tells more than its words. Costs the same for any
 * text. GW_NO_MEMORY when the arena is at its end. */
enum gw_status gw_dateline_find(const struct gw_text *text, const struct gw_model *model,
                                struct gw_arena *arena, struct gw_name_spans *spans,
                                struct gw_dateline_tokens *dateline);

/* Whether the token is part of the dateline or the by-line: names there are not what the report is about. */
static inline bool gw_dateline_has(const struct gw_dateline_tokens *dateline, uint32_t token) {
    return (token >= dateline->line.first && token <= dateline->line.last) ||
           (token >= dateline->byline.first && token <= dateline->byline.last);
}

#endif
