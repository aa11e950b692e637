/* Waiting for something with a deadline. */
#ifndef GW_TESTS_WAITING_H
#define GW_TESTS_WAITING_H

#include "base/clock.h"
#include "unit/unit.h"

#include <poll.h>
#include <stdbool.h>

/* After so long a test fails that waits for something to happen: a consumer may need seconds to join its
 * group on a busy machine. */
#define SUITE_PATIENCE_MS 60000

static inline int64_t deadline_in(int64_t ms) {
    return gw_clock_now_ns(&gw_clock_system) + ms * GW_NS_PER_MS;
}

/* `what` completes "waited too long for". */
static inline void assert_in_time(int64_t deadline, const char *what) {
    if (gw_clock_now_ns(&gw_clock_system) > deadline) {
        print_error("waited too long for %s\n", what);
        fail();
    }
}

/* Whether the descriptor is or becomes readable; -1 always is. */
static inline bool wait_readable(int fd, int timeout_ms) {
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    return fd < 0 || poll(&wait, 1, timeout_ms) > 0;
}

#endif
