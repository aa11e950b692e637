/* Stretches of tokens that may be names are tagged by the model's rows; then once more, with what the same
 * words were tagged as elsewhere in the article. */
#include "process/entities/tagger.h"

#include "process/entities/gazetteer.h"
#include "process/entities/lattice.h"
#include "process/entities/tag_context.h"

#define SPANS_LEAST 32U

#define TOKEN_WORK 2U

/* Longer stretches are cut: lists and headings. */
#define STRETCH_MOST 256U

/* Rows that one token's scores are the sum of, at most. */
#define ROWS_MOST 64U

/* Words of a role before a person's name, at most. */

/* Candidates side by side, in one sentence. */
struct stretch {
    uint32_t first, end; /* tokens */
    uint32_t sentence;
    uint32_t at; /* of its first score */
};

struct tagger {
    struct gw_tag_text tags;
    const struct gw_model *model;
    struct gw_arena *arena;
    struct gw_lattice lattice;
    struct stretch *stretches;
    uint32_t stretch_count;
    struct gw_tag_scores *scores; /* of the stretches' tokens, one after the other */
    struct gw_tag_scores *room;
    uint8_t *chosen;
    int32_t *margins;
    struct gw_name_spans *spans;
    uint32_t capacity;
};

struct rows {
    const struct gw_tag_row *items[ROWS_MOST];
    size_t count;
};

static const enum gw_entity_type entity_types[GW_TAG_TYPE_COUNT] = {
    GW_MISC, GW_PERSON, GW_ORG, GW_LOC, GW_FAC, GW_NORP, GW_PRODUCT, GW_MISC,
};

/* Rows lie far apart: each is asked for as soon as it is known, and summed when the next token's are. */
static void add_row(struct rows *rows, const struct gw_tag_row *row) {
    if (rows->count < ROWS_MOST) {
        __builtin_prefetch(row);
        rows->items[rows->count++] = row;
    }
}

/* Only the counts are set: the rest is much and not read. */
static void begin(struct gw_tag_context *context, struct rows *rows) {
    context->word_count = context->cell_count = context->pair_count = 0;
    rows->count = 0;
}

static uint32_t word_row(const struct tagger *tagger, uint32_t token) {
    if (token >= GW_TAG_BEFORE) {
        return token == GW_TAG_BEFORE ? GW_TAG_BEFORE_SENTENCE : GW_TAG_BEHIND_SENTENCE;
    }
    return tagger->tags.tokens[token].word;
}

static void prefetch_pairs(const struct gw_model *model, const struct gw_tag_context *context) {
    for (uint32_t i = 0; i < context->pair_count; i++) {
        __builtin_prefetch(&model->tag_slots[(uint32_t)context->pairs[i] & (model->tag_slots_count - 1)]);
    }
}

static void add_pairs(const struct tagger *tagger, const struct gw_tag_context *context, struct rows *rows) {
    const struct gw_model *model = tagger->model;
    for (uint32_t i = 0; i < context->pair_count; i++) {
        uint32_t found = gw_slot_find(model->tag_slots, model->tag_slots_count, context->pairs[i]);
        if (found < GW_SLOT_PREFIX) {
            add_row(rows, &model->tag_pairs[found]);
        }
    }
}

static void add_context(const struct tagger *tagger, const struct gw_tag_context *context,
                        struct rows *rows) {
    prefetch_pairs(tagger->model, context);
    for (uint32_t i = 0; i < context->word_count; i++) {
        uint32_t word = word_row(tagger, context->words[i].token);
        add_row(rows, &tagger->model->tag_words[word].role[context->words[i].role]);
    }
    for (uint32_t i = 0; i < context->cell_count; i++) {
        add_row(rows, &tagger->model->tag_cells[context->cells[i]]);
    }
    add_pairs(tagger, context, rows);
}

static void sum_rows(const struct tagger *tagger, const struct rows *rows, struct gw_tag_scores *sum) {
    tagger->lattice.kernel->add(rows->items, rows->count, sum);
}

