/* What a sentence says of one of its mentions, as features: the one source for the program, which sums their
 * weights, and for training, which learns them. */
#ifndef GW_PROCESS_SENTIMENT_TARGET_WALK_H
#define GW_PROCESS_SENTIMENT_TARGET_WALK_H

#include "process/sentiment/target_units.h"
#include "process/sentiment/verb_frames.h"

/* Units on each side that count; what counts most; and how amounts fall with the distance. */
#define GW_WALK_REACH 30U
#define GW_WALK_ONE   16
static inline int gw_walk_nearness(uint32_t distance) {
    return (int)((uint32_t)GW_WALK_ONE * 6 / (4 + distance));
}

/* Marker weights count in these steps. */
#define GW_WALK_WEIGHT_STEP 400
#define GW_WALK_STEPS_MOST  15
#define GW_WALK_TONE_STEP   1000

/* How much something counts at each place. */
struct gw_walk_amounts {
    int16_t at[GW_UNIT_PLACE_COUNT];
};

/* What stands around the mention, one key at a time. `row` is NULL where the model has none. */
typedef void gw_walk_visit(void *context, uint64_t key, const struct gw_target_row *row,
                           const struct gw_walk_amounts *amounts);

/* The amounts at a distance (1 is beside the mention); `own`: no other name and no comma between. */
static inline struct gw_walk_amounts gw_walk_amounts_at(uint32_t distance, bool left, bool own) {
    struct gw_walk_amounts amounts = {{[GW_UNIT_ANYWHERE] = GW_WALK_ONE}};
    amounts.at[left ? GW_UNIT_LEFT : GW_UNIT_RIGHT] = (int16_t)gw_walk_nearness(distance);
    amounts.at[left ? GW_UNIT_LEFT_NEXT : GW_UNIT_RIGHT_NEXT] = distance == 1 ? GW_WALK_ONE : 0;
    amounts.at[left ? GW_UNIT_LEFT_OWN : GW_UNIT_RIGHT_OWN] = own ? GW_WALK_ONE : 0;
    amounts.at[GW_UNIT_RIGHT_SECOND] = distance == 2 && !left ? GW_WALK_ONE : 0;
    return amounts;
}

/* All of them, made once for many mentions. */
struct gw_walk_table {
    struct gw_walk_amounts left[GW_WALK_REACH + 1][2], right[GW_WALK_REACH + 1][2]; /* by distance and own */
};

static inline void gw_walk_table_init(struct gw_walk_table *table) {
    for (uint32_t distance = 1; distance <= GW_WALK_REACH; distance++) {
        for (int own = 0; own < 2; own++) {
            table->left[distance][own] = gw_walk_amounts_at(distance, true, own);
            table->right[distance][own] = gw_walk_amounts_at(distance, false, own);
        }
    }
}

struct gw_walk {
    const struct gw_model *model;
    const struct gw_walk_table *table;
    const struct gw_units *units;
    gw_walk_visit *visit;
    void *context;
};

static inline const struct gw_target_row *gw_walk_row(const struct gw_walk *walk, uint64_t key) {
    return key < walk->model->target_rows_count ? &walk->model->target_rows[key] : NULL;
}

static inline void gw_walk_weight(const struct gw_walk *walk, gw_e4 weight,
                                  const struct gw_walk_amounts *amounts) {
    uint64_t key = weight < 0 ? GW_UNIT_NEGATIVE : GW_UNIT_POSITIVE;
    int steps = (weight < 0 ? -weight : weight) / GW_WALK_WEIGHT_STEP;
    steps = steps > GW_WALK_STEPS_MOST ? GW_WALK_STEPS_MOST : steps;
    struct gw_walk_amounts times;
    for (int place = 0; place < GW_UNIT_PLACE_COUNT; place++) {
        times.at[place] = (int16_t)(amounts->at[place] * steps);
    }
    walk->visit(walk->context, key, gw_walk_row(walk, key), &times);
}

/* All of a unit but its pair. */
static inline void gw_walk_unit(const struct gw_walk *walk, const struct gw_unit *unit,
                                const struct gw_walk_amounts *amounts) {
    walk->visit(walk->context, unit->key, unit->row, amounts);
    if (unit->weight != 0) {
        gw_walk_weight(walk, unit->weight, amounts);
    }
    for (uint64_t flags = unit->flags; flags != 0; flags &= flags - 1) {
        uint64_t key = GW_UNIT_FLAG + (uint64_t)__builtin_ctzll(flags);
        walk->visit(walk->context, key, gw_walk_row(walk, key), amounts);
    }
}

/* A pair stands where the nearer one of its units does. */
static inline void gw_walk_left(const struct gw_walk *walk, uint32_t mention) {
    bool own = true;
    for (uint32_t distance = 1; distance <= mention && distance <= GW_WALK_REACH; distance++) {
        const struct gw_unit *unit = &walk->units->items[mention - distance];
        own = own && !unit->parts && unit->key != GW_UNIT_NAME;
        const struct gw_walk_amounts *amounts = &walk->table->left[distance][own];
        gw_walk_unit(walk, unit, amounts);
        if (unit->pair != 0) {
            walk->visit(walk->context, unit->pair, unit->pair_row, amounts);
        }
    }
}

/* The pair of the mention and what follows it is none. */
static inline void gw_walk_right(const struct gw_walk *walk, uint32_t mention) {
    bool own = true;
    for (uint32_t distance = 1; mention + distance < walk->units->count && distance <= GW_WALK_REACH;
         distance++) {
        const struct gw_unit *unit = &walk->units->items[mention + distance];
        own = own && !unit->parts && unit->key != GW_UNIT_NAME;
        gw_walk_unit(walk, unit, &walk->table->right[distance][own]);
        if (distance > 1) {
            walk->visit(walk->context, unit->pair, unit->pair_row, &walk->table->right[distance - 1][own]);
        }
    }
}

static inline uint64_t gw_walk_tone(const struct gw_units *units) {
    int most = GW_UNIT_TONES / 2, tone = units->tone / GW_WALK_TONE_STEP;
    return GW_UNIT_TONE + (uint64_t)(most + (tone < -most ? -most : tone > most ? most : tone));
}

/* The role counts at every place, so that its weight can outweigh the words around. */
static inline void gw_walk_role(const struct gw_walk *walk, uint8_t role) {
    struct gw_walk_amounts everywhere;
    for (int place = 0; place < GW_UNIT_PLACE_COUNT; place++) {
        everywhere.at[place] = GW_WALK_ONE;
    }
    walk->visit(walk->context, GW_UNIT_ROLE + role, gw_walk_row(walk, GW_UNIT_ROLE + role), &everywhere);
}

/* Tells every feature of the unit `mention`. */
static inline void gw_walk_mention(const struct gw_walk *walk, uint32_t mention) {
    const struct gw_units *units = walk->units;
    const struct gw_walk_amounts anywhere = {{[GW_UNIT_ANYWHERE] = GW_WALK_ONE}};
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
            walk->visit(walk->context, facts[i].key, gw_walk_row(walk, facts[i].key), &anywhere);
        }
    }
    if (units->items[mention].role != GW_ROLE_NONE) {
        gw_walk_role(walk, units->items[mention].role);
    }
    gw_walk_left(walk, mention);
    gw_walk_right(walk, mention);
}

#endif
