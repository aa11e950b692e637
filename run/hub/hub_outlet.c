/* First in, first out: a consumer that cannot take the first message holds up the rest. */
#include "run/hub/hub_outlet.h"

#include "transport/zeromq_frames.h"

#include <stdio.h>
#include <stdlib.h>

static enum gw_status open_consumers(struct gw_hub_outlet *outlet, void *context, const char *session,
                                     const struct gw_clock *clock, struct gw_error *error) {
    size_t count = outlet->settings->bind_count + outlet->settings->connect_count;
    if (count > GW_HUB_CONSUMERS_MAX) {
        return gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION, "there are more than %d acked endpoints",
                       GW_HUB_CONSUMERS_MAX);
    }
    outlet->consumers = calloc(count > 0 ? count : 1, sizeof *outlet->consumers);
    if (!outlet->consumers) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for sockets");
    }
    enum gw_status status = GW_OK;
    for (size_t i = 0; i < count && status == GW_OK; i++) {
        char name[GW_ZEROMQ_SESSION_MAX + 1];
        snprintf(name, sizeof name, "%s-%zu", session, i);
        status =
            gw_hub_consumer_open(&outlet->consumers[i], context, outlet->settings, i, name, clock, error);
        outlet->consumer_count += status == GW_OK;
    }
    return status;
}

/* Told not to drop, libzmq refuses a message for which a subscriber's queue is full. */
static void set_dropping(void *socket, bool drops) {
    int refuses = !drops;
    zmq_setsockopt(socket, ZMQ_XPUB_NODROP, &refuses, sizeof refuses);
}

static enum gw_status open_socket(struct gw_hub_outlet *outlet, void *context, struct gw_error *error) {
    if (outlet->settings->pattern == GW_ZEROMQ_PUB) {
        outlet->sequences = calloc(1, sizeof *outlet->sequences);
        if (!outlet->sequences) {
            return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a socket");
        }
    }
    enum gw_status status =
        gw_zeromq_open(context, outlet->settings, true, GW_ZEROMQ_ALL_ENDPOINTS, &outlet->socket, error);
    if (status == GW_OK && outlet->sequences) {
        set_dropping(outlet->socket, false);
    }
    return status;
}

