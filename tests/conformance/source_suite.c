/* Each test feeds numbered articles, takes them through the interface, and says what must hold for any
 * source. */
#include "conformance/source_suite.h"

#include "conformance/waiting.h"
#include "unit/unit.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#define LIMIT_BYTES  ((size_t)64 << 10) /* what sources are opened with, unless a test is about it */
#define MESSAGES_MAX 200
#define PAYLOAD_MAX  ((size_t)160 << 10)

/* How often a take is tried that must give nothing. */
#define QUIET_TAKES   10
#define QUIET_TAKE_MS 20

/* One test's place, its source, and what was taken and not settled yet. */
struct trial {
    const struct source_backend *backend;
    void *place;
    struct gw_source *source;
    unsigned revokes;
    bool closed; /* take has said GW_CLOSED */
    struct gw_message taken[MESSAGES_MAX];
    size_t count;
};

static void note_revoke(void *context, bool lost) {
    (void)lost;
    ((struct trial *)context)->revokes++;
}

static void make_place(struct trial *trial, void **state, size_t limit) {
    *trial = (struct trial){.backend = *state};
    trial->place = trial->backend->make(limit);
    assert_non_null(trial->place);
}

static void open_source(struct trial *trial) {
    struct gw_source_events events = {note_revoke, trial};
    struct gw_error error = {.detail = ""};
    enum gw_status status = trial->backend->open(trial->place, &events, &trial->source, &error);
    assert_string_equal(error.detail, "");
    assert_int_equal(status, GW_OK);
    trial->count = 0;
    trial->closed = false;
}

static void close_source(struct trial *trial) {
    gw_source_close(trial->source);
    trial->source = NULL;
    trial->count = 0;
}

static void end_trial(struct trial *trial) {
    close_source(trial);
    trial->backend->destroy(trial->place);
}

/* The article that bears this number, `pad` bytes longer than need be; the caller frees its data. */
static struct gw_str article(unsigned number, size_t pad) {
    char *text = malloc(pad + 96);
    assert_non_null(text);
    int head =
        snprintf(text, 96, "{\"id\":\"a-%u\",\"n\":%u,\"body\":\"Article %u. ", number, number, number);
    memset(text + head, 'x', pad);
    memcpy(text + (size_t)head + pad, "\"}", 3);
    return (struct gw_str){text, (size_t)head + pad + 2};
}

static void feed_one(struct trial *trial, const struct source_feed *feed) {
    trial->backend->feed(trial->place, feed, 1);
}

/* Feeds the articles `first` to `last` (not included). */
static void feed(struct trial *trial, unsigned first, unsigned last, size_t pad) {
    for (unsigned number = first; number < last; number++) {
        struct gw_str payload = article(number, pad);
        feed_one(trial, &(struct source_feed){.payload = payload});
        free((char *)(uintptr_t)payload.data);
    }
}

/* The payload has no terminator. */
static unsigned number_of(const struct gw_message *message) {
    unsigned number = UINT32_MAX;
    char digits[16];
    const char *end = message->payload.data + message->payload.size;
    const char *at = memmem(message->payload.data, message->payload.size, "\"n\":", 4);
    assert_non_null(at);
    snprintf(digits, sizeof digits, "%.*s", (int)(end - at - 4 < 15 ? end - at - 4 : 15), at + 4);
    assert_int_equal(sscanf(digits, "%u", &number), 1);
    return number;
}

static void assert_is_article(const struct gw_message *message, unsigned number, size_t pad) {
    struct gw_str expected = article(number, pad);
    assert_int_equal(message->refused, GW_OK);
    assert_int_equal(message->payload.size, expected.size);
    assert_memory_equal(message->payload.data, expected.data, expected.size);
    assert_int_equal(message->full_size, expected.size);
    free((char *)(uintptr_t)expected.data);
}

