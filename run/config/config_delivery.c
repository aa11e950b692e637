/* Which promise a pair of endpoints can keep, and whether the configuration asks for more. */
#include "run/config/config_delivery.h"

#define DEFAULT_PORT ":9092"

static bool is_stdio(const char *path) {
    return path && strcmp(path, "-") == 0;
}

static bool same_text(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool gw_config_same_client(const struct gw_kafka_settings *a, const struct gw_kafka_settings *b) {
    bool same = a->tls == b->tls && a->property_count == b->property_count &&
                same_text(a->brokers, b->brokers) && same_text(a->ca_file, b->ca_file) &&
                same_text(a->certificate_file, b->certificate_file) && same_text(a->key_file, b->key_file) &&
                same_text(a->key_password, b->key_password) &&
                same_text(a->sasl_mechanism, b->sasl_mechanism) && same_text(a->username, b->username) &&
                same_text(a->password, b->password);
    for (size_t i = 0; same && i < a->property_count; i++) {
        same = same_text(a->properties[i].name, b->properties[i].name) &&
               same_text(a->properties[i].value, b->properties[i].value);
    }
    return same;
}

/* One broker of a list: "host" or "host:port", without a scheme in front. */
static struct gw_str broker_at(const char *list, const char **next) {
    size_t size = strcspn(list, ",");
    const char *scheme = memmem(list, size, "://", 3);
    const char *begin = scheme ? scheme + 3 : list;
    *next = list[size] ? list + size + 1 : NULL;
    return (struct gw_str){begin, (size_t)(list + size - begin)};
}

/* A broker without a port has the default one. */
static struct gw_str without_default_port(struct gw_str broker) {
    size_t port = strlen(DEFAULT_PORT);
    bool given = broker.size > port && memcmp(broker.data + broker.size - port, DEFAULT_PORT, port) == 0;
    return (struct gw_str){broker.data, given ? broker.size - port : broker.size};
}

static bool names_broker(const char *list, struct gw_str wanted) {
    while (list) {
        if (gw_str_eq(without_default_port(broker_at(list, &list)), without_default_port(wanted))) {
            return true;
        }
    }
    return false;
}

/* A broker belongs to one cluster, so one that both lists name settles it. */
static bool same_cluster(const char *a, const char *b) {
    while (a && b) {
        if (names_broker(b, broker_at(a, &a))) {
            return true;
        }
    }
    return false;
}

/* Standard input cannot be read again, nor standard output be synced. */
static bool keeps_no_promise(enum gw_endpoint_kind kind, const struct gw_zeromq_settings *zeromq,
                             const char *path) {
    return (kind == GW_ENDPOINT_ZEROMQ && zeromq->pattern != GW_ZEROMQ_ACKED) ||
           (kind == GW_ENDPOINT_FILE && is_stdio(path));
}

static bool is_weak(const struct gw_config *config) {
    const struct gw_source_config *source = &config->source;
    const struct gw_sink_config *sink = &config->sink, *letters = &config->dead_letters;
    bool weak = keeps_no_promise(sink->kind, &sink->zeromq, sink->file.path) ||
                keeps_no_promise(letters->kind, &letters->zeromq, letters->file.path) ||
                keeps_no_promise(source->kind, &source->zeromq, NULL);
    for (size_t i = 0; source->kind == GW_ENDPOINT_FILE && i < source->file.paths.count; i++) {
        weak = weak || is_stdio(source->file.paths.items[i]);
    }
    return weak;
}

/* One transaction holds records, dead letters and offsets: one producer, in the source's cluster. NULL when
 * that can be, else what is in the way. */
static const char *wants_for_transactions(const struct gw_config *config) {
    const struct gw_kafka_settings *source = &config->source.kafka.client, *sink = &config->sink.kafka.client,
                                   *letters = &config->dead_letters.kafka.client;
    if (config->source.kind != GW_ENDPOINT_KAFKA || config->sink.kind != GW_ENDPOINT_KAFKA ||
        config->dead_letters.kind != GW_ENDPOINT_KAFKA) {
        return "is only for Kafka to Kafka, dead letters, too";
    }
    if (!gw_config_same_client(sink, letters)) {
        return "needs dead_letters.kafka with the sink's brokers, login and properties (leave them out "
               "there)";
    }
    return same_cluster(source->brokers, sink->brokers)
               ? NULL
               : "needs source and sink in one cluster; name a broker of it in both";
}

static enum gw_delivery strongest_delivery(const struct gw_config *config) {
    if (!wants_for_transactions(config)) {
        return GW_DELIVERY_EXACTLY_ONCE;
    }
    return is_weak(config) ? GW_DELIVERY_BEST_EFFORT : GW_DELIVERY_AT_LEAST_ONCE;
}

const char *gw_config_finish_delivery(struct gw_config *config, const char **instead) {
    enum gw_delivery strongest = strongest_delivery(config);
    if (config->delivery == GW_DELIVERY_UNSET) {
        config->delivery = strongest;
    }
    if (config->delivery <= strongest) {
        return NULL;
    }
    *instead = strongest == GW_DELIVERY_BEST_EFFORT ? "best_effort" : "at_least_once";
    return config->delivery == GW_DELIVERY_EXACTLY_ONCE
               ? wants_for_transactions(config)
               : "cannot be promised by pull, sub, push, pub and standard streams; use acked, kafka or files";
}
