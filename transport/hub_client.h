/* A worker's connection to the hub: made, and made again, in the background. */
#ifndef GW_TRANSPORT_HUB_CLIENT_H
#define GW_TRANSPORT_HUB_CLIENT_H

#include "base/clock.h"
#include "transport/hub_channel.h"

#include <sys/un.h>

/* How long to wait before connecting again: doubled with each failure, from the first to the second. */
#define GW_HUB_BACKOFF_MIN_MS 20
#define GW_HUB_BACKOFF_MAX_MS 1000

enum gw_hub_client_state { GW_HUB_CLIENT_DOWN, GW_HUB_CLIENT_GREETED, GW_HUB_CLIENT_READY };

/* `epoch` changes whenever a connection is lost: what was under way on an older one is gone. */
struct gw_hub_client {
    struct gw_hub_channel channel;
    struct gw_allocator allocator;
    const struct gw_clock *clock;
    struct sockaddr_un address;
    enum gw_hub_role role;
    uint32_t slot;
    uint64_t window; /* what HELLO says */
    enum gw_hub_client_state state;
    uint64_t epoch;
    int epoll;           /* what the owner's poll(2) watches: the socket and the timer */
    int timer;           /* readable when the next try is due, or when frames wait that were read already */
    int64_t next_try_ns; /* on the clock */
    int backoff_ms;
    bool waits_to_write;                     /* the socket is watched for room, too */
    bool is_woken;                           /* the timer was set to now */
    uint64_t sink_window, message_bytes_max; /* what WELCOME said */
    uint8_t outlets;
};

/* Does not connect yet. GW_BAD_CONFIG when the path is too long for a socket; GW_SYSTEM. `clock` must outlive
 * the client. */
enum gw_status gw_hub_client_open(struct gw_hub_client *client, const char *path, enum gw_hub_role role,
                                  int slot, uint64_t window, const struct gw_clock *clock,
                                  const struct gw_allocator *allocator, struct gw_error *error);

/* Connects when that is due, writes and reads, without blocking. Whatever fails on the way ends the
 * connection (`state` and `epoch` tell) and is tried again later; frames received before can be had no more.
 * Frames that gw_hub_client_next gave before become invalid. */
void gw_hub_client_step(struct gw_hub_client *client);

/* The next frame of a connection that is ready; GW_AGAIN when there is none. */
enum gw_status gw_hub_client_next(struct gw_hub_client *client, struct gw_hub_frame *frame);

/* Queues a frame: it is written by the next step, for which the descriptor becomes readable, or at once when
 * much waits. GW_UNREACHABLE when there is no connection (any more), GW_NO_MEMORY, GW_TOO_LARGE. */
enum gw_status gw_hub_client_post(struct gw_hub_client *client, const struct gw_hub_frame *frame);

/* To be called when the owner has done what it wants for now: `more` keeps the descriptor readable, so that
 * it comes back at once. */
void gw_hub_client_rest(struct gw_hub_client *client, bool more);

/* Whether gw_hub_client_next has a frame. */
bool gw_hub_client_has_frame(const struct gw_hub_client *client);

/* Waits up to `timeout_ms` until there may be something for gw_hub_client_step to do. */
void gw_hub_client_wait(struct gw_hub_client *client, int timeout_ms);

/* One descriptor for the client's whole life, readable when gw_hub_client_step or _next have something to do.
 */
int gw_hub_client_fd(struct gw_hub_client *client);

/* Writes what is queued; waits up to `timeout_ms` for a hub that does not read. */
void gw_hub_client_flush(struct gw_hub_client *client, int timeout_ms);

/* Flushes for a moment, and closes. May be repeated. */
void gw_hub_client_close(struct gw_hub_client *client);

#endif
