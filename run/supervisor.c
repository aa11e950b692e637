/* The supervisor's loop: signals, deaths, deadlines. What it decides is written as one small function per
 * event. */
#include "run/supervisor.h"

#include "run/admin/listen.h"
#include "run/children.h"
#include "run/config/config.h"
#include "run/config_snapshot.h"
#include "run/counters.h"
#include "run/exit_codes.h"
#include "run/folder_lock.h"
#include "run/rollout.h"
#include "run/sd_notify.h"
#include "run/vitals.h"
#include "run/watchdog.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* How often the loop looks around when nothing happens, before and after the instance is ready. */
#define TICK_STARTING_MS 50
#define TICK_MS          500

/* The counters' sum is logged this often while something moves. */
#define SUMMARY_EVERY_NS (60 * GW_NS_PER_S)

/* After the drain timeout children have this long to leave by themselves: theirs ends at the same moment as
 * ours. */
#define DRAIN_GRACE_MS 2000

struct supervisor {
    const struct gw_supervisor_settings *settings;
    const struct gw_clock *clock;
    struct gw_config_snapshot snapshot;
    struct gw_config_snapshot before; /* what to go back to while the snapshot is on trial */
    struct gw_config *config;         /* the snapshot's */
    char directory[4096];
    int signal_fd, counters_fd, watch_fd, lifeline_read_fd, lifeline_write_fd;
    int state_lock_fd, run_lock_fd;
    sigset_t old_mask;
    struct gw_counters *counters;
    struct gw_child hub, admin;
    struct gw_child workers[GW_COUNTERS_WORKERS_MAX];
    struct gw_watchdog watchdogs[GW_COUNTERS_WORKERS_MAX]; /* of the workers */
    struct gw_vitals vitals;
    bool uses_hub, ready, draining;
    int64_t drain_deadline_ns;
    struct gw_rollout rollout;
    int64_t next_summary_ns, next_notify_ns, notify_ns; /* the service manager's own watchdog */
    uint64_t summary_in;                                /* messages in, at the last summary */
    int code;
};

static int64_t now_of(const struct supervisor *s) {
    return gw_clock_now_ns(s->clock);
}

static void log_error(const char *message, const struct gw_error *error) {
    GW_LOG(GW_LOG_ERROR, message, GW_KS("reason", gw_status_word(error->status)),
           GW_KS("detail", error->detail));
}

/* The configuration as its file is now; what is wrong is printed or logged. */
static enum gw_status take_config(const struct supervisor *s, struct gw_config_snapshot *snapshot) {
    struct gw_error error = {0};
    enum gw_status status = gw_config_snapshot_take(s->settings->config_path, s->directory, snapshot, &error);
    if (status != GW_OK) {
        log_error("configuration refused", &error);
        gw_config_snapshot_close(snapshot);
    }
    return status;
}

/* mkdir -p; only the last folder is made private, the ones above it follow the umask. */
static enum gw_status make_folder(const char *path, struct gw_error *error) {
    char part[4096];
    snprintf(part, sizeof part, "%s", path);
    for (char *at = strchr(part + 1, '/'); at; at = strchr(at + 1, '/')) {
        *at = '\0';
        mkdir(part, 0777);
        *at = '/';
    }
    if (mkdir(part, 0700) != 0 && errno != EEXIST) {
        return gw_fail_errno(error, "the folder %s cannot be made", path);
    }
    return GW_OK;
}

/* Children look for theirs below GW_OWN_FDS_FROM. */
static int high_fd(int fd) {
    int high = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, GW_OWN_FDS_FROM);
    if (fd >= 0) {
        close(fd);
    }
    return high;
}

/* Both are ours alone: settled positions lie in one, the hub's socket in the other. They may be the same. */
static enum gw_status take_folders(struct supervisor *s, struct gw_error *error) {
    const struct {
        const char *path, *lock, *key;
        int *fd;
    } folders[] = {{s->config->state_dir, "state.lock", "state_dir", &s->state_lock_fd},
                   {s->config->run_dir, "run.lock", "run_dir", &s->run_lock_fd}};
    enum gw_status status = GW_OK;
    for (size_t i = 0; status == GW_OK && i < sizeof folders / sizeof folders[0]; i++) {
        status = make_folder(folders[i].path, error);
        if (status == GW_OK) {
            status =
                gw_folder_lock_take(folders[i].path, folders[i].lock, folders[i].key, folders[i].fd, error);
            *folders[i].fd = high_fd(*folders[i].fd);
        }
    }
    return status;
}

