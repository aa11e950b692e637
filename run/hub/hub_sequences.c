/* Open addressing over the topics' hashes; entries are never taken out one by one. */
#include "run/hub/hub_sequences.h"

#include <string.h>

#define PLACES ((size_t)2 * GW_HUB_TOPICS_MAX)

static uint64_t *last_of(struct gw_hub_sequences *sequences, struct gw_str topic) {
    struct gw_hash128 hash = gw_hash128(topic);
    size_t place = (size_t)hash.low % PLACES;
    while (sequences->entries[place].last != 0) {
        if (sequences->entries[place].topic.high == hash.high &&
            sequences->entries[place].topic.low == hash.low) {
            return &sequences->entries[place].last;
        }
        place = (place + 1) % PLACES;
    }
    if (sequences->count == GW_HUB_TOPICS_MAX) {
        memset(sequences, 0, sizeof *sequences);
        place = (size_t)hash.low % PLACES;
    }
    sequences->count++;
    sequences->entries[place].topic = hash;
    return &sequences->entries[place].last;
}

uint64_t gw_hub_sequences_next(struct gw_hub_sequences *sequences, struct gw_str topic) {
    return ++*last_of(sequences, topic);
}

uint64_t gw_hub_sequences_see(struct gw_hub_sequences *sequences, struct gw_str topic, uint64_t number) {
    if (number == 0) {
        return 0; /* no publisher of ours counts from 0 */
    }
    uint64_t *last = last_of(sequences, topic);
    uint64_t missed = *last != 0 && number > *last ? number - *last - 1 : 0;
    *last = number;
    return missed;
}
