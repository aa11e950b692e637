/* The supervisor over children that a script plays: each start is one line in `starts`, and the files `code`
 * and `stay` tell the script how to end. The supervisor itself runs in a process of its own. */
#include "unit/scratch_dir.h"

#include "run/exit_codes.h"
#include "run/supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

/* No wait in these tests is longer; it only ends a test that hangs. */
#define PATIENCE_MS 20000

/* Argument 2 is the role, 3 the configuration's folder, 4 the slot. It looks at its lifeline (descriptor 5)
 * by reading it in the background. Without the file `stay` it ends with the number in `code`. */
static const char script[] = "#!/bin/sh\n"
                             "cd \"$3\"\n"
                             "[ -e deaf ] && trap '' TERM || trap 'echo \"$2 $4\" >>ends; exit 0' TERM\n"
                             "echo \"$2 $4 $$\" >>starts\n"
                             "[ -e admin-leaves ] && [ $2 = admin ] && exit \"$(cat code)\"\n"
                             "grep -q unusable </proc/self/fd/3 && exit \"$(cat code)\"\n"
                             "[ -e stay ] || exit \"$(cat code)\"\n"
                             "{ cat <&5; echo cut >>lifelines; kill -9 $$; } >/dev/null &\n"
                             "exec 5<&-\n"
                             "while :; do wait $!; done\n";

struct house {
    struct scratch_dir *dir;
    const char *config, *program, *starts, *ends, *log;
    pid_t pid;
};

static const char *make(struct scratch_dir *dir, const char *name, const char *text) {
    const char *path = scratch_dir_path(dir, name);
    scratch_write(path, text, strlen(text));
    return path;
}

static struct house build(void **state, const char *config, const char *stay_or_code) {
    struct house house = {.dir = *state};
    house.program = make(house.dir, "program", script);
    assert_int_equal(chmod(house.program, 0700), 0);
    house.config = make(house.dir, "config.yaml", config);
    house.starts = make(house.dir, "starts", "");
    house.ends = make(house.dir, "ends", "");
    house.log = make(house.dir, "log", "");
    make(house.dir, stay_or_code ? "code" : "stay", stay_or_code ? stay_or_code : "");
    setenv("GLOSSWIRE_MODEL", GW_SOURCE_DIR "/models/en-news.gwm", 1);
    return house;
}

static void launch(struct house *house) {
    house->pid = fork();
    if (house->pid == 0) {
        int log = open(house->log, O_WRONLY | O_APPEND);
        dup2(log, STDERR_FILENO);
        const struct gw_supervisor_settings settings = {
            .config_path = house->config, .program = house->program, .clock = &gw_clock_system};
        _exit(gw_supervisor_run(&settings));
    }
}

static size_t lines(const char *path) {
    size_t size, count = 0;
    char *text = scratch_read(path, &size);
    for (size_t i = 0; i < size; i++) {
        count += text[i] == '\n';
    }
    free(text);
    return count;
}

static int64_t now_ms(void) {
    return gw_clock_now_ns(&gw_clock_system) / GW_NS_PER_MS;
}

/* Until the file has so many lines. */
static void wait_for_lines(const char *path, size_t wanted) {
    int64_t end = now_ms() + PATIENCE_MS;
    while (lines(path) < wanted) {
        assert_true(now_ms() < end);
        poll(NULL, 0, 5);
    }
}

