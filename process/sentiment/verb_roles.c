/* Tables say what a verb makes of those around it, clauses.c who they are; here is what verbs, passives,
 * nouns and denials do with both. */
#include "process/sentiment/verb_roles.h"

#include "process/sentiment/clauses.h"

#define is      gw_clause_is
#define is_verb gw_clause_is_verb

/* Units behind a verb where a claim is looked for, before a noun where its verb and its "no" are, and what
 * somebody is called. */
#define CLAIM_REACH  6U
#define NOUN_REACH   4U
#define CALLED_REACH 6U
#define AGENT_REACH  9U

/* Units behind a denial that are still denied, where no other clause begins before. */
#define DENIAL_REACH 24U

/* Names of a list that share a role: "Ana, Paul and Rosa were accused". */
#define LIST_MOST 16U

/* Weights of markers that make a word for somebody a praise or a reproach. */
#define CALLED_LEAST 900

static const struct {
    uint8_t subject, object; /* enum gw_verb_role */
    uint8_t marker;          /* enum gw_marker_kind */
    uint64_t verb_before, noun_before;
} frames[GW_FRAME_COUNT] = {
#define FRAME_ROW(name, list, subject, object, kind, verb_before, noun_before)                               \
    [GW_FRAME_##name] = {GW_ROLE_##subject, GW_ROLE_##object, kind, verb_before, noun_before},
    GW_FRAME_TABLE(FRAME_ROW)
#undef FRAME_ROW
};

static const uint8_t signs[GW_ROLE_COUNT] = {
#define ROLE_SIGN(name, sign) [GW_ROLE_##name] = sign,
    GW_VERB_ROLE_TABLE(ROLE_SIGN)
#undef ROLE_SIGN
};

enum gw_marker_kind gw_frame_marker(enum gw_frame frame) {
    return (enum gw_marker_kind)frames[frame].marker;
}

struct reader {
    struct gw_units *units;
    struct gw_acts *acts;
    uint32_t denial; /* the verb that denies what follows it, or GW_NO_INDEX */
};

/* One verb or noun while it is read. */
struct act {
    uint32_t unit;
    enum gw_frame frame;
    struct gw_verb_group group;
    struct gw_party subject, object;
    bool noun;
};

static bool has(struct gw_party party) {
    return party.unit != GW_NO_INDEX;
}

static void set_role(struct gw_units *units, uint32_t unit, enum gw_verb_role role, enum gw_role_rank rank) {
    struct gw_unit *at = &units->items[unit];
    if (role != GW_ROLE_NONE && rank > at->rank) {
        at->role = (uint8_t)role;
        at->rank = (uint8_t)rank;
    }
}

/* To the party and to those who are listed with it. What is said of somebody's brother says nothing of them,
 * and only what is said of a country's government is said of the country, not what it did. */
static void give_role(struct gw_units *units, struct gw_party party, enum gw_verb_role role,
                      enum gw_role_rank rank, bool patient) {
    if (!has(party) || role == GW_ROLE_NONE) {
        return;
    }
    bool neutral = signs[role] == GW_NEUTRAL;
    if (party.inner && !neutral && (party.of_person || !patient)) {
        role = GW_ROLE_ASIDE;
    }
    set_role(units, party.unit, role, rank);
    for (int left = 0; left < 2 && !party.inner; left++) {
        uint32_t name = gw_clause_next_listed(units, party.unit, left);
        for (uint32_t listed = 0; listed < LIST_MOST && name != GW_NO_INDEX; listed++) {
            set_role(units, name, role, rank);
            name = gw_clause_next_listed(units, name, left);
        }
    }
}

/* The first of those who are listed with the party. */
static uint32_t first_listed(const struct gw_units *units, uint32_t name) {
    for (uint32_t listed = 0; listed < LIST_MOST && name != GW_NO_INDEX; listed++) {
        uint32_t before = gw_clause_next_listed(units, name, true);
        if (before == GW_NO_INDEX) {
            break;
        }
        name = before;
    }
    return name;
}

static enum gw_role_rank rank_of(enum gw_verb_role role, const struct act *act) {
    bool signed_ = signs[role] != GW_NEUTRAL || role == GW_ROLE_DENIER || role == GW_ROLE_CLEARED ||
                   role == GW_ROLE_SPARED;
    return (enum gw_role_rank)((act->noun ? GW_RANK_NOUN : GW_RANK_VERB) + signed_);
}

/* "denied that Paul had lied", "denied attacking Paul". What another clause says is no longer denied: "and
 * blamed Paul", "but Paul said". */
static bool is_denied(const struct reader *reader, const struct act *act) {
    const struct gw_units *units = reader->units;
    uint32_t first = act->group.first;
    if (reader->denial >= first || first - reader->denial > DENIAL_REACH ||
        is(units, first - 1, GW_GLUE(AND))) {
        return false;
    }
    for (uint32_t i = reader->denial; i < first; i++) {
        bool next_clause = is(units, i, GW_GLUE(COMMA)) && is(units, i + 1, GW_GLUE(AND));
        if (next_clause || is(units, i, GW_GLUE(CONTRAST) | GW_GLUE(STOP) | GW_GLUE(SPEECH))) {
            return false;
        }
    }
    return true;
}

static enum gw_verb_role role_or_spared(enum gw_verb_role role, bool spared) {
    return spared && role != GW_ROLE_NONE && role != GW_ROLE_DENIER ? GW_ROLE_SPARED : role;
}

/* The verb tells of the one who does it. */
static bool is_about_subject(enum gw_frame frame) {
    return frame == GW_FRAME_WRONG || frame == GW_FRAME_CONFESS || frame == GW_FRAME_WIN ||
           frame == GW_FRAME_LOSE;
}

static void list_act(struct reader *reader, const struct act *act, bool negated) {
    struct gw_party about = is_about_subject(act->frame) ? act->subject : act->object;
    bool nobody_meant = frames[act->frame].object == GW_ROLE_NONE && act->frame != GW_FRAME_JUDGE &&
                        !is_about_subject(act->frame);
    if (reader->acts->count < GW_ACTS_MOST) {
        reader->acts->items[reader->acts->count++] =
            (struct gw_act){.unit = act->unit,
                            .about = nobody_meant ? GW_NO_INDEX : first_listed(reader->units, about.unit),
                            .frame = (uint8_t)act->frame,
                            .negated = negated};
    }
}

static void finish(struct reader *reader, const struct act *act, enum gw_verb_role object_role) {
    bool negated = act->group.negated || act->subject.is_negated || act->object.is_negated;
    bool spared = negated || is_denied(reader, act);
    enum gw_verb_role subject = role_or_spared((enum gw_verb_role)frames[act->frame].subject, spared);
    enum gw_verb_role object = role_or_spared(object_role, spared);
    give_role(reader->units, act->subject, subject, rank_of(subject, act), false);
    give_role(reader->units, act->object, object, rank_of(object, act), true);
    list_act(reader, act, negated);
}

/* "accused of", "praised by": no object follows, so it is a participle. */
static bool is_bare_participle(const struct gw_units *units, uint32_t verb) {
    static const uint64_t behind = GW_GLUE(BY) | GW_GLUE(OF) | GW_GLUE(FOR) | GW_GLUE(WITH) | GW_GLUE(OVER) |
                                   GW_GLUE(IN) | GW_GLUE(ON) | GW_GLUE(AT) | GW_GLUE(COMMA) | GW_GLUE(STOP) |
                                   GW_GLUE(FROM);
    uint32_t next = verb + 1;
    while (is(units, next, GW_GLUE(ADVERB))) {
        next++;
    }
    return next >= units->count || is(units, next, behind);
}

/* "is accused and condemned": the second verb is as passive as the first. */
static bool shares_helper(const struct gw_units *units, const struct act *act) {
    uint32_t first = act->group.first;
    if (first == 0 || !is(units, first - 1, GW_GLUE(AND))) {
        return false;
    }
    for (uint32_t i = first - 1; i-- > 0 && first - i <= CLAIM_REACH;) {
        if (is(units, i, GW_GLUE(BE))) {
            return true;
        }
    }
    return false;
}

static bool is_passive(const struct gw_units *units, const struct act *act) {
    enum gw_verb_form form = gw_class_form(units->items[act->unit].class);
    if (frames[act->frame].verb_before & ~GW_GLUE(THAT)) {
        return false;
    }
    if (act->group.passive) {
        return true;
    }
    bool participle = form == GW_VERB_PAST || form == GW_VERB_PARTICIPLE;
    bool claimed = act->frame == GW_FRAME_DENY || act->frame == GW_FRAME_REJECT ||
                   act->frame == GW_FRAME_CONFESS || act->frame == GW_FRAME_WIN ||
                   act->frame == GW_FRAME_WRONG;
    if (!participle || act->group.helped || claimed || !is_bare_participle(units, act->unit)) {
        return false;
    }
    uint32_t first = act->group.first;
    bool coordinated = first > 0 && is(units, first - 1, GW_GLUE(AND) | GW_GLUE(WHO));
    return !coordinated || shares_helper(units, act) || is(units, act->unit + 1, GW_GLUE(BY));
}

/* Verbs that mean something else without their object. */
static bool needs_object(enum gw_frame frame) {
    return frame == GW_FRAME_LOSE || frame == GW_FRAME_CLEAR || frame == GW_FRAME_JUDGE ||
           frame == GW_FRAME_BEAT || frame == GW_FRAME_FIGHT || frame == GW_FRAME_OPPOSE ||
           frame == GW_FRAME_PUNISH;
}

/* "Accused of fraud, Tariq fled" */
static struct gw_party behind_next_comma(const struct gw_units *units, uint32_t from) {
    for (uint32_t i = from; i < units->count && i - from < AGENT_REACH * 2; i++) {
        if (is(units, i, GW_GLUE(COMMA))) {
            return gw_clause_phrase(units, i + 1);
        }
    }
    return GW_NOBODY;
}

static bool opens_sentence(const struct gw_units *units, uint32_t unit) {
    return unit == 0 || is(units, unit - 1, GW_GLUE(QUOTE) | GW_GLUE(STOP));
}

/* "the mayor, Boris Grace, blamed for the flood, stayed": whom a participle belongs to. */
static struct gw_party owner_of_participle(const struct gw_units *units, const struct act *act) {
    if (opens_sentence(units, act->group.first)) {
        return behind_next_comma(units, act->unit + 1);
    }
    struct gw_verb_group group = act->group;
    bool comma = is(units, group.first - 1, GW_GLUE(COMMA));
    if (comma && group.first > 1) {
        group.first--;
    }
    return gw_clause_subject(units, &group);
}

static void read_passive(struct reader *reader, struct act *act) {
    const struct gw_units *units = reader->units;
    act->object =
        act->group.passive ? gw_clause_subject(units, &act->group) : owner_of_participle(units, act);
    if (needs_object(act->frame) && !has(act->object)) {
        return;
    }
    act->subject = gw_clause_behind(units, act->unit + 1, GW_GLUE(BY));
    finish(reader, act, (enum gw_verb_role)frames[act->frame].object);
}

/* "accused Paul of attacking Ana": Paul attacks; "denied attacking", ", blaming Paul": who the clause is of.
 */
static struct gw_party subject_of_gerund(const struct reader *reader, const struct act *act) {
    const struct gw_units *units = reader->units;
    uint32_t first = act->group.first;
    bool governed = first > 0 && is(units, first - 1, GW_GLUE(OF) | GW_GLUE(FOR) | GW_GLUE(FROM));
    for (uint32_t i = reader->acts->count; governed && i-- > 0;) {
        if (reader->acts->items[i].about != GW_NO_INDEX && reader->acts->items[i].unit < act->unit) {
            return (struct gw_party){reader->acts->items[i].about, false, false, false};
        }
    }
    return act->group.helped ? gw_clause_subject(units, &act->group) : gw_clause_opening(units, first);
}

static struct gw_party object_of(const struct gw_units *units, const struct act *act) {
    uint64_t before = frames[act->frame].verb_before;
    uint32_t next = act->unit + 1;
    while (is(units, next, GW_GLUE(ADVERB) | GW_GLUE(PRONOUN))) {
        next++;
    }
    if (before == GW_GLUE(THAT)) {
        next += is(units, next, before);
        return gw_clause_phrase(units, next);
    }
    if (before != 0) {
        while (is(units, next, before) && is(units, next + 1, before)) {
            next++;
        }
        return is(units, next, before) ? gw_clause_phrase(units, next + 1) : GW_NOBODY;
    }
    return gw_clause_phrase(units, next);
}

/* "called Paul a liar", "described Ana as brilliant" */
static enum gw_verb_role called(const struct gw_units *units, uint32_t name) {
    int64_t sum = 0;
    for (uint32_t i = name + 1; i < units->count && i - name <= CALLED_REACH; i++) {
        if (is(units, i, GW_GLUE(STOP) | GW_GLUE(CONTRAST) | GW_GLUE(NAME) | GW_GLUE(COMMA))) {
            break;
        }
        sum += units->items[i].weight;
    }
    return sum <= -CALLED_LEAST ? GW_ROLE_CRITICISED : sum >= CALLED_LEAST ? GW_ROLE_PRAISED : GW_ROLE_NONE;
}

/* What is rejected is a claim and no offer. */
static bool rejects_claim(const struct gw_units *units, uint32_t verb) {
    for (uint32_t i = verb + 1; i < units->count && i - verb <= CLAIM_REACH; i++) {
        enum gw_frame frame = is_verb(units, i) ? gw_class_frame(units->items[i].class) : GW_FRAME_COUNT;
        if (is(units, i, GW_GLUE(CLAIM)) || frame == GW_FRAME_ACCUSE || frame == GW_FRAME_CRITICISE) {
            return true;
        }
        if (is(units, i, GW_GLUE(STOP) | GW_GLUE(COMMA))) {
            break;
        }
    }
    return false;
}

static void read_active(struct reader *reader, struct act *act) {
    const struct gw_units *units = reader->units;
    bool gerund = gw_class_form(units->items[act->unit].class) == GW_VERB_ING;
    act->object = object_of(units, act);
    act->subject = gerund ? subject_of_gerund(reader, act) : gw_clause_subject(units, &act->group);
    if ((needs_object(act->frame) && !has(act->object)) ||
        (act->frame == GW_FRAME_REJECT && !rejects_claim(units, act->unit))) {
        return;
    }
    bool only_wanted = act->group.infinitive && (act->frame == GW_FRAME_WIN || act->frame == GW_FRAME_LOSE ||
                                                 act->frame == GW_FRAME_BEAT);
    if (only_wanted) {
        return;
    }
    bool judges = act->frame == GW_FRAME_JUDGE;
    enum gw_verb_role role =
        judges ? called(units, act->object.unit) : (enum gw_verb_role)frames[act->frame].object;
    finish(reader, act, role);
    if (act->frame == GW_FRAME_DENY || act->frame == GW_FRAME_REJECT) {
        reader->denial = act->unit;
    }
}

/* The nearest unit of a kind among the few before a noun, over what belongs to its phrase. */
static uint32_t before_noun(const struct gw_units *units, uint32_t noun, uint64_t wanted) {
    for (uint32_t i = noun; i-- > 0 && noun - i <= NOUN_REACH;) {
        if (is(units, i, wanted)) {
            return i;
        }
        if (!is(units, i, GW_GLUE(PLAIN) | GW_GLUE(DETERMINER) | GW_GLUE(ADVERB) | GW_GLUE(NEGATOR))) {
            break;
        }
    }
    return GW_NO_INDEX;
}

/* "faces accusations", "won praise" */
static uint32_t receiver_before(const struct gw_units *units, uint32_t noun) {
    uint32_t at = before_noun(units, noun, GW_GLUE(RECEIVE));
    for (uint32_t i = noun; at == GW_NO_INDEX && i-- > 0 && noun - i <= NOUN_REACH;) {
        if (is_verb(units, i) && gw_class_frame(units->items[i].class) == GW_FRAME_WIN) {
            at = i;
        }
    }
    return at;
}

/* Says of the object what the noun has: by its preposition, by "faces" or "draws" before it, or by whose it
 * is ("Ana's arrest"). */
static void set_object_of_noun(const struct gw_units *units, struct act *act) {
    uint32_t receiver = receiver_before(units, act->unit);
    act->object = gw_clause_behind(units, act->unit + 1, frames[act->frame].noun_before);
    if (!has(act->object) && receiver != GW_NO_INDEX) {
        struct gw_verb_group group = {.first = receiver};
        while (group.first > 0 &&
               is(units, group.first - 1, GW_GLUE(HAVE) | GW_GLUE(MODAL) | GW_GLUE(ADVERB))) {
            group.first--;
        }
        act->object = gw_clause_subject(units, &group);
    } else if (!has(act->object) && (act->frame == GW_FRAME_PUNISH || act->frame == GW_FRAME_CLEAR)) {
        act->object = gw_clause_possessor(units, act->unit);
    }
}

/* "voiced her admiration for Paul": whoever opens the clause has it. */
static bool speaks_of(enum gw_frame frame) {
    return frame == GW_FRAME_PRAISE || frame == GW_FRAME_SUPPORT || frame == GW_FRAME_CRITICISE ||
           frame == GW_FRAME_RESENT || frame == GW_FRAME_ACCUSE;
}

/* Who the noun is of: "Ana's attack", "by Ana", or who speaks of it. */
static void set_subject_of_noun(const struct gw_units *units, struct act *act) {
    struct gw_party owner = gw_clause_possessor(units, act->unit);
    struct gw_party agent = gw_clause_behind(units, act->unit + 1, GW_GLUE(BY) | GW_GLUE(FROM));
    act->subject = has(owner) && owner.unit != act->object.unit ? owner : agent;
    if (!has(act->subject) && speaks_of(act->frame) && has(act->object)) {
        act->subject = gw_clause_opening(units, act->unit);
    }
    if (!has(act->subject) && act->frame == GW_FRAME_CONFESS) {
        act->subject = gw_clause_opening(units, act->unit);
    }
    if (act->subject.unit == act->object.unit) {
        act->subject = GW_NOBODY;
    }
}

static void read_noun(struct reader *reader, struct act *act) {
    const struct gw_units *units = reader->units;
    enum gw_verb_role role = (enum gw_verb_role)frames[act->frame].object;
    act->noun = true;
    act->group = (struct gw_verb_group){.first = act->unit};
    act->group.negated = before_noun(units, act->unit, GW_GLUE(NEGATOR)) != GW_NO_INDEX;
    set_object_of_noun(units, act);
    set_subject_of_noun(units, act);
    if (before_noun(units, act->unit, GW_GLUE(REVERSE)) != GW_NO_INDEX) {
        role = act->frame == GW_FRAME_SUPPORT ? GW_ROLE_OPPOSED : GW_ROLE_SPARED;
    }
    if (act->frame == GW_FRAME_OPPOSE && !has(act->object)) {
        return;
    }
    finish(reader, act, role);
}

/* A noun where a word may be either. */
static bool reads_as_noun(const struct gw_units *units, uint32_t i) {
    static const uint64_t before_verb =
        GW_GLUE(TO) | GW_GLUE(MODAL) | GW_GLUE(PRONOUN) | GW_GLUE(NAME) | GW_GLUE(WHO);
    static const uint64_t before_nouns = GW_GLUE(DETERMINER) | GW_GLUE(POSSESSIVE) | GW_GLUE(OF) |
                                         GW_GLUE(FOR) | GW_GLUE(FROM) | GW_GLUE(BY) | GW_GLUE(AGAINST) |
                                         GW_GLUE(WITH) | GW_GLUE(IN) | GW_GLUE(ON) | GW_GLUE(AT) |
                                         GW_GLUE(RECEIVE) | GW_GLUE(CONTRAST) | GW_GLUE(BE) | GW_GLUE(OVER);
    enum gw_verb_form form = gw_class_form(units->items[i].class);
    if (form != GW_VERB_EITHER) {
        return form == GW_VERB_NOUN;
    }
    bool preposition =
        is(units, i + 1,
           frames[gw_class_frame(units->items[i].class)].noun_before | GW_GLUE(BY) | GW_GLUE(FROM));
    if (i == 0 || is(units, i - 1, before_nouns) || is_verb(units, i - 1)) {
        return true;
    }
    if (is(units, i - 1, before_verb)) {
        return false;
    }
    return preposition || !is(units, i + 1, GW_GLUE(NAME) | GW_GLUE(DETERMINER) | GW_GLUE(PRONOUN));
}

/* "the accused man": no verb. */
static bool is_adjective(const struct gw_units *units, uint32_t i) {
    enum gw_verb_form form = gw_class_form(units->items[i].class);
    bool participle = form == GW_VERB_PAST || form == GW_VERB_PARTICIPLE || form == GW_VERB_ING;
    bool before_word = is(units, i + 1, GW_GLUE(PLAIN) | GW_GLUE(PERSON));
    return participle && before_word &&
           (i == 0 || is(units, i - 1, GW_GLUE(DETERMINER) | GW_GLUE(POSSESSIVE)));
}

/* "the alleged thief, Viktor Maras", "suspected smuggler Tom Brady" */
static void read_adjective(struct reader *reader, struct act *act) {
    const struct gw_units *units = reader->units;
    uint32_t i = act->unit + 1;
    while (is(units, i, GW_GLUE(PLAIN) | GW_GLUE(HYPHEN))) {
        i++;
    }
    i += is(units, i, GW_GLUE(COMMA));
    bool accuses = act->frame == GW_FRAME_ACCUSE || act->frame == GW_FRAME_ALLEGE;
    if (accuses && is(units, i, GW_GLUE(NAME))) {
        act->object = (struct gw_party){i, false, false, false};
        act->noun = true;
        give_role(reader->units, act->object, GW_ROLE_ACCUSED, rank_of(GW_ROLE_ACCUSED, act), true);
    }
}

static void read_verb(struct reader *reader, uint32_t i) {
    const struct gw_units *units = reader->units;
    struct act act = {.unit = i, .frame = gw_class_frame(units->items[i].class)};
    act.subject = act.object = GW_NOBODY;
    if (is_adjective(units, i)) {
        read_adjective(reader, &act);
        return;
    }
    if (reads_as_noun(units, i)) {
        read_noun(reader, &act);
        return;
    }
    act.group = gw_clause_group(units, i);
    if (is_passive(units, &act)) {
        read_passive(reader, &act);
    } else {
        read_active(reader, &act);
    }
}

/* "Ana said", "said Ana", "according to Ana" */
static void read_speech(struct reader *reader, uint32_t i) {
    struct gw_units *units = reader->units;
    struct gw_verb_group group = gw_clause_group(units, i);
    bool turned =
        i > 0 && is(units, i - 1, GW_GLUE(QUOTE) | GW_GLUE(COMMA)) && is(units, i + 1, GW_GLUE(NAME));
    struct gw_party party = turned ? gw_clause_phrase(units, i + 1) : gw_clause_subject(units, &group);
    give_role(units, party, GW_ROLE_SPEAKER, GW_RANK_SPEAKER, false);
}

static void read_unit(struct reader *reader, uint32_t i) {
    struct gw_units *units = reader->units;
    if (is_verb(units, i)) {
        read_verb(reader, i);
    } else if (is(units, i, GW_GLUE(SPEECH))) {
        read_speech(reader, i);
    } else if (is(units, i + 1, GW_GLUE(TO))) {
        give_role(units, gw_clause_phrase(units, i + 2), GW_ROLE_SPEAKER, GW_RANK_SPEAKER, false);
    }
}

void gw_verb_roles_find(struct gw_units *units, struct gw_acts *acts) {
    struct reader reader = {units, acts, GW_NO_INDEX};
    acts->count = 0;
    const struct gw_unit *const first = units->items, *const end = first + units->count;
    for (const struct gw_unit *unit = first; unit < end; unit++) {
        if (unit->class >= GW_GLUE_SPEECH) {
            read_unit(&reader, (uint32_t)(unit - first));
        }
    }
}
