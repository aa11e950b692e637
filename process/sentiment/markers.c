/* Words and pairs of words with learned weights, and around them rules after VADER's (Hutto & Gilbert 2014):
 * negators and degree words act up to three words ahead, "but" weighs what stands around it. */
#include "process/sentiment/markers.h"

#include "process/sentiment/squash.h"
#include "process/text/chars.h"

#define MARKERS_LEAST 32U

/* Words ahead that a negator, degree word or hedge reaches, and what is left of a degree word at that
 * distance. */
#define REACH 3U
static const gw_e4 reach_left[REACH] = {10000, 9500, 9000};

/* Hedges reach further than degree words: "may have been killed". */
#define HEDGE_REACH 5U

#define TOKEN_WORK 1U

struct finder {
    const struct gw_text *text;
    const struct gw_model *model;
    struct gw_arena *arena;
    struct gw_markers_found *found;
    uint32_t capacity;
    uint32_t sentence;
    uint32_t sentence_marker; /* first marker of the sentence */
    uint32_t before;          /* the word in front, when it may begin a pair, or GW_NO_INDEX */
};

/* The kind of a word that has one, whatever its weight: the first row that fits. The first five act on other
 * words. */
static const struct {
    uint64_t flag;
    enum gw_marker_kind kind;
} kinds[] = {
    {GW_WORD(NEGATOR), GW_MARKER_NEGATOR},       {GW_WORD(CONTRAST), GW_MARKER_CONTRAST},
    {GW_WORD(HEDGE), GW_MARKER_HEDGE},           {GW_WORD(INTENSIFIER), GW_MARKER_INTENSIFIER},
    {GW_WORD(DIMINISHER), GW_MARKER_DIMINISHER}, {GW_WORD(ACCUSATION), GW_MARKER_ACCUSATION},
    {GW_WORD(DENIAL), GW_MARKER_DENIAL},         {GW_WORD(PRAISE), GW_MARKER_PRAISE},
    {GW_WORD(CONFLICT), GW_MARKER_CONFLICT},
};

static const uint64_t any_kind = GW_WORD(NEGATOR) | GW_WORD(CONTRAST) | GW_WORD(HEDGE) |
                                 GW_WORD(INTENSIFIER) | GW_WORD(DIMINISHER) | GW_WORD(ACCUSATION) |
                                 GW_WORD(DENIAL) | GW_WORD(PRAISE) | GW_WORD(CONFLICT);

static enum gw_marker_kind kind_of(const struct finder *finder, const struct gw_word *word) {
    for (size_t i = 0; (word->flags & any_kind) && i < sizeof kinds / sizeof *kinds; i++) {
        if (word->flags & kinds[i].flag) {
            return kinds[i].kind;
        }
    }
    gw_e4 least = gw_model_setting(finder->model, GW_SETTING_OPINION_LEAST);
    return word->valence <= -least  ? GW_MARKER_NEGATIVE
           : word->valence >= least ? GW_MARKER_POSITIVE
                                    : GW_MARKER_CONTEXT;
}

/* Such words act on others, and nothing acts on them but a contrast. */
static bool is_modifier(enum gw_marker_kind kind) {
    return kind == GW_MARKER_NEGATOR || kind == GW_MARKER_CONTRAST || kind == GW_MARKER_HEDGE ||
           kind == GW_MARKER_INTENSIFIER || kind == GW_MARKER_DIMINISHER;
}

static enum gw_status make_room(struct finder *finder) {
    if (finder->found->count < finder->capacity) {
        return GW_OK;
    }
    size_t wanted = (size_t)finder->capacity * 2 + MARKERS_LEAST;
    struct gw_marker *items =
        gw_arena_grow(finder->arena, finder->found->items, finder->capacity, wanted, sizeof *items);
    struct gw_marker_place *places =
        gw_arena_grow(finder->arena, finder->found->places, finder->capacity, wanted, sizeof *places);
    if (!items || !places) {
        return GW_NO_MEMORY;
    }
    finder->found->items = items;
    finder->found->places = places;
    finder->capacity = (uint32_t)wanted;
    return GW_OK;
}

