/* The hub between real ZeroMQ peers and real worker ends: PULL to PUSH. */
#include "unit/hub_rig.h"

#define MANY   500
#define CREDIT ((size_t)64 << 10)
#define QUEUE  ((size_t)64 << 10)

/* Which of the numbers 0 to MANY came out, and how often. */
struct seen {
    size_t times[MANY];
    size_t distinct, all;
};

static size_t feed_number(struct rig *rig, void *feeder, size_t number) {
    char text[32];
    struct gw_str payload = {text, (size_t)snprintf(text, sizeof text, "message %zu", number)};
    rig_until(rig, rig_send(feeder, &payload, 1));
    return payload.size;
}

static void see_all(void *consumer, struct seen *seen) {
    struct rig_frames frames;
    while (rig_receive(consumer, &frames)) {
        size_t number;
        assert_int_equal(frames.count, 2);
        char text[32] = {0};
        struct gw_str payload = rig_frame(&frames, 1);
        memcpy(text, payload.data, payload.size);
        assert_int_equal(sscanf(text, "message %zu", &number), 1);
        assert_true(number < MANY);
        seen->distinct += seen->times[number]++ == 0;
        seen->all++;
        rig_frames_free(&frames);
    }
}

static void carries_every_message_once(void **state) {
    struct rig *rig = *state;
    struct seen seen = {0};
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    void *consumer = rig_peer(rig, ZMQ_PULL, rig->out, false);
    rig_add_worker(rig, CREDIT, QUEUE);
    rig_add_worker(rig, CREDIT, QUEUE);
    size_t bytes = 0;
    for (size_t i = 0; i < MANY; i++) {
        bytes += feed_number(rig, feeder, i);
    }
    rig_until(rig, (see_all(consumer, &seen), seen.distinct == MANY));
    rig_until(rig, rig->counters.kept == 0);
    assert_int_equal(seen.all, MANY);
    assert_true(rig->workers[0].taken > 0 && rig->workers[1].taken > 0);
    assert_int_equal(rig->workers[0].redelivered + rig->workers[1].redelivered, 0);
    assert_int_equal(rig->counters.received, MANY);
    assert_int_equal(rig->counters.received_bytes, bytes);
    assert_int_equal(rig->counters.dealt, MANY);
    assert_int_equal(rig->counters.settled, MANY);
    assert_int_equal(rig->counters.published, MANY);
    assert_int_equal(rig->counters.published_bytes, bytes);
    assert_int_equal(rig->counters.redealt, 0);
}

static void redeals_what_a_dead_worker_had(void **state) {
    struct rig *rig = *state;
    struct seen seen = {0};
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    void *consumer = rig_peer(rig, ZMQ_PULL, rig->out, false);
    struct rig_worker *dying = rig_add_worker(rig, CREDIT, QUEUE);
    dying->keeps = true;
    for (size_t i = 0; i < MANY / 2; i++) {
        feed_number(rig, feeder, i);
    }
    rig_until(rig, dying->taken > 0 && rig->counters.received == MANY / 2);
    struct rig_worker *heir = rig_add_worker(rig, CREDIT, QUEUE);
    rig_until(rig, heir->settled > 0);
    size_t had = dying->taken;
    rig_kill_worker(dying);
    for (size_t i = MANY / 2; i < MANY; i++) {
        feed_number(rig, feeder, i);
    }
    rig_until(rig, (see_all(consumer, &seen), seen.distinct == MANY));
    assert_int_equal(seen.all, MANY);
    assert_true(heir->redelivered >= had);
    assert_int_equal(heir->redelivered, rig->counters.redealt);
}

/* A message that a worker keeps; the test looks at it. */
static const struct gw_message *take_one(struct rig *rig, struct rig_worker *worker) {
    rig_until(rig, worker->in_hand_count > 0);
    return &worker->in_hand[0];
}

static void settle_one(struct rig_worker *worker, enum gw_outcome outcome) {
    assert_int_equal(gw_source_settle(worker->source, worker->in_hand[0].receipt, outcome, NULL), GW_OK);
    rig_worker_drop_first(worker);
}

