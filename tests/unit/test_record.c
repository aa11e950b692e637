/* Records in both encodings. */
#include "schemas/json_reader.h"
#include "schemas/msgpack_reader.h"
#include "schemas/record.h"
#include "unit/failing_allocator.h"
#include "unit/sample_record.h"
#include "unit/unit.h"

#include <stdio.h>

struct fixture {
    struct gw_arena arena;
    struct gw_buffer buffer;
    struct gw_error error;
    struct sample_record sample;
};

static int set_up(void **state) {
    static struct fixture fixture;
    gw_arena_init(&fixture.arena, &gw_allocator_system, SIZE_MAX);
    gw_buffer_init(&fixture.buffer, &gw_allocator_system, SIZE_MAX);
    sample_record(&fixture.sample);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    gw_arena_free(&f->arena);
    gw_buffer_free(&f->buffer);
    return 0;
}

static struct gw_str encode(struct fixture *f, enum gw_encoding encoding) {
    gw_buffer_clear(&f->buffer);
    assert_int_equal(gw_record_encode(&f->sample.record, encoding, &f->arena, &f->buffer, &f->error), GW_OK);
    return gw_buffer_str(&f->buffer);
}

/* The record read back from its MessagePack form. */
static struct gw_value encode_and_read(struct fixture *f) {
    struct gw_value value;
    struct gw_str bytes = gw_arena_copy(&f->arena, encode(f, GW_ENCODING_MSGPACK));
    assert_int_equal(gw_msgpack_read(bytes, &gw_limits_default, &f->arena, &value, &f->error), GW_OK);
    return value;
}

static const struct gw_value *get(const struct gw_value *map, const char *key) {
    const struct gw_value *value = gw_value_get(map, key);
    if (!value) {
        fail_msg("there is no %s", key);
    }
    return value;
}

static const struct gw_value *first(const struct gw_value *map, const char *key) {
    const struct gw_value *array = get(map, key);
    assert_int_equal(array->type, GW_ARRAY);
    assert_true(array->count > 0);
    return &array->as.items[0];
}

static void the_json_form_is_this(void **state) {
    struct fixture *f = *state;
    struct gw_str json = encode(f, GW_ENCODING_JSON);
    char id[GW_HASH_HEX_SIZE], expected[4096];
    gw_record_id(&f->sample.record, id);
    int size = snprintf(
        expected, sizeof expected,
        "{\"schema\":\"glosswire.record/1\",\"id\":\"wire-20230815-0042\",\"record_id\":\"%s\","
        "\"article\":{\"url\":\"https://news.example/2023/08/15/talks\","
        "\"title\":\"Mara Lind praises Geneva talks\","
        "\"body\":\"Envoy Lind said on 15 August: \\\"A good day.\\\" She did not fail.\","
        "\"source\":\"Example News\",\"language\":\"en\",\"published_at\":\"2023-08-15T09:30:00Z\","
        "\"authors\":[\"Jo Rivers\"],\"content_type\":\"text/plain\",\"version\":2,"
        "\"extra\":{\"desk\":\"world\"}},\"language\":\"en\",\"offsets\":\"codepoint\","
        "\"sentences\":[{\"start\":0,\"end\":43,\"score\":0.4706,\"label\":\"positive\",\"emphasis\":1,"
        "\"bias\":0,\"rest\":0,\"norm\":1.5}],"
        "\"entities\":[{\"type\":\"PERSON\",\"name\":\"Mara Lind\",\"aliases\":[\"Lind\"],\"role\":\"envoy\","
        "\"links\":[{\"scheme\":\"desk\",\"id\":\"P-204\",\"label\":\"Mara Lind\",\"country\":\"CH\","
        "\"lat\":46.2022,\"lon\":6.1457,\"confidence\":0.9}],\"salience\":0.62,"
        "\"mentions\":[{\"start\":6,\"end\":10,\"text\":\"Lind\",\"sentence\":0,\"confidence\":0.97}],"
        "\"sentiment\":{\"score\":0.35,\"label\":\"positive\",\"confidence\":0.71}}],"
        "\"people\":[{\"name\":\"Mara Lind\",\"uri\":\"desk:P-204\"}],"
        "\"organisations\":[],\"places\":[],\"subjects\":[],\"dateline\":null,\"byline\":null,"
        "\"values\":[{\"type\":\"DATE\",\"start\":19,\"end\":28,\"text\":\"15 August\","
        "\"value\":\"2023-08-15\"}],"
        "\"quotes\":[{\"start\":31,\"end\":42,\"text\":\"A good day.\","
        "\"cue\":{\"start\":11,\"end\":15,\"text\":\"said\"},\"speaker\":0}],"
        "\"markers\":[{\"kind\":\"positive\",\"start\":33,\"end\":37,\"text\":\"good\",\"weight\":0.8,"
        "\"negated\":false,\"modifies\":null,\"target\":null,\"quote\":0}],"
        "\"targets\":[{\"start\":6,\"end\":10,\"sentiment\":{\"score\":0.35,\"label\":\"positive\","
        "\"confidence\":0.71}}],"
        "\"sentiment\":{\"score\":0.3714,\"label\":\"positive\",\"confidence\":0.66,\"positive\":0.0667,"
        "\"negative\":0,\"bias\":0,\"rest\":0,\"norm\":2},"
        "\"fingerprint\":{\"content\":\"5a0c9e7713d84f6612ab90de47f1c803\",\"simhash\":\"9f21c04be8d7a653\"},"
        "\"meta\":{\"program\":\"glosswire/0.1.0\",\"model\":\"en-news/1\","
        "\"model_hash\":\"c0ffee00d1e2f3a4b5c6d7e8f9012345\",\"config_hash\":"
        "\"0b5e7a9c3d1f24680ace13579bdf0246\","
        "\"flags\":[],\"warnings\":[]}}",
        id);
    assert_true(size > 0 && size < (int)sizeof expected);
    char *terminated = (char *)(uintptr_t)gw_arena_copy(&f->arena, json).data;
    assert_string_equal(terminated, expected);
}

