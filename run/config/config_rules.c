/* Rules of single values; each says what to write instead. */
#include "run/config/config_rules.h"

#include "run/admin/listen.h"
#include "run/template.h"
#include "transport/kafka_settings.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define INSTANCE_MAX 128
#define PORT_MAX     65535

#define LETTERS_AND_DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define NAME_CHARACTERS    LETTERS_AND_DIGITS "._-"

static bool consists_of(const char *value, const char *characters) {
    return value[strspn(value, characters)] == '\0';
}

const char *gw_rule_instance(const char *value) {
    if (!consists_of(value, NAME_CHARACTERS)) {
        return "use only letters, digits, '.', '_' and '-'";
    }
    return strlen(value) > INSTANCE_MAX ? "is longer than 128 characters; choose a shorter one" : NULL;
}

static bool is_port(const char *text, size_t size) {
    if (size == 0 || size > 5 || strspn(text, "0123456789") < size) {
        return false;
    }
    long port = strtol(text, NULL, 10);
    return port > 0 && port <= PORT_MAX;
}

/* host:port, [v6]:port or host alone (librdkafka adds 9092); a "PLAINTEXT://" in front is allowed. */
static bool is_broker(const char *text, size_t size) {
    const char *scheme = memmem(text, size, "://", 3);
    if (scheme) {
        size -= (size_t)(scheme + 3 - text);
        text = scheme + 3;
    }
    const char *colon = memrchr(text, ':', size);
    bool bracketed = size > 0 && text[size - 1] == ']';
    size_t host = colon && !bracketed ? (size_t)(colon - text) : size;
    return host > 0 && strcspn(text, " \t") >= size && (host == size || is_port(colon + 1, size - host - 1));
}

const char *gw_rule_brokers(const char *value) {
    for (const char *at = value;; at++) {
        size_t size = strcspn(at, ",");
        if (!is_broker(at, size)) {
            return "write host:port, and a comma between several";
        }
        at += size;
        if (*at == '\0') {
            return NULL;
        }
    }
}

static const char *check_topic_name(const char *value) {
    if (!consists_of(value, NAME_CHARACTERS)) {
        return "a topic has only letters, digits, '.', '_' and '-' in its name";
    }
    if (strcmp(value, ".") == 0 || strcmp(value, "..") == 0) {
        return "Kafka allows no topic of this name; choose another";
    }
    return strlen(value) > GW_TOPIC_BYTES_MAX ? "a topic's name has at most 249 characters" : NULL;
}

const char *gw_rule_topic(const char *value) {
    return value[0] == '^' ? NULL : check_topic_name(value);
}

const char *gw_rule_key_template(const char *value) {
    return gw_template_check(gw_str_from(value));
}

const char *gw_rule_topic_template(const char *value) {
    if (!strpbrk(value, "{}")) {
        return check_topic_name(value);
    }
    if (!consists_of(value, NAME_CHARACTERS "{}")) {
        return "a topic has only letters, digits, '.', '_' and '-' in its name";
    }
    return gw_template_check(gw_str_from(value));
}

static bool is_one_of(const char *value, const char *const *words) {
    while (*words && strcmp(value, *words) != 0) {
        words++;
    }
    return *words;
}

const char *gw_rule_sasl_mechanism(const char *value) {
    static const char *const mechanisms[] = {"PLAIN",  "SCRAM-SHA-256", "SCRAM-SHA-512",
                                             "GSSAPI", "OAUTHBEARER",   NULL};
    return is_one_of(value, mechanisms) ? NULL
                                        : "write PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, GSSAPI or OAUTHBEARER";
}

const char *gw_rule_property(const char *value) {
    static const struct {
        const char *name, *wrong;
    } ours[] = {
        {"bootstrap.servers", "set `brokers` beside `properties` instead"},
        {"metadata.broker.list", "set `brokers` beside `properties` instead"},
        {"group.id", "set source.kafka.group instead"},
        {"group.instance.id", "it is made of the group, `instance` and the worker's number"},
        {"transactional.id", "it is made of the group, `instance` and the worker's number"},
        {"enable.auto.commit", "glosswire commits when records are safe; leave it out"},
        {"enable.auto.offset.store", "glosswire stores offsets when records are safe; leave it out"},
    };
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        if (strcmp(value, ours[i].name) == 0) {
            return ours[i].wrong;
        }
    }
    return NULL;
}

const char *gw_rule_admin_listen(const char *value) {
    return gw_admin_listen_check(value);
}

/* What is wrong with host:port; "*" lets the system choose a port. */
static const char *check_tcp(const char *address) {
    const char *colon = strrchr(address, ':');
    if (!colon) {
        return "write the port, too, such as tcp://127.0.0.1:5555";
    }
    return strcmp(colon, ":*") == 0 || is_port(colon + 1, strlen(colon + 1))
               ? NULL
               : "a port is a number from 1 to 65535, such as tcp://127.0.0.1:5555";
}

const char *gw_rule_zeromq_endpoint(const char *value) {
    if (strncmp(value, "tcp://", 6) == 0 && value[6]) {
        return check_tcp(value + 6);
    }
    if (strncmp(value, "ipc://", 6) == 0 && value[6]) {
        return NULL;
    }
    return "write an endpoint such as tcp://127.0.0.1:5555 or ipc:///run/feed.sock";
}