static const struct gw_message *feed_and_take(struct rig *rig, void *feeder, struct rig_worker *worker,
                                              const struct gw_str *frames, size_t count) {
    rig_until(rig, rig_send(feeder, frames, count));
    return take_one(rig, worker);
}

static struct rig_worker *add_keeper(struct rig *rig) {
    struct rig_worker *worker = rig_add_worker(rig, CREDIT, QUEUE);
    worker->keeps = true;
    return worker;
}

static void a_payload_alone_is_a_message(void **state) {
    struct rig *rig = *state;
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    struct rig_worker *worker = add_keeper(rig);
    for (int64_t number = 1; number <= 2; number++) {
        const struct gw_message *message = feed_and_take(rig, feeder, worker, &GW_STR("alone"), 1);
        assert_true(gw_str_is(message->payload, "alone"));
        assert_int_equal(message->refused, GW_OK);
        assert_int_equal(message->headers.count, 0);
        assert_null(message->key.data);
        assert_int_equal(message->full_size, 5);
        assert_int_equal(message->timestamp_ms, -1);
        assert_int_equal(message->position.kind, GW_POSITION_HUB);
        assert_true(gw_str_is(message->position.name, "0000000000c0ffee"));
        assert_int_equal(message->position.number, number);
        settle_one(worker, GW_OUTCOME_RECORD);
    }
}

static void headers_come_with_the_payload(void **state) {
    struct rig *rig = *state;
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    struct rig_worker *worker = add_keeper(rig);
    const struct gw_str frames[] = {GW_STR("\x83\xA1"
                                           "a"
                                           "\xC4\x01"
                                           "b"
                                           "\xA6"
                                           "gw-key"
                                           "\xA3"
                                           "key"
                                           "\xA1"
                                           "n"
                                           "\xC0"),
                                    GW_STR("payload")};
    const struct gw_message *message = feed_and_take(rig, feeder, worker, frames, 2);
    assert_true(gw_str_is(message->payload, "payload"));
    assert_int_equal(message->headers.count, 3);
    assert_true(gw_str_is(gw_headers_find(message->headers, "a")->value, "b"));
    assert_null(gw_headers_find(message->headers, "n")->value.data);
    assert_true(gw_str_is(message->key, "key"));
    settle_one(worker, GW_OUTCOME_RECORD);
}

static void an_empty_payload_is_not_a_null_value(void **state) {
    struct rig *rig = *state;
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    struct rig_worker *worker = add_keeper(rig);
    const struct gw_message *message = feed_and_take(rig, feeder, worker, &GW_STR(""), 1);
    assert_non_null(message->payload.data);
    assert_int_equal(message->payload.size, 0);
    settle_one(worker, GW_OUTCOME_DEAD_LETTER);
}

/* Nothing that a feeder sends is dropped: what is no message becomes a refused one. */
static void malformed_frames_are_refused_and_not_lost(void **state) {
    struct rig *rig = *state;
    static const struct {
        size_t count;
        struct gw_str frames[20];
        const char *payload;
        size_t full_size;
    } bad[] = {
        {2, {{"no map", 6}, {"payload", 7}}, "payload", 7},
        {2, {{"\x81\xA1", 2}, {"payload", 7}}, "payload", 7},
        {3, {{"\x80", 1}, {"two", 3}, {"three", 5}}, "\x80twothree", 9},
        {5, {{"1", 1}, {"2", 1}, {"3", 1}, {"4", 1}, {"5", 1}}, "12345", 5},
        {18,
         {{"1", 1},
          {"2", 1},
          {"3", 1},
          {"4", 1},
          {"5", 1},
          {"6", 1},
          {"7", 1},
          {"8", 1},
          {"9", 1},
          {"a", 1},
          {"b", 1},
          {"c", 1},
          {"d", 1},
          {"e", 1},
          {"f", 1},
          {"g", 1},
          {"h", 1},
          {"i", 1}},
         "123456789abcdefg",
         18},
    };
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    struct rig_worker *worker = add_keeper(rig);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const struct gw_message *message = feed_and_take(rig, feeder, worker, bad[i].frames, bad[i].count);
        assert_int_equal(message->refused, GW_MALFORMED);
        assert_true(gw_str_is(message->payload, bad[i].payload));
        assert_int_equal(message->full_size, bad[i].full_size);
        assert_int_equal(message->headers.count, 0);
        assert_int_equal(message->position.number, i + 1);
        settle_one(worker, GW_OUTCOME_DEAD_LETTER);
    }
}

