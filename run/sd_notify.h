/* systemd's readiness protocol (sd_notify(3)), without libsystemd: datagrams to $NOTIFY_SOCKET. */
#ifndef GW_RUN_SD_NOTIFY_H
#define GW_RUN_SD_NOTIFY_H

#include "base/status.h"

#include <stdint.h>

/* Sends `state` ("READY=1"); does nothing, with GW_OK, where no service manager asks. Never blocks. */
enum gw_status gw_sd_notify(const char *state, struct gw_error *error);

/* Milliseconds after which the service manager takes us for dead ($WATCHDOG_USEC, for this process); 0: it
 * does not. */
int64_t gw_sd_watchdog_ms(void);

#endif
