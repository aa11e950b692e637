/* base/log.h */
#include "base/log.h"
#include "base/utf8.h"
#include "unit/fake_clock.h"
#include "unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NOW      INT64_C(1692091800123)
#define NOW_TEXT "2023-08-15T09:30:00.123Z"

/* Lines go into a pipe, whose other end the tests read. */
static struct {
    int read_end, write_end;
    struct fake_clock fake;
    struct gw_clock clock;
    char text[1 << 16];
} captured;

static int set_up(void **state) {
    (void)state;
    int ends[2];
    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    captured.read_end = ends[0];
    captured.write_end = ends[1];
    captured.fake = (struct fake_clock){0, NOW};
    captured.clock = fake_clock(&captured.fake);
    gw_log_redirect(captured.write_end, &captured.clock);
    gw_log_init(GW_LOG_INFO, GW_LOG_LOGFMT, NULL, -1);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    close(captured.read_end);
    close(captured.write_end);
    return 0;
}

/* Everything that was written since the last call. */
static char *written(void) {
    ssize_t size = read(captured.read_end, captured.text, sizeof captured.text - 1);
    captured.text[size < 0 ? 0 : size] = '\0';
    return captured.text;
}

static void write_one(const char *message, struct gw_log_field field) {
    gw_log_write(NULL, GW_LOG_INFO, message, &field, 1);
}

static void logfmt_is_one_line_of_keys(void **state) {
    (void)state;
    gw_log_init(GW_LOG_INFO, GW_LOG_LOGFMT, "worker", 1);
    GW_LOG(GW_LOG_INFO, "worker started", GW_KS("key", "value"), GW_KI("pid", -17));
    assert_string_equal(written(),
                        "ts=" NOW_TEXT
                        " level=info role=worker slot=1 msg=\"worker started\" key=value pid=-17\n");
}

static void json_has_the_same_keys(void **state) {
    (void)state;
    gw_log_init(GW_LOG_INFO, GW_LOG_JSON, "worker", 1);
    GW_LOG(GW_LOG_INFO, "worker started", GW_KS("key", "value"), GW_KI("pid", -17));
    assert_string_equal(written(),
                        "{\"ts\":\"" NOW_TEXT "\",\"level\":\"info\",\"role\":\"worker\",\"slot\":1,"
                        "\"msg\":\"worker started\",\"key\":\"value\",\"pid\":-17}\n");
}

static void a_process_without_a_slot_names_none(void **state) {
    (void)state;
    gw_log_init(GW_LOG_INFO, GW_LOG_LOGFMT, "supervisor", -1);
    GW_LOG(GW_LOG_ERROR, "stop");
    assert_string_equal(written(), "ts=" NOW_TEXT " level=error role=supervisor msg=stop\n");
    gw_log_init(GW_LOG_INFO, GW_LOG_JSON, NULL, -1);
    GW_LOG(GW_LOG_WARN, "stop");
    assert_string_equal(written(), "{\"ts\":\"" NOW_TEXT "\",\"level\":\"warn\",\"msg\":\"stop\"}\n");
}

static void levels_below_the_chosen_one_are_silent(void **state) {
    (void)state;
    gw_log_init(GW_LOG_WARN, GW_LOG_LOGFMT, NULL, -1);
    assert_false(gw_log_enabled(GW_LOG_INFO));
    assert_true(gw_log_enabled(GW_LOG_WARN));
    GW_LOG(GW_LOG_INFO, "unseen");
    gw_log_write(NULL, GW_LOG_DEBUG, "unseen", NULL, 0);
    GW_LOG(GW_LOG_WARN, "seen");
    assert_string_equal(written(), "ts=" NOW_TEXT " level=warn msg=seen\n");
}

static void off_silences_everything(void **state) {
    (void)state;
    gw_log_init(GW_LOG_OFF, GW_LOG_LOGFMT, NULL, -1);
    assert_false(gw_log_enabled(GW_LOG_ERROR));
    assert_false(gw_log_enabled(GW_LOG_OFF));
    GW_LOG(GW_LOG_ERROR, "unseen");
    gw_log_write(NULL, GW_LOG_OFF, "unseen", NULL, 0);
    assert_string_equal(written(), "");
}