/* What is mapped by this descriptor cannot be written. */
static int reopen_to_read(int fd) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return fd < 0 ? -1 : high_fd(open(path, O_RDONLY | O_CLOEXEC));
}

static enum gw_status make_shared(struct supervisor *s, struct gw_error *error) {
    int fd, ends[2];
    enum gw_status status = gw_counters_create(&s->counters, &fd, error);
    if (status != GW_OK) {
        return status;
    }
    s->counters_fd = high_fd(fd);
    s->watch_fd = reopen_to_read(s->counters_fd);
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return gw_fail_errno(error, "no pipe for the lifeline");
    }
    s->lifeline_read_fd = high_fd(ends[0]);
    s->lifeline_write_fd = high_fd(ends[1]);
    if (s->counters_fd < 0 || s->watch_fd < 0 || s->lifeline_read_fd < 0 || s->lifeline_write_fd < 0) {
        return gw_fail_errno(error, "no more descriptors");
    }
    return GW_OK;
}

static enum gw_status take_signals(struct supervisor *s, struct gw_error *error) {
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGTERM);
    sigaddset(&mask, SIGINT);
    sigaddset(&mask, SIGHUP);
    sigaddset(&mask, SIGCHLD);
    sigprocmask(SIG_BLOCK, &mask, &s->old_mask);
    s->signal_fd = high_fd(signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK));
    return s->signal_fd < 0 ? gw_fail_errno(error, "signals cannot be taken") : GW_OK;
}

static void init_child(struct gw_child *child, int slot, const struct gw_config *config) {
    child->slot = slot;
    gw_restart_init(&child->restart, config->restart.min_ms, config->restart.max_ms,
                    config->restart.healthy_after_ms);
}

static void init_children(struct supervisor *s) {
    const struct gw_config *config = s->config;
    s->uses_hub = gw_config_uses_hub(config);
    init_child(&s->hub, GW_CHILD_HUB, config);
    init_child(&s->admin, GW_CHILD_ADMIN, config);
    for (int i = 0; i < GW_COUNTERS_WORKERS_MAX; i++) {
        init_child(&s->workers[i], i, config);
    }
}

static uint32_t random32(void) {
    uint32_t value = 0;
    if (getrandom(&value, sizeof value, GRND_NONBLOCK) != (ssize_t)sizeof value) {
        value = (uint32_t)getpid() * UINT32_C(2654435761);
    }
    return value;
}

static void start(struct supervisor *s, struct gw_child *child) {
    bool is_behind = child->slot >= 0 && gw_rollout_is_behind(&s->rollout, child->slot);
    const struct gw_config_snapshot *snapshot = is_behind ? &s->before : &s->snapshot;
    const struct gw_child_kit kit = {
        .program = s->settings->program ? s->settings->program : "/proc/self/exe",
        .directory = s->directory,
        .config_fd = snapshot->text_fd,
        .gazetteer_fd = snapshot->gazetteer_fd,
        .model_fd = snapshot->model_fd,
        .counters_fd = s->counters_fd,
        .lifeline_fd = s->lifeline_read_fd,
        .watch_fd = s->watch_fd,
    };
    struct gw_error error = {0};
    if (gw_child_start(child, &kit, now_of(s), &error) != GW_OK) {
        log_error("child not started", &error);
        gw_child_wait(child, now_of(s), random32());
        return;
    }
    GW_LOG(GW_LOG_DEBUG, "child started", GW_KS("child", gw_child_role(child)), GW_KI("number", child->slot),
           GW_KI("pid", child->pid));
}

static void start_admin(struct supervisor *s) {
    s->admin.state = GW_CHILD_OFF;
    if (strcmp(s->config->admin_listen, GW_ADMIN_OFF) != 0) {
        start(s, &s->admin);
    }
}

