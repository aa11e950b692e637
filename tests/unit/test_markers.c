/* Markers and the scores made of them, down to the last integer. */
#include "process/sentiment/scores.h"
#include "process/sentiment/shares.h"
#include "process/sentiment/squash.h"
#include "unit/process_bench.h"

#include <stdlib.h>

struct marked {
    struct gw_text text;
    struct gw_markers_found markers;
};

static struct marked mark_as(enum gw_markers which, const char *body, const struct gw_name_spans *spans) {
    struct gw_name_spans none = {NULL, 0};
    struct marked marked = {.text = bench_text(NULL, body)};
    struct gw_work work = bench_work();
    assert_int_equal(gw_markers_find(&marked.text, spans ? spans : &none, bench_model, which, &work,
                                     &bench_arena, &marked.markers),
                     GW_OK);
    return marked;
}

static struct marked mark(const char *body, const struct gw_name_spans *spans) {
    return mark_as(GW_MARKERS_FULL, body, spans);
}

static const struct gw_marker *marker_at(const struct marked *marked, const char *word) {
    for (uint32_t m = 0; m < marked->markers.count; m++) {
        uint32_t token = marked->markers.tokens[m];
        if (gw_str_is(gw_text_cut(&marked->text, token, token), word)) {
            return &marked->markers.items[m];
        }
    }
    fail_msg("no marker: %s", word);
    abort();
}

static gw_e4 weight_of(const char *body, const char *word) {
    struct marked marked = mark(body, NULL);
    return marker_at(&marked, word)->weight;
}

static void test_squash(void **state) {
    (void)state;
    assert_int_equal(gw_squash(0, 1), 0);
    assert_int_equal(gw_squash(1, 1), 7071);
    assert_int_equal(gw_squash(-1, 1), -7071);
    assert_int_equal(gw_squash(3, 4), 6000);
    assert_int_equal(gw_squash(-30000, 40000), -6000);
    assert_int_equal(gw_squash(INT64_MAX, 1), GW_E4_ONE);
    assert_int_equal(gw_squash(INT64_MIN, 1), -GW_E4_ONE);
}

static void test_integer_helpers(void **state) {
    (void)state;
    assert_int_equal(gw_e4_times(15000, 5000), 7500);
    assert_int_equal(gw_e4_times(1, 5000), 1);
    assert_int_equal(gw_e4_times(-1, 5000), -1);
    assert_int_equal(gw_e4_times(-1, 4999), 0);
    assert_int_equal(gw_e4_root(40000), 20000);
    assert_int_equal(gw_e4_root(0), 0);
    assert_int_equal(gw_e4_root(20000), 14142);
    for (int64_t a = 1; a < INT64_C(1) << 49; a += a / 3 + 1) {
        int64_t root = gw_e4_root(a);
        assert_true(root * root <= a * GW_E4_ONE && (root + 1) * (root + 1) > a * GW_E4_ONE);
    }
}

static void test_kinds(void **state) {
    (void)state;
    static const struct {
        const char *word;
        enum gw_marker_kind kind;
    } cases[] = {
        {"excellent", GW_MARKER_POSITIVE},  {"terrible", GW_MARKER_NEGATIVE},
        {"accused", GW_MARKER_ACCUSATION},  {"denied", GW_MARKER_DENIAL},
        {"praised", GW_MARKER_PRAISE},      {"invasion", GW_MARKER_CONFLICT},
        {"not", GW_MARKER_NEGATOR},         {"very", GW_MARKER_INTENSIFIER},
        {"slightly", GW_MARKER_DIMINISHER}, {"allegedly", GW_MARKER_HEDGE},
        {"but", GW_MARKER_CONTRAST},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct marked marked = mark(cases[i].word, NULL);
        assert_int_equal(marked.markers.count, 1);
        assert_int_equal(marker_at(&marked, cases[i].word)->kind, cases[i].kind);
        assert_int_equal(marker_at(&marked, cases[i].word)->modifies, GW_NO_INDEX);
    }
}

static void test_modifiers_act_on_what_follows(void **state) {
    (void)state;
    gw_e4 plain = weight_of("It was terrible", "terrible");
    gw_e4 negation = gw_model_setting(bench_model, GW_SETTING_NEGATION);
    gw_e4 hedging = gw_model_setting(bench_model, GW_SETTING_HEDGING);
    assert_true(plain < 0 && negation < 0);
    assert_true(weight_of("It was very terrible", "terrible") < plain);
    assert_true(weight_of("It was slightly terrible", "terrible") > plain);
    assert_int_equal(weight_of("It was not terrible", "terrible"), gw_e4_times(plain, negation));
    assert_int_equal(weight_of("It was not, he found, terrible", "terrible"), plain);
    assert_int_equal(weight_of("Not one of the many guests found it terrible", "terrible"), plain);
    assert_int_equal(weight_of("It was reportedly terrible", "terrible"), gw_e4_times(plain, hedging));
    assert_int_equal(weight_of("It wasn’t terrible", "terrible"), gw_e4_times(plain, negation));
}

