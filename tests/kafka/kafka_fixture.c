/* Plain librdkafka, nothing of ours, so that it can judge what is ours. */
#include "kafka/kafka_fixture.h"

#include "conformance/waiting.h"

#include <librdkafka/rdkafka_mock.h>

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NAMES_MAX  64
#define READ_MAX   8192
#define TIMEOUT_MS 30000
#define STEP_MS    50

struct kafka_fixture {
    rd_kafka_t *client; /* a producer; the mock cluster hangs on it */
    rd_kafka_mock_cluster_t *mock;
    const char *brokers;
    char *names[NAMES_MAX];
    size_t name_count;
    rd_kafka_t *reader;
    rd_kafka_message_t *read[READ_MAX];
    size_t read_count;

    pthread_t member;
    bool joined;
    atomic_bool stop;
    const char *member_group, *member_topic;
};

static const char *real_brokers(void) {
    return getenv("GW_TEST_BROKERS");
}

bool kafka_fixture_is_real(void) {
    return real_brokers() != NULL;
}

static pid_t real_pid(void) {
    const char *pid = getenv("GW_TEST_BROKER_PID");
    if (!pid) {
        print_error("GW_TEST_BROKER_PID is not set\n");
        abort();
    }
    return (pid_t)strtol(pid, NULL, 10);
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
    char reason[256];
    if (rd_kafka_conf_set(conf, name, value, reason, sizeof reason) != RD_KAFKA_CONF_OK) {
        fail_msg("%s", reason);
    }
}

static rd_kafka_t *client_of(rd_kafka_type_t type, rd_kafka_conf_t *conf) {
    char reason[256];
    rd_kafka_t *client = rd_kafka_new(type, conf, reason, sizeof reason);
    if (!client) {
        fail_msg("%s", reason);
    }
    return client;
}

struct kafka_fixture *kafka_fixture_new(void) {
    struct kafka_fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "message.max.bytes", "100000000");
    set(conf, "linger.ms", "0");
    if (kafka_fixture_is_real()) {
        /* A test that failed may have left it blocked. */
        kill(real_pid(), SIGCONT);
        set(conf, "bootstrap.servers", real_brokers());
        fixture->brokers = real_brokers();
    } else {
        set(conf, "test.mock.num.brokers", "1");
    }
    fixture->client = client_of(RD_KAFKA_PRODUCER, conf);
    if (!kafka_fixture_is_real()) {
        fixture->mock = rd_kafka_handle_mock_cluster(fixture->client);
        fixture->brokers = rd_kafka_mock_cluster_bootstraps(fixture->mock);
    }
    return fixture;
}

static void forget_read(struct kafka_fixture *fixture) {
    for (size_t i = 0; i < fixture->read_count; i++) {
        rd_kafka_message_destroy(fixture->read[i]);
    }
    fixture->read_count = 0;
}

void kafka_fixture_free(struct kafka_fixture *fixture) {
    if (fixture->joined) {
        atomic_store(&fixture->stop, true);
        pthread_join(fixture->member, NULL);
    }
    forget_read(fixture);
    if (fixture->reader) {
        rd_kafka_destroy(fixture->reader);
    }
    rd_kafka_destroy(fixture->client);
    for (size_t i = 0; i < fixture->name_count; i++) {
        free(fixture->names[i]);
    }
    free(fixture);
}

const char *kafka_fixture_brokers(const struct kafka_fixture *fixture) {
    return fixture->brokers;
}

const char *kafka_fixture_name(struct kafka_fixture *fixture, const char *name) {
    static unsigned counter;
    char *made;
    assert_true(fixture->name_count < NAMES_MAX);
    assert_true(asprintf(&made, "%s-%d-%u", name, (int)getpid(), counter++) > 0);
    fixture->names[fixture->name_count++] = made;
    return made;
}

