/* Which promise a pair of endpoints can keep. */
#ifndef GW_RUN_CONFIG_CONFIG_DELIVERY_H
#define GW_RUN_CONFIG_CONFIG_DELIVERY_H

#include "run/config/config.h"

/* Whether one client of Kafka can serve both. */
bool gw_config_same_client(const struct gw_kafka_settings *a, const struct gw_kafka_settings *b);

/* Fills in `delivery` where it is unset: the strongest that the endpoints offer. Returns NULL, or why they
 * cannot offer what is asked for, with the word of what they can in *instead. Endpoints must be complete. */
const char *gw_config_finish_delivery(struct gw_config *config, const char **instead);

#endif
