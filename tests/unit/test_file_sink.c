/* publish/file_sink.h */
#include "publish/file_sink.h"

#include "base/log.h"
#include "publish/file_log.h"
#include "unit/fake_clock.h"
#include "unit/scratch_dir.h"
#include "unit/unit.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>

#define SYNC_MS 20

/* A sink of JSON lines with one file per outlet and a clock that the test moves. */
struct bench {
    struct fake_clock time;
    struct gw_clock clock;
    struct gw_file_sink_settings settings;
    struct gw_sink *sink;
    struct gw_error error;
};

static int set_up(void **state) {
    scratch_dir_set_up(state);
    struct scratch_dir *dir = *state;
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench->clock = fake_clock(&bench->time);
    bench->settings.paths[GW_OUTLET_RECORDS] = scratch_dir_path(dir, "records");
    bench->settings.paths[GW_OUTLET_DEAD_LETTERS] = scratch_dir_path(dir, "dead");
    bench->settings.json_lines = true;
    bench->settings.sync_ms = SYNC_MS;
    /* The directory stays reachable behind the bench. */
    void **both = calloc(2, sizeof *both);
    assert_non_null(both);
    both[0] = bench;
    both[1] = dir;
    *state = both;
    return 0;
}

static int tear_down(void **state) {
    void **both = *state;
    struct bench *bench = both[0];
    gw_sink_close(bench->sink);
    free(bench);
    void *dir = both[1];
    free(both);
    return scratch_dir_tear_down(&dir);
}

static struct bench *open_bench(void **state) {
    struct bench *bench = ((void **)*state)[0];
    bench->error.detail[0] = '\0';
    enum gw_status status = gw_file_sink_open(&bench->settings, &bench->clock, &bench->sink, &bench->error);
    assert_string_equal(bench->error.detail, "");
    assert_int_equal(status, GW_OK);
    return bench;
}

static void reopen(struct bench *bench) {
    gw_sink_close(bench->sink);
    assert_int_equal(gw_file_sink_open(&bench->settings, &bench->clock, &bench->sink, NULL), GW_OK);
}

static const char *records(const struct bench *bench) {
    return bench->settings.paths[GW_OUTLET_RECORDS];
}

static const char *dead_letters(const struct bench *bench) {
    return bench->settings.paths[GW_OUTLET_DEAD_LETTERS];
}

/* The positions' path of a file; until the next call. */
static const char *positions_of(const char *path) {
    static char positions[400];
    snprintf(positions, sizeof positions, "%s" GW_FILE_LOG_POSITIONS_SUFFIX, path);
    return positions;
}

static struct gw_outgoing message(enum gw_outlet outlet, uint64_t ticket, struct gw_str payload) {
    return (struct gw_outgoing){.outlet = outlet,
                                .ticket = ticket,
                                .payload = payload,
                                .position = {GW_POSITION_FILE, GW_STR("in"), 0, (int64_t)ticket}};
}

static enum gw_status send(struct bench *bench, enum gw_outlet outlet, uint64_t ticket, const char *text) {
    struct gw_outgoing outgoing = message(outlet, ticket, gw_str_from(text));
    return gw_sink_send(bench->sink, &outgoing, &bench->error);
}

/* How many completions there are now; each must be GW_OK, and tickets follow from `*next` on. */
static size_t poll_all(struct bench *bench, uint64_t *next) {
    struct gw_completion completions[7];
    size_t count, all = 0;
    do {
        assert_int_equal(gw_sink_poll(bench->sink, completions, 7, &count, &bench->error), GW_OK);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(completions[i].status, GW_OK);
            assert_int_equal(completions[i].ticket, (*next)++);
        }
        all += count;
    } while (count > 0);
    return all;
}

static bool is_readable(struct bench *bench, int timeout_ms) {
    struct pollfd wait = {.fd = gw_sink_fd(bench->sink), .events = POLLIN};
    return poll(&wait, 1, timeout_ms) == 1;
}

