/* The header map, and which headers go out. */
#include "schemas/headers.h"
#include "unit/failing_allocator.h"
#include "unit/unit.h"

#include <stdio.h>

static struct gw_arena arena;
static struct gw_buffer buffer;

static int set_up(void **state) {
    (void)state;
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    gw_buffer_init(&buffer, &gw_allocator_system, SIZE_MAX);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    gw_arena_free(&arena);
    gw_buffer_free(&buffer);
    return 0;
}

#define HEADER(name, value)                                                                                  \
    {                                                                                                        \
        {(name), sizeof(name) - 1}, {                                                                        \
            (value), sizeof(value) - 1                                                                       \
        }                                                                                                    \
    }

static const struct gw_header sample[] = {
    HEADER("traceparent", "00-1-2-00"),
    HEADER("bytes", "\x00\xFF"),
    {{"nothing", 7}, {NULL, 0}},
    HEADER("twice", "1"),
    HEADER("twice", "2"),
    HEADER("empty", ""),
};
#define SAMPLE ((struct gw_headers){sample, sizeof sample / sizeof sample[0]})

static void headers_go_both_ways(void **state) {
    (void)state;
    struct gw_headers read;
    struct gw_error error;
    assert_int_equal(gw_headers_encode(SAMPLE, &buffer), GW_OK);
    assert_int_equal(gw_headers_decode(gw_buffer_str(&buffer), &arena, &read, &error), GW_OK);
    assert_int_equal(read.count, SAMPLE.count);
    for (size_t i = 0; i < read.count; i++) {
        assert_true(gw_str_eq(read.items[i].name, sample[i].name));
        assert_true(gw_str_eq(read.items[i].value, sample[i].value));
        assert_true(!read.items[i].value.data == !sample[i].value.data);
    }
}

static void the_bytes_are_a_plain_map(void **state) {
    (void)state;
    const struct gw_header one[] = {HEADER("a", "b"), {{"c", 1}, {NULL, 0}}};
    assert_int_equal(gw_headers_encode((struct gw_headers){one, 2}, &buffer), GW_OK);
    assert_true(gw_str_eq(gw_buffer_str(&buffer), GW_STR("\x82\xA1"
                                                         "a\xC4\x01"
                                                         "b\xA1"
                                                         "c\xC0")));
}

static void names_are_found_in_any_case(void **state) {
    (void)state;
    assert_ptr_equal(gw_headers_find(SAMPLE, "TraceParent"), &sample[0]);
    assert_ptr_equal(gw_headers_find(SAMPLE, "twice"), &sample[3]);
    assert_null(gw_headers_find(SAMPLE, "trace"));
    assert_null(gw_headers_find((struct gw_headers){NULL, 0}, "trace"));
}

static void str_values_are_taken_as_well(void **state) {
    (void)state;
    struct gw_headers read;
    assert_int_equal(gw_headers_decode(GW_STR("\x81\xA1k\xA1v"), &arena, &read, NULL), GW_OK);
    assert_true(gw_str_is(read.items[0].value, "v"));
}

static void refusals_say_which_byte(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        enum gw_status status;
        size_t position;
    } rows[] = {
        {"", 0, GW_TRUNCATED, 0},
        {"\x81", 1, GW_TRUNCATED, 1},
        {"\x81\xA1k", 3, GW_TRUNCATED, 3},
        {"\x81\xA1k\xC4\x05v", 6, GW_TRUNCATED, 3},
        {"\x91\xA1k", 3, GW_BAD_TYPE, 0},
        {"{\"k\":1}", 7, GW_BAD_TYPE, 0},
        {"\x81\x01\xA1v", 4, GW_BAD_TYPE, 1},
        {"\x81\xC4\x01k\xA1v", 6, GW_BAD_TYPE, 1},
        {"\x81\xA1k\x05", 4, GW_BAD_TYPE, 3},
        {"\x81\xA1k\x91\x05", 5, GW_BAD_TYPE, 3},
        {"\x81\xA1\xFF\xA1v", 5, GW_BAD_UTF8, 1},
        {"\x80\x80", 2, GW_TRAILING_BYTES, 1},
        {"\xC1", 1, GW_MALFORMED, 0},
        {"\xDE\x00\x41", 3, GW_TOO_MANY, 0},
        {"\xDF\xFF\xFF\xFF\xFF", 5, GW_TOO_MANY, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct gw_headers read;
        struct gw_error error;
        struct gw_str frame = {rows[i].bytes, rows[i].size};
        assert_int_equal(gw_headers_decode(frame, &arena, &read, &error), rows[i].status);
        assert_int_equal(error.position, rows[i].position);
    }
}

