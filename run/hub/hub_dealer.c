/* Both kinds of parcel lists are kept in order of arrival. New parcels are the youngest and go to the end at
 * once; only those that come back are walked to their place. */
#include "run/hub/hub_dealer.h"

static void list_init(struct gw_hub_node *list) {
    list->previous = list->next = list;
}

static void list_insert_behind(struct gw_hub_node *place, struct gw_hub_node *node) {
    node->previous = place;
    node->next = place->next;
    place->next->previous = node;
    place->next = node;
}

static void list_remove(struct gw_hub_node *node) {
    node->previous->next = node->next;
    node->next->previous = node->previous;
}

static struct gw_hub_parcel *parcel_of(struct gw_hub_node *node) {
    return (struct gw_hub_parcel *)node;
}

static struct gw_hub_taker *taker_of(struct gw_hub_node *node) {
    return (struct gw_hub_taker *)node;
}

/* Walks from the end: what is younger is there. */
static void insert_from_end(struct gw_hub_node *list, struct gw_hub_parcel *parcel) {
    struct gw_hub_node *place = list->previous;
    while (place != list && parcel_of(place)->number > parcel->number) {
        place = place->previous;
    }
    list_insert_behind(place, &parcel->node);
}

/* Walks from `from`, behind which the place is; returns where it went. */
static struct gw_hub_node *insert_from_front(struct gw_hub_node *list, struct gw_hub_node *from,
                                             struct gw_hub_parcel *parcel) {
    struct gw_hub_node *place = from;
    while (place->next != list && parcel_of(place->next)->number < parcel->number) {
        place = place->next;
    }
    list_insert_behind(place, &parcel->node);
    return &parcel->node;
}

void gw_hub_dealer_init(struct gw_hub_dealer *dealer, size_t budget_bytes,
                        const struct gw_allocator *allocator) {
    *dealer = (struct gw_hub_dealer){.budget_bytes = budget_bytes};
    list_init(&dealer->waiting);
    list_init(&dealer->takers);
    gw_slots_init(&dealer->receipts, allocator);
}

void gw_hub_dealer_free(struct gw_hub_dealer *dealer) {
    gw_slots_free(&dealer->receipts);
}

bool gw_hub_dealer_has_room(const struct gw_hub_dealer *dealer) {
    return dealer->kept_bytes < dealer->budget_bytes;
}

enum gw_status gw_hub_dealer_add(struct gw_hub_dealer *dealer, struct gw_hub_parcel *parcel) {
    enum gw_status status = gw_slots_add(&dealer->receipts, parcel, &parcel->receipt);
    if (status != GW_OK) {
        return status;
    }
    parcel->number = dealer->numbers++;
    parcel->was_dealt = false;
    parcel->taker = NULL;
    list_insert_behind(dealer->waiting.previous, &parcel->node);
    dealer->waiting_count++;
    dealer->kept_bytes += parcel->size;
    return GW_OK;
}

void gw_hub_dealer_join(struct gw_hub_dealer *dealer, struct gw_hub_taker *taker) {
    list_init(&taker->parcels);
    taker->held = taker->held_bytes = 0;
    list_insert_behind(dealer->takers.previous, &taker->node);
}

/* The taker has the parcel no more; it is in no list then. */
static void take_back(struct gw_hub_dealer *dealer, struct gw_hub_parcel *parcel) {
    struct gw_hub_taker *taker = parcel->taker;
    list_remove(&parcel->node);
    taker->held--;
    taker->held_bytes -= parcel->size;
    dealer->held_count--;
    parcel->taker = NULL;
}

void gw_hub_dealer_leave(struct gw_hub_dealer *dealer, struct gw_hub_taker *taker) {
    struct gw_hub_node *place = &dealer->waiting;
    while (taker->parcels.next != &taker->parcels) {
        struct gw_hub_parcel *parcel = parcel_of(taker->parcels.next);
        take_back(dealer, parcel);
        place = insert_from_front(&dealer->waiting, place, parcel);
        dealer->waiting_count++;
    }
    list_remove(&taker->node);
}

static bool can_hold(const struct gw_hub_taker *taker, size_t size) {
    return taker->held == 0 ||
           (size <= taker->credit_bytes && taker->held_bytes <= taker->credit_bytes - size);
}

/* Among equals the one that has waited longest. */
static struct gw_hub_taker *choose_taker(struct gw_hub_dealer *dealer, size_t size) {
    struct gw_hub_taker *chosen = NULL;
    for (struct gw_hub_node *node = dealer->takers.next; node != &dealer->takers; node = node->next) {
        struct gw_hub_taker *taker = taker_of(node);
        if (taker->accepts && can_hold(taker, size) && (!chosen || taker->held_bytes < chosen->held_bytes)) {
            chosen = taker;
        }
    }
    return chosen;
}

bool gw_hub_dealer_next(struct gw_hub_dealer *dealer, struct gw_hub_parcel **parcel,
                        struct gw_hub_taker **taker, bool *again) {
    if (dealer->waiting.next == &dealer->waiting) {
        return false;
    }
    *parcel = parcel_of(dealer->waiting.next);
    *taker = choose_taker(dealer, (*parcel)->size);
    if (!*taker) {
        return false;
    }
    list_remove(&(*parcel)->node);
    dealer->waiting_count--;
    dealer->held_count++;
    *again = (*parcel)->was_dealt;
    (*parcel)->was_dealt = true;
    (*parcel)->taker = *taker;
    (*taker)->held++;
    (*taker)->held_bytes += (*parcel)->size;
    insert_from_end(&(*taker)->parcels, *parcel);
    list_remove(&(*taker)->node);
    list_insert_behind(dealer->takers.previous, &(*taker)->node);
    return true;
}

enum gw_status gw_hub_dealer_settle(struct gw_hub_dealer *dealer, struct gw_hub_taker *taker,
                                    uint64_t receipt, bool again, struct gw_hub_parcel **done) {
    struct gw_hub_parcel *parcel = gw_slots_get(&dealer->receipts, receipt);
    *done = NULL;
    if (!parcel || parcel->taker != taker) {
        return GW_PROTOCOL;
    }
    take_back(dealer, parcel);
    if (again) {
        insert_from_front(&dealer->waiting, &dealer->waiting, parcel);
        dealer->waiting_count++;
        return GW_OK;
    }
    gw_slots_remove(&dealer->receipts, receipt);
    dealer->kept_bytes -= parcel->size;
    *done = parcel;
    return GW_OK;
}

struct gw_hub_parcel *gw_hub_dealer_drop(struct gw_hub_dealer *dealer) {
    if (dealer->waiting.next == &dealer->waiting) {
        return NULL;
    }
    struct gw_hub_parcel *parcel = parcel_of(dealer->waiting.next);
    list_remove(&parcel->node);
    gw_slots_remove(&dealer->receipts, parcel->receipt);
    dealer->waiting_count--;
    dealer->kept_bytes -= parcel->size;
    return parcel;
}