static void messages_are_appended_together_when_it_is_time(void **state) {
    struct bench *bench = open_bench(state);
    uint64_t next = 1;
    assert_int_equal(send(bench, GW_OUTLET_RECORDS, 1, "{\"n\":1}"), GW_OK);
    fake_clock_advance_ms(&bench->time, SYNC_MS - 1);
    assert_int_equal(send(bench, GW_OUTLET_RECORDS, 2, "{\"n\":2}"), GW_OK);
    assert_int_equal(poll_all(bench, &next), 0);
    assert_file_holds(records(bench), "");
    fake_clock_advance_ms(&bench->time, 1);
    assert_int_equal(poll_all(bench, &next), 2);
    assert_file_holds(records(bench), "{\"n\":1}\n{\"n\":2}\n");
    assert_file_holds(positions_of(records(bench)), "-\t0\nfile:in/1\t8\nfile:in/2\t16\n");
}

static void the_descriptor_is_readable_when_it_is_time(void **state) {
    struct bench *bench = open_bench(state);
    uint64_t next = 1;
    assert_false(is_readable(bench, 0));
    send(bench, GW_OUTLET_RECORDS, 1, "{}");
    assert_true(is_readable(bench, 10000));
    fake_clock_advance_ms(&bench->time, SYNC_MS);
    assert_int_equal(poll_all(bench, &next), 1);
    assert_false(is_readable(bench, 0));
}

static void completions_that_do_not_fit_wait(void **state) {
    struct bench *bench = open_bench(state);
    struct gw_completion completion;
    size_t count;
    for (uint64_t ticket = 1; ticket <= 3; ticket++) {
        send(bench, GW_OUTLET_RECORDS, ticket, "{}");
    }
    assert_int_equal(gw_sink_flush(bench->sink, 1000, &bench->error), GW_OK);
    for (uint64_t ticket = 1; ticket <= 3; ticket++) {
        assert_true(is_readable(bench, 10000));
        assert_int_equal(gw_sink_poll(bench->sink, &completion, 1, &count, &bench->error), GW_OK);
        assert_int_equal(count, 1);
        assert_int_equal(completion.ticket, ticket);
    }
    assert_false(is_readable(bench, 0));
}

static void a_large_group_does_not_wait(void **state) {
    struct bench *bench = open_bench(state);
    static char large[600 << 10];
    uint64_t next = 1;
    memset(large, 'x', sizeof large - 1);
    send(bench, GW_OUTLET_RECORDS, 1, large);
    assert_int_equal(poll_all(bench, &next), 0);
    send(bench, GW_OUTLET_RECORDS, 2, large);
    assert_int_equal(poll_all(bench, &next), 2);
}

static void each_outlet_has_its_file(void **state) {
    struct bench *bench = open_bench(state);
    send(bench, GW_OUTLET_RECORDS, 1, "record");
    send(bench, GW_OUTLET_DEAD_LETTERS, 2, "letter");
    assert_int_equal(gw_sink_flush(bench->sink, 1000, &bench->error), GW_OK);
    assert_file_holds(records(bench), "record\n");
    assert_file_holds(dead_letters(bench), "letter\n");
    assert_file_holds(positions_of(dead_letters(bench)), "-\t0\nfile:in/2\t7\n");
}

static void outlets_may_share_a_file(void **state) {
    struct bench *bench = ((void **)*state)[0];
    bench->settings.paths[GW_OUTLET_DEAD_LETTERS] = bench->settings.paths[GW_OUTLET_RECORDS];
    open_bench(state);
    uint64_t next = 1;
    send(bench, GW_OUTLET_RECORDS, 1, "record");
    send(bench, GW_OUTLET_DEAD_LETTERS, 2, "letter");
    fake_clock_advance_ms(&bench->time, SYNC_MS);
    assert_int_equal(poll_all(bench, &next), 2);
    assert_file_holds(records(bench), "record\nletter\n");
}

