/* Articles from Kafka topics, as a member of a consumer group. */
#ifndef GW_INGEST_KAFKA_SOURCE_H
#define GW_INGEST_KAFKA_SOURCE_H

#include "ingest/source.h"
#include "transport/kafka_settings.h"

struct gw_kafka_source_settings {
    struct gw_kafka_settings kafka;
    const char *const *topics; /* names, or patterns that begin with '^' */
    size_t topic_count;
    const char *group;
    const char *group_instance_id; /* static membership: "<group>.<instance>.<slot>"; NULL: dynamic */
    size_t prefetch_bytes;         /* most bytes that wait in librdkafka */
    size_t message_bytes_max;      /* `limits.message_bytes`: larger payloads are refused by the source */
    bool stores_positions;         /* false under exactly_once: the sink commits them */
    int revoke_timeout_ms;
};

/* Connects in the background: a broker that is down is not a failure of open, but a wrong setting is
 * (GW_BAD_CONFIG; the detail names the property). `clock` and the settings must outlive the source. */
enum gw_status gw_kafka_source_open(const struct gw_kafka_source_settings *settings,
                                    const struct gw_source_events *events, const struct gw_clock *clock,
                                    struct gw_source **source, struct gw_error *error);

#endif
