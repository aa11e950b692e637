/* The configuration: one YAML file, described by one table (config_table.h), as structs for the rest of the
 * program. */
#ifndef GW_RUN_CONFIG_CONFIG_H
#define GW_RUN_CONFIG_CONFIG_H

#include "base/hash.h"
#include "base/log.h"
#include "base/status.h"
#include "ingest/file_source.h"
#include "process/annotate.h"
#include "schemas/limits.h"
#include "schemas/record.h"
#include "transport/kafka_settings.h"
#include "transport/zeromq_settings.h"

#include <stdio.h>

enum gw_endpoint_kind { GW_ENDPOINT_UNSET, GW_ENDPOINT_KAFKA, GW_ENDPOINT_ZEROMQ, GW_ENDPOINT_FILE };

enum gw_delivery {
    GW_DELIVERY_UNSET,
    GW_DELIVERY_BEST_EFFORT,
    GW_DELIVERY_AT_LEAST_ONCE,
    GW_DELIVERY_EXACTLY_ONCE
};

struct gw_strings {
    const char *const *items;
    size_t count;
};

struct gw_source_config {
    enum gw_endpoint_kind kind;
    struct {
        struct gw_kafka_settings client;
        struct gw_strings topics;
        const char *group;
    } kafka;
    struct gw_zeromq_settings zeromq;
    struct {
        struct gw_strings paths;
        enum gw_file_format format;
    } file;
};

/* `sink` and `dead_letters` have the same form; what dead_letters leaves out of the same kind it takes from
 * sink. */
struct gw_sink_config {
    enum gw_endpoint_kind kind;
    struct {
        struct gw_kafka_settings client;
        const char *topic; /* a template: "records-{language}" */
        const char *key;   /* a template; NULL: the input's key, else the article's id */
    } kafka;
    struct gw_zeromq_settings zeromq;
    struct {
        const char *path;
        bool json_lines;
    } file;
};

#define GW_CONFIG_WORKERS_MAX 256

/* The largest configuration file. */
#define GW_CONFIG_BYTES_MAX ((size_t)1 << 20)

/* Everything, with defaults in place. Strings and arrays belong to the config. */
struct gw_config {
    const char *instance;
    int workers;
    enum gw_delivery delivery; /* never UNSET after loading: the strongest that the pair offers */
    size_t
        memory_bytes; /* of one worker, and of the hub: prefetch, producer queue, window and arena together */
    const char *state_dir;
    const char *run_dir;          /* the hub's socket */
    const char *model;            /* a path; NULL: the one that lies beside the program */
    struct gw_strings gazetteers; /* paths */
    struct gw_source_config source;
    struct gw_sink_config sink;
    struct gw_sink_config dead_letters;
    size_t record_bytes; /* the largest record */
    struct {
        enum gw_offsets offsets;
        enum gw_markers markers;
        bool body; /* false leaves it out */
        bool ninjs;
    } record;
    struct gw_limits limits;
    enum gw_html_offsets html_offsets;
    enum gw_other_languages other_languages;
    uint64_t annotate_budget;
    int drain_timeout_ms;
    struct {
        size_t messages;
        int interval_ms;
    } transaction; /* a bound of each */
    struct {
        int min_ms, max_ms, healthy_after_ms;
    } restart;
    struct {
        int cpu_ms, stall_ms;
    } watchdog;
    const char *admin_listen; /* "host:port", or "off" */
    struct {
        enum gw_log_level level;
        enum gw_log_format format;
    } log;
    char hash[GW_HASH_HEX_SIZE]; /* over the keys that affect records */
};

/* How many mistakes one load reports at most. */
#define GW_CONFIG_ERRORS_MAX 32

/* One mistake: where it is, and what to do. `line` is 0 when it is about the whole file. */
struct gw_config_error {
    unsigned line;
    char key[128];
    char message[GW_ERROR_DETAIL_MAX];
};

struct gw_config_errors {
    size_t count;
    struct gw_config_error items[GW_CONFIG_ERRORS_MAX];
};

/* Parses and checks `text` (YAML; empty is the embedded default: ZeroMQ PULL tcp://127.0.0.1:5555 → PUSH
 * tcp://127.0.0.1:5556, dead letters to a file). `${ENV}` is replaced inside scalars, `KEY_file` reads a
 * secret's value from a file. `directory` is what relative paths of the file start from. GW_BAD_CONFIG fills
 * `errors`, all that could be found at once; nothing is connected to. Free with gw_config_free. */
enum gw_status gw_config_load(struct gw_str text, const char *directory, struct gw_config **config,
                              struct gw_config_errors *errors);

/* NULL is fine. */
void gw_config_free(struct gw_config *config);

/* The same from a file, whose directory is where relative paths start. A file that cannot be read is a
 * mistake of line 0. `path` NULL is the embedded default. */
enum gw_status gw_config_load_file(const char *path, struct gw_config **config,
                                   struct gw_config_errors *errors);

/* One line per mistake: "file:line: key: message". */
void gw_config_print_errors(const struct gw_config_errors *errors, const char *path, FILE *out);

/* Whether ZeroMQ is the source, the sink or the dead letters' place, so that a hub is needed. */
static inline bool gw_config_uses_hub(const struct gw_config *config) {
    return config->source.kind == GW_ENDPOINT_ZEROMQ || config->sink.kind == GW_ENDPOINT_ZEROMQ ||
           config->dead_letters.kind == GW_ENDPOINT_ZEROMQ;
}

/* The first key in which the two differ and that a running glosswire cannot change; NULL: none. */
const char *gw_config_needs_restart(const struct gw_config *running, const struct gw_config *wanted);

#endif