static enum gw_status add_marker(struct finder *finder, uint32_t token, const struct gw_word *word) {
    if (make_room(finder) != GW_OK) {
        return GW_NO_MEMORY;
    }
    finder->found->places[finder->found->count] = (struct gw_marker_place){token, finder->sentence};
    finder->found->items[finder->found->count++] =
        (struct gw_marker){.kind = kind_of(finder, word),
                           .span = gw_text_span(finder->text, token, token),
                           .weight = word->valence,
                           .modifies = GW_NO_INDEX,
                           .target = GW_NO_INDEX,
                           .quote = GW_NO_INDEX};
    return GW_OK;
}

/* A comma or a stop between two tokens ends a modifier's reach. */
static bool is_parted(const struct gw_text *text, uint32_t from, uint32_t to) {
    for (uint32_t i = from + 1; i < to; i++) {
        uint8_t mark = text->tokens[i].mark;
        if (mark != GW_MARK_NONE && mark != GW_MARK_HYPHEN && mark != GW_MARK_QUOTE &&
            mark != GW_MARK_QUOTE_OPEN && mark != GW_MARK_APOSTROPHE) {
            return true;
        }
    }
    return false;
}

static gw_e4 factor_of(const struct finder *finder, enum gw_marker_kind kind, uint32_t distance) {
    gw_e4 step = gw_model_setting(finder->model, GW_SETTING_INTENSITY);
    switch (kind) {
    case GW_MARKER_NEGATOR:
        return gw_model_setting(finder->model, GW_SETTING_NEGATION);
    case GW_MARKER_INTENSIFIER:
        return GW_E4_ONE + (gw_e4)gw_e4_times(step, reach_left[distance - 1]);
    case GW_MARKER_DIMINISHER:
        return GW_E4_ONE - (gw_e4)gw_e4_times(step, reach_left[distance - 1]);
    case GW_MARKER_HEDGE:
        return gw_model_setting(finder->model, GW_SETTING_HEDGING);
    default:
        return GW_E4_ONE;
    }
}

static void modify(struct finder *finder, uint32_t modifier, uint32_t marker, uint32_t distance) {
    struct gw_marker *from = &finder->found->items[modifier], *to = &finder->found->items[marker];
    to->weight = (gw_e4)gw_e4_times(to->weight, factor_of(finder, from->kind, distance));
    to->negated = to->negated != (from->kind == GW_MARKER_NEGATOR);
    if (from->modifies == GW_NO_INDEX || finder->found->items[from->modifies].kind == GW_MARKER_CONTEXT) {
        from->modifies = marker;
    }
}

/* Lets the modifiers among the few markers before `marker` act on it. */
static void apply_modifiers(struct finder *finder, uint32_t marker) {
    struct gw_markers_found *found = finder->found;
    if (found->items[marker].weight == 0 || is_modifier(found->items[marker].kind)) {
        return;
    }
    for (uint32_t m = marker; m > finder->sentence_marker; m--) {
        uint32_t distance = found->places[marker].token - found->places[m - 1].token;
        enum gw_marker_kind kind = found->items[m - 1].kind;
        if (distance > HEDGE_REACH) {
            break;
        }
        if (is_modifier(kind) && kind != GW_MARKER_CONTRAST &&
            distance <= (kind == GW_MARKER_HEDGE ? HEDGE_REACH : REACH) &&
            !is_parted(finder->text, found->places[m - 1].token, found->places[marker].token)) {
            modify(finder, m - 1, marker, distance);
        }
    }
}

/* The learned weight of a pair of words that follow each other, 0 for most. */
static gw_e4 pair_weight(const struct finder *finder, uint32_t token) {
    const struct gw_model *model = finder->model;
    const struct gw_token *tokens = finder->text->tokens;
    if (finder->before == GW_NO_INDEX || tokens[token].kind != GW_TOKEN_WORD) {
        return 0;
    }
    uint32_t at = gw_slot_find(model->pair_slots, model->pair_slots_count,
                               gw_pair_hash(tokens[finder->before].hash, tokens[token].hash));
    return at == GW_SLOT_EMPTY ? 0 : model->pairs[at].weight;
}

