/* run/config/config.h: what a file means, and what is said about each mistake. */
#include "run/config/config.h"
#include "run/config/config_table.h"
#include "unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Loads and must succeed. */
static struct gw_config *load(const char *text) {
    struct gw_config *config = NULL;
    struct gw_config_errors errors;
    enum gw_status status = gw_config_load(gw_str_from(text), "/etc/glosswire", &config, &errors);
    if (status != GW_OK) {
        gw_config_print_errors(&errors, "test.yaml", stderr);
    }
    assert_int_equal(status, GW_OK);
    assert_int_equal(errors.count, 0);
    return config;
}

/* Loads and must fail. */
static struct gw_config_errors refuse(const char *text) {
    struct gw_config *config = NULL;
    struct gw_config_errors errors;
    assert_int_equal(gw_config_load(gw_str_from(text), "/etc/glosswire", &config, &errors), GW_BAD_CONFIG);
    assert_null(config);
    assert_true(errors.count > 0);
    return errors;
}

#define KAFKA                                                                                                \
    "source: {kafka: {brokers: \"b:9092\", topics: [articles]}}\n"                                           \
    "sink: {kafka: {brokers: \"b:9092\", topic: records}}\n"

static void test_empty_is_the_embedded_default(void **state) {
    (void)state;
    static const char *const nothing[] = {"", "# only a comment\n", "---\n", "~\n"};
    for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++) {
        struct gw_config *config = load(nothing[i]);
        assert_int_equal(config->source.kind, GW_ENDPOINT_ZEROMQ);
        assert_int_equal(config->source.zeromq.pattern, GW_ZEROMQ_PULL);
        assert_int_equal(config->source.zeromq.bind_count, 1);
        assert_string_equal(config->source.zeromq.bind[0], "tcp://127.0.0.1:5555");
        assert_int_equal(config->sink.kind, GW_ENDPOINT_ZEROMQ);
        assert_int_equal(config->sink.zeromq.pattern, GW_ZEROMQ_PUSH);
        assert_string_equal(config->sink.zeromq.bind[0], "tcp://127.0.0.1:5556");
        assert_int_equal(config->dead_letters.kind, GW_ENDPOINT_FILE);
        assert_non_null(strstr(config->dead_letters.file.path, "/dead-letters.jsonl"));
        assert_int_equal(config->delivery, GW_DELIVERY_BEST_EFFORT);
        assert_true(config->workers >= 1 && config->workers <= 4);
        assert_int_equal(config->memory_bytes, (size_t)256 << 20);
        assert_true(gw_config_uses_hub(config));
        assert_null(config->model);
        assert_true(config->record.body);
        gw_config_free(config);
    }
}

static void test_limits_default_to_their_constants(void **state) {
    (void)state;
    struct gw_config *config = load("");
    assert_int_equal(config->limits.message_bytes, GW_LIMIT_MESSAGE_BYTES_DEFAULT);
    assert_int_equal(config->limits.depth, GW_LIMIT_DEPTH_DEFAULT);
    assert_int_equal(config->limits.string_bytes, GW_LIMIT_STRING_BYTES_DEFAULT);
    assert_int_equal(config->limits.keys, GW_LIMIT_KEYS_DEFAULT);
    assert_int_equal(config->limits.items, GW_LIMIT_ITEMS_DEFAULT);
    assert_int_equal(config->limits.id_bytes, GW_LIMIT_ID_BYTES_DEFAULT);
    assert_int_equal(config->limits.targets, GW_LIMIT_TARGETS_DEFAULT);
    assert_int_equal(config->limits.authors, GW_LIMIT_AUTHORS_DEFAULT);
    assert_int_equal(config->limits.entities, GW_LIMIT_ENTITIES_DEFAULT);
    assert_int_equal(config->limits.mentions, GW_LIMIT_MENTIONS_DEFAULT);
    assert_int_equal(config->annotate_budget, GW_ANNOTATE_BUDGET_DEFAULT);
    gw_config_free(config);
}

