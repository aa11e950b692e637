/* A consumer of librdkafka. What it fetched stays an rd_kafka_message_t until its receipt is settled
 * (handout.h, which also knows what may be committed). Offsets are stored with librdkafka, which
 * commits them now and then; when partitions go they are committed at once.
 *
 * librdkafka's callbacks run inside rd_kafka_consumer_poll: inside take (or close), on the owner's thread.
 */
#include "ingest/kafka_source.h"

#include "base/log.h"
#include "ingest/handout.h"
#include "ingest/kafka_ends.h"
#include "schemas/dead_letter.h"
#include "transport/kafka_client.h"
#include "transport/kafka_headers.h"
#include "transport/kafka_positions.h"
#include "transport/wakeup.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* How often librdkafka commits what was stored; after a crash, this much is given out again. */
#define COMMIT_INTERVAL_MS "1000"
/* How soon a topic that was missing, or that a pattern newly matches, is found. */
#define METADATA_REFRESH_MS "10000"

/* Parts of the prefetch budget. Only compressed bytes are counted before a response is unpacked, so one
 * response is kept small against what may wait. librdkafka wants a response to hold its message.max.bytes. */
#define QUEUED_PART          2
#define RESPONSE_PART        8
#define RESPONSE_BYTES_LEAST ((size_t)1000000)
#define QUEUED_KIB_MOST      ((size_t)2097151)

/* A message that makes a response larger than this could never be read. The limit is there for a peer that
 * sends nonsense, so it is generous: whatever the brokers hold must come out, if only as a dead letter. */
#define RECEIVE_TIMES       4
#define RECEIVE_BYTES_LEAST ((size_t)256 << 20)
#define RECEIVE_BYTES_MOST  ((size_t)INT32_MAX)

/* One wait while the group lets us go. */
#define LEAVE_STEP_MS 50

/* Where take puts messages. */
struct output {
    struct gw_message *messages;
    size_t count, capacity;
};

struct kafka_source {
    struct gw_source base;
    const struct gw_kafka_source_settings *settings;
    const struct gw_clock *clock;
    rd_kafka_t *client;
    rd_kafka_queue_t *queue;
    struct gw_wakeup wakeup;
    struct gw_handout handout;
    rd_kafka_message_t *held; /* polled when there was no memory for it */
    struct output *output;    /* set during take */
    rd_kafka_topic_partition_list_t
        *out_of_range; /* stand still: the offset they should go on from is gone */
    struct gw_kafka_ends *ends;
    struct gw_error failure; /* for good; status GW_OK: none */
    bool paused;
    bool joined;
    bool timed_out; /* partitions were lost, for no fatal error, and none were assigned since */
    bool closing;
};

static struct kafka_source *source_of(struct gw_source *base) {
    return (struct kafka_source *)base;
}

static size_t clamp(size_t value, size_t least, size_t most) {
    return value < least ? least : value > most ? most : value;
}

static bool watermark_of(const struct gw_handout *handout, uint32_t index, int64_t *offset) {
    return gw_offset_tracker_watermark(&handout->tracker, index, offset);
}

/* The offsets that `read` gives, of all partitions that have one; the caller destroys the list. */
static rd_kafka_topic_partition_list_t *offsets_of(const struct kafka_source *source,
                                                   bool (*read)(const struct gw_handout *handout,
                                                                uint32_t index, int64_t *offset)) {
    const struct gw_offset_tracker *tracker = &source->handout.tracker;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)tracker->count);
    for (uint32_t i = 0; i < tracker->count; i++) {
        int64_t offset;
        if (read(&source->handout, i, &offset)) {
            rd_kafka_topic_partition_list_add(list, gw_offset_tracker_topic(tracker, i).data,
                                              gw_offset_tracker_partition(tracker, i))
                ->offset = offset;
        }
    }
    return list;
}

