/* ingest/offset_tracker.h */
#include "ingest/offset_tracker.h"
#include "unit/failing_allocator.h"

#include <stdio.h>

struct fixture {
    struct failing_allocator watched;
    struct gw_offset_tracker tracker;
};

static void begin(struct fixture *f) {
    f->watched = (struct failing_allocator){.fail_at = FAILING_NEVER};
    struct gw_allocator allocator = failing_allocator(&f->watched);
    gw_offset_tracker_init(&f->tracker, &allocator);
}

static void end(struct fixture *f) {
    gw_offset_tracker_free(&f->tracker);
    assert_int_equal(f->watched.in_use, 0);
}

static uint32_t assign(struct fixture *f, const char *topic, int32_t partition) {
    uint32_t index;
    assert_int_equal(gw_offset_tracker_assign(&f->tracker, gw_str_from(topic), partition, &index), GW_OK);
    return index;
}

static struct gw_offset_ticket take(struct fixture *f, uint32_t index, int64_t offset) {
    struct gw_offset_ticket ticket;
    bool redelivered;
    assert_int_equal(gw_offset_tracker_take(&f->tracker, index, offset, &ticket, &redelivered), GW_OK);
    return ticket;
}

static bool was_given_before(struct fixture *f, uint32_t index, int64_t offset) {
    struct gw_offset_ticket ticket;
    bool redelivered;
    assert_int_equal(gw_offset_tracker_take(&f->tracker, index, offset, &ticket, &redelivered), GW_OK);
    return redelivered;
}

/* -1: there is none. */
static int64_t watermark(struct fixture *f, uint32_t index) {
    int64_t offset;
    return gw_offset_tracker_watermark(&f->tracker, index, &offset) ? offset : -1;
}

static void nothing_taken_is_no_watermark(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    uint32_t p = assign(&f, "news", 0);
    assert_int_equal(watermark(&f, p), -1);
    end(&f);
}

static void the_watermark_is_the_first_that_is_not_settled(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    uint32_t p = assign(&f, "news", 0);
    struct gw_offset_ticket a = take(&f, p, 4), b = take(&f, p, 5), c = take(&f, p, 6);
    assert_int_equal(watermark(&f, p), 4);
    assert_true(gw_offset_tracker_settle(&f.tracker, b));
    assert_int_equal(watermark(&f, p), 4);
    assert_true(gw_offset_tracker_settle(&f.tracker, a));
    assert_int_equal(watermark(&f, p), 6);
    assert_true(gw_offset_tracker_settle(&f.tracker, c));
    assert_int_equal(watermark(&f, p), 7);
    end(&f);
}

static void the_end_is_behind_all_that_was_taken(void **state) {
    (void)state;
    struct fixture f;
    int64_t offset;
    begin(&f);
    uint32_t p = assign(&f, "news", 0);
    assert_false(gw_offset_tracker_end(&f.tracker, p, &offset));
    take(&f, p, 4);
    take(&f, p, 7);
    assert_true(gw_offset_tracker_end(&f.tracker, p, &offset));
    assert_int_equal(offset, 8);
    gw_offset_tracker_revoke(&f.tracker, p);
    assert_false(gw_offset_tracker_end(&f.tracker, p, &offset));
    end(&f);
}

static void offsets_that_never_existed_are_passed(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    uint32_t p = assign(&f, "news", 0);
    struct gw_offset_ticket a = take(&f, p, 4), b = take(&f, p, 90);
    assert_true(gw_offset_tracker_settle(&f.tracker, a));
    assert_int_equal(watermark(&f, p), 90);
    assert_true(gw_offset_tracker_settle(&f.tracker, b));
    assert_int_equal(watermark(&f, p), 91);
    end(&f);
}

static void settling_twice_is_settling_once(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    uint32_t p = assign(&f, "news", 0);
    struct gw_offset_ticket a = take(&f, p, 1);
    take(&f, p, 2);
    assert_true(gw_offset_tracker_settle(&f.tracker, a));
    assert_true(gw_offset_tracker_settle(&f.tracker, a));
    assert_int_equal(watermark(&f, p), 2);
    end(&f);
}

