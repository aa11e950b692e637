/* Levels of the whole, out of the levels of its processes. */
#include "run/vitals.h"

#include "base/log.h"

static const char *const texts[GW_HEALTH_COUNT] = {
#define GW_HEALTH_ROW(name, text) [name] = (text),
    GW_HEALTH_TABLE(GW_HEALTH_ROW)
#undef GW_HEALTH_ROW
};

const char *gw_health_text(uint32_t health) {
    return health < GW_HEALTH_COUNT ? texts[health] : "unknown";
}

static uint64_t done_by(const struct gw_worker_counters *worker) {
    return gw_counter_get(worker, GW_COUNTER_RECORDS) + gw_counter_get(worker, GW_COUNTER_DEAD_LETTERS) +
           gw_counter_get(worker, GW_COUNTER_SKIPPED);
}

static bool is_silent(const struct gw_note *note, const struct gw_child *child, int64_t now_ns) {
    int64_t heard_ns = atomic_load_explicit(&note->beat_ns, memory_order_relaxed);
    heard_ns = heard_ns > child->restart.started_ns ? heard_ns : child->restart.started_ns;
    return now_ns - heard_ns >= GW_VITALS_SILENT_MS * GW_NS_PER_MS;
}

static void log_stall(const struct gw_worker_counters *worker, int slot, bool is_stalled, int stall_ms) {
    if (is_stalled) {
        GW_LOG(GW_LOG_ERROR, "a worker has work and nothing moves", GW_KI("number", slot),
               GW_KI("for_ms", stall_ms), GW_KI("in_flight", gw_counter_get(worker, GW_COUNTER_IN_FLIGHT)),
               GW_KI("lag", gw_counter_get(worker, GW_COUNTER_LAG)),
               GW_KI("paused", gw_counter_get(worker, GW_COUNTER_PAUSED)));
    } else {
        GW_LOG(GW_LOG_INFO, "a worker that was stalled moves again", GW_KI("number", slot));
    }
}

/* Taken and not settled, or not even taken; or its loop does not say. */
static bool has_work_now(const struct gw_worker_counters *worker, const struct gw_note *note,
                         const struct gw_child *child, int64_t now_ns) {
    return gw_counter_get(worker, GW_COUNTER_IN_FLIGHT) > 0 || gw_counter_get(worker, GW_COUNTER_LAG) > 0 ||
           is_silent(note, child, now_ns);
}

static void look_for_stall(struct gw_vitals *vitals, const struct gw_vitals_view *view,
                           struct gw_counters *counters, int slot, int64_t now_ns) {
    struct gw_worker_counters *worker = &counters->workers[slot];
    const struct gw_child *child = &view->workers[slot];
    bool runs = child->state == GW_CHILD_RUNNING;
    bool has_work = runs && has_work_now(worker, &counters->notes[slot], child, now_ns);
    bool is_stalled = gw_stall_look(&vitals->stalls[slot], has_work, done_by(worker), now_ns,
                                    view->stall_ms * GW_NS_PER_MS);
    bool was_stalled = gw_counter_get(worker, GW_COUNTER_STALLED);
    if (is_stalled != was_stalled) {
        log_stall(worker, slot, is_stalled, view->stall_ms);
        gw_counter_add(worker, GW_COUNTER_STALLS, is_stalled);
    }
    gw_counter_set(worker, GW_COUNTER_STALLED, is_stalled);
    gw_counter_set(worker, GW_COUNTER_UP, runs);
}

/* What one worker lets be said of the whole. */
static enum gw_health health_of(const struct gw_vitals_view *view, const struct gw_counters *counters,
                                int slot) {
    const struct gw_worker_counters *worker = &counters->workers[slot];
    enum gw_child_state state = view->workers[slot].state;
    if (state == GW_CHILD_ENDED || slot == view->replaced) {
        return GW_HEALTH_READY;
    }
    if (state != GW_CHILD_RUNNING) {
        return GW_HEALTH_WORKER_DOWN;
    }
    if (!gw_counter_get(worker, GW_COUNTER_READY)) {
        return GW_HEALTH_NOT_JOINED;
    }
    return gw_counter_get(worker, GW_COUNTER_STALLED) ? GW_HEALTH_STALLED : GW_HEALTH_READY;
}

static enum gw_health worse(enum gw_health a, enum gw_health b) {
    return a == GW_HEALTH_READY || (b != GW_HEALTH_READY && b < a) ? b : a;
}

enum gw_health gw_vitals_look(struct gw_vitals *vitals, const struct gw_vitals_view *view,
                              struct gw_counters *counters, int64_t now_ns) {
    bool hub_up = view->hub && view->hub->state == GW_CHILD_RUNNING;
    enum gw_health health = view->hub && !hub_up ? GW_HEALTH_HUB_DOWN : GW_HEALTH_READY;
    for (int slot = 0; slot < view->worker_count; slot++) {
        look_for_stall(vitals, view, counters, slot, now_ns);
        health = worse(health, health_of(view, counters, slot));
    }
    health = view->is_draining ? GW_HEALTH_DRAINING : health;
    struct gw_instance_counters *instance = &counters->instance;
    gw_instance_set(instance, GW_INSTANCE_READY, health == GW_HEALTH_READY);
    gw_instance_set(instance, GW_INSTANCE_DRAINING, view->is_draining);
    gw_instance_set(instance, GW_INSTANCE_WORKERS, (uint64_t)view->worker_count);
    gw_instance_set(instance, GW_INSTANCE_HUB_UP, hub_up);
    atomic_store_explicit(&instance->health, health, memory_order_relaxed);
    atomic_store_explicit(&instance->beat_ns, now_ns, memory_order_relaxed);
    return health;
}
