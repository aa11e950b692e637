/* publish/file_log.h */
#include "publish/file_log.h"

#include "base/log.h"
#include "unit/scratch_dir.h"
#include "unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>

/* A log, its two paths, and the buffer that append wants. */
struct bench {
    struct scratch_dir *dir;
    const char *path, *positions;
    struct gw_file_log log;
    struct gw_buffer scratch;
    struct gw_error error;
};

static struct bench set_bench(void **state) {
    struct bench bench = {.dir = *state};
    bench.path = scratch_dir_path(bench.dir, "out");
    bench.positions = scratch_dir_path(bench.dir, "out.positions");
    gw_buffer_init(&bench.scratch, &gw_allocator_system, SIZE_MAX);
    return bench;
}

static void open_log(struct bench *bench) {
    bench->error.detail[0] = '\0';
    enum gw_status status = gw_file_log_open(&bench->log, bench->path, true, &bench->error);
    assert_string_equal(bench->error.detail, "");
    assert_int_equal(status, GW_OK);
}

static void close_bench(struct bench *bench) {
    gw_file_log_close(&bench->log);
    gw_buffer_free(&bench->scratch);
}

/* Appends one message with its position. */
static enum gw_status append(struct bench *bench, const char *position, const char *text) {
    struct gw_file_log_entry entry = {.position = gw_str_from(position), .end = strlen(text)};
    return gw_file_log_append(&bench->log, gw_str_from(text), &entry, 1, &bench->scratch, &bench->error);
}

static void a_new_file_begins_with_a_line_for_nothing(void **state) {
    struct bench bench = set_bench(state);
    open_log(&bench);
    assert_file_holds(bench.path, "");
    assert_file_holds(bench.positions, "-\t0\n");
    close_bench(&bench);
}

static void a_batch_leaves_a_line_for_each_message(void **state) {
    struct bench bench = set_bench(state);
    open_log(&bench);
    const struct gw_file_log_entry batch[] = {
        {.position = GW_STR("file:a/0"), .end = 4},
        {.position = GW_STR("file:a/9"), .end = 4, .note = GW_STR("tombstone")},
        {.position = GW_STR("file:a/12"), .end = 8},
    };
    assert_int_equal(
        gw_file_log_append(&bench.log, GW_STR("one\ntwo\n"), batch, 3, &bench.scratch, &bench.error), GW_OK);
    assert_int_equal(append(&bench, "file:a/20", "three\n"), GW_OK);
    assert_file_holds(bench.path, "one\ntwo\nthree\n");
    assert_file_holds(bench.positions,
                      "-\t0\nfile:a/0\t4\nfile:a/9\t4\ttombstone\nfile:a/12\t8\nfile:a/20\t14\n");
    close_bench(&bench);
}

static void opening_again_goes_on_where_it_was(void **state) {
    struct bench bench = set_bench(state);
    open_log(&bench);
    append(&bench, "a", "one\n");
    gw_file_log_close(&bench.log);
    open_log(&bench);
    append(&bench, "b", "two\n");
    assert_file_holds(bench.path, "one\ntwo\n");
    assert_file_holds(bench.positions, "-\t0\na\t4\nb\t8\n");
    close_bench(&bench);
}

static void what_a_file_held_before_is_kept(void **state) {
    struct bench bench = set_bench(state);
    scratch_write(bench.path, "older\n", 6);
    open_log(&bench);
    assert_int_equal(append(&bench, "a", "one\n"), GW_OK);
    assert_file_holds(bench.path, "older\none\n");
    assert_file_holds(bench.positions, "-\t6\na\t10\n");
    close_bench(&bench);
}

static void a_line_that_had_no_end_gets_one(void **state) {
    struct bench bench = set_bench(state);
    scratch_write(bench.path, "older", 5);
    open_log(&bench);
    append(&bench, "a", "one\n");
    assert_file_holds(bench.path, "older\none\n");
    assert_file_holds(bench.positions, "-\t6\na\t10\n");
    close_bench(&bench);
}

static void bytes_that_are_no_lines_get_no_line_feed(void **state) {
    struct bench bench = set_bench(state);
    scratch_write(bench.path, "\x80\xC0", 2);
    assert_int_equal(gw_file_log_open(&bench.log, bench.path, false, &bench.error), GW_OK);
    append(&bench, "a", "\x81");
    assert_file_holds(bench.path, "\x80\xC0\x81");
    close_bench(&bench);
}

