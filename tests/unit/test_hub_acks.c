/* Sessions of acked feeders: what is new, what is repeated, and who may be forgotten. */
#include "run/hub/hub_acks.h"

#include "unit/dice.h"
#include "unit/failing_allocator.h"

#include <stdio.h>

#define WINDOW GW_ZEROMQ_SEQ_WINDOW

static struct gw_hub_session *hello(struct gw_hub_acks *acks, const char *peer, const char *name) {
    struct gw_hub_session *session = NULL;
    assert_int_equal(gw_hub_acks_hello(acks, gw_str_from(peer), gw_str_from(name), &session), GW_OK);
    return session;
}

static void assert_arrives(struct gw_hub_session *session, uint64_t seq, enum gw_hub_arrival as) {
    enum gw_zeromq_answer answer;
    assert_int_equal(gw_hub_session_arrive(session, seq, &answer), as);
}

static void assert_was_answered(struct gw_hub_session *session, uint64_t seq, enum gw_zeromq_answer with) {
    enum gw_zeromq_answer answer = GW_ZEROMQ_ANSWERS;
    assert_int_equal(gw_hub_session_arrive(session, seq, &answer), GW_HUB_ANSWERED);
    assert_int_equal(answer, with);
}

static int set_up(void **state) {
    struct gw_hub_acks *acks = malloc(sizeof *acks);
    assert_non_null(acks);
    gw_hub_acks_init(acks, &gw_allocator_system);
    *state = acks;
    return 0;
}

static int tear_down(void **state) {
    gw_hub_acks_free(*state);
    free(*state);
    return 0;
}

static void repeated_messages_are_known(void **state) {
    struct gw_hub_session *session = hello(*state, "peer", "session");
    assert_arrives(session, 1, GW_HUB_NEW);
    assert_arrives(session, 1, GW_HUB_PENDING);
    assert_arrives(session, 2, GW_HUB_NEW);
    assert_int_equal(session->pending, 2);
    gw_hub_session_answer(session, 1, GW_ZEROMQ_DEAD_LETTER);
    assert_was_answered(session, 1, GW_ZEROMQ_DEAD_LETTER);
    assert_arrives(session, 2, GW_HUB_PENDING);
    gw_hub_session_answer(session, 2, GW_ZEROMQ_ACCEPTED);
    assert_was_answered(session, 2, GW_ZEROMQ_ACCEPTED);
    assert_int_equal(session->pending, 0);
}

static void what_shall_be_tried_again_is_new(void **state) {
    struct gw_hub_session *session = hello(*state, "peer", "session");
    assert_arrives(session, 5, GW_HUB_NEW);
    gw_hub_session_answer(session, 5, GW_ZEROMQ_TRY_AGAIN);
    assert_arrives(session, 5, GW_HUB_NEW);
    gw_hub_session_answer(session, 5, GW_ZEROMQ_SKIPPED);
    assert_was_answered(session, 5, GW_ZEROMQ_SKIPPED);
}

static void a_session_outlives_its_connection(void **state) {
    struct gw_hub_acks *acks = *state;
    struct gw_hub_session *session = hello(acks, "old", "session");
    assert_arrives(session, 1, GW_HUB_NEW);
    assert_ptr_equal(hello(acks, "new", "session"), session);
    assert_true(gw_str_is(gw_hub_session_peer(session), "new"));
    assert_null(gw_hub_acks_find(acks, GW_STR("old")));
    assert_ptr_equal(gw_hub_acks_find(acks, GW_STR("new")), session);
    assert_arrives(session, 1, GW_HUB_PENDING);
}

static void a_peer_has_one_session(void **state) {
    struct gw_hub_acks *acks = *state;
    struct gw_hub_session *first = hello(acks, "peer", "first");
    struct gw_hub_session *second = hello(acks, "peer", "second");
    assert_ptr_not_equal(first, second);
    assert_ptr_equal(gw_hub_acks_find(acks, GW_STR("peer")), second);
    assert_int_equal(first->peer_size, 0);
}

