/* The worker's loop as steps over the interfaces of source and sink. */
#include "run/pipeline.h"

#include "run/window.h"

#include <stdlib.h>

/* Messages taken, sent and completed in one step. */
#define STEP_MESSAGES ((size_t)64)

/* A sink or a source without a descriptor is asked again after so long. */
#define BLIND_WAIT_MS 1

/* A batch's way: CLOSED → OPEN → COMMITTING → CLOSED, and from OPEN or COMMITTING through ABORTING to CLOSED.
 * Brokers that do not answer leave it where it is, and the next step asks again. */
enum batch_phase {
    BATCH_CLOSED,
    BATCH_OPEN,
    BATCH_COMMITTING, /* it may be committed already: nobody has said so yet */
    BATCH_ABORTING    /* nothing of it counts, and the sink takes nothing until it is gone */
};

struct batch {
    enum batch_phase phase;
    size_t sent;
    size_t safe; /* flights that are safe but for the commit */
    int64_t began_ns;
    struct gw_positions *positions; /* what is being committed: the same with each try */
    bool disowned;                  /* partitions went while the end of its commit was not known */
};

/* When to try again after failures in a row. */
struct retry {
    unsigned failures;
    int64_t not_before_ns;
};

struct gw_pipeline {
    struct gw_pipeline_settings settings;
    struct gw_source *source;
    struct gw_window window;
    struct batch batch;
    struct retry retry;      /* of sending */
    struct retry take_retry; /* of taking */
    struct gw_enriched made; /* what became of `made_of`, ready to be sent */
    const struct gw_flight *made_of;
    const struct gw_flight *alone; /* a suspect that is under way, or is to be sent again */
    size_t careful;                /* so many more are sent alone, to learn which one a sink refuses */
    bool held;                     /* what waits may not be sent now, whatever the sink says */
    int64_t held_ns;               /* since when */
    int64_t lag_ns;                /* when the source was last asked for its lag */
    int64_t took_ns;               /* when the source was last free to give something */
    bool paused, draining, ended;
    bool progress;         /* something moved in this step */
    bool asked;            /* the source was free to give something in this step, and had nothing */
    enum gw_status failed; /* during a revoke; the step that it happened in returns it */
    struct gw_error failure;
};

static int64_t now_of(const struct gw_pipeline *pipeline) {
    return gw_clock_now_ns(pipeline->settings.clock);
}

static void poll_fds(void *context, struct pollfd *fds, size_t count, int timeout_ms) {
    (void)context;
    poll(fds, (nfds_t)count, timeout_ms);
}

enum gw_status gw_pipeline_open(const struct gw_pipeline_settings *settings, struct gw_pipeline **pipeline,
                                struct gw_error *error) {
    const struct gw_allocator *allocator = settings->allocator ? settings->allocator : &gw_allocator_system;
    struct gw_pipeline *new = allocator->allocate(allocator->context, sizeof *new);
    if (!new) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for the pipeline");
    }
    *new = (struct gw_pipeline){.settings = *settings};
    new->settings.allocator = allocator;
    new->settings.wait = settings->wait ? settings->wait : poll_fds;
    gw_window_init(&new->window, settings->window_bytes, settings->window_bytes / 2, allocator);
    *pipeline = new;
    return GW_OK;
}

/* The sinks one by one, each once; NULL at the end. */
static struct gw_sink *sink_at(const struct gw_pipeline *pipeline, size_t i) {
    struct gw_sink *const *sinks = pipeline->settings.sinks;
    if (i >= GW_OUTLET_COUNT || (i > 0 && sinks[i] == sinks[0])) {
        return NULL;
    }
    return sinks[i];
}

static bool is_transactional(const struct gw_pipeline *pipeline) {
    return pipeline->settings.sinks[GW_OUTLET_RECORDS]->ops->transactional;
}

/* Retries */

static void note_failure(const struct gw_pipeline *pipeline, struct retry *retry) {
    int64_t wait_ms = GW_PIPELINE_RETRY_FIRST_MS;
    for (unsigned i = 0; i < retry->failures && wait_ms < GW_PIPELINE_RETRY_LAST_MS; i++) {
        wait_ms *= 2;
    }
    wait_ms = wait_ms < GW_PIPELINE_RETRY_LAST_MS ? wait_ms : GW_PIPELINE_RETRY_LAST_MS;
    retry->failures++;
    retry->not_before_ns = now_of(pipeline) + wait_ms * GW_NS_PER_MS;
}

static bool is_due(const struct gw_pipeline *pipeline, const struct retry *retry) {
    return retry->failures == 0 || now_of(pipeline) >= retry->not_before_ns;
}