/* Hands librdkafka the watermarks that have moved; it commits them with its next interval. */
static void store_moved(struct kafka_source *source) {
    uint32_t from = 0;
    uint32_t index = gw_offset_tracker_next_moved(&source->handout.tracker, &from);
    if (index == GW_NO_PARTITION || !source->settings->stores_positions) {
        return;
    }
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    for (; index != GW_NO_PARTITION; index = gw_offset_tracker_next_moved(&source->handout.tracker, &from)) {
        rd_kafka_topic_partition_t *partition = rd_kafka_topic_partition_list_add(
            list, gw_offset_tracker_topic(&source->handout.tracker, index).data,
            gw_offset_tracker_partition(&source->handout.tracker, index));
        gw_offset_tracker_watermark(&source->handout.tracker, index, &partition->offset);
    }
    rd_kafka_resp_err_t code = rd_kafka_offsets_store(source->client, list);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        GW_LOG(GW_LOG_WARN, "offsets not stored", GW_KS("error", rd_kafka_err2str(code)));
    }
    rd_kafka_topic_partition_list_destroy(list);
}

/* Commits what is settled and waits for the answer. A failure costs repeats, so it is only logged. */
static void commit_now(struct kafka_source *source, int timeout_ms) {
    rd_kafka_topic_partition_list_t *list = offsets_of(source, watermark_of);
    if (list->cnt > 0 && source->settings->stores_positions) {
        rd_kafka_queue_t *answers = rd_kafka_queue_new(source->client);
        rd_kafka_resp_err_t code = rd_kafka_commit_queue(source->client, list, answers, NULL, NULL);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
            rd_kafka_event_t *answer = rd_kafka_queue_poll(answers, timeout_ms);
            code = answer ? rd_kafka_event_error(answer) : RD_KAFKA_RESP_ERR__TIMED_OUT;
            rd_kafka_event_destroy(answer);
        }
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            GW_LOG(GW_LOG_WARN, "offsets not committed: some articles will be given out again",
                   GW_KS("error", rd_kafka_err2str(code)));
        }
        rd_kafka_queue_destroy(answers);
    }
    rd_kafka_topic_partition_list_destroy(list);
}

static void on_commit(rd_kafka_t *client, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t *offsets,
                      void *opaque) {
    (void)client, (void)offsets, (void)opaque;
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR__NO_OFFSET) {
        GW_LOG(GW_LOG_WARN, "offsets not committed yet", GW_KS("error", rd_kafka_err2str(code)));
    }
}

/* Stops the source: take fails from now on. */
static void fail_for_good(struct kafka_source *source, enum gw_status status, const char *detail) {
    if (source->failure.status == GW_OK) {
        gw_fail(&source->failure, status, GW_NO_POSITION, "%s", detail);
    }
}

static void log_failed_call(const char *what, rd_kafka_error_t *failed) {
    if (failed) {
        GW_LOG(GW_LOG_ERROR, "kafka", GW_KS("call", what), GW_KS("error", rd_kafka_error_string(failed)));
        rd_kafka_error_destroy(failed);
    }
}

static void assign(struct kafka_source *source, rd_kafka_topic_partition_list_t *list) {
    for (int i = 0; i < list->cnt; i++) {
        uint32_t index;
        if (gw_offset_tracker_assign(&source->handout.tracker, gw_str_from(list->elems[i].topic),
                                     list->elems[i].partition, &index) != GW_OK) {
            fail_for_good(source, GW_NO_MEMORY, "there is no memory to keep track of the partitions");
        }
    }
    log_failed_call("assign", rd_kafka_incremental_assign(source->client, list));
    if (source->paused) {
        rd_kafka_pause_partitions(source->client, list);
    }
    source->joined = true;
    source->timed_out = false;
    gw_kafka_ends_doubt(source->ends);
    GW_LOG(GW_LOG_INFO, "partitions assigned", GW_KI("count", list->cnt));
}

/* Whether we have the partition that this message is from. */
static bool is_ours(struct kafka_source *source, const rd_kafka_message_t *message, uint32_t *index) {
    struct gw_str topic = gw_str_from(rd_kafka_topic_name(message->rkt));
    *index = gw_offset_tracker_find(&source->handout.tracker, topic, message->partition);
    return *index != GW_NO_PARTITION && gw_offset_tracker_is_assigned(&source->handout.tracker, *index);
}