static void test_every_type_is_read(void **state) {
    (void)state;
    struct gw_config *config = load("instance: news-1\n"
                                    "workers: 3\n"
                                    "memory: 1 GiB\n"
                                    "state_dir: state\n"
                                    "run_dir: /run/gw\n"
                                    "model: models/en.gwm\n"
                                    "drain_timeout: 2m\n"
                                    "source:\n"
                                    "  kafka:\n"
                                    "    brokers: k1:9092,k2\n"
                                    "    topics: [a, '^b.*']\n"
                                    "    tls: true\n"
                                    "    ca_file: ca.pem\n"
                                    "    properties: {linger.ms: 20, fetch.min.bytes: 1}\n"
                                    "sink:\n"
                                    "  record_bytes: 1000000\n"
                                    "  zeromq: {pattern: acked, connect: tcp://c:1}\n"
                                    "record: {offsets: utf16, markers: full, body: false}\n"
                                    "limits: {message_bytes: 64KiB}\n"
                                    "restart: {min_delay: 5ms}\n"
                                    "log: {level: debug, format: json}\n");
    assert_string_equal(config->instance, "news-1");
    assert_int_equal(config->workers, 3);
    assert_int_equal(config->memory_bytes, (size_t)1 << 30);
    assert_string_equal(config->state_dir, "/etc/glosswire/state");
    assert_string_equal(config->run_dir, "/run/gw");
    assert_string_equal(config->model, "/etc/glosswire/models/en.gwm");
    assert_int_equal(config->drain_timeout_ms, 120000);
    assert_int_equal(config->source.kind, GW_ENDPOINT_KAFKA);
    assert_string_equal(config->source.kafka.client.brokers, "k1:9092,k2");
    assert_int_equal(config->source.kafka.topics.count, 2);
    assert_string_equal(config->source.kafka.topics.items[1], "^b.*");
    assert_string_equal(config->source.kafka.group, "glosswire");
    assert_true(config->source.kafka.client.tls);
    assert_string_equal(config->source.kafka.client.ca_file, "/etc/glosswire/ca.pem");
    assert_int_equal(config->source.kafka.client.property_count, 2);
    assert_string_equal(config->source.kafka.client.properties[0].name, "linger.ms");
    assert_string_equal(config->source.kafka.client.properties[0].value, "20");
    assert_int_equal(config->record_bytes, 1000000);
    assert_int_equal(config->sink.zeromq.pattern, GW_ZEROMQ_ACKED);
    assert_string_equal(config->sink.zeromq.connect[0], "tcp://c:1");
    assert_int_equal(config->record.offsets, GW_OFFSETS_UTF16);
    assert_int_equal(config->record.markers, GW_MARKERS_FULL);
    assert_false(config->record.body);
    assert_int_equal(config->limits.message_bytes, 64 << 10);
    assert_int_equal(config->restart.min_ms, 5);
    assert_int_equal(config->log.level, GW_LOG_DEBUG);
    assert_int_equal(config->log.format, GW_LOG_JSON);
    assert_int_equal(config->delivery, GW_DELIVERY_AT_LEAST_ONCE);
    gw_config_free(config);
}

