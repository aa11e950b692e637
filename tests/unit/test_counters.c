/* Counters that processes share. */
#include "unit/unit.h"

#include "run/counters.h"

#include <sys/wait.h>
#include <unistd.h>

static void another_process_sees_what_is_counted(void **state) {
    (void)state;
    struct gw_counters *counters;
    int fd;
    assert_int_equal(gw_counters_create(&counters, &fd, NULL), GW_OK);
    pid_t pid = fork();
    if (pid == 0) {
        struct gw_counters *mine;
        if (gw_counters_attach(fd, &mine, NULL) != GW_OK) {
            _exit(1);
        }
        gw_counter_add(&mine->workers[3], GW_COUNTER_RECORDS, 7);
        gw_counter_dead_letter(&mine->workers[3], GW_BAD_UTF8);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(gw_counter_get(&counters->workers[3], GW_COUNTER_RECORDS), 7);
    struct gw_counters_sum sum;
    gw_counter_add(&counters->workers[0], GW_COUNTER_RECORDS, 2);
    gw_counters_add_up(counters, &sum);
    assert_int_equal(sum.values[GW_COUNTER_RECORDS], 9);
    assert_int_equal(sum.values[GW_COUNTER_DEAD_LETTERS], 1);
    assert_int_equal(sum.reasons[GW_BAD_UTF8], 1);
    gw_counters_detach(counters);
    close(fd);
}

static void a_wrong_descriptor_is_refused(void **state) {
    (void)state;
    struct gw_counters *counters;
    struct gw_error error = {0};
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(gw_counters_attach(ends[0], &counters, &error), GW_INTERNAL);
    assert_int_equal(gw_counters_attach(-1, &counters, &error), GW_SYSTEM);
    close(ends[0]);
    close(ends[1]);
}

static void levels_end_with_their_worker_and_counts_stay(void **state) {
    (void)state;
    struct gw_worker_counters worker = {0};
    gw_counter_set(&worker, GW_COUNTER_READY, 1);
    gw_counter_set(&worker, GW_COUNTER_IN_FLIGHT, 12);
    gw_counter_add(&worker, GW_COUNTER_IN, 5);
    gw_worker_counters_reset_levels(&worker);
    assert_int_equal(gw_counter_get(&worker, GW_COUNTER_READY), 0);
    assert_int_equal(gw_counter_get(&worker, GW_COUNTER_IN_FLIGHT), 0);
    assert_int_equal(gw_counter_get(&worker, GW_COUNTER_IN), 5);
}

static void every_counter_has_a_word_and_a_text(void **state) {
    (void)state;
    for (size_t i = 0; i < GW_COUNTER_COUNT; i++) {
        assert_true(gw_counter_word((enum gw_counter)i)[0]);
        assert_true(gw_counter_text((enum gw_counter)i)[0]);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(gw_counter_word((enum gw_counter)i), gw_counter_word((enum gw_counter)k));
        }
    }
    assert_true(gw_counter_is_level(GW_COUNTER_IN_FLIGHT));
    assert_false(gw_counter_is_level(GW_COUNTER_IN));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_process_sees_what_is_counted),
        cmocka_unit_test(a_wrong_descriptor_is_refused),
        cmocka_unit_test(levels_end_with_their_worker_and_counts_stay),
        cmocka_unit_test(every_counter_has_a_word_and_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