/* Ends what came from partitions that have just gone and that the owner has not seen. */
static void drop_unseen(struct kafka_source *source) {
    uint32_t index;
    if (source->held && !is_ours(source, source->held, &index)) {
        rd_kafka_message_destroy(source->held);
        source->held = NULL;
    }
    struct output *output = source->output;
    size_t kept = 0;
    for (size_t i = 0; output && i < output->count; i++) {
        if (!gw_handout_drop_stale(&source->handout, output->messages[i].receipt)) {
            output->messages[kept++] = output->messages[i];
        }
    }
    if (output) {
        output->count = kept;
    }
}

static void forget(struct kafka_source *source, const rd_kafka_topic_partition_list_t *list) {
    for (int i = 0; i < list->cnt; i++) {
        const rd_kafka_topic_partition_t *gone = &list->elems[i];
        uint32_t index =
            gw_offset_tracker_find(&source->handout.tracker, gw_str_from(gone->topic), gone->partition);
        if (index != GW_NO_PARTITION) {
            gw_offset_tracker_revoke(&source->handout.tracker, index);
        }
        rd_kafka_topic_partition_list_del(source->out_of_range, gone->topic, gone->partition);
    }
    drop_unseen(source);
}

static void revoke(struct kafka_source *source, rd_kafka_topic_partition_list_t *list, bool lost) {
    if (list->cnt > 0 && !source->closing && source->base.events.on_revoke) {
        source->base.events.on_revoke(source->base.events.context, lost);
    }
    if (list->cnt > 0 && !lost) {
        commit_now(source, source->settings->revoke_timeout_ms);
    }
    if (source->paused) {
        /* librdkafka would remember, should the partition come back when nothing is paused any more. */
        rd_kafka_resume_partitions(source->client, list);
    }
    forget(source, list);
    log_failed_call("unassign", rd_kafka_incremental_unassign(source->client, list));
    source->joined = source->joined && !lost;
    source->timed_out = lost && !rd_kafka_fatal_error(source->client, NULL, 0);
    GW_LOG(lost ? GW_LOG_WARN : GW_LOG_INFO, lost ? "partitions lost" : "partitions revoked",
           GW_KI("count", list->cnt));
}

static void on_rebalance(rd_kafka_t *client, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t *list,
                         void *opaque) {
    struct kafka_source *source = opaque;
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        assign(source, list);
    } else {
        revoke(source, list, rd_kafka_assignment_lost(client) != 0);
    }
}

/* auto.offset.reset=error stopped a partition that nobody has committed for: it begins with its first
 * message. */
static void begin_at_start(struct kafka_source *source, const rd_kafka_message_t *report) {
    rd_kafka_topic_partition_list_t *one = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(one, rd_kafka_topic_name(report->rkt), report->partition);
    log_failed_call("unassign", rd_kafka_incremental_unassign(source->client, one));
    one->elems[0].offset = RD_KAFKA_OFFSET_BEGINNING;
    log_failed_call("assign", rd_kafka_incremental_assign(source->client, one));
    if (source->paused) {
        rd_kafka_pause_partitions(source->client, one);
    }
    rd_kafka_topic_partition_list_destroy(one);
}

static void stand_still(struct kafka_source *source, const rd_kafka_message_t *report) {
    const char *topic = rd_kafka_topic_name(report->rkt);
    rd_kafka_topic_partition_list_add(source->out_of_range, topic, report->partition);
    GW_LOG(
        GW_LOG_ERROR, "partition stands still: its next offset is not on the broker any more",
        GW_KS("topic", topic), GW_KI("partition", report->partition), GW_KI("offset", report->offset),
        GW_KS("remedy", "stop the group and set its offsets with kafka-consumer-groups.sh --reset-offsets"));
}

static void log_report(const rd_kafka_message_t *report) {
    const char *remedy = gw_kafka_remedy(report->err);
    const char *reason = rd_kafka_message_errstr(report);
    GW_LOG(remedy ? GW_LOG_ERROR : GW_LOG_WARN, "kafka source",
           GW_KS("topic", report->rkt ? rd_kafka_topic_name(report->rkt) : ""),
           GW_KS("error", rd_kafka_err2name(report->err)), GW_KS("reason", reason),
           GW_KS("remedy", remedy ? remedy : "none: it is tried again"));
}