/* A value as large as all headers may be together. */
static char large[GW_HEADERS_BYTES_MAX];

static void the_limits_hold_both_ways(void **state) {
    (void)state;
    struct gw_headers read;
    struct gw_header items[GW_HEADERS_MAX + 1];
    for (size_t i = 0; i < GW_HEADERS_MAX + 1; i++) {
        items[i] = (struct gw_header)HEADER("n", "v");
    }
    assert_int_equal(gw_headers_encode((struct gw_headers){items, GW_HEADERS_MAX}, &buffer), GW_OK);
    assert_int_equal(gw_headers_decode(gw_buffer_str(&buffer), &arena, &read, NULL), GW_OK);
    gw_buffer_clear(&buffer);
    assert_int_equal(gw_headers_encode((struct gw_headers){items, GW_HEADERS_MAX + 1}, &buffer), GW_TOO_MANY);
    assert_int_equal(buffer.size, 0);
    items[0].value = (struct gw_str){large, sizeof large - 1};
    assert_int_equal(gw_headers_encode((struct gw_headers){items, 1}, &buffer), GW_OK);
    assert_int_equal(gw_headers_decode(gw_buffer_str(&buffer), &arena, &read, NULL), GW_OK);
    gw_buffer_clear(&buffer);
    assert_int_equal(gw_headers_encode((struct gw_headers){items, 2}, &buffer), GW_TOO_LARGE);
    gw_buffer_append(&buffer, "\x81\xA1n\xC5\xFF\xFF", 6);
    gw_buffer_append(&buffer, large, 0xFFFF);
    assert_int_equal(gw_headers_decode(gw_buffer_str(&buffer), &arena, &read, NULL), GW_OK);
    gw_buffer_clear(&buffer);
    gw_buffer_append(&buffer, "\x81\xA2nn\xC5\xFF\xFF", 7);
    gw_buffer_append(&buffer, large, 0xFFFF);
    assert_int_equal(gw_headers_decode(gw_buffer_str(&buffer), &arena, &read, NULL), GW_TOO_LARGE);
}

static void a_full_buffer_is_left_as_it_was(void **state) {
    (void)state;
    gw_buffer_free(&buffer);
    gw_buffer_init(&buffer, &gw_allocator_system, 20);
    gw_buffer_append(&buffer, "12345", 5);
    assert_int_equal(gw_headers_encode(SAMPLE, &buffer), GW_TOO_LARGE);
    assert_int_equal(buffer.size, 5);
}

static const struct gw_header incoming[] = {
    HEADER("Content-Type", "application/json"),
    HEADER("ce_id", "theirs"),
    HEADER("CE_extra", "theirs"),
    HEADER("gw-position", "theirs"),
    HEADER("GW-anything", "no"),
    HEADER("traceparent", "t"),
    HEADER("gwx", "yes"),
};
#define INCOMING ((struct gw_headers){incoming, sizeof incoming / sizeof incoming[0]})

static void assert_headers(struct gw_headers headers, const char *const (*expected)[2], size_t count) {
    assert_int_equal(headers.count, count);
    for (size_t i = 0; i < count; i++) {
        assert_true(gw_str_is(headers.items[i].name, expected[i][0]));
        assert_true(gw_str_is(headers.items[i].value, expected[i][1]));
    }
}

