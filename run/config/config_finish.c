/* What follows from several keys together, and from the host: computed defaults first, then checks. */
#include "run/config/config_delivery.h"
#include "run/config/config_host.h"
#include "run/config/config_loader.h"
#include "run/config/config_rules.h"
#include "run/hub/hub.h"

#include <sys/un.h>

/* A worker's memory must hold several messages of the largest size: one as it came, its annotation, its
 * record. */
#define MESSAGES_IN_MEMORY 4

#define DEAD_LETTERS_SUFFIX "-dead-letters"
#define DEAD_LETTERS_FILE   "dead-letters"

/* Two full stops and three digits are left of Kafka's 249 bytes. */
#define IDENTITY_PARTS_MAX 244

static const char *default_pull[] = {"tcp://127.0.0.1:5555"};
static const char *default_push[] = {"tcp://127.0.0.1:5556"};

/* A mistake at the line of `name`, or of the section around it. */
#define COMPLAIN(loader, name, ...)                                                                          \
    gw_config_complain((loader), gw_config_line((loader), (name)), (name), __VA_ARGS__)

static bool is_set_by_file(const struct gw_config_loader *loader, const struct gw_config_key *key) {
    return loader->key_lines[key - gw_config_keys] > 0;
}

static bool names_stdio(const char *path) {
    return path && strcmp(path, "-") == 0;
}

/* `a` and `b` put together; notes when memory ran out. */
static const char *join(struct gw_config_loader *loader, const char *a, const char *b) {
    size_t size = strlen(a) + strlen(b) + 1;
    char *out = gw_arena_take(loader->scope.arena, size);
    if (!out) {
        loader->no_memory = true;
        return NULL;
    }
    snprintf(out, size, "%s%s", a, b);
    return out;
}

static void default_endpoints(struct gw_config *config) {
    if (config->source.kind == GW_ENDPOINT_UNSET) {
        config->source.kind = GW_ENDPOINT_ZEROMQ;
        config->source.zeromq.bind = default_pull;
        config->source.zeromq.bind_count = 1;
    }
    if (config->sink.kind == GW_ENDPOINT_UNSET) {
        config->sink.kind = GW_ENDPOINT_ZEROMQ;
        config->sink.zeromq.bind = default_push;
        config->sink.zeromq.bind_count = 1;
    }
    if (config->dead_letters.kind == GW_ENDPOINT_UNSET) {
        config->dead_letters.kind =
            config->sink.kind == GW_ENDPOINT_KAFKA ? GW_ENDPOINT_KAFKA : GW_ENDPOINT_FILE;
    }
}

/* Where the keys of an endpoint kind stand in the table. */
static const char *const kind_words[] = {"", "kafka", "zeromq", "file"};

static bool ends_with(const char *name, const char *suffix) {
    size_t size = strlen(name), end = strlen(suffix);
    return size >= end && strcmp(name + size - end, suffix) == 0;
}

static bool begins_with(const char *name, const char *prefix) {
    return strncmp(name, prefix, strlen(prefix)) == 0;
}

/* Topics and paths name one outlet; the endpoints of a socket go together. */
static bool is_inherited(const struct gw_config_loader *loader, const struct gw_config_key *key,
                         bool endpoints) {
    if (ends_with(key->name, ".topic") || ends_with(key->name, ".path") || is_set_by_file(loader, key)) {
        return false;
    }
    return endpoints || (!ends_with(key->name, ".bind") && !ends_with(key->name, ".connect"));
}

static void copy_member(struct gw_config *config, const struct gw_config_key *from,
                        const struct gw_config_key *to) {
    char *base = (char *)config;
    memcpy(base + to->offset, base + from->offset, to->size);
    if (to->count_offset > 0) {
        memcpy(base + to->count_offset, base + from->count_offset, sizeof(size_t));
    }
}

/* The sink's key that has the place of this one of the dead letters. */
static const struct gw_config_key *twin_in_sink(const struct gw_config_key *key) {
    char twin[128];
    snprintf(twin, sizeof twin, "sink%s", key->name + strlen("dead_letters"));
    return gw_config_key_find(twin);
}

static void inherit_from_sink(struct gw_config_loader *loader) {
    struct gw_config *config = loader->config;
    const struct gw_zeromq_settings *own = &config->dead_letters.zeromq;
    bool endpoints = own->bind_count + own->connect_count == 0;
    char prefix[64];
    snprintf(prefix, sizeof prefix, "dead_letters.%s.", kind_words[config->dead_letters.kind]);
    for (size_t i = 0; i < gw_config_key_count && config->dead_letters.kind == config->sink.kind; i++) {
        const struct gw_config_key *key = &gw_config_keys[i];
        if (begins_with(key->name, prefix) && is_inherited(loader, key, endpoints)) {
            copy_member(config, twin_in_sink(key), key);
        }
    }
}