/* Failures that no retry can mend. */
static bool is_fatal(enum gw_status status) {
    return status == GW_FENCED || gw_status_fault(status) == GW_FAULT_OURS;
}

/* Outcomes */

static void count_outcome(const struct gw_pipeline *pipeline, const struct gw_flight *flight) {
    struct gw_worker_counters *counters = pipeline->settings.counters;
    if (flight->outcome == GW_OUTCOME_RECORD) {
        gw_counter_add(counters, GW_COUNTER_RECORDS, 1);
        gw_counter_add(counters, GW_COUNTER_RECORD_BYTES, flight->sent_bytes);
        gw_counter_add(counters, GW_COUNTER_WORDS, flight->tokens);
    } else if (flight->outcome == GW_OUTCOME_DEAD_LETTER) {
        gw_counter_dead_letter(counters, flight->reason);
    } else if (flight->outcome == GW_OUTCOME_SKIPPED) {
        gw_counter_add(counters, GW_COUNTER_SKIPPED, 1);
    }
}

/* Gives the receipt back. A source that is out of reach will give the message out again, which is why only
 * its own failures count. */
static enum gw_status settle(struct gw_pipeline *pipeline, struct gw_flight *flight, enum gw_outcome outcome,
                             struct gw_error *error) {
    enum gw_status status = gw_source_settle(pipeline->source, flight->message.receipt, outcome, error);
    if (pipeline->made_of == flight) {
        pipeline->made_of = NULL;
    }
    if (pipeline->alone == flight) {
        pipeline->alone = NULL;
    }
    gw_window_remove(&pipeline->window, flight);
    return is_fatal(status) ? status : GW_OK;
}

static enum gw_status make_safe(struct gw_pipeline *pipeline, struct gw_flight *flight,
                                struct gw_error *error) {
    if (is_transactional(pipeline)) {
        pipeline->batch.safe++;
        return GW_OK;
    }
    pipeline->retry.failures = 0;
    count_outcome(pipeline, flight);
    return settle(pipeline, flight, flight->outcome, error);
}

/* What waits will be given out again, here or elsewhere. */
static void give_back_waiting(struct gw_pipeline *pipeline) {
    struct gw_flight *flight;
    while ((flight = gw_window_next(&pipeline->window))) {
        settle(pipeline, flight, GW_OUTCOME_RETRY, NULL);
    }
}

static void give_back_all(struct gw_pipeline *pipeline) {
    gw_window_rewind(&pipeline->window);
    give_back_waiting(pipeline);
}

static void forget_positions(struct gw_pipeline *pipeline) {
    gw_positions_free(pipeline->batch.positions);
    pipeline->batch.positions = NULL;
}

/* Nothing that was sent counts: all of it is sent again, with what was learnt of each message, or given back
 * when its partitions went meanwhile. */
static void fail_batch(struct gw_pipeline *pipeline) {
    struct batch *batch = &pipeline->batch;
    forget_positions(pipeline);
    gw_window_rewind(&pipeline->window);
    if (batch->disowned) {
        give_back_all(pipeline);
    }
    batch->phase = BATCH_ABORTING;
    batch->safe = 0;
}

/* The sink can never take what was made of this message: a record becomes a dead letter, a dead letter a
 * smaller one. */
static enum gw_status note_refusal(struct gw_pipeline *pipeline, struct gw_flight *flight, enum gw_status why,
                                   struct gw_error *error) {
    gw_window_again(&pipeline->window, flight);
    if (flight->outcome == GW_OUTCOME_DEAD_LETTER && ++flight->letters > GW_LETTER_MINIMAL) {
        return gw_fail(
            error, GW_BAD_CONFIG, GW_NO_POSITION,
            "the dead letters' place refuses even %zu bytes (%s); raise the size of messages it takes",
            GW_LETTER_MINIMAL_BYTES, gw_status_word(why));
    }
    if (flight->outcome != GW_OUTCOME_DEAD_LETTER) {
        flight->reason = why == GW_TOO_LARGE ? GW_OUTPUT_TOO_LARGE : why;
        flight->stage = GW_STAGE_PUBLISH;
    }
    return GW_OK;
}

/* A transaction is as good as the worst of its messages. */
static void send_again(struct gw_pipeline *pipeline, struct gw_flight *flight, enum gw_status why) {
    gw_window_again(&pipeline->window, flight);
    gw_counter_add(pipeline->settings.counters, GW_COUNTER_RESENT, 1);
    if (is_due(pipeline, &pipeline->retry)) {
        note_failure(pipeline, &pipeline->retry);
    }
    GW_LOG(GW_LOG_WARN, "the sink gave a message up; sending it again", GW_KS("reason", gw_status_word(why)));
    if (is_transactional(pipeline)) {
        fail_batch(pipeline);
    }
}

