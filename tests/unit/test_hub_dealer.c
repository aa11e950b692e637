/* The dealer against a simple model: nothing is lost, nothing is given twice without saying so, budgets hold.
 */
#include "run/hub/hub_dealer.h"

#include "unit/dice.h"
#include "unit/failing_allocator.h"

#define BUDGET ((size_t)1000)

static struct gw_hub_parcel *add(struct gw_hub_dealer *dealer, struct gw_hub_parcel *parcel, size_t size) {
    *parcel = (struct gw_hub_parcel){.size = size};
    assert_int_equal(gw_hub_dealer_add(dealer, parcel), GW_OK);
    return parcel;
}

static void join(struct gw_hub_dealer *dealer, struct gw_hub_taker *taker, size_t credit) {
    *taker = (struct gw_hub_taker){.credit_bytes = credit, .accepts = true};
    gw_hub_dealer_join(dealer, taker);
}

/* The next deal must be just this one. */
static void assert_deals(struct gw_hub_dealer *dealer, const struct gw_hub_parcel *parcel,
                         const struct gw_hub_taker *taker, bool again) {
    struct gw_hub_parcel *dealt;
    struct gw_hub_taker *to;
    bool dealt_again;
    assert_true(gw_hub_dealer_next(dealer, &dealt, &to, &dealt_again));
    assert_ptr_equal(dealt, parcel);
    assert_ptr_equal(to, taker);
    assert_int_equal(dealt_again, again);
}

static void assert_deals_nothing(struct gw_hub_dealer *dealer) {
    struct gw_hub_parcel *dealt;
    struct gw_hub_taker *to;
    bool again;
    assert_false(gw_hub_dealer_next(dealer, &dealt, &to, &again));
}

static void settle(struct gw_hub_dealer *dealer, struct gw_hub_taker *taker, struct gw_hub_parcel *parcel) {
    struct gw_hub_parcel *done;
    assert_int_equal(gw_hub_dealer_settle(dealer, taker, parcel->receipt, false, &done), GW_OK);
    assert_ptr_equal(done, parcel);
}

static void deals_in_order_to_who_holds_least(void **state) {
    (void)state;
    struct gw_hub_dealer dealer;
    struct gw_hub_taker a, b;
    struct gw_hub_parcel parcels[4];
    gw_hub_dealer_init(&dealer, BUDGET, &gw_allocator_system);
    join(&dealer, &a, 100);
    join(&dealer, &b, 100);
    add(&dealer, &parcels[0], 30);
    add(&dealer, &parcels[1], 10);
    add(&dealer, &parcels[2], 10);
    add(&dealer, &parcels[3], 20);
    assert_deals(&dealer, &parcels[0], &a, false);
    assert_deals(&dealer, &parcels[1], &b, false);
    assert_deals(&dealer, &parcels[2], &b, false);
    assert_deals(&dealer, &parcels[3], &b, false);
    assert_deals_nothing(&dealer);
    assert_int_equal(a.held_bytes, 30);
    assert_int_equal(b.held_bytes, 40);
    settle(&dealer, &a, &parcels[0]);
    for (size_t i = 1; i < 4; i++) {
        settle(&dealer, &b, &parcels[i]);
    }
    assert_int_equal(dealer.kept_bytes, 0);
    gw_hub_dealer_free(&dealer);
}

static void idle_takers_take_turns(void **state) {
    (void)state;
    struct gw_hub_dealer dealer;
    struct gw_hub_taker a, b;
    struct gw_hub_parcel parcel;
    gw_hub_dealer_init(&dealer, BUDGET, &gw_allocator_system);
    join(&dealer, &a, 100);
    join(&dealer, &b, 100);
    for (int i = 0; i < 4; i++) {
        struct gw_hub_taker *taker = i % 2 ? &b : &a;
        add(&dealer, &parcel, 1);
        assert_deals(&dealer, &parcel, taker, false);
        settle(&dealer, taker, &parcel);
    }
    gw_hub_dealer_free(&dealer);
}

