/* CPU time of this thread, stage by stage, with the cost of looking at the clock taken off. */
#ifndef GW_CLI_STOPWATCH_H
#define GW_CLI_STOPWATCH_H

#include "run/enrich.h"

struct gw_stopwatch {
    int64_t look_ns; /* what one look at the clock costs */
    int64_t last_ns;
    int64_t stages_ns[GW_ENRICH_STAGE_COUNT]; /* sums since gw_stopwatch_clear */
    int64_t total_ns;
};

/* Measures the clock. */
void gw_stopwatch_init(struct gw_stopwatch *watch);

void gw_stopwatch_clear(struct gw_stopwatch *watch);

/* Around each article; between them gw_stopwatch_observe is called at the end of each stage. */
void gw_stopwatch_start(struct gw_stopwatch *watch);
void gw_stopwatch_stop(struct gw_stopwatch *watch);

/* For gw_enrich_settings.observe, with the stopwatch as its context. */
void gw_stopwatch_observe(void *context, enum gw_enrich_stage ended);

/* Sorts `numbers` and returns the middle one; of none, 0. */
int64_t gw_median(int64_t *numbers, size_t count);

#endif
