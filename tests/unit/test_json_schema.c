/* JSON Schemas and reference pages as they come out of small tables and of ours. */
#include "schemas/json_reader.h"
#include "schemas/json_schema.h"
#include "schemas/reference.h"
#include "unit/failing_allocator.h"
#include "unit/unit.h"

static struct gw_arena arena;
static struct gw_buffer buffer;

static int set_up(void **state) {
    (void)state;
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    gw_buffer_init(&buffer, &gw_allocator_system, SIZE_MAX);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    gw_arena_free(&arena);
    gw_buffer_free(&buffer);
    return 0;
}

static struct gw_value schema_of(const struct gw_table *table) {
    struct gw_value schema;
    gw_buffer_clear(&buffer);
    assert_int_equal(gw_json_schema_write(table, &arena, &buffer), GW_OK);
    struct gw_str text = gw_arena_copy(&arena, gw_buffer_str(&buffer));
    assert_int_equal(gw_json_read(text, &gw_limits_default, &arena, &schema, NULL), GW_OK);
    return schema;
}

/* The value at a path of keys that ends with NULL. */
static const struct gw_value *at(const struct gw_value *value, const char *const *path) {
    for (; *path; path++) {
        const struct gw_value *next = gw_value_get(value, *path);
        if (!next) {
            fail_msg("there is no %s", *path);
        }
        value = next;
    }
    return value;
}
#define AT(value, ...) at((value), (const char *const[]){__VA_ARGS__, NULL})

static bool lists(const struct gw_value *array, const char *text) {
    for (size_t i = 0; i < array->count; i++) {
        if (gw_value_is(&array->as.items[i], text)) {
            return true;
        }
    }
    return false;
}

static void a_record_requires_all_but_what_is_optional(void **state) {
    (void)state;
    struct gw_value schema = schema_of(&gw_record_table);
    assert_true(gw_value_is(AT(&schema, "$schema"), "https://json-schema.org/draft/2020-12/schema"));
    assert_true(gw_value_is(AT(&schema, "$id"), "urn:glosswire:schema:record:1"));
    assert_true(lists(AT(&schema, "required"), "entities"));
    assert_true(AT(&schema, "additionalProperties")->as.boolean);
    const struct gw_value *article = AT(&schema, "$defs", "article");
    assert_true(lists(AT(article, "required"), "title"));
    assert_false(lists(AT(article, "required"), "body"));
    const struct gw_value *mention = AT(&schema, "$defs", "mention");
    assert_true(lists(AT(mention, "required"), "start"));
    assert_false(lists(AT(mention, "required"), "field"));
    assert_true(lists(AT(mention, "properties", "field", "enum"), "title"));
    assert_true(AT(mention, "additionalProperties")->as.boolean);
}

static void types_are_the_rows(void **state) {
    (void)state;
    struct gw_value schema = schema_of(&gw_record_table);
    assert_true(gw_value_is(AT(&schema, "properties", "schema", "const"), "glosswire.record/1"));
    assert_true(lists(AT(&schema, "properties", "language", "type"), "null"));
    assert_true(gw_value_is(AT(&schema, "properties", "entities", "items", "$ref"), "#/$defs/entity"));
    assert_true(gw_value_is(AT(&schema, "properties", "article", "$ref"), "#/$defs/article"));
    assert_true(lists(AT(&schema, "$defs", "sentiment", "properties", "label", "enum"), "neutral"));
    assert_null(gw_value_get(AT(&schema, "$defs", "entity", "properties", "type"), "enum"));
    assert_true(lists(AT(&schema, "$defs", "entity", "properties", "type", "examples"), "ORG"));
    assert_int_equal(AT(&schema, "$defs", "quote", "properties", "cue", "anyOf")->count, 2);
    assert_true(lists(AT(&schema, "$defs", "article", "properties", "published_at", "type"), "integer"));
    assert_true(lists(AT(&schema, "$defs", "quote", "properties", "speaker", "type"), "null"));
}

static void an_article_needs_a_title_or_a_body(void **state) {
    (void)state;
    struct gw_value schema = schema_of(&gw_article_table);
    assert_int_equal(AT(&schema, "required")->count, 0);
    const struct gw_value *either = AT(&schema, "anyOf");
    assert_int_equal(either->count, 2);
    assert_true(lists(AT(&either->as.items[0], "required"), "title"));
    assert_true(gw_value_is(AT(&either->as.items[1], "properties", "body", "type"), "string"));
    assert_true(lists(AT(&schema, "properties", "authors", "type"), "string"));
    const struct gw_value *content_types = AT(&schema, "properties", "content_type", "enum");
    assert_int_equal(content_types->as.items[content_types->count - 1].type, GW_NIL);
}

