/* ingest/kafka_source.h: what only a consumer group has, on a real broker. */
#include "ingest/kafka_source.h"

#include "base/hash.h"
#include "conformance/source_suite.h"
#include "conformance/waiting.h"
#include "kafka/kafka_fixture.h"
#include "transport/kafka_positions.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MESSAGES_MAX      64
#define PREFETCH_BYTES    ((size_t)8 << 20)
#define MESSAGE_BYTES_MAX ((size_t)1 << 20)
#define REVOKE_TIMEOUT_MS 3000
#define TAKE_STEP_MS      20
#define QUIET_TAKES       25

/* A group's member with what it has taken. Its settings come from `world`. */
struct member {
    struct gw_kafka_source_settings settings;
    struct gw_source *source;
    struct gw_message taken[MESSAGES_MAX];
    size_t count;
    unsigned revokes;
    bool lost;
    bool settles_on_revoke;
};

/* One test's Kafka and two members of one group. */
struct world {
    struct kafka_fixture *kafka;
    const char *topics[2];
    struct member one, two;
};

static void settle_first(struct member *member, size_t count, enum gw_outcome outcome) {
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(gw_source_settle(member->source, member->taken[i].receipt, outcome, NULL), GW_OK);
    }
}

static void on_revoke(void *context, bool lost) {
    struct member *member = context;
    member->revokes++;
    member->lost = lost;
    if (member->settles_on_revoke) {
        settle_first(member, member->count, GW_OUTCOME_RECORD);
    }
}

static void open_member(struct member *member) {
    struct gw_source_events events = {on_revoke, member};
    struct gw_error error = {.detail = ""};
    enum gw_status status =
        gw_kafka_source_open(&member->settings, &events, &gw_clock_system, &member->source, &error);
    assert_string_equal(error.detail, "");
    assert_int_equal(status, GW_OK);
    member->count = 0;
}

static void close_member(struct member *member) {
    gw_source_close(member->source);
    member->source = NULL;
}

static enum gw_status take_some(struct member *member, struct gw_error *error) {
    size_t count = 0;
    wait_readable(gw_source_fd(member->source), TAKE_STEP_MS);
    enum gw_status status = gw_source_take(member->source, member->taken + member->count,
                                           MESSAGES_MAX - member->count, &count, error);
    member->count += count;
    return status;
}

static void take(struct member *member, size_t wanted) {
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    while (member->count < wanted) {
        assert_int_equal(take_some(member, NULL), GW_OK);
        assert_in_time(deadline, "messages");
    }
    assert_int_equal(member->count, wanted);
}

static void be_quiet(struct member *member) {
    size_t before = member->count;
    for (int i = 0; i < QUIET_TAKES; i++) {
        take_some(member, NULL);
    }
    assert_int_equal(member->count, before);
}

static const struct gw_property session = {"session.timeout.ms", KAFKA_FIXTURE_SESSION_MS};

static void begin(struct world *world, int partitions) {
    *world = (struct world){.kafka = kafka_fixture_new()};
    world->topics[0] = kafka_fixture_topic(world->kafka, "articles", partitions, NULL);
    world->one.settings = (struct gw_kafka_source_settings){
        .kafka = {.brokers = kafka_fixture_brokers(world->kafka),
                  .properties = &session,
                  .property_count = 1},
        .topics = world->topics,
        .topic_count = 1,
        .group = kafka_fixture_name(world->kafka, "group"),
        .prefetch_bytes = PREFETCH_BYTES,
        .message_bytes_max = MESSAGE_BYTES_MAX,
        .stores_positions = true,
        .revoke_timeout_ms = REVOKE_TIMEOUT_MS,
    };
    world->two.settings = world->one.settings;
}

static void end(struct world *world) {
    close_member(&world->one);
    close_member(&world->two);
    kafka_fixture_free(world->kafka);
}

static void feed(struct world *world, int partition, int count) {
    for (int i = 0; i < count; i++) {
        kafka_fixture_produce(world->kafka, world->topics[0], partition, (struct gw_str){NULL, 0},
                              GW_STR("{\"title\":\"Harbour reopens\"}"), (struct gw_headers){NULL, 0});
    }
}

static int64_t committed(struct world *world, int partition) {
    return kafka_fixture_committed(world->kafka, world->one.settings.group, world->topics[0], partition);
}

