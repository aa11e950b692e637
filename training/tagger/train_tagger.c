/* Trains the tagger of names.
 *
 * usage: train_tagger MODEL CLUSTERS OUT [--epochs N] [--rate R] [--drop P] [--uses N] [--one-pass]
 *                     { --train WEIGHT DOMAIN FILE.docs | --test FILE.docs }...
 *
 * The first test set calibrates the confidences. The same input gives the same output. */
#include "rows.h"

#include <stdio.h>
#include <stdlib.h>

#define TESTS_MOST 16U
#define SEED       UINT64_C(88172645463325252)

struct setup {
    struct gw_model *model;
    struct vocabulary vocabulary;
    struct features features;
    struct corpora corpora;
    struct sample *samples;
    size_t train_count;
    struct {
        const char *name;
        size_t first, end;
    } tests[TESTS_MOST];
    size_t test_count;
    struct fit fit;
    uint32_t uses, runs, words, pairs;
    bool one_pass;
    struct judged *judged;
    size_t judged_count;
};

static void tag_first(const struct crf *crf, struct sample *sample) {
    crf_tag(crf, sample, false);
    for (size_t i = 0; i < sample->item_count; i++) {
        sample->items[i].first_tag = sample->items[i].tag;
    }
}

static void predict(struct setup *setup, const struct crf *crf, struct sample *sample) {
    tag_first(crf, sample);
    sample_vote(sample, &setup->features);
    if (!setup->one_pass) {
        crf_tag(crf, sample, true);
    }
}

/* A spoiled copy lies where its original does in its own corpus, so that both are in one half. */
static size_t half_of(const struct setup *setup, size_t document) {
    return setup->corpora.items[document].number % 2;
}

/* Trains on one half of the documents and tags the other, so that votes are as good as they will be on new
 * text. */
static void vote_in_halves(struct setup *setup) {
    for (size_t half = 0; half < 2; half++) {
        struct crf crf;
        size_t *which = need(malloc((setup->train_count + 1) * sizeof *which)), count = 0;
        for (size_t i = 0; i < setup->train_count; i++) {
            if (half_of(setup, i) != half) {
                which[count++] = i;
            }
        }
        crf_init(&crf, setup->features.count, SEED + half);
        struct fit fit = setup->fit;
        fit.epochs = (fit.epochs + 1) / 2;
        fit.drop_votes = 1;
        crf_fit(&crf, setup->samples, which, count, fit);
        for (size_t i = 0; i < setup->train_count; i++) {
            if (half_of(setup, i) == half) {
                tag_first(&crf, &setup->samples[i]);
            }
        }
        crf_free(&crf);
        free(which);
    }
    setup->features.grows = true;
    for (size_t i = 0; i < setup->train_count; i++) {
        sample_vote(&setup->samples[i], &setup->features);
    }
    setup->features.grows = false;
}

/* Whether the sample has the name `gold` among its tags; facilities are places where the set has none. */
struct counts {
    size_t hit[GW_TAG_TYPE_COUNT], found[GW_TAG_TYPE_COUNT], gold[GW_TAG_TYPE_COUNT];
};

static unsigned merged(const struct document *document, unsigned type) {
    bool places_only = document->mode != MODE_FULL && type == gw_tag_type(GW_TAG_FAC);
    return places_only ? gw_tag_type(GW_TAG_LOC) : type;
}

static bool is_gold(const struct document *document, uint32_t start, uint32_t end, unsigned type) {
    for (size_t i = 0; i < document->gold_count; i++) {
        const struct gold *gold = &document->gold[i];
        if (gold->start == start && (gold->end == end || gold->end + 1 == end) && gold->type == type) {
            return true;
        }
    }
    return false;
}

static void count_names(struct setup *setup, const struct sample *sample, struct counts *counts, bool judge) {
    const struct gw_token *tokens = sample->document->text.tokens;
    for (size_t i = 0; i < sample->document->gold_count; i++) {
        counts->gold[sample->document->gold[i].type]++;
    }
    for (size_t i = 0; i < sample->item_count; i++) {
        const struct item *items = sample->items;
        if (items[i].tag % 2 == 0) {
            continue;
        }
        size_t last = i;
        int32_t margin = items[i].margin;
        while (last + 1 < sample->item_count && items[last + 1].tag == items[i].tag + 1 &&
               items[last + 1].token == items[last].token + 1) {
            last++;
            margin = items[last].margin < margin ? items[last].margin : margin;
        }
        unsigned type = merged(sample->document, gw_tag_type(items[i].tag));
        bool hit =
            is_gold(sample->document, tokens[items[i].token].start, tokens[items[last].token].end, type);
        counts->found[type]++;
        counts->hit[type] += hit;
        if (judge && type <= gw_tag_type(GW_TAG_NORP)) {
            setup->judged = need(realloc(setup->judged, (setup->judged_count + 1) * sizeof *setup->judged));
            setup->judged[setup->judged_count++] = (struct judged){margin, hit};
        }
    }
}

static double f1(size_t hit, size_t found, size_t gold) {
    return found + gold ? 200.0 * (double)hit / (double)(found + gold) : 0;
}

static void report(const char *name, const struct counts *counts) {
    static const char *const types[GW_TAG_TYPE_COUNT] = {"",    "PER",  "ORG",  "LOC",
                                                         "FAC", "NORP", "PROD", "MISC"};
    size_t hit = 0, found = 0, gold = 0;
    printf("%-40s", name);
    for (unsigned type = 1; type < GW_TAG_TYPE_COUNT; type++) {
        if (type <= gw_tag_type(GW_TAG_LOC)) {
            hit += counts->hit[type];
            found += counts->found[type];
            gold += counts->gold[type];
        }
        printf(" %s %.1f", types[type], f1(counts->hit[type], counts->found[type], counts->gold[type]));
    }
    printf(" | P %.1f R %.1f main %.2f\n", found ? 100.0 * (double)hit / (double)found : 0,
           gold ? 100.0 * (double)hit / (double)gold : 0, f1(hit, found, gold));
}

