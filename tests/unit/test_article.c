/* Articles out of messages: every field, every refusal. */
#include "schemas/article.h"
#include "unit/unit.h"

#include <stdio.h>

struct fixture {
    struct gw_arena arena;
    struct gw_article_options options;
    struct gw_article article;
    struct gw_error error;
};

static int set_up(void **state) {
    static struct fixture fixture;
    fixture = (struct fixture){.options = {&gw_limits_default, GW_OFFSETS_CODEPOINT, GW_ARTICLE_AUTO}};
    gw_arena_init(&fixture.arena, &gw_allocator_system, SIZE_MAX);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    gw_arena_free(&((struct fixture *)*state)->arena);
    return 0;
}

static enum gw_status decode(struct fixture *f, const char *json) {
    return gw_article_decode(gw_str_from(json), &f->options, &f->arena, &f->article, &f->error);
}

static void every_field_is_taken(void **state) {
    struct fixture *f = *state;
    assert_int_equal(
        decode(f,
               "{\"id\":\"a/1\",\"url\":\"https://"
               "x.example\",\"title\":\"T\",\"body\":\"Body\",\"source\":\"S\","
               "\"language\":\"en-GB\",\"published_at\":\"1970-01-02T00:00:01Z\",\"authors\":[\"A\",\"B\"],"
               "\"content_type\":\"text/html\",\"version\":7,\"targets\":[{\"start\":0,\"end\":2}]}"),
        GW_OK);
    const struct gw_article *a = &f->article;
    assert_true(gw_str_is(a->id, "a/1"));
    assert_false(a->id_derived);
    assert_true(gw_str_is(a->url, "https://x.example"));
    assert_true(gw_str_is(a->title, "T"));
    assert_true(gw_str_is(a->body, "Body"));
    assert_true(gw_str_is(a->source, "S"));
    assert_true(gw_str_is(a->language, "en-GB"));
    assert_true(gw_value_is(&a->published_at, "1970-01-02T00:00:01Z"));
    assert_true(a->published_at_ms == 86401000);
    assert_int_equal(a->author_count, 2);
    assert_true(gw_str_is(a->authors[1], "B"));
    assert_true(gw_str_is(a->content_type, "text/html"));
    assert_int_equal(a->version.as.integer, 7);
    assert_int_equal(a->target_count, 1);
    assert_true(a->targets[0].start == 0 && a->targets[0].end == 2 && a->targets[0].field == GW_FIELD_BODY);
    assert_int_equal(a->extra_count, 0);
}

static void null_is_absent(void **state) {
    struct fixture *f = *state;
    assert_int_equal(decode(f,
                            "{\"id\":null,\"url\":null,\"title\":null,\"body\":\"B\",\"authors\":null,"
                            "\"published_at\":null,\"version\":null,\"targets\":null,\"content_type\":null}"),
                     GW_OK);
    const struct gw_article *a = &f->article;
    assert_null(a->url.data);
    assert_null(a->title.data);
    assert_null(a->content_type.data);
    assert_true(a->published_at_ms == INT64_MIN);
    assert_int_equal(a->published_at.type, GW_NIL);
    assert_int_equal(a->version.type, GW_NIL);
    assert_int_equal(a->author_count, 0);
    assert_int_equal(a->target_count, 0);
    assert_int_equal(a->extra_count, 0);
    assert_true(a->id_derived);
}

static void unknown_fields_are_kept_in_order(void **state) {
    struct fixture *f = *state;
    assert_int_equal(decode(f, "{\"z\":{\"k\":[1]},\"body\":\"B\",\"a\":null,\"extra\":2,\"id\":\"i\"}"),
                     GW_OK);
    const struct gw_article *a = &f->article;
    assert_int_equal(a->extra_count, 3);
    assert_true(gw_value_is(&a->extra[0].key, "z"));
    assert_int_equal(gw_value_get(&a->extra[0].value, "k")->as.items[0].as.integer, 1);
    assert_true(gw_value_is(&a->extra[1].key, "a"));
    assert_int_equal(a->extra[1].value.type, GW_NIL);
    assert_true(gw_value_is(&a->extra[2].key, "extra"));
    assert_true(gw_str_is(a->id, "i"));
}

static void messagepack_and_json_give_the_same(void **state) {
    struct fixture *f = *state;
    struct gw_str message = GW_STR("\x83\xA2id\xA1i\xA4"
                                   "body\xA4Text\xA7targets\x91\x82\xA5start\x00\xA3"
                                   "end\x02");
    assert_int_equal(gw_article_decode(message, &f->options, &f->arena, &f->article, &f->error), GW_OK);
    assert_true(gw_str_is(f->article.id, "i"));
    assert_true(gw_str_is(f->article.body, "Text"));
    assert_int_equal(f->article.targets[0].end, 2);
}