/* One take after a short wait; remembers what it gave. */
static size_t take_once(struct trial *trial, size_t capacity, int wait_ms) {
    struct gw_error error = {.detail = ""};
    size_t count = 0;
    capacity = capacity < MESSAGES_MAX - trial->count ? capacity : MESSAGES_MAX - trial->count;
    wait_readable(gw_source_fd(trial->source), wait_ms);
    enum gw_status status =
        gw_source_take(trial->source, trial->taken + trial->count, capacity, &count, &error);
    if (status == GW_CLOSED) {
        assert_true(trial->backend->ends);
        trial->closed = true;
    } else if (status != GW_OK) {
        assert_string_equal(error.detail, "");
    }
    assert_true(count <= capacity);
    trial->count += count;
    return count;
}

/* Takes until `wanted` messages are there that are not settled; fails when they do not come in time. */
static void take(struct trial *trial, size_t wanted) {
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    while (trial->count < wanted && !trial->closed) {
        size_t left = wanted - trial->count;
        take_once(trial, left < 7 ? left : 7, GW_SOURCE_POLL_MS);
        assert_in_time(deadline, "messages");
    }
    assert_int_equal(trial->count, wanted);
}

static void settle_one(struct trial *trial, size_t index, enum gw_outcome outcome) {
    struct gw_error error = {.detail = ""};
    enum gw_status status = gw_source_settle(trial->source, trial->taken[index].receipt, outcome, &error);
    assert_string_equal(error.detail, "");
    assert_int_equal(status, GW_OK);
}

static void settle_all(struct trial *trial) {
    for (size_t i = 0; i < trial->count; i++) {
        settle_one(trial, i, GW_OUTCOME_RECORD);
    }
    trial->count = 0;
}

/* Opens a source on the articles 0 to `count`. */
static void start_with(struct trial *trial, void **state, unsigned count, size_t pad) {
    make_place(trial, state, LIMIT_BYTES);
    feed(trial, 0, count, pad);
    open_source(trial);
}

static void every_message_comes_whole(void **state) {
    struct trial trial;
    bool seen[100] = {false};
    start_with(&trial, state, 100, 100);
    take(&trial, 100);
    for (size_t i = 0; i < 100; i++) {
        unsigned number = number_of(&trial.taken[i]);
        assert_true(number < 100);
        assert_is_article(&trial.taken[i], number, 100);
        assert_false(seen[number]);
        seen[number] = true;
        if (trial.backend->in_order) {
            assert_int_equal(number, i);
        }
    }
    settle_all(&trial);
    end_trial(&trial);
}

static void each_message_has_a_position_of_its_own(void **state) {
    struct trial trial;
    static char texts[40][GW_POSITION_TEXT_MAX];
    start_with(&trial, state, 40, 0);
    take(&trial, 40);
    for (size_t i = 0; i < 40; i++) {
        char name[GW_POSITION_TEXT_MAX];
        struct gw_position back;
        const struct gw_position *position = &trial.taken[i].position;
        size_t size = gw_position_format(position, texts[i]);
        assert_int_equal(gw_position_parse((struct gw_str){texts[i], size}, &back, name), GW_OK);
        assert_int_equal(back.kind, position->kind);
        assert_int_equal(back.number, position->number);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(texts[i], texts[j]);
        }
    }
    settle_all(&trial);
    end_trial(&trial);
}

static void take_gives_at_most_what_is_asked_for(void **state) {
    struct trial trial;
    start_with(&trial, state, 10, 0);
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    while (trial.count < 10) {
        assert_true(take_once(&trial, 3, GW_SOURCE_POLL_MS) <= 3);
        assert_in_time(deadline, "messages");
    }
    settle_all(&trial);
    end_trial(&trial);
}

static void messages_live_until_they_are_settled(void **state) {
    struct trial trial;
    start_with(&trial, state, 60, 3000);
    take(&trial, 60);
    for (size_t i = 60; i-- > 0;) {
        assert_is_article(&trial.taken[i], number_of(&trial.taken[i]), 3000);
        settle_one(&trial, i, GW_OUTCOME_RECORD);
    }
    end_trial(&trial);
}