static void sessions_do_not_share_seqs(void **state) {
    struct gw_hub_session *a = hello(*state, "a", "session a");
    struct gw_hub_session *b = hello(*state, "b", "session b");
    assert_arrives(a, 1, GW_HUB_NEW);
    assert_arrives(b, 1, GW_HUB_NEW);
    gw_hub_session_answer(a, 1, GW_ZEROMQ_ACCEPTED);
    assert_arrives(b, 1, GW_HUB_PENDING);
}

static void the_window_moves_up(void **state) {
    struct gw_hub_session *session = hello(*state, "peer", "session");
    assert_arrives(session, 1, GW_HUB_NEW);
    gw_hub_session_answer(session, 1, GW_ZEROMQ_ACCEPTED);
    assert_arrives(session, WINDOW, GW_HUB_NEW); /* 1 is the last one inside */
    assert_was_answered(session, 1, GW_ZEROMQ_ACCEPTED);
    assert_arrives(session, WINDOW + 1, GW_HUB_NEW); /* takes the place of 1 */
    assert_arrives(session, 1, GW_HUB_OLD);
    assert_arrives(session, 2, GW_HUB_NEW); /* was never seen */
    gw_hub_session_answer(session, 1, GW_ZEROMQ_SKIPPED);
    assert_arrives(session, WINDOW + 1, GW_HUB_PENDING); /* not touched by that answer */
    assert_int_equal(session->pending, 3);
}

static void a_leap_forgets_everything_before(void **state) {
    struct gw_hub_session *session = hello(*state, "peer", "session");
    assert_arrives(session, 3, GW_HUB_NEW);
    assert_arrives(session, INT64_MAX, GW_HUB_NEW);
    assert_arrives(session, 3, GW_HUB_OLD);
    assert_arrives(session, INT64_MAX - 1, GW_HUB_NEW);
}

static void seqs_may_begin_anywhere(void **state) {
    struct gw_hub_session *session = hello(*state, "peer", "session");
    assert_arrives(session, 0, GW_HUB_NEW);
    assert_arrives(session, 0, GW_HUB_PENDING);
    struct gw_hub_session *other = hello(*state, "other", "other");
    assert_arrives(other, 1000000, GW_HUB_NEW);
    assert_arrives(other, 999999, GW_HUB_NEW);
}

static void bad_names_are_refused(void **state) {
    struct gw_hub_acks *acks = *state;
    struct gw_hub_session *session;
    char longest[GW_ZEROMQ_SESSION_MAX + 1], peer[GW_HUB_PEER_MAX + 1];
    memset(longest, 'x', sizeof longest);
    memset(peer, 'p', sizeof peer);
    assert_int_equal(gw_hub_acks_hello(acks, GW_STR("peer"), GW_STR(""), &session), GW_MALFORMED);
    assert_int_equal(
        gw_hub_acks_hello(acks, GW_STR("peer"), (struct gw_str){longest, sizeof longest}, &session),
        GW_MALFORMED);
    assert_int_equal(gw_hub_acks_hello(acks, GW_STR(""), GW_STR("session"), &session), GW_MALFORMED);
    assert_int_equal(gw_hub_acks_hello(acks, (struct gw_str){peer, sizeof peer}, GW_STR("session"), &session),
                     GW_MALFORMED);
    assert_int_equal(gw_hub_acks_hello(acks, (struct gw_str){peer, GW_HUB_PEER_MAX},
                                       (struct gw_str){longest, GW_ZEROMQ_SESSION_MAX}, &session),
                     GW_OK);
}

/* Opens sessions "0", "1" … until the table is full. */
static void fill(struct gw_hub_acks *acks) {
    for (int i = 0; acks->count < GW_HUB_SESSIONS_MAX; i++) {
        char name[16];
        snprintf(name, sizeof name, "%d", i);
        hello(acks, name, name);
    }
}

