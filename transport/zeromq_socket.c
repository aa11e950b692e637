/* One row per pattern: the socket's type and defaults. */
#include "transport/zeromq_socket.h"

#include "schemas/limits.h"

#include <errno.h>
#include <string.h>

/* Answers that wait for an acked feeder: more than it can have credit for, since one that libzmq refused
 * would come only when the feeder greets again. They are small, unlike what is read ahead. */
#define ANSWERS_HIGH_WATER 8192

/* How often an acked peer is asked for a sign of life, and how long it may take. */
#define HEARTBEAT_MS         5000
#define HEARTBEAT_TIMEOUT_MS 15000

static const struct row {
    int type;
    int high_water;
} rows[][2] = {
    /* source, sink; a queue for a PUB's subscriber may be longer: when it is full messages are dropped */
    [GW_ZEROMQ_PULL] = {{ZMQ_PULL, 100}, {ZMQ_PULL, 100}},
    [GW_ZEROMQ_SUB] = {{ZMQ_SUB, 1000}, {ZMQ_SUB, 1000}},
    [GW_ZEROMQ_PUSH] = {{ZMQ_PUSH, 32}, {ZMQ_PUSH, 32}},
    [GW_ZEROMQ_PUB] = {{ZMQ_PUB, 1000}, {ZMQ_PUB, 1000}},
    [GW_ZEROMQ_ACKED] = {{ZMQ_ROUTER, 100}, {ZMQ_DEALER, 1000}},
};

static bool set_int(void *socket, int option, int value) {
    return zmq_setsockopt(socket, option, &value, sizeof value) == 0;
}

static bool set_int64(void *socket, int option, int64_t value) {
    return zmq_setsockopt(socket, option, &value, sizeof value) == 0;
}

static int linger_of(const struct gw_zeromq_settings *settings) {
    bool too_long = settings->linger_ms < 0 || settings->linger_ms > GW_ZEROMQ_LINGER_MAX_MS;
    return too_long ? GW_ZEROMQ_LINGER_MAX_MS : settings->linger_ms;
}

/* A dead acked peer must be noticed; and what would be queued for it in advance is better kept by us. */
static bool set_acked_options(void *socket, int type) {
    return set_int(socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS) &&
           set_int(socket, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS) &&
           (type == ZMQ_ROUTER ? set_int(socket, ZMQ_ROUTER_MANDATORY, 1)
                               : set_int(socket, ZMQ_IMMEDIATE, 1));
}

static bool set_options(void *socket, const struct gw_zeromq_settings *settings, const struct row *row) {
    int high_water = settings->high_water > 0 ? settings->high_water : row->high_water;
    int send_high_water = row->type == ZMQ_ROUTER ? ANSWERS_HIGH_WATER : high_water;
    return set_int(socket, ZMQ_LINGER, linger_of(settings)) && set_int(socket, ZMQ_SNDHWM, send_high_water) &&
           set_int(socket, ZMQ_RCVHWM, high_water) &&
           set_int64(socket, ZMQ_MAXMSGSIZE, (int64_t)GW_LIMIT_MESSAGE_BYTES_MAX) &&
           (settings->pattern != GW_ZEROMQ_ACKED || set_acked_options(socket, row->type));
}

static bool subscribe(void *socket, const struct gw_zeromq_settings *settings) {
    if (settings->pattern != GW_ZEROMQ_SUB) {
        return true;
    }
    bool done = settings->subscribe_count > 0 || zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0) == 0;
    for (size_t i = 0; done && i < settings->subscribe_count; i++) {
        const char *topic = settings->subscribe[i];
        done = zmq_setsockopt(socket, ZMQ_SUBSCRIBE, topic, strlen(topic)) == 0;
    }
    return done;
}

static enum gw_status fail_endpoint(struct gw_error *error, const char *what, const char *endpoint) {
    int cause = zmq_errno();
    bool is_malformed = cause == EINVAL || cause == EPROTONOSUPPORT || cause == ENOCOMPATPROTO;
    return gw_fail(error, is_malformed ? GW_BAD_CONFIG : GW_SYSTEM, GW_NO_POSITION, "cannot %s %s: %s", what,
                   endpoint, zmq_strerror(cause));
}

enum gw_status gw_zeromq_attach(void *socket, const struct gw_zeromq_settings *settings, size_t endpoint,
                                struct gw_error *error) {
    bool all = endpoint == GW_ZEROMQ_ALL_ENDPOINTS;
    for (size_t i = 0; i < settings->bind_count; i++) {
        if ((all || i == endpoint) && zmq_bind(socket, settings->bind[i]) != 0) {
            return fail_endpoint(error, "bind", settings->bind[i]);
        }
    }
    for (size_t i = 0; i < settings->connect_count; i++) {
        if ((all || settings->bind_count + i == endpoint) && zmq_connect(socket, settings->connect[i]) != 0) {
            return fail_endpoint(error, "connect to", settings->connect[i]);
        }
    }
    return GW_OK;
}

