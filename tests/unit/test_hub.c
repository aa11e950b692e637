/* The hub between real ZeroMQ peers and real worker ends: PULL to PUSH. */
#include "unit/hub_rig.h"

#define MANY       500
#define CREDIT     ((size_t)64 << 10)
#define QUEUE      ((size_t)64 << 10)
#define LONG_QUEUE ((size_t)64 << 20)

/* Which of the numbers 0 to MANY came out, and how often. */
struct seen {
    size_t times[MANY];
    size_t distinct, all;
};

static void feed_number(struct rig *rig, void *feeder, size_t number) {
    char text[32];
    struct gw_str payload = {text, (size_t)snprintf(text, sizeof text, "message %zu", number)};
    rig_until(rig, rig_send(feeder, &payload, 1));
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
    for (size_t i = 0; i < MANY; i++) {
        feed_number(rig, feeder, i);
    }
    rig_until(rig, (see_all(consumer, &seen), seen.distinct == MANY));
    rig_until(rig, rig->counters.kept == 0);
    assert_int_equal(seen.all, MANY);
    assert_true(rig->workers[0].taken > 0 && rig->workers[1].taken > 0);
    assert_int_equal(rig->workers[0].redelivered + rig->workers[1].redelivered, 0);
    assert_int_equal(rig->counters.received, MANY);
    assert_int_equal(rig->counters.settled, MANY);
    assert_int_equal(rig->counters.published, MANY);
    assert_int_equal(rig->counters.redealt, 0);
    zmq_close(feeder);
    zmq_close(consumer);
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
    zmq_close(feeder);
    zmq_close(consumer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        rig_test(carries_every_message_once),
        rig_test(redeals_what_a_dead_worker_had),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
