/* Whether a worker hangs: how much processor time it has spent while it was on one and the same article. A
 * process that is stopped, or that gets no processor, spends none. Pure. */
#ifndef GW_RUN_WATCHDOG_H
#define GW_RUN_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>

/* All zero at first, and for each new process. */
struct gw_watchdog {
    uint64_t turn;  /* the article at the last look (gw_note.turn); 0: none */
    int64_t cpu_ns; /* spent by the process when that article was first seen */
};

/* A look at the worker: its article (`turn`; 0: it is on none) and what its process has spent so far. True
 * when at least `limit_ns` of that went into this article; what it spent before the first look is not known
 * and does not count. */
bool gw_watchdog_look(struct gw_watchdog *watchdog, uint64_t turn, int64_t cpu_ns, int64_t limit_ns);

#endif
