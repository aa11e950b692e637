/* Positions that a source has settled, as one opaque thing that a sink may commit. */
#ifndef GW_TRANSPORT_POSITIONS_H
#define GW_TRANSPORT_POSITIONS_H

/* Per partition the offset below which every receipt is settled, plus the consumer group's metadata. Its form
 * belongs to the transport that made it (Kafka's is in kafka_positions.h); run/ only carries it from source
 * to sink. */
struct gw_positions;

/* NULL is fine. */
void gw_positions_free(struct gw_positions *positions);

#endif
