/* run/template.h */
#include "run/template.h"
#include "unit/failing_allocator.h"
#include "unit/unit.h"

static struct gw_buffer out;

static int setup(void **state) {
    (void)state;
    gw_buffer_init(&out, &gw_allocator_system, 1 << 16);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    gw_buffer_free(&out);
    return 0;
}

static const struct gw_template_values values = {
    .topic = {"news", 4}, .key = {"k", 1}, .id = {"a 7", 3}, .source = {"wire", 4}, .language = {"en", 2}};

static void assert_renders(const char *template, const struct gw_template_values *with,
                           const char *expected) {
    gw_buffer_clear(&out);
    assert_int_equal(gw_template_render(gw_str_from(template), with, GW_STR("unknown"), &out), GW_OK);
    assert_true(gw_str_is(gw_buffer_str(&out), expected));
}

static void test_placeholders_are_filled_in(void **state) {
    (void)state;
    assert_renders("plain", &values, "plain");
    assert_renders("{language}", &values, "en");
    assert_renders("r-{language}-{source}.{id}!", &values, "r-en-wire.a 7!");
    assert_renders("{topic}-records/{key}", &values, "news-records/k");
    assert_renders("", &values, "");
}

static void test_absent_values_are_named(void **state) {
    (void)state;
    struct gw_template_values without = values;
    without.language = (struct gw_str){0};
    assert_renders("r-{language}", &without, "r-unknown");
    assert_true(gw_template_lacks(GW_STR("{id}{language}"), &without));
    assert_false(gw_template_lacks(GW_STR("{id}{source}"), &without));
    assert_false(gw_template_lacks(GW_STR("language"), &without));
}

static void test_what_needs_an_article_is_known(void **state) {
    (void)state;
    assert_false(gw_template_names_article(GW_STR("plain")));
    assert_false(gw_template_names_article(GW_STR("{topic}/{key}")));
    assert_true(gw_template_names_article(GW_STR("{topic}{id}")));
    assert_true(gw_template_names_article(GW_STR("{language}")));
}

static void test_other_braces_are_refused(void **state) {
    (void)state;
    assert_null(gw_template_check(GW_STR("a-{language}-{id}{source}")));
    assert_null(gw_template_check(GW_STR("")));
    static const char *const wrong[] = {"{", "}", "a{b}", "{language", "{Language}", "{language}}", "{}"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_non_null(gw_template_check(gw_str_from(wrong[i])));
    }
}

static void test_values_are_not_taken_for_templates(void **state) {
    (void)state;
    struct gw_template_values tricky = values;
    tricky.id = GW_STR("{source}");
    assert_renders("{id}", &tricky, "{source}");
}

static void test_topics_become_legal(void **state) {
    (void)state;
    gw_buffer_append_str(&out, GW_STR("a b/ü.C_9-"));
    gw_template_legalise_topic(&out);
    assert_true(gw_str_is(gw_buffer_str(&out), "a_b___.C_9-"));
    for (int i = 0; i < 300; i++) {
        gw_buffer_append_byte(&out, 'x');
    }
    gw_template_legalise_topic(&out);
    assert_int_equal(out.size, 249);
}

static void test_failing_memory_is_told(void **state) {
    (void)state;
    struct failing_allocator failing = {.fail_at = 0};
    struct gw_allocator allocator = failing_allocator(&failing);
    struct gw_buffer buffer;
    gw_buffer_init(&buffer, &allocator, SIZE_MAX);
    assert_int_equal(gw_template_render(GW_STR("{id}"), &values, GW_STR(""), &buffer), GW_NO_MEMORY);
    gw_buffer_free(&buffer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_placeholders_are_filled_in, setup, teardown),
        cmocka_unit_test_setup_teardown(test_absent_values_are_named, setup, teardown),
        cmocka_unit_test(test_what_needs_an_article_is_known),
        cmocka_unit_test(test_other_braces_are_refused),
        cmocka_unit_test_setup_teardown(test_values_are_not_taken_for_templates, setup, teardown),
        cmocka_unit_test_setup_teardown(test_topics_become_legal, setup, teardown),
        cmocka_unit_test(test_failing_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
