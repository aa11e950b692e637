/* Stands in for Kafka's source and sink in a tree that has none. */
#include "ingest/kafka_source.h"
#include "publish/kafka_sink.h"
#include "transport/positions.h"

void gw_positions_free(struct gw_positions *positions) {
    (void)positions;
}

enum gw_status gw_kafka_source_open(const struct gw_kafka_source_settings *settings,
                                    const struct gw_source_events *events, const struct gw_clock *clock,
                                    struct gw_source **source, struct gw_error *error) {
    (void)settings, (void)events, (void)clock, (void)source;
    return gw_fail(error, GW_UNSUPPORTED, GW_NO_POSITION, "this build has no Kafka");
}

enum gw_status gw_kafka_sink_open(const struct gw_kafka_sink_settings *settings, const struct gw_clock *clock,
                                  struct gw_sink **sink, struct gw_error *error) {
    (void)settings, (void)clock, (void)sink;
    return gw_fail(error, GW_UNSUPPORTED, GW_NO_POSITION, "this build has no Kafka");
}
