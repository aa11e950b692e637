/* run/pipeline.h, between a source and sinks in memory. */
#include "run/pipeline.h"
#include "unit/enriching.h"
#include "unit/fake_clock.h"
#include "unit/fake_sink.h"
#include "unit/fake_source.h"
#include "unit/unit.h"

static struct gw_model *model;
static struct fake_clock time_now;
static struct gw_clock clock_now;
static struct fake_source source;
static struct fake_sink records, letters;
static struct gw_worker_counters counters;
static struct gw_suspects suspects;
static struct gw_note notes[2]; /* the pipeline's, and another worker's */
static struct gw_enricher *enricher;
static struct gw_pipeline *pipeline;
static struct gw_pipeline_settings settings;
static struct gw_error error;

#define WINDOW_BYTES ((size_t)64 << 10)
#define BATCH_MS     200
static size_t message_bytes_max = 1024;

static int open_model(void **state) {
    (void)state;
    gw_log_init(GW_LOG_OFF, GW_LOG_LOGFMT, "test", -1);
    return gw_model_open(GW_SOURCE_DIR "/models/en-news.gwm", &model, NULL) == GW_OK ? 0 : -1;
}

static int close_model(void **state) {
    (void)state;
    gw_model_close(model);
    return 0;
}

/* Time passes while a revoke waits. */
static void wait_for_nothing(void *context, struct pollfd *fds, size_t count, int timeout_ms) {
    (void)fds;
    (void)count;
    fake_clock_advance_ms(context, timeout_ms);
}

static void open_pipeline(bool transactional) {
    const struct gw_enrich_settings enriching = enriching_with(model);
    time_now = (struct fake_clock){.monotonic_ns = GW_NS_PER_S};
    clock_now = fake_clock(&time_now);
    memset(&counters, 0, sizeof counters);
    memset(&suspects, 0, sizeof suspects);
    memset(notes, 0, sizeof notes);
    fake_sink_init(&records, transactional);
    fake_sink_init(&letters, transactional);
    assert_int_equal(gw_enricher_open(&enriching, &enricher, &error), GW_OK);
    settings =
        (struct gw_pipeline_settings){.sinks = {&records.base, transactional ? &records.base : &letters.base},
                                      .enricher = enricher,
                                      .clock = &clock_now,
                                      .counters = &counters,
                                      .guard = {&notes[0], notes, 2, &suspects},
                                      .window_bytes = WINDOW_BYTES,
                                      .message_bytes_max = message_bytes_max,
                                      .batch_messages = 1000,
                                      .batch_ms = BATCH_MS,
                                      .revoke_timeout_ms = 1000,
                                      .wait = wait_for_nothing,
                                      .wait_context = &time_now};
    assert_int_equal(gw_pipeline_open(&settings, &pipeline, &error), GW_OK);
    const struct gw_source_events events = gw_pipeline_events(pipeline);
    fake_source_init(&source, &events);
    gw_pipeline_start(pipeline, &source.base);
}

static int setup(void **state) {
    (void)state;
    open_pipeline(false);
    return 0;
}

static int setup_transactional(void **state) {
    (void)state;
    open_pipeline(true);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    gw_pipeline_close(pipeline);
    gw_enricher_close(enricher);
    return 0;
}

#define ARTICLE "{\"id\":\"a\",\"body\":\"Mara Lind praised Kenya.\"}"

static void queue(size_t count) {
    for (size_t i = 0; i < count; i++) {
        fake_source_queue(&source, GW_STR(ARTICLE));
    }
}

static void step(void) {
    assert_int_equal(gw_pipeline_step(pipeline, &error), GW_OK);
}

static void steps(size_t count) {
    for (size_t i = 0; i < count; i++) {
        step();
    }
}

/* Until the pipeline says that all is done. */
static void run_to_end(void) {
    enum gw_status status = GW_OK;
    for (size_t i = 0; i < 10000 && status == GW_OK; i++) {
        status = gw_pipeline_step(pipeline, &error);
        fake_clock_advance_ms(&time_now, 1);
    }
    assert_int_equal(status, GW_CLOSED);
}

/* With a source that gives out again what came back, and so is never at its end before. */
static void run_until_settled(size_t count) {
    for (size_t i = 0; i < 10000 && source.settled_count < count; i++) {
        step();
        fake_clock_advance_ms(&time_now, 1);
    }
    assert_int_equal(source.settled_count, count);
    source.ends = true;
    run_to_end();
}

