/* Source and sink as librdkafka's consumer and producer behave; the pipeline between them is the program's.
 */
#include "simulation/client.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW_BYTES   ((size_t)1 << 20)
#define BATCH_MESSAGES 4
#define BATCH_MS       40
#define REVOKE_MS      200

/* Opaque to the pipeline. */
struct gw_positions {
    unsigned generation;
    int64_t offsets[PARTITIONS_MAX];
};

void gw_positions_free(struct gw_positions *positions) {
    free(positions);
}

/* The source */

static struct client *of_source(struct gw_source *source) {
    return (struct client *)((char *)source - offsetof(struct client, source));
}

static int no_fd(struct gw_source *source) {
    (void)source;
    return -1;
}

static void release(struct gw_handed *handed) {
    (void)handed;
}

static unsigned generation_of(const struct client *client) {
    return client->cluster->member[client->number].generation;
}

/* What is settled of a partition; where nothing was taken, what is committed. */
static int64_t offset_of(const struct client *client, int partition, int64_t *offset) {
    const struct client_source *source = &client->source;
    if (!gw_offset_tracker_watermark(&source->handout.tracker, source->index[partition], offset)) {
        *offset = client->cluster->committed[partition];
    }
    return *offset;
}

static void commit_settled(struct client *client) {
    struct cluster *cluster = client->cluster;
    for (int i = 0; i < cluster->partitions && !cluster->exactly_once; i++) {
        int64_t offset;
        if (client->source.owned[i] && cluster->committed[i] != offset_of(client, i, &offset)) {
            cluster_commit_offset(cluster, client->number, generation_of(client), i, offset);
        }
    }
}

static void forget(struct client_source *source, int partition) {
    gw_offset_tracker_revoke(&source->handout.tracker, source->index[partition]);
    source->owned[partition] = false;
}

/* Everything is gone already. */
static void lose_all(struct client *client) {
    client->source.base.events.on_revoke(client->source.base.events.context, true);
    for (int i = 0; i < client->cluster->partitions; i++) {
        if (client->source.owned[i]) {
            forget(&client->source, i);
        }
    }
}

static void let_go(struct client *client, int partition) {
    client->source.base.events.on_revoke(client->source.base.events.context, false);
    commit_settled(client);
    forget(&client->source, partition);
    cluster_let_go(client->cluster, partition);
}

static void claim(struct client *client, int partition) {
    static const struct gw_str topic = {"t", 1};
    struct client_source *source = &client->source;
    int64_t offset;
    if (cluster_claim(client->cluster, client->number, partition, &offset)) {
        gw_offset_tracker_assign(&source->handout.tracker, topic, partition, &source->index[partition]);
        source->owned[partition] = true;
        source->next[partition] = offset;
    }
}

static void rebalance(struct client *client) {
    const struct cluster *cluster = client->cluster;
    if (cluster_hear(client->cluster, client->number)) {
        lose_all(client);
    }
    for (int i = 0; i < cluster->partitions; i++) {
        bool stays = cluster->target[i] == client->number;
        if (client->source.owned[i] && !stays) {
            let_go(client, i);
        } else if (cluster->owner[i] == client->number && !stays) {
            /* It was an earlier process's. */
            cluster_let_go(client->cluster, i);
        } else if (!client->source.owned[i]) {
            claim(client, i);
        }
    }
}

static struct gw_message describe(const struct client_source *source, uint32_t index, bool redelivered) {
    static const char *const payloads[] = {"{", NULL, "{\"body\":\"Kenya.\"}", "["};
    const struct gw_handed *handed = &source->handout.items[index];
    int32_t partition = gw_offset_tracker_partition(&source->handout.tracker, handed->ticket.partition);
    const char *payload = payloads[handed->offset % 4];
    return (struct gw_message){.receipt = gw_handout_receipt(&source->handout, index),
                               .payload = {payload, payload ? strlen(payload) : 0},
                               .key = {"k", 1},
                               .position = {GW_POSITION_KAFKA, {"t", 1}, partition, handed->offset},
                               .redelivered = redelivered};
}

/* Something that is not NULL: the messages have no memory of their own. */
static char somewhere;