static void check_fatal(struct kafka_source *source) {
    char reason[GW_ERROR_DETAIL_MAX];
    rd_kafka_resp_err_t code = rd_kafka_fatal_error(source->client, reason, sizeof reason);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR && source->failure.status == GW_OK) {
        enum gw_status status = gw_kafka_fail(&source->failure, code, "the Kafka consumer must stop", reason);
        /* Nothing but a new consumer helps: only fencing by another member is the peer's doing. */
        if (status == GW_FENCED && source->timed_out) {
            gw_fail(&source->failure, GW_INTERNAL, GW_NO_POSITION,
                    "the session timed out, and the group fenced what was still on its way from it; a new "
                    "consumer is needed");
        } else if (status != GW_FENCED) {
            source->failure.status = GW_INTERNAL;
        }
    }
}

/* Errors come between the messages; librdkafka goes on by itself after most of them. */
static void take_report(struct kafka_source *source, rd_kafka_message_t *report) {
    bool reset = report->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET && report->rkt;
    uint32_t index;
    if (reset && !is_ours(source, report, &index)) {
        /* It was revoked while the report was on its way. */
    } else if (reset && report->offset == RD_KAFKA_OFFSET_INVALID) {
        begin_at_start(source, report);
    } else if (reset && report->offset >= 0) {
        stand_still(source, report);
    } else {
        log_report(report);
    }
    check_fatal(source);
    rd_kafka_message_destroy(report);
}

static struct gw_message describe(struct kafka_source *source, uint32_t index, bool redelivered) {
    const struct gw_handed *handed = &source->handout.items[index];
    const rd_kafka_message_t *message = handed->message;
    rd_kafka_timestamp_type_t type;
    struct gw_message out = {
        .receipt = gw_handout_receipt(&source->handout, index),
        .payload = {message->payload, message->len},
        .key = {message->key, message->key_len},
        .headers = handed->headers,
        .position = {GW_POSITION_KAFKA, gw_str_from(rd_kafka_topic_name(message->rkt)), message->partition,
                     message->offset},
        .timestamp_ms = rd_kafka_message_timestamp(message, &type),
        .redelivered = redelivered,
        .refused = GW_OK,
        .full_size = message->len,
    };
    if (message->len > source->settings->message_bytes_max) {
        out.refused = GW_TOO_LARGE;
        out.full_hash = gw_hash128(out.payload);
        out.payload.size = clamp(source->settings->message_bytes_max, 0, GW_DEAD_LETTER_CUT_BYTES);
    }
    return out;
}

static bool has_room(const struct kafka_source *source) {
    return !source->paused && source->output->count < source->output->capacity;
}

/* Messages that were settled as RETRY, before any new one. */
static void give_waiting(struct kafka_source *source) {
    uint32_t index;
    while (has_room(source) && (index = gw_handout_next_waiting(&source->handout)) != GW_NO_MESSAGE) {
        source->output->messages[source->output->count++] = describe(source, index, true);
    }
}

/* When memory is out the message is held for the next try. */
static enum gw_status take_in(struct kafka_source *source, rd_kafka_message_t *message, uint32_t partition,
                              uint32_t *index, bool *redelivered) {
    struct gw_headers headers;
    enum gw_status status = gw_kafka_headers_read(message, &headers);
    if (status == GW_OK) {
        status = gw_handout_take(&source->handout, partition, message->offset, message, headers, index,
                                 redelivered);
        if (status != GW_OK) {
            free((void *)headers.items);
        }
    }
    source->held = status == GW_OK ? NULL : message;
    return status;
}

/* Polling goes on while the source is paused. librdkafka gives no message then; should it do so, the message
 * waits. */
static enum gw_status give(struct kafka_source *source, rd_kafka_message_t *message) {
    uint32_t partition, index;
    bool redelivered;
    if (!is_ours(source, message, &partition)) {
        rd_kafka_message_destroy(message);
        return GW_OK;
    }
    enum gw_status status = take_in(source, message, partition, &index, &redelivered);
    if (status == GW_OK && has_room(source)) {
        source->output->messages[source->output->count++] = describe(source, index, redelivered);
    } else if (status == GW_OK) {
        gw_handout_settle(&source->handout, gw_handout_receipt(&source->handout, index), GW_OUTCOME_RETRY);
    }
    return status;
}

