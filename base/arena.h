/* An arena: memory for one article, taken piece by piece and given back all at once. */
#ifndef GW_BASE_ARENA_H
#define GW_BASE_ARENA_H

#include "base/str.h"

#include <stdint.h>

/* Where memory comes from. `allocate` returns NULL on failure; `release` takes what `allocate` gave, with its
 * size. Tests inject one that fails at every allocation in turn. */
struct gw_allocator {
    void *(*allocate)(void *context, size_t size);
    void (*release)(void *context, void *memory, size_t size);
    void *context;
};

/* malloc and free. */
extern const struct gw_allocator gw_allocator_system;

struct gw_arena_chunk;

/* Not thread-safe: one owner. Chunks grow geometrically; gw_arena_reset keeps the first ones for reuse.
 *
 *   chunk:  [ header | used ........ | free ........ ]  -> next chunk
 */
struct gw_arena {
    struct gw_allocator allocator;
    struct gw_arena_chunk *first;
    struct gw_arena_chunk *current;
    size_t taken; /* bytes in chunks */
    size_t limit; /* most bytes in chunks */
};

/* Bytes that gw_arena_reset keeps at most; what one huge article needed beyond it goes back at once. */
#define GW_ARENA_KEEP ((size_t)4 << 20)

/* Takes no memory yet. `limit` is the most bytes it will ever hold (SIZE_MAX: none). */
void gw_arena_init(struct gw_arena *arena, const struct gw_allocator *allocator, size_t limit);

/* `size` bytes aligned for any type, not zeroed; NULL when memory or the limit is at its end. Size 0 gives a
 * valid, unusable pointer. */
void *gw_arena_take(struct gw_arena *arena, size_t size);

/* `count` * `size` zeroed bytes, overflow checked. */
void *gw_arena_take_zeroed(struct gw_arena *arena, size_t count, size_t size);

/* Grows `memory`, an array of `old_count` elements of `size` bytes taken from this arena, to `new_count`; in
 * place where it is the newest piece, else by copying. NULL as above; the old array stays valid then. */
void *gw_arena_grow(struct gw_arena *arena, void *memory, size_t old_count, size_t new_count, size_t size);

/* A copy of `s` with a terminator behind it; data is NULL on failure. */
struct gw_str gw_arena_copy(struct gw_arena *arena, struct gw_str s);

/* A place in the arena's memory. */
struct gw_arena_mark {
    struct gw_arena_chunk *chunk;
    size_t used;
};

/* What is taken from now on can be given back by gw_arena_rewind. Valid until an earlier mark is gone back to
 * or the arena is reset. */
struct gw_arena_mark gw_arena_mark(const struct gw_arena *arena);

/* One piece that is kept: where its address is noted, and its size. */
struct gw_arena_piece {
    void **memory;
    size_t size;
};

/* All pieces taken since `mark` become invalid and their memory is used again, but for the `count` kept ones
 * (any of them NULL, or of size 0): these are moved next to each other, and their addresses are noted anew.
 * Takes no memory and cannot fail. */
void gw_arena_rewind(struct gw_arena *arena, struct gw_arena_mark mark, const struct gw_arena_piece *kept,
                     size_t count);

/* All pieces become invalid; the arena is as after init but keeps up to GW_ARENA_KEEP bytes. */
void gw_arena_reset(struct gw_arena *arena);

/* Gives all memory back. The arena may be used again. */
void gw_arena_free(struct gw_arena *arena);

#endif
