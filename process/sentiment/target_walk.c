#include "process/sentiment/target_walk.h"

/* The nearer, the more. */
#define NEARNESS(distance) (GW_WALK_ONE * 6 / (4 + (distance)))

#define LEFT(distance, one_if_own)                                                                           \
    {                                                                                                        \
        {                                                                                                    \
            [GW_UNIT_ANYWHERE] = GW_WALK_ONE, [GW_UNIT_LEFT] = NEARNESS(distance),                           \
            [GW_UNIT_LEFT_NEXT] = (distance) == 1 ? GW_WALK_ONE : 0, [GW_UNIT_LEFT_OWN] = (one_if_own)       \
        }                                                                                                    \
    }
#define RIGHT(distance, one_if_own)                                                                          \
    {                                                                                                        \
        {                                                                                                    \
            [GW_UNIT_ANYWHERE] = GW_WALK_ONE, [GW_UNIT_RIGHT] = NEARNESS(distance),                          \
            [GW_UNIT_RIGHT_NEXT] = (distance) == 1 ? GW_WALK_ONE : 0, [GW_UNIT_RIGHT_OWN] = (one_if_own),    \
            [GW_UNIT_RIGHT_SECOND] = (distance) == 2 ? GW_WALK_ONE : 0                                       \
        }                                                                                                    \
    }

#define ROW(side, distance) {side(distance, 0), side(distance, GW_WALK_ONE)},
#define FIVE_ROWS(side, distance)                                                                            \
    ROW(side, distance)                                                                                      \
    ROW(side, (distance) + 1)                                                                                \
    ROW(side, (distance) + 2)                                                                                \
    ROW(side, (distance) + 3)                                                                                \
    ROW(side, (distance) + 4)
#define ROWS(side)                                                                                           \
    {                                                                                                        \
        {{{0}}}, FIVE_ROWS(side, 1) FIVE_ROWS(side, 6) FIVE_ROWS(side, 11) FIVE_ROWS(side, 16)               \
                     FIVE_ROWS(side, 21) FIVE_ROWS(side, 26)                                                 \
    }

const struct gw_walk_amounts gw_walk_left_amounts[GW_WALK_REACH + 1][2] = ROWS(LEFT);
const struct gw_walk_amounts gw_walk_right_amounts[GW_WALK_REACH + 1][2] = ROWS(RIGHT);
