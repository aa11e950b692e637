/* librdkafka properties that were given to a command: -X KEY=VALUE, and a file of them. */
#ifndef GW_CLI_PROPERTIES_H
#define GW_CLI_PROPERTIES_H

#include "base/arena.h"
#include "cli/options.h"
#include "transport/kafka_settings.h"

#include <stdio.h>

/* The rows of a command's table. */
#define GW_PROPERTY_OPTION                                                                                   \
    { 'X', "property", "KEY=VALUE…", NULL, "a librdkafka property, such as security.protocol=sasl_ssl" }
#define GW_PROPERTIES_OPTION                                                                                 \
    { '\0', "properties", "FILE", NULL, "a file of such properties, one a line: the place for passwords" }

#define GW_PROPERTIES_BYTES_MAX ((size_t)1 << 20)

/* Puts the file's properties, and behind them those of the command line, which win, into `client`; they lie
 * in `arena`. `file` is the place of --properties in the table. What is wrong is said on `errors`; returns an
 * exit code. */
int gw_properties_read(const struct gw_arguments *arguments, size_t file, struct gw_arena *arena,
                       struct gw_kafka_settings *client, FILE *errors);

#endif
