/* Acknowledged feeders and consumers: what is repeated, what is resent, and what is answered. */
#include "transport/zeromq_frames.h"
#include "unit/fake_clock.h"
#include "unit/hub_rig.h"

#define CREDIT ((size_t)64 << 10)
#define QUEUE  ((size_t)64 << 10)
#define NO_MAP GW_STR("")

/* The acked form of the rig's input, or of its output to a ROUTER that the test binds. */
static void make_source_acked(struct rig *rig) {
    rig->source.pattern = GW_ZEROMQ_ACKED;
}

static void make_sink_acked(struct rig *rig) {
    rig->sink.pattern = GW_ZEROMQ_ACKED;
    rig->sink.bind_count = 0;
    rig->sink.connect = rig->out_endpoints;
    rig->sink.connect_count = 1;
}

/* The feeder's side: a DEALER. */

static struct gw_str seq_frame(uint64_t seq, uint8_t bytes[GW_ZEROMQ_SEQ_BYTES]) {
    gw_zeromq_write_seq(seq, bytes);
    return (struct gw_str){(const char *)bytes, GW_ZEROMQ_SEQ_BYTES};
}

static void say_hello(struct rig *rig, void *feeder, const char *session) {
    const struct gw_str hello[] = {GW_STR("HELLO"), gw_str_from(session)};
    rig_until(rig, rig_send(feeder, hello, 2));
}

/* Says HELLO and waits for the credit. */
static uint32_t greet(struct rig *rig, void *feeder, const char *session) {
    struct rig_frames frames;
    uint32_t credit;
    say_hello(rig, feeder, session);
    rig_until(rig, rig_receive(feeder, &frames));
    assert_int_equal(frames.count, 2);
    assert_true(gw_str_is(rig_frame(&frames, 0), "HELLO"));
    assert_true(gw_zeromq_read_credit(rig_frame(&frames, 1), &credit));
    rig_frames_free(&frames);
    return credit;
}

static void feed(struct rig *rig, void *feeder, uint64_t seq, const char *payload) {
    uint8_t bytes[GW_ZEROMQ_SEQ_BYTES];
    const struct gw_str frames[] = {seq_frame(seq, bytes), NO_MAP, gw_str_from(payload)};
    rig_until(rig, rig_send(feeder, frames, 3));
}

static void assert_answers(struct rig *rig, void *feeder, uint64_t seq, enum gw_zeromq_answer answer) {
    struct rig_frames frames;
    uint64_t answered;
    rig_until(rig, rig_receive(feeder, &frames));
    assert_int_equal(frames.count, 2);
    assert_true(gw_zeromq_read_seq(rig_frame(&frames, 0), &answered));
    assert_int_equal(answered, seq);
    assert_int_equal(rig_frame(&frames, 1).size, 1);
    assert_int_equal((uint8_t)rig_frame(&frames, 1).data[0], answer);
    rig_frames_free(&frames);
}

static void assert_hears_nothing(struct rig *rig, void *peer) {
    struct rig_frames frames;
    rig_idle(rig, 30);
    assert_false(rig_receive(peer, &frames));
}

static struct rig_worker *add_keeper(struct rig *rig) {
    struct rig_worker *worker = rig_add_worker(rig, CREDIT, QUEUE);
    worker->keeps = true;
    return worker;
}

static void settle_first(struct rig_worker *worker, enum gw_outcome outcome) {
    assert_int_equal(gw_source_settle(worker->source, worker->in_hand[0].receipt, outcome, NULL), GW_OK);
    rig_worker_drop_first(worker);
}

