/* Exponential back-off with jitter for children that die. */
#include "run/restart.h"

#include "base/clock.h"

/* Doublings beyond this reach any max_ms. */
#define DOUBLINGS_MAX 30

void gw_restart_init(struct gw_restart *restart, int64_t min_ms, int64_t max_ms, int64_t healthy_after_ms) {
    *restart = (struct gw_restart){.min_ms = min_ms, .max_ms = max_ms, .healthy_after_ms = healthy_after_ms};
}

void gw_restart_configure(struct gw_restart *restart, int64_t min_ms, int64_t max_ms,
                          int64_t healthy_after_ms) {
    restart->min_ms = min_ms;
    restart->max_ms = max_ms;
    restart->healthy_after_ms = healthy_after_ms;
}

void gw_restart_started(struct gw_restart *restart, int64_t now_ns) {
    restart->started_ns = now_ns;
}

int64_t gw_restart_died(struct gw_restart *restart, int64_t now_ns, uint32_t random) {
    if (now_ns - restart->started_ns >= restart->healthy_after_ms * GW_NS_PER_MS) {
        restart->deaths = 0;
    }
    unsigned doublings = restart->deaths < DOUBLINGS_MAX ? restart->deaths : DOUBLINGS_MAX;
    restart->deaths++;
    int64_t wait = restart->min_ms << doublings;
    if (wait > restart->max_ms) {
        wait = restart->max_ms;
    }
    return wait - wait / 2 + (int64_t)(((uint64_t)(wait / 2) * random) >> 32);
}