/* Each message has one outcome, and it is this. */
static void assert_all_settled(size_t count, enum gw_outcome outcome) {
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(source.settled[i], 1);
        assert_int_equal(source.outcome[i], outcome);
    }
}

static void test_every_message_becomes_a_record(void **state) {
    (void)state;
    queue(500);
    source.ends = true;
    run_to_end();
    assert_int_equal(records.sent_count, 500);
    assert_int_equal(letters.sent_count, 0);
    assert_all_settled(500, GW_OUTCOME_RECORD);
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_IN), 500);
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_RECORDS), 500);
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_IN_BYTES), 500 * strlen(ARTICLE));
    assert_true(gw_counter_get(&counters, GW_COUNTER_RECORD_BYTES) > 0);
    assert_true(gw_counter_get(&counters, GW_COUNTER_WORDS) >= 500 * 4);
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_IN_FLIGHT), 0);
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_READY), 1);
    assert_int_equal(records.begins, 1);
    assert_int_equal(records.commits, 1);
    for (size_t i = 0; i < 500; i++) {
        assert_int_equal(records.sent[i].number, i);
    }
}

static void test_bad_input_goes_to_the_dead_letters(void **state) {
    (void)state;
    fake_source_queue(&source, GW_STR("{broken"));
    queue(1);
    fake_source_queue(&source, (struct gw_str){0})->key = GW_STR("k");
    fake_source_queue(&source, GW_STR(ARTICLE))->redelivered = true;
    source.ends = true;
    run_to_end();
    assert_int_equal(source.outcome[0], GW_OUTCOME_DEAD_LETTER);
    assert_int_equal(source.outcome[1], GW_OUTCOME_RECORD);
    assert_int_equal(source.outcome[2], GW_OUTCOME_SKIPPED);
    assert_int_equal(letters.sent_count, 2);
    assert_string_equal(letters.sent[0].reason, "malformed");
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_DEAD_LETTERS), 1);
    assert_int_equal(atomic_load(&counters.reasons[GW_MALFORMED]), 1);
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_SKIPPED), 1);
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_REDELIVERED), 1);
}

static void test_nothing_is_settled_before_it_is_safe(void **state) {
    (void)state;
    records.manual = true;
    queue(10);
    steps(5);
    assert_int_equal(records.sent_count, 10);
    assert_int_equal(source.settled_count, 0);
    assert_int_equal(gw_pipeline_in_flight(pipeline), 10);
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_IN_FLIGHT), 10);
    records.manual = false;
    step();
    assert_int_equal(source.settled_count, 10);
}

static void test_a_sink_that_stops_stops_the_source(void **state) {
    (void)state;
    records.capacity = 0;
    queue(2000);
    for (int i = 0; i < 1000; i++) {
        step();
        fake_clock_advance_ms(&time_now, 10);
    }
    assert_true(source.paused);
    assert_true(source.taken < 2 * 64);
    assert_true(source.takes_while_paused > 100);
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_PAUSED), 1);
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_PAUSES), 1);
    records.capacity = 10;
    source.ends = true;
    run_to_end();
    assert_false(source.paused);
    assert_all_settled(2000, GW_OUTCOME_RECORD);
    assert_int_equal(records.sent_count, 2000);
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_PAUSED), 0);
}

static void test_a_short_stall_does_not_pause(void **state) {
    (void)state;
    records.capacity = 0;
    queue(100);
    steps(3);
    fake_clock_advance_ms(&time_now, GW_PIPELINE_STALL_MS / 2);
    steps(3);
    records.capacity = SIZE_MAX;
    steps(3);
    assert_int_equal(source.pauses, 0);
}

static void test_the_window_bounds_what_is_in_flight(void **state) {
    (void)state;
    static char large[1000];
    memset(large, ' ', sizeof large);
    memcpy(large, ARTICLE, strlen(ARTICLE));
    for (int i = 0; i < 1000; i++) {
        fake_source_queue(&source, (struct gw_str){large, sizeof large});
    }
    records.manual = true;
    steps(100);
    assert_true(source.paused);
    assert_true(source.taken * sizeof large <= WINDOW_BYTES + sizeof large);
    assert_true(source.taken > 20);
    assert_true(gw_counter_get(&counters, GW_COUNTER_IN_FLIGHT_BYTES) < WINDOW_BYTES + 2 * sizeof large);
    records.manual = false;
    source.ends = true;
    run_to_end();
    assert_all_settled(1000, GW_OUTCOME_RECORD);
}

