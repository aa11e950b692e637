/* Positions to text and back. */
#include "schemas/position.h"
#include "unit/unit.h"

static const struct row {
    struct gw_position position;
    const char *text;
} rows[] = {
    {{GW_POSITION_KAFKA, {"news", 4}, 3, 42}, "kafka:news/3/42"},
    {{GW_POSITION_KAFKA, {"a.b-c_d", 7}, INT32_MAX, INT64_MAX},
     "kafka:a.b-c_d/2147483647/9223372036854775807"},
    {{GW_POSITION_ACKED, {"s1", 2}, 0, 0}, "acked:s1/0"},
    {{GW_POSITION_HUB, {"18c2", 4}, 0, 7}, "hub:18c2/7"},
    {{GW_POSITION_FILE, {"/data/in 1.jsonl", 16}, 0, 1024}, "file:/data/in%201.jsonl/1024"},
    {{GW_POSITION_FILE, {"50%\n\xC3\xA9", 6}, 0, 1}, "file:50%25%0A%C3%A9/1"},
    {{GW_POSITION_FILE, {"", 0}, 0, 1}, "file:/1"},
};

static void positions_go_both_ways(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[GW_POSITION_TEXT_MAX], name[GW_POSITION_TEXT_MAX];
        struct gw_position read;
        assert_int_equal(gw_position_format(&rows[i].position, text), strlen(rows[i].text));
        assert_string_equal(text, rows[i].text);
        assert_int_equal(gw_position_parse(gw_str_from(text), &read, name), GW_OK);
        assert_int_equal(read.kind, rows[i].position.kind);
        assert_true(gw_str_eq(read.name, rows[i].position.name));
        assert_int_equal(read.partition, rows[i].position.partition);
        assert_true(read.number == rows[i].position.number);
    }
}

static void no_position_is_no_text(void **state) {
    (void)state;
    char text[GW_POSITION_TEXT_MAX];
    struct gw_position none = {.kind = GW_POSITION_NONE};
    assert_int_equal(gw_position_format(&none, text), 0);
    assert_string_equal(text, "");
}

static void a_long_name_is_cut(void **state) {
    (void)state;
    char text[GW_POSITION_TEXT_MAX], name[GW_POSITION_TEXT_MAX], longest[2 * GW_POSITION_TEXT_MAX];
    memset(longest, '\n', sizeof longest);
    struct gw_position read, position = {GW_POSITION_KAFKA, {longest, sizeof longest}, INT32_MAX, INT64_MAX};
    size_t size = gw_position_format(&position, text);
    assert_true(size < GW_POSITION_TEXT_MAX);
    assert_int_equal(strlen(text), size);
    assert_int_equal(gw_position_parse((struct gw_str){text, size}, &read, name), GW_OK);
    assert_true(read.number == INT64_MAX && read.name.size > 100);
}

static void anything_else_is_malformed(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",
        "kafka",
        "kafka:",
        "kafka:news",
        "kafka:news/3",
        "kafka:news/x/42",
        "kafka:news/3/",
        "kafka:news/3/-1",
        "kafka:news/3/042",
        "kafka:news/3/42 ",
        "kafka:news/2147483648/0",
        "hub:a/9223372036854775808",
        "hub:7",
        "file:a b/1",
        "file:a%2/1",
        "file:a%2g/1",
        "file:a%2a/1",
        "file:a%/1",
        "stream:a/1",
        "Kafka:news/3/42",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char name[GW_POSITION_TEXT_MAX];
        struct gw_position read;
        assert_int_equal(gw_position_parse(gw_str_from(texts[i]), &read, name), GW_MALFORMED);
    }
    static char endless[GW_POSITION_TEXT_MAX + 10];
    memset(endless, '1', sizeof endless);
    memcpy(endless, "file:/", 6);
    char name[GW_POSITION_TEXT_MAX];
    struct gw_position read;
    assert_int_equal(gw_position_parse((struct gw_str){endless, sizeof endless}, &read, name), GW_MALFORMED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(positions_go_both_ways),
        cmocka_unit_test(no_position_is_no_text),
        cmocka_unit_test(a_long_name_is_cut),
        cmocka_unit_test(anything_else_is_malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