static void large_headers_are_refused(void **state) {
    struct rig *rig = *state;
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    struct rig_worker *worker = add_keeper(rig);
    char *map = calloc(1, GW_HEADERS_BYTES_MAX + 1);
    const struct gw_str frames[] = {{map, GW_HEADERS_BYTES_MAX + 1}, GW_STR("payload")};
    const struct gw_message *message = feed_and_take(rig, feeder, worker, frames, 2);
    assert_int_equal(message->refused, GW_MALFORMED);
    assert_true(gw_str_is(message->payload, "payload"));
    settle_one(worker, GW_OUTCOME_DEAD_LETTER);
    free(map);
}

static void payloads_above_the_limit_are_cut_and_refused(void **state) {
    struct rig *rig = *state;
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    struct rig_worker *worker = add_keeper(rig);
    size_t size = (size_t)20 << 20;
    char *large = malloc(size);
    memset(large, 'x', size);
    memcpy(large, "begins", 6);
    const struct gw_message *message = feed_and_take(rig, feeder, worker, &(struct gw_str){large, size}, 1);
    assert_int_equal(message->refused, GW_TOO_LARGE);
    assert_int_equal(message->full_size, size);
    assert_true(message->payload.size > 0 && message->payload.size <= rig->settings.message_bytes_max);
    assert_memory_equal(message->payload.data, large, message->payload.size);
    settle_one(worker, GW_OUTCOME_DEAD_LETTER);
    size = rig->settings.message_bytes_max; /* just at the limit */
    message = feed_and_take(rig, feeder, worker, &(struct gw_str){large, size}, 1);
    assert_int_equal(message->refused, GW_OK);
    assert_int_equal(message->payload.size, size);
    assert_int_equal(rig->counters.refused, 1);
    settle_one(worker, GW_OUTCOME_RECORD);
    free(large);
}

/* Beyond credit, queue and budgets: one at a time it goes through all the same. */
static void a_message_of_20_mb_goes_through(void **state) {
    struct rig *rig = *state;
    size_t size = (size_t)20 << 20;
    rig->settings.message_bytes_max = (size_t)64 << 20;
    rig->settings.memory_bytes = (size_t)1 << 20;
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    void *consumer = rig_peer(rig, ZMQ_PULL, rig->out, false);
    rig_add_worker(rig, CREDIT, QUEUE);
    char *large = malloc(size);
    for (size_t i = 0; i < size; i++) {
        large[i] = (char)(i * 7 >> 3);
    }
    struct rig_frames frames;
    for (int i = 0; i < 2; i++) {
        rig_until(rig, rig_send(feeder, &(struct gw_str){large, size}, 1));
    }
    for (int i = 0; i < 2; i++) {
        rig_until(rig, rig_receive(consumer, &frames));
        assert_true(gw_str_eq(rig_frame(&frames, 1), (struct gw_str){large, size}));
        rig_frames_free(&frames);
    }
    rig_until(rig, rig->counters.kept == 0);
    free(large);
}

/* Feeds messages of `size` bytes until nothing moves any more; returns how many were taken. */
static size_t feed_until_stalled(struct rig *rig, void *feeder, size_t size, size_t most) {
    char *bytes = calloc(1, size);
    size_t sent = 0;
    for (int quiet = 0; quiet < 200 && sent < most;) {
        if (rig_send(feeder, &(struct gw_str){bytes, size}, 1)) {
            sent++;
            quiet = 0;
        } else {
            rig_step(rig);
            quiet++;
        }
    }
    free(bytes);
    return sent;
}

static size_t receive_all(void *consumer) {
    struct rig_frames frames;
    size_t count = 0;
    while (rig_receive(consumer, &frames)) {
        rig_frames_free(&frames);
        count++;
    }
    return count;
}

