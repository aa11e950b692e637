/* Frames between hub and worker: what goes in comes out, and nothing else is taken. */
#include "transport/hub_frame.h"
#include "unit/failing_allocator.h"

static const struct gw_hub_frame examples[] = {
    {.type = GW_HUB_HELLO,
     .as.hello = {.version = 1, .role = GW_HUB_ROLE_SINK, .slot = 0x01020304, .window = UINT64_MAX}},
    {.type = GW_HUB_WELCOME,
     .as.welcome = {.version = 255, .outlets = 2, .window = 5, .message_bytes_max = 77}},
    {.type = GW_HUB_DEAL,
     .as.deal = {.receipt = UINT64_C(0x1122334455667788),
                 .redelivered = true,
                 .refused = GW_TOO_LARGE,
                 .full_size = 20000000,
                 .position = {GW_POSITION_ACKED, {"session", 7}, 0, INT64_MAX},
                 .headers = {"\x80", 1},
                 .payload = {"payload", 7}}},
    {.type = GW_HUB_DEAL,
     .as.deal = {.position = {GW_POSITION_HUB, {"", 0}, 0, 1}, .headers = {"", 0}, .payload = {"", 0}}},
    {.type = GW_HUB_SETTLE, .as.settle = {.receipt = 9, .outcome = GW_OUTCOME_RETRY}},
    {.type = GW_HUB_PAUSE, .as.pause = {.on = true}},
    {.type = GW_HUB_END},
    {.type = GW_HUB_SEND,
     .as.send = {.ticket = 3,
                 .outlet = GW_OUTLET_DEAD_LETTERS,
                 .topic = {"topic", 5},
                 .headers = {"\x80", 1},
                 .payload = {"record", 6}}},
    {.type = GW_HUB_SEND, .as.send = {.headers = {"", 0}, .payload = {"", 0}}},
    {.type = GW_HUB_RESULT, .as.result = {.ticket = 4, .status = GW_UNREACHABLE}},
};

#define EXAMPLES (sizeof examples / sizeof examples[0])

static void encode(const struct gw_hub_frame *frame, struct gw_buffer *out) {
    gw_buffer_init(out, &gw_allocator_system, SIZE_MAX);
    assert_int_equal(gw_hub_frame_encode(frame, out), GW_OK);
}

static struct gw_str body_of(const struct gw_buffer *encoded) {
    return gw_str_sub(gw_buffer_str(encoded), GW_HUB_FRAME_PREFIX, encoded->size);
}

static void what_was_encoded_decodes_alike(void **state) {
    (void)state;
    for (size_t i = 0; i < EXAMPLES; i++) {
        struct gw_buffer once, twice;
        struct gw_hub_frame frame = {0};
        encode(&examples[i], &once);
        assert_int_equal(gw_hub_frame_decode(body_of(&once), &frame, NULL), GW_OK);
        assert_int_equal(frame.type, examples[i].type);
        encode(&frame, &twice);
        assert_true(gw_str_eq(gw_buffer_str(&once), gw_buffer_str(&twice)));
        gw_buffer_free(&once);
        gw_buffer_free(&twice);
    }
}

static void every_field_arrives(void **state) {
    (void)state;
    struct gw_buffer encoded;
    struct gw_hub_frame frame;
    encode(&examples[2], &encoded);
    assert_int_equal(gw_hub_frame_decode(body_of(&encoded), &frame, NULL), GW_OK);
    assert_int_equal(frame.as.deal.receipt, examples[2].as.deal.receipt);
    assert_true(frame.as.deal.redelivered);
    assert_int_equal(frame.as.deal.refused, GW_TOO_LARGE);
    assert_int_equal(frame.as.deal.full_size, 20000000);
    assert_int_equal(frame.as.deal.position.kind, GW_POSITION_ACKED);
    assert_true(gw_str_is(frame.as.deal.position.name, "session"));
    assert_int_equal(frame.as.deal.position.number, INT64_MAX);
    assert_true(gw_str_is(frame.as.deal.headers, "\x80"));
    assert_true(gw_str_is(frame.as.deal.payload, "payload"));
    gw_buffer_free(&encoded);
    encode(&examples[8], &encoded);
    assert_int_equal(gw_hub_frame_decode(body_of(&encoded), &frame, NULL), GW_OK);
    assert_null(frame.as.send.topic.data);
    assert_non_null(frame.as.send.payload.data);
    gw_buffer_free(&encoded);
}

static void the_prefix_is_the_size_behind_it(void **state) {
    (void)state;
    struct gw_buffer encoded;
    encode(&examples[4], &encoded);
    assert_int_equal(encoded.size, 4 + 1 + 8 + 1);
    assert_memory_equal(encoded.data, "\0\0\0\12\4\0\0\0\0\0\0\0\11\3", encoded.size);
    gw_buffer_free(&encoded);
}

/* A cut of DEAL's or SEND's payload cannot be seen: it is all that is left. */
static size_t fixed_bytes(const struct gw_hub_frame *frame, size_t size) {
    size_t rest = frame->type == GW_HUB_DEAL   ? frame->as.deal.payload.size
                  : frame->type == GW_HUB_SEND ? frame->as.send.payload.size
                                               : 0;
    return size - rest;
}

