/* All sums are integers; the squash at the end is exact. */
#include "process/sentiment/scores.h"

#include "process/sentiment/shares.h"
#include "process/sentiment/squash.h"

/* A sentence without end is not said to weigh more than this: it fits 32 bits. */
#define REST_MOST (INT64_C(1) << 30)

enum gw_label gw_scores_label(gw_e4 score, gw_e4 negative, gw_e4 positive) {
    return score < negative ? GW_NEGATIVE : score > positive ? GW_POSITIVE : GW_NEUTRAL;
}

static double likelihood(const struct gw_model *model, enum gw_setting bias, enum gw_setting slope,
                         gw_e4 score) {
    return (gw_model_setting(model, bias) + (double)gw_model_setting(model, slope) * score / GW_E4_ONE) /
           GW_E4_ONE;
}

gw_e4 gw_scores_confidence(const struct gw_model *model, gw_e4 score, enum gw_label label) {
    double negative = likelihood(model, GW_SETTING_NEGATIVE_BIAS, GW_SETTING_NEGATIVE_SLOPE, score);
    double positive = likelihood(model, GW_SETTING_POSITIVE_BIAS, GW_SETTING_POSITIVE_SLOPE, score);
    return gw_shares_of(negative, positive).of[label];
}

/* What the words of a sentence weigh. */
struct sums {
    int64_t markers;
    gw_e4 rest; /* of words without a marker */
};

/* `marker`: the sentence's first; moved behind its last. */
static struct sums sum_sentence(const struct gw_markers_found *markers, const struct gw_sentence_range *range,
                                uint32_t *marker) {
    int64_t all = 0, of_markers = 0;
    for (uint32_t i = range->first; i < range->end; i++) {
        all += markers->weights[i];
    }
    for (; *marker < markers->count && markers->tokens[*marker] < range->end; ++*marker) {
        of_markers += markers->items[*marker].weight;
    }
    int64_t rest = all - of_markers;
    rest = rest > REST_MOST ? REST_MOST : rest < -REST_MOST ? -REST_MOST : rest;
    return (struct sums){of_markers, (gw_e4)rest};
}

static gw_e4 emphasis_of(const struct gw_text *text, const struct gw_model *model, uint32_t sentence) {
    uint32_t first = text->sentences[sentence].first;
    enum gw_setting setting = first < text->title_count    ? GW_SETTING_EMPHASIS_TITLE
                              : first == text->title_count ? GW_SETTING_EMPHASIS_LEAD
                                                           : GW_SETTING_EMPHASIS_BODY;
    return gw_model_setting(model, setting);
}

/* Sums spread with the root of the number of words, and so do norms. `words` in 10^-4. */
static gw_e4 norm_of(const struct gw_model *model, enum gw_setting setting, int64_t words) {
    int64_t norm = gw_e4_times(gw_e4_root(words), gw_model_setting(model, setting));
    return norm < 1 ? 1 : norm > INT32_MAX ? INT32_MAX : (gw_e4)norm;
}

/* What a sentence's norm counts, in 10^-4. */
static int64_t norm_words(const struct gw_model *model, const struct gw_markers_found *markers,
                          uint32_t sentence) {
    return (int64_t)markers->words[sentence] * GW_E4_ONE + gw_model_setting(model, GW_SETTING_MORE_WORDS);
}

static void set_sentence(const struct gw_text *text, const struct gw_model *model, uint32_t index,
                         struct sums sums, int64_t words, struct gw_sentence *sentence) {
    const struct gw_sentence_range *range = &text->sentences[index];
    sentence->span = gw_text_span(text, range->first, range->end - 1);
    sentence->emphasis = emphasis_of(text, model, index);
    sentence->bias = gw_model_setting(model, GW_SETTING_SENTENCE_BIAS);
    sentence->norm = norm_of(model, GW_SETTING_SENTENCE_NORM, words);
    sentence->rest = sums.rest;
    sentence->score = gw_squash(sentence->bias + sums.markers + sums.rest, sentence->norm);
    sentence->label = gw_scores_label(sentence->score, gw_model_setting(model, GW_SETTING_THRESHOLD_NEGATIVE),
                                      gw_model_setting(model, GW_SETTING_THRESHOLD_POSITIVE));
}

static void set_densities(const struct gw_text *text, const struct gw_markers_found *markers,
                          struct gw_sentiment *sentiment) {
    int64_t words = 0, positive = 0, negative = 0;
    for (uint32_t i = 0; i < text->token_count; i++) {
        words += text->tokens[i].kind == GW_TOKEN_WORD;
    }
    for (uint32_t m = 0; m < markers->count; m++) {
        positive += markers->items[m].weight > 0;
        negative += markers->items[m].weight < 0;
    }
    if (words > 0) {
        sentiment->positive = (gw_e4)((positive * GW_E4_ONE + words / 2) / words);
        sentiment->negative = (gw_e4)((negative * GW_E4_ONE + words / 2) / words);
    }
}

/* `sum` is Σ emphasis·(Σ weights + rest) in 10^-8, `words` Σ emphasis·words in 10^-4. */
static void set_document(const struct gw_model *model, int64_t sum, int64_t words,
                         struct gw_sentiment *sentiment) {
    gw_e4 negative = gw_model_setting(model, GW_SETTING_THRESHOLD_NEGATIVE);
    gw_e4 positive = gw_model_setting(model, GW_SETTING_THRESHOLD_POSITIVE);
    sentiment->bias = words > 0 ? gw_model_setting(model, GW_SETTING_DOCUMENT_BIAS) : 0;
    sentiment->norm = norm_of(model, GW_SETTING_DOCUMENT_NORM, words);
    sentiment->score =
        gw_squash((int64_t)sentiment->bias * GW_E4_ONE + sum, (int64_t)sentiment->norm * GW_E4_ONE);
    sentiment->label = gw_scores_label(sentiment->score, negative, positive);
    sentiment->confidence = gw_scores_confidence(model, sentiment->score, sentiment->label);
}

enum gw_status gw_scores_set(const struct gw_text *text, const struct gw_model *model,
                             const struct gw_markers_found *markers, struct gw_arena *arena,
                             struct gw_annotation *annotation) {
    annotation->sentences = gw_arena_take_zeroed(arena, text->sentence_count, sizeof *annotation->sentences);
    if (!annotation->sentences) {
        return GW_NO_MEMORY;
    }
    annotation->sentence_count = text->sentence_count;
    int64_t total = 0, all_words = 0;
    uint32_t marker = 0;
    for (uint32_t s = 0; s < text->sentence_count; s++) {
        struct gw_sentence *sentence = &annotation->sentences[s];
        struct sums sums = sum_sentence(markers, &text->sentences[s], &marker);
        int64_t words = norm_words(model, markers, s);
        set_sentence(text, model, s, sums, words, sentence);
        total += sentence->emphasis * (sums.markers + sums.rest);
        all_words += gw_e4_times(words, sentence->emphasis);
    }
    set_document(model, total, all_words, &annotation->sentiment);
    set_densities(text, markers, &annotation->sentiment);
    annotation->markers = markers->items;
    annotation->marker_count = markers->count;
    return GW_OK;
}
