/* The process around a pipeline: opens what it needs, waits between steps, and listens to signals and to the
 * lifeline. */
#include "run/worker.h"

#include "run/endpoints.h"
#include "run/exit_codes.h"
#include "run/gazetteer.h"
#include "run/memory_split.h"
#include "run/model_path.h"
#include "run/pipeline.h"
#include "run/stop_signals.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* A dead letter's key and headers travel beside its payload: this part of what the sink takes is left to
 * them. */
#define LETTER_MARGIN(limit) ((limit) / 8)

/* So long a fenced worker waits for its group's verdict: three heartbeats. */
#define FENCE_CHECK_MS 10000

struct worker {
    const struct gw_worker_settings *settings;
    struct gw_model *model;
    struct gw_gazetteer *gazetteer;
    struct gw_enricher *enricher;
    struct gw_pipeline *pipeline;
    struct gw_endpoints endpoints;
    int signal_fd;
    bool stopping;
    int64_t deadline_ns; /* of the stop */
};

static void log_error(const char *message, const struct gw_error *error) {
    GW_LOG(GW_LOG_ERROR, message, GW_KS("reason", gw_status_word(error->status)),
           GW_KS("detail", error->detail));
}

static enum gw_status take_signals(struct worker *worker, struct gw_error *error) {
    signal(SIGPIPE, SIG_IGN);
    worker->signal_fd = gw_stop_signals_open();
    return worker->signal_fd < 0 ? gw_fail_errno(error, "signals cannot be taken") : GW_OK;
}

static void stop_listening(const struct worker *worker) {
    if (worker->signal_fd >= 0) {
        close(worker->signal_fd);
    }
}

static enum gw_status open_model(struct worker *worker, struct gw_error *error) {
    char path[PATH_MAX];
    enum gw_status status = GW_OK;
    if (worker->settings->model_fd >= 0) {
        gw_model_fd_path(worker->settings->model_fd, path);
    } else {
        status = gw_model_path_find(worker->settings->config->model, path, error);
    }
    if (status == GW_OK) {
        status = gw_model_open(path, &worker->model, error);
    }
    return status == GW_OK ? gw_gazetteer_open_fd(worker->settings->gazetteer_fd, worker->model,
                                                  &worker->gazetteer, error)
                           : status;
}

static enum gw_status open_enricher(struct worker *worker, struct gw_error *error) {
    struct gw_enrich_settings settings;
    size_t limit = worker->endpoints.sinks[GW_OUTLET_DEAD_LETTERS]->message_bytes_max;
    gw_enrich_configure(&settings, worker->settings->config, worker->model, worker->gazetteer);
    settings.letter_payload_max = limit - LETTER_MARGIN(limit);
    return gw_enricher_open(&settings, &worker->enricher, error);
}

static enum gw_status open_pipeline(struct worker *worker, struct gw_error *error) {
    const struct gw_config *config = worker->settings->config;
    const struct gw_pipeline_settings settings = {
        .sinks = {worker->endpoints.sinks[GW_OUTLET_RECORDS],
                  worker->endpoints.sinks[GW_OUTLET_DEAD_LETTERS]},
        .enricher = worker->enricher,
        .clock = worker->settings->clock,
        .counters = worker->settings->counters,
        .guard = worker->settings->guard,
        .window_bytes = gw_memory_share(config->memory_bytes, GW_MEMORY_WINDOW),
        .message_bytes_max = config->limits.message_bytes,
        .batch_messages = config->transaction.messages,
        .batch_ms = config->transaction.interval_ms,
        .revoke_timeout_ms = GW_REVOKE_TIMEOUT_MS,
    };
    return gw_pipeline_open(&settings, &worker->pipeline, error);
}

/* Whether it was told to end before it could begin. */
static bool is_told_to_end(void *context) {
    const struct worker *worker = context;
    struct pollfd fds[] = {{.fd = worker->signal_fd, .events = POLLIN},
                           {.fd = worker->settings->lifeline_fd, .events = POLLIN}};
    return poll(fds, 2, 0) > 0;
}