static void an_outlet_without_a_path_is_not_served(void **state) {
    struct bench *bench = ((void **)*state)[0];
    bench->settings.paths[GW_OUTLET_DEAD_LETTERS] = NULL;
    open_bench(state);
    assert_int_equal(send(bench, GW_OUTLET_DEAD_LETTERS, 1, "letter"), GW_UNSUPPORTED);
    assert_int_equal(send(bench, GW_OUTLET_RECORDS, 1, "record"), GW_OK);
}

static void messagepack_is_written_as_it_is(void **state) {
    struct bench *bench = ((void **)*state)[0];
    bench->settings.json_lines = false;
    open_bench(state);
    send(bench, GW_OUTLET_RECORDS, 1, "\x81\xA1x\x01");
    send(bench, GW_OUTLET_RECORDS, 2, "\x80");
    assert_int_equal(gw_sink_flush(bench->sink, 1000, &bench->error), GW_OK);
    assert_file_holds(records(bench), "\x81\xA1x\x01\x80");
    assert_file_holds(positions_of(records(bench)), "-\t0\nfile:in/1\t4\nfile:in/2\t5\n");
}

static void a_skip_leaves_a_line_and_no_bytes(void **state) {
    struct bench *bench = open_bench(state);
    const struct gw_header headers[] = {{GW_STR("gw-position"), GW_STR("file:in/7")},
                                        {GW_STR("gw-skipped"), GW_STR("tombstone")}};
    struct gw_outgoing skip = message(GW_OUTLET_DEAD_LETTERS, 7, (struct gw_str){NULL, 0});
    skip.headers = (struct gw_headers){headers, 2};
    send(bench, GW_OUTLET_DEAD_LETTERS, 6, "letter");
    assert_int_equal(gw_sink_send(bench->sink, &skip, &bench->error), GW_OK);
    assert_int_equal(gw_sink_flush(bench->sink, 1000, &bench->error), GW_OK);
    assert_file_holds(dead_letters(bench), "letter\n");
    assert_file_holds(positions_of(dead_letters(bench)), "-\t0\nfile:in/6\t7\nfile:in/7\t7\ttombstone\n");
}

static void a_note_never_breaks_the_line(void **state) {
    struct bench *bench = open_bench(state);
    struct gw_header header = {GW_STR("gw-skipped"), GW_STR("one\nfile:in/9\t100")};
    struct gw_outgoing skip = message(GW_OUTLET_DEAD_LETTERS, 7, (struct gw_str){NULL, 0});
    skip.headers = (struct gw_headers){&header, 1};
    gw_sink_send(bench->sink, &skip, &bench->error);
    assert_int_equal(gw_sink_flush(bench->sink, 1000, &bench->error), GW_OK);
    assert_file_holds(positions_of(dead_letters(bench)), "-\t0\nfile:in/7\t0\tone\n");
}

static void what_was_not_yet_safe_is_given_up_on_closing(void **state) {
    struct bench *bench = open_bench(state);
    send(bench, GW_OUTLET_RECORDS, 1, "lost");
    reopen(bench);
    send(bench, GW_OUTLET_RECORDS, 2, "kept");
    assert_int_equal(gw_sink_commit(bench->sink, NULL, 1000, &bench->error), GW_OK);
    assert_file_holds(records(bench), "kept\n");
}

static void begin_and_abort_do_nothing_and_commit_flushes(void **state) {
    struct bench *bench = open_bench(state);
    uint64_t next = 1;
    assert_false(bench->sink->ops->transactional);
    assert_int_equal(gw_sink_begin(bench->sink, &bench->error), GW_OK);
    send(bench, GW_OUTLET_RECORDS, 1, "{}");
    assert_int_equal(gw_sink_abort(bench->sink, 1000, &bench->error), GW_OK);
    assert_int_equal(gw_sink_commit(bench->sink, NULL, 1000, &bench->error), GW_OK);
    assert_int_equal(poll_all(bench, &next), 1);
    assert_file_holds(records(bench), "{}\n");
}

