/* Its frames lie in libzmq's messages, so that sending does not copy large ones. */
#include "run/hub/hub_shipment.h"

#include "run/hub/hub_dealer.h"

#include <stdlib.h>

struct gw_hub_shipment *gw_hub_shipment_make(uint64_t worker, uint64_t ticket, struct gw_str topic,
                                             struct gw_str headers, struct gw_str payload) {
    struct gw_hub_shipment *shipment = calloc(1, sizeof *shipment);
    if (!shipment) {
        return NULL;
    }
    zmq_msg_init(&shipment->topic);
    zmq_msg_init(&shipment->headers);
    zmq_msg_init(&shipment->payload);
    if (gw_zeromq_copy(&shipment->topic, topic) != GW_OK ||
        gw_zeromq_copy(&shipment->headers, headers) != GW_OK ||
        gw_zeromq_copy(&shipment->payload, payload) != GW_OK) {
        gw_hub_shipment_free(shipment);
        return NULL;
    }
    shipment->worker = worker;
    shipment->ticket = ticket;
    shipment->size = GW_HUB_MESSAGE_OVERHEAD + topic.size + headers.size + payload.size;
    return shipment;
}

void gw_hub_shipment_free(struct gw_hub_shipment *shipment) {
    if (shipment) {
        zmq_msg_close(&shipment->topic);
        zmq_msg_close(&shipment->headers);
        zmq_msg_close(&shipment->payload);
        free(shipment);
    }
}
