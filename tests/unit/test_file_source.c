/* Files, pipes and standard input as a source. */
#include "ingest/file_source.h"

#include "unit/failing_allocator.h"
#include "unit/unit.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIMIT ((size_t)1 << 20)

struct room {
    char directory[64];
    char file[96], other[96], state[96];
};

static int make_room(void **state) {
    struct room *room = calloc(1, sizeof *room);
    snprintf(room->directory, sizeof room->directory, "/tmp/gw_file_source_XXXXXX");
    assert_non_null(mkdtemp(room->directory));
    snprintf(room->file, sizeof room->file, "%s/articles", room->directory);
    snprintf(room->other, sizeof room->other, "%s/others.jsonl", room->directory);
    snprintf(room->state, sizeof room->state, "%s/state", room->directory);
    *state = room;
    return 0;
}

static int clear_room(void **state) {
    struct room *room = *state;
    unlink(room->file);
    unlink(room->other);
    unlink(room->state);
    assert_int_equal(rmdir(room->directory), 0);
    free(room);
    return 0;
}

static void write_file(const char *path, const char *mode, const void *bytes, size_t size) {
    FILE *file = fopen(path, mode);
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void write_text(const char *path, const char *text) {
    write_file(path, "w", text, strlen(text));
}

static struct gw_source *open_one(struct gw_file_source_settings *settings, const char *const *path) {
    struct gw_source *source;
    struct gw_error error;
    settings->paths = path;
    settings->path_count = 1;
    settings->message_bytes_max = settings->message_bytes_max ? settings->message_bytes_max : LIMIT;
    if (gw_file_source_open(settings, &source, &error) != GW_OK) {
        fail_msg("%s", error.detail);
    }
    return source;
}

/* The next message, which must be there. */
static struct gw_message take_one(struct gw_source *source) {
    struct gw_message message;
    size_t count;
    struct gw_error error;
    assert_int_equal(gw_source_take(source, &message, 1, &count, &error), GW_OK);
    assert_int_equal(count, 1);
    return message;
}

static void settle(struct gw_source *source, const struct gw_message *message, enum gw_outcome outcome) {
    assert_int_equal(gw_source_settle(source, message->receipt, outcome, NULL), GW_OK);
}

static void expect(struct gw_source *source, const char *payload, int64_t byte, uint64_t line) {
    struct gw_message message = take_one(source);
    assert_int_equal(message.payload.size, strlen(payload));
    assert_memory_equal(message.payload.data, payload, message.payload.size);
    assert_int_equal(message.position.kind, GW_POSITION_FILE);
    assert_int_equal(message.position.number, byte);
    assert_int_equal(gw_file_source_line(source, &message), line);
    assert_int_equal(message.refused, GW_OK);
    assert_int_equal(message.full_size, message.payload.size);
    settle(source, &message, GW_OUTCOME_RECORD);
}

static void expect_end(struct gw_source *source) {
    struct gw_message message;
    size_t count = 9;
    assert_int_equal(gw_source_take(source, &message, 1, &count, NULL), GW_CLOSED);
    assert_int_equal(count, 0);
    gw_source_close(source);
}

static void lines_are_articles(void **state) {
    struct room *room = *state;
    const char *path = room->file;
    struct gw_file_source_settings settings = {0};
    write_text(path, "{\"id\":1}\n\n{\"id\":2}\r\n  \t\r\n{\"id\": }\n{\"id\":4}");
    struct gw_source *source = open_one(&settings, &path);
    assert_string_equal(source->ops->name, "file");
    expect(source, "{\"id\":1}", 0, 1);
    expect(source, "{\"id\":2}", 10, 3);
    expect(source, "{\"id\": }", 25, 5);
    expect(source, "{\"id\":4}", 34, 6);
    expect_end(source);
}

static void a_byte_order_mark_is_no_content(void **state) {
    struct room *room = *state;
    const char *path = room->file;
    struct gw_file_source_settings settings = {0};
    write_text(path, "\xef\xbb\xbf{}\n");
    struct gw_source *source = open_one(&settings, &path);
    expect(source, "{}", 3, 1);
    expect_end(source);
}

static void an_empty_file_has_no_messages(void **state) {
    struct room *room = *state;
    const char *path = room->file;
    static const char *const contents[] = {"", " ", "\n\n \r\n"};
    for (size_t i = 0; i < 3; i++) {
        struct gw_file_source_settings settings = {0};
        write_text(path, contents[i]);
        expect_end(open_one(&settings, &path));
    }
}

static void empty_text_is_an_empty_message(void **state) {
    struct room *room = *state;
    const char *path = room->file;
    struct gw_file_source_settings settings = {.format = GW_FILE_TEXT};
    write_text(path, "");
    struct gw_source *source = open_one(&settings, &path);
    struct gw_message message = take_one(source);
    assert_non_null(message.payload.data);
    assert_int_equal(message.payload.size, 0);
    settle(source, &message, GW_OUTCOME_DEAD_LETTER);
    expect_end(source);
}

static void values_are_articles(void **state) {
    struct room *room = *state;
    const char *path = room->file;
    struct gw_file_source_settings settings = {0};
    write_text(path, "\x81\xa2id\x01\x81\xa1k\x92\x01\x02\x81\xa2id");
    struct gw_source *source = open_one(&settings, &path);
    expect(source, "\x81\xa2id\x01", 0, 1);
    expect(source, "\x81\xa1k\x92\x01\x02", 5, 2);
    expect(source, "\x81\xa2id", 11, 3); /* the file was cut here */
    expect_end(source);
}

static void behind_a_malformed_value_nothing_is_trusted(void **state) {
    struct room *room = *state;
    const char *path = room->file;
    static const char *const rests[] = {"\x82\xa1k\xc1\x81\x01\x02", "plain text, no article"};
    for (size_t i = 0; i < 2; i++) {
        struct gw_file_source_settings settings = {.format = GW_FILE_MSGPACK};
        write_text(path, "\x81\x01\x02");
        write_file(path, "a", rests[i], strlen(rests[i]));
        struct gw_source *source = open_one(&settings, &path);
        expect(source, "\x81\x01\x02", 0, 1);
        expect(source, rests[i], 3, 2);
        expect_end(source);
    }
}

static void a_text_file_is_one_article(void **state) {
    struct room *room = *state;
    const char *path = room->file;
    static const struct {
        const char *text, *type;
    } cases[] = {{"Rain fell.\n\nIt stopped.\n", "text/plain"},
                 {" <!DOCTYPE HTML><p>Rain</p>", "text/html"},
                 {"<HTML lang=en>", "text/html"},
                 {"<", "text/plain"}};
    for (size_t i = 0; i < 4; i++) {
        struct gw_file_source_settings settings = {0};
        write_text(path, cases[i].text);
        struct gw_source *source = open_one(&settings, &path);
        struct gw_message message = take_one(source);
        assert_true(gw_file_source_is_text(source, &message));
        assert_true(gw_str_is(message.payload, cases[i].text));
        assert_int_equal(message.headers.count, 1);
        assert_true(gw_str_is(message.headers.items[0].name, GW_HEADER_CONTENT_TYPE));
        assert_true(gw_str_is(message.headers.items[0].value, cases[i].type));
        settle(source, &message, GW_OUTCOME_RECORD);
        expect_end(source);
    }
}

static void an_object_over_several_lines_is_one_article(void **state) {
    struct room *room = *state;
    const char *path = room->file;
    struct gw_file_source_settings settings = {0};
    write_text(path, "{ \r\n  \"id\": 1\n}\n");
    struct gw_source *source = open_one(&settings, &path);
    expect(source, "{ \r\n  \"id\": 1\n}\n", 0, 1);
    expect_end(source);
}

static void the_name_decides_the_format(void **state) {
    struct room *room = *state;
    const char *path = room->other; /* .jsonl */
    struct gw_file_source_settings settings = {0};
    write_text(path, "no json\n[1]\n");
    struct gw_source *source = open_one(&settings, &path);
    expect(source, "no json", 0, 1);
    expect(source, "[1]", 8, 2);
    expect_end(source);
}

static void files_come_one_after_another(void **state) {
    struct room *room = *state;
    const char *paths[] = {room->file, room->other};
    struct gw_file_source_settings settings = {.paths = paths, .path_count = 2, .message_bytes_max = LIMIT};
    struct gw_source *source;
    struct gw_message messages[5];
    size_t count;
    write_text(paths[0], "Some text.");
    write_text(paths[1], "{}\n{}\n");
    assert_int_equal(gw_file_source_open(&settings, &source, NULL), GW_OK);
    assert_int_equal(gw_source_fd(source), -1);
    assert_true(gw_source_ready(source));
    assert_int_equal(gw_source_take(source, messages, 5, &count, NULL), GW_OK);
    assert_int_equal(count, 3);
    assert_true(gw_file_source_is_text(source, &messages[0]));
    assert_false(gw_file_source_is_text(source, &messages[1]));
    assert_true(gw_str_is(messages[0].position.name, paths[0]));
    assert_true(gw_str_is(messages[2].position.name, paths[1]));
    for (size_t i = 0; i < 3; i++) {
        settle(source, &messages[2 - i], GW_OUTCOME_RECORD);
    }
    expect_end(source);
}

/* `size` bytes of one line or value, whose head is `head`, between two small ones. */
static void write_large(const char *path, const char *before, const char *head, size_t size,
                        const char *after) {
    char *large = malloc(size);
    memset(large, 'x', size);
    memcpy(large, head, strlen(head));
    write_text(path, before);
    write_file(path, "a", large, size);
    write_file(path, "a", after, strlen(after));
    free(large);
}

static void expect_refused(struct gw_source *source, size_t shown, size_t full) {
    struct gw_message message = take_one(source);
    assert_int_equal(message.refused, GW_TOO_LARGE);
    assert_int_equal(message.payload.size, shown);
    assert_int_equal(message.full_size, full);
    assert_int_equal(message.payload.data[shown - 1], 'x');
    settle(source, &message, GW_OUTCOME_DEAD_LETTER);
}

static void lines_above_the_limit_are_refused(void **state) {
    struct room *room = *state;
    const char *path = room->file;
    static const size_t limits[] = {100, 100000, 300000};
    static const char *const ends[] = {"\n{}\n", "\r\n{}\n"};
    for (size_t i = 0; i < 6; i++) {
        size_t limit = limits[i / 2];
        struct gw_file_source_settings settings = {.message_bytes_max = limit};
        size_t shown = limit < 65536 ? limit : 65536;
        for (size_t over = 0; over < 3; over++) {
            write_large(path, "{}\n", "{", limit + over, ends[i % 2]);
            struct gw_source *source = open_one(&settings, &path);
            expect(source, "{}", 0, 1);
            if (over == 0) {
                struct gw_message message = take_one(source);
                assert_int_equal(message.refused, GW_OK);
                assert_int_equal(message.payload.size, limit);
                settle(source, &message, GW_OUTCOME_RECORD);
            } else {
                expect_refused(source, shown, limit + over);
            }
            expect(source, "{}", (int64_t)(3 + limit + over + strlen(ends[i % 2]) - 3), 3);
            expect_end(source);
        }
    }
}

static void a_huge_line_is_never_held_whole(void **state) {
    struct room *room = *state;
    const char *path = room->file;
    struct failing_allocator failing = {.fail_at = FAILING_NEVER};
    struct gw_allocator allocator = failing_allocator(&failing);
    struct gw_file_source_settings settings = {.message_bytes_max = 100000, .allocator = &allocator};
    size_t full = (size_t)30 << 20;
    write_large(path, "{}\n", "{", full, "\r\n{}");
    struct gw_source *source = open_one(&settings, &path);
    expect(source, "{}", 0, 1);
    expect_refused(source, 65536, full);
    expect(source, "{}", (int64_t)(3 + full + 2), 3);
    expect_end(source);
    assert_true(failing.peak < (size_t)2 << 20);
    assert_int_equal(failing.in_use, 0);
}

static void values_above_the_limit_are_refused(void **state) {
    struct room *room = *state;
    const char *path = room->file;
    struct gw_file_source_settings settings = {.message_bytes_max = 1000};
    /* A map of one pair whose value is a string of 0x00090000 bytes. */
    char head[] = "\x81\xa1k\xdb\x01\x09\x01\x01";
    size_t full = 8 + 0x01090101;
    write_large(path, "\x81\x01\x02", head, full, "\x81\x03\x04");
    struct gw_source *source = open_one(&settings, &path);
    expect(source, "\x81\x01\x02", 0, 1);
    expect_refused(source, 1000, full);
    expect(source, "\x81\x03\x04", (int64_t)(3 + full), 3);
    expect_end(source);
}

static void text_above_the_limit_is_refused(void **state) {
    struct room *room = *state;
    const char *path = room->file;
    struct gw_file_source_settings settings = {.message_bytes_max = 200000};
    write_large(path, "A", "", 5000000, "");
    struct gw_source *source = open_one(&settings, &path);
    expect_refused(source, 65536, 5000001);
    expect_end(source);
}

static void what_is_asked_for_again_comes_again(void **state) {
    struct room *room = *state;
    const char *path = room->file;
    struct gw_file_source_settings settings = {.format = GW_FILE_JSONL};
    write_text(path, "a\nb\n");
    struct gw_source *source = open_one(&settings, &path);
    struct gw_message first = take_one(source);
    assert_false(first.redelivered);
    settle(source, &first, GW_OUTCOME_RETRY);
    struct gw_message again = take_one(source);
    assert_true(again.redelivered);
    assert_int_equal(again.receipt, first.receipt);
    assert_true(gw_str_is(again.payload, "a"));
    settle(source, &again, GW_OUTCOME_RECORD);
    settle(source, &again, GW_OUTCOME_RETRY); /* a stale receipt */
    expect(source, "b", 2, 2);
    expect_end(source);
}

static void the_end_waits_for_all_receipts(void **state) {
    struct room *room = *state;
    const char *path = room->file;
    struct gw_file_source_settings settings = {.format = GW_FILE_JSONL};
    struct gw_message none;
    size_t count;
    write_text(path, "a");
    struct gw_source *source = open_one(&settings, &path);
    struct gw_message message = take_one(source);
    assert_int_equal(gw_source_take(source, &none, 1, &count, NULL), GW_OK);
    assert_int_equal(count, 0);
    struct pollfd wanted = {.fd = gw_source_fd(source), .events = POLLIN};
    assert_true(wanted.fd >= 0);
    assert_int_equal(poll(&wanted, 1, 0), 0);
    settle(source, &message, GW_OUTCOME_SKIPPED);
    assert_int_equal(gw_source_fd(source), -1);
    expect_end(source);
}

static void pause_holds_back(void **state) {
    struct room *room = *state;
    const char *path = room->file;
    struct gw_file_source_settings settings = {.format = GW_FILE_JSONL};
    struct gw_message message;
    size_t count;
    write_text(path, "a");
    struct gw_source *source = open_one(&settings, &path);
    assert_int_equal(gw_source_pause(source, NULL), GW_OK);
    assert_int_equal(gw_source_take(source, &message, 1, &count, NULL), GW_OK);
    assert_int_equal(count, 0);
    assert_true(gw_source_fd(source) >= 0);
    assert_int_equal(gw_source_resume(source, NULL), GW_OK);
    expect(source, "a", 0, 1);
    expect_end(source);
}

static void a_pipe_is_read_as_it_comes(void **state) {
    struct room *room = *state;
    const char *path = room->file;
    struct gw_file_source_settings settings = {.state_path = room->state};
    struct gw_message message;
    size_t count;
    assert_int_equal(mkfifo(path, 0600), 0);
    struct gw_source *source = open_one(&settings, &path);
    assert_int_equal(gw_source_take(source, &message, 1, &count, NULL), GW_OK); /* no writer: no wait */
    assert_int_equal(count, 0);
    FILE *writer = fopen(path, "w");
    assert_non_null(writer);
    assert_true(fputs("{\"id\":1}\n{\"i", writer) >= 0);
    assert_int_equal(fflush(writer), 0);
    struct pollfd wanted = {.fd = gw_source_fd(source), .events = POLLIN};
    assert_int_equal(poll(&wanted, 1, 1000), 1);
    expect(source, "{\"id\":1}", 0, 1);
    assert_int_equal(gw_source_take(source, &message, 1, &count, NULL), GW_OK);
    assert_int_equal(count, 0);
    assert_true(fputs("d\":2}", writer) >= 0);
    assert_int_equal(fclose(writer), 0);
    expect(source, "{\"id\":2}", 9, 2);
    expect_end(source);
    write_text(room->state, "");
}

static void settled_messages_are_not_read_again(void **state) {
    struct room *room = *state;
    const char *path = room->other;
    struct gw_file_source_settings settings = {.state_path = room->state};
    write_text(path, "a\nb\n\nc\n");
    struct gw_source *source = open_one(&settings, &path);
    expect(source, "a", 0, 1);
    struct gw_message b = take_one(source);
    expect(source, "c", 5, 4);
    (void)b; /* unsettled, so that c is read again, too */
    gw_source_close(source);
    source = open_one(&settings, &path);
    expect(source, "b", 2, 2);
    expect(source, "c", 5, 4);
    expect_end(source);
    write_file(path, "a", "d\n", 2);
    source = open_one(&settings, &path);
    expect(source, "d", 7, 5);
    expect_end(source);
}

static void a_replaced_file_begins_anew(void **state) {
    struct room *room = *state;
    const char *path = room->other;
    struct gw_file_source_settings settings = {.state_path = room->state};
    static const char *const others[] = {"a\n", "x\nb\nc\n"}; /* shorter; other content */
    for (size_t i = 0; i < 2; i++) {
        write_text(path, "a\nb\n");
        struct gw_source *source = open_one(&settings, &path);
        expect(source, "a", 0, 1);
        expect(source, "b", 2, 2);
        expect_end(source);
        write_text(path, others[i]);
        source = open_one(&settings, &path);
        assert_int_equal(take_one(source).position.number, 0);
        gw_source_close(source);
        unlink(room->state);
    }
}

static void a_settled_text_is_done(void **state) {
    struct room *room = *state;
    const char *path = room->file;
    struct gw_file_source_settings settings = {.state_path = room->state};
    write_text(path, "Some text.");
    struct gw_source *source = open_one(&settings, &path);
    expect(source, "Some text.", 0, 1);
    expect_end(source);
    write_file(path, "a", " More.", 6);
    expect_end(open_one(&settings, &path));
}

static void a_foreign_state_file_is_refused(void **state) {
    struct room *room = *state;
    const char *path = room->other;
    static const char *const contents[] = {"", "something else\n", "glosswire.files/1\n12 nonsense\n",
                                           "glosswire.files/1\n12 1 1"};
    write_text(path, "a\n");
    for (size_t i = 0; i < 4; i++) {
        struct gw_file_source_settings settings = {
            .paths = &path, .path_count = 1, .message_bytes_max = LIMIT, .state_path = room->state};
        struct gw_source *source;
        struct gw_error error;
        write_text(room->state, contents[i]);
        assert_int_equal(gw_file_source_open(&settings, &source, &error), GW_SYSTEM);
        assert_non_null(strstr(error.detail, room->state));
        assert_null(source);
    }
}

static void the_state_is_saved_on_the_way(void **state) {
    struct room *room = *state;
    const char *path = room->other;
    struct gw_file_source_settings settings = {.state_path = room->state};
    write_text(path, "");
    for (size_t i = 0; i < GW_FILE_STATE_EVERY; i++) {
        write_file(path, "a", "a\n", 2);
    }
    struct gw_source *source = open_one(&settings, &path);
    for (size_t i = 0; i < GW_FILE_STATE_EVERY; i++) {
        assert_int_not_equal(access(room->state, F_OK), 0);
        expect(source, "a", (int64_t)(2 * i), i + 1);
    }
    assert_int_equal(access(room->state, F_OK), 0);
    expect_end(source);
}

static void the_state_is_stored_when_asked_for(void **state) {
    struct room *room = *state;
    const char *path = room->other;
    struct gw_file_source_settings settings = {.state_path = room->state};
    write_text(path, "a\nb\n");
    struct gw_source *source = open_one(&settings, &path);
    expect(source, "a", 0, 1);
    assert_int_not_equal(access(room->state, F_OK), 0);
    gw_source_store(source, 1);
    assert_int_equal(access(room->state, F_OK), 0);
    expect(source, "b", 2, 2);
    expect_end(source);
}

static void files_that_cannot_be_read_are_named(void **state) {
    struct room *room = *state;
    char no_such_file[128];
    snprintf(no_such_file, sizeof no_such_file, "%s/missing", room->directory);
    const char *paths[] = {no_such_file, room->directory};
    for (size_t i = 0; i < 2; i++) {
        struct gw_file_source_settings settings = {
            .paths = &paths[i], .path_count = 1, .message_bytes_max = LIMIT};
        struct gw_source *source;
        struct gw_error error;
        assert_int_equal(gw_file_source_open(&settings, &source, &error), GW_SYSTEM);
        assert_non_null(strstr(error.detail, paths[i]));
    }
}

/* Reads and settles until the end or a failed allocation. */
static enum gw_status read_through(const struct gw_file_source_settings *settings, size_t *seen) {
    struct gw_source *source;
    struct gw_message messages[3];
    size_t count;
    *seen = 0;
    enum gw_status status = gw_file_source_open(settings, &source, NULL);
    while (status == GW_OK) {
        status = gw_source_take(source, messages, 3, &count, NULL);
        for (size_t i = 0; status == GW_OK && i < count; i++) {
            settle(source, &messages[i], GW_OUTCOME_RECORD);
            *seen += 1;
        }
    }
    gw_source_close(source);
    return status;
}

static void failing_allocations_are_told(void **state) {
    struct room *room = *state;
    const char *path = room->file;
    bool failed = true;
    write_large(path, "{}\n{}\n", "{", 300000, "\n{}\n");
    for (size_t turn = 0; failed; turn++) {
        struct failing_allocator failing = {.fail_at = turn};
        struct gw_allocator allocator = failing_allocator(&failing);
        struct gw_file_source_settings settings = {
            .paths = &path, .path_count = 1, .message_bytes_max = LIMIT, .allocator = &allocator};
        size_t seen;
        enum gw_status status = read_through(&settings, &seen);
        /* A failed allocation is told at the latest when the messages before it have been given out. */
        assert_int_equal(status, seen == 4 ? GW_CLOSED : GW_NO_MEMORY);
        assert_true(failing.failed || seen == 4);
        assert_int_equal(failing.in_use, 0);
        failed = failing.failed;
    }
}

int main(void) {
#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, make_room, clear_room)
    const struct CMUnitTest tests[] = {
        IN_ROOM(lines_are_articles),
        IN_ROOM(a_byte_order_mark_is_no_content),
        IN_ROOM(an_empty_file_has_no_messages),
        IN_ROOM(empty_text_is_an_empty_message),
        IN_ROOM(values_are_articles),
        IN_ROOM(behind_a_malformed_value_nothing_is_trusted),
        IN_ROOM(a_text_file_is_one_article),
        IN_ROOM(an_object_over_several_lines_is_one_article),
        IN_ROOM(the_name_decides_the_format),
        IN_ROOM(files_come_one_after_another),
        IN_ROOM(lines_above_the_limit_are_refused),
        IN_ROOM(a_huge_line_is_never_held_whole),
        IN_ROOM(values_above_the_limit_are_refused),
        IN_ROOM(text_above_the_limit_is_refused),
        IN_ROOM(what_is_asked_for_again_comes_again),
        IN_ROOM(the_end_waits_for_all_receipts),
        IN_ROOM(pause_holds_back),
        IN_ROOM(a_pipe_is_read_as_it_comes),
        IN_ROOM(settled_messages_are_not_read_again),
        IN_ROOM(a_replaced_file_begins_anew),
        IN_ROOM(a_settled_text_is_done),
        IN_ROOM(a_foreign_state_file_is_refused),
        IN_ROOM(the_state_is_saved_on_the_way),
        IN_ROOM(the_state_is_stored_when_asked_for),
        IN_ROOM(files_that_cannot_be_read_are_named),
        IN_ROOM(failing_allocations_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
