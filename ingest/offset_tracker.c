/* Each partition has a ring of the offsets between its watermark and the last one taken. A ticket's sequence
 * counts the offsets taken in this epoch, so that its place in the ring is found without a search. */
#include "ingest/offset_tracker.h"

#include <assert.h>
#include <string.h>

#define FIRST_PARTITIONS 8
#define FIRST_RING       64

struct taken {
    int64_t offset;
    bool settled;
};

struct gw_tracked_partition {
    char *topic; /* terminated */
    size_t topic_size;
    int32_t partition;
    bool assigned;
    bool moved;
    uint32_t epoch;
    int64_t highest; /* ever taken; -1: none */

    /* ring[sequence & (capacity - 1)] for sequences in [first, next) */
    struct taken *ring;
    size_t capacity;
    uint64_t first, next;
    int64_t last; /* taken in this epoch; -1: none */
};

void gw_offset_tracker_init(struct gw_offset_tracker *tracker, const struct gw_allocator *allocator) {
    *tracker = (struct gw_offset_tracker){.allocator = *allocator};
}

static void *allocate(struct gw_offset_tracker *tracker, size_t size) {
    return tracker->allocator.allocate(tracker->allocator.context, size);
}

static void release(struct gw_offset_tracker *tracker, void *memory, size_t size) {
    if (memory) {
        tracker->allocator.release(tracker->allocator.context, memory, size);
    }
}

void gw_offset_tracker_free(struct gw_offset_tracker *tracker) {
    for (uint32_t i = 0; i < tracker->count; i++) {
        struct gw_tracked_partition *partition = &tracker->partitions[i];
        release(tracker, partition->topic, partition->topic_size + 1);
        release(tracker, partition->ring, partition->capacity * sizeof *partition->ring);
    }
    release(tracker, tracker->partitions, tracker->capacity * sizeof *tracker->partitions);
    gw_offset_tracker_init(tracker, &tracker->allocator);
}

static bool is_named(const struct gw_tracked_partition *candidate, struct gw_str topic, int32_t partition) {
    return candidate->partition == partition &&
           gw_str_eq((struct gw_str){candidate->topic, candidate->topic_size}, topic);
}

uint32_t gw_offset_tracker_find(struct gw_offset_tracker *tracker, struct gw_str topic, int32_t partition) {
    for (uint32_t i = 0; i < tracker->count; i++) {
        uint32_t index = (tracker->latest + i) % tracker->count;
        if (is_named(&tracker->partitions[index], topic, partition)) {
            tracker->latest = index;
            return index;
        }
    }
    return GW_NO_PARTITION;
}

static enum gw_status grow_partitions(struct gw_offset_tracker *tracker) {
    uint32_t capacity = tracker->capacity ? tracker->capacity * 2 : FIRST_PARTITIONS;
    struct gw_tracked_partition *grown = allocate(tracker, capacity * sizeof *grown);
    if (!grown) {
        return GW_NO_MEMORY;
    }
    if (tracker->count > 0) {
        memcpy(grown, tracker->partitions, tracker->count * sizeof *grown);
    }
    release(tracker, tracker->partitions, tracker->capacity * sizeof *grown);
    tracker->partitions = grown;
    tracker->capacity = capacity;
    return GW_OK;
}

static enum gw_status add(struct gw_offset_tracker *tracker, struct gw_str topic, int32_t partition,
                          uint32_t *index) {
    if (tracker->count == tracker->capacity && grow_partitions(tracker) != GW_OK) {
        return GW_NO_MEMORY;
    }
    char *name = allocate(tracker, topic.size + 1);
    if (!name) {
        return GW_NO_MEMORY;
    }
    if (topic.size > 0) {
        memcpy(name, topic.data, topic.size);
    }
    name[topic.size] = '\0';
    *index = tracker->count++;
    tracker->partitions[*index] = (struct gw_tracked_partition){
        .topic = name, .topic_size = topic.size, .partition = partition, .highest = -1, .last = -1};
    return GW_OK;
}

/* Nothing is taken; what was is stale. */
static void begin_epoch(struct gw_tracked_partition *partition) {
    partition->epoch++;
    partition->first = partition->next = 0;
    partition->last = -1;
    partition->moved = false;
}

