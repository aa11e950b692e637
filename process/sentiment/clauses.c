/* All looking goes over a bounded number of units, so that many verbs in a sentence cost no more than their
 * number. */
#include "process/sentiment/clauses.h"

/* Units of a verb group, of a phrase before a verb and behind it, between a noun and its preposition, of an
 * apposition, and between "of" and its name. */
#define GROUP_MOST       8U
#define LEFT_MOST        14U
#define PHRASE_MOST      8U
#define BEHIND_MOST      9U
#define APPOSITION_MOST  16U
#define BEFORE_NAME_MOST 4U
#define CLAUSE_MOST      40U

#define is      gw_clause_is
#define is_verb gw_clause_is_verb

static const uint64_t prepositions = GW_GLUE(TO) | GW_GLUE(BY) | GW_GLUE(OF) | GW_GLUE(FOR) |
                                     GW_GLUE(AGAINST) | GW_GLUE(WITH) | GW_GLUE(ON) | GW_GLUE(AT) |
                                     GW_GLUE(OVER) | GW_GLUE(FROM) | GW_GLUE(IN);

/* What may stand in a noun phrase besides its name. */
static const uint64_t in_phrase = GW_GLUE(PLAIN) | GW_GLUE(DETERMINER) | GW_GLUE(PERSON) | GW_GLUE(CLAIM) |
                                  GW_GLUE(HYPHEN) | GW_GLUE(ADVERB);

/* Where a clause ends, whatever follows. */
static const uint64_t ends_clause = GW_GLUE(STOP) | GW_GLUE(CONTRAST) | GW_GLUE(QUOTE) | GW_GLUE(THAT);

static const uint64_t helpers = GW_GLUE(BE) | GW_GLUE(HAVE) | GW_GLUE(MODAL);

/* A noun, or a participle before one: "the alleged thief". */
static bool is_nominal(const struct gw_units *units, uint32_t i) {
    if (!is_verb(units, i)) {
        return false;
    }
    enum gw_verb_form form = gw_class_form(units->items[i].class);
    return form == GW_VERB_NOUN || form == GW_VERB_EITHER;
}

struct gw_verb_group gw_clause_group(const struct gw_units *units, uint32_t verb) {
    static const uint64_t parts = GW_GLUE(ADVERB) | GW_GLUE(NEGATOR) | GW_GLUE(BE) | GW_GLUE(HAVE) |
                                  GW_GLUE(MODAL) | GW_GLUE(TO) | GW_GLUE(DECLINE);
    enum gw_verb_form form = gw_class_form(units->items[verb].class);
    bool participle = form == GW_VERB_PAST || form == GW_VERB_PARTICIPLE;
    struct gw_verb_group group = {.first = verb};
    for (uint32_t i = verb; i-- > 0 && verb - i <= GROUP_MOST;) {
        bool short_of = is(units, i, GW_GLUE(OF)) && i > 0 && is(units, i - 1, GW_GLUE(DECLINE));
        if (!is(units, i, parts) && !short_of) {
            break;
        }
        group.passive = group.passive || (participle && is(units, i, GW_GLUE(BE)) && !group.helped);
        group.helped = group.helped || is(units, i, helpers);
        group.negated = group.negated || is(units, i, GW_GLUE(NEGATOR) | GW_GLUE(DECLINE));
        group.infinitive = group.infinitive || is(units, i, GW_GLUE(TO));
        group.first = i;
    }
    return group;
}

/* The preposition before the name at `name`, over its article and adjectives, or GW_NO_INDEX. */
static uint32_t preposition_before(const struct gw_units *units, uint32_t name) {
    for (uint32_t i = name; i-- > 0 && name - i <= BEFORE_NAME_MOST;) {
        if (is(units, i, prepositions)) {
            return i;
        }
        if (!is(units, i, in_phrase)) {
            break;
        }
    }
    return GW_NO_INDEX;
}

/* The head of the noun phrase that ends at `last`, or a name that belongs to it. `verbs` may stand between
 * with an infinitive: "Ana promised to praise". */