static void start_all(struct supervisor *s) {
    start_admin(s);
    if (s->uses_hub) {
        start(s, &s->hub);
    }
    for (int i = 0; i < s->config->workers; i++) {
        start(s, &s->workers[i]);
    }
}

static bool any_running(const struct supervisor *s) {
    if (s->hub.state == GW_CHILD_RUNNING) {
        return true;
    }
    for (int i = 0; i < GW_COUNTERS_WORKERS_MAX; i++) {
        if (s->workers[i].state == GW_CHILD_RUNNING) {
            return true;
        }
    }
    return false;
}

static bool any_worker_left(const struct supervisor *s) {
    for (int i = 0; i < GW_COUNTERS_WORKERS_MAX; i++) {
        if (s->workers[i].state == GW_CHILD_RUNNING || s->workers[i].state == GW_CHILD_WAITING) {
            return true;
        }
    }
    return false;
}

/* The hub is told first: it stops reading feeders, deals out what it has, and ends the workers' sources, so
 * workers with a ZeroMQ source end by themselves. Without a hub to do that they are told, too. */
static void ask_all(struct supervisor *s) {
    bool hub_ends_sources = s->config->source.kind == GW_ENDPOINT_ZEROMQ && s->hub.state == GW_CHILD_RUNNING;
    gw_child_ask(&s->hub);
    for (int i = 0; i < GW_COUNTERS_WORKERS_MAX; i++) {
        if (!hub_ends_sources) {
            gw_child_ask(&s->workers[i]);
        }
        if (s->workers[i].state == GW_CHILD_WAITING && !hub_ends_sources) {
            s->workers[i].state = GW_CHILD_OFF;
        }
    }
    if (s->hub.state == GW_CHILD_WAITING) {
        s->hub.state = GW_CHILD_OFF;
    }
}

static void kill_all(struct supervisor *s) {
    gw_child_kill(&s->hub);
    for (int i = 0; i < GW_COUNTERS_WORKERS_MAX; i++) {
        gw_child_kill(&s->workers[i]);
    }
}

static void notify(const char *state) {
    struct gw_error error = {0};
    if (gw_sd_notify(state, &error) != GW_OK) {
        GW_LOG(GW_LOG_WARN, "service manager not notified", GW_KS("detail", error.detail));
    }
}

static void drain(struct supervisor *s, const char *why, int code) {
    if (s->draining) {
        return;
    }
    s->draining = true;
    s->code = code;
    gw_rollout_init(&s->rollout);
    s->drain_deadline_ns = now_of(s) + (s->config->drain_timeout_ms + DRAIN_GRACE_MS) * GW_NS_PER_MS;
    notify("STOPPING=1");
    GW_LOG(GW_LOG_INFO, "draining", GW_KS("why", why), GW_KI("timeout_ms", s->config->drain_timeout_ms));
    ask_all(s);
}

static void log_death(const struct gw_child *child, int wait_status) {
    bool killed = WIFSIGNALED(wait_status);
    GW_LOG(GW_LOG_WARN, killed ? "child killed" : "child ended", GW_KS("child", gw_child_role(child)),
           GW_KI("number", child->slot),
           killed ? GW_KS("signal", sigdescr_np(WTERMSIG(wait_status)))
                  : GW_KI("code", WEXITSTATUS(wait_status)));
}

static bool ended_well(int wait_status) {
    return WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == GW_EXIT_DONE;
}

/* A child takes SIGTERM in its own way as soon as it has begun: one that dies of it has done nothing yet. */
static bool ended_before_it_began(int wait_status) {
    return WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGTERM;
}

static void died_in_drain(struct supervisor *s, struct gw_child *child, int wait_status) {
    if (!ended_well(wait_status) && !ended_before_it_began(wait_status)) {
        log_death(child, wait_status);
        s->code = s->code == GW_EXIT_DONE ? GW_EXIT_PARTLY : s->code;
    }
    if (child->slot == GW_CHILD_HUB) {
        ask_all(s); /* nobody ends the workers' sources any more */
    }
}

