/* Numbers of topics. */
#include "run/hub/hub_sequences.h"
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

static struct gw_hub_sequences *make(void) {
    struct gw_hub_sequences *sequences = calloc(1, sizeof *sequences);
    assert_non_null(sequences);
    return sequences;
}

static void each_topic_counts_from_1(void **state) {
    (void)state;
    struct gw_hub_sequences *sequences = make();
    assert_int_equal(gw_hub_sequences_next(sequences, GW_STR("a")), 1);
    assert_int_equal(gw_hub_sequences_next(sequences, GW_STR("a")), 2);
    assert_int_equal(gw_hub_sequences_next(sequences, GW_STR("b")), 1);
    assert_int_equal(gw_hub_sequences_next(sequences, GW_STR("")), 1);
    assert_int_equal(gw_hub_sequences_next(sequences, GW_STR("a")), 3);
    free(sequences);
}

static void gaps_are_seen(void **state) {
    (void)state;
    struct gw_hub_sequences *sequences = make();
    assert_int_equal(gw_hub_sequences_see(sequences, GW_STR("a"), 7), 0); /* joined late */
    assert_int_equal(gw_hub_sequences_see(sequences, GW_STR("a"), 8), 0);
    assert_int_equal(gw_hub_sequences_see(sequences, GW_STR("a"), 12), 3);
    assert_int_equal(gw_hub_sequences_see(sequences, GW_STR("b"), 100), 0);
    assert_int_equal(gw_hub_sequences_see(sequences, GW_STR("a"), 13), 0);
    assert_int_equal(gw_hub_sequences_see(sequences, GW_STR("a"), UINT64_MAX), UINT64_MAX - 14);
    free(sequences);
}

static void a_restart_is_no_gap(void **state) {
    (void)state;
    struct gw_hub_sequences *sequences = make();
    assert_int_equal(gw_hub_sequences_see(sequences, GW_STR("a"), 50), 0);
    assert_int_equal(gw_hub_sequences_see(sequences, GW_STR("a"), 1), 0);
    assert_int_equal(gw_hub_sequences_see(sequences, GW_STR("a"), 2), 0);
    assert_int_equal(gw_hub_sequences_see(sequences, GW_STR("a"), 0), 0);
    assert_int_equal(gw_hub_sequences_see(sequences, GW_STR("a"), 4), 1);
    free(sequences);
}

static void one_topic_too_many_begins_all_again(void **state) {
    (void)state;
    struct gw_hub_sequences *sequences = make();
    char topic[16];
    for (int round = 1; round <= 2; round++) {
        for (int i = 0; i < GW_HUB_TOPICS_MAX; i++) {
            size_t size = (size_t)snprintf(topic, sizeof topic, "topic %d", i);
            assert_int_equal(gw_hub_sequences_next(sequences, (struct gw_str){topic, size}), round);
        }
    }
    assert_int_equal(gw_hub_sequences_next(sequences, GW_STR("one more")), 1);
    assert_int_equal(gw_hub_sequences_next(sequences, GW_STR("topic 0")), 1);
    assert_int_equal(sequences->count, 2);
    free(sequences);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_topic_counts_from_1),
        cmocka_unit_test(gaps_are_seen),
        cmocka_unit_test(a_restart_is_no_gap),
        cmocka_unit_test(one_topic_too_many_begins_all_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
