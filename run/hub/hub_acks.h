/* What acked feeders have sent and been answered: the hub's memory against taking a message twice.
 *
 *     session:  seqs  … | highest - WINDOW + 1 … highest |
 *                 too old │ unseen, pending, or answered with
 */
#ifndef GW_RUN_HUB_HUB_ACKS_H
#define GW_RUN_HUB_HUB_ACKS_H

#include "base/arena.h"
#include "base/status.h"
#include "transport/zeromq_frames.h"

#include <stdbool.h>
#include <stdint.h>

/* Most sessions that are remembered; the one unused longest makes room, unless something of it is pending. */
#define GW_HUB_SESSIONS_MAX 1024

/* A ROUTER's name for a connection is no longer. */
#define GW_HUB_PEER_MAX 255

struct gw_hub_session {
    char name[GW_ZEROMQ_SESSION_MAX];
    uint8_t name_size;
    uint8_t peer[GW_HUB_PEER_MAX];
    uint8_t peer_size; /* 0: not connected, as far as we know */
    bool is_begun;     /* `highest` means something */
    uint64_t highest;  /* the highest seq that came */
    size_t pending;    /* arrived and not answered */
    uint64_t used;     /* order of last use */
    uint8_t states[GW_ZEROMQ_SEQ_WINDOW];
};

struct gw_hub_acks {
    struct gw_allocator allocator;
    struct gw_hub_session *sessions[GW_HUB_SESSIONS_MAX];
    size_t count;
    uint64_t uses;
};

/* Takes no memory yet. */
void gw_hub_acks_init(struct gw_hub_acks *acks, const struct gw_allocator *allocator);
void gw_hub_acks_free(struct gw_hub_acks *acks);

/* A peer opens a session, or opens it again: answers go to that peer from now on. GW_MALFORMED: no name for a
 * session; GW_TOO_MANY: there is no room for another; GW_NO_MEMORY. */
enum gw_status gw_hub_acks_hello(struct gw_hub_acks *acks, struct gw_str peer, struct gw_str name,
                                 struct gw_hub_session **session);

/* The session that this peer has opened, or NULL. */
struct gw_hub_session *gw_hub_acks_find(struct gw_hub_acks *acks, struct gw_str peer);

enum gw_hub_arrival {
    GW_HUB_NEW,     /* take it */
    GW_HUB_OLD,     /* take it: so far back that it may have been taken before */
    GW_HUB_PENDING, /* drop it: it is being worked on */
    GW_HUB_ANSWERED /* drop it and answer again */
};

/* A seq has come. NEW and OLD ones are pending until they are answered. */
enum gw_hub_arrival gw_hub_session_arrive(struct gw_hub_session *session, uint64_t seq,
                                          enum gw_zeromq_answer *answer);

/* A pending seq gets its answer; after TRY_AGAIN it counts as never seen. */
void gw_hub_session_answer(struct gw_hub_session *session, uint64_t seq, enum gw_zeromq_answer answer);

static inline struct gw_str gw_hub_session_name(const struct gw_hub_session *session) {
    return (struct gw_str){session->name, session->name_size};
}

static inline struct gw_str gw_hub_session_peer(const struct gw_hub_session *session) {
    return (struct gw_str){(const char *)session->peer, session->peer_size};
}

#endif
