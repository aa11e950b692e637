/* A producer of librdkafka, idempotent or transactional. Its delivery reports become completions in a ring
 * that has room for everything in flight, so that a report is never lost for want of memory.
 *
 * librdkafka's callbacks run inside rd_kafka_poll and the like, on the owner's thread.
 */
#include "publish/kafka_sink.h"

#include "base/log.h"
#include "transport/kafka_client.h"
#include "transport/kafka_headers.h"
#include "transport/kafka_positions.h"
#include "transport/wakeup.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

/* The brokers' limits decide what is too large, not the producer's. But a request above the brokers'
 * socket.request.max.bytes (100 MiB) would only close the connection, again and again. */
#define MESSAGE_BYTES_MAX "100000000"
/* A batch that a topic's max.message.bytes does not allow fails all that is in it, so batches stay well below
 * the usual limit of 1 MB. */
#define BATCH_BYTES "262144"
#define LINGER_MS   "5"
/* What a queued message costs librdkafka beside its payload and key. */
#define MESSAGE_COST   ((size_t)512)
#define QUEUE_KIB_MOST ((size_t)INT32_MAX)
#define FIRST_RING     ((size_t)256)

#define TRANSACTIONS_TIMEOUT_MS 30000
#define TRANSACTIONS_STEP_MS    200
/* Somebody hears of a wait early, and again so often. */
#define TRANSACTIONS_TELL_MS 5000
#define CLOSE_ABORT_MS       2000
/* Between two tries of a call that the brokers could not answer yet. */
#define RETRY_PAUSE_MS 20

struct kafka_sink {
    struct gw_sink base;
    const struct gw_kafka_sink_settings *settings;
    const struct gw_clock *clock;
    rd_kafka_t *client;
    rd_kafka_queue_t *queue;
    struct gw_wakeup wakeup;

    /* ring[(first + i) % capacity] for i < count; capacity >= count + in_flight */
    struct gw_completion *ring;
    size_t capacity, first, count;
    size_t in_flight, in_flight_bytes;

    bool in_transaction;
    bool committing;         /* commit was called and its end is not known */
    struct gw_error failure; /* for good; status GW_OK: none */
};

static struct kafka_sink *sink_of(struct gw_sink *base) {
    return (struct kafka_sink *)base;
}

static enum gw_status failure_of(const struct kafka_sink *sink, struct gw_error *error) {
    if (sink->failure.status != GW_OK && error) {
        *error = sink->failure;
    }
    return sink->failure.status;
}

static void check_fatal(struct kafka_sink *sink) {
    char reason[GW_ERROR_DETAIL_MAX];
    rd_kafka_resp_err_t code = rd_kafka_fatal_error(sink->client, reason, sizeof reason);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR && sink->failure.status == GW_OK) {
        enum gw_status status = gw_kafka_fail(&sink->failure, code, "the Kafka producer must stop", reason);
        /* Nothing but a new producer helps: only fencing is the peer's doing. */
        sink->failure.status = status == GW_FENCED ? status : GW_INTERNAL;
    }
}

/* Room for one more in flight. */
static enum gw_status reserve(struct kafka_sink *sink) {
    if (sink->count + sink->in_flight < sink->capacity) {
        return GW_OK;
    }
    size_t capacity = sink->capacity ? sink->capacity * 2 : FIRST_RING;
    struct gw_completion *grown = malloc(capacity * sizeof *grown);
    if (!grown) {
        return GW_NO_MEMORY;
    }
    assert(sink->count <= sink->capacity);
    for (size_t i = 0; i < sink->count; i++) {
        grown[i] = sink->ring[(sink->first + i) % sink->capacity];
    }
    free(sink->ring);
    sink->ring = grown;
    sink->capacity = capacity;
    sink->first = 0;
    return GW_OK;
}

static void log_undelivered(const char *topic, rd_kafka_resp_err_t code) {
    const char *remedy = gw_kafka_remedy(code);
    GW_LOG(remedy ? GW_LOG_ERROR : GW_LOG_WARN, "message not delivered", GW_KS("topic", topic),
           GW_KS("error", rd_kafka_err2str(code)), GW_KS("remedy", remedy ? remedy : "none"));
}

static size_t cost_of(size_t payload, size_t key) {
    return payload + key + MESSAGE_COST;
}

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
    (void)client;
    struct kafka_sink *sink = opaque;
    enum gw_status status = gw_kafka_status(message->err);
    if (status != GW_OK && status != GW_CLOSED) {
        log_undelivered(rd_kafka_topic_name(message->rkt), message->err);
    }
    sink->in_flight--;
    sink->in_flight_bytes -= cost_of(message->len, message->key_len);
    sink->ring[(sink->first + sink->count++) % sink->capacity] =
        (struct gw_completion){(uint64_t)(uintptr_t)message->_private, status};
}

