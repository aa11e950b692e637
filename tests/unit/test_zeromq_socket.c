/* Sockets from settings, and whole messages through them. */
#include "transport/zeromq_socket.h"

#include "unit/unit.h"

#include <stdlib.h>

#define ENDPOINT "inproc://here"

static const char *const here[] = {ENDPOINT};

static int set_up(void **state) {
    *state = zmq_ctx_new();
    assert_non_null(*state);
    return 0;
}

static int tear_down(void **state) {
    zmq_ctx_term(*state);
    return 0;
}

static int option(void *socket, int name) {
    int value = -1;
    size_t size = sizeof value;
    assert_int_equal(zmq_getsockopt(socket, name, &value, &size), 0);
    return value;
}

static void *open_socket(void *context, const struct gw_zeromq_settings *settings, bool is_sink) {
    void *socket;
    struct gw_error error = {.detail = ""};
    enum gw_status status =
        gw_zeromq_open(context, settings, is_sink, GW_ZEROMQ_ALL_ENDPOINTS, &socket, &error);
    assert_string_equal(error.detail, "");
    assert_int_equal(status, GW_OK);
    return socket;
}

static void each_pattern_has_its_socket(void **state) {
    static const struct {
        enum gw_zeromq_pattern pattern;
        bool is_sink;
        int type;
    } patterns[] = {{GW_ZEROMQ_PULL, false, ZMQ_PULL},    {GW_ZEROMQ_SUB, false, ZMQ_SUB},
                    {GW_ZEROMQ_PUSH, true, ZMQ_PUSH},     {GW_ZEROMQ_PUB, true, ZMQ_PUB},
                    {GW_ZEROMQ_ACKED, false, ZMQ_ROUTER}, {GW_ZEROMQ_ACKED, true, ZMQ_DEALER}};
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        struct gw_zeromq_settings settings = {.pattern = patterns[i].pattern};
        void *socket = open_socket(*state, &settings, patterns[i].is_sink);
        assert_int_equal(option(socket, ZMQ_TYPE), patterns[i].type);
        assert_true(option(socket, ZMQ_RCVHWM) > 0); /* never unbounded */
        assert_true(option(socket, ZMQ_SNDHWM) > 0);
        zmq_close(socket);
    }
}

static void settings_win_over_defaults(void **state) {
    struct gw_zeromq_settings settings = {.pattern = GW_ZEROMQ_PUSH, .high_water = 7, .linger_ms = 123};
    void *socket = open_socket(*state, &settings, true);
    assert_int_equal(option(socket, ZMQ_SNDHWM), 7);
    assert_int_equal(option(socket, ZMQ_LINGER), 123);
    zmq_close(socket);
}

static void no_close_waits_for_ever(void **state) {
    const int lingers[] = {-1, GW_ZEROMQ_LINGER_MAX_MS + 1};
    for (size_t i = 0; i < 2; i++) {
        struct gw_zeromq_settings settings = {.pattern = GW_ZEROMQ_PUSH, .linger_ms = lingers[i]};
        void *socket = open_socket(*state, &settings, true);
        assert_int_equal(option(socket, ZMQ_LINGER), GW_ZEROMQ_LINGER_MAX_MS);
        zmq_close(socket);
    }
}

static void a_bad_endpoint_is_named(void **state) {
    static const char *const bad[] = {"inproc://fine", "tcp:/nonsense"};
    struct gw_zeromq_settings settings = {.pattern = GW_ZEROMQ_PULL, .bind = bad, .bind_count = 2};
    struct gw_error error;
    void *socket;
    assert_int_equal(gw_zeromq_open(*state, &settings, false, GW_ZEROMQ_ALL_ENDPOINTS, &socket, &error),
                     GW_BAD_CONFIG);
    assert_null(socket);
    assert_non_null(strstr(error.detail, "tcp:/nonsense"));
    settings = (struct gw_zeromq_settings){.pattern = GW_ZEROMQ_PUSH, .connect = &bad[1], .connect_count = 1};
    assert_int_equal(gw_zeromq_open(*state, &settings, true, GW_ZEROMQ_ALL_ENDPOINTS, &socket, &error),
                     GW_BAD_CONFIG);
    assert_non_null(strstr(error.detail, "connect"));
}

static void an_endpoint_in_use_is_the_systems(void **state) {
    struct gw_zeromq_settings settings = {.pattern = GW_ZEROMQ_PULL, .bind = here, .bind_count = 1};
    struct gw_error error;
    void *socket = open_socket(*state, &settings, false), *second;
    assert_int_equal(gw_zeromq_open(*state, &settings, false, GW_ZEROMQ_ALL_ENDPOINTS, &second, &error),
                     GW_SYSTEM);
    assert_non_null(strstr(error.detail, ENDPOINT));
    zmq_close(socket);
}

/* Of several endpoints just the one that was asked for. */
static void one_endpoint_can_be_chosen(void **state) {
    static const char *const bound[] = {"inproc://a"}, *const connected[] = {"nonsense"};
    struct gw_zeromq_settings settings = {
        .pattern = GW_ZEROMQ_SUB, .bind = bound, .bind_count = 1, .connect = connected, .connect_count = 1};
    struct gw_error error;
    void *socket;
    assert_int_equal(gw_zeromq_open(*state, &settings, false, 0, &socket, &error), GW_OK);
    zmq_close(socket);
    assert_int_equal(gw_zeromq_open(*state, &settings, false, 1, &socket, &error), GW_BAD_CONFIG);
}

