/* run/children.h: what a child's end means. Its program is a shell that the test's own command ends. */
#include "run/children.h"

#include "unit/scratch_dir.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

static struct gw_error error;

static void start(void **state, struct gw_child *child, const char *command) {
    char script[256], program[300];
    const struct scratch_dir *dir = *state;
    snprintf(program, sizeof program, "%s/program", dir->name);
    snprintf(script, sizeof script, "#!/bin/sh\n%s\n", command);
    scratch_write(program, script, strlen(script));
    assert_int_equal(chmod(program, 0700), 0);
    int fd = fcntl(open("/dev/null", O_RDWR | O_CLOEXEC), F_DUPFD_CLOEXEC, GW_OWN_FDS_FROM);
    const struct gw_child_kit kit = {.program = program,
                                     .directory = ".",
                                     .config_fd = fd,
                                     .counters_fd = fd,
                                     .lifeline_fd = fd,
                                     .watch_fd = fd,
                                     .gazetteer_fd = fd,
                                     .model_fd = fd};
    *child = (struct gw_child){0};
    assert_int_equal(gw_child_start(child, &kit, 0, &error), GW_OK);
    close(fd);
}

static int reap(struct gw_child *child) {
    int status;
    for (int i = 0; !gw_child_reap(child, &status); i++) {
        assert_true(i < 4000);
        poll(NULL, 0, 5);
    }
    return status;
}

static void test_what_it_does_to_itself_is_fatal(void **state) {
    static const char *const commands[] = {"kill -SEGV $$", "kill -ABRT $$", "kill -BUS $$",
                                           "kill -FPE $$",  "kill -ILL $$",  "kill -TRAP $$",
                                           "kill -SYS $$",  "exit 1",        "exit 0"};
    struct gw_child child;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        start(state, &child, commands[i]);
        assert_int_equal(gw_child_death(&child, reap(&child)), GW_DEATH_FATAL);
    }
}

static void test_signals_of_others_are_kills(void **state) {
    static const char *const commands[] = {"kill -KILL $$", "kill -USR1 $$", "kill -HUP $$"};
    struct gw_child child;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        start(state, &child, commands[i]);
        assert_int_equal(gw_child_death(&child, reap(&child)), GW_DEATH_KILLED);
    }
}

static void test_our_kill_is_ours_unless_it_hung(void **state) {
    struct gw_child child;
    start(state, &child, "while :; do sleep 1; done");
    gw_child_kill(&child);
    assert_int_equal(gw_child_death(&child, reap(&child)), GW_DEATH_OURS);
    start(state, &child, "while :; do :; done");
    gw_child_kill_hung(&child);
    assert_int_equal(gw_child_death(&child, reap(&child)), GW_DEATH_FATAL);
    start(state, &child, "while :; do sleep 1; done");
    gw_child_kill(&child);
    gw_child_kill_hung(&child);
    assert_int_equal(gw_child_death(&child, reap(&child)), GW_DEATH_OURS);
}

static void test_processor_time_grows_while_it_works(void **state) {
    struct gw_child child;
    start(state, &child, "while :; do :; done");
    int64_t first = gw_child_cpu_ns(&child);
    assert_true(first >= 0);
    for (int i = 0; gw_child_cpu_ns(&child) < first + 20 * 1000000; i++) {
        assert_true(i < 4000);
        poll(NULL, 0, 5);
    }
    gw_child_kill(&child);
    reap(&child);
    assert_int_equal(gw_child_cpu_ns(&child), -1);
}

#define CHILDREN_TEST(name) cmocka_unit_test_setup_teardown(name, scratch_dir_set_up, scratch_dir_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CHILDREN_TEST(test_what_it_does_to_itself_is_fatal),
        CHILDREN_TEST(test_signals_of_others_are_kills),
        CHILDREN_TEST(test_our_kill_is_ours_unless_it_hung),
        CHILDREN_TEST(test_processor_time_grows_while_it_works),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
