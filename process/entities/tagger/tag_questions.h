/* What the tagger asks of tokens: each question chooses one row of the model. What is done with the answers
 * is the asker's: training and tests gather them in a context (tag_context.h), the tagger goes to the rows at
 * once. The functions are put in place where they are called, so that the asker's calls cost nothing. */
#ifndef GW_PROCESS_ENTITIES_TAGGER_TAG_QUESTIONS_H
#define GW_PROCESS_ENTITIES_TAGGER_TAG_QUESTIONS_H

#include "process/entities/tagger/tag_context.h"

#include <stddef.h>

#define GW_TAG_INLINE static inline __attribute__((always_inline))

enum gw_tag_shape {
    GW_TAG_SHAPE_NONE,
    GW_TAG_SHAPE_SMALL,
    GW_TAG_SHAPE_CAPITAL,
    GW_TAG_SHAPE_CAPITALS_SHORT,
    GW_TAG_SHAPE_CAPITALS,
    GW_TAG_SHAPE_INITIAL,
    GW_TAG_SHAPE_INNER,
    GW_TAG_SHAPE_DOTTED,
    GW_TAG_SHAPE_LETTERS_DIGITS,
    GW_TAG_SHAPE_YEAR,
    GW_TAG_SHAPE_NUMBER,
    GW_TAG_SHAPE_COMMA,
    GW_TAG_SHAPE_STOP,
    GW_TAG_SHAPE_JOINT,
    GW_TAG_SHAPE_QUOTE,
    GW_TAG_SHAPE_MARK
};

/* A token, or what stands beyond the sentence's ends. */
struct gw_tag_place {
    uint32_t token; /* or GW_TAG_BEFORE, GW_TAG_BEHIND */
    const struct gw_tag_token *seen;
};

/* Where answers go; `to` is handed on. */
struct gw_tag_asker {
    void (*word)(void *to, enum gw_tag_role role, struct gw_tag_place place);
    void (*cell)(void *to, uint32_t row);
    void (*pair)(void *to, uint64_t pair);
    void (*nothing)(void *to); /* a question that does not arise */
};

GW_TAG_INLINE struct gw_tag_place
gw_tag_place_by(const struct gw_tag_text *text, const struct gw_tag_sentence *sentence, uint32_t i, int by) {
    static const struct gw_tag_token before = {.hash = GW_TAG_BEFORE,
                                               .word = GW_TAG_BEFORE_SENTENCE,
                                               .shape = GW_TAG_SHAPE_NONE,
                                               .cluster = GW_TAG_CLUSTERS - 1,
                                               .known = GW_TAG_KNOWN - 1},
                                     behind = {.hash = GW_TAG_BEHIND,
                                               .word = GW_TAG_BEHIND_SENTENCE,
                                               .shape = GW_TAG_SHAPE_NONE,
                                               .cluster = GW_TAG_CLUSTERS - 1,
                                               .known = GW_TAG_KNOWN - 1};
    int64_t at = (int64_t)i + by;
    if (by < 0 && at < (int64_t)sentence->first) {
        return (struct gw_tag_place){GW_TAG_BEFORE, &before};
    }
    if (by > 0 && at >= (int64_t)sentence->end) {
        return (struct gw_tag_place){GW_TAG_BEHIND, &behind};
    }
    return (struct gw_tag_place){(uint32_t)at, &text->tokens[at]};
}

/* The number of a cell's row. */
#define GW_TAG_CELL(name, row) ((uint32_t)offsetof(struct gw_tag_cell_layout, name) + (row))

/* Pairs are never 0. */
#define GW_TAG_PAIR_BIT (UINT64_C(1) << 63)

static inline uint64_t gw_tag_pair(enum gw_tag_pair pair, uint64_t left, uint64_t right) {
    uint64_t x = gw_name_hash_add(gw_name_hash_add((uint64_t)pair + 1, left), right);
    x ^= x >> 32;
    x *= UINT64_C(0x9FB21C651E98DF25);
    return (x ^ x >> 28) | GW_TAG_PAIR_BIT;
}

static inline uint32_t gw_tag_at_most(uint32_t n, uint32_t most) {
    return n < most ? n : most;
}

/* Only marks stand before it in its sentence. */
static inline bool gw_tag_begins_clause(const struct gw_tag_sentence *sentence, uint32_t i) {
    return i <= sentence->opening;
}