enum gw_status gw_zeromq_make(void *context, const struct gw_zeromq_settings *settings, bool is_sink,
                              void **socket, struct gw_error *error) {
    const struct row *row = &rows[settings->pattern][is_sink];
    *socket = zmq_socket(context, row->type);
    if (*socket && set_options(*socket, settings, row) && subscribe(*socket, settings)) {
        return GW_OK;
    }
    enum gw_status status = gw_fail(error, GW_SYSTEM, GW_NO_POSITION, "cannot make a ZeroMQ socket: %s",
                                    zmq_strerror(zmq_errno()));
    if (*socket) {
        zmq_close(*socket);
        *socket = NULL;
    }
    return status;
}

enum gw_status gw_zeromq_open(void *context, const struct gw_zeromq_settings *settings, bool is_sink,
                              size_t endpoint, void **socket, struct gw_error *error) {
    enum gw_status status = gw_zeromq_make(context, settings, is_sink, socket, error);
    if (status != GW_OK) {
        return status;
    }
    status = gw_zeromq_attach(*socket, settings, endpoint, error);
    if (status != GW_OK) {
        zmq_close(*socket);
        *socket = NULL;
    }
    return status;
}

static enum gw_status receive_part(void *socket, zmq_msg_t *part, int flags) {
    zmq_msg_init(part);
    while (zmq_msg_recv(part, socket, flags) < 0) {
        if (zmq_errno() != EINTR) {
            zmq_msg_close(part);
            return zmq_errno() == EAGAIN ? GW_AGAIN : GW_SYSTEM;
        }
    }
    return GW_OK;
}

/* The parts of a message arrive together: none but the first can be missing. */
enum gw_status gw_zeromq_receive(void *socket, struct gw_zeromq_parts *parts) {
    bool more = true;
    parts->kept = parts->frames = 0;
    parts->bytes = 0;
    while (more) {
        zmq_msg_t surplus;
        bool keeps = parts->kept < GW_ZEROMQ_PARTS_MAX;
        zmq_msg_t *part = keeps ? &parts->parts[parts->kept] : &surplus;
        enum gw_status status = receive_part(socket, part, ZMQ_DONTWAIT);
        if (status != GW_OK) {
            gw_zeromq_parts_close(parts);
            return status;
        }
        more = zmq_msg_more(part);
        parts->frames++;
        parts->bytes += zmq_msg_size(part);
        if (keeps) {
            parts->kept++;
        } else {
            zmq_msg_close(part);
        }
    }
    return GW_OK;
}

void gw_zeromq_parts_close(struct gw_zeromq_parts *parts) {
    for (size_t i = 0; i < parts->kept; i++) {
        zmq_msg_close(&parts->parts[i]);
    }
    parts->kept = 0;
}

enum gw_status gw_zeromq_copy(zmq_msg_t *part, struct gw_str bytes) {
    if (zmq_msg_init_size(part, bytes.size) != 0) {
        return GW_NO_MEMORY;
    }
    if (bytes.size > 0) {
        memcpy(zmq_msg_data(part), bytes.data, bytes.size);
    }
    return GW_OK;
}

static enum gw_status send_part(void *socket, zmq_msg_t *part, int flags) {
    zmq_msg_t copy;
    zmq_msg_init(&copy);
    if (zmq_msg_copy(&copy, part) != 0) {
        return GW_SYSTEM;
    }
    while (zmq_msg_send(&copy, socket, flags | ZMQ_DONTWAIT) < 0) {
        if (zmq_errno() != EINTR) {
            int cause = zmq_errno();
            zmq_msg_close(&copy);
            return cause == EAGAIN ? GW_AGAIN : cause == EHOSTUNREACH ? GW_UNREACHABLE : GW_SYSTEM;
        }
    }
    return GW_OK;
}

/* When the peer goes in the middle of a message, libzmq takes back what it had and drops what follows up to
 * the last part: so all parts must be offered even then, before the message is sent anew. */
enum gw_status gw_zeromq_send(void *socket, zmq_msg_t *const *parts, size_t count) {
    enum gw_status status = GW_OK;
    for (size_t i = 0; i < count; i++) {
        enum gw_status part_status = send_part(socket, parts[i], i + 1 < count ? ZMQ_SNDMORE : 0);
        if (i == 0 && part_status != GW_OK) {
            return part_status;
        }
        status = part_status != GW_OK ? part_status : status;
    }
    return status;
}
