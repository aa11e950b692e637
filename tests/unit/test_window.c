/* run/window.h */
#include "run/window.h"
#include "unit/failing_allocator.h"
#include "unit/unit.h"

static struct gw_window window;
static struct failing_allocator watching;
static struct gw_allocator allocator;

static int setup(void **state) {
    (void)state;
    watching = (struct failing_allocator){.fail_at = FAILING_NEVER};
    allocator = failing_allocator(&watching);
    gw_window_init(&window, 1 << 20, 1 << 19, &allocator);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    gw_window_free(&window);
    assert_int_equal(watching.in_use, 0);
    return 0;
}

static char filler[1 << 20];

static void add(gw_receipt receipt, size_t size) {
    struct gw_message message = {.receipt = receipt, .payload = {filler, size}};
    assert_int_equal(gw_window_add(&window, &message), GW_OK);
}

static struct gw_flight *send_next(gw_receipt expected) {
    struct gw_flight *flight = gw_window_next(&window);
    assert_non_null(flight);
    assert_int_equal(flight->message.receipt, expected);
    assert_int_equal(gw_window_send(&window, flight), GW_OK);
    assert_int_not_equal(flight->ticket, 0);
    return flight;
}

static void test_messages_wait_in_order(void **state) {
    (void)state;
    assert_null(gw_window_next(&window));
    for (gw_receipt i = 1; i <= 3; i++) {
        add(i, 10);
    }
    for (gw_receipt i = 1; i <= 3; i++) {
        send_next(i);
    }
    assert_null(gw_window_next(&window));
    assert_int_equal(gw_window_count(&window), 3);
}

static void test_a_ticket_finds_its_flight_until_it_is_over(void **state) {
    (void)state;
    add(1, 10);
    add(2, 10);
    uint64_t first = send_next(1)->ticket, second = send_next(2)->ticket;
    assert_int_not_equal(first, second);
    assert_int_equal(gw_window_find(&window, first)->message.receipt, 1);
    gw_window_remove(&window, gw_window_find(&window, first));
    assert_null(gw_window_find(&window, first));
    add(3, 10);
    uint64_t third = send_next(3)->ticket;
    assert_int_not_equal(third, first);
    assert_null(gw_window_find(&window, first));
    assert_null(gw_window_find(&window, 0));
    assert_int_equal(gw_window_find(&window, second)->message.receipt, 2);
}

static void test_what_is_sent_again_keeps_its_place(void **state) {
    (void)state;
    for (gw_receipt i = 1; i <= 4; i++) {
        add(i, 10);
    }
    struct gw_flight *first = send_next(1), *second = send_next(2), *third = send_next(3);
    uint64_t old = second->ticket;
    gw_window_again(&window, third);
    gw_window_again(&window, second);
    assert_null(gw_window_find(&window, old));
    send_next(2);
    send_next(3);
    gw_window_again(&window, first);
    send_next(1);
    send_next(4);
}

static void test_a_waiting_message_can_be_removed(void **state) {
    (void)state;
    add(1, 10);
    add(2, 10);
    gw_window_remove(&window, gw_window_next(&window));
    send_next(2);
    assert_int_equal(gw_window_count(&window), 1);
}

static void test_water_marks(void **state) {
    (void)state;
    assert_int_equal(gw_window_room(&window), 1 << 20);
    add(1, 300 << 10);
    add(2, 300 << 10);
    assert_true(gw_window_room(&window) > 0);
    assert_true(gw_window_room(&window) < (1 << 20) - (600 << 10));
    add(3, 600 << 10);
    assert_int_equal(gw_window_room(&window), 0);
    gw_window_remove(&window, send_next(1));
    assert_true(window.bytes < 1 << 20);
    assert_int_equal(gw_window_room(&window), 0);
    gw_window_remove(&window, send_next(2));
    assert_int_equal(gw_window_room(&window), 0);
    gw_window_remove(&window, send_next(3));
    assert_int_equal(gw_window_room(&window), 1 << 20);
    assert_int_equal(window.bytes, 0);
}

static void test_small_messages_count_with_their_flight(void **state) {
    (void)state;
    size_t count = 0;
    while (gw_window_room(&window) > 0) {
        add(++count, 0);
    }
    assert_true(count < (1 << 20) / sizeof(struct gw_message));
    assert_true(watching.in_use < 4 << 20);
}

static void test_keys_and_headers_count(void **state) {
    (void)state;
    const struct gw_header header = {{filler, 1000}, {filler, 2000}};
    struct gw_message message = {.key = {filler, 4000}, .headers = {&header, 1}};
    assert_int_equal(gw_window_add(&window, &message), GW_OK);
    assert_true(window.bytes >= 7000);
}

