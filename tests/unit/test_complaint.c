/* How mistakes in the input are told. */
#include "cli/complaint.h"

#include "unit/unit.h"

static void expect_text(const char *path, size_t position, struct gw_str message, const char *expected) {
    struct gw_error error = {.status = GW_MALFORMED, .position = position, .detail = "that is \x1bwrong"};
    struct gw_buffer text;
    gw_buffer_init(&text, &gw_allocator_system, SIZE_MAX);
    gw_complaint_append(path, 7, &error, message, &text);
    assert_int_equal(text.failed, GW_OK);
    gw_buffer_append_byte(&text, '\0');
    assert_string_equal((const char *)text.data, expected);
    gw_buffer_free(&text);
}

#define HEAD "news.jsonl:7: malformed: that is ␛wrong\n"

static void json_gets_a_caret(void **state) {
    (void)state;
    expect_text("news.jsonl", 5, GW_STR("{\"a\":x}"), HEAD "    {\"a\":x}\n         ^\n");
    expect_text("news.jsonl", 3, GW_STR("{\"a"), HEAD "    {\"a\n       ^\n");
    expect_text("-", 0, GW_STR("[]"), "<stdin>:7: malformed: that is ␛wrong\n    []\n    ^\n");
}

static void the_caret_stands_below_wide_and_combined_characters(void **state) {
    (void)state;
    expect_text("news.jsonl", 9, GW_STR("{\"日本x}"), HEAD "    {\"日本x}\n           ^\n");
    expect_text("news.jsonl", 4, GW_STR("{e\xcc\x81x}"), HEAD "    {e\xcc\x81x}\n      ^\n");
}

static void what_could_act_on_the_terminal_is_replaced(void **state) {
    (void)state;
    // NOLINTNEXTLINE(misc-misleading-bidirectional): the override is what must not get through
    expect_text("news.jsonl", 3, GW_STR("{\x1b[x\xff\xe2\x80\xae}"),
                HEAD "    {␛[x\xef\xbf\xbd\xef\xbf\xbd}\n       ^\n");
}

static void long_messages_are_cut_around_the_place(void **state) {
    (void)state;
    char message[301] = "{";
    memset(message + 1, 'a', 299);
    message[100] = 'X';
    expect_text("news.jsonl", 100, (struct gw_str){message, 300},
                HEAD "    …aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaXaaaaaaaaaaaaaaaaaaaaaaaa…\n"
                     "                                                       ^\n");
}

static void what_has_no_place_has_no_excerpt(void **state) {
    (void)state;
    expect_text("news.jsonl", GW_NO_POSITION, GW_STR("{}"), HEAD);
    expect_text("news.jsonl", 1, GW_STR("\x81\xa1k"), HEAD);
    expect_text("news.jsonl", 0, GW_STR(""), HEAD);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_gets_a_caret),
        cmocka_unit_test(the_caret_stands_below_wide_and_combined_characters),
        cmocka_unit_test(what_could_act_on_the_terminal_is_replaced),
        cmocka_unit_test(long_messages_are_cut_around_the_place),
        cmocka_unit_test(what_has_no_place_has_no_excerpt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
