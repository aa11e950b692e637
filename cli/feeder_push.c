/* Messages to a PUSH socket: taken when a peer's queue has them. */
#include "base/buffer.h"
#include "base/clock.h"
#include "cli/feeder.h"
#include "transport/zeromq_socket.h"

#include <stdlib.h>

struct push {
    struct gw_feeder head;
    void *context, *socket;
};

static enum gw_status send(struct gw_feeder *feeder, const struct gw_message *message,
                           struct gw_error *error) {
    struct push *push = (struct push *)feeder;
    struct gw_buffer headers;
    zmq_msg_t parts[2];
    zmq_msg_t *const both[] = {&parts[0], &parts[1]};
    gw_buffer_init(&headers, &gw_allocator_system, GW_HEADERS_BYTES_MAX);
    enum gw_status status = gw_headers_encode(message->headers, &headers);
    if (status == GW_OK) {
        status = gw_zeromq_copy(&parts[0], gw_buffer_str(&headers));
    }
    gw_buffer_free(&headers);
    if (status != GW_OK) {
        return gw_fail(error, status, GW_NO_POSITION, "no memory for a message");
    }
    status = gw_zeromq_copy(&parts[1], message->payload);
    if (status == GW_OK) {
        status = gw_zeromq_send(push->socket, both, 2);
        zmq_msg_close(&parts[1]);
    }
    zmq_msg_close(&parts[0]);
    push->head.counts.taken += status == GW_OK;
    return status == GW_OK ? GW_OK : gw_fail(error, status, GW_NO_POSITION, "the peer takes nothing");
}

static enum gw_status work(struct gw_feeder *feeder, int wait_ms, struct gw_error *error) {
    (void)error;
    zmq_pollitem_t item = {.socket = ((struct push *)feeder)->socket, .events = ZMQ_POLLOUT};
    zmq_poll(&item, 1, wait_ms);
    return GW_OK;
}

static enum gw_status close_push(struct gw_feeder *feeder, int linger_ms, struct gw_error *error) {
    struct push *push = (struct push *)feeder;
    int64_t start_ns = gw_clock_now_ns(&gw_clock_system);
    zmq_setsockopt(push->socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
    zmq_close(push->socket);
    zmq_ctx_term(push->context);
    int64_t took_ms = (gw_clock_now_ns(&gw_clock_system) - start_ns) / GW_NS_PER_MS;
    free(push);
    return took_ms < linger_ms || linger_ms == 0 ? GW_OK
                                                 : gw_fail(error, GW_TIMEOUT, GW_NO_POSITION,
                                                           "the peer did not take the last messages in time");
}

static const struct gw_feeder_ops ops = {send, work, close_push};

enum gw_status gw_feeder_open_push(const char *to, struct gw_feeder **feeder, struct gw_error *error) {
    /* Nothing is queued for a peer that is not there, so that its absence is noticed. */
    const int immediate = 1;
    const struct gw_zeromq_settings settings = {
        .pattern = GW_ZEROMQ_PUSH, .connect = &to, .connect_count = 1};
    struct push *push = calloc(1, sizeof *push);
    void *context = push ? zmq_ctx_new() : NULL;
    if (!context) {
        free(push);
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a ZeroMQ context");
    }
    *push = (struct push){.head = {.ops = &ops}, .context = context};
    enum gw_status status = gw_zeromq_make(context, &settings, true, &push->socket, error);
    if (status == GW_OK) {
        zmq_setsockopt(push->socket, ZMQ_IMMEDIATE, &immediate, sizeof immediate);
        status = gw_zeromq_attach(push->socket, &settings, GW_ZEROMQ_ALL_ENDPOINTS, error);
        if (status != GW_OK) {
            zmq_close(push->socket);
        }
    }
    if (status != GW_OK) {
        zmq_ctx_term(context);
        free(push);
        return status;
    }
    *feeder = &push->head;
    return GW_OK;
}
