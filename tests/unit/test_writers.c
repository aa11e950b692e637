/* Values through the two writers. */
#include "schemas/json_reader.h"
#include "schemas/json_writer.h"
#include "schemas/msgpack_reader.h"
#include "schemas/msgpack_writer.h"
#include "unit/unit.h"

#include <math.h>

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

static struct gw_value read_json(const char *text) {
    struct gw_value value;
    assert_int_equal(gw_json_read(gw_str_from(text), &gw_limits_default, &arena, &value, NULL), GW_OK);
    return value;
}

static struct gw_value read_msgpack(struct gw_str bytes) {
    struct gw_value value;
    assert_int_equal(gw_msgpack_read(bytes, &gw_limits_default, &arena, &value, NULL), GW_OK);
    return value;
}

static const char *json_of(const struct gw_value *value, unsigned indent) {
    struct gw_writer writer;
    gw_buffer_clear(&buffer);
    gw_json_writer_init(&writer, &buffer, indent);
    gw_write_value(&writer, NULL, value);
    gw_buffer_append_byte(&buffer, 0);
    return (const char *)buffer.data;
}

static struct gw_str msgpack_of(const struct gw_value *value) {
    struct gw_writer writer;
    gw_buffer_clear(&buffer);
    gw_msgpack_writer_init(&writer, &buffer);
    gw_write_value(&writer, NULL, value);
    return gw_buffer_str(&buffer);
}

static void json_goes_through_unchanged(void **state) {
    (void)state;
    static const char *const texts[] = {
        "null",
        "true",
        "{}",
        "[]",
        "[[],{},[{}]]",
        "{\"b\":[1,-2,18446744073709551615,-9223372036854775808],\"a\":{\"x\":false}}",
        "[0.5,1e+300,-0,123456.7891,5e-324,0.1234]",
        "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f/caf\xC3\xA9\x7F\xF0\x9F\x98\x80\"",
        "{\"\":\"\",\"a\\nb\":1}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct gw_value value = read_json(texts[i]);
        assert_string_equal(json_of(&value, 0), texts[i]);
        struct gw_str bytes = gw_arena_copy(&arena, msgpack_of(&value));
        struct gw_value back = read_msgpack(bytes);
        assert_true(gw_value_equal(&back, &value));
    }
}

static void messagepack_goes_through_unchanged(void **state) {
    (void)state;
    static const struct gw_str rows[] = {
        {"\xC0", 1},
        {"\x7F", 1},
        {"\xE0", 1},
        {"\xCC\x80", 2},
        {"\xD0\xDF", 2},
        {"\xCD\x01\x00", 3},
        {"\xD1\x80\x00", 3},
        {"\xCE\x00\x01\x00\x00", 5},
        {"\xCF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 9},
        {"\xD3\x80\x00\x00\x00\x00\x00\x00\x00", 9},
        {"\xCA\x3F\x80\x00\x00", 5},
        {"\xCB\x7F\xF8\x00\x00\x00\x00\x00\x00", 9},
        {"\xA0", 1},
        {"\xC4\x00", 2},
        {"\xD4\x05z", 3},
        {"\xD8\xFF"
         "0123456789abcdef",
         18},
        {"\xC7\x03\x05xyz", 6},
        {"\x82\x01\xC2\xC4\x01k\x93\xC0\xC3\xCB\x00\x00\x00\x00\x00\x00\x00\x00", 18},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct gw_value value = read_msgpack(rows[i]);
        assert_true(gw_str_eq(msgpack_of(&value), rows[i]));
    }
}

/* A str, bin, array or map whose size needs each width of header. */
static void sizes_take_their_shortest_header(void **state) {
    (void)state;
    static char bytes[70000];
    static struct gw_value items[70000];
    memset(bytes, 'x', sizeof bytes);
    static const size_t sizes[] = {15, 16, 31, 32, 255, 256, 65535, 65536};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct gw_value string = {.type = GW_STRING, .as.bytes = {bytes, sizes[i]}};
        struct gw_value bin = {.type = GW_BIN, .as.bytes = {bytes, sizes[i]}};
        struct gw_value array = {.type = GW_ARRAY, .count = (uint32_t)sizes[i], .as.items = items};
        size_t s = sizes[i];
        assert_int_equal(msgpack_of(&string).size, s + (s < 32 ? 1u : s < 256 ? 2u : s < 65536 ? 3u : 5u));
        assert_int_equal(msgpack_of(&bin).size, s + (s < 256 ? 2u : s < 65536 ? 3u : 5u));
        assert_int_equal(msgpack_of(&array).size, s + (s < 16 ? 1u : s < 65536 ? 3u : 5u));
    }
}

