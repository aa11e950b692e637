/* publish/kafka_sink.h: transactions, and what a broker may do to a producer, on a real broker. */
#include "publish/kafka_sink.h"

#include "conformance/source_suite.h"
#include "conformance/waiting.h"
#include "kafka/kafka_fixture.h"
#include "transport/kafka_positions.h"

#include <stdio.h>
#include <stdlib.h>

#define QUEUE_BYTES            ((size_t)1 << 20)
#define TRANSACTION_TIMEOUT_MS 60000
#define POLL_MS                20
#define SHORT_MS               200

struct world {
    struct kafka_fixture *kafka;
    const char *records;
    struct gw_kafka_sink_settings settings;
    struct gw_sink *sink;
    struct gw_error error;
};

static void open_sink(struct world *world) {
    enum gw_status status =
        gw_kafka_sink_open(&world->settings, &gw_clock_system, &world->sink, &world->error);
    assert_string_equal(world->error.detail, "");
    assert_int_equal(status, GW_OK);
}

static void begin(struct world *world, bool transactional) {
    *world = (struct world){.kafka = kafka_fixture_new()};
    world->records = kafka_fixture_topic(world->kafka, "records", 1, NULL);
    world->settings = (struct gw_kafka_sink_settings){
        .kafka = {.brokers = kafka_fixture_brokers(world->kafka)},
        .topics = {[GW_OUTLET_RECORDS] = world->records},
        .queue_bytes = QUEUE_BYTES,
        .transactional_id = transactional ? kafka_fixture_name(world->kafka, "transactions") : NULL,
        .transaction_timeout_ms = TRANSACTION_TIMEOUT_MS,
    };
    open_sink(world);
}

static void end(struct world *world) {
    gw_sink_close(world->sink);
    kafka_fixture_free(world->kafka);
}

static enum gw_status send_one(struct world *world, uint64_t ticket, const char *payload) {
    struct gw_outgoing message = {
        .outlet = GW_OUTLET_RECORDS, .ticket = ticket, .payload = gw_str_from(payload)};
    return gw_sink_send(world->sink, &message, &world->error);
}

/* Waits for one completion; returns its status. */
static enum gw_status complete(struct world *world, uint64_t ticket) {
    struct gw_completion completion;
    size_t count = 0;
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    while (count == 0) {
        wait_readable(gw_sink_fd(world->sink), POLL_MS);
        gw_sink_poll(world->sink, &completion, 1, &count, &world->error);
        assert_in_time(deadline, "a completion");
    }
    assert_int_equal(completion.ticket, ticket);
    return completion.status;
}

static size_t seen(struct world *world) {
    rd_kafka_message_t *const *messages;
    return kafka_fixture_read(world->kafka, world->records, &messages);
}

/* Positions of this group for an input topic. The member need not be there. */
static struct gw_positions *positions_of(const char *group, const char *topic, int64_t offset) {
    struct gw_positions *positions;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, 0)->offset = offset;
    assert_int_equal(gw_kafka_positions_new(list, rd_kafka_consumer_group_metadata_new(group), &positions),
                     GW_OK);
    return positions;
}

static void a_commit_stores_the_positions(void **state) {
    (void)state;
    struct world world;
    begin(&world, true);
    const char *group = kafka_fixture_name(world.kafka, "group");
    const char *input = kafka_fixture_topic(world.kafka, "articles", 1, NULL);
    struct gw_positions *positions = positions_of(group, input, 17);
    assert_int_equal(gw_sink_begin(world.sink, NULL), GW_OK);
    assert_int_equal(send_one(&world, 1, "one"), GW_OK);
    assert_int_equal(complete(&world, 1), GW_OK);
    assert_int_equal(seen(&world), 0);
    assert_int_equal(gw_sink_commit(world.sink, positions, SUITE_PATIENCE_MS, &world.error), GW_OK);
    assert_int_equal(seen(&world), 1);
    assert_int_equal(kafka_fixture_committed(world.kafka, group, input, 0), 17);
    gw_positions_free(positions);
    end(&world);
}

