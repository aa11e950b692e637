/* The Kafka messages that were taken and are not settled, each behind its receipt. */
#ifndef GW_INGEST_KAFKA_MESSAGES_H
#define GW_INGEST_KAFKA_MESSAGES_H

#include "ingest/offset_tracker.h"
#include "ingest/source.h"

#include <librdkafka/rdkafka.h>

/* One message. What gw_message points to is here; `headers.items` is malloc'd. */
struct gw_kafka_message {
    rd_kafka_message_t *message; /* NULL: this place is free */
    struct gw_headers headers;
    struct gw_offset_ticket ticket;
    uint32_t generation; /* tells receipts of one place apart */
    uint32_t next;       /* in the list of free places, or in the queue of those to give out again */
    bool waits;          /* in that queue */
};

/* A table of places with two lists through it. Pointers into it are good until the next add. */
struct gw_kafka_messages {
    struct gw_kafka_message *items;
    uint32_t count;
    uint32_t free;
    uint32_t first_waiting, last_waiting;
};

#define GW_NO_MESSAGE UINT32_MAX

void gw_kafka_messages_init(struct gw_kafka_messages *messages);

/* Ends all that are there. */
void gw_kafka_messages_free(struct gw_kafka_messages *messages);

/* Takes over the message, unless it fails with GW_NO_MEMORY. */
enum gw_status gw_kafka_messages_add(struct gw_kafka_messages *messages, rd_kafka_message_t *message,
                                     struct gw_offset_ticket ticket, uint32_t *index);

gw_receipt gw_kafka_messages_receipt(const struct gw_kafka_messages *messages, uint32_t index);

/* The message that is out under this receipt, or GW_NO_MESSAGE. */
uint32_t gw_kafka_messages_find(const struct gw_kafka_messages *messages, gw_receipt receipt);

/* Ends one that is out. */
void gw_kafka_messages_drop(struct gw_kafka_messages *messages, uint32_t index);

/* Queues one that is out, to be given out again. Its receipt is worth nothing from now on. */
void gw_kafka_messages_wait(struct gw_kafka_messages *messages, uint32_t index);

/* The longest waiting one, now out again under a new receipt, or GW_NO_MESSAGE. */
uint32_t gw_kafka_messages_next_waiting(struct gw_kafka_messages *messages);

#endif