static void test_an_idle_worker_takes_a_message_of_any_size(void **state) {
    (void)state;
    static char huge[2 * WINDOW_BYTES];
    teardown(NULL);
    message_bytes_max = sizeof huge;
    open_pipeline(false);
    message_bytes_max = 1024;
    memset(huge, ' ', sizeof huge);
    memcpy(huge, ARTICLE, strlen(ARTICLE));
    for (int i = 0; i < 3; i++) {
        fake_source_queue(&source, (struct gw_str){huge, sizeof huge});
    }
    records.manual = true;
    steps(10);
    assert_int_equal(source.taken, 1);
    records.manual = false;
    source.ends = true;
    run_to_end();
    assert_all_settled(3, GW_OUTCOME_RECORD);
}

static void test_a_record_that_is_refused_becomes_a_dead_letter(void **state) {
    (void)state;
    for (int late = 0; late < 2; late++) {
        records.late = late;
        records.refuses_above = 10;
        queue(3);
    }
    source.ends = true;
    run_to_end();
    assert_all_settled(6, GW_OUTCOME_DEAD_LETTER);
    assert_int_equal(letters.sent_count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_string_equal(letters.sent[i].reason, "output_too_large");
        assert_int_equal(letters.sent[i].payload_size, strlen(ARTICLE));
    }
    assert_int_equal(atomic_load(&counters.reasons[GW_OUTPUT_TOO_LARGE]), 6);
}

/* The third of five is too large for the sink, which refuses all that it gets together with it. */
static void test_only_the_large_one_of_a_refused_batch_becomes_a_dead_letter(void **state) {
    (void)state;
    static char large[4000];
    int size = snprintf(large, sizeof large, "{\"id\":\"large\",\"body\":\"%02000d\"}", 0);
    source.gives_again = true;
    records.late = records.in_batches = true;
    records.refuses_above = 2000;
    queue(2);
    fake_source_queue(&source, (struct gw_str){large, (size_t)size});
    queue(2);
    run_until_settled(5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(source.outcome[i], i == 2 ? GW_OUTCOME_DEAD_LETTER : GW_OUTCOME_RECORD);
    }
    assert_int_equal(atomic_load(&counters.reasons[GW_OUTPUT_TOO_LARGE]), 1);
}

static void test_a_dead_letter_that_is_refused_gets_smaller(void **state) {
    (void)state;
    static char bad[100000];
    static const struct gw_header header = {{"h", 1}, {"v", 1}};
    memset(bad, '{', sizeof bad);
    for (int late = 0; late < 2; late++) {
        struct gw_message *message = fake_source_queue(&source, (struct gw_str){bad, sizeof bad});
        message->key = GW_STR("k");
        message->headers = (struct gw_headers){&header, 1};
    }
    letters.refuses_above = GW_DEAD_LETTER_CUT_BYTES;
    step();
    step();
    letters.refuses_above = GW_LETTER_MINIMAL_BYTES;
    letters.late = true;
    source.ends = true;
    run_to_end();
    assert_all_settled(2, GW_OUTCOME_DEAD_LETTER);
    const struct fake_sent *last = &letters.sent[letters.sent_count - 1];
    assert_int_equal(last->payload_size, GW_LETTER_MINIMAL_BYTES);
    assert_string_equal(last->reason, "malformed");
    assert_false(last->has_key);
}

static void test_a_place_that_takes_no_dead_letter_stops_the_worker(void **state) {
    (void)state;
    fake_source_queue(&source, GW_STR("{broken"));
    letters.refuses_above = 1;
    enum gw_status status = GW_OK;
    for (int i = 0; i < 10 && status == GW_OK; i++) {
        status = gw_pipeline_step(pipeline, &error);
    }
    assert_int_equal(status, GW_BAD_CONFIG);
    assert_int_equal(source.settled_count, 0);
}

static void test_what_the_sink_gives_up_is_sent_again(void **state) {
    (void)state;
    records.give_up = 7;
    queue(20);
    source.ends = true;
    run_to_end();
    assert_all_settled(20, GW_OUTCOME_RECORD);
    assert_int_equal(records.sent_count, 27);
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_RESENT), 7);
}

static void test_tries_are_spaced_out(void **state) {
    (void)state;
    records.complete_status = GW_UNREACHABLE;
    queue(1);
    for (int i = 0; i < 60000; i++) {
        step();
        fake_clock_advance_ms(&time_now, 1);
    }
    assert_true(records.sends > 5);
    assert_true(records.sends < 25);
    records.complete_status = GW_OK;
    source.ends = true;
    run_to_end();
    assert_all_settled(1, GW_OUTCOME_RECORD);
}

