/* Sums of weights, rounded to the model's units. */
#include "rows.h"

#include "process/entities/tagger/lattice.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define CONFIDENCE_STEPS 24

/* Lighter pairs are left out in any case: they round to nearly nothing. */
#define PAIR_WEIGHT_LEAST 0.02F

struct section {
    uint8_t *data;
    size_t size, capacity;
};

static void append(struct section *section, const void *data, size_t size) {
    if (section->size + size > section->capacity) {
        section->capacity = (section->size + size) * 2;
        section->data = need(realloc(section->data, section->capacity));
    }
    memcpy(section->data + section->size, data, size);
    section->size += size;
}

static void write_section(FILE *out, struct section *section) {
    uint64_t size = section->size;
    fwrite(&size, sizeof size, 1, out);
    fwrite(section->data, 1, section->size, out);
    free(section->data);
    *section = (struct section){NULL, 0, 0};
}

static struct gw_tag_row round_row(const float *sum) {
    struct gw_tag_row row = {{0}};
    for (int k = 0; k < GW_TAG_COUNT; k++) {
        float scaled = fmaxf(-32000, fminf(32000, sum[k] * GW_TAG_SCALE));
        row.weight[k] = (int16_t)lrintf(scaled);
    }
    return row;
}

static void add_feature(const struct crf *crf, struct features *features, uint64_t key, float *sum) {
    uint32_t id = features_find(features, key);
    for (int k = 0; id != NO_FEATURE && k < GW_TAG_ROW; k++) {
        sum[k] += crf->weights[id][k];
    }
}

static void append_word(struct section *out, const struct crf *crf, struct features *features,
                        const struct vocabulary *vocabulary, struct word_info word) {
    for (uint32_t role = 0; role < GW_TAG_ROLE_COUNT; role++) {
        uint64_t keys[ATTRIBUTES_MOST];
        float sum[GW_TAG_ROW] = {0};
        size_t n = word_keys(vocabulary, word, role, keys);
        for (size_t i = 0; i < n; i++) {
            add_feature(crf, features, keys[i], sum);
        }
        if (role == GW_TAG_ROLE_SELF && word.stand_in == 0 && word.vocable != NO_VOCABLE) {
            struct gw_tag_context context = {.word_count = 0};
            gw_tag_affixes(gw_str_from(vocabulary->items[word.vocable].word), &context);
            for (uint32_t i = 0; i < context.pair_count; i++) {
                add_feature(crf, features, context.pairs[i], sum);
            }
        }
        struct gw_tag_row row = round_row(sum);
        append(out, &row, sizeof row);
    }
}

