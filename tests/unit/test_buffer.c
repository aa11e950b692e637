/* base/buffer.h */
#include "base/buffer.h"
#include "unit/failing_allocator.h"

#include <string.h>

struct fixture {
    struct failing_allocator watched;
    struct gw_buffer buffer;
};

static void begin(struct fixture *f, size_t limit) {
    f->watched = (struct failing_allocator){.fail_at = FAILING_NEVER};
    struct gw_allocator allocator = failing_allocator(&f->watched);
    gw_buffer_init(&f->buffer, &allocator, limit);
}

static void end(struct fixture *f) {
    gw_buffer_free(&f->buffer);
    assert_int_equal(f->watched.in_use, 0);
}

static void assert_holds(const struct gw_buffer *buffer, const char *text) {
    assert_int_equal(buffer->size, strlen(text));
    assert_memory_equal(buffer->data, text, strlen(text));
}

static void takes_no_memory_before_use(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, 100);
    assert_int_equal(f.watched.calls, 0);
    assert_int_equal(gw_buffer_append(&f.buffer, NULL, 0), GW_OK);
    assert_int_equal(f.watched.calls, 0);
    assert_int_equal(gw_buffer_str(&f.buffer).size, 0);
    end(&f);
}

static void appends_follow_each_other(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, 100);
    assert_int_equal(gw_buffer_append(&f.buffer, "ab", 2), GW_OK);
    assert_int_equal(gw_buffer_append_byte(&f.buffer, 'c'), GW_OK);
    assert_int_equal(gw_buffer_append_str(&f.buffer, GW_STR("de")), GW_OK);
    assert_int_equal(gw_buffer_appendf(&f.buffer, "%d-%s", 42, "x"), GW_OK);
    assert_holds(&f.buffer, "abcde42-x");
    assert_true(gw_str_is(gw_buffer_str(&f.buffer), "abcde42-x"));
    end(&f);
}

static void growth_keeps_the_content(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, 1 << 20);
    for (int i = 0; i < 100000; i++) {
        assert_int_equal(gw_buffer_append_byte(&f.buffer, (uint8_t)i), GW_OK);
    }
    for (int i = 0; i < 100000; i++) {
        assert_int_equal(f.buffer.data[i], (uint8_t)i);
    }
    assert_true(f.watched.calls < 15);
    end(&f);
}

static void the_limit_can_be_reached_but_not_passed(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, 5);
    assert_int_equal(gw_buffer_append(&f.buffer, "12345", 5), GW_OK);
    assert_int_equal(gw_buffer_append_byte(&f.buffer, '6'), GW_TOO_LARGE);
    assert_holds(&f.buffer, "12345");
    end(&f);
}

static void a_format_may_fill_the_buffer_to_its_limit(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, 5);
    assert_int_equal(gw_buffer_appendf(&f.buffer, "%05d", 77), GW_OK);
    assert_holds(&f.buffer, "00077");
    assert_int_equal(gw_buffer_appendf(&f.buffer, "%s", ""), GW_OK);
    assert_int_equal(gw_buffer_appendf(&f.buffer, "%d", 1), GW_TOO_LARGE);
    assert_holds(&f.buffer, "00077");
    end(&f);
}

static void a_format_may_be_long(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, 100000);
    assert_int_equal(gw_buffer_appendf(&f.buffer, "%*d", 50000, 7), GW_OK);
    assert_int_equal(f.buffer.size, 50000);
    assert_int_equal(f.buffer.data[49999], '7');
    assert_int_equal(f.buffer.data[49998], ' ');
    end(&f);
}

static void the_first_failure_sticks_until_cleared(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, 3);
    assert_int_equal(gw_buffer_append(&f.buffer, "1234", 4), GW_TOO_LARGE);
    assert_int_equal(gw_buffer_append(&f.buffer, "1", 1), GW_TOO_LARGE);
    assert_int_equal(gw_buffer_append(&f.buffer, "", 0), GW_TOO_LARGE);
    assert_int_equal(gw_buffer_append_byte(&f.buffer, '1'), GW_TOO_LARGE);
    assert_int_equal(gw_buffer_append_str(&f.buffer, GW_STR("1")), GW_TOO_LARGE);
    assert_int_equal(gw_buffer_appendf(&f.buffer, "1"), GW_TOO_LARGE);
    assert_null(gw_buffer_reserve(&f.buffer, 1));
    assert_int_equal(f.buffer.size, 0);
    gw_buffer_clear(&f.buffer);
    assert_int_equal(f.buffer.failed, GW_OK);
    assert_int_equal(gw_buffer_append(&f.buffer, "123", 3), GW_OK);
    end(&f);
}

static void absurd_sizes_are_too_large(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, SIZE_MAX);
    gw_buffer_append_byte(&f.buffer, 'a');
    assert_null(gw_buffer_reserve(&f.buffer, SIZE_MAX));
    assert_int_equal(f.buffer.failed, GW_TOO_LARGE);
    assert_holds(&f.buffer, "a");
    end(&f);
}

