/* A worker's connection, against a hub that the test plays. */
#include "transport/hub_client.h"

#include "base/log.h"
#include "transport/hub_listener.h"
#include "unit/fake_clock.h"
#include "unit/scratch_dir.h"

#include <poll.h>

#define STEPS 1000

struct stage {
    struct scratch_dir *dir;
    const char *path;
    int listener;
    struct gw_hub_channel hub; /* our end */
    struct fake_clock fake;
    struct gw_clock clock;
    struct gw_hub_client client;
};

static int set_up(void **state) {
    struct stage *stage = calloc(1, sizeof *stage);
    assert_non_null(stage);
    gw_log_init(GW_LOG_OFF, GW_LOG_LOGFMT, "test", -1);
    scratch_dir_set_up((void **)&stage->dir);
    stage->path = scratch_dir_path(stage->dir, "hub.sock");
    stage->fake.monotonic_ns = GW_NS_PER_S;
    stage->clock = fake_clock(&stage->fake);
    stage->listener = -1;
    gw_hub_channel_init(&stage->hub, -1, &gw_allocator_system);
    assert_int_equal(gw_hub_client_open(&stage->client, stage->path, GW_HUB_ROLE_SINK, 7, 4096, &stage->clock,
                                        &gw_allocator_system, NULL),
                     GW_OK);
    *state = stage;
    return 0;
}

static int tear_down(void **state) {
    struct stage *stage = *state;
    gw_hub_client_close(&stage->client);
    gw_hub_channel_close(&stage->hub);
    if (stage->listener >= 0) {
        close(stage->listener);
    }
    scratch_dir_tear_down((void **)&stage->dir);
    free(stage);
    return 0;
}

static void listen_here(struct stage *stage) {
    assert_int_equal(gw_hub_listen(stage->path, &stage->listener, NULL), GW_OK);
}

static bool is_readable(struct stage *stage) {
    struct pollfd watched = {.fd = gw_hub_client_fd(&stage->client), .events = POLLIN};
    return poll(&watched, 1, 0) > 0;
}

/* The client connects and says HELLO. */
static void accept_client(struct stage *stage) {
    struct gw_hub_frame frame;
    gw_hub_client_step(&stage->client);
    assert_int_equal(stage->client.state, GW_HUB_CLIENT_GREETED);
    int fd = gw_hub_accept(stage->listener);
    assert_true(fd >= 0);
    gw_hub_channel_close(&stage->hub);
    gw_hub_channel_init(&stage->hub, fd, &gw_allocator_system);
    assert_int_equal(gw_hub_channel_read(&stage->hub), GW_OK);
    assert_int_equal(gw_hub_channel_next(&stage->hub, &frame, NULL), GW_OK);
    assert_int_equal(frame.type, GW_HUB_HELLO);
    assert_int_equal(frame.as.hello.version, GW_HUB_VERSION);
    assert_int_equal(frame.as.hello.role, GW_HUB_ROLE_SINK);
    assert_int_equal(frame.as.hello.slot, 7);
    assert_int_equal(frame.as.hello.window, 4096);
}

static void send_frame(struct stage *stage, const struct gw_hub_frame *frame) {
    assert_int_equal(gw_hub_channel_post(&stage->hub, frame), GW_OK);
    assert_int_equal(gw_hub_channel_write(&stage->hub), GW_OK);
}

static void welcome(struct stage *stage, uint8_t version) {
    struct gw_hub_frame frame = {
        .type = GW_HUB_WELCOME,
        .as.welcome = {.version = version, .outlets = 3, .window = 100, .message_bytes_max = 1000}};
    send_frame(stage, &frame);
    gw_hub_client_step(&stage->client);
}

static void connect_client(struct stage *stage) {
    listen_here(stage);
    accept_client(stage);
    welcome(stage, GW_HUB_VERSION);
    assert_int_equal(stage->client.state, GW_HUB_CLIENT_READY);
}

static struct gw_hub_frame result(uint64_t ticket) {
    return (struct gw_hub_frame){.type = GW_HUB_RESULT, .as.result = {.ticket = ticket, .status = GW_OK}};
}

static void assert_next_is(struct stage *stage, uint64_t ticket) {
    struct gw_hub_frame frame;
    assert_int_equal(gw_hub_client_next(&stage->client, &frame), GW_OK);
    assert_int_equal(frame.type, GW_HUB_RESULT);
    assert_int_equal(frame.as.result.ticket, ticket);
}

