/* Markers: the words that make a score, each with its span and a weight in which negation, modifiers and
 * contrast are counted already. */
#ifndef GW_PROCESS_SENTIMENT_MARKERS_H
#define GW_PROCESS_SENTIMENT_MARKERS_H

#include "process/entities/tagger/tagger.h"
#include "process/work.h"

/* What the scores need to know of a marker and the record does not carry. */
struct gw_marker_place {
    uint32_t token;
    uint32_t sentence;
};

struct gw_markers_found {
    struct gw_marker *items; /* in order of the text */
    struct gw_marker_place *places;
    uint32_t count;
    uint32_t *words; /* of each sentence: its words outside names */
};

/* Finds the markers of all sentences; words inside `spans` are names and none. Ends early, with
 * `work->ended`, when the budget is at its end. GW_NO_MEMORY when the arena is. */
enum gw_status gw_markers_find(const struct gw_text *text, const struct gw_name_spans *spans,
                               const struct gw_model *model, struct gw_work *work, struct gw_arena *arena,
                               struct gw_markers_found *markers);

#endif