static void the_commit_never_passes_what_is_not_settled(void **state) {
    (void)state;
    struct world world;
    begin(&world, 1);
    feed(&world, 0, 10);
    open_member(&world.one);
    take(&world.one, 10);
    settle_first(&world.one, 4, GW_OUTCOME_RECORD);
    for (size_t i = 5; i < 10; i++) {
        gw_source_settle(world.one.source, world.one.taken[i].receipt, GW_OUTCOME_DEAD_LETTER, NULL);
    }
    close_member(&world.one);
    assert_int_equal(committed(&world, 0), 4);
    end(&world);
}

static void wait_for_lag(struct member *member, uint64_t wanted) {
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    while (gw_source_lag(member->source) != wanted) {
        assert_in_time(deadline, "the lag");
        usleep(10000);
    }
}

static void the_lag_is_what_was_not_given_out(void **state) {
    (void)state;
    struct world world;
    begin(&world, 2);
    feed(&world, 0, 3);
    feed(&world, 1, 4);
    open_member(&world.one);
    assert_int_equal(gw_source_lag(world.one.source), 0);
    take(&world.one, 7);
    wait_for_lag(&world.one, 0);
    feed(&world, 0, 2);
    feed(&world, 1, 3);
    wait_for_lag(&world.one, 5);
    take(&world.one, 12);
    wait_for_lag(&world.one, 0);
    settle_first(&world.one, 12, GW_OUTCOME_RECORD);
    end(&world);
}

static void wait_to_see_lag(struct member *member, uint64_t wanted) {
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    while (gw_source_lag(member->source) != wanted) {
        take_some(member, NULL);
        assert_in_time(deadline, "the lag");
    }
}

/* Paused from the start: begins with the first message there is, and then with what was committed. */
static void the_lag_is_known_where_nothing_was_fetched(void **state) {
    (void)state;
    struct world world;
    begin(&world, 2);
    feed(&world, 0, 3);
    open_member(&world.one);
    assert_int_equal(gw_source_pause(world.one.source, NULL), GW_OK);
    wait_to_see_lag(&world.one, 3);
    feed(&world, 1, 2);
    wait_to_see_lag(&world.one, 5);
    assert_int_equal(gw_source_resume(world.one.source, NULL), GW_OK);
    take(&world.one, 5);
    settle_first(&world.one, 5, GW_OUTCOME_RECORD);
    close_member(&world.one);
    feed(&world, 0, 1);
    open_member(&world.one);
    assert_int_equal(gw_source_pause(world.one.source, NULL), GW_OK);
    wait_to_see_lag(&world.one, 1);
    assert_int_equal(world.one.count, 0);
    end(&world);
}

static void commits_happen_without_closing(void **state) {
    (void)state;
    struct world world;
    begin(&world, 1);
    feed(&world, 0, 3);
    open_member(&world.one);
    take(&world.one, 3);
    settle_first(&world.one, 3, GW_OUTCOME_RECORD);
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    while (committed(&world, 0) != 3) {
        take_some(&world.one, NULL);
        assert_in_time(deadline, "a commit");
    }
    end(&world);
}

/* Long before the next commit would come by itself. */
static void what_is_stored_is_committed_at_once(void **state) {
    (void)state;
    struct world world;
    begin(&world, 2);
    feed(&world, 0, 3);
    feed(&world, 1, 2);
    open_member(&world.one);
    take(&world.one, 5);
    settle_first(&world.one, 5, GW_OUTCOME_RECORD);
    gw_source_store(world.one.source, SUITE_PATIENCE_MS);
    assert_int_equal(committed(&world, 0), 3);
    assert_int_equal(committed(&world, 1), 2);
    end(&world);
}

static void positions_are_left_to_the_sink_when_told_so(void **state) {
    (void)state;
    struct world world;
    struct gw_positions *positions;
    begin(&world, 1);
    world.one.settings.stores_positions = false;
    feed(&world, 0, 6);
    open_member(&world.one);
    take(&world.one, 6);
    settle_first(&world.one, 2, GW_OUTCOME_RECORD);
    assert_int_equal(gw_source_positions(world.one.source, &positions, NULL), GW_OK);
    assert_int_equal(positions->offsets->cnt, 1);
    assert_int_equal(positions->offsets->elems[0].offset, 6);
    gw_positions_free(positions);
    /* What waits to be given out again is not covered. */
    gw_source_settle(world.one.source, world.one.taken[4].receipt, GW_OUTCOME_RETRY, NULL);
    gw_source_settle(world.one.source, world.one.taken[3].receipt, GW_OUTCOME_RETRY, NULL);
    assert_int_equal(gw_source_positions(world.one.source, &positions, NULL), GW_OK);
    assert_int_equal(positions->offsets->elems[0].offset, 3);
    assert_string_equal(positions->offsets->elems[0].topic, world.topics[0]);
    assert_non_null(positions->group);
    gw_positions_free(positions);
    close_member(&world.one);
    assert_int_equal(committed(&world, 0), -1);
    end(&world);
}

