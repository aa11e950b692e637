/* A source in memory: a test queues messages, sees what is settled, and makes it fail or revoke. */
#ifndef GW_TESTS_FAKE_SOURCE_H
#define GW_TESTS_FAKE_SOURCE_H

#include "ingest/source.h"
#include "unit/unit.h"

#define FAKE_SOURCE_MAX 4096

struct fake_source {
    struct gw_source base;
    struct gw_message queue[FAKE_SOURCE_MAX];
    size_t queued, taken;
    int settled[FAKE_SOURCE_MAX]; /* by receipt: times settled for good */
    int retried[FAKE_SOURCE_MAX];
    enum gw_outcome outcome[FAKE_SOURCE_MAX];
    size_t settled_count;
    size_t stores, stored_count; /* calls of store, and what was settled at the last one */
    bool paused, ends;           /* ends: GW_CLOSED behind the last message */
    size_t takes, takes_while_paused, pauses;
    size_t most_taken;          /* the largest capacity it was asked with */
    enum gw_status take_status; /* not GW_OK: the next take fails with it */
    enum gw_status settle_status;
    bool revoke, lose; /* the next take revokes first */
    bool gives_again;  /* what was settled as RETRY is given out again, before anything new */
    gw_receipt again[FAKE_SOURCE_MAX];
    size_t again_count, again_taken;
};

static inline struct fake_source *fake_source_of(struct gw_source *source) {
    return (struct fake_source *)(void *)source;
}

static inline int fake_source_fd(struct gw_source *source) {
    (void)source;
    return -1;
}

static inline void fake_source_revoke(struct fake_source *fake) {
    bool lost = fake->lose;
    if (fake->revoke || fake->lose) {
        fake->revoke = fake->lose = false;
        fake->base.events.on_revoke(fake->base.events.context, lost);
    }
}

static inline enum gw_status fake_source_take(struct gw_source *source, struct gw_message *messages,
                                              size_t capacity, size_t *count, struct gw_error *error) {
    struct fake_source *fake = fake_source_of(source);
    fake->takes++;
    fake->takes_while_paused += fake->paused;
    fake->most_taken = capacity > fake->most_taken ? capacity : fake->most_taken;
    *count = 0;
    fake_source_revoke(fake);
    if (fake->take_status != GW_OK) {
        enum gw_status status = fake->take_status;
        fake->take_status = GW_OK;
        return gw_fail(error, status, GW_NO_POSITION, "as the test wants");
    }
    while (!fake->paused && *count < capacity && fake->again_taken < fake->again_count) {
        messages[*count] = fake->queue[fake->again[fake->again_taken++]];
        messages[(*count)++].redelivered = true;
    }
    while (!fake->paused && *count < capacity && fake->taken < fake->queued) {
        messages[(*count)++] = fake->queue[fake->taken++];
    }
    return *count == 0 && fake->ends && fake->taken == fake->queued && !fake->paused ? GW_CLOSED : GW_OK;
}

static inline enum gw_status fake_source_settle(struct gw_source *source, gw_receipt receipt,
                                                enum gw_outcome outcome, struct gw_error *error) {
    struct fake_source *fake = fake_source_of(source);
    assert_true(receipt < fake->taken);
    assert_int_equal(fake->settled[receipt], 0);
    if (outcome == GW_OUTCOME_RETRY) {
        fake->retried[receipt]++;
        if (fake->gives_again) {
            assert_true(fake->again_count < FAKE_SOURCE_MAX);
            fake->again[fake->again_count++] = receipt;
        }
    } else {
        fake->settled[receipt]++;
        fake->settled_count++;
    }
    fake->outcome[receipt] = outcome;
    return fake->settle_status == GW_OK
               ? GW_OK
               : gw_fail(error, fake->settle_status, GW_NO_POSITION, "as the test wants");
}

static inline enum gw_status fake_source_positions(struct gw_source *source, struct gw_positions **out,
                                                   struct gw_error *error) {
    (void)source;
    *out = NULL;
    return gw_fail(error, GW_UNSUPPORTED, GW_NO_POSITION, "it stores its own");
}

static inline enum gw_status fake_source_pause(struct gw_source *source, struct gw_error *error) {
    (void)error;
    fake_source_of(source)->paused = true;
    fake_source_of(source)->pauses++;
    return GW_OK;
}

static inline enum gw_status fake_source_resume(struct gw_source *source, struct gw_error *error) {
    (void)error;
    fake_source_of(source)->paused = false;
    return GW_OK;
}

static inline bool fake_source_ready(struct gw_source *source) {
    (void)source;
    return true;
}

static inline void fake_source_store(struct gw_source *source, int timeout_ms) {
    struct fake_source *fake = fake_source_of(source);
    assert_true(timeout_ms > 0);
    fake->stores++;
    fake->stored_count = fake->settled_count;
}

static inline void fake_source_close(struct gw_source *source) {
    (void)source;
}

static inline void fake_source_init(struct fake_source *fake, const struct gw_source_events *events) {
    static const struct gw_source_ops ops = {"fake",
                                             fake_source_fd,
                                             fake_source_take,
                                             fake_source_settle,
                                             fake_source_positions,
                                             fake_source_pause,
                                             fake_source_resume,
                                             fake_source_ready,
                                             fake_source_close,
                                             NULL,
                                             fake_source_store};
    memset(fake, 0, sizeof *fake);
    fake->base.ops = &ops;
    fake->base.events = *events;
}

/* Queues a message whose receipt is its index; `payload` must outlive it. */
static inline struct gw_message *fake_source_queue(struct fake_source *fake, struct gw_str payload) {
    assert_true(fake->queued < FAKE_SOURCE_MAX);
    size_t i = fake->queued++;
    fake->queue[i] = (struct gw_message){.receipt = i,
                                         .payload = payload,
                                         .position = {GW_POSITION_KAFKA, GW_STR("fake"), 0, (int64_t)i},
                                         .timestamp_ms = -1,
                                         .full_size = payload.size};
    return &fake->queue[i];
}

#endif
