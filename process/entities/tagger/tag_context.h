/* What the tagger sees of a token: which rows of the model its scores are the sum of. Training asks the same
 * questions through this header, so that it cannot differ from running. */
#ifndef GW_PROCESS_ENTITIES_TAGGER_TAG_CONTEXT_H
#define GW_PROCESS_ENTITIES_TAGGER_TAG_CONTEXT_H

#include "process/text/tokens.h"

/* Places of words beyond the sentence's ends, where a token's number is expected. */
#define GW_TAG_BEFORE (UINT32_MAX - 1)
#define GW_TAG_BEHIND UINT32_MAX

#define GW_TAG_NOT_SEEN 0U

/* One token as the tagger sees it. */
struct gw_tag_token {
    uint64_t hash; /* what stands for it in pairs */
    uint32_t word; /* its rows in tag_words, or an enum gw_tag_stand_in */
    uint32_t seen; /* of a capitalised word: in gw_tag_text.seen, else GW_TAG_NOT_SEEN */
    uint8_t shape, cluster, known;
    bool capital;   /* a word with a capital */
    bool affixed;   /* a word without rows of its own: its affixes' stand for them */
    bool candidate; /* may be a part of a name; all others are outside */
};

/* What the article shows of one capitalised word, over all its places. */
struct gw_tag_seen {
    uint16_t small, inside; /* without a capital; with one inside a sentence that is no heading */
    uint16_t near;          /* bits of what stands beside it */
    uint16_t dropped;       /* its places that are no candidates */
    uint16_t votes[GW_TAG_TYPE_COUNT + 1]; /* the last counts all */
};
#define GW_TAG_VOTERS GW_TAG_TYPE_COUNT

/* A name of the gazetteer in the text. */
struct gw_tag_known {
    uint32_t first, last; /* tokens, both included */
    const struct gw_name *name;
};

struct gw_tag_sentence {
    uint32_t first, end; /* tokens */
    uint32_t opening;    /* its first token that is no mark, or `end` */
    uint32_t line;       /* 0 plain, 1 all capitals, 2 most words capitalised */
};

struct gw_tag_text {
    const struct gw_text *text;
    const struct gw_model *model;
    struct gw_tag_token *tokens; /* set for candidates and two tokens around them, elsewhere empty */
    struct gw_tag_sentence *sentences;
    struct gw_tag_seen *seen; /* the first is nobody's */
    uint32_t seen_count;
    struct gw_tag_known *known; /* in order, none in another */
    uint32_t known_count;
    uint32_t *candidates; /* tokens, in order */
    uint32_t candidate_count;
};

/* A stretch of capitalised words, both ends included. */
struct gw_tag_run {
    uint32_t first, last;
};

/* What chooses rows: words by role, numbers of cells, hashes of pairs. Unused ones are left out. */
#define GW_TAG_WORDS_MOST 6U
#define GW_TAG_CELLS_MOST 16U
#define GW_TAG_PAIRS_MOST 16U

struct gw_tag_context {
    struct gw_tag_at {
        uint32_t role;
        uint32_t token; /* or GW_TAG_BEFORE, GW_TAG_BEHIND */
    } words[GW_TAG_WORDS_MOST];
    uint32_t cells[GW_TAG_CELLS_MOST];
    uint64_t pairs[GW_TAG_PAIRS_MOST];
    uint32_t word_count, cell_count, pair_count;
};

/* The result is the arena's; GW_NO_MEMORY when the arena is at its end. */
enum gw_status gw_tag_text_make(const struct gw_text *text, const struct gw_model *model,
                                struct gw_arena *arena, struct gw_tag_text *out);

/* The run that begins with capitalised token `first`. */
static inline struct gw_tag_run gw_tag_run_from(const struct gw_tag_text *text,
                                                const struct gw_tag_sentence *sentence, uint32_t first) {
    struct gw_tag_run run = {first, first};
    while (run.last + 1 < sentence->end && text->tokens[run.last + 1].capital) {
        run.last++;
    }
    return run;
}

/* The run that capitalised token `i` is in. */
struct gw_tag_run gw_tag_run_at(const struct gw_tag_text *text, const struct gw_tag_sentence *sentence,
                                uint32_t i);

/* What all tokens of `run` share; added behind what `context` has. */
void gw_tag_run_context(const struct gw_tag_text *text, const struct gw_tag_sentence *sentence,
                        struct gw_tag_run run, struct gw_tag_context *context);

/* What is token `i`'s own; `run` is NULL for tokens in none. Affixes are left out. */
void gw_tag_token_context(const struct gw_tag_text *text, const struct gw_tag_sentence *sentence,
                          const struct gw_tag_run *run, uint32_t i, struct gw_tag_context *context);

/* The beginnings and ends of a word, as the text has it or folded. */
void gw_tag_affixes(struct gw_str word, struct gw_tag_context *context);

static inline void gw_tag_vote(const struct gw_tag_text *text, uint32_t i, unsigned type) {
    uint16_t *votes = text->seen[text->tokens[i].seen].votes;
    votes[type] = (uint16_t)(votes[type] + (votes[type] < UINT16_MAX));
    votes[GW_TAG_VOTERS] = (uint16_t)(votes[GW_TAG_VOTERS] + (votes[GW_TAG_VOTERS] < UINT16_MAX));
}

/* Only its places that are no candidates have voted: outside. */
static inline void gw_tag_begin_votes(struct gw_tag_seen *seen) {
    memset(seen->votes, 0, sizeof seen->votes);
    seen->votes[0] = seen->votes[GW_TAG_VOTERS] = seen->dropped;
}

/* What the votes of all its places say of token `i`, which has itself voted for `own`; cells only. */
void gw_tag_vote_context(const struct gw_tag_text *text, uint32_t i, unsigned own,
                         struct gw_tag_context *context);

static inline bool gw_tag_has_votes(const struct gw_tag_text *text, uint32_t i) {
    return text->tokens[i].seen != GW_TAG_NOT_SEEN;
}

#endif
