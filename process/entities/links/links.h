/* Links from entities to what others call them. */
#ifndef GW_PROCESS_ENTITIES_LINKS_LINKS_H
#define GW_PROCESS_ENTITIES_LINKS_LINKS_H

#include "process/entities/links/user_gazetteer.h"
#include "process/entities/names/groups.h"
#include "schemas/annotation.h"

/* Links `entity`, which is named and typed, and of which `root` is the group: to the user's id (`gazetteer`
 * may be NULL), and to ISO 3166-1 when it is a country or its people. GW_NO_MEMORY when the arena is at its
 * end. */
enum gw_status gw_links_set(const struct gw_model *model, const struct gw_user_gazetteer *gazetteer,
                            const struct gw_group *root, struct gw_arena *arena, struct gw_entity *entity);

#endif