static enum gw_status subscribe(struct kafka_source *source, struct gw_error *error) {
    const struct gw_kafka_source_settings *settings = source->settings;
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new((int)settings->topic_count);
    for (size_t i = 0; i < settings->topic_count; i++) {
        rd_kafka_topic_partition_list_add(topics, settings->topics[i], RD_KAFKA_PARTITION_UA);
    }
    rd_kafka_resp_err_t code = rd_kafka_subscribe(source->client, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR
               ? GW_OK
               : gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION, "the topics cannot be subscribed to: %s",
                         rd_kafka_err2str(code));
}

/* Its partitions go in good order on the way, and come back, or others. */
static void join_anew(struct kafka_source *source) {
    struct gw_error error;
    GW_LOG(GW_LOG_WARN, "partitions have lost their owner in a rebalance: joining the group anew");
    rd_kafka_unsubscribe(source->client);
    if (subscribe(source, &error) != GW_OK) {
        fail_for_good(source, GW_INTERNAL, error.detail);
    }
}

/* Polls until there is nothing, or no room. */
static enum gw_status fill(struct kafka_source *source) {
    enum gw_status status = GW_OK;
    give_waiting(source);
    while (status == GW_OK && (has_room(source) || source->paused)) {
        rd_kafka_message_t *message = source->held;
        source->held = NULL;
        if (!message) {
            message = rd_kafka_consumer_poll(source->client, 0);
        }
        if (!message) {
            break;
        }
        if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            take_report(source, message);
        } else {
            status = give(source, message);
        }
    }
    return status;
}

static enum gw_status take(struct gw_source *base, struct gw_message *messages, size_t capacity,
                           size_t *count, struct gw_error *error) {
    struct kafka_source *source = source_of(base);
    struct output output = {messages, 0, capacity};
    *count = 0;
    gw_wakeup_clear(&source->wakeup);
    store_moved(source);
    if (gw_kafka_ends_found_orphans(source->ends)) {
        join_anew(source);
    }
    source->output = &output;
    enum gw_status status = fill(source);
    source->output = NULL;
    *count = output.count;
    if (output.count == capacity && !source->paused) {
        /* There may be more. */
        gw_wakeup_raise(&source->wakeup);
    }
    if (output.count > 0) {
        return GW_OK;
    }
    if (status != GW_OK) {
        return gw_fail(error, status, GW_NO_POSITION, "a message of Kafka cannot be kept: %s",
                       gw_status_text(status));
    }
    if (source->failure.status != GW_OK && error) {
        *error = source->failure;
    }
    return source->failure.status;
}

static enum gw_status settle(struct gw_source *base, gw_receipt receipt, enum gw_outcome outcome,
                             struct gw_error *error) {
    (void)error;
    struct kafka_source *source = source_of(base);
    if (gw_handout_settle(&source->handout, receipt, outcome)) {
        gw_wakeup_raise(&source->wakeup);
    }
    return GW_OK;
}

static enum gw_status positions(struct gw_source *base, struct gw_positions **out, struct gw_error *error) {
    struct kafka_source *source = source_of(base);
    enum gw_status status = gw_kafka_positions_new(offsets_of(source, gw_handout_end),
                                                   rd_kafka_consumer_group_metadata(source->client), out);
    return status == GW_OK ? GW_OK
                           : gw_fail(error, status, GW_NO_POSITION, "there is no memory for the positions");
}

/* rd_kafka_pause_partitions or its opposite, for all that we have. */
static enum gw_status for_all(struct kafka_source *source,
                              rd_kafka_resp_err_t (*call)(rd_kafka_t *, rd_kafka_topic_partition_list_t *),
                              struct gw_error *error) {
    rd_kafka_topic_partition_list_t *list;
    rd_kafka_resp_err_t code = rd_kafka_assignment(source->client, &list);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        code = call(source->client, list);
        rd_kafka_topic_partition_list_destroy(list);
    }
    return code == RD_KAFKA_RESP_ERR_NO_ERROR
               ? GW_OK
               : gw_kafka_fail(error, code, "the Kafka source cannot be paused or resumed", NULL);
}

static enum gw_status pause_all(struct gw_source *base, struct gw_error *error) {
    struct kafka_source *source = source_of(base);
    bool was = source->paused;
    source->paused = true;
    return was ? GW_OK : for_all(source, rd_kafka_pause_partitions, error);
}

