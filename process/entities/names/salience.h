/* How much the article is about each of its entities. */
#ifndef GW_PROCESS_ENTITIES_NAMES_SALIENCE_H
#define GW_PROCESS_ENTITIES_NAMES_SALIENCE_H

#include "process/entities/names/names.h"

/* Sets each entity's share of all mentions, those in the title and the lead counting more and those in
 * dateline and by-line less, and sorts the most salient first (equal ones by first mention); `of_span` (of
 * `span_count` spans) follows. GW_NO_MEMORY when the arena is at its end. */
enum gw_status gw_salience_sort(const struct gw_text *text, size_t span_count, struct gw_arena *arena,
                                struct gw_entities *entities);

#endif
