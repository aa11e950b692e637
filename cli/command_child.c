/* glosswire child: a worker or the hub, started by the supervisor. */
#include "cli/commands.h"
#include "run/child.h"

const struct gw_command gw_command_child = {
    .name = "child",
    .summary = "be a process of `glosswire run`",
    .run_bare = gw_child_main,
    .internal = true,
};
