/* MessagePack to values: every format, every refusal with its byte. */
#include "base/arena.h"
#include "schemas/msgpack_reader.h"
#include "unit/failing_allocator.h"
#include "unit/unit.h"

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

#define READ(f, literal) read_bytes((f), (literal), sizeof(literal) - 1)

static enum gw_status read_bytes(struct fixture *f, const char *data, size_t size) {
    return gw_msgpack_read((struct gw_str){data, size}, &gw_limits_default, &f->arena, &f->value, &f->error);
}

static void integers_of_every_width(void **state) {
    static const struct {
        const char *bytes;
        size_t size;
        int64_t expected;
    } rows[] = {
        {"\x00", 1, 0},
        {"\x7F", 1, 127},
        {"\xFF", 1, -1},
        {"\xE0", 1, -32},
        {"\xCC\xFF", 2, 255},
        {"\xCD\x01\x00", 3, 256},
        {"\xCE\xFF\xFF\xFF\xFF", 5, UINT32_MAX},
        {"\xCF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 9, INT64_MAX},
        {"\xD0\x80", 2, -128},
        {"\xD1\x80\x00", 3, -32768},
        {"\xD2\x80\x00\x00\x00", 5, INT32_MIN},
        {"\xD3\x80\x00\x00\x00\x00\x00\x00\x00", 9, INT64_MIN},
        {"\xD3\x00\x00\x00\x00\x00\x00\x00\x05", 9, 5},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(read_bytes(f, rows[i].bytes, rows[i].size), GW_OK);
        assert_int_equal(f->value.type, GW_INT);
        assert_true(f->value.as.integer == rows[i].expected);
    }
    assert_int_equal(READ(f, "\xCF\x80\x00\x00\x00\x00\x00\x00\x00"), GW_OK);
    assert_int_equal(f->value.type, GW_UINT);
    assert_true(f->value.as.unsigned_integer == UINT64_C(1) << 63);
}

static void other_scalars(void **state) {
    struct fixture *f = *state;
    assert_int_equal(READ(f, "\xC0"), GW_OK);
    assert_int_equal(f->value.type, GW_NIL);
    assert_int_equal(READ(f, "\xC3"), GW_OK);
    assert_true(f->value.type == GW_BOOL && f->value.as.boolean);
    assert_int_equal(READ(f, "\xC2"), GW_OK);
    assert_true(f->value.type == GW_BOOL && !f->value.as.boolean);
    assert_int_equal(READ(f, "\xCA\x3F\x00\x00\x00"), GW_OK);
    assert_true(f->value.type == GW_FLOAT && f->value.as.number == 0.5);
    assert_int_equal(READ(f, "\xCB\xC0\x04\x00\x00\x00\x00\x00\x00"), GW_OK);
    assert_true(f->value.type == GW_DOUBLE && f->value.as.number == -2.5);
}

static void strings_point_into_the_message(void **state) {
    static const struct {
        const char *bytes;
        size_t size;
        uint8_t type;
    } rows[] = {
        {"\xA2hi", 3, GW_STRING},
        {"\xD9\x02hi", 4, GW_STRING},
        {"\xDA\x00\x02hi", 5, GW_STRING},
        {"\xDB\x00\x00\x00\x02hi", 7, GW_STRING},
        {"\xC4\x02hi", 4, GW_BIN},
        {"\xC5\x00\x02hi", 5, GW_BIN},
        {"\xC6\x00\x00\x00\x02hi", 7, GW_BIN},
        {"\xD5\x05hi", 4, GW_EXT},
        {"\xC7\x02\x05hi", 5, GW_EXT},
        {"\xC8\x00\x02\x05hi", 6, GW_EXT},
        {"\xC9\x00\x00\x00\x02\x05hi", 8, GW_EXT},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(read_bytes(f, rows[i].bytes, rows[i].size), GW_OK);
        assert_int_equal(f->value.type, rows[i].type);
        assert_true(gw_str_is(f->value.as.bytes, "hi"));
        assert_ptr_equal(f->value.as.bytes.data, rows[i].bytes + rows[i].size - 2);
        assert_int_equal(f->value.ext_type, rows[i].type == GW_EXT ? 5 : 0);
    }
    assert_int_equal(f->arena.taken, 0);
    assert_int_equal(READ(f, "\xD8\xFF"
                             "0123456789abcdef"),
                     GW_OK);
    assert_int_equal(f->value.ext_type, -1);
    assert_int_equal(f->value.as.bytes.size, 16);
}

static void maps_and_arrays_keep_their_order(void **state) {
    struct fixture *f = *state;
    assert_int_equal(READ(f, "\x82\xA1z\x93\x01\x02\x03\xA1y\x81\x05\xC0"), GW_OK);
    assert_int_equal(f->value.count, 2);
    assert_true(gw_value_is(&f->value.as.pairs[0].key, "z"));
    const struct gw_value *array = gw_value_get(&f->value, "z");
    assert_int_equal(array->type, GW_ARRAY);
    assert_int_equal(array->count, 3);
    assert_int_equal(array->as.items[2].as.integer, 3);
    assert_int_equal(array->position, 3);
    const struct gw_value *map = gw_value_get(&f->value, "y");
    assert_int_equal(map->as.pairs[0].key.as.integer, 5);
    assert_null(gw_value_get(&f->value, "x"));
    assert_int_equal(READ(f, "\xDC\x00\x01\xDD\x00\x00\x00\x01\xDE\x00\x01\x01\xDF\x00\x00\x00\x00"), GW_OK);
}

static void refusals_say_which_byte(void **state) {
    static const struct {
        const char *bytes;
        size_t size;
        enum gw_status status;
        size_t position;
    } rows[] = {
        {"", 0, GW_EMPTY, 0},
        {"\xC1", 1, GW_MALFORMED, 0},
        {"\x91\xC1", 2, GW_MALFORMED, 1},
        {"\xA5hell", 5, GW_TRUNCATED, 0},
        {"\x92\x01\xCD\x01", 4, GW_TRUNCATED, 2},
        {"\x91", 1, GW_TOO_MANY, 0},
        {"\x81\xA1k", 3, GW_TRUNCATED, 3},
        {"\x01\x02", 2, GW_TRAILING_BYTES, 1},
        {"\x91\xA3o\xFFk", 5, GW_BAD_UTF8, 3},
        {"\x81\xA1\x80\x01", 4, GW_BAD_UTF8, 2},
        {"\xA2\xC3", 2, GW_TRUNCATED, 0},
        {"\xA3\xED\xA0\x80", 4, GW_BAD_UTF8, 1},
        {"\x82\xA1k\x01\xA1k\x02", 7, GW_DUPLICATE_KEY, 4},
        {"\x82\x01\x01\xD3\x00\x00\x00\x00\x00\x00\x00\x01\x02", 13, GW_DUPLICATE_KEY, 3},
        {"\x81\x90\x01", 3, GW_BAD_TYPE, 1},
        {"\x81\xD4\x01\x01\x01", 5, GW_BAD_TYPE, 1},
        {"\xC6\xFF\xFF\xFF\xFF", 5, GW_TRUNCATED, 0},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(read_bytes(f, rows[i].bytes, rows[i].size), rows[i].status);
        assert_int_equal(f->error.status, rows[i].status);
        assert_int_equal(f->error.position, rows[i].position);
    }
}

static void huge_counts_cost_nothing(void **state) {
    struct fixture *f = *state;
    assert_int_equal(READ(f, "\xDD\xFF\xFF\xFF\xFF\x01\x02"), GW_TOO_MANY);
    assert_int_equal(READ(f, "\xDF\xFF\xFF\xFF\xFF\x01\x02"), GW_TOO_MANY);
    assert_int_equal(READ(f, "\xDF\x80\x00\x00\x01\x01\x02"), GW_TOO_MANY);
    assert_int_equal(f->arena.taken, 0);
}

static void limits_hold(void **state) {
    struct fixture *f = *state;
    struct gw_limits limits = gw_limits_default;
    limits.depth = 2;
    limits.keys = 2;
    limits.items = 6;
    limits.string_bytes = 3;
    static const struct {
        const char *bytes;
        size_t size;
        enum gw_status status;
    } rows[] = {
        {"\x91\x91\x01", 3, GW_OK},
        {"\x91\x91\x90", 3, GW_TOO_DEEP},
        {"\x82\x01\x01\x02\x02", 5, GW_OK},
        {"\x83\x01\x01\x02\x02\x03\x03", 7, GW_TOO_MANY},
        {"\x92\x94\x01\x01\x01\x01\x01", 7, GW_OK},
        {"\x92\x94\x01\x01\x01\x01\x91\x01", 8, GW_TOO_MANY},
        {"\xA3one", 4, GW_OK},
        {"\xA4"
         "four",
         5, GW_TOO_LARGE},
        {"\xC4\x04"
         "four",
         6, GW_TOO_LARGE},
        {"\x81\xA4"
         "four\x01",
         7, GW_TOO_LARGE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct gw_str message = {rows[i].bytes, rows[i].size};
        assert_int_equal(gw_msgpack_read(message, &limits, &f->arena, &f->value, &f->error), rows[i].status);
    }
}

static void depth_has_a_ceiling_of_its_own(void **state) {
    struct fixture *f = *state;
    struct gw_limits limits = gw_limits_default;
    limits.depth = SIZE_MAX;
    static char deep[1 << 20];
    memset(deep, '\x91', sizeof deep);
    struct gw_str message = {deep, sizeof deep};
    assert_int_equal(gw_msgpack_read(message, &limits, &f->arena, &f->value, &f->error), GW_TOO_DEEP);
    assert_int_equal(f->error.position, GW_LIMIT_DEPTH_MAX);
}

static void many_keys_are_checked_too(void **state) {
    struct fixture *f = *state;
    char bytes[3 + 2 * 100];
    memcpy(bytes, "\xDE\x00\x64", 3);
    for (size_t i = 0; i < 100; i++) {
        bytes[3 + 2 * i] = (char)i;
        bytes[4 + 2 * i] = 0;
    }
    assert_int_equal(read_bytes(f, bytes, sizeof bytes), GW_OK);
    bytes[3 + 2 * 99] = 7;
    assert_int_equal(read_bytes(f, bytes, sizeof bytes), GW_DUPLICATE_KEY);
    assert_int_equal(f->error.position, 3 + 2 * 99);
}

static void every_prefix_is_truncated(void **state) {
    static const char whole[] = "\x83\xA1"
                                "a\xCB\x00\x00\x00\x00\x00\x00\x00\x00\xA1"
                                "b\xC7\x01\x02x\xA1"
                                "c\x92\xD9\x02hi\xCD\x01\x02";
    struct fixture *f = *state;
    size_t size = sizeof whole - 1;
    assert_int_equal(read_bytes(f, whole, size), GW_OK);
    for (size_t i = 1; i < size; i++) {
        enum gw_status status = read_bytes(f, whole, i);
        assert_true(status == GW_TRUNCATED || status == GW_TOO_MANY);
    }
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    char bytes[4096] = "\xDC\x02\x00";
    size_t size = 3;
    for (size_t i = 0; i < 512; i++) {
        memcpy(bytes + size, "\x91\x81\x01\xC0", 4);
        size += 4;
    }
    bool failed = true;
    for (size_t turn = 0; failed; turn++) {
        struct failing_allocator failing = {.fail_at = turn};
        struct gw_allocator allocator = failing_allocator(&failing);
        struct gw_arena arena;
        struct gw_value value;
        gw_arena_init(&arena, &allocator, SIZE_MAX);
        enum gw_status status =
            gw_msgpack_read((struct gw_str){bytes, size}, &gw_limits_default, &arena, &value, NULL);
        assert_int_equal(status, failing.failed ? GW_NO_MEMORY : GW_OK);
        gw_arena_free(&arena);
        assert_int_equal(failing.in_use, 0);
        failed = failing.failed;
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(integers_of_every_width),
        TEST(other_scalars),
        TEST(strings_point_into_the_message),
        TEST(maps_and_arrays_keep_their_order),
        TEST(refusals_say_which_byte),
        TEST(huge_counts_cost_nothing),
        TEST(limits_hold),
        TEST(depth_has_a_ceiling_of_its_own),
        TEST(many_keys_are_checked_too),
        TEST(every_prefix_is_truncated),
        TEST(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