static void every_outcome_is_answered(void **state) {
    struct rig *rig = *state;
    static const enum gw_outcome outcomes[] = {GW_OUTCOME_RECORD, GW_OUTCOME_DEAD_LETTER, GW_OUTCOME_SKIPPED};
    static const enum gw_zeromq_answer answers[] = {GW_ZEROMQ_ACCEPTED, GW_ZEROMQ_DEAD_LETTER,
                                                    GW_ZEROMQ_SKIPPED};
    make_source_acked(rig);
    rig->source.high_water = 17;
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_DEALER, rig->in, false);
    struct rig_worker *worker = add_keeper(rig);
    assert_int_equal(greet(rig, feeder, "session"), 17);
    for (uint64_t i = 0; i < 3; i++) {
        feed(rig, feeder, 40 + i, "payload");
        rig_until(rig, worker->in_hand_count == 1);
        const struct gw_message *message = &worker->in_hand[0];
        assert_int_equal(message->position.kind, GW_POSITION_ACKED);
        assert_true(gw_str_is(message->position.name, "session"));
        assert_int_equal(message->position.number, 40 + i);
        assert_true(gw_str_is(message->payload, "payload"));
        assert_false(message->redelivered);
        settle_first(worker, outcomes[i]);
        assert_answers(rig, feeder, 40 + i, answers[i]);
    }
}

/* More at once than libzmq reads ahead: an answer that were dropped would never be given again. */
static void a_burst_of_answers_arrives_whole(void **state) {
    enum { BURST = 200 };
    struct rig *rig = *state;
    make_source_acked(rig);
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_DEALER, rig->in, false);
    struct rig_worker *worker = add_keeper(rig);
    assert_in_range(greet(rig, feeder, "session"), BURST, UINT32_MAX);
    for (uint64_t i = 0; i < BURST; i++) {
        feed(rig, feeder, i, "payload");
    }
    rig_until(rig, worker->in_hand_count == BURST);
    while (worker->in_hand_count > 0) {
        settle_first(worker, GW_OUTCOME_RECORD);
    }
    for (uint64_t i = 0; i < BURST; i++) {
        assert_answers(rig, feeder, i, GW_ZEROMQ_ACCEPTED);
    }
}

static void a_feeder_that_comes_back_is_heard_once(void **state) {
    struct rig *rig = *state;
    make_source_acked(rig);
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_DEALER, rig->in, false);
    struct rig_worker *worker = add_keeper(rig);
    greet(rig, feeder, "session");
    feed(rig, feeder, 1, "one");
    feed(rig, feeder, 2, "two");
    rig_until(rig, worker->in_hand_count == 2);
    settle_first(worker, GW_OUTCOME_DEAD_LETTER);
    rig_until(rig, rig->counters.settled == 1); /* and the answer is never read */
    rig_close_peer(rig, feeder);

    feeder = rig_peer(rig, ZMQ_DEALER, rig->in, false);
    greet(rig, feeder, "session");
    feed(rig, feeder, 1, "one");
    feed(rig, feeder, 2, "two");
    feed(rig, feeder, 3, "three");
    assert_answers(rig, feeder, 1, GW_ZEROMQ_DEAD_LETTER); /* as before */
    rig_until(rig, worker->in_hand_count == 2);
    assert_int_equal(rig->counters.duplicates, 2);
    assert_true(gw_str_is(worker->in_hand[0].payload, "two"));
    assert_true(gw_str_is(worker->in_hand[1].payload, "three"));
    settle_first(worker, GW_OUTCOME_RECORD); /* taken over the old connection, answered on the new one */
    assert_answers(rig, feeder, 2, GW_ZEROMQ_ACCEPTED);
    settle_first(worker, GW_OUTCOME_RECORD);
    assert_answers(rig, feeder, 3, GW_ZEROMQ_ACCEPTED);
    assert_int_equal(worker->taken, 3);
}

static void a_dead_workers_message_is_answered_by_its_heir(void **state) {
    struct rig *rig = *state;
    make_source_acked(rig);
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_DEALER, rig->in, false);
    struct rig_worker *dying = add_keeper(rig);
    greet(rig, feeder, "session");
    feed(rig, feeder, 1, "one");
    rig_until(rig, dying->in_hand_count == 1);
    rig_kill_worker(dying);
    assert_hears_nothing(rig, feeder);
    struct rig_worker *heir = add_keeper(rig);
    rig_until(rig, heir->in_hand_count == 1);
    assert_true(heir->in_hand[0].redelivered);
    assert_int_equal(heir->in_hand[0].position.number, 1);
    settle_first(heir, GW_OUTCOME_RECORD);
    assert_answers(rig, feeder, 1, GW_ZEROMQ_ACCEPTED);
}

