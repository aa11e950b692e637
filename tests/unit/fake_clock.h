/* A clock that stands still until a test moves it. */
#ifndef GW_TESTS_FAKE_CLOCK_H
#define GW_TESTS_FAKE_CLOCK_H

#include "base/clock.h"

struct fake_clock {
    int64_t monotonic_ns;
    int64_t wall_ms;
};

static inline int64_t fake_clock_monotonic_ns(void *context) {
    return ((struct fake_clock *)context)->monotonic_ns;
}

static inline int64_t fake_clock_wall_ms(void *context) {
    return ((struct fake_clock *)context)->wall_ms;
}

static inline struct gw_clock fake_clock(struct fake_clock *fake) {
    return (struct gw_clock){fake_clock_monotonic_ns, fake_clock_wall_ms, fake};
}

/* Both clocks move. */
static inline void fake_clock_advance_ms(struct fake_clock *fake, int64_t ms) {
    fake->monotonic_ns += ms * GW_NS_PER_MS;
    fake->wall_ms += ms;
}

#endif
