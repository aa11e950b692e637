/* run/note.h, run/suspects.h and run/guard.h: what is known of articles that workers died on. */
#include "run/guard.h"
#include "unit/unit.h"

static struct gw_suspects suspects;
static struct gw_note notes[2];
static struct gw_guard guard;

static int setup(void **state) {
    (void)state;
    memset(&suspects, 0, sizeof suspects);
    memset(notes, 0, sizeof notes);
    guard = (struct gw_guard){.note = &notes[0], .notes = notes, .count = 2, .suspects = &suspects};
    return 0;
}

static struct gw_position at(int64_t number) {
    return (struct gw_position){GW_POSITION_KAFKA, GW_STR("articles"), 3, number};
}

static enum gw_suspicion blame(int64_t number, enum gw_death death) {
    struct gw_position position = at(number);
    return gw_suspects_blame(&suspects, gw_position_key(&position), death);
}

static enum gw_guard_verdict look(int64_t number, bool redelivered) {
    struct gw_position position = at(number);
    return gw_guard_look(&guard, &position, redelivered);
}

static void test_the_second_death_ends_it(void **state) {
    (void)state;
    assert_int_equal(look(7, false), GW_GUARD_GO);
    assert_int_equal(blame(7, GW_DEATH_FATAL), GW_SUSPICION_ALONE);
    assert_int_equal(look(7, false), GW_GUARD_ALONE);
    assert_int_equal(look(8, false), GW_GUARD_GO);
    assert_int_equal(blame(7, GW_DEATH_FATAL), GW_SUSPICION_CRASHED);
    assert_int_equal(look(7, false), GW_GUARD_GIVE_UP);
    assert_int_equal(look(8, false), GW_GUARD_GO);
}

static void test_our_own_kills_never_count(void **state) {
    (void)state;
    for (int i = 0; i < 20; i++) {
        assert_int_equal(blame(7, GW_DEATH_OURS), GW_SUSPICION_NONE);
    }
    assert_int_equal(look(7, false), GW_GUARD_GO);
}

static void test_kills_from_outside_count_at_the_fifth_time(void **state) {
    (void)state;
    for (int i = 1; i < GW_SUSPECT_KILLS; i++) {
        assert_int_equal(blame(7, GW_DEATH_KILLED), GW_SUSPICION_NONE);
    }
    assert_int_equal(look(7, false), GW_GUARD_GO);
    assert_int_equal(blame(7, GW_DEATH_KILLED), GW_SUSPICION_ALONE);
    assert_int_equal(blame(7, GW_DEATH_FATAL), GW_SUSPICION_CRASHED);
}

static void test_weights_do_not_run_over(void **state) {
    (void)state;
    for (int i = 0; i < 1000; i++) {
        blame(7, GW_DEATH_FATAL);
    }
    assert_int_equal(look(7, false), GW_GUARD_GIVE_UP);
}

static void test_the_oldest_is_forgotten_when_there_are_too_many(void **state) {
    (void)state;
    for (int64_t i = 0; i <= GW_SUSPECTS_MAX; i++) {
        blame(i, GW_DEATH_FATAL);
    }
    assert_int_equal(look(0, false), GW_GUARD_GO);
    for (int64_t i = 1; i <= GW_SUSPECTS_MAX; i++) {
        assert_int_equal(look(i, false), GW_GUARD_ALONE);
    }
}

static void test_each_part_of_a_position_counts(void **state) {
    (void)state;
    const struct gw_position positions[] = {
        {GW_POSITION_KAFKA, GW_STR("a"), 0, 1}, {GW_POSITION_KAFKA, GW_STR("b"), 0, 1},
        {GW_POSITION_KAFKA, GW_STR("a"), 1, 1}, {GW_POSITION_KAFKA, GW_STR("a"), 0, 2},
        {GW_POSITION_ACKED, GW_STR("a"), 0, 1}, {GW_POSITION_NONE, {NULL, 0}, 0, 0}};
    for (size_t i = 0; i < sizeof positions / sizeof positions[0]; i++) {
        assert_true(gw_position_key(&positions[i]) != 0);
        for (size_t k = 0; k < i; k++) {
            assert_true(gw_position_key(&positions[i]) != gw_position_key(&positions[k]));
        }
    }
}

static void test_a_note_tells_what_its_worker_was_on(void **state) {
    (void)state;
    struct gw_position position = at(7), found;
    assert_false(gw_note_position(&notes[0], &found));
    gw_guard_begin(&guard, &position);
    uint64_t turn = atomic_load(&notes[0].turn);
    assert_true(gw_note_position(&notes[0], &found));
    assert_int_equal(found.kind, position.kind);
    assert_int_equal(found.number, 7);
    assert_int_equal(found.partition, 3);
    assert_true(gw_str_is(found.name, "articles"));
    gw_guard_end(&guard);
    assert_false(gw_note_position(&notes[0], &found));
    gw_guard_begin(&guard, &position);
    assert_true(atomic_load(&notes[0].turn) != turn);
}

static void test_a_long_name_is_cut(void **state) {
    (void)state;
    char name[2 * GW_POSITION_TEXT_MAX];
    memset(name, 'x', sizeof name);
    const struct gw_position position = {GW_POSITION_FILE, {name, sizeof name}, 0, 1};
    struct gw_position found;
    gw_guard_begin(&guard, &position);
    assert_true(gw_note_position(&notes[0], &found));
    assert_int_equal(found.name.size, GW_POSITION_TEXT_MAX);
    assert_true(gw_position_key(&found) == gw_position_key(&position));
}

static void test_what_another_worker_is_noted_on_waits(void **state) {
    (void)state;
    struct gw_position position = at(7);
    gw_note_begin(&notes[1], &position);
    assert_int_equal(look(7, true), GW_GUARD_WAIT);
    assert_int_equal(look(8, true), GW_GUARD_GO);
    gw_note_end(&notes[1]);
    assert_int_equal(look(7, true), GW_GUARD_GO);
    gw_note_begin(&notes[0], &position);
    assert_int_equal(look(7, true), GW_GUARD_GO);
}

static void test_without_a_watch_everything_goes(void **state) {
    (void)state;
    struct gw_position position = at(7);
    const struct gw_guard none = {0};
    gw_guard_begin(&none, &position);
    gw_guard_end(&none);
    assert_int_equal(gw_guard_look(&none, &position, true), GW_GUARD_GO);
}

#define SUSPECTS_TEST(name) cmocka_unit_test_setup(name, setup)

int main(void) {
    const struct CMUnitTest tests[] = {
        SUSPECTS_TEST(test_the_second_death_ends_it),
        SUSPECTS_TEST(test_our_own_kills_never_count),
        SUSPECTS_TEST(test_kills_from_outside_count_at_the_fifth_time),
        SUSPECTS_TEST(test_weights_do_not_run_over),
        SUSPECTS_TEST(test_the_oldest_is_forgotten_when_there_are_too_many),
        SUSPECTS_TEST(test_each_part_of_a_position_counts),
        SUSPECTS_TEST(test_a_note_tells_what_its_worker_was_on),
        SUSPECTS_TEST(test_a_long_name_is_cut),
        SUSPECTS_TEST(test_what_another_worker_is_noted_on_waits),
        SUSPECTS_TEST(test_without_a_watch_everything_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
