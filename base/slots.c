/* Places that were given back form a list through their `next`. */
#include "base/slots.h"

#include <string.h>

#define FIRST_CAPACITY ((size_t)16)
#define NOWHERE        UINT32_MAX

struct gw_slot {
    void *item;          /* NULL while the slot is free */
    uint32_t generation; /* how often the slot was given back */
    uint32_t next;       /* the next free slot */
};

void gw_slots_init(struct gw_slots *slots, const struct gw_allocator *allocator) {
    *slots = (struct gw_slots){.allocator = *allocator, .free = NOWHERE};
}

static void release(struct gw_slots *slots) {
    if (slots->slots) {
        slots->allocator.release(slots->allocator.context, slots->slots,
                                 slots->capacity * sizeof *slots->slots);
    }
}

static enum gw_status grow(struct gw_slots *slots) {
    size_t capacity = slots->capacity ? slots->capacity * 2 : FIRST_CAPACITY;
    if (capacity >= NOWHERE) {
        return GW_NO_MEMORY;
    }
    struct gw_slot *grown = slots->allocator.allocate(slots->allocator.context, capacity * sizeof *grown);
    if (!grown) {
        return GW_NO_MEMORY;
    }
    if (slots->used > 0) {
        memcpy(grown, slots->slots, slots->used * sizeof *grown);
    }
    release(slots);
    slots->slots = grown;
    slots->capacity = capacity;
    return GW_OK;
}

/* A free place, or NOWHERE when memory is at its end. */
static uint32_t take_place(struct gw_slots *slots) {
    uint32_t place = slots->free;
    if (place != NOWHERE) {
        slots->free = slots->slots[place].next;
        return place;
    }
    if (slots->used == slots->capacity && grow(slots) != GW_OK) {
        return NOWHERE;
    }
    place = (uint32_t)slots->used++;
    slots->slots[place].generation = 0;
    return place;
}

static uint64_t handle_of(const struct gw_slots *slots, const struct gw_slot *slot) {
    return (uint64_t)slot->generation << 32 | (uint64_t)(slot - slots->slots + 1);
}

enum gw_status gw_slots_add(struct gw_slots *slots, void *item, uint64_t *handle) {
    uint32_t place = take_place(slots);
    if (place == NOWHERE) {
        return GW_NO_MEMORY;
    }
    struct gw_slot *slot = &slots->slots[place];
    slot->item = item;
    slots->count++;
    *handle = handle_of(slots, slot);
    return GW_OK;
}

static struct gw_slot *find(const struct gw_slots *slots, uint64_t handle) {
    uint64_t place = (handle & UINT32_MAX) - 1; /* wraps to a place that is never used for handle 0 */
    if (place >= slots->used) {
        return NULL;
    }
    struct gw_slot *slot = &slots->slots[place];
    return slot->item && slot->generation == handle >> 32 ? slot : NULL;
}

void *gw_slots_get(const struct gw_slots *slots, uint64_t handle) {
    const struct gw_slot *slot = find(slots, handle);
    return slot ? slot->item : NULL;
}

void *gw_slots_remove(struct gw_slots *slots, uint64_t handle) {
    struct gw_slot *slot = find(slots, handle);
    if (!slot) {
        return NULL;
    }
    void *item = slot->item;
    slot->item = NULL;
    slot->generation++;
    slot->next = slots->free;
    slots->free = (uint32_t)(slot - slots->slots);
    slots->count--;
    return item;
}

void *gw_slots_next(const struct gw_slots *slots, size_t *place, uint64_t *handle) {
    while (*place < slots->used) {
        const struct gw_slot *slot = &slots->slots[(*place)++];
        if (slot->item) {
            if (handle) {
                *handle = handle_of(slots, slot);
            }
            return slot->item;
        }
    }
    return NULL;
}

void gw_slots_free(struct gw_slots *slots) {
    struct gw_allocator allocator = slots->allocator;
    release(slots);
    gw_slots_init(slots, &allocator);
}