/* A crash between the data and its lines, after any number of bytes. */
static void data_that_no_line_covers_is_cut(void **state) {
    struct bench bench = set_bench(state);
    const char whole[] = "first\nsecond\nthird, torn\n";
    size_t covered = strlen("first\nsecond\n");
    for (size_t size = covered; size <= strlen(whole); size++) {
        scratch_write(bench.path, whole, size);
        scratch_write(bench.positions, "-\t0\na\t6\nb\t13\n", 14);
        open_log(&bench);
        assert_file_holds(bench.path, "first\nsecond\n");
        assert_int_equal(append(&bench, "c", "third\n"), GW_OK);
        assert_file_holds(bench.path, "first\nsecond\nthird\n");
        assert_file_holds(bench.positions, "-\t0\na\t6\nb\t13\nc\t19\n");
        gw_file_log_close(&bench.log);
    }
    close_bench(&bench);
}

/* A crash while lines were written, after any number of bytes: each whole line counts. */
static void a_torn_line_is_cut_with_its_data(void **state) {
    struct bench bench = set_bench(state);
    const char lines[] = "-\t0\nfirst/1\t6\nsecond/2\t13\nthird/3\t19\n";
    const size_t ends[] = {4, 14, 26, 37};
    const size_t covers[] = {0, 6, 13, 19};
    assert_int_equal(strlen(lines), ends[3]);
    for (size_t size = ends[0]; size <= ends[3]; size++) {
        size_t whole = 0;
        while (whole < 3 && ends[whole + 1] <= size) {
            whole++;
        }
        scratch_write(bench.path, "first\nsecond\nthird\n", 19);
        scratch_write(bench.positions, lines, size);
        open_log(&bench);
        assert_int_equal(append(&bench, "next", "next\n"), GW_OK);
        gw_file_log_close(&bench.log);
        char data[64], positions[96];
        snprintf(data, sizeof data, "%.*snext\n", (int)covers[whole], "first\nsecond\nthird\n");
        snprintf(positions, sizeof positions, "%.*snext\t%zu\n", (int)ends[whole], lines, covers[whole] + 5);
        assert_file_holds(bench.path, data);
        assert_file_holds(bench.positions, positions);
    }
    close_bench(&bench);
}

/* A torn first line vouches for nothing, and nothing was written after it. */
static void a_torn_first_line_is_written_anew(void **state) {
    struct bench bench = set_bench(state);
    for (size_t size = 0; size < 4; size++) {
        scratch_write(bench.path, "older\n", 6);
        scratch_write(bench.positions, "-\t6\n", size);
        open_log(&bench);
        assert_file_holds(bench.path, "older\n");
        assert_file_holds(bench.positions, "-\t6\n");
        gw_file_log_close(&bench.log);
    }
    close_bench(&bench);
}

static void assert_repaired(struct bench *bench, const char *junk, size_t size) {
    static char positions[8192];
    memcpy(positions, "-\t0\na\t4\n", 8);
    memcpy(positions + 8, junk, size);
    scratch_write(bench->path, "one\ntorn", 8);
    scratch_write(bench->positions, positions, 8 + size);
    open_log(bench);
    assert_file_holds(bench->path, "one\n");
    assert_file_holds(bench->positions, "-\t0\na\t4\n");
    gw_file_log_close(&bench->log);
}

static void what_is_no_line_is_passed_over(void **state) {
    struct bench bench = set_bench(state);
    static char junk[4000];
    assert_repaired(&bench, "\n", 1);
    assert_repaired(&bench, "b\n", 2);
    assert_repaired(&bench, "b\t\n", 3);
    assert_repaired(&bench, "\t8\n", 3);
    assert_repaired(&bench, "b\t8x\n", 5);
    assert_repaired(&bench, "b\t-8\n", 5);
    assert_repaired(&bench, "b\t99999999999999999999999\n", 26);
    assert_repaired(&bench, junk, sizeof junk);
    memset(junk, 'x', sizeof junk);
    assert_repaired(&bench, junk, sizeof junk);
    junk[sizeof junk - 1] = '\n';
    assert_repaired(&bench, junk, sizeof junk);
    junk[GW_FILE_LOG_LINE_MAX - 1] = '\n';
    assert_repaired(&bench, junk, GW_FILE_LOG_LINE_MAX);
    close_bench(&bench);
}

