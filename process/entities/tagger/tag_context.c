/* First the capitalised tokens are found, then those that may be names with them; only these and their
 * neighbours are looked at. */
#include "process/entities/keyed.h"
#include "process/entities/links/gazetteer.h"
#include "process/entities/tagger/tag_questions.h"
#include "process/text/chars.h"
#include "schemas/annotation.h"

#include <stddef.h>

/* What rows ask of looks so many tokens to each side. */
#define NEIGHBOURS 2U

/* Small words and marks between capitalised words that may still be one name. */
#define GAP_MOST 3U

/* Affixes are so many bytes of the word. */
#define PREFIX_MOST 4U
#define SUFFIX_MOST 5U

#define WORD_BYTES 32U

/* Words and marks that stand inside names. */
#define JOINS (GW_WORD(CONNECTOR) | GW_WORD(PERSON_PARTICLE))

enum near_bit {
    NEAR_FIRST_NAME,
    NEAR_TITLE,
    NEAR_ORG_HEAD,
    NEAR_PLACE,
    NEAR_SPEECH,
    NEAR_DEMONYM,
};

static const uint8_t mark_shapes[] = {
    [GW_MARK_PERIOD] = GW_TAG_SHAPE_STOP,       [GW_MARK_EXCLAMATION] = GW_TAG_SHAPE_STOP,
    [GW_MARK_QUESTION] = GW_TAG_SHAPE_STOP,     [GW_MARK_ELLIPSIS] = GW_TAG_SHAPE_STOP,
    [GW_MARK_COMMA] = GW_TAG_SHAPE_COMMA,       [GW_MARK_COLON] = GW_TAG_SHAPE_STOP,
    [GW_MARK_SEMICOLON] = GW_TAG_SHAPE_STOP,    [GW_MARK_HYPHEN] = GW_TAG_SHAPE_JOINT,
    [GW_MARK_DASH] = GW_TAG_SHAPE_STOP,         [GW_MARK_SLASH] = GW_TAG_SHAPE_JOINT,
    [GW_MARK_AMPERSAND] = GW_TAG_SHAPE_JOINT,   [GW_MARK_APOSTROPHE] = GW_TAG_SHAPE_QUOTE,
    [GW_MARK_QUOTE] = GW_TAG_SHAPE_QUOTE,       [GW_MARK_QUOTE_OPEN] = GW_TAG_SHAPE_QUOTE,
    [GW_MARK_QUOTE_CLOSE] = GW_TAG_SHAPE_QUOTE, [GW_MARK_OPEN] = GW_TAG_SHAPE_QUOTE,
    [GW_MARK_CLOSE] = GW_TAG_SHAPE_QUOTE,       [GW_MARK_BULLET] = GW_TAG_SHAPE_STOP,
};

static uint8_t shape_of_mark(uint8_t mark) {
    uint8_t shape = mark < sizeof mark_shapes ? mark_shapes[mark] : 0;
    return shape ? shape : GW_TAG_SHAPE_MARK;
}

/* By the bits of a word's shape: CAPITAL, CAPITALS, INNER, DIGITS, DOTTED, and SINGLE moved behind them. */
static const uint8_t word_shapes[64] = {
    [0] = GW_TAG_SHAPE_SMALL,
    [1] = GW_TAG_SHAPE_CAPITAL,
    [2 ... 3] = GW_TAG_SHAPE_CAPITALS,
    [4 ... 5] = GW_TAG_SHAPE_INNER,
    [6 ... 7] = GW_TAG_SHAPE_CAPITALS,
    [8 ... 15] = GW_TAG_SHAPE_LETTERS_DIGITS,
    [16 ... 31] = GW_TAG_SHAPE_DOTTED,
    [32] = GW_TAG_SHAPE_SMALL,
    [33] = GW_TAG_SHAPE_INITIAL,
    [34 ... 35] = GW_TAG_SHAPE_CAPITALS,
    [36 ... 37] = GW_TAG_SHAPE_INNER,
    [38 ... 39] = GW_TAG_SHAPE_CAPITALS,
    [40 ... 47] = GW_TAG_SHAPE_LETTERS_DIGITS,
    [48 ... 63] = GW_TAG_SHAPE_DOTTED,
};
_Static_assert((GW_SHAPE_CAPITAL | GW_SHAPE_CAPITALS | GW_SHAPE_INNER | GW_SHAPE_DIGITS | GW_SHAPE_DOTTED) ==
                       31 &&
                   GW_SHAPE_SINGLE >> 3 == 32 && GW_TAG_SHAPE_CAPITALS_SHORT + 1 == GW_TAG_SHAPE_CAPITALS,
               "the table fits the bits");

