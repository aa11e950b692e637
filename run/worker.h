/* A worker: one process, one pipeline, from a source through the annotator to a sink and back with receipts.
 */
#ifndef GW_RUN_WORKER_H
#define GW_RUN_WORKER_H

#include "base/clock.h"
#include "run/config/config.h"
#include "run/counters.h"
#include "run/guard.h"

/* Everything pointed to must outlive the worker. */
struct gw_worker_settings {
    const struct gw_config *config;
    int slot;                            /* its number, from 0; part of its identity at the broker */
    struct gw_worker_counters *counters; /* it is their only writer, but for what the supervisor keeps */
    struct gw_guard guard;
    int gazetteer_fd; /* the compiled gazetteers, may be empty; -1: none */
    int model_fd;     /* the model's file; -1: the one that the configuration names */
    int lifeline_fd;  /* closed at its other end when the supervisor is gone; -1: none */
    const struct gw_clock *clock;
};

/* Runs until told to stop and returns the exit code (run/exit_codes.h):
 *
 * - SIGTERM or SIGINT (which it takes for itself, for good): takes nothing new, finishes what it took within
 *   the drain timeout, leaves; GW_EXIT_DONE, or GW_EXIT_PARTLY when something was left for the next run;
 * - the lifeline's end: the same, but a ZeroMQ source is first read to its end (GW_CLOSED), since the hub
 *   drains too;
 * - the source's end (GW_CLOSED): finishes, GW_EXIT_DONE;
 * - a setting or a model that cannot work: GW_EXIT_CANNOT_START; a failure of ours: GW_EXIT_SYSTEM; logged.
 */
int gw_worker_run(const struct gw_worker_settings *settings);

#endif
