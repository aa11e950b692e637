/* Reading all that topics hold, once: for an audit, and for dead letters that are to be fed again. */
#ifndef GW_TRANSPORT_KAFKA_SCAN_H
#define GW_TRANSPORT_KAFKA_SCAN_H

#include "base/status.h"
#include "transport/kafka_settings.h"

#include <librdkafka/rdkafka.h>

#include <stdbool.h>
#include <stdint.h>

/* Offsets from `from` to below `to` of a partition of each topic. */
struct gw_kafka_range {
    int32_t partition; /* -1: all */
    int64_t from, to;
};

/* Everything belongs to the caller and must outlive the call. */
struct gw_kafka_scan {
    struct gw_kafka_settings client;
    const char *const *topics; /* names, or patterns that begin with '^' */
    size_t topic_count;
    const char
        *group; /* only what lies below the offsets that it has committed; NULL: all that is there now */
    const struct gw_kafka_range *ranges; /* none: everything; else only what is in one of them */
    size_t range_count;
    int timeout_ms; /* gives up after so long without any word from the brokers */
};

/* One message, which is the scan's. Anything but GW_OK ends the scan with this status. */
typedef enum gw_status gw_kafka_visit(void *context, const rd_kafka_message_t *message,
                                      struct gw_error *error);

/* Visits the messages that a reader of committed ones sees and that are there when it is called, partition by
 * partition in order, and returns when it has been through. Joins no group and commits nothing. Fails with
 * the visitor's status; GW_TIMEOUT; GW_REFUSED for a topic that is not there; others as the brokers say. */
enum gw_status gw_kafka_scan(const struct gw_kafka_scan *scan, gw_kafka_visit *visit, void *context,
                             struct gw_error *error);

#endif