/* Member two joins; both take until two has partitions. */
static void let_two_in(struct world *world) {
    open_member(&world->two);
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    while (world->one.revokes == 0 || !gw_source_ready(world->two.source) || world->two.count == 0) {
        take_some(&world->one, NULL);
        take_some(&world->two, NULL);
        assert_in_time(deadline, "a rebalance");
    }
}

static void what_is_settled_during_a_revoke_counts(void **state) {
    (void)state;
    struct world world;
    begin(&world, 2);
    feed(&world, 0, 5);
    feed(&world, 1, 5);
    open_member(&world.one);
    world.one.settles_on_revoke = true;
    take(&world.one, 10);
    open_member(&world.two);
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    while (world.one.revokes == 0 || !gw_source_ready(world.two.source)) {
        take_some(&world.one, NULL);
        take_some(&world.two, NULL);
        assert_in_time(deadline, "a rebalance");
    }
    assert_false(world.one.lost);
    be_quiet(&world.two);
    assert_int_equal(world.two.count, 0);
    close_member(&world.one);
    assert_int_equal(committed(&world, 0), 5);
    assert_int_equal(committed(&world, 1), 5);
    end(&world);
}

static void what_is_not_settled_goes_to_the_next_member(void **state) {
    (void)state;
    struct world world;
    begin(&world, 2);
    feed(&world, 0, 5);
    feed(&world, 1, 5);
    open_member(&world.one);
    take(&world.one, 10);
    let_two_in(&world);
    take(&world.two, 5);
    int32_t moved = world.two.taken[0].position.partition;
    /* What one settles now of the partition it has lost is ignored. */
    settle_first(&world.one, 10, GW_OUTCOME_RECORD);
    be_quiet(&world.two);
    close_member(&world.two);
    /* It may say where it stands, but no further. */
    assert_true(committed(&world, moved) <= 0);
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    world.one.count = 0;
    while (world.one.count < 5) {
        take_some(&world.one, NULL);
        assert_in_time(deadline, "the partition to come back");
    }
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(world.one.taken[i].position.partition, moved);
        assert_true(world.one.taken[i].redelivered);
    }
    end(&world);
}

static void a_paused_member_stays_paused_through_a_rebalance(void **state) {
    (void)state;
    struct world world;
    begin(&world, 2);
    open_member(&world.one);
    open_member(&world.two);
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    while (!gw_source_ready(world.one.source) || !gw_source_ready(world.two.source)) {
        take_some(&world.one, NULL);
        take_some(&world.two, NULL);
        assert_in_time(deadline, "both to be ready");
    }
    assert_int_equal(gw_source_pause(world.one.source, NULL), GW_OK);
    feed(&world, 0, 5);
    feed(&world, 1, 5);
    close_member(&world.two);
    be_quiet(&world.one);
    assert_int_equal(gw_source_resume(world.one.source, NULL), GW_OK);
    take(&world.one, 10);
    end(&world);
}

/* Also when it could not give out all that it had fetched. */
static void a_paused_member_hears_of_rebalances(void **state) {
    (void)state;
    struct world world;
    size_t count = 0;
    begin(&world, 2);
    feed(&world, 0, 5);
    feed(&world, 1, 5);
    open_member(&world.one);
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    while (count == 0) {
        wait_readable(gw_source_fd(world.one.source), TAKE_STEP_MS);
        assert_int_equal(gw_source_take(world.one.source, world.one.taken, 1, &count, NULL), GW_OK);
        assert_in_time(deadline, "a message");
    }
    assert_int_equal(gw_source_pause(world.one.source, NULL), GW_OK);
    open_member(&world.two);
    while (world.one.revokes == 0) {
        take_some(&world.one, NULL);
        take_some(&world.two, NULL);
        assert_in_time(deadline, "a rebalance");
    }
    assert_int_equal(world.one.count, 0);
    end(&world);
}

