/* Dead letters: the map, Kafka's headers, and cutting. */
#include "schemas/dead_letter.h"
#include "schemas/msgpack_reader.h"
#include "unit/failing_allocator.h"
#include "unit/unit.h"

struct fixture {
    struct gw_arena arena;
    struct gw_buffer buffer;
    struct gw_error error;
    struct gw_header headers[2];
    struct gw_dead_letter letter;
};

static int set_up(void **state) {
    static struct fixture f;
    gw_arena_init(&f.arena, &gw_allocator_system, SIZE_MAX);
    gw_buffer_init(&f.buffer, &gw_allocator_system, SIZE_MAX);
    f.headers[0] = (struct gw_header){GW_STR("trace"), GW_STR("t1")};
    f.headers[1] = (struct gw_header){GW_STR("none"), {NULL, 0}};
    f.letter = (struct gw_dead_letter){
        .reason = GW_BAD_UTF8,
        .stage = GW_STAGE_DECODE,
        .detail = GW_STR("a string is not valid UTF-8"),
        .position = GW_STR("hub:1/2"),
        .program = GW_STR("glosswire/0.1.0"),
        .payload = GW_STR("{\"a\":\"\xFF\"}"),
        .key = GW_STR("k1"),
        .headers = {f.headers, 2},
        .size = 9,
        .hash = {1, 2},
    };
    *state = &f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    gw_arena_free(&f->arena);
    gw_buffer_free(&f->buffer);
    return 0;
}

static void assert_json(struct fixture *f, const char *expected) {
    gw_buffer_clear(&f->buffer);
    assert_int_equal(gw_dead_letter_encode(&f->letter, GW_ENCODING_JSON, &f->buffer, &f->error), GW_OK);
    gw_buffer_append_byte(&f->buffer, 0);
    assert_string_equal((const char *)f->buffer.data, expected);
}

static void the_json_form_is_this(void **state) {
    struct fixture *f = *state;
    assert_json(f, "{\"schema\":\"glosswire.dead_letter/1\",\"reason\":\"bad_utf8\",\"stage\":\"decode\","
                   "\"detail\":\"a string is not valid UTF-8\",\"position\":\"hub:1/2\","
                   "\"program\":\"glosswire/0.1.0\",\"key\":\"k1\","
                   "\"headers\":[{\"name\":\"trace\",\"value\":\"t1\"},{\"name\":\"none\",\"value\":null}],"
                   "\"size\":9,\"hash\":\"00000000000000010000000000000002\",\"cut\":false,"
                   "\"payload\":{\"$bin\":\"eyJhIjoi/yJ9\"}}");
}

static void what_is_absent_is_null(void **state) {
    struct fixture *f = *state;
    f->letter =
        (struct gw_dead_letter){.reason = GW_CRASHED, .stage = GW_STAGE_ANNOTATE, .payload = GW_STR("x")};
    assert_json(f,
                "{\"schema\":\"glosswire.dead_letter/1\",\"reason\":\"crashed\",\"stage\":\"annotate\","
                "\"detail\":null,\"position\":null,\"program\":null,\"key\":null,\"headers\":[],"
                "\"size\":0,\"hash\":\"00000000000000000000000000000000\",\"cut\":false,\"payload\":\"x\"}");
}

static void messagepack_keeps_the_bytes(void **state) {
    struct fixture *f = *state;
    struct gw_value map;
    assert_int_equal(gw_dead_letter_encode(&f->letter, GW_ENCODING_MSGPACK, &f->buffer, &f->error), GW_OK);
    assert_int_equal(
        gw_msgpack_read(gw_buffer_str(&f->buffer), &gw_limits_default, &f->arena, &map, &f->error), GW_OK);
    const struct gw_value *payload = gw_value_get(&map, "payload");
    assert_int_equal(payload->type, GW_BIN);
    assert_true(gw_str_eq(payload->as.bytes, f->letter.payload));
    assert_int_equal(gw_value_get(&map, "key")->type, GW_BIN);
    const struct gw_value *header = &gw_value_get(&map, "headers")->as.items[0];
    assert_true(gw_value_is(gw_value_get(header, "name"), "trace"));
    assert_int_equal(gw_value_get(header, "value")->type, GW_BIN);
}

static void names_that_are_no_text_do_not_spoil_it(void **state) {
    struct fixture *f = *state;
    struct gw_value map;
    f->headers[0].name = GW_STR("\xFFname");
    f->letter.detail = GW_STR("\xFF");
    assert_int_equal(gw_dead_letter_encode(&f->letter, GW_ENCODING_MSGPACK, &f->buffer, &f->error), GW_OK);
    assert_int_equal(
        gw_msgpack_read(gw_buffer_str(&f->buffer), &gw_limits_default, &f->arena, &map, &f->error), GW_OK);
    assert_int_equal(gw_value_get(&gw_value_get(&map, "headers")->as.items[0], "name")->type, GW_BIN);
}

