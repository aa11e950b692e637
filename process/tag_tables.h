/* What the tagger of names is made of: its labels, and the kinds of rows that the model has for it. A row has
 * a weight for each label; a token's scores are the sum of the rows that its surroundings choose. */
#ifndef GW_PROCESS_TAG_TABLES_H
#define GW_PROCESS_TAG_TABLES_H

#include <stdint.h>

/* Outside, and begin and inside of each type: the label of a type's begin is odd, that of its inside follows.
 */
enum gw_tag {
    GW_TAG_OUTSIDE,
    GW_TAG_PERSON,
    GW_TAG_ORG = 3,
    GW_TAG_LOC = 5,
    GW_TAG_FAC = 7,
    GW_TAG_NORP = 9,
    GW_TAG_PRODUCT = 11,
    GW_TAG_MISC = 13,
    GW_TAG_COUNT = 15
};

/* Labels in a row; the last one is never chosen. */
#define GW_TAG_ROW 16

/* Types of names that have labels; 0 is none. */
#define GW_TAG_TYPE_COUNT 8U

static inline unsigned gw_tag_type(unsigned tag) {
    return (tag + 1) / 2;
}

struct gw_tag_row {
    int16_t weight[GW_TAG_ROW];
};

/* Weights are in units of 2^-8. */
#define GW_TAG_SCALE 256

/* Where a word may stand, seen from the token that is tagged. A run is a stretch of capitalised words. What
 * is mostly asked of a word together lies in one line of the cache. */
#define GW_TAG_ROLE_TABLE(X)                                                                                 \
    X(SELF)                                                                                                  \
    X(RUN_FIRST)                                                                                             \
    X(RUN_LAST)                                                                                              \
    X(CAPITALS) /* itself, when all its letters are capitals */                                              \
    X(LEFT)                                                                                                  \
    X(RUN_BEFORE)                                                                                            \
    X(RIGHT)                                                                                                 \
    X(RUN_BEHIND)                                                                                            \
    X(LEFT2)                                                                                                 \
    X(RIGHT2)

enum gw_tag_role {
#define GW_TAG_ROLE_ENUM(name) GW_TAG_ROLE_##name,
    GW_TAG_ROLE_TABLE(GW_TAG_ROLE_ENUM)
#undef GW_TAG_ROLE_ENUM
        GW_TAG_ROLE_COUNT
};

/* All rows of one word. */
struct gw_tag_word {
    struct gw_tag_row role[GW_TAG_ROLE_COUNT];
};

/* Words that are none of the model's, by what they are instead; the model's own come behind them. */
enum gw_tag_stand_in {
    GW_TAG_UNKNOWN,
    GW_TAG_BEFORE_SENTENCE,
    GW_TAG_BEHIND_SENTENCE,
    GW_TAG_POSSESSIVE,
    GW_TAG_URL,
    GW_TAG_NUMBER_SMALL, /* one or two digits */
    GW_TAG_NUMBER_YEAR,  /* four */
    GW_TAG_NUMBER_LETTERED,
    GW_TAG_NUMBER_OTHER,
    GW_TAG_MARK, /* plus enum gw_mark */
    GW_TAG_STAND_IN_COUNT = GW_TAG_MARK + 32
};

#define GW_TAG_SHAPES   16U
#define GW_TAG_CLUSTERS 64U
#define GW_TAG_KNOWN    66U /* 0, or a gazetteer name's type, place in it and strength */
#define GW_TAG_LINES    3U

/* Tables that are looked up by number: name, rows. */
#define GW_TAG_CELL_TABLE(X)                                                                                 \
    X(SHAPES, GW_TAG_SHAPES *GW_TAG_SHAPES *GW_TAG_SHAPES)       /* left, itself, right */                   \
    X(SHAPES_LEFT, GW_TAG_SHAPES *GW_TAG_SHAPES *GW_TAG_SHAPES)  /* two to the left, itself */               \
    X(SHAPES_RIGHT, GW_TAG_SHAPES *GW_TAG_SHAPES *GW_TAG_SHAPES) /* itself, two to the right */              \
    X(PLACE, GW_TAG_SHAPES * 2 * GW_TAG_LINES)                   /* itself, begins a clause, line */         \
    X(CLUSTERS_LEFT, GW_TAG_CLUSTERS *GW_TAG_CLUSTERS)           /* left, itself */                          \
    X(CLUSTERS_RIGHT, GW_TAG_CLUSTERS *GW_TAG_CLUSTERS)          /* itself, right */                         \
    X(CLUSTERS_AROUND, GW_TAG_CLUSTERS *GW_TAG_CLUSTERS)         /* left, right */                           \
    X(KNOWN_LEFT, GW_TAG_KNOWN *GW_TAG_KNOWN)                    /* left, itself */                          \
    X(KNOWN_RIGHT, GW_TAG_KNOWN *GW_TAG_KNOWN)                   /* itself, right */                         \
    X(RUN, 4 * 4 * 2)                                            /* words before and behind in the run */    \
    X(RUN_ENDS, GW_TAG_CLUSTERS *GW_TAG_CLUSTERS * 4)            /* first and last word, length */           \
    X(RUN_KNOWN, GW_TAG_KNOWN *GW_TAG_KNOWN)                     /* first and last word */                   \
    X(SEEN, 3 * 3 * 2 * GW_TAG_LINES)                            /* how the article writes the word */       \
    X(SEEN_NEAR, 64)                                             /* what stands beside it elsewhere */       \
    X(VOTES, 8 * 3 + 1)         /* its tags elsewhere: type, how many agree */                               \
    X(VOTES_OWN, 8 * 8 * 2 + 8) /* the same beside its own first tag */

enum gw_tag_cell {
#define GW_TAG_CELL_ENUM(name, rows) GW_TAG_CELL_##name,
    GW_TAG_CELL_TABLE(GW_TAG_CELL_ENUM)
#undef GW_TAG_CELL_ENUM
        GW_TAG_CELL_COUNT
};

/* The rows of all tables lie behind each other, as the bytes do here. */
struct gw_tag_cell_layout {
#define GW_TAG_CELL_ROWS(name, rows) uint8_t name[rows];
    GW_TAG_CELL_TABLE(GW_TAG_CELL_ROWS)
#undef GW_TAG_CELL_ROWS
};
#define GW_TAG_CELL_ROWS_ALL ((uint32_t)sizeof(struct gw_tag_cell_layout))

/* Rows that are found by the hash of two things: name. */
#define GW_TAG_PAIR_TABLE(X)                                                                                 \
    X(LEFT)                                                                                                  \
    X(RIGHT)                                                                                                 \
    X(AROUND)                                                                                                \
    X(RUN_AROUND)                                                                                            \
    X(RUN_BEFORE)                                                                                            \
    X(RUN_BEHIND)                                                                                            \
    X(RUN_WORDS) /* all words of the run */                                                                  \
    X(AFFIX)     /* a beginning or an end of a word that has no rows of its own */

enum gw_tag_pair {
#define GW_TAG_PAIR_ENUM(name) GW_TAG_PAIR_##name,
    GW_TAG_PAIR_TABLE(GW_TAG_PAIR_ENUM)
#undef GW_TAG_PAIR_ENUM
        GW_TAG_PAIR_COUNT
};

/* What a mention's confidence is when its margin is at least so much. */
struct gw_tag_confidence {
    int32_t margin; /* in units of 2^-8 */
    int32_t confidence;
};

#endif
