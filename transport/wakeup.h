/* A descriptor that one thread makes readable and another waits on. */
#ifndef GW_TRANSPORT_WAKEUP_H
#define GW_TRANSPORT_WAKEUP_H

#include "base/status.h"

#include <librdkafka/rdkafka.h>

/* An eventfd. */
struct gw_wakeup {
    int fd;
};

/* GW_SYSTEM when there is no descriptor left. */
enum gw_status gw_wakeup_open(struct gw_wakeup *wakeup, struct gw_error *error);

/* Readable from now on until it is cleared; from any thread. */
void gw_wakeup_raise(const struct gw_wakeup *wakeup);

/* Clear first, then look for work: what arrives meanwhile raises it again. */
void gw_wakeup_clear(const struct gw_wakeup *wakeup);

/* librdkafka raises it when `queue` stops being empty, so the queue must be drained at each wake, or the
 * wakeup be raised for the rest. Detach before closing it. */
void gw_wakeup_attach(const struct gw_wakeup *wakeup, rd_kafka_queue_t *queue);
void gw_wakeup_detach(rd_kafka_queue_t *queue);

/* Safe on one that could not be opened (fd -1). */
void gw_wakeup_close(struct gw_wakeup *wakeup);

#endif
