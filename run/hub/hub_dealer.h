/* Who gets which message: the hub's decisions about its input, without sockets.
 *
 *     add → waiting ──next──▶ with a taker ──settle──▶ done
 *              ▲                    │
 *              └── leave, or settle with `again`
 *
 * Messages go out in the order in which they came; those given back have come first and go out first. */
#ifndef GW_RUN_HUB_HUB_DEALER_H
#define GW_RUN_HUB_HUB_DEALER_H

#include "base/slots.h"

#include <stdbool.h>
#include <stdint.h>

/* Added to each message's bytes: what it costs beyond them. It bounds the number of small messages, too. */
#define GW_HUB_MESSAGE_OVERHEAD ((size_t)256)

/* A place in one of the dealer's lists. */
struct gw_hub_node {
    struct gw_hub_node *previous, *next;
};

/* A message, as the dealer sees it: the first member of the real one. The caller sets `size` (overhead
 * included); the rest is the dealer's. */
struct gw_hub_parcel {
    struct gw_hub_node node; /* among those waiting, or its taker's */
    size_t size;
    uint64_t receipt;
    uint64_t number;            /* order of arrival */
    bool was_dealt;             /* was given out before */
    struct gw_hub_taker *taker; /* who has it; NULL: it waits */
};

/* A worker, as the dealer sees it. The caller sets `credit_bytes` and, at any time, `accepts`. */
struct gw_hub_taker {
    struct gw_hub_node node;
    struct gw_hub_node parcels; /* what it has, in order of arrival */
    size_t credit_bytes;        /* most bytes that it holds; one parcel of any size all the same */
    size_t held_bytes;
    size_t held;
    bool accepts; /* may be given something now */
};

struct gw_hub_dealer {
    struct gw_hub_node waiting;
    struct gw_hub_node takers; /* the one that was given something last is last */
    struct gw_slots receipts;
    size_t budget_bytes;
    size_t kept_bytes; /* waiting or with takers */
    size_t waiting_count, held_count;
    uint64_t numbers;
};

/* The dealer must stay where it is (its lists point to it). */
void gw_hub_dealer_init(struct gw_hub_dealer *dealer, size_t budget_bytes,
                        const struct gw_allocator *allocator);

/* All parcels must be gone (gw_hub_dealer_drop). */
void gw_hub_dealer_free(struct gw_hub_dealer *dealer);

/* Whether another message may be added: what is kept is below the budget. So it is exceeded by one message at
 * most, and an empty dealer takes one of any size. */
bool gw_hub_dealer_has_room(const struct gw_hub_dealer *dealer);

/* Keeps a message until it is settled or dropped. GW_NO_MEMORY: it is not kept. */
enum gw_status gw_hub_dealer_add(struct gw_hub_dealer *dealer, struct gw_hub_parcel *parcel);

void gw_hub_dealer_join(struct gw_hub_dealer *dealer, struct gw_hub_taker *taker);

/* The taker is gone: what it had waits again. */
void gw_hub_dealer_leave(struct gw_hub_dealer *dealer, struct gw_hub_taker *taker);

/* The next parcel and who gets it: of those that accept and have credit for it, who holds the fewest bytes.
 * `*again` tells whether it was given out before. False when nothing can be dealt now. */
bool gw_hub_dealer_next(struct gw_hub_dealer *dealer, struct gw_hub_parcel **parcel,
                        struct gw_hub_taker **taker, bool *again);

/* The taker gives a receipt back. With `again` the parcel waits once more and *done is NULL; else it is the
 * caller's again, in *done. GW_PROTOCOL: that taker has no such receipt. */
enum gw_status gw_hub_dealer_settle(struct gw_hub_dealer *dealer, struct gw_hub_taker *taker,
                                    uint64_t receipt, bool again, struct gw_hub_parcel **done);

/* Takes a waiting parcel out, the oldest first; NULL when none waits. */
struct gw_hub_parcel *gw_hub_dealer_drop(struct gw_hub_dealer *dealer);

#endif
