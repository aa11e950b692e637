/* Linear probing at most half full. */
#include "process/entities/keyed.h"

#define SLOTS_LEAST 8U
#define STEPS_MOST  48U

#define NOWHERE 0U /* the entry of keys without a place */

enum gw_status gw_keyed_init(struct gw_keyed *keyed, size_t most, struct gw_arena *arena) {
    size_t count = SLOTS_LEAST;
    while (count < most * 2 + 1) {
        count *= 2;
    }
    *keyed = (struct gw_keyed){.mask = (uint32_t)(count - 1), .count = 1};
    keyed->slots = gw_arena_take_zeroed(arena, count, sizeof *keyed->slots);
    keyed->entries = gw_arena_take(arena, (most + 1) * sizeof *keyed->entries);
    return keyed->slots && keyed->entries ? GW_OK : GW_NO_MEMORY;
}

/* The key's slot or a free one; NULL when the key has no place. */
static inline uint32_t *find(const struct gw_keyed *keyed, uint64_t key) {
    uint32_t at = (uint32_t)(key ^ key >> 32) & keyed->mask;
    for (uint32_t step = 0; step < STEPS_MOST; step++) {
        uint32_t *slot = &keyed->slots[at];
        if (*slot == 0 || keyed->entries[*slot].key == key) {
            return slot;
        }
        at = (at + 1) & keyed->mask;
    }
    return NULL;
}

uint32_t *gw_keyed_at(struct gw_keyed *keyed, uint64_t key) {
    uint32_t *slot = find(keyed, key);
    if (!slot) {
        keyed->entries[NOWHERE].value = GW_KEYED_NONE;
        return &keyed->entries[NOWHERE].value;
    }
    if (*slot == 0) {
        *slot = keyed->count++;
        keyed->seen |= gw_keyed_bit(key);
        keyed->entries[*slot] = (struct gw_keyed_entry){key, GW_KEYED_NONE};
    }
    return &keyed->entries[*slot].value;
}

uint32_t gw_keyed_search(const struct gw_keyed *keyed, uint64_t key) {
    const uint32_t *slot = find(keyed, key);
    return slot && *slot != 0 ? keyed->entries[*slot].value : GW_KEYED_NONE;
}

void gw_keyed_put(struct gw_keyed *keyed, uint64_t key, uint32_t value) {
    uint32_t *at = gw_keyed_at(keyed, key);
    *at = *at == GW_KEYED_NONE || *at == value ? value : GW_KEYED_AMBIGUOUS;
}
