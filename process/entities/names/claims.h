/* Who may be called by a shorter name: for each form that is asked for, the first group that claims it, and
 * whether another does. */
#ifndef GW_PROCESS_ENTITIES_NAMES_CLAIMS_H
#define GW_PROCESS_ENTITIES_NAMES_CLAIMS_H

#include "process/entities/keyed.h"
#include "process/entities/names/groups.h"

struct gw_claim {
    uint32_t group; /* the first to claim the form, as it was then; look for its root */
    uint32_t rival; /* the first mention of another, or GW_NO_INDEX */
};

struct gw_claims {
    struct gw_keyed forms;
    struct gw_claim *items;
    uint32_t count;
};

/* Room for `most` forms. GW_NO_MEMORY when the arena is at its end. */
enum gw_status gw_claims_init(struct gw_claims *claims, size_t most, struct gw_arena *arena);

/* The form with this hash will be looked for: an article has few of them, and its names could be shortened to
 * many. At most as many forms as there is room for, and all before the first claim. */
void gw_claims_ask(struct gw_claims *claims, uint64_t hash);

/* Other claims to the forms that were asked for in `like`, which keeps them. GW_NO_MEMORY as above. */
enum gw_status gw_claims_init_like(struct gw_claims *claims, const struct gw_claims *like,
                                   struct gw_arena *arena);

/* What gw_claims_add does when the form may have been asked for. */
void gw_claims_note(struct gw_claims *claims, uint64_t hash, const struct gw_groups *groups, uint32_t group);

/* `group` may be called by the form with this hash. Groups come in order of their first mention; those that
 * are joined to one another are no rivals. */
static inline void gw_claims_add(struct gw_claims *claims, uint64_t hash, const struct gw_groups *groups,
                                 uint32_t group) {
    if (claims->forms.seen & gw_keyed_bit(hash)) {
        gw_claims_note(claims, hash, groups, group);
    }
}

/* NULL: nobody may. */
const struct gw_claim *gw_claims_find(const struct gw_claims *claims, uint64_t hash);

#endif
