/* Group commit: messages wait in memory, and are appended and synced together. */
#include "publish/file_sink.h"

#include "publish/file_target.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* A group is appended before its time when it has grown to this. */
#define GROUP_BYTES ((size_t)1 << 20)

struct file_sink {
    struct gw_sink head;
    const struct gw_clock *clock;
    int sync_ms;
    struct gw_file_target targets[GW_OUTLET_COUNT];
    size_t target_count;
    struct gw_file_target *outlets[GW_OUTLET_COUNT]; /* two outlets may share a target */
    struct gw_buffer done;                           /* tickets whose completions wait */
    int timer;
    int64_t timer_ns; /* what the timer is set to; INT64_MAX: off */
};

static struct file_sink *of(struct gw_sink *sink) {
    return (struct file_sink *)sink;
}

/* Sets the timer to when there is something to do next. */
static void set_timer(struct file_sink *sink) {
    int64_t next = sink->done.size > 0 ? 0 : INT64_MAX;
    for (size_t i = 0; i < sink->target_count; i++) {
        const struct gw_file_target *target = &sink->targets[i];
        if (gw_file_target_waiting(target) > 0 && target->due_ns < next) {
            next = target->due_ns;
        }
    }
    if (next == sink->timer_ns) {
        return;
    }
    struct itimerspec when = {0};
    if (next != INT64_MAX) {
        int64_t left = next - gw_clock_now_ns(sink->clock);
        left = left > 0 ? left : 1;
        when.it_value.tv_sec = left / GW_NS_PER_S;
        when.it_value.tv_nsec = left % GW_NS_PER_S;
    }
    timerfd_settime(sink->timer, 0, &when, NULL);
    sink->timer_ns = next;
}

static int file_sink_fd(struct gw_sink *sink) {
    return of(sink)->timer;
}

static enum gw_status file_sink_send(struct gw_sink *base, const struct gw_outgoing *outgoing,
                                     struct gw_error *error) {
    struct file_sink *sink = of(base);
    struct gw_file_target *target = sink->outlets[outgoing->outlet];
    if (!target) {
        return gw_fail(error, GW_UNSUPPORTED, GW_NO_POSITION, "the file sink does not serve this outlet");
    }
    bool first = gw_file_target_waiting(target) == 0;
    enum gw_status status = gw_file_target_queue(target, outgoing, error);
    if (status != GW_OK) {
        return status;
    }
    int64_t now = gw_clock_now_ns(sink->clock);
    if (first) {
        target->due_ns = now + sink->sync_ms * GW_NS_PER_MS;
    }
    if (target->data.size >= GROUP_BYTES && target->stuck_ns == 0 && target->due_ns > now) {
        target->due_ns = now;
    }
    set_timer(sink);
    return GW_OK;
}

/* Appends each group that is due, or every one. AGAIN of one target does not keep the others waiting. */
static enum gw_status append_due(struct file_sink *sink, bool all, struct gw_error *error) {
    int64_t now = gw_clock_now_ns(sink->clock);
    enum gw_status worst = GW_OK;
    for (size_t i = 0; i < sink->target_count; i++) {
        struct gw_file_target *target = &sink->targets[i];
        if (gw_file_target_waiting(target) == 0 || (!all && target->due_ns > now)) {
            continue;
        }
        enum gw_status status = gw_file_target_append(target, sink->clock, &sink->done, error);
        if (status != GW_OK && status != GW_AGAIN) {
            return status;
        }
        worst = status != GW_OK ? status : worst;
    }
    return worst;
}

static enum gw_status file_sink_poll(struct gw_sink *base, struct gw_completion *completions, size_t capacity,
                                     size_t *count, struct gw_error *error) {
    struct file_sink *sink = of(base);
    enum gw_status status = append_due(sink, false, error);
    size_t ready = sink->done.size / sizeof(uint64_t);
    *count = ready < capacity ? ready : capacity;
    for (size_t i = 0; i < *count; i++) {
        completions[i].status = GW_OK;
        memcpy(&completions[i].ticket, sink->done.data + i * sizeof(uint64_t), sizeof(uint64_t));
    }
    gw_buffer_consume(&sink->done, *count * sizeof(uint64_t));
    set_timer(sink);
    return status == GW_AGAIN ? GW_OK : status;
}

