/* run/worker.h, from files to files: whole processes, without a broker. */
#include "run/worker.h"

#include "run/exit_codes.h"
#include "unit/scratch_dir.h"
#include "unit/unit.h"

#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A worker that waits for brokers ends this soon after it was told; it would wait for half a minute. */
#define STOP_WAITING_MS 10000

static struct scratch_dir *scratch;
static struct gw_worker_counters *counters; /* shared with the workers' processes */

static int setup(void **state) {
    scratch_dir_set_up(state);
    scratch = *state;
    counters = mmap(NULL, sizeof *counters, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return counters == MAP_FAILED ? -1 : 0;
}

static int teardown(void **state) {
    munmap(counters, sizeof *counters);
    return scratch_dir_tear_down(state);
}

static const char *path_of(const char *name) {
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", scratch->name, name);
    return path;
}

static void write_file(const char *name, const char *text) {
    FILE *file = fopen(path_of(name), "a");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static size_t count_in_file(const char *name, const char *text) {
    size_t size, count = 0;
    char *content = scratch_read(path_of(name), &size);
    for (const char *at = content; (at = strstr(at, text)); at += strlen(text)) {
        count++;
    }
    free(content);
    return count;
}

static struct gw_config *load(const char *text) {
    char whole[4096];
    struct gw_config *config = NULL;
    struct gw_config_errors errors;
    snprintf(whole, sizeof whole,
             "model: %s\nstate_dir: .\nrun_dir: .\ndrain_timeout: 20s\nlog: {level: off}\n%s",
             GW_SOURCE_DIR "/models/en-news.gwm", text);
    enum gw_status status = gw_config_load(gw_str_from(whole), scratch->name, &config, &errors);
    if (status != GW_OK) {
        gw_config_print_errors(&errors, "test", stderr);
    }
    assert_int_equal(status, GW_OK);
    return config;
}

static int run_with(const struct gw_config *config, int lifeline_fd) {
    gw_log_init(GW_LOG_OFF, GW_LOG_LOGFMT, "test", 0);
    const struct gw_worker_settings settings = {.config = config,
                                                .counters = counters,
                                                .gazetteer_fd = -1,
                                                .model_fd = -1,
                                                .lifeline_fd = lifeline_fd,
                                                .clock = &gw_clock_system};
    return gw_worker_run(&settings);
}

static int run_worker(const char *text) {
    struct gw_config *config = load(text);
    int code = run_with(config, -1);
    gw_config_free(config);
    return code;
}

#define FILES "source: {file: {paths: [in.jsonl]}}\nsink: {file: {path: out.jsonl}}\n"

static void test_files_are_read_to_their_end(void **state) {
    (void)state;
    write_file("in.jsonl", "{\"id\":\"a\",\"body\":\"Mara Lind praised Kenya.\"}\n"
                           "{\"id\":\n"
                           "{\"id\":\"b\",\"body\":\"She met Jo Rivers in Geneva.\"}\n");
    assert_int_equal(run_worker(FILES), GW_EXIT_DONE);
    assert_int_equal(count_in_file("out.jsonl", "glosswire.record/1"), 2);
    assert_int_equal(count_in_file("dead-letters.jsonl", "glosswire.dead_letter/1"), 1);
    assert_int_equal(gw_counter_get(counters, GW_COUNTER_IN), 3);
    assert_int_equal(gw_counter_get(counters, GW_COUNTER_RECORDS), 2);
    assert_int_equal(gw_counter_get(counters, GW_COUNTER_DEAD_LETTERS), 1);
}

static void test_a_second_run_goes_on_where_the_first_ended(void **state) {
    (void)state;
    write_file("in.jsonl", "{\"id\":\"a\",\"body\":\"One.\"}\n");
    assert_int_equal(run_worker(FILES), GW_EXIT_DONE);
    write_file("in.jsonl", "{\"id\":\"b\",\"body\":\"Two.\"}\n");
    assert_int_equal(run_worker(FILES), GW_EXIT_DONE);
    assert_int_equal(count_in_file("out.jsonl", "glosswire.record/1"), 2);
    assert_int_equal(gw_counter_get(counters, GW_COUNTER_IN), 2);
}

static void test_two_files_of_different_forms(void **state) {
    (void)state;
    write_file("in.jsonl", "{\"id\":\"a\",\"body\":\"One.\"}\nbroken\n");
    assert_int_equal(
        run_worker("source: {file: {paths: [in.jsonl]}}\nsink: {file: {path: out.mp, format: msgpack}}\n"
                   "dead_letters: {file: {format: jsonl}}\n"),
        GW_EXIT_DONE);
    assert_int_equal(count_in_file("dead-letters.jsonl", "glosswire.dead_letter/1"), 1);
    size_t size;
    char *content = scratch_read(path_of("out.mp"), &size);
    assert_true(size > 0 && (unsigned char)content[0] >= 0x80);
    free(content);
}

static void test_what_cannot_be_used_says_so(void **state) {
    (void)state;
    assert_int_equal(run_worker(FILES), GW_EXIT_CANNOT_START);
    write_file("in.jsonl", "");
    assert_int_equal(
        run_worker("source: {file: {paths: [in.jsonl]}}\nsink: {file: {path: none/out.jsonl}}\n"),
        GW_EXIT_CANNOT_START);
    write_file("model.gwm", "no model");
    struct gw_config *config = load(FILES);
    config->model = path_of("model.gwm");
    assert_int_equal(run_with(config, -1), GW_EXIT_CANNOT_START);
    gw_config_free(config);
}

/* A worker in a process of its own, between two pipes. */
struct piped {
    pid_t pid;
    int in, out, lifeline;
};

static void become_worker(int in, int out, int lifeline, const struct gw_config *config) {
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    _exit(run_with(config, lifeline));
}

static struct piped start_piped(void) {
    int in[2], out[2], lifeline[2];
    struct gw_config *config =
        load("source: {file: {paths: ['-'], format: jsonl}}\nsink: {file: {path: '-'}}\n");
    assert_int_equal(pipe2(in, O_CLOEXEC), 0);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    assert_int_equal(pipe2(lifeline, O_CLOEXEC), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(in[1]);
        close(lifeline[1]);
        become_worker(in[0], out[1], lifeline[0], config);
    }
    gw_config_free(config);
    close(in[0]);
    close(out[1]);
    close(lifeline[0]);
    return (struct piped){pid, in[1], out[0], lifeline[1]};
}

static void feed_one_and_read_it(const struct piped *worker) {
    static const char article[] = "{\"id\":\"a\",\"body\":\"Mara Lind praised Kenya.\"}\n";
    assert_int_equal(write(worker->in, article, strlen(article)), (ssize_t)strlen(article));
    char c = 0;
    while (c != '\n') {
        assert_int_equal(read(worker->out, &c, 1), 1);
    }
}

static int end_of(const struct piped *worker) {
    int status;
    assert_int_equal(waitpid(worker->pid, &status, 0), worker->pid);
    assert_true(WIFEXITED(status));
    close(worker->out);
    return WEXITSTATUS(status);
}

static void test_a_signal_drains(void **state) {
    (void)state;
    static const int signals[] = {SIGTERM, SIGINT};
    for (size_t i = 0; i < 2; i++) {
        struct piped worker = start_piped();
        feed_one_and_read_it(&worker);
        kill(worker.pid, signals[i]);
        assert_int_equal(end_of(&worker), GW_EXIT_DONE);
        close(worker.in);
        close(worker.lifeline);
    }
}

static void test_the_lifelines_end_drains(void **state) {
    (void)state;
    struct piped worker = start_piped();
    feed_one_and_read_it(&worker);
    close(worker.lifeline);
    assert_int_equal(end_of(&worker), GW_EXIT_DONE);
    close(worker.in);
}

static void test_the_inputs_end_ends(void **state) {
    (void)state;
    struct piped worker = start_piped();
    feed_one_and_read_it(&worker);
    close(worker.in);
    assert_int_equal(end_of(&worker), GW_EXIT_DONE);
    close(worker.lifeline);
    assert_int_equal(gw_counter_get(counters, GW_COUNTER_RECORDS), 1);
}

static void test_a_late_signal_does_not_spoil_the_end(void **state) {
    (void)state;
    write_file("in.jsonl", "{\"id\":\"a\",\"body\":\"One.\"}\n");
    pid_t pid = fork();
    if (pid == 0) {
        int code = run_worker(FILES);
        raise(SIGTERM);
        _exit(code);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), GW_EXIT_DONE);
}

/* Brokers that take connections and never say a word. */
static int open_silent_broker(char address[32]) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(listener >= 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(listener, 16), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &size), 0);
    snprintf(address, 32, "127.0.0.1:%d", ntohs(at.sin_port));
    return listener;
}

