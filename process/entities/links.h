/* Links from entities to what others call them. */
#ifndef GW_PROCESS_ENTITIES_LINKS_H
#define GW_PROCESS_ENTITIES_LINKS_H

#include "process/model_tables.h"
#include "schemas/annotation.h"

/* Links `entity`, whose gazetteer name is `known`, to ISO 3166-1 when it is a country or its people.
 * GW_NO_MEMORY when the arena is at its end. */
enum gw_status gw_links_add(const struct gw_model *model, const struct gw_name *known, struct gw_arena *arena,
                            struct gw_entity *entity);

#endif
