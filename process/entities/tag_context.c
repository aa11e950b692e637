/* First each token is looked at alone, then with its neighbours, then over the whole article. */
#include "process/entities/tag_context.h"

#include "process/entities/gazetteer.h"
#include "process/entities/keyed.h"
#include "process/text/chars.h"
#include "schemas/annotation.h"

#include <stddef.h>

/* Small words and marks between capitalised words that may still be one name. */
#define GAP_MOST 3U

/* Affixes are so many bytes of the word. */
#define PREFIX_MOST 4U
#define SUFFIX_MOST 5U

#define WORD_BYTES 32U

/* Words and marks that stand inside names. */
#define JOINS (GW_WORD(CONNECTOR) | GW_WORD(PERSON_PARTICLE))

enum shape {
    SHAPE_NONE,
    SHAPE_SMALL,
    SHAPE_CAPITAL,
    SHAPE_CAPITALS_SHORT,
    SHAPE_CAPITALS,
    SHAPE_INITIAL,
    SHAPE_INNER,
    SHAPE_DOTTED,
    SHAPE_LETTERS_DIGITS,
    SHAPE_YEAR,
    SHAPE_NUMBER,
    SHAPE_COMMA,
    SHAPE_STOP,
    SHAPE_JOINT,
    SHAPE_QUOTE,
    SHAPE_MARK
};

enum near_bit {
    NEAR_FIRST_NAME,
    NEAR_TITLE,
    NEAR_ORG_HEAD,
    NEAR_PLACE,
    NEAR_SPEECH,
    NEAR_DEMONYM,
};

static const uint8_t mark_shapes[] = {
    [GW_MARK_PERIOD] = SHAPE_STOP,    [GW_MARK_EXCLAMATION] = SHAPE_STOP, [GW_MARK_QUESTION] = SHAPE_STOP,
    [GW_MARK_ELLIPSIS] = SHAPE_STOP,  [GW_MARK_COMMA] = SHAPE_COMMA,      [GW_MARK_COLON] = SHAPE_STOP,
    [GW_MARK_SEMICOLON] = SHAPE_STOP, [GW_MARK_HYPHEN] = SHAPE_JOINT,     [GW_MARK_DASH] = SHAPE_STOP,
    [GW_MARK_SLASH] = SHAPE_JOINT,    [GW_MARK_AMPERSAND] = SHAPE_JOINT,  [GW_MARK_APOSTROPHE] = SHAPE_QUOTE,
    [GW_MARK_QUOTE] = SHAPE_QUOTE,    [GW_MARK_QUOTE_OPEN] = SHAPE_QUOTE, [GW_MARK_QUOTE_CLOSE] = SHAPE_QUOTE,
    [GW_MARK_OPEN] = SHAPE_QUOTE,     [GW_MARK_CLOSE] = SHAPE_QUOTE,      [GW_MARK_BULLET] = SHAPE_STOP,
};

static uint8_t shape_of_mark(uint8_t mark) {
    uint8_t shape = mark < sizeof mark_shapes ? mark_shapes[mark] : 0;
    return shape ? shape : SHAPE_MARK;
}

static uint8_t shape_of_word(const struct gw_token *token) {
    if (token->shape & GW_SHAPE_DOTTED) {
        return SHAPE_DOTTED;
    }
    if (token->shape & GW_SHAPE_DIGITS) {
        return SHAPE_LETTERS_DIGITS;
    }
    if (token->shape & GW_SHAPE_CAPITALS) {
        return token->end - token->start <= 3 ? SHAPE_CAPITALS_SHORT : SHAPE_CAPITALS;
    }
    if (token->shape & GW_SHAPE_INNER) {
        return SHAPE_INNER;
    }
    if (token->shape & GW_SHAPE_CAPITAL) {
        return token->shape & GW_SHAPE_SINGLE ? SHAPE_INITIAL : SHAPE_CAPITAL;
    }
    return SHAPE_SMALL;
}