static void test_a_modifier_names_what_it_modifies(void **state) {
    (void)state;
    struct marked marked = mark("The deal is not a great success.", NULL);
    const struct gw_marker *negator = marker_at(&marked, "not"), *great = marker_at(&marked, "great");
    assert_int_equal(negator->modifies, great - marked.markers.items);
    assert_true(great->negated);
}

static void test_contrast_weighs_what_follows(void **state) {
    (void)state;
    gw_e4 before = weight_of("It was terrible", "terrible"), after = weight_of("it was great", "great");
    const char *body = "It was terrible but it was great";
    assert_int_equal(weight_of(body, "terrible"), gw_e4_times(before, 8000));
    assert_int_equal(weight_of(body, "great"), gw_e4_times(after, 12000));
    assert_int_equal(weight_of("But it was terrible", "terrible"), before);
}

static void test_names_are_no_opinion(void **state) {
    (void)state;
    struct gw_name_span span = {.first = 1, .last = 2};
    struct gw_name_spans spans = {&span, 1};
    assert_int_equal(mark("The Great Trust failed", &spans).markers.count, 1);
    assert_int_equal(mark("The Great Trust failed", NULL).markers.count, 3);
}

/* The formulas of schemas/annotation.h, from nothing but the annotation. */
static void assert_recomputable(const struct gw_annotation *annotation) {
    int64_t total = 0;
    size_t m = 0;
    for (size_t s = 0; s < annotation->sentence_count; s++) {
        const struct gw_sentence *sentence = &annotation->sentences[s];
        int64_t sum = sentence->rest;
        for (; m < annotation->marker_count && annotation->markers[m].span.start < sentence->span.end; m++) {
            sum += annotation->markers[m].weight;
        }
        assert_int_equal(sentence->score, gw_squash(sentence->bias + sum, sentence->norm));
        total += sentence->emphasis * sum;
    }
    const struct gw_sentiment *document = &annotation->sentiment;
    int64_t sum = ((int64_t)document->bias + document->rest) * GW_E4_ONE + total;
    assert_int_equal(document->score, gw_squash(sum, (int64_t)document->norm * GW_E4_ONE));
}

static const char story[] =
    "The ceremony was a great success. Critics did not like the terrible food, but the music "
    "was wonderful. Nobody was hurt. Officials denied the harsh claims.";

static void test_scores_can_be_recomputed(void **state) {
    (void)state;
    static const enum gw_markers which[] = {GW_MARKERS_MAIN, GW_MARKERS_FULL};
    for (int w = 0; w < 2; w++) {
        struct marked marked = mark_as(which[w], story, NULL);
        struct gw_annotation annotation = {.sentences = NULL};
        assert_int_equal(gw_scores_set(&marked.text, bench_model, &marked.markers, &bench_arena, &annotation),
                         GW_OK);
        assert_int_equal(annotation.sentence_count, 4);
        assert_true(annotation.sentences[0].score > 0);
        assert_recomputable(&annotation);
    }
}

static void test_main_markers_leave_context_to_rest(void **state) {
    (void)state;
    static const char text[] = "It was not a great day for the quiet town, but very few were about it.";
    struct marked full = mark(text, NULL), marked = mark_as(GW_MARKERS_MAIN, text, NULL);
    gw_e4 rest = 0;
    uint32_t kept = 0;
    for (uint32_t m = 0; m < full.markers.count; m++) {
        const struct gw_marker *marker = &full.markers.items[m];
        rest += marker->kind == GW_MARKER_CONTEXT ? marker->weight : 0;
        kept += marker->kind != GW_MARKER_CONTEXT;
    }
    assert_true(rest != 0);
    assert_memory_equal(marked.markers.weights, full.markers.weights,
                        marked.text.token_count * sizeof *marked.markers.weights);
    struct gw_annotation annotation = {.sentences = NULL};
    assert_int_equal(gw_scores_set(&marked.text, bench_model, &marked.markers, &bench_arena, &annotation),
                     GW_OK);
    assert_int_equal(annotation.marker_count, kept);
    assert_int_equal(annotation.sentences[0].rest, rest);
    const struct gw_marker *negator = marker_at(&marked, "not"), *great = marker_at(&marked, "great");
    assert_int_equal(negator->modifies, great - annotation.markers);
    assert_recomputable(&annotation);
}

