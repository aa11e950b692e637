/* What was sent waits in a table until its result comes; when the hub goes, all of it fails. */
#include "publish/zeromq_sink.h"

#include "base/slots.h"
#include "transport/hub_client.h"

#include <stdlib.h>

/* Added to each payload against the window: what a message costs beyond its bytes. */
#define MESSAGE_OVERHEAD ((size_t)256)

#define HEADER_ARENA_BYTES ((size_t)1 << 20)
#define HEADER_MAP_BYTES   ((size_t)1 << 20)

struct sent {
    uint64_t ticket; /* the caller's */
    uint64_t epoch;  /* of the connection that it went out on */
    size_t size;
};

struct zeromq_sink {
    struct gw_sink head;
    struct gw_hub_client client;
    size_t queue_bytes;
    size_t sent_bytes;
    struct gw_slots sent;
    struct gw_buffer done; /* completions that nobody has polled yet */
    size_t done_at;
    struct gw_buffer map; /* the header map of one message */
    struct gw_arena arena;
    uint64_t epoch; /* of the connection that results are taken from */
};

static struct zeromq_sink *self_of(struct gw_sink *sink) {
    return (struct zeromq_sink *)sink;
}

static void complete(struct zeromq_sink *self, uint64_t handle, enum gw_status status) {
    struct sent *sent = gw_slots_remove(&self->sent, handle);
    if (!sent) {
        return;
    }
    struct gw_completion completion = {sent->ticket, status};
    self->sent_bytes -= sent->size;
    free(sent);
    gw_buffer_append(&self->done, &completion, sizeof completion); /* send has made room for it */
}

/* All that went out on connections that are gone. */
static void fail_lost(struct zeromq_sink *self) {
    size_t place = 0;
    uint64_t handle;
    for (struct sent *sent; (sent = gw_slots_next(&self->sent, &place, &handle));) {
        if (sent->epoch != self->client.epoch) {
            complete(self, handle, GW_UNREACHABLE);
        }
    }
    self->epoch = self->client.epoch;
}

/* Takes all results that are there. */
static void gather(struct zeromq_sink *self) {
    struct gw_hub_frame frame;
    while (gw_hub_client_next(&self->client, &frame) == GW_OK) {
        if (frame.type == GW_HUB_RESULT) {
            complete(self, frame.as.result.ticket, frame.as.result.status);
        }
    }
    if (self->epoch != self->client.epoch) {
        fail_lost(self);
    }
    if (self->client.state == GW_HUB_CLIENT_READY) {
        self->head.message_bytes_max = (size_t)self->client.message_bytes_max;
    }
}

/* `headers` and the key, which ZeroMQ has no other place for. */
static enum gw_status encode_with_key(struct zeromq_sink *self, struct gw_headers headers,
                                      struct gw_str key) {
    gw_arena_reset(&self->arena);
    struct gw_header *items = gw_arena_take_zeroed(&self->arena, headers.count + 1, sizeof *items);
    if (!items) {
        return GW_NO_MEMORY;
    }
    if (headers.count > 0) {
        memcpy(items, headers.items, headers.count * sizeof *items);
    }
    items[headers.count] = (struct gw_header){GW_STR(GW_HEADER_KEY), key};
    return gw_headers_encode((struct gw_headers){items, headers.count + 1}, &self->map);
}

/* A key that headers have no room for stays behind: the message is worth more. */
static enum gw_status encode_headers(struct zeromq_sink *self, const struct gw_outgoing *outgoing) {
    gw_buffer_clear(&self->map);
    if (outgoing->key.data && !gw_headers_find(outgoing->headers, GW_HEADER_KEY)) {
        enum gw_status status = encode_with_key(self, outgoing->headers, outgoing->key);
        if (gw_status_fault(status) != GW_FAULT_INPUT) {
            return status;
        }
        gw_buffer_clear(&self->map);
    }
    return gw_headers_encode(outgoing->headers, &self->map);
}

static size_t window_of(const struct zeromq_sink *self) {
    return self->client.sink_window < self->queue_bytes ? (size_t)self->client.sink_window
                                                        : self->queue_bytes;
}