/* One mistake each: the line, the key, and a part of what is said. */
static const struct mistake {
    const char *text;
    unsigned line;
    const char *key;
    const char *says;
} mistakes[] = {
    {"wrokers: 2\n", 1, "wrokers", "did you mean \"workers\"?"},
    {"\nsorce:\n  file: {paths: [a]}\n", 2, "sorce", "did you mean \"source\"?"},
    {"source:\n  file:\n    path: [a]\n    paths: [b]\n", 3, "source.file.path", "did you mean \"paths\"?"},
    {"brokers: b:1\n", 1, "brokers", "there is source.kafka.brokers"},
    {"colour: red\n", 1, "colour", "there is no such key"},
    {"workers: many\n", 1, "workers", "\"many\": write a whole number"},
    {"workers: -1\n", 1, "workers", "write a whole number"},
    {"workers: 0\n", 1, "workers", "from 1 to 256"},
    {"workers: 99999999999999999999\n", 1, "workers", "write a whole number"},
    {"workers: [1]\n", 1, "workers", "is a list; write a whole number"},
    {"workers: {a: 1}\n", 1, "workers", "is a map; write a whole number"},
    {"memory: 64MB\n", 1, "memory", "16MiB"},
    {"memory: 1KiB\n", 1, "memory", "from 16MiB to 1024GiB"},
    {"memory: 16777216GiB\n", 1, "memory", "out of bounds"},
    {"memory: 17179869184GiB\n", 1, "memory", "write a size"},
    {"drain_timeout: 30\n", 1, "drain_timeout", "with its unit"},
    {"drain_timeout: 2h\n", 1, "drain_timeout", "from 100ms to 1h"},
    {"record: {body: yes}\n", 1, "record.body", "write true or false"},
    {"record:\n  offsets: bytes\n", 2, "record.offsets", "write codepoint, byte or utf16"},
    {"record: 5\n", 1, "record", "is one value; write its keys on the lines below"},
    {"workers: 1\nlog: {}\nworkers: 2\n", 3, "workers", "is on line 1 already"},
    {"instance: a/b\n", 1, "instance", "use only letters"},
    {"a: [\n", 2, "", "check indentation and quotes"},
    {"a: 1\n b: 2\n", 2, "", "check indentation"},
    {"- a\n", 1, "", "is a list; write keys"},
    {"workers: 1\n---\nworkers: 2\n", 3, "", "a second document"},
    {"workers: *nowhere\n", 1, "", "undefined alias"},
    {"? [a]\n: 1\n", 1, "", "a key is a list"},
    {"source: {kafka: {brokers: b, topics: [a]}, file: {paths: [b]}}\n", 1, "source.file", "keep one"},
    {"source:\n  kafka:\n    topics: [a]\n", 2, "source.kafka.brokers", "is missing"},
    {"source:\n  kafka:\n", 2, "source.kafka.topics", "is missing"},
    {"source:\n  kafka: {brokers: 'a b', topics: [t]}\n", 2, "source.kafka.brokers", "host:port"},
    {"source:\n  kafka: {brokers: 'a:99999', topics: [t]}\n", 2, "source.kafka.brokers", "host:port"},
    {"source:\n  kafka: {brokers: a, topics: ['x y']}\n", 2, "source.kafka.topics", "letters, digits"},
    {"source:\n  kafka: {brokers: a, topics: [[x]]}\n", 2, "source.kafka.topics", "item 1 is not a string"},
    {"source:\n  kafka: {brokers: a, topics: [x], sasl_mechanism: SCRAM}\n", 2, "source.kafka.sasl_mechanism",
     "SCRAM-SHA-512"},
    {"source:\n  kafka: {brokers: a, topics: [x], sasl_mechanism: PLAIN}\n", 2, "source.kafka",
     "needs username"},
    {"source:\n  kafka: {brokers: a, topics: [x], username: me}\n", 2, "source.kafka", "need sasl_mechanism"},
    {"source:\n  kafka: {brokers: a, topics: [x], ca_file: c}\n", 2, "source.kafka", "tls: true"},
    {"source:\n  kafka: {brokers: a, topics: [x], tls: true, key_file: c}\n", 2, "source.kafka",
     "belong together"},
    {"source:\n  kafka: {brokers: a, topics: [x], properties: {group.id: x}}\n", 2, "source.kafka.properties",
     "source.kafka.group"},
    {"source:\n  kafka: {brokers: a, topics: [x], properties: {a: 1, a: 2}}\n", 2, "source.kafka.properties",
     "\"a\" twice"},
    {"source:\n  kafka: {brokers: a, topics: [x], properties: [a]}\n", 2, "source.kafka.properties",
     "write a map"},
    {"source:\n  zeromq: {pattern: sub}\n", 2, "source.zeromq", "neither bind nor connect"},
    {"source:\n  zeromq: {bind: [localhost]}\n", 2, "source.zeromq.bind", "tcp://127.0.0.1:5555"},
    {"source:\n  zeromq: {bind: ['tcp://localhost']}\n", 2, "source.zeromq.bind", "write the port"},
    {"source:\n  zeromq: {bind: ['tcp://localhost:99999']}\n", 2, "source.zeromq.bind", "from 1 to 65535"},
    {"source:\n  zeromq: {bind: ['tcp://localhost:http']}\n", 2, "source.zeromq.bind", "from 1 to 65535"},
    {"source:\n  zeromq: {connect: ['tcp://[::1]']}\n", 2, "source.zeromq.connect", "from 1 to 65535"},
    {"source:\n  zeromq: {bind: ['tcp://a:1'], subscribe: [x]}\n", 2, "source.zeromq.subscribe",
     "pattern sub"},
    {"source:\n  zeromq: {pattern: push, bind: ['tcp://a:1']}\n", 2, "source.zeromq.pattern",
     "pull, sub or acked"},
    {"sink:\n  kafka: {brokers: a}\n", 2, "sink.kafka.topic", "is missing"},
    {"sink:\n  kafka: {brokers: a, topic: 'x-{lang}'}\n", 2, "sink.kafka.topic", "braces may only hold"},
    {"sink:\n  kafka: {brokers: a, topic: 'x-{language}'}\n", 0, "dead_letters.kafka.topic", "write a topic"},
    {"sink:\n  file:\n", 2, "sink.file.path", "is missing"},
    {"sink:\n  file: {path: r}\ndead_letters:\n  file: {path: r}\n", 4, "dead_letters.file.path",
     "sink's file"},
    {"source: {file: {paths: [a]}}\nworkers: 2\n", 2, "workers", "files are read by one worker"},
    {"sink: {file: {path: '-'}}\nworkers: 2\n", 2, "workers", "standard output"},
    {"delivery: at_least_once\n", 1, "delivery", "write best_effort"},
    {"delivery: exactly_once\n", 1, "delivery", "Kafka to Kafka"},
    {KAFKA "dead_letters: {file: {path: d}}\ndelivery: exactly_once\n", 4, "delivery", "write at_least_once"},
    {KAFKA "dead_letters: {kafka: {brokers: \"e:1\"}}\ndelivery: exactly_once\n", 4, "delivery",
     "sink's brokers"},
    {"source: {kafka: {brokers: \"b:1,c\", topics: [a]}}\nsink: {kafka: {brokers: b, topic: r}}\n"
     "delivery: exactly_once\n",
     3, "delivery", "one cluster"},
    {"delivery: at_most_once\n", 1, "delivery", "write best_effort, at_least_once or exactly_once"},
    {"memory: 32MiB\n", 1, "memory", "write at least 64MiB"},
    {"restart:\n  min_delay: 1m\n", 2, "restart.min_delay", "write a shorter one"},
    {"instance: \"a\\0b\"\n", 1, "instance", "NUL"},
    {"model: ${GW_TEST_UNSET}\n", 1, "model", "GW_TEST_UNSET is not set"},
    {"model: ${GW_TEST_UNSET\n", 1, "model", "no closing brace"},
    {"model: ${}\n", 1, "model", "names no variable"},
    {"model: ${1X}\n", 1, "model", "names no variable"},
};