static void test_a_send_that_fails_is_tried_again(void **state) {
    (void)state;
    records.send_status = GW_UNREACHABLE;
    queue(3);
    source.ends = true;
    run_to_end();
    assert_all_settled(3, GW_OUTCOME_RECORD);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(records.sent[i].number, i);
    }
}

static void test_failures_that_no_retry_mends_stop_the_worker(void **state) {
    (void)state;
    static const enum gw_status fatal[] = {GW_FENCED, GW_SYSTEM};
    for (size_t i = 0; i < 2; i++) {
        teardown(NULL);
        open_pipeline(false);
        queue(1);
        records.complete_status = fatal[i];
        step();
        step();
        assert_int_equal(gw_pipeline_step(pipeline, &error), fatal[i]);

        teardown(NULL);
        open_pipeline(false);
        queue(1);
        source.take_status = fatal[i];
        assert_int_equal(gw_pipeline_step(pipeline, &error), fatal[i]);

        teardown(NULL);
        open_pipeline(false);
        queue(1);
        records.send_status = fatal[i];
        step();
        assert_int_equal(gw_pipeline_step(pipeline, &error), fatal[i]);
    }
}

static void test_a_source_out_of_reach_is_asked_again(void **state) {
    (void)state;
    source.take_status = GW_UNREACHABLE;
    source.settle_status = GW_UNREACHABLE;
    queue(1);
    steps(2);
    assert_int_equal(source.taken, 0);
    source.ends = true;
    run_to_end();
    assert_all_settled(1, GW_OUTCOME_RECORD);
}

static void test_a_drain_takes_nothing_new_and_finishes(void **state) {
    (void)state;
    records.manual = true;
    queue(1000);
    steps(2);
    size_t taken = source.taken;
    assert_true(taken > 0 && taken < 1000);
    gw_pipeline_drain(pipeline);
    steps(5);
    assert_int_equal(source.taken, taken);
    records.manual = false;
    run_to_end();
    assert_int_equal(source.settled_count, taken);
    assert_int_equal(source.taken, taken);
    assert_int_equal(records.commits, 1);
}

static void test_a_close_gives_back_what_is_unfinished(void **state) {
    (void)state;
    records.manual = true;
    queue(5);
    steps(3);
    gw_pipeline_close(pipeline);
    pipeline = NULL;
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(source.retried[i], 1);
    }
}

static void test_a_revoke_finishes_what_is_in_flight(void **state) {
    (void)state;
    queue(10);
    records.capacity = 4;
    step();
    records.capacity = SIZE_MAX;
    source.revoke = true;
    queue(1);
    steps(3);
    assert_all_settled(10, GW_OUTCOME_RECORD);
    assert_int_equal(records.commits, 1);
    source.ends = true;
    run_to_end();
    assert_all_settled(11, GW_OUTCOME_RECORD);
    assert_int_equal(records.begins, 2);
}

static void test_a_revoke_waits_no_longer_than_its_deadline(void **state) {
    (void)state;
    records.manual = true;
    queue(3);
    steps(2);
    source.revoke = true;
    int64_t before = time_now.monotonic_ns;
    steps(2);
    int64_t waited_ms = (time_now.monotonic_ns - before) / GW_NS_PER_MS;
    assert_in_range(waited_ms, 1000, 1001);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(source.retried[i], 1);
    }
    records.manual = false;
    queue(1);
    source.ends = true;
    run_to_end();
    assert_int_equal(source.settled_count, 1);
}

static void test_lost_partitions_are_let_go_at_once(void **state) {
    (void)state;
    records.manual = true;
    queue(3);
    steps(2);
    source.lose = true;
    int64_t before = time_now.monotonic_ns;
    step();
    assert_int_equal(time_now.monotonic_ns, before);
    assert_int_equal(gw_pipeline_in_flight(pipeline), 0);
    assert_int_equal(source.settled_count, 0);
}

static void test_a_transaction_is_committed_by_count(void **state) {
    (void)state;
    queue(2500);
    source.ends = true;
    steps(40);
    assert_true(records.commits >= 1);
    run_to_end();
    assert_true(records.commits >= 3);
    assert_int_equal(records.begins, records.commits);
    assert_int_equal(records.aborts, 0);
    assert_all_settled(2500, GW_OUTCOME_RECORD);
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_RECORDS), 2500);
}

