/* The hub and its workers as processes, killed the hard way. Children are forked before this process has any
 * ZeroMQ context, and share counters with it. */
#include "base/log.h"
#include "ingest/zeromq_source.h"
#include "publish/zeromq_sink.h"
#include "run/exit_codes.h"
#include "run/hub/hub.h"
#include "transport/zeromq_frames.h"
#include "unit/scratch_dir.h"
#include "unit/unit.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <zmq.h>

#define MESSAGES   400
#define CREDIT     ((size_t)64 << 10)
#define PATIENCE_S 60
#define ENDPOINT   128
#define BATCH      16

struct town {
    struct scratch_dir *dir;
    char socket_path[ENDPOINT], in[ENDPOINT], out[ENDPOINT];
    const char *in_endpoints[1], *out_endpoints[1];
    struct gw_zeromq_settings source, sink;
    struct gw_hub_counters *counters; /* shared with the hub */
    struct gw_hub_settings settings;
    int gate[2]; /* a byte lets the second hub begin */
    int64_t deadline_ns;
};

static int set_up(void **state) {
    struct town *town = calloc(1, sizeof *town);
    assert_non_null(town);
    scratch_dir_set_up((void **)&town->dir);
    snprintf(town->socket_path, sizeof town->socket_path, "%.100s/" GW_HUB_SOCKET_NAME, town->dir->name);
    snprintf(town->in, sizeof town->in, "ipc://%.100s/in", town->dir->name);
    snprintf(town->out, sizeof town->out, "ipc://%.100s/out", town->dir->name);
    town->in_endpoints[0] = town->in;
    town->out_endpoints[0] = town->out;
    town->source = (struct gw_zeromq_settings){.bind = town->in_endpoints, .bind_count = 1};
    town->sink = (struct gw_zeromq_settings){
        .pattern = GW_ZEROMQ_PUSH, .bind = town->out_endpoints, .bind_count = 1, .linger_ms = 5000};
    town->counters =
        mmap(NULL, sizeof *town->counters, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(town->counters, MAP_FAILED);
    town->settings = (struct gw_hub_settings){.source = &town->source,
                                              .sink = &town->sink,
                                              .socket_path = town->socket_path,
                                              .workers = 2,
                                              .memory_bytes = (size_t)16 << 20,
                                              .message_bytes_max = (size_t)1 << 20,
                                              .drain_timeout_ms = PATIENCE_S * 1000,
                                              .lifeline_fd = -1,
                                              .counters = town->counters,
                                              .clock = &gw_clock_system};
    assert_int_equal(pipe(town->gate), 0);
    town->deadline_ns = gw_clock_now_ns(&gw_clock_system) + PATIENCE_S * GW_NS_PER_S;
    gw_log_init(GW_LOG_OFF, GW_LOG_LOGFMT, "test", -1);
    *state = town;
    return 0;
}

static int tear_down(void **state) {
    struct town *town = *state;
    close(town->gate[0]);
    close(town->gate[1]);
    munmap(town->counters, sizeof *town->counters);
    scratch_dir_tear_down((void **)&town->dir);
    free(town);
    return 0;
}

static void assert_in_time(const struct town *town) {
    assert_true(gw_clock_now_ns(&gw_clock_system) < town->deadline_ns);
}

/* A child that does not outlive this process. */
static pid_t start(void (*run)(struct town *town), struct town *town) {
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        run(town);
        _exit(99); /* run must have ended the process */
    }
    return pid;
}

