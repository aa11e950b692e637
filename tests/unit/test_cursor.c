/* base/cursor.h */
#include "base/cursor.h"
#include "unit/unit.h"

#include <stdlib.h>

static const uint8_t bytes[] = {0x81, 0x02, 0x83, 0x04, 0x85, 0x06, 0x87, 0x08, 0x99};

static void reads_integers_in_either_order(void **state) {
    (void)state;
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
    struct gw_cursor cursor = gw_cursor_over(bytes, sizeof bytes);
    struct gw_cursor at = cursor;
    assert_true(gw_cursor_u8(&at, &u8));
    assert_int_equal(u8, 0x81);
    at = cursor;
    assert_true(gw_cursor_be16(&at, &u16));
    assert_int_equal(u16, 0x8102);
    at = cursor;
    assert_true(gw_cursor_be32(&at, &u32));
    assert_int_equal(u32, 0x81028304);
    at = cursor;
    assert_true(gw_cursor_be64(&at, &u64));
    assert_true(u64 == UINT64_C(0x8102830485068708));
    at = cursor;
    assert_true(gw_cursor_le32(&at, &u32));
    assert_int_equal(u32, 0x04830281);
    at = cursor;
    assert_true(gw_cursor_le64(&at, &u64));
    assert_true(u64 == UINT64_C(0x0887068504830281));
}

static void reading_moves_by_what_was_read(void **state) {
    (void)state;
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    struct gw_str slice;
    struct gw_cursor cursor = gw_cursor_over(bytes, sizeof bytes);
    assert_true(gw_cursor_u8(&cursor, &u8));
    assert_int_equal(gw_cursor_position(&cursor), 1);
    assert_true(gw_cursor_be16(&cursor, &u16));
    assert_int_equal(u16, 0x0283);
    assert_int_equal(gw_cursor_position(&cursor), 3);
    assert_true(gw_cursor_le32(&cursor, &u32));
    assert_int_equal(gw_cursor_position(&cursor), 7);
    assert_int_equal(gw_cursor_left(&cursor), 2);
    assert_true(gw_cursor_take(&cursor, 2, &slice));
    assert_ptr_equal(slice.data, (const char *)bytes + 7);
    assert_int_equal(slice.size, 2);
    assert_int_equal(gw_cursor_left(&cursor), 0);
}

static void peeking_does_not_move(void **state) {
    (void)state;
    struct gw_cursor cursor = gw_cursor_over(bytes, 1);
    assert_int_equal(gw_cursor_peek(&cursor), 0x81);
    assert_int_equal(gw_cursor_peek(&cursor), 0x81);
    uint8_t u8;
    assert_true(gw_cursor_u8(&cursor, &u8));
    assert_int_equal(gw_cursor_peek(&cursor), -1);
}

/* How many bytes each reader needs; it is tried on every shorter input. */
static bool read_u8(struct gw_cursor *cursor) {
    uint8_t out;
    return gw_cursor_u8(cursor, &out);
}
static bool read_be16(struct gw_cursor *cursor) {
    uint16_t out;
    return gw_cursor_be16(cursor, &out);
}
static bool read_be32(struct gw_cursor *cursor) {
    uint32_t out;
    return gw_cursor_be32(cursor, &out);
}
static bool read_be64(struct gw_cursor *cursor) {
    uint64_t out;
    return gw_cursor_be64(cursor, &out);
}
static bool read_le32(struct gw_cursor *cursor) {
    uint32_t out;
    return gw_cursor_le32(cursor, &out);
}
static bool read_le64(struct gw_cursor *cursor) {
    uint64_t out;
    return gw_cursor_le64(cursor, &out);
}
static bool take_five(struct gw_cursor *cursor) {
    struct gw_str out;
    return gw_cursor_take(cursor, 5, &out);
}

static const struct {
    bool (*read)(struct gw_cursor *cursor);
    size_t needs;
} readers[] = {{read_u8, 1},   {read_be16, 2}, {read_be32, 4}, {read_be64, 8},
               {read_le32, 4}, {read_le64, 8}, {take_five, 5}};

static void too_few_bytes_leave_the_cursor_alone(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        for (size_t size = 0; size <= readers[i].needs; size++) {
            /* Of just this size, so that a read beyond it is seen by the sanitizer. */
            void *input = calloc(size + (size == 0), 1);
            assert_non_null(input);
            struct gw_cursor cursor = gw_cursor_over(input, size);
            bool enough = size == readers[i].needs;
            assert_int_equal(readers[i].read(&cursor), enough);
            assert_int_equal(gw_cursor_position(&cursor), enough ? size : 0);
            free(input);
        }
    }
}

static void a_count_near_the_largest_size_is_refused(void **state) {
    (void)state;
    struct gw_str out;
    struct gw_cursor cursor = gw_cursor_over(bytes, sizeof bytes);
    assert_false(gw_cursor_take(&cursor, SIZE_MAX, &out));
    assert_false(gw_cursor_take(&cursor, SIZE_MAX - 8, &out));
    assert_int_equal(gw_cursor_position(&cursor), 0);
}

static void no_input_at_all_is_an_end(void **state) {
    (void)state;
    struct gw_str out;
    struct gw_cursor cursor = gw_cursor_over(NULL, 0);
    assert_int_equal(gw_cursor_left(&cursor), 0);
    assert_int_equal(gw_cursor_peek(&cursor), -1);
    assert_true(gw_cursor_take(&cursor, 0, &out));
    assert_int_equal(out.size, 0);
    assert_false(gw_cursor_take(&cursor, 1, &out));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_integers_in_either_order),
        cmocka_unit_test(reading_moves_by_what_was_read),
        cmocka_unit_test(peeking_does_not_move),
        cmocka_unit_test(too_few_bytes_leave_the_cursor_alone),
        cmocka_unit_test(a_count_near_the_largest_size_is_refused),
        cmocka_unit_test(no_input_at_all_is_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
