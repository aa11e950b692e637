/* Records to ZeroMQ peers: the worker's end of the hub, which owns the sockets. */
#ifndef GW_PUBLISH_ZEROMQ_SINK_H
#define GW_PUBLISH_ZEROMQ_SINK_H

#include "publish/sink.h"

struct gw_zeromq_sink_settings {
    const char *hub_path; /* the hub's Unix socket */
    int slot;
    size_t queue_bytes; /* most bytes sent and not yet completed; one message of any size is taken all the
                           same */
};

/* As gw_zeromq_source_open: the connection is made, and made again, in the background. What was in flight
 * when the hub went completes with GW_UNREACHABLE. */
enum gw_status gw_zeromq_sink_open(const struct gw_zeromq_sink_settings *settings,
                                   const struct gw_clock *clock, struct gw_sink **sink,
                                   struct gw_error *error);

#endif
