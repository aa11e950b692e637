/* ingest/handout.h */
#include "ingest/handout.h"

#include "unit/failing_allocator.h"
#include "unit/unit.h"

#define MANY 1000

struct fixture {
    struct failing_allocator watched;
    struct gw_handout handout;
    uint32_t news, views; /* two partitions */
};

static int held; /* messages that are there */

static void release(struct gw_handed *handed) {
    free(handed->message);
    held--;
}

static uint32_t assign(struct fixture *f, int32_t partition) {
    uint32_t index;
    assert_int_equal(gw_offset_tracker_assign(&f->handout.tracker, GW_STR("news"), partition, &index), GW_OK);
    return index;
}

static void begin(struct fixture *f) {
    f->watched = (struct failing_allocator){.fail_at = FAILING_NEVER};
    struct gw_allocator allocator = failing_allocator(&f->watched);
    gw_handout_init(&f->handout, release, &allocator);
    f->news = assign(f, 0);
    f->views = assign(f, 1);
}

static void end(struct fixture *f) {
    gw_handout_free(&f->handout);
    assert_int_equal(held, 0);
    assert_int_equal(f->watched.in_use, 0);
}

static gw_receipt take(struct fixture *f, uint32_t partition, int64_t offset) {
    uint32_t index;
    bool redelivered;
    void *message = malloc(1);
    assert_int_equal(gw_handout_take(&f->handout, partition, offset, message, (struct gw_headers){NULL, 0},
                                     &index, &redelivered),
                     GW_OK);
    held++;
    return gw_handout_receipt(&f->handout, index);
}

static bool retry(struct fixture *f, gw_receipt receipt) {
    return gw_handout_settle(&f->handout, receipt, GW_OUTCOME_RETRY);
}

static void settle(struct fixture *f, gw_receipt receipt) {
    assert_false(gw_handout_settle(&f->handout, receipt, GW_OUTCOME_RECORD));
}

static bool is_out(struct fixture *f, gw_receipt receipt) {
    return gw_handout_find(&f->handout, receipt) != GW_NO_MESSAGE;
}

/* The offset of the next one that waits; -1: none. */
static int64_t next_waiting(struct fixture *f) {
    uint32_t index = gw_handout_next_waiting(&f->handout);
    return index == GW_NO_MESSAGE ? -1 : f->handout.items[index].offset;
}

static int64_t end_of(struct fixture *f, uint32_t partition) {
    int64_t offset;
    return gw_handout_end(&f->handout, partition, &offset) ? offset : -1;
}

static int64_t watermark_of(struct fixture *f, uint32_t partition) {
    int64_t offset;
    return gw_offset_tracker_watermark(&f->handout.tracker, partition, &offset) ? offset : -1;
}

static void each_message_is_found_by_its_receipt(void **state) {
    (void)state;
    struct fixture f;
    static gw_receipt receipts[MANY];
    begin(&f);
    for (int i = 0; i < MANY; i++) {
        receipts[i] = take(&f, f.news, i);
    }
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(f.handout.items[gw_handout_find(&f.handout, receipts[i])].offset, i);
    }
    end(&f);
}

static void a_receipt_is_good_for_one_message(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    gw_receipt old = take(&f, f.news, 0);
    settle(&f, old);
    assert_false(is_out(&f, old));
    /* The place is used again, the receipt is not. */
    gw_receipt new = take(&f, f.news, 1);
    assert_int_equal((uint32_t) new, (uint32_t)old);
    assert_false(is_out(&f, old));
    settle(&f, old);
    assert_int_equal(watermark_of(&f, f.news), 1);
    end(&f);
}

static void receipts_that_never_were_are_not_found(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    assert_false(is_out(&f, 0));
    take(&f, f.news, 0);
    assert_false(is_out(&f, UINT64_MAX));
    assert_false(is_out(&f, f.handout.count - 1));
    end(&f);
}

static void messages_wait_in_order_and_get_new_receipts(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    gw_receipt receipts[] = {take(&f, f.news, 0), take(&f, f.news, 1), take(&f, f.news, 2),
                             take(&f, f.news, 3)};
    assert_true(retry(&f, receipts[2]));
    assert_true(retry(&f, receipts[0]));
    assert_true(retry(&f, receipts[1]));
    assert_false(is_out(&f, receipts[1]));
    assert_false(retry(&f, receipts[1]));
    assert_int_equal(next_waiting(&f), 0);
    assert_true(retry(&f, receipts[3]));
    assert_int_equal(next_waiting(&f), 1);
    assert_int_equal(next_waiting(&f), 2);
    assert_int_equal(next_waiting(&f), 3);
    assert_int_equal(next_waiting(&f), -1);
    assert_false(is_out(&f, receipts[1]));
    assert_int_equal(watermark_of(&f, f.news), 0);
    end(&f);
}

