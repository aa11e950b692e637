/* Only Kafka has positions that a sink can commit, so their end is here. */
#include "transport/kafka_positions.h"

#include <stdlib.h>

static void free_parts(struct gw_positions parts) {
    if (parts.offsets) {
        rd_kafka_topic_partition_list_destroy(parts.offsets);
    }
    if (parts.group) {
        rd_kafka_consumer_group_metadata_destroy(parts.group);
    }
}

enum gw_status gw_kafka_positions_new(rd_kafka_topic_partition_list_t *offsets,
                                      rd_kafka_consumer_group_metadata_t *group, struct gw_positions **out) {
    struct gw_positions *positions = malloc(sizeof *positions);
    if (!positions) {
        free_parts((struct gw_positions){offsets, group});
        return GW_NO_MEMORY;
    }
    *positions = (struct gw_positions){offsets, group};
    *out = positions;
    return GW_OK;
}

void gw_positions_free(struct gw_positions *positions) {
    if (positions) {
        free_parts(*positions);
        free(positions);
    }
}
