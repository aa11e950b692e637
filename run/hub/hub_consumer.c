/* The socket sends to a peer whose handshake is done, or not at all: what is under way when the peer goes is
 * in the window, not in libzmq. */
#include "run/hub/hub_consumer.h"

#include "base/log.h"

#include <stdio.h>
#include <string.h>

static int64_t now_ns(const struct gw_hub_consumer *consumer) {
    return gw_clock_now_ns(consumer->clock);
}

static bool open_monitor(struct gw_hub_consumer *consumer, void *context) {
    char name[64];
    snprintf(name, sizeof name, "inproc://monitor-%p", consumer->socket);
    if (zmq_socket_monitor(consumer->socket, name, ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED) !=
        0) {
        return false;
    }
    consumer->monitor = zmq_socket(context, ZMQ_PAIR);
    return consumer->monitor && zmq_connect(consumer->monitor, name) == 0;
}

enum gw_status gw_hub_consumer_open(struct gw_hub_consumer *consumer, void *context,
                                    const struct gw_zeromq_settings *settings, size_t endpoint,
                                    const char *session, const struct gw_clock *clock,
                                    struct gw_error *error) {
    *consumer = (struct gw_hub_consumer){.clock = clock};
    snprintf(consumer->session, sizeof consumer->session, "%s", session);
    enum gw_status status = gw_zeromq_make(context, settings, true, &consumer->socket, error);
    if (status != GW_OK) {
        return status;
    }
    /* The monitor must be there before the first connection is. */
    if (!open_monitor(consumer, context)) {
        status = gw_fail(error, GW_SYSTEM, GW_NO_POSITION, "cannot watch a ZeroMQ socket: %s",
                         zmq_strerror(zmq_errno()));
    } else {
        status = gw_zeromq_attach(consumer->socket, settings, endpoint, error);
    }
    if (status != GW_OK) {
        gw_hub_consumer_close(consumer);
    }
    return status;
}

void gw_hub_consumer_close(struct gw_hub_consumer *consumer) {
    for (struct gw_hub_shipment *shipment; (shipment = gw_hub_window_drop(&consumer->window));) {
        gw_hub_shipment_free(shipment);
    }
    if (consumer->socket) {
        zmq_socket_monitor(consumer->socket, NULL, 0);
        zmq_close(consumer->socket);
    }
    if (consumer->monitor) {
        zmq_close(consumer->monitor);
    }
    consumer->socket = consumer->monitor = NULL;
}

/* An event's first frame begins with its number, in the machine's own order. */
static void hear_event(struct gw_hub_consumer *consumer, struct gw_str frame) {
    uint16_t event = 0;
    if (frame.size >= sizeof event) {
        memcpy(&event, frame.data, sizeof event);
    }
    if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) {
        consumer->is_connected = consumer->must_greet = true;
        gw_hub_window_lose(&consumer->window);
    } else if (event == ZMQ_EVENT_DISCONNECTED) {
        consumer->is_connected = consumer->must_greet = false;
        gw_hub_window_lose(&consumer->window);
    }
}

static void hear_events(struct gw_hub_consumer *consumer) {
    struct gw_zeromq_parts parts;
    while (gw_zeromq_receive(consumer->monitor, &parts) == GW_OK) {
        hear_event(consumer, gw_zeromq_bytes(&parts.parts[0]));
        gw_zeromq_parts_close(&parts);
    }
}

static bool is_due(int64_t since_ns, int64_t now, int64_t delay_ms) {
    return now - since_ns >= delay_ms * GW_NS_PER_MS;
}

static void greet(struct gw_hub_consumer *consumer) {
    struct gw_str texts[] = {GW_STR(GW_ZEROMQ_HELLO), gw_str_from(consumer->session)};
    zmq_msg_t hello, session;
    zmq_msg_t *frames[] = {&hello, &session};
    if (gw_zeromq_copy(&hello, texts[0]) != GW_OK) {
        return;
    }
    if (gw_zeromq_copy(&session, texts[1]) == GW_OK) {
        if (gw_zeromq_send(consumer->socket, frames, 2) == GW_OK) {
            consumer->must_greet = false;
            consumer->heard_ns = now_ns(consumer);
        }
        zmq_msg_close(&session);
    }
    zmq_msg_close(&hello);
}

