/* The admin server: a process of its own that answers HTTP from the shared counters. It has no other handle
 * of the instance, maps the counters for reading alone, and nothing of the main job waits for it. */
#ifndef GW_RUN_ADMIN_SERVER_H
#define GW_RUN_ADMIN_SERVER_H

#include "base/clock.h"
#include "run/admin/listen.h"
#include "run/counters.h"

/* Limits of what clients can take up: connections at once, seconds that one may be idle, and the memory for
 * one, in which a request's line and headers must have room. Requests have no bodies. */
#define GW_ADMIN_CONNECTIONS_MAX  64
#define GW_ADMIN_IDLE_S           10
#define GW_ADMIN_CONNECTION_BYTES ((size_t)16 << 10)

/* An address that is taken is tried again after so long. */
#define GW_ADMIN_RETRY_MS 5000

/* Everything pointed to must outlive the server. */
struct gw_admin_settings {
    const char *listen; /* the key `admin.listen`; not "off" */
    const char *instance;
    const char *config_hash;
    int workers;
    bool has_hub;
    const struct gw_counters *counters;
    int lifeline_fd; /* closed at its other end: end; -1: none */
    const struct gw_clock *clock;
};

/* Serves until SIGTERM or SIGINT (which it takes for itself) or the lifeline's end; returns the exit code. An
 * address that cannot be listened on is logged once, and tried again. */
int gw_admin_main(const struct gw_admin_settings *settings);

/* The same in steps, for tests and for gw_admin_main. */
struct gw_admin;
enum gw_status gw_admin_open(const struct gw_admin_settings *settings, struct gw_admin **admin,
                             struct gw_error *error);

/* What it listens on: "127.0.0.1:5557". */
const char *gw_admin_address(const struct gw_admin *admin);

/* A descriptor that is readable when there is something to do, and for how many milliseconds at most to wait
 * (-1: for ever). */
int gw_admin_fd(const struct gw_admin *admin);
int gw_admin_timeout_ms(const struct gw_admin *admin);

/* Does what there is to do, without blocking. */
void gw_admin_step(struct gw_admin *admin);

/* NULL is fine. */
void gw_admin_close(struct gw_admin *admin);

#endif
