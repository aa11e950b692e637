/* Articles from ZeroMQ peers: the worker's end of the hub, which owns the sockets. */
#ifndef GW_INGEST_ZEROMQ_SOURCE_H
#define GW_INGEST_ZEROMQ_SOURCE_H

#include "ingest/source.h"

struct gw_zeromq_source_settings {
    const char *hub_path; /* the hub's Unix socket */
    int slot;             /* the worker's number */
    size_t credit_bytes; /* most bytes of unsettled messages; one message of any size is taken all the same */
};

/* Connects to the hub, again and again until it is there, without blocking: take gives nothing meanwhile. */
enum gw_status gw_zeromq_source_open(const struct gw_zeromq_source_settings *settings,
                                     const struct gw_source_events *events, const struct gw_clock *clock,
                                     struct gw_source **source, struct gw_error *error);

#endif
