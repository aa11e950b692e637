/* States lie in a ring: a seq's place is its remainder. */
#include "run/hub/hub_acks.h"

#include <string.h>

enum { UNSEEN, PENDING, ANSWERED }; /* ANSWERED + answer */

void gw_hub_acks_init(struct gw_hub_acks *acks, const struct gw_allocator *allocator) {
    acks->allocator = *allocator;
    acks->count = 0;
    acks->uses = 0;
}

void gw_hub_acks_free(struct gw_hub_acks *acks) {
    for (size_t i = 0; i < acks->count; i++) {
        acks->allocator.release(acks->allocator.context, acks->sessions[i], sizeof **acks->sessions);
    }
    acks->count = 0;
}

static struct gw_hub_session *find_by_name(struct gw_hub_acks *acks, struct gw_str name) {
    for (size_t i = 0; i < acks->count; i++) {
        if (gw_str_eq(gw_hub_session_name(acks->sessions[i]), name)) {
            return acks->sessions[i];
        }
    }
    return NULL;
}

struct gw_hub_session *gw_hub_acks_find(struct gw_hub_acks *acks, struct gw_str peer) {
    for (size_t i = 0; i < acks->count; i++) {
        if (acks->sessions[i]->peer_size > 0 && gw_str_eq(gw_hub_session_peer(acks->sessions[i]), peer)) {
            acks->sessions[i]->used = ++acks->uses;
            return acks->sessions[i];
        }
    }
    return NULL;
}

/* The session unused longest, of those that nothing waits for; NULL when all are busy. */
static struct gw_hub_session *find_idle(struct gw_hub_acks *acks) {
    struct gw_hub_session *idle = NULL;
    for (size_t i = 0; i < acks->count; i++) {
        struct gw_hub_session *session = acks->sessions[i];
        if (session->pending == 0 && (!idle || session->used < idle->used)) {
            idle = session;
        }
    }
    return idle;
}

static enum gw_status make_room(struct gw_hub_acks *acks, struct gw_hub_session **session) {
    if (acks->count == GW_HUB_SESSIONS_MAX) {
        *session = find_idle(acks);
        return *session ? GW_OK : GW_TOO_MANY;
    }
    *session = acks->allocator.allocate(acks->allocator.context, sizeof **session);
    if (!*session) {
        return GW_NO_MEMORY;
    }
    acks->sessions[acks->count++] = *session;
    return GW_OK;
}

/* A peer that opens another session leaves the one it had. */
static void set_peer(struct gw_hub_acks *acks, struct gw_hub_session *session, struct gw_str peer) {
    struct gw_hub_session *former = gw_hub_acks_find(acks, peer);
    if (former) {
        former->peer_size = 0;
    }
    memcpy(session->peer, peer.data, peer.size);
    session->peer_size = (uint8_t)peer.size;
    session->used = ++acks->uses;
}

enum gw_status gw_hub_acks_hello(struct gw_hub_acks *acks, struct gw_str peer, struct gw_str name,
                                 struct gw_hub_session **session) {
    if (name.size == 0 || name.size > GW_ZEROMQ_SESSION_MAX || peer.size == 0 ||
        peer.size > GW_HUB_PEER_MAX) {
        return GW_MALFORMED;
    }
    *session = find_by_name(acks, name);
    if (!*session) {
        enum gw_status status = make_room(acks, session);
        if (status != GW_OK) {
            return status;
        }
        memset(*session, 0, sizeof **session);
        memcpy((*session)->name, name.data, name.size);
        (*session)->name_size = (uint8_t)name.size;
    }
    set_peer(acks, *session, peer);
    return GW_OK;
}

static uint8_t *state_of(struct gw_hub_session *session, uint64_t seq) {
    return &session->states[seq % GW_ZEROMQ_SEQ_WINDOW];
}

static bool is_in_window(const struct gw_hub_session *session, uint64_t seq) {
    return session->highest - seq < GW_ZEROMQ_SEQ_WINDOW;
}

/* Moves the window up; what it now covers for the first time is unseen. */
static void advance(struct gw_hub_session *session, uint64_t seq) {
    if (!session->is_begun || seq - session->highest >= GW_ZEROMQ_SEQ_WINDOW) {
        memset(session->states, UNSEEN, sizeof session->states);
    } else {
        for (uint64_t skipped = session->highest + 1; skipped <= seq; skipped++) {
            *state_of(session, skipped) = UNSEEN;
        }
    }
    session->is_begun = true;
    session->highest = seq;
}

enum gw_hub_arrival gw_hub_session_arrive(struct gw_hub_session *session, uint64_t seq,
                                          enum gw_zeromq_answer *answer) {
    if (!session->is_begun || seq > session->highest) {
        advance(session, seq);
    }
    if (!is_in_window(session, seq)) {
        session->pending++;
        return GW_HUB_OLD;
    }
    uint8_t *state = state_of(session, seq);
    if (*state == UNSEEN) {
        *state = PENDING;
        session->pending++;
        return GW_HUB_NEW;
    }
    if (*state == PENDING) {
        return GW_HUB_PENDING;
    }
    *answer = (enum gw_zeromq_answer)(*state - ANSWERED);
    return GW_HUB_ANSWERED;
}

void gw_hub_session_answer(struct gw_hub_session *session, uint64_t seq, enum gw_zeromq_answer answer) {
    session->pending--;
    if (is_in_window(session, seq)) {
        *state_of(session, seq) =
            answer == GW_ZEROMQ_TRY_AGAIN ? UNSEEN : (uint8_t)(ANSWERED + (unsigned)answer);
    }
}