static void it_is_ready_when_it_is_welcome(void **state) {
    struct stage *stage = *state;
    connect_client(stage);
    assert_int_equal(stage->client.outlets, 3);
    assert_int_equal(stage->client.sink_window, 100);
    assert_int_equal(stage->client.message_bytes_max, 1000);
    assert_int_equal(stage->client.epoch, 0);
    gw_hub_client_rest(&stage->client, false);
    assert_false(is_readable(stage));
}

static void frames_go_both_ways(void **state) {
    struct stage *stage = *state;
    struct gw_hub_frame frame = result(1);
    connect_client(stage);
    send_frame(stage, &frame);
    frame = result(2);
    send_frame(stage, &frame);
    assert_true(is_readable(stage));
    gw_hub_client_step(&stage->client);
    assert_next_is(stage, 1);
    assert_true(gw_hub_client_has_frame(&stage->client));
    gw_hub_client_rest(&stage->client, true);
    assert_true(is_readable(stage)); /* by what it has read already */
    assert_next_is(stage, 2);
    gw_hub_client_rest(&stage->client, false);
    assert_false(is_readable(stage));
    frame = (struct gw_hub_frame){.type = GW_HUB_PAUSE, .as.pause = {.on = true}};
    assert_int_equal(gw_hub_client_post(&stage->client, &frame), GW_OK);
    assert_true(is_readable(stage)); /* a step shall write it */
    gw_hub_client_step(&stage->client);
    assert_int_equal(gw_hub_channel_read(&stage->hub), GW_OK);
    assert_int_equal(gw_hub_channel_next(&stage->hub, &frame, NULL), GW_OK);
    assert_int_equal(frame.type, GW_HUB_PAUSE);
}

static void nothing_can_be_posted_before_the_welcome(void **state) {
    struct stage *stage = *state;
    struct gw_hub_frame frame = result(1);
    assert_int_equal(gw_hub_client_post(&stage->client, &frame), GW_UNREACHABLE);
    listen_here(stage);
    accept_client(stage);
    assert_int_equal(gw_hub_client_post(&stage->client, &frame), GW_UNREACHABLE);
    assert_int_equal(gw_hub_client_next(&stage->client, &frame), GW_AGAIN);
}

/* How long the clock must move on until the client tries again, and fails. */
static int64_t wait_of_next_try(struct stage *stage) {
    uint64_t epoch = stage->client.epoch;
    for (int64_t ms = 0; ms <= GW_HUB_BACKOFF_MAX_MS; ms++) {
        gw_hub_client_step(&stage->client);
        if (stage->client.epoch != epoch) {
            return ms;
        }
        fake_clock_advance_ms(&stage->fake, 1);
    }
    return -1;
}

static void tries_get_rarer_up_to_a_limit(void **state) {
    struct stage *stage = *state;
    assert_int_equal(wait_of_next_try(stage), 0);
    int64_t wait = GW_HUB_BACKOFF_MIN_MS;
    for (int i = 0; i < 10; i++) {
        assert_int_equal(wait_of_next_try(stage), wait);
        wait = wait * 2 < GW_HUB_BACKOFF_MAX_MS ? wait * 2 : GW_HUB_BACKOFF_MAX_MS;
    }
    assert_int_equal(wait, GW_HUB_BACKOFF_MAX_MS);
    listen_here(stage); /* and then there is a hub */
    fake_clock_advance_ms(&stage->fake, GW_HUB_BACKOFF_MAX_MS);
    accept_client(stage);
}

static void a_lost_hub_begins_a_new_epoch(void **state) {
    struct stage *stage = *state;
    struct gw_hub_frame frame = result(1);
    connect_client(stage);
    send_frame(stage, &frame);
    gw_hub_channel_close(&stage->hub);
    gw_hub_client_step(&stage->client); /* reads the frame */
    gw_hub_client_step(&stage->client); /* reads the end */
    assert_int_equal(stage->client.state, GW_HUB_CLIENT_DOWN);
    assert_int_equal(stage->client.epoch, 1);
    assert_int_equal(gw_hub_client_next(&stage->client, &frame), GW_AGAIN); /* from a hub that is no more */
    assert_int_equal(gw_hub_client_post(&stage->client, &frame), GW_UNREACHABLE);
    fake_clock_advance_ms(&stage->fake, GW_HUB_BACKOFF_MIN_MS);
    accept_client(stage);
    welcome(stage, GW_HUB_VERSION);
    assert_int_equal(stage->client.state, GW_HUB_CLIENT_READY);
    assert_int_equal(stage->client.epoch, 1);
}