static void default_directories(struct gw_config_loader *loader) {
    struct gw_config *config = loader->config;
    if (!config->state_dir) {
        config->state_dir = gw_host_state_dir(loader->scope.arena);
    }
    if (!config->state_dir) {
        COMPLAIN(loader, "state_dir", "there is no home directory to put it in; set it");
    } else if (!config->run_dir) {
        config->run_dir = gw_host_run_dir(loader->scope.arena, config->state_dir);
        loader->no_memory |= !config->run_dir;
    }
}

static void default_instance(struct gw_config_loader *loader) {
    struct gw_config *config = loader->config;
    if (config->instance) {
        return;
    }
    config->instance = gw_host_instance(loader->scope.arena);
    if (!config->instance || gw_rule_instance(config->instance)) {
        COMPLAIN(loader, "instance",
                 "the host's name cannot stand in; write a name of letters, digits, '.', '_', '-'");
    }
}

/* Files cannot be shared out, and what several processes write to one standard output would mix. */
static const char *wants_one_worker(const struct gw_config *config) {
    if (config->source.kind == GW_ENDPOINT_FILE) {
        return "files are read by one worker";
    }
    bool records = config->sink.kind == GW_ENDPOINT_FILE && names_stdio(config->sink.file.path);
    bool letters =
        config->dead_letters.kind == GW_ENDPOINT_FILE && names_stdio(config->dead_letters.file.path);
    return records || letters ? "standard output is written by one worker" : NULL;
}

static void finish_workers(struct gw_config_loader *loader) {
    const char *alone = wants_one_worker(loader->config);
    if (loader->config->workers == 0) {
        loader->config->workers = alone ? 1 : gw_host_workers();
    } else if (alone && loader->config->workers > 1) {
        COMPLAIN(loader, "workers", "%s; write 1", alone);
    }
}

static void default_dead_letters(struct gw_config_loader *loader) {
    struct gw_config *config = loader->config;
    struct gw_sink_config *letters = &config->dead_letters;
    if (letters->kind == GW_ENDPOINT_KAFKA && !letters->kafka.topic) {
        const char *topic = config->sink.kind == GW_ENDPOINT_KAFKA ? config->sink.kafka.topic : NULL;
        if (!topic || strchr(topic, '{')) {
            COMPLAIN(loader, "dead_letters.kafka.topic", "cannot be made of sink.kafka.topic; write a topic");
            return;
        }
        letters->kafka.topic = join(loader, topic, DEAD_LETTERS_SUFFIX);
    }
    if (letters->kind == GW_ENDPOINT_FILE && !letters->file.path && config->state_dir) {
        letters->file.path = join(loader, config->state_dir,
                                  letters->file.json_lines ? "/" DEAD_LETTERS_FILE ".jsonl"
                                                           : "/" DEAD_LETTERS_FILE ".msgpack");
    }
}

/* A file's defaults hold for each kind; only the kind in use must be whole. */
static void check_required(struct gw_config_loader *loader, const char *section, enum gw_endpoint_kind kind) {
    char prefix[64];
    snprintf(prefix, sizeof prefix, "%s.%s.", section, kind_words[kind]);
    for (size_t i = 0; i < gw_config_key_count; i++) {
        const struct gw_config_key *key = &gw_config_keys[i];
        if ((key->flags & GW_KEY_REQUIRED) && begins_with(key->name, prefix) &&
            !is_set_by_file(loader, key) && !gw_config_value_is_set(key, loader->config)) {
            COMPLAIN(loader, key->name, "is missing; write for instance %s", key->example);
        }
    }
}

static void check_zeromq(struct gw_config_loader *loader, const char *section,
                         const struct gw_zeromq_settings *zeromq) {
    char name[64];
    snprintf(name, sizeof name, "%s.zeromq", section);
    if (zeromq->bind_count + zeromq->connect_count == 0) {
        COMPLAIN(loader, name,
                 "has neither bind nor connect; write for instance bind: [\"tcp://127.0.0.1:5555\"]");
    }
    if (zeromq->subscribe_count > 0 && zeromq->pattern != GW_ZEROMQ_SUB) {
        COMPLAIN(loader, "source.zeromq.subscribe",
                 "is only for pattern sub; take it out, or write pattern: sub");
    }
}

static bool needs_login(const char *mechanism) {
    return mechanism && (strcmp(mechanism, "PLAIN") == 0 || begins_with(mechanism, "SCRAM-"));
}

