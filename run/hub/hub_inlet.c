/* Every message that comes becomes one that goes on: what is wrong with it is written into `refused`. */
#include "run/hub/hub_inlet.h"

#include "base/log.h"
#include "run/hub/hub_count.h"
#include "run/hub/hub_sequences.h"

#include <stdio.h>
#include <stdlib.h>

struct gw_hub_inlet_socket {
    void *socket;
    struct gw_hub_sequences *sequences; /* of one publisher's topics; NULL where there may be several */
};

/* A SUB socket that connects hears one publisher: its numbers can be followed. */
static enum gw_status open_socket(struct gw_hub_inlet *inlet, void *context, size_t endpoint,
                                  struct gw_error *error) {
    struct gw_hub_inlet_socket *socket = &inlet->sockets[inlet->socket_count];
    struct gw_zeromq_settings settings = *inlet->settings;
    settings.high_water = settings.high_water > 0 ? settings.high_water : inlet->ahead;
    enum gw_status status = gw_zeromq_open(context, &settings, false, endpoint, &socket->socket, error);
    if (status != GW_OK) {
        return status;
    }
    inlet->socket_count++;
    if (endpoint != GW_ZEROMQ_ALL_ENDPOINTS && endpoint >= inlet->settings->bind_count) {
        socket->sequences = calloc(1, sizeof *socket->sequences);
        if (!socket->sequences) {
            return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a socket");
        }
    }
    return GW_OK;
}

static enum gw_status open_sockets(struct gw_hub_inlet *inlet, void *context, struct gw_error *error) {
    const struct gw_zeromq_settings *settings = inlet->settings;
    bool is_sub = settings->pattern == GW_ZEROMQ_SUB;
    size_t count = is_sub ? settings->bind_count + settings->connect_count : 1;
    if (count > GW_HUB_INLET_SOCKETS_MAX) {
        return gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION,
                       "there are more than %d endpoints to subscribe to", GW_HUB_INLET_SOCKETS_MAX);
    }
    inlet->sockets = calloc(count > 0 ? count : 1, sizeof *inlet->sockets);
    if (!inlet->sockets) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for sockets");
    }
    enum gw_status status = GW_OK;
    for (size_t i = 0; i < count && status == GW_OK; i++) {
        status = open_socket(inlet, context, is_sub ? i : GW_ZEROMQ_ALL_ENDPOINTS, error);
    }
    return status;
}

/* A SUB that does not read ahead makes its publisher drop messages. */
static int ahead_of(const struct gw_hub_settings *settings) {
    size_t most =
        settings->memory_bytes / 2 / (settings->message_bytes_max > 0 ? settings->message_bytes_max : 1);
    if (settings->source->pattern == GW_ZEROMQ_SUB) {
        return 0;
    }
    return most < GW_HUB_AHEAD_MIN   ? GW_HUB_AHEAD_MIN
           : most > GW_HUB_AHEAD_MAX ? GW_HUB_AHEAD_MAX
                                     : (int)most;
}

enum gw_status gw_hub_inlet_open(struct gw_hub_inlet *inlet, void *context,
                                 const struct gw_hub_settings *settings, uint64_t start_id,
                                 struct gw_hub_counters *counters, struct gw_error *error) {
    inlet->settings = settings->source;
    inlet->counters = counters;
    inlet->message_bytes_max = settings->message_bytes_max;
    inlet->ahead = ahead_of(settings);
    snprintf(inlet->start, sizeof inlet->start, "%016llx", (unsigned long long)start_id);
    gw_hub_acks_init(&inlet->acks, &gw_allocator_system);
    enum gw_status status = open_sockets(inlet, context, error);
    if (status != GW_OK) {
        gw_hub_inlet_close(inlet);
    }
    return status;
}

void gw_hub_inlet_close(struct gw_hub_inlet *inlet) {
    for (size_t i = 0; i < inlet->socket_count; i++) {
        zmq_close(inlet->sockets[i].socket);
        free(inlet->sockets[i].sequences);
    }
    free(inlet->sockets);
    inlet->sockets = NULL;
    inlet->socket_count = 0;
    gw_hub_acks_free(&inlet->acks);
}

static void see_sequence(struct gw_hub_inlet *inlet, struct gw_hub_inlet_socket *socket,
                         const struct gw_zeromq_parts *parts, const struct gw_zeromq_shape *shape) {
    struct gw_str topic = gw_zeromq_bytes(&parts->parts[shape->topic]);
    uint64_t number = 0;
    gw_zeromq_read_seq(gw_zeromq_bytes(&parts->parts[shape->sequence]), &number);
    uint64_t missed = gw_hub_sequences_see(socket->sequences, topic, number);
    if (missed > 0) {
        gw_hub_count(&inlet->counters->missed, missed);
        GW_LOG(GW_LOG_WARN, "a publisher's messages did not all arrive", GW_KT("topic", topic),
               GW_KI("missed", missed));
    }
}

