/* ZeroMQ sockets made from settings, and whole messages through them without blocking. */
#ifndef GW_TRANSPORT_ZEROMQ_SOCKET_H
#define GW_TRANSPORT_ZEROMQ_SOCKET_H

#include "base/status.h"
#include "base/str.h"
#include "transport/zeromq_settings.h"

#include <stdbool.h>
#include <stdint.h>
#include <zmq.h>

/* How long close waits for peers when `linger_ms` is negative: never for ever. */
#define GW_ZEROMQ_LINGER_MAX_MS 60000

/* What to open of the endpoints that settings name; ALL is all of them on one socket. */
#define GW_ZEROMQ_ALL_ENDPOINTS SIZE_MAX

/* Makes a socket for the pattern (`is_sink` tells ACKED's two ends apart) and sets its options. A
 * `high_water` of 0 is the pattern's own default, a small one: what a peer has queued dies with it. The
 * caller closes it with zmq_close. */
enum gw_status gw_zeromq_make(void *context, const struct gw_zeromq_settings *settings, bool is_sink,
                              void **socket, struct gw_error *error);

/* Binds and connects a socket: to all endpoints, or to number `endpoint` of first `bind`, then `connect`.
 * Failures name the endpoint: GW_BAD_CONFIG for one that is not well formed, GW_SYSTEM for others (in use).
 */
enum gw_status gw_zeromq_attach(void *socket, const struct gw_zeromq_settings *settings, size_t endpoint,
                                struct gw_error *error);

/* Both; on failure there is no socket. */
enum gw_status gw_zeromq_open(void *context, const struct gw_zeromq_settings *settings, bool is_sink,
                              size_t endpoint, void **socket, struct gw_error *error);

/* Frames that are kept of one message; further ones are counted only. */
#define GW_ZEROMQ_PARTS_MAX 16

/* A received message: `kept` initialised parts. `frames` and `bytes` count all of it. */
struct gw_zeromq_parts {
    zmq_msg_t parts[GW_ZEROMQ_PARTS_MAX];
    size_t kept;
    size_t frames;
    uint64_t bytes;
};

/* Receives one whole message. GW_AGAIN: there is none now; `parts` holds nothing then. */
enum gw_status gw_zeromq_receive(void *socket, struct gw_zeromq_parts *parts);
void gw_zeromq_parts_close(struct gw_zeromq_parts *parts);

/* The bytes of a part; valid as long as it is. */
static inline struct gw_str gw_zeromq_bytes(const zmq_msg_t *part) {
    return (struct gw_str){zmq_msg_data((zmq_msg_t *)(uintptr_t)part), zmq_msg_size(part)};
}

/* Makes a message that holds a copy. GW_NO_MEMORY leaves it uninitialised. */
enum gw_status gw_zeromq_copy(zmq_msg_t *part, struct gw_str bytes);

/* Sends `count` parts as one message, or nothing. The parts stay the caller's and are not copied when they
 * are large. GW_AGAIN: nobody can take it now. GW_UNREACHABLE: a ROUTER has no peer of that identity. */
enum gw_status gw_zeromq_send(void *socket, zmq_msg_t *const *parts, size_t count);

#endif