static void test_each_mistake_names_line_key_and_remedy(void **state) {
    (void)state;
    unsetenv("GW_TEST_UNSET");
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        const struct mistake *mistake = &mistakes[i];
        struct gw_config_errors errors = refuse(mistake->text);
        bool found = false;
        for (size_t j = 0; j < errors.count; j++) {
            const struct gw_config_error *error = &errors.items[j];
            found = found || (error->line == mistake->line && strcmp(error->key, mistake->key) == 0 &&
                              strstr(error->message, mistake->says));
        }
        if (!found) {
            gw_config_print_errors(&errors, "said", stderr);
            fail_msg("case %zu, %s: %u: %s: %s", i, mistake->text, mistake->line, mistake->key,
                     mistake->says);
        }
    }
}

static void test_all_mistakes_are_told_at_once(void **state) {
    (void)state;
    struct gw_config_errors errors = refuse("workers: x\nmemory: y\nlogg: {}\nrecord: {body: 1}\n");
    assert_int_equal(errors.count, 4);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(errors.items[i].line, i + 1);
    }
}

static void test_no_more_than_the_most_mistakes_are_told(void **state) {
    (void)state;
    char text[GW_CONFIG_ERRORS_MAX * 32] = "";
    for (int i = 0; i <= GW_CONFIG_ERRORS_MAX; i++) {
        size_t size = strlen(text);
        snprintf(text + size, sizeof text - size, "nothing%d: 1\n", i);
    }
    assert_int_equal(refuse(text).count, GW_CONFIG_ERRORS_MAX);
}

static void test_errors_are_printed_with_their_place(void **state) {
    (void)state;
    struct gw_config_errors errors = refuse("\nworkers: x\n");
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    gw_config_print_errors(&errors, "gw.yaml", out);
    fclose(out);
    assert_string_equal(text, "gw.yaml:2: workers: \"x\": write a whole number\n");
    free(text);
}

