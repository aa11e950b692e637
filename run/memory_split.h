/* How `memory` is split: one key for the operator, a named share for each use. */
#ifndef GW_RUN_MEMORY_SPLIT_H
#define GW_RUN_MEMORY_SPLIT_H

#include <stddef.h>

/* Shares of a worker's memory, in sixteenths. */
enum gw_memory_share {
    GW_MEMORY_PREFETCH = 3, /* messages that wait in the source */
    GW_MEMORY_WINDOW = 2,   /* messages taken and not yet settled: above it the source is paused */
    GW_MEMORY_QUEUE = 3,    /* messages that wait in the sink */
    GW_MEMORY_ARENA = 8     /* one article and its annotation */
};

static inline size_t gw_memory_share(size_t memory_bytes, enum gw_memory_share share) {
    return memory_bytes / 16 * (size_t)share;
}

#endif
