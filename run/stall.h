/* Whether something that has work stands still. Pure. */
#ifndef GW_RUN_STALL_H
#define GW_RUN_STALL_H

#include <stdbool.h>
#include <stdint.h>

/* All zero at first. */
struct gw_stall {
    bool watching;
    uint64_t progress; /* at the last look at which it had changed */
    int64_t since_ns;  /* when that was */
};

/* A look: does it have work, and how far has it come (any number that changes with each thing done). True
 * when it has had work and not moved for `limit_ns`. */
bool gw_stall_look(struct gw_stall *stall, bool has_work, uint64_t progress, int64_t now_ns,
                   int64_t limit_ns);

#endif
