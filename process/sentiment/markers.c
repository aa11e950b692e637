/* Opinion words of the lexicon, and around them VADER's rules (Hutto & Gilbert 2014): negators and degree
 * words act up to three words ahead, "but" weakens what stands before it in its sentence. */
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

/* From the lexicon's 10^-3 to 10^-4. */
#define VALENCE_SCALE 10

#define TOKEN_WORK 1U

struct finder {
    const struct gw_text *text;
    const struct gw_model *model;
    struct gw_arena *arena;
    struct gw_markers_found *found;
    uint32_t capacity;
    uint32_t sentence;
    uint32_t sentence_marker; /* first marker of the sentence */
};

static const uint64_t any_kind = GW_WORD(NEGATOR) | GW_WORD(INTENSIFIER) | GW_WORD(DIMINISHER) |
                                 GW_WORD(HEDGE) | GW_WORD(CONTRAST) | GW_WORD(ACCUSATION) | GW_WORD(DENIAL) |
                                 GW_WORD(PRAISE) | GW_WORD(CONFLICT);

/* The kind of a word with a valence: the first row that fits. */
static const struct {
    uint64_t flag;
    enum gw_marker_kind kind;
} opinion_kinds[] = {
    {GW_WORD(ACCUSATION), GW_MARKER_ACCUSATION},
    {GW_WORD(DENIAL), GW_MARKER_DENIAL},
    {GW_WORD(PRAISE), GW_MARKER_PRAISE},
    {GW_WORD(CONFLICT), GW_MARKER_CONFLICT},
};

/* The kind of a word without. */
static const struct {
    uint64_t flag;
    enum gw_marker_kind kind;
} function_kinds[] = {
    {GW_WORD(NEGATOR), GW_MARKER_NEGATOR},       {GW_WORD(CONTRAST), GW_MARKER_CONTRAST},
    {GW_WORD(HEDGE), GW_MARKER_HEDGE},           {GW_WORD(INTENSIFIER), GW_MARKER_INTENSIFIER},
    {GW_WORD(DIMINISHER), GW_MARKER_DIMINISHER}, {GW_WORD(ACCUSATION), GW_MARKER_ACCUSATION},
    {GW_WORD(DENIAL), GW_MARKER_DENIAL},         {GW_WORD(PRAISE), GW_MARKER_PRAISE},
    {GW_WORD(CONFLICT), GW_MARKER_CONFLICT},
};

static enum gw_marker_kind kind_of(const struct gw_word *word) {
    if (word->valence == 0) {
        for (size_t i = 0; i < sizeof function_kinds / sizeof *function_kinds; i++) {
            if (word->flags & function_kinds[i].flag) {
                return function_kinds[i].kind;
            }
        }
    }
    for (size_t i = 0; i < sizeof opinion_kinds / sizeof *opinion_kinds; i++) {
        if (word->flags & opinion_kinds[i].flag) {
            return opinion_kinds[i].kind;
        }
    }
    return word->valence < 0 ? GW_MARKER_NEGATIVE : GW_MARKER_POSITIVE;
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
        (struct gw_marker){.kind = kind_of(word),
                           .span = gw_text_span(finder->text, token, token),
                           .weight = word->valence * VALENCE_SCALE,
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

static void modify(struct finder *finder, uint32_t modifier, uint32_t marker, uint32_t distance) {
    struct gw_marker *from = &finder->found->items[modifier], *to = &finder->found->items[marker];
    gw_e4 step = gw_model_setting(finder->model, GW_SETTING_INTENSITY) * (to->weight < 0 ? -1 : 1);
    switch (from->kind) {
    case GW_MARKER_NEGATOR:
        to->weight = (gw_e4)gw_e4_times(to->weight, gw_model_setting(finder->model, GW_SETTING_NEGATION));
        to->negated = !to->negated;
        break;
    case GW_MARKER_INTENSIFIER:
        to->weight += (gw_e4)gw_e4_times(step, reach_left[distance - 1]);
        break;
    case GW_MARKER_DIMINISHER:
        to->weight -= (gw_e4)gw_e4_times(step, reach_left[distance - 1]);
        break;
    case GW_MARKER_HEDGE:
        to->weight = (gw_e4)gw_e4_times(to->weight, gw_model_setting(finder->model, GW_SETTING_HEDGING));
        break;
    default:
        return;
    }
    from->modifies = from->modifies == GW_NO_INDEX ? marker : from->modifies;
}

/* Lets the few markers before `marker` act on it: degrees first, then negation and hedges. */
static void apply_modifiers(struct finder *finder, uint32_t marker) {
    struct gw_markers_found *found = finder->found;
    if (found->items[marker].weight == 0) {
        return;
    }
    for (int negators = 0; negators < 2; negators++) {
        for (uint32_t m = marker; m > finder->sentence_marker; m--) {
            uint32_t distance = found->places[marker].token - found->places[m - 1].token;
            enum gw_marker_kind kind = found->items[m - 1].kind;
            uint32_t reach = kind == GW_MARKER_HEDGE ? HEDGE_REACH : REACH;
            if (distance > HEDGE_REACH) {
                break;
            }
            bool second = kind == GW_MARKER_NEGATOR || kind == GW_MARKER_HEDGE;
            if (distance <= reach && second == (negators == 1) && found->items[m - 1].weight == 0 &&
                !is_parted(finder->text, found->places[m - 1].token, found->places[marker].token)) {
                modify(finder, m - 1, marker, distance);
            }
        }
    }
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

static enum gw_status mark_sentence(struct finder *finder, const struct gw_name_spans *spans,
                                    uint32_t *span) {
    const struct gw_sentence_range *range = &finder->text->sentences[finder->sentence];
    finder->sentence_marker = finder->found->count;
    for (uint32_t i = range->first; i < range->end; i++) {
        while (*span < spans->count && spans->items[*span].last < i) {
            ++*span;
        }
        if (*span < spans->count && spans->items[*span].first <= i) {
            continue;
        }
        const struct gw_word *word = gw_model_word(finder->model, finder->text->tokens[i].word);
        if (word->valence == 0 && !(word->flags & any_kind)) {
            continue;
        }
        if (add_marker(finder, i, word) != GW_OK) {
            return GW_NO_MEMORY;
        }
        apply_modifiers(finder, finder->found->count - 1);
    }
    apply_contrast(finder);
    return GW_OK;
}

enum gw_status gw_markers_find(const struct gw_text *text, const struct gw_name_spans *spans,
                               const struct gw_model *model, struct gw_work *work, struct gw_arena *arena,
                               struct gw_markers_found *markers) {
    struct finder finder = {.text = text, .model = model, .arena = arena, .found = markers};
    uint32_t span = 0;
    *markers = (struct gw_markers_found){NULL, NULL, 0};
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