static void every_reason_and_stage_has_its_word(void **state) {
    struct fixture *f = *state;
    for (int i = 0; i < GW_STATUS_COUNT; i++) {
        struct gw_value map;
        f->letter.reason = (enum gw_status)i;
        f->letter.stage = (enum gw_stage)(i % GW_STAGE_COUNT);
        gw_buffer_clear(&f->buffer);
        gw_dead_letter_encode(&f->letter, GW_ENCODING_MSGPACK, &f->buffer, &f->error);
        assert_int_equal(
            gw_msgpack_read(gw_buffer_str(&f->buffer), &gw_limits_default, &f->arena, &map, &f->error),
            GW_OK);
        assert_true(gw_value_is(gw_value_get(&map, "reason"), gw_status_word((enum gw_status)i)));
        assert_true(gw_value_is(gw_value_get(&map, "stage"), gw_stage_word(f->letter.stage)));
    }
    assert_string_equal(gw_stage_word(GW_STAGE_COUNT), "unknown");
}

static void assert_header(struct gw_headers headers, const char *name, const char *value) {
    const struct gw_header *header = gw_headers_find(headers, name);
    assert_non_null(header);
    assert_true(gw_str_is(header->value, value));
}

static void kafka_gets_headers(void **state) {
    struct fixture *f = *state;
    struct gw_headers headers;
    assert_int_equal(gw_dead_letter_headers(&f->letter, &f->arena, &headers), GW_OK);
    assert_int_equal(headers.count, 5);
    assert_header(headers, "gw-reason", "bad_utf8");
    assert_header(headers, "gw-stage", "decode");
    assert_header(headers, "gw-detail", "a string is not valid UTF-8");
    assert_header(headers, "gw-position", "hub:1/2");
    assert_header(headers, "gw-program", "glosswire/0.1.0");
    f->letter.cut = true;
    f->letter.size = UINT64_C(5000000000);
    assert_int_equal(gw_dead_letter_headers(&f->letter, &f->arena, &headers), GW_OK);
    assert_int_equal(headers.count, 8);
    assert_header(headers, "gw-size", "5000000000");
    assert_header(headers, "gw-hash", "00000000000000010000000000000002");
    assert_header(headers, "gw-cut", "true");
}

static void large_payloads_are_cut(void **state) {
    struct fixture *f = *state;
    static char bytes[GW_DEAD_LETTER_CUT_BYTES + 100];
    memset(bytes, 'x', sizeof bytes);
    f->letter.payload = (struct gw_str){bytes, sizeof bytes};
    gw_dead_letter_cut(&f->letter, sizeof bytes);
    assert_false(f->letter.cut);
    assert_int_equal(f->letter.payload.size, sizeof bytes);
    gw_dead_letter_cut(&f->letter, sizeof bytes - 1);
    assert_true(f->letter.cut);
    assert_int_equal(f->letter.payload.size, GW_DEAD_LETTER_CUT_BYTES);
    gw_dead_letter_cut(&f->letter, 10);
    assert_int_equal(f->letter.payload.size, 10);
    memcpy(bytes, "12345678\xC3\xA9", 10);
    gw_dead_letter_cut(&f->letter, 9);
    assert_int_equal(f->letter.payload.size, 8);
}

static void a_failure_leaves_the_buffer_as_it_was(void **state) {
    struct fixture *f = *state;
    struct gw_buffer small;
    gw_buffer_init(&small, &gw_allocator_system, 50);
    gw_buffer_append(&small, "before", 6);
    for (int encoding = GW_ENCODING_MSGPACK; encoding <= GW_ENCODING_JSON; encoding++) {
        enum gw_status status =
            gw_dead_letter_encode(&f->letter, (enum gw_encoding)encoding, &small, &f->error);
        assert_int_equal(status, GW_OUTPUT_TOO_LARGE);
        assert_true(gw_str_is(gw_buffer_str(&small), "before"));
    }
    gw_buffer_free(&small);
}

static void every_allocation_may_fail(void **state) {
    struct fixture *f = *state;
    bool failed = true;
    f->letter.cut = true;
    for (size_t turn = 0; failed; turn++) {
        struct failing_allocator failing = {.fail_at = turn};
        struct gw_allocator allocator = failing_allocator(&failing);
        struct gw_buffer buffer;
        gw_buffer_init(&buffer, &allocator, SIZE_MAX);
        enum gw_status status = gw_dead_letter_encode(&f->letter, GW_ENCODING_MSGPACK, &buffer, &f->error);
        assert_int_equal(status, failing.failed ? GW_NO_MEMORY : GW_OK);
        gw_buffer_free(&buffer);
        failed = failing.failed;
    }
    /* Ever larger arenas: each piece in turn is the one that does not fit. */
    enum gw_status status = GW_NO_MEMORY;
    for (size_t limit = 0; status != GW_OK; limit += 16) {
        struct gw_arena arena;
        struct gw_headers headers;
        gw_arena_init(&arena, &gw_allocator_system, limit);
        status = gw_dead_letter_headers(&f->letter, &arena, &headers);
        assert_true(status == GW_NO_MEMORY || (status == GW_OK && limit > 300));
        gw_arena_free(&arena);
    }
}