/* Of the sample's MessagePack form. A change here is a change of what every consumer stores. */
#define GOLDEN_SIZE 1618
#define GOLDEN_HASH "7bce67d2c6ae070e7552df3557979d83"

static void the_bytes_are_always_the_same(void **state) {
    struct fixture *f = *state;
    struct gw_str bytes = encode(f, GW_ENCODING_MSGPACK);
    char hex[GW_HASH_HEX_SIZE];
    gw_hash128_hex(gw_hash128(bytes), hex);
    assert_int_equal(bytes.size, GOLDEN_SIZE);
    assert_string_equal(hex, GOLDEN_HASH);
    /* The beginning, to the letter. */
    static const char head[] =
        "\xDE\x00\x15\xA6schema\xB2glosswire.record/1\xA2id\xB2wire-20230815-0042\xA9record_id\xD9 ";
    assert_memory_equal(bytes.data, head, sizeof head - 1);
}

static void messagepack_to_json_is_the_json_form(void **state) {
    struct fixture *f = *state;
    struct gw_str msgpack = gw_arena_copy(&f->arena, encode(f, GW_ENCODING_MSGPACK));
    struct gw_str json = gw_arena_copy(&f->arena, encode(f, GW_ENCODING_JSON));
    gw_buffer_clear(&f->buffer);
    assert_int_equal(gw_record_msgpack_to_json(msgpack, 0, &f->arena, &f->buffer, &f->error), GW_OK);
    assert_true(gw_str_eq(gw_buffer_str(&f->buffer), json));
}

static void indented_json_reads_the_same(void **state) {
    struct fixture *f = *state;
    struct gw_value plain, indented;
    struct gw_str msgpack = gw_arena_copy(&f->arena, encode(f, GW_ENCODING_MSGPACK));
    struct gw_str json = gw_arena_copy(&f->arena, encode(f, GW_ENCODING_JSON));
    gw_buffer_clear(&f->buffer);
    assert_int_equal(gw_record_msgpack_to_json(msgpack, 2, &f->arena, &f->buffer, &f->error), GW_OK);
    struct gw_str text = gw_buffer_str(&f->buffer);
    assert_int_equal(gw_json_read(text, &gw_limits_default, &f->arena, &indented, &f->error), GW_OK);
    assert_int_equal(gw_json_read(json, &gw_limits_default, &f->arena, &plain, &f->error), GW_OK);
    assert_true(gw_value_equal(&plain, &indented));
    static const char head[] = "{\n  \"schema\": \"glosswire.record/1\",\n  \"id\": ";
    assert_memory_equal(text.data, head, sizeof head - 1);
}