/* What a text looks like in a line of either format. */
static const struct {
    struct gw_str text;
    const char *logfmt, *json;
} escapes[] = {
    {{"plain", 5}, "plain", "\"plain\""},
    {{"a/b-c:d,e", 9}, "a/b-c:d,e", "\"a/b-c:d,e\""},
    {{"", 0}, "\"\"", "\"\""},
    {{NULL, 0}, "\"\"", "null"},
    {{"two words", 9}, "\"two words\"", "\"two words\""},
    {{"a=b", 3}, "\"a=b\"", "\"a=b\""},
    {{"say \"hi\"", 8}, "\"say \\\"hi\\\"\"", "\"say \\\"hi\\\"\""},
    {{"back\\slash", 10}, "\"back\\\\slash\"", "\"back\\\\slash\""},
    {{"a\nb\tc\rd", 7}, "\"a\\nb\\tc\\rd\"", "\"a\\nb\\tc\\rd\""},
    {{"nul\0x", 5}, "\"nul\\u0000x\"", "\"nul\\u0000x\""},
    {{"\x1B[31m", 5}, "\"\\u001b[31m\"", "\"\\u001b[31m\""},
    {{"del\x7F", 4}, "\"del\\u007f\"", "\"del\\u007f\""},
    {{"\xC2\x9B", 2}, "\"\\u009b\"", "\"\\u009b\""},
    {{"\xE2\x80\xA8", 3}, "\"\\u2028\"", "\"\\u2028\""},
    {{"\xE2\x80\xA9", 3}, "\"\\u2029\"", "\"\\u2029\""},
    {{"Z\xC3\xBCrich", 7}, "\"Z\xC3\xBCrich\"", "\"Z\xC3\xBCrich\""},
    {{"\xF0\x9F\x98\x80", 4}, "\"\xF0\x9F\x98\x80\"", "\"\xF0\x9F\x98\x80\""},
    {{"a\xFF\x80z", 4}, "\"a\xEF\xBF\xBD\xEF\xBF\xBDz\"", "\"a\xEF\xBF\xBD\xEF\xBF\xBDz\""},
    {{"cut\xE2\x82", 5}, "\"cut\xEF\xBF\xBD\xEF\xBF\xBD\"", "\"cut\xEF\xBF\xBD\xEF\xBF\xBD\""},
};

static void texts_are_escaped(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++) {
        char expected[200];
        gw_log_init(GW_LOG_INFO, GW_LOG_LOGFMT, NULL, -1);
        write_one("m", GW_KT("k", escapes[i].text));
        snprintf(expected, sizeof expected, "ts=" NOW_TEXT " level=info msg=m k=%s\n", escapes[i].logfmt);
        assert_string_equal(written(), expected);
        gw_log_init(GW_LOG_INFO, GW_LOG_JSON, NULL, -1);
        write_one("m", GW_KT("k", escapes[i].text));
        snprintf(expected, sizeof expected,
                 "{\"ts\":\"" NOW_TEXT "\",\"level\":\"info\",\"msg\":\"m\",\"k\":%s}\n", escapes[i].json);
        assert_string_equal(written(), expected);
    }
}

static void numbers_keep_their_ends(void **state) {
    (void)state;
    const struct gw_log_field fields[] = {GW_KI("least", INT64_MIN), GW_KI("most", INT64_MAX)};
    gw_log_write(NULL, GW_LOG_INFO, "m", fields, 2);
    assert_string_equal(written(), "ts=" NOW_TEXT " level=info msg=m least=-9223372036854775808"
                                   " most=9223372036854775807\n");
}

static void a_long_text_ends_in_an_ellipsis_and_the_rest_follows(void **state) {
    (void)state;
    char text[GW_LOG_VALUE_MAX + 2];
    for (size_t before = GW_LOG_VALUE_MAX - 4; before <= GW_LOG_VALUE_MAX + 1; before++) {
        memset(text, 'x', sizeof text);
        memcpy(text + before - 3, "\xE2\x82\xAC", 3);
        const struct gw_log_field fields[] = {GW_KT("text", ((struct gw_str){text, sizeof text})),
                                              GW_KI("after", 1)};
        gw_log_write(NULL, GW_LOG_INFO, "m", fields, 2);
        const char *line = written();
        assert_true(gw_utf8_is_valid(gw_str_from(line)));
        assert_non_null(strstr(line, "\xE2\x80\xA6\" after=1\n"));
        assert_true(strstr(line, "\xE2\x80\xA6") - strstr(line, "xx") <= GW_LOG_VALUE_MAX);
    }
}

