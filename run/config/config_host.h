/* Defaults that come from the host: names and directories. */
#ifndef GW_RUN_CONFIG_CONFIG_HOST_H
#define GW_RUN_CONFIG_CONFIG_HOST_H

#include "base/arena.h"

/* Each takes its string from `arena`; NULL when memory ran out, or as said. */

/* The host's name; NULL when it has none. */
const char *gw_host_instance(struct gw_arena *arena);

/* One per processor that this process may run on, at most 4. */
int gw_host_workers(void);

/* $STATE_DIRECTORY (its first path), else /var/lib/glosswire for root, else $XDG_STATE_HOME/glosswire or
 * ~/.local/state/glosswire; NULL when there is no $HOME either. */
const char *gw_host_state_dir(struct gw_arena *arena);

/* $RUNTIME_DIRECTORY, else a directory of its own for each `state_dir` under /run (root), $XDG_RUNTIME_DIR,
 * $TMPDIR or /tmp. */
const char *gw_host_run_dir(struct gw_arena *arena, const char *state_dir);

#endif
