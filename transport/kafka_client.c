/* Three tables: settings to properties, properties that are not the user's, librdkafka's errors to ours. */
#include "transport/kafka_client.h"

#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#define REASON_SIZE 512

/* A property that the user cannot set, because what it decides is promised elsewhere. */
static const struct {
    const char *name;
    const char *instead;
} refused[] = {
    {"group.id", "set `source.kafka.group`"},
    {"group.instance.id", "set `instance`"},
    {"transactional.id", "set `instance` and `delivery`"},
    {"enable.auto.commit", "offsets are committed when their records are safe"},
    {"enable.auto.offset.store", "offsets are committed when their records are safe"},
    {"partition.assignment.strategy", "glosswire's groups are cooperative-sticky"},
};

/* What is in every client. */
static const struct gw_property common[] = {
    {"client.id", "glosswire"},
    {"client.software.name", "glosswire"},
    {"client.software.version", GW_VERSION},
    /* Brokers close idle connections as a matter of course. */
    {"log.connection.close", "false"},
    {"socket.keepalive.enable", "true"},
};

static enum gw_status refuse_properties(const struct gw_kafka_settings *settings, struct gw_error *error) {
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        if (gw_kafka_is_set(settings, refused[i].name)) {
            return gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION, "the Kafka property `%s` cannot be set: %s",
                           refused[i].name, refused[i].instead);
        }
    }
    return GW_OK;
}

/* librdkafka repeats a wrong value in its reason. */
static bool is_secret(const char *name) {
    static const char *const words[] = {"password", "secret", "pem", "oauthbearer"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strstr(name, words[i])) {
            return true;
        }
    }
    return false;
}

static enum gw_status set_property(rd_kafka_conf_t *conf, struct gw_property property,
                                   struct gw_error *error) {
    char reason[REASON_SIZE];
    if (rd_kafka_conf_set(conf, property.name, property.value, reason, sizeof reason) == RD_KAFKA_CONF_OK) {
        return GW_OK;
    }
    return gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION, "the Kafka property `%s` is wrong: %s",
                   property.name, is_secret(property.name) ? "its value is not taken" : reason);
}

static enum gw_status set_properties(rd_kafka_conf_t *conf, const struct gw_property *properties,
                                     size_t count, struct gw_error *error) {
    enum gw_status status = GW_OK;
    for (size_t i = 0; i < count && status == GW_OK; i++) {
        /* An unset setting is left at librdkafka's default. */
        if (properties[i].value) {
            status = set_property(conf, properties[i], error);
        }
    }
    return status;
}

static const char *protocol_of(const struct gw_kafka_settings *settings) {
    static const char *const names[2][2] = {{"plaintext", "sasl_plaintext"}, {"ssl", "sasl_ssl"}};
    return names[settings->tls][settings->sasl_mechanism != NULL];
}

static enum gw_status set_connection(rd_kafka_conf_t *conf, const struct gw_kafka_settings *settings,
                                     struct gw_error *error) {
    if (settings->username && !settings->sasl_mechanism) {
        return gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION,
                       "`username` is set without `sasl_mechanism`: name one, for instance SCRAM-SHA-512");
    }
    const struct gw_property rows[] = {
        {"bootstrap.servers", settings->brokers},
        {"security.protocol", protocol_of(settings)},
        {"ssl.ca.location", settings->ca_file},
        {"ssl.certificate.location", settings->certificate_file},
        {"ssl.key.location", settings->key_file},
        {"ssl.key.password", settings->key_password},
        {"sasl.mechanism", settings->sasl_mechanism},
        {"sasl.username", settings->username},
        {"sasl.password", settings->password},
    };
    return set_properties(conf, rows, sizeof rows / sizeof rows[0], error);
}

static enum gw_log_level level_of(int severity) {
    static const enum gw_log_level levels[] = {
        [LOG_EMERG] = GW_LOG_ERROR, [LOG_ALERT] = GW_LOG_ERROR,  [LOG_CRIT] = GW_LOG_ERROR,
        [LOG_ERR] = GW_LOG_ERROR,   [LOG_WARNING] = GW_LOG_WARN, [LOG_NOTICE] = GW_LOG_INFO,
        [LOG_INFO] = GW_LOG_INFO,   [LOG_DEBUG] = GW_LOG_DEBUG,
    };
    return severity >= LOG_EMERG && severity <= LOG_DEBUG ? levels[severity] : GW_LOG_DEBUG;
}