static void arrays_and_sentiment_are_always_there(void **state) {
    struct fixture *f = *state;
    f->sample.article = (struct gw_article){.id = GW_STR("i"), .title = GW_STR("T")};
    f->sample.annotation =
        (struct gw_annotation){.sentiment.label = GW_NEUTRAL, .flags = GW_FLAG_LANGUAGE_SKIPPED};
    static const char *const arrays[] = {"sentences", "entities", "values", "quotes", "markers", "targets"};
    struct gw_value record = encode_and_read(f);
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) {
        assert_int_equal(get(&record, arrays[i])->type, GW_ARRAY);
        assert_int_equal(get(&record, arrays[i])->count, 0);
    }
    assert_true(gw_value_is(get(get(&record, "sentiment"), "label"), "neutral"));
    assert_int_equal(get(&record, "language")->type, GW_NIL);
    const struct gw_value *article = get(&record, "article");
    assert_int_equal(get(article, "body")->type, GW_NIL);
    assert_int_equal(get(article, "published_at")->type, GW_NIL);
    assert_int_equal(get(article, "version")->type, GW_NIL);
    assert_int_equal(get(article, "authors")->count, 0);
    assert_int_equal(get(article, "extra")->type, GW_MAP);
    assert_true(gw_value_is(first(get(&record, "meta"), "flags"), "language_skipped"));
}

static void every_flag_has_its_word(void **state) {
    struct fixture *f = *state;
    static const char *const words[] = {"truncated", "partial", "language_skipped", "mixed_language",
                                        "id_derived"};
    f->sample.annotation.flags = UINT32_MAX;
    struct gw_value record = encode_and_read(f);
    const struct gw_value *flags = get(get(&record, "meta"), "flags");
    assert_int_equal(flags->count, sizeof words / sizeof words[0]);
    for (size_t i = 0; i < flags->count; i++) {
        assert_true(gw_value_is(&flags->as.items[i], words[i]));
    }
    static const char *warnings[] = {"Watch out"};
    f->sample.annotation.warnings = warnings;
    f->sample.annotation.warning_count = 1;
    record = encode_and_read(f);
    assert_true(gw_value_is(first(get(&record, "meta"), "warnings"), "Watch out"));
}

static void lists_of_ninjs_are_left_out_unless_wanted(void **state) {
    struct fixture *f = *state;
    f->sample.context.ninjs = false;
    struct gw_value record = encode_and_read(f);
    static const char *const lists[] = {"people", "organisations", "places", "subjects"};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        assert_null(gw_value_get(&record, lists[i]));
    }
}

static void dateline_and_byline_are_written(void **state) {
    struct fixture *f = *state;
    struct gw_str author = GW_STR("Jo Rivers");
    f->sample.annotation.dateline = (struct gw_dateline){{0, 5, GW_FIELD_BODY}, 0, GW_NO_INDEX};
    f->sample.annotation.byline = (struct gw_byline){{6, 10, GW_FIELD_BODY}, &author, 1};
    struct gw_value record = encode_and_read(f);
    const struct gw_value *dateline = get(&record, "dateline"), *byline = get(&record, "byline");
    assert_true(gw_value_is(get(dateline, "text"), "Envoy"));
    assert_int_equal(get(dateline, "place")->as.integer, 0);
    assert_int_equal(get(dateline, "agency")->type, GW_NIL);
    assert_true(gw_value_is(get(byline, "text"), "Lind"));
    assert_true(gw_value_is(first(byline, "authors"), "Jo Rivers"));
}

static void references_to_nothing_are_nil(void **state) {
    struct fixture *f = *state;
    f->sample.mentions[0].sentence = GW_NO_INDEX;
    f->sample.quotes[0].speaker = GW_NO_INDEX;
    f->sample.quotes[0].cue = (struct gw_span){0, 0, GW_FIELD_BODY};
    f->sample.links[0].has_coordinates = false;
    f->sample.links[0].country = (struct gw_str){NULL, 0};
    f->sample.values[0].value = (struct gw_str){NULL, 0};
    f->sample.entities[0].role = (struct gw_str){NULL, 0};
    struct gw_value record = encode_and_read(f);
    const struct gw_value *entity = first(&record, "entities");
    assert_int_equal(get(first(entity, "mentions"), "sentence")->type, GW_NIL);
    assert_int_equal(get(first(entity, "links"), "lat")->type, GW_NIL);
    assert_int_equal(get(first(entity, "links"), "lon")->type, GW_NIL);
    assert_int_equal(get(first(entity, "links"), "country")->type, GW_NIL);
    assert_int_equal(get(entity, "role")->type, GW_NIL);
    assert_int_equal(get(first(&record, "quotes"), "speaker")->type, GW_NIL);
    assert_int_equal(get(first(&record, "quotes"), "cue")->type, GW_NIL);
    assert_int_equal(get(first(&record, "values"), "value")->type, GW_NIL);
}

