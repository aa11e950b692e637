/* Stretches of tokens that may be names are tagged by the model's rows; then once more, with what the same
 * words were tagged as elsewhere in the article. */
#include "process/entities/tagger/tagger.h"

#include "process/entities/links/gazetteer.h"
#include "process/entities/tagger/lattice.h"
#include "process/entities/tagger/tag_questions.h"

#define TOKEN_WORK     2U
#define CANDIDATE_WORK 0U

/* Longer stretches are cut: lists and headings. */
#define STRETCH_MOST 256U

/* Lengths of stretches that are told apart when they are sorted. */
#define LENGTHS 8U

/* Rows that one token asks for at most, those of its run included. */
#define ROWS_MOST (2U * GW_TAG_WORDS_MOST + GW_TAG_CELLS_MOST + GW_TAG_PAIRS_MOST)

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
    uint32_t *by_length;          /* the stretches, short ones first */
    struct gw_tag_scores *scores; /* of the candidates; so are tags and margins */
    struct gw_tag_scores *room;
    uint8_t *chosen;
    int32_t *margins;
};

static const enum gw_entity_type entity_types[GW_TAG_TYPE_COUNT] = {
    GW_MISC, GW_PERSON, GW_ORG, GW_LOC, GW_FAC, GW_NORP, GW_PRODUCT, GW_MISC,
};

/* Adds nothing: stands for pairs that have no row, and fills sums up. How many rows there are can then be
 * foreseen by the processor. */
static const struct gw_tag_row no_row;

/* Memory is slower than sums: tokens go in waves, and each step is taken for the whole wave before the next.
 * Choosing asks for words and cells, finding pairs for their slots and then for their rows, and then all is
 * summed. */
#define WAVE_TOKENS 16U
#define WAVE_ROWS   (WAVE_TOKENS * (ROWS_MOST + 2 * GW_TAG_ROWS_AT_ONCE))
#define WAVE_PAIRS  (WAVE_TOKENS * GW_TAG_PAIRS_MOST + 1)

/* Rows that make one sum. */
struct part {
    uint32_t first, count; /* in the wave's rows */
};

struct wave {
    const struct gw_tag_row *rows[WAVE_ROWS];
    uint64_t pairs[WAVE_PAIRS];
    uint32_t places[WAVE_PAIRS]; /* of the pairs' rows, in `rows` */
    struct part runs[WAVE_TOKENS], tokens[WAVE_TOKENS];
    uint8_t run_of[WAVE_TOKENS];                   /* 0: none; 1: one that began before the wave */
    struct gw_tag_scores shared[WAVE_TOKENS + 2U]; /* by the tokens of a run */
    uint32_t row_count, pair_count, run_count, token_count;
};

/* Where the next row and the next pair go. */
struct chooser {
    const struct gw_model *model;
    struct wave *wave;
    uint32_t row, pair;
};

/* Rows lie far apart: each is asked for as soon as it is known. */
GW_TAG_INLINE void choose_row(struct chooser *chooser, const struct gw_tag_row *row) {
    __builtin_prefetch(row);
    chooser->wave->rows[chooser->row++] = row;
}

GW_TAG_INLINE void choose_word(void *to, enum gw_tag_role role, struct gw_tag_place place) {
    struct chooser *chooser = to;
    choose_row(chooser, &chooser->model->tag_words[place.seen->word].role[role]);
}

GW_TAG_INLINE void choose_cell(void *to, uint32_t row) {
    struct chooser *chooser = to;
    choose_row(chooser, &chooser->model->tag_cells[row]);
}

/* Keeps the pair when it may have a row. Which do cannot be foreseen. */
GW_TAG_INLINE void choose_pair(void *to, uint64_t pair) {
    struct chooser *chooser = to;
    chooser->wave->pairs[chooser->pair] = pair;
    chooser->wave->places[chooser->pair] = chooser->row;
    chooser->pair += gw_model_may_have_pair(chooser->model, pair);
    chooser->wave->rows[chooser->row++] = &no_row;
}

GW_TAG_INLINE void choose_nothing(void *to) {
    choose_row(to, &no_row);
}

static const struct gw_tag_asker asker = {choose_word, choose_cell, choose_pair, choose_nothing};

static struct chooser begin_part(const struct tagger *tagger, struct wave *wave) {
    return (struct chooser){tagger->model, wave, wave->row_count, wave->pair_count};
}

