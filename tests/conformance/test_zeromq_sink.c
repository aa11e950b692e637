/* publish/zeromq_sink.h through the sink suite: in front of PUSH, PUB and DEALER. A thread consumes. */
#include "conformance/hub_thread.h"
#include "conformance/sink_suite.h"
#include "conformance/waiting.h"
#include "publish/zeromq_sink.h"
#include "transport/zeromq_socket.h"

#define QUEUE_BYTES ((size_t)4 << 20)

/* How long a probe may take before another is sent. */
#define PROBE_MS 20

/* How often the consumer looks whether it shall end. */
#define CONSUME_MS 5

#define ARRIVALS_MAX 4096

/* One message as it came: its bytes, and its headers in them. */
struct arrival {
    struct gw_buffer bytes; /* header map, then payload */
    struct gw_arena arena;
    struct sink_seen seen;
};

struct outlet {
    void *peer;
    struct arrival *arrivals[ARRIVALS_MAX];
    struct sink_seen seen[ARRIVALS_MAX];
    size_t count;
};

struct place {
    struct hub_thread hub;
    struct gw_zeromq_sink_settings settings;
    pthread_t consumer;
    atomic_bool must_end;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t arrived;
    struct outlet outlets[GW_OUTLET_COUNT];
};

static void note(struct place *place, struct outlet *outlet, const zmq_msg_t *map, const zmq_msg_t *payload) {
    struct arrival *arrival = calloc(1, sizeof *arrival);
    struct gw_str map_bytes = gw_zeromq_bytes(map);
    if (!arrival) {
        abort();
    }
    gw_buffer_init(&arrival->bytes, &gw_allocator_system, SIZE_MAX);
    gw_arena_init(&arrival->arena, &gw_allocator_system, SIZE_MAX);
    gw_buffer_append_str(&arrival->bytes, map_bytes);
    gw_buffer_append_str(&arrival->bytes, gw_zeromq_bytes(payload));
    struct gw_str all = gw_buffer_str(&arrival->bytes);
    struct sink_seen *seen = &arrival->seen;
    if (gw_headers_decode(gw_str_sub(all, 0, map_bytes.size), &arrival->arena, &seen->headers, NULL) !=
        GW_OK) {
        abort();
    }
    const struct gw_header *key = gw_headers_find(seen->headers, GW_HEADER_KEY);
    seen->key = key ? key->value : (struct gw_str){NULL, 0};
    seen->payload = gw_str_sub(all, map_bytes.size, all.size);
    pthread_mutex_lock(&place->mutex);
    if (outlet->count == ARRIVALS_MAX) {
        abort();
    }
    outlet->seen[outlet->count] = *seen;
    outlet->arrivals[outlet->count++] = arrival;
    pthread_cond_signal(&place->arrived);
    pthread_mutex_unlock(&place->mutex);
}

/* What an acked consumer says: a credit to HELLO, "accepted" to everything else. */
static void answer(void *router, struct gw_zeromq_parts *parts) {
    bool is_hello = parts->frames == 3;
    struct gw_str first = gw_zeromq_bytes(&parts->parts[1]);
    zmq_send(router, zmq_msg_data(&parts->parts[0]), zmq_msg_size(&parts->parts[0]), ZMQ_SNDMORE);
    zmq_send(router, first.data, first.size, ZMQ_SNDMORE);
    zmq_send(router, is_hello ? "\0\0\0\20" : "\0", is_hello ? 4 : 1, 0);
}

static void consume_from(struct place *place, struct outlet *outlet) {
    struct gw_zeromq_parts parts;
    bool is_acked = place->hub.sink.pattern == GW_ZEROMQ_ACKED;
    while (gw_zeromq_receive(outlet->peer, &parts) == GW_OK) {
        size_t last = parts.frames - 1;
        if (!is_acked || last == 3) {
            note(place, outlet, &parts.parts[last - 1], &parts.parts[last]);
        }
        if (is_acked) {
            answer(outlet->peer, &parts);
        }
        gw_zeromq_parts_close(&parts);
    }
}