/* Nobody consumes: feeders are left unread before memory runs out; then somebody comes, and all of it flows.
 */
static void a_stalled_consumer_stops_the_feeders(void **state) {
    struct rig *rig = *state;
    size_t size = (size_t)16 << 10, most = 100000, received = 0;
    rig->settings.memory_bytes = (size_t)4 << 20;
    rig->source.high_water = rig->sink.high_water = 4;
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    rig_add_worker(rig, CREDIT, QUEUE);
    rig_add_worker(rig, CREDIT, QUEUE);
    size_t sent = feed_until_stalled(rig, feeder, size, most);
    assert_true(sent > 100 && sent < most / 10);
    assert_true(rig->counters.kept_bytes >= rig->settings.memory_bytes / 2);
    assert_true(rig->counters.kept_bytes < rig->settings.memory_bytes / 2 + 2 * size);
    assert_true(rig->counters.queued_bytes <= 2 * QUEUE);
    assert_int_equal(rig->counters.published, 0);
    void *consumer = rig_peer(rig, ZMQ_PULL, rig->out, false);
    rig_until(rig, (received += receive_all(consumer)) == sent);
    rig_until(rig, rig->counters.kept == 0 && rig->counters.queued_bytes == 0);
    assert_true(rig_send(feeder, &GW_STR("and on"), 1));
    rig_until(rig, (received += receive_all(consumer)) == sent + 1);
    assert_int_equal(rig->counters.redealt, 0);
}

static void retried_messages_come_again(void **state) {
    struct rig *rig = *state;
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    struct rig_worker *worker = add_keeper(rig);
    assert_false(feed_and_take(rig, feeder, worker, &GW_STR("again"), 1)->redelivered);
    settle_one(worker, GW_OUTCOME_RETRY);
    const struct gw_message *message = take_one(rig, worker);
    assert_true(message->redelivered);
    assert_true(gw_str_is(message->payload, "again"));
    assert_int_equal(message->position.number, 1);
    settle_one(worker, GW_OUTCOME_SKIPPED);
    rig_until(rig, rig->counters.kept == 0);
}

static void a_paused_worker_gets_nothing(void **state) {
    struct rig *rig = *state;
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    struct rig_worker *paused = add_keeper(rig);
    assert_int_equal(gw_source_pause(paused->source, NULL), GW_OK); /* before it is connected */
    rig_until(rig, gw_source_ready(paused->source));
    rig_until(rig, rig_send(feeder, &GW_STR("one"), 1));
    rig_until(rig, rig->counters.received == 1);
    rig_idle(rig, 20);
    assert_int_equal(paused->taken, 0);
    assert_int_equal(gw_source_resume(paused->source, NULL), GW_OK);
    assert_true(gw_str_is(take_one(rig, paused)->payload, "one"));
    assert_int_equal(gw_source_pause(paused->source, NULL), GW_OK);
    rig_idle(rig, 2); /* said, and heard */
    rig_until(rig, rig_send(feeder, &GW_STR("two"), 1));
    rig_until(rig, rig->counters.received == 2);
    rig_idle(rig, 20);
    assert_int_equal(paused->taken, 1);
    struct rig_worker *other = add_keeper(rig);
    assert_true(gw_str_is(take_one(rig, other)->payload, "two"));
}

/* The records' outlet is a PUB whose consumers see by its numbers whether they missed something. */
static void pub_numbers_each_topic(void **state) {
    struct rig *rig = *state;
    rig->sink.pattern = GW_ZEROMQ_PUB;
    rig->sink.topic = "enriched";
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    void *subscriber = rig_peer(rig, ZMQ_SUB, rig->out, false);
    struct rig_frames frames;
    rig_add_worker(rig, CREDIT, QUEUE);
    uint64_t first = 0;
    for (uint64_t i = 0; i < 10;) { /* what is sent before the subscription arrives is lost */
        rig_until(rig, rig_send(feeder, &GW_STR("payload"), 1));
        rig_until(rig, rig->counters.kept == 0 && rig->counters.received > 0);
        for (int step = 0; step < 5; step++) {
            rig_step(rig);
            if (rig_receive(subscriber, &frames)) {
                assert_int_equal(frames.count, 4);
                assert_true(gw_str_is(rig_frame(&frames, 0), "enriched"));
                assert_int_equal(rig_frame(&frames, 1).size, 8);
                uint64_t number = 0;
                for (size_t byte = 0; byte < 8; byte++) {
                    number = number << 8 | (uint8_t)rig_frame(&frames, 1).data[byte];
                }
                first = i == 0 ? number : first;
                assert_int_equal(number, first + i);
                assert_true(gw_str_is(rig_frame(&frames, 3), "payload"));
                rig_frames_free(&frames);
                i++;
            }
        }
    }
}