static void feeders_do_not_get_each_others_answers(void **state) {
    struct rig *rig = *state;
    make_source_acked(rig);
    rig_open(rig);
    void *a = rig_peer(rig, ZMQ_DEALER, rig->in, false);
    void *b = rig_peer(rig, ZMQ_DEALER, rig->in, false);
    struct rig_worker *worker = add_keeper(rig);
    greet(rig, a, "session a");
    greet(rig, b, "session b");
    feed(rig, a, 1, "from a");
    rig_until(rig, worker->in_hand_count == 1);
    feed(rig, b, 1, "from b");
    rig_until(rig, worker->in_hand_count == 2);
    settle_first(worker, GW_OUTCOME_SKIPPED);
    settle_first(worker, GW_OUTCOME_RECORD);
    assert_answers(rig, a, 1, GW_ZEROMQ_SKIPPED);
    assert_answers(rig, b, 1, GW_ZEROMQ_ACCEPTED);
}

static void nothing_is_accepted_without_a_session(void **state) {
    struct rig *rig = *state;
    make_source_acked(rig);
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_DEALER, rig->in, false);
    feed(rig, feeder, 1, "too early");
    rig_until(rig, rig->counters.unaddressed == 1);
    say_hello(rig, feeder, ""); /* is no session */
    rig_until(rig, rig->counters.unaddressed == 2);
    assert_hears_nothing(rig, feeder);
    assert_int_equal(rig->counters.received, 0);
    greet(rig, feeder, "session");
}

static void acked_frames_of_another_shape_are_refused(void **state) {
    struct rig *rig = *state;
    make_source_acked(rig);
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_DEALER, rig->in, false);
    struct rig_worker *worker = add_keeper(rig);
    uint8_t bytes[GW_ZEROMQ_SEQ_BYTES];
    greet(rig, feeder, "session");
    const struct gw_str no_map[] = {seq_frame(9, bytes), GW_STR("payload")};
    rig_until(rig, rig_send(feeder, no_map, 2));
    rig_until(rig, worker->in_hand_count == 1);
    assert_int_equal(worker->in_hand[0].refused, GW_MALFORMED);
    assert_int_equal(worker->in_hand[0].position.number, 9);
    assert_true(gw_str_is(worker->in_hand[0].payload, "payload"));
    settle_first(worker, GW_OUTCOME_DEAD_LETTER);
    assert_answers(rig, feeder, 9, GW_ZEROMQ_DEAD_LETTER);

    const struct gw_str no_seq[] = {GW_STR("seq?"), NO_MAP, GW_STR("payload")};
    rig_until(rig, rig_send(feeder, no_seq, 3));
    const struct gw_str no_position[] = {seq_frame(UINT64_MAX, bytes), NO_MAP, GW_STR("payload")};
    rig_until(rig, rig_send(feeder, no_position, 3));
    rig_until(rig, worker->in_hand_count == 2);
    for (int64_t number = 1; number <= 2; number++) { /* nobody can be answered, but nothing is dropped */
        assert_int_equal(worker->in_hand[0].refused, GW_MALFORMED);
        assert_int_equal(worker->in_hand[0].position.kind, GW_POSITION_HUB);
        assert_int_equal(worker->in_hand[0].position.number, number);
        settle_first(worker, GW_OUTCOME_DEAD_LETTER);
    }
    assert_hears_nothing(rig, feeder);
}

static void above_the_budget_there_is_no_credit(void **state) {
    struct rig *rig = *state;
    char *large = calloc(1, ((size_t)1 << 20) + 1);
    memset(large, 'x', (size_t)1 << 20);
    make_source_acked(rig);
    rig->settings.memory_bytes = (size_t)1 << 20;
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_DEALER, rig->in, false);
    void *late = rig_peer(rig, ZMQ_DEALER, rig->in, false);
    struct rig_worker *worker = add_keeper(rig);
    struct rig_frames frames;
    greet(rig, feeder, "session");
    feed(rig, feeder, 1, large);
    rig_until(rig, worker->in_hand_count == 1);
    say_hello(rig, late, "late");
    assert_hears_nothing(rig, late);
    settle_first(worker, GW_OUTCOME_RECORD);
    assert_answers(rig, feeder, 1, GW_ZEROMQ_ACCEPTED);
    rig_until(rig, rig_receive(late, &frames));
    rig_frames_free(&frames);
    free(large);
}