/* A Kafka broker refuses a whole batch when the batch, or one message of it, is too large: what was under way
 * is sent again one by one, so that no other article shares the fate of the large one. */
static bool is_to_be_tried_alone(struct gw_pipeline *pipeline, const struct gw_flight *flight) {
    if (flight->sent_alone || flight->outcome == GW_OUTCOME_DEAD_LETTER) {
        return false;
    }
    if (pipeline->careful < pipeline->window.under_way.count) {
        pipeline->careful = pipeline->window.under_way.count;
    }
    return true;
}

static enum gw_status hear_refusal(struct gw_pipeline *pipeline, struct gw_flight *flight, enum gw_status why,
                                   struct gw_error *error) {
    enum gw_status status = GW_OK;
    if (is_to_be_tried_alone(pipeline, flight)) {
        gw_window_again(&pipeline->window, flight);
    } else {
        status = note_refusal(pipeline, flight, why, error);
    }
    if (is_transactional(pipeline)) {
        fail_batch(pipeline);
    }
    return status;
}

static enum gw_status complete(struct gw_pipeline *pipeline, const struct gw_completion *completion,
                               struct gw_error *error) {
    struct gw_flight *flight = gw_window_find(&pipeline->window, completion->ticket);
    if (!flight) {
        return GW_OK;
    }
    if (completion->status == GW_OK) {
        return make_safe(pipeline, flight, error);
    }
    if (gw_status_fault(completion->status) == GW_FAULT_INPUT) {
        return hear_refusal(pipeline, flight, completion->status, error);
    }
    if (is_fatal(completion->status)) {
        return gw_fail(error, completion->status, GW_NO_POSITION, "the sink failed: %s",
                       gw_status_text(completion->status));
    }
    send_again(pipeline, flight, completion->status);
    return GW_OK;
}

static enum gw_status collect_from(struct gw_pipeline *pipeline, struct gw_sink *sink,
                                   struct gw_error *error) {
    struct gw_completion completions[STEP_MESSAGES];
    size_t count = 0;
    enum gw_status status = gw_sink_poll(sink, completions, STEP_MESSAGES, &count, error);
    pipeline->progress = pipeline->progress || count > 0;
    for (size_t i = 0; i < count && !is_fatal(status); i++) {
        status = complete(pipeline, &completions[i], error);
    }
    return is_fatal(status) ? status : GW_OK;
}

static enum gw_status collect(struct gw_pipeline *pipeline, struct gw_error *error) {
    enum gw_status status = GW_OK;
    struct gw_sink *sink;
    for (size_t i = 0; status == GW_OK && (sink = sink_at(pipeline, i)); i++) {
        status = collect_from(pipeline, sink, error);
    }
    return status;
}

/* Sending */

static void log_dead_letter(const struct gw_enriched *made) {
    char position[GW_POSITION_TEXT_MAX];
    gw_position_format(&made->outgoing.position, position);
    GW_LOG(GW_LOG_WARN, "dead letter", GW_KS("reason", gw_status_word(made->reason)),
           GW_KS("stage", gw_stage_word(made->stage)), GW_KS("position", position),
           GW_KS("detail", made->detail));
}

static enum gw_status make(struct gw_pipeline *pipeline, struct gw_flight *flight, struct gw_error *error) {
    struct gw_enriched *made = &pipeline->made;
    struct gw_enricher *enricher = pipeline->settings.enricher;
    bool refused = flight->stage == GW_STAGE_PUBLISH || flight->letters > 0 || flight->reason == GW_CRASHED;
    enum gw_status status =
        refused ? gw_enrich_dead_letter(enricher, &flight->message, flight->reason, flight->stage,
                                        (enum gw_letter_size)flight->letters, made, error)
                : gw_enrich(enricher, &flight->message, made, error);
    if (status != GW_OK) {
        return status;
    }
    if (made->outcome == GW_OUTCOME_DEAD_LETTER && flight->letters == 0) {
        log_dead_letter(made);
    }
    flight->outcome = made->outcome;
    flight->reason = made->reason;
    flight->stage = made->stage;
    flight->sent_bytes = made->outgoing.payload.size;
    flight->tokens = made->annotation ? made->annotation->token_count : 0;
    pipeline->made_of = flight;
    return GW_OK;
}

