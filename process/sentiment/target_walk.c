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

#define FIVE(side, from, own)                                                                                \
    side((from), own), side((from) + 1, own), side((from) + 2, own), side((from) + 3, own),                  \
        side((from) + 4, own)
#define ROWS(side, own)                                                                                      \
    {                                                                                                        \
        {{0}}, FIVE(side, 1, own), FIVE(side, 6, own), FIVE(side, 11, own), FIVE(side, 16, own),             \
            FIVE(side, 21, own), FIVE(side, 26, own)                                                         \
    }

const struct gw_walk_amounts gw_walk_left_amounts[2][GW_WALK_REACH + 1] = {ROWS(LEFT, 0),
                                                                           ROWS(LEFT, GW_WALK_ONE)};
const struct gw_walk_amounts gw_walk_right_amounts[2][GW_WALK_REACH + 1] = {ROWS(RIGHT, 0),
                                                                            ROWS(RIGHT, GW_WALK_ONE)};
