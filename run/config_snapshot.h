/* The configuration as one text that the supervisor has checked: children get this and not the file, which
 * may change. */
#ifndef GW_RUN_CONFIG_SNAPSHOT_H
#define GW_RUN_CONFIG_SNAPSHOT_H

#include "run/config/config.h"

/* The folder of a configuration file, where its relative paths start; "." for NULL. */
void gw_config_directory(const char *path, char *out, size_t size);

struct gw_config_snapshot {
    struct gw_config *config;
    int text_fd;      /* a memfd with the text */
    int gazetteer_fd; /* one with the compiled gazetteers; empty when the configuration names none */
    int model_fd;     /* the model's file, whatever its name stands for by now */
};

/* What is in none. */
#define GW_CONFIG_SNAPSHOT_NONE ((struct gw_config_snapshot){NULL, -1, -1, -1})

/* Reads, parses and checks the file (NULL: the embedded default), opens its model and compiles its
 * gazetteers. Mistakes are printed to stderr as file:line: key: message. Close it in any case. */
enum gw_status gw_config_snapshot_take(const char *path, const char *directory,
                                       struct gw_config_snapshot *snapshot, struct gw_error *error);

/* Safe on one that was not taken. */
void gw_config_snapshot_close(struct gw_config_snapshot *snapshot);

#endif
