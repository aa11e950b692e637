/* What a missing label leaves open becomes a set of labels; two annotators agree or both may be right. */
#include "corpus.h"

#include "process/text/sentences.h"

#include <stdio.h>
#include <stdlib.h>

#define BIT(tag)   ((label_set)(1U << (tag)))
#define TYPE(tag)  ((label_set)(BIT(tag) | BIT((tag) + 1)))
#define SPANS_MOST 65536U
#define NAME_BYTES 32

static const struct {
    const char *name;
    enum gw_tag begin;
} types[] = {
    {"PER", GW_TAG_PERSON}, {"ORG", GW_TAG_ORG},      {"LOC", GW_TAG_LOC},   {"FAC", GW_TAG_FAC},
    {"NORP", GW_TAG_NORP},  {"PROD", GW_TAG_PRODUCT}, {"MISC", GW_TAG_MISC},
};

void *need(void *memory) {
    if (!memory) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

static uint8_t type_number(const char *name) {
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].name, name) == 0) {
            return (uint8_t)gw_tag_type(types[i].begin);
        }
    }
    return 0;
}

/* What a token without a label may be. */
static label_set unlabelled(enum corpus_mode mode) {
    label_set loose =
        (label_set)(BIT(GW_TAG_OUTSIDE) | TYPE(GW_TAG_NORP) | TYPE(GW_TAG_PRODUCT) | TYPE(GW_TAG_MISC));
    switch (mode) {
    case MODE_OPEN:
        return loose;
    case MODE_NEWS:
        return (label_set)(loose | TYPE(GW_TAG_FAC));
    default:
        return BIT(GW_TAG_OUTSIDE);
    }
}

/* Miscellaneous names of other guidelines are peoples, products, others or nothing here. */
static label_set labelled(enum corpus_mode mode, uint8_t type, bool begins) {
    unsigned shift = begins ? 0 : 1;
    enum gw_tag begin = (enum gw_tag)(type * 2 - 1);
    if (mode == MODE_OPEN && begin == GW_TAG_LOC) {
        return (label_set)(BIT(GW_TAG_LOC + shift) | BIT(GW_TAG_FAC + shift));
    }
    if (mode == MODE_OPEN && begin == GW_TAG_MISC) {
        return (label_set)(BIT(GW_TAG_OUTSIDE) | BIT(GW_TAG_NORP + shift) | BIT(GW_TAG_PRODUCT + shift) |
                           BIT(GW_TAG_MISC + shift));
    }
    return BIT(begin + shift);
}

/* Labels end before the full stop of "U.S.". */
static bool ends_at(const struct document *document, uint32_t token, uint32_t end) {
    const struct gw_token *t = &document->text.tokens[token];
    return t->end == end || ((t->shape & GW_SHAPE_DOTTED) && t->end == end + 1);
}

static bool fits(const struct document *document, const struct gold *gold, uint32_t first, uint32_t end) {
    const struct gw_token *tokens = document->text.tokens;
    bool whole = first < end && tokens[first].start == gold->start && ends_at(document, end - 1, gold->end);
    for (uint32_t i = first; i < end && whole; i++) {
        whole = document->tags.tokens[i].candidate;
    }
    return whole;
}

static void allow(const struct document *document, enum corpus_mode mode, const struct gold *gold,
                  label_set *allowed) {
    const struct gw_token *tokens = document->text.tokens;
    uint32_t first = 0;
    while (first < document->text.token_count && tokens[first].end <= gold->start) {
        first++;
    }
    uint32_t end = first;
    while (end < document->text.token_count && tokens[end].start < gold->end) {
        end++;
    }
    bool whole = fits(document, gold, first, end);
    for (uint32_t i = first; i < end; i++) {
        allowed[i] = whole ? labelled(mode, gold->type, i == first) : LABELS_ALL;
    }
}

