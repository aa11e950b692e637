/* Each test sends numbered records through the interface, and says what must hold for any sink. */
#include "conformance/sink_suite.h"

#include "conformance/source_suite.h"
#include "conformance/waiting.h"
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

#define TICKETS_MAX 4096

/* Of the messages that fill a queue; a sink's memory is bounded if it takes less than the second altogether.
 */
#define LARGE_BYTES  ((size_t)256 << 10)
#define BOUNDED_MAX  ((size_t)512 << 20)
#define BLOCKED_POLL 10

/* One test's place, its sink, and what has completed: per ticket how often, and how. */
struct trial {
    const struct sink_backend *backend;
    void *place;
    struct gw_sink *sink;
    struct gw_error error;
    uint8_t times[TICKETS_MAX];
    enum gw_status statuses[TICKETS_MAX];
    size_t completed;
};

static void start(struct trial *trial, void **state, bool dead_letters) {
    *trial = (struct trial){.backend = *state};
    trial->place = trial->backend->make();
    assert_non_null(trial->place);
    enum gw_status status = trial->backend->open(trial->place, dead_letters, &trial->sink, &trial->error);
    assert_string_equal(trial->error.detail, "");
    assert_int_equal(status, GW_OK);
    assert_int_equal(gw_sink_begin(trial->sink, &trial->error), GW_OK);
}

static void end_trial(struct trial *trial) {
    gw_sink_close(trial->sink);
    trial->backend->destroy(trial->place);
}

/* One poll after a short wait. */
static size_t poll_once(struct trial *trial, size_t capacity, int wait_ms) {
    struct gw_completion completions[16];
    size_t count = 0;
    wait_readable(gw_sink_fd(trial->sink), wait_ms);
    enum gw_status status = gw_sink_poll(trial->sink, completions, capacity, &count, &trial->error);
    assert_int_equal(status, GW_OK);
    assert_true(count <= capacity);
    for (size_t i = 0; i < count; i++) {
        assert_true(completions[i].ticket < TICKETS_MAX);
        trial->times[completions[i].ticket]++;
        trial->statuses[completions[i].ticket] = completions[i].status;
    }
    trial->completed += count;
    return count;
}

/* Polls until so many messages have completed since the trial began. */
static void complete(struct trial *trial, size_t wanted) {
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    while (trial->completed < wanted) {
        poll_once(trial, 16, GW_SINK_POLL_MS);
        assert_in_time(deadline, "completions");
    }
    assert_int_equal(trial->completed, wanted);
}

static void assert_all_safe(const struct trial *trial, size_t first, size_t last) {
    for (size_t ticket = first; ticket < last; ticket++) {
        assert_int_equal(trial->times[ticket], 1);
        assert_int_equal(trial->statuses[ticket], GW_OK);
    }
}

/* The record that bears this number; until the next call. */
static struct gw_str record(size_t number) {
    static char text[64];
    int size = snprintf(text, sizeof text, "{\"id\":\"r-%zu\",\"n\":%zu}", number, number);
    return (struct gw_str){text, (size_t)size};
}

static struct gw_outgoing outgoing(enum gw_outlet outlet, size_t ticket, struct gw_str payload) {
    return (struct gw_outgoing){.outlet = outlet,
                                .ticket = ticket,
                                .payload = payload,
                                .position = {GW_POSITION_FILE, GW_STR("in"), 0, (int64_t)ticket}};
}

/* Sends, and sends again while the queue is full. */
static void send(struct trial *trial, const struct gw_outgoing *message) {
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    enum gw_status status = gw_sink_send(trial->sink, message, &trial->error);
    while (status == GW_AGAIN) {
        poll_once(trial, 16, GW_SINK_POLL_MS);
        assert_in_time(deadline, "a message to be taken");
        status = gw_sink_send(trial->sink, message, &trial->error);
    }
    assert_int_equal(status, GW_OK);
}

static void send_records(struct trial *trial, size_t first, size_t last) {
    for (size_t ticket = first; ticket < last; ticket++) {
        struct gw_outgoing message = outgoing(GW_OUTLET_RECORDS, ticket, record(ticket));
        send(trial, &message);
    }
}

