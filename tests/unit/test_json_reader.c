/* JSON to values: the grammar, the numbers, every refusal with its byte. */
#include "base/arena.h"
#include "schemas/json_reader.h"
#include "unit/failing_allocator.h"
#include "unit/unit.h"

#include <math.h>

struct fixture {
    struct gw_arena arena;
    struct gw_value value;
    struct gw_error error;
};

static int set_up(void **state) {
    static struct fixture fixture;
    fixture = (struct fixture){.error.status = GW_OK};
    gw_arena_init(&fixture.arena, &gw_allocator_system, SIZE_MAX);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    gw_arena_free(&((struct fixture *)*state)->arena);
    return 0;
}

static enum gw_status read_text(struct fixture *f, const char *text) {
    return gw_json_read(gw_str_from(text), &gw_limits_default, &f->arena, &f->value, &f->error);
}

static void words(void **state) {
    struct fixture *f = *state;
    assert_int_equal(read_text(f, "null"), GW_OK);
    assert_int_equal(f->value.type, GW_NIL);
    assert_int_equal(read_text(f, " true "), GW_OK);
    assert_true(f->value.type == GW_BOOL && f->value.as.boolean);
    assert_int_equal(f->value.position, 1);
    assert_int_equal(read_text(f, "false"), GW_OK);
    assert_true(f->value.type == GW_BOOL && !f->value.as.boolean);
}

static void integers_are_exact(void **state) {
    struct fixture *f = *state;
    assert_int_equal(read_text(f, "9223372036854775807"), GW_OK);
    assert_true(f->value.type == GW_INT && f->value.as.integer == INT64_MAX);
    assert_int_equal(read_text(f, "-9223372036854775808"), GW_OK);
    assert_true(f->value.type == GW_INT && f->value.as.integer == INT64_MIN);
    assert_int_equal(read_text(f, "18446744073709551615"), GW_OK);
    assert_true(f->value.type == GW_UINT && f->value.as.unsigned_integer == UINT64_MAX);
    assert_int_equal(read_text(f, "0"), GW_OK);
    assert_true(f->value.type == GW_INT && f->value.as.integer == 0);
}

static void other_numbers_are_the_nearest_double(void **state) {
    static const struct {
        const char *text;
        double expected;
    } rows[] = {
        {"0.1", 0.1},
        {"-2.50", -2.5},
        {"1e3", 1000.0},
        {"1E+2", 100.0},
        {"25e-1", 2.5},
        {"18446744073709551616", 18446744073709551616.0},
        {"-9223372036854775809", -9223372036854775808.0},
        {"2.2250738585072011e-308", 2.2250738585072011e-308},
        {"4.9e-324", 4.9e-324},
        {"1e-400", 0.0},
        {"9007199254740993.0", 9007199254740992.0},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(read_text(f, rows[i].text), GW_OK);
        assert_int_equal(f->value.type, GW_DOUBLE);
        assert_true(f->value.as.number == rows[i].expected);
    }
    assert_int_equal(read_text(f, "-0"), GW_OK);
    assert_true(f->value.type == GW_DOUBLE && signbit(f->value.as.number));
    assert_int_equal(read_text(f, "1e999"), GW_BAD_VALUE);
    assert_int_equal(read_text(f, "-1e999"), GW_BAD_VALUE);
}

static void numbers_have_a_longest_form(void **state) {
    struct fixture *f = *state;
    char digits[1202];
    memset(digits, '0', sizeof digits);
    digits[1] = '.';
    digits[1100] = '\0';
    assert_int_equal(read_text(f, digits), GW_OK);
    digits[1100] = '0';
    digits[1101] = '\0';
    assert_int_equal(read_text(f, digits), GW_BAD_VALUE);
}

static void strings_without_escapes_point_into_the_message(void **state) {
    struct fixture *f = *state;
    static const char text[] = "\"caf\xC3\xA9 \xF0\x9F\x98\x80\"";
    assert_int_equal(read_text(f, text), GW_OK);
    assert_ptr_equal(f->value.as.bytes.data, text + 1);
    assert_int_equal(f->value.as.bytes.size, sizeof text - 3);
    assert_int_equal(f->arena.taken, 0);
}

static void escapes_are_resolved(void **state) {
    struct fixture *f = *state;
    assert_int_equal(read_text(f, "\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\ude00z\""), GW_OK);
    assert_true(gw_str_is(f->value.as.bytes, "a\"\\/\b\f\n\r\t\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z"));
    assert_int_equal(read_text(f, "\"\\u0000\""), GW_OK);
    assert_true(f->value.as.bytes.size == 1 && f->value.as.bytes.data[0] == '\0');
}

