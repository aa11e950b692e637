/* What both sides of Kafka are configured with. */
#ifndef GW_TRANSPORT_KAFKA_SETTINGS_H
#define GW_TRANSPORT_KAFKA_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

/* Kafka's longest name of a topic. */
#define GW_TOPIC_BYTES_MAX 249

/* One librdkafka property, passed through as it is; wins over ours. */
struct gw_property {
    const char *name;
    const char *value;
};

/* Strings are terminated and belong to the config; NULL is unset. */
struct gw_kafka_settings {
    const char *brokers; /* "host:port,host:port" */
    bool tls;
    const char *ca_file, *certificate_file, *key_file, *key_password;
    const char *sasl_mechanism, *username, *password;
    const struct gw_property *properties;
    size_t property_count;
};

#endif
