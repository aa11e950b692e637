/* run/stop_signals.h */
#include "run/stop_signals.h"

#include "unit/unit.h"

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/signalfd.h>
#include <unistd.h>

static bool is_readable(int fd) {
    struct pollfd watched = {.fd = fd, .events = POLLIN};
    return poll(&watched, 1, 0) > 0;
}

static void test_both_become_readable_and_end_nothing(void **state) {
    (void)state;
    static const int signals[] = {SIGTERM, SIGINT};
    int fd = gw_stop_signals_open();
    assert_true(fd >= 0);
    for (size_t i = 0; i < 2; i++) {
        struct signalfd_siginfo info;
        assert_false(is_readable(fd));
        assert_int_equal(raise(signals[i]), 0);
        assert_true(is_readable(fd));
        assert_int_equal(read(fd, &info, sizeof info), (ssize_t)sizeof info);
        assert_int_equal(info.ssi_signo, signals[i]);
    }
    close(fd);
}

static void test_what_came_before_is_there_when_it_is_opened(void **state) {
    (void)state;
    gw_stop_signals_hold();
    assert_int_equal(raise(SIGTERM), 0);
    int fd = gw_stop_signals_open();
    struct signalfd_siginfo info;
    assert_int_equal(read(fd, &info, sizeof info), (ssize_t)sizeof info);
    assert_int_equal(info.ssi_signo, SIGTERM);
    close(fd);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_become_readable_and_end_nothing),
        cmocka_unit_test(test_what_came_before_is_there_when_it_is_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