/* Asks the real broker for something and waits for the answer. */
static void administer(struct kafka_fixture *fixture, void (*ask)(rd_kafka_t *, void *, rd_kafka_queue_t *),
                       void *request) {
    rd_kafka_queue_t *answers = rd_kafka_queue_new(fixture->client);
    ask(fixture->client, request, answers);
    rd_kafka_event_t *answer = rd_kafka_queue_poll(answers, TIMEOUT_MS);
    assert_non_null(answer);
    assert_string_equal(rd_kafka_event_error_string(answer), "Success");
    rd_kafka_event_destroy(answer);
    rd_kafka_queue_destroy(answers);
}

static void ask_create(rd_kafka_t *client, void *request, rd_kafka_queue_t *answers) {
    rd_kafka_NewTopic_t *topic = request;
    rd_kafka_CreateTopics(client, &topic, 1, NULL, answers);
}

const char *kafka_fixture_topic(struct kafka_fixture *fixture, const char *name, int partitions,
                                const char *const *settings) {
    const char *topic = kafka_fixture_name(fixture, name);
    if (fixture->mock) {
        assert_int_equal(rd_kafka_mock_topic_create(fixture->mock, topic, partitions, 1), 0);
        return topic;
    }
    rd_kafka_NewTopic_t *request = rd_kafka_NewTopic_new(topic, partitions, 1, NULL, 0);
    for (; settings && settings[0]; settings += 2) {
        rd_kafka_NewTopic_set_config(request, settings[0], settings[1]);
    }
    administer(fixture, ask_create, request);
    rd_kafka_NewTopic_destroy(request);
    return topic;
}

static void ask_delete(rd_kafka_t *client, void *request, rd_kafka_queue_t *answers) {
    rd_kafka_DeleteRecords_t *cut = request;
    rd_kafka_DeleteRecords(client, &cut, 1, NULL, answers);
}

void kafka_fixture_cut(struct kafka_fixture *fixture, const char *topic, int partition, int64_t before) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, partition)->offset = before;
    rd_kafka_DeleteRecords_t *request = rd_kafka_DeleteRecords_new(list);
    administer(fixture, ask_delete, request);
    rd_kafka_DeleteRecords_destroy(request);
    rd_kafka_topic_partition_list_destroy(list);
}

void kafka_fixture_produce(struct kafka_fixture *fixture, const char *topic, int partition, struct gw_str key,
                           struct gw_str payload, struct gw_headers headers) {
    rd_kafka_headers_t *written = rd_kafka_headers_new(headers.count);
    for (size_t i = 0; i < headers.count; i++) {
        rd_kafka_header_add(written, headers.items[i].name.data, (ssize_t)headers.items[i].name.size,
                            headers.items[i].value.data, (ssize_t)headers.items[i].value.size);
    }
    rd_kafka_resp_err_t code = rd_kafka_producev(
        fixture->client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(partition),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_VALUE((void *)payload.data, payload.size),
        RD_KAFKA_V_KEY(key.data, key.size), RD_KAFKA_V_HEADERS(written), RD_KAFKA_V_END);
    assert_int_equal(code, RD_KAFKA_RESP_ERR_NO_ERROR);
    assert_int_equal(rd_kafka_flush(fixture->client, TIMEOUT_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
}

static rd_kafka_t *consumer_of(struct kafka_fixture *fixture, const char *group) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", fixture->brokers);
    set(conf, "group.id", group);
    set(conf, "enable.auto.commit", "false");
    set(conf, "enable.partition.eof", "true");
    set(conf, "auto.offset.reset", "earliest");
    set(conf, "partition.assignment.strategy", "cooperative-sticky");
    set(conf, "session.timeout.ms", KAFKA_FIXTURE_SESSION_MS);
    rd_kafka_t *client = client_of(RD_KAFKA_CONSUMER, conf);
    rd_kafka_poll_set_consumer(client);
    return client;
}

size_t kafka_fixture_read(struct kafka_fixture *fixture, const char *topic,
                          rd_kafka_message_t *const **messages) {
    if (!fixture->reader) {
        fixture->reader = consumer_of(fixture, kafka_fixture_name(fixture, "reader"));
    }
    forget_read(fixture);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
    assert_int_equal(rd_kafka_assign(fixture->reader, list), 0);
    rd_kafka_topic_partition_list_destroy(list);
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    bool ended = false;
    while (!ended) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(fixture->reader, STEP_MS);
        ended = message && message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
        if (message && message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            assert_true(fixture->read_count < READ_MAX);
            fixture->read[fixture->read_count++] = message;
        } else if (message) {
            rd_kafka_message_destroy(message);
        }
        assert_in_time(deadline, "the end of a topic");
    }
    assert_int_equal(rd_kafka_assign(fixture->reader, NULL), 0);
    *messages = fixture->read;
    return fixture->read_count;
}

