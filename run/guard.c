/* What a worker makes of the notes and suspects in shared memory. */
#include "run/guard.h"

static bool is_with_another(const struct gw_guard *guard, uint64_t key) {
    for (size_t i = 0; i < guard->count; i++) {
        const struct gw_note *note = &guard->notes[i];
        if (note != guard->note && atomic_load_explicit(&note->key, memory_order_acquire) == key) {
            return true;
        }
    }
    return false;
}

enum gw_guard_verdict gw_guard_look(const struct gw_guard *guard, const struct gw_position *position,
                                    bool redelivered) {
    static const enum gw_guard_verdict verdicts[] = {[GW_SUSPICION_NONE] = GW_GUARD_GO,
                                                     [GW_SUSPICION_ALONE] = GW_GUARD_ALONE,
                                                     [GW_SUSPICION_CRASHED] = GW_GUARD_GIVE_UP};
    bool any = guard->suspects && atomic_load_explicit(&guard->suspects->known, memory_order_acquire) > 0;
    if (!any && !redelivered) {
        return GW_GUARD_GO;
    }
    uint64_t key = gw_position_key(position);
    if (redelivered && is_with_another(guard, key)) {
        return GW_GUARD_WAIT;
    }
    return guard->suspects ? verdicts[gw_suspects_look(guard->suspects, key)] : GW_GUARD_GO;
}