/* A model beside the window: what state each message is in. */
#define MODEL_SIZE 256
static struct {
    enum { ABSENT, WAITING, UNDER_WAY } state;
    uint64_t ticket;
    size_t size;
} model[MODEL_SIZE];

static uint32_t next_random(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

static size_t oldest_waiting(void) {
    size_t i = 0;
    while (i < MODEL_SIZE && model[i].state != WAITING) {
        i++;
    }
    return i;
}

static void check_against_model(void) {
    size_t waiting = 0, under_way = 0, payloads = 0;
    for (size_t i = 0; i < MODEL_SIZE; i++) {
        waiting += model[i].state == WAITING;
        under_way += model[i].state == UNDER_WAY;
        payloads += model[i].state == ABSENT ? 0 : model[i].size;
        struct gw_flight *found = model[i].ticket ? gw_window_find(&window, model[i].ticket) : NULL;
        assert_int_equal(found != NULL, model[i].state == UNDER_WAY);
        assert_true(!found || found->message.receipt == i);
    }
    assert_int_equal(window.waiting.count, waiting);
    assert_int_equal(window.under_way.count, under_way);
    assert_int_equal(window.bytes, payloads + (waiting + under_way) * sizeof(struct gw_flight));
    size_t oldest = oldest_waiting();
    assert_int_equal(gw_window_next(&window) != NULL, oldest < MODEL_SIZE);
    assert_true(oldest == MODEL_SIZE || gw_window_next(&window)->message.receipt == oldest);
}

/* Messages are numbered by arrival, so that the model knows which one waits longest. */
static void run_schedule(uint64_t seed) {
    size_t added = 0;
    memset(model, 0, sizeof model);
    while (added < MODEL_SIZE || gw_window_count(&window) > 0) {
        uint32_t draw = next_random(&seed) % 8;
        size_t victim = added > 0 ? next_random(&seed) % added : 0;
        struct gw_flight *flight =
            model[victim].ticket ? gw_window_find(&window, model[victim].ticket) : NULL;
        if (draw < 3 && added < MODEL_SIZE) {
            model[added].size = next_random(&seed) % 5000;
            model[added].state = WAITING;
            add(added, model[added].size);
            added++;
        } else if (draw < 5 && gw_window_next(&window)) {
            size_t oldest = oldest_waiting();
            model[oldest].ticket = send_next(oldest)->ticket;
            model[oldest].state = UNDER_WAY;
        } else if (draw == 5 && flight) {
            gw_window_again(&window, flight);
            model[victim].state = WAITING;
        } else if (draw > 5 && flight) {
            gw_window_remove(&window, flight);
            model[victim].state = ABSENT;
        }
        check_against_model();
    }
}

static void test_random_schedules(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        run_schedule(seed);
        assert_int_equal(window.bytes, 0);
    }
}

static void test_failing_memory_changes_nothing(void **state) {
    (void)state;
    watching.fail_at = 0;
    struct gw_message message = {.receipt = 1, .payload = {filler, 10}};
    assert_int_equal(gw_window_add(&window, &message), GW_NO_MEMORY);
    assert_int_equal(gw_window_count(&window), 0);
    assert_int_equal(window.bytes, 0);
    assert_int_equal(gw_window_add(&window, &message), GW_OK);
    watching.fail_at = watching.calls;
    assert_int_equal(gw_window_send(&window, gw_window_next(&window)), GW_NO_MEMORY);
    assert_int_equal(gw_window_next(&window)->ticket, 0);
    send_next(1);
}

static void test_a_rewind_restores_the_order_of_arrival(void **state) {
    (void)state;
    for (gw_receipt i = 1; i <= 5; i++) {
        add(i, 10);
    }
    uint64_t first = send_next(1)->ticket;
    struct gw_flight *second = send_next(2);
    send_next(3);
    gw_window_again(&window, second);
    send_next(2);
    gw_window_rewind(&window);
    assert_null(gw_window_find(&window, first));
    assert_null(window.under_way.first);
    assert_int_equal(gw_window_count(&window), 5);
    for (gw_receipt i = 1; i <= 5; i++) {
        send_next(i);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_messages_wait_in_order),
        TEST(test_a_ticket_finds_its_flight_until_it_is_over),
        TEST(test_what_is_sent_again_keeps_its_place),
        TEST(test_a_waiting_message_can_be_removed),
        TEST(test_water_marks),
        TEST(test_small_messages_count_with_their_flight),
        TEST(test_keys_and_headers_count),
        TEST(test_random_schedules),
        TEST(test_failing_memory_changes_nothing),
        TEST(test_a_rewind_restores_the_order_of_arrival),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
