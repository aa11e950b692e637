/* Places are reused; a generation in the upper half of the receipt tells their uses apart. */
#include "ingest/handout.h"

#include <assert.h>
#include <string.h>

#define FIRST_PLACES 256

void gw_handout_init(struct gw_handout *handout, void (*release)(struct gw_handed *handed),
                     const struct gw_allocator *allocator) {
    *handout = (struct gw_handout){.release = release,
                                   .free = GW_NO_MESSAGE,
                                   .first_waiting = GW_NO_MESSAGE,
                                   .latest_waiting = GW_NO_MESSAGE};
    gw_offset_tracker_init(&handout->tracker, allocator);
}

static const struct gw_allocator *allocator_of(const struct gw_handout *handout) {
    return &handout->tracker.allocator;
}

static void release_places(struct gw_handout *handout) {
    if (handout->items) {
        const struct gw_allocator *allocator = allocator_of(handout);
        allocator->release(allocator->context, handout->items, handout->count * sizeof *handout->items);
    }
}

void gw_handout_free(struct gw_handout *handout) {
    for (uint32_t i = 0; i < handout->count; i++) {
        if (handout->items[i].message) {
            handout->release(&handout->items[i]);
        }
    }
    release_places(handout);
    const struct gw_allocator allocator = *allocator_of(handout);
    gw_offset_tracker_free(&handout->tracker);
    gw_handout_init(handout, handout->release, &allocator);
}

static enum gw_status grow(struct gw_handout *handout) {
    uint32_t count = handout->count ? handout->count * 2 : FIRST_PLACES;
    const struct gw_allocator *allocator = allocator_of(handout);
    struct gw_handed *grown = allocator->allocate(allocator->context, count * sizeof *grown);
    if (!grown) {
        return GW_NO_MEMORY;
    }
    if (handout->count > 0) {
        memcpy(grown, handout->items, handout->count * sizeof *grown);
    }
    for (uint32_t i = count; i-- > handout->count;) {
        grown[i] = (struct gw_handed){.next = handout->free};
        handout->free = i;
    }
    release_places(handout);
    handout->items = grown;
    handout->count = count;
    return GW_OK;
}

enum gw_status gw_handout_take(struct gw_handout *handout, uint32_t partition, int64_t offset, void *message,
                               struct gw_headers headers, uint32_t *index, bool *redelivered) {
    struct gw_offset_ticket ticket;
    if (handout->free == GW_NO_MESSAGE && grow(handout) != GW_OK) {
        return GW_NO_MEMORY;
    }
    enum gw_status status =
        gw_offset_tracker_take(&handout->tracker, partition, offset, &ticket, redelivered);
    if (status != GW_OK) {
        return status;
    }
    *index = handout->free;
    struct gw_handed *handed = &handout->items[*index];
    handout->free = handed->next;
    handed->message = message;
    handed->headers = headers;
    handed->offset = offset;
    handed->ticket = ticket;
    handed->arrival = ++handout->arrivals;
    return GW_OK;
}

gw_receipt gw_handout_receipt(const struct gw_handout *handout, uint32_t index) {
    return (gw_receipt)handout->items[index].generation << 32 | index;
}

uint32_t gw_handout_find(const struct gw_handout *handout, gw_receipt receipt) {
    uint32_t index = (uint32_t)receipt;
    if (index >= handout->count || !handout->items[index].message || handout->items[index].waits ||
        gw_handout_receipt(handout, index) != receipt) {
        return GW_NO_MESSAGE;
    }
    return index;
}

static bool is_stale(const struct gw_handout *handout, const struct gw_handed *handed) {
    return gw_offset_tracker_is_stale(&handout->tracker, handed->ticket);
}

static void drop(struct gw_handout *handout, uint32_t index) {
    struct gw_handed *handed = &handout->items[index];
    assert(!handed->waits);
    handout->release(handed);
    *handed = (struct gw_handed){.generation = handed->generation + 1, .next = handout->free};
    handout->free = index;
}

/* The last of those that wait that was taken before this one; GW_NO_MESSAGE: none. Most come in order, so the
 * search begins at the latest. */
static uint32_t place_of(const struct gw_handout *handout, uint64_t arrival) {
    uint32_t latest = handout->latest_waiting;
    bool behind = latest != GW_NO_MESSAGE && handout->items[latest].arrival < arrival;
    uint32_t before = behind ? latest : GW_NO_MESSAGE;
    uint32_t next = behind ? handout->items[latest].next : handout->first_waiting;
    while (next != GW_NO_MESSAGE && handout->items[next].arrival < arrival) {
        before = next;
        next = handout->items[next].next;
    }
    return before;
}

static void queue(struct gw_handout *handout, uint32_t index) {
    struct gw_handed *handed = &handout->items[index];
    uint32_t before = place_of(handout, handed->arrival);
    uint32_t *link = before == GW_NO_MESSAGE ? &handout->first_waiting : &handout->items[before].next;
    handed->waits = true;
    handed->generation++;
    handed->next = *link;
    *link = index;
    handout->latest_waiting = index;
}

bool gw_handout_settle(struct gw_handout *handout, gw_receipt receipt, enum gw_outcome outcome) {
    uint32_t index = gw_handout_find(handout, receipt);
    if (index == GW_NO_MESSAGE) {
        return false;
    }
    if (outcome == GW_OUTCOME_RETRY && !is_stale(handout, &handout->items[index])) {
        queue(handout, index);
        return true;
    }
    if (outcome != GW_OUTCOME_RETRY) {
        gw_offset_tracker_settle(&handout->tracker, handout->items[index].ticket);
    }
    drop(handout, index);
    return false;
}

uint32_t gw_handout_next_waiting(struct gw_handout *handout) {
    uint32_t index;
    while ((index = handout->first_waiting) != GW_NO_MESSAGE) {
        handout->first_waiting = handout->items[index].next;
        handout->items[index].waits = false;
        if (handout->latest_waiting == index) {
            handout->latest_waiting = GW_NO_MESSAGE;
        }
        if (!is_stale(handout, &handout->items[index])) {
            break;
        }
        drop(handout, index);
    }
    return index;
}

bool gw_handout_drop_stale(struct gw_handout *handout, gw_receipt receipt) {
    uint32_t index = gw_handout_find(handout, receipt);
    bool stale = index != GW_NO_MESSAGE && is_stale(handout, &handout->items[index]);
    if (stale) {
        drop(handout, index);
    }
    return stale;
}

bool gw_handout_end(const struct gw_handout *handout, uint32_t partition, int64_t *offset) {
    bool any = gw_offset_tracker_end(&handout->tracker, partition, offset);
    for (uint32_t i = handout->first_waiting; i != GW_NO_MESSAGE; i = handout->items[i].next) {
        const struct gw_handed *handed = &handout->items[i];
        if (handed->ticket.partition == partition && !is_stale(handout, handed) && handed->offset < *offset) {
            *offset = handed->offset;
        }
    }
    return any;
}