static void evaluate(struct setup *setup, const struct crf *crf) {
    for (size_t t = 0; t < setup->test_count; t++) {
        struct counts first = {{0}, {0}, {0}}, second = {{0}, {0}, {0}};
        for (size_t i = setup->tests[t].first; i < setup->tests[t].end; i++) {
            crf_tag(crf, &setup->samples[i], false);
            count_names(setup, &setup->samples[i], &first, false);
            predict(setup, crf, &setup->samples[i]);
            count_names(setup, &setup->samples[i], &second, t == 0);
        }
        const char *slash = strrchr(setup->tests[t].name, '/');
        report(slash ? slash + 1 : setup->tests[t].name, &first);
        if (!setup->one_pass) {
            report("  with votes", &second);
        }
    }
}

static void read_arguments(struct setup *setup, int count, char **arguments) {
    uint32_t corpus = 0;
    for (int round = 0; round < 2; round++) {
        for (int i = 4; i < count; i++) {
            const char *a = arguments[i];
            if (strcmp(a, "--one-pass") == 0) {
                setup->one_pass = true;
            } else if (strcmp(a, "--train") == 0 && i + 3 < count) {
                if (round == 0) {
                    corpora_read(&setup->corpora, setup->model, arguments[i + 3],
                                 strtof(arguments[i + 1], NULL), (uint32_t)atoi(arguments[i + 2]), corpus++);
                }
                i += 3;
            } else if (strcmp(a, "--test") == 0 && i + 1 < count) {
                if (round == 1 && setup->test_count < TESTS_MOST) {
                    size_t first = setup->corpora.count;
                    corpora_read(&setup->corpora, setup->model, arguments[i + 1], 1, 0, corpus++);
                    setup->tests[setup->test_count].name = arguments[i + 1];
                    setup->tests[setup->test_count].first = first;
                    setup->tests[setup->test_count++].end = setup->corpora.count;
                }
                i++;
            } else if (i + 1 < count) {
                float value = strtof(arguments[++i], NULL);
                setup->fit.epochs = strcmp(a, "--epochs") == 0 ? (int)value : setup->fit.epochs;
                setup->fit.rate = strcmp(a, "--rate") == 0 ? value : setup->fit.rate;
                setup->fit.decay = strcmp(a, "--decay") == 0 ? value : setup->fit.decay;
                setup->fit.drop = strcmp(a, "--drop") == 0 ? value : setup->fit.drop;
                setup->runs = strcmp(a, "--runs") == 0 ? (uint32_t)value : setup->runs;
                setup->words = strcmp(a, "--words") == 0 ? (uint32_t)value : setup->words;
                setup->pairs = strcmp(a, "--pairs") == 0 ? (uint32_t)value : setup->pairs;
                setup->uses = strcmp(a, "--uses") == 0 ? (uint32_t)value : setup->uses;
            }
        }
        setup->train_count = round == 0 ? setup->corpora.count : setup->train_count;
    }
}

int main(int count, char **arguments) {
    struct setup setup = {
        .fit = {8, 0.15F, 1e-4F, 0.35F, 0.4F}, .uses = 2, .runs = 4, .words = 14000, .pairs = 40000};
    struct gw_error error = {.status = GW_OK};
    if (count < 4 || gw_model_open(arguments[1], &setup.model, &error) != GW_OK) {
        fprintf(stderr,
                "usage: train_tagger MODEL CLUSTERS OUT [--train WEIGHT DOMAIN FILE | --test FILE]... %s\n",
                error.detail);
        return 2;
    }
    gw_arena_init(&setup.corpora.arena, &gw_allocator_system, SIZE_MAX);
    vocabulary_read(&setup.vocabulary, setup.model, arguments[2]);
    features_init(&setup.features);
    read_arguments(&setup, count, arguments);
    vocabulary_limit(&setup.vocabulary, &setup.corpora, setup.train_count, setup.words);
    setup.samples = need(malloc((setup.corpora.count + 1) * sizeof *setup.samples));
    size_t *which = need(malloc((setup.corpora.count + 1) * sizeof *which));
    size_t items = 0;
    for (size_t i = 0; i < setup.corpora.count; i++) {
        setup.features.grows = i < setup.train_count;
        setup.samples[i] = sample_make(&setup.corpora.items[i], &setup.vocabulary, &setup.features);
        which[i] = i;
        items += setup.samples[i].item_count;
    }
    for (size_t i = 0; i < setup.corpora.count; i++) {
        sample_prune(&setup.samples[i], &setup.features, setup.uses);
    }
    fprintf(stderr, "%zu documents, %zu items, %u features\n", setup.corpora.count, items,
            setup.features.count);
    if (!setup.one_pass) {
        vote_in_halves(&setup);
    } else {
        setup.fit.drop_votes = 1;
    }
    struct crf crf;
    crf_init(&crf, setup.features.count, SEED);
    for (uint32_t run = 0; run < setup.runs; run++) {
        struct crf one;
        crf_init(&one, setup.features.count, SEED + run);
        crf_fit(&one, setup.samples, which, setup.train_count, setup.fit);
        crf_add(&crf, &one, 1.0F / (float)setup.runs);
        crf_free(&one);
    }
    evaluate(&setup, &crf);
    if (strcmp(arguments[3], "-") != 0) {
        rows_write(arguments[3], &crf, &setup.features, &setup.vocabulary, setup.judged, setup.judged_count,
                   setup.pairs);
    }
    return 0;
}