static struct gw_party phrase_before(const struct gw_units *units, uint32_t last, bool verbs) {
    struct gw_party party = GW_NOBODY;
    bool person = false;
    for (uint32_t i = last + 1; i-- > 0 && last - i <= LEFT_MOST;) {
        uint32_t preposition = is(units, i, GW_GLUE(NAME)) ? preposition_before(units, i) : GW_NO_INDEX;
        if (is(units, i, GW_GLUE(NAME)) && preposition == GW_NO_INDEX) {
            bool owner = is(units, i + 1, GW_GLUE(POSSESSIVE));
            return (struct gw_party){i, owner, owner && person, party.is_negated};
        }
        if (preposition != GW_NO_INDEX) {
            party.unit = party.unit == GW_NO_INDEX && is(units, preposition, GW_GLUE(OF) | GW_GLUE(FOR))
                             ? i
                             : party.unit;
            i = preposition;
            continue;
        }
        person = person || is(units, i, GW_GLUE(PERSON));
        party.is_negated = party.is_negated || is(units, i, GW_GLUE(NEGATOR));
        bool passes = is(units, i, in_phrase | GW_GLUE(POSSESSIVE) | GW_GLUE(NEGATOR) | prepositions) ||
                      is_nominal(units, i) || (verbs && is(units, i, GW_GLUE(SPEECH) | helpers));
        if (!passes) {
            break;
        }
    }
    party.inner = party.unit != GW_NO_INDEX;
    party.of_person = party.inner && person;
    return party;
}

struct gw_party gw_clause_opening(const struct gw_units *units, uint32_t unit) {
    uint32_t start = unit;
    while (start > 0 && unit - start < CLAUSE_MOST && !is(units, start - 1, ends_clause)) {
        start--;
    }
    for (uint32_t i = start; i < unit; i++) {
        if (is(units, i, GW_GLUE(NAME)) && preposition_before(units, i) == GW_NO_INDEX) {
            bool owner = is(units, i + 1, GW_GLUE(POSSESSIVE));
            return (struct gw_party){i, owner, owner, false};
        }
    }
    return GW_NOBODY;
}

/* Before a comma: what the words between two commas say more of ("Ana Lund, the mayor, blamed"), or the name
 * between them ("the mayor, Ana Lund, blamed"). */
static struct gw_party before_comma(const struct gw_units *units, uint32_t comma) {
    for (uint32_t i = comma; i-- > 0 && comma - i <= APPOSITION_MOST && !is(units, i, ends_clause);) {
        if (!is(units, i, GW_GLUE(COMMA))) {
            continue;
        }
        if (is(units, i + 1, GW_GLUE(NAME)) && i + 2 == comma) {
            return (struct gw_party){i + 1, false, false, false};
        }
        return i > 0 ? phrase_before(units, i - 1, false) : GW_NOBODY;
    }
    return GW_NOBODY;
}

struct gw_party gw_clause_subject(const struct gw_units *units, const struct gw_verb_group *group) {
    if (group->first == 0) {
        return GW_NOBODY;
    }
    uint32_t last = group->first - 1;
    if (is(units, last, GW_GLUE(WHO) | GW_GLUE(THAT)) && last > 0) {
        last -= is(units, last - 1, GW_GLUE(COMMA)) && last > 1 ? 2 : 1;
        return phrase_before(units, last, false);
    }
    if (is(units, last, GW_GLUE(COMMA))) {
        return before_comma(units, last);
    }
    if (is(units, last, GW_GLUE(AND) | GW_GLUE(CONTRAST))) {
        return last > 0 ? gw_clause_opening(units, last) : GW_NOBODY;
    }
    return phrase_before(units, last, group->infinitive);
}

/* "the head of Siemens, Karl Brandt": the name behind the comma at `comma`, or GW_NO_INDEX. */
static uint32_t named_behind(const struct gw_units *units, uint32_t comma) {
    return is(units, comma, GW_GLUE(COMMA)) && is(units, comma + 1, GW_GLUE(NAME)) ? comma + 1 : GW_NO_INDEX;
}

/* Somebody else is meant: "Ana's younger brother". */
static bool owns_person(const struct gw_units *units, uint32_t name) {
    uint32_t i = name + 2;
    while (i < name + 2 + BEFORE_NAME_MOST && is(units, i, GW_GLUE(PLAIN) | GW_GLUE(HYPHEN))) {
        i++;
    }
    return is(units, i, GW_GLUE(PERSON));
}

static struct gw_party party_at(const struct gw_units *units, uint32_t name, bool person) {
    bool owner = is(units, name + 1, GW_GLUE(POSSESSIVE));
    return (struct gw_party){name, owner, owner && (person || owns_person(units, name)), false};
}