static uint32_t fetch(struct client *client, bool *redelivered) {
    struct client_source *source = &client->source;
    for (int i = 0; i < client->cluster->partitions; i++) {
        /* A partition after the other, so that keys are interleaved. */
        int partition = (int)((source->budget + (size_t)i) % (size_t)client->cluster->partitions);
        uint32_t index;
        if (source->owned[partition] && source->next[partition] < client->cluster->end &&
            gw_handout_take(&source->handout, source->index[partition], source->next[partition], &somewhere,
                            (struct gw_headers){NULL, 0}, &index, redelivered) == GW_OK) {
            source->next[partition]++;
            return index;
        }
    }
    return GW_NO_MESSAGE;
}

static enum gw_status take(struct gw_source *base, struct gw_message *messages, size_t capacity,
                           size_t *count, struct gw_error *error) {
    struct client *client = of_source(base);
    struct client_source *source = &client->source;
    (void)error;
    *count = 0;
    commit_settled(client);
    rebalance(client);
    while (!source->paused && *count < capacity && source->budget > 0) {
        bool redelivered = true;
        uint32_t index = gw_handout_next_waiting(&source->handout);
        index = index == GW_NO_MESSAGE ? fetch(client, &redelivered) : index;
        if (index == GW_NO_MESSAGE) {
            break;
        }
        source->budget--;
        messages[(*count)++] = describe(source, index, redelivered);
    }
    return GW_OK;
}

static enum gw_status settle(struct gw_source *base, gw_receipt receipt, enum gw_outcome outcome,
                             struct gw_error *error) {
    (void)error;
    gw_handout_settle(&of_source(base)->source.handout, receipt, outcome);
    return GW_OK;
}

static enum gw_status positions(struct gw_source *base, struct gw_positions **out, struct gw_error *error) {
    struct client *client = of_source(base);
    if (!client->cluster->exactly_once) {
        return GW_UNSUPPORTED;
    }
    *out = malloc(sizeof **out);
    if (!*out) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory");
    }
    (*out)->generation = generation_of(client);
    for (int i = 0; i < PARTITIONS_MAX; i++) {
        (*out)->offsets[i] = NO_OFFSET;
        if (i < client->cluster->partitions && client->source.owned[i]) {
            int64_t offset;
            bool any = gw_handout_end(&client->source.handout, client->source.index[i], &offset);
            (*out)->offsets[i] = any ? offset : NO_OFFSET;
        }
    }
    return GW_OK;
}

static enum gw_status pause_source(struct gw_source *base, struct gw_error *error) {
    (void)error;
    of_source(base)->source.paused = true;
    return GW_OK;
}

static enum gw_status resume(struct gw_source *base, struct gw_error *error) {
    (void)error;
    of_source(base)->source.paused = false;
    return GW_OK;
}

static bool is_ready(struct gw_source *base) {
    (void)base;
    return true;
}

static void close_source(struct gw_source *base) {
    (void)base;
}

static const struct gw_source_ops source_ops = {
    "simulated", no_fd, take, settle, positions, pause_source, resume, is_ready, close_source, NULL, NULL};

/* The sink */

static struct client *of_sink(struct gw_sink *sink) {
    return (struct client *)((char *)sink - offsetof(struct client, sink));
}

static int no_sink_fd(struct gw_sink *sink) {
    (void)sink;
    return -1;
}

static bool is_fenced(const struct client *client) {
    return client->cluster->member[client->number].transaction.epoch != client->sink.epoch;
}

static enum gw_status fail(struct gw_error *error, enum gw_status status) {
    return gw_fail(error, status, GW_NO_POSITION, "as the schedule wants");
}

static enum gw_status send_message(struct gw_sink *base, const struct gw_outgoing *outgoing,
                                   struct gw_error *error) {
    struct client *client = of_sink(base);
    struct client_sink *sink = &client->sink;
    if (client->cluster->exactly_once && (sink->committing || !base->ops->transactional)) {
        cluster_break(client->cluster, "something was sent outside a transaction");
    }
    if (sink->broken) {
        return fail(error, GW_REFUSED);
    }
    if (sink->full > 0 || sink->count == PENDING_MAX) {
        sink->full -= sink->full > 0;
        return GW_AGAIN;
    }
    sink->pending[(sink->first + sink->count++) % PENDING_MAX] =
        (struct pending){outgoing->ticket, outgoing->position.partition, outgoing->position.number};
    return GW_OK;
}

