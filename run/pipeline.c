/* The worker's loop as steps over the interfaces of source and sink. */
#include "run/pipeline.h"

#include "run/window.h"

#include <stdlib.h>

/* Messages taken, sent and completed in one step. */
#define STEP_MESSAGES ((size_t)64)

/* A sink or a source without a descriptor is asked again after so long. */
#define BLIND_WAIT_MS 1

struct batch {
    bool open;
    size_t sent;
    int64_t began_ns;
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
    bool held;                     /* what waits may not be sent now, whatever the sink says */
    int64_t held_ns;               /* since when */
    size_t safe;                   /* flights of this transaction that are safe but for its commit */
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
    pipeline->retry.failures = 0;
    if (is_transactional(pipeline)) {
        pipeline->safe++;
        return GW_OK;
    }
    count_outcome(pipeline, flight);
    return settle(pipeline, flight, flight->outcome, error);
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

static void send_again(struct gw_pipeline *pipeline, struct gw_flight *flight, enum gw_status why) {
    gw_window_again(&pipeline->window, flight);
    gw_counter_add(pipeline->settings.counters, GW_COUNTER_RESENT, 1);
    if (is_due(pipeline, &pipeline->retry)) {
        note_failure(pipeline, &pipeline->retry);
    }
    GW_LOG(GW_LOG_WARN, "the sink gave a message up; sending it again", GW_KS("reason", gw_status_word(why)));
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
        return note_refusal(pipeline, flight, completion->status, error);
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
    for (size_t i = 0; status == GW_OK && !pipeline->batch.open && (sink = sink_at(pipeline, i)); i++) {
        status = gw_sink_begin(sink, error);
    }
    if (status == GW_OK && !pipeline->batch.open) {
        pipeline->batch = (struct batch){.open = true, .began_ns = now_of(pipeline)};
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

/* Whether what the quarantine knows lets this one go now. */
static bool may_be_sent(struct gw_pipeline *pipeline, struct gw_flight *flight) {
    if (pipeline->alone) {
        return pipeline->alone == flight;
    }
    const struct gw_message *message = &flight->message;
    switch (gw_guard_look(&pipeline->settings.guard, &message->position, message->redelivered)) {
    case GW_GUARD_WAIT:
        return pipeline->held && now_of(pipeline) - pipeline->held_ns >= GW_PIPELINE_HELD_MS * GW_NS_PER_MS;
    case GW_GUARD_ALONE:
        pipeline->alone = pipeline->window.under_way.count == 0 ? flight : NULL;
        return pipeline->alone;
    case GW_GUARD_GIVE_UP:
        flight->reason = GW_CRASHED;
        flight->stage = GW_STAGE_ANNOTATE;
        break;
    case GW_GUARD_GO:
        break;
    }
    return true;
}

/* Notes since when the one that waits is held. */
static bool hold(struct gw_pipeline *pipeline, struct gw_flight *flight) {
    bool held = !may_be_sent(pipeline, flight);
    pipeline->held_ns = held && !pipeline->held ? now_of(pipeline) : pipeline->held_ns;
    pipeline->held = held;
    return held;
}

static enum gw_status send_waiting(struct gw_pipeline *pipeline, struct gw_error *error) {
    enum gw_status status = GW_OK;
    for (size_t i = 0; i < STEP_MESSAGES && status == GW_OK && is_due(pipeline, &pipeline->retry); i++) {
        struct gw_flight *flight = gw_window_next(&pipeline->window);
        if (!flight || hold(pipeline, flight)) {
            break;
        }
        status = send_one(pipeline, flight, error);
    }
    return is_fatal(status) ? status : GW_OK;
}

/* Batches */

static bool is_batch_full(const struct gw_pipeline *pipeline) {
    const struct batch *batch = &pipeline->batch;
    return is_transactional(pipeline) && batch->open &&
           (batch->sent >= GW_PIPELINE_BATCH_MESSAGES || gw_window_room(&pipeline->window) == 0 ||
            now_of(pipeline) - batch->began_ns >= GW_PIPELINE_BATCH_MS * GW_NS_PER_MS);
}

/* Everything in the window is safe. */
static enum gw_status settle_batch(struct gw_pipeline *pipeline, struct gw_error *error) {
    enum gw_status status = GW_OK;
    struct gw_flight *flight;
    while (status == GW_OK && (flight = pipeline->window.under_way.first)) {
        count_outcome(pipeline, flight);
        status = settle(pipeline, flight, flight->outcome, error);
    }
    pipeline->safe = 0;
    return status;
}

static enum gw_status commit_to_sinks(struct gw_pipeline *pipeline, const struct gw_positions *positions,
                                      struct gw_error *error) {
    enum gw_status status = GW_OK;
    struct gw_sink *sink;
    for (size_t i = 0; status == GW_OK && (sink = sink_at(pipeline, i)); i++) {
        status = gw_sink_commit(sink, positions, pipeline->settings.commit_timeout_ms, error);
    }
    return status;
}

static void abort_batch(struct gw_pipeline *pipeline) {
    struct gw_error error;
    struct gw_sink *sink;
    for (size_t i = 0; pipeline->batch.open && (sink = sink_at(pipeline, i)); i++) {
        gw_sink_abort(sink, pipeline->settings.commit_timeout_ms, &error);
    }
    pipeline->batch.open = false;
    pipeline->safe = 0;
}

/* A transaction that cannot be committed is aborted, and the worker stops: whoever starts it again begins
 * behind the last commit. */
static enum gw_status close_batch(struct gw_pipeline *pipeline, struct gw_error *error) {
    if (!pipeline->batch.open) {
        return GW_OK;
    }
    struct gw_positions *positions = NULL;
    enum gw_status status = settle_batch(pipeline, error);
    if (status == GW_OK) {
        status = gw_source_positions(pipeline->source, &positions, error);
        status = status == GW_UNSUPPORTED ? GW_OK : status;
    }
    if (status == GW_OK) {
        status = commit_to_sinks(pipeline, positions, error);
    }
    gw_positions_free(positions);
    if (status != GW_OK) {
        abort_batch(pipeline);
    }
    pipeline->batch.open = false;
    return status;
}

/* Whether all that was taken is safe, but for a commit. */
static bool is_all_safe(const struct gw_pipeline *pipeline) {
    return gw_window_count(&pipeline->window) == pipeline->safe;
}

/* The same, but that what waits is held until a transaction has been committed. */
static bool is_safe_but_held(const struct gw_pipeline *pipeline) {
    return is_transactional(pipeline) && pipeline->held && pipeline->safe > 0 &&
           pipeline->window.under_way.count == pipeline->safe;
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
    return !pipeline->draining && !pipeline->ended && !is_batch_full(pipeline) &&
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

/* What is left will be given out again, here or elsewhere. */
static void give_back_all(struct gw_pipeline *pipeline) {
    struct gw_flight *flight;
    while ((flight = pipeline->window.under_way.first) || (flight = pipeline->window.waiting.first)) {
        settle(pipeline, flight, GW_OUTCOME_RETRY, NULL);
    }
    pipeline->made_of = NULL;
    abort_batch(pipeline);
}

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
    while (status == GW_OK && !is_all_safe(pipeline) && !is_safe_but_held(pipeline) &&
           now_of(pipeline) < deadline) {
        pipeline->progress = false;
        status = collect(pipeline, error);
        if (status == GW_OK) {
            status = send_waiting(pipeline, error);
        }
        if (status == GW_OK && !pipeline->progress) {
            wait_for_sinks(pipeline, deadline - now_of(pipeline));
        }
    }
    if (status == GW_OK && (is_all_safe(pipeline) || is_safe_but_held(pipeline))) {
        status = close_batch(pipeline, error);
    }
    return status;
}

static void on_revoke(void *context, bool lost) {
    struct gw_pipeline *pipeline = context;
    if (gw_window_count(&pipeline->window) > 0) {
        GW_LOG(GW_LOG_INFO,
               lost ? "partitions are lost with messages in flight"
                    : "finishing what is in flight before partitions go",
               GW_KI("in_flight", gw_window_count(&pipeline->window)));
    }
    if (!lost) {
        pipeline->failed = finish_in_flight(pipeline, &pipeline->failure);
    }
    give_back_all(pipeline);
}

struct gw_source_events gw_pipeline_events(struct gw_pipeline *pipeline) {
    return (struct gw_source_events){.on_revoke = on_revoke, .context = pipeline};
}

/* The whole */

void gw_pipeline_start(struct gw_pipeline *pipeline, struct gw_source *source) {
    pipeline->source = source;
    pipeline->took_ns = now_of(pipeline);
}

static void show_levels(const struct gw_pipeline *pipeline) {
    struct gw_worker_counters *counters = pipeline->settings.counters;
    gw_guard_beat(&pipeline->settings.guard, now_of(pipeline));
    gw_counter_set(counters, GW_COUNTER_IN_FLIGHT, gw_window_count(&pipeline->window));
    gw_counter_set(counters, GW_COUNTER_IN_FLIGHT_BYTES, pipeline->window.bytes);
    gw_counter_set(counters, GW_COUNTER_READY, gw_source_ready(pipeline->source));
}

static enum gw_status finish_if_done(struct gw_pipeline *pipeline, struct gw_error *error) {
    bool no_more = pipeline->ended || pipeline->draining;
    if (is_safe_but_held(pipeline)) {
        return close_batch(pipeline, error);
    }
    if ((!no_more && !is_batch_full(pipeline)) || !is_all_safe(pipeline)) {
        return GW_OK;
    }
    enum gw_status status = close_batch(pipeline, error);
    return status == GW_OK && no_more ? GW_CLOSED : status;
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
        status = finish_if_done(pipeline, error);
    }
    show_levels(pipeline);
    return status;
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
        int64_t left_ms = (pipeline->retry.not_before_ns - now_of(pipeline)) / GW_NS_PER_MS + 1;
        timeout_ms = left_ms < timeout_ms ? (left_ms > 0 ? (int)left_ms : 0) : timeout_ms;
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
            give_back_all(pipeline);
        }
        gw_window_free(&pipeline->window);
        allocator->release(allocator->context, pipeline, sizeof *pipeline);
    }
}