static void test_a_transaction_is_committed_in_time(void **state) {
    (void)state;
    queue(1);
    steps(5);
    assert_int_equal(records.commits, 0);
    assert_int_equal(source.settled_count, 0);
    fake_clock_advance_ms(&time_now, BATCH_MS);
    step();
    assert_int_equal(records.commits, 1);
    assert_int_equal(source.settled_count, 1);
}

/* Everything in the source's order, each once, in committed transactions. */
static void assert_committed_once(size_t count) {
    size_t numbers = 0;
    assert_int_equal(records.committed, count);
    for (size_t i = records.sent_count - count; i < records.sent_count; i++) {
        assert_int_equal(records.sent[i].number, numbers++);
    }
}

static void test_an_aborted_transaction_is_sent_again_in_order(void **state) {
    (void)state;
    records.commit_status = GW_REFUSED;
    queue(10);
    steps(5);
    fake_clock_advance_ms(&time_now, BATCH_MS);
    step();
    assert_int_equal(source.settled_count, 0);
    assert_int_equal(gw_pipeline_in_flight(pipeline), 10);
    step();
    assert_int_equal(records.aborts, 1);
    records.commit_status = GW_OK;
    source.ends = true;
    run_to_end();
    assert_all_settled(10, GW_OUTCOME_RECORD);
    assert_int_equal(records.sent_count, 20);
    assert_committed_once(10);
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_ABORTED), 1);
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_COMMITTED), 1);
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_RECORDS), 10);
}

static void test_a_commit_without_an_answer_is_asked_for_again(void **state) {
    (void)state;
    records.commit_status = GW_TIMEOUT;
    queue(1);
    steps(5);
    fake_clock_advance_ms(&time_now, BATCH_MS);
    queue(1);
    steps(5);
    assert_int_equal(records.commits, 5);
    assert_int_equal(records.aborts, 0);
    assert_int_equal(records.sent_count, 1);
    assert_int_equal(source.taken, 1);
    records.commit_status = GW_OK;
    source.ends = true;
    run_to_end();
    assert_int_equal(records.committed, 2);
    assert_all_settled(2, GW_OUTCOME_RECORD);
}

static void test_nothing_is_sent_before_an_abort_is_answered(void **state) {
    (void)state;
    records.give_up = 1;
    records.abort_status = GW_TIMEOUT;
    queue(3);
    steps(3);
    fake_clock_advance_ms(&time_now, GW_PIPELINE_RETRY_LAST_MS);
    steps(3);
    assert_int_equal(records.sent_count, 3);
    assert_true(records.aborts > 3);
    records.abort_status = GW_OK;
    source.ends = true;
    run_to_end();
    assert_committed_once(3);
}

static void test_a_message_that_fails_takes_its_transaction_with_it(void **state) {
    (void)state;
    records.send_status = GW_REFUSED;
    queue(3);
    steps(3);
    assert_int_equal(records.aborts, 1);
    source.ends = true;
    run_to_end();
    assert_committed_once(3);
}

static void test_what_was_refused_is_known_after_the_abort(void **state) {
    (void)state;
    records.late = true;
    records.refuses_above = strlen(ARTICLE);
    source.gives_again = true;
    queue(3);
    run_until_settled(3);
    assert_all_settled(3, GW_OUTCOME_DEAD_LETTER);
    assert_int_equal(records.committed, 3);
    /* All of them together, then each alone. */
    assert_int_equal(records.aborts, 1 + 3);
}

static void test_transactions_that_fail_are_spaced_out(void **state) {
    (void)state;
    records.commit_status = GW_REFUSED;
    queue(1);
    for (int i = 0; i < 60000; i++) {
        step();
        fake_clock_advance_ms(&time_now, 1);
    }
    assert_in_range(records.begins, 5, 25);
}

static void test_a_revoke_commits_what_is_in_flight(void **state) {
    (void)state;
    queue(3);
    steps(2);
    source.revoke = true;
    step();
    assert_int_equal(records.commits, 1);
    assert_int_equal(records.aborts, 0);
    assert_int_equal(records.committed, 3);
    assert_all_settled(3, GW_OUTCOME_RECORD);
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_REVOKES), 1);
}

static void test_a_revoke_aborts_what_is_not_safe_in_time(void **state) {
    (void)state;
    records.manual = true;
    queue(3);
    steps(2);
    source.revoke = true;
    step();
    assert_int_equal(records.commits, 0);
    assert_int_equal(records.aborts, 1);
    assert_int_equal(gw_pipeline_in_flight(pipeline), 0);
    assert_int_equal(source.retried[0] + source.retried[1] + source.retried[2], 3);
}

