/* The annotator as a whole, through its one door. */
#include "process/annotate.h"
#include "unit/unit.h"

static struct gw_model *model;
static struct gw_arena arena;

static int open_model(void **state) {
    (void)state;
    struct gw_error error = {.status = GW_OK};
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    return gw_model_open(GW_SOURCE_DIR "/models/en-news.gwm", &model, &error) == GW_OK ? 0 : -1;
}

static int close_model(void **state) {
    (void)state;
    gw_arena_free(&arena);
    gw_model_close(model);
    return 0;
}

static struct gw_annotation annotate(const char *title, const char *body) {
    struct gw_annotate_options options = {.limits = &gw_limits_default, .budget = GW_ANNOTATE_BUDGET_DEFAULT};
    struct gw_article article = {.title = gw_str_from(title), .body = gw_str_from(body)};
    struct gw_annotation annotation;
    assert_int_equal(gw_annotate(model, &options, &article, &arena, &annotation, NULL), GW_OK);
    return annotation;
}

static const struct gw_entity *find_entity(const struct gw_annotation *annotation, const char *name) {
    for (size_t i = 0; i < annotation->entity_count; i++) {
        if (gw_str_is(annotation->entities[i].name, name)) {
            return &annotation->entities[i];
        }
    }
    return NULL;
}

static void assert_entity(const struct gw_annotation *annotation, const char *name,
                          enum gw_entity_type type) {
    const struct gw_entity *entity = find_entity(annotation, name);
    assert_non_null(entity);
    assert_int_equal(entity->type, type);
}

static void test_names_of_a_small_story(void **state) {
    (void)state;
    struct gw_annotation annotation = annotate(
        "Minister praises talks",
        "NAIROBI - Foreign Minister Amina Wanjiru praised the talks in Geneva on Monday. The World Health "
        "Organization (WHO) welcomed them. Wanjiru thanked the WHO and the Kenyan delegation.");
    assert_entity(&annotation, "Amina Wanjiru", GW_PERSON);
    assert_entity(&annotation, "World Health Organization", GW_ORG);
    assert_entity(&annotation, "Geneva", GW_LOC);
    assert_entity(&annotation, "Kenyan", GW_NORP);
    assert_true(gw_str_is(find_entity(&annotation, "Amina Wanjiru")->role, "Foreign Minister"));
    assert_int_equal(find_entity(&annotation, "Amina Wanjiru")->mention_count, 2);
    assert_int_equal(find_entity(&annotation, "World Health Organization")->mention_count, 3);
    assert_true(gw_str_is(annotation.language, "en"));
    assert_int_equal(annotation.flags, 0);
}

static void test_an_empty_article_is_an_empty_annotation(void **state) {
    (void)state;
    struct gw_annotation annotation = annotate("", " \n ");
    assert_int_equal(annotation.sentence_count, 0);
    assert_int_equal(annotation.entity_count, 0);
    assert_int_equal(annotation.sentiment.score, 0);
    assert_int_equal(annotation.sentiment.label, GW_NEUTRAL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_of_a_small_story),
        cmocka_unit_test(test_an_empty_article_is_an_empty_annotation),
    };
    return cmocka_run_group_tests(tests, open_model, close_model);
}