static enum gw_status open_batch(struct gw_pipeline *pipeline, struct gw_error *error) {
    enum gw_status status = GW_OK;
    struct gw_sink *sink;
    if (pipeline->batch.phase == BATCH_OPEN) {
        return GW_OK;
    }
    for (size_t i = 0; status == GW_OK && (sink = sink_at(pipeline, i)); i++) {
        status = gw_sink_begin(sink, error);
    }
    if (status == GW_OK) {
        pipeline->batch = (struct batch){.phase = BATCH_OPEN, .began_ns = now_of(pipeline)};
    }
    return status;
}

/* What was made is kept when the sink is full or out of reach. */
static enum gw_status hand_over(struct gw_pipeline *pipeline, struct gw_flight *flight,
                                struct gw_error *error) {
    struct gw_outgoing *outgoing = &pipeline->made.outgoing;
    enum gw_status status = gw_window_send(&pipeline->window, flight);
    if (status != GW_OK) {
        return gw_fail(error, status, GW_NO_POSITION, "no memory for a ticket");
    }
    outgoing->ticket = flight->ticket;
    status = gw_sink_send(pipeline->settings.sinks[outgoing->outlet], outgoing, error);
    if (status == GW_OK) {
        pipeline->made_of = NULL;
        pipeline->batch.sent++;
        pipeline->progress = true;
        flight->sent_alone = pipeline->careful > 0;
        pipeline->careful -= pipeline->careful > 0 && flight->outcome != GW_OUTCOME_DEAD_LETTER;
    } else if (gw_status_fault(status) == GW_FAULT_INPUT) {
        pipeline->made_of = NULL;
        return note_refusal(pipeline, flight, status, error);
    } else if (status == GW_AGAIN) {
        gw_window_again(&pipeline->window, flight);
    } else if (!is_fatal(status)) {
        send_again(pipeline, flight, status);
    }
    return status;
}

/* Noted all the way, so that a death on it is known for its own. */
static enum gw_status send_one(struct gw_pipeline *pipeline, struct gw_flight *flight,
                               struct gw_error *error) {
    gw_guard_begin(&pipeline->settings.guard, &flight->message.position);
    enum gw_status status = pipeline->made_of == flight ? GW_OK : make(pipeline, flight, error);
    if (status == GW_OK) {
        status = open_batch(pipeline, error);
    }
    status = status == GW_OK ? hand_over(pipeline, flight, error) : status;
    gw_guard_end(&pipeline->settings.guard);
    return status;
}

/* Once nothing else is under way; then nothing else goes until it is settled. */
static bool goes_alone(struct gw_pipeline *pipeline, const struct gw_flight *flight) {
    pipeline->alone = pipeline->window.under_way.count == 0 ? flight : NULL;
    return pipeline->alone;
}

/* Should it end this worker, the next one begins with it. */
static bool suspect_goes_alone(struct gw_pipeline *pipeline, const struct gw_flight *flight) {
    bool goes = goes_alone(pipeline, flight);
    if (goes) {
        gw_source_store(pipeline->source, GW_PIPELINE_STORE_MS);
    }
    return goes;
}

/* Whether what the quarantine knows, and a refusal of late, let this one go now. */
static bool may_be_sent(struct gw_pipeline *pipeline, struct gw_flight *flight) {
    if (pipeline->alone) {
        return pipeline->alone == flight;
    }
    const struct gw_message *message = &flight->message;
    switch (gw_guard_look(&pipeline->settings.guard, &message->position, message->redelivered)) {
    case GW_GUARD_WAIT:
        return pipeline->held && now_of(pipeline) - pipeline->held_ns >= GW_PIPELINE_HELD_MS * GW_NS_PER_MS;
    case GW_GUARD_ALONE:
        return suspect_goes_alone(pipeline, flight);
    case GW_GUARD_GIVE_UP:
        flight->reason = GW_CRASHED;
        flight->stage = GW_STAGE_ANNOTATE;
        break;
    case GW_GUARD_GO:
        break;
    }
    return pipeline->careful == 0 || goes_alone(pipeline, flight);
}

/* Notes since when the one that waits is held. */
static bool hold(struct gw_pipeline *pipeline, struct gw_flight *flight) {
    bool held = !may_be_sent(pipeline, flight);
    pipeline->held_ns = held && !pipeline->held ? now_of(pipeline) : pipeline->held_ns;
    pipeline->held = held;
    return held;
}

/* Whether the batch takes nothing more until its end is known. */
static bool is_ending(const struct gw_pipeline *pipeline) {
    return pipeline->batch.phase == BATCH_COMMITTING || pipeline->batch.phase == BATCH_ABORTING;
}