static void a_long_word_is_cut_too(void **state) {
    (void)state;
    char text[GW_LOG_VALUE_MAX + 1];
    memset(text, 'x', sizeof text);
    write_one("m", GW_KT("k", ((struct gw_str){text, GW_LOG_VALUE_MAX})));
    assert_null(strstr(written(), "\xE2\x80\xA6"));
    write_one("m", GW_KT("k", ((struct gw_str){text, sizeof text})));
    assert_non_null(strstr(written(), "x\xE2\x80\xA6\"\n"));
}

/* A line of the chosen format that ends where it should. True when it says that it is cut. */
static bool check_end(const char *line, bool json) {
    size_t length = strlen(line);
    assert_true(length <= GW_LOG_LINE_MAX);
    assert_ptr_equal(strchr(line, '\n'), line + length - 1);
    assert_true(gw_utf8_is_valid(gw_str_from(line)));
    const char *cut = strstr(line, json ? ",\"cut\":true}\n" : " cut=true\n");
    const char *end = cut ? cut : line + length - (json ? 2 : 1);
    assert_true(json == (line[length - 2] == '}'));
    /* A whole value, never a part of a key. */
    assert_non_null(memchr("\"0x", end[-1], 3));
    assert_true(end[-1] != '"' || (end[-2] != ',' && end[-2] != '{'));
    return cut != NULL;
}

/* The end of the line is met at every place: within a key, a number, a text, an escape. */
static void a_line_is_bounded_closed_and_says_that_it_is_cut(void **state) {
    (void)state;
    static char text[GW_LOG_VALUE_MAX];
    memset(text, 'x', sizeof text);
    const struct gw_str wide = {text, sizeof text};
    for (int format = GW_LOG_LOGFMT; format <= GW_LOG_JSON; format++) {
        gw_log_init(GW_LOG_INFO, (enum gw_log_format)format, "worker", 3);
        int cuts = 0;
        for (size_t size = 700; size < 1024; size++) {
            const struct gw_log_field fields[] = {
                GW_KT("first", wide),   GW_KT("second", wide),
                GW_KT("third", wide),   GW_KT("fourth", ((struct gw_str){text, size})),
                GW_KI("number", 12340), GW_KT("note", GW_STR("a\nb \xE2\x82\xAC")),
                GW_KI("last", 56780)};
            gw_log_write(NULL, GW_LOG_INFO, "m", fields, 7);
            const char *line = written();
            bool cut = check_end(line, format == GW_LOG_JSON);
            assert_int_equal(cut, strstr(line, "56780") == NULL);
            cuts += cut;
        }
        assert_in_range(cuts, 100, 300);
    }
}

static void a_text_of_escapes_fills_no_more_than_a_line(void **state) {
    (void)state;
    static char text[GW_LOG_VALUE_MAX];
    memset(text, 1, sizeof text);
    gw_log_init(GW_LOG_INFO, GW_LOG_JSON, NULL, -1);
    write_one("m", GW_KT("k", ((struct gw_str){text, sizeof text})));
    const char *line = written();
    static const char end[] = "\\u0001\xE2\x80\xA6\",\"cut\":true}\n";
    size_t length = strlen(line);
    assert_in_range(length, GW_LOG_LINE_MAX - 100, GW_LOG_LINE_MAX);
    assert_string_equal(line + length - strlen(end), end);
}

static size_t count_lines(const char *text) {
    size_t lines = 0;
    for (; *text; text++) {
        lines += *text == '\n';
    }
    return lines;
}

static void one_place(void) {
    GW_LOG(GW_LOG_INFO, "again");
}

static void another_place(void) {
    GW_LOG(GW_LOG_INFO, "elsewhere");
}

static void one_place_is_held_back_and_counted(void **state) {
    (void)state;
    for (int i = 0; i < GW_LOG_BURST + 7; i++) {
        one_place();
    }
    const char *text = written();
    assert_int_equal(count_lines(text), GW_LOG_BURST);
    assert_null(strstr(text, "suppressed"));
    another_place();
    assert_string_equal(written(), "ts=" NOW_TEXT " level=info msg=elsewhere\n");

    fake_clock_advance_ms(&captured.fake, 999);
    one_place();
    assert_string_equal(written(), "");
    fake_clock_advance_ms(&captured.fake, 1);
    one_place();
    assert_string_equal(written(), "ts=2023-08-15T09:30:01.123Z level=info msg=again suppressed=8\n");
    one_place();
    assert_string_equal(written(), "ts=2023-08-15T09:30:01.123Z level=info msg=again\n");
}

