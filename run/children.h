/* The supervisor's children: starting them, asking them to end, noticing that they have, and when to start
 * them again. */
#ifndef GW_RUN_CHILDREN_H
#define GW_RUN_CHILDREN_H

#include "base/status.h"
#include "run/restart.h"
#include "run/suspects.h"

#include <stdbool.h>
#include <sys/types.h>

enum gw_child_state {
    GW_CHILD_OFF,     /* never started, or not wanted any more */
    GW_CHILD_RUNNING, /* has a process */
    GW_CHILD_WAITING, /* died; starts again at `start_at_ns` */
    GW_CHILD_ENDED    /* came to its end and is not started again */
};

/* The slots of the hub and of the admin server. */
#define GW_CHILD_HUB   (-1)
#define GW_CHILD_ADMIN (-2)

struct gw_child {
    enum gw_child_state state;
    int slot; /* a worker's number, GW_CHILD_HUB or GW_CHILD_ADMIN */
    pid_t pid;
    bool asked;  /* SIGTERM was sent to this process */
    bool killed; /* SIGKILL was sent to it, by us */
    bool hung;   /* because it hung */
    int64_t start_at_ns;
    struct gw_restart restart;
};

/* The supervisor keeps its own descriptors from here on, so that none stands where children look for theirs
 * (run/child.h). */
#define GW_OWN_FDS_FROM 10

/* What all children of one start get. Descriptors are the caller's, and ≥ GW_OWN_FDS_FROM. */
struct gw_child_kit {
    const char *program;   /* an executable file; "/proc/self/exe" is this program */
    const char *directory; /* where relative paths of the configuration start */
    int config_fd, counters_fd, lifeline_fd, gazetteer_fd, model_fd;
    int watch_fd; /* the counters, to be looked at only: for the admin server */
};

/* "hub", "admin" or "worker". */
const char *gw_child_role(const struct gw_child *child);

/* Starts the process, in a process group of its own: a terminal's Ctrl-C reaches the supervisor alone. */
enum gw_status gw_child_start(struct gw_child *child, const struct gw_child_kit *kit, int64_t now_ns,
                              struct gw_error *error);

/* SIGTERM, once for each process; nothing for a child that does not run. */
void gw_child_ask(struct gw_child *child);

/* SIGKILL; nothing for a child that does not run. */
void gw_child_kill(struct gw_child *child);

/* The same for one that hangs: its death is its article's doing. */
void gw_child_kill_hung(struct gw_child *child);

/* Processor time that its process has spent, all threads together; -1 when it has none. */
int64_t gw_child_cpu_ns(const struct gw_child *child);

/* What its death means for the article that it was on, if it was on one. */
enum gw_death gw_child_death(const struct gw_child *child, int wait_status);

/* Whether the process has ended; then `*wait_status` is waitpid(2)'s and the child is OFF. Does not block. */
bool gw_child_reap(struct gw_child *child, int *wait_status);

/* The child died early: it waits for its next start. */
void gw_child_wait(struct gw_child *child, int64_t now_ns, uint32_t random);

#endif