/* Fills the sum up to a multiple of the rows that are added at once. */
static struct part end_part(struct wave *wave, const struct chooser *chooser) {
    uint32_t first = wave->row_count, count = chooser->row - first;
    for (uint32_t k = 0; k + 1 < GW_TAG_ROWS_AT_ONCE; k++) {
        wave->rows[chooser->row + k] = &no_row;
    }
    count = (count + GW_TAG_ROWS_AT_ONCE - 1) / GW_TAG_ROWS_AT_ONCE * GW_TAG_ROWS_AT_ONCE;
    wave->row_count = first + count;
    wave->pair_count = chooser->pair;
    return (struct part){first, count};
}

static void choose_affixes(const struct tagger *tagger, uint32_t i, struct chooser *chooser) {
    struct gw_tag_context affixes = {.pair_count = 0};
    gw_tag_affixes(gw_text_cut(tagger->tags.text, i, i), &affixes);
    for (uint32_t k = 0; k < affixes.pair_count; k++) {
        choose_pair(chooser, affixes.pairs[k]);
    }
}

/* Most runs are one word: then what is asked of both goes into one sum. */
static void choose(const struct tagger *tagger, const struct gw_tag_sentence *sentence, uint32_t i,
                   struct gw_tag_run *run, struct wave *wave) {
    const struct gw_tag_text *tags = &tagger->tags;
    bool in_run = tags->tokens[i].capital;
    struct chooser chooser = begin_part(tagger, wave);
    if (in_run && (run->first == GW_NO_INDEX || i > run->last)) {
        *run = gw_tag_run_from(tags, sentence, i);
        gw_tag_ask_of_run(tags, sentence, *run, asker, &chooser);
        if (run->first < run->last) {
            wave->runs[wave->run_count++] = end_part(wave, &chooser);
            chooser = begin_part(tagger, wave);
        }
    }
    gw_tag_ask_of_token(tags, sentence, in_run ? run : NULL, i, asker, &chooser);
    if (tags->tokens[i].affixed) {
        choose_affixes(tagger, i, &chooser);
    }
    bool shares = in_run && run->first < run->last;
    wave->run_of[wave->token_count] = (uint8_t)(shares ? wave->run_count + 1 : 0);
    wave->tokens[wave->token_count++] = end_part(wave, &chooser);
}

static void find_pairs(const struct tagger *tagger, struct wave *wave) {
    const struct gw_model *model = tagger->model;
    for (uint32_t i = 0; i < wave->pair_count; i++) {
        __builtin_prefetch(gw_slot_home(model->tag_slots, model->tag_slots_count, wave->pairs[i]));
    }
    for (uint32_t i = 0; i < wave->pair_count; i++) {
        uint32_t found = gw_slot_find(model->tag_slots, model->tag_slots_count, wave->pairs[i]);
        const struct gw_tag_row *row = gw_either(
            found < GW_SLOT_PREFIX, (uintptr_t)model->tag_pairs + (uintptr_t)found * sizeof *row, &no_row);
        __builtin_prefetch(row);
        wave->rows[wave->places[i]] = row;
    }
}

/* Sets the tokens' scores, and keeps what the last run shares for the next wave. */
static void sum(const struct tagger *tagger, struct wave *wave, struct gw_tag_scores *scores) {
    const struct gw_lattice_kernel *kernel = tagger->lattice.kernel;
    for (uint32_t r = 0; r < wave->run_count; r++) {
        kernel->add(wave->rows + wave->runs[r].first, wave->runs[r].count, &wave->shared[0],
                    &wave->shared[r + 2]);
    }
    for (uint32_t k = 0; k < wave->token_count; k++) {
        kernel->add(wave->rows + wave->tokens[k].first, wave->tokens[k].count, &wave->shared[wave->run_of[k]],
                    &scores[k]);
    }
    wave->shared[1] = wave->shared[wave->run_count + 1];
}