static void a_declared_format_wins(void **state) {
    struct fixture *f = *state;
    f->options.format = GW_ARTICLE_MSGPACK;
    assert_int_equal(decode(f, "{\"body\":\"B\"}"), GW_TRAILING_BYTES);
    f->options.format = GW_ARTICLE_JSON;
    assert_int_equal(decode(f, "\x81\xA4"
                               "body\xA1"
                               "B"),
                     GW_MALFORMED);
    f->options.format = GW_ARTICLE_AUTO;
    assert_int_equal(decode(f, "\x81\xA4"
                               "body\xA1"
                               "B"),
                     GW_OK);
    assert_int_equal(decode(f, "\xEF\xBB\xBF{\"body\":\"B\"}"), GW_OK);
    assert_int_equal(decode(f, "\n {\"body\":\"B\"}"), GW_OK);
}

static void a_missing_id_is_derived_from_the_content(void **state) {
    struct fixture *f = *state;
    char first[64];
    assert_int_equal(decode(f, "{\"title\":\"T\",\"body\":\"B\"}"), GW_OK);
    assert_int_equal(f->article.id.size, sizeof GW_ARTICLE_ID_PREFIX - 1 + 32);
    assert_memory_equal(f->article.id.data, GW_ARTICLE_ID_PREFIX, sizeof GW_ARTICLE_ID_PREFIX - 1);
    memcpy(first, f->article.id.data, f->article.id.size + 1);
    assert_int_equal(decode(f, "{\"body\":\"B\",\"title\":\"T\",\"id\":\"\",\"source\":\"S\"}"), GW_OK);
    assert_true(f->article.id_derived);
    assert_true(gw_str_is(f->article.id, first));
    assert_int_equal(decode(f, "{\"title\":\"TB\",\"body\":\"\"}"), GW_OK);
    assert_false(gw_str_is(f->article.id, first));
}

static void one_author_may_be_a_string(void **state) {
    struct fixture *f = *state;
    assert_int_equal(decode(f, "{\"body\":\"B\",\"authors\":\"Jo\"}"), GW_OK);
    assert_int_equal(f->article.author_count, 1);
    assert_true(gw_str_is(f->article.authors[0], "Jo"));
    assert_int_equal(decode(f, "{\"body\":\"B\",\"authors\":[]}"), GW_OK);
    assert_int_equal(f->article.author_count, 0);
}

static void epoch_milliseconds_are_taken(void **state) {
    struct fixture *f = *state;
    assert_int_equal(decode(f, "{\"body\":\"B\",\"published_at\":1692091800000}"), GW_OK);
    assert_true(f->article.published_at_ms == 1692091800000);
    assert_int_equal(f->article.published_at.type, GW_INT);
    assert_int_equal(decode(f, "{\"body\":\"B\",\"published_at\":-1}"), GW_OK);
    assert_true(f->article.published_at_ms == -1);
}

static void targets_are_in_the_configured_unit(void **state) {
    static const struct {
        enum gw_offsets offsets;
        const char *target;
        uint32_t start, end;
    } rows[] = {
        {GW_OFFSETS_BYTE, "{\"start\":7,\"end\":8}", 7, 8},
        {GW_OFFSETS_CODEPOINT, "{\"start\":3,\"end\":4}", 7, 8},
        {GW_OFFSETS_UTF16, "{\"start\":4,\"end\":5}", 7, 8},
        {GW_OFFSETS_UTF16, "{\"end\":5,\"start\":2,\"why\":0}", 3, 8},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char json[256];
        snprintf(json, sizeof json, "{\"targets\":[%s],\"body\":\"\xC3\xA9 \xF0\x9F\x98\x80z\"}",
                 rows[i].target);
        f->options.offsets = rows[i].offsets;
        assert_int_equal(decode(f, json), GW_OK);
        assert_int_equal(f->article.targets[0].start, rows[i].start);
        assert_int_equal(f->article.targets[0].end, rows[i].end);
    }
}

static void targets_may_be_in_the_title(void **state) {
    struct fixture *f = *state;
    assert_int_equal(decode(f,
                            "{\"title\":\"Title\",\"targets\":[{\"field\":\"title\",\"start\":1,\"end\":5},"
                            "{\"field\":\"body\",\"start\":0,\"end\":1}],\"body\":\"B\"}"),
                     GW_OK);
    assert_int_equal(f->article.targets[0].field, GW_FIELD_TITLE);
    assert_int_equal(f->article.targets[1].field, GW_FIELD_BODY);
}

