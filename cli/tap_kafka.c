/* Records from Kafka topics, without a place in anybody's group. */
#include "cli/tap.h"
#include "schemas/headers.h"
#include "transport/kafka_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct kafka_tap {
    struct gw_tap head;
    rd_kafka_t *client;
    rd_kafka_message_t *message; /* the one that was given out last */
};

/* data NULL when there is none. */
static struct gw_str header_of(const rd_kafka_message_t *message, const char *name) {
    rd_kafka_headers_t *headers;
    const void *value;
    size_t size;
    bool found = !rd_kafka_message_headers(message, &headers) &&
                 !rd_kafka_header_get_last(headers, name, &value, &size);
    return found && value ? (struct gw_str){value, size} : (struct gw_str){NULL, 0};
}

static enum gw_status next(struct gw_tap *head, int wait_ms, struct gw_tapped *tapped,
                           struct gw_error *error) {
    struct kafka_tap *tap = (struct kafka_tap *)head;
    if (tap->message) {
        rd_kafka_message_destroy(tap->message);
    }
    tap->message = rd_kafka_consumer_poll(tap->client, wait_ms);
    if (!tap->message) {
        return GW_AGAIN;
    }
    if (tap->message->err) {
        enum gw_status status = gw_kafka_status(tap->message->err);
        bool passes = gw_status_fault(status) == GW_FAULT_PEER && status != GW_REFUSED;
        return passes ? GW_AGAIN
                      : gw_kafka_fail(error, tap->message->err, "consume",
                                      rd_kafka_message_errstr(tap->message));
    }
    *tapped = (struct gw_tapped){.payload = {tap->message->payload, tap->message->len},
                                 .reason = header_of(tap->message, GW_HEADER_REASON),
                                 .detail = header_of(tap->message, GW_HEADER_DETAIL),
                                 .position = header_of(tap->message, GW_HEADER_POSITION)};
    tapped->is_original = tapped->reason.data != NULL;
    return GW_OK;
}

static void close_tap(struct gw_tap *head) {
    struct kafka_tap *tap = (struct kafka_tap *)head;
    if (tap->message) {
        rd_kafka_message_destroy(tap->message);
    }
    if (tap->client) {
        rd_kafka_consumer_close(tap->client);
        rd_kafka_destroy(tap->client);
    }
    free(tap);
}

static const struct gw_tap_ops ops = {next, close_tap};

static enum gw_status subscribe(struct kafka_tap *tap, const char *topic, struct gw_error *error) {
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, topic, RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t code = rd_kafka_subscribe(tap->client, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    return code ? gw_kafka_fail(error, code, "subscribe to the topic", rd_kafka_err2str(code)) : GW_OK;
}

static enum gw_status open_client(struct kafka_tap *tap, const struct gw_kafka_settings *settings,
                                  bool from_beginning, struct gw_error *error) {
    char group[64];
    snprintf(group, sizeof group, "glosswire-tail-%ld", (long)getpid());
    const struct gw_property ours[] = {{"group.id", group},
                                       {"enable.auto.commit", "false"},
                                       {"auto.offset.reset", from_beginning ? "earliest" : "latest"},
                                       {"allow.auto.create.topics", "false"}};
    rd_kafka_conf_t *conf;
    enum gw_status status = gw_kafka_conf_new(settings, ours, sizeof ours / sizeof ours[0], &conf, error);
    if (status == GW_OK) {
        status = gw_kafka_client_new(RD_KAFKA_CONSUMER, conf, &tap->client, error);
    }
    if (status == GW_OK) {
        rd_kafka_poll_set_consumer(tap->client);
    }
    return status;
}

enum gw_status gw_tap_open_kafka(const struct gw_kafka_settings *client, const char *topic,
                                 bool from_beginning, struct gw_tap **out, struct gw_error *error) {
    struct kafka_tap *tap = calloc(1, sizeof *tap);
    if (!tap) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a Kafka consumer");
    }
    tap->head.ops = &ops;
    enum gw_status status = open_client(tap, client, from_beginning, error);
    if (status == GW_OK) {
        status = subscribe(tap, topic, error);
    }
    if (status != GW_OK) {
        close_tap(&tap->head);
        return status;
    }
    *out = &tap->head;
    return GW_OK;
}
