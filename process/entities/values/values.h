/* Values: dates, times, money, percentages and quantities, by rules. */
#ifndef GW_PROCESS_ENTITIES_VALUES_VALUES_H
#define GW_PROCESS_ENTITIES_VALUES_VALUES_H

#include "process/entities/tagger/tagger.h"
#include "process/entities/values/value_calendar.h"
#include "schemas/article.h"

struct gw_values {
    struct gw_value_found *items; /* in order of the text; none overlap, and none begins in a name */
    size_t count;
};

/* The day on which the article says it was published, in the zone it says it in; GW_NO_DAY when it does not.
 */
int32_t gw_values_published(const struct gw_article *article);

/* Finds the values of all sentences. `value` is set only where the text, with the day of publication or with
 * what the article shows elsewhere, makes it certain: how it orders day and month, whose dollars it means,
 * and, when `published` is GW_NO_DAY, a whole date with its weekday as the day of publication. What is said
 * relative to a day that is not known ("last month") is no value. Ends early, with `work->ended`, when the
 * budget is at its end. GW_NO_MEMORY when the arena is. */
enum gw_status gw_values_find(const struct gw_text *text, const struct gw_name_spans *spans,
                              const struct gw_model *model, int32_t published, struct gw_work *work,
                              struct gw_arena *arena, struct gw_values *values);

#endif