static enum gw_status resume_all(struct gw_source *base, struct gw_error *error) {
    struct kafka_source *source = source_of(base);
    bool was = source->paused;
    source->paused = false;
    /* What is held or waits is there at once. */
    gw_wakeup_raise(&source->wakeup);
    return was ? for_all(source, rd_kafka_resume_partitions, error) : GW_OK;
}

static int descriptor(struct gw_source *base) {
    return source_of(base)->wakeup.fd;
}

static bool is_ready(struct gw_source *base) {
    const struct kafka_source *source = source_of(base);
    return source->joined && source->failure.status == GW_OK && source->out_of_range->cnt == 0;
}

/* From what was given out last, or where it will begin, to the end. The end is somewhat older. */
static uint64_t lag_of(struct kafka_source *source, const rd_kafka_topic_partition_t *at) {
    struct gw_kafka_span span = gw_kafka_ends_look(source->ends, at->topic, at->partition);
    int64_t next = at->offset >= 0 ? at->offset : span.begin;
    return next >= 0 && span.end > next ? (uint64_t)(span.end - next) : 0;
}

static uint64_t lag(struct gw_source *base) {
    struct kafka_source *source = source_of(base);
    rd_kafka_topic_partition_list_t *list = NULL;
    uint64_t sum = 0;
    if (rd_kafka_assignment(source->client, &list) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return 0;
    }
    rd_kafka_resp_err_t failed = rd_kafka_position(source->client, list);
    for (int i = 0; !failed && i < list->cnt; i++) {
        sum += lag_of(source, &list->elems[i]);
    }
    rd_kafka_topic_partition_list_destroy(list);
    return sum;
}

static void store(struct gw_source *base, int timeout_ms) {
    commit_now(source_of(base), timeout_ms);
}

/* Leaves the group (its partitions are revoked on the way, and committed), or gives up after the revoke
 * timeout; returns whether the group has let us go. */
static bool leave(struct kafka_source *source) {
    rd_kafka_queue_t *events = rd_kafka_queue_new(source->client);
    rd_kafka_error_t *failed = rd_kafka_consumer_close_queue(source->client, events);
    int64_t deadline = gw_clock_now_ns(source->clock) + source->settings->revoke_timeout_ms * GW_NS_PER_MS;
    bool left = false;
    while (!failed && !left && gw_clock_now_ns(source->clock) < deadline) {
        /* Messages that were on their way come here, too. */
        rd_kafka_message_t *message = rd_kafka_consume_queue(events, LEAVE_STEP_MS);
        if (message) {
            rd_kafka_message_destroy(message);
        }
        left = rd_kafka_consumer_closed(source->client) != 0;
    }
    log_failed_call("close", failed);
    rd_kafka_queue_destroy(events);
    return left;
}

static void *destroy_abandoned(void *client) {
    rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    return NULL;
}

/* Ends a client that the group has not let go. librdkafka waits for answers to what it has sent, up to the
 * session or the socket timeout, while nobody needs it any more: so it does that in a thread that nobody
 * waits for. */
static void abandon(rd_kafka_t *client) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, destroy_abandoned, client) == 0) {
        pthread_detach(thread);
    } else {
        destroy_abandoned(client);
    }
}

static void release(struct gw_handed *handed) {
    rd_kafka_message_destroy(handed->message);
    free((void *)handed->headers.items);
}

