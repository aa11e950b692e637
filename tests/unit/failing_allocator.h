/* An allocator that fails at a chosen allocation and knows what was not given back.
 *
 *     bool failed = true;
 *     for (size_t turn = 0; failed; turn++) {
 *         struct failing_allocator failing = {.fail_at = turn};
 *         struct gw_allocator allocator = failing_allocator(&failing);
 *         ... do the work; a status must say GW_NO_MEMORY exactly when failing.failed ...
 *         assert_int_equal(failing.in_use, 0);
 *         failed = failing.failed;
 *     }
 */
#ifndef GW_TESTS_FAILING_ALLOCATOR_H
#define GW_TESTS_FAILING_ALLOCATOR_H

#include "base/arena.h"
#include "unit/unit.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* `fail_at` counts from 0; FAILING_NEVER only watches. */
#define FAILING_NEVER SIZE_MAX

struct failing_allocator {
    size_t fail_at;
    bool for_good; /* every later allocation fails, too */
    size_t calls;
    size_t in_use; /* bytes that were not given back */
    size_t peak;   /* the most bytes in use at once */
    bool failed;
};

static inline void *failing_allocate(void *context, size_t size) {
    struct failing_allocator *failing = context;
    size_t call = failing->calls++;
    if (call == failing->fail_at || (failing->for_good && call > failing->fail_at)) {
        failing->failed = true;
        return NULL;
    }
    failing->in_use += size;
    failing->peak = failing->in_use > failing->peak ? failing->in_use : failing->peak;
    return malloc(size);
}

static inline void failing_release(void *context, void *memory, size_t size) {
    struct failing_allocator *failing = context;
    assert_true(size <= failing->in_use);
    failing->in_use -= size;
    free(memory);
}

static inline struct gw_allocator failing_allocator(struct failing_allocator *failing) {
    return (struct gw_allocator){failing_allocate, failing_release, failing};
}

#endif
