/* Claims to shorter names. */
#include "process/entities/names/claims.h"
#include "unit/unit.h"

static struct gw_group items[] = {
    {.joined = 0, .first_span = 3}, {.joined = 1, .first_span = 5}, {.joined = 0, .first_span = 7}};
static const struct gw_groups groups = {.items = items, .count = 3};

static void test_claims(void **state) {
    (void)state;
    struct gw_arena arena;
    struct gw_claims claims;
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    assert_int_equal(gw_claims_init(&claims, 4, &arena), GW_OK);
    gw_claims_ask(&claims, 9);
    gw_claims_ask(&claims, 8);
    gw_claims_ask(&claims, 9);
    assert_null(gw_claims_find(&claims, 9));
    gw_claims_add(&claims, 9, &groups, 0);
    gw_claims_add(&claims, 9, &groups, 2);
    assert_int_equal(gw_claims_find(&claims, 9)->group, 0);
    assert_int_equal(gw_claims_find(&claims, 9)->rival, GW_NO_INDEX);
    gw_claims_add(&claims, 9, &groups, 1);
    assert_int_equal(gw_claims_find(&claims, 9)->rival, 5);
    gw_claims_add(&claims, 8, &groups, 1);
    assert_int_equal(gw_claims_find(&claims, 8)->group, 1);
    struct gw_claims others;
    assert_int_equal(gw_claims_init_like(&others, &claims, &arena), GW_OK);
    assert_null(gw_claims_find(&others, 9));
    gw_claims_add(&others, 9, &groups, 1);
    assert_int_equal(gw_claims_find(&others, 9)->group, 1);
    assert_int_equal(gw_claims_find(&claims, 9)->group, 0);
    gw_claims_add(&claims, 7, &groups, 1); /* nobody asked */
    assert_null(gw_claims_find(&claims, 7));
    gw_arena_free(&arena);
}

static void test_no_memory(void **state) {
    (void)state;
    struct gw_arena arena;
    struct gw_claims claims;
    gw_arena_init(&arena, &gw_allocator_system, 16);
    assert_int_equal(gw_claims_init(&claims, 1000, &arena), GW_NO_MEMORY);
    gw_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_claims), cmocka_unit_test(test_no_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
