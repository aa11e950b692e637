/* One hub at a time: when a supervisor dies its hub goes on to drain, with sockets and ports that the next
 * supervisor's hub wants. */
#ifndef GW_RUN_HUB_HUB_TURN_H
#define GW_RUN_HUB_HUB_TURN_H

#include "base/status.h"

/* Waits until no other hub of this socket's path lives, however it ends. `*fd` is the turn: it lasts until it
 * is closed, at the process's end. GW_CLOSED when `lifeline` or `signals` (-1: none) becomes readable
 * meanwhile: the hub is not wanted any more. GW_SYSTEM, and GW_BAD_CONFIG for a path that is too long. */
enum gw_status gw_hub_turn_wait(const char *socket_path, int lifeline, int signals, int *fd,
                                struct gw_error *error);

#endif