static void partitions_are_told_apart_by_topic_and_number(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    uint32_t a = assign(&f, "news", 0), b = assign(&f, "news", 1), c = assign(&f, "new", 0);
    assert_int_equal(gw_offset_tracker_find(&f.tracker, GW_STR("news"), 0), a);
    assert_int_equal(gw_offset_tracker_find(&f.tracker, GW_STR("news"), 1), b);
    assert_int_equal(gw_offset_tracker_find(&f.tracker, GW_STR("new"), 0), c);
    assert_int_equal(gw_offset_tracker_find(&f.tracker, GW_STR("news"), 2), GW_NO_PARTITION);
    assert_string_equal(gw_offset_tracker_topic(&f.tracker, c).data, "new");
    assert_int_equal(gw_offset_tracker_partition(&f.tracker, b), 1);
    gw_offset_tracker_settle(&f.tracker, take(&f, a, 10));
    assert_int_equal(watermark(&f, a), 11);
    assert_int_equal(watermark(&f, b), -1);
    end(&f);
}

static void a_revoked_partition_makes_its_tickets_stale(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    uint32_t a = assign(&f, "news", 0), b = assign(&f, "news", 1);
    struct gw_offset_ticket gone = take(&f, a, 7), stays = take(&f, b, 7);
    gw_offset_tracker_revoke(&f.tracker, a);
    assert_true(gw_offset_tracker_is_stale(&f.tracker, gone));
    assert_false(gw_offset_tracker_is_assigned(&f.tracker, a));
    assert_false(gw_offset_tracker_settle(&f.tracker, gone));
    assert_int_equal(watermark(&f, a), -1);
    assert_false(gw_offset_tracker_is_stale(&f.tracker, stays));
    assert_true(gw_offset_tracker_settle(&f.tracker, stays));
    assert_int_equal(watermark(&f, b), 8);
    end(&f);
}

static void a_partition_that_returns_begins_anew(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    uint32_t p = assign(&f, "news", 0);
    struct gw_offset_ticket old = take(&f, p, 7);
    gw_offset_tracker_revoke(&f.tracker, p);
    assert_int_equal(assign(&f, "news", 0), p);
    struct gw_offset_ticket again = take(&f, p, 7);
    assert_false(gw_offset_tracker_settle(&f.tracker, old));
    assert_int_equal(watermark(&f, p), 7);
    assert_true(gw_offset_tracker_settle(&f.tracker, again));
    assert_int_equal(watermark(&f, p), 8);
    end(&f);
}

static void what_was_ever_taken_is_redelivered(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    uint32_t p = assign(&f, "news", 0);
    assert_false(was_given_before(&f, p, 0));
    assert_false(was_given_before(&f, p, 5));
    gw_offset_tracker_revoke(&f.tracker, p);
    assign(&f, "news", 0);
    assert_true(was_given_before(&f, p, 4));
    assert_true(was_given_before(&f, p, 5));
    assert_false(was_given_before(&f, p, 6));
    end(&f);
}

static void an_earlier_offset_begins_the_partition_again(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    uint32_t p = assign(&f, "news", 0);
    struct gw_offset_ticket first = take(&f, p, 10), second = take(&f, p, 11);
    assert_true(gw_offset_tracker_settle(&f.tracker, first));
    struct gw_offset_ticket again = take(&f, p, 10);
    assert_true(gw_offset_tracker_is_stale(&f.tracker, second));
    assert_int_equal(watermark(&f, p), 10);
    assert_true(gw_offset_tracker_settle(&f.tracker, again));
    assert_int_equal(watermark(&f, p), 11);
    end(&f);
}

static void each_move_of_a_watermark_is_seen_once(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    uint32_t a = assign(&f, "news", 0), b = assign(&f, "news", 1), c = assign(&f, "news", 2), from = 0;
    struct gw_offset_ticket first = take(&f, a, 0), second = take(&f, a, 1);
    take(&f, b, 0);
    gw_offset_tracker_settle(&f.tracker, take(&f, c, 0));
    gw_offset_tracker_settle(&f.tracker, second);
    assert_int_equal(gw_offset_tracker_next_moved(&f.tracker, &from), c);
    assert_int_equal(gw_offset_tracker_next_moved(&f.tracker, &from), GW_NO_PARTITION);
    gw_offset_tracker_settle(&f.tracker, first);
    from = 0;
    assert_int_equal(gw_offset_tracker_next_moved(&f.tracker, &from), a);
    assert_int_equal(gw_offset_tracker_next_moved(&f.tracker, &from), GW_NO_PARTITION);
    end(&f);
}

static void a_revoked_partition_does_not_move(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    uint32_t p = assign(&f, "news", 0), from = 0;
    gw_offset_tracker_settle(&f.tracker, take(&f, p, 0));
    gw_offset_tracker_revoke(&f.tracker, p);
    assert_int_equal(gw_offset_tracker_next_moved(&f.tracker, &from), GW_NO_PARTITION);
    end(&f);
}

