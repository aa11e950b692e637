/* One opener per kind of endpoint. */
#include "run/endpoints.h"

#include "run/config/config_delivery.h"
#include "run/hub/hub.h"
#include "run/memory_split.h"

#include <stdio.h>

#define STATE_FILE "file-source.state"

bool gw_endpoints_share_sink(const struct gw_config *config) {
    const struct gw_sink_config *records = &config->sink, *letters = &config->dead_letters;
    if (records->kind != letters->kind) {
        return false;
    }
    if (records->kind == GW_ENDPOINT_KAFKA) {
        return gw_config_same_client(&records->kafka.client, &letters->kafka.client);
    }
    return records->kind != GW_ENDPOINT_FILE || records->file.json_lines == letters->file.json_lines;
}

static const struct gw_sink_config *outlet_of(const struct gw_config *config, enum gw_outlet outlet) {
    return outlet == GW_OUTLET_RECORDS ? &config->sink : &config->dead_letters;
}

/* A sink of its own for dead letters gets a small part. */
static size_t queue_share(const struct gw_endpoints *endpoints, enum gw_outlet outlet) {
    size_t all = gw_memory_share(endpoints->config->memory_bytes, GW_MEMORY_QUEUE);
    size_t letters = gw_endpoints_share_sink(endpoints->config) ? 0 : all / 4;
    return outlet == GW_OUTLET_RECORDS ? all - letters : letters;
}

static bool is_exactly_once(const struct gw_endpoints *endpoints) {
    return endpoints->config->delivery == GW_DELIVERY_EXACTLY_ONCE;
}

static enum gw_status open_kafka_sink(struct gw_endpoints *endpoints, enum gw_outlet outlet, bool both,
                                      struct gw_error *error) {
    struct gw_kafka_sink_settings *settings = &endpoints->kafka_sinks[outlet];
    settings->kafka = outlet_of(endpoints->config, outlet)->kafka.client;
    settings->queue_bytes = queue_share(endpoints, outlet);
    settings->transactional_id = is_exactly_once(endpoints) ? endpoints->identity : NULL;
    settings->transaction_timeout_ms = endpoints->config->transaction.interval_ms + GW_TRANSACTION_MARGIN_MS;
    settings->patience = endpoints->patience;
    settings->topics[outlet] = outlet_of(endpoints->config, outlet)->kafka.topic;
    if (both) {
        settings->topics[GW_OUTLET_DEAD_LETTERS] = endpoints->config->dead_letters.kafka.topic;
    }
    return gw_kafka_sink_open(settings, endpoints->clock, &endpoints->sinks[outlet], error);
}

/* The hub tells the outlets apart, so that one connection serves both. */
static enum gw_status open_zeromq_sink(struct gw_endpoints *endpoints, enum gw_outlet outlet, bool both,
                                       struct gw_error *error) {
    (void)both;
    endpoints->zeromq_sink = (struct gw_zeromq_sink_settings){.hub_path = endpoints->hub_path,
                                                              .slot = endpoints->slot,
                                                              .queue_bytes = queue_share(endpoints, outlet)};
    return gw_zeromq_sink_open(&endpoints->zeromq_sink, endpoints->clock, &endpoints->sinks[outlet], error);
}

static enum gw_status open_file_sink(struct gw_endpoints *endpoints, enum gw_outlet outlet, bool both,
                                     struct gw_error *error) {
    struct gw_file_sink_settings *settings = &endpoints->file_sinks[outlet];
    settings->json_lines = outlet_of(endpoints->config, outlet)->file.json_lines;
    settings->sync_ms = GW_FILE_SYNC_MS;
    settings->paths[outlet] = outlet_of(endpoints->config, outlet)->file.path;
    if (both) {
        settings->paths[GW_OUTLET_DEAD_LETTERS] = endpoints->config->dead_letters.file.path;
    }
    return gw_file_sink_open(settings, endpoints->clock, &endpoints->sinks[outlet], error);
}

static enum gw_status open_sink(struct gw_endpoints *endpoints, enum gw_outlet outlet, bool both,
                                struct gw_error *error) {
    static enum gw_status (*const openers[])(struct gw_endpoints *, enum gw_outlet, bool,
                                             struct gw_error *) = {
        [GW_ENDPOINT_KAFKA] = open_kafka_sink,
        [GW_ENDPOINT_ZEROMQ] = open_zeromq_sink,
        [GW_ENDPOINT_FILE] = open_file_sink,
    };
    return openers[outlet_of(endpoints->config, outlet)->kind](endpoints, outlet, both, error);
}