static inline uint64_t gw_tag_hash_run(const struct gw_tag_text *text, struct gw_tag_run run) {
    uint64_t hash = 0;
    for (uint32_t i = run.first; i <= run.last; i++) {
        hash = gw_name_hash_add(hash, text->tokens[i].hash);
    }
    return hash;
}

GW_TAG_INLINE void gw_tag_ask_of_run(const struct gw_tag_text *text, const struct gw_tag_sentence *sentence,
                                     struct gw_tag_run run, struct gw_tag_asker ask, void *to) {
    struct gw_tag_place before2 = gw_tag_place_by(text, sentence, run.first, -2),
                        before = gw_tag_place_by(text, sentence, run.first, -1),
                        first = gw_tag_place_by(text, sentence, run.first, 0),
                        last = gw_tag_place_by(text, sentence, run.last, 0),
                        behind = gw_tag_place_by(text, sentence, run.last, 1),
                        behind2 = gw_tag_place_by(text, sentence, run.last, 2);
    uint32_t ends = first.seen->cluster * GW_TAG_CLUSTERS + last.seen->cluster;
    ask.pair(to, gw_tag_pair(GW_TAG_PAIR_RUN_AROUND, before.seen->hash, behind.seen->hash));
    ask.pair(to, gw_tag_pair(GW_TAG_PAIR_RUN_BEFORE, before2.seen->hash, before.seen->hash));
    ask.pair(to, gw_tag_pair(GW_TAG_PAIR_RUN_BEHIND, behind.seen->hash, behind2.seen->hash));
    ask.pair(to, gw_tag_pair(GW_TAG_PAIR_RUN_WORDS, gw_tag_hash_run(text, run), 0));
    ask.word(to, GW_TAG_ROLE_RUN_FIRST, first);
    ask.word(to, GW_TAG_ROLE_RUN_LAST, last);
    ask.word(to, GW_TAG_ROLE_RUN_BEFORE, before);
    ask.word(to, GW_TAG_ROLE_RUN_BEHIND, behind);
    ask.cell(to, GW_TAG_CELL(RUN_ENDS, ends * 4 + gw_tag_at_most(run.last - run.first, 3)));
    ask.cell(to, GW_TAG_CELL(RUN_KNOWN, first.seen->known * GW_TAG_KNOWN + last.seen->known));
}

/* A token and its neighbours. */
struct gw_tag_window {
    struct gw_tag_place left2, left, self, right, right2;
};

GW_TAG_INLINE void gw_tag_ask_of_words(const struct gw_tag_window *w, bool all_capitals,
                                       struct gw_tag_asker ask, void *to) {
    ask.word(to, GW_TAG_ROLE_LEFT2, w->left2);
    ask.word(to, GW_TAG_ROLE_LEFT, w->left);
    ask.word(to, GW_TAG_ROLE_SELF, w->self);
    ask.word(to, GW_TAG_ROLE_RIGHT, w->right);
    ask.word(to, GW_TAG_ROLE_RIGHT2, w->right2);
    if (all_capitals) {
        ask.word(to, GW_TAG_ROLE_CAPITALS, w->self);
    } else {
        ask.nothing(to);
    }
}

GW_TAG_INLINE void gw_tag_ask_of_shapes(const struct gw_tag_window *w, struct gw_tag_asker ask, void *to) {
    uint32_t left2 = w->left2.seen->shape, left = w->left.seen->shape, self = w->self.seen->shape;
    uint32_t right = w->right.seen->shape, right2 = w->right2.seen->shape;
    ask.cell(to, GW_TAG_CELL(SHAPES, (left * GW_TAG_SHAPES + self) * GW_TAG_SHAPES + right));
    ask.cell(to, GW_TAG_CELL(SHAPES_LEFT, (left2 * GW_TAG_SHAPES + left) * GW_TAG_SHAPES + self));
    ask.cell(to, GW_TAG_CELL(SHAPES_RIGHT, (self * GW_TAG_SHAPES + right) * GW_TAG_SHAPES + right2));
}

