/* Down → (connect) → greeted → (WELCOME) → ready; any failure leads back to down and makes the next try wait
 * longer. An epoll descriptor stands for socket and timer, so that the owner always polls the same one. */
#include "transport/hub_client.h"

#include "base/log.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* With so much queued it is written at once. */
#define WRITE_BYTES ((size_t)64 << 10)

/* How long close waits for the hub to read what is queued. */
#define CLOSE_MS 1000

/* Makes the timer readable after `delay_ns`. */
static void set_timer(struct gw_hub_client *client, int64_t delay_ns) {
    client->is_woken = false;
    int64_t ns = delay_ns > 0 ? delay_ns : 1;
    struct itimerspec when = {
        .it_value = {.tv_sec = (time_t)(ns / GW_NS_PER_S), .tv_nsec = ns % GW_NS_PER_S}};
    timerfd_settime(client->timer, 0, &when, NULL);
}

/* Makes the descriptor readable now, or no longer. */
static void wake(struct gw_hub_client *client, bool on) {
    if (on && !client->is_woken) {
        set_timer(client, 0);
    } else if (!on && client->is_woken) {
        struct itimerspec never = {0};
        timerfd_settime(client->timer, 0, &never, NULL);
    }
    client->is_woken = on;
}

static enum gw_status set_address(struct gw_hub_client *client, const char *path, struct gw_error *error) {
    size_t size = strlen(path);
    if (size >= sizeof client->address.sun_path) {
        return gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION,
                       "the path of the hub's socket is longer than %zu bytes: %s",
                       sizeof client->address.sun_path - 1, path);
    }
    client->address.sun_family = AF_UNIX;
    memcpy(client->address.sun_path, path, size + 1);
    return GW_OK;
}

static bool watch(struct gw_hub_client *client, int operation, int fd, uint32_t events) {
    struct epoll_event event = {.events = events, .data = {.fd = fd}};
    return epoll_ctl(client->epoll, operation, fd, &event) == 0;
}

enum gw_status gw_hub_client_open(struct gw_hub_client *client, const char *path, enum gw_hub_role role,
                                  int slot, uint64_t window, const struct gw_clock *clock,
                                  const struct gw_allocator *allocator, struct gw_error *error) {
    *client = (struct gw_hub_client){.allocator = *allocator,
                                     .clock = clock,
                                     .role = role,
                                     .slot = (uint32_t)slot,
                                     .window = window,
                                     .epoll = -1,
                                     .timer = -1,
                                     .next_try_ns = gw_clock_now_ns(clock),
                                     .backoff_ms = GW_HUB_BACKOFF_MIN_MS};
    gw_hub_channel_init(&client->channel, -1, allocator);
    enum gw_status status = set_address(client, path, error);
    if (status != GW_OK) {
        return status;
    }
    client->epoll = epoll_create1(EPOLL_CLOEXEC);
    client->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (client->epoll < 0 || client->timer < 0 || !watch(client, EPOLL_CTL_ADD, client->timer, EPOLLIN)) {
        status = gw_fail_errno(error, "cannot make the descriptors of a connection to the hub");
        gw_hub_client_close(client);
        return status;
    }
    wake(client, true);
    return GW_OK;
}

/* Ends the connection and waits before the next. */
static void go_down(struct gw_hub_client *client) {
    if (client->state == GW_HUB_CLIENT_READY) {
        GW_LOG(GW_LOG_WARN, "lost the hub", GW_KS("path", client->address.sun_path));
        client->backoff_ms = GW_HUB_BACKOFF_MIN_MS;
    }
    gw_hub_channel_close(&client->channel);
    client->state = GW_HUB_CLIENT_DOWN;
    client->waits_to_write = false;
    client->epoch++;
    int64_t wait_ns = client->backoff_ms * GW_NS_PER_MS;
    client->next_try_ns = gw_clock_now_ns(client->clock) + wait_ns;
    set_timer(client, wait_ns);
    client->backoff_ms *= 2;
    if (client->backoff_ms > GW_HUB_BACKOFF_MAX_MS) {
        client->backoff_ms = GW_HUB_BACKOFF_MAX_MS;
    }
}

/* Writes what waits, and watches for room when not all of it went. */
static void write_out(struct gw_hub_client *client) {
    if (gw_hub_channel_write(&client->channel) != GW_OK) {
        go_down(client);
        return;
    }
    bool waits = gw_hub_channel_unwritten(&client->channel) > 0;
    if (waits != client->waits_to_write) {
        client->waits_to_write = waits;
        watch(client, EPOLL_CTL_MOD, client->channel.fd, waits ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }
}

static void greet(struct gw_hub_client *client) {
    struct gw_hub_frame hello = {
        .type = GW_HUB_HELLO,
        .as.hello = {
            .version = GW_HUB_VERSION, .role = client->role, .slot = client->slot, .window = client->window}};
    client->state = GW_HUB_CLIENT_GREETED;
    if (gw_hub_channel_post(&client->channel, &hello) != GW_OK) {
        go_down(client);
        return;
    }
    write_out(client);
}

/* A Unix socket connects at once or fails; a full backlog is a failure like any other. */
static void try_connect(struct gw_hub_client *client) {
    client->is_woken = true; /* by the back-off's end */
    wake(client, false);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    gw_hub_channel_init(&client->channel, fd, &client->allocator);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&client->address, sizeof client->address) != 0 ||
        !watch(client, EPOLL_CTL_ADD, fd, EPOLLIN)) {
        go_down(client);
        return;
    }
    greet(client);
}

