/* A hub that runs in a thread of its own, with one ZeroMQ peer that belongs to the test's thread. */
#ifndef GW_TESTS_HUB_THREAD_H
#define GW_TESTS_HUB_THREAD_H

#include "base/log.h"
#include "run/hub/hub.h"
#include "transport/zeromq_frames.h"
#include "unit/scratch_dir.h"
#include "unit/unit.h"

#include <pthread.h>
#include <zmq.h>

/* How long one step waits: what is asked of the thread is done after that. */
#define HUB_STEP_MS 5

/* Messages that peers' queues hold: more than a test sends. */
#define PEER_HIGH_WATER 10000

struct hub_thread {
    struct scratch_dir *dir;
    char socket_path[128], endpoints[3][128]; /* in, records, dead letters */
    const char *in[1], *out[1], *dead[1];
    struct gw_zeromq_settings source, sink, dead_letters;
    struct gw_hub_settings settings;
    struct gw_hub *hub;
    void *context; /* of the peers */
    pthread_t thread;
    atomic_bool must_end;
};

static inline void *hub_thread_run(void *context) {
    struct hub_thread *self = context;
    struct gw_error error;
    while (!atomic_load(&self->must_end)) {
        if (gw_hub_step(self->hub, HUB_STEP_MS, &error) != GW_OK) {
            abort();
        }
    }
    return NULL;
}

/* Names everything; the caller changes `settings` and what they point to before it starts the thread. */
static inline void hub_thread_init(struct hub_thread *self) {
    static const char *const names[] = {"in", "records", "dead"};
    gw_log_init(GW_LOG_OFF, GW_LOG_LOGFMT, "test", -1);
    scratch_dir_set_up((void **)&self->dir);
    snprintf(self->socket_path, sizeof self->socket_path, "%.100s/" GW_HUB_SOCKET_NAME, self->dir->name);
    for (size_t i = 0; i < 3; i++) {
        snprintf(self->endpoints[i], sizeof self->endpoints[i], "ipc://%.100s/%s", self->dir->name, names[i]);
    }
    self->in[0] = self->endpoints[0];
    self->out[0] = self->endpoints[1];
    self->dead[0] = self->endpoints[2];
    self->settings = (struct gw_hub_settings){.socket_path = self->socket_path,
                                              .workers = 1,
                                              .memory_bytes = (size_t)64 << 20,
                                              .message_bytes_max = (size_t)64 << 20,
                                              .drain_timeout_ms = 1000,
                                              .lifeline_fd = -1,
                                              .clock = &gw_clock_system};
    self->context = zmq_ctx_new();
    assert_non_null(self->context);
}

static inline void hub_thread_resume(struct hub_thread *self) {
    atomic_store(&self->must_end, false);
    assert_int_equal(pthread_create(&self->thread, NULL, hub_thread_run, self), 0);
}

static inline void hub_thread_pause(struct hub_thread *self) {
    atomic_store(&self->must_end, true);
    pthread_join(self->thread, NULL);
}

static inline void hub_thread_start(struct hub_thread *self) {
    struct gw_error error = {.detail = ""};
    enum gw_status status = gw_hub_open(&self->settings, &self->hub, &error);
    assert_string_equal(error.detail, "");
    assert_int_equal(status, GW_OK);
    hub_thread_resume(self);
}

/* All peers must be closed, and the thread must run. */
static inline void hub_thread_end(struct hub_thread *self) {
    hub_thread_pause(self);
    gw_hub_close(self->hub);
    zmq_ctx_term(self->context);
    scratch_dir_tear_down((void **)&self->dir);
}

static inline void *hub_thread_peer(struct hub_thread *self, int type, const char *endpoint, bool bind) {
    void *socket = zmq_socket(self->context, type);
    int linger_ms = 0, high_water = PEER_HIGH_WATER;
    assert_non_null(socket);
    zmq_setsockopt(socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &high_water, sizeof high_water);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &high_water, sizeof high_water);
    if (type == ZMQ_SUB) {
        zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0);
    }
    assert_int_equal(bind ? zmq_bind(socket, endpoint) : zmq_connect(socket, endpoint), 0);
    return socket;
}

#endif