static void scores_are_doubles(void **state) {
    struct fixture *f = *state;
    struct gw_value record = encode_and_read(f);
    const struct gw_value *sentiment = get(&record, "sentiment");
    assert_int_equal(get(sentiment, "score")->type, GW_DOUBLE);
    assert_true(get(sentiment, "score")->as.number == 0.3714);
    assert_int_equal(get(sentiment, "bias")->type, GW_DOUBLE);
}

static void spans_are_in_the_configured_unit(void **state) {
    static const struct {
        enum gw_offsets offsets;
        const char *word;
        int64_t start, end;
    } rows[] = {
        {GW_OFFSETS_CODEPOINT, "codepoint", 3, 4},
        {GW_OFFSETS_BYTE, "byte", 7, 8},
        {GW_OFFSETS_UTF16, "utf16", 4, 5},
    };
    struct fixture *f = *state;
    f->sample.article.title = GW_STR("\xC3\xA9 \xF0\x9F\x98\x80z");
    f->sample.mentions[0].span = (struct gw_span){7, 8, GW_FIELD_TITLE};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        f->sample.context.offsets = rows[i].offsets;
        struct gw_value record = encode_and_read(f);
        const struct gw_value *mention = first(first(&record, "entities"), "mentions");
        assert_true(gw_value_is(get(&record, "offsets"), rows[i].word));
        assert_true(gw_value_is(get(mention, "field"), "title"));
        assert_true(get(mention, "start")->as.integer == rows[i].start);
        assert_true(get(mention, "end")->as.integer == rows[i].end);
        assert_true(gw_value_is(get(mention, "text"), "z"));
        assert_int_equal(mention->count, 6);
    }
}

static void the_body_may_be_left_out(void **state) {
    struct fixture *f = *state;
    f->sample.context.leave_out_body = true;
    struct gw_value record = encode_and_read(f);
    const struct gw_value *article = get(&record, "article");
    assert_null(gw_value_get(article, "body"));
    assert_true(gw_value_is(get(article, "title"), "Mara Lind praises Geneva talks"));
    assert_true(gw_value_is(get(first(first(&record, "entities"), "mentions"), "text"), "Lind"));
}

static void extra_goes_out_as_it_came(void **state) {
    struct fixture *f = *state;
    static const char bytes[] = "\x83\xA1"
                                "f\xCA\x3D\xCC\xCC\xCD\xA1"
                                "e\xC7\x03\x05xyz\xA1"
                                "b\xC4\x02\x00\xFF";
    struct gw_value value;
    struct gw_str source = {bytes, sizeof bytes - 1};
    assert_int_equal(gw_msgpack_read(source, &gw_limits_default, &f->arena, &value, &f->error), GW_OK);
    f->sample.article.extra = value.as.pairs;
    f->sample.article.extra_count = value.count;
    struct gw_str record = encode(f, GW_ENCODING_MSGPACK);
    assert_non_null(memmem(record.data, record.size, bytes, sizeof bytes - 1));
    struct gw_str json = encode(f, GW_ENCODING_JSON);
    static const char expected[] =
        "\"extra\":{\"f\":0.10000000149011612,\"e\":{\"$ext\":[5,\"eHl6\"]},\"b\":{\"$bin\":\"AP8=\"}}";
    assert_non_null(memmem(json.data, json.size, expected, sizeof expected - 1));
}

static void targets_without_findings_are_neutral(void **state) {
    struct fixture *f = *state;
    f->sample.annotation.target_count = 0;
    struct gw_value record = encode_and_read(f);
    const struct gw_value *target = first(&record, "targets");
    assert_true(get(target, "start")->as.integer == 6);
    assert_true(gw_value_is(get(get(target, "sentiment"), "label"), "neutral"));
}

static void ids_differ_by_all_that_makes_a_record(void **state) {
    struct fixture *f = *state;
    char ids[8][GW_HASH_HEX_SIZE];
    struct sample_record *s = &f->sample;
    gw_record_id(&s->record, ids[0]);
    s->article.version.as.integer = 3;
    gw_record_id(&s->record, ids[1]);
    s->article.id = GW_STR("other");
    gw_record_id(&s->record, ids[2]);
    s->article.body = GW_STR("Other.");
    gw_record_id(&s->record, ids[3]);
    s->context.config_hash = GW_STR("1");
    gw_record_id(&s->record, ids[4]);
    s->context.model_hash = GW_STR("1");
    gw_record_id(&s->record, ids[5]);
    s->context.program = GW_STR("glosswire/9");
    gw_record_id(&s->record, ids[6]);
    s->article.version = sample_string("3");
    gw_record_id(&s->record, ids[7]);
    for (size_t i = 0; i < 7; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(ids[i], ids[j]);
        }
    }
    assert_string_equal(ids[6], ids[7]);
    s->article.source = GW_STR("elsewhere");
    gw_record_id(&s->record, ids[7]);
    assert_string_equal(ids[6], ids[7]);
}