static enum gw_status send_waiting(struct gw_pipeline *pipeline, struct gw_error *error) {
    enum gw_status status = GW_OK;
    for (size_t i = 0;
         i < STEP_MESSAGES && status == GW_OK && !is_ending(pipeline) && is_due(pipeline, &pipeline->retry);
         i++) {
        struct gw_flight *flight = gw_window_next(&pipeline->window);
        if (!flight || hold(pipeline, flight)) {
            break;
        }
        status = send_one(pipeline, flight, error);
    }
    return is_fatal(status) ? status : GW_OK;
}

/* Batches */

static int64_t batch_age_ms(const struct gw_pipeline *pipeline) {
    return (now_of(pipeline) - pipeline->batch.began_ns) / GW_NS_PER_MS;
}

/* Whether a transaction should be committed as soon as all in it is safe. */
static bool is_batch_full(const struct gw_pipeline *pipeline) {
    const struct batch *batch = &pipeline->batch;
    return is_transactional(pipeline) && batch->phase == BATCH_OPEN &&
           (batch->sent >= pipeline->settings.batch_messages || gw_window_room(&pipeline->window) == 0 ||
            batch_age_ms(pipeline) >= pipeline->settings.batch_ms);
}

/* Whether all that was taken is safe, but for a commit. */
static bool is_all_safe(const struct gw_pipeline *pipeline) {
    return gw_window_count(&pipeline->window) == pipeline->batch.safe;
}

static void count_end(const struct gw_pipeline *pipeline, enum gw_counter counter) {
    gw_counter_add(pipeline->settings.counters, counter, is_transactional(pipeline));
}

/* It is committed: everything in the window is done. */
static enum gw_status settle_batch(struct gw_pipeline *pipeline, struct gw_error *error) {
    enum gw_status status = GW_OK;
    struct gw_flight *flight;
    while (status == GW_OK && (flight = pipeline->window.under_way.first)) {
        count_outcome(pipeline, flight);
        status = settle(pipeline, flight, flight->outcome, error);
    }
    forget_positions(pipeline);
    count_end(pipeline, GW_COUNTER_COMMITTED);
    pipeline->retry.failures = 0;
    pipeline->batch.phase = BATCH_CLOSED;
    pipeline->batch.safe = 0;
    pipeline->progress = true;
    return status;
}

static enum gw_status commit_to_sinks(struct gw_pipeline *pipeline, struct gw_error *error) {
    enum gw_status status = GW_OK;
    struct gw_sink *sink;
    for (size_t i = 0; status == GW_OK && (sink = sink_at(pipeline, i)); i++) {
        status = gw_sink_commit(sink, pipeline->batch.positions, GW_PIPELINE_COMMIT_STEP_MS, error);
    }
    return status;
}

/* Positions are asked for once: another try of the same commit must not cover anything else. */
static enum gw_status begin_commit(struct gw_pipeline *pipeline, struct gw_error *error) {
    struct batch *batch = &pipeline->batch;
    if (batch->phase == BATCH_COMMITTING) {
        return GW_OK;
    }
    enum gw_status status = gw_source_positions(pipeline->source, &batch->positions, error);
    if (status != GW_OK && status != GW_UNSUPPORTED) {
        return status;
    }
    batch->phase = BATCH_COMMITTING;
    return GW_OK;
}

static enum gw_status commit_batch(struct gw_pipeline *pipeline, struct gw_error *error) {
    enum gw_status status = begin_commit(pipeline, error);
    if (status == GW_OK) {
        status = commit_to_sinks(pipeline, error);
    }
    if (status == GW_OK) {
        return settle_batch(pipeline, error);
    }
    if (is_fatal(status)) {
        return status;
    }
    GW_LOG(GW_LOG_WARN, status == GW_TIMEOUT ? "the commit takes long" : "a transaction is given up",
           GW_KS("reason", gw_status_word(status)), GW_KS("detail", error->detail));
    if (status != GW_TIMEOUT) {
        note_failure(pipeline, &pipeline->retry);
        fail_batch(pipeline);
    }
    return GW_OK;
}

static enum gw_status abort_batch(struct gw_pipeline *pipeline, struct gw_error *error) {
    enum gw_status status = GW_OK;
    struct gw_sink *sink;
    for (size_t i = 0; status == GW_OK && (sink = sink_at(pipeline, i)); i++) {
        status = gw_sink_abort(sink, GW_PIPELINE_COMMIT_STEP_MS, error);
    }
    if (status == GW_OK) {
        count_end(pipeline, GW_COUNTER_ABORTED);
        pipeline->batch.phase = BATCH_CLOSED;
        pipeline->progress = true;
    }
    return is_fatal(status) ? status : GW_OK;
}