static void nothing_to_take_is_no_failure(void **state) {
    struct trial trial;
    start_with(&trial, state, 1, 0);
    take(&trial, 1);
    for (int i = 0; i < QUIET_TAKES; i++) {
        assert_int_equal(take_once(&trial, 1, QUIET_TAKE_MS), 0);
        assert_false(trial.closed);
    }
    settle_all(&trial);
    end_trial(&trial);
}

static void the_end_is_said_when_all_is_settled(void **state) {
    struct trial trial;
    start_with(&trial, state, 3, 0);
    if (trial.backend->ends) {
        take(&trial, 3);
        take_once(&trial, 1, QUIET_TAKE_MS);
        assert_false(trial.closed);
        settle_all(&trial);
        take_once(&trial, 1, QUIET_TAKE_MS);
        assert_true(trial.closed);
        take_once(&trial, 1, QUIET_TAKE_MS);
        assert_true(trial.closed);
    }
    end_trial(&trial);
}

static void a_retried_message_comes_again(void **state) {
    struct trial trial;
    start_with(&trial, state, 5, 10);
    take(&trial, 5);
    unsigned number = number_of(&trial.taken[2]);
    char before[GW_POSITION_TEXT_MAX], after[GW_POSITION_TEXT_MAX];
    gw_position_format(&trial.taken[2].position, before);
    settle_one(&trial, 2, GW_OUTCOME_RETRY);
    take(&trial, 6);
    assert_is_article(&trial.taken[5], number, 10);
    assert_true(trial.taken[5].redelivered);
    gw_position_format(&trial.taken[5].position, after);
    assert_string_equal(before, after);
    const size_t left[] = {0, 1, 3, 4, 5};
    for (size_t i = 0; i < 5; i++) {
        settle_one(&trial, left[i], GW_OUTCOME_RECORD);
    }
    end_trial(&trial);
}

static bool all_came(const bool *settled, const bool *came, unsigned count) {
    for (unsigned number = 0; number < count; number++) {
        if (!settled[number] && !came[number]) {
            return false;
        }
    }
    return true;
}

/* Feeds article `count`, opens the source anew, and takes until that one and all that were not settled have
 * come; marks which ones came. */
static void restart_and_take(struct trial *trial, unsigned count, const bool *settled, bool *came) {
    close_source(trial);
    feed(trial, count, count + 1, 10);
    open_source(trial);
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    while (!all_came(settled, came, count + 1)) {
        size_t from = trial->count;
        take_once(trial, 7, GW_SOURCE_POLL_MS);
        for (size_t i = from; i < trial->count; i++) {
            unsigned number = number_of(&trial->taken[i]);
            assert_is_article(&trial->taken[i], number, 10);
            came[number] = true;
        }
        assert_in_time(deadline, "messages after a restart");
    }
}

static void every_outcome_but_retry_is_final(void **state) {
    struct trial trial;
    bool came[10] = {false}, settled[10] = {false};
    const enum gw_outcome outcomes[] = {GW_OUTCOME_RECORD, GW_OUTCOME_DEAD_LETTER, GW_OUTCOME_SKIPPED};
    start_with(&trial, state, 9, 10);
    take(&trial, 9);
    for (size_t i = 0; i < 9; i++) {
        settled[i] = true;
        settle_one(&trial, i, outcomes[i % 3]);
    }
    restart_and_take(&trial, 9, settled, came);
    for (unsigned number = 0; number < 9; number++) {
        assert_false(came[number]);
    }
    settle_all(&trial);
    end_trial(&trial);
}

/* Which of those that were settled behind a gap come again is the source's affair. */
static void unsettled_messages_come_again_after_a_restart(void **state) {
    struct trial trial;
    bool came[11] = {false}, settled[11] = {false};
    start_with(&trial, state, 10, 10);
    take(&trial, 10);
    const size_t done[] = {1, 0, 2, 5};
    for (size_t i = 0; i < 4; i++) {
        settled[number_of(&trial.taken[done[i]])] = true;
        settle_one(&trial, done[i], GW_OUTCOME_RECORD);
    }
    restart_and_take(&trial, 10, settled, came);
    if (trial.backend->in_order) {
        assert_false(came[0] || came[1] || came[2]);
    }
    settle_all(&trial);
    end_trial(&trial);
}