static void test_lost_partitions_abort_the_transaction(void **state) {
    (void)state;
    queue(3);
    steps(3);
    source.lose = true;
    step();
    assert_int_equal(records.aborts, 1);
    assert_int_equal(source.settled_count, 0);
    assert_int_equal(source.retried[2], 1);
    queue(1);
    source.ends = true;
    run_to_end();
    assert_int_equal(source.settled_count, 1);
}

/* Partitions go while nobody knows whether the transaction was committed. */
static void revoke_during_a_commit(bool lost) {
    records.commit_status = GW_TIMEOUT;
    queue(3);
    steps(3);
    fake_clock_advance_ms(&time_now, BATCH_MS);
    step();
    assert_int_equal(records.commits, 1);
    source.revoke = !lost;
    source.lose = lost;
    /* So that the source is paused, and asked. */
    fake_clock_advance_ms(&time_now, GW_PIPELINE_STALL_MS);
    step();
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_REVOKES), 1);
    assert_int_equal(records.aborts, 0);
    assert_int_equal(gw_pipeline_in_flight(pipeline), 3);
}

static void test_a_commit_outlives_its_partitions(void **state) {
    for (int lost = 0; lost < 2; lost++) {
        teardown(NULL);
        setup_transactional(state);
        revoke_during_a_commit(lost);
        records.commit_status = GW_OK;
        source.ends = true;
        run_to_end();
        assert_int_equal(records.committed, 3);
        assert_int_equal(records.sent_count, 3);
        assert_all_settled(3, GW_OUTCOME_RECORD);
    }
}

static void test_what_failed_after_its_partitions_went_is_given_back(void **state) {
    for (int lost = 0; lost < 2; lost++) {
        teardown(NULL);
        setup_transactional(state);
        revoke_during_a_commit(lost);
        records.commit_status = GW_REFUSED;
        step();
        assert_int_equal(gw_pipeline_in_flight(pipeline), 0);
        assert_int_equal(source.retried[0] + source.retried[1] + source.retried[2], 3);
        step();
        assert_int_equal(records.aborts, 1);
        assert_int_equal(records.committed, 0);
    }
}

static void test_a_close_leaves_a_commit_alone(void **state) {
    (void)state;
    records.commit_status = GW_TIMEOUT;
    queue(1);
    steps(3);
    fake_clock_advance_ms(&time_now, BATCH_MS);
    step();
    gw_pipeline_close(pipeline);
    pipeline = NULL;
    assert_int_equal(records.aborts, 0);
}

static void test_a_transactions_end_is_not_slept_through(void **state) {
    (void)state;
    struct pollfd fds[GW_PIPELINE_FDS_MAX];
    size_t count;
    queue(1);
    steps(4);
    gw_pipeline_drain(pipeline);
    fake_clock_advance_ms(&time_now, BATCH_MS - 30);
    records.manual = true;
    assert_in_range(gw_pipeline_wait_for(pipeline, fds, &count), 0, 30);
}

static void test_waiting_is_short_when_something_can_be_done(void **state) {
    (void)state;
    struct pollfd fds[GW_PIPELINE_FDS_MAX];
    size_t count;
    queue(1);
    step();
    assert_int_equal(gw_pipeline_wait_for(pipeline, fds, &count), 0);
    steps(3);
    assert_int_equal(gw_pipeline_wait_for(pipeline, fds, &count), 1);
    gw_pipeline_drain(pipeline);
    assert_int_equal(gw_pipeline_wait_for(pipeline, fds, &count), GW_SOURCE_POLL_MS);
    assert_int_equal(count, 0);
}

/* Deaths on the message with this number. */
static void blame(size_t number, int deaths) {
    for (int i = 0; i < deaths; i++) {
        gw_suspects_blame(&suspects, gw_position_key(&source.queue[number].position), GW_DEATH_FATAL);
    }
}

static void test_a_suspect_goes_alone(void **state) {
    (void)state;
    records.manual = true;
    queue(5);
    blame(2, 1);
    steps(5);
    assert_int_equal(records.sent_count, 2);
    records.manual = false;
    step();
    assert_int_equal(records.sent_count, 3);
    assert_int_equal(records.sent[2].number, 2);
    records.manual = true;
    assert_false(records.sent[2].completed);
    steps(5);
    assert_int_equal(records.sent_count, 3);
    records.manual = false;
    source.ends = true;
    run_to_end();
    assert_all_settled(5, GW_OUTCOME_RECORD);
}

