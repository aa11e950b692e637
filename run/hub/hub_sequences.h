/* The last number of each topic: what PUB counts up, and what SUB compares. */
#ifndef GW_RUN_HUB_HUB_SEQUENCES_H
#define GW_RUN_HUB_HUB_SEQUENCES_H

#include "base/hash.h"

/* Most topics that are counted apart. One more, and all begin again at 1, as after a restart. */
#define GW_HUB_TOPICS_MAX 1024

/* Zero-initialised. Half of the entries stay empty, so that a look-up is short. */
struct gw_hub_sequences {
    struct {
        struct gw_hash128 topic;
        uint64_t last; /* 0: the entry is empty */
    } entries[2 * GW_HUB_TOPICS_MAX];
    size_t count;
};

/* The next number of a topic, from 1. */
uint64_t gw_hub_sequences_next(struct gw_hub_sequences *sequences, struct gw_str topic);

/* Notes the number that a message of this topic carried; returns how many were left out before it. None when
 * the topic is new, or its numbers began again. */
uint64_t gw_hub_sequences_see(struct gw_hub_sequences *sequences, struct gw_str topic, uint64_t number);

#endif
