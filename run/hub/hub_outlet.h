/* The hub's side towards consumers: a queue in front of a PUSH, PUB or DEALER socket. */
#ifndef GW_RUN_HUB_HUB_OUTLET_H
#define GW_RUN_HUB_HUB_OUTLET_H

#include "run/hub/hub_consumer.h"
#include "run/hub/hub_sequences.h"
#include "run/hub/hub_shipment.h"

/* Most endpoints of an acked outlet. */
#define GW_HUB_CONSUMERS_MAX 16

/* Most sockets that one outlet adds to a poll. */
#define GW_HUB_OUTLET_WATCHED (GW_HUB_CONSUMERS_MAX * GW_HUB_CONSUMER_WATCHED)

/* Told when a consumer (PUSH, PUB: libzmq) has taken a message, or never will. */
struct gw_hub_outlet_events {
    void (*on_done)(void *context, const struct gw_hub_shipment *shipment, enum gw_status status);
    void *context;
};

struct gw_hub_outlet {
    const struct gw_zeromq_settings *settings; /* NULL: not open */
    struct gw_hub_outlet_events events;
    struct gw_hub_shipment *first, *last; /* that nobody has been sent yet */
    size_t queued, queued_bytes;          /* those, and what consumers have not answered */
    void *socket;                         /* of PUSH and PUB */
    struct gw_hub_sequences *sequences;   /* of PUB */
    uint64_t overruns; /* of PUB: subscribers that began to lose messages; who counts them sets it to 0 */
    struct gw_hub_consumer *consumers; /* of ACKED: one for each endpoint */
    size_t consumer_count;
    size_t turn; /* the consumer that is next */
};

/* `session` names this outlet of this hub to acked consumers; with what is added it must not be longer than
 * GW_ZEROMQ_SESSION_MAX. On failure nothing is left open. */
enum gw_status gw_hub_outlet_open(struct gw_hub_outlet *outlet, void *context,
                                  const struct gw_zeromq_settings *settings, const char *session,
                                  const struct gw_hub_outlet_events *events, const struct gw_clock *clock,
                                  struct gw_error *error);

/* Forgets what is queued; fine on a zeroed outlet. `linger_ms_max` bounds the wait for what libzmq has. */
void gw_hub_outlet_close(struct gw_hub_outlet *outlet, int linger_ms_max);

/* Queues a shipment, which is the outlet's from now on. */
void gw_hub_outlet_add(struct gw_hub_outlet *outlet, struct gw_hub_shipment *shipment);

/* Sends what can be sent now, and hears what consumers have answered. */
void gw_hub_outlet_step(struct gw_hub_outlet *outlet);

/* Forgets what a dead worker had queued: its messages will come again from another. What an acked consumer
 * has been sent stays until it is answered. */
void gw_hub_outlet_forget(struct gw_hub_outlet *outlet, uint64_t worker);

/* Adds what to poll; returns how many (GW_HUB_OUTLET_WATCHED at most). */
size_t gw_hub_outlet_watch(const struct gw_hub_outlet *outlet, zmq_pollitem_t *items);

#endif
