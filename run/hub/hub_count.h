/* Counting in memory that another process reads. */
#ifndef GW_RUN_HUB_HUB_COUNT_H
#define GW_RUN_HUB_HUB_COUNT_H

#include <stdatomic.h>
#include <stdint.h>

/* One process writes: a plain sum would do, were it not read at the same time. */
static inline void gw_hub_count(_Atomic uint64_t *counter, uint64_t more) {
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + more,
                          memory_order_relaxed);
}

static inline void gw_hub_level(_Atomic uint64_t *level, uint64_t value) {
    atomic_store_explicit(level, value, memory_order_relaxed);
}

#endif
