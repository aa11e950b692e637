/* The tables themselves: complete, consistent, and their examples true. */
#include "schemas/example.h"
#include "schemas/json_reader.h"
#include "schemas/json_writer.h"
#include "schemas/table.h"
#include "unit/sample_record.h"
#include "unit/unit.h"

#include <ctype.h>

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

/* Calls `visit` for a table and for each table inside it. */
static void visit_tables(const struct gw_table *table, void (*visit)(const struct gw_table *table)) {
    visit(table);
    for (size_t i = 0; i < table->field_count; i++) {
        if (table->fields[i].table) {
            visit_tables(table->fields[i].table, visit);
        }
    }
}

static void visit_all(void (*visit)(const struct gw_table *table)) {
    for (size_t i = 0; i < GW_SCHEMA_COUNT; i++) {
        visit_tables(gw_schemas[i], visit);
    }
    visit(&gw_span_table);
}

static void assert_sentence(const char *text) {
    assert_non_null(text);
    size_t size = strlen(text);
    assert_true(size > 1 && text[size - 1] == '.');
    assert_true(isupper((unsigned char)text[0]) || isdigit((unsigned char)text[0]));
}

static void check_docs(const struct gw_table *table) {
    assert_non_null(table->name);
    assert_non_null(table->title);
    assert_non_null(table->since);
    assert_sentence(table->doc);
    for (size_t i = 0; i < table->field_count; i++) {
        const struct gw_field *row = &table->fields[i];
        assert_true(row->as == GW_AS_SPAN || row->name.size > 0);
        if (row->as != GW_AS_SPAN) {
            assert_sentence(row->doc);
        }
        assert_true(row->example || row->table);
    }
}

static void every_table_and_row_is_explained(void **state) {
    (void)state;
    visit_all(check_docs);
}

static void check_names(const struct gw_table *table) {
    for (size_t i = 0; i < table->field_count; i++) {
        const struct gw_term *name = &table->fields[i].name;
        assert_int_equal(strlen(name->text), name->size);
        for (size_t c = 0; c < name->size; c++) {
            assert_true(islower((unsigned char)name->text[c]) || name->text[c] == '_');
        }
        assert_true(name->size == 0 || gw_table_find(table, gw_term_str(name)) == &table->fields[i]);
        for (size_t word = 0; word < table->fields[i].word_count; word++) {
            const struct gw_term *entry = &table->fields[i].words[word];
            assert_int_equal(strlen(entry->text), entry->size);
            assert_true(entry->size > 0);
        }
    }
}

static void names_and_words_are_measured_and_unique(void **state) {
    (void)state;
    visit_all(check_names);
}

static void check_span(const struct gw_table *table) {
    const struct gw_field *found = NULL;
    for (size_t i = 0; i < table->field_count; i++) {
        if (table->fields[i].as == GW_AS_SPAN) {
            assert_null(found);
            found = &table->fields[i];
        }
    }
    assert_ptr_equal(table->span, found);
}

static void tables_know_their_span(void **state) {
    (void)state;
    visit_all(check_span);
}

static void schemas_are_found_by_name(void **state) {
    (void)state;
    assert_ptr_equal(gw_schema_find(GW_STR("article")), &gw_article_table);
    assert_ptr_equal(gw_schema_find(GW_STR("record")), &gw_record_table);
    assert_ptr_equal(gw_schema_find(GW_STR("dead_letter")), &gw_dead_letter_table);
    assert_null(gw_schema_find(GW_STR("letter")));
    assert_string_equal(gw_record_body_row()->name.text, "body");
}

static struct gw_str example_of(const struct gw_table *table) {
    struct gw_writer writer;
    gw_buffer_clear(&buffer);
    gw_json_writer_init(&writer, &buffer, 0);
    assert_int_equal(gw_example_write(&writer, NULL, table, &arena), GW_OK);
    return gw_arena_copy(&arena, gw_buffer_str(&buffer));
}

static void the_articles_example_is_one(void **state) {
    (void)state;
    static const struct gw_article_options options = {&gw_limits_default, GW_OFFSETS_CODEPOINT,
                                                      GW_ARTICLE_JSON};
    struct gw_article article;
    struct gw_error error;
    struct gw_str example = example_of(&gw_article_table);
    assert_int_equal(gw_article_decode(example, &options, &arena, &article, &error), GW_OK);
    assert_int_equal(article.extra_count, 0);
    assert_int_equal(article.target_count, 1);
    assert_int_equal(article.author_count, 1);
    assert_true(article.published_at_ms > 0);
}

/* All but the record's own id, which the example has made up. */
static void the_records_example_is_one(void **state) {
    (void)state;
    static struct sample_record sample;
    struct gw_value made_up, real;
    sample_record(&sample);
    gw_buffer_clear(&buffer);
    struct gw_str example = example_of(&gw_record_table);
    gw_buffer_clear(&buffer);
    assert_int_equal(gw_record_encode(&sample.record, GW_ENCODING_JSON, &arena, &buffer, NULL), GW_OK);
    struct gw_str encoded = gw_buffer_str(&buffer);
    assert_int_equal(gw_json_read(example, &gw_limits_default, &arena, &made_up, NULL), GW_OK);
    assert_int_equal(gw_json_read(encoded, &gw_limits_default, &arena, &real, NULL), GW_OK);
    assert_int_equal(made_up.count, real.count);
    for (size_t i = 0; i < real.count; i++) {
        assert_true(gw_value_equal(&made_up.as.pairs[i].key, &real.as.pairs[i].key));
        if (!gw_value_is(&real.as.pairs[i].key, "record_id") &&
            !gw_value_equal(&made_up.as.pairs[i].value, &real.as.pairs[i].value)) {
            fail_msg("the example of %s differs", real.as.pairs[i].key.as.bytes.data);
        }
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_table_and_row_is_explained), TEST(names_and_words_are_measured_and_unique),
        TEST(tables_know_their_span),           TEST(schemas_are_found_by_name),
        TEST(the_articles_example_is_one),      TEST(the_records_example_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
