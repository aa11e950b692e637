/* Who stands where in a sentence: the names in front of a verb and behind it, by the classes of its units
 * alone. */
#ifndef GW_PROCESS_SENTIMENT_CLAUSES_H
#define GW_PROCESS_SENTIMENT_CLAUSES_H

#include "process/sentiment/target_units.h"
#include "process/sentiment/verb_frames.h"

/* A name where a noun phrase may stand. */
struct gw_party {
    uint32_t unit;   /* GW_NO_INDEX: none */
    bool inner;      /* it only belongs to the phrase: "the government of Kenya", "Kenya's minister" */
    bool of_person;  /* and what it belongs to is somebody else */
    bool is_negated; /* "no one" */
};

/* What the functions below return when there is no such name. */
#define GW_NOBODY ((struct gw_party){GW_NO_INDEX, false, false, false})

/* The verb with what stands before it: "has never been accused". */
struct gw_verb_group {
    uint32_t first;                            /* unit */
    bool passive, negated, infinitive, helped; /* `helped`: by "is", "has", "will" or the like */
};

static inline bool gw_clause_is(const struct gw_units *units, uint32_t i, uint64_t glue) {
    return i < units->count && units->items[i].class < GW_CLASS_VERBS && (glue >> units->items[i].class & 1);
}

static inline bool gw_clause_is_verb(const struct gw_units *units, uint32_t i) {
    return i < units->count && units->items[i].class >= GW_CLASS_VERBS;
}

/* The group of the verb at `verb`. */
struct gw_verb_group gw_clause_group(const struct gw_units *units, uint32_t verb);

/* Who does what a verb group says that begins at `first`. */
struct gw_party gw_clause_subject(const struct gw_units *units, const struct gw_verb_group *group);

/* The name that opens the clause in which `unit` stands, before it. */
struct gw_party gw_clause_opening(const struct gw_units *units, uint32_t unit);

/* The name in the noun phrase that begins at `from`. */
struct gw_party gw_clause_phrase(const struct gw_units *units, uint32_t from);

/* The name in the phrase behind the first of `prepositions` among the next units from `from` on. */
struct gw_party gw_clause_behind(const struct gw_units *units, uint32_t from, uint64_t prepositions);

/* "Ana's brother's praise": whose the noun at `noun` is. */
struct gw_party gw_clause_possessor(const struct gw_units *units, uint32_t noun);

/* The next of the names that stand side by side with the one at `unit`, after it or (`left`) before it:
 * "Ana, Paul and Rosa"; GW_NO_INDEX when there is none. */
uint32_t gw_clause_next_listed(const struct gw_units *units, uint32_t unit, bool left);

#endif
