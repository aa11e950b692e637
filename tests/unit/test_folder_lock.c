/* run/folder_lock.h */
#include "run/folder_lock.h"

#include "unit/scratch_dir.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

static struct gw_error error;

static const char *folder_of(void **state) {
    const struct scratch_dir *dir = *state;
    return dir->name;
}

static void test_the_second_is_told_of_the_first(void **state) {
    int first, second;
    char pid[32];
    assert_int_equal(gw_folder_lock_take(folder_of(state), "lock", "state_dir", &first, &error), GW_OK);
    assert_int_equal(gw_folder_lock_take(folder_of(state), "lock", "state_dir", &second, &error),
                     GW_BAD_CONFIG);
    assert_int_equal(second, -1);
    snprintf(pid, sizeof pid, "process %ld)", (long)getpid());
    assert_non_null(strstr(error.detail, folder_of(state)));
    assert_non_null(strstr(error.detail, "`state_dir`"));
    assert_non_null(strstr(error.detail, pid));
    close(first);
    assert_int_equal(gw_folder_lock_take(folder_of(state), "lock", "state_dir", &second, &error), GW_OK);
    close(second);
}

static void test_locks_of_two_names_are_two(void **state) {
    int first, second;
    assert_int_equal(gw_folder_lock_take(folder_of(state), "a.lock", "state_dir", &first, &error), GW_OK);
    assert_int_equal(gw_folder_lock_take(folder_of(state), "b.lock", "run_dir", &second, &error), GW_OK);
    close(first);
    close(second);
}

static void test_a_lock_ends_with_its_process(void **state) {
    int ready[2], fd;
    char byte;
    assert_int_equal(pipe(ready), 0);
    pid_t pid = fork();
    if (pid == 0) {
        byte = gw_folder_lock_take(folder_of(state), "lock", "state_dir", &fd, &error) == GW_OK;
        _exit(write(ready[1], &byte, 1) == 1 ? pause() : 1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 1);
    assert_int_equal(gw_folder_lock_take(folder_of(state), "lock", "state_dir", &fd, &error), GW_BAD_CONFIG);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    assert_int_equal(gw_folder_lock_take(folder_of(state), "lock", "state_dir", &fd, &error), GW_OK);
    close(fd);
    close(ready[0]);
    close(ready[1]);
}

static void test_a_folder_that_cannot_be_used_is_named(void **state) {
    (void)state;
    int fd;
    char long_path[PATH_MAX + 8];
    assert_int_equal(gw_folder_lock_take("/nowhere/at/all", "lock", "state_dir", &fd, &error), GW_SYSTEM);
    assert_non_null(strstr(error.detail, "/nowhere/at/all"));
    memset(long_path, 'x', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    assert_int_equal(gw_folder_lock_take(long_path, "lock", "state_dir", &fd, &error), GW_BAD_CONFIG);
}

#define LOCK_TEST(name) cmocka_unit_test_setup_teardown(name, scratch_dir_set_up, scratch_dir_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        LOCK_TEST(test_the_second_is_told_of_the_first),
        LOCK_TEST(test_locks_of_two_names_are_two),
        LOCK_TEST(test_a_lock_ends_with_its_process),
        LOCK_TEST(test_a_folder_that_cannot_be_used_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