static void *consume(void *context) {
    struct place *place = context;
    while (!atomic_load(&place->must_end)) {
        zmq_pollitem_t items[GW_OUTLET_COUNT] = {{.socket = place->outlets[0].peer, .events = ZMQ_POLLIN},
                                                 {.socket = place->outlets[1].peer, .events = ZMQ_POLLIN}};
        zmq_poll(items, GW_OUTLET_COUNT, CONSUME_MS);
        consume_from(place, &place->outlets[0]);
        consume_from(place, &place->outlets[1]);
    }
    return NULL;
}

static void forget(struct place *place, struct outlet *outlet) {
    pthread_mutex_lock(&place->mutex);
    for (size_t i = 0; i < outlet->count; i++) {
        gw_buffer_free(&outlet->arrivals[i]->bytes);
        gw_arena_free(&outlet->arrivals[i]->arena);
        free(outlet->arrivals[i]);
    }
    outlet->count = 0;
    pthread_mutex_unlock(&place->mutex);
}

/* Whether this probe arrives within PROBE_MS. */
static bool probe_arrives(struct place *place, struct outlet *outlet, struct gw_str probe) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += PROBE_MS * GW_NS_PER_MS;
    until.tv_sec += until.tv_nsec / GW_NS_PER_S;
    until.tv_nsec %= GW_NS_PER_S;
    bool arrived = false;
    int waited = 0;
    pthread_mutex_lock(&place->mutex);
    while (!arrived && waited == 0) {
        arrived = outlet->count > 0 && gw_str_eq(outlet->seen[outlet->count - 1].payload, probe);
        waited = arrived ? 0 : pthread_cond_timedwait(&place->arrived, &place->mutex, &until);
    }
    pthread_mutex_unlock(&place->mutex);
    return arrived;
}

/* What PUB sends before the subscription is there is lost: probes are sent until one comes through. */
static void open_path(struct place *place, struct gw_sink *sink, enum gw_outlet number) {
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    for (unsigned i = 0;; i++) {
        char text[32];
        struct gw_completion completion;
        size_t count;
        struct gw_str probe = {text, (size_t)snprintf(text, sizeof text, "probe %u", i)};
        struct gw_outgoing outgoing = {.outlet = number, .ticket = i, .payload = probe};
        gw_sink_send(sink, &outgoing, NULL);
        gw_sink_poll(sink, &completion, 1, &count, NULL);
        if (probe_arrives(place, &place->outlets[number], probe)) {
            break;
        }
        assert_in_time(deadline, "a path to the consumer");
    }
    forget(place, &place->outlets[number]);
}

static void configure(struct gw_zeromq_settings *settings, enum gw_zeromq_pattern pattern,
                      const char *const *endpoints) {
    *settings = (struct gw_zeromq_settings){.pattern = pattern};
    if (pattern == GW_ZEROMQ_ACKED) {
        settings->connect = endpoints;
        settings->connect_count = 1;
    } else {
        settings->bind = endpoints;
        settings->bind_count = 1;
    }
}

static void *make(enum gw_zeromq_pattern pattern, int type) {
    struct place *place = calloc(1, sizeof *place);
    struct gw_sink *sink;
    bool binds = pattern == GW_ZEROMQ_ACKED;
    assert_non_null(place);
    hub_thread_init(&place->hub);
    configure(&place->hub.sink, pattern, place->hub.out);
    configure(&place->hub.dead_letters, pattern, place->hub.dead);
    place->hub.settings.sink = &place->hub.sink;
    place->hub.settings.dead_letters = &place->hub.dead_letters;
    hub_thread_start(&place->hub);
    place->outlets[0].peer = hub_thread_peer(&place->hub, type, place->hub.out[0], binds);
    place->outlets[1].peer = hub_thread_peer(&place->hub, type, place->hub.dead[0], binds);
    pthread_mutex_init(&place->mutex, NULL);
    pthread_cond_init(&place->arrived, NULL);
    assert_int_equal(pthread_create(&place->consumer, NULL, consume, place), 0);
    place->settings =
        (struct gw_zeromq_sink_settings){.hub_path = place->hub.socket_path, .queue_bytes = QUEUE_BYTES};
    assert_int_equal(gw_zeromq_sink_open(&place->settings, &gw_clock_system, &sink, NULL), GW_OK);
    open_path(place, sink, GW_OUTLET_RECORDS);
    open_path(place, sink, GW_OUTLET_DEAD_LETTERS);
    gw_sink_close(sink);
    return place;
}

