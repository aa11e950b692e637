/* Which offsets of which partitions are settled, and up to where all of them are.
 *
 *     assign → { take → settle }* → revoke
 *
 * Offsets of one partition are taken in order and settled in any order; the watermark is the offset to
 * commit: everything below it is settled (or never existed: compacted, aborted).
 *
 *     offsets   4   5   8   9   12        taken, still in the window
 *     settled   x   x       x
 *                       ^ watermark 8: the first that is not settled
 */
#ifndef GW_INGEST_OFFSET_TRACKER_H
#define GW_INGEST_OFFSET_TRACKER_H

#include "base/arena.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

/* Says which taken offset is meant. It is stale once its partition has been revoked, or taken again from an
 * earlier offset. */
struct gw_offset_ticket {
    uint32_t partition; /* an index of the tracker's */
    uint32_t epoch;
    uint64_t sequence;
};

struct gw_tracked_partition;

/* Partitions keep their index for good, also when they are revoked: a source sees only so many in its life.
 * Not thread-safe. Moving it is fine. */
struct gw_offset_tracker {
    struct gw_allocator allocator;
    struct gw_tracked_partition *partitions;
    uint32_t count, capacity;
    uint32_t latest; /* where the last lookup ended: messages come in runs */
};

#define GW_NO_PARTITION UINT32_MAX

void gw_offset_tracker_init(struct gw_offset_tracker *tracker, const struct gw_allocator *allocator);
void gw_offset_tracker_free(struct gw_offset_tracker *tracker);

/* The partition's index, or GW_NO_PARTITION when it was never assigned. */
uint32_t gw_offset_tracker_find(struct gw_offset_tracker *tracker, struct gw_str topic, int32_t partition);

/* Begins (or begins again) with nothing taken; tickets from before are stale. Copies the topic's name.
 * GW_NO_MEMORY changes nothing. */
enum gw_status gw_offset_tracker_assign(struct gw_offset_tracker *tracker, struct gw_str topic,
                                        int32_t partition, uint32_t *index);

/* Its tickets are stale from now on, and it has no watermark. */
void gw_offset_tracker_revoke(struct gw_offset_tracker *tracker, uint32_t index);

bool gw_offset_tracker_is_assigned(const struct gw_offset_tracker *tracker, uint32_t index);

/* Takes an offset of an assigned partition. One that is not above those taken before begins the partition
 * again from there, so that nothing of it counts as settled twice. `redelivered`: this offset, or a later
 * one, was taken at any time before. GW_NO_MEMORY changes nothing. */
enum gw_status gw_offset_tracker_take(struct gw_offset_tracker *tracker, uint32_t index, int64_t offset,
                                      struct gw_offset_ticket *ticket, bool *redelivered);

bool gw_offset_tracker_is_stale(const struct gw_offset_tracker *tracker, struct gw_offset_ticket ticket);

/* Settles it, once or more often. False when the ticket is stale: then nothing changes. */
bool gw_offset_tracker_settle(struct gw_offset_tracker *tracker, struct gw_offset_ticket ticket);

/* The offset to commit; false when there is none, because nothing was taken since it was assigned. */
bool gw_offset_tracker_watermark(const struct gw_offset_tracker *tracker, uint32_t index, int64_t *offset);

/* The offset behind the last one taken; false when nothing was taken since it was assigned. */
bool gw_offset_tracker_end(const struct gw_offset_tracker *tracker, uint32_t index, int64_t *offset);

/* The topic's name belongs to the tracker. */
struct gw_str gw_offset_tracker_topic(const struct gw_offset_tracker *tracker, uint32_t index);
int32_t gw_offset_tracker_partition(const struct gw_offset_tracker *tracker, uint32_t index);

/* Visits the assigned partitions whose watermark has moved since this was last asked of them; GW_NO_PARTITION
 * when there is no more. Start with *from = 0. */
uint32_t gw_offset_tracker_next_moved(struct gw_offset_tracker *tracker, uint32_t *from);

#endif