static enum gw_status open_all(struct worker *worker, struct gw_error *error) {
    const struct gw_worker_settings *settings = worker->settings;
    enum gw_status status = take_signals(worker, error);
    if (status == GW_OK) {
        status = open_model(worker, error);
    }
    if (status == GW_OK) {
        worker->endpoints.patience = (struct gw_patience){is_told_to_end, worker};
        status = gw_endpoints_open_sinks(&worker->endpoints, settings->config, settings->slot,
                                         settings->clock, error);
    }
    if (status == GW_OK) {
        status = open_enricher(worker, error);
    }
    if (status == GW_OK) {
        status = open_pipeline(worker, error);
    }
    if (status == GW_OK) {
        const struct gw_source_events events = gw_pipeline_events(worker->pipeline);
        status = gw_endpoints_open_source(&worker->endpoints, &events, error);
    }
    if (status == GW_OK) {
        gw_pipeline_start(worker->pipeline, worker->endpoints.source);
    }
    return status;
}

static void close_all(struct worker *worker) {
    gw_pipeline_close(worker->pipeline);
    gw_endpoints_close(&worker->endpoints);
    gw_enricher_close(worker->enricher);
    gw_gazetteer_close(worker->gazetteer);
    gw_model_close(worker->model);
    stop_listening(worker);
}

/* From here on there is a deadline. */
static void stop(struct worker *worker) {
    if (!worker->stopping) {
        worker->stopping = true;
        worker->deadline_ns = gw_clock_now_ns(worker->settings->clock) +
                              worker->settings->config->drain_timeout_ms * GW_NS_PER_MS;
        GW_LOG(GW_LOG_INFO, "draining", GW_KI("in_flight", gw_pipeline_in_flight(worker->pipeline)));
    }
}