static bool is_year(const struct gw_token *token) {
    return token->end - token->start == 4 && !(token->shape & GW_SHAPE_DIGITS);
}

static uint8_t shape_of(const struct gw_token *token) {
    switch (token->kind) {
    case GW_TOKEN_WORD:
        return shape_of_word(token);
    case GW_TOKEN_NUMBER:
        return is_year(token) ? SHAPE_YEAR : SHAPE_NUMBER;
    case GW_TOKEN_POSSESSIVE:
    case GW_TOKEN_URL:
        return SHAPE_MARK;
    default:
        return shape_of_mark(token->mark);
    }
}

static uint32_t stand_in(const struct gw_token *token) {
    switch (token->kind) {
    case GW_TOKEN_WORD:
        return GW_TAG_UNKNOWN;
    case GW_TOKEN_NUMBER:
        if (token->shape & GW_SHAPE_DIGITS) {
            return GW_TAG_NUMBER_LETTERED;
        }
        if (is_year(token)) {
            return GW_TAG_NUMBER_YEAR;
        }
        return token->end - token->start <= 2 ? GW_TAG_NUMBER_SMALL : GW_TAG_NUMBER_OTHER;
    case GW_TOKEN_POSSESSIVE:
        return GW_TAG_POSSESSIVE;
    case GW_TOKEN_URL:
        return GW_TAG_URL;
    default:
        return GW_TAG_MARK + (uint32_t)token->mark;
    }
}

static bool is_capital(const struct gw_token *token) {
    return token->kind == GW_TOKEN_WORD && (token->shape & (GW_SHAPE_CAPITAL | GW_SHAPE_INNER));
}

static uint64_t flags_of(const struct gw_tag_text *text, uint32_t i) {
    return gw_model_word(text->model, text->text->tokens[i].word)->flags;
}

static void look_at(struct gw_tag_text *text, uint32_t i) {
    const struct gw_token *token = &text->text->tokens[i];
    const struct gw_word *word = gw_model_word(text->model, token->word);
    uint32_t row = gw_word_tag_row(word);
    text->tokens[i] =
        (struct gw_tag_token){.word = row ? row : stand_in(token),
                              .seen = GW_TAG_NOT_SEEN,
                              .shape = shape_of(token),
                              .cluster = (uint8_t)(gw_word_cluster(word) % GW_TAG_CLUSTERS),
                              .capital = is_capital(token),
                              .affixed = token->kind == GW_TOKEN_WORD && !gw_word_has_own_rows(word)};
}

/* Three words or more, all in capitals; or four longer words of which four in five have one. */
static uint32_t line_kind(const struct gw_text *text, uint32_t first, uint32_t end) {
    uint32_t words = 0, all = 0, longer = 0, capital = 0;
    for (uint32_t i = first; i < end; i++) {
        const struct gw_token *token = &text->tokens[i];
        if (token->kind != GW_TOKEN_WORD) {
            continue;
        }
        bool is_long = token->end - token->start > 3;
        words++;
        all += (token->shape & GW_SHAPE_CAPITALS) != 0 || (token->shape & GW_SHAPE_SINGLE) != 0;
        longer += is_long;
        capital += is_long && (token->shape & GW_SHAPE_CAPITAL);
    }
    if (words >= 3 && all == words) {
        return 1;
    }
    return longer >= 4 && capital * 5 >= longer * 4 ? 2 : 0;
}

static bool may_join(const struct gw_tag_text *text, uint32_t i) {
    const struct gw_token *token = &text->text->tokens[i];
    if (token->kind == GW_TOKEN_WORD) {
        return (flags_of(text, i) & JOINS) != 0;
    }
    return token->kind == GW_TOKEN_NUMBER || token->kind == GW_TOKEN_POSSESSIVE ||
           token->mark == GW_MARK_HYPHEN || token->mark == GW_MARK_SLASH ||
           token->mark == GW_MARK_AMPERSAND || token->mark == GW_MARK_APOSTROPHE ||
           token->mark == GW_MARK_PERIOD || token->mark == GW_MARK_COMMA || token->mark == GW_MARK_PLUS;
}

