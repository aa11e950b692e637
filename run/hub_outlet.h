/* The hub's side towards consumers: a queue in front of a PUSH, PUB or DEALER socket. */
#ifndef GW_RUN_HUB_OUTLET_H
#define GW_RUN_HUB_OUTLET_H

#include "run/hub.h"
#include "run/hub_sequences.h"
#include "transport/zeromq_socket.h"

/* One message on its way out. */
struct gw_hub_shipment {
    struct gw_hub_shipment *next;
    uint64_t worker; /* whose it is: a handle */
    uint64_t ticket; /* that worker's number for it */
    size_t size;
    zmq_msg_t topic, headers, payload;
};

/* Copies everything. NULL: no memory. */
struct gw_hub_shipment *gw_hub_shipment_make(uint64_t worker, uint64_t ticket, struct gw_str topic,
                                             struct gw_str headers, struct gw_str payload);

/* NULL is fine. */
void gw_hub_shipment_free(struct gw_hub_shipment *shipment);

/* Told when a consumer (PUSH, PUB: libzmq) has taken a message, or never will. */
struct gw_hub_outlet_events {
    void (*on_done)(void *context, const struct gw_hub_shipment *shipment, enum gw_status status);
    void *context;
};

struct gw_hub_outlet {
    const struct gw_zeromq_settings *settings;
    struct gw_hub_outlet_events events;
    void *socket;
    struct gw_hub_shipment *first, *last;
    size_t queued, queued_bytes;
    struct gw_hub_sequences *sequences; /* PUB's */
};

enum gw_status gw_hub_outlet_open(struct gw_hub_outlet *outlet, void *context,
                                  const struct gw_zeromq_settings *settings,
                                  const struct gw_hub_outlet_events *events, struct gw_error *error);

/* Forgets what is queued; fine on a zeroed outlet. `linger_ms_max` bounds the wait for what libzmq has. */
void gw_hub_outlet_close(struct gw_hub_outlet *outlet, int linger_ms_max);

/* Queues a shipment, which is the outlet's from now on. */
void gw_hub_outlet_add(struct gw_hub_outlet *outlet, struct gw_hub_shipment *shipment);

/* Sends what can be sent now. */
void gw_hub_outlet_step(struct gw_hub_outlet *outlet);

/* Forgets what a dead worker had queued: its messages will come again from another. */
void gw_hub_outlet_forget(struct gw_hub_outlet *outlet, uint64_t worker);

/* What to poll. False when there is nothing to wait for. */
bool gw_hub_outlet_watch(const struct gw_hub_outlet *outlet, zmq_pollitem_t *item);

#endif
