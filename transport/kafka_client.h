/* What both sides of Kafka do with librdkafka: settings to a client, its errors to statuses, its logs to
 * ours. */
#ifndef GW_TRANSPORT_KAFKA_CLIENT_H
#define GW_TRANSPORT_KAFKA_CLIENT_H

#include "base/status.h"
#include "base/str.h"
#include "transport/kafka_settings.h"

#include <librdkafka/rdkafka.h>

/* A configuration of `ours` (the side's own properties), over it the settings' brokers, TLS and SASL, and
 * over all of these the settings' properties. Logs and client-wide errors go to base/log.h, from librdkafka's
 * own threads. GW_BAD_CONFIG names the property and what is wrong with it, never the value of a secret. The
 * caller owns *conf until gw_kafka_client_new takes it. */
enum gw_status gw_kafka_conf_new(const struct gw_kafka_settings *settings, const struct gw_property *ours,
                                 size_t count, rd_kafka_conf_t **conf, struct gw_error *error);

/* The client; `conf` is gone in any case. Nothing is connected to yet. GW_BAD_CONFIG when librdkafka finds
 * that the properties do not go together. */
enum gw_status gw_kafka_client_new(rd_kafka_type_t type, rd_kafka_conf_t *conf, rd_kafka_t **client,
                                   struct gw_error *error);

/* The value that this configuration has for a whole-number property. */
size_t gw_kafka_conf_number(const rd_kafka_conf_t *conf, const char *name);

/* Whether the user set this property. */
bool gw_kafka_is_set(const struct gw_kafka_settings *settings, const char *name);

/* librdkafka's error as ours; one that is not in the table is the peer's (GW_UNREACHABLE): try again. */
enum gw_status gw_kafka_status(rd_kafka_resp_err_t code);

/* What to do about an error, for people; NULL when there is nothing but to wait. Static storage. */
const char *gw_kafka_remedy(rd_kafka_resp_err_t code);

/* Fills `error` with what was being done, librdkafka's reason and the remedy; returns the status. */
enum gw_status gw_kafka_fail(struct gw_error *error, rd_kafka_resp_err_t code, const char *doing,
                             const char *reason);

#endif
