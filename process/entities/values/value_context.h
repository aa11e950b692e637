/* What the article as a whole tells about its values: when it was published, how it writes dates, whose
 * dollars it means. */
#ifndef GW_PROCESS_ENTITIES_VALUES_VALUE_CONTEXT_H
#define GW_PROCESS_ENTITIES_VALUES_VALUE_CONTEXT_H

#include "process/entities/values/value_reader.h"

enum gw_day_order { GW_ORDER_UNKNOWN, GW_ORDER_DAY_FIRST, GW_ORDER_MONTH_FIRST, GW_ORDER_BOTH };

struct gw_value_context {
    int32_t earliest, latest; /* day of publication, or GW_NO_DAY; two where it is known to a few days only */
    bool published;           /* the article said it */
    enum gw_day_order order;
    const char
        *dollar; /* the code of all dollars that say whose they are; "" when these differ; NULL: none */
};

/* Nothing is known but the day of publication, or GW_NO_DAY. */
void gw_value_context_begin(struct gw_value_context *context, int32_t published);

/* Learns from one value, read in the sentence that `reader` has whole. */
void gw_value_context_learn(struct gw_value_context *context, const struct gw_value_reader *reader,
                            const struct gw_value_read *read);

/* Sets read->text to what the value is, once all values are learnt from; "" when that is not sure. */
void gw_value_context_resolve(const struct gw_value_context *context, const struct gw_value_reader *reader,
                              struct gw_value_read *read);

#endif
