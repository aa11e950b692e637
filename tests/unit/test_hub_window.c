/* What an acked consumer has not answered. */
#include "run/hub/hub_window.h"
#include "unit/unit.h"

#include <stdlib.h>

static void take(struct gw_hub_window *window, struct gw_hub_shipment *shipment) {
    assert_true(gw_hub_window_has_room(window));
    *shipment = (struct gw_hub_shipment){.is_sent = true};
    gw_hub_window_take(window, shipment);
}

static void assert_sends(struct gw_hub_window *window, struct gw_hub_shipment *shipment) {
    assert_ptr_equal(gw_hub_window_next(window), shipment);
    shipment->is_sent = true;
}

static void nothing_goes_out_before_the_greeting(void **state) {
    (void)state;
    struct gw_hub_window window = {0};
    assert_false(gw_hub_window_has_room(&window));
    assert_null(gw_hub_window_next(&window));
    gw_hub_window_greet(&window, 1);
    assert_true(gw_hub_window_has_room(&window));
}

static void shipments_are_numbered_from_1_and_answered_in_any_order(void **state) {
    (void)state;
    struct gw_hub_window window = {0};
    struct gw_hub_shipment s[3];
    gw_hub_window_greet(&window, 3);
    for (size_t i = 0; i < 3; i++) {
        take(&window, &s[i]);
        assert_int_equal(s[i].seq, i + 1);
        assert_sends(&window, &s[i]);
    }
    assert_null(gw_hub_window_next(&window));
    assert_ptr_equal(gw_hub_window_answer(&window, 2, GW_ZEROMQ_ACCEPTED), &s[1]);
    assert_null(gw_hub_window_answer(&window, 2, GW_ZEROMQ_ACCEPTED)); /* again: known no more */
    assert_ptr_equal(gw_hub_window_answer(&window, 3, GW_ZEROMQ_DEAD_LETTER), &s[2]);
    assert_ptr_equal(gw_hub_window_answer(&window, 1, GW_ZEROMQ_SKIPPED), &s[0]);
    assert_int_equal(window.count, 0);
    take(&window, &s[0]);
    assert_int_equal(s[0].seq, 4);
    assert_ptr_equal(gw_hub_window_drop(&window), &s[0]);
    assert_null(gw_hub_window_drop(&window));
}

static void credit_bounds_what_is_unanswered(void **state) {
    (void)state;
    struct gw_hub_window window = {0};
    struct gw_hub_shipment s[3];
    gw_hub_window_greet(&window, 2);
    take(&window, &s[0]);
    take(&window, &s[1]);
    assert_false(gw_hub_window_has_room(&window));
    gw_hub_window_answer(&window, 1, GW_ZEROMQ_ACCEPTED);
    take(&window, &s[2]);
    assert_false(gw_hub_window_has_room(&window));
}

static void everything_is_sent_again_after_a_new_greeting(void **state) {
    (void)state;
    struct gw_hub_window window = {0};
    struct gw_hub_shipment s[2];
    gw_hub_window_greet(&window, 4);
    take(&window, &s[0]);
    take(&window, &s[1]);
    assert_sends(&window, &s[0]);
    assert_sends(&window, &s[1]);
    gw_hub_window_lose(&window);
    assert_null(gw_hub_window_next(&window));
    assert_false(gw_hub_window_has_room(&window));
    gw_hub_window_greet(&window, 4);
    assert_sends(&window, &s[0]);
    assert_sends(&window, &s[1]);
    assert_null(gw_hub_window_next(&window));
    assert_int_equal(s[1].seq, 2); /* under their old seqs */
}

static void what_is_refused_for_now_waits_for_the_retry(void **state) {
    (void)state;
    struct gw_hub_window window = {0};
    struct gw_hub_shipment s[2];
    gw_hub_window_greet(&window, 4);
    take(&window, &s[0]);
    take(&window, &s[1]);
    assert_sends(&window, &s[0]);
    assert_sends(&window, &s[1]);
    assert_null(gw_hub_window_answer(&window, 1, GW_ZEROMQ_TRY_AGAIN));
    assert_true(window.must_retry);
    assert_int_equal(window.count, 2);
    assert_null(gw_hub_window_next(&window));
    gw_hub_window_retry(&window);
    assert_false(window.must_retry);
    assert_sends(&window, &s[0]);
    assert_null(gw_hub_window_next(&window));
}

/* The receiver remembers answers over GW_ZEROMQ_SEQ_WINDOW seqs: no wider may they be spread. */
static void seqs_stay_within_the_receivers_memory(void **state) {
    (void)state;
    struct gw_hub_window window = {0};
    struct gw_hub_shipment *s = calloc(GW_ZEROMQ_SEQ_WINDOW, sizeof *s);
    struct gw_hub_shipment one_more;
    assert_non_null(s);
    gw_hub_window_greet(&window, UINT32_MAX);
    for (size_t i = 0; i < GW_ZEROMQ_SEQ_WINDOW; i++) {
        take(&window, &s[i]);
    }
    assert_false(gw_hub_window_has_room(&window));
    for (uint64_t seq = 2; seq <= GW_ZEROMQ_SEQ_WINDOW; seq++) {
        gw_hub_window_answer(&window, seq, GW_ZEROMQ_ACCEPTED);
    }
    assert_int_equal(window.count, 1);
    assert_false(gw_hub_window_has_room(&window));
    gw_hub_window_answer(&window, 1, GW_ZEROMQ_ACCEPTED);
    take(&window, &one_more);
    free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_goes_out_before_the_greeting),
        cmocka_unit_test(shipments_are_numbered_from_1_and_answered_in_any_order),
        cmocka_unit_test(credit_bounds_what_is_unanswered),
        cmocka_unit_test(everything_is_sent_again_after_a_new_greeting),
        cmocka_unit_test(what_is_refused_for_now_waits_for_the_retry),
        cmocka_unit_test(seqs_stay_within_the_receivers_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
