/* The children's side: takes the inherited descriptors and becomes the hub, the admin server or a worker. */
#include "run/child.h"

#include "base/file_map.h"
#include "run/admin/server.h"
#include "run/config/config.h"
#include "run/counters.h"
#include "run/exit_codes.h"
#include "run/hub/hub.h"
#include "run/stop_signals.h"
#include "run/worker.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a child needs before it can be itself. */
struct child {
    struct gw_config *config;
    struct gw_counters *counters;      /* NULL in the admin server */
    const struct gw_counters *watched; /* there alone */
};

struct role {
    const char *name;
    bool has_slot, only_watches;
    int (*be)(const struct child *child, int slot);
};

/* All children share the descriptor's offset, so the text is read by position. */
static enum gw_status read_snapshot(struct gw_buffer *text, struct gw_error *error) {
    for (;;) {
        uint8_t *room = gw_buffer_reserve(text, 4096);
        if (!room) {
            return gw_fail(error, text->failed, GW_NO_POSITION, "the configuration does not fit in memory");
        }
        ssize_t n = pread(GW_CHILD_CONFIG_FD, room, 4096, (off_t)text->size);
        if (n < 0) {
            return gw_fail_errno(error, "the configuration cannot be read");
        }
        if (n == 0) {
            return GW_OK;
        }
        text->size += (size_t)n;
    }
}

static enum gw_status load_config(const char *directory, struct gw_config **config, struct gw_error *error) {
    struct gw_buffer text;
    struct gw_config_errors errors = {0};
    gw_buffer_init(&text, &gw_allocator_system, GW_CONFIG_BYTES_MAX + 4096);
    enum gw_status status = read_snapshot(&text, error);
    if (status != GW_OK) {
        goto done;
    }
    status = gw_config_load(gw_buffer_str(&text), directory, config, &errors);
    if (status != GW_OK) {
        const struct gw_config_error *first = &errors.items[0];
        gw_fail(error, status, GW_NO_POSITION, "line %u: %s: %s", first->line, first->key, first->message);
    }
done:
    gw_buffer_free(&text);
    return status;
}

static int close_on_exec(void) {
    for (int fd = GW_CHILD_CONFIG_FD; fd < GW_CHILD_FD_END; fd++) {
        if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
            fputs("glosswire child: started by hand; this command is for the supervisor alone. Try: "
                  "glosswire run\n",
                  stderr);
            return GW_EXIT_USAGE;
        }
    }
    return GW_EXIT_DONE;
}

static enum gw_status prepare(struct child *child, const struct role *role, int slot, const char *directory,
                              struct gw_error *error) {
    enum gw_status status = load_config(directory, &child->config, error);
    if (status != GW_OK) {
        return status;
    }
    gw_log_init(child->config->log.level, child->config->log.format, role->name, slot);
    return role->only_watches ? gw_counters_watch(GW_CHILD_COUNTERS_FD, &child->watched, error)
                              : gw_counters_attach(GW_CHILD_COUNTERS_FD, &child->counters, error);
}

/* How long after `drain_timeout` an orphan may still live. */
#define ORPHAN_GRACE_S 5

static unsigned orphan_s;

static void on_orphaned(int number) {
    (void)number;
    alarm(orphan_s);
}

/* Children drain when the supervisor is gone (the lifeline tells). But one that is stuck sees no lifeline,
 * and nobody watches it any more: the alarm, which nothing handles, ends what has not ended by itself. */
static void end_as_orphan(const struct gw_config *config) {
    struct sigaction action = {.sa_handler = on_orphaned, .sa_flags = SA_RESTART};
    struct pollfd lifeline = {.fd = GW_CHILD_LIFELINE_FD, .events = POLLIN};
    orphan_s = (unsigned)(config->drain_timeout_ms / 1000) + ORPHAN_GRACE_S;
    sigaction(SIGUSR1, &action, NULL);
    prctl(PR_SET_PDEATHSIG, SIGUSR1);
    if (poll(&lifeline, 1, 0) > 0) {
        alarm(orphan_s); /* it died before it was asked for a signal */
    }
}

static const struct gw_zeromq_settings *zeromq_of(enum gw_endpoint_kind kind,
                                                  const struct gw_zeromq_settings *zeromq) {
    return kind == GW_ENDPOINT_ZEROMQ ? zeromq : NULL;
}