static void a_partition_whose_next_offset_is_gone_stands_still(void **state) {
    (void)state;
    struct world world;
    begin(&world, 1);
    feed(&world, 0, 10);
    open_member(&world.one);
    take(&world.one, 10);
    settle_first(&world.one, 3, GW_OUTCOME_RECORD);
    close_member(&world.one);
    kafka_fixture_cut(world.kafka, world.topics[0], 0, 7);
    open_member(&world.one);
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    while (!gw_source_ready(world.one.source)) {
        take_some(&world.one, NULL);
        assert_in_time(deadline, "the source to be ready");
    }
    while (gw_source_ready(world.one.source)) {
        take_some(&world.one, NULL);
        assert_in_time(deadline, "the source to notice");
    }
    be_quiet(&world.one);
    assert_int_equal(world.one.count, 0);
    close_member(&world.one);
    assert_int_equal(committed(&world, 0), 3);
    end(&world);
}

static void a_group_without_a_commit_begins_where_the_topic_begins(void **state) {
    (void)state;
    struct world world;
    begin(&world, 1);
    feed(&world, 0, 10);
    kafka_fixture_cut(world.kafka, world.topics[0], 0, 7);
    open_member(&world.one);
    take(&world.one, 3);
    assert_int_equal(world.one.taken[0].position.number, 7);
    assert_false(world.one.taken[0].redelivered);
    end(&world);
}

static void the_users_choice_of_where_to_begin_wins(void **state) {
    (void)state;
    struct world world;
    const struct gw_property latest = {"auto.offset.reset", "latest"};
    begin(&world, 1);
    world.one.settings.kafka.properties = &latest;
    world.one.settings.kafka.property_count = 1;
    feed(&world, 0, 3);
    open_member(&world.one);
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    while (!gw_source_ready(world.one.source)) {
        take_some(&world.one, NULL);
        assert_in_time(deadline, "the source to be ready");
    }
    be_quiet(&world.one);
    feed(&world, 0, 1);
    take(&world.one, 1);
    assert_int_equal(world.one.taken[0].position.number, 3);
    end(&world);
}

static void a_topic_may_come_later(void **state) {
    (void)state;
    struct world world;
    begin(&world, 1);
    char *pattern;
    assert_true(asprintf(&pattern, "^%s.*", world.topics[0]) > 0);
    const char *missing[] = {kafka_fixture_name(world.kafka, "missing"), pattern};
    world.one.settings.topics = missing;
    world.one.settings.topic_count = 2;
    feed(&world, 0, 2);
    open_member(&world.one);
    /* The pattern's topic works although the other one is missing. */
    take(&world.one, 2);
    assert_true(gw_str_is(world.one.taken[0].position.name, world.topics[0]));
    close_member(&world.one);
    free(pattern);
    end(&world);
}

static void the_older_of_two_with_one_identity_is_fenced(void **state) {
    (void)state;
    struct world world;
    begin(&world, 1);
    world.one.settings.group_instance_id = "group.host.0";
    world.two.settings.group_instance_id = "group.host.0";
    feed(&world, 0, 1);
    open_member(&world.one);
    take(&world.one, 1);
    open_member(&world.two);
    struct gw_error error = {.detail = ""};
    enum gw_status status = GW_OK;
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    while (status == GW_OK) {
        status = take_some(&world.one, &error);
        take_some(&world.two, NULL);
        assert_in_time(deadline, "the older one to be fenced");
    }
    assert_int_equal(status, GW_FENCED);
    assert_non_null(strstr(error.detail, "`instance`"));
    assert_false(gw_source_ready(world.one.source));
    assert_int_equal(take_some(&world.one, NULL), GW_FENCED);
    end(&world);
}

static void a_static_member_comes_back_to_its_partitions(void **state) {
    (void)state;
    struct world world;
    begin(&world, 1);
    world.one.settings.group_instance_id = "group.host.1";
    feed(&world, 0, 4);
    open_member(&world.one);
    take(&world.one, 4);
    settle_first(&world.one, 2, GW_OUTCOME_RECORD);
    close_member(&world.one);
    open_member(&world.one);
    take(&world.one, 2);
    assert_int_equal(world.one.taken[0].position.number, 2);
    end(&world);
}