/* What all tokens of a run share. */
static void find_run_rows(const struct tagger *tagger, const struct gw_tag_sentence *sentence,
                          struct gw_tag_run run, struct rows *rows) {
    struct gw_tag_context context;
    begin(&context, rows);
    gw_tag_run_context(&tagger->tags, sentence, run, &context);
    add_context(tagger, &context, rows);
}

static void find_token_rows(const struct tagger *tagger, const struct gw_tag_sentence *sentence,
                            const struct gw_tag_run *run, uint32_t i, struct rows *rows) {
    struct gw_tag_context context;
    begin(&context, rows);
    gw_tag_token_context(&tagger->tags, sentence, run, i, &context);
    if (tagger->tags.tokens[i].affixed) {
        gw_tag_affixes(gw_text_cut(tagger->tags.text, i, i), &context);
    }
    add_context(tagger, &context, rows);
}

/* Rows that wait to be summed, while those of the next token are looked for. */
struct waiting {
    struct rows own, shared;
    struct gw_tag_scores *sum;
    bool in_run, begins_run;
};

static void sum_waiting(const struct tagger *tagger, const struct waiting *waiting,
                        struct gw_tag_scores *shared) {
    if (waiting->begins_run) {
        *shared = (struct gw_tag_scores){{0}};
        sum_rows(tagger, &waiting->shared, shared);
    }
    *waiting->sum = waiting->in_run ? *shared : (struct gw_tag_scores){{0}};
    sum_rows(tagger, &waiting->own, waiting->sum);
}

static void find_rows(const struct tagger *tagger, const struct gw_tag_sentence *sentence, uint32_t i,
                      struct gw_tag_run *run, struct waiting *waiting) {
    waiting->in_run = tagger->tags.tokens[i].capital;
    waiting->begins_run = waiting->in_run && (run->first == GW_NO_INDEX || i > run->last);
    if (waiting->begins_run) {
        *run = gw_tag_run_at(&tagger->tags, sentence, i);
        find_run_rows(tagger, sentence, *run, &waiting->shared);
    }
    find_token_rows(tagger, sentence, waiting->in_run ? run : NULL, i, &waiting->own);
}

/* Sets the scores of a stretch's tokens; the sum of what a run shares is made once. */
static void score_stretch(const struct tagger *tagger, const struct stretch *stretch) {
    const struct gw_tag_sentence *sentence = &tagger->tags.sentences[stretch->sentence];
    struct gw_tag_run run = {GW_NO_INDEX, 0};
    struct gw_tag_scores shared = {{0}};
    struct waiting waiting[2];
    uint32_t count = stretch->end - stretch->first;
    for (uint32_t i = 0; i < count; i++) {
        waiting[i % 2].sum = &tagger->scores[stretch->at + i];
        find_rows(tagger, sentence, stretch->first + i, &run, &waiting[i % 2]);
        if (i > 0) {
            sum_waiting(tagger, &waiting[(i - 1) % 2], &shared);
        }
    }
    sum_waiting(tagger, &waiting[(count - 1) % 2], &shared);
}

static void tag_stretch(const struct tagger *tagger, const struct stretch *stretch, bool with_margins) {
    gw_lattice_tag(&tagger->lattice, tagger->scores + stretch->at, stretch->end - stretch->first,
                   tagger->room, tagger->chosen + stretch->at,
                   with_margins ? tagger->margins + stretch->at : NULL);
}

static void vote(const struct tagger *tagger, const struct stretch *stretch) {
    for (uint32_t i = stretch->first; i < stretch->end; i++) {
        if (gw_tag_has_votes(&tagger->tags, i)) {
            gw_tag_vote(&tagger->tags, i, gw_tag_type(tagger->chosen[stretch->at + i - stretch->first]));
        }
    }
}