static void refusals(void **state) {
    static const struct {
        const char *json;
        enum gw_status status;
        size_t position;
    } rows[] = {
        {"", GW_EMPTY, 0},
        {"null", GW_BAD_TYPE, 0},
        {"[1]", GW_BAD_TYPE, 0},
        {"\"text\"", GW_BAD_TYPE, 0},
        {"\xC0", GW_BAD_TYPE, 0},
        {"\x90", GW_BAD_TYPE, 0},
        {"\x81\x05\x01", GW_BAD_TYPE, 1},
        {"plain text", GW_MALFORMED, 0},
        {"{}", GW_MISSING_FIELD, GW_NO_POSITION},
        {"{\"title\":null}", GW_MISSING_FIELD, GW_NO_POSITION},
        {"{\"title\":\" \\n\",\"body\":\"\"}", GW_EMPTY, GW_NO_POSITION},
        {"{\"body\":5}", GW_BAD_TYPE, 8},
        {"{\"title\":{}}", GW_BAD_TYPE, 9},
        {"{\"id\":17,\"body\":\"B\"}", GW_BAD_TYPE, 6},
        {"{\"body\":\"B\",\"authors\":[\"A\",1]}", GW_BAD_TYPE, 27},
        {"{\"body\":\"B\",\"authors\":1}", GW_BAD_TYPE, 22},
        {"{\"body\":\"B\",\"content_type\":\"text/xml\"}", GW_BAD_VALUE, 27},
        {"{\"body\":\"B\",\"content_type\":1}", GW_BAD_TYPE, 27},
        {"{\"body\":\"B\",\"version\":1.5}", GW_BAD_TYPE, 22},
        {"{\"body\":\"B\",\"published_at\":\"yesterday\"}", GW_BAD_VALUE, 27},
        {"{\"body\":\"B\",\"published_at\":1.5}", GW_BAD_TYPE, 27},
        {"{\"body\":\"B\",\"published_at\":9223372036854775807}", GW_BAD_VALUE, 27},
        {"{\"body\":\"B\",\"targets\":{}}", GW_BAD_TYPE, 22},
        {"{\"body\":\"B\",\"targets\":[1]}", GW_BAD_TYPE, 23},
        {"{\"body\":\"B\",\"targets\":[{\"start\":0}]}", GW_MISSING_FIELD, 23},
        {"{\"body\":\"B\",\"targets\":[{\"start\":0,\"end\":\"1\"}]}", GW_BAD_TYPE, 40},
        {"{\"body\":\"B\",\"targets\":[{\"start\":0,\"end\":2}]}", GW_BAD_VALUE, 40},
        {"{\"body\":\"B\",\"targets\":[{\"start\":-1,\"end\":1}]}", GW_BAD_VALUE, 32},
        {"{\"body\":\"B\",\"targets\":[{\"start\":1,\"end\":1}]}", GW_BAD_VALUE, 23},
        {"{\"body\":\"BB\",\"targets\":[{\"start\":2,\"end\":1}]}", GW_BAD_VALUE, 24},
        {"{\"body\":\"B\",\"targets\":[{\"start\":0,\"end\":4294967297}]}", GW_BAD_VALUE, 40},
        {"{\"body\":\"B\",\"targets\":[{\"field\":\"url\",\"start\":0,\"end\":1}]}", GW_BAD_VALUE, 32},
        {"{\"body\":\"B\",\"targets\":[{\"field\":1,\"start\":0,\"end\":1}]}", GW_BAD_TYPE, 32},
        {"{\"body\":\"B\",\"targets\":[{\"field\":\"title\",\"start\":0,\"end\":1}]}", GW_BAD_VALUE, 56},
        {"{\"body\":\"B\",\"body\":\"C\"}", GW_DUPLICATE_KEY, 12},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum gw_status status = decode(f, rows[i].json);
        if (status != rows[i].status || f->error.position != rows[i].position) {
            print_error("%s\n%*s^ %s: %s\n", rows[i].json, (int)f->error.position, "", gw_status_word(status),
                        f->error.detail);
        }
        assert_int_equal(status, rows[i].status);
        assert_int_equal(f->error.status, rows[i].status);
        assert_true(f->error.position == rows[i].position);
        assert_int_equal(gw_status_fault(status), GW_FAULT_INPUT);
    }
}

static void a_target_may_not_cut_a_character(void **state) {
    struct fixture *f = *state;
    f->options.offsets = GW_OFFSETS_BYTE;
    assert_int_equal(decode(f, "{\"body\":\"\xC3\xA9\",\"targets\":[{\"start\":0,\"end\":1}]}"),
                     GW_BAD_VALUE);
    f->options.offsets = GW_OFFSETS_UTF16;
    assert_int_equal(decode(f, "{\"body\":\"\xF0\x9F\x98\x80\",\"targets\":[{\"start\":1,\"end\":2}]}"),
                     GW_BAD_VALUE);
}

