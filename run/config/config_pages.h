/* What is made from the configuration's table for people and editors. */
#ifndef GW_RUN_CONFIG_CONFIG_PAGES_H
#define GW_RUN_CONFIG_CONFIG_PAGES_H

#include "base/buffer.h"

/* Each appends a whole file to `out` and fails as the buffer does. */

/* The reference page, in Markdown. */
enum gw_status gw_config_write_reference(struct gw_buffer *out);

/* The manual page glosswire.yaml(5), as scdoc reads it. */
enum gw_status gw_config_write_manual(struct gw_buffer *out);

/* A JSON Schema (draft 2020-12), which editors complete and check a YAML file by. Values that `${…}` stands
 * in are allowed everywhere. */
enum gw_status gw_config_write_json_schema(struct gw_buffer *out);

/* For a terminal: one line per key, or only those whose name begins with `prefix` (NULL: all). */
enum gw_status gw_config_write_help(const char *prefix, struct gw_buffer *out);

#endif
