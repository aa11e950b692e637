/* Countries, from the model's table. */
#include "process/entities/links.h"

#define COUNTRY_CONFIDENCE 9900
#define PEOPLE_CONFIDENCE  9000

enum gw_status gw_links_add(const struct gw_model *model, const struct gw_name *known, struct gw_arena *arena,
                            struct gw_entity *entity) {
    bool people = known->type == GW_NORP;
    if (known->country == 0 || !(people || (known->flags & GW_NAME(LINKED)))) {
        return GW_OK;
    }
    const struct gw_country *country = &model->countries[known->country];
    struct gw_link *link = gw_arena_take_zeroed(arena, 1, sizeof *link);
    if (!link) {
        return GW_NO_MEMORY;
    }
    link->scheme = GW_STR("iso3166-1");
    link->id = (struct gw_str){country->alpha2, sizeof country->alpha2};
    link->label = (struct gw_str){model->strings + country->label, country->label_size};
    link->country = link->id;
    link->confidence = people ? PEOPLE_CONFIDENCE : COUNTRY_CONFIDENCE;
    entity->links = link;
    entity->link_count = 1;
    return GW_OK;
}
