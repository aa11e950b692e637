/* One worker after the other, by deadlines. */
#include "run/rollout.h"

void gw_rollout_init(struct gw_rollout *rollout) {
    *rollout = (struct gw_rollout){.next = -1};
}

void gw_rollout_begin(struct gw_rollout *rollout, int64_t limit_ns) {
    *rollout = (struct gw_rollout){.next = 0, .on_trial = true, .limit_ns = limit_ns};
}

void gw_rollout_started(struct gw_rollout *rollout, int worker, int64_t now_ns) {
    if (rollout->next >= 0 && worker == gw_rollout_worker(rollout)) {
        rollout->deadline_ns = now_ns + rollout->limit_ns;
    }
}

/* The worker that was replaced last has had its time. */
static enum gw_rollout_action overdue(struct gw_rollout *rollout, bool is_leaving, int64_t now_ns) {
    rollout->deadline_ns = now_ns + rollout->limit_ns;
    if (is_leaving) {
        return GW_ROLLOUT_KILL;
    }
    if (rollout->on_trial) {
        gw_rollout_init(rollout);
        return GW_ROLLOUT_GO_BACK;
    }
    return GW_ROLLOUT_LATE;
}

enum gw_rollout_action gw_rollout_look(struct gw_rollout *rollout, const struct gw_rollout_view *view,
                                       int64_t now_ns) {
    if (rollout->next < 0) {
        return GW_ROLLOUT_WAIT;
    }
    if (rollout->next > 0 && (view->is_leaving || !view->is_ready)) {
        return now_ns < rollout->deadline_ns ? GW_ROLLOUT_WAIT : overdue(rollout, view->is_leaving, now_ns);
    }
    if (rollout->next > 0 && rollout->on_trial) {
        rollout->on_trial = false;
        return GW_ROLLOUT_ACCEPT;
    }
    if (rollout->next >= view->workers) {
        gw_rollout_init(rollout);
        return GW_ROLLOUT_FINISHED;
    }
    rollout->next++;
    rollout->deadline_ns = now_ns + rollout->limit_ns;
    return GW_ROLLOUT_REPLACE;
}

bool gw_rollout_failed(struct gw_rollout *rollout, int worker) {
    bool is_its_fault = rollout->on_trial && rollout->next > 0 && worker == gw_rollout_worker(rollout);
    if (is_its_fault) {
        gw_rollout_init(rollout);
    }
    return is_its_fault;
}
