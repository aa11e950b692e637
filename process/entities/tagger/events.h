/* Events that are named by a year, a place and what took place: "2015 Freedonian general election". */
#ifndef GW_PROCESS_ENTITIES_TAGGER_EVENTS_H
#define GW_PROCESS_ENTITIES_TAGGER_EVENTS_H

#include "process/entities/tagger/tagger.h"

/* Makes one name of type EVENT of the year, the names and the words of each such event. Spans stay in order
 * and apart, and become no more. Linear in the spans. */
void gw_events_find(const struct gw_text *text, struct gw_name_spans *spans);

#endif
