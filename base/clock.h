/* Time as a parameter: the real clock, or a test's. */
#ifndef GW_BASE_CLOCK_H
#define GW_BASE_CLOCK_H

#include <stdint.h>

/* `monotonic_ns` never goes back and has no epoch; `wall_ms` is milliseconds since 1970-01-01 UTC. */
struct gw_clock {
    int64_t (*monotonic_ns)(void *context);
    int64_t (*wall_ms)(void *context);
    void *context;
};

/* CLOCK_MONOTONIC and CLOCK_REALTIME. */
extern const struct gw_clock gw_clock_system;

static inline int64_t gw_clock_now_ns(const struct gw_clock *clock) {
    return clock->monotonic_ns(clock->context);
}

static inline int64_t gw_clock_wall_ms(const struct gw_clock *clock) {
    return clock->wall_ms(clock->context);
}

#define GW_NS_PER_MS INT64_C(1000000)
#define GW_NS_PER_S  INT64_C(1000000000)

/* "2023-08-15T09:30:00.123Z" and a terminator. */
#define GW_RFC3339_SIZE 32
void gw_clock_format_rfc3339(int64_t wall_ms, char out[GW_RFC3339_SIZE]);

#endif