/* The topic with a terminator, in `name`. */
static enum gw_status topic_of(const struct kafka_sink *sink, const struct gw_outgoing *outgoing,
                               char name[GW_TOPIC_BYTES_MAX + 1], struct gw_error *error) {
    struct gw_str topic =
        outgoing->topic.data ? outgoing->topic : gw_str_from(sink->settings->topics[outgoing->outlet]);
    if (topic.size == 0) {
        return gw_fail(error, GW_UNSUPPORTED, GW_NO_POSITION, "this Kafka sink has no topic for that outlet");
    }
    if (topic.size > GW_TOPIC_BYTES_MAX) {
        return gw_fail(error, GW_BAD_VALUE, GW_NO_POSITION, "the topic's name is longer than %d bytes",
                       GW_TOPIC_BYTES_MAX);
    }
    memcpy(name, topic.data, topic.size);
    name[topic.size] = '\0';
    return GW_OK;
}

static enum gw_status produce(struct kafka_sink *sink, const char *topic, const struct gw_outgoing *outgoing,
                              struct gw_error *error) {
    rd_kafka_headers_t *headers = gw_kafka_headers_write(outgoing->headers);
    rd_kafka_resp_err_t code =
        rd_kafka_producev(sink->client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                          RD_KAFKA_V_VALUE((void *)outgoing->payload.data, outgoing->payload.size),
                          RD_KAFKA_V_KEY(outgoing->key.data, outgoing->key.size), RD_KAFKA_V_HEADERS(headers),
                          RD_KAFKA_V_OPAQUE((void *)(uintptr_t)outgoing->ticket), RD_KAFKA_V_END);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return GW_OK;
    }
    if (headers) {
        rd_kafka_headers_destroy(headers);
    }
    check_fatal(sink);
    if (failure_of(sink, error) != GW_OK) {
        return sink->failure.status;
    }
    if (code == RD_KAFKA_RESP_ERR__STATE && sink->in_transaction) {
        return gw_fail(error, GW_REFUSED, GW_NO_POSITION, "the transaction has failed: abort it");
    }
    enum gw_status status = gw_kafka_fail(error, code, "the message is not taken", NULL);
    /* What librdkafka has learnt with the topic's metadata, it tells here and in no report. */
    if (status != GW_AGAIN) {
        log_undelivered(topic, code);
    }
    return status;
}

static enum gw_status send_one(struct gw_sink *base, const struct gw_outgoing *outgoing,
                               struct gw_error *error) {
    _Static_assert(sizeof(void *) == sizeof outgoing->ticket, "tickets travel as pointers");
    struct kafka_sink *sink = sink_of(base);
    char topic[GW_TOPIC_BYTES_MAX + 1];
    enum gw_status status = failure_of(sink, error);
    if (status == GW_OK) {
        status = topic_of(sink, outgoing, topic, error);
    }
    if (status != GW_OK) {
        return status;
    }
    if (outgoing->payload.size > base->message_bytes_max) {
        return gw_fail(error, GW_OUTPUT_TOO_LARGE, GW_NO_POSITION, "%zu bytes are more than Kafka's %zu",
                       outgoing->payload.size, base->message_bytes_max);
    }
    size_t cost = cost_of(outgoing->payload.size, outgoing->key.size);
    /* When nothing else is queued, a message of any size may be. */
    if (sink->in_flight > 0 && sink->in_flight_bytes + cost > sink->settings->queue_bytes) {
        return gw_fail(error, GW_AGAIN, GW_NO_POSITION, "the Kafka producer's queue is full");
    }
    if (reserve(sink) != GW_OK) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "there is no memory for another completion");
    }
    status = produce(sink, topic, outgoing, error);
    if (status == GW_OK) {
        sink->in_flight++;
        sink->in_flight_bytes += cost;
    }
    return status;
}

static enum gw_status poll_some(struct gw_sink *base, struct gw_completion *completions, size_t capacity,
                                size_t *count, struct gw_error *error) {
    struct kafka_sink *sink = sink_of(base);
    gw_wakeup_clear(&sink->wakeup);
    rd_kafka_poll(sink->client, 0);
    check_fatal(sink);
    for (*count = 0; *count < capacity && sink->count > 0; sink->count--) {
        completions[(*count)++] = sink->ring[sink->first];
        sink->first = (sink->first + 1) % sink->capacity;
    }
    if (sink->count > 0) {
        gw_wakeup_raise(&sink->wakeup);
    }
    /* What is known of messages comes before what is known of the producer. */
    return *count > 0 ? GW_OK : failure_of(sink, error);
}

