/* First in, first out: a consumer that cannot take the first message holds up the rest. */
#include "run/hub_outlet.h"

#include "base/log.h"
#include "run/hub_dealer.h"
#include "transport/zeromq_frames.h"

#include <stdlib.h>

struct gw_hub_shipment *gw_hub_shipment_make(uint64_t worker, uint64_t ticket, struct gw_str topic,
                                             struct gw_str headers, struct gw_str payload) {
    struct gw_hub_shipment *shipment = calloc(1, sizeof *shipment);
    if (!shipment) {
        return NULL;
    }
    zmq_msg_init(&shipment->topic);
    zmq_msg_init(&shipment->headers);
    zmq_msg_init(&shipment->payload);
    if (gw_zeromq_copy(&shipment->topic, topic) != GW_OK ||
        gw_zeromq_copy(&shipment->headers, headers) != GW_OK ||
        gw_zeromq_copy(&shipment->payload, payload) != GW_OK) {
        gw_hub_shipment_free(shipment);
        return NULL;
    }
    shipment->worker = worker;
    shipment->ticket = ticket;
    shipment->size = GW_HUB_MESSAGE_OVERHEAD + topic.size + headers.size + payload.size;
    return shipment;
}

void gw_hub_shipment_free(struct gw_hub_shipment *shipment) {
    if (shipment) {
        zmq_msg_close(&shipment->topic);
        zmq_msg_close(&shipment->headers);
        zmq_msg_close(&shipment->payload);
        free(shipment);
    }
}

enum gw_status gw_hub_outlet_open(struct gw_hub_outlet *outlet, void *context,
                                  const struct gw_zeromq_settings *settings,
                                  const struct gw_hub_outlet_events *events, struct gw_error *error) {
    *outlet = (struct gw_hub_outlet){.settings = settings, .events = *events};
    if (settings->pattern == GW_ZEROMQ_PUB) {
        outlet->sequences = calloc(1, sizeof *outlet->sequences);
        if (!outlet->sequences) {
            return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a socket");
        }
    }
    enum gw_status status =
        gw_zeromq_open(context, settings, true, GW_ZEROMQ_ALL_ENDPOINTS, &outlet->socket, error);
    if (status != GW_OK) {
        free(outlet->sequences);
        outlet->sequences = NULL;
    }
    return status;
}

void gw_hub_outlet_add(struct gw_hub_outlet *outlet, struct gw_hub_shipment *shipment) {
    shipment->next = NULL;
    if (outlet->last) {
        outlet->last->next = shipment;
    } else {
        outlet->first = shipment;
    }
    outlet->last = shipment;
    outlet->queued++;
    outlet->queued_bytes += shipment->size;
}

/* Takes the shipment behind `previous` (NULL: the first) out of the queue. */
static struct gw_hub_shipment *take_out(struct gw_hub_outlet *outlet, struct gw_hub_shipment *previous) {
    struct gw_hub_shipment *shipment = previous ? previous->next : outlet->first;
    if (previous) {
        previous->next = shipment->next;
    } else {
        outlet->first = shipment->next;
    }
    if (outlet->last == shipment) {
        outlet->last = previous;
    }
    outlet->queued--;
    outlet->queued_bytes -= shipment->size;
    return shipment;
}

void gw_hub_outlet_close(struct gw_hub_outlet *outlet, int linger_ms_max) {
    while (outlet->first) {
        gw_hub_shipment_free(take_out(outlet, NULL));
    }
    if (outlet->socket) {
        int linger_ms;
        size_t size = sizeof linger_ms;
        if (zmq_getsockopt(outlet->socket, ZMQ_LINGER, &linger_ms, &size) == 0 && linger_ms > linger_ms_max) {
            zmq_setsockopt(outlet->socket, ZMQ_LINGER, &linger_ms_max, sizeof linger_ms_max);
        }
        zmq_close(outlet->socket);
        outlet->socket = NULL;
    }
    free(outlet->sequences);
    outlet->sequences = NULL;
}

void gw_hub_outlet_forget(struct gw_hub_outlet *outlet, uint64_t worker) {
    struct gw_hub_shipment *previous = NULL;
    for (struct gw_hub_shipment *shipment = outlet->first; shipment;) {
        struct gw_hub_shipment *next = shipment->next;
        if (shipment->worker == worker) {
            gw_hub_shipment_free(take_out(outlet, previous));
        } else {
            previous = shipment;
        }
        shipment = next;
    }
}

static enum gw_status send_push(struct gw_hub_outlet *outlet, struct gw_hub_shipment *shipment) {
    zmq_msg_t *frames[] = {&shipment->headers, &shipment->payload};
    return gw_zeromq_send(outlet->socket, frames, sizeof frames / sizeof frames[0]);
}

/* PUB always sends: to whom it cannot, the message is lost, and the next number shows it. */
static enum gw_status send_pub(struct gw_hub_outlet *outlet, struct gw_hub_shipment *shipment) {
    uint8_t bytes[GW_ZEROMQ_SEQ_BYTES];
    zmq_msg_t number;
    gw_zeromq_write_seq(gw_hub_sequences_next(outlet->sequences, gw_zeromq_bytes(&shipment->topic)), bytes);
    enum gw_status status = gw_zeromq_copy(&number, (struct gw_str){(const char *)bytes, sizeof bytes});
    if (status != GW_OK) {
        return status;
    }
    zmq_msg_t *frames[] = {&shipment->topic, &number, &shipment->headers, &shipment->payload};
    status = gw_zeromq_send(outlet->socket, frames, sizeof frames / sizeof frames[0]);
    zmq_msg_close(&number);
    return status;
}

void gw_hub_outlet_step(struct gw_hub_outlet *outlet) {
    bool is_pub = outlet->settings->pattern == GW_ZEROMQ_PUB;
    while (outlet->first) {
        enum gw_status status = is_pub ? send_pub(outlet, outlet->first) : send_push(outlet, outlet->first);
        if (status == GW_AGAIN) {
            return;
        }
        struct gw_hub_shipment *shipment = take_out(outlet, NULL);
        outlet->events.on_done(outlet->events.context, shipment, status);
        gw_hub_shipment_free(shipment);
    }
}

bool gw_hub_outlet_watch(const struct gw_hub_outlet *outlet, zmq_pollitem_t *item) {
    *item = (zmq_pollitem_t){.socket = outlet->socket, .events = ZMQ_POLLOUT};
    return outlet->first != NULL;
}
