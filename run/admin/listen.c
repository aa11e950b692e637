/* Host and port as people write them. */
#include "run/admin/listen.h"

#include "base/str.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connections that may wait to be accepted. */
#define BACKLOG 64

#define HOST_MAX 256

struct place {
    char host[HOST_MAX];
    const char *port;
};

static bool is_port(const char *text) {
    char *end;
    long port = strtol(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && !*end && port <= 65535;
}

/* IPv6 addresses stand in brackets. */
static bool split(const char *text, struct place *place) {
    const char *colon = strrchr(text, ':');
    bool bracketed = text[0] == '[' && colon && colon > text && colon[-1] == ']';
    const char *begin = text + bracketed, *end = colon ? colon - bracketed : text;
    if (!colon || end <= begin || (size_t)(end - begin) >= HOST_MAX || !is_port(colon + 1)) {
        return false;
    }
    snprintf(place->host, HOST_MAX, "%.*s", (int)(end - begin), begin);
    place->port = colon + 1;
    return bracketed || !strchr(place->host, ':');
}

const char *gw_admin_listen_check(const char *text) {
    struct place place;
    bool fits = strcmp(text, GW_ADMIN_OFF) == 0 || split(text, &place);
    return fits ? NULL : "write an address and a port such as 127.0.0.1:5557, or off";
}

static enum gw_status name_address(int fd, char address[GW_ADMIN_ADDRESS_MAX], struct gw_error *error) {
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    char host[GW_ADMIN_ADDRESS_MAX - 16], port[8];
    if (getsockname(fd, (struct sockaddr *)&bound, &size) != 0 ||
        getnameinfo((const struct sockaddr *)&bound, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        return gw_fail_errno(error, "the admin server's own address cannot be read");
    }
    snprintf(address, GW_ADMIN_ADDRESS_MAX, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port);
    return GW_OK;
}

static int open_socket(const struct addrinfo *info) {
    int on = 1;
    int fd = socket(info->ai_family, info->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, info->ai_protocol);
    if (fd < 0) {
        return -1;
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, info->ai_addr, info->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

enum gw_status gw_admin_listen(const char *text, int *fd, char address[GW_ADMIN_ADDRESS_MAX],
                               struct gw_error *error) {
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    struct place place;
    *fd = -1;
    if (!split(text, &place)) {
        return gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION, "%s is no address with a port", text);
    }
    int failed = getaddrinfo(place.host, place.port, &hints, &found);
    if (failed) {
        return gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION, "%s: %s", text, gai_strerror(failed));
    }
    for (const struct addrinfo *each = found; each && *fd < 0; each = each->ai_next) {
        *fd = open_socket(each);
    }
    enum gw_status status =
        *fd < 0 ? gw_fail_errno(error, "%s cannot be listened on", text) : name_address(*fd, address, error);
    freeaddrinfo(found);
    if (*fd < 0) {
        error->status = GW_REFUSED;
        return GW_REFUSED;
    }
    return status;
}