static enum gw_status flush(struct gw_sink *base, int timeout_ms, struct gw_error *error) {
    struct kafka_sink *sink = sink_of(base);
    rd_kafka_resp_err_t code = rd_kafka_flush(sink->client, timeout_ms);
    check_fatal(sink);
    if (sink->count > 0) {
        gw_wakeup_raise(&sink->wakeup);
    }
    if (sink->failure.status != GW_OK) {
        return failure_of(sink, error);
    }
    return code == RD_KAFKA_RESP_ERR_NO_ERROR
               ? GW_OK
               : gw_fail(error, GW_TIMEOUT, GW_NO_POSITION, "%zu messages are not safe after %d ms",
                         sink->in_flight, timeout_ms);
}

/* One call of librdkafka's transactions, as a step that can be tried again. */
struct step {
    const char *doing;
    rd_kafka_error_t *(*call)(struct kafka_sink *sink, const struct gw_positions *positions, int timeout_ms);
};

static rd_kafka_error_t *call_init(struct kafka_sink *sink, const struct gw_positions *positions,
                                   int timeout_ms) {
    (void)positions;
    return rd_kafka_init_transactions(sink->client, timeout_ms);
}

static rd_kafka_error_t *call_begin(struct kafka_sink *sink, const struct gw_positions *positions,
                                    int timeout_ms) {
    (void)positions, (void)timeout_ms;
    return rd_kafka_begin_transaction(sink->client);
}

static rd_kafka_error_t *call_send_offsets(struct kafka_sink *sink, const struct gw_positions *positions,
                                           int timeout_ms) {
    return rd_kafka_send_offsets_to_transaction(sink->client, positions->offsets, positions->group,
                                                timeout_ms);
}

static rd_kafka_error_t *call_commit(struct kafka_sink *sink, const struct gw_positions *positions,
                                     int timeout_ms) {
    (void)positions;
    return rd_kafka_commit_transaction(sink->client, timeout_ms);
}

static rd_kafka_error_t *call_abort(struct kafka_sink *sink, const struct gw_positions *positions,
                                    int timeout_ms) {
    (void)positions;
    return rd_kafka_abort_transaction(sink->client, timeout_ms);
}

static const struct step step_init = {"transactions cannot be initialised", call_init};
static const struct step step_begin = {"a transaction cannot be begun", call_begin};
static const struct step step_send_offsets = {"offsets cannot be added to the transaction",
                                              call_send_offsets};
static const struct step step_commit = {"the transaction cannot be committed", call_commit};
static const struct step step_abort = {"the transaction cannot be aborted", call_abort};

/* What a step's error asks of the caller: GW_TIMEOUT to do the same again, another status of the peer's to
 * abort, GW_FENCED or one of ours to stop. */
static void judge(struct kafka_sink *sink, const struct step *step, rd_kafka_error_t *failed,
                  struct gw_error *error) {
    enum gw_status status =
        gw_kafka_fail(error, rd_kafka_error_code(failed), step->doing, rd_kafka_error_string(failed));
    check_fatal(sink);
    if (sink->failure.status != GW_OK) {
        *error = sink->failure;
    } else if (rd_kafka_error_is_retriable(failed)) {
        error->status = GW_TIMEOUT;
    } else if (!rd_kafka_error_txn_requires_abort(failed)) {
        error->status = gw_status_fault(status) == GW_FAULT_OURS ? status : GW_INTERNAL;
    } else if (gw_status_fault(status) != GW_FAULT_PEER || status == GW_TIMEOUT || status == GW_FENCED) {
        error->status = GW_REFUSED;
    }
}

static int left_ms(const struct kafka_sink *sink, int64_t deadline_ns) {
    int64_t left = (deadline_ns - gw_clock_now_ns(sink->clock)) / GW_NS_PER_MS;
    return left > 0 ? (int)left : 0;
}

/* Does a step, again while the brokers cannot answer yet and there is time. */
static enum gw_status do_step(struct kafka_sink *sink, const struct step *step,
                              const struct gw_positions *positions, int64_t deadline_ns,
                              struct gw_error *error) {
    struct gw_error latest = {.status = GW_OK};
    do {
        rd_kafka_error_t *failed = step->call(sink, positions, left_ms(sink, deadline_ns));
        if (!failed) {
            return GW_OK;
        }
        judge(sink, step, failed, &latest);
        rd_kafka_error_destroy(failed);
        if (latest.status == GW_TIMEOUT) {
            /* Reports that come meanwhile are served, so that this is no idle wait. */
            rd_kafka_poll(sink->client, RETRY_PAUSE_MS);
        }
    } while (latest.status == GW_TIMEOUT && left_ms(sink, deadline_ns) > 0);
    if (error) {
        *error = latest;
    }
    return latest.status;
}

