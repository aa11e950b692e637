/* The configuration as one text that the supervisor has checked: children get this and not the file, which
 * may change. */
#ifndef GW_RUN_CONFIG_SNAPSHOT_H
#define GW_RUN_CONFIG_SNAPSHOT_H

#include "run/config/config.h"

/* The folder of a configuration file, where its relative paths start; "." for NULL. */
void gw_config_directory(const char *path, char *out, size_t size);

/* Reads, parses and checks the file (NULL: the embedded default) and opens its model once. Mistakes are
 * printed to stderr as file:line: key: message. On success the caller frees `*config` and closes `*fd`, a
 * memfd with the text. */
enum gw_status gw_config_snapshot_take(const char *path, const char *directory, struct gw_config **config,
                                       int *fd, struct gw_error *error);

#endif