enum gw_status gw_hub_outlet_open(struct gw_hub_outlet *outlet, void *context,
                                  const struct gw_zeromq_settings *settings, const char *session,
                                  const struct gw_hub_outlet_events *events, const struct gw_clock *clock,
                                  struct gw_error *error) {
    *outlet = (struct gw_hub_outlet){.settings = settings, .events = *events};
    enum gw_status status = settings->pattern == GW_ZEROMQ_ACKED
                                ? open_consumers(outlet, context, session, clock, error)
                                : open_socket(outlet, context, error);
    if (status != GW_OK) {
        gw_hub_outlet_close(outlet, 0);
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

/* Takes the shipment behind `previous` (NULL: the first) out of the queue; it still counts. */
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
    return shipment;
}

/* It counts no longer, and is no more. */
static void release(struct gw_hub_outlet *outlet, struct gw_hub_shipment *shipment) {
    outlet->queued--;
    outlet->queued_bytes -= shipment->size;
    gw_hub_shipment_free(shipment);
}

static void finish(struct gw_hub_outlet *outlet, struct gw_hub_shipment *shipment, enum gw_status status) {
    outlet->events.on_done(outlet->events.context, shipment, status);
    release(outlet, shipment);
}

static void close_socket(void *socket, int linger_ms_max) {
    int linger_ms;
    size_t size = sizeof linger_ms;
    if (zmq_getsockopt(socket, ZMQ_LINGER, &linger_ms, &size) == 0 && linger_ms > linger_ms_max) {
        zmq_setsockopt(socket, ZMQ_LINGER, &linger_ms_max, sizeof linger_ms_max);
    }
    zmq_close(socket);
}

void gw_hub_outlet_close(struct gw_hub_outlet *outlet, int linger_ms_max) {
    while (outlet->first) {
        release(outlet, take_out(outlet, NULL));
    }
    for (size_t i = 0; i < outlet->consumer_count; i++) {
        gw_hub_consumer_close(&outlet->consumers[i]);
    }
    if (outlet->socket) {
        close_socket(outlet->socket, linger_ms_max);
    }
    free(outlet->consumers);
    free(outlet->sequences);
    *outlet = (struct gw_hub_outlet){0};
}

void gw_hub_outlet_forget(struct gw_hub_outlet *outlet, uint64_t worker) {
    struct gw_hub_shipment *previous = NULL;
    for (struct gw_hub_shipment *shipment = outlet->first; shipment;) {
        struct gw_hub_shipment *next = shipment->next;
        if (shipment->worker == worker) {
            release(outlet, take_out(outlet, previous));
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

/* All subscribers but the slow one get it. From here on libzmq leaves that one out, without a word, until its
 * queue has room again: the begin of such a time is all that can be counted. */
static enum gw_status send_dropping(struct gw_hub_outlet *outlet, zmq_msg_t *const *frames, size_t count) {
    outlet->overruns++;
    set_dropping(outlet->socket, true);
    enum gw_status status = gw_zeromq_send(outlet->socket, frames, count);
    set_dropping(outlet->socket, false);
    return status;
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
    if (status == GW_AGAIN) {
        status = send_dropping(outlet, frames, sizeof frames / sizeof frames[0]);
    }
    zmq_msg_close(&number);
    return status;
}

static void step_socket(struct gw_hub_outlet *outlet) {
    bool is_pub = outlet->settings->pattern == GW_ZEROMQ_PUB;
    while (outlet->first) {
        enum gw_status status = is_pub ? send_pub(outlet, outlet->first) : send_push(outlet, outlet->first);
        if (status == GW_AGAIN) {
            return;
        }
        finish(outlet, take_out(outlet, NULL), status);
    }
}

/* The next consumer in turn that has room, or NULL. */
static struct gw_hub_consumer *choose_consumer(struct gw_hub_outlet *outlet) {
    for (size_t i = 0; i < outlet->consumer_count; i++) {
        struct gw_hub_consumer *consumer = &outlet->consumers[outlet->turn];
        outlet->turn = (outlet->turn + 1) % outlet->consumer_count;
        if (gw_hub_window_has_room(&consumer->window)) {
            return consumer;
        }
    }
    return NULL;
}

static void step_consumers(struct gw_hub_outlet *outlet) {
    struct gw_hub_consumer *chosen;
    for (size_t i = 0; i < outlet->consumer_count; i++) {
        struct gw_hub_consumer *consumer = &outlet->consumers[i];
        for (struct gw_hub_shipment *done; (done = gw_hub_consumer_receive(consumer));) {
            finish(outlet, done, GW_OK);
        }
    }
    while (outlet->first && (chosen = choose_consumer(outlet))) {
        gw_hub_window_take(&chosen->window, take_out(outlet, NULL));
    }
    for (size_t i = 0; i < outlet->consumer_count; i++) {
        gw_hub_consumer_step(&outlet->consumers[i]);
    }
}

void gw_hub_outlet_step(struct gw_hub_outlet *outlet) {
    if (outlet->socket) {
        step_socket(outlet);
    } else {
        step_consumers(outlet);
    }
}

size_t gw_hub_outlet_watch(const struct gw_hub_outlet *outlet, zmq_pollitem_t *items) {
    size_t count = 0;
    if (outlet->socket && outlet->first) {
        items[count++] = (zmq_pollitem_t){.socket = outlet->socket, .events = ZMQ_POLLOUT};
    }
    for (size_t i = 0; i < outlet->consumer_count; i++) {
        count += gw_hub_consumer_watch(&outlet->consumers[i], &items[count]);
    }
    return count;
}
