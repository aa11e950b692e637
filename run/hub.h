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
#ifndef GW_RUN_HUB_H
#define GW_RUN_HUB_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/status.h"
#include "transport/zeromq_settings.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* The name of the socket inside run_dir. */
#define GW_HUB_SOCKET_NAME "hub.sock"

/* What the hub counts, for a reader in another process: all zero at first, written by the hub alone. The last
 * four are levels, the others only grow. */
struct gw_hub_counters {
    _Atomic uint64_t received;       /* messages from feeders */
    _Atomic uint64_t received_bytes; /* of their payloads */
    _Atomic uint64_t refused;     /* of those: bad frames or too large; they go on to become dead letters */
    _Atomic uint64_t unaddressed; /* frames that belong to no message: no session was opened for them */
    _Atomic uint64_t duplicates;  /* sent again by acked feeders and not given out again */
    _Atomic uint64_t missed;      /* numbers that a PUB we subscribe to left out */
    _Atomic uint64_t dealt;       /* messages given to workers */
    _Atomic uint64_t redealt;     /* of those: again */
    _Atomic uint64_t settled;     /* receipts that closed a message */
    _Atomic uint64_t published;   /* messages that peers (or, PUSH and PUB, libzmq) took */
    _Atomic uint64_t published_bytes;
    _Atomic uint64_t abandoned;    /* messages that had no receipt when the hub ended */
    _Atomic uint64_t kept;         /* messages without a receipt now */
    _Atomic uint64_t kept_bytes;   /* their bytes */
    _Atomic uint64_t queued_bytes; /* bytes of output that nobody took yet */
    _Atomic uint64_t connections;  /* of workers */
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
