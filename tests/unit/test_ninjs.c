/* Items of IPTC's ninjs: taken in under its names, and its lists in the record. */
#include "schemas/article.h"
#include "schemas/ninjs.h"
#include "unit/unit.h"

static struct gw_arena arena;

static int open_arena(void **state) {
    (void)state;
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    return 0;
}

static int close_arena(void **state) {
    (void)state;
    gw_arena_free(&arena);
    return 0;
}

static struct gw_article read(const char *json) {
    struct gw_article article;
    struct gw_error error = {.detail = ""};
    const struct gw_article_options options = {.limits = &gw_limits_default};
    if (gw_article_decode(gw_str_from(json), &options, &arena, &article, &error) != GW_OK) {
        fail_msg("%s", error.detail);
    }
    return article;
}

static void an_items_fields_are_taken(void **state) {
    (void)state;
    struct gw_article article = read(
        "{\"uri\":\"urn:x:1\",\"headline\":\"Rain\",\"body_text\":\"It rained.\",\"byline\":\"Jo Rivers\","
        "\"version\":\"3\",\"versioncreated\":\"2023-08-15T09:30:00Z\",\"firstcreated\":\"2023-08-14T09:30:"
        "00Z\","
        "\"language\":\"en\",\"embargoed\":\"2023-08-16T00:00:00Z\",\"pubstatus\":\"usable\"}");
    assert_true(gw_str_is(article.id, "urn:x:1") && gw_str_is(article.title, "Rain"));
    assert_true(gw_str_is(article.body, "It rained."));
    assert_null(article.content_type.data);
    assert_int_equal(article.author_count, 1);
    assert_true(gw_value_is(&article.version, "3"));
    assert_true(gw_value_is(&article.published_at, "2023-08-15T09:30:00Z"));
    assert_int_equal(article.extra_count, 3);
    assert_true(gw_value_is(&article.extra[0].key, "firstcreated"));
    assert_true(gw_value_is(&article.extra[1].key, "embargoed"));
    assert_true(gw_value_is(&article.extra[2].key, "pubstatus"));
}

static void lists_of_headlines_and_bodies_are_read(void **state) {
    (void)state;
    struct gw_article article =
        read("{\"headlines\":[{\"role\":\"main\",\"value\":\"Rain\"}],"
             "\"bodies\":[{\"contenttype\":\"text/html\",\"value\":\"<p>Wet.</p>\"}]}");
    assert_true(gw_str_is(article.title, "Rain") && gw_str_is(article.body, "<p>Wet.</p>"));
    assert_true(gw_str_is(article.content_type, "text/html"));
    assert_true(gw_str_is(read("{\"body_xhtml\":\"<p>Wet.</p>\"}").content_type, "text/html"));
    article = read("{\"headline\":\"Rain\",\"bodies\":\"none\"}");
    assert_null(article.body.data);
    assert_int_equal(article.extra_count, 1);
}

static void our_own_names_win(void **state) {
    (void)state;
    struct gw_article article = read("{\"headline\":\"Rain\",\"body\":\"It rained.\",\"uri\":\"u\"}");
    assert_null(article.title.data);
    assert_int_equal(article.extra_count, 2);
    article = read("{\"uri\":\"u\",\"headline\":\"Rain\",\"id\":\"ours\",\"title\":null}");
    assert_true(gw_str_is(article.title, "Rain") && gw_str_is(article.id, "ours"));
}

static void what_is_no_text_is_refused_as_ours_is(void **state) {
    (void)state;
    struct gw_article article;
    struct gw_error error;
    const struct gw_article_options options = {.limits = &gw_limits_default};
    assert_int_equal(gw_article_decode(GW_STR("{\"headline\":7}"), &options, &arena, &article, &error),
                     GW_BAD_TYPE);
    assert_int_equal(gw_article_decode(GW_STR("{\"uri\":\"u\"}"), &options, &arena, &article, &error),
                     GW_MISSING_FIELD);
}

static struct gw_entity entity(enum gw_entity_type type, const char *name) {
    return (struct gw_entity){.type = type, .name = gw_str_from(name)};
}

static void entities_are_dealt_to_the_lists(void **state) {
    (void)state;
    struct gw_link link = {.scheme = GW_STR("geonames"), .id = GW_STR("2657896")};
    struct gw_entity entities[] = {entity(GW_LOC, "Z"),    entity(GW_PERSON, "Ann"), entity(GW_ORG, "Co"),
                                   entity(GW_FAC, "Hall"), entity(GW_EVENT, "War"),  entity(GW_NORP, "Finn")};
    entities[0].links = &link;
    entities[0].link_count = 1;
    const struct gw_annotation annotation = {.entities = entities, .entity_count = 6};
    struct gw_ninjs_lists lists;
    assert_int_equal(gw_ninjs_make_lists(&annotation, &arena, &lists), GW_OK);
    assert_int_equal(lists.lists[GW_NINJS_PEOPLE].count, 1);
    assert_int_equal(lists.lists[GW_NINJS_ORGANISATIONS].count, 1);
    assert_int_equal(lists.lists[GW_NINJS_PLACES].count, 2);
    assert_int_equal(lists.lists[GW_NINJS_SUBJECTS].count, 2);
    assert_true(gw_str_is(lists.lists[GW_NINJS_PLACES].items[0].uri, "geonames:2657896"));
    assert_null(lists.lists[GW_NINJS_PLACES].items[1].uri.data);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_items_fields_are_taken),
        cmocka_unit_test(lists_of_headlines_and_bodies_are_read),
        cmocka_unit_test(our_own_names_win),
        cmocka_unit_test(what_is_no_text_is_refused_as_ours_is),
        cmocka_unit_test(entities_are_dealt_to_the_lists),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
