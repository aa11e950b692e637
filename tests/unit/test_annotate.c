/* The annotator as a whole, through its one door. */
#include "unit/failing_allocator.h"
#include "unit/process_bench.h"

#include <stdlib.h>

#define CHECK(property) assert_true(property)
#include "unit/annotation_checks.h"

static const struct gw_annotate_options plain_options = {.limits = &gw_limits_default,
                                                         .budget = GW_ANNOTATE_BUDGET_DEFAULT};

static struct gw_annotation annotate_article(const struct gw_article *article,
                                             const struct gw_annotate_options *options) {
    struct gw_annotation annotation;
    assert_int_equal(gw_annotate(bench_model, options, article, &bench_arena, &annotation, NULL), GW_OK);
    check_annotation(article, &annotation);
    return annotation;
}

static struct gw_annotation annotate(const char *title, const char *body) {
    struct gw_article article = {.title = gw_str_from(title), .body = gw_str_from(body)};
    return annotate_article(&article, &plain_options);
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

static void test_an_absent_body_is_fine(void **state) {
    (void)state;
    struct gw_annotation annotation = annotate("Great news from Oslo", NULL);
    assert_int_equal(annotation.sentence_count, 1);
    assert_int_equal(annotation.sentences[0].span.field, GW_FIELD_TITLE);
    assert_int_equal(annotation.sentences[0].emphasis,
                     gw_model_setting(bench_model, GW_SETTING_EMPHASIS_TITLE));
    assert_true(annotation.sentiment.score > 0);
}

static struct gw_marker marker_at(const struct gw_annotation *annotation, size_t start) {
    for (size_t m = 0; m < annotation->marker_count; m++) {
        if (annotation->markers[m].span.start == start) {
            return annotation->markers[m];
        }
    }
    fail_msg("no marker at %zu", start);
    return (struct gw_marker){.kind = GW_MARKER_KIND_COUNT};
}

static void test_markers_name_target_and_quotation(void **state) {
    (void)state;
    static const char body[] = "Critics hated Norway. “We love the good people,” said Ana Lund.";
    struct gw_annotation annotation = annotate(NULL, body);
    struct gw_marker hated = marker_at(&annotation, (size_t)(strstr(body, "hated") - body));
    struct gw_marker love = marker_at(&annotation, (size_t)(strstr(body, "love") - body));
    assert_int_equal(hated.kind, GW_MARKER_NEGATIVE);
    assert_str(annotation.entities[hated.target].name, "Norway");
    assert_int_equal(hated.quote, GW_NO_INDEX);
    assert_int_equal(love.quote, 0);
    assert_str(annotation.entities[annotation.quotes[0].speaker].name, "Ana Lund");
}

static void test_sentiment_towards_entities_and_targets(void **state) {
    (void)state;
    static const char body[] =
        "Everybody praised the wonderful Ana Lund. The terrible Paul Okoro failed them badly.";
    struct gw_span targets[] = {{30, 40, GW_FIELD_BODY}, {55, 65, GW_FIELD_BODY}, {9, 10, GW_FIELD_TITLE}};
    struct gw_article article = {.body = gw_str_from(body), .targets = targets, .target_count = 3};
    struct gw_annotation annotation = annotate_article(&article, &plain_options);
    assert_int_equal(find_entity(&annotation, "Ana Lund")->sentiment.label, GW_POSITIVE);
    assert_int_equal(find_entity(&annotation, "Paul Okoro")->sentiment.label, GW_NEGATIVE);
    assert_int_equal(annotation.target_count, 3);
    assert_int_equal(annotation.targets[0].label, GW_POSITIVE);
    assert_int_equal(annotation.targets[1].label, GW_NEGATIVE);
    assert_int_equal(annotation.targets[2].label, GW_NEUTRAL);
    assert_int_equal(annotation.targets[2].score, 0);
}

static void test_another_language_is_skipped(void **state) {
    (void)state;
    struct gw_span target = {0, 3, GW_FIELD_BODY};
    struct gw_article article = {.body = GW_STR("Der Regen hat Oslo erreicht, schlimm."),
                                 .language = GW_STR("de-AT"),
                                 .targets = &target,
                                 .target_count = 1};
    struct gw_annotation annotation = annotate_article(&article, &plain_options);
    assert_int_equal(annotation.flags, GW_FLAG_LANGUAGE_SKIPPED);
    assert_str(annotation.language, "de");
    assert_int_equal(annotation.sentence_count + annotation.entity_count + annotation.marker_count, 0);
    assert_int_equal(annotation.targets[0].label, GW_NEUTRAL);
    assert_int_equal(annotation.sentiment.label, GW_NEUTRAL);
    assert_true(annotation.content_hash.low != 0 && annotation.simhash != 0);
    article.language = GW_STR("en-GB");
    assert_str(annotate_article(&article, &plain_options).language, "en");
}

static void test_another_language_that_nobody_said(void **state) {
    (void)state;
    struct gw_article article = {.body =
                                     GW_STR("Der Regen hat Oslo erreicht und alle Brücken sind für die Nacht "
                                            "gesperrt, sagte die Bürgermeisterin.")};
    struct gw_annotation annotation = annotate_article(&article, &plain_options);
    assert_int_equal(annotation.flags, GW_FLAG_LANGUAGE_SKIPPED);
    assert_str(annotation.language, "de");
    article.language = GW_STR("deu");
    assert_str(annotate_article(&article, &plain_options).language, "de");
    struct gw_annotate_options all = plain_options;
    all.other_languages = GW_OTHER_LANGUAGES_ANNOTATE;
    annotation = annotate_article(&article, &all);
    assert_int_equal(annotation.flags, 0);
    assert_str(annotation.language, "de");
    assert_int_equal(annotation.sentence_count, 1);
}

static void test_stages_have_names(void **state) {
    (void)state;
    assert_string_equal(gw_annotate_stage_name(GW_STAGE_TEXT), "text");
    assert_string_equal(gw_annotate_stage_name(GW_STAGE_DOCUMENT), "document");
}

static void note_stage(void *context, enum gw_annotate_stage ended) {
    int *next = context;
    assert_int_equal(ended, *next);
    ++*next;
}

static void test_the_observer_hears_of_every_stage(void **state) {
    (void)state;
    int next = 0;
    struct gw_annotate_options options = plain_options;
    struct gw_article article = {.body = GW_STR("It is so.")};
    options.observe = note_stage;
    options.observe_context = &next;
    annotate_article(&article, &options);
    assert_int_equal(next, GW_ANNOTATE_STAGE_COUNT);
}

/* A text of any characters: more of those that rules know. */
static size_t random_text(uint64_t *seed, char *out, size_t size) {
    static const char *const bits[] = {
        " ",       " ",        " ",    "\n",   "\n\n",        ". ",         ", ",      "\"",
        "’",       "“",        "”",    "-",    "(",           ")",          "$",       "%",
        "the ",    "of ",      "and ", "not ", "great ",      "bad ",       "but ",    "said ",
        "Ana ",    "Lund",     "U.S.", "Dr. ", "North ",      "Korea",      "Reuters", "15/8/2023",
        "5 July ", "million ", "😀",    "é",    "Ł",           "京",         "<b>",     "&amp;",
        "\0",      "x",        "Q",    "…",    "University ", "President ", "3.5",     "@a",
        "http://", "al-",      "'s ",
    };
    size_t used = 0;
    while (used + 16 < size) {
        *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        const char *bit = bits[(*seed >> 33) % (sizeof bits / sizeof *bits)];
        size_t length = bit[0] ? strlen(bit) : 1;
        memcpy(out + used, bit, length);
        used += length;
    }
    return used;
}

static void test_any_text_gives_a_sound_annotation(void **state) {
    (void)state;
    uint64_t seed = 7;
    for (int round = 0; round < 600; round++) {
        char title[64], body[600];
        struct gw_article article = {
            .title = {title, random_text(&seed, title, sizeof title)},
            .body = {body, random_text(&seed, body, sizeof body - (size_t)round / 2)}};
        if (round % 3 == 0) {
            article.content_type = GW_STR("text/html");
        }
        annotate_article(&article, &plain_options);
        gw_arena_reset(&bench_arena);
    }
}

static void assert_same(const struct gw_annotation *a, const struct gw_annotation *b) {
    assert_int_equal(a->sentence_count, b->sentence_count);
    for (size_t s = 0; s < a->sentence_count; s++) {
        assert_int_equal(a->sentences[s].span.start, b->sentences[s].span.start);
        assert_int_equal(a->sentences[s].span.end, b->sentences[s].span.end);
        assert_int_equal(a->sentences[s].span.field, b->sentences[s].span.field);
        assert_int_equal(a->sentences[s].score, b->sentences[s].score);
        assert_int_equal(a->sentences[s].rest, b->sentences[s].rest);
    }
    assert_int_equal(a->marker_count, b->marker_count);
    for (size_t m = 0; m < a->marker_count; m++) {
        assert_int_equal(a->markers[m].weight, b->markers[m].weight);
        assert_int_equal(a->markers[m].target, b->markers[m].target);
    }
    assert_int_equal(a->entity_count, b->entity_count);
    for (size_t e = 0; e < a->entity_count; e++) {
        assert_true(gw_str_eq(a->entities[e].name, b->entities[e].name));
        assert_int_equal(a->entities[e].salience, b->entities[e].salience);
        assert_int_equal(a->entities[e].sentiment.score, b->entities[e].sentiment.score);
    }
    assert_true(a->simhash == b->simhash);
}

static void test_the_same_article_gives_the_same_annotation(void **state) {
    (void)state;
    uint64_t seed = 99;
    char body[4000];
    struct gw_article article = {.body = {body, random_text(&seed, body, sizeof body)}};
    struct gw_annotation first = annotate_article(&article, &plain_options);
    annotate("Something else", "Ana Lund went to Oslo, which was not great.");
    struct gw_annotation second = annotate_article(&article, &plain_options);
    assert_same(&first, &second);
}

static void test_the_budget_ends_in_a_partial_annotation(void **state) {
    (void)state;
    uint64_t seed = 5;
    char body[4000];
    struct gw_article article = {.body = {body, random_text(&seed, body, sizeof body)}};
    size_t tokens = annotate_article(&article, &plain_options).token_count;
    struct gw_annotate_options options = plain_options;
    for (options.budget = 0; options.budget < tokens * 100; options.budget += 1 + tokens) {
        struct gw_annotation annotation = annotate_article(&article, &options);
        assert_true(annotation.token_count <= options.budget / 4 + 1);
        assert_int_equal(annotation.flags & GW_FLAG_PARTIAL, annotation.token_count < tokens
                                                                 ? GW_FLAG_PARTIAL
                                                                 : annotation.flags & GW_FLAG_PARTIAL);
    }
    assert_int_equal(annotate_article(&article, &options).flags & GW_FLAG_PARTIAL, 0);
    options.budget = 100;
    assert_int_equal(annotate_article(&article, &options).flags & GW_FLAG_PARTIAL, GW_FLAG_PARTIAL);
}

static void test_each_failing_allocation_is_no_memory(void **state) {
    (void)state;
    static char body[60000];
    uint64_t seed = 3;
    struct gw_span target = {0, 10, GW_FIELD_BODY};
    struct gw_article article = {.title = GW_STR("Ana Lund"),
                                 .body = {body, random_text(&seed, body, sizeof body)},
                                 .targets = &target,
                                 .target_count = 1};
    bool failed = true;
    size_t turns = 0;
    for (; failed; turns++) {
        struct failing_allocator failing = {.fail_at = turns};
        struct gw_allocator allocator = failing_allocator(&failing);
        struct gw_arena arena;
        struct gw_annotation annotation;
        struct gw_error error = {.status = GW_OK};
        gw_arena_init(&arena, &allocator, SIZE_MAX);
        enum gw_status status =
            gw_annotate(bench_model, &plain_options, &article, &arena, &annotation, &error);
        assert_int_equal(status, failing.failed ? GW_NO_MEMORY : GW_OK);
        assert_int_equal(error.status, status);
        gw_arena_free(&arena);
        assert_int_equal(failing.in_use, 0);
        failed = failing.failed;
    }
    assert_true(turns > 3);
}

static void test_each_arena_limit_is_kept(void **state) {
    (void)state;
    uint64_t seed = 11;
    char body[3000];
    struct gw_article article = {.body = {body, random_text(&seed, body, sizeof body)}};
    article.content_type = GW_STR("text/html");
    bool done = false;
    for (size_t limit = 0; !done; limit += 1024) {
        struct gw_arena arena;
        struct gw_annotation annotation;
        gw_arena_init(&arena, &gw_allocator_system, limit);
        enum gw_status status = gw_annotate(bench_model, &plain_options, &article, &arena, &annotation, NULL);
        done = status == GW_OK;
        assert_true(done || status == GW_NO_MEMORY);
        assert_true(arena.taken <= limit);
        gw_arena_free(&arena);
    }
}

/* The article that the project started from lies beside the repository where there is one. */
/* Many people, places, dates and opinions; each paragraph has others. */
static size_t write_report(char *out, size_t size) {
    static const char *const firsts[] = {"Anna", "Robert", "Kofi", "Mehmet", "Ingrid"};
    static const char *const lasts[] = {"Okafor", "Lindqvist", "Hale", "Demir", "Kovac", "Brandt", "Mensah"};
    size_t used = 0;
    for (unsigned i = 0; size - used > 400; i++) {
        used += (size_t)snprintf(
            out + used, size - used,
            "%s %s, the mayor of Port %s, said on Tuesday that the flood had cost %u million euros. "
            "“We lost %u good boats and a terrible number of houses,” the %s Harbour Company warned. "
            "Nobody in Kenya or Peru was hurt, %s wrote in May %u, though critics attacked the plan.\n\n",
            firsts[i % 5], lasts[i % 7], lasts[i * 3 % 7], i % 90 + 2, i % 12 + 3, lasts[i * 5 % 7],
            lasts[i % 7], 1990 + i % 30);
    }
    return used;
}

/* What a long article needs is what its largest stage needs, not the sum of all: a worker's share of memory
 * has to be enough for it. */
static void test_memory_of_a_long_article(void **state) {
    (void)state;
    enum { TEXT_BYTES = 212000, BYTES_PER_BYTE = 48 };
    static char body[TEXT_BYTES];
    struct gw_article article = {.published_at_ms = INT64_MIN,
                                 .body = {body, write_report(body, sizeof body)}};
    struct gw_annotation annotation;
    struct gw_arena arena;
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    assert_int_equal(gw_annotate(bench_model, &plain_options, &article, &arena, &annotation, NULL), GW_OK);
    assert_in_range(annotation.value_count, 500, SIZE_MAX);
    print_message("%zu bytes of memory for %zu of text\n", arena.taken, article.body.size);
    assert_in_range(arena.taken, 0, BYTES_PER_BYTE * article.body.size);
    gw_arena_free(&arena);
}

static void test_seed_article(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum gw_entity_type type;
    } expected[] = {
        {"Vladimir Putin", GW_PERSON},
        {"Kim Jong Un", GW_PERSON},
        {"Sergei Shoigu", GW_PERSON},
        {"Reuters", GW_ORG},
        {"Korean Central News Agency", GW_ORG},
        {"Russia", GW_LOC},
        {"North Korea", GW_LOC},
        {"Pyongyang", GW_LOC},
        {"Moscow", GW_LOC},
        {"Ukraine", GW_LOC},
        {"United States", GW_LOC},
        {"World War II", GW_EVENT},
    };
    struct gw_str seed;
    if (gw_file_read(GW_SOURCE_DIR "/../shared/data/articles/seed.txt", (size_t)1 << 20, &seed, NULL) !=
        GW_OK) {
        print_message("skipped: there is no shared/ beside the repository\n");
        skip();
    }
    struct gw_article article = {.body = seed};
    struct gw_annotation annotation = annotate_article(&article, &plain_options);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_entity(&annotation, expected[i].name, expected[i].type);
    }
    assert_str(find_entity(&annotation, "Korean Central News Agency")->aliases[0], "KCNA");
    assert_str(find_entity(&annotation, "Sergei Shoigu")->role, "Russian Defense Minister");
    size_t different = 0;
    for (size_t s = 1; s < annotation.sentence_count; s++) {
        different += annotation.sentences[s].score != annotation.sentences[s - 1].score;
    }
    assert_true(different >= 3);
    free((void *)(uintptr_t)seed.data);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_of_a_small_story),
        cmocka_unit_test(test_an_empty_article_is_an_empty_annotation),
        cmocka_unit_test(test_an_absent_body_is_fine),
        cmocka_unit_test(test_markers_name_target_and_quotation),
        cmocka_unit_test(test_sentiment_towards_entities_and_targets),
        cmocka_unit_test(test_another_language_is_skipped),
        cmocka_unit_test(test_another_language_that_nobody_said),
        cmocka_unit_test(test_stages_have_names),
        cmocka_unit_test(test_the_observer_hears_of_every_stage),
        cmocka_unit_test(test_any_text_gives_a_sound_annotation),
        cmocka_unit_test(test_the_same_article_gives_the_same_annotation),
        cmocka_unit_test(test_the_budget_ends_in_a_partial_annotation),
        cmocka_unit_test(test_each_failing_allocation_is_no_memory),
        cmocka_unit_test(test_each_arena_limit_is_kept),
        cmocka_unit_test(test_memory_of_a_long_article),
        cmocka_unit_test(test_seed_article),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
