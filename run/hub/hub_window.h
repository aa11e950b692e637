/* What an acked consumer has been sent and has not answered: the sender's side of acknowledgement, without
 * sockets.
 *
 *     queue ──take──▶ [ unsent ] ──sent──▶ [ sent ] ──answer──▶ done
 *                         ▲                   │
 *                         └─ greet (all), or an answer TRY_AGAIN and retry
 */
#ifndef GW_RUN_HUB_HUB_WINDOW_H
#define GW_RUN_HUB_HUB_WINDOW_H

#include "run/hub/hub_shipment.h"
#include "transport/zeromq_frames.h"

#include <stdbool.h>

/* Zero-initialised. Shipments are in order of their seqs, which begin at 1. */
struct gw_hub_window {
    struct gw_hub_shipment *first, *last;
    size_t count;
    uint64_t seqs;   /* given so far */
    uint32_t credit; /* most shipments without an answer; 0: not greeted */
    bool must_retry; /* some were answered with TRY_AGAIN */
};

/* Whether one more shipment may go out now: there is credit, and its seq stays within GW_ZEROMQ_SEQ_WINDOW.
 */
bool gw_hub_window_has_room(const struct gw_hub_window *window);

/* Gives the shipment a seq and keeps it until it is answered. */
void gw_hub_window_take(struct gw_hub_window *window, struct gw_hub_shipment *shipment);

/* The consumer has answered our greeting: everything is to be sent (again), at most `credit` at a time. */
void gw_hub_window_greet(struct gw_hub_window *window, uint32_t credit);

/* The connection is gone: nothing can be sent until the next greeting. */
void gw_hub_window_lose(struct gw_hub_window *window);

/* What was refused for the time being is to be sent again. */
void gw_hub_window_retry(struct gw_hub_window *window);

/* The first that is to be sent, or NULL. The caller sets `is_sent` when it was. */
struct gw_hub_shipment *gw_hub_window_next(const struct gw_hub_window *window);

/* An answer has come. The shipment is the caller's again, or NULL: it is to be tried again, or unknown. */
struct gw_hub_shipment *gw_hub_window_answer(struct gw_hub_window *window, uint64_t seq,
                                             enum gw_zeromq_answer answer);

/* Takes the first out, to be given up; NULL when there is none. */
struct gw_hub_shipment *gw_hub_window_drop(struct gw_hub_window *window);

#endif
