/* Values of the table's types: from text to a member of the config, and back. */
#ifndef GW_RUN_CONFIG_CONFIG_VALUES_H
#define GW_RUN_CONFIG_CONFIG_VALUES_H

#include "base/buffer.h"
#include "run/config/config_table.h"

/* Where a config's strings lie, and what its relative paths start from (NULL: they stay as they are). */
struct gw_config_scope {
    struct gw_arena *arena;
    const char *directory;
};

/* Sets the key's member of `config` from text. GW_BAD_VALUE says what is wrong and what to write instead; a
 * secret is not quoted in it. A list becomes a list of one. Not for GW_KEY_PROPERTIES. */
enum gw_status gw_config_value_parse(const struct gw_config_key *key, struct gw_str text,
                                     const struct gw_config_scope *scope, struct gw_config *config,
                                     struct gw_error *error);

/* The same for lists. */
enum gw_status gw_config_list_parse(const struct gw_config_key *key, const struct gw_str *items, size_t count,
                                    const struct gw_config_scope *scope, struct gw_config *config,
                                    struct gw_error *error);

/* The same for GW_KEY_PROPERTIES. */
enum gw_status gw_config_properties_parse(const struct gw_config_key *key, const struct gw_str *names,
                                          const struct gw_str *values, size_t count,
                                          const struct gw_config_scope *scope, struct gw_config *config,
                                          struct gw_error *error);

/* Writes a bound of the key's value as it would be written in a file: "16MiB", "30s", "256". */
#define GW_CONFIG_BOUND_SIZE 32
void gw_config_bound_format(const struct gw_config_key *key, uint64_t bound, char out[GW_CONFIG_BOUND_SIZE]);

/* Whether the key's member is set: strings and paths that are not NULL, lists with items; others always. */
bool gw_config_value_is_set(const struct gw_config_key *key, const struct gw_config *config);

/* Appends a form of the value that is the same exactly when the value is; for hashes and comparisons, not for
 * people. */
enum gw_status gw_config_value_append(const struct gw_config_key *key, const struct gw_config *config,
                                      struct gw_buffer *out);

#endif