/* Somebody else holds the lock: the queue fills, says so, and flows again. */
static void a_file_that_takes_nothing_is_back_pressure(void **state) {
    struct bench *bench = open_bench(state);
    static char large[1 << 20];
    memset(large, 'x', sizeof large - 1);
    int other = open(records(bench), O_RDONLY);
    assert_int_equal(flock(other, LOCK_EX), 0);
    uint64_t sent = 0, next = 1;
    enum gw_status status = GW_OK;
    while (status == GW_OK && sent < 100) {
        status = send(bench, GW_OUTLET_RECORDS, sent + 1, large);
        sent += status == GW_OK;
        fake_clock_advance_ms(&bench->time, SYNC_MS);
        assert_int_equal(poll_all(bench, &next), 0);
    }
    assert_int_equal(status, GW_AGAIN);
    assert_in_range(sent, 2, 16);
    assert_int_equal(gw_sink_flush(bench->sink, 20, &bench->error), GW_TIMEOUT);
    assert_non_null(strstr(bench->error.detail, "locked"));
    assert_int_equal(send(bench, GW_OUTLET_DEAD_LETTERS, sent + 1, "the other outlet is free"), GW_OK);
    close(other);
    assert_int_equal(gw_sink_flush(bench->sink, 10000, &bench->error), GW_OK);
    assert_int_equal(poll_all(bench, &next), sent + 1);
    assert_int_equal(send(bench, GW_OUTLET_RECORDS, next, large), GW_OK);
}

static void one_message_of_any_size_is_taken(void **state) {
    struct bench *bench = open_bench(state);
    size_t size = (size_t)20 << 20;
    char *huge = malloc(size + 1);
    assert_non_null(huge);
    memset(huge, 'x', size);
    huge[size] = '\0';
    assert_int_equal(send(bench, GW_OUTLET_RECORDS, 1, huge), GW_OK);
    assert_int_equal(send(bench, GW_OUTLET_RECORDS, 2, "behind it"), GW_AGAIN);
    assert_int_equal(gw_sink_flush(bench->sink, 10000, &bench->error), GW_OK);
    size_t written;
    char *bytes = scratch_read(records(bench), &written);
    assert_int_equal(written, size + 1);
    free(bytes);
    free(huge);
}

static void what_cannot_be_opened_is_named(void **state) {
    struct bench *bench = ((void **)*state)[0];
    bench->settings.paths[GW_OUTLET_DEAD_LETTERS] = "/nowhere/at/all";
    assert_int_equal(gw_file_sink_open(&bench->settings, &bench->clock, &bench->sink, &bench->error),
                     GW_SYSTEM);
    assert_null(bench->sink);
    assert_non_null(strstr(bench->error.detail, "/nowhere/at/all"));
}

/* Puts the end of a pipe (or any descriptor) where standard output is; returns what was there. */
static int replace_stdout(int fd) {
    fflush(stdout);
    int before = dup(STDOUT_FILENO);
    assert_int_equal(dup2(fd, STDOUT_FILENO), STDOUT_FILENO);
    close(fd);
    return before;
}

static void give_stdout_back(int before) {
    assert_int_equal(dup2(before, STDOUT_FILENO), STDOUT_FILENO);
    close(before);
}

static void standard_output_goes_as_fast_as_its_reader(void **state) {
    struct bench *bench = ((void **)*state)[0];
    static char large[300000], got[sizeof large + 1];
    memset(large, 'x', sizeof large - 1);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    int before = replace_stdout(ends[1]);
    bench->settings.paths[GW_OUTLET_RECORDS] = "-";
    bench->settings.paths[GW_OUTLET_DEAD_LETTERS] = NULL;
    enum gw_status opened = gw_file_sink_open(&bench->settings, &bench->clock, &bench->sink, &bench->error);
    enum gw_status sent = send(bench, GW_OUTLET_RECORDS, 1, large);
    enum gw_status stuck = gw_sink_flush(bench->sink, 20, &bench->error);
    size_t size = 0, count = 0, completed = 0;
    struct gw_completion completion;
    while (size < sizeof large) {
        ssize_t part = read(ends[0], got + size, sizeof got - size);
        size += part > 0 ? (size_t)part : sizeof large;
        fake_clock_advance_ms(&bench->time, SYNC_MS + 1000);
        gw_sink_poll(bench->sink, &completion, 1, &count, &bench->error);
        completed += count;
    }
    give_stdout_back(before);
    close(ends[0]);
    assert_int_equal(opened, GW_OK);
    assert_int_equal(sent, GW_OK);
    assert_int_equal(stuck, GW_TIMEOUT);
    assert_int_equal(completed, 1);
    assert_int_equal(size, sizeof large);
    assert_memory_equal(got, large, sizeof large - 1);
    assert_int_equal(got[sizeof large - 1], '\n');
}

