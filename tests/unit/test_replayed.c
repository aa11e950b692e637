/* The file of replayed dead letters. */
#include "cli/replayed.h"

#include "unit/scratch_dir.h"

#include <signal.h>
#include <sys/resource.h>

static struct gw_position at(int64_t number) {
    return (struct gw_position){GW_POSITION_ACKED, GW_STR("session"), 0, number};
}

static enum gw_replay_fate fate(const struct gw_replayed *replayed, int64_t number) {
    struct gw_position position = at(number);
    return gw_replayed_fate(replayed, &position);
}

static void what_was_begun_and_ended_is_remembered(void **state) {
    struct scratch_dir *dir = *state;
    const char *path = scratch_dir_path(dir, "state");
    struct gw_replayed replayed;
    const struct gw_position batch[] = {at(1), at(2)}, other = at(3);
    assert_int_equal(gw_replayed_open(&replayed, path, NULL), GW_OK);
    assert_int_equal(gw_replayed_begin(&replayed, batch, 2, NULL), GW_OK);
    assert_int_equal(fate(&replayed, 2), GW_REPLAY_IN_DOUBT);
    assert_int_equal(gw_replayed_end(&replayed, batch, 2, NULL), GW_OK);
    assert_int_equal(gw_replayed_begin(&replayed, &other, 1, NULL), GW_OK);
    gw_replayed_close(&replayed);
    assert_file_holds(path, "+ acked:session/1\n+ acked:session/2\n= acked:session/1\n= acked:session/2\n"
                            "+ acked:session/3\n");

    assert_int_equal(gw_replayed_open(&replayed, path, NULL), GW_OK);
    assert_int_equal(fate(&replayed, 1), GW_REPLAY_DONE);
    assert_int_equal(fate(&replayed, 2), GW_REPLAY_DONE);
    assert_int_equal(fate(&replayed, 3), GW_REPLAY_IN_DOUBT);
    assert_int_equal(fate(&replayed, 4), GW_REPLAY_NEVER);
    gw_replayed_close(&replayed);
}

static void half_a_line_is_cut(void **state) {
    struct scratch_dir *dir = *state;
    const char *path = scratch_dir_path(dir, "state");
    struct gw_replayed replayed;
    scratch_write(path, "+ acked:session/1\n+ acked:sess", 30);
    assert_int_equal(gw_replayed_open(&replayed, path, NULL), GW_OK);
    assert_int_equal(fate(&replayed, 1), GW_REPLAY_IN_DOUBT);
    gw_replayed_close(&replayed);
    assert_file_holds(path, "+ acked:session/1\n");
}

static void another_file_is_left_alone(void **state) {
    struct scratch_dir *dir = *state;
    static const char *const others[] = {"{\"id\": 1}\n", "* acked:s/1\n", "+ nonsense\n", "+\n", "\n"};
    const char *path = scratch_dir_path(dir, "state");
    struct gw_replayed replayed;
    struct gw_error error;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        scratch_write(path, others[i], strlen(others[i]));
        assert_int_equal(gw_replayed_open(&replayed, path, &error), GW_MALFORMED);
        assert_non_null(strstr(error.detail, ":1: this is no list"));
        assert_file_holds(path, others[i]);
    }
}

static void two_runs_do_not_share_it(void **state) {
    struct scratch_dir *dir = *state;
    const char *path = scratch_dir_path(dir, "state");
    struct gw_replayed one, other;
    struct gw_error error;
    assert_int_equal(gw_replayed_open(&one, path, NULL), GW_OK);
    assert_int_equal(gw_replayed_open(&other, path, &error), GW_AGAIN);
    gw_replayed_close(&one);
    assert_int_equal(gw_replayed_open(&other, path, NULL), GW_OK);
    gw_replayed_close(&other);
}

static void a_disk_that_fails_is_told(void **state) {
    struct scratch_dir *dir = *state;
    struct gw_replayed replayed;
    struct gw_error error;
    struct gw_position position = at(1);
    struct rlimit before, small;
    assert_int_equal(gw_replayed_open(&replayed, "/no/such/directory/state", &error), GW_SYSTEM);
    assert_int_equal(gw_replayed_open(&replayed, scratch_dir_path(dir, "state"), &error), GW_OK);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = (struct rlimit){10, before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_int_equal(gw_replayed_begin(&replayed, &position, 1, &error), GW_SYSTEM);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    gw_replayed_close(&replayed);
}

#define IN_A_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, scratch_dir_set_up, scratch_dir_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_A_DIRECTORY(what_was_begun_and_ended_is_remembered),
        IN_A_DIRECTORY(half_a_line_is_cut),
        IN_A_DIRECTORY(another_file_is_left_alone),
        IN_A_DIRECTORY(two_runs_do_not_share_it),
        IN_A_DIRECTORY(a_disk_that_fails_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