static int64_t deadline_in(const struct kafka_sink *sink, int timeout_ms) {
    return gw_clock_now_ns(sink->clock) + timeout_ms * GW_NS_PER_MS;
}

static enum gw_status begin_transaction(struct gw_sink *base, struct gw_error *error) {
    struct kafka_sink *sink = sink_of(base);
    enum gw_status status = do_step(sink, &step_begin, NULL, 0, error);
    sink->in_transaction = status == GW_OK;
    return status;
}

static enum gw_status commit_transaction(struct gw_sink *base, const struct gw_positions *positions,
                                         int timeout_ms, struct gw_error *error) {
    struct kafka_sink *sink = sink_of(base);
    int64_t deadline = deadline_in(sink, timeout_ms);
    enum gw_status status = GW_OK;
    /* Once the commit is on its way nothing can be added. */
    if (!sink->committing && positions && positions->offsets->cnt > 0) {
        status = do_step(sink, &step_send_offsets, positions, deadline, error);
    }
    if (status == GW_OK) {
        sink->committing = true;
        status = do_step(sink, &step_commit, NULL, deadline, error);
        sink->committing = status == GW_TIMEOUT;
        sink->in_transaction = status != GW_OK;
    }
    return status;
}

static enum gw_status abort_transaction(struct gw_sink *base, int timeout_ms, struct gw_error *error) {
    struct kafka_sink *sink = sink_of(base);
    if (!sink->in_transaction) {
        return GW_OK;
    }
    enum gw_status status = do_step(sink, &step_abort, NULL, deadline_in(sink, timeout_ms), error);
    sink->in_transaction = status != GW_OK;
    sink->committing = sink->committing && status != GW_OK;
    return status;
}

static enum gw_status begin_nothing(struct gw_sink *base, struct gw_error *error) {
    return failure_of(sink_of(base), error);
}

static enum gw_status commit_by_flushing(struct gw_sink *base, const struct gw_positions *positions,
                                         int timeout_ms, struct gw_error *error) {
    (void)positions;
    return flush(base, timeout_ms, error);
}

static enum gw_status abort_nothing(struct gw_sink *base, int timeout_ms, struct gw_error *error) {
    (void)timeout_ms;
    return failure_of(sink_of(base), error);
}

static int descriptor(struct gw_sink *base) {
    return sink_of(base)->wakeup.fd;
}

/* Whatever open has made so far. */
static void free_sink(struct kafka_sink *sink) {
    if (sink->queue) {
        gw_wakeup_detach(sink->queue);
        rd_kafka_queue_destroy(sink->queue);
    }
    if (sink->client) {
        rd_kafka_destroy(sink->client);
    }
    gw_wakeup_close(&sink->wakeup);
    free(sink->ring);
    free(sink);
}