static void reserve_gives_room_and_leaves_the_size(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, 1000);
    gw_buffer_append(&f.buffer, "ab", 2);
    uint8_t *to = gw_buffer_reserve(&f.buffer, 998);
    assert_non_null(to);
    assert_ptr_equal(to, f.buffer.data + 2);
    assert_int_equal(f.buffer.size, 2);
    memset(to, 'x', 998);
    f.buffer.size += 998;
    assert_memory_equal(f.buffer.data, "abxx", 4);
    end(&f);
}

static void reserving_nothing_succeeds(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, 0);
    assert_non_null(gw_buffer_reserve(&f.buffer, 0));
    assert_int_equal(f.buffer.failed, GW_OK);
    assert_null(gw_buffer_reserve(&f.buffer, 1));
    end(&f);
}

static void consuming_cuts_the_front(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, 100);
    gw_buffer_consume(&f.buffer, 0);
    gw_buffer_append(&f.buffer, "abcdef", 6);
    gw_buffer_consume(&f.buffer, 0);
    assert_holds(&f.buffer, "abcdef");
    gw_buffer_consume(&f.buffer, 2);
    assert_holds(&f.buffer, "cdef");
    gw_buffer_append(&f.buffer, "g", 1);
    assert_holds(&f.buffer, "cdefg");
    gw_buffer_consume(&f.buffer, 5);
    assert_int_equal(f.buffer.size, 0);
    end(&f);
}

static void consuming_makes_room_below_the_limit(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, 4);
    gw_buffer_append(&f.buffer, "1234", 4);
    gw_buffer_consume(&f.buffer, 3);
    assert_int_equal(gw_buffer_append(&f.buffer, "567", 3), GW_OK);
    assert_holds(&f.buffer, "4567");
    end(&f);
}

static void clearing_keeps_the_memory(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, 10000);
    gw_buffer_appendf(&f.buffer, "%9000d", 1);
    size_t calls = f.watched.calls;
    gw_buffer_clear(&f.buffer);
    gw_buffer_appendf(&f.buffer, "%9000d", 1);
    assert_int_equal(f.watched.calls, calls);
    end(&f);
}

static void a_cut_buffer_forgets_what_failed(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, 10);
    gw_buffer_append(&f.buffer, "before", 6);
    gw_buffer_append(&f.buffer, "this", 4);
    gw_buffer_append(&f.buffer, "!", 1);
    assert_int_equal(f.buffer.failed, GW_TOO_LARGE);
    gw_buffer_cut(&f.buffer, 6);
    assert_holds(&f.buffer, "before");
    assert_int_equal(gw_buffer_append(&f.buffer, "that", 4), GW_OK);
    assert_holds(&f.buffer, "beforethat");
    end(&f);
}

static void a_freed_buffer_may_be_used_again(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, 10);
    gw_buffer_append(&f.buffer, "12345678901", 11);
    gw_buffer_free(&f.buffer);
    assert_int_equal(f.watched.in_use, 0);
    assert_int_equal(gw_buffer_append(&f.buffer, "1234567890", 10), GW_OK);
    end(&f);
}

static void every_failing_allocation_is_reported_and_loses_nothing(void **state) {
    (void)state;
    bool failed = true;
    for (size_t turn = 0; failed; turn++) {
        struct failing_allocator failing = {.fail_at = turn};
        struct gw_allocator allocator = failing_allocator(&failing);
        struct gw_buffer buffer;
        gw_buffer_init(&buffer, &allocator, SIZE_MAX);
        size_t before = 0;
        for (int i = 0; i < 100 && buffer.failed == GW_OK; i++) {
            before = buffer.size;
            gw_buffer_appendf(&buffer, "%100d", i);
        }
        failed = failing.failed;
        assert_int_equal(buffer.failed, failed ? GW_NO_MEMORY : GW_OK);
        assert_int_equal(buffer.size, failed ? before : 10000);
        assert_true(buffer.size == 0 || buffer.data[99] == '0');
        gw_buffer_free(&buffer);
        assert_int_equal(failing.in_use, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_no_memory_before_use),
        cmocka_unit_test(appends_follow_each_other),
        cmocka_unit_test(growth_keeps_the_content),
        cmocka_unit_test(the_limit_can_be_reached_but_not_passed),
        cmocka_unit_test(a_format_may_fill_the_buffer_to_its_limit),
        cmocka_unit_test(a_format_may_be_long),
        cmocka_unit_test(the_first_failure_sticks_until_cleared),
        cmocka_unit_test(absurd_sizes_are_too_large),
        cmocka_unit_test(reserve_gives_room_and_leaves_the_size),
        cmocka_unit_test(reserving_nothing_succeeds),
        cmocka_unit_test(consuming_cuts_the_front),
        cmocka_unit_test(consuming_makes_room_below_the_limit),
        cmocka_unit_test(clearing_keeps_the_memory),
        cmocka_unit_test(a_cut_buffer_forgets_what_failed),
        cmocka_unit_test(a_freed_buffer_may_be_used_again),
        cmocka_unit_test(every_failing_allocation_is_reported_and_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
