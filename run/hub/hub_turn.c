/* flock(2) on a file beside the socket: the kernel lets go of it when the last of a process is gone. */
#include "run/hub/hub_turn.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#define LOOK_MS 50

static bool is_called_off(int lifeline, int signals) {
    struct pollfd wanted[] = {{.fd = lifeline, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
    return poll(wanted, 2, LOOK_MS) > 0;
}

static enum gw_status wait_for(int fd, const char *path, int lifeline, int signals, struct gw_error *error) {
    bool said = false;
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return gw_fail_errno(error, "%s cannot be locked", path);
        }
        if (!said) {
            GW_LOG(GW_LOG_INFO, "the hub of a supervisor that is gone still drains; waiting for its end");
            said = true;
        }
        if (is_called_off(lifeline, signals)) {
            return gw_fail(error, GW_CLOSED, GW_NO_POSITION, "not wanted any more");
        }
    }
    return GW_OK;
}

enum gw_status gw_hub_turn_wait(const char *socket_path, int lifeline, int signals, int *fd,
                                struct gw_error *error) {
    char path[PATH_MAX];
    *fd = -1;
    if (snprintf(path, sizeof path, "%s.lock", socket_path) >= (int)sizeof path) {
        return gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION, "%.100s… is too long for a path", socket_path);
    }
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*fd < 0) {
        return gw_fail_errno(error, "%s cannot be opened", path);
    }
    enum gw_status status = wait_for(*fd, path, lifeline, signals, error);
    if (status != GW_OK) {
        close(*fd);
        *fd = -1;
    }
    return status;
}