/* Pairs that the released model has: their weight is on the second word's marker, which spans both words when
 * it would be none by itself. */
static void test_pairs_weigh_more_than_their_words(void **state) {
    (void)state;
    gw_e4 apart = weight_of("It was the very best", "best"), together = weight_of("It was the best", "best");
    assert_true(together > apart);
    assert_int_equal(weight_of("It was the, best", "best"), weight_of("best", "best"));
    struct marked marked = mark("They were about it", NULL);
    const struct gw_marker *pair = marker_at(&marked, "it");
    assert_int_equal(pair->kind, GW_MARKER_CONTEXT);
    assert_true(pair->weight != 0 && pair->span.end == strlen("They were about it"));
}

static void test_norms_grow_with_the_root_of_the_words(void **state) {
    (void)state;
    struct marked marked = mark("Good. Good and then some more words of no weight here.", NULL);
    assert_int_equal(marked.markers.words[0], 1);
    assert_int_equal(marked.markers.words[1], 10);
    struct gw_annotation annotation = {.sentences = NULL};
    assert_int_equal(gw_scores_set(&marked.text, bench_model, &marked.markers, &bench_arena, &annotation),
                     GW_OK);
    gw_e4 more = gw_model_setting(bench_model, GW_SETTING_MORE_WORDS);
    gw_e4 norm = gw_model_setting(bench_model, GW_SETTING_SENTENCE_NORM);
    assert_int_equal(annotation.sentences[0].norm, gw_e4_times(gw_e4_root(GW_E4_ONE + more), norm));
    assert_int_equal(annotation.sentences[1].norm, gw_e4_times(gw_e4_root(10 * GW_E4_ONE + more), norm));
}

static void test_labels_and_confidence(void **state) {
    (void)state;
    assert_int_equal(gw_scores_label(-1501, -1500, 1500), GW_NEGATIVE);
    assert_int_equal(gw_scores_label(-1500, -1500, 1500), GW_NEUTRAL);
    assert_int_equal(gw_scores_label(1501, -1500, 1500), GW_POSITIVE);
    gw_e4 negative = gw_model_setting(bench_model, GW_SETTING_THRESHOLD_NEGATIVE);
    gw_e4 positive = gw_model_setting(bench_model, GW_SETTING_THRESHOLD_POSITIVE);
    gw_e4 before = 0;
    for (gw_e4 score = negative; score >= -GW_E4_ONE; score -= 100) {
        gw_e4 confidence = gw_scores_confidence(bench_model, score, GW_NEGATIVE);
        assert_true(confidence >= before && confidence <= GW_E4_ONE);
        before = confidence;
    }
    assert_true(before > 6 * GW_E4_ONE / 10);
    assert_true(gw_scores_confidence(bench_model, 0, GW_NEUTRAL) >
                gw_scores_confidence(bench_model, positive, GW_NEUTRAL));
    assert_true(gw_scores_confidence(bench_model, GW_E4_ONE, GW_POSITIVE) >
                gw_scores_confidence(bench_model, positive, GW_POSITIVE));
}

static void test_shares_are_a_softmax(void **state) {
    (void)state;
    struct gw_shares even = gw_shares_of(0, 0);
    assert_in_range(even.of[GW_NEUTRAL], 3333, 3334);
    for (int i = 0; i <= 108; i++) {
        for (int j = 0; j <= 97; j++) {
            double negative = -20 + 0.37 * i, positive = -20 + 0.41 * j;
            struct gw_shares shares = gw_shares_of(negative, positive);
            double all = exp(negative) + 1 + exp(positive);
            double want[] = {exp(negative) / all, 1 / all, exp(positive) / all};
            enum gw_label best = gw_shares_best(negative, positive);
            for (int label = 0; label < GW_LABELS; label++) {
                assert_true(fabs(shares.of[label] - want[label] * GW_E4_ONE) < 2);
                assert_true(shares.of[label] <= shares.of[best]);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_squash),
        cmocka_unit_test(test_integer_helpers),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_modifiers_act_on_what_follows),
        cmocka_unit_test(test_a_modifier_names_what_it_modifies),
        cmocka_unit_test(test_contrast_weighs_what_follows),
        cmocka_unit_test(test_names_are_no_opinion),
        cmocka_unit_test(test_scores_can_be_recomputed),
        cmocka_unit_test(test_main_markers_leave_context_to_rest),
        cmocka_unit_test(test_pairs_weigh_more_than_their_words),
        cmocka_unit_test(test_norms_grow_with_the_root_of_the_words),
        cmocka_unit_test(test_labels_and_confidence),
        cmocka_unit_test(test_shares_are_a_softmax),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