static void ours_replace_incoming_ones(void **state) {
    (void)state;
    const struct gw_header more[] = {HEADER("gw-record-id", "r")};
    struct gw_headers_parts parts = {INCOMING,       GW_STR("hub:1/2"), GW_STR("application/vnd.msgpack"),
                                     GW_STR("type"), GW_STR("id"),      GW_STR("glosswire/one"),
                                     GW_STR("a1"),   {more, 1}};
    struct gw_headers out;
    static const char *const expected[][2] = {
        {"gw-position", "hub:1/2"},
        {"content-type", "application/vnd.msgpack"},
        {"ce_specversion", "1.0"},
        {"ce_type", "type"},
        {"ce_id", "id"},
        {"ce_source", "glosswire/one"},
        {"ce_subject", "a1"},
        {"gw-record-id", "r"},
        {"traceparent", "t"},
        {"gwx", "yes"},
    };
    assert_int_equal(gw_headers_build(&parts, &arena, &out), GW_OK);
    assert_headers(out, expected, sizeof expected / sizeof expected[0]);
}

static void what_is_not_replaced_passes_through(void **state) {
    (void)state;
    struct gw_headers_parts parts = {.incoming = INCOMING, .position = GW_STR("hub:1/2")};
    struct gw_headers out;
    static const char *const expected[][2] = {
        {"gw-position", "hub:1/2"}, {"Content-Type", "application/json"},
        {"ce_id", "theirs"},        {"CE_extra", "theirs"},
        {"traceparent", "t"},       {"gwx", "yes"},
    };
    assert_int_equal(gw_headers_build(&parts, &arena, &out), GW_OK);
    assert_headers(out, expected, sizeof expected / sizeof expected[0]);
}

static void only_as_many_as_allowed_are_carried_on(void **state) {
    (void)state;
    struct gw_header items[2 * GW_HEADERS_MAX];
    for (size_t i = 0; i < 2 * GW_HEADERS_MAX; i++) {
        items[i] = (struct gw_header)HEADER("n", "v");
    }
    struct gw_headers_parts parts = {.incoming = {items, 2 * GW_HEADERS_MAX}, .position = GW_STR("hub:1/2")};
    struct gw_headers out;
    assert_int_equal(gw_headers_build(&parts, &arena, &out), GW_OK);
    assert_int_equal(out.count, GW_HEADERS_MAX);
    assert_true(gw_str_is(out.items[0].name, "gw-position"));
    items[0].value = (struct gw_str){large, sizeof large};
    parts.incoming.count = 2;
    assert_int_equal(gw_headers_build(&parts, &arena, &out), GW_OK);
    assert_int_equal(out.count, 2);
    assert_true(gw_str_is(out.items[1].value, "v"));
    assert_int_equal(gw_headers_encode(out, &buffer), GW_OK);
}

static void memory_may_be_at_its_end(void **state) {
    (void)state;
    struct failing_allocator failing = {.fail_at = 0};
    struct gw_allocator allocator = failing_allocator(&failing);
    struct gw_arena empty;
    struct gw_headers out;
    struct gw_headers_parts parts = {.incoming = INCOMING};
    gw_arena_init(&empty, &allocator, 0);
    assert_int_equal(gw_headers_build(&parts, &empty, &out), GW_NO_MEMORY);
    assert_int_equal(gw_headers_decode(GW_STR("\x81\xA1k\xA1v"), &empty, &out, NULL), GW_NO_MEMORY);
    gw_buffer_free(&buffer);
    gw_buffer_init(&buffer, &allocator, SIZE_MAX);
    assert_int_equal(gw_headers_encode(SAMPLE, &buffer), GW_NO_MEMORY);
    assert_int_equal(buffer.size, 0);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(headers_go_both_ways),
        TEST(the_bytes_are_a_plain_map),
        TEST(names_are_found_in_any_case),
        TEST(str_values_are_taken_as_well),
        TEST(refusals_say_which_byte),
        TEST(the_limits_hold_both_ways),
        TEST(a_full_buffer_is_left_as_it_was),
        TEST(ours_replace_incoming_ones),
        TEST(what_is_not_replaced_passes_through),
        TEST(only_as_many_as_allowed_are_carried_on),
        TEST(memory_may_be_at_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