static void a_refused_message_has_its_whole_hash(void **state) {
    (void)state;
    struct world world;
    struct gw_str large = {calloc(1, 3000), 3000};
    begin(&world, 1);
    world.one.settings.message_bytes_max = 1000;
    kafka_fixture_produce(world.kafka, world.topics[0], 0, GW_STR("k"), large, (struct gw_headers){NULL, 0});
    open_member(&world.one);
    take(&world.one, 1);
    const struct gw_message *message = &world.one.taken[0];
    struct gw_hash128 hash = gw_hash128(large);
    assert_int_equal(message->refused, GW_TOO_LARGE);
    assert_int_equal(message->payload.size, 1000);
    assert_int_equal(message->full_size, 3000);
    assert_memory_equal(&message->full_hash, &hash, sizeof hash);
    assert_true(gw_str_is(message->key, "k"));
    free((void *)(uintptr_t)large.data);
    end(&world);
}

static void too_many_headers_are_cut(void **state) {
    (void)state;
    struct world world;
    struct gw_header items[GW_HEADERS_MAX + 5];
    for (size_t i = 0; i < GW_HEADERS_MAX + 5; i++) {
        items[i] = (struct gw_header){GW_STR("h"), GW_STR("v")};
    }
    begin(&world, 1);
    kafka_fixture_produce(world.kafka, world.topics[0], 0, GW_STR("k"), GW_STR("{}"),
                          (struct gw_headers){items, GW_HEADERS_MAX + 5});
    open_member(&world.one);
    take(&world.one, 1);
    assert_int_equal(world.one.taken[0].headers.count, GW_HEADERS_MAX);
    end(&world);
}

static void a_message_has_its_timestamp(void **state) {
    (void)state;
    struct world world;
    begin(&world, 1);
    int64_t before = gw_clock_wall_ms(&gw_clock_system);
    feed(&world, 0, 1);
    open_member(&world.one);
    take(&world.one, 1);
    assert_in_range(world.one.taken[0].timestamp_ms, before, gw_clock_wall_ms(&gw_clock_system));
    end(&world);
}

static void closing_does_not_wait_for_a_silent_broker(void **state) {
    (void)state;
    struct world world;
    begin(&world, 1);
    feed(&world, 0, 5);
    open_member(&world.one);
    take(&world.one, 5);
    settle_first(&world.one, 5, GW_OUTCOME_RECORD);
    kafka_fixture_block(world.kafka);
    int64_t started = gw_clock_now_ns(&gw_clock_system);
    close_member(&world.one);
    int64_t took_ms = (gw_clock_now_ns(&gw_clock_system) - started) / GW_NS_PER_MS;
    kafka_fixture_unblock(world.kafka);
    assert_in_range(took_ms, 0, 2 * REVOKE_TIMEOUT_MS);
    end(&world);
}

/* In the mock cluster whoever joins waits three seconds, and members that left are kept, so that only some
 * tests run there. */
int main(void) {
    const struct CMUnitTest anywhere[] = {
        cmocka_unit_test(the_commit_never_passes_what_is_not_settled),
        cmocka_unit_test(the_lag_is_what_was_not_given_out),
        cmocka_unit_test(the_lag_is_known_where_nothing_was_fetched),
        cmocka_unit_test(commits_happen_without_closing),
        cmocka_unit_test(what_is_stored_is_committed_at_once),
        cmocka_unit_test(positions_are_left_to_the_sink_when_told_so),
        cmocka_unit_test(a_refused_message_has_its_whole_hash),
        cmocka_unit_test(closing_does_not_wait_for_a_silent_broker),
    };
    const struct CMUnitTest real[] = {
        cmocka_unit_test(what_is_settled_during_a_revoke_counts),
        cmocka_unit_test(what_is_not_settled_goes_to_the_next_member),
        cmocka_unit_test(a_paused_member_stays_paused_through_a_rebalance),
        cmocka_unit_test(a_paused_member_hears_of_rebalances),
        cmocka_unit_test(a_partition_whose_next_offset_is_gone_stands_still),
        cmocka_unit_test(a_group_without_a_commit_begins_where_the_topic_begins),
        cmocka_unit_test(the_users_choice_of_where_to_begin_wins),
        cmocka_unit_test(a_topic_may_come_later),
        cmocka_unit_test(the_older_of_two_with_one_identity_is_fenced),
        cmocka_unit_test(a_static_member_comes_back_to_its_partitions),
        cmocka_unit_test(too_many_headers_are_cut),
        cmocka_unit_test(a_message_has_its_timestamp),
    };
    int failed = cmocka_run_group_tests(anywhere, NULL, NULL);
    return kafka_fixture_is_real() ? failed + cmocka_run_group_tests(real, NULL, NULL) : failed;
}
