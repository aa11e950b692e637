/* The service manager's readiness protocol, against a socket of the test's own. */
#include "unit/scratch_dir.h"

#include "run/sd_notify.h"

#include <sys/socket.h>
#include <sys/un.h>

static int listen_at(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%.100s", path);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void the_state_arrives(void **state) {
    const char *path = scratch_dir_path(*state, "notify");
    char got[64] = "";
    int fd = listen_at(path);
    setenv("NOTIFY_SOCKET", path, 1);
    assert_int_equal(gw_sd_notify("READY=1", NULL), GW_OK);
    assert_int_equal(recv(fd, got, sizeof got - 1, MSG_DONTWAIT), 7);
    assert_string_equal(got, "READY=1");
    close(fd);
}

static void nobody_asking_is_fine(void **state) {
    (void)state;
    unsetenv("NOTIFY_SOCKET");
    assert_int_equal(gw_sd_notify("READY=1", NULL), GW_OK);
}

static void a_socket_that_is_gone_is_told(void **state) {
    struct gw_error error = {0};
    setenv("NOTIFY_SOCKET", scratch_dir_path(*state, "nothing"), 1);
    assert_int_equal(gw_sd_notify("READY=1", &error), GW_SYSTEM);
    setenv("NOTIFY_SOCKET", "no/absolute/path", 1);
    assert_int_equal(gw_sd_notify("READY=1", &error), GW_BAD_VALUE);
}

static void the_watchdog_is_for_the_process_named(void **state) {
    (void)state;
    char pid[32];
    setenv("WATCHDOG_USEC", "3000000", 1);
    unsetenv("WATCHDOG_PID");
    assert_int_equal(gw_sd_watchdog_ms(), 3000);
    snprintf(pid, sizeof pid, "%ld", (long)getpid());
    setenv("WATCHDOG_PID", pid, 1);
    assert_int_equal(gw_sd_watchdog_ms(), 3000);
    setenv("WATCHDOG_PID", "1", 1);
    assert_int_equal(gw_sd_watchdog_ms(), 0);
    unsetenv("WATCHDOG_USEC");
    assert_int_equal(gw_sd_watchdog_ms(), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_state_arrives, scratch_dir_set_up, scratch_dir_tear_down),
        cmocka_unit_test(nobody_asking_is_fine),
        cmocka_unit_test_setup_teardown(a_socket_that_is_gone_is_told, scratch_dir_set_up,
                                        scratch_dir_tear_down),
        cmocka_unit_test(the_watchdog_is_for_the_process_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
