/* Whether every partition of a group's topics has an owner, asked of the brokers.
 *
 * A static member that dies between the two rounds of a cooperative rebalance, when it has let partitions go
 * and not yet asked for the second round, comes back to what the first round gave it: nobody asks any more,
 * and those partitions have no owner until the next rebalance, however far off that is. Whoever finds this
 * must leave the group and join it anew.
 */
#ifndef GW_INGEST_KAFKA_GROUP_H
#define GW_INGEST_KAFKA_GROUP_H

#include <librdkafka/rdkafka.h>
#include <stddef.h>

enum gw_kafka_group {
    GW_KAFKA_GROUP_UNKNOWN, /* it is rebalancing, or there was no answer */
    GW_KAFKA_GROUP_WHOLE,
    GW_KAFKA_GROUP_HAS_ORPHANS
};

/* Waits for the answers, up to twice `timeout_ms`. A topic that is a pattern counts as far as some member has
 * a partition of what it matches. */
enum gw_kafka_group gw_kafka_group_look(rd_kafka_t *client, const char *group, const char *const *topics,
                                        size_t topic_count, int timeout_ms);

#endif