static void objects_and_arrays_keep_their_order(void **state) {
    struct fixture *f = *state;
    assert_int_equal(read_text(f, " {\"b\" : [1, [2,3] ,{}], \"a\":\t{\"x\":[]} }\r\n"), GW_OK);
    assert_int_equal(f->value.count, 2);
    assert_true(gw_value_is(&f->value.as.pairs[0].key, "b"));
    const struct gw_value *array = gw_value_get(&f->value, "b");
    assert_int_equal(array->count, 3);
    assert_int_equal(array->as.items[1].as.items[1].as.integer, 3);
    assert_int_equal(array->as.items[2].type, GW_MAP);
    assert_int_equal(gw_value_get(gw_value_get(&f->value, "a"), "x")->count, 0);
}

static void long_arrays_grow(void **state) {
    struct fixture *f = *state;
    static char text[2 * 1000 + 2] = "[";
    for (size_t i = 0; i < 1000; i++) {
        text[1 + 2 * i] = (char)('0' + i % 10);
        text[2 + 2 * i] = i < 999 ? ',' : ']';
    }
    assert_int_equal(read_text(f, text), GW_OK);
    assert_int_equal(f->value.count, 1000);
    for (size_t i = 0; i < 1000; i++) {
        assert_int_equal(f->value.as.items[i].as.integer, i % 10);
    }
}

static void a_byte_order_mark_is_skipped(void **state) {
    struct fixture *f = *state;
    assert_int_equal(read_text(f, "\xEF\xBB\xBF {}"), GW_OK);
    assert_int_equal(f->value.position, 4);
    assert_int_equal(read_text(f, "\xEF\xBB\xBF\xEF\xBB\xBF{}"), GW_MALFORMED);
    assert_int_equal(read_text(f, "\xEF\xBB\xBF"), GW_EMPTY);
}

static void refusals_say_which_byte(void **state) {
    static const struct {
        const char *text;
        enum gw_status status;
        size_t position;
    } rows[] = {
        {"", GW_EMPTY, 0},
        {" \n", GW_EMPTY, 0},
        {"{", GW_TRUNCATED, 1},
        {"{\"a\"", GW_TRUNCATED, 4},
        {"{\"a\":", GW_TRUNCATED, 5},
        {"{\"a\":1", GW_TRUNCATED, 6},
        {"[1,", GW_TRUNCATED, 3},
        {"\"abc", GW_TRUNCATED, 4},
        {"\"abc\\", GW_TRUNCATED, 5},
        {"\"abc\\\"", GW_TRUNCATED, 6},
        {"tru", GW_TRUNCATED, 3},
        {"-", GW_TRUNCATED, 1},
        {"1.", GW_TRUNCATED, 2},
        {"1e", GW_TRUNCATED, 2},
        {"{,}", GW_MALFORMED, 1},
        {"{\"a\":1,}", GW_MALFORMED, 7},
        {"{\"a\" 1}", GW_MALFORMED, 5},
        {"{'a':1}", GW_MALFORMED, 1},
        {"{a:1}", GW_MALFORMED, 1},
        {"[1,]", GW_MALFORMED, 3},
        {"[1 2]", GW_MALFORMED, 3},
        {"[1}", GW_MALFORMED, 2},
        {"nul1", GW_MALFORMED, 0},
        {"NaN", GW_MALFORMED, 0},
        {"Infinity", GW_MALFORMED, 0},
        {"-Infinity", GW_MALFORMED, 1},
        {"+1", GW_MALFORMED, 0},
        {".5", GW_MALFORMED, 0},
        {"1.e5", GW_MALFORMED, 2},
        {"/* c */ 1", GW_MALFORMED, 0},
        {"\"a\nb\"", GW_MALFORMED, 2},
        {"\"\\x41\"", GW_MALFORMED, 1},
        {"\"\\u12g4\"", GW_MALFORMED, 1},
        {"\"\\u12", GW_TRUNCATED, 5},
        {"\"\\ud800\"", GW_BAD_UTF8, 1},
        {"\"x\\udc00\"", GW_BAD_UTF8, 2},
        {"\"\\ud800\\n\"", GW_BAD_UTF8, 1},
        {"\"\\ud800\\ud800\"", GW_BAD_UTF8, 1},
        {"\"\\ud800\\u0041\"", GW_BAD_UTF8, 1},
        {"[\"a\xFF\"]", GW_BAD_UTF8, 3},
        {"\"\xED\xA0\x80\"", GW_BAD_UTF8, 1},
        {"\"\xC0\x80\"", GW_BAD_UTF8, 1},
        {"\xFF", GW_MALFORMED, 0},
        {"01", GW_TRAILING_BYTES, 1},
        {"1 2", GW_TRAILING_BYTES, 2},
        {"{}x", GW_TRAILING_BYTES, 2},
        {"{\"a\":1,\"b\":2,\"a\":3}", GW_DUPLICATE_KEY, 13},
        {"{\"a\":1,\"\\u0061\":3}", GW_DUPLICATE_KEY, 7},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum gw_status status = read_text(f, rows[i].text);
        if (status != rows[i].status || f->error.position != rows[i].position) {
            print_error("%s\n%*s^ %s: %s\n", rows[i].text, (int)f->error.position, "", gw_status_word(status),
                        f->error.detail);
        }
        assert_int_equal(status, rows[i].status);
        assert_int_equal(f->error.status, rows[i].status);
        assert_int_equal(f->error.position, rows[i].position);
    }
}