static void another_version_is_no_hub_of_ours(void **state) {
    struct stage *stage = *state;
    listen_here(stage);
    accept_client(stage);
    welcome(stage, GW_HUB_VERSION + 1);
    assert_int_equal(stage->client.state, GW_HUB_CLIENT_DOWN);
    fake_clock_advance_ms(&stage->fake, GW_HUB_BACKOFF_MIN_MS);
    accept_client(stage);
    struct gw_hub_frame frame = result(1);
    send_frame(stage, &frame); /* no WELCOME at all */
    gw_hub_client_step(&stage->client);
    assert_int_equal(stage->client.state, GW_HUB_CLIENT_DOWN);
}

static void a_hub_that_talks_nonsense_is_left(void **state) {
    struct stage *stage = *state;
    struct gw_hub_frame frame;
    connect_client(stage);
    assert_int_equal(write(stage->hub.fd, "\xFF\xFF\xFF\xFF", 4), 4);
    gw_hub_client_step(&stage->client);
    assert_int_equal(gw_hub_client_next(&stage->client, &frame), GW_AGAIN);
    assert_int_equal(stage->client.state, GW_HUB_CLIENT_DOWN);
    assert_int_equal(stage->client.epoch, 1);
}

/* More than the socket holds: posting goes on, the rest is written as the hub reads. */
static void what_does_not_fit_the_socket_is_written_later(void **state) {
    struct stage *stage = *state;
    char payload[10000] = {0};
    struct gw_hub_frame frame = {.type = GW_HUB_SEND,
                                 .as.send = {.headers = {"", 0}, .payload = {payload, sizeof payload}}};
    uint64_t read = 0;
    connect_client(stage);
    for (uint64_t i = 0; i < 200; i++) {
        frame.as.send.ticket = i;
        assert_int_equal(gw_hub_client_post(&stage->client, &frame), GW_OK);
    }
    assert_true(gw_hub_channel_unwritten(&stage->client.channel) > 0);
    for (int step = 0; read < 200; step++) {
        assert_true(step < STEPS);
        assert_int_equal(gw_hub_channel_read(&stage->hub), GW_OK);
        while (gw_hub_channel_next(&stage->hub, &frame, NULL) == GW_OK) {
            assert_int_equal(frame.as.send.ticket, read++);
        }
        if (is_readable(stage)) { /* only where there is room again */
            gw_hub_client_step(&stage->client);
        }
    }
    assert_int_equal(gw_hub_channel_unwritten(&stage->client.channel), 0);
}

static void what_is_posted_is_written_by_a_flush(void **state) {
    struct stage *stage = *state;
    struct gw_hub_frame frame = result(3);
    connect_client(stage);
    assert_int_equal(gw_hub_client_post(&stage->client, &frame), GW_OK);
    gw_hub_client_flush(&stage->client, 1);
    assert_int_equal(gw_hub_channel_read(&stage->hub), GW_OK);
    assert_int_equal(gw_hub_channel_next(&stage->hub, &frame, NULL), GW_OK);
    assert_int_equal(frame.as.result.ticket, 3);
}

static void what_is_posted_last_is_written_on_close(void **state) {
    struct stage *stage = *state;
    struct gw_hub_frame frame = result(5);
    connect_client(stage);
    assert_int_equal(gw_hub_client_post(&stage->client, &frame), GW_OK);
    gw_hub_client_close(&stage->client);
    assert_int_equal(gw_hub_channel_read(&stage->hub), GW_OK);
    assert_int_equal(gw_hub_channel_next(&stage->hub, &frame, NULL), GW_OK);
    assert_int_equal(frame.as.result.ticket, 5);
}

static void a_path_too_long_is_a_bad_config(void **state) {
    struct stage *stage = *state;
    struct gw_hub_client client;
    struct gw_error error;
    char path[200];
    memset(path, 'x', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    assert_int_equal(gw_hub_client_open(&client, path, GW_HUB_ROLE_SOURCE, 0, 0, &stage->clock,
                                        &gw_allocator_system, &error),
                     GW_BAD_CONFIG);
}

#define stage_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        stage_test(it_is_ready_when_it_is_welcome),
        stage_test(frames_go_both_ways),
        stage_test(nothing_can_be_posted_before_the_welcome),
        stage_test(tries_get_rarer_up_to_a_limit),
        stage_test(a_lost_hub_begins_a_new_epoch),
        stage_test(another_version_is_no_hub_of_ours),
        stage_test(a_hub_that_talks_nonsense_is_left),
        stage_test(what_does_not_fit_the_socket_is_written_later),
        stage_test(what_is_posted_is_written_by_a_flush),
        stage_test(what_is_posted_last_is_written_on_close),
        stage_test(a_path_too_long_is_a_bad_config),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