/* Counts what the subscriber has now; none of PUB's numbers may be missing between two of them. */
static size_t receive_all_numbers(void *subscriber, uint64_t *last) {
    struct rig_frames frames;
    size_t count = 0;
    while (rig_receive(subscriber, &frames)) {
        uint64_t number = 0;
        assert_int_equal(frames.count, 4);
        for (size_t byte = 0; byte < 8; byte++) {
            number = number << 8 | (uint8_t)rig_frame(&frames, 1).data[byte];
        }
        assert_true(*last == UINT64_MAX || number == *last + 1);
        *last = number;
        rig_frames_free(&frames);
        count++;
    }
    return count;
}

/* A subscriber for which little is queued on its side. */
static void add_slow_subscriber(struct rig *rig) {
    int high_water = 1;
    void *socket = zmq_socket(rig->context, ZMQ_SUB);
    assert_non_null(socket);
    rig->peers[rig->peer_count++] = socket;
    zmq_setsockopt(socket, ZMQ_RCVHWM, &high_water, sizeof high_water);
    zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0);
    assert_int_equal(zmq_connect(socket, rig->out), 0);
}

/* One subscriber reads and misses nothing; the other one does not and begins to lose messages, which is told.
 */
static void pub_tells_that_a_subscriber_is_too_slow(void **state) {
    struct rig *rig = *state;
    static char bytes[8192];
    const struct gw_str payload = {bytes, sizeof bytes};
    size_t sent, got = 0;
    uint64_t last = UINT64_MAX;
    rig->sink.pattern = GW_ZEROMQ_PUB;
    rig->sink.high_water = 50;
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    void *quick = rig_peer(rig, ZMQ_SUB, rig->out, false);
    add_slow_subscriber(rig);
    rig_add_worker(rig, CREDIT, QUEUE);
    while (got == 0) { /* until the subscription has arrived */
        rig_until(rig, rig_send(feeder, &payload, 1));
        rig_idle(rig, 5);
        got = receive_all_numbers(quick, &last);
    }
    assert_int_equal(rig->counters.overruns, 0);
    got = 0;
    for (sent = 0; rig->counters.overruns == 0; sent++) {
        assert_true(sent < 5000);
        rig_until(rig, rig_send(feeder, &payload, 1));
        rig_until(rig, (got += receive_all_numbers(quick, &last), got + 10 > sent));
    }
    rig_until(rig, (got += receive_all_numbers(quick, &last), got >= sent));
    assert_int_equal(rig->counters.overruns, 1);
}

/* One topic's header map and payload, as a PUB of ours sends them. */
static void publish(struct rig *rig, void *publisher, uint8_t number) {
    const uint8_t seq[8] = {0, 0, 0, 0, 0, 0, 0, number};
    const struct gw_str frames[] = {GW_STR("topic"),
                                    {(const char *)seq, 8},
                                    GW_STR("\x81\xA1"
                                           "a"
                                           "\xC4\x01"
                                           "b"),
                                    GW_STR("published")};
    rig_until(rig, rig_send(publisher, frames, 4));
}