/* A worker that is being replaced. */
static void died_in_roll(struct supervisor *s, struct gw_child *child) {
    start(s, child);
    gw_rollout_started(&s->rollout, child->slot, now_of(s));
}

/* The first worker does not work with the new configuration: everybody has the old one. */
static void go_back(struct supervisor *s, const char *why) {
    struct gw_child *first = &s->workers[0];
    GW_LOG(GW_LOG_ERROR, "the new configuration does not work; going back to the one before",
           GW_KS("why", why), GW_KS("config_hash", s->before.config->hash));
    gw_instance_add(&s->counters->instance, GW_INSTANCE_RELOADS_REFUSED, 1);
    gw_config_snapshot_close(&s->snapshot);
    s->snapshot = s->before;
    s->before = GW_CONFIG_SNAPSHOT_NONE;
    s->config = s->snapshot.config;
    if (first->state == GW_CHILD_RUNNING) {
        gw_child_ask(first);
        gw_child_kill(first);
    } else {
        start(s, first);
    }
}

/* Only files have an end. A hub that drains ends the sources of all its workers, and one whose supervisor was
 * killed may still do so when the next supervisor's workers come to its socket. */
static bool has_source_end(const struct supervisor *s) {
    return s->config->source.kind == GW_ENDPOINT_FILE;
}

static void worker_done(struct supervisor *s, struct gw_child *child) {
    child->state = GW_CHILD_ENDED;
    if (!any_worker_left(s)) {
        drain(s, "every worker has come to its source's end", GW_EXIT_DONE);
    }
}

static void died_early(struct supervisor *s, struct gw_child *child, int wait_status) {
    log_death(child, wait_status);
    if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == GW_EXIT_CANNOT_START) {
        if (gw_rollout_failed(&s->rollout, child->slot)) {
            go_back(s, "the worker cannot start");
            return;
        }
        drain(s, "a child cannot start", GW_EXIT_CANNOT_START);
        return;
    }
    gw_child_wait(child, now_of(s), random32());
    if (child->slot != GW_CHILD_HUB) {
        gw_counter_add(&s->counters->workers[child->slot], GW_COUNTER_RESTARTS, 1);
    } else {
        gw_instance_add(&s->counters->instance, GW_INSTANCE_HUB_RESTARTS, 1);
    }
    GW_LOG(GW_LOG_INFO, "child will be started again", GW_KS("child", gw_child_role(child)),
           GW_KI("number", child->slot), GW_KI("wait_ms", (child->start_at_ns - now_of(s)) / GW_NS_PER_MS));
}

static void count_death(struct supervisor *s, const struct gw_child *child, enum gw_death death) {
    static const enum gw_counter counters[] = {
        [GW_DEATH_FATAL] = GW_COUNTER_CRASHES, [GW_DEATH_KILLED] = GW_COUNTER_KILLS};
    if (death != GW_DEATH_OURS) {
        gw_counter_add(&s->counters->workers[child->slot], child->hung ? GW_COUNTER_HANGS : counters[death],
                       1);
    }
}

static void log_suspect(const struct gw_position *position, enum gw_suspicion suspicion) {
    static const char *const consequences[] = {
        [GW_SUSPICION_NONE] = "nothing yet",
        [GW_SUSPICION_ALONE] = "it is tried again alone",
        [GW_SUSPICION_CRASHED] = "it becomes a dead letter",
    };
    char text[GW_POSITION_TEXT_MAX];
    gw_position_format(position, text);
    GW_LOG(GW_LOG_WARN, "a worker died on an article", GW_KS("position", text),
           GW_KS("consequence", consequences[suspicion]));
}

/* Other workers wait for the note to be wiped, so that is done last. */
static void blame(struct supervisor *s, const struct gw_child *child, enum gw_death death) {
    struct gw_note *note = &s->counters->notes[child->slot];
    struct gw_position position;
    if (death != GW_DEATH_OURS && gw_note_position(note, &position)) {
        uint64_t key = gw_position_key(&position);
        enum gw_suspicion before = gw_suspects_look(&s->counters->suspects, key);
        enum gw_suspicion after = gw_suspects_blame(&s->counters->suspects, key, death);
        gw_instance_add(&s->counters->instance, GW_INSTANCE_SUSPECTS,
                        before == GW_SUSPICION_NONE && after != GW_SUSPICION_NONE);
        log_suspect(&position, after);
    }
    gw_note_end(note);
}