/* Tokens between two capitalised words are candidates when all of them may join. */
static void mark_gap(struct gw_tag_text *text, uint32_t left, uint32_t right) {
    bool joins = right - left - 1 <= GAP_MOST;
    for (uint32_t i = left + 1; i < right && joins; i++) {
        joins = may_join(text, i);
    }
    for (uint32_t i = left + 1; i < right && joins; i++) {
        text->tokens[i].candidate = true;
    }
}

/* "Boeing 747", "COVID-19": a number behind a capitalised word. */
static void mark_number(struct gw_tag_text *text, uint32_t i, uint32_t end) {
    const struct gw_token *tokens = text->text->tokens;
    if (i + 1 < end && tokens[i + 1].kind == GW_TOKEN_NUMBER) {
        text->tokens[i + 1].candidate = true;
    } else if (i + 2 < end && tokens[i + 1].mark == GW_MARK_HYPHEN && tokens[i + 2].kind == GW_TOKEN_NUMBER) {
        text->tokens[i + 1].candidate = text->tokens[i + 2].candidate = true;
    }
}

/* "Chang-hoon": a small word behind a capitalised one and its hyphen. */
static void mark_second_half(struct gw_tag_text *text, uint32_t i, uint32_t end) {
    const struct gw_token *tokens = text->text->tokens;
    if (i + 2 < end && tokens[i + 1].mark == GW_MARK_HYPHEN && tokens[i + 2].kind == GW_TOKEN_WORD &&
        gw_token_touches(text->text, i + 1) && gw_token_touches(text->text, i + 2)) {
        text->tokens[i + 1].candidate = text->tokens[i + 2].candidate = true;
    }
}

static void mark_candidates(struct gw_tag_text *text, const struct gw_tag_sentence *sentence) {
    uint32_t last = GW_NO_INDEX;
    for (uint32_t i = sentence->first; i < sentence->end; i++) {
        if (!text->tokens[i].capital) {
            continue;
        }
        text->tokens[i].candidate = true;
        if (last != GW_NO_INDEX) {
            mark_gap(text, last, i);
        }
        mark_number(text, i, sentence->end);
        mark_second_half(text, i, sentence->end);
        last = i;
    }
}

/* 1 + type, place (alone, first, inside, last) and strength of the gazetteer's name. */
static uint8_t known_code(const struct gw_name *name, uint32_t first, uint32_t i, uint32_t last) {
    unsigned place = first == last ? 0 : i == first ? 1 : i == last ? 3 : 2;
    unsigned weak = (name->flags & GW_NAME(WEAK)) != 0;
    return (uint8_t)(1 + (name->type * 4U + place) * 2 + weak);
}

static void mark_known(struct gw_tag_text *text, const struct gw_tag_sentence *sentence) {
    for (uint32_t i = sentence->first; i < sentence->end; i++) {
        if (!text->tokens[i].capital ||
            gw_model_word(text->model, text->text->tokens[i].word)->name_words == 0) {
            continue;
        }
        struct gw_gazetteer_match match = gw_gazetteer_match(text->model, text->text, i, sentence->end);
        if (match.name) {
            for (uint32_t k = i; k <= match.last; k++) {
                text->tokens[k].known = known_code(match.name, i, k, match.last);
            }
            i = match.last;
        }
    }
}

