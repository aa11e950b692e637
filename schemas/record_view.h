/* What the record's table looks at: the record, and what has to be worked out before it can be written. */
#ifndef GW_SCHEMAS_RECORD_VIEW_H
#define GW_SCHEMAS_RECORD_VIEW_H

#include "schemas/ninjs.h"
#include "schemas/record.h"

/* A target's place is the article's, its sentiment the annotation's. */
struct gw_target_view {
    struct gw_span span;
    struct gw_target_sentiment sentiment;
};

struct gw_record_view {
    struct gw_record record;
    struct gw_str record_id;
    struct gw_ninjs_lists *ninjs; /* NULL: not wanted */
    struct gw_target_view *targets;
    size_t target_count;
};

#endif