static void on_signal(struct worker *worker) {
    struct signalfd_siginfo info;
    while (read(worker->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
        stop(worker);
        gw_pipeline_drain(worker->pipeline);
    }
}

/* The supervisor is gone. The hub drains, too: what it has left must still be taken. */
static void on_lifeline(struct worker *worker) {
    if (!worker->stopping) {
        GW_LOG(GW_LOG_WARN, "the supervisor is gone");
    }
    stop(worker);
    if (worker->settings->config->source.kind != GW_ENDPOINT_ZEROMQ) {
        gw_pipeline_drain(worker->pipeline);
    }
}

static void wait_and_listen(struct worker *worker) {
    struct pollfd fds[2 + GW_PIPELINE_FDS_MAX];
    size_t count;
    int timeout_ms = gw_pipeline_wait_for(worker->pipeline, fds + 2, &count);
    int lifeline_fd = worker->stopping ? -1 : worker->settings->lifeline_fd;
    fds[0] = (struct pollfd){.fd = worker->signal_fd, .events = POLLIN};
    fds[1] = (struct pollfd){.fd = lifeline_fd, .events = POLLIN};
    if (poll(fds, (nfds_t)(2 + count), timeout_ms) <= 0) {
        return;
    }
    if (fds[0].revents) {
        on_signal(worker);
    }
    if (fds[1].revents) {
        on_lifeline(worker);
    }
}

static int code_of(enum gw_status status) {
    if (status == GW_BAD_CONFIG || status == GW_BAD_MODEL || status == GW_FENCED) {
        return GW_EXIT_CANNOT_START;
    }
    return gw_status_fault(status) == GW_FAULT_PEER ? GW_EXIT_PEER : GW_EXIT_SYSTEM;
}

/* A file that is not there will not be there the next time. */
static int code_of_start(enum gw_status status) {
    return status == GW_SYSTEM || status == GW_UNSUPPORTED ? GW_EXIT_CANNOT_START : code_of(status);
}

/* Brokers fence a producer that has the name of a newer one, and also one whose transaction they had to end
 * because it took too long (a process that was stopped, a broker that was away). Members of a group are only
 * fenced for the former, which the heartbeats of a few seconds tell. */
static bool is_name_taken(struct worker *worker) {
    struct gw_source *source = worker->endpoints.source;
    int64_t deadline_ns = gw_clock_now_ns(worker->settings->clock) + FENCE_CHECK_MS * GW_NS_PER_MS;
    struct pollfd fds[] = {{.fd = worker->signal_fd, .events = POLLIN},
                           {.fd = gw_source_fd(source), .events = POLLIN}};
    enum gw_status status = gw_source_pause(source, NULL);
    while (status != GW_FENCED && gw_clock_now_ns(worker->settings->clock) < deadline_ns && !fds[0].revents) {
        struct gw_message none;
        size_t count;
        status = gw_source_take(source, &none, 0, &count, NULL);
        if (status != GW_FENCED) {
            poll(fds, 2, GW_SOURCE_POLL_MS);
        }
    }
    return status == GW_FENCED;
}

/* With two of one name each start would fence the other one again, so that one must end for good. */
static int fail_fenced(struct worker *worker, const struct gw_error *error) {
    gw_counter_add(worker->settings->counters, GW_COUNTER_FENCED, 1);
    if (is_name_taken(worker)) {
        GW_LOG(GW_LOG_ERROR,
               "another glosswire of the same group has this one's name; give each its own `instance`",
               GW_KS("name", worker->endpoints.identity), GW_KS("detail", error->detail));
        return GW_EXIT_CANNOT_START;
    }
    GW_LOG(GW_LOG_WARN, "the brokers gave a transaction up that took too long; the worker starts again",
           GW_KS("name", worker->endpoints.identity), GW_KS("detail", error->detail));
    return GW_EXIT_PEER;
}

static int fail_running(struct worker *worker, const struct gw_error *error) {
    if (error->status == GW_FENCED) {
        return fail_fenced(worker, error);
    }
    log_error("the worker stops", error);
    return code_of(error->status);
}

static int run(struct worker *worker) {
    struct gw_error error = {0};
    for (;;) {
        enum gw_status status = gw_pipeline_step(worker->pipeline, &error);
        if (status == GW_CLOSED) {
            return GW_EXIT_DONE;
        }
        if (status != GW_OK) {
            error.status = status;
            return fail_running(worker, &error);
        }
        if (worker->stopping && gw_clock_now_ns(worker->settings->clock) >= worker->deadline_ns) {
            GW_LOG(GW_LOG_WARN, "drain_timeout passed; the rest is left for the next run",
                   GW_KI("in_flight", gw_pipeline_in_flight(worker->pipeline)));
            return GW_EXIT_PARTLY;
        }
        wait_and_listen(worker);
    }
}

static void log_start(const struct worker *worker) {
    GW_LOG(GW_LOG_INFO, "worker started", GW_KT("model", gw_model_name(worker->model)),
           GW_KS("source", worker->endpoints.source->ops->name),
           GW_KS("sink", worker->endpoints.sinks[GW_OUTLET_RECORDS]->ops->name),
           GW_KS("dead_letters", worker->endpoints.sinks[GW_OUTLET_DEAD_LETTERS]->ops->name));
}

static void log_end(const struct worker *worker, int code) {
    const struct gw_worker_counters *counters = worker->settings->counters;
    GW_LOG(GW_LOG_INFO, "worker ended", GW_KI("code", code),
           GW_KI("in", gw_counter_get(counters, GW_COUNTER_IN)),
           GW_KI("records", gw_counter_get(counters, GW_COUNTER_RECORDS)),
           GW_KI("dead_letters", gw_counter_get(counters, GW_COUNTER_DEAD_LETTERS)));
}

int gw_worker_run(const struct gw_worker_settings *settings) {
    struct worker worker = {.settings = settings, .signal_fd = -1};
    struct gw_error error = {0};
    int code;
    enum gw_status status = open_all(&worker, &error);
    if (status == GW_OK) {
        log_start(&worker);
        code = run(&worker);
        log_end(&worker, code);
    } else if (status == GW_CLOSED) {
        GW_LOG(GW_LOG_INFO, "told to end before it began", GW_KS("detail", error.detail));
        code = GW_EXIT_DONE;
    } else {
        log_error("the worker cannot start", &error);
        code = code_of_start(status);
    }
    close_all(&worker);
    return code;
}