static void note_neighbours(struct gw_tag_text *text, const struct gw_tag_sentence *sentence, uint32_t i) {
    struct gw_tag_seen *seen = &text->seen[text->tokens[i].seen];
    unsigned near = 0;
    if (i > sentence->first) {
        uint64_t left = flags_of(text, i - 1);
        bool capital = text->tokens[i - 1].capital;
        near |= (unsigned)((left & GW_WORD(FIRST_NAME)) && capital) << NEAR_FIRST_NAME;
        near |= (unsigned)((left & GW_WORD(TITLE)) != 0) << NEAR_TITLE;
        near |= (unsigned)((left & GW_WORD(PLACE_PREPOSITION)) && !capital) << NEAR_PLACE;
    }
    if (i + 1 < sentence->end) {
        uint64_t right = flags_of(text, i + 1);
        bool capital = text->tokens[i + 1].capital;
        near |= (unsigned)((right & GW_WORD(ORG_HEAD)) && capital) << NEAR_ORG_HEAD;
        near |= (unsigned)((right & GW_WORD(SPEECH)) && !capital) << NEAR_SPEECH;
    }
    seen->near = (uint16_t)(seen->near | near);
}

static bool begins_clause(const struct gw_tag_text *text, const struct gw_tag_sentence *sentence,
                          uint32_t i) {
    for (uint32_t k = sentence->first; k < i; k++) {
        if (text->text->tokens[k].kind != GW_TOKEN_MARK) {
            return false;
        }
    }
    return true;
}

static void note_capital(struct gw_tag_text *text, struct gw_keyed *words,
                         const struct gw_tag_sentence *sentence, uint32_t i) {
    uint32_t *at = gw_keyed_at(words, text->text->tokens[i].hash);
    if (*at == GW_KEYED_NONE) {
        *at = text->seen_count++;
        text->seen[*at] = (struct gw_tag_seen){.near = 0};
    }
    text->tokens[i].seen = *at;
    struct gw_tag_seen *seen = &text->seen[*at];
    if (sentence->line == 0 && seen->inside < UINT16_MAX && !begins_clause(text, sentence, i)) {
        seen->inside++;
    }
    note_neighbours(text, sentence, i);
}

static void note_small(struct gw_tag_text *text, const struct gw_keyed *words) {
    for (uint32_t i = 0; i < text->text->token_count; i++) {
        const struct gw_token *token = &text->text->tokens[i];
        if (token->kind == GW_TOKEN_WORD && !text->tokens[i].capital) {
            uint32_t at = gw_keyed_find(words, token->hash);
            if (at != GW_KEYED_NONE && text->seen[at].small < UINT16_MAX) {
                text->seen[at].small++;
            }
        }
    }
}

static enum gw_status note_words(struct gw_tag_text *text, struct gw_arena *arena) {
    struct gw_keyed words;
    size_t capitals = 0;
    for (uint32_t i = 0; i < text->text->token_count; i++) {
        capitals += text->tokens[i].capital;
    }
    text->seen = gw_arena_take(arena, (capitals + 1) * sizeof *text->seen);
    if (!text->seen || gw_keyed_init(&words, capitals, arena) != GW_OK) {
        return GW_NO_MEMORY;
    }
    for (uint32_t s = 0; s < text->text->sentence_count; s++) {
        const struct gw_tag_sentence *sentence = &text->sentences[s];
        for (uint32_t i = sentence->first; i < sentence->end; i++) {
            if (text->tokens[i].capital) {
                note_capital(text, &words, sentence, i);
            }
        }
    }
    note_small(text, &words);
    return GW_OK;
}

enum gw_status gw_tag_text_make(const struct gw_text *text, const struct gw_model *model,
                                struct gw_arena *arena, struct gw_tag_text *out) {
    *out = (struct gw_tag_text){.text = text, .model = model};
    out->tokens = gw_arena_take(arena, ((size_t)text->token_count + 1) * sizeof *out->tokens);
    out->sentences = gw_arena_take(arena, ((size_t)text->sentence_count + 1) * sizeof *out->sentences);
    if (!out->tokens || !out->sentences) {
        return GW_NO_MEMORY;
    }
    for (uint32_t i = 0; i < text->token_count; i++) {
        look_at(out, i);
    }
    for (uint32_t s = 0; s < text->sentence_count; s++) {
        const struct gw_sentence_range *range = &text->sentences[s];
        out->sentences[s] =
            (struct gw_tag_sentence){range->first, range->end, line_kind(text, range->first, range->end)};
        mark_candidates(out, &out->sentences[s]);
        mark_known(out, &out->sentences[s]);
    }
    return note_words(out, arena);
}