/* The first frame must be a WELCOME of our version. */
static void await_welcome(struct gw_hub_client *client) {
    struct gw_hub_frame frame;
    struct gw_error error;
    enum gw_status status = gw_hub_channel_next(&client->channel, &frame, &error);
    if (status == GW_AGAIN) {
        return;
    }
    if (status != GW_OK || frame.type != GW_HUB_WELCOME || frame.as.welcome.version != GW_HUB_VERSION) {
        GW_LOG(GW_LOG_ERROR, "what listens on the hub's socket is no hub of this version",
               GW_KS("path", client->address.sun_path));
        go_down(client);
        return;
    }
    client->outlets = frame.as.welcome.outlets;
    client->sink_window = frame.as.welcome.window;
    client->message_bytes_max = frame.as.welcome.message_bytes_max;
    client->backoff_ms = GW_HUB_BACKOFF_MIN_MS;
    client->state = GW_HUB_CLIENT_READY;
}

void gw_hub_client_step(struct gw_hub_client *client) {
    if (client->state == GW_HUB_CLIENT_DOWN) {
        if (gw_clock_now_ns(client->clock) < client->next_try_ns) {
            set_timer(client, client->next_try_ns - gw_clock_now_ns(client->clock));
            return;
        }
        try_connect(client);
    }
    if (client->state != GW_HUB_CLIENT_DOWN) {
        write_out(client);
    }
    if (client->state != GW_HUB_CLIENT_DOWN && gw_hub_channel_read(&client->channel) != GW_OK) {
        go_down(client);
    }
    if (client->state == GW_HUB_CLIENT_GREETED) {
        await_welcome(client);
    }
}

enum gw_status gw_hub_client_next(struct gw_hub_client *client, struct gw_hub_frame *frame) {
    struct gw_error error;
    if (client->state != GW_HUB_CLIENT_READY) {
        return GW_AGAIN;
    }
    enum gw_status status = gw_hub_channel_next(&client->channel, frame, &error);
    if (status == GW_PROTOCOL) {
        GW_LOG(GW_LOG_ERROR, "the hub broke its protocol", GW_KS("cause", error.detail));
        go_down(client);
        return GW_AGAIN;
    }
    return status;
}

enum gw_status gw_hub_client_post(struct gw_hub_client *client, const struct gw_hub_frame *frame) {
    if (client->state != GW_HUB_CLIENT_READY) {
        return GW_UNREACHABLE;
    }
    enum gw_status status = gw_hub_channel_post(&client->channel, frame);
    if (status != GW_OK) {
        return status;
    }
    if (gw_hub_channel_unwritten(&client->channel) < WRITE_BYTES) {
        wake(client, true);
    } else if (!client->waits_to_write) {
        write_out(client);
    }
    return client->state == GW_HUB_CLIENT_READY ? GW_OK : GW_UNREACHABLE;
}

void gw_hub_client_rest(struct gw_hub_client *client, bool more) {
    if (client->state != GW_HUB_CLIENT_DOWN) {
        wake(client, more);
    }
}

bool gw_hub_client_has_frame(const struct gw_hub_client *client) {
    return client->state == GW_HUB_CLIENT_READY && gw_hub_channel_has_frame(&client->channel);
}

void gw_hub_client_wait(struct gw_hub_client *client, int timeout_ms) {
    struct pollfd watched = {.fd = client->epoll, .events = POLLIN};
    poll(&watched, 1, timeout_ms);
}

int gw_hub_client_fd(struct gw_hub_client *client) {
    return client->epoll;
}

void gw_hub_client_flush(struct gw_hub_client *client, int timeout_ms) {
    int64_t deadline = gw_clock_now_ns(&gw_clock_system) + timeout_ms * GW_NS_PER_MS;
    if (client->state == GW_HUB_CLIENT_READY) {
        write_out(client);
    }
    while (client->state == GW_HUB_CLIENT_READY && gw_hub_channel_unwritten(&client->channel) > 0 &&
           gw_clock_now_ns(&gw_clock_system) < deadline) {
        struct pollfd watched = {.fd = client->channel.fd, .events = POLLOUT};
        poll(&watched, 1, timeout_ms);
        write_out(client);
    }
}

void gw_hub_client_close(struct gw_hub_client *client) {
    gw_hub_client_flush(client, CLOSE_MS);
    gw_hub_channel_close(&client->channel);
    client->state = GW_HUB_CLIENT_DOWN;
    if (client->timer >= 0) {
        close(client->timer);
        client->timer = -1;
    }
    if (client->epoll >= 0) {
        close(client->epoll);
        client->epoll = -1;
    }
}