/* Takes and settles enough to make every array grow; false when memory ran out. */
static bool use_much(struct gw_offset_tracker *tracker) {
    for (int32_t partition = 0; partition < 20; partition++) {
        uint32_t index;
        if (gw_offset_tracker_assign(tracker, GW_STR("news"), partition, &index) != GW_OK) {
            return false;
        }
        for (int64_t offset = 0; offset < 200; offset++) {
            struct gw_offset_ticket ticket;
            bool redelivered;
            if (gw_offset_tracker_take(tracker, index, offset, &ticket, &redelivered) != GW_OK) {
                return false;
            }
        }
    }
    return true;
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    bool failed = true;
    for (size_t turn = 0; failed; turn++) {
        struct failing_allocator failing = {.fail_at = turn};
        struct gw_allocator allocator = failing_allocator(&failing);
        struct gw_offset_tracker tracker;
        gw_offset_tracker_init(&tracker, &allocator);
        bool done = use_much(&tracker);
        assert_int_equal(done, !failing.failed);
        gw_offset_tracker_free(&tracker);
        assert_int_equal(failing.in_use, 0);
        failed = failing.failed;
    }
}

/* A model so simple that it is right: all that was taken, one after the other, and whether it is settled. */
#define MODEL_PARTITIONS 3
#define MODEL_STEPS      200000
#define MODEL_TAKEN      512

struct model_partition {
    bool assigned;
    size_t count;
    int64_t next;
    struct {
        int64_t offset;
        bool settled;
        struct gw_offset_ticket ticket;
    } taken[MODEL_TAKEN];
};

static uint64_t random_state = 0x2545F4914F6CDD1D;

static uint32_t random_below(uint32_t limit) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 32) % limit;
}

static int64_t model_watermark(const struct model_partition *model) {
    for (size_t i = 0; i < model->count; i++) {
        if (!model->taken[i].settled) {
            return model->taken[i].offset;
        }
    }
    return model->count > 0 ? model->taken[model->count - 1].offset + 1 : -1;
}

static void step(struct fixture *f, struct model_partition *model, uint32_t index) {
    uint32_t what = random_below(100);
    if (!model->assigned || what == 0 || model->count == MODEL_TAKEN) {
        if (model->assigned && model->count > 0) {
            struct gw_offset_ticket stale = model->taken[random_below((uint32_t)model->count)].ticket;
            gw_offset_tracker_revoke(&f->tracker, index);
            assert_false(gw_offset_tracker_settle(&f->tracker, stale));
        }
        assert_int_equal(assign(f, "news", (int32_t)index), index);
        *model = (struct model_partition){.assigned = true, .next = random_below(50)};
    } else if (what < 50) {
        model->next += random_below(3);
        model->taken[model->count].offset = model->next;
        model->taken[model->count].settled = false;
        model->taken[model->count++].ticket = take(f, index, model->next++);
    } else if (model->count > 0) {
        size_t i = random_below((uint32_t)model->count);
        assert_true(gw_offset_tracker_settle(&f->tracker, model->taken[i].ticket));
        model->taken[i].settled = true;
    }
}

static void it_agrees_with_a_naive_model(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    static struct model_partition models[MODEL_PARTITIONS];
    for (uint32_t i = 0; i < MODEL_PARTITIONS; i++) {
        assert_int_equal(assign(&f, "news", (int32_t)i), i);
    }
    for (int i = 0; i < MODEL_STEPS; i++) {
        uint32_t index = random_below(MODEL_PARTITIONS);
        step(&f, &models[index], index);
        assert_int_equal(watermark(&f, index), model_watermark(&models[index]));
    }
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_taken_is_no_watermark),
        cmocka_unit_test(the_watermark_is_the_first_that_is_not_settled),
        cmocka_unit_test(the_end_is_behind_all_that_was_taken),
        cmocka_unit_test(offsets_that_never_existed_are_passed),
        cmocka_unit_test(settling_twice_is_settling_once),
        cmocka_unit_test(partitions_are_told_apart_by_topic_and_number),
        cmocka_unit_test(a_revoked_partition_makes_its_tickets_stale),
        cmocka_unit_test(a_partition_that_returns_begins_anew),
        cmocka_unit_test(what_was_ever_taken_is_redelivered),
        cmocka_unit_test(an_earlier_offset_begins_the_partition_again),
        cmocka_unit_test(each_move_of_a_watermark_is_seen_once),
        cmocka_unit_test(a_revoked_partition_does_not_move),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(it_agrees_with_a_naive_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
