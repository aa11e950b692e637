/* A border is looked for before each token, from what stands on its two sides. */
#include "process/text/sentences.h"

#include "process/text/chars.h"

/* Text whose lines were broken at a width: so many lines, mostly this long, mostly without a stop at the end.
 */
#define WRAPPED_LINES_LEAST 4U
#define WRAPPED_WIDTH_LEAST 40U
#define WRAPPED_WIDTH_MOST  110U

/* Closing quotes and brackets between a full stop and the next sentence. */
#define CLOSERS_MOST 4U

struct finder {
    const struct gw_text *text;
    const struct gw_model *model;
    uint32_t first, end; /* of the field */
    uint32_t *places;    /* tokens before which a border is possible */
    uint32_t place_count;
    bool wrapped;
};

static uint64_t flags_of(const struct finder *finder, uint32_t token) {
    return gw_model_word(finder->model, finder->text->tokens[token].word)->flags;
}

/* What marks are to sentences, in bits. */
enum role { STOP = 1, CLOSER = 2, OPENER = 4 };

static const uint8_t mark_roles[GW_MARK_COUNT] = {
    [GW_MARK_PERIOD] = STOP,        [GW_MARK_EXCLAMATION] = STOP,      [GW_MARK_QUESTION] = STOP,
    [GW_MARK_ELLIPSIS] = STOP,      [GW_MARK_QUOTE] = CLOSER | OPENER, [GW_MARK_APOSTROPHE] = CLOSER | OPENER,
    [GW_MARK_QUOTE_CLOSE] = CLOSER, [GW_MARK_CLOSE] = CLOSER,          [GW_MARK_QUOTE_OPEN] = OPENER,
    [GW_MARK_OPEN] = OPENER,
};

static bool is_stop(const struct gw_token *token) {
    return mark_roles[token->mark] & STOP;
}

static bool is_closer(const struct gw_token *token) {
    return mark_roles[token->mark] & CLOSER;
}

static bool is_opener(const struct gw_token *token) {
    return mark_roles[token->mark] & OPENER;
}

/* What may end a sentence before the next token. */
static uint32_t may_end(const struct gw_token *token) {
    return token->mark | (token->shape & GW_SHAPE_DOTTED);
}

/* Most tokens are words that follow words: nothing else is looked at there. */
static void list_places(struct finder *finder) {
    const struct gw_token *tokens = finder->text->tokens;
    uint32_t *places = finder->places, count = 0, before = may_end(&tokens[finder->first]);
    for (uint32_t i = finder->first + 1; i < finder->end; i++) {
        uint32_t begins = tokens[i].shape & (GW_SHAPE_LINE | GW_SHAPE_PARAGRAPH);
        places[count] = i;
        count += (before | begins) != 0;
        before = may_end(&tokens[i]);
    }
    finder->place_count = count;
}

static uint32_t skip_openers(const struct finder *finder, uint32_t i) {
    uint32_t most = finder->end - i < CLOSERS_MOST ? finder->end : i + CLOSERS_MOST;
    while (i < most && is_opener(&finder->text->tokens[i])) {
        i++;
    }
    return i < finder->end ? i : finder->end;
}

static bool is_small_word(const struct finder *finder, uint32_t i) {
    const struct gw_token *token = &finder->text->tokens[i];
    return i < finder->end && token->kind == GW_TOKEN_WORD && !(token->shape & GW_SHAPE_CAPITAL) &&
           !(token->shape & GW_SHAPE_INNER);
}

static bool begins_small(const struct finder *finder, uint32_t i) {
    uint32_t word = skip_openers(finder, i);
    return word < finder->end && is_small_word(finder, word);
}

/* "North. Korea": the words on both sides begin a name that the gazetteer knows. */
static bool name_crosses(const struct finder *finder, uint32_t before, uint32_t after) {
    const struct gw_token *left = &finder->text->tokens[before], *right = &finder->text->tokens[after];
    if (!(left->shape & right->shape & GW_SHAPE_CAPITAL) ||
        gw_model_word(finder->model, left->word)->name_words < 2) {
        return false;
    }
    uint64_t hash = gw_name_hash_add(gw_name_hash_add(0, left->hash), right->hash);
    uint32_t found = gw_slot_find(finder->model->name_slots, finder->model->name_slots_count, hash);
    return found < GW_SLOT_PREFIX;
}

/* Whether a full stop behind word `before` may end a sentence when `after` follows. */
static bool period_ends(const struct finder *finder, uint32_t before, uint32_t after) {
    const struct gw_token *word = &finder->text->tokens[before];
    if (word->kind == GW_TOKEN_NUMBER || word->kind == GW_TOKEN_MARK || word->kind == GW_TOKEN_URL) {
        return true;
    }
    uint64_t flags = flags_of(finder, before);
    uint64_t next = flags_of(finder, after);
    bool number = finder->text->tokens[after].kind == GW_TOKEN_NUMBER;
    if (number && (flags & GW_WORD(NUMBER_FOLLOWS))) {
        return false;
    }
    bool unsure = word->kind == GW_TOKEN_POSSESSIVE || (word->shape & GW_SHAPE_SINGLE) ||
                  ((flags & GW_WORD(ABBREVIATION)) && !(flags & GW_WORD(COMMON)));
    bool short_title = (flags & GW_WORD(ABBREVIATION)) && (flags & GW_WORD(TITLE));
    if (short_title && (word->shape & GW_SHAPE_CAPITAL)) {
        return false;
    }
    if (unsure) {
        return (next & GW_WORD(STARTER)) != 0;
    }
    if ((flags & GW_WORD(CANNOT_END)) && !(word->shape & GW_SHAPE_CAPITAL)) {
        return false;
    }
    return !name_crosses(finder, before, after);
}

