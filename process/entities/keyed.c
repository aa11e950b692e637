/* Linear probing at most half full; a slot is free while its key is 0. */
#include "process/entities/keyed.h"

#define SLOTS_LEAST 8U
#define STEPS_MOST  48U

enum gw_status gw_keyed_init(struct gw_keyed *keyed, size_t most, struct gw_arena *arena) {
    size_t count = SLOTS_LEAST;
    while (count < most * 2 + 1) {
        count *= 2;
    }
    keyed->mask = (uint32_t)(count - 1);
    keyed->slots = gw_arena_take_zeroed(arena, count + 1, sizeof *keyed->slots);
    return keyed->slots ? GW_OK : GW_NO_MEMORY;
}

/* The key's slot, a free one, or the one for keys without a place, as if it were free. */
static struct gw_keyed_slot *find(const struct gw_keyed *keyed, uint64_t key) {
    uint32_t at = (uint32_t)(key ^ key >> 32) & keyed->mask;
    for (uint32_t step = 0; step < STEPS_MOST; step++) {
        if (keyed->slots[at].key == key || keyed->slots[at].key == 0) {
            return &keyed->slots[at];
        }
        at = (at + 1) & keyed->mask;
    }
    struct gw_keyed_slot *none = &keyed->slots[keyed->mask + 1];
    none->key = 0;
    return none;
}

/* Key 0 marks a free slot. */
static uint64_t not_zero(uint64_t key) {
    return key == 0 ? 1 : key;
}

uint32_t *gw_keyed_at(struct gw_keyed *keyed, uint64_t key) {
    struct gw_keyed_slot *slot = find(keyed, not_zero(key));
    if (slot->key == 0) {
        *slot = (struct gw_keyed_slot){not_zero(key), GW_KEYED_NONE};
    }
    return &slot->value;
}

uint32_t gw_keyed_find(const struct gw_keyed *keyed, uint64_t key) {
    const struct gw_keyed_slot *slot = find(keyed, not_zero(key));
    return slot->key == 0 ? GW_KEYED_NONE : slot->value;
}

void gw_keyed_put(struct gw_keyed *keyed, uint64_t key, uint32_t value) {
    uint32_t *at = gw_keyed_at(keyed, key);
    *at = *at == GW_KEYED_NONE || *at == value ? value : GW_KEYED_AMBIGUOUS;
}