/* A message of PULL or SUB. */
static struct gw_hub_message *accept_plain(struct gw_hub_inlet *inlet, struct gw_hub_inlet_socket *socket,
                                           struct gw_zeromq_parts *parts) {
    struct gw_str frames[GW_ZEROMQ_FRAMES_MAX];
    struct gw_zeromq_shape shape;
    for (size_t i = 0; i < parts->kept && i < GW_ZEROMQ_FRAMES_MAX; i++) {
        frames[i] = gw_zeromq_bytes(&parts->parts[i]);
    }
    struct gw_hub_message *message;
    if (gw_zeromq_shape_of(inlet->settings->pattern, frames, parts->frames, &shape)) {
        if (shape.sequence >= 0 && socket->sequences) {
            see_sequence(inlet, socket, parts, &shape);
        }
        message = gw_hub_message_make(parts, shape.headers, shape.payload, inlet->message_bytes_max);
    } else {
        message = gw_hub_message_make_malformed(parts, 0);
    }
    if (message) {
        message->number = ++inlet->numbers;
    }
    return message;
}

/* [peer][first][second] */
static enum gw_status send_three(void *socket, struct gw_str peer, struct gw_str first,
                                 struct gw_str second) {
    struct gw_str texts[] = {peer, first, second};
    zmq_msg_t parts[3];
    zmq_msg_t *frames[] = {&parts[0], &parts[1], &parts[2]};
    size_t made = 0;
    enum gw_status status = GW_OK;
    while (made < 3 && status == GW_OK) {
        status = gw_zeromq_copy(&parts[made], texts[made]);
        made += status == GW_OK;
    }
    if (status == GW_OK) {
        status = gw_zeromq_send(socket, frames, 3);
    }
    while (made > 0) {
        zmq_msg_close(&parts[--made]);
    }
    return status;
}

/* An answer that cannot be sent now is given when the feeder repeats the message. */
static void send_answer(struct gw_hub_inlet *inlet, const struct gw_hub_session *session, uint64_t seq,
                        enum gw_zeromq_answer answer) {
    uint8_t seq_bytes[GW_ZEROMQ_SEQ_BYTES];
    char status = (char)answer;
    gw_zeromq_write_seq(seq, seq_bytes);
    if (session->peer_size > 0) {
        send_three(inlet->sockets[0].socket, gw_hub_session_peer(session),
                   (struct gw_str){(const char *)seq_bytes, sizeof seq_bytes},
                   (struct gw_str){&status, sizeof status});
    }
}

void gw_hub_inlet_answer(struct gw_hub_inlet *inlet, const struct gw_hub_message *message,
                         enum gw_zeromq_answer answer) {
    if (message->session) {
        gw_hub_session_answer(message->session, message->number, answer);
        send_answer(inlet, message->session, message->number, answer);
    }
}

static uint32_t credit_of(const struct gw_hub_inlet *inlet) {
    int credit = inlet->settings->high_water > 0 ? inlet->settings->high_water : GW_HUB_CREDIT_DEFAULT;
    return (uint32_t)(credit < GW_HUB_CREDIT_MAX ? credit : GW_HUB_CREDIT_MAX);
}

static void accept_hello(struct gw_hub_inlet *inlet, struct gw_str peer, struct gw_str name) {
    struct gw_hub_session *session;
    uint8_t credit[GW_ZEROMQ_CREDIT_BYTES];
    enum gw_status status = gw_hub_acks_hello(&inlet->acks, peer, name, &session);
    if (status != GW_OK) {
        GW_LOG(GW_LOG_WARN, "a feeder's session is refused", GW_KT("session", name),
               GW_KS("status", gw_status_word(status)));
        gw_hub_count(&inlet->counters->unaddressed, 1);
        return;
    }
    gw_zeromq_write_credit(credit_of(inlet), credit);
    send_three(inlet->sockets[0].socket, peer, GW_STR(GW_ZEROMQ_HELLO),
               (struct gw_str){(const char *)credit, sizeof credit});
}

/* The peer's name and its seq stand in front of the message's frames. */
#define ACKED_FIRST   ((size_t)1)
#define ACKED_PAYLOAD ((size_t)2)
#define ACKED_FRAMES  ((size_t)4)

/* Frames that carry a seq. NULL with GW_OK: nothing is to be done any more. */
static enum gw_status accept_acked(struct gw_hub_inlet *inlet, struct gw_hub_session *session, uint64_t seq,
                                   struct gw_zeromq_parts *parts, struct gw_hub_message **message) {
    enum gw_zeromq_answer answer;
    enum gw_hub_arrival arrival = gw_hub_session_arrive(session, seq, &answer);
    if (arrival == GW_HUB_PENDING || arrival == GW_HUB_ANSWERED) {
        gw_hub_count(&inlet->counters->duplicates, 1);
        if (arrival == GW_HUB_ANSWERED) {
            send_answer(inlet, session, seq, answer);
        }
        return GW_OK;
    }
    *message = parts->frames == ACKED_FRAMES
                   ? gw_hub_message_make(parts, ACKED_PAYLOAD, ACKED_PAYLOAD + 1, inlet->message_bytes_max)
                   : gw_hub_message_make_malformed(parts, ACKED_PAYLOAD);
    if (!*message) {
        gw_hub_session_answer(session, seq, GW_ZEROMQ_TRY_AGAIN);
        send_answer(inlet, session, seq, GW_ZEROMQ_TRY_AGAIN);
        return GW_NO_MEMORY;
    }
    (*message)->session = session;
    (*message)->number = seq;
    (*message)->redelivered = arrival == GW_HUB_OLD;
    return GW_OK;
}

