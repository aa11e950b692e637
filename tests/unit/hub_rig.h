/* A hub in this process with everything around it: raw ZeroMQ peers, and workers that hand on what they take.
 * Nothing runs by itself: rig_step moves hub and workers on, rig_until does so until something holds. */
#ifndef GW_TESTS_HUB_RIG_H
#define GW_TESTS_HUB_RIG_H

#include "base/log.h"
#include "ingest/zeromq_source.h"
#include "publish/zeromq_sink.h"
#include "run/hub/hub.h"
#include "unit/scratch_dir.h"
#include "unit/unit.h"

#include <zmq.h>

#define RIG_START    UINT64_C(0xC0FFEE)
#define RIG_TIMEOUT  60 /* seconds after which rig_until gives up */
#define RIG_IN_HAND  256
#define RIG_WORKERS  4
#define RIG_PEERS    4
#define RIG_ENDPOINT 128

/* Takes messages, sends each payload as a record under the receipt's number, settles what is done. */
struct rig_worker {
    struct gw_source *source;
    struct gw_sink *sink;
    struct gw_message in_hand[RIG_IN_HAND]; /* taken, not sent yet */
    size_t in_hand_count;
    size_t taken, redelivered, settled, refused;
    enum gw_outlet outlet; /* where it sends to */
    bool keeps;            /* takes, but sends nothing */
    bool has_ended;
};

struct rig {
    struct scratch_dir *dir;
    char socket_path[RIG_ENDPOINT];
    char in[RIG_ENDPOINT], out[RIG_ENDPOINT], dead[RIG_ENDPOINT];
    const char *in_endpoints[1], *out_endpoints[1], *dead_endpoints[1];
    struct gw_zeromq_settings source, sink, dead_letters;
    struct gw_hub_counters counters;
    struct gw_hub_settings settings;
    struct gw_hub *hub;
    bool has_drained;
    void *context; /* of the peers */
    void *peers[RIG_PEERS];
    size_t peer_count;
    struct rig_worker workers[RIG_WORKERS];
    size_t worker_count;
};

static inline int rig_set_up(void **state) {
    struct rig *rig = calloc(1, sizeof *rig);
    assert_non_null(rig);
    void *dir;
    scratch_dir_set_up(&dir);
    rig->dir = dir;
    snprintf(rig->socket_path, sizeof rig->socket_path, "%.100s/" GW_HUB_SOCKET_NAME, rig->dir->name);
    snprintf(rig->in, sizeof rig->in, "ipc://%.100s/in", rig->dir->name);
    snprintf(rig->out, sizeof rig->out, "ipc://%.100s/out", rig->dir->name);
    snprintf(rig->dead, sizeof rig->dead, "ipc://%.100s/dead", rig->dir->name);
    rig->in_endpoints[0] = rig->in;
    rig->out_endpoints[0] = rig->out;
    rig->dead_endpoints[0] = rig->dead;
    rig->source = (struct gw_zeromq_settings){
        .pattern = GW_ZEROMQ_PULL, .bind = rig->in_endpoints, .bind_count = 1, .linger_ms = 1000};
    rig->sink = (struct gw_zeromq_settings){
        .pattern = GW_ZEROMQ_PUSH, .bind = rig->out_endpoints, .bind_count = 1, .linger_ms = 1000};
    rig->dead_letters = (struct gw_zeromq_settings){
        .pattern = GW_ZEROMQ_PUSH, .bind = rig->dead_endpoints, .bind_count = 1, .linger_ms = 1000};
    rig->settings = (struct gw_hub_settings){.source = &rig->source,
                                             .sink = &rig->sink,
                                             .dead_letters = &rig->dead_letters,
                                             .socket_path = rig->socket_path,
                                             .workers = 2,
                                             .memory_bytes = (size_t)64 << 20,
                                             .message_bytes_max = (size_t)1 << 20,
                                             .drain_timeout_ms = 5000,
                                             .lifeline_fd = -1,
                                             .counters = &rig->counters,
                                             .clock = &gw_clock_system,
                                             .start_id = RIG_START};
    rig->context = zmq_ctx_new();
    assert_non_null(rig->context);
    gw_log_init(GW_LOG_OFF, GW_LOG_LOGFMT, "test", -1);
    *state = rig;
    return 0;
}

