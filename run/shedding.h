/* What a record loses, and in which order, when it is larger than `sink.record_bytes`. */
#ifndef GW_RUN_SHEDDING_H
#define GW_RUN_SHEDDING_H

#include "schemas/record.h"

/* word, what goes. Scores stay computable: sentences, markers and sentiment are never shed. */
#define GW_SHEDDING_TABLE(X)                                                                                 \
    X(EXTRA, "article.extra")                                                                                \
    X(BODY, "article.body")                                                                                  \
    X(VALUES, "values")                                                                                      \
    X(QUOTES, "quotes, and with them each marker's `quote`")                                                 \
    X(MENTIONS, "mentions of each entity but the first")

enum gw_shedding {
#define GW_SHEDDING_ENUM(name, text) GW_SHED_##name,
    GW_SHEDDING_TABLE(GW_SHEDDING_ENUM)
#undef GW_SHEDDING_ENUM
        GW_SHED_COUNT
};

/* Takes one more part away and flags the record as truncated. Steps add up: take them in order. */
void gw_shed(enum gw_shedding step, struct gw_record_context *context, struct gw_article *article,
             struct gw_annotation *annotation);

#endif
