/* That what was released stays, and that its going is seen. */
#include "schemas/frozen.h"
#include "unit/unit.h"

static struct gw_buffer list, report;

static int set_up(void **state) {
    (void)state;
    gw_buffer_init(&list, &gw_allocator_system, SIZE_MAX);
    gw_buffer_init(&report, &gw_allocator_system, SIZE_MAX);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    gw_buffer_free(&list);
    gw_buffer_free(&report);
    return 0;
}

static const struct gw_term colours[] = {GW_TERM("red"), GW_TERM("blue")};

static const struct gw_field inner_fields[] = {{.as = GW_AS_SPAN}, {GW_TERM("score"), .as = GW_AS_E4}};
static const struct gw_table inner = {.name = "inner", GW_FIELDS(inner_fields), .span = &inner_fields[0]};

static const struct gw_field fields[] = {
    {GW_TERM("id"), .as = GW_AS_STRING},
    {GW_TERM("colour"), GW_AS_ENUM, GW_OPEN_WORDS | GW_NULLABLE, GW_TERMS(colours)},
    {GW_TERM("one"), GW_AS_OBJECT, GW_OPTIONAL, .table = &inner},
    {GW_TERM("all"), GW_AS_OBJECTS, .table = &inner},
};
static const struct gw_table released = {.name = "thing", GW_FIELDS(fields)};

static const char released_list[] = "id string always\n"
                                    "colour open-word nullable\n"
                                    "colour = red\n"
                                    "colour = blue\n"
                                    "one map optional\n"
                                    "one.field word optional\n"
                                    "one.field = body\n"
                                    "one.field = title\n"
                                    "one.start integer always\n"
                                    "one.end integer always\n"
                                    "one.score number always\n"
                                    "all[] maps always\n"
                                    "all[].field word optional\n"
                                    "all[].field = body\n"
                                    "all[].field = title\n"
                                    "all[].start integer always\n"
                                    "all[].end integer always\n"
                                    "all[].score number always\n";

static void a_list_has_every_path_and_word(void **state) {
    (void)state;
    assert_int_equal(gw_frozen_list(&released, &list), GW_OK);
    gw_buffer_append_byte(&list, 0);
    assert_string_equal((const char *)list.data, released_list);
}

/* How the released list and a changed table differ. */
static struct gw_frozen_difference compare_with(const struct gw_field *changed, size_t count) {
    const struct gw_table table = {.name = "thing", .fields = changed, .field_count = count};
    gw_buffer_clear(&list);
    gw_buffer_clear(&report);
    assert_int_equal(gw_frozen_list(&table, &list), GW_OK);
    struct gw_frozen_difference difference =
        gw_frozen_compare(GW_STR(released_list), gw_buffer_str(&list), &report);
    gw_buffer_append_byte(&report, 0);
    return difference;
}

#define ROWS (sizeof fields / sizeof fields[0])

static void the_same_table_does_not_differ(void **state) {
    (void)state;
    struct gw_frozen_difference difference = compare_with(fields, ROWS);
    assert_int_equal(difference.gone, 0);
    assert_int_equal(difference.added, 0);
    assert_int_equal(report.size, 1);
}

static void a_removed_field_is_seen(void **state) {
    (void)state;
    struct gw_frozen_difference difference = compare_with(fields + 1, ROWS - 1);
    assert_int_equal(difference.gone, 1);
    assert_int_equal(difference.added, 0);
    assert_string_equal((const char *)report.data, "- id string always\n");
}

static void a_removed_map_takes_its_fields_with_it(void **state) {
    (void)state;
    assert_int_equal(compare_with(fields, ROWS - 1).gone, 7);
}

static void a_changed_type_is_seen(void **state) {
    (void)state;
    struct gw_field changed[ROWS];
    memcpy(changed, fields, sizeof fields);
    changed[0].as = GW_AS_UINT;
    struct gw_frozen_difference difference = compare_with(changed, ROWS);
    assert_int_equal(difference.gone, 1);
    assert_string_equal((const char *)report.data, "- id string always\n+ id integer always\n");
}

static void a_changed_presence_is_seen(void **state) {
    (void)state;
    struct gw_field changed[ROWS];
    memcpy(changed, fields, sizeof fields);
    changed[0].flags = GW_NULLABLE;
    assert_int_equal(compare_with(changed, ROWS).gone, 1);
}

static void a_removed_word_is_seen(void **state) {
    (void)state;
    struct gw_field changed[ROWS];
    memcpy(changed, fields, sizeof fields);
    changed[1].word_count = 1;
    compare_with(changed, ROWS);
    assert_string_equal((const char *)report.data, "- colour = blue\n");
}

static void something_new_is_told_apart(void **state) {
    (void)state;
    struct gw_field changed[ROWS + 1];
    memcpy(changed, fields, sizeof fields);
    changed[ROWS] = (struct gw_field){GW_TERM("more"), .as = GW_AS_BOOL};
    struct gw_frozen_difference difference = compare_with(changed, ROWS + 1);
    assert_int_equal(difference.gone, 0);
    assert_int_equal(difference.added, 1);
    assert_string_equal((const char *)report.data, "+ more bool always\n");
}

static void order_does_not_count(void **state) {
    (void)state;
    struct gw_field changed[ROWS];
    memcpy(changed, fields, sizeof fields);
    changed[0] = fields[1];
    changed[1] = fields[0];
    struct gw_frozen_difference difference = compare_with(changed, ROWS);
    assert_int_equal(difference.gone + difference.added, 0);
}

static void a_last_line_needs_no_line_feed(void **state) {
    (void)state;
    struct gw_frozen_difference difference =
        gw_frozen_compare(GW_STR("a b c\nd"), GW_STR("d\na b c\n\n"), &report);
    assert_int_equal(difference.gone + difference.added, 0);
    assert_int_equal(gw_frozen_compare(GW_STR("a b c"), GW_STR("a b"), &report).gone, 1);
    assert_int_equal(gw_frozen_compare(GW_STR(""), GW_STR(""), &report).gone, 0);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_list_has_every_path_and_word), TEST(the_same_table_does_not_differ),
        TEST(a_removed_field_is_seen),        TEST(a_removed_map_takes_its_fields_with_it),
        TEST(a_changed_type_is_seen),         TEST(a_changed_presence_is_seen),
        TEST(a_removed_word_is_seen),         TEST(something_new_is_told_apart),
        TEST(order_does_not_count),           TEST(a_last_line_needs_no_line_feed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