/* What was given back is given out in part, and that part is given back again. */
static void parts_that_come_back_keep_the_order(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    for (int64_t i = 0; i < 6; i++) {
        retry(&f, take(&f, f.news, i));
    }
    for (int turn = 0; turn < 4; turn++) {
        gw_receipt part[2];
        for (int64_t i = 0; i < 2; i++) {
            uint32_t index = gw_handout_next_waiting(&f.handout);
            assert_int_equal(f.handout.items[index].offset, i);
            part[i] = gw_handout_receipt(&f.handout, index);
        }
        retry(&f, part[turn % 2]);
        retry(&f, part[1 - turn % 2]);
    }
    for (int64_t i = 0; i < 6; i++) {
        assert_int_equal(next_waiting(&f), i);
    }
    end(&f);
}

static void what_waits_is_not_covered(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    assert_int_equal(end_of(&f, f.news), -1);
    gw_receipt receipts[] = {take(&f, f.news, 4), take(&f, f.news, 6), take(&f, f.news, 9),
                             take(&f, f.views, 1)};
    assert_int_equal(end_of(&f, f.news), 10);
    retry(&f, receipts[2]);
    retry(&f, receipts[1]);
    assert_int_equal(end_of(&f, f.news), 6);
    assert_int_equal(end_of(&f, f.views), 2);
    assert_int_equal(next_waiting(&f), 6);
    assert_int_equal(end_of(&f, f.news), 9);
    assert_int_equal(next_waiting(&f), 9);
    assert_int_equal(end_of(&f, f.news), 10);
    end(&f);
}

static void a_message_belongs_to_one_epoch(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    gw_receipt out = take(&f, f.news, 0), waiting = take(&f, f.news, 1), other = take(&f, f.views, 5);
    retry(&f, waiting);
    gw_offset_tracker_revoke(&f.handout.tracker, f.news);
    assign(&f, 0);
    assert_int_equal(end_of(&f, f.news), -1);
    settle(&f, out);
    assert_int_equal(watermark_of(&f, f.news), -1);
    assert_int_equal(next_waiting(&f), -1);
    assert_true(is_out(&f, other));
    assert_false(gw_handout_drop_stale(&f.handout, other));
    assert_int_equal(held, 1);
    end(&f);
}

static void a_stale_message_does_not_wait(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    gw_receipt first = take(&f, f.news, 0), second = take(&f, f.news, 1);
    gw_offset_tracker_revoke(&f.handout.tracker, f.news);
    assert_false(retry(&f, first));
    assert_true(gw_handout_drop_stale(&f.handout, second));
    assert_false(gw_handout_drop_stale(&f.handout, second));
    assert_int_equal(held, 0);
    end(&f);
}

static void a_message_that_could_not_be_kept_is_taken_again(void **state) {
    (void)state;
    bool failed = true;
    for (size_t turn = 0; failed; turn++) {
        struct fixture f;
        uint32_t index;
        bool redelivered;
        begin(&f);
        f.watched.calls = 0;
        f.watched.fail_at = turn;
        void *message = malloc(1);
        enum gw_status status = gw_handout_take(&f.handout, f.news, 3, message, (struct gw_headers){NULL, 0},
                                                &index, &redelivered);
        failed = f.watched.failed;
        assert_int_equal(status, failed ? GW_NO_MEMORY : GW_OK);
        f.watched.fail_at = FAILING_NEVER;
        if (failed) {
            assert_int_equal(gw_handout_take(&f.handout, f.news, 3, message, (struct gw_headers){NULL, 0},
                                             &index, &redelivered),
                             GW_OK);
        }
        held++;
        settle(&f, gw_handout_receipt(&f.handout, index));
        assert_int_equal(watermark_of(&f, f.news), 4);
        end(&f);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_message_is_found_by_its_receipt),
        cmocka_unit_test(a_receipt_is_good_for_one_message),
        cmocka_unit_test(receipts_that_never_were_are_not_found),
        cmocka_unit_test(messages_wait_in_order_and_get_new_receipts),
        cmocka_unit_test(parts_that_come_back_keep_the_order),
        cmocka_unit_test(what_waits_is_not_covered),
        cmocka_unit_test(a_message_belongs_to_one_epoch),
        cmocka_unit_test(a_stale_message_does_not_wait),
        cmocka_unit_test(a_message_that_could_not_be_kept_is_taken_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
