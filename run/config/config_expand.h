/* ${NAME} and ${NAME:-default} inside a scalar. */
#ifndef GW_RUN_CONFIG_CONFIG_EXPAND_H
#define GW_RUN_CONFIG_CONFIG_EXPAND_H

#include "base/buffer.h"

/* The longest value after expansion. */
#define GW_CONFIG_VALUE_MAX ((size_t)64 << 10)

/* Appends `text` with environment variables put in; "$${" stands for "${". GW_BAD_VALUE names the variable
 * that is not set, or the place that is not well formed. What a variable holds is not expanded again. */
enum gw_status gw_config_expand(struct gw_str text, struct gw_buffer *out, struct gw_error *error);

#endif
