/* One message on its way out. */
#ifndef GW_RUN_HUB_HUB_SHIPMENT_H
#define GW_RUN_HUB_HUB_SHIPMENT_H

#include "base/str.h"
#include "transport/zeromq_socket.h"

#include <stdint.h>

struct gw_hub_shipment {
    struct gw_hub_shipment *next; /* in whatever queue it is */
    uint64_t worker;              /* whose it is: a handle */
    uint64_t ticket;              /* that worker's number for it */
    size_t size;                  /* in memory */
    uint64_t seq;                 /* for an acked consumer */
    bool is_sent;
    bool is_refused; /* to be tried again later */
    zmq_msg_t topic, headers, payload;
};

/* Copies everything. NULL: no memory. */
struct gw_hub_shipment *gw_hub_shipment_make(uint64_t worker, uint64_t ticket, struct gw_str topic,
                                             struct gw_str headers, struct gw_str payload);

/* NULL is fine. */
void gw_hub_shipment_free(struct gw_hub_shipment *shipment);

#endif