static void test_variables_are_filled_in(void **state) {
    (void)state;
    setenv("GW_TEST_NAME", "seven", 1);
    setenv("GW_TEST_EMPTY", "", 1);
    unsetenv("GW_TEST_UNSET");
    struct gw_config *config = load("instance: a-${GW_TEST_NAME}-b${GW_TEST_EMPTY}\n"
                                    "model: /x/${GW_TEST_UNSET:-default}/$${kept}/$\n"
                                    "workers: ${GW_TEST_UNSET:-2}\n"
                                    "run_dir: ${GW_TEST_EMPTY:-/run/x}\n"
                                    "drain_timeout: ${GW_TEST_UNSET:-}\n");
    assert_string_equal(config->instance, "a-seven-b");
    assert_string_equal(config->model, "/x/default/${kept}/$");
    assert_int_equal(config->workers, 2);
    assert_string_equal(config->run_dir, "/run/x");
    assert_int_equal(config->drain_timeout_ms, 30000);
    gw_config_free(config);
}

static void test_what_a_variable_holds_is_not_expanded_again(void **state) {
    (void)state;
    setenv("GW_TEST_NAME", "/${HOME}", 1);
    struct gw_config *config = load("model: ${GW_TEST_NAME}\n");
    assert_string_equal(config->model, "/${HOME}");
    gw_config_free(config);
}

/* A secret in a file beside a config; the caller removes it. */
static void write_secret(char path[64], const char *content) {
    snprintf(path, 64, "%s", "/tmp/gw-test-secret-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, strlen(content)), (ssize_t)strlen(content));
    close(fd);
}

static void test_secrets_come_from_files(void **state) {
    (void)state;
    char path[64], text[512];
    write_secret(path, "s3cret\n");
    snprintf(
        text, sizeof text,
        "source: {kafka: {brokers: b, topics: t, sasl_mechanism: PLAIN, username: u, password_file: %s}}\n",
        path);
    struct gw_config *config = load(text);
    assert_string_equal(config->source.kafka.client.password, "s3cret");
    gw_config_free(config);

    snprintf(text, sizeof text,
             "source: {kafka: {brokers: b, topics: t, sasl_mechanism: PLAIN, username: u, password: x, "
             "password_file: %s}}\n",
             path);
    assert_non_null(strstr(refuse(text).items[0].message, "keep one"));
    unlink(path);
    assert_non_null(strstr(refuse(text).items[0].message, "keep one"));
    write_secret(path, "\n");
    snprintf(text, sizeof text, "source: {kafka: {brokers: b, topics: t, key_password_file: %s}}\n", path);
    assert_non_null(strstr(refuse(text).items[0].message, "is empty"));
    unlink(path);
    assert_non_null(strstr(refuse(text).items[0].message, path));
}

static void test_secrets_are_not_quoted(void **state) {
    (void)state;
    struct gw_config_errors errors =
        refuse("source: {kafka: {brokers: b, topics: t, password: \"s3cret\\0\"}}\n");
    for (size_t i = 0; i < errors.count; i++) {
        assert_null(strstr(errors.items[i].message, "s3cret"));
    }
}

static void test_dead_letters_follow_a_kafka_sink(void **state) {
    (void)state;
    struct gw_config *config =
        load("sink: {kafka: {brokers: b, topic: out, sasl_mechanism: PLAIN, username: u, "
             "password: p, tls: true}}\n");
    assert_int_equal(config->dead_letters.kind, GW_ENDPOINT_KAFKA);
    assert_string_equal(config->dead_letters.kafka.client.brokers, "b");
    assert_string_equal(config->dead_letters.kafka.client.password, "p");
    assert_true(config->dead_letters.kafka.client.tls);
    assert_string_equal(config->dead_letters.kafka.topic, "out-dead-letters");
    gw_config_free(config);
}

static void test_dead_letters_take_what_they_leave_out_from_the_sink(void **state) {
    (void)state;
    struct gw_config *config =
        load("sink: {zeromq: {pattern: acked, bind: ['tcp://h:1'], high_water: 5, topic: t}}\n"
             "dead_letters: {zeromq: {high_water: 7}}\n");
    assert_int_equal(config->dead_letters.zeromq.pattern, GW_ZEROMQ_ACKED);
    assert_int_equal(config->dead_letters.zeromq.bind_count, 1);
    assert_int_equal(config->dead_letters.zeromq.high_water, 7);
    assert_string_equal(config->dead_letters.zeromq.topic, "dead-letters");
    gw_config_free(config);

    config =
        load("sink: {zeromq: {bind: ['tcp://h:1']}}\ndead_letters: {zeromq: {connect: ['tcp://h:2']}}\n");
    assert_int_equal(config->dead_letters.zeromq.bind_count, 0);
    assert_int_equal(config->dead_letters.zeromq.connect_count, 1);
    gw_config_free(config);

    config = load("sink: {file: {path: r.mp, format: msgpack}}\nstate_dir: /s\n");
    assert_false(config->dead_letters.file.json_lines);
    assert_string_equal(config->dead_letters.file.path, "/s/dead-letters.msgpack");
    gw_config_free(config);
}

static void test_delivery_is_the_strongest_on_offer(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum gw_delivery delivery;
    } pairs[] = {
        {KAFKA, GW_DELIVERY_EXACTLY_ONCE},
        {KAFKA "delivery: at_least_once\n", GW_DELIVERY_AT_LEAST_ONCE},
        {KAFKA "dead_letters: {file: {path: d}}\n", GW_DELIVERY_AT_LEAST_ONCE},
        {KAFKA "dead_letters: {kafka: {brokers: \"e:1\"}}\n", GW_DELIVERY_AT_LEAST_ONCE},
        {"source: {kafka: {brokers: \"a:1,PLAINTEXT://b:9092\", topics: [a]}}\n"
         "sink: {kafka: {brokers: \"c,b\", topic: r}}\n",
         GW_DELIVERY_EXACTLY_ONCE},
        {"source: {kafka: {brokers: \"a:1\", topics: [a]}}\nsink: {kafka: {brokers: \"a:2\", topic: r}}\n",
         GW_DELIVERY_AT_LEAST_ONCE},
        {"source: {file: {paths: [a]}}\nsink: {file: {path: b}}\n", GW_DELIVERY_AT_LEAST_ONCE},
        {"source: {file: {paths: ['-']}}\nsink: {file: {path: b}}\n", GW_DELIVERY_BEST_EFFORT},
        {"source: {file: {paths: [a]}}\nsink: {file: {path: '-'}}\n", GW_DELIVERY_BEST_EFFORT},
        {"source: {zeromq: {pattern: acked, bind: 'tcp://a:1'}}\nsink: {file: {path: b}}\n",
         GW_DELIVERY_AT_LEAST_ONCE},
        {"source: {zeromq: {pattern: acked, bind: 'tcp://a:1'}}\nsink: {file: {path: b}}\n"
         "dead_letters: {zeromq: {pattern: pub, bind: 'tcp://a:2'}}\n",
         GW_DELIVERY_BEST_EFFORT},
        {"source: {zeromq: {pattern: sub, bind: 'tcp://a:1'}}\nsink: {file: {path: b}}\n",
         GW_DELIVERY_BEST_EFFORT},
        {"source: {file: {paths: [a]}}\ndelivery: best_effort\nsink: {file: {path: b}}\n",
         GW_DELIVERY_BEST_EFFORT},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct gw_config *config = load(pairs[i].text);
        assert_int_equal(config->delivery, pairs[i].delivery);
        gw_config_free(config);
    }
}

