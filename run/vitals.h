/* How the instance is: which workers are stalled, and whether the whole is ready. The supervisor looks, and
 * writes what it sees into the shared counters for the admin process. */
#ifndef GW_RUN_VITALS_H
#define GW_RUN_VITALS_H

#include "run/children.h"
#include "run/counters.h"
#include "run/stall.h"

/* Why an instance is not ready; the first that holds. name, what it means */
#define GW_HEALTH_TABLE(X)                                                                                   \
    X(GW_HEALTH_READY, "ready")                                                                              \
    X(GW_HEALTH_DRAINING, "it is draining")                                                                  \
    X(GW_HEALTH_HUB_DOWN, "the hub does not run")                                                            \
    X(GW_HEALTH_WORKER_DOWN, "a worker does not run")                                                        \
    X(GW_HEALTH_NOT_JOINED, "a worker is not connected, or has not joined its group")                        \
    X(GW_HEALTH_STALLED, "a worker has work and nothing moves")

enum gw_health {
#define GW_HEALTH_ENUM(name, text) name,
    GW_HEALTH_TABLE(GW_HEALTH_ENUM)
#undef GW_HEALTH_ENUM
        GW_HEALTH_COUNT
};

/* Static text; of a number that is none, "unknown". */
const char *gw_health_text(uint32_t health);

/* A worker whose loop has not come round for so long does not answer: that counts as work that stands. */
#define GW_VITALS_SILENT_MS 2000

struct gw_vitals {
    struct gw_stall stalls[GW_COUNTERS_WORKERS_MAX];
};

/* What a look needs to know. */
struct gw_vitals_view {
    const struct gw_child *workers;
    int worker_count;
    const struct gw_child *hub; /* NULL: there is none */
    int replaced;               /* a worker that a reload is just replacing, and so may be away; -1: none */
    bool is_draining;
    int stall_ms;
};

/* Looks at every worker. Stalls that begin or end are logged and counted, levels are set; returns what is to
 * be told now. */
enum gw_health gw_vitals_look(struct gw_vitals *vitals, const struct gw_vitals_view *view,
                              struct gw_counters *counters, int64_t now_ns);

#endif
