/* No branch in the loop: which tokens are words, marks or capitalised cannot be foreseen. */
#include "process/text/token_classes.h"

#include "process/text/chars.h"

#include <assert.h>

/* Words that begin a value, or most of them: what they are written like is for its reader. */
#define VALUE_FLAGS                                                                                          \
    (GW_WORD(NUMBER_WORD) | GW_WORD(TIME_UNIT) | GW_WORD(RELATIVE_DAY) | GW_WORD(MONTH) | GW_WORD(WEEKDAY))

static const uint8_t of_kind[] = {
    [GW_TOKEN_WORD] = GW_CLASS_WORD,
    [GW_TOKEN_NUMBER] = GW_CLASS_WORD | GW_CLASS_VALUE,
    [GW_TOKEN_MARK] = 0,
    [GW_TOKEN_POSSESSIVE] = 0,
    [GW_TOKEN_URL] = 0,
};

static const uint8_t of_mark[GW_MARK_COUNT] = {
    [GW_MARK_CURRENCY] = GW_CLASS_VALUE,   [GW_MARK_QUOTE] = GW_CLASS_QUOTE,
    [GW_MARK_QUOTE_OPEN] = GW_CLASS_QUOTE, [GW_MARK_QUOTE_CLOSE] = GW_CLASS_QUOTE,
    [GW_MARK_APOSTROPHE] = GW_CLASS_QUOTE,
};

static_assert(GW_SHAPE_DIGITS >> 1 == GW_CLASS_VALUE, "a word with digits may be an amount: \"R120\"");

static inline uint8_t class_of(const struct gw_token *token, uint64_t flags) {
    unsigned classes = token->shape & (GW_CLASS_LINE | GW_CLASS_PARAGRAPH);
    classes |= (token->shape & GW_SHAPE_DIGITS) >> 1;
    classes |= of_kind[token->kind] | of_mark[token->mark];
    classes |= (flags & VALUE_FLAGS) != 0 ? GW_CLASS_VALUE : 0;
    classes |= flags & GW_WORD(STOPWORD) ? GW_CLASS_STOPWORD : 0;
    return (uint8_t)classes;
}

/* What gw_model_word finds, with the tables held in registers. */
static inline uint64_t flags_of(const struct gw_word *words, uint32_t count, uint32_t word) {
    uint32_t known = (uint32_t)0 - (word < count);
    return words[word & known].flags & ((uint64_t)0 - (known & 1));
}

enum gw_status gw_token_classes_make(struct gw_text *text, const struct gw_model *model,
                                     struct gw_arena *arena) {
    static const struct gw_word unknown;
    const struct gw_word *words = model->words_count > 0 ? model->words : &unknown;
    const struct gw_token *tokens = text->tokens;
    uint32_t count = text->token_count, words_count = model->words_count;
    uint8_t *classes = gw_arena_take(arena, count + GW_CLASSES_AT_ONCE);
    if (!classes) {
        return GW_NO_MEMORY;
    }
    for (uint32_t i = 0; i < count; i++) {
        classes[i] = class_of(&tokens[i], flags_of(words, words_count, tokens[i].word));
    }
    memset(classes + count, 0, GW_CLASSES_AT_ONCE);
    text->classes = classes;
    return GW_OK;
}