static void a_paused_source_gives_nothing_new(void **state) {
    struct trial trial;
    start_with(&trial, state, 5, 0);
    assert_int_equal(gw_source_pause(trial.source, NULL), GW_OK);
    assert_int_equal(gw_source_pause(trial.source, NULL), GW_OK);
    for (int i = 0; i < QUIET_TAKES; i++) {
        assert_int_equal(take_once(&trial, 7, QUIET_TAKE_MS), 0);
        assert_false(trial.closed);
    }
    assert_int_equal(gw_source_resume(trial.source, NULL), GW_OK);
    assert_int_equal(gw_source_resume(trial.source, NULL), GW_OK);
    take(&trial, 5);
    assert_int_equal(gw_source_pause(trial.source, NULL), GW_OK);
    settle_all(&trial);
    assert_int_equal(take_once(&trial, 7, QUIET_TAKE_MS), 0);
    end_trial(&trial);
}

static void pausing_in_the_middle_loses_nothing(void **state) {
    struct trial trial;
    bool seen[50] = {false};
    start_with(&trial, state, 50, 10);
    take(&trial, 1);
    assert_int_equal(gw_source_pause(trial.source, NULL), GW_OK);
    size_t before = trial.count;
    for (int i = 0; i < QUIET_TAKES; i++) {
        take_once(&trial, 7, QUIET_TAKE_MS);
    }
    assert_int_equal(trial.count, before);
    assert_int_equal(gw_source_resume(trial.source, NULL), GW_OK);
    take(&trial, 50);
    for (size_t i = 0; i < 50; i++) {
        seen[number_of(&trial.taken[i])] = true;
    }
    for (size_t i = 0; i < 50; i++) {
        assert_true(seen[i]);
    }
    settle_all(&trial);
    end_trial(&trial);
}

static void a_message_above_the_limit_is_refused_and_not_lost(void **state) {
    struct trial trial;
    make_place(&trial, state, 4000);
    struct gw_str large = article(1, 100000);
    feed(&trial, 0, 1, 10);
    feed_one(&trial, &(struct source_feed){.payload = large});
    feed(&trial, 2, 3, 10);
    open_source(&trial);
    take(&trial, 3);
    size_t refused = 0;
    for (size_t i = 0; i < 3; i++) {
        const struct gw_message *message = &trial.taken[i];
        if (message->refused == GW_OK) {
            assert_is_article(message, number_of(message), 10);
            settle_one(&trial, i, GW_OUTCOME_RECORD);
            continue;
        }
        refused++;
        assert_int_equal(message->refused, GW_TOO_LARGE);
        assert_int_equal(message->full_size, large.size);
        assert_true(message->payload.size > 0 && message->payload.size < large.size);
        assert_memory_equal(message->payload.data, large.data, message->payload.size);
        settle_one(&trial, i, GW_OUTCOME_DEAD_LETTER);
    }
    assert_int_equal(refused, 1);
    free((char *)(uintptr_t)large.data);
    end_trial(&trial);
}

static void a_message_of_exactly_the_limit_is_taken(void **state) {
    struct trial trial;
    struct gw_str exact = article(0, 3000);
    make_place(&trial, state, exact.size);
    feed_one(&trial, &(struct source_feed){.payload = exact});
    open_source(&trial);
    take(&trial, 1);
    assert_is_article(&trial.taken[0], 0, 3000);
    settle_all(&trial);
    free((char *)(uintptr_t)exact.data);
    end_trial(&trial);
}