static void assert_comes_back(struct fixture *f, enum gw_encoding encoding) {
    struct gw_dead_letter back;
    gw_buffer_clear(&f->buffer);
    assert_int_equal(gw_dead_letter_encode(&f->letter, encoding, &f->buffer, &f->error), GW_OK);
    assert_int_equal(gw_dead_letter_decode(gw_buffer_str(&f->buffer), &f->arena, &back, &f->error), GW_OK);
    assert_int_equal(back.reason, f->letter.reason);
    assert_int_equal(back.size, f->letter.size);
    assert_int_equal(back.cut, f->letter.cut);
    assert_true(gw_str_eq(back.position, f->letter.position));
    assert_true(gw_str_eq(back.payload, f->letter.payload));
    assert_true(gw_str_eq(back.key, f->letter.key));
    assert_int_equal(!back.key.data, !f->letter.key.data);
    assert_int_equal(back.headers.count, f->letter.headers.count);
    for (size_t i = 0; i < back.headers.count; i++) {
        assert_true(gw_str_eq(back.headers.items[i].name, f->letter.headers.items[i].name));
        assert_true(gw_str_eq(back.headers.items[i].value, f->letter.headers.items[i].value));
        assert_int_equal(!back.headers.items[i].value.data, !f->letter.headers.items[i].value.data);
    }
}

static void it_comes_back_from_both_forms(void **state) {
    struct fixture *f = *state;
    char bytes[256];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (char)(sizeof bytes - 1 - i);
    }
    /* Every remainder of base 64, and bytes that are text. */
    for (size_t size = 0; size < 8; size++) {
        f->letter.payload = (struct gw_str){bytes, size};
        f->letter.key = size % 2 ? (struct gw_str){NULL, 0} : GW_STR("");
        assert_comes_back(f, GW_ENCODING_JSON);
        assert_comes_back(f, GW_ENCODING_MSGPACK);
    }
    f->letter.payload = (struct gw_str){bytes, sizeof bytes};
    f->letter.cut = true;
    assert_comes_back(f, GW_ENCODING_JSON);
    assert_comes_back(f, GW_ENCODING_MSGPACK);
}

static void what_is_no_dead_letter_is_refused(void **state) {
    struct fixture *f = *state;
#define LETTER(fields) "{\"schema\":\"glosswire.dead_letter/1\"," fields "}"
    static const struct {
        const char *text;
        enum gw_status status;
    } rows[] = {
        {"{\"schema\":\"glosswire.record/1\"}", GW_BAD_VALUE},
        {"{}", GW_BAD_VALUE},
        {"[1]", GW_TRAILING_BYTES},
        {"{", GW_TRUNCATED},
        {LETTER("\"payload\":17"), GW_BAD_TYPE},
        {LETTER("\"payload\":{\"$bin\":\"AAA\"}"), GW_BAD_VALUE},
        {LETTER("\"payload\":{\"$bin\":\"A?AA\"}"), GW_BAD_VALUE},
        {LETTER("\"payload\":{\"$bin\":\"A=AA\"}"), GW_BAD_VALUE},
        {LETTER("\"headers\":{}"), GW_BAD_TYPE},
        {LETTER("\"headers\":[{\"value\":\"x\"}]"), GW_MISSING_FIELD},
        {LETTER("\"headers\":[7]"), GW_MISSING_FIELD},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct gw_dead_letter letter;
        enum gw_status status =
            gw_dead_letter_decode(gw_str_from(rows[i].text), &f->arena, &letter, &f->error);
        assert_int_equal(status, rows[i].status);
        assert_int_equal(f->error.status, rows[i].status);
    }
}

static void what_a_later_version_adds_does_no_harm(void **state) {
    struct fixture *f = *state;
    struct gw_dead_letter letter;
    const char *text = LETTER("\"reason\":\"bewitched\",\"new\":[1],\"headers\":null,\"key\":null");
#undef LETTER
    assert_int_equal(gw_dead_letter_decode(gw_str_from(text), &f->arena, &letter, &f->error), GW_OK);
    assert_int_equal(letter.reason, GW_STATUS_COUNT);
    assert_int_equal(letter.headers.count, 0);
    assert_null(letter.key.data);
    assert_null(letter.payload.data);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(it_comes_back_from_both_forms),
        TEST(what_is_no_dead_letter_is_refused),
        TEST(what_a_later_version_adds_does_no_harm),
        TEST(the_json_form_is_this),
        TEST(what_is_absent_is_null),
        TEST(messagepack_keeps_the_bytes),
        TEST(names_that_are_no_text_do_not_spoil_it),
        TEST(every_reason_and_stage_has_its_word),
        TEST(kafka_gets_headers),
        TEST(large_payloads_are_cut),
        TEST(a_failure_leaves_the_buffer_as_it_was),
        TEST(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