static void the_session_unused_longest_makes_room(void **state) {
    struct gw_hub_acks *acks = *state;
    fill(acks);
    assert_arrives(gw_hub_acks_find(acks, GW_STR("0")), 1, GW_HUB_NEW); /* pending: it must stay */
    gw_hub_acks_find(acks, GW_STR("1"));                                /* used */
    hello(acks, "one more", "one more");
    assert_int_equal(acks->count, GW_HUB_SESSIONS_MAX);
    assert_non_null(gw_hub_acks_find(acks, GW_STR("0")));
    assert_non_null(gw_hub_acks_find(acks, GW_STR("1")));
    assert_null(gw_hub_acks_find(acks, GW_STR("2")));
    assert_arrives(gw_hub_acks_find(acks, GW_STR("one more")), 1, GW_HUB_NEW);
}

static void busy_sessions_make_no_room(void **state) {
    struct gw_hub_acks *acks = *state;
    struct gw_hub_session *session;
    fill(acks);
    for (size_t i = 0; i < acks->count; i++) {
        assert_arrives(acks->sessions[i], 1, GW_HUB_NEW);
    }
    assert_int_equal(gw_hub_acks_hello(acks, GW_STR("late"), GW_STR("late"), &session), GW_TOO_MANY);
    gw_hub_session_answer(acks->sessions[7], 1, GW_ZEROMQ_ACCEPTED);
    assert_ptr_equal(hello(acks, "late", "late"), acks->sessions[7]);
}

static void a_session_without_memory_is_refused(void **state) {
    (void)state;
    struct failing_allocator failing = {.fail_at = 0};
    struct gw_allocator allocator = failing_allocator(&failing);
    struct gw_hub_acks acks;
    struct gw_hub_session *session;
    gw_hub_acks_init(&acks, &allocator);
    assert_int_equal(gw_hub_acks_hello(&acks, GW_STR("peer"), GW_STR("name"), &session), GW_NO_MEMORY);
    assert_int_equal(acks.count, 0);
    hello(&acks, "peer", "name");
    gw_hub_acks_free(&acks);
    assert_int_equal(failing.in_use, 0);
}

/* A feeder that loses its connection now and then and sends again what has no answer; every seq must be taken
 * exactly once. */
static void a_flaky_feeder_is_heard_once(void **state) {
    enum { SEQS = 20000, CREDIT = 64 };
    struct gw_hub_acks *acks = *state;
    uint8_t *taken = calloc(SEQS + 1, 1), *answered = calloc(SEQS + 1, 1);
    uint64_t lowest = 1, next = 1;
    struct dice dice = {11};
    while (lowest <= SEQS) {
        struct gw_hub_session *session = hello(acks, "peer", "session");
        enum gw_zeromq_answer answer;
        if (dice_roll(&dice, 50) == 0) { /* reconnected */
            next = lowest;
        }
        if (next <= SEQS && next < lowest + CREDIT) {
            enum gw_hub_arrival arrival = gw_hub_session_arrive(session, next, &answer);
            taken[next] = (uint8_t)(taken[next] + (arrival == GW_HUB_NEW));
            assert_true(arrival != GW_HUB_OLD);
            assert_int_equal(arrival == GW_HUB_ANSWERED, answered[next]);
            next++;
        }
        uint64_t seq = lowest + dice_roll(&dice, CREDIT);
        if (seq <= SEQS && taken[seq] && !answered[seq]) {
            gw_hub_session_answer(session, seq, GW_ZEROMQ_ACCEPTED);
            answered[seq] = 1;
        }
        while (lowest <= SEQS && answered[lowest]) {
            lowest++;
        }
        next = next < lowest ? lowest : next;
    }
    for (size_t seq = 1; seq <= SEQS; seq++) {
        assert_int_equal(taken[seq], 1);
    }
    free(taken);
    free(answered);
}

#define acks_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        acks_test(repeated_messages_are_known),
        acks_test(what_shall_be_tried_again_is_new),
        acks_test(a_session_outlives_its_connection),
        acks_test(a_peer_has_one_session),
        acks_test(sessions_do_not_share_seqs),
        acks_test(the_window_moves_up),
        acks_test(a_leap_forgets_everything_before),
        acks_test(seqs_may_begin_anywhere),
        acks_test(bad_names_are_refused),
        acks_test(the_session_unused_longest_makes_room),
        acks_test(busy_sessions_make_no_room),
        acks_test(a_session_without_memory_is_refused),
        acks_test(a_flaky_feeder_is_heard_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
