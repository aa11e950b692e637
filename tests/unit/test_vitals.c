/* run/vitals.h and run/stall.h */
#include "run/vitals.h"

#include "base/log.h"
#include "unit/unit.h"

#define STALL_MS 1000

static struct gw_counters counters;
static struct gw_vitals vitals;
static struct gw_child hub, workers[2];
static struct gw_vitals_view view;
static int64_t now_ns;

static int setup(void **state) {
    (void)state;
    gw_log_init(GW_LOG_OFF, GW_LOG_LOGFMT, "test", -1);
    memset(&counters, 0, sizeof counters);
    memset(&vitals, 0, sizeof vitals);
    hub = (struct gw_child){.state = GW_CHILD_RUNNING, .slot = GW_CHILD_HUB};
    for (int i = 0; i < 2; i++) {
        workers[i] = (struct gw_child){.state = GW_CHILD_RUNNING, .slot = i};
        gw_counter_set(&counters.workers[i], GW_COUNTER_READY, 1);
    }
    view = (struct gw_vitals_view){
        .workers = workers, .worker_count = 2, .hub = &hub, .replaced = -1, .stall_ms = STALL_MS};
    now_ns = 100 * GW_NS_PER_S;
    return 0;
}

/* Time passes, in which the workers' loops come round. */
static enum gw_health look_after(int64_t ms) {
    now_ns += ms * GW_NS_PER_MS;
    for (int i = 0; i < 2; i++) {
        atomic_store(&counters.notes[i].beat_ns, now_ns);
    }
    return gw_vitals_look(&vitals, &view, &counters, now_ns);
}

static uint64_t stalls_of(int slot) {
    return gw_counter_get(&counters.workers[slot], GW_COUNTER_STALLS);
}

static void test_all_that_runs_and_has_joined_is_ready(void **state) {
    (void)state;
    assert_int_equal(look_after(0), GW_HEALTH_READY);
    assert_int_equal(gw_instance_get(&counters.instance, GW_INSTANCE_READY), 1);
    assert_int_equal(gw_instance_get(&counters.instance, GW_INSTANCE_HUB_UP), 1);
    assert_int_equal(gw_instance_get(&counters.instance, GW_INSTANCE_WORKERS), 2);
    assert_int_equal(gw_counter_get(&counters.workers[1], GW_COUNTER_UP), 1);
    assert_int_equal(atomic_load(&counters.instance.beat_ns), now_ns);
    assert_string_equal(gw_health_text(atomic_load(&counters.instance.health)), "ready");
}

static void test_each_process_that_is_away_is_told(void **state) {
    (void)state;
    gw_counter_set(&counters.workers[1], GW_COUNTER_READY, 0);
    assert_int_equal(look_after(0), GW_HEALTH_NOT_JOINED);
    workers[0].state = GW_CHILD_WAITING;
    assert_int_equal(look_after(0), GW_HEALTH_WORKER_DOWN);
    assert_int_equal(gw_counter_get(&counters.workers[0], GW_COUNTER_UP), 0);
    hub.state = GW_CHILD_WAITING;
    assert_int_equal(look_after(0), GW_HEALTH_HUB_DOWN);
    view.is_draining = true;
    assert_int_equal(look_after(0), GW_HEALTH_DRAINING);
    assert_int_equal(gw_instance_get(&counters.instance, GW_INSTANCE_READY), 0);
    assert_int_equal(gw_instance_get(&counters.instance, GW_INSTANCE_DRAINING), 1);
}

static void test_a_worker_at_its_sources_end_is_not_missed(void **state) {
    (void)state;
    workers[0].state = GW_CHILD_ENDED;
    assert_int_equal(look_after(0), GW_HEALTH_READY);
}

static void test_a_worker_that_is_being_replaced_is_not_missed(void **state) {
    (void)state;
    workers[1].state = GW_CHILD_OFF;
    view.replaced = 1;
    assert_int_equal(look_after(0), GW_HEALTH_READY);
    view.replaced = 0;
    assert_int_equal(look_after(0), GW_HEALTH_WORKER_DOWN);
}