static void test_the_hash_covers_what_affects_records(void **state) {
    (void)state;
    struct gw_config *base = load(""), *same = load("workers: 3\nlog: {level: debug}\n"),
                     *other[] = {load("record: {offsets: byte}"), load("record: {body: false}"),
                                 load("annotate: {budget: 5000}"), load("limits: {entities: 5}"),
                                 load("sink: {record_bytes: 1MiB}")};
    assert_int_equal(strlen(base->hash), GW_HASH_HEX_SIZE - 1);
    assert_string_equal(base->hash, same->hash);
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
        assert_string_not_equal(base->hash, other[i]->hash);
        gw_config_free(other[i]);
    }
    gw_config_free(base);
    gw_config_free(same);
}

static void test_changes_that_need_a_restart_are_named(void **state) {
    (void)state;
    struct gw_config *running = load("workers: 2\n");
    static const struct {
        const char *text, *key;
    } changes[] = {
        {"workers: 2\nlog: {level: warn}\n", NULL},
        {"workers: 3\n", "workers"},
        {"workers: 2\nsource: {zeromq: {bind: ['tcp://a:1']}}\n", "source.zeromq.bind"},
        {"workers: 2\ninstance: other\n", "instance"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct gw_config *wanted = load(changes[i].text);
        const char *key = gw_config_needs_restart(running, wanted);
        if (changes[i].key) {
            assert_non_null(key);
            assert_string_equal(key, changes[i].key);
        } else {
            assert_null(key);
        }
        gw_config_free(wanted);
    }
    struct gw_config *kafka = load(KAFKA);
    assert_string_equal(gw_config_needs_restart(running, kafka), "source");
    gw_config_free(kafka);
    gw_config_free(running);
}

static void test_run_dirs_differ_by_state_dir_and_fit_a_socket(void **state) {
    (void)state;
    unsetenv("RUNTIME_DIRECTORY");
    struct gw_config *a = load("state_dir: /a\n"), *b = load("state_dir: /b\n"),
                     *again = load("state_dir: /a\n");
    assert_string_not_equal(a->run_dir, b->run_dir);
    assert_string_equal(a->run_dir, again->run_dir);
    gw_config_free(a);
    gw_config_free(b);
    gw_config_free(again);
    setenv("RUNTIME_DIRECTORY", "/run/given:/run/second", 1);
    a = load("state_dir: /a\n");
    assert_string_equal(a->run_dir, "/run/given");
    gw_config_free(a);
    unsetenv("RUNTIME_DIRECTORY");

    char text[256];
    snprintf(text, sizeof text, "run_dir: /%0120d\n", 0);
    assert_non_null(strstr(refuse(text).items[0].message, "too long for a socket"));
    char kafka[512];
    snprintf(kafka, sizeof kafka, "%s%s", KAFKA, text);
    gw_config_free(load(kafka));
}

static void test_aliases_may_share_but_not_explode(void **state) {
    (void)state;
    struct gw_config *config = load("source: {kafka: &client {brokers: &b 'k:1', topics: [a]}}\n"
                                    "sink: {kafka: {brokers: *b, topic: out}}\n");
    assert_string_equal(config->sink.kafka.client.brokers, "k:1");
    gw_config_free(config);
    refuse("source: &a {kafka: *a}\n");
    refuse("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n");
}

static void test_a_file_that_is_not_there_is_a_mistake(void **state) {
    (void)state;
    struct gw_config *config = NULL;
    struct gw_config_errors errors;
    assert_int_equal(gw_config_load_file("/nonexistent/gw.yaml", &config, &errors), GW_BAD_CONFIG);
    assert_int_equal(errors.count, 1);
    assert_non_null(strstr(errors.items[0].message, "/nonexistent/gw.yaml"));
    assert_int_equal(gw_config_load_file(NULL, &config, &errors), GW_OK);
    gw_config_free(config);
}

static void test_table_rows_are_whole(void **state) {
    (void)state;
    for (size_t i = 0; i < gw_config_key_count; i++) {
        const struct gw_config_key *key = &gw_config_keys[i];
        assert_non_null(key->doc);
        assert_non_null(key->example);
        assert_non_null(key->since);
        assert_ptr_equal(gw_config_key_find(key->name), key);
        assert_int_equal(key->type == GW_KEY_WORD, key->words != NULL);
        const char *dot = strrchr(key->name, '.');
        if (dot) {
            char section[128];
            snprintf(section, sizeof section, "%.*s", (int)(dot - key->name), key->name);
            assert_non_null(gw_config_section_find(section));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty_is_the_embedded_default),
        cmocka_unit_test(test_limits_default_to_their_constants),
        cmocka_unit_test(test_every_type_is_read),
        cmocka_unit_test(test_each_mistake_names_line_key_and_remedy),
        cmocka_unit_test(test_all_mistakes_are_told_at_once),
        cmocka_unit_test(test_no_more_than_the_most_mistakes_are_told),
        cmocka_unit_test(test_errors_are_printed_with_their_place),
        cmocka_unit_test(test_variables_are_filled_in),
        cmocka_unit_test(test_what_a_variable_holds_is_not_expanded_again),
        cmocka_unit_test(test_secrets_come_from_files),
        cmocka_unit_test(test_secrets_are_not_quoted),
        cmocka_unit_test(test_dead_letters_follow_a_kafka_sink),
        cmocka_unit_test(test_dead_letters_take_what_they_leave_out_from_the_sink),
        cmocka_unit_test(test_delivery_is_the_strongest_on_offer),
        cmocka_unit_test(test_the_hash_covers_what_affects_records),
        cmocka_unit_test(test_changes_that_need_a_restart_are_named),
        cmocka_unit_test(test_run_dirs_differ_by_state_dir_and_fit_a_socket),
        cmocka_unit_test(test_aliases_may_share_but_not_explode),
        cmocka_unit_test(test_a_file_that_is_not_there_is_a_mistake),
        cmocka_unit_test(test_table_rows_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