static void sub_takes_what_pub_sends_and_sees_gaps(void **state) {
    struct rig *rig = *state;
    rig->source.pattern = GW_ZEROMQ_SUB;
    rig->source.bind_count = 0;
    rig->source.connect = rig->in_endpoints;
    rig->source.connect_count = 1;
    rig->source.subscribe = (const char *const[]){"topic"};
    rig->source.subscribe_count = 1;
    void *publisher = rig_peer(rig, ZMQ_XPUB, rig->in, true);
    rig_open(rig);
    struct rig_frames frames;
    struct rig_worker *worker = add_keeper(rig);
    rig_until(rig, rig_receive(publisher, &frames)); /* the subscription is there */
    rig_frames_free(&frames);
    rig_until(rig, rig_send(publisher, (const struct gw_str[]){GW_STR("other"), GW_STR("not for us")}, 2));
    publish(rig, publisher, 3);
    const struct gw_message *message = take_one(rig, worker);
    assert_true(gw_str_is(message->payload, "published"));
    assert_int_equal(message->headers.count, 1);
    assert_int_equal(message->position.kind, GW_POSITION_HUB);
    settle_one(worker, GW_OUTCOME_RECORD);
    publish(rig, publisher, 4);
    publish(rig, publisher, 8);
    rig_until(rig, worker->in_hand_count == 2);
    assert_int_equal(rig->counters.missed, 3);
    settle_one(worker, GW_OUTCOME_RECORD);
    settle_one(worker, GW_OUTCOME_RECORD);
    const struct gw_str plain[] = {GW_STR("topic/x"), GW_STR("plain")};
    rig_until(rig, rig_send(publisher, plain, 2));
    assert_true(gw_str_is(take_one(rig, worker)->payload, "plain"));
    settle_one(worker, GW_OUTCOME_RECORD);
    const struct gw_str alone[] = {GW_STR("topic alone")};
    rig_until(rig, rig_send(publisher, alone, 1));
    message = take_one(rig, worker);
    assert_int_equal(message->refused, GW_MALFORMED);
    assert_true(gw_str_is(message->payload, "topic alone"));
    settle_one(worker, GW_OUTCOME_DEAD_LETTER);
}

static void dead_letters_have_an_outlet_of_their_own(void **state) {
    struct rig *rig = *state;
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    void *undertaker = rig_peer(rig, ZMQ_PULL, rig->dead, false);
    struct rig_frames frames;
    rig_add_worker(rig, CREDIT, QUEUE)->outlet = GW_OUTLET_DEAD_LETTERS;
    rig_until(rig, rig_send(feeder, &GW_STR("dead"), 1));
    rig_until(rig, rig_receive(undertaker, &frames));
    assert_true(gw_str_is(rig_frame(&frames, 1), "dead"));
    rig_frames_free(&frames);
}

static void outlets_with_the_same_endpoints_share_a_socket(void **state) {
    struct rig *rig = *state;
    rig->sink.pattern = GW_ZEROMQ_PUB;
    rig->dead_letters = rig->sink;
    rig->dead_letters.topic = "buried";
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    void *subscriber = rig_peer(rig, ZMQ_SUB, rig->out, false);
    struct rig_frames frames;
    rig_add_worker(rig, CREDIT, QUEUE)->outlet = GW_OUTLET_DEAD_LETTERS;
    rig_until(rig, (rig_send(feeder, &GW_STR("dead"), 1), rig_receive(subscriber, &frames)));
    assert_true(gw_str_is(rig_frame(&frames, 0), "buried"));
    rig_frames_free(&frames);
}

static void an_outlet_that_is_not_served_is_refused(void **state) {
    struct rig *rig = *state;
    rig->settings.dead_letters = NULL;
    rig_open(rig);
    struct rig_worker *worker = rig_add_worker(rig, CREDIT, QUEUE);
    struct gw_outgoing outgoing = {.outlet = GW_OUTLET_DEAD_LETTERS, .payload = GW_STR("dead")};
    rig_until(rig, gw_sink_send(worker->sink, &outgoing, NULL) == GW_UNSUPPORTED);
    outgoing.outlet = GW_OUTLET_RECORDS;
    assert_int_equal(gw_sink_send(worker->sink, &outgoing, NULL), GW_OK);
}

