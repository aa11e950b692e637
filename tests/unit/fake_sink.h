/* A sink in memory: a test sees what was sent, and says what becomes of it. */
#ifndef GW_TESTS_FAKE_SINK_H
#define GW_TESTS_FAKE_SINK_H

#include "publish/sink.h"
#include "unit/unit.h"

#include <stdlib.h>

#define FAKE_SINK_MAX 8192

struct fake_sent {
    uint64_t ticket;
    int64_t number; /* of the position */
    enum gw_outlet outlet;
    size_t payload_size;
    bool has_key;
    size_t header_count;
    char reason[32]; /* gw-reason */
    bool completed;
};

struct fake_sink {
    struct gw_sink base;
    struct fake_sent sent[FAKE_SINK_MAX];
    size_t sent_count, pending;
    size_t capacity;      /* pending ones above it: GW_AGAIN */
    bool manual;          /* nothing completes by itself */
    size_t refuses_above; /* payloads above it: too large, said by send, or by the completion when `late` */
    bool late;
    bool in_batches;                /* what is pending together is refused together, as a Kafka broker does */
    enum gw_status send_status;     /* not GW_OK: the next send fails with it */
    size_t give_up;                 /* so many completions fail with GW_TIMEOUT */
    enum gw_status complete_status; /* not GW_OK: all completions fail with it */
    size_t sends, begins, commits, aborts, flushes;
    enum gw_status commit_status, abort_status;
    size_t open_since; /* sent before the transaction began */
    size_t committed;  /* messages of committed transactions */
};

static inline struct fake_sink *fake_sink_of(struct gw_sink *sink) {
    return (struct fake_sink *)(void *)sink;
}

static inline int fake_sink_fd(struct gw_sink *sink) {
    (void)sink;
    return -1;
}

static inline void fake_sink_note(struct fake_sent *sent, const struct gw_outgoing *outgoing) {
    const struct gw_header *reason = gw_headers_find(outgoing->headers, GW_HEADER_REASON);
    *sent = (struct fake_sent){.ticket = outgoing->ticket,
                               .number = outgoing->position.number,
                               .outlet = outgoing->outlet,
                               .payload_size = outgoing->payload.size,
                               .has_key = outgoing->key.data != NULL,
                               .header_count = outgoing->headers.count};
    if (reason) {
        memcpy(sent->reason, reason->value.data, reason->value.size);
    }
}

static inline enum gw_status fake_sink_send(struct gw_sink *sink, const struct gw_outgoing *outgoing,
                                            struct gw_error *error) {
    struct fake_sink *fake = fake_sink_of(sink);
    fake->sends++;
    if (fake->send_status != GW_OK) {
        enum gw_status status = fake->send_status;
        fake->send_status = GW_OK;
        return gw_fail(error, status, GW_NO_POSITION, "as the test wants");
    }
    if (fake->pending >= fake->capacity) {
        return GW_AGAIN;
    }
    if (!fake->late && outgoing->payload.size > fake->refuses_above) {
        return gw_fail(error, GW_TOO_LARGE, GW_NO_POSITION, "as the test wants");
    }
    assert_true(fake->sent_count < FAKE_SINK_MAX);
    fake_sink_note(&fake->sent[fake->sent_count++], outgoing);
    fake->pending++;
    return GW_OK;
}

static inline bool fake_sink_has_large(const struct fake_sink *fake) {
    bool large = false;
    for (size_t i = 0; i < fake->sent_count; i++) {
        large = large || (!fake->sent[i].completed && fake->sent[i].payload_size > fake->refuses_above);
    }
    return large;
}

static inline enum gw_status fake_sink_verdict(struct fake_sink *fake, const struct fake_sent *sent,
                                               bool beside_large) {
    if (fake->give_up > 0) {
        fake->give_up--;
        return GW_TIMEOUT;
    }
    if (sent->payload_size > fake->refuses_above || (beside_large && fake->in_batches)) {
        return GW_TOO_LARGE;
    }
    return fake->complete_status;
}

static inline enum gw_status fake_sink_poll(struct gw_sink *sink, struct gw_completion *completions,
                                            size_t capacity, size_t *count, struct gw_error *error) {
    struct fake_sink *fake = fake_sink_of(sink);
    (void)error;
    *count = 0;
    bool beside_large = fake_sink_has_large(fake);
    for (size_t i = 0; !fake->manual && i < fake->sent_count && *count < capacity; i++) {
        if (!fake->sent[i].completed) {
            fake->sent[i].completed = true;
            fake->pending--;
            completions[(*count)++] = (struct gw_completion){
                fake->sent[i].ticket, fake_sink_verdict(fake, &fake->sent[i], beside_large)};
        }
    }
    return GW_OK;
}

static inline enum gw_status fake_sink_begin(struct gw_sink *sink, struct gw_error *error) {
    struct fake_sink *fake = fake_sink_of(sink);
    (void)error;
    fake->begins++;
    fake->open_since = fake->sent_count;
    return GW_OK;
}

static inline enum gw_status fake_sink_commit(struct gw_sink *sink, const struct gw_positions *positions,
                                              int timeout_ms, struct gw_error *error) {
    struct fake_sink *fake = fake_sink_of(sink);
    (void)positions;
    (void)timeout_ms;
    fake->commits++;
    assert_int_equal(fake->pending, 0);
    if (fake->commit_status != GW_OK) {
        return gw_fail(error, fake->commit_status, GW_NO_POSITION, "as the test wants");
    }
    fake->committed += fake->sent_count - fake->open_since;
    return GW_OK;
}

static inline enum gw_status fake_sink_abort(struct gw_sink *sink, int timeout_ms, struct gw_error *error) {
    struct fake_sink *fake = fake_sink_of(sink);
    (void)timeout_ms;
    fake->aborts++;
    for (size_t i = fake->open_since; fake->base.ops->transactional && i < fake->sent_count; i++) {
        fake->pending -= !fake->sent[i].completed;
        fake->sent[i].completed = true;
    }
    return fake->abort_status == GW_OK
               ? GW_OK
               : gw_fail(error, fake->abort_status, GW_NO_POSITION, "as the test wants");
}

static inline enum gw_status fake_sink_flush(struct gw_sink *sink, int timeout_ms, struct gw_error *error) {
    (void)timeout_ms;
    (void)error;
    fake_sink_of(sink)->flushes++;
    return GW_OK;
}

static inline void fake_sink_close(struct gw_sink *sink) {
    (void)sink;
}

static inline void fake_sink_init(struct fake_sink *fake, bool transactional) {
    static const struct gw_sink_ops ops[] = {
        {"fake", false, fake_sink_fd, fake_sink_send, fake_sink_poll, fake_sink_begin, fake_sink_commit,
         fake_sink_abort, fake_sink_flush, fake_sink_close},
        {"fake", true, fake_sink_fd, fake_sink_send, fake_sink_poll, fake_sink_begin, fake_sink_commit,
         fake_sink_abort, fake_sink_flush, fake_sink_close}};
    memset(fake, 0, sizeof *fake);
    fake->base.ops = &ops[transactional];
    fake->base.message_bytes_max = SIZE_MAX;
    fake->capacity = SIZE_MAX;
    fake->refuses_above = SIZE_MAX;
}

#endif
