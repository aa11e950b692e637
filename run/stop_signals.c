/* One set for all processes. */
#include "run/stop_signals.h"

#include <signal.h>
#include <sys/signalfd.h>

static sigset_t stop_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return set;
}

void gw_stop_signals_hold(void) {
    sigset_t set = stop_signals();
    sigprocmask(SIG_BLOCK, &set, NULL);
}

int gw_stop_signals_open(void) {
    sigset_t set = stop_signals();
    gw_stop_signals_hold();
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}
