/* A worker's source and sinks, as its config names them. */
#ifndef GW_RUN_ENDPOINTS_H
#define GW_RUN_ENDPOINTS_H

#include "ingest/file_source.h"
#include "ingest/kafka_source.h"
#include "ingest/zeromq_source.h"
#include "publish/file_sink.h"
#include "publish/kafka_sink.h"
#include "publish/zeromq_sink.h"
#include "run/config/config.h"

#include <limits.h>

/* When partitions are taken away, a worker has so long to finish what is in flight. */
#define GW_REVOKE_TIMEOUT_MS 10000

/* A transaction may be open so much longer than its interval. Readers of committed messages wait as long for
 * one that its owner cannot end, because it is stopped or cut off. */
#define GW_TRANSACTION_MARGIN_MS 10000

/* Files are synced at the latest so long after a write. */
#define GW_FILE_SYNC_MS 20

#define GW_IDENTITY_MAX 512

/* Zero-initialised, but for `patience`, which is the caller's. The settings stand here because sources and
 * sinks go on reading them: it must stay where it is while anything is open. */
struct gw_endpoints {
    const struct gw_config *config;
    int slot;
    const struct gw_clock *clock;
    struct gw_patience patience; /* with brokers, while sinks are opened */
    struct gw_source *source;
    struct gw_sink *sinks[GW_OUTLET_COUNT]; /* one and the same where it can serve both outlets */
    char hub_path[PATH_MAX];
    char state_path[PATH_MAX];
    char identity[GW_IDENTITY_MAX]; /* "<group>.<instance>.<slot>": of the member, and of its transactions */
    struct gw_file_source_settings file_source;
    struct gw_kafka_source_settings kafka_source;
    struct gw_zeromq_source_settings zeromq_source;
    struct gw_file_sink_settings file_sinks[GW_OUTLET_COUNT];
    struct gw_kafka_sink_settings kafka_sinks[GW_OUTLET_COUNT];
    struct gw_zeromq_sink_settings zeromq_sink;
};

/* Opens the sinks of a worker's slot. What is open after a failure is closed by gw_endpoints_close. The
 * config and the clock must outlive the endpoints. */
enum gw_status gw_endpoints_open_sinks(struct gw_endpoints *endpoints, const struct gw_config *config,
                                       int slot, const struct gw_clock *clock, struct gw_error *error);

/* Then the source. */
enum gw_status gw_endpoints_open_source(struct gw_endpoints *endpoints, const struct gw_source_events *events,
                                        struct gw_error *error);

/* Whether one sink serves both outlets of this config. */
bool gw_endpoints_share_sink(const struct gw_config *config);

/* Closes what is open. */
void gw_endpoints_close(struct gw_endpoints *endpoints);

#endif
