/* Handles: numbers that stand for things, and tell when the thing is gone. */
#ifndef GW_BASE_SLOTS_H
#define GW_BASE_SLOTS_H

#include "base/arena.h"
#include "base/status.h"

#include <stdint.h>

struct gw_slot;

/* A table of pointers. A handle is a place in it and how often that place was given before, so that a handle
 * kept too long finds nothing instead of its successor. Not thread-safe. */
struct gw_slots {
    struct gw_allocator allocator;
    struct gw_slot *slots;
    size_t capacity;
    size_t used;   /* slots ever given out */
    size_t count;  /* things in the table now */
    uint32_t free; /* the first of the slots that were given back */
};

/* Takes no memory yet. */
void gw_slots_init(struct gw_slots *slots, const struct gw_allocator *allocator);

/* Puts `item` (not NULL) in; *handle is never 0. GW_NO_MEMORY leaves everything as it was. */
enum gw_status gw_slots_add(struct gw_slots *slots, void *item, uint64_t *handle);

/* The item, or NULL for a handle that was removed or never given. */
void *gw_slots_get(const struct gw_slots *slots, uint64_t handle);

/* Takes the item out and returns it, or NULL as above. */
void *gw_slots_remove(struct gw_slots *slots, uint64_t handle);

/* The items one after the other, with their handles (may be NULL): begin with *place 0; NULL at the end.
 * Removing the current one is fine. */
void *gw_slots_next(const struct gw_slots *slots, size_t *place, uint64_t *handle);

/* Gives the table's memory back, not the items'. */
void gw_slots_free(struct gw_slots *slots);

#endif