/* A worker that waits until brokers begin its transactions: it has connected when this returns. */
static struct piped start_waiting(int listener, const char *address) {
    char text[512];
    int lifeline[2];
    snprintf(text, sizeof text,
             "source: {kafka: {brokers: '%s', topics: [in], group: g}}\n"
             "sink: {kafka: {brokers: '%s', topic: out}}\n"
             "dead_letters: {kafka: {brokers: '%s', topic: letters}}\n"
             "delivery: exactly_once\n",
             address, address, address);
    struct gw_config *config = load(text);
    assert_int_equal(pipe2(lifeline, O_CLOEXEC), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(lifeline[1]);
        _exit(run_with(config, lifeline[0]));
    }
    gw_config_free(config);
    close(lifeline[0]);
    int connection = accept(listener, NULL, NULL);
    assert_true(connection >= 0);
    return (struct piped){.pid = pid, .in = connection, .out = -1, .lifeline = lifeline[1]};
}

static void test_a_worker_that_waits_for_brokers_can_be_stopped(void **state) {
    (void)state;
    char address[32];
    int listener = open_silent_broker(address);
    for (int by_lifeline = 0; by_lifeline < 2; by_lifeline++) {
        struct piped worker = start_waiting(listener, address);
        int64_t told_ns = gw_clock_now_ns(&gw_clock_system);
        if (by_lifeline) {
            close(worker.lifeline);
        } else {
            kill(worker.pid, SIGTERM);
        }
        assert_int_equal(end_of(&worker), GW_EXIT_DONE);
        assert_true(gw_clock_now_ns(&gw_clock_system) - told_ns < STOP_WAITING_MS * GW_NS_PER_MS);
        close(worker.in);
        if (!by_lifeline) {
            close(worker.lifeline);
        }
    }
    close(listener);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_files_are_read_to_their_end),
        TEST(test_a_second_run_goes_on_where_the_first_ended),
        TEST(test_two_files_of_different_forms),
        TEST(test_what_cannot_be_used_says_so),
        TEST(test_a_signal_drains),
        TEST(test_the_lifelines_end_drains),
        TEST(test_the_inputs_end_ends),
        TEST(test_a_late_signal_does_not_spoil_the_end),
        TEST(test_a_worker_that_waits_for_brokers_can_be_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