int64_t kafka_fixture_committed(struct kafka_fixture *fixture, const char *group, const char *topic,
                                int partition) {
    rd_kafka_t *client = consumer_of(fixture, group);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, partition);
    assert_int_equal(rd_kafka_committed(client, list, TIMEOUT_MS), 0);
    int64_t offset = list->elems[0].offset;
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_destroy(client);
    return offset < 0 ? -1 : offset;
}

/* A signal is not obeyed at once: the process's state tells. */
static bool is_stopped(pid_t pid) {
    char path[64], state = '?';
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%*d (%*[^)]) %c", &state), 1);
    fclose(file);
    return state == 'T';
}

void kafka_fixture_block(struct kafka_fixture *fixture) {
    if (fixture->mock) {
        rd_kafka_mock_broker_set_down(fixture->mock, 1);
        return;
    }
    assert_int_equal(kill(real_pid(), SIGSTOP), 0);
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    while (!is_stopped(real_pid())) {
        assert_in_time(deadline, "the broker to stop");
    }
}

void kafka_fixture_unblock(struct kafka_fixture *fixture) {
    if (fixture->mock) {
        rd_kafka_mock_broker_set_up(fixture->mock, 1);
        return;
    }
    assert_int_equal(kill(real_pid(), SIGCONT), 0);
}

/* How many partitions the member has. */
static int assigned(rd_kafka_t *client) {
    rd_kafka_topic_partition_list_t *list;
    if (rd_kafka_assignment(client, &list) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return 0;
    }
    int count = list->cnt;
    rd_kafka_topic_partition_list_destroy(list);
    return count;
}

static void serve(rd_kafka_t *client) {
    rd_kafka_message_t *message = rd_kafka_consumer_poll(client, STEP_MS);
    if (message) {
        rd_kafka_message_destroy(message);
    }
}

/* librdkafka before 2.4 hangs for good in rd_kafka_consumer_close when an assignment is on its way to a
 * cooperative member (its issue 4527); a member that has unsubscribed gets none. */
static void leave(rd_kafka_t *client) {
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    rd_kafka_unsubscribe(client);
    do {
        serve(client);
    } while (assigned(client) > 0 && gw_clock_now_ns(&gw_clock_system) < deadline);
    rd_kafka_consumer_close(client);
    rd_kafka_destroy(client);
}

static void *be_a_member(void *context) {
    struct kafka_fixture *fixture = context;
    rd_kafka_t *client = consumer_of(fixture, fixture->member_group);
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, fixture->member_topic, RD_KAFKA_PARTITION_UA);
    rd_kafka_subscribe(client, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    while (assigned(client) == 0 && !atomic_load(&fixture->stop)) {
        serve(client);
    }
    leave(client);
    return NULL;
}

void kafka_fixture_join(struct kafka_fixture *fixture, const char *group, const char *topic) {
    fixture->member_group = group;
    fixture->member_topic = topic;
    assert_int_equal(pthread_create(&fixture->member, NULL, be_a_member, fixture), 0);
    fixture->joined = true;
}
