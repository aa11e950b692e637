/* Messages to a Kafka topic, through the sink that records go through. */
#include "cli/feeder.h"
#include "publish/kafka_sink.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#define QUEUE_BYTES ((size_t)64 << 20)
#define COMPLETIONS 256

struct kafka {
    struct gw_feeder head;
    struct gw_kafka_sink_settings settings;
    struct gw_property *properties; /* ours, and behind it the user's, which win */
    char timeout[16];
    struct gw_sink *sink;
};

static enum gw_status send(struct gw_feeder *feeder, const struct gw_message *message,
                           struct gw_error *error) {
    struct kafka *kafka = (struct kafka *)feeder;
    const struct gw_outgoing outgoing = {.outlet = GW_OUTLET_RECORDS,
                                         .topic = kafka->settings.topics[GW_OUTLET_RECORDS]
                                                      ? (struct gw_str){NULL, 0}
                                                      : message->position.name,
                                         .key = message->key,
                                         .payload = message->payload,
                                         .headers = message->headers,
                                         .position = message->position};
    enum gw_status status = gw_sink_send(kafka->sink, &outgoing, error);
    kafka->head.in_flight += status == GW_OK;
    return status;
}

static enum gw_status work(struct gw_feeder *feeder, int wait_ms, struct gw_error *error) {
    struct kafka *kafka = (struct kafka *)feeder;
    struct gw_completion completions[COMPLETIONS];
    size_t count = 0;
    enum gw_status status = gw_sink_poll(kafka->sink, completions, COMPLETIONS, &count, error);
    if (status == GW_OK && count == 0) {
        struct pollfd wanted = {.fd = gw_sink_fd(kafka->sink), .events = POLLIN};
        poll(&wanted, 1, wait_ms);
        status = gw_sink_poll(kafka->sink, completions, COMPLETIONS, &count, error);
    }
    for (size_t i = 0; status == GW_OK && i < count; i++) {
        kafka->head.in_flight--;
        kafka->head.counts.taken += completions[i].status == GW_OK;
        kafka->head.counts.failed += completions[i].status != GW_OK;
    }
    return status;
}

static void free_kafka(struct kafka *kafka) {
    free(kafka->properties);
    free(kafka);
}

static enum gw_status close_kafka(struct gw_feeder *feeder, int linger_ms, struct gw_error *error) {
    struct kafka *kafka = (struct kafka *)feeder;
    enum gw_status status = feeder->in_flight > 0 ? gw_sink_flush(kafka->sink, linger_ms, error) : GW_OK;
    gw_sink_close(kafka->sink);
    free_kafka(kafka);
    return status;
}

static const struct gw_feeder_ops ops = {send, work, close_kafka};

static enum gw_status set_properties(struct kafka *kafka, const struct gw_kafka_settings *client,
                                     int timeout_ms) {
    size_t count = client->property_count;
    kafka->properties = calloc(count + 1, sizeof *kafka->properties);
    if (!kafka->properties) {
        return GW_NO_MEMORY;
    }
    snprintf(kafka->timeout, sizeof kafka->timeout, "%d", timeout_ms);
    kafka->properties[0] = (struct gw_property){"message.timeout.ms", kafka->timeout};
    for (size_t i = 0; i < count; i++) {
        kafka->properties[i + 1] = client->properties[i];
    }
    kafka->settings.kafka.properties = kafka->properties;
    kafka->settings.kafka.property_count = count + 1;
    return GW_OK;
}

enum gw_status gw_feeder_open_kafka(const struct gw_kafka_settings *client, const char *topic, int timeout_ms,
                                    struct gw_feeder **feeder, struct gw_error *error) {
    struct kafka *kafka = calloc(1, sizeof *kafka);
    if (!kafka) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a Kafka producer");
    }
    kafka->head.ops = &ops;
    kafka->settings = (struct gw_kafka_sink_settings){
        .kafka = *client, .topics = {[GW_OUTLET_RECORDS] = topic}, .queue_bytes = QUEUE_BYTES};
    enum gw_status status = set_properties(kafka, client, timeout_ms);
    status = status == GW_OK ? gw_kafka_sink_open(&kafka->settings, &gw_clock_system, &kafka->sink, error)
                             : gw_fail(error, status, GW_NO_POSITION, "no memory for a Kafka producer");
    if (status != GW_OK) {
        free_kafka(kafka);
        return status;
    }
    *feeder = &kafka->head;
    return GW_OK;
}
