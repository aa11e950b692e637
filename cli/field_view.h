/* One field of an annotated article as it is shown: blocks of readable text, with highlights in them. */
#ifndef GW_CLI_FIELD_VIEW_H
#define GW_CLI_FIELD_VIEW_H

#include "cli/highlight.h"
#include "cli/readable.h"
#include "schemas/record.h"

/* A sentence, or text outside of any. Every block shows something. */
struct gw_block {
    uint32_t end;                       /* it begins where the one before ends */
    const struct gw_sentence *sentence; /* NULL: text that has no score */
    bool paragraph;                     /* the text begins one here */
};

struct gw_field_view {
    struct gw_readable readable;
    struct gw_block *blocks;
    size_t block_count;
    struct gw_highlight *highlights;
    size_t highlight_count;
    size_t next; /* the highlight that is open or comes next */
    bool inside; /* it is open */
};

/* A character, and what ends and begins right before it; NULL: nothing. */
struct gw_view_step {
    uint32_t codepoint;
    const struct gw_highlight *closes, *opens;
};

/* Memory is the arena's; fails with GW_NO_MEMORY. */
enum gw_status gw_field_view_build(struct gw_field_view *view, const struct gw_record *record,
                                   enum gw_text_field field, struct gw_arena *arena);

/* The next character of a block, whose blocks before have been walked over; false at its end. */
bool gw_field_view_next(struct gw_field_view *view, const struct gw_block *block, struct gw_view_step *step);

/* At a block's end: the highlight that is still open and is closed now, so that none goes over a border; else
 * NULL. */
const struct gw_highlight *gw_field_view_close(struct gw_field_view *view);

#endif
