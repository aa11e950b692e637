/* How much the article is about each of its entities. */
#ifndef GW_PROCESS_ENTITIES_NAMES_SALIENCE_H
#define GW_PROCESS_ENTITIES_NAMES_SALIENCE_H

#include "process/entities/names/dateline.h"
#include "process/entities/names/groups.h"

/* The entities' groups: the root of each, in the order of their numbers. */
struct gw_roots {
    struct gw_group *items;
    uint32_t count;
};

/* Sets each entity's share of all mentions, those in the title and the lead counting more and those in
 * dateline and by-line less, and puts the most salient first (equal ones by first mention). `of_span` has the
 * entity of each span or GW_NO_INDEX, and follows. GW_NO_MEMORY when the arena is at its end. */
enum gw_status gw_salience_sort(const struct gw_text *text, const struct gw_name_spans *spans,
                                const struct gw_dateline_tokens *dateline, struct gw_arena *arena,
                                uint32_t *of_span, struct gw_roots *roots);

#endif
