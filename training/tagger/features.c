/* Keys are 64-bit hashes; two features alike are as good as none in a million. */
#include "features.h"

#include <stdio.h>
#include <stdlib.h>

#define FEATURE_SLOTS ((size_t)1 << 25)
#define WORD_SLOTS    ((size_t)1 << 17)
#define LINE_BYTES    512
#define ITEM_FEATURES 512

/* So far a candidate hears the words beside it. */
#define WORDS_HEARD 2U

struct gw_keyed_slot_of_word {
    uint64_t hash;
    uint32_t index;
};

enum attribute {
    ATTRIBUTE_STAND_IN = 1,
    ATTRIBUTE_WORD,
    ATTRIBUTE_UNKNOWN,
    ATTRIBUTE_CLUSTER,
    ATTRIBUTE_FLAG = ATTRIBUTE_CLUSTER + 3,
    ATTRIBUTE_FLAGS
};

const uint64_t class_flags =
    GW_WORD(COMMON) | GW_WORD(STARTER) | GW_WORD(MONTH) | GW_WORD(WEEKDAY) | GW_WORD(SPEECH) |
    GW_WORD(PERSON_VERB) | GW_WORD(PLACE_PREPOSITION) | GW_WORD(CONNECTOR) | GW_WORD(PERSON_PARTICLE) |
    GW_WORD(TITLE) | GW_WORD(TITLE_MODIFIER) | GW_WORD(ORG_HEAD) | GW_WORD(ORG_SUFFIX) |
    GW_WORD(ORG_ADJECTIVE) | GW_WORD(FAC_HEAD) | GW_WORD(LOC_HEAD) | GW_WORD(LOC_FIRST) |
    GW_WORD(NAME_SUFFIX) | GW_WORD(NOT_NAME) | GW_WORD(FIRST_NAME) | GW_WORD(SURNAME) | GW_WORD(DEMONYM) |
    GW_WORD(TOWN) | GW_WORD(TOWN_PART) | GW_WORD(CITY);

static uint64_t mix(uint64_t x) {
    x ^= x >> 33;
    x *= UINT64_C(0xff51afd7ed558ccd);
    x ^= x >> 33;
    x *= UINT64_C(0xc4ceb9fe1a85ec53);
    return x ^ x >> 33;
}

void vocabulary_read(struct vocabulary *vocabulary, const struct gw_model *model, const char *path) {
    char line[LINE_BYTES], word[LINE_BYTES];
    FILE *in = need(fopen(path, "r"));
    *vocabulary = (struct vocabulary){.model = model, .slot_count = WORD_SLOTS};
    vocabulary->slots = need(calloc(WORD_SLOTS, sizeof *vocabulary->slots));
    vocabulary->items = need(malloc(WORD_SLOTS / 2 * sizeof *vocabulary->items));
    while (fgets(line, sizeof line, in) && vocabulary->count < WORD_SLOTS / 2) {
        struct vocable *v = &vocabulary->items[vocabulary->count];
        if (sscanf(line, "%s\t%u\t%u\t%u", word, &v->clusters[0], &v->clusters[1], &v->clusters[2]) != 4) {
            continue;
        }
        v->word = need(strdup(word));
        v->own = true;
        v->uses = 0;
        v->hash = gw_hash64(gw_str_from(word));
        size_t at = v->hash & (WORD_SLOTS - 1);
        while (vocabulary->slots[at].hash != 0) {
            at = (at + 1) & (WORD_SLOTS - 1);
        }
        vocabulary->slots[at].hash = v->hash;
        vocabulary->slots[at].index = (uint32_t)vocabulary->count++;
    }
    fclose(in);
}

uint32_t vocabulary_find(const struct vocabulary *vocabulary, uint64_t hash) {
    for (size_t at = hash & (WORD_SLOTS - 1); vocabulary->slots[at].hash != 0;
         at = (at + 1) & (WORD_SLOTS - 1)) {
        if (vocabulary->slots[at].hash == hash) {
            uint32_t index = vocabulary->slots[at].index;
            return vocabulary->items[index].own ? index : NO_VOCABLE;
        }
    }
    return NO_VOCABLE;
}

static int compare_uses(const void *a, const void *b) {
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left < right) - (left > right);
}

/* Only words beside candidates are ever asked for their rows. */
static bool is_heard(const struct document *document, uint32_t i) {
    uint32_t first = i < WORDS_HEARD ? 0 : i - WORDS_HEARD, count = document->text.token_count;
    for (uint32_t k = first; k < count && k <= i + WORDS_HEARD; k++) {
        if (document->tags.tokens[k].candidate) {
            return true;
        }
    }
    return false;
}

static void count_uses(struct vocabulary *vocabulary, const struct document *document) {
    const struct gw_text *text = &document->text;
    for (uint32_t i = 0; i < text->token_count; i++) {
        uint32_t v = text->tokens[i].hash ? vocabulary_find(vocabulary, text->tokens[i].hash) : NO_VOCABLE;
        if (v != NO_VOCABLE && is_heard(document, i)) {
            vocabulary->items[v].uses++;
        }
    }
}

