/* transport/wakeup.h */
#include "transport/wakeup.h"
#include "unit/unit.h"

#include <poll.h>
#include <stdbool.h>

static bool is_readable(const struct gw_wakeup *wakeup) {
    struct pollfd wait = {.fd = wakeup->fd, .events = POLLIN};
    return poll(&wait, 1, 0) > 0;
}

static void a_wakeup_is_readable_from_raise_to_clear(void **state) {
    (void)state;
    struct gw_wakeup wakeup;
    assert_int_equal(gw_wakeup_open(&wakeup, NULL), GW_OK);
    assert_false(is_readable(&wakeup));
    gw_wakeup_clear(&wakeup);
    gw_wakeup_raise(&wakeup);
    gw_wakeup_raise(&wakeup);
    assert_true(is_readable(&wakeup));
    gw_wakeup_clear(&wakeup);
    assert_false(is_readable(&wakeup));
    gw_wakeup_close(&wakeup);
    gw_wakeup_close(&wakeup);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wakeup_is_readable_from_raise_to_clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