static void hear_votes(const struct tagger *tagger, const struct stretch *stretch) {
    for (uint32_t i = stretch->first; i < stretch->end; i++) {
        uint32_t at = stretch->at + i - stretch->first;
        struct gw_tag_context context;
        struct rows rows;
        if (gw_tag_has_votes(&tagger->tags, i)) {
            begin(&context, &rows);
            gw_tag_vote_context(&tagger->tags, i, gw_tag_type(tagger->chosen[at]), &context);
            add_context(tagger, &context, &rows);
            sum_rows(tagger, &rows, &tagger->scores[at]);
        }
    }
}

static enum gw_status add_span(struct tagger *tagger, struct gw_name_span span) {
    if (tagger->spans->count == tagger->capacity) {
        size_t wanted = (size_t)tagger->capacity * 2 + SPANS_LEAST;
        struct gw_name_span *grown = gw_arena_grow(tagger->arena, tagger->spans->items, tagger->capacity,
                                                   wanted, sizeof *tagger->spans->items);
        if (!grown) {
            return GW_NO_MEMORY;
        }
        tagger->spans->items = grown;
        tagger->capacity = (uint32_t)wanted;
    }
    tagger->spans->items[tagger->spans->count++] = span;
    return GW_OK;
}

static gw_e4 confidence_of(const struct gw_model *model, int32_t margin) {
    gw_e4 confidence = 0;
    for (uint32_t i = 0; i < model->tag_confidences_count; i++) {
        if (margin >= model->tag_confidences[i].margin) {
            confidence = model->tag_confidences[i].confidence;
        }
    }
    return confidence;
}

static bool has(const struct tagger *tagger, uint32_t i, uint64_t flags) {
    return (gw_model_word(tagger->model, tagger->tags.text->tokens[i].word)->flags & flags) != 0;
}

/* The gazetteer's name, where it is all of the span and of the same type, or of one that has no tag. */
static const struct gw_name *known_name(const struct tagger *tagger, const struct gw_name_span *span) {
    const struct gw_text *text = tagger->tags.text;
    uint32_t end = tagger->tags.sentences[span->sentence].end;
    struct gw_gazetteer_match match = gw_gazetteer_match(tagger->model, text, span->first, end);
    if (!match.name || match.last != span->last) {
        return NULL;
    }
    bool fits = match.name->type == span->type || (match.name->type == GW_EVENT && span->type == GW_MISC);
    return fits ? match.name : NULL;
}

/* A place whose last word is a building's or a road's is one: there are too few of them to learn from. */
static enum gw_entity_type type_of(const struct tagger *tagger, unsigned tag, uint32_t first, uint32_t last) {
    enum gw_entity_type type = entity_types[gw_tag_type(tag)];
    bool building = type == GW_LOC && first < last && has(tagger, last, GW_WORD(FAC_HEAD));
    return building ? GW_FAC : type;
}

/* "Sunday" in "Sunday morning" is a value; "Sun" may be a newspaper. */
static bool is_weekday(const struct tagger *tagger, const struct gw_name_span *span) {
    const struct gw_token *token = &tagger->tags.text->tokens[span->first];
    return span->first == span->last && has(tagger, span->first, GW_WORD(WEEKDAY)) &&
           token->end - token->start >= sizeof "Monday" - 1;
}

/* The name whose first tag is token `i`'s. */
static enum gw_status take_name(struct tagger *tagger, const struct stretch *stretch, uint32_t *i) {
    const uint8_t *chosen = tagger->chosen + stretch->at;
    const int32_t *margins = tagger->margins + stretch->at;
    uint32_t at = *i - stretch->first, last = at;
    int32_t margin = margins[at];
    while (stretch->first + last + 1 < stretch->end && chosen[last + 1] == chosen[at] + 1) {
        last++;
        margin = margins[last] < margin ? margins[last] : margin;
    }
    struct gw_name_span span = {.first = *i,
                                .last = stretch->first + last,
                                .sentence = stretch->sentence,
                                .role_first = GW_NO_INDEX,
                                .role_last = GW_NO_INDEX,
                                .type = (uint8_t)type_of(tagger, chosen[at], *i, stretch->first + last),
                                .confidence = confidence_of(tagger->model, margin)};
    *i = span.last;
    if (is_weekday(tagger, &span)) {
        return GW_OK;
    }
    span.known = known_name(tagger, &span);
    return add_span(tagger, span);
}