struct gw_tag_run gw_tag_run_at(const struct gw_tag_text *text, const struct gw_tag_sentence *sentence,
                                uint32_t i) {
    struct gw_tag_run run = {i, i};
    while (run.first > sentence->first && text->tokens[run.first - 1].capital) {
        run.first--;
    }
    while (run.last + 1 < sentence->end && text->tokens[run.last + 1].capital) {
        run.last++;
    }
    return run;
}

/* Token `i + by`, or what stands beyond the sentence's end. */
static uint32_t token_by(const struct gw_tag_sentence *sentence, uint32_t i, int by) {
    int64_t at = (int64_t)i + by;
    if (at < (int64_t)sentence->first) {
        return GW_TAG_BEFORE;
    }
    return at >= (int64_t)sentence->end ? GW_TAG_BEHIND : (uint32_t)at;
}

static bool is_beyond(uint32_t token) {
    return token >= GW_TAG_BEFORE;
}

static uint64_t hash_of(const struct gw_tag_text *text, uint32_t token) {
    if (is_beyond(token)) {
        return token;
    }
    const struct gw_token *t = &text->text->tokens[token];
    return t->kind == GW_TOKEN_WORD ? t->hash : text->tokens[token].word;
}

static uint32_t shape_at(const struct gw_tag_text *text, uint32_t token) {
    return is_beyond(token) ? SHAPE_NONE : text->tokens[token].shape;
}

static uint32_t cluster_at(const struct gw_tag_text *text, uint32_t token) {
    return is_beyond(token) ? GW_TAG_CLUSTERS - 1 : text->tokens[token].cluster;
}

static uint32_t known_at(const struct gw_tag_text *text, uint32_t token) {
    return is_beyond(token) ? GW_TAG_KNOWN - 1 : text->tokens[token].known;
}

static void add_word(struct gw_tag_context *context, enum gw_tag_role role, uint32_t token) {
    context->words[context->word_count++] = (struct gw_tag_at){role, token};
}

static void add_cell(struct gw_tag_context *context, enum gw_tag_cell cell, uint32_t row) {
    static const uint32_t first_rows[GW_TAG_CELL_COUNT] = {
#define CELL_FIRST_ROW(name, rows) offsetof(struct gw_tag_cell_layout, name),
        GW_TAG_CELL_TABLE(CELL_FIRST_ROW)
#undef CELL_FIRST_ROW
    };
    context->cells[context->cell_count++] = first_rows[cell] + row;
}

/* Pairs are never 0. */
#define PAIR_BIT (UINT64_C(1) << 63)

static uint64_t mix(uint64_t x) {
    x ^= x >> 32;
    x *= UINT64_C(0x9FB21C651E98DF25);
    return x ^ x >> 28;
}

static void add_pair(struct gw_tag_context *context, enum gw_tag_pair pair, uint64_t left, uint64_t right) {
    context->pairs[context->pair_count++] =
        mix(gw_name_hash_add(gw_name_hash_add((uint64_t)pair + 1, left), right)) | PAIR_BIT;
}

static uint32_t at_most(uint32_t n, uint32_t most) {
    return n < most ? n : most;
}

static uint64_t hash_run(const struct gw_tag_text *text, struct gw_tag_run run) {
    uint64_t hash = 0;
    for (uint32_t i = run.first; i <= run.last; i++) {
        hash = gw_name_hash_add(hash, text->text->tokens[i].hash);
    }
    return hash;
}

