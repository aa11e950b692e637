/* How a new configuration reaches the workers: one after the other, and the first one proves it. Pure; the
 * supervisor does what it says.
 *
 *     begin → REPLACE 0 → (ready) ACCEPT → REPLACE 1 → (ready) REPLACE 2 → … → FINISHED
 *                 └─ (not ready in time, or it cannot start) GO_BACK: worker 0 alone has seen it
 */
#ifndef GW_RUN_ROLLOUT_H
#define GW_RUN_ROLLOUT_H

#include <stdbool.h>
#include <stdint.h>

enum gw_rollout_action {
    GW_ROLLOUT_WAIT,
    GW_ROLLOUT_REPLACE, /* ask this worker to end and start it anew */
    GW_ROLLOUT_KILL,    /* it was asked, and has not ended in time */
    GW_ROLLOUT_ACCEPT,  /* the first worker works with the new configuration */
    GW_ROLLOUT_GO_BACK, /* it does not: the old configuration is back, also for this worker */
    GW_ROLLOUT_LATE,    /* a later worker is not ready in time; the others wait for it */
    GW_ROLLOUT_FINISHED
};

struct gw_rollout {
    int next; /* the worker that is replaced next; -1: nothing is rolled out */
    bool on_trial;
    int64_t limit_ns; /* for a worker to end, and for another to become ready */
    int64_t deadline_ns;
};

/* What a look needs to know of the worker that was replaced last. */
struct gw_rollout_view {
    int workers;
    bool is_leaving; /* its old process has not ended yet */
    bool is_ready;   /* its new one is ready, or has come to its source's end */
};

void gw_rollout_init(struct gw_rollout *rollout);

/* Also while another one goes on, which is given up: workers that saw it are replaced once more. */
void gw_rollout_begin(struct gw_rollout *rollout, int64_t limit_ns);

/* The number of the worker that was replaced last; -1: none is on its way. */
static inline int gw_rollout_worker(const struct gw_rollout *rollout) {
    return rollout->next - 1 >= 0 ? rollout->next - 1 : -1;
}

/* Whether this worker is to be started with the configuration before. */
static inline bool gw_rollout_is_behind(const struct gw_rollout *rollout, int worker) {
    return rollout->on_trial && worker >= rollout->next;
}

/* The worker's new process has been started: it has its time from here on. */
void gw_rollout_started(struct gw_rollout *rollout, int worker, int64_t now_ns);

/* What to do now; ask again until it is WAIT. REPLACE and KILL are about gw_rollout_worker. */
enum gw_rollout_action gw_rollout_look(struct gw_rollout *rollout, const struct gw_rollout_view *view,
                                       int64_t now_ns);

/* The worker says that it cannot start: true when that is the new configuration's fault, and the old one must
 * be taken back. */
bool gw_rollout_failed(struct gw_rollout *rollout, int worker);

#endif