static bool has_room(const struct zeromq_sink *self, size_t size) {
    size_t window = window_of(self);
    return self->sent_bytes == 0 || (size <= window && self->sent_bytes <= window - size);
}

/* Room for every completion that may come, this message's included. */
static bool reserve_completions(struct zeromq_sink *self) {
    if (self->done_at == self->done.size) {
        gw_buffer_clear(&self->done);
        self->done_at = 0;
    }
    bool reserved = gw_buffer_reserve(&self->done, (self->sent.count + 1) * sizeof(struct gw_completion));
    self->done.failed = GW_OK;
    return reserved;
}

static enum gw_status post(struct zeromq_sink *self, const struct gw_outgoing *outgoing, uint64_t handle) {
    struct gw_hub_frame frame = {.type = GW_HUB_SEND,
                                 .as.send = {.ticket = handle,
                                             .outlet = outgoing->outlet,
                                             .topic = outgoing->topic,
                                             .headers = gw_buffer_str(&self->map),
                                             .payload = outgoing->payload}};
    return gw_hub_client_post(&self->client, &frame);
}

/* Notes what is sent and posts it; nothing stays noted on failure. */
static enum gw_status note_and_post(struct zeromq_sink *self, const struct gw_outgoing *outgoing,
                                    size_t size) {
    uint64_t handle;
    struct sent *sent = reserve_completions(self) ? malloc(sizeof *sent) : NULL;
    if (!sent) {
        return GW_NO_MEMORY;
    }
    *sent = (struct sent){outgoing->ticket, self->client.epoch, size};
    enum gw_status status = gw_slots_add(&self->sent, sent, &handle);
    if (status == GW_OK) {
        status = post(self, outgoing, handle);
        if (status == GW_OK) {
            self->sent_bytes += size;
            return GW_OK;
        }
        gw_slots_remove(&self->sent, handle);
    }
    free(sent);
    return status == GW_UNREACHABLE ? GW_AGAIN : status;
}

static enum gw_status zeromq_sink_send(struct gw_sink *sink, const struct gw_outgoing *outgoing,
                                       struct gw_error *error) {
    struct zeromq_sink *self = self_of(sink);
    if (self->client.state != GW_HUB_CLIENT_READY) {
        return gw_fail(error, GW_AGAIN, GW_NO_POSITION, "there is no connection to the hub");
    }
    if (outgoing->payload.size > sink->message_bytes_max) {
        return gw_fail(error, GW_OUTPUT_TOO_LARGE, GW_NO_POSITION,
                       "the payload has %zu bytes; the hub takes %zu", outgoing->payload.size,
                       sink->message_bytes_max);
    }
    if (!(self->client.outlets & 1u << outgoing->outlet)) {
        return gw_fail(error, GW_UNSUPPORTED, GW_NO_POSITION, "the hub does not serve this outlet");
    }
    enum gw_status status = encode_headers(self, outgoing);
    if (status != GW_OK) {
        return gw_fail(error, status, GW_NO_POSITION, "cannot encode the headers");
    }
    size_t size = MESSAGE_OVERHEAD + self->map.size + outgoing->payload.size;
    if (!has_room(self, size)) {
        return gw_fail(error, GW_AGAIN, GW_NO_POSITION, "the hub's consumers are behind");
    }
    status = note_and_post(self, outgoing, size);
    return status == GW_OK ? GW_OK
                           : gw_fail(error, status, GW_NO_POSITION, "cannot hand a message to the hub");
}

static size_t take_done(struct zeromq_sink *self, struct gw_completion *completions, size_t capacity) {
    size_t there = (self->done.size - self->done_at) / sizeof *completions;
    size_t count = there < capacity ? there : capacity;
    if (count > 0) {
        memcpy(completions, self->done.data + self->done_at, count * sizeof *completions);
        self->done_at += count * sizeof *completions;
    }
    return count;
}

/* Steps, and takes what is there. The descriptor stays readable while completions wait. */
static void step(struct zeromq_sink *self) {
    gw_hub_client_step(&self->client);
    gather(self);
}

