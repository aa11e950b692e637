/* The budget of one annotation in work units: what bounds its cost without a clock. */
#ifndef GW_PROCESS_WORK_H
#define GW_PROCESS_WORK_H

#include <stdbool.h>
#include <stdint.h>

struct gw_work {
    uint64_t left;
    bool ended; /* something was left out */
};

/* Takes `units`; false when they are not there. Then nothing is taken and `ended` is set. */
static inline bool gw_work_take(struct gw_work *work, uint64_t units) {
    if (work->left < units) {
        work->ended = true;
        return false;
    }
    work->left -= units;
    return true;
}

#endif