static uint8_t shape_of_word(const struct gw_token *token) {
    uint32_t shape = word_shapes[(token->shape & 31U) | (token->shape >> 3 & 32U)];
    bool is_short = shape == GW_TAG_SHAPE_CAPITALS && token->end - token->start <= 3;
    return (uint8_t)(shape - is_short);
}

static bool is_year(const struct gw_token *token) {
    return token->end - token->start == 4 && !(token->shape & GW_SHAPE_DIGITS);
}

static uint8_t shape_of(const struct gw_token *token) {
    switch (token->kind) {
    case GW_TOKEN_WORD:
        return shape_of_word(token);
    case GW_TOKEN_NUMBER:
        return is_year(token) ? GW_TAG_SHAPE_YEAR : GW_TAG_SHAPE_NUMBER;
    case GW_TOKEN_POSSESSIVE:
    case GW_TOKEN_URL:
        return GW_TAG_SHAPE_MARK;
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

/* Only words have these bits. */
static bool is_capital(const struct gw_token *token) {
    return (token->shape & (GW_SHAPE_CAPITAL | GW_SHAPE_INNER)) != 0;
}

static uint64_t flags_of(const struct gw_tag_text *text, uint32_t i) {
    return gw_model_word(text->model, text->text->tokens[i].word)->flags;
}

/* Field by field: a whole struct of bytes, put together elsewhere and copied, takes longer. */
static void look_at(const struct gw_token *token, const struct gw_word *word, struct gw_tag_token *seen) {
    uint32_t row = gw_word_tag_row(word);
    bool is_word = token->kind == GW_TOKEN_WORD;
    row = row ? row : stand_in(token);
    seen->hash = is_word ? token->hash : row;
    seen->word = row;
    seen->shape = shape_of(token);
    seen->cluster = (uint8_t)(gw_word_cluster(word) % GW_TAG_CLUSTERS);
    seen->affixed = is_word && !gw_word_has_own_rows(word);
}

/* Looks at the sentence's candidates and what their rows ask of their neighbours. */
static void look_at_candidates(struct gw_tag_text *text, const struct gw_tag_sentence *sentence,
                               uint32_t first_candidate) {
    const struct gw_token *tokens = text->text->tokens;
    uint32_t next = sentence->first;
    for (uint32_t k = first_candidate; k < text->candidate_count; k++) {
        uint32_t i = text->candidates[k];
        next = i > next + NEIGHBOURS ? i - NEIGHBOURS : next;
        uint32_t end = sentence->end - i > NEIGHBOURS ? i + NEIGHBOURS + 1 : sentence->end;
        for (; next < end; next++) {
            look_at(&tokens[next], gw_model_word(text->model, tokens[next].word), &text->tokens[next]);
        }
    }
}

/* Three words or more, all in capitals; or four longer words of which four in five have one. Ends as soon as
 * so many words are small that it is neither. */
static uint32_t line_kind(const struct gw_text *text, uint32_t first, uint32_t end, uint32_t capitals) {
    uint32_t words = 0, all = 0, longer = 0, capital = 0;
    for (uint32_t i = first; i < end; i++) {
        const struct gw_token *token = &text->tokens[i];
        if (token->kind != GW_TOKEN_WORD) {
            continue;
        }
        bool is_long = token->end - token->start > 3;
        words++;
        all += (token->shape & (GW_SHAPE_CAPITALS | GW_SHAPE_SINGLE)) != 0;
        longer += is_long;
        capital += is_long && (token->shape & GW_SHAPE_CAPITAL);
        if (all < words && (longer - capital) * 4 > capitals) {
            return 0;
        }
    }
    if (words >= 3 && all == words) {
        return 1;
    }
    return longer >= 4 && capital * 5 >= longer * 4 ? 2 : 0;
}

/* Where the search for the gazetteer's names begins. */
static void prefetch_name(const struct gw_model *model, const struct gw_token *token) {
    __builtin_prefetch(
        gw_slot_home(model->name_slots, model->name_slots_count, gw_name_hash_add(0, token->hash)));
}

/* The capitalised tokens of one sentence, in order. */
struct capitals {
    const uint32_t *items;
    uint32_t count;
};

/* Writes the sentence's capitalised tokens to `items`; returns how many. */
static uint32_t find_capitals(const struct gw_text *text, const struct gw_sentence_range *range,
                              uint32_t *items) {
    uint32_t count = 0;
    for (uint32_t i = range->first; i < range->end; i++) {
        items[count] = i;
        count += is_capital(&text->tokens[i]);
    }
    return count;
}

static struct gw_tag_sentence
look_at_sentence(struct gw_tag_text *text, const struct gw_sentence_range *range, struct capitals capitals) {
    const struct gw_token *tokens = text->text->tokens;
    struct gw_tag_sentence sentence = {range->first, range->end, range->first, 0};
    while (sentence.opening < range->end && tokens[sentence.opening].kind == GW_TOKEN_MARK) {
        sentence.opening++;
    }
    for (uint32_t k = 0; k < capitals.count; k++) {
        prefetch_name(text->model, &tokens[capitals.items[k]]);
        text->tokens[capitals.items[k]].capital = true;
    }
    sentence.line = line_kind(text->text, range->first, range->end, capitals.count);
    return sentence;
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

/* How far behind a capitalised word the next two look. */
#define MARKED_BEHIND 2U

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

static void mark_candidates(struct gw_tag_text *text, const struct gw_tag_sentence *sentence,
                            struct capitals capitals) {
    for (uint32_t k = 0; k < capitals.count; k++) {
        uint32_t i = capitals.items[k];
        text->tokens[i].candidate = true;
        if (k > 0) {
            mark_gap(text, capitals.items[k - 1], i);
        }
        mark_number(text, i, sentence->end);
        mark_second_half(text, i, sentence->end);
    }
}

/* "The", "He": a word that has its capital from the sentence's beginning, with nothing behind it that would
 * be a name with it, is none. */
static void drop_starter(struct gw_tag_text *text, const struct gw_tag_sentence *sentence,
                         struct capitals capitals) {
    if (capitals.count > 0) {
        uint32_t i = capitals.items[0];
        bool stands_alone = i + 1 == sentence->end || !text->tokens[i + 1].candidate;
        if (gw_tag_begins_clause(sentence, i) && stands_alone && (flags_of(text, i) & GW_WORD(STARTER))) {
            text->tokens[i].candidate = false;
        }
    }
}

/* Candidates lie between the first capitalised token and the second behind the last. */
static void list_candidates(struct gw_tag_text *text, const struct gw_tag_sentence *sentence,
                            struct capitals capitals) {
    uint32_t *items = text->candidates, count = text->candidate_count;
    if (capitals.count > 0) {
        uint32_t first = capitals.items[0], last = capitals.items[capitals.count - 1];
        uint32_t end = sentence->end - last > MARKED_BEHIND ? last + MARKED_BEHIND + 1 : sentence->end;
        for (uint32_t i = first; i < end; i++) {
            items[count] = i;
            count += text->tokens[i].candidate;
        }
    }
    text->candidate_count = count;
}

/* 1 + type, place (alone, first, inside, last) and strength of the gazetteer's name. */
static uint8_t known_code(const struct gw_name *name, uint32_t first, uint32_t i, uint32_t last) {
    unsigned place = first == last ? 0 : i == first ? 1 : i == last ? 3 : 2;
    unsigned weak = (name->flags & GW_NAME(WEAK)) != 0;
    return (uint8_t)(1 + (name->type * 4U + place) * 2 + weak);
}

static void mark_known(struct gw_tag_text *text, struct capitals capitals) {
    const struct gw_tag_sentence *sentence = text->sentences;
    uint32_t next = 0;
    for (uint32_t k = 0; k < capitals.count; k++) {
        uint32_t i = capitals.items[k];
        if (i < next || gw_model_word(text->model, text->text->tokens[i].word)->name_words == 0) {
            continue;
        }
        while (i >= sentence->end) {
            sentence++;
        }
        struct gw_gazetteer_match match = gw_gazetteer_match(text->model, text->text, i, sentence->end);
        if (match.name) {
            text->known[text->known_count++] = (struct gw_tag_known){i, match.last, match.name};
            for (uint32_t n = i; n <= match.last; n++) {
                text->tokens[n].known = known_code(match.name, i, n, match.last);
            }
            next = match.last + 1;
        }
    }
}

static void note_neighbours(struct gw_tag_text *text, const struct gw_tag_sentence *sentence, uint32_t i) {
    struct gw_tag_seen *seen = &text->seen[text->tokens[i].seen];
    unsigned near = 0;
    if (i > sentence->first) {
        uint64_t left = flags_of(text, i - 1);
        bool capital = is_capital(&text->text->tokens[i - 1]);
        near |= (unsigned)((left & GW_WORD(FIRST_NAME)) && capital) << NEAR_FIRST_NAME;
        near |= (unsigned)((left & GW_WORD(TITLE)) != 0) << NEAR_TITLE;
        near |= (unsigned)((left & GW_WORD(PLACE_PREPOSITION)) && !capital) << NEAR_PLACE;
    }
    if (i + 1 < sentence->end) {
        uint64_t right = flags_of(text, i + 1);
        bool capital = is_capital(&text->text->tokens[i + 1]);
        near |= (unsigned)((right & GW_WORD(ORG_HEAD)) && capital) << NEAR_ORG_HEAD;
        near |= (unsigned)((right & GW_WORD(SPEECH)) && !capital) << NEAR_SPEECH;
    }
    seen->near = (uint16_t)(seen->near | near);
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
    if (sentence->line == 0 && seen->inside < UINT16_MAX && !gw_tag_begins_clause(sentence, i)) {
        seen->inside++;
    }
    note_neighbours(text, sentence, i);
    if (!text->tokens[i].candidate && seen->dropped < UINT16_MAX) {
        seen->dropped++;
        gw_tag_begin_votes(seen);
    }
}

/* Most words of a text are written small, and few of them capitalised elsewhere: one bit for each
 * capitalised word tells which to look for. */
#define SIEVE_BITS  8192U
#define SIEVE_WORDS (SIEVE_BITS / 64U)

/* `room` is for as many numbers as there are tokens; it may be that of the capitals, which are read first. */
static void note_small(struct gw_tag_text *text, const struct gw_keyed *words, struct capitals capitals,
                       uint32_t *room) {
    uint64_t sieve[SIEVE_WORDS] = {0};
    for (uint32_t k = 0; k < capitals.count; k++) {
        uint64_t hash = text->text->tokens[capitals.items[k]].hash;
        sieve[hash / 64 % SIEVE_WORDS] |= UINT64_C(1) << hash % 64;
    }
    const struct gw_token *tokens = text->text->tokens;
    uint32_t kept = 0, count = text->text->token_count;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t there = sieve[tokens[i].hash / 64 % SIEVE_WORDS] >> tokens[i].hash % 64 & 1;
        room[kept] = i;
        kept += (uint32_t)there & !is_capital(&tokens[i]);
    }
    for (uint32_t k = 0; k < kept; k++) {
        const struct gw_token *token = &tokens[room[k]];
        uint32_t at = token->kind == GW_TOKEN_WORD ? gw_keyed_find(words, token->hash) : GW_KEYED_NONE;
        if (at != GW_KEYED_NONE && text->seen[at].small < UINT16_MAX) {
            text->seen[at].small++;
        }
    }
}

/* Goes through the capitalised words of all sentences, and then through all others; `room` is that of the
 * capitals. */
static enum gw_status note_words(struct gw_tag_text *text, struct capitals capitals, uint32_t *room,
                                 struct gw_arena *arena) {
    struct gw_keyed words;
    text->seen = gw_arena_take(arena, ((size_t)capitals.count + 1) * sizeof *text->seen);
    text->known = gw_arena_take(arena, capitals.count * sizeof *text->known);
    if (!text->seen || !text->known || gw_keyed_init(&words, capitals.count, arena) != GW_OK) {
        return GW_NO_MEMORY;
    }
    text->seen[GW_TAG_NOT_SEEN] = (struct gw_tag_seen){.near = 0};
    text->seen_count = GW_TAG_NOT_SEEN + 1;
    const struct gw_tag_sentence *sentence = text->sentences;
    for (uint32_t k = 0; k < capitals.count; k++) {
        while (capitals.items[k] >= sentence->end) {
            sentence++;
        }
        note_capital(text, &words, sentence, capitals.items[k]);
    }
    mark_known(text, capitals);
    note_small(text, &words, capitals, room);
    return GW_OK;
}

static void look_at_text(struct gw_tag_text *text, uint32_t *capital_items, uint32_t *capital_count) {
    uint32_t count = 0;
    for (uint32_t s = 0; s < text->text->sentence_count; s++) {
        const struct gw_sentence_range *range = &text->text->sentences[s];
        struct gw_tag_sentence *sentence = &text->sentences[s];
        uint32_t first_candidate = text->candidate_count;
        struct capitals capitals = {capital_items + count,
                                    find_capitals(text->text, range, capital_items + count)};
        *sentence = look_at_sentence(text, range, capitals);
        mark_candidates(text, sentence, capitals);
        drop_starter(text, sentence, capitals);
        list_candidates(text, sentence, capitals);
        look_at_candidates(text, sentence, first_candidate);
        count += capitals.count;
    }
    *capital_count = count;
}

enum gw_status gw_tag_text_make(const struct gw_text *text, const struct gw_model *model,
                                struct gw_arena *arena, struct gw_tag_text *out) {
    size_t tokens = (size_t)text->token_count + 1;
    *out = (struct gw_tag_text){.text = text, .model = model};
    out->tokens = gw_arena_take_zeroed(arena, tokens, sizeof *out->tokens);
    out->sentences = gw_arena_take(arena, ((size_t)text->sentence_count + 1) * sizeof *out->sentences);
    out->candidates = gw_arena_take(arena, tokens * sizeof *out->candidates);
    uint32_t *items = gw_arena_take(arena, tokens * sizeof *items), count = 0;
    if (!out->tokens || !out->sentences || !out->candidates || !items) {
        return GW_NO_MEMORY;
    }
    look_at_text(out, items, &count);
    return note_words(out, (struct capitals){items, count}, items, arena);
}

struct gw_tag_run gw_tag_run_at(const struct gw_tag_text *text, const struct gw_tag_sentence *sentence,
                                uint32_t i) {
    uint32_t first = i;
    while (first > sentence->first && text->tokens[first - 1].capital) {
        first--;
    }
    return gw_tag_run_from(text, sentence, first);
}

/* What is asked, gathered in a context. */
static void keep_word(void *to, enum gw_tag_role role, struct gw_tag_place place) {
    struct gw_tag_context *context = to;
    context->words[context->word_count++] = (struct gw_tag_at){role, place.token};
}

static void keep_cell(void *to, uint32_t row) {
    struct gw_tag_context *context = to;
    context->cells[context->cell_count++] = row;
}

static void keep_pair(void *to, uint64_t pair) {
    struct gw_tag_context *context = to;
    context->pairs[context->pair_count++] = pair;
}

static void keep_nothing(void *to) {
    (void)to;
}

static const struct gw_tag_asker keeper = {keep_word, keep_cell, keep_pair, keep_nothing};

void gw_tag_run_context(const struct gw_tag_text *text, const struct gw_tag_sentence *sentence,
                        struct gw_tag_run run, struct gw_tag_context *context) {
    gw_tag_ask_of_run(text, sentence, run, keeper, context);
}

void gw_tag_token_context(const struct gw_tag_text *text, const struct gw_tag_sentence *sentence,
                          const struct gw_tag_run *run, uint32_t i, struct gw_tag_context *context) {
    gw_tag_ask_of_token(text, sentence, run, i, keeper, context);
}

void gw_tag_vote_context(const struct gw_tag_text *text, uint32_t i, unsigned own,
                         struct gw_tag_context *context) {
    struct gw_tag_vote_cells cells = gw_tag_ask_of_votes(text, i, own);
    keep_cell(context, cells.votes);
    keep_cell(context, cells.own);
}

static bool is_letter_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void gw_tag_affixes(struct gw_str cut, struct gw_tag_context *context) {
    char small[WORD_BYTES];
    size_t size = cut.size < WORD_BYTES ? cut.size : WORD_BYTES;
    for (size_t k = 0; k < size; k++) {
        char c = cut.data[cut.size - size + k];
        small[k] = is_letter_byte(c) ? (char)(c | 0x20) : c;
    }
    uint64_t prefix = 0, suffix = 0;
    for (size_t k = 0; k < PREFIX_MOST && k + 1 < size; k++) {
        prefix = prefix << 8 | (uint8_t)small[k];
        keep_pair(context, gw_tag_pair(GW_TAG_PAIR_AFFIX, prefix, k));
    }
    for (size_t k = 0; k < SUFFIX_MOST && k + 1 < size; k++) {
        suffix = suffix << 8 | (uint8_t)small[size - 1 - k];
        keep_pair(context, gw_tag_pair(GW_TAG_PAIR_AFFIX, suffix, 16 + k));
    }
}