/* What no worker took before the hub ended may be tried elsewhere. */
static void what_is_abandoned_shall_be_tried_again(void **state) {
    struct rig *rig = *state;
    make_source_acked(rig);
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_DEALER, rig->in, false);
    greet(rig, feeder, "session");
    feed(rig, feeder, 1, "payload");
    rig_until(rig, rig->counters.received == 1);
    rig_close_hub(rig);
    assert_answers(rig, feeder, 1, GW_ZEROMQ_TRY_AGAIN);
    assert_int_equal(rig->counters.abandoned, 1);
}

/* The consumer's side: a ROUTER. Frames come with the hub's identity in front. */

struct consumer {
    void *router;
    char peer[GW_ZEROMQ_SESSION_MAX];
    size_t peer_size;
    char session[GW_ZEROMQ_SESSION_MAX + 1];
};

static void answer(struct rig *rig, struct consumer *consumer, struct gw_str first, struct gw_str second) {
    const struct gw_str frames[] = {{consumer->peer, consumer->peer_size}, first, second};
    rig_until(rig, rig_send(consumer->router, frames, 3));
}

static void answer_seq(struct rig *rig, struct consumer *consumer, uint64_t seq, uint8_t status) {
    uint8_t bytes[GW_ZEROMQ_SEQ_BYTES];
    answer(rig, consumer, seq_frame(seq, bytes), (struct gw_str){(const char *)&status, 1});
}

/* Waits for the hub's HELLO. */
static void await_hello(struct rig *rig, struct consumer *consumer) {
    struct rig_frames frames;
    rig_until(rig, rig_receive(consumer->router, &frames));
    assert_int_equal(frames.count, 3);
    assert_true(gw_str_is(rig_frame(&frames, 1), "HELLO"));
    struct gw_str peer = rig_frame(&frames, 0), session = rig_frame(&frames, 2);
    assert_true(peer.size <= sizeof consumer->peer && session.size < sizeof consumer->session);
    memcpy(consumer->peer, peer.data, peer.size);
    consumer->peer_size = peer.size;
    memcpy(consumer->session, session.data, session.size);
    consumer->session[session.size] = '\0';
    rig_frames_free(&frames);
}

static void give_credit(struct rig *rig, struct consumer *consumer, uint32_t credit) {
    uint8_t bytes[GW_ZEROMQ_CREDIT_BYTES];
    gw_zeromq_write_credit(credit, bytes);
    answer(rig, consumer, GW_STR("HELLO"), (struct gw_str){(const char *)bytes, sizeof bytes});
}

static uint64_t await_record(struct rig *rig, struct consumer *consumer, const char *payload) {
    struct rig_frames frames;
    uint64_t seq;
    rig_until(rig, rig_receive(consumer->router, &frames));
    assert_int_equal(frames.count, 4);
    assert_true(gw_zeromq_read_seq(rig_frame(&frames, 1), &seq));
    assert_true(rig_frame(&frames, 2).size > 0);
    assert_true(gw_str_is(rig_frame(&frames, 3), payload));
    rig_frames_free(&frames);
    return seq;
}

static void feed_plain(struct rig *rig, void *feeder, const char *payload) {
    struct gw_str frame = gw_str_from(payload);
    rig_until(rig, rig_send(feeder, &frame, 1));
}

static void records_are_safe_when_the_consumer_says_so(void **state) {
    struct rig *rig = *state;
    struct consumer consumer = {.router = rig_peer(rig, ZMQ_ROUTER, rig->out, true)};
    make_sink_acked(rig);
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    struct rig_worker *worker = rig_add_worker(rig, CREDIT, QUEUE);
    await_hello(rig, &consumer);
    feed_plain(rig, feeder, "one");
    feed_plain(rig, feeder, "two");
    feed_plain(rig, feeder, "three");
    assert_hears_nothing(rig, consumer.router); /* no credit yet */
    give_credit(rig, &consumer, 2);
    assert_int_equal(await_record(rig, &consumer, "one"), 1);
    assert_int_equal(await_record(rig, &consumer, "two"), 2);
    assert_hears_nothing(rig, consumer.router); /* and no more of it */
    assert_int_equal(worker->settled, 0);
    answer_seq(rig, &consumer, 2, GW_ZEROMQ_DEAD_LETTER); /* the consumer's own dead letter: it has it */
    rig_until(rig, worker->settled == 1);
    assert_int_equal(await_record(rig, &consumer, "three"), 3);
    answer_seq(rig, &consumer, 1, GW_ZEROMQ_ACCEPTED);
    answer_seq(rig, &consumer, 3, GW_ZEROMQ_SKIPPED);
    rig_until(rig, worker->settled == 3);
    assert_int_equal(rig->counters.published, 3);
    assert_int_equal(rig->counters.queued_bytes, 0);
}

