/* The supervisor: checks the configuration and the model, then starts the hub and the workers and keeps them
 * running. It touches no message and has no handle of Kafka or ZeroMQ. */
#ifndef GW_RUN_SUPERVISOR_H
#define GW_RUN_SUPERVISOR_H

#include "base/clock.h"

struct gw_supervisor_settings {
    const char *config_path; /* NULL: the embedded default */
    const char *program;     /* what children are started from; NULL: this program, /proc/self/exe */
    const struct gw_clock *clock;
};

/* Runs an instance and returns the exit code (run/exit_codes.h). Takes over SIGTERM, SIGINT, SIGHUP and
 * SIGCHLD.
 *
 * - SIGTERM, SIGINT: drains within `drain_timeout`; a second one, or the timeout, ends the children at once.
 * - SIGHUP: takes configuration, model and gazetteers anew, and replaces the workers one by one; what is not
 * valid, or does not work for the first of them, is logged, and everything goes on as it was.
 * - A child that dies is started again with back-off, but one that says that it cannot start ends the
 * instance.
 * - When all workers have come to their source's end, the instance ends with GW_EXIT_DONE. */
int gw_supervisor_run(const struct gw_supervisor_settings *settings);

#endif