/* Should it kill its worker, nothing of what came before it is repeated. */
static void test_what_stands_before_a_suspect_is_stored_first(void **state) {
    (void)state;
    queue(5);
    blame(2, 1);
    steps(3);
    assert_int_equal(source.stores, 1);
    assert_int_equal(source.stored_count, 2);
    source.ends = true;
    run_to_end();
    assert_int_equal(source.stores, 1);
    assert_all_settled(5, GW_OUTCOME_RECORD);
}

static void test_a_suspect_that_is_sent_again_stays_alone(void **state) {
    (void)state;
    queue(3);
    blame(0, 1);
    records.give_up = 2;
    steps(2);
    assert_int_equal(records.sent_count, 1);
    source.ends = true;
    run_to_end();
    assert_int_equal(records.sent_count, 5);
    assert_int_equal(records.sent[2].number, 0);
    assert_all_settled(3, GW_OUTCOME_RECORD);
}

static void test_what_has_killed_twice_is_not_read(void **state) {
    (void)state;
    queue(3);
    blame(1, 2);
    source.ends = true;
    run_to_end();
    assert_int_equal(letters.sent_count, 1);
    assert_int_equal(letters.sent[0].number, 1);
    assert_string_equal(letters.sent[0].reason, "crashed");
    assert_int_equal(letters.sent[0].payload_size, strlen(ARTICLE));
    assert_int_equal(source.outcome[1], GW_OUTCOME_DEAD_LETTER);
    assert_int_equal(atomic_load(&counters.reasons[GW_CRASHED]), 1);
    assert_int_equal(records.sent_count, 2);
}

static void test_another_workers_death_is_waited_for(void **state) {
    (void)state;
    queue(1);
    source.queue[0].redelivered = true;
    gw_note_begin(&notes[1], &source.queue[0].position);
    steps(3);
    assert_int_equal(records.sent_count, 0);
    gw_note_end(&notes[1]);
    steps(1);
    assert_int_equal(records.sent_count, 1);
}

static void test_but_not_for_ever(void **state) {
    (void)state;
    queue(1);
    source.queue[0].redelivered = true;
    gw_note_begin(&notes[1], &source.queue[0].position);
    steps(3);
    fake_clock_advance_ms(&time_now, GW_PIPELINE_HELD_MS);
    steps(1);
    assert_int_equal(records.sent_count, 1);
}

static void test_between_steps_nothing_is_noted(void **state) {
    (void)state;
    struct gw_position position;
    queue(3);
    steps(2);
    assert_false(gw_note_position(&notes[0], &position));
    assert_int_equal(atomic_load(&notes[0].turn), 3);
    assert_int_equal(atomic_load(&notes[0].beat_ns), time_now.monotonic_ns);
}

static uint64_t lag_of(struct gw_source *base) {
    return fake_source_of(base)->queued - fake_source_of(base)->taken;
}

static void test_the_lag_is_shown_now_and_then(void **state) {
    (void)state;
    struct gw_source_ops ops = *source.base.ops;
    ops.lag = lag_of;
    source.base.ops = &ops;
    queue(7);
    source.paused = true;
    time_now.monotonic_ns += GW_PIPELINE_LAG_MS * GW_NS_PER_MS;
    step();
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_LAG), 7);
    source.paused = false;
    step();
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_LAG), 7);
    time_now.monotonic_ns += GW_PIPELINE_LAG_MS * GW_NS_PER_MS;
    step();
    assert_int_equal(gw_counter_get(&counters, GW_COUNTER_LAG), 0);
    gw_pipeline_drain(pipeline);
    run_to_end();
}

static void test_a_suspect_has_a_transaction_of_its_own(void **state) {
    (void)state;
    source.gives_again = true;
    queue(5);
    blame(2, 1);
    for (int i = 0; i < 20 && source.settled_count < 2; i++) {
        step();
    }
    assert_int_equal(records.commits, 1);
    assert_int_equal(source.settled_count, 2);
    /* The others were given back, so that the commit did not cover them. */
    assert_int_equal(source.retried[2] + source.retried[3] + source.retried[4], 3);
    for (int i = 0; i < 20 && source.settled_count < 3; i++) {
        step();
    }
    assert_int_equal(records.commits, 2);
    assert_int_equal(source.settled_count, 3);
    assert_int_equal(source.settled[2], 1);
    source.ends = true;
    run_to_end();
    assert_int_equal(records.commits, 3);
    assert_all_settled(5, GW_OUTCOME_RECORD);
}

