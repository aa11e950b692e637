/* The hub: the one process that owns ZeroMQ sockets, for any number of workers.
 *
 *     feeders ──PULL, SUB, ROUTER──▶ ┌─────┐ ──hub.sock──▶ sources ┐
 *                                    │ hub │                       ├ workers
 *     consumers ◀─PUSH, PUB, DEALER─ └─────┘ ◀─hub.sock─── sinks   ┘
 *
 * It keeps each message until its receipt comes back, and gives it to another worker when the first one dies.
 * Above the input budget feeders are left unread; workers' results and receipts and consumers'
 * acknowledgements are always read. It is single-threaded (but for libzmq's own threads).
 */
#ifndef GW_RUN_HUB_HUB_H
#define GW_RUN_HUB_HUB_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/status.h"
#include "transport/zeromq_settings.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* The name of the socket inside run_dir. */
#define GW_HUB_SOCKET_NAME "hub.sock"

/* What the hub counts, for a reader in another process: name, is a level rather than a count, what it counts.
 */
#define GW_HUB_COUNTER_TABLE(X)                                                                              \
    X(received, 0, "messages from feeders")                                                                  \
    X(received_bytes, 0, "bytes of their payloads")                                                          \
    X(refused, 0, "of those: bad frames or too large; they go on to become dead letters")                    \
    X(unaddressed, 0, "frames that belong to no message: no session was opened for them")                    \
    X(duplicates, 0, "messages sent again by acked feeders and not given out again")                         \
    X(missed, 0, "numbers that a PUB we subscribe to left out")                                              \
    X(dealt, 0, "messages given to workers")                                                                 \
    X(redealt, 0, "of those: again")                                                                         \
    X(settled, 0, "receipts that closed a message")                                                          \
    X(published, 0, "messages that peers (or, PUSH and PUB, libzmq) took")                                   \
    X(published_bytes, 0, "bytes of their payloads")                                                         \
    X(overruns, 0, "times PUB's queue for a subscriber was full: it loses messages until there is room")     \
    X(abandoned, 0, "messages that had no receipt when the hub ended")                                       \
    X(kept, 1, "messages without a receipt now")                                                             \
    X(kept_bytes, 1, "their bytes")                                                                          \
    X(queued_bytes, 1, "bytes of output that nobody took yet")                                               \
    X(connections, 1, "connections of workers")

/* All zero at first, written by the hub alone. */
struct gw_hub_counters {
#define GW_HUB_COUNTER_MEMBER(name, level, text) _Atomic uint64_t name;
    GW_HUB_COUNTER_TABLE(GW_HUB_COUNTER_MEMBER)
#undef GW_HUB_COUNTER_MEMBER
};

/* Everything pointed to must outlive the hub. */
struct gw_hub_settings {
    const struct gw_zeromq_settings *source;       /* PULL, SUB or ACKED; NULL: the source is not ZeroMQ */
    const struct gw_zeromq_settings *sink;         /* PUSH, PUB or ACKED; NULL: the sink is not ZeroMQ */
    const struct gw_zeromq_settings *dead_letters; /* as sink; where both name the same endpoints they share
                                                      their sockets, and only `topic` may differ */
    const char *socket_path;  /* run_dir "/" GW_HUB_SOCKET_NAME; a stale file there is replaced */
    int workers;              /* how many are expected: each gets its part of the output budget */
    size_t memory_bytes;      /* half bounds what waits for receipts, half what waits for consumers */
    size_t message_bytes_max; /* `limits.message_bytes`: larger payloads are cut and marked as refused */
    int drain_timeout_ms;     /* a drain gives up what is still unfinished then */
    int lifeline_fd;          /* readable or closed at its other end: drain; -1: none */
    struct gw_hub_counters *counters; /* NULL: nobody looks */
    const struct gw_clock *clock;
    uint64_t start_id; /* names this start in positions (hub:START/NUMBER) and sessions; 0: drawn at random */
};

/* Runs until it has drained: after SIGTERM or SIGINT (which it takes for itself) or at the lifeline's end.
 * Returns the process's exit code (exit_codes.h): GW_EXIT_DONE; GW_EXIT_PARTLY when messages were left at the
 * drain's deadline; GW_EXIT_CANNOT_START when something could not be opened; GW_EXIT_SYSTEM. It has logged
 * why.
 *
 * To stop an instance tell the hub first. It then reads no more feeders, deals out what it has, and lets
 * every source end (GW_CLOSED) once all is settled; workers flush their sinks and close; the hub ends when
 * the last one has left. */
int gw_hub_main(const struct gw_hub_settings *settings);

/* The same in steps, for tests and for gw_hub_main. */
struct gw_hub;

/* Binds and connects everything. On failure the detail names the endpoint. */
enum gw_status gw_hub_open(const struct gw_hub_settings *settings, struct gw_hub **hub,
                           struct gw_error *error);

/* Waits up to `timeout_ms` (0: not at all) for something to do and does it. GW_CLOSED once it has drained or
 * the drain's deadline has passed; other failures are ours. */
enum gw_status gw_hub_step(struct gw_hub *hub, int timeout_ms, struct gw_error *error);

/* Begins the drain; may be repeated. */
void gw_hub_drain(struct gw_hub *hub);

/* Closes all sockets; waits for consumers to take what libzmq holds, up to their `linger_ms`. NULL is fine.
 */
void gw_hub_close(struct gw_hub *hub);

#endif
