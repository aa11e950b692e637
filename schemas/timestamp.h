/* Points in time as RFC 3339 writes them. */
#ifndef GW_SCHEMAS_TIMESTAMP_H
#define GW_SCHEMAS_TIMESTAMP_H

#include "base/str.h"

#include <stdint.h>

/* Years 0001 to 9999, in milliseconds since 1970-01-01 UTC. */
#define GW_TIMESTAMP_MS_LEAST INT64_C(-62135596800000)
#define GW_TIMESTAMP_MS_MOST  INT64_C(253402300799999)

/* Reads "2023-08-15T09:30:00.25+02:00": section 5.6 to the letter, so date, 'T', time and offset are all
 * there. What is finer than a millisecond is cut off; a leap second counts as the one after it. False when it
 * is anything else, or no such day or hour exists. */
bool gw_timestamp_parse(struct gw_str text, int64_t *ms);

#endif
