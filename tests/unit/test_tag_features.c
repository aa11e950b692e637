/* Writing out what the tagger is told of a text: what it does when it runs out of room. */
#include "process/entities/tagger/tag_features.h"
#include "unit/process_bench.h"

#define TEXT GW_STR("Ministers in Lima praised Ana Quispe of the National Bar Association.")

static enum gw_status write(struct gw_str text, size_t arena_bytes, size_t out_bytes, size_t *size) {
    struct gw_arena arena;
    struct gw_buffer out;
    gw_arena_init(&arena, &gw_allocator_system, arena_bytes);
    gw_buffer_init(&out, &gw_allocator_system, out_bytes);
    enum gw_status status = gw_tag_features_write(text, bench_model, &arena, &out);
    *size = out.size;
    gw_buffer_free(&out);
    gw_arena_free(&arena);
    return status;
}

static void test_no_text_has_no_features(void **state) {
    (void)state;
    size_t size;
    assert_int_equal(write(GW_STR(""), SIZE_MAX, 1000, &size), GW_OK);
    assert_int_equal(size, 0);
    assert_int_equal(write(GW_STR("it rained."), SIZE_MAX, 1000, &size), GW_OK);
    assert_int_equal(size, 0);
}

static void test_a_word_that_only_begins_its_sentence_is_told_of_nothing(void **state) {
    (void)state;
    size_t size;
    assert_int_equal(write(GW_STR("The minister left. \"He was ill,\" they said."), SIZE_MAX, 1000, &size),
                     GW_OK);
    assert_int_equal(size, 0);
    static const char *const others[] = {"The Hague is wet.", "In 2015 it rained.", "Ministers left.",
                                         "He saw IT."};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_int_equal(write(gw_str_from(others[i]), SIZE_MAX, SIZE_MAX, &size), GW_OK);
        assert_true(size > 0);
    }
}

static void test_a_full_buffer_is_said(void **state) {
    (void)state;
    size_t size, whole;
    assert_int_equal(write(TEXT, SIZE_MAX, SIZE_MAX, &whole), GW_OK);
    assert_int_equal(write(TEXT, SIZE_MAX, whole, &size), GW_OK);
    assert_int_equal(size, whole);
    assert_int_equal(write(TEXT, SIZE_MAX, whole - 1, &size), GW_TOO_LARGE);
    assert_int_equal(write(TEXT, SIZE_MAX, 100, &size), GW_TOO_LARGE);
}

static void test_an_arena_at_its_end_is_said(void **state) {
    (void)state;
    size_t size, arena_bytes = 0;
    while (write(TEXT, arena_bytes, SIZE_MAX, &size) != GW_OK) {
        assert_int_equal(write(TEXT, arena_bytes, SIZE_MAX, &size), GW_NO_MEMORY);
        assert_int_equal(size, 0);
        arena_bytes += 512;
        assert_true(arena_bytes < (size_t)1 << 24);
    }
    assert_true(arena_bytes > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_text_has_no_features),
        cmocka_unit_test(test_a_word_that_only_begins_its_sentence_is_told_of_nothing),
        cmocka_unit_test(test_a_full_buffer_is_said),
        cmocka_unit_test(test_an_arena_at_its_end_is_said),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