/* Whether all that was sent is safe, and what waits is held until it has been committed. */
static bool is_safe_but_held(const struct gw_pipeline *pipeline) {
    return is_transactional(pipeline) && pipeline->held && pipeline->batch.safe > 0 &&
           pipeline->window.under_way.count == pipeline->batch.safe;
}

/* What is held must not count as done: it goes back to the source, which stays before it. */
static enum gw_status commit_when_safe(struct gw_pipeline *pipeline, bool now, struct gw_error *error) {
    if (is_safe_but_held(pipeline)) {
        give_back_waiting(pipeline);
        now = true;
    }
    return now && is_all_safe(pipeline) ? commit_batch(pipeline, error) : GW_OK;
}

/* Does what is next for the batch; `now`: whether it is to end as soon as it can. */
static enum gw_status end_batch(struct gw_pipeline *pipeline, bool now, struct gw_error *error) {
    switch (pipeline->batch.phase) {
    case BATCH_ABORTING:
        return abort_batch(pipeline, error);
    case BATCH_COMMITTING:
        return commit_batch(pipeline, error);
    case BATCH_OPEN:
        return commit_when_safe(pipeline, now, error);
    case BATCH_CLOSED:
        break;
    }
    return GW_OK;
}

/* Nothing is in flight, nor open at the sink. */
static bool is_done(const struct gw_pipeline *pipeline) {
    return pipeline->batch.phase == BATCH_CLOSED && gw_window_count(&pipeline->window) == 0;
}

/* Taking */

static void count_taken(const struct gw_pipeline *pipeline, const struct gw_message *message) {
    struct gw_worker_counters *counters = pipeline->settings.counters;
    gw_counter_add(counters, GW_COUNTER_IN, 1);
    gw_counter_add(counters, GW_COUNTER_IN_BYTES, message->full_size);
    gw_counter_add(counters, GW_COUNTER_REDELIVERED, message->redelivered);
}

static enum gw_status put_in_window(struct gw_pipeline *pipeline, const struct gw_message *messages,
                                    size_t count, struct gw_error *error) {
    for (size_t i = 0; i < count; i++) {
        if (gw_window_add(&pipeline->window, &messages[i]) != GW_OK) {
            for (; i < count; i++) {
                gw_source_settle(pipeline->source, messages[i].receipt, GW_OUTCOME_RETRY, NULL);
            }
            return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a message in flight");
        }
        count_taken(pipeline, &messages[i]);
    }
    return GW_OK;
}

/* Sizes are not known before: as many as fit if all are of the largest size, and at least one. */
static size_t take_capacity(const struct gw_pipeline *pipeline) {
    size_t largest = pipeline->settings.message_bytes_max + sizeof(struct gw_flight);
    size_t capacity = gw_window_room(&pipeline->window) / largest;
    capacity = capacity < STEP_MESSAGES ? capacity : STEP_MESSAGES;
    return capacity > 0 ? capacity : 1;
}

static enum gw_status take_once(struct gw_pipeline *pipeline, size_t *count, struct gw_error *error) {
    struct gw_message messages[STEP_MESSAGES];
    *count = 0;
    enum gw_status status = gw_source_take(pipeline->source, messages, take_capacity(pipeline), count, error);
    if (pipeline->failed != GW_OK) {
        *error = pipeline->failure;
        return pipeline->failed;
    }
    if (status == GW_CLOSED) {
        pipeline->ended = true;
        return GW_OK;
    }
    if (status != GW_OK && !is_fatal(status)) {
        GW_LOG(GW_LOG_WARN, "nothing could be taken", GW_KS("reason", gw_status_word(status)),
               GW_KS("detail", error->detail));
        note_failure(pipeline, &pipeline->take_retry);
        return GW_OK;
    }
    if (status != GW_OK) {
        return status;
    }
    pipeline->take_retry.failures = 0;
    pipeline->progress = pipeline->progress || *count > 0;
    return put_in_window(pipeline, messages, *count, error);
}

/* Whether more may be taken now. */
static bool is_open_to_more(const struct gw_pipeline *pipeline) {
    return !pipeline->draining && !pipeline->ended && !is_ending(pipeline) && !is_batch_full(pipeline) &&
           !gw_window_next(&pipeline->window) && gw_window_room(&pipeline->window) > 0;
}

static enum gw_status set_paused(struct gw_pipeline *pipeline, bool paused, struct gw_error *error) {
    if (pipeline->paused == paused) {
        return GW_OK;
    }
    enum gw_status status =
        paused ? gw_source_pause(pipeline->source, error) : gw_source_resume(pipeline->source, error);
    if (status == GW_OK) {
        pipeline->paused = paused;
        gw_counter_set(pipeline->settings.counters, GW_COUNTER_PAUSED, paused);
        gw_counter_add(pipeline->settings.counters, GW_COUNTER_PAUSES, paused);
    }
    return is_fatal(status) ? status : GW_OK;
}

