/* One hub at a time. */
#include "run/hub/hub_turn.h"

#include "base/log.h"
#include "unit/scratch_dir.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>

static const char *path_of(struct scratch_dir *dir) {
    gw_log_init(GW_LOG_OFF, GW_LOG_LOGFMT, "test", -1);
    return scratch_dir_path(dir, "hub.sock");
}

static void the_first_one_need_not_wait(void **state) {
    const char *path = path_of(*state);
    int fd;
    assert_int_equal(gw_hub_turn_wait(path, -1, -1, &fd, NULL), GW_OK);
    assert_true(fd >= 0);
    assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    close(fd);
    /* What a killed one left is no obstacle. */
    assert_int_equal(gw_hub_turn_wait(path, -1, -1, &fd, NULL), GW_OK);
    close(fd);
}

/* Another process has the turn until a byte comes, and then dies of a signal. */
static pid_t start_other(const char *path, int *gate) {
    int ready[2], go[2];
    char byte = 0;
    assert_int_equal(pipe(ready) | pipe(go), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        int fd;
        bool taken = gw_hub_turn_wait(path, -1, -1, &fd, NULL) == GW_OK;
        if (!taken || write(ready[1], &byte, 1) != 1 || read(go[0], &byte, 1) != 1) {
            _exit(1);
        }
        raise(SIGKILL);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    close(ready[1]);
    close(go[0]);
    *gate = go[1];
    return pid;
}

static void the_next_one_waits_for_its_end(void **state) {
    const char *path = path_of(*state);
    int gate, fd, status, nothing[2];
    char byte = 0;
    pid_t other = start_other(path, &gate);
    assert_int_equal(pipe(nothing), 0);
    /* It can be called off, by the lifeline as by a signal. */
    assert_int_equal(write(nothing[1], &byte, 1), 1);
    assert_int_equal(gw_hub_turn_wait(path, nothing[0], -1, &fd, NULL), GW_CLOSED);
    assert_int_equal(gw_hub_turn_wait(path, -1, nothing[0], &fd, NULL), GW_CLOSED);
    assert_int_equal(fd, -1);
    assert_int_equal(write(gate, &byte, 1), 1);
    assert_int_equal(gw_hub_turn_wait(path, -1, -1, &fd, NULL), GW_OK);
    assert_int_equal(waitpid(other, &status, 0), other);
    assert_true(WIFSIGNALED(status));
    close(fd);
    close(gate);
    close(nothing[0]);
    close(nothing[1]);
}

static void what_cannot_be_is_told(void **state) {
    (void)state;
    struct gw_error error;
    int fd;
    assert_int_equal(gw_hub_turn_wait("/no/such/directory/hub.sock", -1, -1, &fd, &error), GW_SYSTEM);
    assert_non_null(strstr(error.detail, "/no/such/directory"));
    char path[5000];
    memset(path, 'x', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    assert_int_equal(gw_hub_turn_wait(path, -1, -1, &fd, &error), GW_BAD_CONFIG);
}

#define IN_A_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, scratch_dir_set_up, scratch_dir_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_A_DIRECTORY(the_first_one_need_not_wait),
        IN_A_DIRECTORY(the_next_one_waits_for_its_end),
        cmocka_unit_test(what_cannot_be_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