static void an_idle_taker_takes_one_of_any_size(void **state) {
    (void)state;
    struct gw_hub_dealer dealer;
    struct gw_hub_taker taker;
    struct gw_hub_parcel huge, small;
    gw_hub_dealer_init(&dealer, BUDGET, &gw_allocator_system);
    join(&dealer, &taker, 0);
    add(&dealer, &huge, BUDGET * 100);
    assert_false(gw_hub_dealer_has_room(&dealer));
    assert_deals(&dealer, &huge, &taker, false);
    add(&dealer, &small, 1);
    assert_deals_nothing(&dealer); /* no credit beside it */
    settle(&dealer, &taker, &huge);
    assert_true(gw_hub_dealer_has_room(&dealer));
    assert_deals(&dealer, &small, &taker, false);
    settle(&dealer, &taker, &small);
    gw_hub_dealer_free(&dealer);
}

static void credit_bounds_what_a_taker_holds(void **state) {
    (void)state;
    struct gw_hub_dealer dealer;
    struct gw_hub_taker taker;
    struct gw_hub_parcel parcels[3];
    gw_hub_dealer_init(&dealer, BUDGET, &gw_allocator_system);
    join(&dealer, &taker, 20);
    for (size_t i = 0; i < 3; i++) {
        add(&dealer, &parcels[i], 10);
    }
    assert_deals(&dealer, &parcels[0], &taker, false);
    assert_deals(&dealer, &parcels[1], &taker, false); /* just within */
    assert_deals_nothing(&dealer);
    settle(&dealer, &taker, &parcels[0]);
    assert_deals(&dealer, &parcels[2], &taker, false);
    gw_hub_dealer_leave(&dealer, &taker);
    while (gw_hub_dealer_drop(&dealer)) {
    }
    gw_hub_dealer_free(&dealer);
}

static void who_does_not_accept_gets_nothing(void **state) {
    (void)state;
    struct gw_hub_dealer dealer;
    struct gw_hub_taker taker;
    struct gw_hub_parcel parcel;
    gw_hub_dealer_init(&dealer, BUDGET, &gw_allocator_system);
    join(&dealer, &taker, 100);
    taker.accepts = false;
    add(&dealer, &parcel, 1);
    assert_deals_nothing(&dealer);
    taker.accepts = true;
    assert_deals(&dealer, &parcel, &taker, false);
    settle(&dealer, &taker, &parcel);
    gw_hub_dealer_free(&dealer);
}

static void what_a_taker_leaves_goes_first_and_in_order(void **state) {
    (void)state;
    struct gw_hub_dealer dealer;
    struct gw_hub_taker leaving, heir;
    struct gw_hub_parcel parcels[4];
    gw_hub_dealer_init(&dealer, BUDGET, &gw_allocator_system);
    join(&dealer, &leaving, 30);
    for (size_t i = 0; i < 4; i++) {
        add(&dealer, &parcels[i], 10);
    }
    for (size_t i = 0; i < 3; i++) {
        assert_deals(&dealer, &parcels[i], &leaving, false);
    }
    settle(&dealer, &leaving, &parcels[1]);
    gw_hub_dealer_leave(&dealer, &leaving);
    assert_int_equal(dealer.waiting_count, 3);
    join(&dealer, &heir, 100);
    assert_deals(&dealer, &parcels[0], &heir, true);
    assert_deals(&dealer, &parcels[2], &heir, true);
    assert_deals(&dealer, &parcels[3], &heir, false);
    gw_hub_dealer_leave(&dealer, &heir);
    assert_ptr_equal(gw_hub_dealer_drop(&dealer), &parcels[0]);
    assert_ptr_equal(gw_hub_dealer_drop(&dealer), &parcels[2]);
    assert_ptr_equal(gw_hub_dealer_drop(&dealer), &parcels[3]);
    assert_null(gw_hub_dealer_drop(&dealer));
    assert_int_equal(dealer.kept_bytes, 0);
    gw_hub_dealer_free(&dealer);
}