/* Ends what was begun, so that everybody may see it. */
static void commit(struct trial *trial) {
    enum gw_status status = gw_sink_commit(trial->sink, NULL, SUITE_PATIENCE_MS, &trial->error);
    assert_int_equal(status, GW_OK);
}

/* Waits until somebody else sees so many messages on the outlet. */
static const struct sink_seen *see(struct trial *trial, enum gw_outlet outlet, size_t wanted) {
    const struct sink_seen *seen;
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    size_t count = trial->backend->see(trial->place, outlet, &seen);
    while (count < wanted) {
        poll_once(trial, 16, BLOCKED_POLL);
        assert_in_time(deadline, "messages to be seen");
        count = trial->backend->see(trial->place, outlet, &seen);
    }
    assert_int_equal(count, wanted);
    return seen;
}

static void assert_payload(const struct sink_seen *seen, struct gw_str payload) {
    assert_int_equal(seen->payload.size, payload.size);
    assert_memory_equal(seen->payload.data, payload.data, payload.size);
}

static void each_message_completes_once_and_arrives_in_order(void **state) {
    struct trial trial;
    start(&trial, state, true);
    send_records(&trial, 0, 300);
    complete(&trial, 300);
    commit(&trial);
    assert_all_safe(&trial, 0, 300);
    const struct sink_seen *seen = see(&trial, GW_OUTLET_RECORDS, 300);
    for (size_t i = 0; i < 300; i++) {
        assert_payload(&seen[i], record(i));
    }
    assert_int_equal(poll_once(&trial, 16, BLOCKED_POLL), 0);
    end_trial(&trial);
}

static void what_send_was_given_may_go_at_once(void **state) {
    struct trial trial;
    start(&trial, state, true);
    char payload[] = "{\"n\":1}", key[] = "key", name[] = "trace-id", value[] = "4f";
    struct gw_header header = {{name, 8}, {value, 2}};
    struct gw_outgoing message = outgoing(GW_OUTLET_RECORDS, 1, (struct gw_str){payload, 7});
    message.key = (struct gw_str){key, 3};
    message.headers = (struct gw_headers){&header, 1};
    send(&trial, &message);
    memset(payload, '#', sizeof payload);
    memset(key, '#', sizeof key);
    memset(name, '#', sizeof name);
    memset(value, '#', sizeof value);
    complete(&trial, 1);
    commit(&trial);
    assert_payload(see(&trial, GW_OUTLET_RECORDS, 1), GW_STR("{\"n\":1}"));
    end_trial(&trial);
}

static void outlets_are_kept_apart(void **state) {
    struct trial trial;
    start(&trial, state, true);
    struct gw_outgoing first = outgoing(GW_OUTLET_RECORDS, 1, GW_STR("{\"what\":\"record\"}"));
    struct gw_outgoing second = outgoing(GW_OUTLET_DEAD_LETTERS, 2, GW_STR("{\"what\":\"letter\"}"));
    send(&trial, &first);
    send(&trial, &second);
    complete(&trial, 2);
    commit(&trial);
    assert_payload(see(&trial, GW_OUTLET_RECORDS, 1), GW_STR("{\"what\":\"record\"}"));
    assert_payload(see(&trial, GW_OUTLET_DEAD_LETTERS, 1), GW_STR("{\"what\":\"letter\"}"));
    end_trial(&trial);
}

static void an_outlet_that_is_not_served_says_so(void **state) {
    struct trial trial;
    start(&trial, state, false);
    struct gw_outgoing letter = outgoing(GW_OUTLET_DEAD_LETTERS, 1, GW_STR("{}"));
    assert_int_equal(gw_sink_send(trial.sink, &letter, &trial.error), GW_UNSUPPORTED);
    send_records(&trial, 2, 3);
    complete(&trial, 1);
    commit(&trial);
    see(&trial, GW_OUTLET_RECORDS, 1);
    end_trial(&trial);
}

static void completions_wait_until_they_are_polled(void **state) {
    struct trial trial;
    start(&trial, state, true);
    send_records(&trial, 0, 20);
    assert_int_equal(gw_sink_flush(trial.sink, SUITE_PATIENCE_MS, &trial.error), GW_OK);
    for (size_t i = 0; i < 20; i++) {
        assert_true(wait_readable(gw_sink_fd(trial.sink), SUITE_PATIENCE_MS));
        assert_int_equal(poll_once(&trial, 1, 0), 1);
    }
    assert_all_safe(&trial, 0, 20);
    commit(&trial);
    end_trial(&trial);
}

