/* Processor time per article, from looks at a process. */
#include "run/watchdog.h"

bool gw_watchdog_look(struct gw_watchdog *watchdog, uint64_t turn, int64_t cpu_ns, int64_t limit_ns) {
    if (turn == 0 || turn != watchdog->turn) {
        *watchdog = (struct gw_watchdog){turn, cpu_ns};
        return false;
    }
    return cpu_ns - watchdog->cpu_ns >= limit_ns;
}