/* Adds `weight` to the marker of the pair's second word, the last one; one that is for the pair alone spans
 * both words. */
static void add_pair(struct finder *finder, uint32_t token, gw_e4 weight) {
    uint32_t last = finder->found->count - 1;
    struct gw_marker *marker = &finder->found->items[last];
    bool alone = marker->kind == GW_MARKER_CONTEXT && marker->weight == 0;
    if (alone && (last == 0 || finder->found->places[last - 1].token + 1 < token)) {
        marker->span = gw_text_span(finder->text, token - 1, token);
    }
    marker->weight += weight;
}

/* Weighs what stands before and behind the sentence's first contrast word; one that opens the sentence sets
 * it against another sentence and changes nothing. */
static void apply_contrast(struct finder *finder) {
    struct gw_markers_found *found = finder->found;
    uint32_t first = finder->text->sentences[finder->sentence].first;
    uint32_t contrast = finder->sentence_marker;
    while (contrast < found->count &&
           (found->items[contrast].kind != GW_MARKER_CONTRAST || found->places[contrast].token == first)) {
        contrast++;
    }
    if (contrast == found->count) {
        return;
    }
    gw_e4 before = gw_model_setting(finder->model, GW_SETTING_BEFORE_CONTRAST);
    gw_e4 after = gw_model_setting(finder->model, GW_SETTING_AFTER_CONTRAST);
    for (uint32_t m = finder->sentence_marker; m < found->count; m++) {
        found->items[m].weight = (gw_e4)gw_e4_times(found->items[m].weight, m < contrast ? before : after);
    }
}

static enum gw_status mark_word(struct finder *finder, uint32_t token) {
    const struct gw_word *word = gw_model_word(finder->model, finder->text->tokens[token].word);
    gw_e4 pair = pair_weight(finder, token);
    finder->before = word->flags & GW_WORD(PAIR) ? token : GW_NO_INDEX;
    if (word->valence == 0 && pair == 0 && !(word->flags & any_kind)) {
        return GW_OK;
    }
    enum gw_status status = add_marker(finder, token, word);
    if (status == GW_OK) {
        apply_modifiers(finder, finder->found->count - 1);
    }
    if (status == GW_OK && pair != 0) {
        add_pair(finder, token, pair);
    }
    return status;
}

static enum gw_status mark_sentence(struct finder *finder, const struct gw_name_spans *spans,
                                    uint32_t *span) {
    const struct gw_sentence_range *range = &finder->text->sentences[finder->sentence];
    uint32_t *words = &finder->found->words[finder->sentence];
    finder->sentence_marker = finder->found->count;
    finder->before = GW_NO_INDEX;
    for (uint32_t i = range->first; i < range->end; i++) {
        while (*span < spans->count && spans->items[*span].last < i) {
            ++*span;
        }
        if (*span < spans->count && spans->items[*span].first <= i) {
            finder->before = GW_NO_INDEX;
            continue;
        }
        *words += finder->text->tokens[i].kind == GW_TOKEN_WORD;
        if (mark_word(finder, i) != GW_OK) {
            return GW_NO_MEMORY;
        }
    }
    apply_contrast(finder);
    return GW_OK;
}

enum gw_status gw_markers_find(const struct gw_text *text, const struct gw_name_spans *spans,
                               const struct gw_model *model, struct gw_work *work, struct gw_arena *arena,
                               struct gw_markers_found *markers) {
    struct finder finder = {.text = text, .model = model, .arena = arena, .found = markers};
    uint32_t span = 0;
    *markers = (struct gw_markers_found){
        .words = gw_arena_take_zeroed(arena, text->sentence_count, sizeof *markers->words)};
    if (!markers->words) {
        return GW_NO_MEMORY;
    }
    for (uint32_t s = 0; s < text->sentence_count; s++) {
        finder.sentence = s;
        const struct gw_sentence_range *range = &text->sentences[s];
        if (!gw_work_take(work, (uint64_t)TOKEN_WORK * (range->end - range->first))) {
            break;
        }
        enum gw_status status = mark_sentence(&finder, spans, &span);
        if (status != GW_OK) {
            return status;
        }
    }
    return GW_OK;
}
