/* Mentions grouped by name, and the groups that mean the same joined. What names.c is made of. */
#ifndef GW_PROCESS_ENTITIES_GROUPS_H
#define GW_PROCESS_ENTITIES_GROUPS_H

#include "process/entities/tagger.h"
#include "process/model_tables.h"

/* All mentions of one name. */
struct gw_group {
    uint64_t key;
    uint32_t first_span;
    uint32_t words;  /* capitalised words of the name */
    uint32_t joined; /* the group that it is part of, or its own index */
    const struct gw_name *known;
    int64_t votes[GW_ENTITY_TYPE_COUNT];
};

struct gw_groups {
    struct gw_group *items; /* in order of first mention */
    uint32_t count;
    uint32_t *of_span; /* the group of each span, before joining */
};

/* One group for each different name. GW_NO_MEMORY when the arena is at its end. */
enum gw_status gw_groups_make(const struct gw_text *text, const struct gw_name_spans *spans,
                              const struct gw_model *model, struct gw_arena *arena, struct gw_groups *groups);

/* Joins surnames with people and acronyms with what they shorten; sets `joined`. */
enum gw_status gw_groups_join(const struct gw_text *text, const struct gw_name_spans *spans,
                              struct gw_arena *arena, struct gw_groups *groups);

/* The type with the most votes; the lower number wins a tie. */
enum gw_entity_type gw_group_type(const struct gw_group *group);

/* The group that all are joined to. */
static inline uint32_t gw_group_root(const struct gw_groups *groups, uint32_t group) {
    while (groups->items[group].joined != group) {
        group = groups->items[group].joined;
    }
    return group;
}

#endif
