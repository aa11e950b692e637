/* Names joined: the mentions of one person, body or place become one entity. */
#ifndef GW_PROCESS_ENTITIES_NAMES_NAMES_H
#define GW_PROCESS_ENTITIES_NAMES_NAMES_H

#include "process/entities/links/user_gazetteer.h"
#include "process/entities/names/dateline.h"
#include "process/entities/tagger/tagger.h"
#include "schemas/annotation.h"
#include "schemas/limits.h"

struct gw_entities {
    struct gw_entity *items; /* most salient first; `sentiment` is left neutral */
    size_t count;
    uint32_t *of_span; /* the entity of each span, or GW_NO_INDEX */
    struct gw_dateline_tokens dateline;
    bool cut; /* the limits left some out */
};

/* What names are joined and linked by. */
struct gw_names_context {
    const struct gw_model *model;
    const struct gw_user_gazetteer
        *gazetteer; /* the one that spans' `own` names are of; NULL: there are none */
    const struct gw_limits *limits;
};

/* Reads the dateline (dateline.h), puts `spans` right (refine.h), finds people's roles (roles.h) and joins
 * the names that mean the same (joins.h). Types vote. Linear in the spans. GW_NO_MEMORY when the arena is at
 * its end. */
enum gw_status gw_names_join(const struct gw_text *text, const struct gw_names_context *context,
                             struct gw_name_spans *spans, struct gw_arena *arena,
                             struct gw_entities *entities);

#endif