/* Sets the scores of all `count` candidates; the sum of what a run shares is made once. */
static void score(const struct tagger *tagger, uint32_t count, struct wave *wave) {
    const struct gw_tag_sentence *sentence = tagger->tags.sentences;
    struct gw_tag_run run = {GW_NO_INDEX, 0};
    wave->shared[0] = (struct gw_tag_scores){{0}};
    for (uint32_t at = 0; at < count; at += WAVE_TOKENS) {
        uint32_t tokens = count - at < WAVE_TOKENS ? count - at : WAVE_TOKENS;
        wave->row_count = wave->pair_count = wave->run_count = wave->token_count = 0;
        for (uint32_t k = 0; k < tokens; k++) {
            uint32_t i = tagger->tags.candidates[at + k];
            while (i >= sentence->end) {
                sentence++;
            }
            choose(tagger, sentence, i, &run, wave);
        }
        find_pairs(tagger, wave);
        sum(tagger, wave, tagger->scores + at);
    }
}

/* Those of one length behind each other: then how many steps a path has can be foreseen. */
static void tag_stretches(const struct tagger *tagger, bool with_margins) {
    for (uint32_t k = 0; k < tagger->stretch_count; k++) {
        const struct stretch *stretch = &tagger->stretches[tagger->by_length[k]];
        gw_lattice_tag(&tagger->lattice, tagger->scores + stretch->at, stretch->end - stretch->first,
                       tagger->room, tagger->chosen + stretch->at,
                       with_margins ? tagger->margins + stretch->at : NULL);
    }
}

static void vote(const struct tagger *tagger, uint32_t count) {
    for (uint32_t at = 0; at < count; at++) {
        gw_tag_vote(&tagger->tags, tagger->tags.candidates[at], gw_tag_type(tagger->chosen[at]));
    }
}

static void hear_votes(const struct tagger *tagger, uint32_t count) {
    for (uint32_t at = 0; at < count; at++) {
        uint32_t i = tagger->tags.candidates[at];
        if (gw_tag_has_votes(&tagger->tags, i)) {
            struct gw_tag_scores *scores = &tagger->scores[at];
            struct gw_tag_vote_cells cells =
                gw_tag_ask_of_votes(&tagger->tags, i, gw_tag_type(tagger->chosen[at]));
            const struct gw_tag_row *const rows[GW_TAG_ROWS_AT_ONCE] = {
                &tagger->model->tag_cells[cells.votes], &tagger->model->tag_cells[cells.own], &no_row,
                &no_row};
            tagger->lattice.kernel->add(rows, GW_TAG_ROWS_AT_ONCE, scores, scores);
        }
    }
}

/* Of the last step whose margin is reached; steps rise. */
static gw_e4 confidence_of(const struct gw_model *model, int32_t margin) {
    const struct gw_tag_confidence *steps = model->tag_confidences;
    uint32_t first = 0, count = model->tag_confidences_count;
    while (count > 1) {
        uint32_t half = count / 2;
        first = margin >= steps[first + half].margin ? first + half : first;
        count -= half;
    }
    return margin >= steps[first].margin ? steps[first].confidence : 0;
}

static bool has(const struct tagger *tagger, uint32_t i, uint64_t flags) {
    return (gw_model_word(tagger->model, tagger->tags.text->tokens[i].word)->flags & flags) != 0;
}

/* The longest name of the gazetteer that begins where the span does. Those that were found with the tags are
 * gone through with the spans: `*at` of them begin before this one. */
static struct gw_gazetteer_match match_at(const struct tagger *tagger, const struct gw_name_span *span,
                                          uint32_t *at) {
    const struct gw_tag_text *tags = &tagger->tags;
    while (*at < tags->known_count && tags->known[*at].first < span->first) {
        ++*at;
    }
    if (*at < tags->known_count && tags->known[*at].first == span->first) {
        return (struct gw_gazetteer_match){tags->known[*at].last, tags->known[*at].name};
    }
    if (*at > 0 && tags->known[*at - 1].last >= span->first) {
        return gw_gazetteer_match(tagger->model, tags->text, span->first,
                                  tags->sentences[span->sentence].end);
    }
    return (struct gw_gazetteer_match){span->first, NULL};
}