static void an_abort_stores_nothing(void **state) {
    (void)state;
    struct world world;
    begin(&world, true);
    assert_int_equal(gw_sink_begin(world.sink, NULL), GW_OK);
    assert_int_equal(send_one(&world, 1, "one"), GW_OK);
    assert_int_equal(gw_sink_abort(world.sink, SUITE_PATIENCE_MS, &world.error), GW_OK);
    /* What was not safe yet completes all the same. */
    complete(&world, 1);
    assert_int_equal(gw_sink_begin(world.sink, NULL), GW_OK);
    assert_int_equal(gw_sink_commit(world.sink, NULL, SUITE_PATIENCE_MS, &world.error), GW_OK);
    assert_int_equal(seen(&world), 0);
    end(&world);
}

static void closing_aborts_what_is_open(void **state) {
    (void)state;
    struct world world;
    begin(&world, true);
    assert_int_equal(gw_sink_begin(world.sink, NULL), GW_OK);
    assert_int_equal(send_one(&world, 1, "never"), GW_OK);
    assert_int_equal(complete(&world, 1), GW_OK);
    gw_sink_close(world.sink);
    open_sink(&world);
    assert_int_equal(gw_sink_begin(world.sink, NULL), GW_OK);
    assert_int_equal(send_one(&world, 2, "seen"), GW_OK);
    assert_int_equal(complete(&world, 2), GW_OK);
    assert_int_equal(gw_sink_commit(world.sink, NULL, SUITE_PATIENCE_MS, &world.error), GW_OK);
    assert_int_equal(seen(&world), 1);
    end(&world);
}

static void the_older_of_two_with_one_identity_is_fenced(void **state) {
    (void)state;
    struct world world;
    struct gw_sink *newer;
    begin(&world, true);
    assert_int_equal(gw_sink_begin(world.sink, NULL), GW_OK);
    assert_int_equal(send_one(&world, 1, "one"), GW_OK);
    assert_int_equal(complete(&world, 1), GW_OK);
    assert_int_equal(gw_kafka_sink_open(&world.settings, &gw_clock_system, &newer, NULL), GW_OK);
    assert_int_equal(gw_sink_commit(world.sink, NULL, SUITE_PATIENCE_MS, &world.error), GW_FENCED);
    assert_non_null(strstr(world.error.detail, "`instance`"));
    assert_int_equal(send_one(&world, 2, "two"), GW_FENCED);
    gw_sink_close(newer);
    assert_int_equal(seen(&world), 0);
    end(&world);
}

static void a_commit_that_times_out_can_be_finished(void **state) {
    (void)state;
    struct world world;
    begin(&world, true);
    assert_int_equal(gw_sink_begin(world.sink, NULL), GW_OK);
    assert_int_equal(send_one(&world, 1, "one"), GW_OK);
    assert_int_equal(complete(&world, 1), GW_OK);
    kafka_fixture_block(world.kafka);
    assert_int_equal(gw_sink_commit(world.sink, NULL, SHORT_MS, &world.error), GW_TIMEOUT);
    kafka_fixture_unblock(world.kafka);
    assert_int_equal(gw_sink_commit(world.sink, NULL, SUITE_PATIENCE_MS, &world.error), GW_OK);
    assert_int_equal(seen(&world), 1);
    end(&world);
}

static void a_silent_broker_times_out_a_flush(void **state) {
    (void)state;
    struct world world;
    begin(&world, false);
    kafka_fixture_block(world.kafka);
    assert_int_equal(send_one(&world, 1, "one"), GW_OK);
    assert_int_equal(gw_sink_flush(world.sink, SHORT_MS, &world.error), GW_TIMEOUT);
    kafka_fixture_unblock(world.kafka);
    assert_int_equal(gw_sink_flush(world.sink, SUITE_PATIENCE_MS, &world.error), GW_OK);
    assert_int_equal(complete(&world, 1), GW_OK);
    end(&world);
}

