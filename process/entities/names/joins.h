/* Groups of mentions that mean the same, joined. Each way of naming a thing again has its own rules; all of
 * them leave apart what could mean two things: a wrong join is worse than none.
 *
 * Call them in the order below, all with one joiner. Each is linear in the groups and fails only with
 * GW_NO_MEMORY, when the arena is at its end. */
#ifndef GW_PROCESS_ENTITIES_NAMES_JOINS_H
#define GW_PROCESS_ENTITIES_NAMES_JOINS_H

#include "process/entities/names/groups.h"

struct gw_joiner {
    const struct gw_text *text;
    const struct gw_name_spans *spans;
    const struct gw_model *model;
    struct gw_arena *arena;
    struct gw_groups *groups;
};

/* "Moscow", once taken for an organisation, is the place that the gazetteer knows; "Kenyans" are "Kenyan". */
enum gw_status gw_join_same_words(struct gw_joiner *joiner);

/* "Robert Hale", "R. Hale", "Hale" and "Robert" are "Robert T. Hale", where nobody else could be meant. */
enum gw_status gw_join_people(struct gw_joiner *joiner);

/* "Borealis" is "Borealis Holdings Ltd", "the Ministry of Health" the "Nigerian Ministry of Health". */
enum gw_status gw_join_organisations(struct gw_joiner *joiner);

/* "HPA" is what stands in front of or in the brackets beside it, or the one name with these initials. */
enum gw_status gw_join_acronyms(struct gw_joiner *joiner);

static inline const struct gw_name_span *gw_joiner_span(const struct gw_joiner *joiner, uint32_t group) {
    return &joiner->spans->items[joiner->groups->items[group].first_span];
}

/* What the model knows of token `i`. */
static inline bool gw_joiner_has(const struct gw_joiner *joiner, uint32_t i, uint64_t flags) {
    return (gw_model_word(joiner->model, joiner->text->tokens[i].word)->flags & flags) != 0;
}

#endif