/* A seq that a position can hold. */
static bool read_seq(const struct gw_zeromq_parts *parts, uint64_t *seq) {
    return gw_zeromq_read_seq(gw_zeromq_bytes(&parts->parts[ACKED_FIRST]), seq) && *seq <= INT64_MAX;
}

static enum gw_status accept_routed(struct gw_hub_inlet *inlet, struct gw_zeromq_parts *parts,
                                    struct gw_hub_message **message) {
    struct gw_str peer = gw_zeromq_bytes(&parts->parts[0]);
    uint64_t seq;
    if (parts->frames == 3 && gw_str_is(gw_zeromq_bytes(&parts->parts[ACKED_FIRST]), GW_ZEROMQ_HELLO)) {
        accept_hello(inlet, peer, gw_zeromq_bytes(&parts->parts[ACKED_PAYLOAD]));
        return GW_OK;
    }
    struct gw_hub_session *session = gw_hub_acks_find(&inlet->acks, peer);
    if (!session) {
        /* It was not accepted: its sender has no credit, and will send it again after its greeting. */
        gw_hub_count(&inlet->counters->unaddressed, 1);
        GW_LOG(GW_LOG_WARN, "a feeder sends without a session");
        return GW_OK;
    }
    if (parts->frames > ACKED_FIRST && read_seq(parts, &seq)) {
        return accept_acked(inlet, session, seq, parts, message);
    }
    *message = gw_hub_message_make_malformed(parts, ACKED_FIRST);
    if (!*message) {
        return GW_NO_MEMORY;
    }
    (*message)->number = ++inlet->numbers;
    return GW_OK;
}

/* The next message of one socket; GW_OK with *message NULL when what came needed no worker. */
static enum gw_status receive_from(struct gw_hub_inlet *inlet, struct gw_hub_inlet_socket *socket,
                                   struct gw_hub_message **message) {
    struct gw_zeromq_parts parts;
    enum gw_status status = gw_zeromq_receive(socket->socket, &parts);
    if (status != GW_OK) {
        return status;
    }
    if (inlet->settings->pattern == GW_ZEROMQ_ACKED) {
        status = accept_routed(inlet, &parts, message);
    } else {
        *message = accept_plain(inlet, socket, &parts);
        status = *message ? GW_OK : GW_NO_MEMORY;
    }
    gw_zeromq_parts_close(&parts);
    return status;
}

static void count_received(struct gw_hub_inlet *inlet, const struct gw_hub_message *message) {
    gw_hub_count(&inlet->counters->received, 1);
    gw_hub_count(&inlet->counters->received_bytes, message->full_size);
    gw_hub_count(&inlet->counters->refused, message->refused != GW_OK);
}

enum gw_status gw_hub_inlet_receive(struct gw_hub_inlet *inlet, struct gw_hub_message **message) {
    *message = NULL;
    for (size_t tried = 0; tried < inlet->socket_count;) {
        struct gw_hub_inlet_socket *socket = &inlet->sockets[inlet->turn];
        inlet->turn = (inlet->turn + 1) % inlet->socket_count;
        enum gw_status status = receive_from(inlet, socket, message);
        if (status == GW_OK && *message) {
            count_received(inlet, *message);
            return GW_OK;
        }
        if (status != GW_OK && status != GW_AGAIN) {
            return status;
        }
        tried = status == GW_AGAIN ? tried + 1 : 0;
    }
    return GW_AGAIN;
}

struct gw_position gw_hub_inlet_position(const struct gw_hub_inlet *inlet,
                                         const struct gw_hub_message *message) {
    bool is_acked = message->session != NULL;
    return (struct gw_position){.kind = is_acked ? GW_POSITION_ACKED : GW_POSITION_HUB,
                                .name = is_acked ? gw_hub_session_name(message->session)
                                                 : gw_str_from(inlet->start),
                                .number = (int64_t)message->number};
}

size_t gw_hub_inlet_watch(const struct gw_hub_inlet *inlet, zmq_pollitem_t *items) {
    for (size_t i = 0; i < inlet->socket_count; i++) {
        items[i] = (zmq_pollitem_t){.socket = inlet->sockets[i].socket, .events = ZMQ_POLLIN};
    }
    return inlet->socket_count;
}
