/* The in-flight window: messages that were taken and whose outcome is not yet safe. Pure; it calls neither
 * source nor sink.
 *
 *     add ──▶ waiting ──sent──▶ under way ──┬─ remove (its outcome is safe)
 *                ▲                          │
 *                └────── again, rewind ─────┘ (the sink gave it up; its transaction was aborted)
 *
 * A ticket names a flight that is under way, and no other one ever after: a completion that comes too late
 * finds nothing.
 */
#ifndef GW_RUN_WINDOW_H
#define GW_RUN_WINDOW_H

#include "base/slots.h"
#include "ingest/source.h"
#include "schemas/dead_letter.h"

#include <stdbool.h>

/* One message in flight. The window fills in message, ticket and arrival, and the links; the rest is the
 * caller's note of what was made of it. */
struct gw_flight {
    struct gw_message message;
    uint64_t ticket;                   /* 0 while it waits */
    uint64_t arrival;                  /* counts messages as they were added */
    size_t bytes;                      /* what it counts in the window */
    struct gw_flight *next, *previous; /* among those that wait, or those under way */

    enum gw_outcome outcome; /* of what was sent */
    enum gw_status reason;   /* GW_OK: not known to be unfit; else why it must be a dead letter */
    enum gw_stage stage;     /* with a reason: where that was found */
    unsigned letters;        /* dead letters of it that were refused */
    bool sent_alone;         /* with nothing else under way, because of a refusal */
    size_t sent_bytes;       /* of what was sent */
    size_t tokens;
};

/* A list of flights by their links. */
struct gw_flights {
    struct gw_flight *first, *last;
    size_t count;
};

struct gw_window {
    struct gw_allocator allocator;
    struct gw_slots tickets;
    struct gw_flights waiting;   /* in order of arrival */
    struct gw_flights under_way; /* in order of sending */
    struct gw_flight *spare;     /* for reuse */
    uint64_t arrivals;
    size_t bytes;
    size_t high_bytes, low_bytes;
    bool high; /* the high water mark was reached, and the low one not since */
};

/* At `high_bytes` the window is high, until it has fallen to `low_bytes`. Takes no memory yet. */
void gw_window_init(struct gw_window *window, size_t high_bytes, size_t low_bytes,
                    const struct gw_allocator *allocator);

/* Gives all memory back. Flights still in the window become invalid; settle their receipts first. */
void gw_window_free(struct gw_window *window);

/* A message that was taken waits to be sent. GW_NO_MEMORY leaves everything as it was. */
enum gw_status gw_window_add(struct gw_window *window, const struct gw_message *message);

/* The oldest that waits; NULL when none does. */
static inline struct gw_flight *gw_window_next(const struct gw_window *window) {
    return window->waiting.first;
}

/* Gives a waiting flight its ticket, before it is handed to the sink: it is under way. GW_NO_MEMORY leaves
 * everything as it was. */
enum gw_status gw_window_send(struct gw_window *window, struct gw_flight *flight);

/* The flight under way with this ticket; NULL when there is none any more. */
struct gw_flight *gw_window_find(const struct gw_window *window, uint64_t ticket);

/* Back among those that wait, in its order of arrival; its ticket is void. */
void gw_window_again(struct gw_window *window, struct gw_flight *flight);

/* All that are under way wait again, in their order of arrival. */
void gw_window_rewind(struct gw_window *window);

/* The flight is over; its memory may be reused. */
void gw_window_remove(struct gw_window *window, struct gw_flight *flight);

/* Messages in the window, and their bytes. */
static inline size_t gw_window_count(const struct gw_window *window) {
    return window->waiting.count + window->under_way.count;
}

/* Bytes until it is high; 0 when it is. */
static inline size_t gw_window_room(const struct gw_window *window) {
    return window->bytes < window->high_bytes && !window->high ? window->high_bytes - window->bytes : 0;
}

#endif
