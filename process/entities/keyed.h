/* A hash table from 64-bit keys to indices that is filled once. Texts made to collide cannot slow it down: a
 * key that finds no place after a few steps is treated as one that is never there. */
#ifndef GW_PROCESS_ENTITIES_KEYED_H
#define GW_PROCESS_ENTITIES_KEYED_H

#include "base/arena.h"
#include "base/status.h"

#include <stdint.h>

#define GW_KEYED_NONE      UINT32_MAX       /* the key is not there */
#define GW_KEYED_AMBIGUOUS (UINT32_MAX - 1) /* it stands for several */

struct gw_keyed {
    struct gw_keyed_slot {
        uint64_t key;
        uint32_t value;
    } * slots;
    uint32_t mask; /* slots - 1; one more behind them is for keys without a place */
};

/* Room for `most` keys. GW_NO_MEMORY when the arena is at its end. */
enum gw_status gw_keyed_init(struct gw_keyed *keyed, size_t most, struct gw_arena *arena);

/* Where `key`'s value is kept; GW_KEYED_NONE is written there when the key is new. At most as many different
 * keys as there is room for. */
uint32_t *gw_keyed_at(struct gw_keyed *keyed, uint64_t key);

/* The value, or GW_KEYED_NONE. */
uint32_t gw_keyed_find(const struct gw_keyed *keyed, uint64_t key);

/* Puts `value`, or GW_KEYED_AMBIGUOUS where another is already there. */
void gw_keyed_put(struct gw_keyed *keyed, uint64_t key, uint32_t value);

#endif