static void test_work_that_does_not_move_is_a_stall(void **state) {
    (void)state;
    gw_counter_set(&counters.workers[1], GW_COUNTER_IN_FLIGHT, 5);
    assert_int_equal(look_after(0), GW_HEALTH_READY);
    assert_int_equal(look_after(STALL_MS - 1), GW_HEALTH_READY);
    assert_int_equal(look_after(1), GW_HEALTH_STALLED);
    assert_int_equal(look_after(STALL_MS), GW_HEALTH_STALLED);
    assert_int_equal(stalls_of(0), 0);
    assert_int_equal(stalls_of(1), 1);
    assert_int_equal(gw_counter_get(&counters.workers[1], GW_COUNTER_STALLED), 1);
    gw_counter_add(&counters.workers[1], GW_COUNTER_DEAD_LETTERS, 1);
    assert_int_equal(look_after(1), GW_HEALTH_READY);
    assert_int_equal(look_after(STALL_MS), GW_HEALTH_STALLED);
    assert_int_equal(stalls_of(1), 2);
}

/* Nothing is in flight: it may not read its partitions, or nobody answers. */
static void test_messages_that_wait_and_are_not_taken_are_a_stall(void **state) {
    (void)state;
    gw_counter_set(&counters.workers[0], GW_COUNTER_LAG, 7);
    assert_int_equal(look_after(0), GW_HEALTH_READY);
    assert_int_equal(look_after(STALL_MS - 1), GW_HEALTH_READY);
    assert_int_equal(look_after(1), GW_HEALTH_STALLED);
    assert_int_equal(stalls_of(0), 1);
    gw_counter_add(&counters.workers[0], GW_COUNTER_RECORDS, 1);
    assert_int_equal(look_after(STALL_MS - 1), GW_HEALTH_READY);
    gw_counter_set(&counters.workers[0], GW_COUNTER_LAG, 0);
    assert_int_equal(look_after(STALL_MS), GW_HEALTH_READY);
}

static void test_slow_work_and_no_work_are_none(void **state) {
    (void)state;
    for (int i = 0; i < 50; i++) {
        gw_counter_set(&counters.workers[0], GW_COUNTER_IN_FLIGHT, 5);
        gw_counter_add(&counters.workers[0], GW_COUNTER_RECORDS, 1);
        assert_int_equal(look_after(STALL_MS - 1), GW_HEALTH_READY);
    }
    gw_counter_set(&counters.workers[0], GW_COUNTER_IN_FLIGHT, 0);
    assert_int_equal(look_after(100 * STALL_MS), GW_HEALTH_READY);
    assert_int_equal(look_after(100 * STALL_MS), GW_HEALTH_READY);
}

static void test_a_loop_that_does_not_come_round_is_a_stall(void **state) {
    (void)state;
    assert_int_equal(look_after(0), GW_HEALTH_READY);
    now_ns += GW_VITALS_SILENT_MS * GW_NS_PER_MS;
    assert_int_equal(gw_vitals_look(&vitals, &view, &counters, now_ns), GW_HEALTH_READY);
    now_ns += STALL_MS * GW_NS_PER_MS;
    assert_int_equal(gw_vitals_look(&vitals, &view, &counters, now_ns), GW_HEALTH_STALLED);
    assert_int_equal(look_after(0), GW_HEALTH_READY);
}

static void test_a_process_that_has_just_started_is_not_silent(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        workers[i].restart.started_ns = now_ns;
    }
    assert_int_equal(gw_vitals_look(&vitals, &view, &counters, now_ns), GW_HEALTH_READY);
    now_ns += STALL_MS * GW_NS_PER_MS;
    assert_int_equal(gw_vitals_look(&vitals, &view, &counters, now_ns), GW_HEALTH_READY);
}

static void test_every_health_has_a_text(void **state) {
    (void)state;
    for (uint32_t i = 0; i < GW_HEALTH_COUNT; i++) {
        assert_true(gw_health_text(i)[0]);
    }
    assert_string_equal(gw_health_text(GW_HEALTH_COUNT), "unknown");
}

#define VITALS_TEST(name) cmocka_unit_test_setup(name, setup)

int main(void) {
    const struct CMUnitTest tests[] = {
        VITALS_TEST(test_all_that_runs_and_has_joined_is_ready),
        VITALS_TEST(test_each_process_that_is_away_is_told),
        VITALS_TEST(test_a_worker_at_its_sources_end_is_not_missed),
        VITALS_TEST(test_a_worker_that_is_being_replaced_is_not_missed),
        VITALS_TEST(test_work_that_does_not_move_is_a_stall),
        VITALS_TEST(test_messages_that_wait_and_are_not_taken_are_a_stall),
        VITALS_TEST(test_slow_work_and_no_work_are_none),
        VITALS_TEST(test_a_loop_that_does_not_come_round_is_a_stall),
        VITALS_TEST(test_a_process_that_has_just_started_is_not_silent),
        VITALS_TEST(test_every_health_has_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