/* The exit code, or minus the signal. */
static int end_of(pid_t pid) {
    int status;
    while (waitpid(pid, &status, 0) < 0) {
        assert_int_equal(errno, EINTR);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void run_hub(struct town *town) {
    _exit(gw_hub_main(&town->settings));
}

/* One that waits for its turn. */
static void run_second_hub(struct town *town) {
    char go;
    if (read(town->gate[0], &go, 1) == 1) {
        run_hub(town);
    }
}

struct worker {
    struct gw_source *source;
    struct gw_sink *sink;
    struct gw_message taken[BATCH];
    size_t count, sent;
};

/* Hands on what it has taken, as far as the sink takes it. */
static void hand_on(struct worker *worker) {
    while (worker->sent < worker->count) {
        const struct gw_message *message = &worker->taken[worker->sent];
        struct gw_outgoing outgoing = {.ticket = message->receipt, .payload = message->payload};
        if (gw_sink_send(worker->sink, &outgoing, NULL) != GW_OK) {
            return;
        }
        worker->sent++;
    }
    worker->count = worker->sent = 0;
}

static void settle(struct worker *worker) {
    struct gw_completion completions[BATCH];
    size_t count;
    gw_sink_poll(worker->sink, completions, BATCH, &count, NULL);
    for (size_t i = 0; i < count; i++) {
        gw_source_settle(worker->source, completions[i].ticket,
                         completions[i].status == GW_OK ? GW_OUTCOME_RECORD : GW_OUTCOME_RETRY, NULL);
    }
}

static void wait_for_either(const struct worker *worker) {
    struct pollfd fds[] = {{.fd = gw_source_fd(worker->source), .events = POLLIN},
                           {.fd = gw_sink_fd(worker->sink), .events = POLLIN}};
    poll(fds, 2, GW_SOURCE_POLL_MS);
}

static void run_worker(struct town *town) {
    struct worker worker = {0};
    struct gw_zeromq_source_settings source = {.hub_path = town->socket_path, .credit_bytes = CREDIT};
    struct gw_zeromq_sink_settings sink = {.hub_path = town->socket_path, .queue_bytes = CREDIT};
    enum gw_status status = GW_OK;
    if (gw_zeromq_source_open(&source, NULL, &gw_clock_system, &worker.source, NULL) != GW_OK ||
        gw_zeromq_sink_open(&sink, &gw_clock_system, &worker.sink, NULL) != GW_OK) {
        _exit(1);
    }
    while (status == GW_OK) {
        wait_for_either(&worker);
        if (worker.count == 0) {
            status = gw_source_take(worker.source, worker.taken, BATCH, &worker.count, NULL);
        }
        hand_on(&worker);
        settle(&worker);
    }
    gw_source_close(worker.source);
    gw_sink_close(worker.sink);
    _exit(status == GW_CLOSED ? 0 : 1);
}

/* The other side, in this process. */

static void *peer(void *context, int type, const char *endpoint) {
    void *socket = zmq_socket(context, type);
    int linger_ms = 0, timeout_ms = 100;
    zmq_setsockopt(socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &timeout_ms, sizeof timeout_ms);
    zmq_setsockopt(socket, ZMQ_SNDTIMEO, &timeout_ms, sizeof timeout_ms);
    assert_int_equal(zmq_connect(socket, endpoint), 0);
    return socket;
}

static void feed(struct town *town, void *feeder, unsigned number) {
    while (zmq_send(feeder, &number, sizeof number, 0) < 0) {
        assert_in_time(town);
    }
}

/* Receives one record, if there is one; returns whether its number is new. */
static bool consume(void *consumer, bool *seen) {
    unsigned number;
    char headers[256];
    if (zmq_recv(consumer, headers, sizeof headers, 0) < 0) {
        return false;
    }
    assert_int_equal(zmq_recv(consumer, &number, sizeof number, 0), sizeof number);
    assert_true(number < MESSAGES);
    bool is_new = !seen[number];
    seen[number] = true;
    return is_new;
}

static void killed_workers_lose_nothing(void **state) {
    struct town *town = *state;
    bool seen[MESSAGES] = {false};
    pid_t hub = start(run_hub, town);
    pid_t workers[] = {start(run_worker, town), start(run_worker, town), start(run_worker, town)};
    void *context = zmq_ctx_new();
    void *feeder = peer(context, ZMQ_PUSH, town->in), *consumer = peer(context, ZMQ_PULL, town->out);
    size_t distinct = 0;
    for (unsigned i = 0; i < MESSAGES; i++) {
        if (i == MESSAGES / 4 || i == MESSAGES / 2) { /* in the middle of work: nobody has consumed yet */
            pid_t victim = workers[i / (MESSAGES / 4)];
            kill(victim, SIGKILL);
            assert_int_equal(end_of(victim), -SIGKILL);
        }
        feed(town, feeder, i);
    }
    while (distinct < MESSAGES) {
        distinct += consume(consumer, seen);
        assert_in_time(town);
    }
    kill(hub, SIGTERM);
    assert_int_equal(end_of(workers[0]), 0); /* its source has ended */
    assert_int_equal(end_of(hub), GW_EXIT_DONE);
    assert_int_equal(town->counters->received, MESSAGES);
    assert_int_equal(town->counters->settled, MESSAGES);
    assert_int_equal(town->counters->abandoned, 0);
    assert_int_equal(access(town->socket_path, F_OK), -1); /* it has cleaned up */
    zmq_close(feeder);
    zmq_close(consumer);
    zmq_ctx_term(context);
}

/* An acked feeder: says HELLO, and sends again what has no answer whenever it is greeted. */
struct feeder {
    void *socket;
    bool answered[MESSAGES];
    size_t answers;
};

static void say_hello(struct feeder *feeder) {
    zmq_send(feeder->socket, GW_ZEROMQ_HELLO, 5, ZMQ_SNDMORE | ZMQ_DONTWAIT);
    zmq_send(feeder->socket, "feeder", 6, ZMQ_DONTWAIT);
}

static void send_unanswered(struct feeder *feeder) {
    for (unsigned i = 0; i < MESSAGES; i++) {
        uint8_t seq[GW_ZEROMQ_SEQ_BYTES];
        gw_zeromq_write_seq(i, seq);
        if (!feeder->answered[i] && zmq_send(feeder->socket, seq, sizeof seq, ZMQ_SNDMORE) > 0) {
            zmq_send(feeder->socket, "", 0, ZMQ_SNDMORE);
            zmq_send(feeder->socket, &i, sizeof i, 0);
        }
    }
}

/* Hears one answer, if there is one. */
static void hear(struct feeder *feeder) {
    char first[16], second[16];
    uint64_t seq;
    int size = zmq_recv(feeder->socket, first, sizeof first, 0);
    if (size < 0) {
        return;
    }
    zmq_recv(feeder->socket, second, sizeof second, 0);
    if (size == 5) {
        send_unanswered(feeder);
    } else {
        assert_true(gw_zeromq_read_seq((struct gw_str){first, (size_t)size}, &seq));
        assert_int_equal(second[0], GW_ZEROMQ_ACCEPTED);
        feeder->answers += !feeder->answered[seq];
        feeder->answered[seq] = true;
    }
}

/* Without an answer for a while it says HELLO again: the hub behind the endpoint may be another one. */
static void a_killed_hub_loses_nothing_of_acked_feeders(void **state) {
    struct town *town = *state;
    bool seen[MESSAGES] = {false};
    struct feeder feeder = {0};
    town->source.pattern = GW_ZEROMQ_ACKED;
    town->source.high_water = MESSAGES;
    pid_t first = start(run_hub, town), second = start(run_second_hub, town);
    pid_t worker = start(run_worker, town);
    void *context = zmq_ctx_new();
    feeder.socket = peer(context, ZMQ_DEALER, town->in);
    void *consumer = peer(context, ZMQ_PULL, town->out);
    say_hello(&feeder);
    while (feeder.answers < MESSAGES / 4) {
        consume(consumer, seen);
        hear(&feeder);
        assert_in_time(town);
    }
    kill(first, SIGKILL);
    assert_int_equal(end_of(first), -SIGKILL);
    assert_int_equal(write(town->gate[1], "", 1), 1);
    for (int quiet = 0; feeder.answers < MESSAGES; quiet++) {
        size_t before = feeder.answers;
        consume(consumer, seen);
        hear(&feeder);
        quiet = feeder.answers > before ? 0 : quiet;
        if (quiet % 10 == 9) {
            say_hello(&feeder);
        }
        assert_in_time(town);
    }
    while (consume(consumer, seen)) {
    }
    kill(second, SIGTERM);
    assert_int_equal(end_of(worker), 0);
    assert_int_equal(end_of(second), GW_EXIT_DONE);
    zmq_close(feeder.socket);
    zmq_close(consumer);
    zmq_ctx_term(context);
}

static void an_interrupt_ends_it_as_well(void **state) {
    struct town *town = *state;
    pid_t hub = start(run_hub, town);
    pid_t worker = start(run_worker, town);
    while (atomic_load(&town->counters->connections) < 2) {
        poll(NULL, 0, 5); /* another process counts */
        assert_in_time(town);
    }
    kill(hub, SIGINT);
    assert_int_equal(end_of(worker), 0);
    assert_int_equal(end_of(hub), GW_EXIT_DONE);
}

static void what_cannot_be_bound_cannot_start(void **state) {
    struct town *town = *state;
    town->out_endpoints[0] = "nonsense";
    pid_t hub = start(run_hub, town);
    assert_int_equal(end_of(hub), GW_EXIT_CANNOT_START);
}

static void what_is_left_at_the_deadline_is_told(void **state) {
    struct town *town = *state;
    town->settings.drain_timeout_ms = 200;
    pid_t hub = start(run_hub, town);
    void *context = zmq_ctx_new();
    void *feeder = peer(context, ZMQ_PUSH, town->in);
    feed(town, feeder, 1);
    while (atomic_load(&town->counters->received) == 0) {
        poll(NULL, 0, 5); /* another process counts */
        assert_in_time(town);
    }
    kill(hub, SIGTERM);
    assert_int_equal(end_of(hub), GW_EXIT_PARTLY);
    assert_int_equal(town->counters->abandoned, 1);
    zmq_close(feeder);
    zmq_ctx_term(context);
}

#define town_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        town_test(killed_workers_lose_nothing),
        town_test(a_killed_hub_loses_nothing_of_acked_feeders),
        town_test(an_interrupt_ends_it_as_well),
        town_test(what_cannot_be_bound_cannot_start),
        town_test(what_is_left_at_the_deadline_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
