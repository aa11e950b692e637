/* A metadata request per endpoint, with the endpoint's own TLS and SASL. */
#include "cli/online.h"

#include "transport/kafka_client.h"

struct question {
    const char *key; /* "source.kafka" */
    const struct gw_kafka_settings *client;
    const char *const *topics;
    size_t topic_count;
};

struct inquiry {
    const char *name;
    FILE *errors;
    size_t mistakes;
};

static void complain(struct inquiry *inquiry, const char *key, const struct gw_error *error) {
    fprintf(inquiry->errors, "%s: %s: %s\n", inquiry->name, key, error->detail);
    inquiry->mistakes++;
}

static bool is_plain(const char *topic) {
    return topic[0] != '^' && !strchr(topic, '{');
}

static bool has_topic(const struct rd_kafka_metadata *metadata, const char *topic) {
    for (int i = 0; i < metadata->topic_cnt; i++) {
        if (strcmp(metadata->topics[i].topic, topic) == 0 && !metadata->topics[i].err) {
            return true;
        }
    }
    return false;
}

static void look_for_topics(struct inquiry *inquiry, const struct question *question,
                            const struct rd_kafka_metadata *metadata) {
    for (size_t i = 0; i < question->topic_count; i++) {
        struct gw_error error;
        if (is_plain(question->topics[i]) && !has_topic(metadata, question->topics[i])) {
            gw_fail(&error, GW_REFUSED, GW_NO_POSITION,
                    "the cluster has no topic %s, or does not show it to this user; create it",
                    question->topics[i]);
            complain(inquiry, question->key, &error);
        }
    }
}

static void ask(struct inquiry *inquiry, const struct question *question) {
    struct gw_error error;
    rd_kafka_conf_t *conf;
    rd_kafka_t *client = NULL;
    const struct rd_kafka_metadata *metadata = NULL;
    enum gw_status status = gw_kafka_conf_new(question->client, NULL, 0, &conf, &error);
    if (status == GW_OK) {
        status = gw_kafka_client_new(RD_KAFKA_PRODUCER, conf, &client, &error);
    }
    if (status == GW_OK) {
        rd_kafka_resp_err_t code = rd_kafka_metadata(client, 1, NULL, &metadata, GW_ONLINE_TIMEOUT_MS);
        if (code) {
            status = gw_fail(&error, gw_kafka_status(code), GW_NO_POSITION,
                             "%s does not answer (%s); check that it is right and up, and TLS and SASL",
                             question->client->brokers, rd_kafka_err2str(code));
        }
    }
    if (status == GW_OK) {
        look_for_topics(inquiry, question, metadata);
        rd_kafka_metadata_destroy(metadata);
    } else {
        complain(inquiry, question->key, &error);
    }
    if (client) {
        rd_kafka_destroy(client);
    }
}

size_t gw_online_check(const struct gw_config *config, const char *name, FILE *errors) {
    struct inquiry inquiry = {name, errors, 0};
    const struct question source = {"source.kafka", &config->source.kafka.client,
                                    config->source.kafka.topics.items, config->source.kafka.topics.count};
    const struct question sinks[] = {
        {"sink.kafka", &config->sink.kafka.client, &config->sink.kafka.topic, 1},
        {"dead_letters.kafka", &config->dead_letters.kafka.client, &config->dead_letters.kafka.topic, 1}};
    const enum gw_endpoint_kind kinds[] = {config->sink.kind, config->dead_letters.kind};
    if (config->source.kind == GW_ENDPOINT_KAFKA) {
        ask(&inquiry, &source);
    }
    for (size_t i = 0; i < 2; i++) {
        if (kinds[i] == GW_ENDPOINT_KAFKA) {
            ask(&inquiry, &sinks[i]);
        }
    }
    return inquiry.mistakes;
}
