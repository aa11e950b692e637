/* Records and dead letters to Kafka topics. */
#ifndef GW_PUBLISH_KAFKA_SINK_H
#define GW_PUBLISH_KAFKA_SINK_H

#include "publish/sink.h"
#include "transport/kafka_settings.h"

/* How long the owner waits for brokers that do not answer. */
struct gw_patience {
    bool (*is_over)(void *context); /* asked several times a second while open waits; NULL: never */
    void *context;
};

struct gw_kafka_sink_settings {
    struct gw_kafka_settings kafka;
    const char *topics[GW_OUTLET_COUNT]; /* per outlet; NULL: this sink does not serve it */
    size_t queue_bytes;                  /* most bytes that wait in librdkafka */
    const char *transactional_id;        /* NULL: idempotent, without transactions */
    int transaction_timeout_ms;          /* the brokers abort an older one, and fence who left it open */
    struct gw_patience patience;
};

/* Connects in the background, but for transactions, which are initialised here (this fences an older producer
 * with the same id): that waits up to half a minute for the brokers. GW_CLOSED: the patience was over before.
 * `clock` and the settings must outlive the sink. */
enum gw_status gw_kafka_sink_open(const struct gw_kafka_sink_settings *settings, const struct gw_clock *clock,
                                  struct gw_sink **sink, struct gw_error *error);

#endif
