/* The type of a name that no list knows, from its words and from what stands around it. */
#ifndef GW_PROCESS_ENTITIES_LOOKS_H
#define GW_PROCESS_ENTITIES_LOOKS_H

#include "process/entities/scene.h"
#include "schemas/annotation.h"

/* How sure rules are of what they say. */
#define GW_LOOKS_SURE     9500
#define GW_LOOKS_LIKELY   8500
#define GW_LOOKS_PROBABLE 7000
#define GW_LOOKS_POSSIBLE 5000

struct gw_look {
    enum gw_entity_type type;
    gw_e4 confidence;
    bool none; /* it is rather no name at all */
};

/* Of tokens `first` to `last`, both included. */
struct gw_look gw_look_at(const struct gw_scene *scene, uint32_t first, uint32_t last);

/* Capitalised words with one of `flags` (any, when 0) from `first` to `last`. */
uint32_t gw_look_count(const struct gw_scene *scene, uint32_t first, uint32_t last, uint64_t flags);

#endif
