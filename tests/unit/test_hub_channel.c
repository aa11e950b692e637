/* Frames over a socket pair. */
#include "transport/hub_channel.h"
#include "unit/failing_allocator.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

struct pair {
    struct gw_hub_channel ends[2];
};

static void open_with(struct pair *pair, const struct gw_allocator *allocator) {
    int fds[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    gw_hub_channel_init(&pair->ends[0], fds[0], allocator);
    gw_hub_channel_init(&pair->ends[1], fds[1], allocator);
}

static int set_up(void **state) {
    struct pair *pair = malloc(sizeof *pair);
    assert_non_null(pair);
    open_with(pair, &gw_allocator_system);
    *state = pair;
    return 0;
}

static int tear_down(void **state) {
    struct pair *pair = *state;
    gw_hub_channel_close(&pair->ends[0]);
    gw_hub_channel_close(&pair->ends[1]);
    free(pair);
    return 0;
}

static struct gw_hub_frame send_frame(uint64_t ticket, struct gw_str payload) {
    return (struct gw_hub_frame){.type = GW_HUB_SEND,
                                 .as.send = {.ticket = ticket, .headers = {"", 0}, .payload = payload}};
}

static void assert_next(struct gw_hub_channel *channel, uint64_t ticket, struct gw_str payload) {
    struct gw_hub_frame frame;
    assert_true(gw_hub_channel_has_frame(channel));
    assert_int_equal(gw_hub_channel_next(channel, &frame, NULL), GW_OK);
    assert_int_equal(frame.type, GW_HUB_SEND);
    assert_int_equal(frame.as.send.ticket, ticket);
    assert_true(gw_str_eq(frame.as.send.payload, payload));
}

static void assert_none(struct gw_hub_channel *channel) {
    struct gw_hub_frame frame;
    assert_false(gw_hub_channel_has_frame(channel));
    assert_int_equal(gw_hub_channel_next(channel, &frame, NULL), GW_AGAIN);
}

static void frames_come_out_in_order(void **state) {
    struct pair *pair = *state;
    for (uint64_t i = 0; i < 100; i++) {
        struct gw_hub_frame frame = send_frame(i, GW_STR("payload"));
        assert_int_equal(gw_hub_channel_post(&pair->ends[0], &frame), GW_OK);
    }
    assert_int_equal(gw_hub_channel_write(&pair->ends[0]), GW_OK);
    assert_int_equal(gw_hub_channel_unwritten(&pair->ends[0]), 0);
    assert_int_equal(gw_hub_channel_read(&pair->ends[1]), GW_OK);
    for (uint64_t i = 0; i < 100; i++) {
        assert_next(&pair->ends[1], i, GW_STR("payload"));
    }
    assert_none(&pair->ends[1]);
}

static void nothing_is_there_before_anything_is_sent(void **state) {
    struct pair *pair = *state;
    assert_int_equal(gw_hub_channel_read(&pair->ends[1]), GW_OK);
    assert_none(&pair->ends[1]);
}

/* Byte for byte: a frame is there with its last byte and not before. */
static void a_frame_may_come_in_pieces(void **state) {
    struct pair *pair = *state;
    struct gw_hub_frame frame = send_frame(5, GW_STR("in pieces"));
    struct gw_buffer bytes;
    gw_buffer_init(&bytes, &gw_allocator_system, SIZE_MAX);
    assert_int_equal(gw_hub_frame_encode(&frame, &bytes), GW_OK);
    for (size_t i = 0; i < bytes.size; i++) {
        assert_none(&pair->ends[1]);
        assert_int_equal(write(pair->ends[0].fd, bytes.data + i, 1), 1);
        assert_int_equal(gw_hub_channel_read(&pair->ends[1]), GW_OK);
    }
    assert_next(&pair->ends[1], 5, GW_STR("in pieces"));
    gw_buffer_free(&bytes);
}

/* Larger than the socket's buffer, between small ones: it takes many writes and reads. */
static void a_large_frame_goes_through(void **state) {
    struct pair *pair = *state;
    size_t size = (size_t)20 << 20;
    char *large = malloc(size);
    for (size_t i = 0; i < size; i++) {
        large[i] = (char)(i * 7 >> 3);
    }
    const struct gw_str payloads[] = {GW_STR("before"), {large, size}, GW_STR("after")};
    for (uint64_t i = 0; i < 3; i++) {
        struct gw_hub_frame frame = send_frame(i, payloads[i]);
        assert_int_equal(gw_hub_channel_post(&pair->ends[0], &frame), GW_OK);
    }
    for (uint64_t i = 0; i < 3;) {
        assert_int_equal(gw_hub_channel_write(&pair->ends[0]), GW_OK);
        assert_int_equal(gw_hub_channel_read(&pair->ends[1]), GW_OK);
        while (gw_hub_channel_has_frame(&pair->ends[1])) {
            assert_next(&pair->ends[1], i, payloads[i]);
            i++;
        }
    }
    assert_int_equal(gw_hub_channel_unwritten(&pair->ends[0]), 0);
    assert_int_equal(gw_hub_channel_read(&pair->ends[1]), GW_OK);
    assert_true(pair->ends[0].out.capacity < size); /* its memory was given back */
    assert_true(pair->ends[1].in.capacity < size);
    free(large);
}

static void what_came_before_the_end_is_had(void **state) {
    struct pair *pair = *state;
    struct gw_hub_frame frame = send_frame(1, GW_STR("last words"));
    assert_int_equal(gw_hub_channel_post(&pair->ends[0], &frame), GW_OK);
    assert_int_equal(gw_hub_channel_write(&pair->ends[0]), GW_OK);
    gw_hub_channel_close(&pair->ends[0]);
    assert_int_equal(gw_hub_channel_read(&pair->ends[1]), GW_OK);
    assert_int_equal(gw_hub_channel_read(&pair->ends[1]), GW_CLOSED);
    assert_next(&pair->ends[1], 1, GW_STR("last words"));
    assert_none(&pair->ends[1]);
    assert_int_equal(gw_hub_channel_post(&pair->ends[1], &frame), GW_OK);
    assert_int_equal(gw_hub_channel_write(&pair->ends[1]), GW_CLOSED); /* and no SIGPIPE */
}

static void claims_beyond_the_limit_are_refused(void **state) {
    struct pair *pair = *state;
    struct gw_hub_frame frame;
    struct gw_error error;
    assert_int_equal(write(pair->ends[0].fd, "\xFF\xFF\xFF\xFF", 4), 4);
    assert_int_equal(gw_hub_channel_read(&pair->ends[1]), GW_OK);
    assert_true(gw_hub_channel_has_frame(&pair->ends[1]));
    assert_int_equal(gw_hub_channel_next(&pair->ends[1], &frame, &error), GW_PROTOCOL);
    assert_int_equal(gw_hub_channel_next(&pair->ends[1], &frame, &error), GW_PROTOCOL);
}

static void an_empty_frame_is_refused(void **state) {
    struct pair *pair = *state;
    struct gw_hub_frame frame;
    assert_int_equal(write(pair->ends[0].fd, "\0\0\0\0", 4), 4);
    assert_int_equal(gw_hub_channel_read(&pair->ends[1]), GW_OK);
    assert_int_equal(gw_hub_channel_next(&pair->ends[1], &frame, NULL), GW_PROTOCOL);
}

/* Whatever allocation fails, frames that were accepted arrive, each once, and reading goes on afterwards. */
static void failing_allocations_lose_nothing(void **state) {
    (void)state;
    bool failed = true;
    for (size_t turn = 0; failed; turn++) {
        struct failing_allocator failing = {.fail_at = turn};
        struct gw_allocator allocator = failing_allocator(&failing);
        struct pair pair;
        uint64_t posted = 0, taken = 0;
        char payload[3000] = {0};
        open_with(&pair, &allocator);
        for (int i = 0; i < 30; i++) {
            struct gw_hub_frame frame = send_frame(posted, (struct gw_str){payload, sizeof payload});
            posted += gw_hub_channel_post(&pair.ends[0], &frame) == GW_OK;
        }
        while (taken < posted) {
            assert_int_equal(gw_hub_channel_write(&pair.ends[0]), GW_OK);
            enum gw_status status = gw_hub_channel_read(&pair.ends[1]);
            assert_true(status == GW_OK || (status == GW_NO_MEMORY && failing.failed));
            while (gw_hub_channel_has_frame(&pair.ends[1])) {
                assert_next(&pair.ends[1], taken++, (struct gw_str){payload, sizeof payload});
            }
        }
        assert_true(posted >= 29);
        gw_hub_channel_close(&pair.ends[0]);
        gw_hub_channel_close(&pair.ends[1]);
        assert_int_equal(failing.in_use, 0);
        failed = failing.failed;
    }
}

#define pair_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        pair_test(frames_come_out_in_order),        pair_test(nothing_is_there_before_anything_is_sent),
        pair_test(a_frame_may_come_in_pieces),      pair_test(a_large_frame_goes_through),
        pair_test(what_came_before_the_end_is_had), pair_test(claims_beyond_the_limit_are_refused),
        pair_test(an_empty_frame_is_refused),       cmocka_unit_test(failing_allocations_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
