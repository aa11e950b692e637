/* Messages of partitions: those that are out, each behind its receipt, those that wait to be given out again,
 * and how far each partition is settled. It knows partitions and offsets and no broker, so that rebalances
 * can be simulated.
 *
 *                  ┌────────── next_waiting ─────────┐
 *                  ▼                                 │
 *     take ──▶    out ──settle as RETRY──▶  waiting ─┘
 *                  │
 *                  └──settle──▶ done: its offset counts, if its partition was not revoked meanwhile
 *
 * A message belongs to one epoch of its partition (offset_tracker.h). Once that is over the message is stale:
 * it is never given out again, and settling it changes no offset.
 */
#ifndef GW_INGEST_HANDOUT_H
#define GW_INGEST_HANDOUT_H

#include "ingest/offset_tracker.h"
#include "ingest/source.h"

/* One message. What gw_message points to hangs on it. */
struct gw_handed {
    void *message;             /* the owner's; NULL: this place is free */
    struct gw_headers headers; /* the owner's */
    int64_t offset;
    struct gw_offset_ticket ticket;
    uint64_t arrival;    /* counts messages as they were taken */
    uint32_t generation; /* tells receipts of one place apart */
    uint32_t next;       /* in the list of free places, or in the queue of those that wait */
    bool waits;
};

/* Partitions are assigned to and revoked from `tracker` by the owner. Pointers to items are good until the
 * next take. Not thread-safe. */
struct gw_handout {
    struct gw_offset_tracker tracker;
    void (*release)(struct gw_handed *handed); /* ends a message's memory */
    struct gw_handed *items;
    uint32_t count;
    uint32_t free;
    uint32_t first_waiting;
    uint32_t latest_waiting; /* the one that was put there last, if it is still there */
    uint64_t arrivals;
};

#define GW_NO_MESSAGE UINT32_MAX

void gw_handout_init(struct gw_handout *handout, void (*release)(struct gw_handed *handed),
                     const struct gw_allocator *allocator);

/* Ends all messages that are there, and forgets all partitions. */
void gw_handout_free(struct gw_handout *handout);

/* A message of an assigned partition (an index of the tracker's) is out. It belongs to the handout, unless
 * this fails with GW_NO_MEMORY; then the same one may be taken again. `redelivered` as
 * gw_offset_tracker_take. */
enum gw_status gw_handout_take(struct gw_handout *handout, uint32_t partition, int64_t offset, void *message,
                               struct gw_headers headers, uint32_t *index, bool *redelivered);

gw_receipt gw_handout_receipt(const struct gw_handout *handout, uint32_t index);

/* The message that is out under this receipt, or GW_NO_MESSAGE. */
uint32_t gw_handout_find(const struct gw_handout *handout, gw_receipt receipt);

/* What became of a message that is out; another receipt is ignored. Returns whether it waits now: a RETRY
 * that is not stale. */
bool gw_handout_settle(struct gw_handout *handout, gw_receipt receipt, enum gw_outcome outcome);

/* Of those that wait the one that was taken first, now out again under a new receipt, or GW_NO_MESSAGE. So
 * messages of a partition keep their order, however often and in what parts they are given back. */
uint32_t gw_handout_next_waiting(struct gw_handout *handout);

/* Ends the message of this receipt if it is stale; returns whether it did. */
bool gw_handout_drop_stale(struct gw_handout *handout, gw_receipt receipt);

/* The offset to commit once all that is out is settled: behind the last one taken, but not behind one that
 * waits. False when nothing was taken since the partition was assigned. */
bool gw_handout_end(const struct gw_handout *handout, uint32_t partition, int64_t *offset);

#endif