struct pair {
    void *push, *pull;
};

static struct pair open_pair(void *context) {
    struct gw_zeromq_settings pull = {.pattern = GW_ZEROMQ_PULL, .bind = here, .bind_count = 1};
    struct gw_zeromq_settings push = {.pattern = GW_ZEROMQ_PUSH, .connect = here, .connect_count = 1};
    struct pair pair;
    pair.pull = open_socket(context, &pull, false);
    pair.push = open_socket(context, &push, true);
    return pair;
}

static void close_pair(struct pair *pair) {
    zmq_close(pair->push);
    zmq_close(pair->pull);
}

static enum gw_status send_texts(void *socket, const char *const *texts, size_t count) {
    zmq_msg_t parts[32];
    zmq_msg_t *pointers[32];
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(gw_zeromq_copy(&parts[i], gw_str_from(texts[i])), GW_OK);
        pointers[i] = &parts[i];
    }
    enum gw_status status = gw_zeromq_send(socket, pointers, count);
    for (size_t i = 0; i < count; i++) { /* they are still the caller's */
        assert_true(gw_str_is(gw_zeromq_bytes(&parts[i]), texts[i]));
        zmq_msg_close(&parts[i]);
    }
    return status;
}

static void messages_come_whole(void **state) {
    struct pair pair = open_pair(*state);
    struct gw_zeromq_parts parts;
    assert_int_equal(gw_zeromq_receive(pair.pull, &parts), GW_AGAIN);
    assert_int_equal(send_texts(pair.push, (const char *const[]){"one", "", "three"}, 3), GW_OK);
    assert_int_equal(send_texts(pair.push, (const char *const[]){"alone"}, 1), GW_OK);
    assert_int_equal(gw_zeromq_receive(pair.pull, &parts), GW_OK);
    assert_int_equal(parts.kept, 3);
    assert_int_equal(parts.frames, 3);
    assert_int_equal(parts.bytes, 8);
    assert_true(gw_str_is(gw_zeromq_bytes(&parts.parts[0]), "one"));
    assert_true(gw_str_is(gw_zeromq_bytes(&parts.parts[1]), ""));
    assert_true(gw_str_is(gw_zeromq_bytes(&parts.parts[2]), "three"));
    gw_zeromq_parts_close(&parts);
    assert_int_equal(gw_zeromq_receive(pair.pull, &parts), GW_OK);
    assert_int_equal(parts.frames, 1);
    gw_zeromq_parts_close(&parts);
    assert_int_equal(gw_zeromq_receive(pair.pull, &parts), GW_AGAIN);
    close_pair(&pair);
}

static void surplus_frames_are_counted_and_dropped(void **state) {
    struct pair pair = open_pair(*state);
    struct gw_zeromq_parts parts;
    const char *texts[GW_ZEROMQ_PARTS_MAX + 3];
    for (size_t i = 0; i < GW_ZEROMQ_PARTS_MAX + 3; i++) {
        texts[i] = "ab";
    }
    assert_int_equal(send_texts(pair.push, texts, GW_ZEROMQ_PARTS_MAX + 3), GW_OK);
    assert_int_equal(send_texts(pair.push, texts, 1), GW_OK);
    assert_int_equal(gw_zeromq_receive(pair.pull, &parts), GW_OK);
    assert_int_equal(parts.kept, GW_ZEROMQ_PARTS_MAX);
    assert_int_equal(parts.frames, GW_ZEROMQ_PARTS_MAX + 3);
    assert_int_equal(parts.bytes, 2 * (GW_ZEROMQ_PARTS_MAX + 3));
    gw_zeromq_parts_close(&parts);
    assert_int_equal(gw_zeromq_receive(pair.pull, &parts), GW_OK); /* the next one is whole */
    assert_int_equal(parts.frames, 1);
    gw_zeromq_parts_close(&parts);
    close_pair(&pair);
}

static void nobody_to_send_to_is_again(void **state) {
    struct gw_zeromq_settings settings = {.pattern = GW_ZEROMQ_PUSH, .bind = here, .bind_count = 1};
    void *socket = open_socket(*state, &settings, true);
    assert_int_equal(send_texts(socket, (const char *const[]){"one", "two"}, 2), GW_AGAIN);
    zmq_close(socket);
}

static void an_unknown_peer_is_unreachable(void **state) {
    struct gw_zeromq_settings settings = {.pattern = GW_ZEROMQ_ACKED, .bind = here, .bind_count = 1};
    void *socket = open_socket(*state, &settings, false);
    assert_int_equal(send_texts(socket, (const char *const[]){"nobody", "two"}, 2), GW_UNREACHABLE);
    zmq_close(socket);
}

#define context_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        context_test(each_pattern_has_its_socket),
        context_test(settings_win_over_defaults),
        context_test(no_close_waits_for_ever),
        context_test(a_bad_endpoint_is_named),
        context_test(an_endpoint_in_use_is_the_systems),
        context_test(one_endpoint_can_be_chosen),
        context_test(messages_come_whole),
        context_test(surplus_frames_are_counted_and_dropped),
        context_test(nobody_to_send_to_is_again),
        context_test(an_unknown_peer_is_unreachable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