static int compare_flags(const void *a, const void *b) {
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

/* The different sets of flags that the model's words have. */
static size_t list_classes(const struct gw_model *model, uint64_t **out) {
    uint64_t *flags = need(malloc((model->words_count + 1) * sizeof *flags));
    for (uint32_t i = 0; i < model->words_count; i++) {
        flags[i] = model->words[i].flags & class_flags;
    }
    qsort(flags, model->words_count, sizeof *flags, compare_flags);
    size_t n = 0;
    for (uint32_t i = 0; i < model->words_count; i++) {
        if (flags[i] != 0 && (n == 0 || flags[n - 1] != flags[i])) {
            flags[n++] = flags[i];
        }
    }
    *out = flags;
    return n;
}

static void write_words(FILE *out, struct section *names, const struct crf *crf, struct features *features,
                        const struct vocabulary *vocabulary) {
    struct section rows = {NULL, 0, 0};
    char line[512];
    uint64_t *classes;
    size_t class_count = list_classes(vocabulary->model, &classes);
    append(names, line, (size_t)snprintf(line, sizeof line, "%llx\n", (unsigned long long)class_flags));
    for (uint32_t i = 0; i < GW_TAG_STAND_IN_COUNT; i++) {
        append_word(&rows, crf, features, vocabulary,
                    (struct word_info){.stand_in = i, .vocable = NO_VOCABLE});
    }
    for (size_t i = 0; i < class_count; i++) {
        append_word(&rows, crf, features, vocabulary,
                    (struct word_info){.vocable = NO_VOCABLE, .flags = classes[i]});
        append(names, line, (size_t)snprintf(line, sizeof line, "=%llx\n", (unsigned long long)classes[i]));
    }
    for (uint32_t i = 0; i < vocabulary->count; i++) {
        const struct vocable *v = &vocabulary->items[i];
        if (!v->own) {
            continue;
        }
        uint32_t word = gw_model_find_word(vocabulary->model, v->hash);
        append_word(&rows, crf, features, vocabulary,
                    (struct word_info){.vocable = i, .flags = gw_model_word(vocabulary->model, word)->flags});
        append(names, line, (size_t)snprintf(line, sizeof line, "%s %u\n", v->word, v->clusters[0]));
    }
    for (uint32_t i = 0; i < vocabulary->count; i++) {
        const struct vocable *v = &vocabulary->items[i];
        if (!v->own) {
            append(names, line, (size_t)snprintf(line, sizeof line, "~%s %u\n", v->word, v->clusters[0]));
        }
    }
    fprintf(stderr, "%zu classes, %zu rows\n", class_count, rows.size / sizeof(struct gw_tag_word));
    free(classes);
    write_section(out, &rows);
}

static void write_cells(FILE *out, const struct crf *crf, struct features *features) {
    struct section rows = {NULL, 0, 0};
    for (uint32_t i = 0; i < GW_TAG_CELL_ROWS_ALL; i++) {
        float sum[GW_TAG_ROW] = {0};
        add_feature(crf, features, cell_key(i), sum);
        struct gw_tag_row row = round_row(sum);
        append(&rows, &row, sizeof row);
    }
    write_section(out, &rows);
}

static float heaviness(const float *weights) {
    float most = 0;
    for (int k = 0; k < GW_TAG_COUNT; k++) {
        most = fmaxf(most, fabsf(weights[k]));
    }
    return most;
}

static int compare_floats(const void *a, const void *b) {
    float left = *(const float *)a, right = *(const float *)b;
    return (left < right) - (left > right);
}

/* What the lightest of the `most` heaviest pairs weighs. */
static float least_weight(const struct crf *crf, const struct features *features, size_t most) {
    float *weights = need(malloc(((size_t)features->count + 1) * sizeof *weights));
    size_t count = 0;
    for (uint32_t id = 0; id < features->count && id < crf->count; id++) {
        if (features->uses[id] > 0) {
            weights[count++] = heaviness(crf->weights[id]);
        }
    }
    qsort(weights, count, sizeof *weights, compare_floats);
    float least = most < count ? weights[most] : 0;
    free(weights);
    return fmaxf(least, PAIR_WEIGHT_LEAST);
}

static void write_pairs(FILE *out, const struct crf *crf, const struct features *features, size_t most) {
    float least = least_weight(crf, features, most);
    struct section rows = {NULL, 0, 0}, table = {NULL, 0, 0};
    size_t count = 0, slots = 16;
    for (size_t at = 0; at < features->slots; at++) {
        uint32_t id = features->numbers[at];
        count += features->keys[at] != 0 && features->uses[id] > 0 && heaviness(crf->weights[id]) > least;
    }
    while (slots < count * 3 / 2) {
        slots *= 2;
    }
    struct gw_slot *items = need(malloc(slots * sizeof *items));
    memset(items, 0xFF, slots * sizeof *items);
    uint32_t number = 0;
    for (size_t i = 0; i < features->slots; i++) {
        uint32_t id = features->numbers[i];
        if (features->keys[i] == 0 || features->uses[id] == 0 || heaviness(crf->weights[id]) <= least) {
            continue;
        }
        size_t at = features->keys[i] & (slots - 1);
        while (items[at].index != GW_SLOT_EMPTY) {
            at = (at + 1) & (slots - 1);
        }
        items[at] = (struct gw_slot){(uint32_t)(features->keys[i] >> 32), number++};
        struct gw_tag_row row = round_row(crf->weights[id]);
        append(&rows, &row, sizeof row);
    }
    append(&table, items, slots * sizeof *items);
    free(items);
    fprintf(stderr, "%zu pairs\n", count);
    write_section(out, &table);
    write_section(out, &rows);
}

static void write_transitions(FILE *out, const struct crf *crf) {
    struct section rows = {NULL, 0, 0};
    for (unsigned j = 0; j < GW_TAG_ROW; j++) {
        struct gw_tag_row row = round_row(crf->transitions[j]);
        for (unsigned k = 0; k < GW_TAG_ROW; k++) {
            row.weight[k] = crf_may_follow(j, k) ? row.weight[k] : GW_TAG_FORBIDDEN;
        }
        append(&rows, &row, sizeof row);
    }
    write_section(out, &rows);
}

static int compare_margins(const void *a, const void *b) {
    int32_t left = ((const struct judged *)a)->margin, right = ((const struct judged *)b)->margin;
    return (left > right) - (left < right);
}

/* Equal parts of the mentions by margin; each part's share of right ones, never falling. */
static void write_confidences(FILE *out, struct judged *judged, size_t count) {
    struct section rows = {NULL, 0, 0};
    int32_t least = 0;
    qsort(judged, count, sizeof *judged, compare_margins);
    for (size_t step = 0; step < CONFIDENCE_STEPS; step++) {
        size_t first = count * step / CONFIDENCE_STEPS, end = count * (step + 1) / CONFIDENCE_STEPS,
               right = 0;
        for (size_t i = first; i < end; i++) {
            right += judged[i].right;
        }
        int32_t share = end > first ? (int32_t)(right * 10000 / (end - first)) : 0;
        least = share > least ? share : least;
        struct gw_tag_confidence row = {step == 0 ? INT32_MIN : judged[first].margin, least};
        append(&rows, &row, sizeof row);
    }
    write_section(out, &rows);
}

void rows_write(const char *path, const struct crf *crf, struct features *features,
                const struct vocabulary *vocabulary, struct judged *judged, size_t judged_count,
                size_t most_pairs) {
    struct section names = {NULL, 0, 0};
    FILE *out = need(fopen(path, "wb"));
    features->grows = false;
    write_words(out, &names, crf, features, vocabulary);
    write_cells(out, crf, features);
    write_pairs(out, crf, features, most_pairs);
    write_transitions(out, crf);
    write_confidences(out, judged, judged_count);
    write_section(out, &names);
    if (fclose(out) != 0) {
        perror(path);
        exit(1);
    }
}