static inline void rig_open(struct rig *rig) {
    struct gw_error error = {.status = GW_OK};
    enum gw_status status = gw_hub_open(&rig->settings, &rig->hub, &error);
    assert_string_equal(status == GW_OK ? "" : error.detail, "");
}

/* The hub is gone at once; what its sockets hold is lost. */
static inline void rig_close_hub(struct rig *rig) {
    gw_hub_close(rig->hub);
    rig->hub = NULL;
}

/* A raw peer; `bind` tells which end binds. What is not closed with rig_close_peer is closed at the end. */
static inline void *rig_peer(struct rig *rig, int type, const char *endpoint, bool bind) {
    void *socket = zmq_socket(rig->context, type);
    int linger_ms = 0;
    assert_non_null(socket);
    assert_true(rig->peer_count < RIG_PEERS);
    rig->peers[rig->peer_count++] = socket;
    zmq_setsockopt(socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
    if (type == ZMQ_SUB) {
        zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0);
    }
    assert_int_equal(bind ? zmq_bind(socket, endpoint) : zmq_connect(socket, endpoint), 0);
    return socket;
}

static inline void rig_close_peer(struct rig *rig, void *socket) {
    for (size_t i = 0; i < rig->peer_count; i++) {
        if (rig->peers[i] == socket) {
            zmq_close(socket);
            rig->peers[i] = rig->peers[--rig->peer_count];
        }
    }
}

static inline struct rig_worker *rig_add_worker(struct rig *rig, size_t credit_bytes, size_t queue_bytes) {
    assert_true(rig->worker_count < RIG_WORKERS);
    struct rig_worker *worker = &rig->workers[rig->worker_count];
    struct gw_error error;
    struct gw_zeromq_source_settings source = {
        .hub_path = rig->socket_path, .slot = (int)rig->worker_count, .credit_bytes = credit_bytes};
    struct gw_zeromq_sink_settings sink = {
        .hub_path = rig->socket_path, .slot = (int)rig->worker_count, .queue_bytes = queue_bytes};
    *worker = (struct rig_worker){.outlet = GW_OUTLET_RECORDS};
    assert_int_equal(gw_zeromq_source_open(&source, NULL, &gw_clock_system, &worker->source, &error), GW_OK);
    assert_int_equal(gw_zeromq_sink_open(&sink, &gw_clock_system, &worker->sink, &error), GW_OK);
    rig->worker_count++;
    return worker;
}

/* Both connections end; receipts that are not given back never will be. */
static inline void rig_kill_worker(struct rig_worker *worker) {
    gw_source_close(worker->source);
    gw_sink_close(worker->sink);
    worker->source = NULL;
    worker->sink = NULL;
}

static inline void rig_worker_take(struct rig_worker *worker) {
    size_t count = 0;
    struct gw_error error;
    enum gw_status status = gw_source_take(worker->source, worker->in_hand + worker->in_hand_count,
                                           RIG_IN_HAND - worker->in_hand_count, &count, &error);
    worker->has_ended = status == GW_CLOSED;
    assert_true(status == GW_OK || status == GW_CLOSED);
    for (size_t i = worker->in_hand_count; i < worker->in_hand_count + count; i++) {
        worker->redelivered += worker->in_hand[i].redelivered;
        worker->refused += worker->in_hand[i].refused != GW_OK;
    }
    worker->taken += count;
    worker->in_hand_count += count;
}

static inline enum gw_status rig_worker_send_first(struct rig_worker *worker) {
    const struct gw_message *message = &worker->in_hand[0];
    char text[GW_POSITION_TEXT_MAX];
    size_t size = gw_position_format(&message->position, text);
    struct gw_header header = {GW_STR(GW_HEADER_POSITION), {text, size}};
    struct gw_outgoing outgoing = {.outlet = worker->outlet,
                                   .ticket = message->receipt,
                                   .key = message->key,
                                   .payload = message->payload,
                                   .headers = {&header, 1},
                                   .position = message->position};
    return gw_sink_send(worker->sink, &outgoing, NULL);
}

static inline void rig_worker_drop_first(struct rig_worker *worker) {
    memmove(worker->in_hand, worker->in_hand + 1, --worker->in_hand_count * sizeof worker->in_hand[0]);
}