static void test_a_revoke_commits_what_stands_before_a_suspect(void **state) {
    (void)state;
    queue(5);
    blame(2, 1);
    records.manual = true;
    steps(2);
    records.manual = false;
    source.revoke = true;
    int64_t before = time_now.monotonic_ns;
    for (int i = 0; i < 20 && source.revoke; i++) {
        step();
        fake_clock_advance_ms(&time_now, 100);
    }
    assert_false(source.revoke);
    assert_true(records.commits > 0);
    assert_int_equal(records.aborts, 0);
    assert_true(time_now.monotonic_ns - before < GW_NS_PER_S * 3);
    assert_int_equal(source.settled[0] + source.settled[1], 2);
}

int main(void) {
#define TEST(name)          cmocka_unit_test_setup_teardown(name, setup, teardown)
#define TRANSACTIONAL(name) cmocka_unit_test_setup_teardown(name, setup_transactional, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_every_message_becomes_a_record),
        TEST(test_bad_input_goes_to_the_dead_letters),
        TEST(test_nothing_is_settled_before_it_is_safe),
        TEST(test_a_sink_that_stops_stops_the_source),
        TEST(test_a_short_stall_does_not_pause),
        TEST(test_the_window_bounds_what_is_in_flight),
        TEST(test_an_idle_worker_takes_a_message_of_any_size),
        TEST(test_a_record_that_is_refused_becomes_a_dead_letter),
        TEST(test_only_the_large_one_of_a_refused_batch_becomes_a_dead_letter),
        TEST(test_a_dead_letter_that_is_refused_gets_smaller),
        TEST(test_a_place_that_takes_no_dead_letter_stops_the_worker),
        TEST(test_what_the_sink_gives_up_is_sent_again),
        TEST(test_tries_are_spaced_out),
        TEST(test_a_send_that_fails_is_tried_again),
        TEST(test_failures_that_no_retry_mends_stop_the_worker),
        TEST(test_a_source_out_of_reach_is_asked_again),
        TEST(test_a_drain_takes_nothing_new_and_finishes),
        TEST(test_a_close_gives_back_what_is_unfinished),
        TEST(test_a_revoke_finishes_what_is_in_flight),
        TEST(test_a_revoke_waits_no_longer_than_its_deadline),
        TEST(test_lost_partitions_are_let_go_at_once),
        TEST(test_a_suspect_goes_alone),
        TEST(test_what_stands_before_a_suspect_is_stored_first),
        TEST(test_a_suspect_that_is_sent_again_stays_alone),
        TEST(test_what_has_killed_twice_is_not_read),
        TEST(test_another_workers_death_is_waited_for),
        TEST(test_but_not_for_ever),
        TEST(test_between_steps_nothing_is_noted),
        TEST(test_the_lag_is_shown_now_and_then),
        TRANSACTIONAL(test_a_suspect_has_a_transaction_of_its_own),
        TRANSACTIONAL(test_a_revoke_commits_what_stands_before_a_suspect),
        TRANSACTIONAL(test_a_transaction_is_committed_by_count),
        TRANSACTIONAL(test_a_transaction_is_committed_in_time),
        TRANSACTIONAL(test_an_aborted_transaction_is_sent_again_in_order),
        TRANSACTIONAL(test_a_commit_without_an_answer_is_asked_for_again),
        TRANSACTIONAL(test_nothing_is_sent_before_an_abort_is_answered),
        TRANSACTIONAL(test_a_message_that_fails_takes_its_transaction_with_it),
        TRANSACTIONAL(test_what_was_refused_is_known_after_the_abort),
        TRANSACTIONAL(test_only_the_large_one_of_a_refused_batch_becomes_a_dead_letter),
        TRANSACTIONAL(test_transactions_that_fail_are_spaced_out),
        TRANSACTIONAL(test_a_revoke_commits_what_is_in_flight),
        TRANSACTIONAL(test_a_revoke_aborts_what_is_not_safe_in_time),
        TRANSACTIONAL(test_lost_partitions_abort_the_transaction),
        TRANSACTIONAL(test_a_commit_outlives_its_partitions),
        TRANSACTIONAL(test_what_failed_after_its_partitions_went_is_given_back),
        TRANSACTIONAL(test_a_close_leaves_a_commit_alone),
        TRANSACTIONAL(test_a_transactions_end_is_not_slept_through),
        TEST(test_waiting_is_short_when_something_can_be_done),
    };
    return cmocka_run_group_tests(tests, open_model, close_model);
}