static void retried_messages_are_given_again(void **state) {
    (void)state;
    struct gw_hub_dealer dealer;
    struct gw_hub_taker taker;
    struct gw_hub_parcel first, second;
    struct gw_hub_parcel *done;
    gw_hub_dealer_init(&dealer, BUDGET, &gw_allocator_system);
    join(&dealer, &taker, 10);
    add(&dealer, &first, 10);
    add(&dealer, &second, 10);
    assert_deals(&dealer, &first, &taker, false);
    assert_int_equal(gw_hub_dealer_settle(&dealer, &taker, first.receipt, true, &done), GW_OK);
    assert_null(done);
    assert_int_equal(dealer.kept_bytes, 20);
    assert_deals(&dealer, &first, &taker, true);
    settle(&dealer, &taker, &first);
    assert_deals(&dealer, &second, &taker, false);
    settle(&dealer, &taker, &second);
    gw_hub_dealer_free(&dealer);
}

static void receipts_of_others_are_refused(void **state) {
    (void)state;
    struct gw_hub_dealer dealer;
    struct gw_hub_taker owner, other;
    struct gw_hub_parcel parcel, waiting;
    struct gw_hub_parcel *done;
    gw_hub_dealer_init(&dealer, BUDGET, &gw_allocator_system);
    join(&dealer, &owner, 1);
    add(&dealer, &parcel, 1);
    assert_deals(&dealer, &parcel, &owner, false);
    join(&dealer, &other, 1);
    assert_int_equal(gw_hub_dealer_settle(&dealer, &other, parcel.receipt, false, &done), GW_PROTOCOL);
    assert_int_equal(gw_hub_dealer_settle(&dealer, &owner, 12345, false, &done), GW_PROTOCOL);
    add(&dealer, &waiting, 1);
    assert_int_equal(gw_hub_dealer_settle(&dealer, &owner, waiting.receipt, false, &done), GW_PROTOCOL);
    settle(&dealer, &owner, &parcel);
    assert_int_equal(gw_hub_dealer_settle(&dealer, &owner, parcel.receipt, false, &done), GW_PROTOCOL);
    assert_int_equal(dealer.waiting_count, 1);
    gw_hub_dealer_drop(&dealer);
    gw_hub_dealer_free(&dealer);
}

static void a_message_without_memory_is_not_kept(void **state) {
    (void)state;
    struct failing_allocator failing = {.fail_at = 0};
    struct gw_allocator allocator = failing_allocator(&failing);
    struct gw_hub_dealer dealer;
    struct gw_hub_parcel parcel = {.size = 10};
    gw_hub_dealer_init(&dealer, BUDGET, &allocator);
    assert_int_equal(gw_hub_dealer_add(&dealer, &parcel), GW_NO_MEMORY);
    assert_int_equal(dealer.kept_bytes, 0);
    assert_int_equal(dealer.waiting_count, 0);
    assert_int_equal(gw_hub_dealer_add(&dealer, &parcel), GW_OK);
    gw_hub_dealer_drop(&dealer);
    gw_hub_dealer_free(&dealer);
    assert_int_equal(failing.in_use, 0);
}

/* The model: for each message where it is, and how often it was dealt. */

#define MESSAGES 300
#define TAKERS   4
#define WAITS    (-1)
#define DONE     (-2)
#define NOT_YET  (-3)

struct model {
    struct dice dice;
    struct gw_hub_dealer dealer;
    struct gw_hub_parcel parcels[MESSAGES];
    int where[MESSAGES]; /* a taker's number, or one of the above */
    bool was_dealt[MESSAGES];
    struct gw_hub_taker takers[TAKERS];
    bool has_joined[TAKERS];
    size_t added, done;
};

static void model_add(struct model *model) {
    if (model->added < MESSAGES && gw_hub_dealer_has_room(&model->dealer)) {
        size_t size = dice_roll(&model->dice, dice_roll(&model->dice, 20) == 0 ? 3000 : 100);
        add(&model->dealer, &model->parcels[model->added], size);
        model->where[model->added++] = WAITS;
    }
}

