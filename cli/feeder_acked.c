/* Messages to an acked source: each is kept until it is answered, and sent again to a peer that has come
 * back. */
#include "base/buffer.h"
#include "base/clock.h"
#include "cli/feeder.h"
#include "transport/zeromq_frames.h"
#include "transport/zeromq_socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

/* Unanswered messages are kept up to so many bytes; one of any size is. */
#define KEPT_BYTES_MAX ((size_t)64 << 20)

/* After such a silence with something unanswered the peer is greeted again: it may be another one. */
#define SILENCE_NS (2 * GW_NS_PER_S)

enum state { WAITS, SENT, ANSWERED };

struct kept {
    enum state state;
    uint64_t seq;
    zmq_msg_t headers, payload;
    size_t bytes;
};

struct acked {
    struct gw_feeder head;
    void *context, *socket;
    char session[33];
    struct kept *ring; /* GW_ZEROMQ_SEQ_WINDOW of them; seq rises from `first` on */
    size_t first, count, bytes;
    uint64_t next_seq;
    uint32_t credit;
    bool greeted;     /* the peer has answered the greeting */
    int64_t heard_ns; /* when the peer last spoke, or was last greeted */
};

static struct kept *kept_at(struct acked *acked, size_t index) {
    return &acked->ring[(acked->first + index) % GW_ZEROMQ_SEQ_WINDOW];
}

/* GW_AGAIN when there is no connection yet. */
static enum gw_status greet(struct acked *acked) {
    zmq_msg_t hello, session;
    zmq_msg_t *const parts[] = {&hello, &session};
    if (gw_zeromq_copy(&hello, GW_STR(GW_ZEROMQ_HELLO)) != GW_OK) {
        return GW_NO_MEMORY;
    }
    enum gw_status status = gw_zeromq_copy(&session, gw_str_from(acked->session));
    if (status == GW_OK) {
        status = gw_zeromq_send(acked->socket, parts, 2);
        zmq_msg_close(&session);
    }
    zmq_msg_close(&hello);
    return status;
}

static enum gw_status transmit(struct acked *acked, struct kept *kept) {
    uint8_t bytes[GW_ZEROMQ_SEQ_BYTES];
    zmq_msg_t seq;
    zmq_msg_t *const parts[] = {&seq, &kept->headers, &kept->payload};
    gw_zeromq_write_seq(kept->seq, bytes);
    enum gw_status status = gw_zeromq_copy(&seq, (struct gw_str){(const char *)bytes, sizeof bytes});
    if (status == GW_OK) {
        status = gw_zeromq_send(acked->socket, parts, 3);
        zmq_msg_close(&seq);
    }
    return status;
}

/* Sends what waits, as far as the credit goes. */
static void pump(struct acked *acked) {
    for (size_t i = 0; i < acked->count && acked->credit > 0; i++) {
        struct kept *kept = kept_at(acked, i);
        if (kept->state == WAITS) {
            if (transmit(acked, kept) != GW_OK) {
                return;
            }
            kept->state = SENT;
            acked->credit--;
        }
    }
}

static void drop_answered(struct acked *acked) {
    while (acked->count > 0 && kept_at(acked, 0)->state == ANSWERED) {
        struct kept *kept = kept_at(acked, 0);
        zmq_msg_close(&kept->headers);
        zmq_msg_close(&kept->payload);
        acked->bytes -= kept->bytes;
        acked->first = (acked->first + 1) % GW_ZEROMQ_SEQ_WINDOW;
        acked->count--;
    }
}

static void take_greeting(struct acked *acked, uint32_t credit) {
    acked->greeted = true;
    acked->credit = credit;
    for (size_t i = 0; i < acked->count; i++) {
        struct kept *kept = kept_at(acked, i);
        kept->state = kept->state == SENT ? WAITS : kept->state;
    }
}

static void take_answer(struct acked *acked, uint64_t seq, uint8_t answer) {
    uint64_t *const counts[GW_ZEROMQ_ANSWERS] = {[GW_ZEROMQ_ACCEPTED] = &acked->head.counts.taken,
                                                 [GW_ZEROMQ_DEAD_LETTER] = &acked->head.counts.dead_letters,
                                                 [GW_ZEROMQ_SKIPPED] = &acked->head.counts.skipped};
    uint64_t first = acked->count > 0 ? kept_at(acked, 0)->seq : acked->next_seq;
    struct kept *kept =
        seq >= first && seq - first < acked->count ? kept_at(acked, (size_t)(seq - first)) : NULL;
    if (!kept || kept->state != SENT || answer >= GW_ZEROMQ_ANSWERS) {
        return;
    }
    acked->credit++;
    if (answer == GW_ZEROMQ_TRY_AGAIN) {
        kept->state = WAITS;
        return;
    }
    kept->state = ANSWERED;
    ++*counts[answer];
    acked->head.in_flight--;
    drop_answered(acked);
}

/* What is neither a greeting's answer nor an answer is passed over. */
static void take_frames(struct acked *acked, const struct gw_zeromq_parts *parts) {
    uint64_t seq;
    uint32_t credit;
    if (parts->frames != 2) {
        return;
    }
    struct gw_str first = gw_zeromq_bytes(&parts->parts[0]), second = gw_zeromq_bytes(&parts->parts[1]);
    if (gw_str_is(first, GW_ZEROMQ_HELLO) && gw_zeromq_read_credit(second, &credit)) {
        take_greeting(acked, credit);
    } else if (gw_zeromq_read_seq(first, &seq) && second.size == 1) {
        take_answer(acked, seq, (uint8_t)second.data[0]);
    }
}

