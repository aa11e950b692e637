/* A list in order of seqs. Its length is bounded by the credit, and answers mostly come for its beginning. */
#include "run/hub/hub_window.h"

bool gw_hub_window_has_room(const struct gw_hub_window *window) {
    return window->count < window->credit &&
           (!window->first || window->seqs + 1 - window->first->seq < GW_ZEROMQ_SEQ_WINDOW);
}

void gw_hub_window_take(struct gw_hub_window *window, struct gw_hub_shipment *shipment) {
    shipment->seq = ++window->seqs;
    shipment->next = NULL;
    shipment->is_sent = shipment->is_refused = false;
    if (window->last) {
        window->last->next = shipment;
    } else {
        window->first = shipment;
    }
    window->last = shipment;
    window->count++;
}

void gw_hub_window_greet(struct gw_hub_window *window, uint32_t credit) {
    window->credit = credit;
    window->must_retry = false;
    for (struct gw_hub_shipment *shipment = window->first; shipment; shipment = shipment->next) {
        shipment->is_sent = shipment->is_refused = false;
    }
}

void gw_hub_window_lose(struct gw_hub_window *window) {
    window->credit = 0;
}

void gw_hub_window_retry(struct gw_hub_window *window) {
    window->must_retry = false;
    for (struct gw_hub_shipment *shipment = window->first; shipment; shipment = shipment->next) {
        if (shipment->is_refused) {
            shipment->is_sent = shipment->is_refused = false;
        }
    }
}

struct gw_hub_shipment *gw_hub_window_next(const struct gw_hub_window *window) {
    struct gw_hub_shipment *shipment = window->credit > 0 ? window->first : NULL;
    while (shipment && shipment->is_sent) {
        shipment = shipment->next;
    }
    return shipment;
}

static struct gw_hub_shipment *take_out(struct gw_hub_window *window, struct gw_hub_shipment *previous,
                                        struct gw_hub_shipment *shipment) {
    if (previous) {
        previous->next = shipment->next;
    } else {
        window->first = shipment->next;
    }
    if (window->last == shipment) {
        window->last = previous;
    }
    window->count--;
    shipment->next = NULL;
    return shipment;
}

struct gw_hub_shipment *gw_hub_window_answer(struct gw_hub_window *window, uint64_t seq,
                                             enum gw_zeromq_answer answer) {
    struct gw_hub_shipment *previous = NULL;
    struct gw_hub_shipment *shipment = window->first;
    while (shipment && shipment->seq != seq) {
        previous = shipment;
        shipment = shipment->next;
    }
    if (!shipment) {
        return NULL;
    }
    if (answer == GW_ZEROMQ_TRY_AGAIN) {
        shipment->is_refused = true;
        window->must_retry = true;
        return NULL;
    }
    return take_out(window, previous, shipment);
}

struct gw_hub_shipment *gw_hub_window_drop(struct gw_hub_window *window) {
    return window->first ? take_out(window, NULL, window->first) : NULL;
}