/* One message reaches the brokers, or is answered for with a failure. */
static void answer_one(struct client *client, enum gw_status status) {
    struct client_sink *sink = &client->sink;
    struct pending *pending = &sink->pending[sink->first];
    sink->first = (sink->first + 1) % PENDING_MAX;
    sink->count--;
    if (status == GW_OK && is_fenced(client)) {
        status = GW_FENCED;
    }
    if (status == GW_OK && sink->broken) {
        status = GW_CLOSED;
    }
    if (status == GW_OK) {
        cluster_append(client->cluster, client->number, pending->partition, pending->offset);
    }
    sink->broken = sink->broken || (status != GW_OK && client->cluster->exactly_once);
    sink->done[sink->done_count++] = (struct gw_completion){pending->ticket, status};
}

void client_answer(struct client *client, size_t messages, enum gw_status status) {
    struct client_sink *sink = &client->sink;
    for (size_t i = 0; i < messages && sink->count > 0 && sink->done_count < PENDING_MAX && client->pipeline;
         i++) {
        answer_one(client, status);
    }
}

static enum gw_status poll_sink(struct gw_sink *base, struct gw_completion *completions, size_t capacity,
                                size_t *count, struct gw_error *error) {
    struct client_sink *sink = &of_sink(base)->sink;
    (void)error;
    for (*count = 0; *count < capacity && *count < sink->done_count; (*count)++) {
        completions[*count] = sink->done[*count];
    }
    sink->done_count -= *count;
    memmove(sink->done, sink->done + *count, sink->done_count * sizeof *sink->done);
    return GW_OK;
}

static enum gw_status begin(struct gw_sink *base, struct gw_error *error) {
    struct client_sink *sink = &of_sink(base)->sink;
    (void)error;
    if (sink->count > 0 && base->ops->transactional) {
        cluster_break(of_sink(base)->cluster,
                      "a transaction was begun with another one's messages under way");
    }
    sink->broken = sink->sent_offsets = sink->committing = false;
    return GW_OK;
}

static enum gw_status send_offsets(struct client *client, const struct gw_positions *wanted,
                                   enum commit_fault fault, struct gw_error *error) {
    if (fault == COMMIT_OFFSETS_LOST) {
        return fail(error, GW_TIMEOUT);
    }
    if (!cluster_add_offsets(client->cluster, client->number, wanted->generation, wanted->offsets)) {
        client->sink.broken = true;
        return fail(error, GW_REFUSED);
    }
    return fault == COMMIT_OFFSETS_UNHEARD ? fail(error, GW_TIMEOUT) : GW_OK;
}

static enum gw_status end_commit(struct client *client, enum commit_fault fault, struct gw_error *error) {
    if (fault == COMMIT_LOST) {
        return fail(error, GW_TIMEOUT);
    }
    cluster_end_transaction(client->cluster, client->number, true);
    if (fault == COMMIT_UNHEARD) {
        return fail(error, GW_TIMEOUT);
    }
    client->sink.committing = false;
    return GW_OK;
}

static enum gw_status commit(struct gw_sink *base, const struct gw_positions *wanted, int timeout_ms,
                             struct gw_error *error) {
    struct client *client = of_sink(base);
    struct client_sink *sink = &client->sink;
    enum commit_fault fault = sink->faults > 0 ? sink->fault : COMMIT_WELL;
    enum gw_status status = GW_OK;
    (void)timeout_ms;
    sink->faults -= sink->faults > 0;
    if (!client->cluster->exactly_once) {
        return sink->count > 0 ? fail(error, GW_TIMEOUT) : GW_OK;
    }
    if (is_fenced(client)) {
        return fail(error, GW_FENCED);
    }
    if (sink->count + sink->done_count > 0) {
        cluster_break(client->cluster, "a commit was asked for before all was safe");
    }
    if (fault == COMMIT_REFUSED && !sink->committing) {
        sink->broken = true;
    }
    if (sink->broken) {
        return fail(error, GW_REFUSED);
    }
    if (wanted && !sink->committing) {
        status = send_offsets(client, wanted, fault, error);
    }
    if (status == GW_OK) {
        sink->committing = true;
        status = end_commit(client, fault, error);
    }
    return status;
}

