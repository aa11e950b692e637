/* Stretches of tokens that may be names are tagged by the model's rows; then once more, with what the same
 * words were tagged as elsewhere in the article. */
#include "process/entities/tagger.h"

#include "process/entities/gazetteer.h"
#include "process/entities/lattice.h"
#include "process/entities/tag_questions.h"

#define SPANS_LEAST 32U

#define TOKEN_WORK     2U
#define CANDIDATE_WORK 0U

/* Longer stretches are cut: lists and headings. */
#define STRETCH_MOST 256U

/* Rows that one context chooses, at most; there is one place more, for a pair that has none. */
#define ROWS_MOST (GW_TAG_WORDS_MOST + GW_TAG_CELLS_MOST + GW_TAG_PAIRS_MOST)

/* Rows that votes choose. */
#define VOTE_ROWS 2U

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

static const enum gw_entity_type entity_types[GW_TAG_TYPE_COUNT] = {
    GW_MISC, GW_PERSON, GW_ORG, GW_LOC, GW_FAC, GW_NORP, GW_PRODUCT, GW_MISC,
};

/* What a token, or a run, has chosen. */
struct choice {
    const struct gw_tag_row *rows[ROWS_MOST + 1];
    const struct gw_tag_row **row_end;
    uint64_t pairs[GW_TAG_PAIRS_MOST];
    uint64_t *pair_end;
};

/* Where the next row and the next pair go. */
struct chooser {
    const struct gw_model *model;
    const struct gw_tag_row **row;
    uint64_t *pair;
};

/* Rows lie far apart: each is asked for as soon as it is known, and summed some tokens later. */
GW_TAG_INLINE void choose_row(struct chooser *chooser, const struct gw_tag_row *row) {
    __builtin_prefetch(row);
    *chooser->row++ = row;
}

GW_TAG_INLINE void choose_word(void *to, enum gw_tag_role role, struct gw_tag_place place) {
    struct chooser *chooser = to;
    choose_row(chooser, &chooser->model->tag_words[place.seen->word].role[role]);
}

GW_TAG_INLINE void choose_cell(void *to, uint32_t row) {
    struct chooser *chooser = to;
    choose_row(chooser, &chooser->model->tag_cells[row]);
}

/* Asks for where the search will begin; most end within the same line of the cache. */
GW_TAG_INLINE void choose_pair(void *to, uint64_t pair) {
    struct chooser *chooser = to;
    __builtin_prefetch(&chooser->model->tag_slots[(uint32_t)pair & (chooser->model->tag_slots_count - 1)]);
    *chooser->pair++ = pair;
}

static const struct gw_tag_asker asker = {choose_word, choose_cell, choose_pair};

/* Adds the rows of the pairs that have one. */
static void find_pairs(const struct tagger *tagger, struct choice *choice) {
    const struct gw_model *model = tagger->model;
    const struct gw_tag_row **end = choice->row_end;
    uint32_t found[GW_TAG_PAIRS_MOST];
    size_t count = (size_t)(choice->pair_end - choice->pairs);
    tagger->lattice.kernel->find(model->tag_slots, model->tag_slots_count, choice->pairs, count, found);
    for (size_t i = 0; i < count; i++) {
        bool there = found[i] < GW_SLOT_PREFIX;
        *end = &model->tag_pairs[there ? found[i] : 0];
        __builtin_prefetch(*end);
        end += there;
    }
    choice->row_end = end;
}

static void sum_rows(const struct tagger *tagger, const struct choice *choice, struct gw_tag_scores *sum) {
    tagger->lattice.kernel->add(choice->rows, (size_t)(choice->row_end - choice->rows), sum);
}

/* A token on its way to its scores. Memory is slower than sums, so each step is taken some tokens later than
 * the one before: choose (asks for words, cells and slots), find pairs (asks for their rows), sum. */
struct pending {
    struct choice own, shared; /* shared: by all tokens of the run that it begins */
    struct gw_tag_scores *sum;
    bool in_run, begins_run;
};

/* Tokens in flight, a power of two. */
#define FLIGHT     4U
#define FIND_AFTER 1U
#define SUM_AFTER  3U

static void choose_of_run(const struct tagger *tagger, const struct gw_tag_sentence *sentence,
                          struct gw_tag_run run, struct choice *choice) {
    struct chooser chooser = {tagger->model, choice->rows, choice->pairs};
    gw_tag_ask_of_run(&tagger->tags, sentence, run, asker, &chooser);
    choice->row_end = chooser.row;
    choice->pair_end = chooser.pair;
}

static void choose_of_token(const struct tagger *tagger, const struct gw_tag_sentence *sentence,
                            const struct gw_tag_run *run, uint32_t i, struct choice *choice) {
    struct chooser chooser = {tagger->model, choice->rows, choice->pairs};
    gw_tag_ask_of_token(&tagger->tags, sentence, run, i, asker, &chooser);
    if (tagger->tags.tokens[i].affixed) {
        struct gw_tag_context affixes = {.pair_count = 0};
        gw_tag_affixes(gw_text_cut(tagger->tags.text, i, i), &affixes);
        for (uint32_t k = 0; k < affixes.pair_count; k++) {
            choose_pair(&chooser, affixes.pairs[k]);
        }
    }
    choice->row_end = chooser.row;
    choice->pair_end = chooser.pair;
}

static void choose(const struct tagger *tagger, const struct gw_tag_sentence *sentence, uint32_t i,
                   struct gw_tag_run *run, struct pending *pending) {
    pending->in_run = tagger->tags.tokens[i].capital;
    pending->begins_run = pending->in_run && (run->first == GW_NO_INDEX || i > run->last);
    if (pending->begins_run) {
        *run = gw_tag_run_at(&tagger->tags, sentence, i);
        choose_of_run(tagger, sentence, *run, &pending->shared);
    }
    choose_of_token(tagger, sentence, pending->in_run ? run : NULL, i, &pending->own);
}

