/* Handles find their thing, and nothing once it is gone. */
#include "base/slots.h"

#include "unit/dice.h"
#include "unit/failing_allocator.h"

#define THINGS 100
#define TURNS  20000

static void finds_what_was_put_in(void **state) {
    (void)state;
    struct gw_slots slots;
    int things[THINGS];
    uint64_t handles[THINGS];
    gw_slots_init(&slots, &gw_allocator_system);
    for (size_t i = 0; i < THINGS; i++) {
        assert_int_equal(gw_slots_add(&slots, &things[i], &handles[i]), GW_OK);
        assert_int_not_equal(handles[i], 0);
    }
    for (size_t i = 0; i < THINGS; i++) {
        assert_ptr_equal(gw_slots_get(&slots, handles[i]), &things[i]);
    }
    assert_int_equal(slots.count, THINGS);
    gw_slots_free(&slots);
}

static void finds_nothing_for_strange_handles(void **state) {
    (void)state;
    struct gw_slots slots;
    int thing;
    uint64_t handle;
    gw_slots_init(&slots, &gw_allocator_system);
    assert_null(gw_slots_get(&slots, 0));
    assert_null(gw_slots_get(&slots, 1));
    assert_int_equal(gw_slots_add(&slots, &thing, &handle), GW_OK);
    assert_null(gw_slots_get(&slots, 0));
    assert_null(gw_slots_get(&slots, handle + 1));
    assert_null(gw_slots_get(&slots, handle + (UINT64_C(1) << 32)));
    assert_null(gw_slots_get(&slots, UINT64_MAX));
    assert_null(gw_slots_remove(&slots, handle + 1));
    gw_slots_free(&slots);
}

static void tells_a_successor_apart(void **state) {
    (void)state;
    struct gw_slots slots;
    int first, second;
    uint64_t old, new;
    gw_slots_init(&slots, &gw_allocator_system);
    assert_int_equal(gw_slots_add(&slots, &first, &old), GW_OK);
    assert_ptr_equal(gw_slots_remove(&slots, old), &first);
    assert_int_equal(gw_slots_add(&slots, &second, &new), GW_OK);
    assert_int_equal(slots.used, 1); /* the place was taken again */
    assert_null(gw_slots_get(&slots, old));
    assert_null(gw_slots_remove(&slots, old));
    assert_ptr_equal(gw_slots_get(&slots, new), &second);
    gw_slots_free(&slots);
}

static void walks_over_what_is_there(void **state) {
    (void)state;
    struct gw_slots slots;
    int things[THINGS];
    uint64_t handles[THINGS], handle;
    size_t place = 0, walked = 0;
    gw_slots_init(&slots, &gw_allocator_system);
    for (size_t i = 0; i < THINGS; i++) {
        assert_int_equal(gw_slots_add(&slots, &things[i], &handles[i]), GW_OK);
    }
    for (size_t i = 0; i < THINGS; i += 2) {
        gw_slots_remove(&slots, handles[i]);
    }
    for (int *thing; (thing = gw_slots_next(&slots, &place, &handle)); walked++) {
        assert_ptr_equal(thing, &things[2 * walked + 1]);
        assert_int_equal(handle, handles[2 * walked + 1]);
        assert_ptr_equal(gw_slots_remove(&slots, handle), thing);
    }
    assert_int_equal(walked, THINGS / 2);
    assert_int_equal(slots.count, 0);
    gw_slots_free(&slots);
}

/* Against an array that knows which handle stands for what. */
static void agrees_with_a_simple_model(void **state) {
    (void)state;
    struct gw_slots slots;
    struct {
        uint64_t handle;
        int thing;
    } model[THINGS];
    uint64_t gone[THINGS] = {0};
    size_t count = 0;
    struct dice dice = {7};
    gw_slots_init(&slots, &gw_allocator_system);
    int *things = calloc(TURNS, sizeof *things);
    for (int turn = 0; turn < TURNS; turn++) {
        size_t at = count > 0 ? dice_roll(&dice, count) : 0;
        if (count < THINGS && (count == 0 || dice_roll(&dice, 2))) {
            model[count].thing = turn;
            assert_int_equal(gw_slots_add(&slots, &things[turn], &model[count].handle), GW_OK);
            count++;
        } else {
            assert_ptr_equal(gw_slots_remove(&slots, model[at].handle), &things[model[at].thing]);
            gone[dice_roll(&dice, THINGS)] = model[at].handle;
            model[at] = model[--count];
        }
        for (size_t i = 0; i < count; i++) {
            assert_ptr_equal(gw_slots_get(&slots, model[i].handle), &things[model[i].thing]);
        }
        assert_null(gw_slots_get(&slots, gone[dice_roll(&dice, THINGS)]));
        assert_int_equal(slots.count, count);
    }
    free(things);
    gw_slots_free(&slots);
}

static void survives_failing_allocations(void **state) {
    (void)state;
    bool failed = true;
    for (size_t turn = 0; failed; turn++) {
        struct failing_allocator failing = {.fail_at = turn};
        struct gw_allocator allocator = failing_allocator(&failing);
        struct gw_slots slots;
        int thing;
        uint64_t handles[THINGS];
        size_t added = 0;
        gw_slots_init(&slots, &allocator);
        while (added < THINGS && gw_slots_add(&slots, &thing, &handles[added]) == GW_OK) {
            added++;
        }
        assert_int_equal(added < THINGS, failing.failed);
        assert_int_equal(slots.count, added);
        if (added < THINGS) { /* once there is memory again, it goes on */
            assert_int_equal(gw_slots_add(&slots, &thing, &handles[added]), GW_OK);
        }
        gw_slots_free(&slots);
        assert_int_equal(failing.in_use, 0);
        failed = failing.failed;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_was_put_in),      cmocka_unit_test(finds_nothing_for_strange_handles),
        cmocka_unit_test(tells_a_successor_apart),    cmocka_unit_test(walks_over_what_is_there),
        cmocka_unit_test(agrees_with_a_simple_model), cmocka_unit_test(survives_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
