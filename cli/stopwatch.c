/* The thread's clock is a system call, so its own cost matters. */
#include "cli/stopwatch.h"

#include <stdlib.h>
#include <time.h>

#define LOOKS 1001

static int64_t look(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * GW_NS_PER_S + now.tv_nsec;
}

static int by_size(const void *left, const void *right) {
    const int64_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

int64_t gw_median(int64_t *numbers, size_t count) {
    if (count == 0) {
        return 0;
    }
    qsort(numbers, count, sizeof *numbers, by_size);
    return numbers[count / 2];
}

void gw_stopwatch_clear(struct gw_stopwatch *watch) {
    memset(watch->stages_ns, 0, sizeof watch->stages_ns);
    watch->total_ns = 0;
}

void gw_stopwatch_init(struct gw_stopwatch *watch) {
    int64_t costs[LOOKS];
    int64_t last = look();
    for (size_t i = 0; i < LOOKS; i++) {
        int64_t now = look();
        costs[i] = now - last;
        last = now;
    }
    *watch = (struct gw_stopwatch){.look_ns = gw_median(costs, LOOKS)};
}

/* Since the last look, without the cost of this one. */
static int64_t lap(struct gw_stopwatch *watch) {
    int64_t now = look();
    int64_t took = now - watch->last_ns - watch->look_ns;
    watch->last_ns = now;
    return took > 0 ? took : 0;
}

void gw_stopwatch_start(struct gw_stopwatch *watch) {
    watch->last_ns = look();
}

void gw_stopwatch_observe(void *context, enum gw_enrich_stage ended) {
    struct gw_stopwatch *watch = context;
    int64_t took = lap(watch);
    watch->stages_ns[ended] += took;
    watch->total_ns += took;
}

void gw_stopwatch_stop(struct gw_stopwatch *watch) {
    watch->total_ns += lap(watch);
}
