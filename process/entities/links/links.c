/* The user's ids first, then countries from the model's table. */
#include "process/entities/links/links.h"

/* Room for what places.c may add, so that the array need not move. */
#define LINKS_MOST 2U

#define OWN_CONFIDENCE     9500
#define COUNTRY_CONFIDENCE 9900
#define PEOPLE_CONFIDENCE  9000

static struct gw_link own_link(const struct gw_user_gazetteer *gazetteer, const struct gw_user_name *own,
                               const struct gw_entity *entity) {
    return (struct gw_link){.scheme = gw_user_scheme(gazetteer, own),
                            .id = gw_user_string(gazetteer, own->id),
                            .label = entity->name,
                            .confidence = OWN_CONFIDENCE};
}

static bool is_country(const struct gw_name *known) {
    return known && known->country != 0 && (known->type == GW_NORP || (known->flags & GW_NAME(LINKED)));
}

static struct gw_link country_link(const struct gw_model *model, const struct gw_name *known) {
    const struct gw_country *country = &model->countries[known->country];
    struct gw_str code = {country->alpha2, sizeof country->alpha2};
    return (struct gw_link){.scheme = GW_STR("iso3166-1"),
                            .id = code,
                            .label = {model->strings + country->label, country->label_size},
                            .country = code,
                            .confidence = known->type == GW_NORP ? PEOPLE_CONFIDENCE : COUNTRY_CONFIDENCE};
}

enum gw_status gw_links_set(const struct gw_model *model, const struct gw_user_gazetteer *gazetteer,
                            const struct gw_group *root, struct gw_arena *arena, struct gw_entity *entity) {
    bool own = gazetteer && root->own;
    if (!own && !is_country(root->known)) {
        return GW_OK;
    }
    entity->links = gw_arena_take_zeroed(arena, LINKS_MOST, sizeof *entity->links);
    if (!entity->links) {
        return GW_NO_MEMORY;
    }
    if (own) {
        entity->links[entity->link_count++] = own_link(gazetteer, root->own, entity);
    }
    if (is_country(root->known)) {
        entity->links[entity->link_count++] = country_link(model, root->known);
    }
    return GW_OK;
}