static void every_truncation_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < EXAMPLES; i++) {
        struct gw_buffer encoded;
        encode(&examples[i], &encoded);
        struct gw_str body = body_of(&encoded);
        for (size_t size = 0; size < fixed_bytes(&examples[i], body.size); size++) {
            struct gw_hub_frame frame;
            struct gw_error error;
            char *copy = malloc(size + 1); /* of just this size, for the sanitizer */
            memcpy(copy, body.data, size);
            assert_int_equal(gw_hub_frame_decode((struct gw_str){copy, size}, &frame, &error), GW_PROTOCOL);
            free(copy);
        }
        gw_buffer_free(&encoded);
    }
}

static void bytes_behind_the_last_field_are_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < EXAMPLES; i++) {
        struct gw_buffer encoded;
        struct gw_hub_frame frame;
        encode(&examples[i], &encoded);
        gw_buffer_append_byte(&encoded, 0);
        bool has_rest = examples[i].type == GW_HUB_DEAL || examples[i].type == GW_HUB_SEND;
        assert_int_equal(gw_hub_frame_decode(body_of(&encoded), &frame, NULL),
                         has_rest ? GW_OK : GW_PROTOCOL);
        gw_buffer_free(&encoded);
    }
}

/* Frames with one byte that is out of its range. */
static void values_out_of_range_are_refused(void **state) {
    (void)state;
    static const struct {
        size_t example, at;
        uint8_t value;
    } bad[] = {
        {0, 0, 0},
        {0, 0, GW_HUB_FRAME_TYPES},
        {0, 0, 255}, /* the type */
        {0, 2, 0},
        {0, 2, 3},                /* HELLO's role */
        {2, 9, 2},                /* DEAL's redelivered */
        {2, 10, GW_STATUS_COUNT}, /* its refused */
        {2, 19, GW_POSITION_NONE},
        {2, 19, GW_POSITION_KAFKA},
        {2, 19, GW_POSITION_FILE},
        {2, 28, 0xFF},
        {2, 37, 0xFF},                /* its name's and its map's size */
        {4, 9, GW_OUTCOME_RETRY + 1}, /* SETTLE's outcome */
        {5, 1, 2},                    /* PAUSE */
        {7, 9, GW_OUTLET_COUNT},
        {7, 10, 2},              /* SEND's outlet, and whether there is a topic */
        {7, 10, 0},              /* none, and yet it has bytes */
        {9, 9, GW_STATUS_COUNT}, /* RESULT's status */
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct gw_buffer encoded;
        struct gw_hub_frame frame;
        encode(&examples[bad[i].example], &encoded);
        encoded.data[GW_HUB_FRAME_PREFIX + bad[i].at] = bad[i].value;
        assert_int_equal(gw_hub_frame_decode(body_of(&encoded), &frame, NULL), GW_PROTOCOL);
        gw_buffer_free(&encoded);
    }
}

static void what_is_too_large_is_not_written(void **state) {
    (void)state;
    struct gw_buffer out;
    struct gw_hub_frame frame = {.type = GW_HUB_SEND, .as.send = {.payload = {"x", GW_HUB_FRAME_MAX}}};
    gw_buffer_init(&out, &gw_allocator_system, SIZE_MAX);
    assert_int_equal(gw_hub_frame_encode(&frame, &out), GW_TOO_LARGE);
    frame.as.send.payload = GW_STR("x");
    frame.as.send.topic = (struct gw_str){"x", UINT16_MAX + 1};
    assert_int_equal(gw_hub_frame_encode(&frame, &out), GW_TOO_LARGE);
    frame = (struct gw_hub_frame){.type = GW_HUB_DEAL, .as.deal = {.position = {.kind = GW_POSITION_HUB}}};
    frame.as.deal.position.name = (struct gw_str){"x", UINT16_MAX + 1};
    assert_int_equal(gw_hub_frame_encode(&frame, &out), GW_TOO_LARGE);
    assert_int_equal(out.size, 0);
    gw_buffer_free(&out);
}

static void a_failure_leaves_the_buffer_as_it_was(void **state) {
    (void)state;
    bool failed = true;
    for (size_t turn = 0; failed; turn++) {
        struct failing_allocator failing = {.fail_at = turn};
        struct gw_allocator allocator = failing_allocator(&failing);
        struct gw_buffer out;
        size_t encoded = 0, size = 0;
        gw_buffer_init(&out, &allocator, SIZE_MAX);
        for (int i = 0; i < 40; i++) {
            enum gw_status status = gw_hub_frame_encode(&examples[2], &out);
            assert_true(status == GW_OK || (status == GW_NO_MEMORY && failing.failed));
            encoded += status == GW_OK;
            size = encoded == 1 ? out.size : size;
            assert_int_equal(out.size, encoded * size);
        }
        assert_int_equal(encoded, failing.failed ? 39 : 40); /* it goes on after the failure */
        gw_buffer_free(&out);
        assert_int_equal(failing.in_use, 0);
        failed = failing.failed;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_encoded_decodes_alike),
        cmocka_unit_test(every_field_arrives),
        cmocka_unit_test(the_prefix_is_the_size_behind_it),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(bytes_behind_the_last_field_are_refused),
        cmocka_unit_test(values_out_of_range_are_refused),
        cmocka_unit_test(what_is_too_large_is_not_written),
        cmocka_unit_test(a_failure_leaves_the_buffer_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
