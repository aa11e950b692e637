/* A sentence as the model of targets sees it: words, and names that are all alike, so that the model cannot
 * tell who they are. */
#ifndef GW_PROCESS_SENTIMENT_TARGET_UNITS_H
#define GW_PROCESS_SENTIMENT_TARGET_UNITS_H

#include "process/sentiment/markers.h"

/* Keys of what is no word; those of words and pairs are hashes. Each is also the number of its row. */
enum gw_unit_key {
    GW_UNIT_NAME = 1,
    GW_UNIT_NUMBER,
    GW_UNIT_POSSESSIVE,
    GW_UNIT_POSITIVE, /* the weight of a word's marker */
    GW_UNIT_NEGATIVE,
    GW_UNIT_BIAS,
    GW_UNIT_FIRST, /* the mention begins the sentence */
    GW_UNIT_LAST,
    GW_UNIT_QUOTED, /* the mention stands in quotation marks */
    GW_UNIT_QUOTES, /* the sentence has some */
    GW_UNIT_QUESTION,
    GW_UNIT_NAMES,           /* + the number of names, at most GW_UNIT_NAMES_MOST */
    GW_UNIT_TONE = 16,       /* + the sum of the weights, in GW_UNIT_TONES steps */
    GW_UNIT_FLAG = 32,       /* + the bit of a word's flag */
    GW_UNIT_ROLE = 96,       /* + enum gw_verb_role of the mention, told by a noun or by speech */
    GW_UNIT_MARK = 128,      /* + enum gw_mark */
    GW_UNIT_VERB_ROLE = 160, /* + enum gw_verb_role, told by a verb */
};
#define GW_UNIT_NAMES_MOST 3U
#define GW_UNIT_TONES      7

struct gw_unit {
    uint64_t key;
    uint64_t pair;        /* the key of it and the unit before; 0 for the first */
    uint64_t flags;       /* of its word; 0 for what is none */
    gw_e4 weight;         /* of its word, as the markers count it */
    uint32_t first, last; /* tokens */
    bool quoted;
    bool parts;    /* what stands behind it is not what stands before it: a comma or the like, or a name */
    uint8_t class; /* of its word: verb_frames.h */
    uint8_t role, rank; /* of a name: enum gw_verb_role, enum gw_role_rank; gw_verb_roles_find sets them */
};

/* One sentence. */
struct gw_units {
    struct gw_unit *items; /* room for gw_units_most, or for GW_UNITS_AROUND_MOST */
    uint32_t count;
    uint32_t names;
    gw_e4 tone; /* the sum of the weights */
    bool quotes, question;
};

struct gw_unit_input {
    const struct gw_text *text;
    const struct gw_model *model;
    const struct gw_name_spans *spans;
    const struct gw_markers_found *markers;
};

/* As many units as the longest of the text's sentences can have. */
uint32_t gw_units_most(const struct gw_text *text);

/* As many as gw_units_cut_around looks at: far more than count, so that many targets in a sentence without
 * end cost no more than their number. */
#define GW_UNITS_AROUND_MOST 1024U

/* Cuts sentence `sentence` into units. A name, found or only looking like one, is one unit; so are names that
 * stand side by side. */
void gw_units_cut(const struct gw_unit_input *input, uint32_t sentence, struct gw_units *units);

/* Cuts the sentence in which `target` lies, with the target as a unit of its own. Returns that unit, or
 * GW_NO_INDEX when the target holds no token. */
uint32_t gw_units_cut_around(const struct gw_unit_input *input, struct gw_span target,
                             struct gw_units *units);

/* The unit that holds `token`, looked for from unit `from` on. */
static inline uint32_t gw_units_find(const struct gw_units *units, uint32_t token, uint32_t from) {
    while (from < units->count && units->items[from].last < token) {
        from++;
    }
    return from < units->count ? from : GW_NO_INDEX;
}

#endif
