/* What is to be marked in a text that is shown to people: entities, markers and values, none over another. */
#ifndef GW_CLI_HIGHLIGHT_H
#define GW_CLI_HIGHLIGHT_H

#include "schemas/annotation.h"

enum gw_highlight_kind { GW_HIGHLIGHT_ENTITY, GW_HIGHLIGHT_MARKER, GW_HIGHLIGHT_VALUE };

struct gw_highlight {
    enum gw_highlight_kind kind;
    uint32_t start, end; /* bytes of the field */
    size_t index;        /* in the annotation's entities, markers or values */
};

/* The highlights of one field in order; where two overlap, the kind that comes first above is kept, and the
 * earlier of the same kind. The array is the arena's. Fails with GW_NO_MEMORY. */
enum gw_status gw_highlights_collect(const struct gw_annotation *annotation, enum gw_text_field field,
                                     struct gw_arena *arena, struct gw_highlight **highlights, size_t *count);

/* "PERSON", "positive" …: the words that records have for them. */
const char *gw_entity_type_name(enum gw_entity_type type);
const char *gw_value_kind_name(enum gw_value_kind kind);
const char *gw_marker_kind_name(enum gw_marker_kind kind);
const char *gw_label_name(enum gw_label label);

/* "-0.46", rounded; never "-0.00". */
#define GW_SCORE_SIZE 12
void gw_score_format(gw_e4 score, char out[GW_SCORE_SIZE]);

#endif
