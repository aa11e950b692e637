/* ingest/kafka_source.h through the source suite: a topic of one partition, then one of two with another
 * member in the group. */
#include "conformance/source_suite.h"
#include "ingest/kafka_source.h"
#include "kafka/kafka_fixture.h"
#include "unit/unit.h"

#include <stdlib.h>

#define PREFETCH_BYTES    ((size_t)8 << 20)
#define REVOKE_TIMEOUT_MS 10000

struct place {
    struct kafka_fixture *kafka;
    int partitions;
    int next; /* partition that the next message goes to */
    const char *topic;
    struct gw_kafka_source_settings settings;
};

static const char *unavailable(void) {
    return kafka_fixture_is_real() ? NULL
                                   : "the mock cluster keeps members that have left; set GW_TEST_BROKERS";
}

static const struct gw_property session = {"session.timeout.ms", KAFKA_FIXTURE_SESSION_MS};

static void *make_with(int partitions, size_t message_bytes_max) {
    struct place *place = calloc(1, sizeof *place);
    assert_non_null(place);
    place->kafka = kafka_fixture_new();
    place->partitions = partitions;
    place->topic = kafka_fixture_topic(place->kafka, "articles", partitions, NULL);
    place->settings = (struct gw_kafka_source_settings){
        .kafka = {.brokers = kafka_fixture_brokers(place->kafka),
                  .properties = &session,
                  .property_count = 1},
        .topics = &place->topic,
        .topic_count = 1,
        .group = kafka_fixture_name(place->kafka, "group"),
        .prefetch_bytes = PREFETCH_BYTES,
        .message_bytes_max = message_bytes_max,
        .stores_positions = true,
        .revoke_timeout_ms = REVOKE_TIMEOUT_MS,
    };
    return place;
}

static void *make_one(size_t message_bytes_max) {
    return make_with(1, message_bytes_max);
}

static void *make_two(size_t message_bytes_max) {
    return make_with(2, message_bytes_max);
}

static void feed(void *state, const struct source_feed *messages, size_t count) {
    struct place *place = state;
    for (size_t i = 0; i < count; i++) {
        kafka_fixture_produce(place->kafka, place->topic, place->next, messages[i].key, messages[i].payload,
                              messages[i].headers);
        place->next = (place->next + 1) % place->partitions;
    }
}

static enum gw_status open_source(void *state, const struct gw_source_events *events,
                                  struct gw_source **source, struct gw_error *error) {
    return gw_kafka_source_open(&((struct place *)state)->settings, events, &gw_clock_system, source, error);
}

static void revoke(void *state) {
    struct place *place = state;
    kafka_fixture_join(place->kafka, place->settings.group, place->topic);
}

static void destroy(void *state) {
    struct place *place = state;
    kafka_fixture_free(place->kafka);
    free(place);
}

int main(void) {
    struct source_backend backend = {
        .name = "Kafka source, one partition",
        .keys = true,
        .headers = true,
        .tombstones = true,
        .binary = true,
        .positions = true,
        .in_order = true,
        .unavailable = unavailable,
        .make = make_one,
        .feed = feed,
        .open = open_source,
        .revoke = revoke,
        .destroy = destroy,
    };
    int failed = source_suite_run(&backend);
    if (failed == SUITE_SKIPPED) {
        return failed;
    }
    backend.name = "Kafka source, two partitions";
    backend.in_order = false;
    backend.revokes = true;
    backend.make = make_two;
    return failed + source_suite_run(&backend);
}