static void a_failure_leaves_the_buffer_as_it_was(void **state) {
    struct fixture *f = *state;
    size_t size = encode(f, GW_ENCODING_MSGPACK).size;
    for (size_t limit = 6; limit < 6 + size; limit += 7) {
        struct gw_buffer buffer;
        gw_buffer_init(&buffer, &gw_allocator_system, limit);
        gw_buffer_append(&buffer, "before", 6);
        assert_int_equal(
            gw_record_encode(&f->sample.record, GW_ENCODING_MSGPACK, &f->arena, &buffer, &f->error),
            GW_OUTPUT_TOO_LARGE);
        assert_true(gw_str_is(gw_buffer_str(&buffer), "before"));
        assert_int_equal(buffer.failed, GW_OK);
        gw_buffer_free(&buffer);
    }
}

static void records_are_appended(void **state) {
    struct fixture *f = *state;
    struct gw_str one = gw_arena_copy(&f->arena, encode(f, GW_ENCODING_JSON));
    assert_int_equal(gw_record_encode(&f->sample.record, GW_ENCODING_JSON, &f->arena, &f->buffer, &f->error),
                     GW_OK);
    struct gw_str two = gw_buffer_str(&f->buffer);
    assert_int_equal(two.size, 2 * one.size);
    assert_memory_equal(two.data + one.size, one.data, one.size);
}

static void every_allocation_may_fail(void **state) {
    struct fixture *f = *state;
    f->sample.article.title = GW_STR("caf\xC3\xA9");
    for (int encoding = GW_ENCODING_MSGPACK; encoding <= GW_ENCODING_JSON; encoding++) {
        bool failed = true;
        for (size_t turn = 0; failed; turn++) {
            struct failing_allocator failing = {.fail_at = turn};
            struct gw_allocator allocator = failing_allocator(&failing);
            struct gw_arena arena;
            struct gw_buffer buffer;
            gw_arena_init(&arena, &allocator, SIZE_MAX);
            gw_buffer_init(&buffer, &allocator, SIZE_MAX);
            enum gw_status status =
                gw_record_encode(&f->sample.record, (enum gw_encoding)encoding, &arena, &buffer, &f->error);
            assert_int_equal(status, failing.failed ? GW_NO_MEMORY : GW_OK);
            assert_true(status == GW_OK || buffer.size == 0);
            gw_arena_free(&arena);
            gw_buffer_free(&buffer);
            assert_int_equal(failing.in_use, 0);
            failed = failing.failed;
        }
    }
}

static void bad_messagepack_has_no_json_form(void **state) {
    struct fixture *f = *state;
    struct gw_str record = encode(f, GW_ENCODING_MSGPACK);
    struct gw_buffer out;
    gw_buffer_init(&out, &gw_allocator_system, SIZE_MAX);
    for (size_t size = 0; size < record.size; size += 11) {
        struct gw_str part = {record.data, size};
        assert_int_not_equal(gw_record_msgpack_to_json(part, 0, &f->arena, &out, &f->error), GW_OK);
        assert_int_equal(gw_status_fault(f->error.status), GW_FAULT_INPUT);
        assert_int_equal(out.size, 0);
    }
    gw_buffer_free(&out);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_json_form_is_this),
        TEST(the_bytes_are_always_the_same),
        TEST(messagepack_to_json_is_the_json_form),
        TEST(indented_json_reads_the_same),
        TEST(arrays_and_sentiment_are_always_there),
        TEST(every_flag_has_its_word),
        TEST(lists_of_ninjs_are_left_out_unless_wanted),
        TEST(dateline_and_byline_are_written),
        TEST(references_to_nothing_are_nil),
        TEST(scores_are_doubles),
        TEST(spans_are_in_the_configured_unit),
        TEST(the_body_may_be_left_out),
        TEST(extra_goes_out_as_it_came),
        TEST(targets_without_findings_are_neutral),
        TEST(ids_differ_by_all_that_makes_a_record),
        TEST(a_failure_leaves_the_buffer_as_it_was),
        TEST(records_are_appended),
        TEST(every_allocation_may_fail),
        TEST(bad_messagepack_has_no_json_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