static void limits_hold(void **state) {
    struct fixture *f = *state;
    struct gw_limits limits = gw_limits_default;
    limits.depth = 2;
    limits.keys = 2;
    limits.items = 6;
    limits.string_bytes = 3;
    static const struct {
        const char *text;
        enum gw_status status;
    } rows[] = {
        {"[[1]]", GW_OK},
        {"[[[]]]", GW_TOO_DEEP},
        {"{\"a\":{}}", GW_OK},
        {"{\"a\":{\"b\":{}}}", GW_TOO_DEEP},
        {"{\"a\":1,\"b\":2}", GW_OK},
        {"{\"a\":1,\"b\":2,\"c\":3}", GW_TOO_MANY},
        {"[[1,2,3,4],1]", GW_OK},
        {"[[1,2,3,4],[1]]", GW_TOO_MANY},
        {"\"one\"", GW_OK},
        {"\"\\u0041ne\"", GW_OK},
        {"\"four\"", GW_TOO_LARGE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct gw_str message = gw_str_from(rows[i].text);
        assert_int_equal(gw_json_read(message, &limits, &f->arena, &f->value, &f->error), rows[i].status);
    }
}

static void depth_has_a_ceiling_of_its_own(void **state) {
    struct fixture *f = *state;
    struct gw_limits limits = gw_limits_default;
    limits.depth = SIZE_MAX;
    static char deep[1 << 20];
    memset(deep, '[', sizeof deep);
    struct gw_str message = {deep, sizeof deep};
    assert_int_equal(gw_json_read(message, &limits, &f->arena, &f->value, &f->error), GW_TOO_DEEP);
    assert_int_equal(f->error.position, GW_LIMIT_DEPTH_MAX);
}

static void every_prefix_is_truncated(void **state) {
    static const char whole[] = "{\"a\": [1.5e-3, true, null, \"x\\u00e9\\n\"], \"b\": {\"c\": false}}";
    struct fixture *f = *state;
    assert_int_equal(read_text(f, whole), GW_OK);
    for (size_t i = 1; i < sizeof whole - 1; i++) {
        struct gw_str part = {whole, i};
        enum gw_status status = gw_json_read(part, &gw_limits_default, &f->arena, &f->value, &f->error);
        assert_int_equal(status, GW_TRUNCATED);
        assert_int_equal(f->error.position, i);
    }
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    static char text[1 << 15] = "[";
    size_t size = 1;
    for (size_t i = 0; i < 1000; i++) {
        static const char item[] = "{\"a\":[\"\\n\"]},";
        memcpy(text + size, item, sizeof item - 1);
        size += sizeof item - 1;
    }
    text[size - 1] = ']';
    bool failed = true;
    for (size_t turn = 0; failed; turn++) {
        struct failing_allocator failing = {.fail_at = turn};
        struct gw_allocator allocator = failing_allocator(&failing);
        struct gw_arena arena;
        struct gw_value value;
        gw_arena_init(&arena, &allocator, SIZE_MAX);
        enum gw_status status =
            gw_json_read((struct gw_str){text, size}, &gw_limits_default, &arena, &value, NULL);
        assert_int_equal(status, failing.failed ? GW_NO_MEMORY : GW_OK);
        gw_arena_free(&arena);
        assert_int_equal(failing.in_use, 0);
        failed = failing.failed;
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(words),
        TEST(integers_are_exact),
        TEST(other_numbers_are_the_nearest_double),
        TEST(numbers_have_a_longest_form),
        TEST(strings_without_escapes_point_into_the_message),
        TEST(escapes_are_resolved),
        TEST(objects_and_arrays_keep_their_order),
        TEST(long_arrays_grow),
        TEST(a_byte_order_mark_is_skipped),
        TEST(refusals_say_which_byte),
        TEST(limits_hold),
        TEST(depth_has_a_ceiling_of_its_own),
        TEST(every_prefix_is_truncated),
        TEST(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
