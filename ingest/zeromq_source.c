/* Messages are copied out of the connection into one block each:
 *
 *     item | headers | the frame's name, header map and payload
 */
#include "ingest/zeromq_source.h"

#include "base/log.h"
#include "base/slots.h"
#include "transport/hub_client.h"

#include <stdlib.h>

/* Most bytes for decoding one header map. */
#define HEADER_ARENA_BYTES ((size_t)1 << 20)

struct item {
    uint64_t hub_receipt;
    uint64_t epoch; /* of the connection that it came on */
    size_t size;    /* of the block */
};

struct zeromq_source {
    struct gw_source head;
    struct gw_hub_client client;
    struct gw_slots items;
    struct gw_arena arena; /* for decoding headers */
    uint64_t told_epoch;   /* the connection whose hub knows that we are paused */
    bool is_paused;
    bool has_ended;
};

static struct zeromq_source *self_of(struct gw_source *source) {
    return (struct zeromq_source *)source;
}

/* Tells the hub after a change. Without a connection there is nobody to tell, and a new hub knows nothing:
 * then gw_source_take tells it. */
static void tell_pause(struct zeromq_source *self) {
    struct gw_hub_frame frame = {.type = GW_HUB_PAUSE, .as.pause = {.on = self->is_paused}};
    if (gw_hub_client_post(&self->client, &frame) == GW_OK) {
        self->told_epoch = self->client.epoch;
    }
}

static bool must_tell_pause(const struct zeromq_source *self) {
    return self->is_paused && self->told_epoch != self->client.epoch &&
           self->client.state == GW_HUB_CLIENT_READY;
}

static struct gw_str place(char **to, struct gw_str from) {
    struct gw_str placed = {*to, from.size};
    if (from.size > 0) {
        memcpy(*to, from.data, from.size);
    }
    *to += from.size;
    return from.data ? placed : (struct gw_str){NULL, 0};
}

static size_t header_bytes(struct gw_headers headers) {
    size_t size = headers.count * sizeof *headers.items;
    for (size_t i = 0; i < headers.count; i++) {
        size += headers.items[i].name.size + headers.items[i].value.size;
    }
    return size;
}

/* Decoded headers of a frame; a map that cannot be decoded makes the message refused, not lost. */
static enum gw_status decode_headers(struct zeromq_source *self, const struct gw_hub_frame *frame,
                                     struct gw_headers *headers, enum gw_status *refused) {
    struct gw_error error;
    *headers = (struct gw_headers){NULL, 0};
    *refused = frame->as.deal.refused;
    if (frame->as.deal.headers.size == 0) {
        return GW_OK;
    }
    gw_arena_reset(&self->arena);
    enum gw_status status = gw_headers_decode(frame->as.deal.headers, &self->arena, headers, &error);
    if (status != GW_OK) {
        *headers = (struct gw_headers){NULL, 0};
    }
    if (gw_status_fault(status) == GW_FAULT_INPUT) {
        *refused = *refused == GW_OK ? GW_MALFORMED : *refused;
        return GW_OK;
    }
    return status;
}

/* Copies everything behind the item; `message` points there. */
static void fill(struct item *item, const struct gw_hub_frame *frame, struct gw_headers headers,
                 struct gw_message *message) {
    struct gw_header *copies = (struct gw_header *)(item + 1);
    char *to = (char *)(copies + headers.count);
    for (size_t i = 0; i < headers.count; i++) {
        copies[i].name = place(&to, headers.items[i].name);
        copies[i].value = place(&to, headers.items[i].value);
    }
    message->headers = (struct gw_headers){copies, headers.count};
    message->position = frame->as.deal.position;
    message->position.name = place(&to, frame->as.deal.position.name);
    message->payload = place(&to, frame->as.deal.payload);
    message->full_size = frame->as.deal.full_size;
    message->redelivered = frame->as.deal.redelivered;
    message->timestamp_ms = -1;
    const struct gw_header *key = gw_headers_find(message->headers, GW_HEADER_KEY);
    message->key = key ? key->value : (struct gw_str){NULL, 0};
}

static enum gw_status accept_deal(struct zeromq_source *self, const struct gw_hub_frame *frame,
                                  struct gw_message *message) {
    struct gw_headers headers;
    enum gw_status status = decode_headers(self, frame, &headers, &message->refused);
    if (status != GW_OK) {
        return status;
    }
    size_t size = sizeof(struct item) + header_bytes(headers) + frame->as.deal.position.name.size +
                  frame->as.deal.payload.size;
    struct item *item = self->client.allocator.allocate(self->client.allocator.context, size);
    if (!item) {
        return GW_NO_MEMORY;
    }
    *item = (struct item){frame->as.deal.receipt, self->client.epoch, size};
    status = gw_slots_add(&self->items, item, &message->receipt);
    if (status != GW_OK) {
        self->client.allocator.release(self->client.allocator.context, item, size);
        return status;
    }
    fill(item, frame, headers, message);
    return GW_OK;
}

/* What one frame does; true when it was a message. */
static bool accept_frame(struct zeromq_source *self, const struct gw_hub_frame *frame,
                         struct gw_message *message, enum gw_status *status) {
    if (frame->type == GW_HUB_DEAL) {
        *status = accept_deal(self, frame, message);
        return *status == GW_OK;
    }
    if (frame->type == GW_HUB_END) {
        self->has_ended = true;
    }
    return false;
}