/* Until the hub has welcomed the sink everything is to be sent later; then this is refused as too large. */
static void await_welcome(struct gw_sink *sink) {
    struct gw_outgoing probe = {.payload = {"", sink->message_bytes_max + 1}};
    struct gw_completion completion;
    size_t count;
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    while (gw_sink_send(sink, &probe, NULL) == GW_AGAIN) {
        wait_readable(gw_sink_fd(sink), GW_SINK_POLL_MS);
        gw_sink_poll(sink, &completion, 1, &count, NULL);
        assert_in_time(deadline, "the hub's welcome");
    }
}

/* A hub that does not serve dead letters is another hub, at the same place. */
static enum gw_status open_sink(void *state, bool dead_letters, struct gw_sink **sink,
                                struct gw_error *error) {
    struct place *place = state;
    if (!dead_letters) {
        hub_thread_pause(&place->hub);
        gw_hub_close(place->hub.hub);
        place->hub.settings.dead_letters = NULL;
        hub_thread_start(&place->hub);
        struct gw_sink *prober;
        assert_int_equal(gw_zeromq_sink_open(&place->settings, &gw_clock_system, &prober, error), GW_OK);
        open_path(place, prober, GW_OUTLET_RECORDS);
        gw_sink_close(prober);
    }
    enum gw_status status = gw_zeromq_sink_open(&place->settings, &gw_clock_system, sink, error);
    if (status == GW_OK) {
        await_welcome(*sink);
    }
    return status;
}

static size_t see(void *state, enum gw_outlet outlet, const struct sink_seen **seen) {
    struct place *place = state;
    pthread_mutex_lock(&place->mutex);
    size_t count = place->outlets[outlet].count;
    pthread_mutex_unlock(&place->mutex);
    *seen = place->outlets[outlet].seen;
    return count;
}

static void block(void *state) {
    hub_thread_pause(&((struct place *)state)->hub);
}

static void unblock(void *state) {
    hub_thread_resume(&((struct place *)state)->hub);
}

static void destroy(void *state) {
    struct place *place = state;
    atomic_store(&place->must_end, true);
    pthread_join(place->consumer, NULL);
    for (size_t i = 0; i < GW_OUTLET_COUNT; i++) {
        zmq_close(place->outlets[i].peer);
        forget(place, &place->outlets[i]);
    }
    hub_thread_end(&place->hub);
    pthread_mutex_destroy(&place->mutex);
    pthread_cond_destroy(&place->arrived);
    free(place);
}

static void *make_push(void) {
    return make(GW_ZEROMQ_PUSH, ZMQ_PULL);
}

static void *make_pub(void) {
    return make(GW_ZEROMQ_PUB, ZMQ_SUB);
}

static void *make_acked(void) {
    return make(GW_ZEROMQ_ACKED, ZMQ_ROUTER);
}

int main(void) {
    static const struct {
        const char *name;
        void *(*make)(void);
    } patterns[] = {
        {"zeromq sink: PUSH", make_push}, {"zeromq sink: PUB", make_pub}, {"zeromq sink: ACKED", make_acked}};
    int failed = 0;
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        const struct sink_backend backend = {
            .name = patterns[i].name,
            .keys = true,
            .headers = true,
            .binary = true,
            .make = patterns[i].make,
            .open = open_sink,
            .see = see,
            .block = block,
            .unblock = unblock,
            .destroy = destroy,
        };
        failed += sink_suite_run(&backend);
    }
    return failed;
}