static enum gw_status receive_all(struct acked *acked) {
    struct gw_zeromq_parts parts;
    enum gw_status status;
    while ((status = gw_zeromq_receive(acked->socket, &parts)) == GW_OK) {
        acked->heard_ns = gw_clock_now_ns(&gw_clock_system);
        take_frames(acked, &parts);
        gw_zeromq_parts_close(&parts);
    }
    return status == GW_AGAIN ? GW_OK : status;
}

/* Greets a peer that was never heard, or is silent though it owes answers. */
static void greet_if_due(struct acked *acked) {
    int64_t now_ns = gw_clock_now_ns(&gw_clock_system);
    bool silent = now_ns - acked->heard_ns > SILENCE_NS;
    bool due = acked->heard_ns == 0 || (silent && (acked->head.in_flight > 0 || !acked->greeted));
    if (due && greet(acked) == GW_OK) {
        acked->heard_ns = now_ns;
    }
}

static enum gw_status work(struct gw_feeder *feeder, int wait_ms, struct gw_error *error) {
    struct acked *acked = (struct acked *)feeder;
    greet_if_due(acked);
    pump(acked);
    zmq_pollitem_t item = {.socket = acked->socket, .events = ZMQ_POLLIN};
    zmq_poll(&item, 1, acked->heard_ns == 0 && wait_ms > 10 ? 10 : wait_ms);
    enum gw_status status = receive_all(acked);
    pump(acked);
    return status == GW_OK ? GW_OK : gw_fail(error, status, GW_NO_POSITION, "the ZeroMQ socket is broken");
}

static enum gw_status copy_headers(const struct gw_message *message, zmq_msg_t *part) {
    struct gw_buffer headers;
    gw_buffer_init(&headers, &gw_allocator_system, GW_HEADERS_BYTES_MAX);
    enum gw_status status = gw_headers_encode(message->headers, &headers);
    if (status == GW_OK) {
        status = gw_zeromq_copy(part, gw_buffer_str(&headers));
    }
    gw_buffer_free(&headers);
    return status;
}

static enum gw_status send(struct gw_feeder *feeder, const struct gw_message *message,
                           struct gw_error *error) {
    struct acked *acked = (struct acked *)feeder;
    bool full = acked->count == GW_ZEROMQ_SEQ_WINDOW ||
                (acked->count > 0 && acked->bytes + message->payload.size > KEPT_BYTES_MAX);
    if (full || !acked->greeted) {
        return gw_fail(error, GW_AGAIN, GW_NO_POSITION, "the peer answers nothing");
    }
    struct kept *kept = kept_at(acked, acked->count);
    if (copy_headers(message, &kept->headers) != GW_OK) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a message");
    }
    if (gw_zeromq_copy(&kept->payload, message->payload) != GW_OK) {
        zmq_msg_close(&kept->headers);
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a message");
    }
    kept->state = WAITS;
    kept->seq = acked->next_seq++;
    kept->bytes = message->payload.size;
    acked->bytes += kept->bytes;
    acked->count++;
    acked->head.in_flight++;
    pump(acked);
    return GW_OK;
}

static void free_acked(struct acked *acked) {
    const int none = 0;
    for (size_t i = 0; i < acked->count; i++) {
        zmq_msg_close(&kept_at(acked, i)->headers);
        zmq_msg_close(&kept_at(acked, i)->payload);
    }
    if (acked->socket) {
        zmq_setsockopt(acked->socket, ZMQ_LINGER, &none, sizeof none);
        zmq_close(acked->socket);
    }
    if (acked->context) {
        zmq_ctx_term(acked->context);
    }
    free(acked->ring);
    free(acked);
}

/* What has an answer has arrived, and what has none was counted: nothing lingers. */
static enum gw_status close_acked(struct gw_feeder *feeder, int linger_ms, struct gw_error *error) {
    (void)linger_ms, (void)error;
    free_acked((struct acked *)feeder);
    return GW_OK;
}

static const struct gw_feeder_ops ops = {send, work, close_acked};

static enum gw_status open_socket(struct acked *acked, const char *to, struct gw_error *error) {
    const struct gw_zeromq_settings settings = {
        .pattern = GW_ZEROMQ_ACKED, .connect = &to, .connect_count = 1};
    uint64_t random[2];
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) {
        return gw_fail_errno(error, "no random numbers for a session");
    }
    snprintf(acked->session, sizeof acked->session, "%016llx%016llx", (unsigned long long)random[0],
             (unsigned long long)random[1]);
    acked->context = zmq_ctx_new();
    acked->ring = calloc(GW_ZEROMQ_SEQ_WINDOW, sizeof *acked->ring);
    if (!acked->context || !acked->ring) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for an acked feeder");
    }
    return gw_zeromq_open(acked->context, &settings, true, GW_ZEROMQ_ALL_ENDPOINTS, &acked->socket, error);
}

enum gw_status gw_feeder_open_acked(const char *to, struct gw_feeder **feeder, struct gw_error *error) {
    struct acked *acked = calloc(1, sizeof *acked);
    if (!acked) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for an acked feeder");
    }
    acked->head.ops = &ops;
    acked->next_seq = 1;
    enum gw_status status = open_socket(acked, to, error);
    if (status != GW_OK) {
        free_acked(acked);
        return status;
    }
    *feeder = &acked->head;
    return GW_OK;
}
