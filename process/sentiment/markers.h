/* Markers: the words that make a score, each with its span and a weight in which negation, modifiers and
 * contrast are counted already. */
#ifndef GW_PROCESS_SENTIMENT_MARKERS_H
#define GW_PROCESS_SENTIMENT_MARKERS_H

#include "process/annotate.h"
#include "process/entities/tagger/tagger.h"
#include "process/work.h"

struct gw_markers_found {
    struct gw_marker *items; /* in order of the text */
    uint32_t *tokens;        /* the token of each, of a pair the second */
    uint32_t count;
    gw_e4 *weights;  /* of each token of the text, also where GW_MARKERS_MAIN has no marker for it */
    uint32_t *words; /* of each sentence: its words outside names */
};

/* Finds the markers of all sentences; words inside `spans` are names and none. With GW_MARKERS_MAIN, context
 * words have a weight and no marker. Ends early, with `work->ended`, when the budget is at its end.
 * GW_NO_MEMORY when the arena is. */
enum gw_status gw_markers_find(const struct gw_text *text, const struct gw_name_spans *spans,
                               const struct gw_model *model, enum gw_markers which, struct gw_work *work,
                               struct gw_arena *arena, struct gw_markers_found *markers);

#endif