static int be_hub(const struct child *child, int slot) {
    (void)slot;
    const struct gw_config *config = child->config;
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", config->run_dir, GW_HUB_SOCKET_NAME);
    const struct gw_hub_settings settings = {
        .source = zeromq_of(config->source.kind, &config->source.zeromq),
        .sink = zeromq_of(config->sink.kind, &config->sink.zeromq),
        .dead_letters = zeromq_of(config->dead_letters.kind, &config->dead_letters.zeromq),
        .socket_path = path,
        .workers = config->workers,
        .memory_bytes = config->memory_bytes,
        .message_bytes_max = config->limits.message_bytes,
        .drain_timeout_ms = config->drain_timeout_ms,
        .lifeline_fd = GW_CHILD_LIFELINE_FD,
        .counters = &child->counters->hub,
        .clock = &gw_clock_system,
    };
    return gw_hub_main(&settings);
}

static int be_admin(const struct child *child, int slot) {
    (void)slot;
    const struct gw_admin_settings settings = {
        .listen = child->config->admin_listen,
        .instance = child->config->instance,
        .config_hash = child->config->hash,
        .workers = child->config->workers,
        .has_hub = gw_config_uses_hub(child->config),
        .counters = child->watched,
        .lifeline_fd = GW_CHILD_LIFELINE_FD,
        .clock = &gw_clock_system,
    };
    return gw_admin_main(&settings);
}

static int be_worker(const struct child *child, int slot) {
    const struct gw_worker_settings settings = {
        .config = child->config,
        .slot = slot,
        .counters = &child->counters->workers[slot],
        .guard = {.note = &child->counters->notes[slot],
                  .notes = child->counters->notes,
                  .count = (size_t)child->config->workers,
                  .suspects = &child->counters->suspects},
        .gazetteer_fd = GW_CHILD_GAZETTEER_FD,
        .model_fd = GW_CHILD_MODEL_FD,
        .lifeline_fd = GW_CHILD_LIFELINE_FD,
        .clock = &gw_clock_system,
    };
    return gw_worker_run(&settings);
}

static int parse_slot(const char *text) {
    char *end;
    long slot = strtol(text, &end, 10);
    return *text && !*end && slot >= 0 && slot < GW_COUNTERS_WORKERS_MAX ? (int)slot : -1;
}

static const struct role roles[] = {
    {"hub", false, false, be_hub}, {"admin", false, true, be_admin}, {"worker", true, false, be_worker}};

/* NULL when these arguments are none that the supervisor gives. */
static const struct role *find_role(int argc, char **argv, int *slot) {
    const struct role *role = NULL;
    for (size_t i = 0; argc > 1 && i < sizeof roles / sizeof roles[0]; i++) {
        role = strcmp(argv[1], roles[i].name) == 0 ? &roles[i] : role;
    }
    *slot = role && role->has_slot && argc == 4 ? parse_slot(argv[3]) : -1;
    return role && argc == 3 + role->has_slot && role->has_slot == (*slot >= 0) ? role : NULL;
}

int gw_child_main(int argc, char **argv) {
    gw_stop_signals_hold(); /* each role takes them in its own way */
    struct child child = {0};
    struct gw_error error = {0};
    int slot;
    const struct role *role = find_role(argc, argv, &slot);
    if (!role) {
        fputs("usage: glosswire child hub|admin DIRECTORY | worker DIRECTORY SLOT (for the supervisor "
              "alone)\n",
              stderr);
        return GW_EXIT_USAGE;
    }
    if (close_on_exec() != GW_EXIT_DONE) {
        return GW_EXIT_USAGE;
    }
    int code = GW_EXIT_CANNOT_START;
    if (prepare(&child, role, slot, argv[2], &error) != GW_OK) {
        GW_LOG(GW_LOG_ERROR, "cannot start", GW_KS("reason", gw_status_word(error.status)),
               GW_KS("detail", error.detail));
        goto done;
    }
    end_as_orphan(child.config);
    code = role->be(&child, slot);
done:
    gw_counters_detach(child.counters);
    gw_counters_detach(child.watched);
    gw_config_free(child.config);
    return code;
}