static void the_next_to_lock_cuts_what_another_tore(void **state) {
    struct bench bench = set_bench(state);
    open_log(&bench);
    append(&bench, "a", "one\n");
    FILE *other = fopen(bench.path, "a");
    fputs("torn by anoth", other);
    fclose(other);
    assert_int_equal(append(&bench, "b", "two\n"), GW_OK);
    assert_file_holds(bench.path, "one\ntwo\n");
    assert_file_holds(bench.positions, "-\t0\na\t4\nb\t8\n");
    close_bench(&bench);
}

static void several_may_append_in_turn(void **state) {
    struct bench one = set_bench(state), two = one;
    gw_buffer_init(&two.scratch, &gw_allocator_system, SIZE_MAX);
    open_log(&one);
    open_log(&two);
    append(&one, "a", "one\n");
    append(&two, "b", "two\n");
    append(&two, "c", "three\n");
    append(&one, "d", "four\n");
    assert_file_holds(one.path, "one\ntwo\nthree\nfour\n");
    assert_file_holds(one.positions, "-\t0\na\t4\nb\t8\nc\t14\nd\t19\n");
    close_bench(&one);
    close_bench(&two);
}

static void a_locked_file_is_tried_again_later(void **state) {
    struct bench bench = set_bench(state);
    open_log(&bench);
    int other = open(bench.path, O_RDONLY);
    assert_int_equal(flock(other, LOCK_EX), 0);
    assert_int_equal(append(&bench, "a", "one\n"), GW_AGAIN);
    assert_non_null(strstr(bench.error.detail, bench.path));
    assert_file_holds(bench.path, "");
    close(other);
    assert_int_equal(append(&bench, "a", "one\n"), GW_OK);
    assert_file_holds(bench.path, "one\n");
    close_bench(&bench);
}

static void files_that_were_moved_away_are_made_anew(void **state) {
    struct bench bench = set_bench(state);
    const char *old = scratch_dir_path(bench.dir, "old"),
               *old_positions = scratch_dir_path(bench.dir, "oldp");
    open_log(&bench);
    append(&bench, "a", "one\n");
    assert_int_equal(rename(bench.path, old), 0);
    assert_int_equal(rename(bench.positions, old_positions), 0);
    assert_int_equal(append(&bench, "b", "two\n"), GW_OK);
    assert_file_holds(old, "one\n");
    assert_file_holds(old_positions, "-\t0\na\t4\n");
    assert_file_holds(bench.path, "two\n");
    assert_file_holds(bench.positions, "-\t0\nb\t4\n");
    close_bench(&bench);
}

static void losing_the_positions_loses_no_data(void **state) {
    struct bench one = set_bench(state), two = one;
    gw_buffer_init(&two.scratch, &gw_allocator_system, SIZE_MAX);
    open_log(&one);
    append(&one, "a", "one\n");
    assert_int_equal(remove(one.positions), 0);
    open_log(&two);
    append(&one, "b", "two\n");
    append(&two, "c", "three\n");
    assert_file_holds(one.path, "one\ntwo\nthree\n");
    assert_file_holds(one.positions, "-\t4\nb\t8\nc\t14\n");
    close_bench(&one);
    close_bench(&two);
}

static void an_emptied_file_begins_anew(void **state) {
    struct bench bench = set_bench(state);
    open_log(&bench);
    append(&bench, "a", "one\n");
    assert_int_equal(truncate(bench.path, 0), 0);
    assert_int_equal(append(&bench, "b", "two\n"), GW_OK);
    assert_file_holds(bench.path, "two\n");
    assert_file_holds(bench.positions, "-\t0\nb\t4\n");
    close_bench(&bench);
}

static void a_file_that_lost_its_end_is_an_error(void **state) {
    struct bench bench = set_bench(state);
    scratch_write(bench.path, "one\n", 4);
    scratch_write(bench.positions, "-\t0\na\t4\nb\t8\n", 12);
    assert_int_equal(gw_file_log_open(&bench.log, bench.path, true, &bench.error), GW_SYSTEM);
    assert_non_null(strstr(bench.error.detail, "has 4 bytes"));
    assert_non_null(strstr(bench.error.detail, "vouches for 8"));
    assert_file_holds(bench.path, "one\n");
    close_bench(&bench);
}