/* A source must be polled even when nothing can be taken from it: pausing makes that possible, but is not
 * free, so that it waits for the high water mark or for a stall. */
static enum gw_status regulate(struct gw_pipeline *pipeline, struct gw_error *error) {
    int64_t now = now_of(pipeline);
    if (is_open_to_more(pipeline)) {
        pipeline->took_ns = now;
        return set_paused(pipeline, false, error);
    }
    bool stalled = now - pipeline->took_ns >= GW_PIPELINE_STALL_MS * GW_NS_PER_MS;
    bool high = gw_window_room(&pipeline->window) == 0;
    return pipeline->draining || high || stalled ? set_paused(pipeline, true, error) : GW_OK;
}

static enum gw_status take_more(struct gw_pipeline *pipeline, struct gw_error *error) {
    enum gw_status status = regulate(pipeline, error);
    size_t taken = 0, count = 1;
    if (status != GW_OK || pipeline->ended || !is_due(pipeline, &pipeline->take_retry)) {
        return status;
    }
    if (pipeline->paused) {
        return take_once(pipeline, &count, error);
    }
    bool open = is_open_to_more(pipeline);
    while (status == GW_OK && open && count > 0 && taken < STEP_MESSAGES && !pipeline->ended &&
           gw_window_room(&pipeline->window) > 0) {
        status = take_once(pipeline, &count, error);
        taken += count;
    }
    pipeline->asked = open && taken == 0;
    return status;
}

/* Revokes */

static size_t sink_fds(const struct gw_pipeline *pipeline, struct pollfd *fds, int *timeout_ms) {
    size_t count = 0;
    struct gw_sink *sink;
    for (size_t i = 0; (sink = sink_at(pipeline, i)); i++) {
        int fd = gw_sink_fd(sink);
        if (fd >= 0) {
            fds[count++] = (struct pollfd){.fd = fd, .events = POLLIN};
        } else if (gw_window_count(&pipeline->window) > 0) {
            *timeout_ms = *timeout_ms < BLIND_WAIT_MS ? *timeout_ms : BLIND_WAIT_MS;
        }
    }
    return count;
}

static void wait_for_sinks(const struct gw_pipeline *pipeline, int64_t left_ns) {
    struct pollfd fds[GW_OUTLET_COUNT];
    int timeout_ms =
        left_ns < GW_SINK_POLL_MS * GW_NS_PER_MS ? (int)(left_ns / GW_NS_PER_MS) + 1 : GW_SINK_POLL_MS;
    size_t count = sink_fds(pipeline, fds, &timeout_ms);
    pipeline->settings.wait(pipeline->settings.wait_context, fds, count, timeout_ms);
}

static enum gw_status finish_in_flight(struct gw_pipeline *pipeline, struct gw_error *error) {
    int64_t deadline = now_of(pipeline) + pipeline->settings.revoke_timeout_ms * GW_NS_PER_MS;
    enum gw_status status = GW_OK;
    while (status == GW_OK && !is_done(pipeline) && now_of(pipeline) < deadline) {
        pipeline->progress = false;
        status = collect(pipeline, error);
        if (status == GW_OK) {
            status = send_waiting(pipeline, error);
        }
        if (status == GW_OK) {
            status = end_batch(pipeline, true, error);
        }
        if (status == GW_OK && !pipeline->progress && !is_done(pipeline)) {
            wait_for_sinks(pipeline, deadline - now_of(pipeline));
        }
    }
    return status;
}

/* Lets go of everything. A commit whose end is not known is left alone: it holds with its positions or not at
 * all, and a broker gives nobody a position that such a commit may still change. */
static enum gw_status let_go(struct gw_pipeline *pipeline, struct gw_error *error) {
    if (pipeline->batch.phase == BATCH_COMMITTING) {
        pipeline->batch.disowned = true;
        return GW_OK;
    }
    if (pipeline->batch.phase == BATCH_OPEN) {
        fail_batch(pipeline);
    }
    give_back_all(pipeline);
    return end_batch(pipeline, true, error);
}