static void commit_makes_all_of_it_visible(void **state) {
    struct trial trial;
    start(&trial, state, true);
    send_records(&trial, 0, 5);
    if (trial.backend->transactional) {
        complete(&trial, 5);
        const struct sink_seen *seen;
        assert_int_equal(trial.backend->see(trial.place, GW_OUTLET_RECORDS, &seen), 0);
    }
    commit(&trial);
    see(&trial, GW_OUTLET_RECORDS, 5);
    complete(&trial, 5);
    assert_all_safe(&trial, 0, 5);
    end_trial(&trial);
}

static void an_aborted_transaction_is_never_seen(void **state) {
    struct trial trial;
    start(&trial, state, true);
    if (trial.backend->transactional) {
        send_records(&trial, 0, 5);
        complete(&trial, 5);
        assert_int_equal(gw_sink_abort(trial.sink, SUITE_PATIENCE_MS, &trial.error), GW_OK);
        assert_int_equal(gw_sink_begin(trial.sink, &trial.error), GW_OK);
        send_records(&trial, 5, 6);
        complete(&trial, 6);
        commit(&trial);
        assert_payload(see(&trial, GW_OUTLET_RECORDS, 1), record(5));
    } else {
        assert_int_equal(gw_sink_abort(trial.sink, SUITE_PATIENCE_MS, &trial.error), GW_OK);
    }
    end_trial(&trial);
}

static void begin_and_commit_may_be_repeated(void **state) {
    struct trial trial;
    start(&trial, state, true);
    for (size_t round = 0; round < 5; round++) {
        send_records(&trial, round * 3, round * 3 + 3);
        complete(&trial, round * 3 + 3);
        commit(&trial);
        assert_int_equal(gw_sink_begin(trial.sink, &trial.error), GW_OK);
    }
    commit(&trial);
    see(&trial, GW_OUTLET_RECORDS, 15);
    assert_all_safe(&trial, 0, 15);
    end_trial(&trial);
}

static void a_sink_that_takes_nothing_pushes_back(void **state) {
    struct trial trial;
    start(&trial, state, true);
    if (trial.backend->block) {
        char *large = malloc(LARGE_BYTES);
        assert_non_null(large);
        memset(large, '1', LARGE_BYTES);
        trial.backend->block(trial.place);
        size_t sent = 0;
        enum gw_status status = GW_OK;
        while (sent * LARGE_BYTES < BOUNDED_MAX && status != GW_AGAIN) {
            struct gw_outgoing message =
                outgoing(GW_OUTLET_RECORDS, sent, (struct gw_str){large, LARGE_BYTES});
            status = gw_sink_send(trial.sink, &message, &trial.error);
            assert_true(status == GW_OK || status == GW_AGAIN);
            sent += status == GW_OK;
        }
        assert_int_equal(status, GW_AGAIN);
        assert_true(sent > 0);
        for (int i = 0; i < BLOCKED_POLL; i++) {
            poll_once(&trial, 16, BLOCKED_POLL);
        }
        assert_int_equal(trial.completed, 0);
        assert_int_equal(gw_sink_flush(trial.sink, 50, &trial.error), GW_TIMEOUT);
        trial.backend->unblock(trial.place);
        complete(&trial, sent);
        send_records(&trial, sent, sent + 3);
        complete(&trial, sent + 3);
        commit(&trial);
        assert_all_safe(&trial, 0, sent + 3);
        see(&trial, GW_OUTLET_RECORDS, sent + 3);
        free(large);
    }
    end_trial(&trial);
}

static void closing_does_not_wait_for_a_blocked_peer(void **state) {
    struct trial trial;
    start(&trial, state, true);
    if (trial.backend->block) {
        trial.backend->block(trial.place);
        send_records(&trial, 0, 3);
        int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
        gw_sink_close(trial.sink);
        trial.sink = NULL;
        assert_in_time(deadline, "the sink to close");
        trial.backend->unblock(trial.place);
    }
    end_trial(&trial);
}