static void json_says_what_it_has_no_form_for(void **state) {
    (void)state;
    static const struct {
        struct gw_str bytes;
        const char *json;
    } rows[] = {
        {{"\xC4\x00", 2}, "{\"$bin\":\"\"}"},
        {{"\xC4\x01\x66", 3}, "{\"$bin\":\"Zg==\"}"},
        {{"\xC4\x02\x66\x6F", 4}, "{\"$bin\":\"Zm8=\"}"},
        {{"\xC4\x03\x66\x6F\x6F", 5}, "{\"$bin\":\"Zm9v\"}"},
        {{"\xC4\x06\x66\x6F\x6F\x62\x61\x72", 8}, "{\"$bin\":\"Zm9vYmFy\"}"},
        {{"\xC4\x03\xFB\xFF\xFE", 5}, "{\"$bin\":\"+//+\"}"},
        {{"\xD4\xFF\x66", 3}, "{\"$ext\":[-1,\"Zg==\"]}"},
        {{"\xCB\x7F\xF8\x00\x00\x00\x00\x00\x00", 9}, "{\"$float\":\"NaN\"}"},
        {{"\xCB\x7F\xF0\x00\x00\x00\x00\x00\x00", 9}, "{\"$float\":\"Infinity\"}"},
        {{"\xCA\xFF\x80\x00\x00", 5}, "{\"$float\":\"-Infinity\"}"},
        {{"\x81\xC0\x01", 3}, "{\"null\":1}"},
        {{"\x82\xC3\x01\xC2\x02", 5}, "{\"true\":1,\"false\":2}"},
        {{"\x82\x05\x01\xFF\x02", 5}, "{\"5\":1,\"-1\":2}"},
        {{"\x81\xCF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 11}, "{\"18446744073709551615\":1}"},
        {{"\x81\xCA\x3F\x00\x00\x00\x01", 7}, "{\"0.5\":1}"},
        {{"\x81\xCA\x7F\x80\x00\x00\x01", 7}, "{\"Infinity\":1}"},
        {{"\x81\xC4\x01\x66\x01", 5}, "{\"Zg==\":1}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct gw_value value = read_msgpack(rows[i].bytes);
        assert_string_equal(json_of(&value, 0), rows[i].json);
    }
}

static void bytes_are_a_string_where_they_can_be(void **state) {
    (void)state;
    struct gw_writer writer;
    gw_json_writer_init(&writer, &buffer, 0);
    writer.ops->array(&writer, NULL, 2);
    writer.ops->bytes(&writer, NULL, GW_STR("caf\xC3\xA9"));
    writer.ops->bytes(&writer, NULL, GW_STR("\xFF"));
    writer.ops->end_array(&writer);
    assert_true(gw_str_is(gw_buffer_str(&buffer), "[\"caf\xC3\xA9\",{\"$bin\":\"/w==\"}]"));
}

static void indentation_is_for_people(void **state) {
    (void)state;
    struct gw_value value = read_json("{\"a\":[1,[]],\"b\":{},\"c\":{\"d\":null}}");
    assert_string_equal(json_of(&value, 2), "{\n"
                                            "  \"a\": [\n"
                                            "    1,\n"
                                            "    []\n"
                                            "  ],\n"
                                            "  \"b\": {},\n"
                                            "  \"c\": {\n"
                                            "    \"d\": null\n"
                                            "  }\n"
                                            "}");
}

static void a_full_buffer_says_so(void **state) {
    (void)state;
    struct gw_value value = read_json("{\"key\":[\"a long enough string\",1.25,null]}");
    size_t whole = msgpack_of(&value).size;
    for (size_t limit = 0; limit < whole; limit++) {
        struct gw_buffer small;
        struct gw_writer writer;
        gw_buffer_init(&small, &gw_allocator_system, limit);
        gw_msgpack_writer_init(&writer, &small);
        gw_write_value(&writer, NULL, &value);
        assert_int_equal(small.failed, GW_TOO_LARGE);
        gw_buffer_clear(&small);
        gw_json_writer_init(&writer, &small, 2);
        gw_write_value(&writer, NULL, &value);
        assert_int_equal(small.failed, GW_TOO_LARGE);
        gw_buffer_free(&small);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(json_goes_through_unchanged),
        TEST(messagepack_goes_through_unchanged),
        TEST(sizes_take_their_shortest_header),
        TEST(json_says_what_it_has_no_form_for),
        TEST(bytes_are_a_string_where_they_can_be),
        TEST(indentation_is_for_people),
        TEST(a_full_buffer_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