static void keys_come_along(void **state) {
    struct trial trial;
    make_place(&trial, state, LIMIT_BYTES);
    if (trial.backend->keys) {
        feed_one(&trial, &(struct source_feed){.payload = GW_STR("{\"n\":1}"), .key = GW_STR("key\0of 1")});
        feed_one(&trial, &(struct source_feed){.payload = GW_STR("{\"n\":2}")});
        open_source(&trial);
        take(&trial, 2);
        for (size_t i = 0; i < 2; i++) {
            struct gw_str key = trial.taken[i].key;
            assert_true(number_of(&trial.taken[i]) == 1 ? gw_str_eq(key, GW_STR("key\0of 1"))
                                                        : key.data == NULL);
        }
        settle_all(&trial);
    }
    end_trial(&trial);
}

static void headers_come_along(void **state) {
    struct trial trial;
    make_place(&trial, state, LIMIT_BYTES);
    if (trial.backend->headers) {
        const struct gw_header items[] = {{GW_STR("trace-id"), GW_STR("4f\0a")},
                                          {GW_STR("empty"), {"", 0}},
                                          {GW_STR("content-type"), GW_STR("application/json")}};
        feed_one(&trial, &(struct source_feed){.payload = GW_STR("{\"n\":1}"), .headers = {items, 3}});
        open_source(&trial);
        take(&trial, 1);
        struct gw_headers headers = trial.taken[0].headers;
        for (size_t i = 0; i < 3; i++) {
            const struct gw_header *header = gw_headers_find(headers, items[i].name.data);
            assert_non_null(header);
            assert_true(gw_str_eq(header->value, items[i].value));
        }
        settle_all(&trial);
    }
    end_trial(&trial);
}

static void a_null_value_is_told_from_an_empty_one(void **state) {
    struct trial trial;
    make_place(&trial, state, LIMIT_BYTES);
    if (trial.backend->tombstones) {
        feed_one(&trial, &(struct source_feed){.key = GW_STR("gone")});
        feed_one(&trial, &(struct source_feed){.payload = {"", 0}, .key = GW_STR("empty")});
        open_source(&trial);
        take(&trial, 2);
        for (size_t i = 0; i < 2; i++) {
            const struct gw_message *message = &trial.taken[i];
            assert_int_equal(message->payload.size, 0);
            assert_int_equal(message->payload.data == NULL, gw_str_is(message->key, "gone"));
        }
        settle_all(&trial);
    }
    end_trial(&trial);
}

static void payloads_may_be_any_bytes(void **state) {
    struct trial trial;
    make_place(&trial, state, LIMIT_BYTES);
    if (trial.backend->binary) {
        char bytes[256];
        for (size_t i = 0; i < sizeof bytes; i++) {
            bytes[i] = (char)i;
        }
        feed_one(&trial, &(struct source_feed){.payload = {bytes, sizeof bytes}});
        feed_one(&trial, &(struct source_feed){.payload = {"", 0}});
        open_source(&trial);
        take(&trial, 2);
        size_t first = trial.taken[0].payload.size > 0 ? 0 : 1;
        assert_int_equal(trial.taken[first].payload.size, sizeof bytes);
        assert_memory_equal(trial.taken[first].payload.data, bytes, sizeof bytes);
        assert_int_equal(trial.taken[1 - first].payload.size, 0);
        settle_all(&trial);
    }
    end_trial(&trial);
}

static void it_says_when_it_is_ready(void **state) {
    struct trial trial;
    start_with(&trial, state, 0, 0);
    int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
    while (!gw_source_ready(trial.source)) {
        take_once(&trial, 1, QUIET_TAKE_MS);
        assert_in_time(deadline, "the source to be ready");
    }
    end_trial(&trial);
}

static void its_descriptor_tells_of_a_message(void **state) {
    struct trial trial;
    make_place(&trial, state, LIMIT_BYTES);
    if (!trial.backend->ends) {
        feed(&trial, 0, 1, 0);
        open_source(&trial);
        take(&trial, 1);
        settle_all(&trial);
        while (take_once(&trial, 1, QUIET_TAKE_MS) > 0 || wait_readable(gw_source_fd(trial.source), 0)) {
        }
        feed(&trial, 1, 2, 0);
        int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
        while (!wait_readable(gw_source_fd(trial.source), 1)) {
            assert_in_time(deadline, "the descriptor to be readable");
        }
        take(&trial, 1);
        settle_all(&trial);
    }
    end_trial(&trial);
}