/* What failed takes its transaction with it. */
static void start_over(struct trial *trial) {
    assert_int_equal(gw_sink_abort(trial->sink, SUITE_PATIENCE_MS, &trial->error), GW_OK);
    assert_int_equal(gw_sink_begin(trial->sink, &trial->error), GW_OK);
}

/* Sends one record; a transaction may fail for the peer's reasons, and then it is all done again. */
static void send_until_committed(struct trial *trial, size_t number) {
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    enum gw_status status = GW_AGAIN;
    while (status != GW_OK) {
        size_t done = trial->completed;
        send_records(trial, number, number + 1);
        complete(trial, done + 1);
        status = gw_sink_commit(trial->sink, NULL, SUITE_PATIENCE_MS, &trial->error);
        if (status != GW_OK) {
            assert_int_equal(gw_status_fault(status), GW_FAULT_PEER);
            assert_in_time(deadline, "a commit");
            start_over(trial);
        }
    }
}

static void a_message_that_is_too_large_is_the_inputs_fault(void **state) {
    struct trial trial;
    start(&trial, state, true);
    if (trial.backend->refuses_above > 0) {
        size_t size = trial.backend->refuses_above + 1;
        char *large = malloc(size);
        assert_non_null(large);
        memset(large, '1', size);
        struct gw_outgoing message = outgoing(GW_OUTLET_RECORDS, 1, (struct gw_str){large, size});
        enum gw_status status = gw_sink_send(trial.sink, &message, &trial.error);
        if (status == GW_OK) {
            complete(&trial, 1);
            status = trial.statuses[1];
        }
        assert_int_equal(gw_status_fault(status), GW_FAULT_INPUT);
        if (trial.completed > 0) {
            start_over(&trial);
        }
        send_until_committed(&trial, 2);
        assert_payload(see(&trial, GW_OUTLET_RECORDS, 1), record(2));
        free(large);
    }
    end_trial(&trial);
}

static void a_large_message_arrives_whole(void **state) {
    struct trial trial;
    start(&trial, state, true);
    size_t size = trial.backend->refuses_above > 0 ? trial.backend->refuses_above / 2 : (size_t)8 << 20;
    char *large = malloc(size);
    assert_non_null(large);
    memset(large, '1', size);
    struct gw_outgoing message = outgoing(GW_OUTLET_RECORDS, 1, (struct gw_str){large, size});
    send(&trial, &message);
    complete(&trial, 1);
    commit(&trial);
    assert_payload(see(&trial, GW_OUTLET_RECORDS, 1), (struct gw_str){large, size});
    free(large);
    end_trial(&trial);
}

static void keys_and_headers_arrive(void **state) {
    struct trial trial;
    start(&trial, state, true);
    const struct gw_header items[] = {{GW_STR("gw-position"), GW_STR("file:in/1")},
                                      {GW_STR("binary"), GW_STR("\0\xFF")},
                                      {GW_STR("empty"), {"", 0}}};
    struct gw_outgoing message = outgoing(GW_OUTLET_RECORDS, 1, GW_STR("{\"n\":1}"));
    message.key = GW_STR("some key");
    message.headers = (struct gw_headers){items, 3};
    send(&trial, &message);
    complete(&trial, 1);
    commit(&trial);
    const struct sink_seen *seen = see(&trial, GW_OUTLET_RECORDS, 1);
    assert_payload(seen, GW_STR("{\"n\":1}"));
    if (trial.backend->keys) {
        assert_true(gw_str_is(seen->key, "some key"));
    }
    for (size_t i = 0; i < 3 && trial.backend->headers; i++) {
        const struct gw_header *header = gw_headers_find(seen->headers, items[i].name.data);
        assert_non_null(header);
        assert_true(gw_str_eq(header->value, items[i].value));
    }
    end_trial(&trial);
}