static void limits_hold(void **state) {
    struct fixture *f = *state;
    struct gw_limits limits = gw_limits_default;
    f->options.limits = &limits;
    limits.message_bytes = 60;
    limits.id_bytes = 3;
    limits.authors = 1;
    limits.targets = 1;
    assert_int_equal(decode(f, "{\"body\":\"B\",\"id\":\"abc\"}"), GW_OK);
    assert_int_equal(decode(f, "{\"body\":\"B\",\"id\":\"abcd\"}"), GW_TOO_LARGE);
    assert_int_equal(f->error.position, 17);
    assert_int_equal(decode(f, "{\"body\":\"B\",\"authors\":[\"a\",\"b\"]}"), GW_TOO_MANY);
    assert_int_equal(decode(f, "{\"body\":\"B\",\"targets\":[{},{}]}"), GW_TOO_MANY);
    assert_int_equal(decode(f, "{\"body\":\"0123456789012345678901234567890123456789012345678\"}"), GW_OK);
    assert_int_equal(decode(f, "{\"body\":\"01234567890123456789012345678901234567890123456789\"}"),
                     GW_TOO_LARGE);
    assert_int_equal(f->error.position, 60);
}

static void content_types_name_formats(void **state) {
    (void)state;
    static const struct {
        const char *content_type;
        enum gw_article_format format;
    } rows[] = {
        {"application/json", GW_ARTICLE_JSON},
        {"Application/JSON ; charset=utf-8", GW_ARTICLE_JSON},
        {"application/vnd.news+json", GW_ARTICLE_JSON},
        {"application/vnd.msgpack", GW_ARTICLE_MSGPACK},
        {" application/msgpack", GW_ARTICLE_MSGPACK},
        {"application/x-msgpack;v=1", GW_ARTICLE_MSGPACK},
        {"text/plain", GW_ARTICLE_AUTO},
        {"+json", GW_ARTICLE_AUTO},
        {"application/jsonl", GW_ARTICLE_AUTO},
        {"", GW_ARTICLE_AUTO},
        {";", GW_ARTICLE_AUTO},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(gw_article_format_of(gw_str_from(rows[i].content_type)), rows[i].format);
    }
    assert_int_equal(gw_article_format_of((struct gw_str){NULL, 0}), GW_ARTICLE_AUTO);
}

static void plain_text_is_an_article(void **state) {
    struct fixture *f = *state;
    struct gw_str text = GW_STR("Rain fell.\n");
    assert_int_equal(gw_article_from_text(text, &gw_limits_default, &f->arena, &f->article, &f->error),
                     GW_OK);
    assert_ptr_equal(f->article.body.data, text.data);
    assert_null(f->article.title.data);
    assert_true(f->article.id_derived);
    assert_int_equal(
        gw_article_from_text(GW_STR(" \n"), &gw_limits_default, &f->arena, &f->article, &f->error), GW_EMPTY);
    assert_int_equal(
        gw_article_from_text(GW_STR("a\xFFz"), &gw_limits_default, &f->arena, &f->article, &f->error),
        GW_BAD_UTF8);
    assert_int_equal(f->error.position, 1);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    static const struct gw_article_options options = {&gw_limits_default, GW_OFFSETS_CODEPOINT,
                                                      GW_ARTICLE_AUTO};
    static const char json[] =
        "{\"body\":\"\xC3\xA9 B\",\"authors\":[\"A\"],\"targets\":[{\"start\":0,\"end\":1}]}";
    /* Ever larger arenas: each piece in turn is the one that does not fit. */
    enum gw_status status = GW_NO_MEMORY;
    for (size_t limit = 0; status != GW_OK; limit += 16) {
        struct gw_arena arena;
        struct gw_article article;
        gw_arena_init(&arena, &gw_allocator_system, limit);
        status = gw_article_decode(gw_str_from(json), &options, &arena, &article, NULL);
        assert_true(status == GW_NO_MEMORY || (status == GW_OK && limit > 500));
        gw_arena_free(&arena);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_field_is_taken),
        TEST(null_is_absent),
        TEST(unknown_fields_are_kept_in_order),
        TEST(messagepack_and_json_give_the_same),
        TEST(a_declared_format_wins),
        TEST(a_missing_id_is_derived_from_the_content),
        TEST(one_author_may_be_a_string),
        TEST(epoch_milliseconds_are_taken),
        TEST(targets_are_in_the_configured_unit),
        TEST(targets_may_be_in_the_title),
        TEST(refusals),
        TEST(a_target_may_not_cut_a_character),
        TEST(limits_hold),
        TEST(content_types_name_formats),
        TEST(plain_text_is_an_article),
        TEST(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