/* The most bytes that this process's files may have. */
static void limit_files(rlim_t size) {
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_full_disk_takes_nothing_until_there_is_room(void **state) {
    struct bench bench = set_bench(state);
    void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
    open_log(&bench);
    append(&bench, "a", "one\n");
    limit_files(40);
    enum gw_status status = append(&bench, "b", "a message that does not fit behind the first one\n");
    limit_files(RLIM_INFINITY);
    assert_int_equal(status, GW_AGAIN);
    assert_non_null(strstr(bench.error.detail, bench.path));
    assert_file_holds(bench.path, "one\n");
    assert_int_equal(append(&bench, "b", "two\n"), GW_OK);
    assert_file_holds(bench.path, "one\ntwo\n");
    assert_file_holds(bench.positions, "-\t0\na\t4\nb\t8\n");
    signal(SIGXFSZ, before);
    close_bench(&bench);
}

static void data_without_room_for_its_lines_is_taken_back(void **state) {
    struct bench bench = set_bench(state);
    void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
    open_log(&bench);
    limit_files(10);
    enum gw_status status = append(&bench, "a position that is longer than its message", "one\n");
    limit_files(RLIM_INFINITY);
    assert_int_equal(status, GW_AGAIN);
    assert_non_null(strstr(bench.error.detail, bench.positions));
    assert_file_holds(bench.path, "");
    assert_file_holds(bench.positions, "-\t0\n");
    signal(SIGXFSZ, before);
    close_bench(&bench);
}

static void what_cannot_be_opened_is_named(void **state) {
    struct bench bench = set_bench(state);
    const char *missing = scratch_dir_path(bench.dir, "missing/out");
    assert_int_equal(gw_file_log_open(&bench.log, missing, true, &bench.error), GW_SYSTEM);
    assert_non_null(strstr(bench.error.detail, missing));
    assert_int_equal(gw_file_log_open(&bench.log, bench.dir->name, true, &bench.error), GW_SYSTEM);
    assert_non_null(strstr(bench.error.detail, bench.dir->name));
    close_bench(&bench);
}

static void a_log_that_was_never_opened_can_be_closed(void **state) {
    (void)state;
    struct gw_file_log log = {0};
    int before = fcntl(0, F_GETFD);
    gw_file_log_close(&log);
    gw_file_log_close(&log);
    assert_int_equal(fcntl(0, F_GETFD), before);
    assert_int_equal(log.data, -1);
}

#define IN_DIR(test) cmocka_unit_test_setup_teardown(test, scratch_dir_set_up, scratch_dir_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(a_new_file_begins_with_a_line_for_nothing),
        IN_DIR(a_batch_leaves_a_line_for_each_message),
        IN_DIR(opening_again_goes_on_where_it_was),
        IN_DIR(what_a_file_held_before_is_kept),
        IN_DIR(a_line_that_had_no_end_gets_one),
        IN_DIR(bytes_that_are_no_lines_get_no_line_feed),
        IN_DIR(data_that_no_line_covers_is_cut),
        IN_DIR(a_torn_line_is_cut_with_its_data),
        IN_DIR(a_torn_first_line_is_written_anew),
        IN_DIR(what_is_no_line_is_passed_over),
        IN_DIR(the_next_to_lock_cuts_what_another_tore),
        IN_DIR(several_may_append_in_turn),
        IN_DIR(a_locked_file_is_tried_again_later),
        IN_DIR(files_that_were_moved_away_are_made_anew),
        IN_DIR(losing_the_positions_loses_no_data),
        IN_DIR(an_emptied_file_begins_anew),
        IN_DIR(a_file_that_lost_its_end_is_an_error),
        IN_DIR(a_full_disk_takes_nothing_until_there_is_room),
        IN_DIR(data_without_room_for_its_lines_is_taken_back),
        IN_DIR(what_cannot_be_opened_is_named),
        cmocka_unit_test(a_log_that_was_never_opened_can_be_closed),
    };
    gw_log_init(GW_LOG_OFF, GW_LOG_LOGFMT, "test", -1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
