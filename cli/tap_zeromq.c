/* Records from a sink's socket. */
#include "cli/tap.h"
#include "transport/zeromq_frames.h"
#include "transport/zeromq_socket.h"

#include <stdlib.h>

/* What is queued here when the program ends is lost to others, so it is not much. */
#define HIGH_WATER 16

struct zeromq_tap {
    struct gw_tap head;
    void *context, *socket;
    enum gw_zeromq_pattern pattern;
    struct gw_zeromq_parts parts; /* of the message that was given out last */
    bool has_parts;
};

/* Where the payload is; a message that looks like none of ours is passed over. */
static bool find_payload(const struct zeromq_tap *tap, struct gw_str *payload) {
    struct gw_str frames[GW_ZEROMQ_PARTS_MAX];
    struct gw_zeromq_shape shape;
    for (size_t i = 0; i < tap->parts.kept; i++) {
        frames[i] = gw_zeromq_bytes(&tap->parts.parts[i]);
    }
    if (tap->parts.frames != tap->parts.kept ||
        !gw_zeromq_shape_of(tap->pattern, frames, tap->parts.kept, &shape) || shape.payload < 0) {
        return false;
    }
    *payload = frames[shape.payload];
    return true;
}

static void close_parts(struct zeromq_tap *tap) {
    if (tap->has_parts) {
        gw_zeromq_parts_close(&tap->parts);
        tap->has_parts = false;
    }
}

static enum gw_status next(struct gw_tap *head, int wait_ms, struct gw_tapped *tapped,
                           struct gw_error *error) {
    struct zeromq_tap *tap = (struct zeromq_tap *)head;
    zmq_pollitem_t item = {.socket = tap->socket, .events = ZMQ_POLLIN};
    *tapped = (struct gw_tapped){0};
    for (;;) {
        close_parts(tap);
        enum gw_status status = gw_zeromq_receive(tap->socket, &tap->parts);
        if (status == GW_AGAIN && wait_ms > 0) {
            zmq_poll(&item, 1, wait_ms);
            wait_ms = 0;
            continue;
        }
        if (status != GW_OK) {
            return status == GW_AGAIN ? status
                                      : gw_fail(error, status, GW_NO_POSITION, "the ZeroMQ socket is broken");
        }
        tap->has_parts = true;
        if (find_payload(tap, &tapped->payload)) {
            return GW_OK;
        }
    }
}

static void close_tap(struct gw_tap *head) {
    struct zeromq_tap *tap = (struct zeromq_tap *)head;
    close_parts(tap);
    if (tap->socket) {
        zmq_close(tap->socket);
    }
    if (tap->context) {
        zmq_ctx_term(tap->context);
    }
    free(tap);
}

static const struct gw_tap_ops ops = {next, close_tap};

enum gw_status gw_tap_open_zeromq(const char *from, const char *topic, struct gw_tap **out,
                                  struct gw_error *error) {
    const struct gw_zeromq_settings settings = {.pattern = topic ? GW_ZEROMQ_SUB : GW_ZEROMQ_PULL,
                                                .connect = &from,
                                                .connect_count = 1,
                                                .subscribe = &topic,
                                                .subscribe_count = topic ? 1 : 0,
                                                .high_water = topic ? 0 : HIGH_WATER};
    struct zeromq_tap *tap = calloc(1, sizeof *tap);
    if (!tap) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a ZeroMQ socket");
    }
    tap->head.ops = &ops;
    tap->pattern = settings.pattern;
    tap->context = zmq_ctx_new();
    enum gw_status status =
        tap->context
            ? gw_zeromq_open(tap->context, &settings, false, GW_ZEROMQ_ALL_ENDPOINTS, &tap->socket, error)
            : gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a ZeroMQ context");
    if (status != GW_OK) {
        close_tap(&tap->head);
        return status;
    }
    *out = &tap->head;
    return GW_OK;
}