/* Whatever open has made so far. */
static void free_source(struct kafka_source *source) {
    if (source->held) {
        rd_kafka_message_destroy(source->held);
    }
    gw_kafka_ends_close(source->ends);
    source->ends = NULL;
    bool left = !source->closing || leave(source);
    gw_handout_free(&source->handout);
    if (source->queue) {
        gw_wakeup_detach(source->queue);
        rd_kafka_queue_destroy(source->queue);
    }
    if (source->client && left) {
        rd_kafka_destroy_flags(source->client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    } else if (source->client) {
        abandon(source->client);
    }
    rd_kafka_topic_partition_list_destroy(source->out_of_range);
    gw_wakeup_close(&source->wakeup);
    free(source);
}

static void close_source(struct gw_source *base) {
    struct kafka_source *source = source_of(base);
    source->closing = true;
    free_source(source);
}

static const struct gw_source_ops kafka_source_ops = {
    .name = "kafka",
    .fd = descriptor,
    .take = take,
    .settle = settle,
    .positions = positions,
    .pause = pause_all,
    .resume = resume_all,
    .ready = is_ready,
    .close = close_source,
    .lag = lag,
    .store = store,
};

static enum gw_status make_conf(const struct gw_kafka_source_settings *settings, rd_kafka_conf_t **conf,
                                struct gw_error *error) {
    char queued_kib[24], response[24], receive[24];
    snprintf(queued_kib, sizeof queued_kib, "%zu",
             clamp(settings->prefetch_bytes / QUEUED_PART / 1024, 1, QUEUED_KIB_MOST));
    snprintf(response, sizeof response, "%zu",
             clamp(settings->prefetch_bytes / RESPONSE_PART, RESPONSE_BYTES_LEAST, RECEIVE_BYTES_LEAST / 2));
    snprintf(receive, sizeof receive, "%zu",
             clamp(settings->message_bytes_max * RECEIVE_TIMES, RECEIVE_BYTES_LEAST, RECEIVE_BYTES_MOST));
    const struct gw_property ours[] = {
        {"group.id", settings->group},
        {"group.instance.id", settings->group_instance_id},
        {"partition.assignment.strategy", "cooperative-sticky"},
        {"enable.auto.offset.store", "false"},
        {"enable.auto.commit", settings->stores_positions ? "true" : "false"},
        {"auto.commit.interval.ms", COMMIT_INTERVAL_MS},
        {"auto.offset.reset", "error"},
        {"isolation.level", "read_committed"},
        {"queued.max.messages.kbytes", queued_kib},
        /* A user's own message.max.bytes may be above ours: then librdkafka finds a fitting one. */
        {"fetch.max.bytes", gw_kafka_is_set(&settings->kafka, "message.max.bytes") ? NULL : response},
        {"receive.message.max.bytes", receive},
        {"topic.metadata.refresh.interval.ms", METADATA_REFRESH_MS},
    };
    return gw_kafka_conf_new(&settings->kafka, ours, sizeof ours / sizeof ours[0], conf, error);
}

static enum gw_status start(struct kafka_source *source, struct gw_error *error) {
    rd_kafka_conf_t *conf;
    enum gw_status status = make_conf(source->settings, &conf, error);
    if (status != GW_OK) {
        return status;
    }
    rd_kafka_conf_set_opaque(conf, source);
    rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
    rd_kafka_conf_set_offset_commit_cb(conf, on_commit);
    status = gw_kafka_client_new(RD_KAFKA_CONSUMER, conf, &source->client, error);
    if (status != GW_OK) {
        return status;
    }
    rd_kafka_poll_set_consumer(source->client);
    source->queue = rd_kafka_queue_get_consumer(source->client);
    status = gw_wakeup_open(&source->wakeup, error);
    if (status != GW_OK) {
        return status;
    }
    gw_wakeup_attach(&source->wakeup, source->queue);
    status = subscribe(source, error);
    /* Only static members come back to what a rebalance that was cut short has left them. */
    const char *group = source->settings->group_instance_id ? source->settings->group : NULL;
    return status == GW_OK ? gw_kafka_ends_open(source->client, group, source->settings->topics,
                                                source->settings->topic_count, &source->ends, error)
                           : status;
}

enum gw_status gw_kafka_source_open(const struct gw_kafka_source_settings *settings,
                                    const struct gw_source_events *events, const struct gw_clock *clock,
                                    struct gw_source **source, struct gw_error *error) {
    struct kafka_source *made = calloc(1, sizeof *made);
    if (!made) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "there is no memory for a Kafka source");
    }
    made->base = (struct gw_source){&kafka_source_ops, *events};
    made->settings = settings;
    made->clock = clock;
    made->wakeup.fd = -1;
    made->out_of_range = rd_kafka_topic_partition_list_new(0);
    gw_handout_init(&made->handout, release, &gw_allocator_system);
    enum gw_status status = start(made, error);
    if (status != GW_OK) {
        free_source(made);
        return status;
    }
    *source = &made->base;
    return GW_OK;
}
