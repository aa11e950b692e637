/* Child processes by posix_spawn: nothing of this process is copied into them but a few descriptors. */
#include "run/children.h"

#include "base/clock.h"
#include "run/child.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

const char *gw_child_role(const struct gw_child *child) {
    if (child->slot == GW_CHILD_HUB) {
        return "hub";
    }
    return child->slot == GW_CHILD_ADMIN ? "admin" : "worker";
}

/* Signals that this process blocks or ignores must work in children. */
static int set_attributes(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int failed = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                          POSIX_SPAWN_SETSIGDEF);
    failed = failed ? failed : posix_spawnattr_setpgroup(attributes, 0);
    failed = failed ? failed : posix_spawnattr_setsigmask(attributes, &none);
    return failed ? failed : posix_spawnattr_setsigdefault(attributes, &all);
}

static int set_descriptors(posix_spawn_file_actions_t *actions, const struct gw_child_kit *kit, int slot) {
    const struct {
        int from, to;
    } places[] = {
        {kit->config_fd, GW_CHILD_CONFIG_FD},
        {slot == GW_CHILD_ADMIN ? kit->watch_fd : kit->counters_fd, GW_CHILD_COUNTERS_FD},
        {kit->lifeline_fd, GW_CHILD_LIFELINE_FD},
        {kit->gazetteer_fd, GW_CHILD_GAZETTEER_FD},
        {kit->model_fd, GW_CHILD_MODEL_FD},
    };
    int failed = 0;
    for (size_t i = 0; !failed && i < sizeof places / sizeof places[0]; i++) {
        failed = posix_spawn_file_actions_adddup2(actions, places[i].from, places[i].to);
    }
    return failed;
}

static int spawn(struct gw_child *child, const struct gw_child_kit *kit, char *const *argv) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed) {
        return failed;
    }
    failed = posix_spawnattr_init(&attributes);
    if (failed) {
        posix_spawn_file_actions_destroy(&actions);
        return failed;
    }
    failed = set_attributes(&attributes);
    failed = failed ? failed : set_descriptors(&actions, kit, child->slot);
    failed = failed ? failed : posix_spawn(&child->pid, kit->program, &actions, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

enum gw_status gw_child_start(struct gw_child *child, const struct gw_child_kit *kit, int64_t now_ns,
                              struct gw_error *error) {
    char name[] = "glosswire", command[] = "child", role[16], directory[4096], slot[16];
    snprintf(role, sizeof role, "%s", gw_child_role(child));
    snprintf(directory, sizeof directory, "%s", kit->directory);
    snprintf(slot, sizeof slot, "%d", child->slot);
    char *argv[] = {name, command, role, directory, child->slot < 0 ? NULL : slot, NULL};
    errno = spawn(child, kit, argv);
    if (errno) {
        return gw_fail_errno(error, "%s cannot be started from %s", role, kit->program);
    }
    child->state = GW_CHILD_RUNNING;
    child->asked = child->killed = child->hung = false;
    gw_restart_started(&child->restart, now_ns);
    return GW_OK;
}

void gw_child_ask(struct gw_child *child) {
    if (child->state == GW_CHILD_RUNNING && !child->asked) {
        child->asked = true;
        kill(child->pid, SIGTERM);
    }
}

void gw_child_kill(struct gw_child *child) {
    if (child->state == GW_CHILD_RUNNING) {
        child->killed = true;
        kill(child->pid, SIGKILL);
    }
}

void gw_child_kill_hung(struct gw_child *child) {
    child->hung = child->hung || (child->state == GW_CHILD_RUNNING && !child->killed);
    gw_child_kill(child);
}

int64_t gw_child_cpu_ns(const struct gw_child *child) {
    clockid_t clock;
    struct timespec spent;
    if (child->state != GW_CHILD_RUNNING || clock_getcpuclockid(child->pid, &clock) != 0 ||
        clock_gettime(clock, &spent) != 0) {
        return -1;
    }
    return spent.tv_sec * GW_NS_PER_S + spent.tv_nsec;
}

/* Signals that a process brings upon itself. */
static bool is_fatal(int signal_number) {
    static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++) {
        if (fatal[i] == signal_number) {
            return true;
        }
    }
    return false;
}

enum gw_death gw_child_death(const struct gw_child *child, int wait_status) {
    if (child->hung || WIFEXITED(wait_status) || is_fatal(WTERMSIG(wait_status))) {
        return GW_DEATH_FATAL;
    }
    return child->killed ? GW_DEATH_OURS : GW_DEATH_KILLED;
}

bool gw_child_reap(struct gw_child *child, int *wait_status) {
    if (child->state != GW_CHILD_RUNNING || waitpid(child->pid, wait_status, WNOHANG) != child->pid) {
        return false;
    }
    child->state = GW_CHILD_OFF;
    child->pid = 0;
    return true;
}

void gw_child_wait(struct gw_child *child, int64_t now_ns, uint32_t random) {
    child->state = GW_CHILD_WAITING;
    child->start_at_ns = now_ns + gw_restart_died(&child->restart, now_ns, random) * GW_NS_PER_MS;
}
