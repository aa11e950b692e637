/* Writes to an eventfd add up, so raising twice is as good as once; it never blocks. */
#include "transport/wakeup.h"

#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

static const uint64_t one = 1;

enum gw_status gw_wakeup_open(struct gw_wakeup *wakeup, struct gw_error *error) {
    wakeup->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return wakeup->fd >= 0 ? GW_OK : gw_fail_errno(error, "an eventfd cannot be made");
}

void gw_wakeup_raise(const struct gw_wakeup *wakeup) {
    /* It fails only when the counter is at its end, and then it is readable. */
    ssize_t written = write(wakeup->fd, &one, sizeof one);
    (void)written;
}

void gw_wakeup_clear(const struct gw_wakeup *wakeup) {
    uint64_t times;
    ssize_t got = read(wakeup->fd, &times, sizeof times);
    (void)got;
}

void gw_wakeup_attach(const struct gw_wakeup *wakeup, rd_kafka_queue_t *queue) {
    rd_kafka_queue_io_event_enable(queue, wakeup->fd, &one, sizeof one);
}

void gw_wakeup_detach(rd_kafka_queue_t *queue) {
    rd_kafka_queue_io_event_enable(queue, -1, NULL, 0);
}

void gw_wakeup_close(struct gw_wakeup *wakeup) {
    if (wakeup->fd >= 0) {
        close(wakeup->fd);
        wakeup->fd = -1;
    }
}
