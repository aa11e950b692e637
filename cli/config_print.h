/* A configuration as it is in effect, as YAML that says the same. */
#ifndef GW_CLI_CONFIG_PRINT_H
#define GW_CLI_CONFIG_PRINT_H

#include "run/config/config.h"

/* Every key that is in use, defaults included, each with its section; secrets are shown as a row of
 * asterisks. */
void gw_config_print(const struct gw_config *config, FILE *out);

#endif