/* Whatever the supervisor makes of the end: what it means for the counters and for an article. */
static void note_end_of_worker(struct supervisor *s, const struct gw_child *child, int wait_status) {
    struct gw_worker_counters *counters = &s->counters->workers[child->slot];
    bool is_orderly = WIFEXITED(wait_status) && !atomic_load(&s->counters->notes[child->slot].key);
    gw_worker_counters_reset_levels(counters);
    if (!is_orderly) {
        enum gw_death death = gw_child_death(child, wait_status);
        count_death(s, child, death);
        blame(s, child, death);
    }
}

static void reap(struct supervisor *s, struct gw_child *child) {
    int wait_status;
    bool asked = child->asked;
    if (!gw_child_reap(child, &wait_status)) {
        return;
    }
    if (child->slot != GW_CHILD_HUB) {
        note_end_of_worker(s, child, wait_status);
    }
    if (s->draining) {
        died_in_drain(s, child, wait_status);
    } else if (asked) {
        died_in_roll(s, child);
    } else if (child->slot != GW_CHILD_HUB && has_source_end(s) && ended_well(wait_status)) {
        worker_done(s, child);
    } else {
        died_early(s, child, wait_status);
    }
}

/* The main job has no need of it: whatever it dies of, it is started again, and never ends the instance. */
static void reap_admin(struct supervisor *s) {
    int wait_status;
    bool asked = s->admin.asked;
    if (!gw_child_reap(&s->admin, &wait_status)) {
        return;
    }
    if (asked) {
        start_admin(s);
    } else {
        log_death(&s->admin, wait_status);
        gw_child_wait(&s->admin, now_of(s), random32());
    }
}

static void reap_all(struct supervisor *s) {
    reap_admin(s);
    reap(s, &s->hub);
    for (int i = 0; i < GW_COUNTERS_WORKERS_MAX; i++) {
        reap(s, &s->workers[i]);
    }
}

/* The file's configuration, if a running instance can change to it. */
static bool take_wanted(const struct supervisor *s, struct gw_config_snapshot *wanted) {
    if (take_config(s, wanted) != GW_OK) {
        return false;
    }
    const char *key = gw_config_needs_restart(s->config, wanted->config);
    if (key) {
        GW_LOG(GW_LOG_ERROR, "configuration not taken: this key needs a restart", GW_KS("key", key));
        gw_config_snapshot_close(wanted);
    }
    return !key;
}

static void reload(struct supervisor *s) {
    struct gw_config_snapshot wanted;
    if (s->draining) {
        return;
    }
    if (!take_wanted(s, &wanted)) {
        gw_instance_add(&s->counters->instance, GW_INSTANCE_RELOADS_REFUSED, 1);
        GW_LOG(GW_LOG_WARN, "reload refused; everything goes on as it was");
        return;
    }
    if (s->before.config) { /* one that is still on trial was never accepted */
        gw_config_snapshot_close(&s->snapshot);
    } else {
        s->before = s->snapshot;
    }
    s->snapshot = wanted;
    s->config = wanted.config;
    gw_rollout_begin(&s->rollout, (s->config->drain_timeout_ms + DRAIN_GRACE_MS) * GW_NS_PER_MS);
    GW_LOG(GW_LOG_INFO, "configuration on trial with the first worker",
           GW_KS("config_hash", s->config->hash));
}

/* Waits that have begun go on as they are. */
static void configure_restarts(struct supervisor *s) {
    const struct gw_config *config = s->config;
    struct gw_child *few[] = {&s->hub, &s->admin};
    for (size_t i = 0; i < sizeof few / sizeof few[0]; i++) {
        gw_restart_configure(&few[i]->restart, config->restart.min_ms, config->restart.max_ms,
                             config->restart.healthy_after_ms);
    }
    for (int i = 0; i < config->workers; i++) {
        gw_restart_configure(&s->workers[i].restart, config->restart.min_ms, config->restart.max_ms,
                             config->restart.healthy_after_ms);
    }
}

