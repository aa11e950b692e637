/* Tokens: words, numbers and marks with exact byte spans. */
#ifndef GW_PROCESS_TEXT_TOKENS_H
#define GW_PROCESS_TEXT_TOKENS_H

#include "base/arena.h"
#include "process/model_tables.h"
#include "process/work.h"
#include "schemas/span.h"

enum gw_token_kind {
    GW_TOKEN_WORD,       /* letters, with apostrophes inside; abbreviations such as "U.S." whole */
    GW_TOKEN_NUMBER,     /* begins with a digit: "1,200.50", "15/8/2023", "78th", "30bn" */
    GW_TOKEN_MARK,       /* one punctuation mark or symbol, or a run of full stops */
    GW_TOKEN_POSSESSIVE, /* 's behind a word */
    GW_TOKEN_URL         /* a web address or an @handle */
};

/* Bits of gw_token.shape. */
enum gw_shape {
    GW_SHAPE_CAPITAL = 1 << 0,   /* the first letter is a capital */
    GW_SHAPE_CAPITALS = 1 << 1,  /* two or more letters, all capitals */
    GW_SHAPE_INNER = 1 << 2,     /* a capital behind a small letter: "McDonald" */
    GW_SHAPE_DIGITS = 1 << 3,    /* a word with digits: "G7" */
    GW_SHAPE_DOTTED = 1 << 4,    /* "U.S.", "a.m." */
    GW_SHAPE_SPACE = 1 << 5,     /* white space stands before it */
    GW_SHAPE_LINE = 1 << 6,      /* a line break stands before it, or it is the first of its field */
    GW_SHAPE_PARAGRAPH = 1 << 7, /* an empty line or a block's tag stands before it, or it is the first */
    GW_SHAPE_SINGLE = 1 << 8     /* one letter */
};

struct gw_token {
    uint64_t hash; /* of the folded word (a number: of its bytes); 0 for marks */
    uint32_t start, end;
    uint32_t word; /* the model's, or GW_NO_WORD */
    uint8_t kind;  /* enum gw_token_kind */
    uint8_t mark;  /* enum gw_mark; GW_MARK_NONE for words and numbers */
    uint16_t shape;
};

/* Sentences are runs of tokens. */
struct gw_sentence_range {
    uint32_t first, end;
};

/* One article's text, title first. */
struct gw_text {
    struct gw_str fields[GW_FIELD_COUNT];
    struct gw_token *tokens;
    uint32_t token_count;
    uint32_t title_count; /* tokens of the title */
    struct gw_sentence_range *sentences;
    uint32_t sentence_count;
    const uint8_t *classes; /* of each token: token_classes.h */
};

/* Work units of one token in gw_tokens_add. They pay for its memory, too, in all stages: a text of nothing
 * but short words and names ends with its budget before it ends with the arena. */
#define GW_TOKEN_WORK 20U

/* Longer words are no words of the model; their hash is of this many folded bytes and their size. */
#define GW_WORD_BYTES_MAX 64

/* Appends the tokens of one field to `text` (whose `fields` are set). Ends early, with `work->ended`, when
 * the budget is at its end. GW_NO_MEMORY when the arena is. */
enum gw_status gw_tokens_add(struct gw_text *text, enum gw_text_field field, const struct gw_model *model,
                             struct gw_work *work, struct gw_arena *arena);

static inline enum gw_text_field gw_text_field_of(const struct gw_text *text, uint32_t token) {
    return token < text->title_count ? GW_FIELD_TITLE : GW_FIELD_BODY;
}

/* The text that tokens `first` to `last` cut, both included. They are of one field. */
static inline struct gw_str gw_text_cut(const struct gw_text *text, uint32_t first, uint32_t last) {
    return gw_str_sub(text->fields[gw_text_field_of(text, first)], text->tokens[first].start,
                      text->tokens[last].end);
}

static inline struct gw_span gw_text_span(const struct gw_text *text, uint32_t first, uint32_t last) {
    return (struct gw_span){text->tokens[first].start, text->tokens[last].end,
                            (uint8_t)gw_text_field_of(text, first)};
}

/* Token `next` directly follows `next - 1` without white space. */
static inline bool gw_token_touches(const struct gw_text *text, uint32_t next) {
    return !(text->tokens[next].shape & (GW_SHAPE_SPACE | GW_SHAPE_LINE | GW_SHAPE_PARAGRAPH));
}

#endif
