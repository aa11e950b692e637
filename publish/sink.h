/* A sink: where records and dead letters go, and when each of them is safe.
 *
 * The protocol of calls, all from one thread:
 *
 *     open → { begin → { send | poll }* → commit | abort }* → flush → close
 *
 * Without transactions begin and abort do nothing and commit flushes. Nothing blocks but open, commit, flush
 * and close. Each message sent completes once, through gw_sink_poll.
 */
#ifndef GW_PUBLISH_SINK_H
#define GW_PUBLISH_SINK_H

#include "base/clock.h"
#include "base/status.h"
#include "schemas/headers.h"
#include "schemas/position.h"
#include "transport/outcome.h"
#include "transport/positions.h"

#include <stdbool.h>
#include <stdint.h>

/* One message to send. The sink copies what it keeps: all slices may go when gw_sink_send has returned. */
struct gw_outgoing {
    enum gw_outlet outlet;
    uint64_t ticket;     /* the caller's number; comes back in the completion */
    struct gw_str topic; /* overrides the outlet's own topic; data NULL: the outlet's */
    struct gw_str key;   /* data NULL is no key */
    struct gw_str
        payload; /* data NULL is a null value (Kafka), or an empty frame with a `gw-skipped` header */
    struct gw_headers headers;
    struct gw_position position; /* of the input that this is the outcome of */
};

struct gw_completion {
    uint64_t ticket;
    enum gw_status
        status; /* GW_OK: safe, as far as the sink's promise goes. INPUT class: this message can never be
                   taken (too large): dead-letter it. PEER: the sink gave it up, send it again. OURS: stop. */
};

struct gw_sink;

struct gw_sink_ops {
    const char *name; /* "kafka", "zeromq", "file" */
    bool transactional;
    int (*fd)(struct gw_sink *sink);
    enum gw_status (*send)(struct gw_sink *sink, const struct gw_outgoing *outgoing, struct gw_error *error);
    enum gw_status (*poll)(struct gw_sink *sink, struct gw_completion *completions, size_t capacity,
                           size_t *count, struct gw_error *error);
    enum gw_status (*begin)(struct gw_sink *sink, struct gw_error *error);
    enum gw_status (*commit)(struct gw_sink *sink, const struct gw_positions *positions, int timeout_ms,
                             struct gw_error *error);
    enum gw_status (*abort)(struct gw_sink *sink, int timeout_ms, struct gw_error *error);
    enum gw_status (*flush)(struct gw_sink *sink, int timeout_ms, struct gw_error *error);
    void (*close)(struct gw_sink *sink);
};

/* The head of every sink; implementations put their own state behind it. */
struct gw_sink {
    const struct gw_sink_ops *ops;
    size_t message_bytes_max; /* the largest payload it takes, as far as is known; SIZE_MAX: no limit */
};

/* A descriptor that is readable when `poll` may have something, or when a full sink may take again; -1: poll
 * at once. A hint only: poll at least every GW_SINK_POLL_MS as well. */
#define GW_SINK_POLL_MS 100
static inline int gw_sink_fd(struct gw_sink *sink) {
    return sink->ops->fd(sink);
}

/* Queues one message. GW_AGAIN: its queue is full, poll and try again (this is the sink's back-pressure);
 * INPUT class: the message itself can never be taken; other failures as in gw_completion. On failure there is
 * no completion. */
static inline enum gw_status gw_sink_send(struct gw_sink *sink, const struct gw_outgoing *outgoing,
                                          struct gw_error *error) {
    return sink->ops->send(sink, outgoing, error);
}

/* Up to `capacity` completions, at once, in any order. *count is 0 when there are none now. */
static inline enum gw_status gw_sink_poll(struct gw_sink *sink, struct gw_completion *completions,
                                          size_t capacity, size_t *count, struct gw_error *error) {
    return sink->ops->poll(sink, completions, capacity, count, error);
}

/* Opens a transaction: what is sent from here on is seen by consumers when it is committed, or never. After a
 * completion that is not GW_OK, or a send that the peer refused, it can only be aborted. */
static inline enum gw_status gw_sink_begin(struct gw_sink *sink, struct gw_error *error) {
    return sink->ops->begin(sink, error);
}

/* Makes everything sent since begin visible, together with `positions` (NULL where the source stores its own;
 * a sink without transactions does not look at them). All completions must have been polled. Blocks up to
 * `timeout_ms`. In a transaction GW_TIMEOUT leaves its end open: commit again; after another failure of class
 * PEER, but for GW_FENCED, abort and do it all again. */
static inline enum gw_status gw_sink_commit(struct gw_sink *sink, const struct gw_positions *positions,
                                            int timeout_ms, struct gw_error *error) {
    return sink->ops->commit(sink, positions, timeout_ms, error);
}

static inline enum gw_status gw_sink_abort(struct gw_sink *sink, int timeout_ms, struct gw_error *error) {
    return sink->ops->abort(sink, timeout_ms, error);
}

/* Waits until all that was sent is safe; its completions wait to be polled. GW_TIMEOUT when it took too long.
 */
static inline enum gw_status gw_sink_flush(struct gw_sink *sink, int timeout_ms, struct gw_error *error) {
    return sink->ops->flush(sink, timeout_ms, error);
}

/* Gives up what is not yet safe. NULL is fine. */
static inline void gw_sink_close(struct gw_sink *sink) {
    if (sink) {
        sink->ops->close(sink);
    }
}

#endif
