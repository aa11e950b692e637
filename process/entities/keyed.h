/* A hash table from 64-bit keys to indices that is filled once. Texts made to collide cannot slow it down: a
 * key that finds no place after a few steps is treated as one that is never there. */
#ifndef GW_PROCESS_ENTITIES_KEYED_H
#define GW_PROCESS_ENTITIES_KEYED_H

#include "base/arena.h"
#include "base/status.h"

#include <stdint.h>

#define GW_KEYED_NONE      UINT32_MAX       /* the key is not there */
#define GW_KEYED_AMBIGUOUS (UINT32_MAX - 1) /* it stands for several */

struct gw_keyed_entry {
    uint64_t key;
    uint32_t value;
};

/* Entries lie in the order in which they came, the slots have their numbers: so little has to be zeroed. */
struct gw_keyed {
    uint64_t seen; /* a bit for six of each key's: most keys that are not there need no search */
    struct gw_keyed_entry *entries; /* the first is for keys without a place */
    uint32_t *slots;                /* 0: free */
    uint32_t mask;                  /* slots - 1 */
    uint32_t count;                 /* of entries */
};

/* Room for `most` keys. GW_NO_MEMORY when the arena is at its end. */
enum gw_status gw_keyed_init(struct gw_keyed *keyed, size_t most, struct gw_arena *arena);

/* Where `key`'s value is kept; GW_KEYED_NONE is written there when the key is new. At most as many different
 * keys as there is room for. */
uint32_t *gw_keyed_at(struct gw_keyed *keyed, uint64_t key);

/* What gw_keyed_find does for keys that may be there. */
uint32_t gw_keyed_search(const struct gw_keyed *keyed, uint64_t key);

static inline uint64_t gw_keyed_bit(uint64_t key) {
    return UINT64_C(1) << (key >> 58);
}

/* The value, or GW_KEYED_NONE. */
static inline uint32_t gw_keyed_find(const struct gw_keyed *keyed, uint64_t key) {
    return keyed->seen & gw_keyed_bit(key) ? gw_keyed_search(keyed, key) : GW_KEYED_NONE;
}

/* Puts `value`, or GW_KEYED_AMBIGUOUS where another is already there. */
void gw_keyed_put(struct gw_keyed *keyed, uint64_t key, uint32_t value);

#endif