static void what_shall_be_tried_again_is_sent_again(void **state) {
    struct rig *rig = *state;
    struct consumer consumer = {.router = rig_peer(rig, ZMQ_ROUTER, rig->out, true)};
    make_sink_acked(rig);
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    struct rig_worker *worker = rig_add_worker(rig, CREDIT, QUEUE);
    await_hello(rig, &consumer);
    give_credit(rig, &consumer, 8);
    feed_plain(rig, feeder, "one");
    assert_int_equal(await_record(rig, &consumer, "one"), 1);
    answer_seq(rig, &consumer, 1, GW_ZEROMQ_TRY_AGAIN);
    assert_int_equal(await_record(rig, &consumer, "one"), 1);
    assert_int_equal(worker->settled, 0);
    answer_seq(rig, &consumer, 1, GW_ZEROMQ_ACCEPTED);
    rig_until(rig, worker->settled == 1);
}

static void a_consumer_that_comes_back_gets_what_it_did_not_answer(void **state) {
    struct rig *rig = *state;
    struct consumer consumer = {.router = rig_peer(rig, ZMQ_ROUTER, rig->out, true)};
    char session[sizeof consumer.session];
    make_sink_acked(rig);
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    struct rig_worker *worker = rig_add_worker(rig, CREDIT, QUEUE);
    await_hello(rig, &consumer);
    memcpy(session, consumer.session, sizeof session);
    give_credit(rig, &consumer, 8);
    feed_plain(rig, feeder, "one");
    feed_plain(rig, feeder, "two");
    assert_int_equal(await_record(rig, &consumer, "one"), 1);
    assert_int_equal(await_record(rig, &consumer, "two"), 2);
    answer_seq(rig, &consumer, 1, GW_ZEROMQ_ACCEPTED);
    rig_until(rig, worker->settled == 1);
    rig_close_peer(rig, consumer.router);
    feed_plain(rig, feeder, "three");
    rig_until(rig, worker->taken == 3);

    consumer.router = rig_peer(rig, ZMQ_ROUTER, rig->out, true);
    await_hello(rig, &consumer);
    assert_string_equal(consumer.session, session);
    give_credit(rig, &consumer, 8);
    assert_int_equal(await_record(rig, &consumer, "two"), 2);
    assert_int_equal(await_record(rig, &consumer, "three"), 3);
    answer_seq(rig, &consumer, 2, GW_ZEROMQ_ACCEPTED);
    answer_seq(rig, &consumer, 3, GW_ZEROMQ_ACCEPTED);
    rig_until(rig, worker->settled == 3);
}

/* Its answers were lost, or it has forgotten us, without the connection breaking. */
static void a_silent_consumer_is_greeted_again(void **state) {
    struct rig *rig = *state;
    static struct fake_clock fake = {.monotonic_ns = GW_NS_PER_S}; /* outlives the hub */
    static struct gw_clock clock;
    clock = fake_clock(&fake);
    struct consumer consumer = {.router = rig_peer(rig, ZMQ_ROUTER, rig->out, true)};
    make_sink_acked(rig);
    rig->settings.clock = &clock;
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    struct rig_worker *worker = rig_add_worker(rig, CREDIT, QUEUE);
    await_hello(rig, &consumer);
    give_credit(rig, &consumer, 8);
    feed_plain(rig, feeder, "one");
    assert_int_equal(await_record(rig, &consumer, "one"), 1);
    assert_hears_nothing(rig, consumer.router);
    fake_clock_advance_ms(&fake, 60000);
    await_hello(rig, &consumer);
    give_credit(rig, &consumer, 8);
    assert_int_equal(await_record(rig, &consumer, "one"), 1);
    answer_seq(rig, &consumer, 1, GW_ZEROMQ_ACCEPTED);
    rig_until(rig, worker->settled == 1);
    fake_clock_advance_ms(&fake, 60000);
    assert_hears_nothing(rig, consumer.router); /* nothing is owed */
}

