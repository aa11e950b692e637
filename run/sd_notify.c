/* sd_notify(3)'s protocol: one datagram to the socket that the environment names. */
#include "run/sd_notify.h"

#include "base/str.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum gw_status gw_sd_notify(const char *state, struct gw_error *error) {
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!path || !path[0]) {
        return GW_OK;
    }
    size_t length = strlen(path);
    if ((path[0] != '/' && path[0] != '@') || length >= sizeof address.sun_path) {
        return gw_fail(error, GW_BAD_VALUE, GW_NO_POSITION, "NOTIFY_SOCKET is no path of a socket: %s", path);
    }
    memcpy(address.sun_path, path, length);
    if (path[0] == '@') {
        address.sun_path[0] = '\0'; /* an abstract socket's name begins with a zero byte */
    }
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return gw_fail_errno(error, "no socket to notify the service manager");
    }
    enum gw_status status = GW_OK;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    if (sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&address, size) < 0) {
        status = gw_fail_errno(error, "the service manager could not be notified");
    }
    close(fd);
    return status;
}

int64_t gw_sd_watchdog_ms(void) {
    const char *period = getenv("WATCHDOG_USEC");
    const char *pid = getenv("WATCHDOG_PID");
    if (!period || (pid && strtol(pid, NULL, 10) != (long)getpid())) {
        return 0;
    }
    long long usec = strtoll(period, NULL, 10);
    return usec > 0 ? (int64_t)(usec / 1000) : 0;
}