static enum gw_status abort_all(struct gw_sink *base, int timeout_ms, struct gw_error *error) {
    struct client *client = of_sink(base);
    struct client_sink *sink = &client->sink;
    (void)timeout_ms;
    if (client->dead || !client->cluster->exactly_once) {
        return GW_OK;
    }
    if (is_fenced(client)) {
        return fail(error, GW_FENCED);
    }
    if (sink->committing) {
        cluster_break(client->cluster, "a commit whose end is not known was aborted");
    }
    bool unheard = sink->abort_unheard;
    sink->abort_unheard = false;
    cluster_end_transaction(client->cluster, client->number, false);
    client_answer(client, sink->count, GW_CLOSED);
    sink->broken = true;
    return unheard ? fail(error, GW_TIMEOUT) : GW_OK;
}

static enum gw_status flush(struct gw_sink *base, int timeout_ms, struct gw_error *error) {
    return commit(base, NULL, timeout_ms, error);
}

static void close_sink(struct gw_sink *base) {
    (void)base;
}

static const struct gw_sink_ops sink_ops[] = {
    {"simulated", false, no_sink_fd, send_message, poll_sink, begin, commit, abort_all, flush, close_sink},
    {"simulated", true, no_sink_fd, send_message, poll_sink, begin, commit, abort_all, flush, close_sink}};

/* The process */

static void wait_a_while(void *context, struct pollfd *fds, size_t count, int timeout_ms) {
    struct client *client = context;
    (void)fds, (void)count;
    fake_clock_advance_ms(client->time, timeout_ms);
    if (client->sink.eager) {
        client_answer(client, client->sink.count, GW_OK);
    }
}

static void open_source(struct client *client) {
    client->source = (struct client_source){0};
    gw_handout_init(&client->source.handout, release, &gw_allocator_system);
    client->source.base = (struct gw_source){&source_ops, gw_pipeline_events(client->pipeline)};
}

static void open_sink(struct client *client) {
    client->sink = (struct client_sink){.eager = true,
                                        .epoch = client->cluster->member[client->number].transaction.epoch};
    client->sink.base = (struct gw_sink){&sink_ops[client->cluster->exactly_once], SIZE_MAX};
}

void client_start(struct client *client) {
    cluster_start(client->cluster, client->number);
    client->dead = false;
    client->clock = fake_clock(client->time);
    open_sink(client);
    const struct gw_pipeline_settings settings = {.sinks = {&client->sink.base, &client->sink.base},
                                                  .enricher = client->enricher,
                                                  .clock = &client->clock,
                                                  .counters = &client->counters,
                                                  .window_bytes = WINDOW_BYTES,
                                                  .message_bytes_max = 64,
                                                  .batch_messages = BATCH_MESSAGES,
                                                  .batch_ms = BATCH_MS,
                                                  .revoke_timeout_ms = REVOKE_MS,
                                                  .wait = wait_a_while,
                                                  .wait_context = client};
    struct gw_error error;
    if (gw_pipeline_open(&settings, &client->pipeline, &error) != GW_OK) {
        abort();
    }
    open_source(client);
    gw_pipeline_start(client->pipeline, &client->source.base);
}

void client_crash(struct client *client, size_t reached) {
    if (!client->pipeline) {
        return;
    }
    if (!client->sink.broken) {
        client_answer(client, reached, GW_OK);
    }
    client->dead = true;
    client->cluster->member[client->number].alive = false;
    gw_pipeline_close(client->pipeline);
    client->pipeline = NULL;
    gw_handout_free(&client->source.handout);
}

void client_step(struct client *client, size_t messages) {
    struct gw_error error = {.detail = ""};
    if (!client->pipeline) {
        return;
    }
    client->source.budget = messages;
    if (gw_pipeline_step(client->pipeline, &error) != GW_OK) {
        client_crash(client, 0);
        client_start(client);
    }
}