static void on_log(const rd_kafka_t *client, int severity, const char *facility, const char *text) {
    GW_LOG(level_of(severity), "librdkafka", GW_KS("client", client ? rd_kafka_name(client) : ""),
           GW_KS("facility", facility), GW_KS("text", text));
}

static void on_error(rd_kafka_t *client, int code, const char *reason, void *opaque) {
    (void)opaque;
    const char *remedy = gw_kafka_remedy((rd_kafka_resp_err_t)code);
    GW_LOG(remedy ? GW_LOG_ERROR : GW_LOG_WARN, "kafka", GW_KS("client", rd_kafka_name(client)),
           GW_KS("error", rd_kafka_err2name((rd_kafka_resp_err_t)code)), GW_KS("reason", reason),
           GW_KS("remedy", remedy ? remedy : "none: it is tried again"));
}

enum gw_status gw_kafka_conf_new(const struct gw_kafka_settings *settings, const struct gw_property *ours,
                                 size_t count, rd_kafka_conf_t **conf, struct gw_error *error) {
    rd_kafka_conf_t *made = rd_kafka_conf_new();
    enum gw_status status = refuse_properties(settings, error);
    if (status == GW_OK) {
        status = set_properties(made, common, sizeof common / sizeof common[0], error);
    }
    if (status == GW_OK) {
        status = set_properties(made, ours, count, error);
    }
    if (status == GW_OK) {
        status = set_connection(made, settings, error);
    }
    if (status == GW_OK) {
        status = set_properties(made, settings->properties, settings->property_count, error);
    }
    if (status != GW_OK) {
        rd_kafka_conf_destroy(made);
        return status;
    }
    rd_kafka_conf_set_log_cb(made, on_log);
    rd_kafka_conf_set_error_cb(made, on_error);
    *conf = made;
    return GW_OK;
}

enum gw_status gw_kafka_client_new(rd_kafka_type_t type, rd_kafka_conf_t *conf, rd_kafka_t **client,
                                   struct gw_error *error) {
    char reason[REASON_SIZE];
    *client = rd_kafka_new(type, conf, reason, sizeof reason);
    if (!*client) {
        rd_kafka_conf_destroy(conf);
        return gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION, "the Kafka client cannot be made: %s", reason);
    }
    return GW_OK;
}

size_t gw_kafka_conf_number(const rd_kafka_conf_t *conf, const char *name) {
    char text[32];
    size_t size = sizeof text;
    if (rd_kafka_conf_get(conf, name, text, &size) != RD_KAFKA_CONF_OK) {
        return 0;
    }
    return (size_t)strtoull(text, NULL, 10);
}

