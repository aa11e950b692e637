/* Values and quotations of the article that the project started from, which lies beside the repository where
 * there is one. Its text is not ours: what is cut from it is told by its hash. */
#include "base/file_map.h"
#include "unit/process_bench.h"

#include <stdlib.h>

static struct gw_str seed;
static struct gw_annotation annotation;

static int read_seed(void **state) {
    static const struct gw_annotate_options options = {.limits = &gw_limits_default,
                                                       .budget = GW_ANNOTATE_BUDGET_DEFAULT};
    if (bench_open(state) != 0) {
        return -1;
    }
    if (gw_file_read(GW_SOURCE_DIR "/../shared/data/articles/seed.txt", (size_t)1 << 20, &seed, NULL) !=
        GW_OK) {
        print_message("skipped: there is no shared/ beside the repository\n");
        return 0;
    }
    struct gw_article article = {.body = seed, .published_at_ms = INT64_MIN};
    return gw_annotate(bench_model, &options, &article, &bench_arena, &annotation, NULL) == GW_OK ? 0 : -1;
}

static int free_seed(void **state) {
    free((void *)(uintptr_t)seed.data);
    return bench_close(state);
}

static struct gw_str cut(struct gw_span span) {
    return gw_str_sub(seed, span.start, span.end);
}

static void test_values(void **state) {
    (void)state;
    static const struct {
        enum gw_value_kind kind;
        const char *value;
    } expected[] = {
        {GW_DATE, "2023-08-15"}, {GW_DATE, "2023-08-15"}, {GW_DATE, "2023-08-15"}, {GW_DATE, "2023-08-15"},
        {GW_QUANTITY, "78th"},   {GW_DATE, "1910/1945"},  {GW_DATE, "2023-07"},
    };
    if (!seed.data) {
        skip();
    }
    assert_int_equal(annotation.value_count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < annotation.value_count; i++) {
        assert_int_equal(annotation.values[i].kind, expected[i].kind);
        assert_str(annotation.values[i].value, expected[i].value);
    }
}

static void test_quotations_and_their_speaker(void **state) {
    (void)state;
    static const struct {
        const char *cue;
        uint64_t hash;
    } expected[] = {
        {"called", UINT64_C(0x07B688ABE72A39F4)},
        {"mentioned", UINT64_C(0xC5D0FE22B61F12A8)},
        {"wrote", UINT64_C(0x056AB7F98A421F80)},
        {"said", UINT64_C(0x442D48B9D6C7CDA1)},
    };
    if (!seed.data) {
        skip();
    }
    assert_int_equal(annotation.quote_count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < annotation.quote_count; i++) {
        const struct gw_quote *quote = &annotation.quotes[i];
        assert_str(cut(quote->cue), expected[i].cue);
        assert_true(gw_hash64(cut(quote->span)) == expected[i].hash);
        assert_int_not_equal(quote->speaker, GW_NO_INDEX);
        assert_str(annotation.entities[quote->speaker].name, "Kim Jong Un");
    }
}

static const struct gw_marker *marker_of(enum gw_marker_kind kind, const char *word) {
    for (size_t i = 0; i < annotation.marker_count; i++) {
        const struct gw_marker *marker = &annotation.markers[i];
        if (marker->kind == kind && gw_str_is(cut(marker->span), word)) {
            return marker;
        }
    }
    fail_msg("no marker: %s", word);
    return NULL;
}

static const struct gw_sentence *sentence_of(const struct gw_marker *marker) {
    for (size_t i = 0; i < annotation.sentence_count; i++) {
        if (annotation.sentences[i].span.end >= marker->span.end) {
            return &annotation.sentences[i];
        }
    }
    return NULL;
}

static enum gw_label label_of(const char *name) {
    for (size_t i = 0; i < annotation.entity_count; i++) {
        if (gw_str_is(annotation.entities[i].name, name)) {
            return annotation.entities[i].sentiment.label;
        }
    }
    fail_msg("no entity: %s", name);
    return GW_NEUTRAL;
}

/* The accusation is North Korea's burden and not that of who accuses; who denies is not worse
 * for it. (Moscow is: the text calls the invasion its own.) */
static void test_accusation_and_denial(void **state) {
    (void)state;
    if (!seed.data) {
        skip();
    }
    const struct gw_marker *accuses = marker_of(GW_MARKER_ACCUSATION, "accuses");
    assert_str(annotation.entities[accuses->target].name, "North Korea");
    assert_int_equal(accuses->quote, GW_NO_INDEX);
    assert_int_equal(sentence_of(accuses)->label, GW_NEGATIVE);
    const struct gw_marker *denied = marker_of(GW_MARKER_DENIAL, "denied");
    assert_int_equal(denied->target, GW_NO_INDEX);
    assert_false(denied->negated);
    assert_int_equal(label_of("North Korea"), GW_NEGATIVE);
    assert_int_not_equal(label_of("United States"), GW_NEGATIVE);
    assert_int_not_equal(label_of("Pyongyang"), GW_NEGATIVE);
}

static void test_struggle_and_invasion(void **state) {
    (void)state;
    if (!seed.data) {
        skip();
    }
    const struct gw_marker *struggle = marker_of(GW_MARKER_CONFLICT, "struggle");
    assert_int_not_equal(struggle->quote, GW_NO_INDEX);
    assert_str(annotation.entities[annotation.quotes[struggle->quote].speaker].name, "Kim Jong Un");
    assert_true(struggle->weight < 0);
    const struct gw_marker *invasion = marker_of(GW_MARKER_CONFLICT, "invasion");
    assert_str(annotation.entities[invasion->target].name, "Ukraine");
    assert_int_equal(invasion->quote, GW_NO_INDEX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_accusation_and_denial),
        cmocka_unit_test(test_struggle_and_invasion),
        cmocka_unit_test(test_quotations_and_their_speaker),
    };
    return cmocka_run_group_tests(tests, read_seed, free_seed);
}
