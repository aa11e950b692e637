/* A source: where messages come from, and who is told what became of each.
 *
 * The protocol of calls, all from one thread:
 *
 *     open → { take → … settle each receipt … }* → close
 *
 * Nothing blocks but open and close: wait on gw_source_fd() with poll(2), together with the sink's
 * descriptor. Every message taken must be settled once. A message and all that it points to live until its
 * receipt is settled.
 */
#ifndef GW_INGEST_SOURCE_H
#define GW_INGEST_SOURCE_H

#include "base/clock.h"
#include "base/hash.h"
#include "base/status.h"
#include "schemas/headers.h"
#include "schemas/position.h"
#include "transport/outcome.h"
#include "transport/positions.h"

#include <stdbool.h>
#include <stdint.h>

/* The source's handle for one message. */
typedef uint64_t gw_receipt;

struct gw_message {
    gw_receipt receipt;
    struct gw_str payload; /* data NULL is a null value (a Kafka tombstone) */
    struct gw_str key;     /* data NULL is no key */
    struct gw_headers headers;
    struct gw_position position;
    int64_t timestamp_ms; /* the transport's; -1 when unknown */
    bool redelivered;     /* this position was given out before, as far as the source knows */
    enum gw_status
        refused; /* GW_OK, or why the source itself finds it unfit (GW_TOO_LARGE, with `payload` cut to the
                    first bytes and `full_size` the original's size): it must become a dead letter */
    uint64_t full_size;          /* bytes of the original payload */
    struct gw_hash128 full_hash; /* of the original payload; only when it is refused and cut */
};

struct gw_source;

/* What a source tells its owner, from inside gw_source_take on the caller's thread. */
struct gw_source_events {
    /* Partitions are about to be lost. Settle what is in flight (finish it or abort the transaction) before
     * returning, within the source's revoke deadline; what is unsettled when this returns will be given out
     * again elsewhere, and its receipts become stale. `lost` is true when they are gone already: nothing can
     * be committed any more. */
    void (*on_revoke)(void *context, bool lost);
    void *context;
};

struct gw_source_ops {
    const char *name; /* "kafka", "zeromq", "file" */
    int (*fd)(struct gw_source *source);
    enum gw_status (*take)(struct gw_source *source, struct gw_message *messages, size_t capacity,
                           size_t *count, struct gw_error *error);
    enum gw_status (*settle)(struct gw_source *source, gw_receipt receipt, enum gw_outcome outcome,
                             struct gw_error *error);
    enum gw_status (*positions)(struct gw_source *source, struct gw_positions **out, struct gw_error *error);
    enum gw_status (*pause)(struct gw_source *source, struct gw_error *error);
    enum gw_status (*resume)(struct gw_source *source, struct gw_error *error);
    bool (*ready)(struct gw_source *source);
    void (*close)(struct gw_source *source);
    uint64_t (*lag)(struct gw_source *source);               /* NULL: it does not know */
    void (*store)(struct gw_source *source, int timeout_ms); /* NULL: it stores nothing */
};

/* The head of every source; implementations put their own state behind it. */
struct gw_source {
    const struct gw_source_ops *ops;
    struct gw_source_events events;
};

/* A descriptor that is readable when `take` may have something; -1 when it always may (a file). It is only a
 * hint: call `take` at least every GW_SOURCE_POLL_MS as well, which also keeps the source's place in its
 * group. */
#define GW_SOURCE_POLL_MS 100
static inline int gw_source_fd(struct gw_source *source) {
    return source->ops->fd(source);
}

/* Up to `capacity` messages, at once: GW_OK with *count 0 when there is none now; GW_CLOSED when there will
 * be none ever again (end of the files). Other failures are of class PEER (try again later) or OURS (give
 * up). */
static inline enum gw_status gw_source_take(struct gw_source *source, struct gw_message *messages,
                                            size_t capacity, size_t *count, struct gw_error *error) {
    return source->ops->take(source, messages, capacity, count, error);
}

/* Says what became of a message: its memory is given back, and its position counts as done (unless RETRY).
 * Receipts may come in any order; a stale one (after a revoke) is ignored. */
static inline enum gw_status gw_source_settle(struct gw_source *source, gw_receipt receipt,
                                              enum gw_outcome outcome, struct gw_error *error) {
    return source->ops->settle(source, receipt, outcome, error);
}

/* Where the source will stand once everything that is out is settled, for a transaction's commit: ask when
 * all of that is safe, and settle it when it is committed. What waits to be given out again is not covered.
 * The caller frees it. GW_UNSUPPORTED where the source stores its positions itself. */
static inline enum gw_status gw_source_positions(struct gw_source *source, struct gw_positions **out,
                                                 struct gw_error *error) {
    return source->ops->positions(source, out, error);
}

/* Between pause and resume `take` gives no new messages but must still be called. Both may be repeated. */
static inline enum gw_status gw_source_pause(struct gw_source *source, struct gw_error *error) {
    return source->ops->pause(source, error);
}
static inline enum gw_status gw_source_resume(struct gw_source *source, struct gw_error *error) {
    return source->ops->resume(source, error);
}

/* Whether it is connected and has joined its group: what /readyz asks. */
static inline bool gw_source_ready(struct gw_source *source) {
    return source->ops->ready(source);
}

/* Messages that lie ready at the source and were not given out yet, as far as it knows without asking
 * anybody; 0 where it does not know. It costs more than a glance: ask now and then. */
static inline uint64_t gw_source_lag(struct gw_source *source) {
    return source->ops->lag ? source->ops->lag(source) : 0;
}

/* Stores what is settled now, rather than at its leisure, and waits for it up to `timeout_ms`: a process that
 * dies afterwards repeats none of it. A failure costs repeats only, and is logged. */
static inline void gw_source_store(struct gw_source *source, int timeout_ms) {
    if (source->ops->store) {
        source->ops->store(source, timeout_ms);
    }
}

/* Stores what is settled and leaves; unsettled messages will be given out again by a later run. NULL is fine.
 */
static inline void gw_source_close(struct gw_source *source) {
    if (source) {
        source->ops->close(source);
    }
}

#endif
