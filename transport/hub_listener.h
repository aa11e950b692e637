/* The hub's Unix socket, where workers connect. */
#ifndef GW_TRANSPORT_HUB_LISTENER_H
#define GW_TRANSPORT_HUB_LISTENER_H

#include "base/status.h"

#include <stdbool.h>

/* Listens on `path`, for this user only, without blocking; what a dead hub left there is replaced. GW_REFUSED
 * when another hub listens there; GW_BAD_CONFIG when the path is too long; GW_SYSTEM. */
enum gw_status gw_hub_listen(const char *path, int *fd, struct gw_error *error);

/* The next worker's connection, non-blocking; -1 when nobody waits. */
int gw_hub_accept(int listener);

#endif
