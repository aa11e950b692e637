/* A Kafka for tests: librdkafka's mock cluster in this process, or the real broker that GW_TEST_BROKERS names
 * (see tests/system/broker.py). */
#ifndef GW_TESTS_KAFKA_FIXTURE_H
#define GW_TESTS_KAFKA_FIXTURE_H

#include "base/str.h"
#include "schemas/headers.h"

#include <librdkafka/rdkafka.h>

#include <stdbool.h>

/* One per test; each has topics and a group of its own. Failures end the test. */
struct kafka_fixture;

struct kafka_fixture *kafka_fixture_new(void);
void kafka_fixture_free(struct kafka_fixture *fixture);

/* The session.timeout.ms of every dynamic member of a test's groups. librdkafka sometimes asks for a member's
 * id twice and forgets the first (its issue 5569); the broker then waits for that one until its session ends,
 * and nobody has a partition meanwhile. Static members ask for none. */
#define KAFKA_FIXTURE_SESSION_MS "6000"

bool kafka_fixture_is_real(void);
const char *kafka_fixture_brokers(const struct kafka_fixture *fixture);

/* A name that nobody else uses; "NAME-…". Belongs to the fixture, as do names of topics. */
const char *kafka_fixture_name(struct kafka_fixture *fixture, const char *name);

/* A new topic. `settings` is a list of key and value, ended by NULL, for the real broker only; or NULL. */
const char *kafka_fixture_topic(struct kafka_fixture *fixture, const char *name, int partitions,
                                const char *const *settings);

/* Feeds one message and waits until the broker has it. Partition -1: by key. */
void kafka_fixture_produce(struct kafka_fixture *fixture, const char *topic, int partition, struct gw_str key,
                           struct gw_str payload, struct gw_headers headers);

/* All messages of partition 0 that a reader of committed messages sees by now, in order. They belong to the
 * fixture. */
size_t kafka_fixture_read(struct kafka_fixture *fixture, const char *topic,
                          rd_kafka_message_t *const **messages);

/* What the group has committed; -1 for nothing. */
int64_t kafka_fixture_committed(struct kafka_fixture *fixture, const char *group, const char *topic,
                                int partition);

/* Deletes what lies before this offset (real broker only). */
void kafka_fixture_cut(struct kafka_fixture *fixture, const char *topic, int partition, int64_t before);

/* From block to unblock the broker answers nobody. */
void kafka_fixture_block(struct kafka_fixture *fixture);
void kafka_fixture_unblock(struct kafka_fixture *fixture);

/* Another member joins the group and takes partitions away, in a thread of its own; it leaves again by itself
 * when it has got some (and in any case when the fixture is freed). */
void kafka_fixture_join(struct kafka_fixture *fixture, const char *group, const char *topic);

#endif
