/* One worker's connection. */
#include "run/hub/hub_worker.h"

#include "base/log.h"

#include <stdlib.h>
#include <unistd.h>

struct gw_hub_worker *gw_hub_worker_make(int fd) {
    struct gw_hub_worker *worker = calloc(1, sizeof *worker);
    if (!worker) {
        close(fd);
        return NULL;
    }
    gw_hub_channel_init(&worker->channel, fd, &gw_allocator_system);
    return worker;
}

void gw_hub_worker_free(struct gw_hub_worker *worker) {
    gw_hub_channel_close(&worker->channel);
    free(worker);
}

/* Whether the dealer may give it more. */
static void set_accepts(struct gw_hub_worker *worker) {
    worker->taker.accepts = !worker->is_gone && !worker->is_paused &&
                            gw_hub_channel_unwritten(&worker->channel) < GW_HUB_UNWRITTEN_MAX;
}

void gw_hub_worker_post(struct gw_hub_worker *worker, const struct gw_hub_frame *frame) {
    enum gw_status status = gw_hub_channel_post(&worker->channel, frame);
    if (status != GW_OK) {
        GW_LOG(GW_LOG_ERROR, "cannot tell a worker", GW_KI("worker", worker->slot),
               GW_KS("status", gw_status_word(status)));
        worker->is_gone = true;
    }
    set_accepts(worker);
}

void gw_hub_worker_write(struct gw_hub_worker *worker) {
    if (!worker->is_gone && gw_hub_channel_unwritten(&worker->channel) > 0 &&
        gw_hub_channel_write(&worker->channel) != GW_OK) {
        worker->is_gone = true;
    }
    set_accepts(worker);
}
