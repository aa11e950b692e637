/* Places are reused; a generation in the upper half of the receipt tells their uses apart. */
#include "ingest/kafka_messages.h"

#include "transport/kafka_headers.h"

#include <assert.h>
#include <stdlib.h>

#define FIRST_PLACES 256

void gw_kafka_messages_init(struct gw_kafka_messages *messages) {
    *messages = (struct gw_kafka_messages){
        .free = GW_NO_MESSAGE, .first_waiting = GW_NO_MESSAGE, .last_waiting = GW_NO_MESSAGE};
}

static void end(struct gw_kafka_message *item) {
    rd_kafka_message_destroy(item->message);
    free((void *)item->headers.items);
}

void gw_kafka_messages_free(struct gw_kafka_messages *messages) {
    for (uint32_t i = 0; i < messages->count; i++) {
        if (messages->items[i].message) {
            end(&messages->items[i]);
        }
    }
    free(messages->items);
    gw_kafka_messages_init(messages);
}

static enum gw_status grow(struct gw_kafka_messages *messages) {
    uint32_t count = messages->count ? messages->count * 2 : FIRST_PLACES;
    struct gw_kafka_message *grown = realloc(messages->items, count * sizeof *grown);
    if (!grown) {
        return GW_NO_MEMORY;
    }
    for (uint32_t i = count; i-- > messages->count;) {
        grown[i] = (struct gw_kafka_message){.next = messages->free};
        messages->free = i;
    }
    messages->items = grown;
    messages->count = count;
    return GW_OK;
}

enum gw_status gw_kafka_messages_add(struct gw_kafka_messages *messages, rd_kafka_message_t *message,
                                     struct gw_offset_ticket ticket, uint32_t *index) {
    struct gw_headers headers;
    if (messages->free == GW_NO_MESSAGE && grow(messages) != GW_OK) {
        return GW_NO_MEMORY;
    }
    enum gw_status status = gw_kafka_headers_read(message, &headers);
    if (status != GW_OK) {
        return status;
    }
    *index = messages->free;
    struct gw_kafka_message *item = &messages->items[*index];
    messages->free = item->next;
    item->message = message;
    item->headers = headers;
    item->ticket = ticket;
    return GW_OK;
}

gw_receipt gw_kafka_messages_receipt(const struct gw_kafka_messages *messages, uint32_t index) {
    return (gw_receipt)messages->items[index].generation << 32 | index;
}

uint32_t gw_kafka_messages_find(const struct gw_kafka_messages *messages, gw_receipt receipt) {
    uint32_t index = (uint32_t)receipt;
    if (index >= messages->count || !messages->items[index].message || messages->items[index].waits ||
        gw_kafka_messages_receipt(messages, index) != receipt) {
        return GW_NO_MESSAGE;
    }
    return index;
}

void gw_kafka_messages_drop(struct gw_kafka_messages *messages, uint32_t index) {
    struct gw_kafka_message *item = &messages->items[index];
    assert(!item->waits);
    end(item);
    *item = (struct gw_kafka_message){.generation = item->generation + 1, .next = messages->free};
    messages->free = index;
}

void gw_kafka_messages_wait(struct gw_kafka_messages *messages, uint32_t index) {
    struct gw_kafka_message *item = &messages->items[index];
    item->waits = true;
    item->generation++;
    item->next = GW_NO_MESSAGE;
    if (messages->first_waiting == GW_NO_MESSAGE) {
        messages->first_waiting = index;
    } else {
        messages->items[messages->last_waiting].next = index;
    }
    messages->last_waiting = index;
}

uint32_t gw_kafka_messages_next_waiting(struct gw_kafka_messages *messages) {
    uint32_t index = messages->first_waiting;
    if (index != GW_NO_MESSAGE) {
        messages->first_waiting = messages->items[index].next;
        messages->items[index].waits = false;
    }
    return index;
}