static enum gw_status send_one(struct gw_hub_consumer *consumer, struct gw_hub_shipment *shipment) {
    uint8_t bytes[GW_ZEROMQ_SEQ_BYTES];
    zmq_msg_t seq;
    gw_zeromq_write_seq(shipment->seq, bytes);
    enum gw_status status = gw_zeromq_copy(&seq, (struct gw_str){(const char *)bytes, sizeof bytes});
    if (status == GW_OK) {
        zmq_msg_t *frames[] = {&seq, &shipment->headers, &shipment->payload};
        status = gw_zeromq_send(consumer->socket, frames, sizeof frames / sizeof frames[0]);
        zmq_msg_close(&seq);
    }
    return status;
}

static void send_due(struct gw_hub_consumer *consumer) {
    struct gw_hub_shipment *shipment;
    while ((shipment = gw_hub_window_next(&consumer->window)) && send_one(consumer, shipment) == GW_OK) {
        shipment->is_sent = true;
    }
}

/* A peer that is there but silent may have forgotten us, or its answers may have been lost. */
static bool is_silent(const struct gw_hub_consumer *consumer) {
    bool waits = consumer->window.credit == 0 || consumer->window.count > 0;
    return consumer->is_connected && !consumer->must_greet && waits &&
           is_due(consumer->heard_ns, now_ns(consumer), GW_HUB_SILENCE_MS);
}

void gw_hub_consumer_step(struct gw_hub_consumer *consumer) {
    hear_events(consumer);
    if (is_silent(consumer)) {
        consumer->must_greet = true;
    }
    if (consumer->must_greet) {
        greet(consumer);
    }
    if (consumer->window.must_retry && is_due(consumer->retry_ns, now_ns(consumer), 0)) {
        gw_hub_window_retry(&consumer->window);
    }
    send_due(consumer);
}

/* What a peer said; a shipment when that has freed one. */
static struct gw_hub_shipment *hear(struct gw_hub_consumer *consumer, const struct gw_zeromq_parts *parts) {
    if (parts->frames != 2) {
        return NULL;
    }
    struct gw_str first = gw_zeromq_bytes(&parts->parts[0]), second = gw_zeromq_bytes(&parts->parts[1]);
    uint64_t seq;
    uint32_t credit;
    consumer->heard_ns = now_ns(consumer);
    if (gw_str_is(first, GW_ZEROMQ_HELLO) && gw_zeromq_read_credit(second, &credit)) {
        gw_hub_window_greet(&consumer->window, credit);
        send_due(consumer);
        return NULL;
    }
    if (!gw_zeromq_read_seq(first, &seq) || second.size != 1 ||
        (uint8_t)second.data[0] >= GW_ZEROMQ_ANSWERS) {
        GW_LOG(GW_LOG_WARN, "an acked consumer sent frames that mean nothing",
               GW_KS("session", consumer->session));
        return NULL;
    }
    enum gw_zeromq_answer answer = (enum gw_zeromq_answer)second.data[0];
    if (answer == GW_ZEROMQ_TRY_AGAIN && !consumer->window.must_retry) {
        consumer->retry_ns = now_ns(consumer) + GW_HUB_RETRY_MS * GW_NS_PER_MS;
    }
    return gw_hub_window_answer(&consumer->window, seq, answer);
}

struct gw_hub_shipment *gw_hub_consumer_receive(struct gw_hub_consumer *consumer) {
    struct gw_hub_shipment *freed = NULL;
    struct gw_zeromq_parts parts;
    while (!freed && gw_zeromq_receive(consumer->socket, &parts) == GW_OK) {
        freed = hear(consumer, &parts);
        gw_zeromq_parts_close(&parts);
    }
    return freed;
}

size_t gw_hub_consumer_watch(const struct gw_hub_consumer *consumer, zmq_pollitem_t *items) {
    bool has_something = consumer->must_greet || gw_hub_window_next(&consumer->window);
    items[0] = (zmq_pollitem_t){.socket = consumer->socket,
                                .events = (short)(has_something ? ZMQ_POLLIN | ZMQ_POLLOUT : ZMQ_POLLIN)};
    items[1] = (zmq_pollitem_t){.socket = consumer->monitor, .events = ZMQ_POLLIN};
    return GW_HUB_CONSUMER_WATCHED;
}
