/* The keyed table: filled once, bounded also for keys made to collide. */
#include "process/entities/keyed.h"
#include "unit/process_bench.h"

static void test_finds_what_was_put(void **state) {
    (void)state;
    struct gw_keyed keyed;
    assert_int_equal(gw_keyed_init(&keyed, 1000, &bench_arena), GW_OK);
    for (uint32_t i = 0; i < 1000; i++) {
        gw_keyed_put(&keyed, i * UINT64_C(0x9E3779B97F4A7C15), i);
    }
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal(gw_keyed_find(&keyed, i * UINT64_C(0x9E3779B97F4A7C15)), i);
    }
    assert_int_equal(gw_keyed_find(&keyed, 12345), GW_KEYED_NONE);
}

static void test_a_second_value_is_ambiguous(void **state) {
    (void)state;
    struct gw_keyed keyed;
    assert_int_equal(gw_keyed_init(&keyed, 4, &bench_arena), GW_OK);
    gw_keyed_put(&keyed, 7, 1);
    gw_keyed_put(&keyed, 7, 1);
    assert_int_equal(gw_keyed_find(&keyed, 7), 1);
    gw_keyed_put(&keyed, 7, 2);
    gw_keyed_put(&keyed, 7, 1);
    assert_int_equal(gw_keyed_find(&keyed, 7), GW_KEYED_AMBIGUOUS);
}

static void test_key_0_is_a_key(void **state) {
    (void)state;
    struct gw_keyed keyed;
    assert_int_equal(gw_keyed_init(&keyed, 4, &bench_arena), GW_OK);
    assert_int_equal(gw_keyed_find(&keyed, 0), GW_KEYED_NONE);
    *gw_keyed_at(&keyed, 0) = 9;
    assert_int_equal(gw_keyed_find(&keyed, 0), 9);
}

static void test_colliding_keys_lose_their_place_but_not_the_others(void **state) {
    (void)state;
    enum { KEYS = 500 };
    struct gw_keyed keyed;
    assert_int_equal(gw_keyed_init(&keyed, KEYS, &bench_arena), GW_OK);
    uint32_t kept = 0;
    for (uint32_t i = 1; i <= KEYS; i++) {
        /* Equal halves cancel out in the place: all of these want slot 0. */
        gw_keyed_put(&keyed, (uint64_t)i << 32 | i, i);
    }
    for (uint32_t i = 1; i <= KEYS; i++) {
        uint32_t found = gw_keyed_find(&keyed, (uint64_t)i << 32 | i);
        assert_true(found == i || found == GW_KEYED_NONE);
        kept += found == i;
    }
    assert_in_range(kept, 1, KEYS - 1);
    gw_keyed_put(&keyed, UINT64_C(0x100) << 32, 77);
    assert_int_equal(gw_keyed_find(&keyed, UINT64_C(0x100) << 32), 77);
}

static void test_memory_ends(void **state) {
    (void)state;
    struct gw_arena none;
    struct gw_keyed keyed;
    gw_arena_init(&none, &gw_allocator_system, 0);
    assert_int_equal(gw_keyed_init(&keyed, 4, &none), GW_NO_MEMORY);
    gw_arena_free(&none);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_what_was_put),
        cmocka_unit_test(test_a_second_value_is_ambiguous),
        cmocka_unit_test(test_key_0_is_a_key),
        cmocka_unit_test(test_colliding_keys_lose_their_place_but_not_the_others),
        cmocka_unit_test(test_memory_ends),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
