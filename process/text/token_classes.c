/* No branch in the loop: which tokens are words, marks or capitalised cannot be foreseen. */
#include "process/text/token_classes.h"

#include "process/text/chars.h"

#include <assert.h>
#include <stdlib.h>

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

uint8_t *gw_word_classes_make(const struct gw_model *model) {
    uint8_t *classes = malloc((size_t)model->words_count + 1);
    for (uint32_t i = 0; classes && i < model->words_count; i++) {
        uint64_t flags = model->words[i].flags;
        classes[i] = (uint8_t)((flags & VALUE_FLAGS ? GW_CLASS_VALUE : 0) |
                               (flags & GW_WORD(STOPWORD) ? GW_CLASS_STOPWORD : 0));
    }
    if (classes) {
        classes[model->words_count] = 0;
    }
    return classes;
}

static inline uint8_t class_of(const struct gw_token *token, uint8_t of_word) {
    unsigned classes = token->shape & (GW_CLASS_LINE | GW_CLASS_PARAGRAPH);
    classes |= (token->shape & GW_SHAPE_DIGITS) >> 1;
    return (uint8_t)(classes | of_kind[token->kind] | of_mark[token->mark] | of_word);
}

enum gw_status gw_token_classes_make(struct gw_text *text, const struct gw_model *model,
                                     struct gw_arena *arena) {
    const uint8_t *of_word = model->word_classes;
    const struct gw_token *tokens = text->tokens;
    uint32_t count = text->token_count, words = model->words_count;
    uint8_t *classes = gw_arena_take(arena, count + GW_CLASSES_AT_ONCE);
    if (!classes) {
        return GW_NO_MEMORY;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t word = tokens[i].word < words ? tokens[i].word : words;
        classes[i] = class_of(&tokens[i], of_word[word]);
    }
    memset(classes + count, 0, GW_CLASSES_AT_ONCE);
    text->classes = classes;
    return GW_OK;
}