/* Behind a noun's "of" at `of`. */
static struct gw_party party_of(const struct gw_units *units, uint32_t of, bool person) {
    uint32_t name = of + 1;
    while (name <= of + BEFORE_NAME_MOST && is(units, name, in_phrase)) {
        name++;
    }
    if (!is(units, name, GW_GLUE(NAME))) {
        return GW_NOBODY;
    }
    uint32_t named = person ? named_behind(units, name + 1) : GW_NO_INDEX;
    return named != GW_NO_INDEX ? (struct gw_party){named, false, false, false}
                                : (struct gw_party){name, true, person, false};
}

struct gw_party gw_clause_phrase(const struct gw_units *units, uint32_t from) {
    bool person = false;
    for (uint32_t i = from; i < units->count && i - from < PHRASE_MOST; i++) {
        if (is(units, i, GW_GLUE(NAME))) {
            return party_at(units, i, false);
        }
        if (is(units, i, GW_GLUE(OF)) && i > from) {
            return party_of(units, i, person);
        }
        if (person && named_behind(units, i) != GW_NO_INDEX) {
            return party_at(units, i + 1, false);
        }
        person = person || is(units, i, GW_GLUE(PERSON));
        if (!is(units, i, in_phrase | GW_GLUE(QUOTE)) && !is_nominal(units, i)) {
            break;
        }
    }
    return GW_NOBODY;
}

struct gw_party gw_clause_behind(const struct gw_units *units, uint32_t from, uint64_t wanted) {
    static const uint64_t ends = GW_GLUE(STOP) | GW_GLUE(CONTRAST) | GW_GLUE(THAT) | GW_GLUE(WHO) |
                                 GW_GLUE(COMMA) | GW_GLUE(BE) | GW_GLUE(HAVE) | GW_GLUE(MODAL) |
                                 GW_GLUE(SPEECH);
    for (uint32_t i = from; i < units->count && i - from < BEHIND_MOST && !is(units, i, ends); i++) {
        if (!is(units, i, wanted)) {
            continue;
        }
        struct gw_party party = gw_clause_phrase(units, i + 1);
        if (party.unit != GW_NO_INDEX) {
            return party;
        }
    }
    return GW_NOBODY;
}

struct gw_party gw_clause_possessor(const struct gw_units *units, uint32_t noun) {
    for (uint32_t i = noun; i-- > 0 && noun - i <= BEFORE_NAME_MOST;) {
        if (is(units, i, GW_GLUE(POSSESSIVE)) && i > 0 && is(units, i - 1, GW_GLUE(NAME))) {
            return (struct gw_party){i - 1, false, false, false};
        }
        if (!is(units, i, GW_GLUE(PLAIN) | GW_GLUE(ADVERB) | GW_GLUE(HYPHEN))) {
            break;
        }
    }
    return GW_NOBODY;
}

/* Over "and", commas and articles, or GW_NO_INDEX. */
static uint32_t listed_right(const struct gw_units *units, uint32_t unit) {
    uint32_t i = unit + 1;
    bool and_ = false, comma = false;
    for (; is(units, i, GW_GLUE(COMMA) | GW_GLUE(AND) | GW_GLUE(DETERMINER)); i++) {
        and_ = and_ || is(units, i, GW_GLUE(AND));
        comma = comma || is(units, i, GW_GLUE(COMMA));
    }
    bool goes_on = and_ || (comma && is(units, i + 1, GW_GLUE(COMMA) | GW_GLUE(AND)));
    /* "Ana, Paul and" is a list, "Ana, the mayor" is none. */
    return goes_on && is(units, i, GW_GLUE(NAME)) && !is(units, i + 1, GW_GLUE(POSSESSIVE)) ? i : GW_NO_INDEX;
}

static uint32_t listed_left(const struct gw_units *units, uint32_t unit) {
    uint32_t i = unit;
    bool listed = false;
    for (; i > 0 && is(units, i - 1, GW_GLUE(COMMA) | GW_GLUE(AND) | GW_GLUE(DETERMINER)); i--) {
        listed = listed || is(units, i - 1, GW_GLUE(AND)) ||
                 (is(units, i - 1, GW_GLUE(COMMA)) && is(units, unit + 1, GW_GLUE(AND) | GW_GLUE(COMMA)));
    }
    return listed && i > 0 && is(units, i - 1, GW_GLUE(NAME)) ? i - 1 : GW_NO_INDEX;
}

uint32_t gw_clause_next_listed(const struct gw_units *units, uint32_t unit, bool left) {
    return left ? listed_left(units, unit) : listed_right(units, unit);
}