static void a_drain_finishes_what_was_taken(void **state) {
    struct rig *rig = *state;
    size_t received = 0;
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    void *consumer = rig_peer(rig, ZMQ_PULL, rig->out, false);
    for (size_t i = 0; i < 50; i++) {
        feed_number(rig, feeder, i);
    }
    rig_until(rig, rig->counters.received == 50);
    gw_hub_drain(rig->hub);
    struct rig_worker *worker = rig_add_worker(rig, CREDIT, QUEUE);
    rig_until(rig, worker->has_ended);
    assert_int_equal(worker->settled, 50);
    feed_number(rig, feeder, 51); /* is not read any more */
    assert_false(rig->has_drained);
    rig_kill_worker(worker);
    rig_until(rig, rig->has_drained);
    rig_until(rig, (received += receive_all(consumer)) == 50);
    assert_int_equal(rig->counters.abandoned, 0);
    assert_int_equal(rig->counters.received, 50);
}

/* Nobody tells this feeder what arrived: what it has sent before the drain must not be lost. */
static void a_drain_reads_what_feeders_without_answers_have_sent(void **state) {
    struct rig *rig = *state;
    size_t received = 0, sent;
    rig->settings.memory_bytes = (size_t)64 << 10; /* the first step cannot take it all */
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    void *consumer = rig_peer(rig, ZMQ_PULL, rig->out, false);
    sent = feed_until_stalled(rig, feeder, 1000, 300);
    assert_int_equal(sent, 300);
    gw_hub_drain(rig->hub);
    struct rig_worker *worker = rig_add_worker(rig, CREDIT, QUEUE);
    rig_until(rig, worker->has_ended);
    rig_kill_worker(worker);
    rig_until(rig, rig->has_drained);
    rig_until(rig, (received += receive_all(consumer)) == sent);
    assert_int_equal(rig->counters.abandoned, 0);
}

static void a_feeder_that_goes_on_does_not_hold_up_the_drain(void **state) {
    struct rig *rig = *state;
    rig->settings.drain_timeout_ms = 1000;
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    void *consumer = rig_peer(rig, ZMQ_PULL, rig->out, false);
    struct rig_worker *worker = rig_add_worker(rig, CREDIT, QUEUE);
    rig_until(rig, rig_send(feeder, &GW_STR("first"), 1));
    rig_until(rig, worker->settled > 0);
    gw_hub_drain(rig->hub);
    rig_until(rig, (rig_send(feeder, &GW_STR("again"), 1), receive_all(consumer), worker->has_ended));
    assert_true(worker->settled > 1);
    assert_false(rig->has_drained);
}

static void a_drain_ends_at_its_deadline(void **state) {
    struct rig *rig = *state;
    rig->settings.drain_timeout_ms = 50;
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    struct rig_worker *worker = add_keeper(rig);
    rig_until(rig, rig_send(feeder, &GW_STR("stays"), 1));
    take_one(rig, worker);
    gw_hub_drain(rig->hub);
    rig_until(rig, rig->has_drained);
    rig_close_hub(rig);
    assert_int_equal(rig->counters.abandoned, 1);
}

static void the_lifelines_end_begins_the_drain(void **state) {
    struct rig *rig = *state;
    int lifeline[2];
    assert_int_equal(pipe(lifeline), 0);
    rig->settings.lifeline_fd = lifeline[0];
    rig_open(rig);
    rig_idle(rig, 5);
    assert_false(rig->has_drained);
    close(lifeline[1]);
    rig_until(rig, rig->has_drained);
    close(lifeline[0]);
}

/* The hub dies and another comes: nothing of the old one may be mistaken for the new one's. */
static void workers_survive_the_hub(void **state) {
    struct rig *rig = *state;
    rig_open(rig);
    void *feeder = rig_peer(rig, ZMQ_PUSH, rig->in, false);
    struct rig_worker *worker = rig_add_worker(rig, CREDIT, QUEUE);
    struct gw_completion completion;
    size_t count = 0;
    rig_until(rig, rig_send(feeder, &GW_STR("old"), 1)); /* nobody consumes: it stays with the hub */
    rig_until(rig, rig->counters.queued_bytes > 0);
    rig_close_hub(rig);
    struct gw_sink *sink = worker->sink;
    rig_until(rig, (gw_source_take(worker->source, worker->in_hand, 1, &count, NULL),
                    !gw_source_ready(worker->source)));
    rig_until(rig, (gw_sink_poll(sink, &completion, 1, &count, NULL), count == 1));
    assert_int_equal(completion.status, GW_UNREACHABLE);
    assert_int_equal(gw_sink_send(sink, &(struct gw_outgoing){.payload = GW_STR("x")}, NULL), GW_AGAIN);
    gw_receipt stale = completion.ticket;
    rig_open(rig);
    rig_until(rig, gw_source_ready(worker->source));
    worker->keeps = true;
    rig_until(rig, rig_send(feeder, &GW_STR("new"), 1));
    assert_true(gw_str_is(take_one(rig, worker)->payload, "new"));
    assert_int_equal(gw_source_settle(worker->source, stale, GW_OUTCOME_RECORD, NULL), GW_OK);
    rig_idle(rig, 10);
    assert_int_equal(rig->counters.kept, 1); /* the stale receipt settled nothing */
    settle_one(worker, GW_OUTCOME_RECORD);
    rig_until(rig, rig->counters.kept == 0);
}