static void close_sink(struct gw_sink *base) {
    struct kafka_sink *sink = sink_of(base);
    /* An open transaction would hold up those who read committed messages only, until it times out. */
    if (sink->in_transaction && sink->failure.status == GW_OK) {
        abort_transaction(base, CLOSE_ABORT_MS, NULL);
    }
    rd_kafka_purge(sink->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    free_sink(sink);
}

static const struct gw_sink_ops idempotent_ops = {
    .name = "kafka",
    .transactional = false,
    .fd = descriptor,
    .send = send_one,
    .poll = poll_some,
    .begin = begin_nothing,
    .commit = commit_by_flushing,
    .abort = abort_nothing,
    .flush = flush,
    .close = close_sink,
};

static const struct gw_sink_ops transactional_ops = {
    .name = "kafka",
    .transactional = true,
    .fd = descriptor,
    .send = send_one,
    .poll = poll_some,
    .begin = begin_transaction,
    .commit = commit_transaction,
    .abort = abort_transaction,
    .flush = flush,
    .close = close_sink,
};

static enum gw_status make_conf(const struct gw_kafka_sink_settings *settings, rd_kafka_conf_t **conf,
                                struct gw_error *error) {
    /* Our own count of bytes is the limit; librdkafka's leaves room for one message of any size beyond it. */
    size_t kib = settings->queue_bytes / 1024 + strtoul(MESSAGE_BYTES_MAX, NULL, 10) / 1024 * 2;
    char queue_kib[24], transaction_ms[24];
    snprintf(transaction_ms, sizeof transaction_ms, "%d", settings->transaction_timeout_ms);
    snprintf(queue_kib, sizeof queue_kib, "%zu", kib < QUEUE_KIB_MOST ? kib : QUEUE_KIB_MOST);
    const struct gw_property ours[] = {
        {"transactional.id", settings->transactional_id},
        {"transaction.timeout.ms", settings->transactional_id ? transaction_ms : NULL},
        {"enable.idempotence", "true"},
        {"acks", "all"},
        {"partitioner", "murmur2_random"},
        {"linger.ms", LINGER_MS},
        {"batch.size", BATCH_BYTES},
        {"compression.type", "lz4"},
        {"message.max.bytes", MESSAGE_BYTES_MAX},
        {"queue.buffering.max.messages", "0"},
        {"queue.buffering.max.kbytes", queue_kib},
    };
    return gw_kafka_conf_new(&settings->kafka, ours, sizeof ours / sizeof ours[0], conf, error);
}

/* librdkafka's limit is on the whole message. */
static size_t payload_bytes_max(size_t message_bytes_max) {
    size_t beside = GW_HEADERS_BYTES_MAX + MESSAGE_COST;
    return message_bytes_max > 2 * beside ? message_bytes_max - beside : message_bytes_max / 2;
}

#define NO_TRANSACTIONS                                                                                      \
    "the brokers begin no transactions: check that they are up and can make the topic __transaction_state "  \
    "(transaction.state.log.replication.factor), or write `delivery: at_least_once`"

static bool is_patience_over(const struct gw_patience *patience) {
    return patience->is_over && patience->is_over(patience->context);
}

/* librdkafka tells a time-out, and not what the brokers said. */
static enum gw_status init_transactions(struct kafka_sink *sink, struct gw_error *error) {
    int64_t deadline = deadline_in(sink, TRANSACTIONS_TIMEOUT_MS);
    int64_t tell_at = deadline_in(sink, TRANSACTIONS_TELL_MS);
    enum gw_status status = GW_TIMEOUT;
    struct gw_error latest;
    while (status == GW_TIMEOUT && left_ms(sink, deadline) > 0) {
        if (is_patience_over(&sink->settings->patience)) {
            return gw_fail(error, GW_CLOSED, GW_NO_POSITION, "the wait for the brokers was given up");
        }
        status = do_step(sink, &step_init, NULL, deadline_in(sink, TRANSACTIONS_STEP_MS), &latest);
        if (status == GW_TIMEOUT && left_ms(sink, tell_at) == 0) {
            tell_at = deadline_in(sink, TRANSACTIONS_TELL_MS);
            GW_LOG(GW_LOG_WARN, "waiting for the brokers", GW_KS("detail", NO_TRANSACTIONS));
        }
    }
    if (status == GW_TIMEOUT) {
        return gw_fail(error, status, GW_NO_POSITION, "%s", NO_TRANSACTIONS);
    }
    if (status != GW_OK && error) {
        *error = latest;
    }
    return status;
}

static enum gw_status start(struct kafka_sink *sink, struct gw_error *error) {
    rd_kafka_conf_t *conf;
    enum gw_status status = make_conf(sink->settings, &conf, error);
    if (status != GW_OK) {
        return status;
    }
    sink->base.message_bytes_max = payload_bytes_max(gw_kafka_conf_number(conf, "message.max.bytes"));
    rd_kafka_conf_set_opaque(conf, sink);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    status = gw_kafka_client_new(RD_KAFKA_PRODUCER, conf, &sink->client, error);
    if (status != GW_OK) {
        return status;
    }
    sink->queue = rd_kafka_queue_get_main(sink->client);
    status = gw_wakeup_open(&sink->wakeup, error);
    if (status != GW_OK) {
        return status;
    }
    gw_wakeup_attach(&sink->wakeup, sink->queue);
    return sink->base.ops->transactional ? init_transactions(sink, error) : GW_OK;
}

enum gw_status gw_kafka_sink_open(const struct gw_kafka_sink_settings *settings, const struct gw_clock *clock,
                                  struct gw_sink **sink, struct gw_error *error) {
    struct kafka_sink *made = calloc(1, sizeof *made);
    if (!made) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "there is no memory for a Kafka sink");
    }
    made->base.ops = settings->transactional_id ? &transactional_ops : &idempotent_ops;
    made->settings = settings;
    made->clock = clock;
    made->wakeup.fd = -1;
    enum gw_status status = start(made, error);
    if (status != GW_OK) {
        free_sink(made);
        return status;
    }
    *sink = &made->base;
    return GW_OK;
}
