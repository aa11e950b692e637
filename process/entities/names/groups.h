/* Mentions grouped by name, before and while groups that mean the same are joined. */
#ifndef GW_PROCESS_ENTITIES_NAMES_GROUPS_H
#define GW_PROCESS_ENTITIES_NAMES_GROUPS_H

#include "process/entities/tagger/tagger.h"
#include "process/model_tables.h"

/* All mentions of one name. */
struct gw_group {
    uint64_t hash;       /* of the name's words, as gw_name_words has them */
    uint32_t first_span; /* its first mention */
    uint32_t last_span;
    uint32_t words;
    uint32_t joined; /* the group that it is part of, or its own index */
    const struct gw_name *known;
    const struct gw_user_name *own; /* a root's is that of any of its groups */
    int64_t votes[GW_ENTITY_TYPE_COUNT];
    uint8_t type;   /* enum gw_entity_type: what gw_group_count makes of the votes */
    gw_e4 salience; /* of an entity's: what gw_salience_sort makes of its mentions */
};

struct gw_groups {
    struct gw_group *items; /* in order of first mention; room for one per span */
    uint32_t count;
    uint32_t *of_span; /* the group of each span, before joining */
    uint32_t *next;    /* the next mention of the same group, or GW_NO_INDEX */
};

/* Words of a name that are looked at; longer names are joined only with their equals. */
#define GW_NAME_WORDS_MOST 12U

/* The words of one mention: tokens that are words or numbers, no marks. */
struct gw_name_words {
    uint32_t tokens[GW_NAME_WORDS_MOST];
    uint32_t count; /* 0 when there are more */
};
struct gw_name_words gw_name_words(const struct gw_text *text, const struct gw_name_span *span);

/* The hash of words `first` to `end`, as struct gw_group has it for all of them. */
uint64_t gw_name_words_hash(const struct gw_text *text, const struct gw_name_words *words, uint32_t first,
                            uint32_t end);

/* One group for each different name; names that the gazetteer has are the same when their canonical form is.
 * GW_NO_MEMORY when the arena is at its end. */
enum gw_status gw_groups_make(const struct gw_text *text, const struct gw_name_spans *spans,
                              const struct gw_model *model, struct gw_arena *arena, struct gw_groups *groups);

/* Sets the type to the one with the most votes; the lower number wins a tie. */
void gw_group_count(struct gw_group *group);

static inline enum gw_entity_type gw_group_type(const struct gw_group *group) {
    return (enum gw_entity_type)group->type;
}

/* What the entity of this root is: gazetteers know better than votes. */
enum gw_entity_type gw_group_entity_type(const struct gw_group *root);

/* The group that all are joined to. */
static inline uint32_t gw_group_root(const struct gw_groups *groups, uint32_t group) {
    while (groups->items[group].joined != group) {
        group = groups->items[group].joined;
    }
    return group;
}

/* Makes all of `group` part of `into`; fine when they are one already. Two that the user's gazetteer has
 * under different ids stay apart. */
void gw_group_join(struct gw_groups *groups, uint32_t group, uint32_t into);

#endif