static void lines_without_a_site_are_never_held_back(void **state) {
    (void)state;
    for (int i = 0; i < 3 * GW_LOG_BURST; i++) {
        gw_log_write(NULL, GW_LOG_INFO, "m", NULL, 0);
    }
    assert_int_equal(count_lines(written()), 3 * GW_LOG_BURST);
}

static void nothing_is_counted_while_the_level_is_silent(void **state) {
    (void)state;
    struct gw_log_site site = {0, 0, 0};
    for (int i = 0; i < 2 * GW_LOG_BURST; i++) {
        gw_log_write(&site, GW_LOG_DEBUG, "m", NULL, 0);
    }
    gw_log_init(GW_LOG_DEBUG, GW_LOG_LOGFMT, NULL, -1);
    gw_log_write(&site, GW_LOG_DEBUG, "m", NULL, 0);
    assert_string_equal(written(), "ts=" NOW_TEXT " level=debug msg=m\n");
}

static void errno_is_kept_and_a_closed_target_is_survived(void **state) {
    (void)state;
    errno = ENOTEMPTY;
    GW_LOG(GW_LOG_INFO, "written");
    assert_int_equal(errno, ENOTEMPTY);
    gw_log_redirect(-1, &captured.clock);
    GW_LOG(GW_LOG_INFO, "lost");
    assert_int_equal(errno, ENOTEMPTY);
}

static void a_full_target_loses_the_line_without_blocking(void **state) {
    (void)state;
    for (int i = 0; i < 10000; i++) {
        gw_log_write(NULL, GW_LOG_INFO, "fills the pipe", NULL, 0);
    }
    gw_log_write(NULL, GW_LOG_INFO, "last", NULL, 0);
    assert_null(strstr(written(), "last"));
}

#define THREADS 4
#define ROUNDS  50

static struct gw_log_site shared_site;

static void *log_much(void *argument) {
    for (int i = 0; i < ROUNDS; i++) {
        gw_log_write(NULL, GW_LOG_INFO, "from a thread", &GW_KI("thread", *(int *)argument), 1);
        gw_log_write(&shared_site, GW_LOG_INFO, "limited", NULL, 0);
    }
    return NULL;
}

static void threads_write_whole_lines_and_share_a_limit(void **state) {
    (void)state;
    pthread_t threads[THREADS];
    int numbers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        numbers[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, log_much, &numbers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    static const char start[] = "ts=" NOW_TEXT " level=info msg=\"from a thread\" thread=";
    size_t limited = 0, others = 0;
    for (char *rest = written(), *line; (line = strsep(&rest, "\n")) && *line;) {
        if (strcmp(line, "ts=" NOW_TEXT " level=info msg=limited") == 0) {
            limited++;
            continue;
        }
        assert_int_equal(strlen(line), strlen(start) + 1);
        assert_memory_equal(line, start, strlen(start));
        assert_in_range(line[strlen(start)], '0', '0' + THREADS - 1);
        others++;
    }
    assert_int_equal(limited, GW_LOG_BURST);
    assert_int_equal(others, THREADS * ROUNDS);
    fake_clock_advance_ms(&captured.fake, 1000);
    gw_log_write(&shared_site, GW_LOG_INFO, "limited", NULL, 0);
    char expected[32];
    snprintf(expected, sizeof expected, " suppressed=%d\n", THREADS * ROUNDS - GW_LOG_BURST);
    assert_non_null(strstr(written(), expected));
}

#define CAPTURED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CAPTURED(logfmt_is_one_line_of_keys),
        CAPTURED(json_has_the_same_keys),
        CAPTURED(a_process_without_a_slot_names_none),
        CAPTURED(levels_below_the_chosen_one_are_silent),
        CAPTURED(off_silences_everything),
        CAPTURED(texts_are_escaped),
        CAPTURED(numbers_keep_their_ends),
        CAPTURED(a_long_text_ends_in_an_ellipsis_and_the_rest_follows),
        CAPTURED(a_long_word_is_cut_too),
        CAPTURED(a_line_is_bounded_closed_and_says_that_it_is_cut),
        CAPTURED(a_text_of_escapes_fills_no_more_than_a_line),
        CAPTURED(one_place_is_held_back_and_counted),
        CAPTURED(lines_without_a_site_are_never_held_back),
        CAPTURED(nothing_is_counted_while_the_level_is_silent),
        CAPTURED(errno_is_kept_and_a_closed_target_is_survived),
        CAPTURED(a_full_target_loses_the_line_without_blocking),
        CAPTURED(threads_write_whole_lines_and_share_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