static void a_reader_that_has_gone_ends_the_sink(void **state) {
    struct bench *bench = ((void **)*state)[0];
    int ends[2];
    void (*handler)(int) = signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    int before = replace_stdout(ends[1]);
    bench->settings.paths[GW_OUTLET_RECORDS] = "-";
    enum gw_status opened = gw_file_sink_open(&bench->settings, &bench->clock, &bench->sink, &bench->error);
    send(bench, GW_OUTLET_RECORDS, 1, "{}");
    enum gw_status flushed = gw_sink_flush(bench->sink, 1000, &bench->error);
    give_stdout_back(before);
    signal(SIGPIPE, handler);
    assert_int_equal(opened, GW_OK);
    assert_int_equal(flushed, GW_SYSTEM);
    assert_non_null(strstr(bench->error.detail, "Broken pipe"));
}

static void a_full_device_takes_nothing(void **state) {
    struct bench *bench = ((void **)*state)[0];
    bench->settings.paths[GW_OUTLET_RECORDS] = "/dev/full";
    open_bench(state);
    uint64_t next = 1;
    send(bench, GW_OUTLET_RECORDS, 1, "{}");
    assert_int_equal(gw_sink_flush(bench->sink, 20, &bench->error), GW_TIMEOUT);
    assert_non_null(strstr(bench->error.detail, "No space left"));
    fake_clock_advance_ms(&bench->time, 60000);
    assert_int_equal(poll_all(bench, &next), 0);
}

/* Reports each ticket once it is safe, as a process of its own; never returns. */
static void write_until(struct bench *bench, uint64_t first, uint64_t last, int report) {
    struct gw_sink *sink;
    bench->settings.sync_ms = 0;
    if (gw_file_sink_open(&bench->settings, &gw_clock_system, &sink, NULL) != GW_OK) {
        _exit(1);
    }
    for (uint64_t ticket = first, safe = first; safe < last;) {
        struct gw_completion completions[4];
        size_t count;
        char text[64];
        snprintf(text, sizeof text, "{\"ticket\":%llu}", (unsigned long long)ticket);
        struct gw_outgoing outgoing = message(GW_OUTLET_RECORDS, ticket, gw_str_from(text));
        if (ticket < last && ticket < safe + 4 && gw_sink_send(sink, &outgoing, NULL) == GW_OK) {
            ticket++;
            continue;
        }
        if (gw_sink_poll(sink, completions, 4, &count, NULL) != GW_OK) {
            _exit(2);
        }
        for (size_t i = 0; i < count; i++) {
            safe++;
            if (write(report, &completions[i].ticket, sizeof(uint64_t)) != sizeof(uint64_t)) {
                _exit(3);
            }
        }
    }
    _exit(0);
}

static pid_t start_writer(struct bench *bench, uint64_t first, uint64_t last, int report) {
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        write_until(bench, first, last, report);
    }
    return pid;
}

static void assert_exited(pid_t pid) {
    int how;
    assert_int_equal(waitpid(pid, &how, 0), pid);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
}

/* Checks that the lines of the positions cut FILE into whole messages, each the one that its position names,
 * and counts how often each ticket is there. */
