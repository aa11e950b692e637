/* ingest/zeromq_source.h through the source suite: behind PULL, SUB and ROUTER. */
#include "conformance/hub_thread.h"
#include "conformance/source_suite.h"
#include "ingest/zeromq_source.h"

#define CREDIT_BYTES ((size_t)32 << 20)

/* How the place's pattern is fed: which peer there is, and what stands in front of a message. */
struct feeder {
    enum gw_zeromq_pattern pattern;
    int type;
    bool binds;
    void (*prepare)(void *peer);
    size_t (*lead)(struct gw_str *frames, uint64_t number);
};

struct place {
    struct hub_thread hub;
    const struct feeder *feeder;
    void *peer;
    uint64_t numbers;
    struct gw_zeromq_source_settings settings;
};

/* PULL: nothing is needed. */
static void prepare_nothing(void *peer) {
    (void)peer;
}

static size_t lead_nothing(struct gw_str *frames, uint64_t number) {
    (void)frames;
    (void)number;
    return 0;
}

/* SUB: what is published before the subscription is there would be lost. */
static void await_subscription(void *peer) {
    char subscription[16];
    assert_true(zmq_recv(peer, subscription, sizeof subscription, 0) > 0);
}

static struct gw_str number_frame(uint64_t number) {
    static uint8_t bytes[GW_ZEROMQ_SEQ_BYTES];
    gw_zeromq_write_seq(number, bytes);
    return (struct gw_str){(const char *)bytes, sizeof bytes};
}

static size_t lead_topic_and_number(struct gw_str *frames, uint64_t number) {
    frames[0] = GW_STR("topic");
    frames[1] = number_frame(number);
    return 2;
}

/* Acked: a session is opened first. Answers are left unread. */
static void greet(void *peer) {
    char answer[16];
    assert_true(zmq_send(peer, GW_ZEROMQ_HELLO, 5, ZMQ_SNDMORE) == 5);
    assert_true(zmq_send(peer, "the feeder", 10, 0) == 10);
    assert_int_equal(zmq_recv(peer, answer, sizeof answer, 0), 5);
    assert_int_equal(zmq_recv(peer, answer, sizeof answer, 0), 4);
}

static size_t lead_number(struct gw_str *frames, uint64_t number) {
    frames[0] = number_frame(number);
    return 1;
}

static void *make(const struct feeder *feeder, size_t message_bytes_max) {
    struct place *place = calloc(1, sizeof *place);
    assert_non_null(place);
    hub_thread_init(&place->hub);
    place->feeder = feeder;
    place->hub.source.pattern = feeder->pattern;
    if (feeder->binds) {
        place->hub.source.connect = place->hub.in;
        place->hub.source.connect_count = 1;
    } else {
        place->hub.source.bind = place->hub.in;
        place->hub.source.bind_count = 1;
    }
    place->hub.settings.source = &place->hub.source;
    place->hub.settings.message_bytes_max = message_bytes_max;
    hub_thread_start(&place->hub);
    place->peer = hub_thread_peer(&place->hub, feeder->type, place->hub.in[0], feeder->binds);
    feeder->prepare(place->peer);
    place->settings =
        (struct gw_zeromq_source_settings){.hub_path = place->hub.socket_path, .credit_bytes = CREDIT_BYTES};
    return place;
}

/* The header map, with the key; nothing when there is neither. */
static void encode_map(const struct source_feed *message, struct gw_buffer *map) {
    struct gw_header items[8];
    size_t count = message->headers.count;
    assert_true(count < sizeof items / sizeof items[0]);
    if (count > 0) {
        memcpy(items, message->headers.items, count * sizeof items[0]);
    }
    if (message->key.data) {
        items[count++] = (struct gw_header){GW_STR(GW_HEADER_KEY), message->key};
    }
    gw_buffer_init(map, &gw_allocator_system, SIZE_MAX);
    if (count > 0) {
        assert_int_equal(gw_headers_encode((struct gw_headers){items, count}, map), GW_OK);
    }
}

static void feed(void *state, const struct source_feed *messages, size_t count) {
    struct place *place = state;
    for (size_t i = 0; i < count; i++) {
        struct gw_str frames[4];
        struct gw_buffer map;
        size_t used = place->feeder->lead(frames, ++place->numbers);
        encode_map(&messages[i], &map);
        if (map.size > 0 || used > 0) {
            frames[used++] = gw_buffer_str(&map);
        }
        frames[used++] = messages[i].payload;
        for (size_t frame = 0; frame < used; frame++) {
            int more = frame + 1 < used ? ZMQ_SNDMORE : 0;
            assert_true(zmq_send(place->peer, frames[frame].data, frames[frame].size, more) >= 0);
        }
        gw_buffer_free(&map);
    }
}

static enum gw_status open_source(void *state, const struct gw_source_events *events,
                                  struct gw_source **source, struct gw_error *error) {
    return gw_zeromq_source_open(&((struct place *)state)->settings, events, &gw_clock_system, source, error);
}

static void destroy(void *state) {
    struct place *place = state;
    zmq_close(place->peer);
    hub_thread_end(&place->hub);
    free(place);
}

static const struct feeder push = {GW_ZEROMQ_PULL, ZMQ_PUSH, false, prepare_nothing, lead_nothing};
static const struct feeder xpub = {GW_ZEROMQ_SUB, ZMQ_XPUB, true, await_subscription, lead_topic_and_number};
static const struct feeder dealer = {GW_ZEROMQ_ACKED, ZMQ_DEALER, false, greet, lead_number};

static void *make_pull(size_t message_bytes_max) {
    return make(&push, message_bytes_max);
}

static void *make_sub(size_t message_bytes_max) {
    return make(&xpub, message_bytes_max);
}

static void *make_acked(size_t message_bytes_max) {
    return make(&dealer, message_bytes_max);
}

int main(void) {
    static const struct {
        const char *name;
        void *(*make)(size_t message_bytes_max);
    } patterns[] = {{"zeromq source: PULL", make_pull},
                    {"zeromq source: SUB", make_sub},
                    {"zeromq source: ACKED", make_acked}};
    int failed = 0;
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        const struct source_backend backend = {
            .name = patterns[i].name,
            .keys = true,
            .headers = true,
            .binary = true,
            .in_order = true,
            .make = patterns[i].make,
            .feed = feed,
            .open = open_source,
            .destroy = destroy,
        };
        failed += source_suite_run(&backend);
    }
    return failed;
}