static inline void rig_worker_step(struct rig_worker *worker) {
    struct gw_completion completions[64];
    size_t count;
    rig_worker_take(worker);
    while (!worker->keeps && worker->in_hand_count > 0 && rig_worker_send_first(worker) == GW_OK) {
        rig_worker_drop_first(worker);
    }
    assert_int_equal(gw_sink_poll(worker->sink, completions, 64, &count, NULL), GW_OK);
    for (size_t i = 0; i < count; i++) {
        if (completions[i].status == GW_OK) {
            gw_source_settle(worker->source, completions[i].ticket, GW_OUTCOME_RECORD, NULL);
            worker->settled++;
        }
    }
}

static inline void rig_step(struct rig *rig) {
    if (rig->hub && !rig->has_drained) {
        struct gw_error error = {.status = GW_OK};
        enum gw_status status = gw_hub_step(rig->hub, 1, &error);
        rig->has_drained = status == GW_CLOSED;
        assert_true(status == GW_OK || status == GW_CLOSED);
    }
    for (size_t i = 0; i < rig->worker_count; i++) {
        if (rig->workers[i].source) {
            rig_worker_step(&rig->workers[i]);
        }
    }
}

/* Moves everything on until the condition holds; fails the test when it does not in RIG_TIMEOUT. */
#define rig_until(rig, condition)                                                                            \
    do {                                                                                                     \
        int64_t rig_deadline_ = gw_clock_now_ns(&gw_clock_system) + RIG_TIMEOUT * GW_NS_PER_S;               \
        while (!(condition)) {                                                                               \
            if (gw_clock_now_ns(&gw_clock_system) > rig_deadline_) {                                         \
                fail_msg("did not come to hold: %s", #condition);                                            \
            }                                                                                                \
            rig_step(rig);                                                                                   \
        }                                                                                                    \
    } while (0)

/* Lets everything settle that is under way: so many steps in which nothing could be waited for. */
static inline void rig_idle(struct rig *rig, int steps) {
    for (int i = 0; i < steps; i++) {
        rig_step(rig);
    }
}

/* Sends one message of `count` frames; false when the peer's queue is full. */
static inline bool rig_send(void *socket, const struct gw_str *frames, size_t count) {
    for (size_t i = 0; i < count; i++) {
        int flags = ZMQ_DONTWAIT | (i + 1 < count ? ZMQ_SNDMORE : 0);
        if (zmq_send(socket, frames[i].data, frames[i].size, flags) < 0) {
            assert_int_equal(i, 0);
            return false;
        }
    }
    return true;
}

/* Receives one message: its frames as copies that rig_frames_free gives back. 0: there is none. */
struct rig_frames {
    zmq_msg_t frames[8];
    size_t count;
};

static inline bool rig_receive(void *socket, struct rig_frames *frames) {
    frames->count = 0;
    do {
        assert_true(frames->count < 8);
        zmq_msg_init(&frames->frames[frames->count]);
        if (zmq_msg_recv(&frames->frames[frames->count], socket, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(&frames->frames[frames->count]);
            assert_int_equal(frames->count, 0);
            return false;
        }
        frames->count++;
    } while (zmq_msg_more(&frames->frames[frames->count - 1]));
    return true;
}

static inline struct gw_str rig_frame(struct rig_frames *frames, size_t index) {
    assert_true(index < frames->count);
    return (struct gw_str){zmq_msg_data(&frames->frames[index]), zmq_msg_size(&frames->frames[index])};
}

static inline void rig_frames_free(struct rig_frames *frames) {
    for (size_t i = 0; i < frames->count; i++) {
        zmq_msg_close(&frames->frames[i]);
    }
    frames->count = 0;
}

static inline int rig_tear_down(void **state) {
    struct rig *rig = *state;
    for (size_t i = 0; i < rig->worker_count; i++) {
        rig_kill_worker(&rig->workers[i]);
    }
    rig_close_hub(rig);
    while (rig->peer_count > 0) {
        rig_close_peer(rig, rig->peers[0]);
    }
    zmq_ctx_term(rig->context);
    void *dir = rig->dir;
    scratch_dir_tear_down(&dir);
    free(rig);
    return 0;
}

#define rig_test(test) cmocka_unit_test_setup_teardown(test, rig_set_up, rig_tear_down)

#endif
