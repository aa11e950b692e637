/* ingest/kafka_messages.h and transport/wakeup.h */
#include "ingest/kafka_messages.h"

#include "transport/wakeup.h"
#include "unit/unit.h"

#include <poll.h>

#define MANY 1000

static const struct gw_offset_ticket nowhere = {0, 0, 0};

static int make_client(void **state) {
    *state = rd_kafka_new(RD_KAFKA_CONSUMER, rd_kafka_conf_new(), NULL, 0);
    return *state ? 0 : -1;
}

static int destroy_client(void **state) {
    rd_kafka_destroy(*state);
    return 0;
}

/* A consumer without a group answers every poll with a message that says so. */
static uint32_t add(struct gw_kafka_messages *messages, void **state) {
    uint32_t index;
    rd_kafka_message_t *message = rd_kafka_consumer_poll(*state, 0);
    assert_non_null(message);
    assert_int_equal(gw_kafka_messages_add(messages, message, nowhere, &index), GW_OK);
    return index;
}

static void each_message_is_found_by_its_receipt(void **state) {
    struct gw_kafka_messages messages;
    static gw_receipt receipts[MANY];
    gw_kafka_messages_init(&messages);
    for (int i = 0; i < MANY; i++) {
        receipts[i] = gw_kafka_messages_receipt(&messages, add(&messages, state));
    }
    for (int i = 0; i < MANY; i++) {
        uint32_t index = gw_kafka_messages_find(&messages, receipts[i]);
        assert_true(index < messages.count);
        assert_int_equal(gw_kafka_messages_receipt(&messages, index), receipts[i]);
    }
    gw_kafka_messages_free(&messages);
}

static void a_receipt_is_good_for_one_message(void **state) {
    struct gw_kafka_messages messages;
    gw_kafka_messages_init(&messages);
    uint32_t index = add(&messages, state);
    gw_receipt old = gw_kafka_messages_receipt(&messages, index);
    gw_kafka_messages_drop(&messages, index);
    assert_int_equal(gw_kafka_messages_find(&messages, old), GW_NO_MESSAGE);
    /* The place is used again, the receipt is not. */
    assert_int_equal(add(&messages, state), index);
    assert_int_equal(gw_kafka_messages_find(&messages, old), GW_NO_MESSAGE);
    gw_kafka_messages_free(&messages);
}

static void receipts_that_never_were_are_not_found(void **state) {
    struct gw_kafka_messages messages;
    gw_kafka_messages_init(&messages);
    assert_int_equal(gw_kafka_messages_find(&messages, 0), GW_NO_MESSAGE);
    add(&messages, state);
    assert_int_equal(gw_kafka_messages_find(&messages, UINT64_MAX), GW_NO_MESSAGE);
    assert_int_equal(gw_kafka_messages_find(&messages, messages.count - 1), GW_NO_MESSAGE);
    gw_kafka_messages_free(&messages);
}

static void messages_wait_in_order_and_get_new_receipts(void **state) {
    struct gw_kafka_messages messages;
    gw_kafka_messages_init(&messages);
    uint32_t first = add(&messages, state), second = add(&messages, state), third = add(&messages, state);
    gw_receipt old = gw_kafka_messages_receipt(&messages, second);
    gw_kafka_messages_wait(&messages, second);
    gw_kafka_messages_wait(&messages, first);
    assert_int_equal(gw_kafka_messages_find(&messages, old), GW_NO_MESSAGE);
    assert_int_equal(gw_kafka_messages_next_waiting(&messages), second);
    gw_kafka_messages_wait(&messages, third);
    assert_int_equal(gw_kafka_messages_next_waiting(&messages), first);
    assert_int_equal(gw_kafka_messages_next_waiting(&messages), third);
    assert_int_equal(gw_kafka_messages_next_waiting(&messages), GW_NO_MESSAGE);
    assert_int_equal(gw_kafka_messages_find(&messages, old), GW_NO_MESSAGE);
    assert_int_equal(gw_kafka_messages_find(&messages, gw_kafka_messages_receipt(&messages, second)), second);
    gw_kafka_messages_wait(&messages, first);
    /* Those that are out and those that wait all end with the table. */
    gw_kafka_messages_free(&messages);
    assert_int_equal(gw_kafka_messages_next_waiting(&messages), GW_NO_MESSAGE);
}

static bool is_readable(const struct gw_wakeup *wakeup) {
    struct pollfd wait = {.fd = wakeup->fd, .events = POLLIN};
    return poll(&wait, 1, 0) > 0;
}

static void a_wakeup_is_readable_from_raise_to_clear(void **state) {
    (void)state;
    struct gw_wakeup wakeup;
    assert_int_equal(gw_wakeup_open(&wakeup, NULL), GW_OK);
    assert_false(is_readable(&wakeup));
    gw_wakeup_clear(&wakeup);
    gw_wakeup_raise(&wakeup);
    gw_wakeup_raise(&wakeup);
    assert_true(is_readable(&wakeup));
    gw_wakeup_clear(&wakeup);
    assert_false(is_readable(&wakeup));
    gw_wakeup_close(&wakeup);
    gw_wakeup_close(&wakeup);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_message_is_found_by_its_receipt),
        cmocka_unit_test(a_receipt_is_good_for_one_message),
        cmocka_unit_test(receipts_that_never_were_are_not_found),
        cmocka_unit_test(messages_wait_in_order_and_get_new_receipts),
        cmocka_unit_test(a_wakeup_is_readable_from_raise_to_clear),
    };
    return cmocka_run_group_tests(tests, make_client, destroy_client);
}
