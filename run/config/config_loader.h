/* One load of a configuration, shared by its steps: defaults, the file, checks. Only for run/config/. */
#ifndef GW_RUN_CONFIG_CONFIG_LOADER_H
#define GW_RUN_CONFIG_CONFIG_LOADER_H

#include "run/config/config_table.h"
#include "run/config/config_values.h"

#define GW_CONFIG_SECTIONS_MAX 32

struct gw_config_loader {
    struct gw_config *config;
    struct gw_config_scope scope;
    struct gw_config_errors *errors;
    unsigned key_lines[GW_CONFIG_KEYS_MAX];         /* where the file sets each key; 0: it does not */
    unsigned section_lines[GW_CONFIG_SECTIONS_MAX]; /* likewise */
    bool no_memory;
};

/* Adds a mistake; those beyond GW_CONFIG_ERRORS_MAX are dropped. */
void gw_config_complain(struct gw_config_loader *loader, unsigned line, const char *key, const char *format,
                        ...) __attribute__((format(printf, 4, 5)));

/* Adds what `error` says, or notes that memory ran out. */
void gw_config_complain_of(struct gw_config_loader *loader, unsigned line, const char *key,
                           const struct gw_error *error);

/* The line that sets a key or opens a section, or that of the section it stands in; 0 when the file has
 * none. */
unsigned gw_config_line(const struct gw_config_loader *loader, const char *name);

/* Reads the file into the config. */
void gw_config_read_yaml(struct gw_config_loader *loader, struct gw_str text);

/* Fills in what is computed from other keys and from the host, and checks keys against each other. */
void gw_config_finish(struct gw_config_loader *loader);

#endif
