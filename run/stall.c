/* Lag without progress. */
#include "run/stall.h"

bool gw_stall_look(struct gw_stall *stall, bool has_work, uint64_t progress, int64_t now_ns,
                   int64_t limit_ns) {
    if (!has_work || !stall->watching || progress != stall->progress) {
        *stall = (struct gw_stall){has_work, progress, now_ns};
        return false;
    }
    return now_ns - stall->since_ns >= limit_ns;
}
