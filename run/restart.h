/* When to start a child again: exponential back-off with jitter. Pure; time and randomness are the caller's.
 */
#ifndef GW_RUN_RESTART_H
#define GW_RUN_RESTART_H

#include <stdint.h>

/* The wait doubles from `min_ms` to `max_ms` with each early death in a row; a child that lived for
 * `healthy_after_ms` begins anew. The wait drawn lies in its upper half, so that children that died together
 * do not start together. */
struct gw_restart {
    int64_t min_ms, max_ms, healthy_after_ms;
    int64_t started_ns;
    unsigned deaths; /* early ones in a row */
};

void gw_restart_init(struct gw_restart *restart, int64_t min_ms, int64_t max_ms, int64_t healthy_after_ms);

/* Other limits from here on; what is known of the child stays. */
void gw_restart_configure(struct gw_restart *restart, int64_t min_ms, int64_t max_ms,
                          int64_t healthy_after_ms);

/* The child was started now (monotonic clock). */
void gw_restart_started(struct gw_restart *restart, int64_t now_ns);

/* The child died now: milliseconds to wait before the next start. `random` is any 32 random bits. */
int64_t gw_restart_died(struct gw_restart *restart, int64_t now_ns, uint32_t random);

#endif