static void a_message_given_up_is_the_peers_fault(void **state) {
    (void)state;
    struct world world;
    begin(&world, false);
    gw_sink_close(world.sink);
    const struct gw_property soon = {"delivery.timeout.ms", "300"};
    world.settings.kafka.properties = &soon;
    world.settings.kafka.property_count = 1;
    open_sink(&world);
    kafka_fixture_block(world.kafka);
    assert_int_equal(send_one(&world, 1, "one"), GW_OK);
    assert_int_equal(gw_status_fault(complete(&world, 1)), GW_FAULT_PEER);
    kafka_fixture_unblock(world.kafka);
    end(&world);
}

static void a_missing_topic_is_the_peers_fault(void **state) {
    (void)state;
    struct world world;
    begin(&world, false);
    gw_sink_close(world.sink);
    const struct gw_property soon = {"topic.metadata.propagation.max.ms", "300"};
    world.settings.kafka.properties = &soon;
    world.settings.kafka.property_count = 1;
    open_sink(&world);
    struct gw_outgoing message = {.outlet = GW_OUTLET_RECORDS,
                                  .ticket = 9,
                                  .topic = gw_str_from(kafka_fixture_name(world.kafka, "missing")),
                                  .payload = GW_STR("{}")};
    enum gw_status status = gw_sink_send(world.sink, &message, NULL);
    if (status == GW_OK) {
        status = complete(&world, 9);
    }
    assert_int_equal(status, GW_REFUSED);
    end(&world);
}

static void a_message_above_the_queue_goes_alone(void **state) {
    (void)state;
    struct world world;
    begin(&world, false);
    gw_sink_close(world.sink);
    world.settings.queue_bytes = 1000;
    open_sink(&world);
    char large[5000];
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    assert_int_equal(send_one(&world, 1, large), GW_OK);
    assert_int_equal(send_one(&world, 2, "small"), GW_AGAIN);
    assert_int_equal(complete(&world, 1), GW_OK);
    assert_int_equal(send_one(&world, 2, "small"), GW_OK);
    assert_int_equal(complete(&world, 2), GW_OK);
    assert_int_equal(seen(&world), 2);
    end(&world);
}

static void equal_keys_go_to_one_partition_as_in_java(void **state) {
    (void)state;
    struct world world;
    begin(&world, false);
    const char *spread = kafka_fixture_topic(world.kafka, "spread", 3, NULL);
    rd_kafka_message_t *const *messages;
    /* By murmur2 of Java's clients, "key-1" of three partitions is in the first. */
    for (uint64_t i = 0; i < 3; i++) {
        struct gw_outgoing message = {.outlet = GW_OUTLET_RECORDS,
                                      .ticket = i,
                                      .topic = gw_str_from(spread),
                                      .key = GW_STR("key-1"),
                                      .payload = GW_STR("{}")};
        assert_int_equal(gw_sink_send(world.sink, &message, NULL), GW_OK);
        assert_int_equal(complete(&world, i), GW_OK);
    }
    assert_int_equal(kafka_fixture_read(world.kafka, spread, &messages), 3);
    end(&world);
}

int main(void) {
    if (!kafka_fixture_is_real()) {
        puts("skipped: this needs a real broker; set GW_TEST_BROKERS");
        return SUITE_SKIPPED;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_commit_stores_the_positions),
        cmocka_unit_test(an_abort_stores_nothing),
        cmocka_unit_test(closing_aborts_what_is_open),
        cmocka_unit_test(the_older_of_two_with_one_identity_is_fenced),
        cmocka_unit_test(a_commit_that_times_out_can_be_finished),
        cmocka_unit_test(a_silent_broker_times_out_a_flush),
        cmocka_unit_test(a_message_given_up_is_the_peers_fault),
        cmocka_unit_test(a_missing_topic_is_the_peers_fault),
        cmocka_unit_test(a_message_above_the_queue_goes_alone),
        cmocka_unit_test(equal_keys_go_to_one_partition_as_in_java),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