static void accept_config(struct supervisor *s) {
    configure_restarts(s);
    gw_instance_add(&s->counters->instance, GW_INSTANCE_RELOADS, 1);
    gw_config_snapshot_close(&s->before);
    gw_log_init(s->config->log.level, s->config->log.format, "supervisor", -1);
    if (s->admin.state == GW_CHILD_RUNNING) {
        gw_child_ask(&s->admin);
    } else {
        start_admin(s);
    }
    GW_LOG(GW_LOG_INFO, "configuration taken; replacing the other workers one by one",
           GW_KS("config_hash", s->config->hash));
}

static bool worker_ready(const struct supervisor *s, int slot) {
    return s->workers[slot].state == GW_CHILD_RUNNING &&
           gw_counter_get(&s->counters->workers[slot], GW_COUNTER_READY);
}

/* One that has come to its source's end stays there. */
static void replace(struct supervisor *s, struct gw_child *child) {
    if (child->state == GW_CHILD_RUNNING) {
        gw_counter_set(&s->counters->workers[child->slot], GW_COUNTER_READY, 0);
        gw_child_ask(child);
    } else if (child->state != GW_CHILD_ENDED) {
        start(s, child);
    }
}

static enum gw_rollout_action look_at_rollout(struct supervisor *s) {
    int last = gw_rollout_worker(&s->rollout);
    const struct gw_child *child = last >= 0 ? &s->workers[last] : NULL;
    const struct gw_rollout_view view = {
        .workers = s->config->workers,
        .is_leaving = child && child->state == GW_CHILD_RUNNING && child->asked,
        .is_ready = child && (child->state == GW_CHILD_ENDED || worker_ready(s, last)),
    };
    return gw_rollout_look(&s->rollout, &view, now_of(s));
}

/* Does what comes next of a reload. */
static void roll_out(struct supervisor *s) {
    enum gw_rollout_action action;
    while (!s->draining && (action = look_at_rollout(s)) != GW_ROLLOUT_WAIT) {
        struct gw_child *child =
            &s->workers[gw_rollout_worker(&s->rollout) >= 0 ? gw_rollout_worker(&s->rollout) : 0];
        switch (action) {
        case GW_ROLLOUT_REPLACE:
            replace(s, child);
            break;
        case GW_ROLLOUT_KILL:
            gw_child_kill(child);
            break;
        case GW_ROLLOUT_ACCEPT:
            accept_config(s);
            break;
        case GW_ROLLOUT_GO_BACK:
            go_back(s, "the worker was not ready in time");
            break;
        case GW_ROLLOUT_LATE:
            GW_LOG(GW_LOG_WARN, "a replaced worker is not ready; the others wait for it",
                   GW_KI("number", child->slot));
            break;
        default:
            GW_LOG(GW_LOG_INFO, "all workers replaced", GW_KI("workers", s->config->workers));
        }
    }
}

static void take_signal(struct supervisor *s, uint32_t signal_number) {
    switch (signal_number) {
    case SIGHUP:
        reload(s);
        break;
    case SIGCHLD:
        break; /* reaped after every wait */
    default:
        if (s->draining) {
            GW_LOG(GW_LOG_WARN, "told again: ending at once");
            kill_all(s);
        }
        drain(s, signal_number == SIGINT ? "SIGINT" : "SIGTERM", GW_EXIT_DONE);
    }
}

