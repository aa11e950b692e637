/* Names in the text: spans of tokens with a type. */
#ifndef GW_PROCESS_ENTITIES_TAGGER_TAGGER_H
#define GW_PROCESS_ENTITIES_TAGGER_TAGGER_H

#include "process/text/tokens.h"
#include "schemas/annotation.h"

/* One mention of a name. Titles, a leading "the" and possessive endings are outside. */
struct gw_name_span {
    uint32_t first, last;           /* tokens, both included */
    uint32_t sentence;              /* index in text->sentences */
    uint32_t role_first, role_last; /* tokens of its role, or GW_NO_INDEX: what gw_roles_find sets */
    const struct gw_name *known;    /* the gazetteer's, or NULL */
    const struct gw_user_name *own; /* the user's gazetteer's, or NULL */
    uint8_t type;                   /* enum gw_entity_type */
    gw_e4 confidence;
};

struct gw_name_spans {
    struct gw_name_span *items; /* in order of the text; none overlap */
    uint32_t count;
};

/* Finds the names of all sentences, by rules over capitalised words and the model's gazetteer. Ends early,
 * with `work->ended`, when the budget is at its end. GW_NO_MEMORY when the arena is. */
enum gw_status gw_tagger_find(const struct gw_text *text, const struct gw_model *model, struct gw_work *work,
                              struct gw_arena *arena, struct gw_name_spans *spans);

#endif