static void find_pending(const struct tagger *tagger, struct pending *pending) {
    if (pending->begins_run) {
        find_pairs(tagger, &pending->shared);
    }
    find_pairs(tagger, &pending->own);
}

static void sum_pending(const struct tagger *tagger, const struct pending *pending,
                        struct gw_tag_scores *shared) {
    if (pending->begins_run) {
        *shared = (struct gw_tag_scores){{0}};
        sum_rows(tagger, &pending->shared, shared);
    }
    *pending->sum = pending->in_run ? *shared : (struct gw_tag_scores){{0}};
    sum_rows(tagger, &pending->own, pending->sum);
}

/* The tokens in flight, and what carries over from one to the next. */
struct flight {
    struct pending tokens[FLIGHT];
    uint32_t begun;
    struct gw_tag_run run;
    struct gw_tag_scores shared;
};

/* Takes the later steps of the tokens that began so many steps ago. */
static void advance(const struct tagger *tagger, struct flight *flight, uint32_t count) {
    if (flight->begun >= FIND_AFTER && flight->begun - FIND_AFTER < count) {
        find_pending(tagger, &flight->tokens[(flight->begun - FIND_AFTER) % FLIGHT]);
    }
    if (flight->begun >= SUM_AFTER) {
        sum_pending(tagger, &flight->tokens[(flight->begun - SUM_AFTER) % FLIGHT], &flight->shared);
    }
    flight->begun++;
}

/* Sets the scores of all `count` candidates; the sum of what a run shares is made once. */
static void score(const struct tagger *tagger, uint32_t count) {
    struct flight flight;
    flight.begun = 0;
    flight.run = (struct gw_tag_run){GW_NO_INDEX, 0};
    for (uint32_t s = 0; s < tagger->stretch_count; s++) {
        const struct stretch *stretch = &tagger->stretches[s];
        for (uint32_t i = stretch->first; i < stretch->end; i++) {
            struct pending *pending = &flight.tokens[flight.begun % FLIGHT];
            pending->sum = &tagger->scores[flight.begun];
            choose(tagger, &tagger->tags.sentences[stretch->sentence], i, &flight.run, pending);
            advance(tagger, &flight, count);
        }
    }
    for (uint32_t n = 0; n < SUM_AFTER; n++) {
        advance(tagger, &flight, count);
    }
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
        if (gw_tag_has_votes(&tagger->tags, i)) {
            const struct gw_tag_row *rows[VOTE_ROWS];
            struct chooser chooser = {tagger->model, rows, NULL};
            gw_tag_ask_of_votes(&tagger->tags, i, gw_tag_type(tagger->chosen[at]), asker, &chooser);
            tagger->lattice.kernel->add(rows, VOTE_ROWS, &tagger->scores[at]);
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

/* How many of the candidates the budget is enough for; those of a sentence go together. */
static uint32_t admit(const struct gw_tag_text *tags, struct gw_work *work) {
    uint32_t admitted = 0;
    for (uint32_t s = 0; s < tags->text->sentence_count; s++) {
        const struct gw_tag_sentence *sentence = &tags->sentences[s];
        uint32_t end = admitted;
        while (end < tags->candidate_count && tags->candidates[end] < sentence->end) {
            end++;
        }
        if (!gw_work_take(work, (uint64_t)TOKEN_WORK * (sentence->end - sentence->first) +
                                    (uint64_t)CANDIDATE_WORK * (end - admitted))) {
            break;
        }
        admitted = end;
    }
    return admitted;
}

/* Parts the first `count` candidates into stretches. */
static void find_stretches(struct tagger *tagger, uint32_t count) {
    const struct gw_tag_sentence *sentences = tagger->tags.sentences;
    struct stretch *open = NULL;
    uint32_t s = 0;
    for (uint32_t at = 0; at < count; at++) {
        uint32_t i = tagger->tags.candidates[at];
        if (!open || open->end != i || i >= sentences[s].end || i - open->first == STRETCH_MOST) {
            while (i >= sentences[s].end) {
                s++;
            }
            open = &tagger->stretches[tagger->stretch_count++];
            *open = (struct stretch){i, i, s, at};
        }
        open->end = i + 1;
    }
}

static enum gw_status make_room(struct tagger *tagger, uint32_t count) {
    tagger->stretches = gw_arena_take(tagger->arena, count * sizeof *tagger->stretches);
    tagger->scores = gw_arena_take(tagger->arena, count * sizeof *tagger->scores);
    tagger->chosen = gw_arena_take(tagger->arena, count);
    tagger->margins = gw_arena_take(tagger->arena, count * sizeof *tagger->margins);
    size_t longest = count < STRETCH_MOST ? count : STRETCH_MOST;
    tagger->room = gw_arena_take(tagger->arena, longest * 2 * sizeof *tagger->room);
    bool all = tagger->stretches && tagger->scores && tagger->chosen && tagger->margins && tagger->room;
    return all ? GW_OK : GW_NO_MEMORY;
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
    uint32_t count = status == GW_OK ? admit(&tagger.tags, work) : 0;
    if (status == GW_OK) {
        status = make_room(&tagger, count);
    }
    if (status != GW_OK) {
        return status;
    }
    find_stretches(&tagger, count);
    gw_lattice_init(&tagger.lattice, fast ? fast : &gw_lattice_portable, model->tag_transitions);
    score(&tagger, count);
    for (uint32_t s = 0; s < tagger.stretch_count; s++) {
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
