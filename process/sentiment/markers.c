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
    enum gw_markers which;
    uint32_t capacity;
    uint32_t sentence_first;  /* first token of the sentence */
    uint32_t sentence_marker; /* its first marker */
    uint32_t contrast;        /* its first contrast word that does not open it, or GW_NO_INDEX */
    /* Words that weigh more than this, either way, are markers; others where a modifier before them reaches,
     * which it does up to this token, or for what they are. */
    uint32_t watched_weight;
    uint32_t reached_end;
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

static enum gw_marker_kind kind_of(const struct gw_model *model, const struct gw_word *word) {
    for (size_t i = 0; (word->flags & any_kind) && i < sizeof kinds / sizeof *kinds; i++) {
        if (word->flags & kinds[i].flag) {
            return kinds[i].kind;
        }
    }
    gw_e4 least = gw_model_setting(model, GW_SETTING_OPINION_LEAST);
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
    uint32_t *tokens =
        gw_arena_grow(finder->arena, finder->found->tokens, finder->capacity, wanted, sizeof *tokens);
    if (!items || !tokens) {
        return GW_NO_MEMORY;
    }
    finder->found->items = items;
    finder->found->tokens = tokens;
    finder->capacity = (uint32_t)wanted;
    return GW_OK;
}

/* Its weight comes when the sentence is at its end. */
static enum gw_status add_marker(struct finder *finder, uint32_t token, enum gw_marker_kind kind) {
    if (make_room(finder) != GW_OK) {
        return GW_NO_MEMORY;
    }
    finder->found->tokens[finder->found->count] = token;
    finder->found->items[finder->found->count++] =
        (struct gw_marker){.kind = kind,
                           .span = gw_text_span(finder->text, token, token),
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

/* `marker`: of the token, or GW_NO_INDEX. */
static void modify(struct finder *finder, struct gw_marker *modifier, uint32_t token, uint32_t distance,
                   uint32_t marker) {
    struct gw_marker *items = finder->found->items;
    gw_e4 *weight = &finder->found->weights[token];
    *weight = (gw_e4)gw_e4_times(*weight, factor_of(finder, modifier->kind, distance));
    if (marker == GW_NO_INDEX) {
        return;
    }
    items[marker].negated = items[marker].negated != (modifier->kind == GW_MARKER_NEGATOR);
    if (modifier->modifies == GW_NO_INDEX || items[modifier->modifies].kind == GW_MARKER_CONTEXT) {
        modifier->modifies = marker;
    }
}

/* Lets the modifiers among the few markers before the token act on its weight, the nearest first. */
static void apply_modifiers(struct finder *finder, uint32_t token, uint32_t marker) {
    struct gw_markers_found *found = finder->found;
    uint32_t end = marker == GW_NO_INDEX ? found->count : marker;
    for (uint32_t m = end; m > finder->sentence_marker; m--) {
        struct gw_marker *modifier = &found->items[m - 1];
        uint32_t from = found->tokens[m - 1], distance = token - from;
        if (distance > HEDGE_REACH) {
            break;
        }
        if (is_modifier(modifier->kind) && modifier->kind != GW_MARKER_CONTRAST &&
            distance <= (modifier->kind == GW_MARKER_HEDGE ? HEDGE_REACH : REACH) &&
            !is_parted(finder->text, from, token)) {
            modify(finder, modifier, token, distance, marker);
        }
    }
}

static bool ends_pair(uint64_t flags_before, uint64_t flags) {
    return flags_before >> GW_WORD_BIT_PAIR & flags >> GW_WORD_BIT_PAIR_END & 1;
}

/* The learned weight of the pair that a word may end, 0 for most. */
static gw_e4 pair_weight(const struct gw_model *model, const struct gw_token *second) {
    uint32_t at =
        gw_slot_find(model->pair_slots, model->pair_slots_count, gw_pair_hash(second[-1].hash, second->hash));
    return at == GW_SLOT_EMPTY ? 0 : model->pairs[at].weight;
}

/* A marker that is one for the pair alone spans both words, unless the first has its own. */
static void span_pair(struct finder *finder, uint32_t token, uint32_t marker) {
    if (marker == 0 || finder->found->tokens[marker - 1] + 1 < token) {
        finder->found->items[marker].span = gw_text_span(finder->text, token - 1, token);
    }
}

static void reach_from(struct finder *finder, uint32_t token, enum gw_marker_kind kind) {
    uint32_t end = token + 1 + (kind == GW_MARKER_HEDGE ? HEDGE_REACH : REACH);
    finder->reached_end = end > finder->reached_end ? end : finder->reached_end;
}

/* A word that is more than its weight; `pair` is that of the pair that it ends. */
static enum gw_status mark_word(struct finder *finder, uint32_t token, const struct gw_word *word,
                                gw_e4 pair) {
    struct gw_markers_found *found = finder->found;
    enum gw_marker_kind kind = kind_of(finder->model, word);
    uint32_t marker = GW_NO_INDEX;
    if (kind != GW_MARKER_CONTEXT || finder->which == GW_MARKERS_FULL) {
        marker = found->count;
        if (add_marker(finder, token, kind) != GW_OK) {
            return GW_NO_MEMORY;
        }
    }
    if (is_modifier(kind)) {
        reach_from(finder, token, kind);
    } else if (word->valence != 0) {
        apply_modifiers(finder, token, marker);
    }
    if (pair != 0 && kind == GW_MARKER_CONTEXT && marker != GW_NO_INDEX && found->weights[token] == 0) {
        span_pair(finder, token, marker);
    }
    found->weights[token] += pair;
    if (kind == GW_MARKER_CONTRAST && finder->contrast == GW_NO_INDEX && token != finder->sentence_first) {
        finder->contrast = token;
    }
    return GW_OK;
}

/* Gives tokens their words' weights, up to the first that may be more, which it returns, or `end`. Nothing
 * else happens in here: this is the loop that all words go through. `before` are the flags of the word
 * before, then of the one before the token that is returned. */
static uint32_t weigh(const struct finder *finder, uint32_t token, uint32_t end, uint64_t *before) {
    const struct gw_token *tokens = finder->text->tokens;
    const struct gw_word *words = finder->model->words;
    gw_e4 *weights = finder->found->weights;
    const uint32_t count = finder->model->words_count, reached_end = finder->reached_end;
    const uint32_t most = finder->watched_weight;
    uint64_t last = *before;
    for (; token < end; token++) {
        if (tokens[token].word >= count) {
            last = 0;
            continue;
        }
        const struct gw_word *word = &words[tokens[token].word];
        weights[token] = word->valence;
        bool large = (uint32_t)word->valence + most > 2 * most;
        bool reached = token < reached_end && word->valence != 0;
        if ((word->flags & any_kind) || large || reached || ends_pair(last, word->flags)) {
            break;
        }
        last = word->flags;
    }
    *before = last;
    return token;
}

/* Tokens that are in no name. */
static enum gw_status mark_stretch(struct finder *finder, struct gw_sentence_range range) {
    const struct gw_token *tokens = finder->text->tokens;
    const struct gw_model *model = finder->model;
    uint64_t before = 0;
    for (uint32_t i = range.first; (i = weigh(finder, i, range.end, &before)) < range.end; i++) {
        const struct gw_word *word = gw_model_word(model, tokens[i].word);
        gw_e4 pair = ends_pair(before, word->flags) ? pair_weight(model, &tokens[i]) : 0;
        bool marks = word->valence != 0 || pair != 0 || (word->flags & any_kind);
        if (marks && mark_word(finder, i, word, pair) != GW_OK) {
            return GW_NO_MEMORY;
        }
        before = word->flags;
    }
    return GW_OK;
}

static uint32_t count_words(const struct gw_token *tokens, struct gw_sentence_range range) {
    uint32_t words = 0;
    for (uint32_t i = range.first; i < range.end; i++) {
        words += tokens[i].kind == GW_TOKEN_WORD;
    }
    return words;
}

/* Weighs what stands before and behind the contrast word; one that opens the sentence sets it against another
 * sentence and changes nothing. */
static void apply_contrast(struct finder *finder, const struct gw_sentence_range *range) {
    struct gw_markers_found *found = finder->found;
    gw_e4 before = gw_model_setting(finder->model, GW_SETTING_BEFORE_CONTRAST);
    gw_e4 after = gw_model_setting(finder->model, GW_SETTING_AFTER_CONTRAST);
    for (uint32_t i = range->first; i < range->end; i++) {
        gw_e4 factor = i < finder->contrast ? before : after;
        found->weights[i] = (gw_e4)gw_e4_times(found->weights[i], factor);
    }
}

static void set_weights(struct finder *finder) {
    struct gw_markers_found *found = finder->found;
    for (uint32_t m = finder->sentence_marker; m < found->count; m++) {
        found->items[m].weight = found->weights[found->tokens[m]];
    }
}

static enum gw_status mark_sentence(struct finder *finder, const struct gw_sentence_range *range,
                                    const struct gw_name_spans *spans, uint32_t *span, uint32_t *words) {
    finder->sentence_first = range->first;
    finder->sentence_marker = finder->found->count;
    finder->contrast = GW_NO_INDEX;
    finder->reached_end = 0;
    for (uint32_t i = range->first; i < range->end;) {
        while (*span < spans->count && spans->items[*span].last < i) {
            ++*span;
        }
        uint32_t name = *span < spans->count ? spans->items[*span].first : range->end;
        struct gw_sentence_range stretch = {i, name < range->end ? name : range->end};
        *words += count_words(finder->text->tokens, stretch);
        if (mark_stretch(finder, stretch) != GW_OK) {
            return GW_NO_MEMORY;
        }
        i = name < range->end ? spans->items[*span].last + 1 : range->end;
    }
    if (finder->contrast != GW_NO_INDEX) {
        apply_contrast(finder, range);
    }
    set_weights(finder);
    return GW_OK;
}

/* Words that weigh less than an opinion are markers only where all are wanted. */
static void choose_words(struct finder *finder) {
    gw_e4 least = gw_model_setting(finder->model, GW_SETTING_OPINION_LEAST);
    bool full = finder->which == GW_MARKERS_FULL;
    finder->watched_weight = full || least < 1 ? 0 : (uint32_t)least - 1;
}

enum gw_status gw_markers_find(const struct gw_text *text, const struct gw_name_spans *spans,
                               const struct gw_model *model, enum gw_markers which, struct gw_work *work,
                               struct gw_arena *arena, struct gw_markers_found *markers) {
    struct finder finder = {.text = text, .model = model, .arena = arena, .found = markers, .which = which};
    uint32_t span = 0;
    *markers = (struct gw_markers_found){
        .weights = gw_arena_take_zeroed(arena, text->token_count, sizeof *markers->weights),
        .words = gw_arena_take_zeroed(arena, text->sentence_count, sizeof *markers->words)};
    if (!markers->weights || !markers->words) {
        return GW_NO_MEMORY;
    }
    choose_words(&finder);
    for (uint32_t s = 0; s < text->sentence_count; s++) {
        const struct gw_sentence_range *range = &text->sentences[s];
        if (!gw_work_take(work, (uint64_t)TOKEN_WORK * (range->end - range->first))) {
            break;
        }
        if (mark_sentence(&finder, range, spans, &span, &markers->words[s]) != GW_OK) {
            return GW_NO_MEMORY;
        }
    }
    return GW_OK;
}