static void count_tickets(const char *path, unsigned *times, size_t limit) {
    size_t size, lines_size;
    char *data = scratch_read(path, &size), *lines = scratch_read(positions_of(path), &lines_size), *save;
    size_t start = 0;
    for (char *line = strtok_r(lines, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        unsigned long long ticket, end;
        if (sscanf(line, "file:in/%llu\t%llu", &ticket, &end) == 2) {
            char expected[64];
            int length = snprintf(expected, sizeof expected, "{\"ticket\":%llu}\n", ticket);
            assert_true(end <= size && end - start == (size_t)length && ticket < limit);
            assert_memory_equal(data + start, expected, (size_t)length);
            times[ticket]++;
            start = end;
        }
    }
    assert_int_equal(start, size);
    free(data);
    free(lines);
}

static void several_processes_share_a_file(void **state) {
    struct bench *bench = ((void **)*state)[0];
    unsigned times[400] = {0};
    int null = open("/dev/null", O_WRONLY);
    pid_t one = start_writer(bench, 0, 200, null), two = start_writer(bench, 200, 400, null);
    close(null);
    assert_exited(one);
    assert_exited(two);
    count_tickets(records(bench), times, 400);
    for (size_t ticket = 0; ticket < 400; ticket++) {
        assert_int_equal(times[ticket], 1);
    }
}

/* A writer is killed as soon as it has reported some messages as safe; another one goes on beside it. */
static void a_killed_writer_loses_nothing_that_was_safe(void **state) {
    struct bench *bench = ((void **)*state)[0];
    enum { ROUNDS = 10, SPAN = 1000, LAST = (ROUNDS + 1) * SPAN };
    static unsigned times[LAST];
    memset(times, 0, sizeof times);
    for (unsigned round = 0; round < ROUNDS; round++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        int null = open("/dev/null", O_WRONLY);
        pid_t other = start_writer(bench, ROUNDS * SPAN + round * 20, ROUNDS * SPAN + round * 20 + 20, null);
        pid_t killed = start_writer(bench, round * SPAN, (round + 1) * SPAN, ends[1]);
        close(ends[1]);
        close(null);
        uint64_t ticket, safe = 0;
        while (safe < 5 + round && read(ends[0], &ticket, sizeof ticket) == (ssize_t)sizeof ticket) {
            safe++;
        }
        kill(killed, SIGKILL);
        waitpid(killed, NULL, 0);
        while (read(ends[0], &ticket, sizeof ticket) == (ssize_t)sizeof ticket) {
            safe++;
        }
        close(ends[0]);
        assert_exited(other);
        reopen(bench);
        memset(times, 0, sizeof times);
        count_tickets(records(bench), times, LAST);
        for (uint64_t i = 0; i < safe; i++) {
            assert_int_equal(times[round * SPAN + i], 1);
        }
    }
    for (unsigned i = 0; i < ROUNDS * 20; i++) {
        assert_int_equal(times[ROUNDS * SPAN + i], 1);
    }
}

#define BENCH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        BENCH(messages_are_appended_together_when_it_is_time),
        BENCH(the_descriptor_is_readable_when_it_is_time),
        BENCH(completions_that_do_not_fit_wait),
        BENCH(a_large_group_does_not_wait),
        BENCH(each_outlet_has_its_file),
        BENCH(outlets_may_share_a_file),
        BENCH(an_outlet_without_a_path_is_not_served),
        BENCH(messagepack_is_written_as_it_is),
        BENCH(a_skip_leaves_a_line_and_no_bytes),
        BENCH(a_note_never_breaks_the_line),
        BENCH(what_was_not_yet_safe_is_given_up_on_closing),
        BENCH(begin_and_abort_do_nothing_and_commit_flushes),
        BENCH(a_file_that_takes_nothing_is_back_pressure),
        BENCH(one_message_of_any_size_is_taken),
        BENCH(what_cannot_be_opened_is_named),
        BENCH(standard_output_goes_as_fast_as_its_reader),
        BENCH(a_reader_that_has_gone_ends_the_sink),
        BENCH(a_full_device_takes_nothing),
        BENCH(several_processes_share_a_file),
        BENCH(a_killed_writer_loses_nothing_that_was_safe),
    };
    gw_log_init(GW_LOG_OFF, GW_LOG_LOGFMT, "test", -1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