static enum gw_status zeromq_source_take(struct gw_source *source, struct gw_message *messages,
                                         size_t capacity, size_t *count, struct gw_error *error) {
    struct zeromq_source *self = self_of(source);
    struct gw_hub_frame frame;
    enum gw_status status = GW_OK;
    *count = 0;
    gw_hub_client_step(&self->client);
    if (must_tell_pause(self)) {
        tell_pause(self);
    }
    while (!self->is_paused && *count < capacity && status == GW_OK &&
           gw_hub_client_next(&self->client, &frame) == GW_OK) {
        *count += accept_frame(self, &frame, &messages[*count], &status) ? 1 : 0;
    }
    gw_hub_client_rest(&self->client, !self->is_paused && gw_hub_client_has_frame(&self->client));
    if (status != GW_OK) {
        return gw_fail(error, status, GW_NO_POSITION, "cannot take a message from the hub");
    }
    return self->has_ended && *count == 0 ? GW_CLOSED : GW_OK;
}

static void release_item(struct zeromq_source *self, struct item *item) {
    self->client.allocator.release(self->client.allocator.context, item, item->size);
}

static enum gw_status zeromq_source_settle(struct gw_source *source, gw_receipt receipt,
                                           enum gw_outcome outcome, struct gw_error *error) {
    struct zeromq_source *self = self_of(source);
    struct item *item = gw_slots_remove(&self->items, receipt);
    enum gw_status status = GW_OK;
    if (!item) {
        return GW_OK;
    }
    if (item->epoch == self->client.epoch) {
        struct gw_hub_frame frame = {.type = GW_HUB_SETTLE,
                                     .as.settle = {.receipt = item->hub_receipt, .outcome = outcome}};
        status = gw_hub_client_post(&self->client, &frame);
    }
    release_item(self, item);
    /* A hub that has just gone has made the receipt stale. */
    return status == GW_OK || status == GW_UNREACHABLE
               ? GW_OK
               : gw_fail(error, status, GW_NO_POSITION, "cannot give a receipt to the hub");
}

static enum gw_status zeromq_source_positions(struct gw_source *source, struct gw_positions **out,
                                              struct gw_error *error) {
    (void)source;
    *out = NULL;
    return gw_fail(error, GW_UNSUPPORTED, GW_NO_POSITION, "the hub keeps the positions of ZeroMQ messages");
}

static enum gw_status set_paused(struct gw_source *source, bool on) {
    struct zeromq_source *self = self_of(source);
    if (self->is_paused != on) {
        self->is_paused = on;
        tell_pause(self);
    }
    return GW_OK;
}

static enum gw_status zeromq_source_pause(struct gw_source *source, struct gw_error *error) {
    (void)error;
    return set_paused(source, true);
}

static enum gw_status zeromq_source_resume(struct gw_source *source, struct gw_error *error) {
    (void)error;
    return set_paused(source, false);
}

static int zeromq_source_fd(struct gw_source *source) {
    return gw_hub_client_fd(&self_of(source)->client);
}

static bool zeromq_source_ready(struct gw_source *source) {
    return self_of(source)->client.state == GW_HUB_CLIENT_READY;
}

/* The hub is who stores. */
static void zeromq_source_store(struct gw_source *source, int timeout_ms) {
    gw_hub_client_flush(&self_of(source)->client, timeout_ms);
}

static void zeromq_source_close(struct gw_source *source) {
    struct zeromq_source *self = self_of(source);
    size_t at = 0;
    gw_hub_client_close(&self->client);
    for (struct item *item; (item = gw_slots_next(&self->items, &at, NULL));) {
        release_item(self, item);
    }
    gw_slots_free(&self->items);
    gw_arena_free(&self->arena);
    free(self);
}

static const struct gw_source_ops ops = {
    .name = "zeromq",
    .fd = zeromq_source_fd,
    .take = zeromq_source_take,
    .settle = zeromq_source_settle,
    .positions = zeromq_source_positions,
    .pause = zeromq_source_pause,
    .resume = zeromq_source_resume,
    .ready = zeromq_source_ready,
    .close = zeromq_source_close,
    .store = zeromq_source_store,
};

enum gw_status gw_zeromq_source_open(const struct gw_zeromq_source_settings *settings,
                                     const struct gw_source_events *events, const struct gw_clock *clock,
                                     struct gw_source **source, struct gw_error *error) {
    struct zeromq_source *self = calloc(1, sizeof *self);
    *source = NULL;
    if (!self) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a source");
    }
    enum gw_status status =
        gw_hub_client_open(&self->client, settings->hub_path, GW_HUB_ROLE_SOURCE, settings->slot,
                           settings->credit_bytes, clock, &gw_allocator_system, error);
    if (status != GW_OK) {
        free(self);
        return status;
    }
    self->told_epoch = UINT64_MAX;
    self->head.ops = &ops;
    self->head.events = events ? *events : (struct gw_source_events){0};
    gw_slots_init(&self->items, &gw_allocator_system);
    gw_arena_init(&self->arena, &gw_allocator_system, HEADER_ARENA_BYTES);
    *source = &self->head;
    return GW_OK;
}