/* The gazetteer's name, where it is all of the span and of the same type, or of one that has no tag. */
static const struct gw_name *known_name(const struct tagger *tagger, const struct gw_name_span *span,
                                        uint32_t *at) {
    struct gw_gazetteer_match match = match_at(tagger, span, at);
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

/* The name whose first tag is that of candidate `at`. */
static struct gw_name_span read_name(const struct tagger *tagger, const struct stretch *stretch,
                                     uint32_t at) {
    uint32_t first = stretch->first + at - stretch->at, last = first, inside = tagger->chosen[at] + 1U;
    int32_t margin = tagger->margins[at];
    unsigned tag = tagger->chosen[at];
    while (last + 1 < stretch->end && tagger->chosen[++at] == inside) {
        last++;
        margin = tagger->margins[at] < margin ? tagger->margins[at] : margin;
    }
    struct gw_name_span span = {.first = first,
                                .last = last,
                                .sentence = stretch->sentence,
                                .role_first = GW_NO_INDEX,
                                .role_last = GW_NO_INDEX,
                                .type = (uint8_t)type_of(tagger, tag, first, last),
                                .confidence = confidence_of(tagger->model, margin)};
    return span;
}

/* A name begins at each odd tag. */
static enum gw_status read_names(const struct tagger *tagger, uint32_t count, struct gw_name_spans *spans) {
    uint32_t *begun = gw_arena_take(tagger->arena, (count + 1) * sizeof *begun), names = 0, kept = 0,
             known = 0;
    for (uint32_t at = 0; begun && at < count; at++) {
        begun[names] = at;
        names += tagger->chosen[at] % 2;
    }
    struct gw_name_span *items = gw_arena_take(tagger->arena, names * sizeof *items);
    if (!begun || !items) {
        return GW_NO_MEMORY;
    }
    const struct stretch *stretch = tagger->stretches;
    for (uint32_t k = 0; k < names; k++) {
        while (begun[k] - stretch->at >= stretch->end - stretch->first) {
            stretch++;
        }
        struct gw_name_span span = read_name(tagger, stretch, begun[k]);
        if (!is_weekday(tagger, &span)) {
            span.known = known_name(tagger, &span, &known);
            items[kept++] = span;
        }
    }
    *spans = (struct gw_name_spans){items, kept};
    return GW_OK;
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

static uint32_t length_of(const struct stretch *stretch) {
    uint32_t length = stretch->end - stretch->first;
    return length < LENGTHS ? length : LENGTHS;
}

/* Counting sort. */
static void sort_by_length(struct tagger *tagger) {
    uint32_t places[LENGTHS + 2] = {0};
    for (uint32_t s = 0; s < tagger->stretch_count; s++) {
        places[length_of(&tagger->stretches[s]) + 1]++;
    }
    for (uint32_t k = 1; k < LENGTHS + 2; k++) {
        places[k] += places[k - 1];
    }
    for (uint32_t s = 0; s < tagger->stretch_count; s++) {
        tagger->by_length[places[length_of(&tagger->stretches[s])]++] = s;
    }
}

static enum gw_status make_room(struct tagger *tagger, uint32_t count) {
    tagger->stretches = gw_arena_take(tagger->arena, count * sizeof *tagger->stretches);
    tagger->by_length = gw_arena_take(tagger->arena, count * sizeof *tagger->by_length);
    tagger->scores = gw_arena_take(tagger->arena, count * sizeof *tagger->scores);
    tagger->chosen = gw_arena_take(tagger->arena, count);
    tagger->margins = gw_arena_take(tagger->arena, count * sizeof *tagger->margins);
    size_t longest = count < STRETCH_MOST ? count : STRETCH_MOST;
    tagger->room = gw_arena_take(tagger->arena, longest * 2 * sizeof *tagger->room);
    bool all = tagger->stretches && tagger->by_length && tagger->scores && tagger->chosen &&
               tagger->margins && tagger->room;
    return all ? GW_OK : GW_NO_MEMORY;
}

enum gw_status gw_tagger_find(const struct gw_text *text, const struct gw_model *model, struct gw_work *work,
                              struct gw_arena *arena, struct gw_name_spans *spans) {
    struct tagger tagger = {.model = model, .arena = arena};
    struct wave wave;
    const struct gw_lattice_kernel *fast = gw_lattice_fast();
    *spans = (struct gw_name_spans){NULL, 0};
    if (model->tag_cells_count == 0 || text->token_count == 0) {
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
    sort_by_length(&tagger);
    gw_lattice_init(&tagger.lattice, fast ? fast : &gw_lattice_portable, model->tag_transitions);
    score(&tagger, count, &wave);
    tag_stretches(&tagger, false);
    vote(&tagger, count);
    hear_votes(&tagger, count);
    tag_stretches(&tagger, true);
    return read_names(&tagger, count, spans);
}