static void a_second_hub_is_refused(void **state) {
    struct rig *rig = *state;
    struct gw_hub *second;
    struct gw_error error;
    rig_open(rig);
    struct gw_hub_settings settings = rig->settings;
    settings.source = settings.sink = settings.dead_letters = NULL;
    assert_int_equal(gw_hub_open(&settings, &second, &error), GW_REFUSED);
    assert_non_null(strstr(error.detail, rig->socket_path));
}

static void endpoints_that_cannot_be_had_are_named(void **state) {
    struct rig *rig = *state;
    struct gw_hub *hub;
    struct gw_error error;
    rig->in_endpoints[0] = "nonsense";
    assert_int_equal(gw_hub_open(&rig->settings, &hub, &error), GW_BAD_CONFIG);
    assert_non_null(strstr(error.detail, "nonsense"));
    rig->in_endpoints[0] = "ipc:///nowhere/at/all";
    assert_int_equal(gw_hub_open(&rig->settings, &hub, &error), GW_SYSTEM);
    assert_non_null(strstr(error.detail, "/nowhere/at/all"));
    assert_null(hub);
    rig->in_endpoints[0] = rig->in;
    rig_open(rig); /* nothing was left open */
}

static void a_socket_path_too_long_is_a_bad_config(void **state) {
    struct rig *rig = *state;
    struct gw_hub *hub;
    struct gw_error error;
    char path[200];
    memset(path, 'x', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    rig->settings.socket_path = path;
    assert_int_equal(gw_hub_open(&rig->settings, &hub, &error), GW_BAD_CONFIG);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        rig_test(carries_every_message_once),
        rig_test(redeals_what_a_dead_worker_had),
        rig_test(a_payload_alone_is_a_message),
        rig_test(headers_come_with_the_payload),
        rig_test(an_empty_payload_is_not_a_null_value),
        rig_test(malformed_frames_are_refused_and_not_lost),
        rig_test(large_headers_are_refused),
        rig_test(payloads_above_the_limit_are_cut_and_refused),
        rig_test(a_message_of_20_mb_goes_through),
        rig_test(a_stalled_consumer_stops_the_feeders),
        rig_test(retried_messages_come_again),
        rig_test(a_paused_worker_gets_nothing),
        rig_test(pub_numbers_each_topic),
        rig_test(pub_tells_that_a_subscriber_is_too_slow),
        rig_test(sub_takes_what_pub_sends_and_sees_gaps),
        rig_test(dead_letters_have_an_outlet_of_their_own),
        rig_test(outlets_with_the_same_endpoints_share_a_socket),
        rig_test(an_outlet_that_is_not_served_is_refused),
        rig_test(a_drain_finishes_what_was_taken),
        rig_test(a_drain_reads_what_feeders_without_answers_have_sent),
        rig_test(a_feeder_that_goes_on_does_not_hold_up_the_drain),
        rig_test(a_drain_ends_at_its_deadline),
        rig_test(the_lifelines_end_begins_the_drain),
        rig_test(workers_survive_the_hub),
        rig_test(a_second_hub_is_refused),
        rig_test(endpoints_that_cannot_be_had_are_named),
        rig_test(a_socket_path_too_long_is_a_bad_config),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
