/* A listening Unix stream socket. */
#include "transport/hub_listener.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 128

/* Whether somebody answers there. A file without a listener is left over from a process that died. */
static bool is_served(const struct sockaddr_un *address) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool served =
        fd >= 0 && (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0 || errno == EAGAIN);
    if (fd >= 0) {
        close(fd);
    }
    return served;
}

static bool bind_and_listen(int fd, const struct sockaddr_un *address) {
    unlink(address->sun_path);
    mode_t former = umask(S_IRWXG | S_IRWXO);
    bool done = bind(fd, (const struct sockaddr *)address, sizeof *address) == 0;
    umask(former);
    return done && listen(fd, BACKLOG) == 0;
}

enum gw_status gw_hub_listen(const char *path, int *fd, struct gw_error *error) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t size = strlen(path);
    *fd = -1;
    if (size >= sizeof address.sun_path) {
        return gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION,
                       "the path of the hub's socket is longer than %zu bytes: %s",
                       sizeof address.sun_path - 1, path);
    }
    memcpy(address.sun_path, path, size);
    if (is_served(&address)) {
        return gw_fail(error, GW_REFUSED, GW_NO_POSITION, "another hub listens on %s", path);
    }
    *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*fd < 0 || !bind_and_listen(*fd, &address)) {
        enum gw_status status = gw_fail_errno(error, "cannot listen on %s", path);
        if (*fd >= 0) {
            close(*fd);
            *fd = -1;
        }
        return status;
    }
    return GW_OK;
}

int gw_hub_accept(int listener) {
    int fd;
    do {
        fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    } while (fd < 0 && errno == EINTR);
    return fd;
}