enum gw_status gw_offset_tracker_assign(struct gw_offset_tracker *tracker, struct gw_str topic,
                                        int32_t partition, uint32_t *index) {
    *index = gw_offset_tracker_find(tracker, topic, partition);
    if (*index == GW_NO_PARTITION && add(tracker, topic, partition, index) != GW_OK) {
        return GW_NO_MEMORY;
    }
    begin_epoch(&tracker->partitions[*index]);
    tracker->partitions[*index].assigned = true;
    return GW_OK;
}

void gw_offset_tracker_revoke(struct gw_offset_tracker *tracker, uint32_t index) {
    begin_epoch(&tracker->partitions[index]);
    tracker->partitions[index].assigned = false;
}

bool gw_offset_tracker_is_assigned(const struct gw_offset_tracker *tracker, uint32_t index) {
    return tracker->partitions[index].assigned;
}

static struct taken *at(const struct gw_tracked_partition *partition, uint64_t sequence) {
    return &partition->ring[sequence & (partition->capacity - 1)];
}

static enum gw_status grow_ring(struct gw_offset_tracker *tracker, struct gw_tracked_partition *partition) {
    size_t capacity = partition->capacity ? partition->capacity * 2 : FIRST_RING;
    struct taken *grown = allocate(tracker, capacity * sizeof *grown);
    if (!grown) {
        return GW_NO_MEMORY;
    }
    for (uint64_t sequence = partition->first; sequence < partition->next; sequence++) {
        grown[sequence & (capacity - 1)] = *at(partition, sequence);
    }
    release(tracker, partition->ring, partition->capacity * sizeof *grown);
    partition->ring = grown;
    partition->capacity = capacity;
    return GW_OK;
}

enum gw_status gw_offset_tracker_take(struct gw_offset_tracker *tracker, uint32_t index, int64_t offset,
                                      struct gw_offset_ticket *ticket, bool *redelivered) {
    struct gw_tracked_partition *partition = &tracker->partitions[index];
    assert(partition->assigned);
    if (partition->next - partition->first == partition->capacity && grow_ring(tracker, partition) != GW_OK) {
        return GW_NO_MEMORY;
    }
    if (offset <= partition->last) {
        begin_epoch(partition);
    }
    *ticket = (struct gw_offset_ticket){index, partition->epoch, partition->next};
    *redelivered = offset <= partition->highest;
    *at(partition, partition->next++) = (struct taken){offset, false};
    partition->last = offset;
    partition->highest = offset > partition->highest ? offset : partition->highest;
    return GW_OK;
}

bool gw_offset_tracker_is_stale(const struct gw_offset_tracker *tracker, struct gw_offset_ticket ticket) {
    return tracker->partitions[ticket.partition].epoch != ticket.epoch;
}

bool gw_offset_tracker_settle(struct gw_offset_tracker *tracker, struct gw_offset_ticket ticket) {
    struct gw_tracked_partition *partition = &tracker->partitions[ticket.partition];
    if (partition->epoch != ticket.epoch) {
        return false;
    }
    if (ticket.sequence >= partition->first) {
        at(partition, ticket.sequence)->settled = true;
    }
    while (partition->first < partition->next && at(partition, partition->first)->settled) {
        partition->first++;
        partition->moved = true;
    }
    return true;
}

bool gw_offset_tracker_watermark(const struct gw_offset_tracker *tracker, uint32_t index, int64_t *offset) {
    const struct gw_tracked_partition *partition = &tracker->partitions[index];
    if (partition->last < 0) {
        return false;
    }
    bool waits = partition->first < partition->next;
    *offset = waits ? at(partition, partition->first)->offset : partition->last + 1;
    return true;
}

bool gw_offset_tracker_end(const struct gw_offset_tracker *tracker, uint32_t index, int64_t *offset) {
    *offset = tracker->partitions[index].last + 1;
    return tracker->partitions[index].last >= 0;
}

struct gw_str gw_offset_tracker_topic(const struct gw_offset_tracker *tracker, uint32_t index) {
    const struct gw_tracked_partition *partition = &tracker->partitions[index];
    return (struct gw_str){partition->topic, partition->topic_size};
}

int32_t gw_offset_tracker_partition(const struct gw_offset_tracker *tracker, uint32_t index) {
    return tracker->partitions[index].partition;
}

uint32_t gw_offset_tracker_next_moved(struct gw_offset_tracker *tracker, uint32_t *from) {
    while (*from < tracker->count) {
        uint32_t index = (*from)++;
        if (tracker->partitions[index].moved) {
            tracker->partitions[index].moved = false;
            return index;
        }
    }
    return GW_NO_PARTITION;
}
