/* A worker's note of the article that it is on, in memory that outlives it: whoever finds the worker dead
 * reads there what it was doing. The worker writes, the supervisor reads. */
#ifndef GW_RUN_NOTE_H
#define GW_RUN_NOTE_H

#include "schemas/position.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* All zero: on nothing. `key` is there for other processes at any time; the position itself only once the
 * worker is dead. */
struct gw_note {
    _Alignas(64) _Atomic uint64_t key; /* of the position (gw_position_key); 0: on none */
    _Atomic uint64_t turn;             /* grows with each article begun */
    _Atomic int64_t beat_ns;           /* when the worker's loop last came round, by the monotonic clock */
    enum gw_position_kind kind;
    int32_t partition;
    int64_t number;
    size_t name_size;
    char name[GW_POSITION_TEXT_MAX];
};

/* A number that stands for a position; never 0. Names are told apart by their first GW_POSITION_TEXT_MAX
 * bytes. */
uint64_t gw_position_key(const struct gw_position *position);

/* From here on, until gw_note_end, a death is this article's. */
void gw_note_begin(struct gw_note *note, const struct gw_position *position);
void gw_note_end(struct gw_note *note);

/* Of a dead worker: whether it died on an article, and on which; `position->name` points into the note. */
bool gw_note_position(const struct gw_note *note, struct gw_position *position);

#endif
