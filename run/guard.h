/* A worker's side of the crash quarantine: before it begins an article it looks whether a worker has died on
 * it, and while it is on one it says so. */
#ifndef GW_RUN_GUARD_H
#define GW_RUN_GUARD_H

#include "run/note.h"
#include "run/suspects.h"

/* Everything is in shared memory. All NULL: nobody watches, and every article goes on. */
struct gw_guard {
    struct gw_note *note;        /* this worker's */
    const struct gw_note *notes; /* all workers', this one's among them */
    size_t count;
    const struct gw_suspects *suspects;
};

enum gw_guard_verdict {
    GW_GUARD_GO,
    GW_GUARD_WAIT,   /* another worker is noted on it: it has died, and its death is not counted yet */
    GW_GUARD_ALONE,  /* try it while nothing else is under way */
    GW_GUARD_GIVE_UP /* it has killed two: it becomes a dead letter, unread */
};

/* `redelivered`: the source knows that it gave this message out before. Only then can another worker be on
 * it. */
enum gw_guard_verdict gw_guard_look(const struct gw_guard *guard, const struct gw_position *position,
                                    bool redelivered);

static inline void gw_guard_begin(const struct gw_guard *guard, const struct gw_position *position) {
    if (guard->note) {
        gw_note_begin(guard->note, position);
    }
}

static inline void gw_guard_end(const struct gw_guard *guard) {
    if (guard->note) {
        gw_note_end(guard->note);
    }
}

/* The worker's loop came round. */
static inline void gw_guard_beat(const struct gw_guard *guard, int64_t now_ns) {
    if (guard->note) {
        atomic_store_explicit(&guard->note->beat_ns, now_ns, memory_order_relaxed);
    }
}

#endif
