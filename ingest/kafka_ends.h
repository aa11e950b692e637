/* Where the partitions of a consumer end, and whether its group has left any without an owner: asked of the
 * brokers again and again by a thread of its own.
 *
 * What a consumer has fetched tells how much waits behind it, but only while it can fetch: a partition that
 * it may not read, or that is paused from the start, tells nothing. librdkafka's calls that ask for ends wait
 * for the answer, which is why no owner's loop can make them.
 */
#ifndef GW_INGEST_KAFKA_ENDS_H
#define GW_INGEST_KAFKA_ENDS_H

#include "base/status.h"

#include <librdkafka/rdkafka.h>
#include <stdbool.h>

/* How often the brokers are asked, and how long an answer may take. */
#define GW_KAFKA_ENDS_EVERY_MS   2000
#define GW_KAFKA_ENDS_TIMEOUT_MS 1000

/* Partitions that nobody owns for so many looks are nobody's: a rebalance has had its time. */
#define GW_KAFKA_ENDS_ORPHAN_LOOKS 3

struct gw_kafka_ends;

/* Begins to ask for what is assigned to this consumer, and after its group where `group` names one. All must
 * outlive the ends. */
enum gw_status gw_kafka_ends_open(rd_kafka_t *client, const char *group, const char *const *topics,
                                  size_t topic_count, struct gw_kafka_ends **ends, struct gw_error *error);

/* Partitions have come: the group is looked at until all have an owner. NULL is fine. */
void gw_kafka_ends_doubt(struct gw_kafka_ends *ends);

/* Whether partitions without an owner were found, which this member must join the group anew for; true once
 * for each time. */
bool gw_kafka_ends_found_orphans(struct gw_kafka_ends *ends);

/* Offsets of a partition, as last answered; -1 where that is not known (yet). */
struct gw_kafka_span {
    int64_t begin; /* what the group has committed, or else the first there is; only asked for while nothing
                      has been consumed */
    int64_t end;   /* behind the last committed message */
};

struct gw_kafka_span gw_kafka_ends_look(struct gw_kafka_ends *ends, const char *topic, int32_t partition);

/* Waits for a call that is under way, up to GW_KAFKA_ENDS_TIMEOUT_MS. NULL is fine. */
void gw_kafka_ends_close(struct gw_kafka_ends *ends);

#endif