static enum gw_status join_path(char out[PATH_MAX], const char *directory, const char *name,
                                struct gw_error *error) {
    int size = snprintf(out, PATH_MAX, "%s/%s", directory, name);
    return size > 0 && size < PATH_MAX
               ? GW_OK
               : gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION, "%.100s… is too long for a path", directory);
}

enum gw_status gw_endpoints_open_sinks(struct gw_endpoints *endpoints, const struct gw_config *config,
                                       int slot, const struct gw_clock *clock, struct gw_error *error) {
    endpoints->config = config;
    endpoints->slot = slot;
    endpoints->clock = clock;
    snprintf(endpoints->identity, sizeof endpoints->identity, "%s.%s.%d", config->source.kafka.group,
             config->instance, slot);
    bool both = gw_endpoints_share_sink(config);
    enum gw_status status = join_path(endpoints->hub_path, config->run_dir, GW_HUB_SOCKET_NAME, error);
    if (status == GW_OK) {
        status = join_path(endpoints->state_path, config->state_dir, STATE_FILE, error);
    }
    if (status == GW_OK) {
        status = open_sink(endpoints, GW_OUTLET_RECORDS, both, error);
    }
    if (status != GW_OK || both) {
        endpoints->sinks[GW_OUTLET_DEAD_LETTERS] = endpoints->sinks[GW_OUTLET_RECORDS];
        return status;
    }
    return open_sink(endpoints, GW_OUTLET_DEAD_LETTERS, false, error);
}

static enum gw_status open_kafka_source(struct gw_endpoints *endpoints, const struct gw_source_events *events,
                                        struct gw_error *error) {
    const struct gw_config *config = endpoints->config;
    endpoints->kafka_source = (struct gw_kafka_source_settings){
        .kafka = config->source.kafka.client,
        .topics = config->source.kafka.topics.items,
        .topic_count = config->source.kafka.topics.count,
        .group = config->source.kafka.group,
        .group_instance_id = endpoints->identity,
        .prefetch_bytes = gw_memory_share(config->memory_bytes, GW_MEMORY_PREFETCH),
        .message_bytes_max = config->limits.message_bytes,
        .stores_positions = !is_exactly_once(endpoints),
        .revoke_timeout_ms = GW_REVOKE_TIMEOUT_MS,
    };
    return gw_kafka_source_open(&endpoints->kafka_source, events, endpoints->clock, &endpoints->source,
                                error);
}

static enum gw_status open_zeromq_source(struct gw_endpoints *endpoints,
                                         const struct gw_source_events *events, struct gw_error *error) {
    endpoints->zeromq_source = (struct gw_zeromq_source_settings){
        .hub_path = endpoints->hub_path,
        .slot = endpoints->slot,
        .credit_bytes = gw_memory_share(endpoints->config->memory_bytes, GW_MEMORY_PREFETCH),
    };
    return gw_zeromq_source_open(&endpoints->zeromq_source, events, endpoints->clock, &endpoints->source,
                                 error);
}

/* Files are never revoked. */
static enum gw_status open_file_source(struct gw_endpoints *endpoints, const struct gw_source_events *events,
                                       struct gw_error *error) {
    (void)events;
    const struct gw_config *config = endpoints->config;
    endpoints->file_source = (struct gw_file_source_settings){
        .paths = config->source.file.paths.items,
        .path_count = config->source.file.paths.count,
        .format = config->source.file.format,
        .message_bytes_max = config->limits.message_bytes,
        .state_path = endpoints->state_path,
    };
    return gw_file_source_open(&endpoints->file_source, &endpoints->source, error);
}

enum gw_status gw_endpoints_open_source(struct gw_endpoints *endpoints, const struct gw_source_events *events,
                                        struct gw_error *error) {
    static enum gw_status (*const openers[])(struct gw_endpoints *, const struct gw_source_events *,
                                             struct gw_error *) = {
        [GW_ENDPOINT_KAFKA] = open_kafka_source,
        [GW_ENDPOINT_ZEROMQ] = open_zeromq_source,
        [GW_ENDPOINT_FILE] = open_file_source,
    };
    return openers[endpoints->config->source.kind](endpoints, events, error);
}

/* The source first: it may still commit, and nothing is sent any more. */
void gw_endpoints_close(struct gw_endpoints *endpoints) {
    gw_source_close(endpoints->source);
    gw_sink_close(endpoints->sinks[GW_OUTLET_RECORDS]);
    if (endpoints->sinks[GW_OUTLET_DEAD_LETTERS] != endpoints->sinks[GW_OUTLET_RECORDS]) {
        gw_sink_close(endpoints->sinks[GW_OUTLET_DEAD_LETTERS]);
    }
    endpoints->source = NULL;
    endpoints->sinks[GW_OUTLET_RECORDS] = endpoints->sinks[GW_OUTLET_DEAD_LETTERS] = NULL;
}
