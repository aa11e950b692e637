/* Whether the brokers that a configuration names can be reached, and have its topics. */
#ifndef GW_CLI_ONLINE_H
#define GW_CLI_ONLINE_H

#include "run/config/config.h"

/* How long a broker may take to answer. */
#define GW_ONLINE_TIMEOUT_MS 10000

/* Asks each cluster once; returns how many mistakes were told on `errors`, as "NAME: key: message". Topics
 * that are patterns or templates are not looked for. */
size_t gw_online_check(const struct gw_config *config, const char *name, FILE *errors);

#endif