/* "said.The": a stop without white space ends a sentence only between a small word and a capital. */
static bool unspaced_ends(const struct finder *finder, uint32_t stop, uint32_t after) {
    const struct gw_token *tokens = finder->text->tokens;
    return stop > finder->first && is_small_word(finder, stop - 1) &&
           !(tokens[stop - 1].shape & GW_SHAPE_SINGLE) && (tokens[after].shape & GW_SHAPE_CAPITAL) &&
           !(tokens[after].shape & GW_SHAPE_CAPITALS);
}

static bool stop_ends(const struct finder *finder, uint32_t stop, uint32_t i) {
    const struct gw_token *tokens = finder->text->tokens;
    uint32_t after = skip_openers(finder, i);
    if (after == finder->end || is_small_word(finder, after)) {
        return false;
    }
    if (gw_token_touches(finder->text, i)) {
        return unspaced_ends(finder, stop, after);
    }
    if (tokens[stop].kind == GW_TOKEN_WORD) {
        return (flags_of(finder, after) & GW_WORD(STARTER)) != 0;
    }
    return tokens[stop].mark != GW_MARK_PERIOD || stop == finder->first ||
           period_ends(finder, stop - 1, after);
}

/* A sentence ends before `i` because of a full stop, or the like, before it. */
static bool stop_before(const struct finder *finder, uint32_t i) {
    const struct gw_token *tokens = finder->text->tokens;
    if (is_closer(&tokens[i]) && gw_token_touches(finder->text, i)) {
        return false;
    }
    uint32_t stop = i - 1;
    for (uint32_t n = 0; n < CLOSERS_MOST && stop > finder->first && is_closer(&tokens[stop]) &&
                         gw_token_touches(finder->text, stop);
         n++) {
        stop--;
    }
    bool ends = is_stop(&tokens[stop]) || ((tokens[stop].shape & GW_SHAPE_DOTTED) && stop == i - 1);
    return ends && stop_ends(finder, stop, i);
}

/* A sentence ends before `i`, the first token of a line. */
static bool line_before(const struct finder *finder, uint32_t i) {
    const struct gw_token *token = &finder->text->tokens[i];
    if (token->mark == GW_MARK_BULLET || token->mark == GW_MARK_DASH || token->mark == GW_MARK_HYPHEN) {
        return true;
    }
    if (begins_small(finder, i)) {
        return false;
    }
    if (finder->wrapped) {
        return stop_before(finder, i);
    }
    const struct gw_token *before = token - 1;
    return !(flags_of(finder, i - 1) & GW_WORD(CANNOT_END)) || (before->shape & GW_SHAPE_CAPITAL);
}

static bool border_before(const struct finder *finder, uint32_t i) {
    const struct gw_token *token = &finder->text->tokens[i];
    if (token->shape & GW_SHAPE_PARAGRAPH) {
        return true;
    }
    return token->shape & GW_SHAPE_LINE ? line_before(finder, i) : stop_before(finder, i);
}

/* Whether the field's lines were broken at a width rather than where something ends. */
static bool is_wrapped(const struct finder *finder) {
    const struct gw_token *tokens = finder->text->tokens;
    uint32_t lines = 0, full = 0, open = 0, begun = finder->first;
    for (uint32_t k = 0; k < finder->place_count; k++) {
        uint32_t i = finder->places[k];
        if (!(tokens[i].shape & GW_SHAPE_LINE)) {
            continue;
        }
        if (!(tokens[i].shape & GW_SHAPE_PARAGRAPH)) {
            uint32_t width = tokens[i - 1].end - tokens[begun].start;
            lines++;
            full += width >= WRAPPED_WIDTH_LEAST && width <= WRAPPED_WIDTH_MOST;
            open += !is_stop(&tokens[i - 1]) && !is_closer(&tokens[i - 1]);
        }
        begun = i;
    }
    return lines >= WRAPPED_LINES_LEAST && full * 4 >= lines * 3 && open * 2 >= lines;
}

/* Writes the field's sentences behind those that are there. Both `sentences` and `places` have room for all.
 */
static void find_in_field(struct gw_text *text, const struct gw_model *model, uint32_t first, uint32_t end,
                          uint32_t *places) {
    struct finder finder = {.text = text, .model = model, .first = first, .end = end, .places = places};
    list_places(&finder);
    finder.wrapped = is_wrapped(&finder);
    uint32_t begun = first;
    for (uint32_t k = 0; k < finder.place_count; k++) {
        if (border_before(&finder, places[k])) {
            text->sentences[text->sentence_count++] = (struct gw_sentence_range){begun, places[k]};
            begun = places[k];
        }
    }
    text->sentences[text->sentence_count++] = (struct gw_sentence_range){begun, end};
}

enum gw_status gw_sentences_find(struct gw_text *text, const struct gw_model *model, struct gw_arena *arena) {
    size_t room = (size_t)text->token_count + 1;
    uint32_t *places = gw_arena_take(arena, room * sizeof *places);
    text->sentence_count = 0;
    text->sentences = gw_arena_take(arena, room * sizeof *text->sentences);
    if (!places || !text->sentences) {
        return GW_NO_MEMORY;
    }
    if (text->title_count > 0) {
        find_in_field(text, model, 0, text->title_count, places);
    }
    if (text->token_count > text->title_count) {
        find_in_field(text, model, text->title_count, text->token_count, places);
    }
    return GW_OK;
}
