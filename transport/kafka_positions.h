/* Kafka's form of positions: next offsets and the consumer group they are valid for. */
#ifndef GW_TRANSPORT_KAFKA_POSITIONS_H
#define GW_TRANSPORT_KAFKA_POSITIONS_H

#include "base/status.h"
#include "transport/positions.h"

#include <librdkafka/rdkafka.h>

/* Both parts belong to the positions. */
struct gw_positions {
    rd_kafka_topic_partition_list_t *offsets;
    rd_kafka_consumer_group_metadata_t *group;
};

/* Takes over both, also when it fails with GW_NO_MEMORY. */
enum gw_status gw_kafka_positions_new(rd_kafka_topic_partition_list_t *offsets,
                                      rd_kafka_consumer_group_metadata_t *group, struct gw_positions **out);

#endif
