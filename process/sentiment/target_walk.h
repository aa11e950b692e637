/* What a sentence says of one of its mentions, as features: the one source for the program, which sums their
 * weights, and for training, which learns them. A feature is a key at a place, so many times: a unit has its
 * own key, its pair's and those that gw_walk_more_keys tells; gw_walk_mention tells where units stand, seen
 * from a mention. */
#ifndef GW_PROCESS_SENTIMENT_TARGET_WALK_H
#define GW_PROCESS_SENTIMENT_TARGET_WALK_H

#include "process/sentiment/target_units.h"
#include "process/sentiment/verb_frames.h"

/* Units on each side that count, and what counts once. */
#define GW_WALK_REACH 30U
#define GW_WALK_ONE   16

/* Markers' weights count in these steps. */
#define GW_WALK_WEIGHT_STEP 400
#define GW_WALK_STEPS_MOST  15
#define GW_WALK_TONE_STEP   1000

/* Words of these kinds are told by their kind as well. */
#define GW_WALK_FLAGS                                                                                        \
    (GW_WORD(ACCUSATION) | GW_WORD(DENIAL) | GW_WORD(PRAISE) | GW_WORD(CONFLICT) | GW_WORD(NEGATOR) |        \
     GW_WORD(HEDGE) | GW_WORD(CONTRAST) | GW_WORD(SPEECH))

/* How much something counts at each place. */
struct gw_walk_amounts {
    int16_t at[GW_UNIT_PLACE_COUNT];
};

/* By whether it is the mention's own (nothing between them that parts), and by distance; 1 is beside it. */
extern const struct gw_walk_amounts gw_walk_left_amounts[2][GW_WALK_REACH + 1];
extern const struct gw_walk_amounts gw_walk_right_amounts[2][GW_WALK_REACH + 1];

/* A key that stands wherever the unit does. */
typedef void gw_walk_tell_key(void *context, uint64_t key, int times);

/* Tells the keys of a unit that are found by their number: all but its own key and its pair's. */
static inline void gw_walk_more_keys(const struct gw_unit *unit, gw_walk_tell_key *tell, void *context) {
    int steps = (unit->weight < 0 ? -unit->weight : unit->weight) / GW_WALK_WEIGHT_STEP;
    if (steps != 0) {
        tell(context, unit->weight < 0 ? GW_UNIT_NEGATIVE : GW_UNIT_POSITIVE,
             steps > GW_WALK_STEPS_MOST ? GW_WALK_STEPS_MOST : steps);
    }
    for (uint64_t flags = unit->flags & GW_WALK_FLAGS; flags != 0; flags &= flags - 1) {
        tell(context, GW_UNIT_FLAG + (uint64_t)__builtin_ctzll(flags), 1);
    }
}

/* What of a unit stands at a place. */
enum gw_walk_part { GW_WALK_UNIT, GW_WALK_PAIR, GW_WALK_BOTH };

/* How a mention is told. Context is the teller's. */
struct gw_walk_teller {
    /* GW_WALK_ONE at each of the first `places`. */
    void (*fact)(void *context, uint64_t key, int places);
    void (*unit)(void *context, uint32_t unit, enum gw_walk_part part, const struct gw_walk_amounts *amounts);
};

/* A pair stands where the nearer one of its units does. The first stretch is the mention's own. */
static inline void gw_walk_left(const struct gw_units *units, uint32_t mention,
                                const struct gw_walk_teller *teller, void *context) {
    uint32_t most = mention < GW_WALK_REACH ? mention : GW_WALK_REACH, distance = 1;
    for (int own = 1; own >= 0; own--) {
        for (; distance <= most && !(own && units->items[mention - distance].parts); distance++) {
            teller->unit(context, mention - distance, GW_WALK_BOTH, &gw_walk_left_amounts[own][distance]);
        }
    }
}

/* The pair of the mention and what follows it is none. */
static inline void gw_walk_right(const struct gw_units *units, uint32_t mention,
                                 const struct gw_walk_teller *teller, void *context) {
    uint32_t behind = units->count - 1 - mention, distance = 1;
    uint32_t most = behind < GW_WALK_REACH ? behind : GW_WALK_REACH;
    for (int own = 1; own >= 0; own--) {
        for (; distance <= most && !(own && units->items[mention + distance].parts); distance++) {
            teller->unit(context, mention + distance, GW_WALK_UNIT, &gw_walk_right_amounts[own][distance]);
            if (distance > 1) {
                teller->unit(context, mention + distance, GW_WALK_PAIR,
                             &gw_walk_right_amounts[own][distance - 1]);
            }
        }
    }
}

static inline uint64_t gw_walk_tone(const struct gw_units *units) {
    int most = GW_UNIT_TONES / 2, tone = units->tone / GW_WALK_TONE_STEP;
    return GW_UNIT_TONE + (uint64_t)(most + (tone < -most ? -most : tone > most ? most : tone));
}

/* What a verb says of someone is surer than what a noun does. */
static inline uint64_t gw_walk_role(const struct gw_unit *mention) {
    return (uint64_t)(mention->rank >= GW_RANK_VERB ? GW_UNIT_VERB_ROLE : GW_UNIT_ROLE) + mention->role;
}

static inline void gw_walk_facts(const struct gw_units *units, uint32_t mention,
                                 const struct gw_walk_teller *teller, void *context) {
    const struct {
        uint64_t key;
        bool holds;
    } facts[] = {
        {GW_UNIT_BIAS, true},
        {GW_UNIT_FIRST, mention == 0},
        {GW_UNIT_LAST, mention + 2 >= units->count},
        {GW_UNIT_QUOTED, units->items[mention].quoted},
        {GW_UNIT_QUOTES, units->quotes},
        {GW_UNIT_QUESTION, units->question},
        {GW_UNIT_NAMES + (units->names > GW_UNIT_NAMES_MOST ? GW_UNIT_NAMES_MOST : units->names), true},
        {gw_walk_tone(units), true},
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        if (facts[i].holds) {
            teller->fact(context, facts[i].key, GW_UNIT_ANYWHERE + 1);
        }
    }
    /* The role counts at every place, so that its weight can outweigh the words around. */
    if (units->items[mention].role != GW_ROLE_NONE) {
        teller->fact(context, gw_walk_role(&units->items[mention]), GW_UNIT_PLACE_COUNT);
    }
}

/* Tells every feature of the unit `mention`. */
static inline void gw_walk_mention(const struct gw_units *units, uint32_t mention,
                                   const struct gw_walk_teller *teller, void *context) {
    gw_walk_facts(units, mention, teller, context);
    gw_walk_left(units, mention, teller, context);
    gw_walk_right(units, mention, teller, context);
}

#endif
