/* The account of positions. */
#include "cli/ledger.h"

#include "unit/failing_allocator.h"

#include <stdio.h>

static struct gw_position kafka(const char *topic, int32_t partition, int64_t offset) {
    return (struct gw_position){GW_POSITION_KAFKA, gw_str_from(topic), partition, offset};
}

static void enter(struct gw_ledger *ledger, struct gw_position position, enum gw_ledger_fact fact) {
    assert_int_equal(gw_ledger_enter(ledger, &position, fact), GW_OK);
}

static void every_input_with_one_outcome_holds(void **state) {
    (void)state;
    struct gw_ledger ledger;
    struct gw_ledger_sum sum;
    gw_ledger_init(&ledger, &gw_allocator_system);
    for (int i = 0; i < 3; i++) {
        enter(&ledger, kafka("in", i % 2, i), GW_LEDGER_INPUT);
        enter(&ledger, kafka("in", i % 2, i), (enum gw_ledger_fact)(GW_LEDGER_RECORD << i));
    }
    gw_ledger_add_up(&ledger, &sum);
    assert_int_equal(sum.in, 3);
    assert_int_equal(sum.records, 1);
    assert_int_equal(sum.dead_letters, 1);
    assert_int_equal(sum.skipped, 1);
    assert_int_equal(sum.redelivered + sum.missing + sum.conflicting + sum.foreign, 0);
    assert_true(gw_ledger_sum_holds(&sum));
    gw_ledger_free(&ledger);
}

static void an_input_without_an_output_is_missing(void **state) {
    (void)state;
    struct gw_ledger ledger;
    struct gw_ledger_sum sum;
    gw_ledger_init(&ledger, &gw_allocator_system);
    enter(&ledger, kafka("in", 0, 7), GW_LEDGER_INPUT);
    /* The same number elsewhere is another position. */
    enter(&ledger, kafka("in", 1, 7), GW_LEDGER_RECORD);
    enter(&ledger, kafka("other", 0, 7), GW_LEDGER_RECORD);
    enter(&ledger, (struct gw_position){GW_POSITION_FILE, GW_STR("in"), 0, 7}, GW_LEDGER_RECORD);
    gw_ledger_add_up(&ledger, &sum);
    assert_int_equal(sum.in, 1);
    assert_int_equal(sum.missing, 1);
    assert_int_equal(sum.foreign, 3);
    assert_int_equal(sum.records, 0);
    assert_false(gw_ledger_sum_holds(&sum));
    gw_ledger_free(&ledger);
}

static void repeats_are_counted_and_two_outcomes_conflict(void **state) {
    (void)state;
    struct gw_ledger ledger;
    struct gw_ledger_sum sum;
    gw_ledger_init(&ledger, &gw_allocator_system);
    for (int i = 0; i < 3; i++) {
        enter(&ledger, kafka("in", 0, 1), GW_LEDGER_RECORD);
    }
    enter(&ledger, kafka("in", 0, 1), GW_LEDGER_INPUT);
    gw_ledger_add_up(&ledger, &sum);
    assert_int_equal(sum.redelivered, 2);
    assert_true(gw_ledger_sum_holds(&sum));
    enter(&ledger, kafka("in", 0, 1), GW_LEDGER_DEAD_LETTER);
    gw_ledger_add_up(&ledger, &sum);
    assert_int_equal(sum.conflicting, 1);
    assert_false(gw_ledger_sum_holds(&sum));
    gw_ledger_free(&ledger);
}

static void facts_can_be_asked_for(void **state) {
    (void)state;
    struct gw_ledger ledger;
    struct gw_position position = kafka("in", 3, 4);
    gw_ledger_init(&ledger, &gw_allocator_system);
    assert_int_equal(gw_ledger_facts(&ledger, &position), 0);
    enter(&ledger, position, GW_LEDGER_INPUT);
    enter(&ledger, position, GW_LEDGER_SKIPPED);
    assert_int_equal(gw_ledger_facts(&ledger, &position), GW_LEDGER_INPUT | GW_LEDGER_SKIPPED);
    position.number = 5;
    assert_int_equal(gw_ledger_facts(&ledger, &position), 0);
    gw_ledger_free(&ledger);
}

static void missing_positions_are_listed_in_order(void **state) {
    (void)state;
    struct gw_ledger ledger;
    struct gw_arena arena;
    struct gw_position *found;
    size_t count;
    gw_ledger_init(&ledger, &gw_allocator_system);
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    /* More places and positions than the tables first hold. */
    for (int i = 4999; i >= 0; i--) {
        char topic[16];
        snprintf(topic, sizeof topic, "topic-%02d", i % 50);
        enter(&ledger, kafka(topic, 0, i), GW_LEDGER_INPUT);
        if (i % 1000 != 250) {
            enter(&ledger, kafka(topic, 0, i), GW_LEDGER_RECORD);
        }
    }
    assert_int_equal(gw_ledger_list(&ledger, GW_LEDGER_MISSING, 4, &arena, &found, &count), GW_OK);
    assert_int_equal(count, 4);
    for (int i = 0; i < 4; i++) {
        assert_true(gw_str_is(found[i].name, "topic-00"));
        assert_int_equal(found[i].number, 250 + 1000 * i);
    }
    assert_int_equal(gw_ledger_list(&ledger, GW_LEDGER_FOREIGN, 4, &arena, &found, &count), GW_OK);
    assert_int_equal(count, 0);
    gw_arena_free(&arena);
    gw_ledger_free(&ledger);
}

static enum gw_status fill(struct gw_ledger *ledger) {
    enum gw_status status = GW_OK;
    for (int i = 0; i < 2000 && status == GW_OK; i++) {
        char topic[16];
        snprintf(topic, sizeof topic, "topic-%d", i % 40);
        struct gw_position position = kafka(topic, 0, i);
        status = gw_ledger_enter(ledger, &position, GW_LEDGER_INPUT);
    }
    return status;
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    bool failed = true;
    for (size_t turn = 0; failed; turn++) {
        struct failing_allocator failing = {.fail_at = turn};
        struct gw_allocator allocator = failing_allocator(&failing);
        struct gw_ledger ledger;
        gw_ledger_init(&ledger, &allocator);
        enum gw_status status = fill(&ledger);
        assert_int_equal(status, failing.failed ? GW_NO_MEMORY : GW_OK);
        gw_ledger_free(&ledger);
        assert_int_equal(failing.in_use, 0);
        failed = failing.failed;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_input_with_one_outcome_holds),
        cmocka_unit_test(an_input_without_an_output_is_missing),
        cmocka_unit_test(repeats_are_counted_and_two_outcomes_conflict),
        cmocka_unit_test(facts_can_be_asked_for),
        cmocka_unit_test(missing_positions_are_listed_in_order),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