/* Until the supervisor has ended; returns its exit code. */
static int join(const struct house *house) {
    int status;
    int64_t end = now_ms() + PATIENCE_MS;
    while (waitpid(house->pid, &status, WNOHANG) == 0) {
        if (now_ms() > end) {
            kill(house->pid, SIGKILL);
            fail_msg("the supervisor did not end");
        }
        poll(NULL, 0, 5);
    }
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static bool holds(const char *path, const char *text) {
    size_t size;
    char *bytes = scratch_read(path, &size);
    bool found = strstr(bytes, text) != NULL;
    free(bytes);
    return found;
}

static void wait_for_text(const char *path, const char *text) {
    int64_t end = now_ms() + PATIENCE_MS;
    while (!holds(path, text)) {
        assert_true(now_ms() < end);
        poll(NULL, 0, 5);
    }
}

#define FILE_TO_FILE_WITH_ADMIN                                                                              \
    "state_dir: state\nrun_dir: run\nsource: {file: {paths: [articles.jsonl]}}\nsink: {file: {path: "        \
    "out.jsonl}}\n"                                                                                          \
    "dead_letters: {file: {path: dead.jsonl}}\n"
#define NO_ADMIN       "admin: {listen: 'off'}\n"
#define FILE_TO_FILE   NO_ADMIN FILE_TO_FILE_WITH_ADMIN
#define QUICK_RESTARTS "restart: {min_delay: 10ms, max_delay: 50ms}\n"
#define ZEROMQ_TWO     NO_ADMIN "state_dir: state\nrun_dir: run\nworkers: 2\n"

static void ends_when_the_source_has_ended(void **state) {
    struct house house = build(state, FILE_TO_FILE, "0");
    launch(&house);
    assert_int_equal(join(&house), GW_EXIT_DONE);
    assert_int_equal(lines(house.starts), 1);
}

static void starts_the_dead_again_with_back_off(void **state) {
    struct house house = build(state, FILE_TO_FILE QUICK_RESTARTS, "5");
    launch(&house);
    wait_for_lines(house.starts, 4);
    kill(house.pid, SIGTERM);
    assert_in_range(join(&house), GW_EXIT_DONE, GW_EXIT_PARTLY);
    assert_true(holds(house.log, "child will be started again"));
}

static void a_child_that_cannot_start_ends_the_instance(void **state) {
    struct house house = build(state, FILE_TO_FILE, "3");
    launch(&house);
    assert_int_equal(join(&house), GW_EXIT_CANNOT_START);
    assert_int_equal(lines(house.starts), 1);
}

static void mistakes_in_the_configuration_start_nothing(void **state) {
    struct house house = build(state, "workers: many\n", "0");
    launch(&house);
    assert_int_equal(join(&house), GW_EXIT_CANNOT_START);
    assert_int_equal(lines(house.starts), 0);
    assert_true(holds(house.log, "config.yaml:1: workers: "));
}

static void a_missing_model_starts_nothing(void **state) {
    struct house house = build(state, FILE_TO_FILE "model: nothing.gwm\n", "0");
    launch(&house);
    assert_int_equal(join(&house), GW_EXIT_CANNOT_START);
    assert_int_equal(lines(house.starts), 0);
    assert_true(holds(house.log, "nothing.gwm"));
}

static void two_of_one_folder_are_refused(void **state) {
    struct house house = build(state, FILE_TO_FILE, NULL);
    launch(&house);
    wait_for_lines(house.starts, 1);
    struct house second = house;
    launch(&second);
    assert_int_equal(join(&second), GW_EXIT_CANNOT_START);
    assert_true(holds(house.log, "another glosswire"));
    assert_true(holds(house.log, "/state"));
    assert_int_equal(lines(house.starts), 1);
    kill(house.pid, SIGTERM);
    assert_int_equal(join(&house), GW_EXIT_DONE);
    make(house.dir, "code", "0");
    remove(scratch_dir_path(house.dir, "stay"));
    launch(&second);
    assert_int_equal(join(&second), GW_EXIT_DONE);
}

static void sigterm_asks_the_hub_and_ends_the_workers_after_it(void **state) {
    struct house house = build(state, ZEROMQ_TWO, NULL);
    launch(&house);
    wait_for_lines(house.starts, 3);
    kill(house.pid, SIGTERM);
    assert_int_equal(join(&house), GW_EXIT_DONE);
    size_t size;
    char *ends = scratch_read(house.ends, &size);
    assert_int_equal(strncmp(ends, "hub", 3), 0);
    assert_int_equal(lines(house.ends), 3);
    free(ends);
}

static void the_deadline_ends_who_does_not_listen(void **state) {
    struct house house = build(state, FILE_TO_FILE "drain_timeout: 100ms\n", NULL);
    make(house.dir, "deaf", "");
    launch(&house);
    wait_for_lines(house.starts, 1);
    kill(house.pid, SIGTERM);
    assert_int_equal(join(&house), GW_EXIT_PARTLY);
    assert_true(holds(house.log, "took too long"));
}

static void a_second_signal_ends_at_once(void **state) {
    struct house house = build(state, FILE_TO_FILE "drain_timeout: 10m\n", NULL);
    make(house.dir, "deaf", "");
    launch(&house);
    wait_for_lines(house.starts, 1);
    kill(house.pid, SIGINT);
    wait_for_lines(house.log, 2);
    while (!holds(house.log, "draining")) {
        poll(NULL, 0, 5);
    }
    kill(house.pid, SIGINT);
    assert_int_equal(join(&house), GW_EXIT_PARTLY);
}

static void sighup_replaces_the_workers(void **state) {
    struct house house = build(state, FILE_TO_FILE, NULL);
    launch(&house);
    wait_for_lines(house.starts, 1);
    kill(house.pid, SIGHUP);
    wait_for_lines(house.starts, 2);
    assert_int_equal(lines(house.ends), 1);
    scratch_write(house.config, "workers: many\n", 14);
    kill(house.pid, SIGHUP);
    while (!holds(house.log, "configuration refused")) {
        poll(NULL, 0, 5);
    }
    assert_int_equal(lines(house.starts), 2);
    kill(house.pid, SIGTERM);
    assert_int_equal(join(&house), GW_EXIT_DONE);
}

static size_t count_starts_of(const struct house *house, const char *role) {
    size_t size, count = 0;
    char *text = scratch_read(house->starts, &size);
    for (const char *at = text; (at = strstr(at, role)); at += strlen(role)) {
        count++;
    }
    free(text);
    return count;
}

/* Its end, even one that says that it cannot start, is no end of the main job. */
static void the_admin_server_never_ends_the_instance(void **state) {
    struct house house = build(state, FILE_TO_FILE_WITH_ADMIN QUICK_RESTARTS, NULL);
    make(house.dir, "code", "3");
    make(house.dir, "admin-leaves", "");
    launch(&house);
    int64_t end = now_ms() + PATIENCE_MS;
    while (count_starts_of(&house, "admin") < 3) {
        assert_true(now_ms() < end);
        poll(NULL, 0, 5);
    }
    kill(house.pid, SIGTERM);
    assert_int_equal(join(&house), GW_EXIT_DONE);
    assert_int_equal(count_starts_of(&house, "worker"), 1);
}

/* The script never says that it is ready. */
static void a_reload_that_does_not_get_ready_is_taken_back(void **state) {
    struct house house = build(state, FILE_TO_FILE "drain_timeout: 100ms\n", NULL);
    launch(&house);
    wait_for_lines(house.starts, 1);
    kill(house.pid, SIGHUP);
    wait_for_text(house.log, "going back");
    wait_for_lines(house.starts, 3);
    assert_true(holds(house.log, "not ready in time"));
    kill(house.pid, SIGTERM);
    assert_in_range(join(&house), GW_EXIT_DONE, GW_EXIT_PARTLY);
}

/* The first worker refuses it, and gets the old one again: what it finds in its descriptor tells. */
static void a_reload_that_cannot_start_is_taken_back(void **state) {
    struct house house = build(state, FILE_TO_FILE, NULL);
    make(house.dir, "code", "3");
    launch(&house);
    wait_for_lines(house.starts, 1);
    static const char unusable[] = FILE_TO_FILE "# unusable\n";
    scratch_write(house.config, unusable, sizeof unusable - 1);
    kill(house.pid, SIGHUP);
    wait_for_text(house.log, "the worker cannot start");
    wait_for_lines(house.starts, 3);
    kill(house.pid, SIGTERM);
    assert_int_equal(join(&house), GW_EXIT_DONE);
}

static void children_see_the_lifeline_cut(void **state) {
    struct house house = build(state, FILE_TO_FILE, NULL);
    const char *lifelines = make(house.dir, "lifelines", "");
    launch(&house);
    wait_for_lines(house.starts, 1);
    kill(house.pid, SIGKILL);
    wait_for_lines(lifelines, 1);
    int status;
    waitpid(house.pid, &status, 0);
}

#define HOUSE_TEST(name) cmocka_unit_test_setup_teardown(name, scratch_dir_set_up, scratch_dir_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        HOUSE_TEST(ends_when_the_source_has_ended),
        HOUSE_TEST(starts_the_dead_again_with_back_off),
        HOUSE_TEST(a_child_that_cannot_start_ends_the_instance),
        HOUSE_TEST(mistakes_in_the_configuration_start_nothing),
        HOUSE_TEST(a_missing_model_starts_nothing),
        HOUSE_TEST(two_of_one_folder_are_refused),
        HOUSE_TEST(sigterm_asks_the_hub_and_ends_the_workers_after_it),
        HOUSE_TEST(the_deadline_ends_who_does_not_listen),
        HOUSE_TEST(a_second_signal_ends_at_once),
        HOUSE_TEST(sighup_replaces_the_workers),
        HOUSE_TEST(the_admin_server_never_ends_the_instance),
        HOUSE_TEST(a_reload_that_does_not_get_ready_is_taken_back),
        HOUSE_TEST(a_reload_that_cannot_start_is_taken_back),
        HOUSE_TEST(children_see_the_lifeline_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