bool gw_kafka_is_set(const struct gw_kafka_settings *settings, const char *name) {
    for (size_t i = 0; i < settings->property_count; i++) {
        if (strcmp(settings->properties[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

#define CREATE_TOPIC  "create the topic, or correct its name in the config"
#define CHECK_LOGIN   "check `sasl_mechanism`, `username` and `password`"
#define CHECK_TLS     "check `tls`, `ca_file`, `certificate_file` and `key_file`"
#define CHECK_BROKERS "check that `brokers` are right and up"
#define ALLOW_ACCESS  "allow this user the access in the brokers' ACLs"
#define ALLOW_TRANSACTIONS                                                                                   \
    "allow this user Write and Describe on the transactional ids that begin with \"<group>.<instance>.\", "  \
    "or "                                                                                                    \
    "write `delivery: at_least_once`"
#define CHECK_COORDINATOR                                                                                    \
    "check that the brokers can make their internal topics (offsets.topic.replication.factor and "           \
    "transaction.state.log.replication.factor, not above the number of brokers)"
#define OTHER_NAME "another process has the same identity: give each host its own `instance`"

struct error_row {
    rd_kafka_resp_err_t code;
    enum gw_status status;
    const char *remedy;
};

static const struct error_row error_rows[] = {
    {RD_KAFKA_RESP_ERR_NO_ERROR, GW_OK, NULL},
    {RD_KAFKA_RESP_ERR__QUEUE_FULL, GW_AGAIN, NULL},
    {RD_KAFKA_RESP_ERR__IN_PROGRESS, GW_AGAIN, NULL},
    {RD_KAFKA_RESP_ERR__PREV_IN_PROGRESS, GW_AGAIN, NULL},
    {RD_KAFKA_RESP_ERR__TIMED_OUT, GW_TIMEOUT, NULL},
    {RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, GW_TIMEOUT, NULL},
    {RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, GW_TIMEOUT, NULL},
    {RD_KAFKA_RESP_ERR__WAIT_COORD, GW_TIMEOUT, NULL},
    {RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, GW_TIMEOUT, NULL},
    {RD_KAFKA_RESP_ERR__TRANSPORT, GW_UNREACHABLE, NULL},
    {RD_KAFKA_RESP_ERR__RESOLVE, GW_UNREACHABLE, CHECK_BROKERS},
    {RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, GW_UNREACHABLE, CHECK_BROKERS},
    {RD_KAFKA_RESP_ERR__AUTHENTICATION, GW_REFUSED, CHECK_LOGIN},
    {RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, GW_REFUSED, CHECK_LOGIN},
    {RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM, GW_REFUSED, CHECK_LOGIN},
    {RD_KAFKA_RESP_ERR__SSL, GW_REFUSED, CHECK_TLS},
    {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, GW_REFUSED, ALLOW_ACCESS},
    {RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, GW_REFUSED, ALLOW_ACCESS},
    {RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, GW_REFUSED, ALLOW_ACCESS},
    {RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, GW_REFUSED, ALLOW_TRANSACTIONS},
    {RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, GW_UNREACHABLE, CHECK_COORDINATOR},
    {RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, GW_REFUSED, CREATE_TOPIC},
    {RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, GW_REFUSED, CREATE_TOPIC},
    {RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, GW_REFUSED, CREATE_TOPIC},
    {RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION, GW_REFUSED, CREATE_TOPIC},
    {RD_KAFKA_RESP_ERR_POLICY_VIOLATION, GW_REFUSED, NULL},
    {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, GW_OUTPUT_TOO_LARGE, NULL},
    {RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE, GW_OUTPUT_TOO_LARGE, NULL},
    {RD_KAFKA_RESP_ERR_INVALID_RECORD, GW_BAD_VALUE, NULL},
    {RD_KAFKA_RESP_ERR__BAD_MSG, GW_PROTOCOL, NULL},
    {RD_KAFKA_RESP_ERR__BAD_COMPRESSION, GW_PROTOCOL, NULL},
    {RD_KAFKA_RESP_ERR_INVALID_MSG, GW_PROTOCOL, NULL},
    {RD_KAFKA_RESP_ERR__FENCED, GW_FENCED, OTHER_NAME},
    {RD_KAFKA_RESP_ERR_PRODUCER_FENCED, GW_FENCED, OTHER_NAME},
    {RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, GW_FENCED, OTHER_NAME},
    {RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, GW_FENCED, OTHER_NAME},
    {RD_KAFKA_RESP_ERR__PURGE_QUEUE, GW_CLOSED, NULL},
    {RD_KAFKA_RESP_ERR__PURGE_INFLIGHT, GW_CLOSED, NULL},
    {RD_KAFKA_RESP_ERR__DESTROY, GW_CLOSED, NULL},
    {RD_KAFKA_RESP_ERR__FATAL, GW_INTERNAL, NULL},
    {RD_KAFKA_RESP_ERR__INVALID_ARG, GW_INTERNAL, NULL},
    {RD_KAFKA_RESP_ERR__CONFLICT, GW_INTERNAL, NULL},
    {RD_KAFKA_RESP_ERR__STATE, GW_INTERNAL, NULL},
    {RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE, GW_SYSTEM, NULL},
    {RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, GW_UNSUPPORTED, NULL},
    {RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION, GW_UNSUPPORTED, NULL},
    {RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT, GW_BAD_CONFIG,
     "lower `transaction.timeout.ms` or raise the brokers' `transaction.max.timeout.ms`"},
};

static const struct error_row *row_of(rd_kafka_resp_err_t code) {
    static const struct error_row unknown = {RD_KAFKA_RESP_ERR_UNKNOWN, GW_UNREACHABLE, NULL};
    for (size_t i = 0; i < sizeof error_rows / sizeof error_rows[0]; i++) {
        if (error_rows[i].code == code) {
            return &error_rows[i];
        }
    }
    return &unknown;
}

enum gw_status gw_kafka_status(rd_kafka_resp_err_t code) {
    return row_of(code)->status;
}

const char *gw_kafka_remedy(rd_kafka_resp_err_t code) {
    return row_of(code)->remedy;
}

enum gw_status gw_kafka_fail(struct gw_error *error, rd_kafka_resp_err_t code, const char *doing,
                             const char *reason) {
    const char *remedy = gw_kafka_remedy(code);
    return gw_fail(error, gw_kafka_status(code), GW_NO_POSITION, "%s: %s%s%s", doing,
                   reason ? reason : rd_kafka_err2str(code), remedy ? "; " : "", remedy ? remedy : "");
}