void gw_tag_run_context(const struct gw_tag_text *text, const struct gw_tag_sentence *sentence,
                        struct gw_tag_run run, struct gw_tag_context *context) {
    uint32_t before = token_by(sentence, run.first, -1), behind = token_by(sentence, run.last, 1);
    add_word(context, GW_TAG_ROLE_RUN_FIRST, run.first);
    add_word(context, GW_TAG_ROLE_RUN_LAST, run.last);
    add_word(context, GW_TAG_ROLE_RUN_BEFORE, before);
    add_word(context, GW_TAG_ROLE_RUN_BEHIND, behind);
    uint32_t length = at_most(run.last - run.first, 3);
    add_cell(context, GW_TAG_CELL_RUN_ENDS,
             (cluster_at(text, run.first) * GW_TAG_CLUSTERS + cluster_at(text, run.last)) * 4 + length);
    add_cell(context, GW_TAG_CELL_RUN_KNOWN,
             known_at(text, run.first) * GW_TAG_KNOWN + known_at(text, run.last));
    uint64_t before_hash = hash_of(text, before), behind_hash = hash_of(text, behind);
    add_pair(context, GW_TAG_PAIR_RUN_AROUND, before_hash, behind_hash);
    add_pair(context, GW_TAG_PAIR_RUN_BEFORE, hash_of(text, token_by(sentence, run.first, -2)), before_hash);
    add_pair(context, GW_TAG_PAIR_RUN_BEHIND, behind_hash, hash_of(text, token_by(sentence, run.last, 2)));
    add_pair(context, GW_TAG_PAIR_RUN_WORDS, hash_run(text, run), 0);
}

static void add_shapes(const struct gw_tag_text *text, const struct gw_tag_sentence *sentence, uint32_t i,
                       struct gw_tag_context *context) {
    uint32_t left2 = shape_at(text, token_by(sentence, i, -2));
    uint32_t left = shape_at(text, token_by(sentence, i, -1));
    uint32_t self = text->tokens[i].shape;
    uint32_t right = shape_at(text, token_by(sentence, i, 1));
    uint32_t right2 = shape_at(text, token_by(sentence, i, 2));
    add_cell(context, GW_TAG_CELL_SHAPES, (left * GW_TAG_SHAPES + self) * GW_TAG_SHAPES + right);
    add_cell(context, GW_TAG_CELL_SHAPES_LEFT, (left2 * GW_TAG_SHAPES + left) * GW_TAG_SHAPES + self);
    add_cell(context, GW_TAG_CELL_SHAPES_RIGHT, (self * GW_TAG_SHAPES + right) * GW_TAG_SHAPES + right2);
}

static void add_neighbours(const struct gw_tag_text *text, uint32_t left, uint32_t i, uint32_t right,
                           struct gw_tag_context *context) {
    uint32_t own = text->tokens[i].cluster, known = text->tokens[i].known;
    add_cell(context, GW_TAG_CELL_CLUSTERS_LEFT, cluster_at(text, left) * GW_TAG_CLUSTERS + own);
    add_cell(context, GW_TAG_CELL_CLUSTERS_RIGHT, own * GW_TAG_CLUSTERS + cluster_at(text, right));
    add_cell(context, GW_TAG_CELL_CLUSTERS_AROUND,
             cluster_at(text, left) * GW_TAG_CLUSTERS + cluster_at(text, right));
    add_cell(context, GW_TAG_CELL_KNOWN_LEFT, known_at(text, left) * GW_TAG_KNOWN + known);
    add_cell(context, GW_TAG_CELL_KNOWN_RIGHT, known * GW_TAG_KNOWN + known_at(text, right));
    uint64_t hash = hash_of(text, i), left_hash = hash_of(text, left), right_hash = hash_of(text, right);
    add_pair(context, GW_TAG_PAIR_LEFT, left_hash, hash);
    add_pair(context, GW_TAG_PAIR_RIGHT, hash, right_hash);
    add_pair(context, GW_TAG_PAIR_AROUND, left_hash, right_hash);
}

