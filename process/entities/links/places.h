/* Which of the world's places of one name an article means: Paris, or Paris in Texas. */
#ifndef GW_PROCESS_ENTITIES_LINKS_PLACES_H
#define GW_PROCESS_ENTITIES_LINKS_PLACES_H

#include "process/entities/names/names.h"

/* Links places that are no countries to GeoNames, by what stands beside them ("Paris, Texas"), by the
 * countries and regions that the article names, and by their size; a name that could mean several is left
 * without. A country whose name is a region's too ("Georgia") becomes that region where the article is about
 * the region's country. Linear in the spans. GW_NO_MEMORY when the arena is at its end. */
enum gw_status gw_places_link(const struct gw_text *text, const struct gw_name_spans *spans,
                              const struct gw_model *model, struct gw_arena *arena,
                              struct gw_entities *entities);

#endif