static enum gw_status take_names(struct tagger *tagger, const struct stretch *stretch) {
    enum gw_status status = GW_OK;
    for (uint32_t i = stretch->first; i < stretch->end && status == GW_OK; i++) {
        if (tagger->chosen[stretch->at + i - stretch->first] % 2 == 1) {
            status = take_name(tagger, stretch, &i);
        }
    }
    return status;
}

/* Parts the candidates into stretches, as far as the budget goes; returns how many candidates they have. */
static uint32_t find_stretches(struct tagger *tagger, struct gw_work *work) {
    uint32_t at = 0;
    for (uint32_t s = 0; s < tagger->tags.text->sentence_count; s++) {
        const struct gw_tag_sentence *sentence = &tagger->tags.sentences[s];
        if (!gw_work_take(work, (uint64_t)TOKEN_WORK * (sentence->end - sentence->first))) {
            break;
        }
        struct stretch *open = NULL;
        for (uint32_t i = sentence->first; i < sentence->end; i++) {
            if (!tagger->tags.tokens[i].candidate) {
                open = NULL;
                continue;
            }
            if (!open || i - open->first == STRETCH_MOST) {
                open = &tagger->stretches[tagger->stretch_count++];
                *open = (struct stretch){i, i, s, at};
            }
            open->end = i + 1;
            at++;
        }
    }
    return at;
}

static enum gw_status make_room(struct tagger *tagger, struct gw_work *work) {
    size_t candidates = 0;
    for (uint32_t i = 0; i < tagger->tags.text->token_count; i++) {
        candidates += tagger->tags.tokens[i].candidate;
    }
    tagger->stretches = gw_arena_take(tagger->arena, candidates * sizeof *tagger->stretches);
    tagger->scores = gw_arena_take(tagger->arena, candidates * sizeof *tagger->scores);
    tagger->chosen = gw_arena_take(tagger->arena, candidates);
    tagger->margins = gw_arena_take(tagger->arena, candidates * sizeof *tagger->margins);
    size_t longest = candidates < STRETCH_MOST ? candidates : STRETCH_MOST;
    tagger->room = gw_arena_take(tagger->arena, longest * 2 * sizeof *tagger->room);
    if (!tagger->stretches || !tagger->scores || !tagger->chosen || !tagger->margins || !tagger->room) {
        return GW_NO_MEMORY;
    }
    find_stretches(tagger, work);
    return GW_OK;
}

enum gw_status gw_tagger_find(const struct gw_text *text, const struct gw_model *model, struct gw_work *work,
                              struct gw_arena *arena, struct gw_name_spans *spans) {
    struct tagger tagger = {.model = model, .arena = arena, .spans = spans};
    const struct gw_lattice_kernel *fast = gw_lattice_fast();
    *spans = (struct gw_name_spans){NULL, 0};
    if (model->tag_cells_count == 0) {
        return GW_OK;
    }
    enum gw_status status = gw_tag_text_make(text, model, arena, &tagger.tags);
    if (status == GW_OK) {
        status = make_room(&tagger, work);
    }
    if (status != GW_OK) {
        return status;
    }
    gw_lattice_init(&tagger.lattice, fast ? fast : &gw_lattice_portable, model->tag_transitions);
    for (uint32_t s = 0; s < tagger.stretch_count; s++) {
        score_stretch(&tagger, &tagger.stretches[s]);
        tag_stretch(&tagger, &tagger.stretches[s], false);
        vote(&tagger, &tagger.stretches[s]);
    }
    for (uint32_t s = 0; s < tagger.stretch_count && status == GW_OK; s++) {
        hear_votes(&tagger, &tagger.stretches[s]);
        tag_stretch(&tagger, &tagger.stretches[s], true);
        status = take_names(&tagger, &tagger.stretches[s]);
    }
    return status;
}