static void positions_are_given_or_unsupported(void **state) {
    struct trial trial;
    struct gw_positions *positions = NULL;
    start_with(&trial, state, 2, 0);
    take(&trial, 2);
    settle_all(&trial);
    enum gw_status status = gw_source_positions(trial.source, &positions, NULL);
    assert_int_equal(status, trial.backend->positions ? GW_OK : GW_UNSUPPORTED);
    assert_int_equal(positions != NULL, trial.backend->positions);
    gw_positions_free(positions);
    end_trial(&trial);
}

static void closing_gives_back_what_was_not_settled(void **state) {
    struct trial trial;
    start_with(&trial, state, 20, 1000);
    take(&trial, 20);
    settle_one(&trial, 3, GW_OUTCOME_RETRY);
    settle_one(&trial, 0, GW_OUTCOME_RECORD);
    end_trial(&trial);
    gw_source_close(NULL);
}

static void receipts_of_lost_partitions_are_ignored(void **state) {
    struct trial trial;
    start_with(&trial, state, 20, 10);
    if (trial.backend->revokes) {
        take(&trial, 20);
        trial.backend->revoke(trial.place);
        int64_t deadline = deadline_in(SUITE_PATIENCE_MS);
        while (trial.revokes == 0) {
            take_once(&trial, 7, GW_SOURCE_POLL_MS);
            assert_in_time(deadline, "partitions to be revoked");
        }
        for (size_t i = 0; i < 20; i++) {
            settle_one(&trial, i, GW_OUTCOME_RECORD);
        }
        feed(&trial, 20, 21, 10);
        size_t from = 20;
        while (from == trial.count || number_of(&trial.taken[from++]) != 20) {
            take_once(&trial, from == trial.count, GW_SOURCE_POLL_MS);
            assert_in_time(deadline, "a message after the revoke");
        }
    }
    end_trial(&trial);
}

int source_suite_run(const struct source_backend *backend) {
    const char *reason = backend->unavailable ? backend->unavailable() : NULL;
    if (reason) {
        printf("skipped: %s\n", reason);
        return SUITE_SKIPPED;
    }
#define FOR_BACKEND(test) cmocka_unit_test_prestate(test, (void *)(uintptr_t)backend)
    const struct CMUnitTest tests[] = {
        FOR_BACKEND(every_message_comes_whole),
        FOR_BACKEND(each_message_has_a_position_of_its_own),
        FOR_BACKEND(take_gives_at_most_what_is_asked_for),
        FOR_BACKEND(messages_live_until_they_are_settled),
        FOR_BACKEND(nothing_to_take_is_no_failure),
        FOR_BACKEND(the_end_is_said_when_all_is_settled),
        FOR_BACKEND(a_retried_message_comes_again),
        FOR_BACKEND(every_outcome_but_retry_is_final),
        FOR_BACKEND(unsettled_messages_come_again_after_a_restart),
        FOR_BACKEND(a_paused_source_gives_nothing_new),
        FOR_BACKEND(pausing_in_the_middle_loses_nothing),
        FOR_BACKEND(a_message_above_the_limit_is_refused_and_not_lost),
        FOR_BACKEND(a_message_of_exactly_the_limit_is_taken),
        FOR_BACKEND(keys_come_along),
        FOR_BACKEND(headers_come_along),
        FOR_BACKEND(a_null_value_is_told_from_an_empty_one),
        FOR_BACKEND(payloads_may_be_any_bytes),
        FOR_BACKEND(it_says_when_it_is_ready),
        FOR_BACKEND(its_descriptor_tells_of_a_message),
        FOR_BACKEND(positions_are_given_or_unsupported),
        FOR_BACKEND(closing_gives_back_what_was_not_settled),
        FOR_BACKEND(receipts_of_lost_partitions_are_ignored),
    };
#undef FOR_BACKEND
    return cmocka_run_group_tests_name(backend->name, tests, NULL, NULL);
}
