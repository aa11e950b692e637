/* Values: dates, times, money, percentages and quantities, by rules. */
#ifndef GW_PROCESS_ENTITIES_VALUES_H
#define GW_PROCESS_ENTITIES_VALUES_H

#include "process/entities/tagger.h"

struct gw_values {
    struct gw_value_found *items; /* in order of the text; none overlap, and none lies in a name */
    size_t count;
};

/* Finds the values of all sentences. `value` is set only where the text alone makes it certain. Ends early,
 * with `work->ended`, when the budget is at its end. GW_NO_MEMORY when the arena is. */
enum gw_status gw_values_find(const struct gw_text *text, const struct gw_name_spans *spans,
                              const struct gw_model *model, struct gw_work *work, struct gw_arena *arena,
                              struct gw_values *values);

#endif