static void model_join_or_leave(struct model *model) {
    size_t i = dice_roll(&model->dice, TAKERS);
    if (!model->has_joined[i]) {
        join(&model->dealer, &model->takers[i], dice_roll(&model->dice, 300));
    } else {
        gw_hub_dealer_leave(&model->dealer, &model->takers[i]);
        for (size_t m = 0; m < model->added; m++) {
            model->where[m] = model->where[m] == (int)i ? WAITS : model->where[m];
        }
    }
    model->has_joined[i] = !model->has_joined[i];
}

static void model_deal(struct model *model) {
    struct gw_hub_parcel *parcel;
    struct gw_hub_taker *taker;
    bool again;
    if (!gw_hub_dealer_next(&model->dealer, &parcel, &taker, &again)) {
        return;
    }
    size_t m = (size_t)(parcel - model->parcels);
    for (size_t older = 0; older < m; older++) {
        assert_int_not_equal(model->where[older], WAITS);
    }
    assert_int_equal(model->where[m], WAITS);
    assert_int_equal(again, model->was_dealt[m]);
    assert_true(taker->accepts && model->has_joined[taker - model->takers]);
    assert_true(taker->held == 1 || taker->held_bytes <= taker->credit_bytes);
    model->where[m] = (int)(taker - model->takers);
    model->was_dealt[m] = true;
}

static void model_settle(struct model *model) {
    size_t m = dice_roll(&model->dice, MESSAGES);
    bool again = dice_roll(&model->dice, 8) == 0;
    struct gw_hub_parcel *done;
    if (m >= model->added || model->where[m] < 0) {
        return;
    }
    assert_int_equal(gw_hub_dealer_settle(&model->dealer, &model->takers[model->where[m]],
                                          model->parcels[m].receipt, again, &done),
                     GW_OK);
    assert_ptr_equal(done, again ? NULL : &model->parcels[m]);
    model->where[m] = again ? WAITS : DONE;
    model->done += !again;
}

static void model_check(const struct model *model) {
    size_t kept = 0, waiting = 0, held = 0, largest = 0;
    for (size_t m = 0; m < model->added; m++) {
        kept += model->where[m] == DONE ? 0 : model->parcels[m].size;
        waiting += model->where[m] == WAITS;
        held += model->where[m] >= 0;
        largest = model->parcels[m].size > largest ? model->parcels[m].size : largest;
    }
    assert_int_equal(model->dealer.kept_bytes, kept);
    assert_int_equal(model->dealer.waiting_count, waiting);
    assert_int_equal(model->dealer.held_count, held);
    assert_true(kept < BUDGET + largest);
}

static void run_model(uint64_t seed) {
    struct model *model = calloc(1, sizeof *model);
    assert_non_null(model);
    model->dice = (struct dice){seed};
    gw_hub_dealer_init(&model->dealer, BUDGET, &gw_allocator_system);
    for (size_t turn = 0; model->done < MESSAGES; turn++) {
        static void (*const moves[])(struct model *) = {model_add,    model_add,    model_deal,
                                                        model_deal,   model_settle, model_settle,
                                                        model_settle, model_settle};
        assert_true(turn < 1000000); /* nothing is lost: it comes to an end */
        if (dice_roll(&model->dice, 20) == 0) {
            model_join_or_leave(model);
        }
        for (size_t i = 0; i < TAKERS; i++) {
            model->takers[i].accepts = dice_roll(&model->dice, 4) > 0;
        }
        moves[dice_roll(&model->dice, sizeof moves / sizeof moves[0])](model);
        model_check(model);
    }
    gw_hub_dealer_free(&model->dealer);
    free(model);
}

static void agrees_with_a_simple_model(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        run_model(seed);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deals_in_order_to_who_holds_least),
        cmocka_unit_test(idle_takers_take_turns),
        cmocka_unit_test(an_idle_taker_takes_one_of_any_size),
        cmocka_unit_test(credit_bounds_what_a_taker_holds),
        cmocka_unit_test(who_does_not_accept_gets_nothing),
        cmocka_unit_test(what_a_taker_leaves_goes_first_and_in_order),
        cmocka_unit_test(retried_messages_are_given_again),
        cmocka_unit_test(receipts_of_others_are_refused),
        cmocka_unit_test(a_message_without_memory_is_not_kept),
        cmocka_unit_test(agrees_with_a_simple_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