static void bytes_may_be_base64(void **state) {
    (void)state;
    struct gw_value schema = schema_of(&gw_dead_letter_table);
    assert_int_equal(AT(&schema, "properties", "payload", "anyOf")->count, 3);
    assert_true(lists(AT(&schema, "$defs", "bin", "required"), "$bin"));
    assert_false(lists(AT(&schema, "properties", "reason", "examples"), "ok"));
    assert_true(lists(AT(&schema, "properties", "reason", "examples"), "bad_utf8"));
}

static void each_schema_has_an_example(void **state) {
    (void)state;
    for (size_t i = 0; i < GW_SCHEMA_COUNT; i++) {
        struct gw_value schema = schema_of(gw_schemas[i]);
        const struct gw_value *examples = AT(&schema, "examples");
        assert_int_equal(examples->count, 1);
        assert_int_equal(examples->as.items[0].count, gw_schemas[i]->field_count);
    }
}

static const struct gw_term words[] = {GW_TERM("a"), GW_TERM("b")};
static const struct gw_field inner_fields[] = {
    {GW_TERM("deep"), GW_AS_E4, .since = "0.2.0", .doc = "Deep.", .example = "0.5"}};
static const struct gw_table inner = {
    .name = "inner", .title = "Inner part", .doc = "Inside.", .since = "0.1.0", GW_FIELDS(inner_fields)};
static const struct gw_field fields[] = {
    {GW_TERM("word"), GW_AS_WORD, GW_NULLABLE, GW_TERMS(words), .doc = "One | two.", .example = "\"a|b\""},
    {GW_TERM("parts"), GW_AS_OBJECTS, GW_OPTIONAL, .table = &inner, .doc = "Parts."},
};
static const struct gw_table small = {.id = "urn:x",
                                      .name = "small",
                                      .title = "Small",
                                      .doc = "A small one.",
                                      .since = "0.1.0",
                                      GW_FIELDS(fields)};

static void a_page_is_this(void **state) {
    (void)state;
    assert_int_equal(gw_reference_write(&small, &arena, &buffer), GW_OK);
    gw_buffer_append_byte(&buffer, 0);
    assert_string_equal(
        (const char *)buffer.data,
        "<!-- Made from the table in schemas/ by the build target `generated`. -->\n# Small\n\nA small "
        "one.\n\n"
        "JSON Schema: [small.schema.json](../../schemas/json/small.schema.json), or `glosswire schema "
        "small`. "
        "Since 0.1.0.\n\n## Fields\n\n"
        "| field | type | meaning | example |\n| --- | --- | --- | --- |\n"
        "| `word` | string or nil | One \\| two. One of `a`, `b`. | `\"a\\|b\"` |\n"
        "| `parts` | [array of maps](#inner-part), optional | Parts. |  |\n"
        "\n## Inner part\n\n`parts[]`: Inside.\n\n"
        "| field | type | meaning | example |\n| --- | --- | --- | --- |\n"
        "| `deep` | number | Deep. Since 0.2.0. | `0.5` |\n"
        "\n## Example\n\n```json\n"
        "{\n  \"word\": \"a|b\",\n  \"parts\": [\n    {\n      \"deep\": 0.5\n    }\n  ]\n}\n```\n");
}

static void memory_may_be_at_its_end(void **state) {
    (void)state;
    struct failing_allocator failing = {.fail_at = 3, .for_good = true};
    struct gw_allocator allocator = failing_allocator(&failing);
    struct gw_buffer small_buffer;
    struct gw_arena empty;
    gw_buffer_init(&small_buffer, &allocator, SIZE_MAX);
    gw_arena_init(&empty, &gw_allocator_system, 0);
    assert_int_equal(gw_json_schema_write(&gw_record_table, &arena, &small_buffer), GW_NO_MEMORY);
    gw_buffer_clear(&small_buffer);
    assert_int_equal(gw_reference_write(&gw_record_table, &arena, &small_buffer), GW_NO_MEMORY);
    gw_buffer_free(&small_buffer);
    assert_int_equal(gw_json_schema_write(&gw_record_table, &empty, &buffer), GW_NO_MEMORY);
    assert_int_equal(gw_reference_write(&gw_record_table, &empty, &buffer), GW_NO_MEMORY);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_record_requires_all_but_what_is_optional),
        TEST(types_are_the_rows),
        TEST(an_article_needs_a_title_or_a_body),
        TEST(bytes_may_be_base64),
        TEST(each_schema_has_an_example),
        TEST(a_page_is_this),
        TEST(memory_may_be_at_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