static void take_signals_now(struct supervisor *s) {
    struct signalfd_siginfo info;
    while (read(s->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
        take_signal(s, info.ssi_signo);
    }
}

static void start_due(struct supervisor *s, struct gw_child *child) {
    if (child->state == GW_CHILD_WAITING && now_of(s) >= child->start_at_ns) {
        start(s, child);
    }
}

static void look_for_ready(struct supervisor *s) {
    for (int i = 0; i < s->config->workers; i++) {
        if (s->workers[i].state != GW_CHILD_ENDED && !worker_ready(s, i)) {
            return;
        }
    }
    s->ready = true;
    notify("READY=1");
    GW_LOG(GW_LOG_INFO, "ready", GW_KI("workers", s->config->workers));
}

static void log_summary(const struct supervisor *s, const struct gw_counters_sum *sum, const char *message) {
    GW_LOG(GW_LOG_INFO, message, GW_KI("in", sum->values[GW_COUNTER_IN]),
           GW_KI("records", sum->values[GW_COUNTER_RECORDS]),
           GW_KI("dead_letters", sum->values[GW_COUNTER_DEAD_LETTERS]),
           GW_KI("skipped", sum->values[GW_COUNTER_SKIPPED]),
           GW_KI("redelivered", sum->values[GW_COUNTER_REDELIVERED]),
           GW_KI("in_flight", sum->values[GW_COUNTER_IN_FLIGHT]),
           GW_KI("restarts", sum->values[GW_COUNTER_RESTARTS]),
           GW_KI("pauses", sum->values[GW_COUNTER_PAUSES]),
           GW_KI("committed", sum->values[GW_COUNTER_COMMITTED]),
           GW_KI("aborted", sum->values[GW_COUNTER_ABORTED]), GW_KI("fenced", sum->values[GW_COUNTER_FENCED]),
           GW_KI("abandoned", atomic_load_explicit(&s->counters->hub.abandoned, memory_order_relaxed)));
}

static void summarise(struct supervisor *s) {
    struct gw_counters_sum sum;
    if (now_of(s) < s->next_summary_ns) {
        return;
    }
    s->next_summary_ns = now_of(s) + SUMMARY_EVERY_NS;
    gw_counters_add_up(s->counters, &sum);
    if (sum.values[GW_COUNTER_IN] != s->summary_in) {
        s->summary_in = sum.values[GW_COUNTER_IN];
        log_summary(s, &sum, "running");
    }
}

static void notify_alive(struct supervisor *s) {
    if (s->notify_ns && now_of(s) >= s->next_notify_ns) {
        s->next_notify_ns = now_of(s) + s->notify_ns / 2;
        notify("WATCHDOG=1");
    }
}

/* One look at each worker for the article that it is on. */
static void watch_workers(struct supervisor *s) {
    int64_t limit_ns = s->config->watchdog.cpu_ms * GW_NS_PER_MS;
    for (int i = 0; i < s->config->workers; i++) {
        const struct gw_note *note = &s->counters->notes[i];
        uint64_t turn = atomic_load(&note->turn);
        int64_t cpu_ns = atomic_load(&note->key) ? gw_child_cpu_ns(&s->workers[i]) : -1;
        if (gw_watchdog_look(&s->watchdogs[i], cpu_ns < 0 ? 0 : turn, cpu_ns, limit_ns)) {
            GW_LOG(GW_LOG_ERROR, "a worker is stuck on an article: ending it", GW_KI("number", i),
                   GW_KI("cpu_limit_ms", s->config->watchdog.cpu_ms));
            gw_child_kill_hung(&s->workers[i]);
        }
    }
}

static void look_at_vitals(struct supervisor *s) {
    const struct gw_vitals_view view = {
        .workers = s->workers,
        .worker_count = s->config->workers,
        .hub = s->uses_hub ? &s->hub : NULL,
        .replaced = gw_rollout_worker(&s->rollout),
        .is_draining = s->draining,
        .stall_ms = s->config->watchdog.stall_ms,
    };
    gw_vitals_look(&s->vitals, &view, s->counters, now_of(s));
}

/* How long the loop may sleep: a hang is noticed within a quarter of its limit. */
static int tick_ms(const struct supervisor *s) {
    bool is_quiet = s->ready && s->rollout.next < 0 && !s->draining;
    int most = is_quiet ? TICK_MS : TICK_STARTING_MS;
    return s->config->watchdog.cpu_ms / 4 < most ? s->config->watchdog.cpu_ms / 4 : most;
}

static void keep_deadlines(struct supervisor *s) {
    if (s->draining && now_of(s) >= s->drain_deadline_ns) {
        GW_LOG(GW_LOG_WARN, "the drain took too long: ending the children");
        s->drain_deadline_ns = INT64_MAX;
        kill_all(s);
    }
    start_due(s, &s->admin);
    start_due(s, &s->hub);
    for (int i = 0; i < GW_COUNTERS_WORKERS_MAX; i++) {
        start_due(s, &s->workers[i]);
    }
}

static void run(struct supervisor *s) {
    while (!s->draining || any_running(s)) {
        struct pollfd wait = {.fd = s->signal_fd, .events = POLLIN};
        poll(&wait, 1, tick_ms(s));
        take_signals_now(s);
        reap_all(s);
        watch_workers(s);
        keep_deadlines(s);
        roll_out(s);
        look_at_vitals(s);
        if (!s->ready && !s->draining) {
            look_for_ready(s);
        }
        summarise(s);
        notify_alive(s);
    }
}

/* It shows the drain to its end, and has nothing to lose. */
static void end_admin(struct supervisor *s) {
    int status;
    if (s->admin.state == GW_CHILD_RUNNING) {
        gw_child_kill(&s->admin);
        waitpid(s->admin.pid, &status, 0);
    }
}

static enum gw_status prepare(struct supervisor *s) {
    struct gw_error error = {0};
    gw_config_directory(s->settings->config_path, s->directory, sizeof s->directory);
    enum gw_status status = take_config(s, &s->snapshot);
    if (status != GW_OK) {
        return status;
    }
    s->config = s->snapshot.config;
    gw_log_init(s->config->log.level, s->config->log.format, "supervisor", -1);
    status = take_folders(s, &error);
    status = status != GW_OK ? status : make_shared(s, &error);
    status = status != GW_OK ? status : take_signals(s, &error);
    if (status != GW_OK) {
        log_error("cannot start", &error);
        return status;
    }
    init_children(s);
    atomic_store(&s->counters->instance.started_ms, gw_clock_wall_ms(s->clock));
    s->notify_ns = gw_sd_watchdog_ms() * GW_NS_PER_MS;
    s->next_summary_ns = now_of(s) + SUMMARY_EVERY_NS;
    return GW_OK;
}

static void close_fd(int fd) {
    if (fd >= 0) {
        close(fd);
    }
}

static void release(struct supervisor *s) {
    close_fd(s->lifeline_write_fd);
    close_fd(s->lifeline_read_fd);
    close_fd(s->counters_fd);
    close_fd(s->watch_fd);
    close_fd(s->run_lock_fd);
    close_fd(s->state_lock_fd);
    if (s->signal_fd >= 0) {
        close(s->signal_fd);
        sigprocmask(SIG_SETMASK, &s->old_mask, NULL);
    }
    gw_counters_detach(s->counters);
    gw_config_snapshot_close(&s->before);
    gw_config_snapshot_close(&s->snapshot);
    free(s);
}

static void log_end(const struct supervisor *s) {
    struct gw_counters_sum sum;
    gw_counters_add_up(s->counters, &sum);
    log_summary(s, &sum, "ended");
}

int gw_supervisor_run(const struct gw_supervisor_settings *settings) {
    struct supervisor *s = calloc(1, sizeof *s);
    if (!s) {
        GW_LOG(GW_LOG_ERROR, "out of memory");
        return GW_EXIT_SYSTEM;
    }
    s->settings = settings;
    s->clock = settings->clock;
    s->snapshot = s->before = GW_CONFIG_SNAPSHOT_NONE;
    s->signal_fd = s->counters_fd = s->watch_fd = s->lifeline_read_fd = s->lifeline_write_fd = -1;
    s->state_lock_fd = s->run_lock_fd = -1;
    gw_rollout_init(&s->rollout);
    int code = GW_EXIT_CANNOT_START;
    if (prepare(s) == GW_OK) {
        GW_LOG(GW_LOG_INFO, "starting", GW_KS("version", GW_VERSION), GW_KS("instance", s->config->instance),
               GW_KI("workers", s->config->workers), GW_KS("config_hash", s->config->hash));
        look_at_vitals(s);
        start_all(s);
        run(s);
        end_admin(s);
        log_end(s);
        code = s->code;
    }
    release(s);
    return code;
}
