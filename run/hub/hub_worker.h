/* A worker, as the hub sees it: one connection in one role. */
#ifndef GW_RUN_HUB_HUB_WORKER_H
#define GW_RUN_HUB_HUB_WORKER_H

#include "run/hub/hub_dealer.h"
#include "transport/hub_channel.h"

/* With so much unwritten a worker is given nothing more: it would only wait here instead of there. */
#define GW_HUB_UNWRITTEN_MAX ((size_t)256 << 10)

struct gw_hub_worker {
    struct gw_hub_taker taker; /* of a source; the first member */
    struct gw_hub_channel channel;
    uint64_t handle;       /* in the hub's table */
    enum gw_hub_role role; /* 0 until it has said HELLO */
    uint32_t slot;
    bool is_paused; /* it asked for nothing more */
    bool is_told_end;
    bool is_gone; /* to be removed at the step's end */
};

/* Takes over `fd`. NULL: no memory (the descriptor is closed). */
struct gw_hub_worker *gw_hub_worker_make(int fd);
void gw_hub_worker_free(struct gw_hub_worker *worker);

/* Queues a frame; a worker that cannot be told something is gone. */
void gw_hub_worker_post(struct gw_hub_worker *worker, const struct gw_hub_frame *frame);

/* Writes what is queued as far as the socket takes it. */
void gw_hub_worker_write(struct gw_hub_worker *worker);

#endif