void vocabulary_limit(struct vocabulary *vocabulary, const struct corpora *corpora, size_t trained,
                      size_t most) {
    for (size_t d = 0; d < trained; d++) {
        count_uses(vocabulary, &corpora->items[d]);
    }
    uint32_t *uses = need(malloc((vocabulary->count + 1) * sizeof *uses));
    for (size_t i = 0; i < vocabulary->count; i++) {
        uses[i] = vocabulary->items[i].uses;
    }
    qsort(uses, vocabulary->count, sizeof *uses, compare_uses);
    uint32_t least = most < vocabulary->count ? uses[most] + 1 : 0;
    for (size_t i = 0; i < vocabulary->count; i++) {
        vocabulary->items[i].own = vocabulary->items[i].uses >= least;
    }
    free(uses);
}

void features_init(struct features *features) {
    *features = (struct features){.slots = FEATURE_SLOTS, .grows = true};
    features->keys = need(calloc(FEATURE_SLOTS, sizeof *features->keys));
    features->numbers = need(calloc(FEATURE_SLOTS, sizeof *features->numbers));
    features->uses = need(calloc(FEATURE_SLOTS, sizeof *features->uses));
}

uint32_t features_find(struct features *features, uint64_t key) {
    key |= UINT64_C(1) << 63;
    size_t at = mix(key) & (features->slots - 1);
    while (features->keys[at] != 0) {
        if (features->keys[at] == key) {
            return features->numbers[at];
        }
        at = (at + 1) & (features->slots - 1);
    }
    if (!features->grows || features->count > features->slots * 3 / 4) {
        return NO_FEATURE;
    }
    features->keys[at] = key;
    features->numbers[at] = features->count;
    return features->count++;
}

uint64_t cell_key(uint32_t row) {
    return mix(UINT64_C(1) << 40 | row);
}

static uint64_t attribute_key(uint32_t role, uint32_t attribute, uint64_t value) {
    return mix(mix(value + UINT64_C(0x9E3779B97F4A7C15)) + (uint64_t)(role * 64U + attribute + 1));
}

static bool is_near(uint32_t role) {
    return role != GW_TAG_ROLE_LEFT2 && role != GW_TAG_ROLE_RIGHT2;
}

size_t word_keys(const struct vocabulary *vocabulary, struct word_info word, uint32_t role,
                 uint64_t keys[ATTRIBUTES_MOST]) {
    size_t n = 0;
    if (word.stand_in != 0) {
        keys[n++] = attribute_key(role, ATTRIBUTE_STAND_IN, word.stand_in);
        return n;
    }
    if (word.vocable == NO_VOCABLE) {
        keys[n++] = attribute_key(role, ATTRIBUTE_UNKNOWN, 0);
    } else {
        const struct vocable *v = &vocabulary->items[word.vocable];
        keys[n++] = attribute_key(role, ATTRIBUTE_WORD, v->hash);
        for (uint32_t k = 0; k < 3; k++) {
            if (is_near(role) || k == 0) {
                keys[n++] = attribute_key(role, ATTRIBUTE_CLUSTER + k, v->clusters[k]);
            }
        }
    }
    if (is_near(role)) {
        uint64_t flags = word.flags & class_flags;
        for (unsigned bit = 0; bit < 64; bit++) {
            if (flags >> bit & 1) {
                keys[n++] = attribute_key(role, ATTRIBUTE_FLAG, bit);
            }
        }
        keys[n++] = attribute_key(role, ATTRIBUTE_FLAGS, flags);
    }
    return n;
}

struct collector {
    struct features *features;
    uint32_t domain;
    uint32_t ids[ITEM_FEATURES];
    uint32_t count;
};

static void collect_one(struct collector *collector, uint64_t key) {
    uint32_t id = features_find(collector->features, key);
    if (id != NO_FEATURE && collector->count < ITEM_FEATURES) {
        collector->ids[collector->count++] = id;
    }
}

static void collect(struct collector *collector, uint64_t key, bool copied) {
    collect_one(collector, key);
    if (copied && collector->domain != 0) {
        collect_one(collector, key ^ mix(collector->domain + UINT64_C(77)));
    }
}

static struct word_info info_of(const struct document *document, const struct vocabulary *vocabulary,
                                uint32_t token) {
    if (token >= GW_TAG_BEFORE) {
        return (struct word_info){.stand_in = token == GW_TAG_BEFORE ? GW_TAG_BEFORE_SENTENCE
                                                                     : GW_TAG_BEHIND_SENTENCE};
    }
    const struct gw_token *t = &document->text.tokens[token];
    if (t->kind != GW_TOKEN_WORD) {
        return (struct word_info){.stand_in = document->tags.tokens[token].word};
    }
    return (struct word_info){.vocable = vocabulary_find(vocabulary, t->hash),
                              .flags = gw_model_word(vocabulary->model, t->word)->flags};
}