static enum gw_status zeromq_sink_poll(struct gw_sink *sink, struct gw_completion *completions,
                                       size_t capacity, size_t *count, struct gw_error *error) {
    struct zeromq_sink *self = self_of(sink);
    (void)error;
    step(self);
    *count = take_done(self, completions, capacity);
    gw_hub_client_rest(&self->client, self->done_at < self->done.size);
    return GW_OK;
}

static enum gw_status zeromq_sink_flush(struct gw_sink *sink, int timeout_ms, struct gw_error *error) {
    struct zeromq_sink *self = self_of(sink);
    int64_t deadline = gw_clock_now_ns(self->client.clock) + timeout_ms * GW_NS_PER_MS;
    int64_t left_ns = deadline - gw_clock_now_ns(self->client.clock);
    step(self);
    while (self->sent.count > 0 && left_ns > 0) {
        gw_hub_client_rest(&self->client, false);
        gw_hub_client_wait(&self->client, (int)(left_ns / GW_NS_PER_MS) + 1);
        step(self);
        left_ns = deadline - gw_clock_now_ns(self->client.clock);
    }
    gw_hub_client_rest(&self->client, self->done_at < self->done.size);
    return self->sent.count == 0
               ? GW_OK
               : gw_fail(error, GW_TIMEOUT, GW_NO_POSITION, "%zu messages are not safe after %d ms",
                         self->sent.count, timeout_ms);
}

static enum gw_status zeromq_sink_begin(struct gw_sink *sink, struct gw_error *error) {
    (void)sink;
    (void)error;
    return GW_OK;
}

static enum gw_status zeromq_sink_commit(struct gw_sink *sink, const struct gw_positions *positions,
                                         int timeout_ms, struct gw_error *error) {
    (void)positions;
    return zeromq_sink_flush(sink, timeout_ms, error);
}

static enum gw_status zeromq_sink_abort(struct gw_sink *sink, int timeout_ms, struct gw_error *error) {
    (void)sink;
    (void)timeout_ms;
    (void)error;
    return GW_OK;
}

static int zeromq_sink_fd(struct gw_sink *sink) {
    return gw_hub_client_fd(&self_of(sink)->client);
}

static void zeromq_sink_close(struct gw_sink *sink) {
    struct zeromq_sink *self = self_of(sink);
    size_t place = 0;
    gw_hub_client_close(&self->client);
    for (struct sent *sent; (sent = gw_slots_next(&self->sent, &place, NULL));) {
        free(sent);
    }
    gw_slots_free(&self->sent);
    gw_buffer_free(&self->done);
    gw_buffer_free(&self->map);
    gw_arena_free(&self->arena);
    free(self);
}

static const struct gw_sink_ops ops = {
    .name = "zeromq",
    .transactional = false,
    .fd = zeromq_sink_fd,
    .send = zeromq_sink_send,
    .poll = zeromq_sink_poll,
    .begin = zeromq_sink_begin,
    .commit = zeromq_sink_commit,
    .abort = zeromq_sink_abort,
    .flush = zeromq_sink_flush,
    .close = zeromq_sink_close,
};

enum gw_status gw_zeromq_sink_open(const struct gw_zeromq_sink_settings *settings,
                                   const struct gw_clock *clock, struct gw_sink **sink,
                                   struct gw_error *error) {
    struct zeromq_sink *self = calloc(1, sizeof *self);
    *sink = NULL;
    if (!self) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a sink");
    }
    enum gw_status status =
        gw_hub_client_open(&self->client, settings->hub_path, GW_HUB_ROLE_SINK, settings->slot,
                           settings->queue_bytes, clock, &gw_allocator_system, error);
    if (status != GW_OK) {
        free(self);
        return status;
    }
    self->head.ops = &ops;
    self->head.message_bytes_max = GW_LIMIT_MESSAGE_BYTES_MAX;
    self->queue_bytes = settings->queue_bytes;
    gw_slots_init(&self->sent, &gw_allocator_system);
    gw_buffer_init(&self->done, &gw_allocator_system, SIZE_MAX);
    gw_buffer_init(&self->map, &gw_allocator_system, HEADER_MAP_BYTES);
    gw_arena_init(&self->arena, &gw_allocator_system, HEADER_ARENA_BYTES);
    *sink = &self->head;
    return GW_OK;
}