static void on_revoke(void *context, bool lost) {
    struct gw_pipeline *pipeline = context;
    if (gw_window_count(&pipeline->window) > 0) {
        GW_LOG(GW_LOG_INFO,
               lost ? "partitions are lost with messages in flight"
                    : "finishing what is in flight before partitions go",
               GW_KI("in_flight", gw_window_count(&pipeline->window)));
    }
    gw_counter_add(pipeline->settings.counters, GW_COUNTER_REVOKES, 1);
    if (!lost) {
        pipeline->failed = finish_in_flight(pipeline, &pipeline->failure);
    }
    if (pipeline->failed == GW_OK) {
        pipeline->failed = let_go(pipeline, &pipeline->failure);
    }
}

struct gw_source_events gw_pipeline_events(struct gw_pipeline *pipeline) {
    return (struct gw_source_events){.on_revoke = on_revoke, .context = pipeline};
}

/* The whole */

void gw_pipeline_start(struct gw_pipeline *pipeline, struct gw_source *source) {
    pipeline->source = source;
    pipeline->took_ns = now_of(pipeline);
}

static void show_levels(struct gw_pipeline *pipeline) {
    struct gw_worker_counters *counters = pipeline->settings.counters;
    int64_t now = now_of(pipeline);
    gw_guard_beat(&pipeline->settings.guard, now);
    if (now - pipeline->lag_ns >= GW_PIPELINE_LAG_MS * GW_NS_PER_MS) {
        pipeline->lag_ns = now;
        gw_counter_set(counters, GW_COUNTER_LAG, gw_source_lag(pipeline->source));
    }
    gw_counter_set(counters, GW_COUNTER_IN_FLIGHT, gw_window_count(&pipeline->window));
    gw_counter_set(counters, GW_COUNTER_IN_FLIGHT_BYTES, pipeline->window.bytes);
    gw_counter_set(counters, GW_COUNTER_READY, gw_source_ready(pipeline->source));
}

static enum gw_status finish(struct gw_pipeline *pipeline, struct gw_error *error) {
    bool no_more = pipeline->ended || pipeline->draining;
    enum gw_status status = end_batch(pipeline, no_more || is_batch_full(pipeline), error);
    return status == GW_OK && no_more && is_done(pipeline) ? GW_CLOSED : status;
}

enum gw_status gw_pipeline_step(struct gw_pipeline *pipeline, struct gw_error *error) {
    pipeline->progress = false;
    pipeline->asked = false;
    enum gw_status status = collect(pipeline, error);
    if (status == GW_OK) {
        status = send_waiting(pipeline, error);
    }
    if (status == GW_OK) {
        status = take_more(pipeline, error);
    }
    if (status == GW_OK) {
        status = finish(pipeline, error);
    }
    show_levels(pipeline);
    return status;
}

static int sooner(int timeout_ms, int64_t other_ms) {
    return other_ms < timeout_ms ? (int)(other_ms > 0 ? other_ms : 0) : timeout_ms;
}

int gw_pipeline_wait_for(const struct gw_pipeline *pipeline, struct pollfd fds[GW_PIPELINE_FDS_MAX],
                         size_t *count) {
    int timeout_ms = GW_SOURCE_POLL_MS;
    *count = sink_fds(pipeline, fds, &timeout_ms);
    if (pipeline->progress) {
        return 0;
    }
    if (is_open_to_more(pipeline) && is_due(pipeline, &pipeline->take_retry)) {
        int fd = gw_source_fd(pipeline->source);
        if (fd < 0) {
            return pipeline->asked ? BLIND_WAIT_MS : 0;
        }
        fds[(*count)++] = (struct pollfd){.fd = fd, .events = POLLIN};
    }
    if (pipeline->retry.failures > 0 && gw_window_next(&pipeline->window)) {
        timeout_ms =
            sooner(timeout_ms, (pipeline->retry.not_before_ns - now_of(pipeline)) / GW_NS_PER_MS + 1);
    }
    if (is_transactional(pipeline) && pipeline->batch.phase == BATCH_OPEN) {
        int64_t left_ms = pipeline->settings.batch_ms - batch_age_ms(pipeline);
        timeout_ms = left_ms > 0 ? sooner(timeout_ms, left_ms) : timeout_ms;
    }
    return timeout_ms;
}

void gw_pipeline_drain(struct gw_pipeline *pipeline) {
    pipeline->draining = true;
}

size_t gw_pipeline_in_flight(const struct gw_pipeline *pipeline) {
    return gw_window_count(&pipeline->window);
}

void gw_pipeline_close(struct gw_pipeline *pipeline) {
    if (pipeline) {
        const struct gw_allocator *allocator = pipeline->settings.allocator;
        if (pipeline->source) {
            struct gw_error error;
            let_go(pipeline, &error);
        }
        forget_positions(pipeline);
        gw_window_free(&pipeline->window);
        allocator->release(allocator->context, pipeline, sizeof *pipeline);
    }
}