static label_set *allow_all(struct document *document, enum corpus_mode mode, const struct gold *gold,
                            size_t count) {
    label_set *allowed = need(malloc((document->text.token_count + 1) * sizeof *allowed));
    for (uint32_t i = 0; i < document->text.token_count; i++) {
        allowed[i] = unlabelled(mode);
    }
    for (size_t i = 0; i < count; i++) {
        if (gold[i].type) {
            allow(document, mode, &gold[i], allowed);
        }
    }
    return allowed;
}

/* Where the second annotator agrees, that is what it is; elsewhere either may be right. */
static void add_second(struct document *document, const struct gold *second, size_t count) {
    label_set *other = allow_all(document, MODE_NEWS, second, count);
    for (uint32_t i = 0; i < document->text.token_count; i++) {
        label_set both = document->allowed[i] & other[i];
        document->allowed[i] = both ? both : document->allowed[i] | other[i];
    }
    free(other);
}

static void part(struct document *document, const struct gw_model *model, struct gw_arena *arena,
                 struct gw_str body) {
    struct gw_work work = {UINT64_MAX, false};
    document->text.fields[GW_FIELD_BODY] = body;
    if (gw_tokens_add(&document->text, GW_FIELD_BODY, model, &work, arena) != GW_OK ||
        gw_sentences_find(&document->text, model, arena) != GW_OK ||
        gw_tag_text_make(&document->text, model, arena, &document->tags) != GW_OK) {
        need(NULL);
    }
}

static void read_spans(FILE *in, struct gold *spans, size_t count) {
    char type[NAME_BYTES];
    for (size_t i = 0; i < count; i++) {
        if (fscanf(in, "%u %u %31s\n", &spans[i].start, &spans[i].end, type) != 3) {
            fputs("a span is not START END TYPE\n", stderr);
            exit(1);
        }
        spans[i].type = type_number(type);
    }
}

static struct gw_str read_body(FILE *in, struct gw_arena *arena, size_t size) {
    char *bytes = need(gw_arena_take(arena, size + 1));
    if (fread(bytes, 1, size, in) != size || fgetc(in) != '\n') {
        fputs("a document ends early\n", stderr);
        exit(1);
    }
    return (struct gw_str){bytes, size};
}

void corpora_read(struct corpora *corpora, const struct gw_model *model, const char *path, float weight,
                  uint32_t domain, uint32_t corpus) {
    char mode[NAME_BYTES], name[NAME_BYTES];
    size_t size, spans, seconds;
    FILE *in = fopen(path, "rb");
    if (!in) {
        perror(path);
        exit(1);
    }
    struct gold *second = need(malloc(SPANS_MOST * sizeof *second));
    size_t before = corpora->count;
    while (fscanf(in, "%31s %31s %zu %zu %zu", mode, name, &size, &spans, &seconds) == 5 &&
           fgetc(in) == '\n' && seconds < SPANS_MOST) {
        corpora->items = need(realloc(corpora->items, (corpora->count + 1) * sizeof *corpora->items));
        struct document *document = &corpora->items[corpora->count++];
        *document = (struct document){.corpus = corpus,
                                      .number = (uint32_t)(corpora->count - 1 - before),
                                      .weight = weight,
                                      .domain = domain,
                                      .gold_count = spans};
        document->mode = mode[0] == 'f' ? MODE_FULL : mode[0] == 'o' ? MODE_OPEN : MODE_NEWS;
        struct gw_str body = read_body(in, &corpora->arena, size);
        document->gold = need(malloc((spans + 1) * sizeof *document->gold));
        read_spans(in, document->gold, spans);
        read_spans(in, second, seconds);
        part(document, model, &corpora->arena, body);
        document->allowed = allow_all(document, document->mode, document->gold, spans);
        if (seconds > 0) {
            add_second(document, second, seconds);
        }
    }
    /* The documents have moved. */
    for (size_t i = 0; i < corpora->count; i++) {
        corpora->items[i].tags.text = &corpora->items[i].text;
    }
    free(second);
    fclose(in);
}
