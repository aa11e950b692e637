/* Sentiment towards targets: labels an editor would give, blindness to names, and sound numbers. */
#include "unit/process_bench.h"

/* A sentence with %s where names stand; the first is the target. */
struct template {
    const char *text;
    int names;
};

static const struct template templates[] = {
    {"%s praised the rescue teams after the flood.", 1},
    {"Critics said that %s had failed the poorest families.", 1},
    {"The judges found that %s took bribes for years.", 1},
    {"Officials from %s met in the capital on Monday to discuss grain.", 1},
    {"%s accused %s of hiding the report.", 2},
    {"%s was condemned by %s over the raid.", 2},
    {"The award for the bravest reporting went to %s, said %s.", 2},
    {"“This is a disgrace,” %s said of the plan.", 1},
    {"Despite the losses, %s remains admired in the villages.", 1},
    {"%s denied that %s had paid for the weapons.", 2},
    {"Farmers near %s expect a normal harvest this year.", 1},
    {"After the scandal %s resigned, and %s took over.", 2},
    {"The fraud trial of %s begins next week, according to %s.", 2},
    {"%s thanked %s for the generous help.", 2},
    {"Thousands marched against %s in the rain.", 1},
};

struct pair {
    const char *first, *second;
};

/* By type: any two pairs of a kind can stand for each other. The one with two common words is meant to be
 * hard. */
static const struct pair people[] = {{"Ana Lund", "Paul Okoro"},
                                     {"John Smith", "Mary Jones"},
                                     {"Donald Trump", "Barack Obama"},
                                     {"Kim Jong Un", "Vladimir Putin"},
                                     {"Fatima al-Sayed", "Luis Ortega"},
                                     {"Boris Grace", "Hope Adeyemi"},
                                     {"Angela Merkel", "Emmanuel Macron"},
                                     {"Amina Wanjiru", "Jonas Lindqvist"},
                                     {"Chen Wei", "Ngozi Eze"},
                                     {"Maria Silva", "Ahmed Hassan"},
                                     {"Rosa Delgado", "Tariq Aziz"}};
static const struct pair bodies[] = {{"Reuters", "Microsoft"},
                                     {"the United Nations", "the World Bank"},
                                     {"the Justice Department", "the Supreme Court"},
                                     {"Hamas", "Greenpeace"},
                                     {"the Republican Party", "Amnesty International"},
                                     {"Toyota", "Gazprom"}};
static const struct pair places[] = {{"France", "Japan"},
                                     {"North Korea", "South Sudan"},
                                     {"Lagos", "Lima"},
                                     {"the United States", "Iraq"},
                                     {"Kenya", "Brazil"}};

static struct gw_target_sentiment towards(const char *text, const char *target) {
    struct gw_annotation annotation;
    struct gw_error error = {.status = GW_OK};
    const char *found = strstr(text, target);
    assert_non_null(found);
    uint32_t start = (uint32_t)(found - text);
    struct gw_span span = {start, start + (uint32_t)strlen(target), GW_FIELD_BODY};
    struct gw_article article = {.body = gw_str_from(text), .targets = &span, .target_count = 1};
    struct gw_annotate_options options = {.limits = &gw_limits_default, .budget = GW_ANNOTATE_BUDGET_DEFAULT};
    assert_int_equal(gw_annotate(bench_model, &options, &article, &bench_arena, &annotation, &error), GW_OK);
    return annotation.targets[0];
}

struct blind {
    size_t cases, changed;
};

static void compare_names(const struct pair *pairs, size_t count, struct blind *blind) {
    for (size_t t = 0; t < sizeof templates / sizeof *templates; t++) {
        enum gw_label labels[sizeof people / sizeof *people];
        for (size_t i = 0; i < count; i++) {
            char text[256];
            snprintf(text, sizeof text, templates[t].text, pairs[i].first, pairs[i].second);
            labels[i] = towards(text, pairs[i].first).label;
            for (size_t k = 0; k < i; k++) {
                blind->cases++;
                blind->changed += labels[k] != labels[i];
            }
        }
    }
}

static void test_names_do_not_matter(void **state) {
    struct blind blind = {0, 0};
    (void)state;
    compare_names(people, sizeof people / sizeof *people, &blind);
    compare_names(bodies, sizeof bodies / sizeof *bodies, &blind);
    compare_names(places, sizeof places / sizeof *places, &blind);
    print_message("%zu of %zu labels changed with the name\n", blind.changed, blind.cases);
    assert_true(blind.cases > 1000);
    assert_true(blind.changed * 100 <= blind.cases);
}

static void test_labels(void **state) {
    (void)state;
    static const struct {
        const char *text, *target;
        enum gw_label label;
    } cases[] = {
        {"Voters praised Ana Lund for her brilliant work.", "Ana Lund", GW_POSITIVE},
        {"The corrupt Paul Okoro was jailed for fraud.", "Paul Okoro", GW_NEGATIVE},
        {"Ana Lund arrived in Lima on Monday.", "Ana Lund", GW_NEUTRAL},
        {"Prosecutors accused Paul Okoro of stealing from the fund.", "Paul Okoro", GW_NEGATIVE},
        {"The minister congratulated Ana Lund on the victory.", "Ana Lund", GW_POSITIVE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_target_sentiment sentiment = towards(cases[i].text, cases[i].target);
        print_message("%s: %d\n", cases[i].text, sentiment.score);
        assert_int_equal(sentiment.label, cases[i].label);
    }
}

static void test_numbers_are_shares(void **state) {
    (void)state;
    for (size_t t = 0; t < sizeof templates / sizeof *templates; t++) {
        char text[256];
        snprintf(text, sizeof text, templates[t].text, "Ana Lund", "Paul Okoro");
        struct gw_target_sentiment sentiment = towards(text, "Ana Lund");
        assert_in_range(sentiment.confidence, 3333, GW_E4_ONE);
        assert_in_range(sentiment.score + GW_E4_ONE, 0, 2 * GW_E4_ONE);
        assert_true(sentiment.label != GW_POSITIVE || sentiment.score > 0);
        assert_true(sentiment.label != GW_NEGATIVE || sentiment.score < 0);
    }
}

static void test_a_span_without_words_is_undecided(void **state) {
    (void)state;
    struct gw_target_sentiment sentiment = towards("Ana Lund lied.  ", "  ");
    assert_int_equal(sentiment.score, 0);
    assert_int_equal(sentiment.label, GW_NEUTRAL);
    assert_int_equal(sentiment.confidence, 3333);
}

/* More text, more names: each mention looks at a bounded window, so a long sentence costs no more a mention.
 */
static void test_a_target_in_a_very_long_sentence(void **state) {
    (void)state;
    enum { WORDS = 20000 };
    char *text = gw_arena_take(&bench_arena, 6 * WORDS + 64);
    size_t size = 0;
    for (int i = 0; i < WORDS; i++) {
        size += (size_t)sprintf(text + size, "worse ");
    }
    strcpy(text + size, "a b c Ana Lund");
    assert_int_equal(towards(text, "Ana Lund").label, GW_NEGATIVE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_do_not_matter),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_numbers_are_shares),
        cmocka_unit_test(test_a_span_without_words_is_undecided),
        cmocka_unit_test(test_a_target_in_a_very_long_sentence),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