static void check_kafka(struct gw_config_loader *loader, const char *section,
                        const struct gw_kafka_settings *kafka) {
    char name[64];
    snprintf(name, sizeof name, "%s.kafka", section);
    if (needs_login(kafka->sasl_mechanism) && (!kafka->username || !kafka->password)) {
        COMPLAIN(loader, name, "sasl_mechanism %s needs username and password (or password_file)",
                 kafka->sasl_mechanism);
    }
    if (!kafka->sasl_mechanism && (kafka->username || kafka->password)) {
        COMPLAIN(loader, name, "username and password need sasl_mechanism; write for instance SCRAM-SHA-512");
    }
    if (!kafka->certificate_file != !kafka->key_file) {
        COMPLAIN(loader, name, "certificate_file and key_file belong together; set both or none");
    }
    if (!kafka->tls && (kafka->ca_file || kafka->certificate_file)) {
        COMPLAIN(loader, name, "certificates are only used with tls: true");
    }
}

static void check_endpoint(struct gw_config_loader *loader, const char *section, enum gw_endpoint_kind kind,
                           const struct gw_kafka_settings *kafka, const struct gw_zeromq_settings *zeromq) {
    check_required(loader, section, kind);
    if (kind == GW_ENDPOINT_KAFKA) {
        check_kafka(loader, section, kafka);
    } else if (kind == GW_ENDPOINT_ZEROMQ) {
        check_zeromq(loader, section, zeromq);
    }
}

/* Members and transactions are named "<group>.<instance>.<slot>", and Kafka bounds such names. */
static void check_identity(struct gw_config_loader *loader) {
    const struct gw_config *config = loader->config;
    if (config->source.kind == GW_ENDPOINT_KAFKA && config->instance &&
        strlen(config->source.kafka.group) + strlen(config->instance) > IDENTITY_PARTS_MAX) {
        COMPLAIN(loader, "source.kafka.group",
                 "is longer, with `instance`, than %d bytes; write shorter ones", IDENTITY_PARTS_MAX);
    }
}

static void check_endpoints(struct gw_config_loader *loader) {
    const struct gw_config *config = loader->config;
    const struct gw_sink_config *sink = &config->sink, *letters = &config->dead_letters;
    check_endpoint(loader, "source", config->source.kind, &config->source.kafka.client,
                   &config->source.zeromq);
    check_endpoint(loader, "sink", sink->kind, &sink->kafka.client, &sink->zeromq);
    check_endpoint(loader, "dead_letters", letters->kind, &letters->kafka.client, &letters->zeromq);
    if (sink->kind == GW_ENDPOINT_FILE && letters->kind == GW_ENDPOINT_FILE && sink->file.path &&
        letters->file.path && strcmp(sink->file.path, letters->file.path) == 0) {
        COMPLAIN(loader, "dead_letters.file.path", "is the sink's file, too; write another");
    }
}

static void finish_delivery(struct gw_config_loader *loader) {
    const char *instead;
    const char *wrong = gw_config_finish_delivery(loader->config, &instead);
    if (wrong) {
        COMPLAIN(loader, "delivery", "%s; or write %s", wrong, instead);
    }
}

static void check_sizes(struct gw_config_loader *loader) {
    const struct gw_config *config = loader->config;
    if (config->limits.message_bytes > config->memory_bytes / MESSAGES_IN_MEMORY) {
        COMPLAIN(loader, "memory", "is less than %d times limits.message_bytes; write at least %zuMiB",
                 MESSAGES_IN_MEMORY, ((config->limits.message_bytes * MESSAGES_IN_MEMORY - 1) >> 20) + 1);
    }
    if (config->restart.min_ms > config->restart.max_ms) {
        COMPLAIN(loader, "restart.min_delay", "is longer than restart.max_delay; write a shorter one");
    }
}

static void check_socket_path(struct gw_config_loader *loader) {
    const struct sockaddr_un address;
    const char *run_dir = loader->config->run_dir;
    size_t most = sizeof address.sun_path - sizeof "/" GW_HUB_SOCKET_NAME;
    if (run_dir && gw_config_uses_hub(loader->config) && strlen(run_dir) > most) {
        COMPLAIN(loader, "run_dir",
                 "%.100s… is longer than %zu bytes, too long for a socket; write a shorter path", run_dir,
                 most);
    }
}

void gw_config_finish(struct gw_config_loader *loader) {
    default_endpoints(loader->config);
    inherit_from_sink(loader);
    default_directories(loader);
    default_instance(loader);
    default_dead_letters(loader);
    finish_workers(loader);
    finish_delivery(loader);
    check_endpoints(loader);
    check_identity(loader);
    check_sizes(loader);
    check_socket_path(loader);
}