static void add_seen(const struct gw_tag_text *text, const struct gw_tag_sentence *sentence, bool begins,
                     uint32_t i, struct gw_tag_context *context) {
    const struct gw_tag_seen *seen = &text->seen[text->tokens[i].seen];
    uint32_t small = at_most(seen->small, 2), inside = at_most(seen->inside, 2);
    add_cell(context, GW_TAG_CELL_SEEN, ((small * 3 + inside) * 2 + begins) * GW_TAG_LINES + sentence->line);
    add_cell(context, GW_TAG_CELL_SEEN_NEAR, seen->near);
}

void gw_tag_token_context(const struct gw_tag_text *text, const struct gw_tag_sentence *sentence,
                          const struct gw_tag_run *run, uint32_t i, struct gw_tag_context *context) {
    const struct gw_tag_token *token = &text->tokens[i];
    uint32_t left = token_by(sentence, i, -1), right = token_by(sentence, i, 1);
    bool begins = begins_clause(text, sentence, i);
    add_word(context, GW_TAG_ROLE_LEFT2, token_by(sentence, i, -2));
    add_word(context, GW_TAG_ROLE_LEFT, left);
    add_word(context, GW_TAG_ROLE_SELF, i);
    add_word(context, GW_TAG_ROLE_RIGHT, right);
    add_word(context, GW_TAG_ROLE_RIGHT2, token_by(sentence, i, 2));
    if (text->text->tokens[i].shape & GW_SHAPE_CAPITALS) {
        add_word(context, GW_TAG_ROLE_CAPITALS, i);
    }
    add_shapes(text, sentence, i, context);
    add_cell(context, GW_TAG_CELL_PLACE, (token->shape * 2U + begins) * GW_TAG_LINES + sentence->line);
    add_neighbours(text, left, i, right, context);
    if (run) {
        add_cell(context, GW_TAG_CELL_RUN,
                 (at_most(i - run->first, 3) * 4 + at_most(run->last - i, 3)) * 2 + (sentence->line > 0));
        add_seen(text, sentence, begins, i, context);
    }
}

static bool is_letter_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void gw_tag_affixes(struct gw_str cut, struct gw_tag_context *context) {
    char small[WORD_BYTES];
    size_t size = at_most((uint32_t)cut.size, WORD_BYTES);
    for (size_t k = 0; k < size; k++) {
        char c = cut.data[cut.size - size + k];
        small[k] = is_letter_byte(c) ? (char)(c | 0x20) : c;
    }
    uint64_t prefix = 0, suffix = 0;
    for (size_t k = 0; k < PREFIX_MOST && k + 1 < size; k++) {
        prefix = prefix << 8 | (uint8_t)small[k];
        add_pair(context, GW_TAG_PAIR_AFFIX, prefix, k);
    }
    for (size_t k = 0; k < SUFFIX_MOST && k + 1 < size; k++) {
        suffix = suffix << 8 | (uint8_t)small[size - 1 - k];
        add_pair(context, GW_TAG_PAIR_AFFIX, suffix, 16 + k);
    }
}

void gw_tag_vote_context(const struct gw_tag_text *text, uint32_t i, unsigned own,
                         struct gw_tag_context *context) {
    const struct gw_tag_seen *seen = &text->seen[text->tokens[i].seen];
    uint32_t best = 0, total = 0, most = 0;
    for (uint32_t type = 0; type < GW_TAG_TYPE_COUNT; type++) {
        uint32_t votes = seen->votes[type] - (type == own && seen->votes[type] > 0 ? 1U : 0U);
        total += votes;
        if (votes > most) {
            most = votes;
            best = type;
        }
    }
    if (total == 0) {
        add_cell(context, GW_TAG_CELL_VOTES, 8 * 3);
        add_cell(context, GW_TAG_CELL_VOTES_OWN, 8 * 8 * 2 + own);
        return;
    }
    uint32_t agreed = most * 10 >= total * 9 ? 2 : most * 10 >= total * 6 ? 1 : 0;
    add_cell(context, GW_TAG_CELL_VOTES, best * 3 + agreed);
    add_cell(context, GW_TAG_CELL_VOTES_OWN, (best * 8 + own) * 2 + (total > 1));
}