static enum gw_status file_sink_flush(struct gw_sink *base, int timeout_ms, struct gw_error *error) {
    struct file_sink *sink = of(base);
    struct gw_error cause;
    enum gw_status status = append_due(sink, true, &cause);
    for (int waited_ms = 0; status == GW_AGAIN && waited_ms < timeout_ms;
         waited_ms += GW_FILE_TARGET_RETRY_MIN_MS) {
        poll(NULL, 0, GW_FILE_TARGET_RETRY_MIN_MS);
        status = append_due(sink, true, &cause);
    }
    set_timer(sink);
    if (status == GW_AGAIN) {
        return gw_fail(error, GW_TIMEOUT, GW_NO_POSITION, "%s", cause.detail);
    }
    if (status != GW_OK && error) {
        *error = cause;
    }
    return status;
}

static enum gw_status file_sink_begin(struct gw_sink *sink, struct gw_error *error) {
    (void)sink, (void)error;
    return GW_OK;
}

/* The source keeps its positions by itself. */
static enum gw_status file_sink_commit(struct gw_sink *sink, const struct gw_positions *positions,
                                       int timeout_ms, struct gw_error *error) {
    (void)positions;
    return file_sink_flush(sink, timeout_ms, error);
}

static enum gw_status file_sink_abort(struct gw_sink *sink, int timeout_ms, struct gw_error *error) {
    (void)sink, (void)timeout_ms, (void)error;
    return GW_OK;
}

static void file_sink_close(struct gw_sink *base) {
    struct file_sink *sink = of(base);
    for (size_t i = 0; i < sink->target_count; i++) {
        gw_file_target_close(&sink->targets[i]);
    }
    if (sink->timer >= 0) {
        close(sink->timer);
    }
    gw_buffer_free(&sink->done);
    free(sink);
}

static const struct gw_sink_ops file_sink_ops = {
    .name = "file",
    .fd = file_sink_fd,
    .send = file_sink_send,
    .poll = file_sink_poll,
    .begin = file_sink_begin,
    .commit = file_sink_commit,
    .abort = file_sink_abort,
    .flush = file_sink_flush,
    .close = file_sink_close,
};

static struct gw_file_target *find_target(struct file_sink *sink, const char *path) {
    for (size_t i = 0; i < sink->target_count; i++) {
        if (strcmp(sink->targets[i].path, path) == 0) {
            return &sink->targets[i];
        }
    }
    return NULL;
}

static enum gw_status open_outlet(struct file_sink *sink, size_t outlet, const char *path, bool lines,
                                  struct gw_error *error) {
    sink->outlets[outlet] = find_target(sink, path);
    if (sink->outlets[outlet]) {
        return GW_OK;
    }
    sink->outlets[outlet] = &sink->targets[sink->target_count++];
    return gw_file_target_open(sink->outlets[outlet], path, lines, error);
}

enum gw_status gw_file_sink_open(const struct gw_file_sink_settings *settings, const struct gw_clock *clock,
                                 struct gw_sink **out, struct gw_error *error) {
    struct file_sink *sink = calloc(1, sizeof *sink);
    *out = NULL;
    if (!sink) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for the file sink");
    }
    sink->head = (struct gw_sink){&file_sink_ops, SIZE_MAX};
    sink->clock = clock;
    sink->sync_ms = settings->sync_ms;
    sink->timer_ns = INT64_MAX;
    gw_buffer_init(&sink->done, &gw_allocator_system, SIZE_MAX);
    sink->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    enum gw_status status = sink->timer >= 0 ? GW_OK : gw_fail_errno(error, "a timer cannot be made");
    for (size_t i = 0; i < GW_OUTLET_COUNT && status == GW_OK; i++) {
        if (settings->paths[i]) {
            status = open_outlet(sink, i, settings->paths[i], settings->json_lines, error);
        }
    }
    if (status != GW_OK) {
        file_sink_close(&sink->head);
        return status;
    }
    *out = &sink->head;
    return GW_OK;
}