static void collect_context(struct collector *collector, const struct document *document,
                            const struct vocabulary *vocabulary, const struct gw_tag_context *context) {
    for (uint32_t i = 0; i < context->word_count; i++) {
        uint64_t keys[ATTRIBUTES_MOST];
        size_t n = word_keys(vocabulary, info_of(document, vocabulary, context->words[i].token),
                             context->words[i].role, keys);
        for (size_t k = 0; k < n; k++) {
            collect(collector, keys[k], true);
        }
    }
    for (uint32_t i = 0; i < context->cell_count; i++) {
        collect(collector, cell_key(context->cells[i]), true);
    }
    for (uint32_t i = 0; i < context->pair_count; i++) {
        uint32_t id = features_find(collector->features, context->pairs[i]);
        if (id != NO_FEATURE && collector->count < ITEM_FEATURES) {
            collector->ids[collector->count++] = id;
            collector->features->uses[id] += collector->features->grows;
        }
    }
}

static void collect_affixes(struct collector *collector, const struct document *document,
                            const struct vocabulary *vocabulary, uint32_t token) {
    struct gw_tag_context context = {.word_count = 0};
    const struct gw_token *t = &document->text.tokens[token];
    if (t->kind == GW_TOKEN_WORD) {
        uint32_t vocable = vocabulary_find(vocabulary, t->hash);
        gw_tag_affixes(vocable == NO_VOCABLE ? gw_text_cut(&document->text, token, token)
                                             : gw_str_from(vocabulary->items[vocable].word),
                       &context);
        collect_context(collector, document, vocabulary, &context);
    }
}

static struct item make_item(struct document *document, const struct vocabulary *vocabulary,
                             struct features *features, const struct gw_tag_sentence *sentence, uint32_t i) {
    struct collector collector = {.features = features, .domain = document->domain};
    struct gw_tag_context context = {.word_count = 0};
    if (document->tags.tokens[i].capital) {
        struct gw_tag_run run = gw_tag_run_at(&document->tags, sentence, i);
        gw_tag_run_context(&document->tags, sentence, run, &context);
        collect_context(&collector, document, vocabulary, &context);
        context = (struct gw_tag_context){.word_count = 0};
        gw_tag_token_context(&document->tags, sentence, &run, i, &context);
    } else {
        gw_tag_token_context(&document->tags, sentence, NULL, i, &context);
    }
    collect_context(&collector, document, vocabulary, &context);
    collect_affixes(&collector, document, vocabulary, i);
    struct item item = {.token = i, .count = collector.count, .allowed = document->allowed[i]};
    item.features = need(malloc((collector.count + 1) * sizeof *item.features));
    memcpy(item.features, collector.ids, collector.count * sizeof *item.features);
    return item;
}

struct sample sample_make(struct document *document, const struct vocabulary *vocabulary,
                          struct features *features) {
    struct sample sample = {.document = document};
    sample.items = need(malloc((document->text.token_count + 1) * sizeof *sample.items));
    sample.segments = need(malloc((document->text.token_count + 1) * sizeof *sample.segments));
    for (uint32_t s = 0; s < document->text.sentence_count; s++) {
        const struct gw_tag_sentence *sentence = &document->tags.sentences[s];
        bool open = false;
        for (uint32_t i = sentence->first; i < sentence->end; i++) {
            if (!document->tags.tokens[i].candidate) {
                open = false;
                continue;
            }
            uint32_t at = (uint32_t)sample.item_count++;
            sample.items[at] = make_item(document, vocabulary, features, sentence, i);
            if (!open) {
                sample.segments[sample.segment_count++].first = at;
                open = true;
            }
            sample.segments[sample.segment_count - 1].end = at + 1;
        }
    }
    return sample;
}

void sample_prune(struct sample *sample, const struct features *features, uint32_t uses) {
    for (size_t i = 0; i < sample->item_count; i++) {
        struct item *item = &sample->items[i];
        uint32_t kept = 0;
        for (uint32_t k = 0; k < item->count; k++) {
            uint32_t used = features->uses[item->features[k]];
            if (used == 0 || used >= uses) {
                item->features[kept++] = item->features[k];
            }
        }
        item->count = kept;
    }
}

void sample_vote(struct sample *sample, struct features *features) {
    struct gw_tag_text *tags = &sample->document->tags;
    for (uint32_t i = 0; i < tags->seen_count; i++) {
        gw_tag_begin_votes(&tags->seen[i]);
    }
    for (size_t i = 0; i < sample->item_count; i++) {
        if (gw_tag_has_votes(tags, sample->items[i].token)) {
            gw_tag_vote(tags, sample->items[i].token, gw_tag_type(sample->items[i].first_tag));
        }
    }
    for (size_t i = 0; i < sample->item_count; i++) {
        struct item *item = &sample->items[i];
        struct gw_tag_context context = {.word_count = 0};
        item->vote_count = 0;
        if (!gw_tag_has_votes(tags, item->token)) {
            continue;
        }
        gw_tag_vote_context(tags, item->token, gw_tag_type(item->first_tag), &context);
        for (uint32_t k = 0; k < context.cell_count; k++) {
            uint32_t id = features_find(features, cell_key(context.cells[k]));
            if (id != NO_FEATURE) {
                item->votes[item->vote_count++] = id;
            }
        }
    }
}
