/* What both sides of ZeroMQ are configured with. */
#ifndef GW_TRANSPORT_ZEROMQ_SETTINGS_H
#define GW_TRANSPORT_ZEROMQ_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

enum gw_zeromq_pattern {
    GW_ZEROMQ_PULL,
    GW_ZEROMQ_SUB,
    GW_ZEROMQ_PUSH,
    GW_ZEROMQ_PUB,
    GW_ZEROMQ_ACKED /* ROUTER as a source, DEALER as a sink: glosswire's acknowledged frames */
};

/* Strings are terminated and belong to the config; NULL is unset. */
struct gw_zeromq_settings {
    enum gw_zeromq_pattern pattern;
    const char *const *bind; /* endpoints such as "tcp://127.0.0.1:5555" */
    size_t bind_count;
    const char *const *connect;
    size_t connect_count;
    const char *const *subscribe; /* SUB: topic prefixes; none is everything */
    size_t subscribe_count;
    const char *topic; /* PUB: topic of records */
    int high_water;    /* messages that libzmq may queue for one peer */
    int linger_ms;     /* how long close waits for peers to take what is queued */
};

#endif