GW_TAG_INLINE void gw_tag_ask_of_neighbours(const struct gw_tag_window *w, struct gw_tag_asker ask,
                                            void *to) {
    const struct gw_tag_token *left = w->left.seen, *self = w->self.seen, *right = w->right.seen;
    ask.pair(to, gw_tag_pair(GW_TAG_PAIR_LEFT, left->hash, self->hash));
    ask.pair(to, gw_tag_pair(GW_TAG_PAIR_RIGHT, self->hash, right->hash));
    ask.pair(to, gw_tag_pair(GW_TAG_PAIR_AROUND, left->hash, right->hash));
    ask.cell(to, GW_TAG_CELL(CLUSTERS_LEFT, left->cluster * GW_TAG_CLUSTERS + self->cluster));
    ask.cell(to, GW_TAG_CELL(CLUSTERS_RIGHT, self->cluster * GW_TAG_CLUSTERS + right->cluster));
    ask.cell(to, GW_TAG_CELL(CLUSTERS_AROUND, left->cluster * GW_TAG_CLUSTERS + right->cluster));
    ask.cell(to, GW_TAG_CELL(KNOWN_LEFT, left->known * GW_TAG_KNOWN + self->known));
    ask.cell(to, GW_TAG_CELL(KNOWN_RIGHT, self->known * GW_TAG_KNOWN + right->known));
}

GW_TAG_INLINE void gw_tag_ask_of_article(const struct gw_tag_text *text,
                                         const struct gw_tag_sentence *sentence, bool begins, uint32_t i,
                                         struct gw_tag_asker ask, void *to) {
    const struct gw_tag_seen *seen = &text->seen[text->tokens[i].seen];
    uint32_t small = gw_tag_at_most(seen->small, 2), inside = gw_tag_at_most(seen->inside, 2);
    ask.cell(to, GW_TAG_CELL(SEEN, ((small * 3 + inside) * 2 + begins) * GW_TAG_LINES + sentence->line));
    ask.cell(to, GW_TAG_CELL(SEEN_NEAR, seen->near));
}

GW_TAG_INLINE void gw_tag_ask_of_token(const struct gw_tag_text *text, const struct gw_tag_sentence *sentence,
                                       const struct gw_tag_run *run, uint32_t i, struct gw_tag_asker ask,
                                       void *to) {
    const struct gw_tag_window w = {
        gw_tag_place_by(text, sentence, i, -2), gw_tag_place_by(text, sentence, i, -1),
        gw_tag_place_by(text, sentence, i, 0), gw_tag_place_by(text, sentence, i, 1),
        gw_tag_place_by(text, sentence, i, 2)};
    bool begins = gw_tag_begins_clause(sentence, i);
    gw_tag_ask_of_neighbours(&w, ask, to);
    gw_tag_ask_of_words(&w, text->text->tokens[i].shape & GW_SHAPE_CAPITALS, ask, to);
    gw_tag_ask_of_shapes(&w, ask, to);
    ask.cell(to, GW_TAG_CELL(PLACE, (w.self.seen->shape * 2U + begins) * GW_TAG_LINES + sentence->line));
    if (run) {
        uint32_t before = gw_tag_at_most(i - run->first, 3), behind = gw_tag_at_most(run->last - i, 3);
        ask.cell(to, GW_TAG_CELL(RUN, (before * 4 + behind) * 2 + (sentence->line > 0)));
        gw_tag_ask_of_article(text, sentence, begins, i, ask, to);
    }
}

/* The rows that tell of votes. */
struct gw_tag_vote_cells {
    uint32_t votes, own;
};

/* Most words are capitalised once: then no votes but the token's own are there. */
static inline struct gw_tag_vote_cells gw_tag_ask_of_votes(const struct gw_tag_text *text, uint32_t i,
                                                           unsigned own) {
    const struct gw_tag_seen *seen = &text->seen[text->tokens[i].seen];
    uint32_t best = 0, total = 0, most = 0;
    if (seen->votes[GW_TAG_VOTERS] <= 1) {
        return (struct gw_tag_vote_cells){GW_TAG_CELL(VOTES, 8 * 3), GW_TAG_CELL(VOTES_OWN, 8 * 8 * 2 + own)};
    }
    for (uint32_t type = 0; type < GW_TAG_TYPE_COUNT; type++) {
        uint32_t votes = seen->votes[type] - (uint32_t)(type == own);
        total += votes;
        best = votes > most ? type : best;
        most = votes > most ? votes : most;
    }
    uint32_t agreed = most * 10 >= total * 9 ? 2 : most * 10 >= total * 6 ? 1 : 0;
    return (struct gw_tag_vote_cells){GW_TAG_CELL(VOTES, best * 3 + agreed),
                                      GW_TAG_CELL(VOTES_OWN, (best * 8 + own) * 2 + (total > 1))};
}

#endif
