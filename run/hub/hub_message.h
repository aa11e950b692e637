/* A message that the hub keeps until its receipt comes. */
#ifndef GW_RUN_HUB_HUB_MESSAGE_H
#define GW_RUN_HUB_HUB_MESSAGE_H

#include "run/hub/hub_dealer.h"
#include "schemas/position.h"
#include "transport/zeromq_socket.h"

struct gw_hub_session;

struct gw_hub_message {
    struct gw_hub_parcel parcel;
    enum gw_status refused; /* as in gw_message */
    uint64_t full_size;
    struct gw_hub_session *session; /* the acked feeder that waits for an answer; NULL: nobody does */
    uint64_t number;                /* its seq; or the hub's own number */
    bool redelivered;               /* its feeder sent it before, as far as we know */
    zmq_msg_t headers;              /* the encoded map; empty: none */
    zmq_msg_t payload;
};

/* Takes headers and payload out of `parts` (which stay to be closed), by the numbers of the frames (`headers`
 * may be -1). A payload above `bytes_max` is cut and refused as GW_TOO_LARGE; headers above
 * GW_HEADERS_BYTES_MAX are left away and the message refused as GW_MALFORMED. NULL: no memory. */
struct gw_hub_message *gw_hub_message_make(struct gw_zeromq_parts *parts, int headers, int payload,
                                           size_t bytes_max);

/* The same for frames that have no known shape: refused as GW_MALFORMED, with the first bytes of all frames
 * from number `first` on as its payload. */
struct gw_hub_message *gw_hub_message_make_malformed(struct gw_zeromq_parts *parts, size_t first);

/* NULL is fine. */
void gw_hub_message_free(struct gw_hub_message *message);

#endif