static void answers_that_mean_nothing_do_no_harm(void **state) {
    struct rig *rig = *state;
    struct consumer consumer = {.router = rig_peer(rig, ZMQ_ROUTER, rig->out, true)};
    make_sink_acked(rig);
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    struct rig_worker *worker = rig_add_worker(rig, CREDIT, QUEUE);
    await_hello(rig, &consumer);
    answer(rig, &consumer, GW_STR("HELLO"), GW_STR("few"));
    answer(rig, &consumer, GW_STR("HELLO"), GW_STR("too much"));
    give_credit(rig, &consumer, 8);
    feed_plain(rig, feeder, "one");
    assert_int_equal(await_record(rig, &consumer, "one"), 1);
    answer_seq(rig, &consumer, 2, GW_ZEROMQ_ACCEPTED);
    answer_seq(rig, &consumer, 1, GW_ZEROMQ_ANSWERS);
    answer(rig, &consumer, GW_STR("1"), GW_STR("\0"));
    answer(rig, &consumer, GW_STR("12345678"), GW_STR(""));
    rig_idle(rig, 30);
    assert_int_equal(worker->settled, 0);
    answer_seq(rig, &consumer, 1, GW_ZEROMQ_ACCEPTED);
    rig_until(rig, worker->settled == 1);
}

static void a_dead_workers_queue_is_forgotten(void **state) {
    struct rig *rig = *state;
    struct consumer consumer = {.router = rig_peer(rig, ZMQ_ROUTER, rig->out, true)};
    make_sink_acked(rig);
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    struct rig_worker *dying = rig_add_worker(rig, CREDIT, QUEUE);
    await_hello(rig, &consumer);
    give_credit(rig, &consumer, 1);
    feed_plain(rig, feeder, "one");
    assert_int_equal(await_record(rig, &consumer, "one"), 1);
    feed_plain(rig, feeder, "two");
    rig_until(rig, dying->taken == 2);
    rig_idle(rig, 20);
    rig_kill_worker(dying);
    rig_until(rig, rig->counters.connections == 0);
    answer_seq(rig, &consumer, 1, GW_ZEROMQ_ACCEPTED); /* nobody is there to be told */
    rig_until(rig, rig->counters.queued_bytes == 0);
    assert_int_equal(rig->counters.published, 1);
    struct rig_worker *heir = rig_add_worker(rig, CREDIT, QUEUE);
    assert_int_equal(await_record(rig, &consumer, "one"), 2); /* both again: neither had its receipt */
    answer_seq(rig, &consumer, 2, GW_ZEROMQ_ACCEPTED);
    assert_int_equal(await_record(rig, &consumer, "two"), 3);
    answer_seq(rig, &consumer, 3, GW_ZEROMQ_ACCEPTED);
    rig_until(rig, heir->settled == 2);
    assert_int_equal(heir->redelivered, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        rig_test(every_outcome_is_answered),
        rig_test(a_burst_of_answers_arrives_whole),
        rig_test(a_feeder_that_comes_back_is_heard_once),
        rig_test(a_dead_workers_message_is_answered_by_its_heir),
        rig_test(feeders_do_not_get_each_others_answers),
        rig_test(nothing_is_accepted_without_a_session),
        rig_test(acked_frames_of_another_shape_are_refused),
        rig_test(above_the_budget_there_is_no_credit),
        rig_test(what_is_abandoned_shall_be_tried_again),
        rig_test(records_are_safe_when_the_consumer_says_so),
        rig_test(what_shall_be_tried_again_is_sent_again),
        rig_test(a_consumer_that_comes_back_gets_what_it_did_not_answer),
        rig_test(a_silent_consumer_is_greeted_again),
        rig_test(answers_that_mean_nothing_do_no_harm),
        rig_test(a_dead_workers_queue_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