static void a_message_without_payload_completes(void **state) {
    struct trial trial;
    start(&trial, state, true);
    const struct gw_header items[] = {{GW_STR("gw-position"), GW_STR("file:in/1")},
                                      {GW_STR("gw-skipped"), GW_STR("tombstone")}};
    struct gw_outgoing skip = outgoing(GW_OUTLET_DEAD_LETTERS, 1, (struct gw_str){NULL, 0});
    skip.headers = (struct gw_headers){items, 2};
    send(&trial, &skip);
    complete(&trial, 1);
    commit(&trial);
    assert_all_safe(&trial, 1, 2);
    if (trial.backend->headers) {
        const struct sink_seen *seen = see(&trial, GW_OUTLET_DEAD_LETTERS, 1);
        assert_int_equal(seen->payload.size, 0);
        assert_non_null(gw_headers_find(seen->headers, "gw-skipped"));
        assert_true(!trial.backend->null_payloads || seen->payload.data == NULL);
    }
    end_trial(&trial);
}

static void payloads_may_be_any_bytes(void **state) {
    struct trial trial;
    start(&trial, state, true);
    if (trial.backend->binary) {
        char bytes[256];
        for (size_t i = 0; i < sizeof bytes; i++) {
            bytes[i] = (char)i;
        }
        struct gw_outgoing message = outgoing(GW_OUTLET_RECORDS, 1, (struct gw_str){bytes, sizeof bytes});
        send(&trial, &message);
        complete(&trial, 1);
        commit(&trial);
        assert_payload(see(&trial, GW_OUTLET_RECORDS, 1), (struct gw_str){bytes, sizeof bytes});
    }
    end_trial(&trial);
}

static void what_completed_outlives_the_sink(void **state) {
    struct trial trial;
    start(&trial, state, true);
    send_records(&trial, 0, 10);
    complete(&trial, 10);
    commit(&trial);
    gw_sink_close(trial.sink);
    assert_int_equal(trial.backend->open(trial.place, true, &trial.sink, &trial.error), GW_OK);
    assert_int_equal(gw_sink_begin(trial.sink, &trial.error), GW_OK);
    send_records(&trial, 10, 11);
    complete(&trial, 11);
    commit(&trial);
    const struct sink_seen *seen = see(&trial, GW_OUTLET_RECORDS, 11);
    for (size_t i = 0; i < 11; i++) {
        assert_payload(&seen[i], record(i));
    }
    end_trial(&trial);
    gw_sink_close(NULL);
}

static void its_limit_is_known(void **state) {
    struct trial trial;
    start(&trial, state, true);
    assert_true(trial.sink->message_bytes_max >= trial.backend->refuses_above);
    assert_true(trial.sink->message_bytes_max > 0);
    assert_int_equal(trial.sink->ops->transactional, trial.backend->transactional);
    end_trial(&trial);
}

int sink_suite_run(const struct sink_backend *backend) {
    const char *reason = backend->unavailable ? backend->unavailable() : NULL;
    if (reason) {
        printf("skipped: %s\n", reason);
        return SUITE_SKIPPED;
    }
#define FOR_BACKEND(test) cmocka_unit_test_prestate(test, (void *)(uintptr_t)backend)
    const struct CMUnitTest tests[] = {
        FOR_BACKEND(each_message_completes_once_and_arrives_in_order),
        FOR_BACKEND(what_send_was_given_may_go_at_once),
        FOR_BACKEND(outlets_are_kept_apart),
        FOR_BACKEND(an_outlet_that_is_not_served_says_so),
        FOR_BACKEND(completions_wait_until_they_are_polled),
        FOR_BACKEND(commit_makes_all_of_it_visible),
        FOR_BACKEND(an_aborted_transaction_is_never_seen),
        FOR_BACKEND(begin_and_commit_may_be_repeated),
        FOR_BACKEND(a_sink_that_takes_nothing_pushes_back),
        FOR_BACKEND(closing_does_not_wait_for_a_blocked_peer),
        FOR_BACKEND(a_message_that_is_too_large_is_the_inputs_fault),
        FOR_BACKEND(a_large_message_arrives_whole),
        FOR_BACKEND(keys_and_headers_arrive),
        FOR_BACKEND(a_message_without_payload_completes),
        FOR_BACKEND(payloads_may_be_any_bytes),
        FOR_BACKEND(what_completed_outlives_the_sink),
        FOR_BACKEND(its_limit_is_known),
    };
#undef FOR_BACKEND
    return cmocka_run_group_tests_name(backend->name, tests, NULL, NULL);
}
