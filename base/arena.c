/* Bump allocation in chunks; under ASan every byte that is not handed out is poisoned. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define GW_ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GW_ARENA_ASAN 1
#endif
#endif

#ifdef GW_ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(memory, size)   __asan_poison_memory_region((memory), (size))
#define UNPOISON(memory, size) __asan_unpoison_memory_region((memory), (size))
/* Left poisoned behind each piece, so that running over its end is caught. */
#define RED_ZONE 16
#else
#define POISON(memory, size)   ((void)(memory), (void)(size))
#define UNPOISON(memory, size) ((void)(memory), (void)(size))
#define RED_ZONE               0
#endif

#define ALIGNMENT        alignof(max_align_t)
#define FIRST_CHUNK_SIZE ((size_t)16 << 10)
#define LAST_CHUNK_SIZE                                                                                      \
    ((size_t)1 << 20) /* doubling ends here; a larger piece gets a chunk of its own size */

struct gw_arena_chunk {
    struct gw_arena_chunk *next;
    size_t size; /* of `bytes` */
    size_t used;
    alignas(max_align_t) unsigned char bytes[];
};

/* What an empty piece points to while there is no chunk. */
static alignas(max_align_t) unsigned char nothing[ALIGNMENT];

static void *system_allocate(void *context, size_t size) {
    (void)context;
    return malloc(size);
}

static void system_release(void *context, void *memory, size_t size) {
    (void)context;
    (void)size;
    free(memory);
}

const struct gw_allocator gw_allocator_system = {system_allocate, system_release, NULL};

/* What a piece of `size` bytes occupies, or 0 when that cannot be said. */
static size_t footprint(size_t size) {
    if (size > PTRDIFF_MAX - sizeof(struct gw_arena_chunk) - ALIGNMENT - RED_ZONE) {
        return 0;
    }
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT + RED_ZONE;
}

static size_t chunk_footprint(const struct gw_arena_chunk *chunk) {
    return sizeof *chunk + chunk->size;
}

static void chunk_release(struct gw_arena *arena, struct gw_arena_chunk *chunk) {
    size_t size = chunk_footprint(chunk);
    UNPOISON(chunk->bytes, chunk->size);
    arena->taken -= size;
    arena->allocator.release(arena->allocator.context, chunk, size);
}

/* How large the next chunk is, its header included, so that `needed` bytes fit; 0 when the limit forbids it.
 */
static size_t next_chunk_size(const struct gw_arena *arena, size_t needed) {
    size_t least = sizeof(struct gw_arena_chunk) + needed;
    size_t room = arena->limit - arena->taken;
    if (least > room) {
        return 0;
    }
    size_t wanted = arena->current ? chunk_footprint(arena->current) * 2 : FIRST_CHUNK_SIZE;
    wanted = wanted > LAST_CHUNK_SIZE ? LAST_CHUNK_SIZE : wanted;
    wanted = wanted > room ? room : wanted;
    return wanted > least ? wanted : least;
}

/* Puts a fresh chunk behind the current one. Chunks that a reset kept stay behind it. */
static struct gw_arena_chunk *chunk_add(struct gw_arena *arena, size_t needed) {
    size_t size = next_chunk_size(arena, needed);
    struct gw_arena_chunk *chunk =
        size == 0 ? NULL : arena->allocator.allocate(arena->allocator.context, size);
    if (!chunk) {
        return NULL;
    }
    struct gw_arena_chunk **link = arena->current ? &arena->current->next : &arena->first;
    chunk->next = *link;
    chunk->size = size - sizeof *chunk;
    chunk->used = 0;
    POISON(chunk->bytes, chunk->size);
    *link = chunk;
    arena->taken += size;
    return chunk;
}

/* Makes a chunk current that has room for `needed` bytes. */
static bool make_room(struct gw_arena *arena, size_t needed) {
    struct gw_arena_chunk *chunk = arena->current;
    if (chunk && chunk->size - chunk->used >= needed) {
        return true;
    }
    struct gw_arena_chunk *kept = chunk ? chunk->next : arena->first;
    chunk = kept && kept->size >= needed ? kept : chunk_add(arena, needed);
    if (!chunk) {
        return false;
    }
    arena->current = chunk;
    return true;
}

void gw_arena_init(struct gw_arena *arena, const struct gw_allocator *allocator, size_t limit) {
    *arena = (struct gw_arena){.allocator = *allocator, .limit = limit};
}

void *gw_arena_take(struct gw_arena *arena, size_t size) {
    if (size == 0) {
        return nothing;
    }
    size_t needed = footprint(size);
    if (needed == 0 || !make_room(arena, needed)) {
        return NULL;
    }
    struct gw_arena_chunk *chunk = arena->current;
    unsigned char *piece = chunk->bytes + chunk->used;
    chunk->used += needed;
    UNPOISON(piece, size);
    return piece;
}

void *gw_arena_take_zeroed(struct gw_arena *arena, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        return NULL;
    }
    void *piece = gw_arena_take(arena, bytes);
    return piece ? memset(piece, 0, bytes) : NULL;
}

/* True when `memory`, of `old_size` bytes, was the newest piece and has been made `new_size` bytes long. */
static bool grow_in_place(struct gw_arena *arena, const unsigned char *memory, size_t old_size,
                          size_t new_size) {
    struct gw_arena_chunk *chunk = arena->current;
    size_t old_needed = footprint(old_size);
    size_t new_needed = footprint(new_size);
    if (!chunk || new_needed == 0 || memory + old_needed != chunk->bytes + chunk->used ||
        chunk->size - chunk->used < new_needed - old_needed) {
        return false;
    }
    chunk->used += new_needed - old_needed;
    UNPOISON(memory, new_size);
    return true;
}

void *gw_arena_grow(struct gw_arena *arena, void *memory, size_t old_count, size_t new_count, size_t size) {
    size_t new_size;
    if (__builtin_mul_overflow(new_count, size, &new_size)) {
        return NULL;
    }
    size_t old_size = old_count * size;
    if (old_size == 0) {
        return gw_arena_take(arena, new_size);
    }
    if (new_size <= old_size || grow_in_place(arena, memory, old_size, new_size)) {
        return memory;
    }
    void *moved = gw_arena_take(arena, new_size);
    return moved ? memcpy(moved, memory, old_size) : NULL;
}

struct gw_str gw_arena_copy(struct gw_arena *arena, struct gw_str s) {
    char *copy = s.size == SIZE_MAX ? NULL : gw_arena_take(arena, s.size + 1);
    if (!copy) {
        return (struct gw_str){NULL, 0};
    }
    if (s.size > 0) {
        memcpy(copy, s.data, s.size);
    }
    copy[s.size] = '\0';
    return (struct gw_str){copy, s.size};
}

struct gw_arena_mark gw_arena_mark(const struct gw_arena *arena) {
    return (struct gw_arena_mark){arena->current, arena->current ? arena->current->used : 0};
}

/* Where memory is handed out next. */
struct place {
    struct gw_arena_chunk *chunk;
    size_t used;
};

static bool has(const struct gw_arena_chunk *chunk, const unsigned char *memory) {
    return memory >= chunk->bytes && memory < chunk->bytes + chunk->size;
}

/* The kept piece that was taken first of those at or behind `from`, or `count`. */
static size_t first_piece(struct place from, const struct gw_arena_piece *kept, size_t count) {
    size_t first = count;
    for (struct gw_arena_chunk *chunk = from.chunk; chunk && first == count; chunk = chunk->next) {
        for (size_t i = 0; i < count; i++) {
            const unsigned char *memory = *kept[i].memory;
            bool ahead = kept[i].size > 0 && memory && has(chunk, memory) &&
                         (chunk != from.chunk || memory >= chunk->bytes + from.used);
            first = ahead && (first == count || memory < (unsigned char *)*kept[first].memory) ? i : first;
        }
    }
    return first;
}

/* Moves the piece to `place`, which lies before it or where it is: so there is room for it. */
static void move_piece(const struct gw_arena_piece *piece, struct place *place) {
    size_t needed = footprint(piece->size);
    while (place->chunk->size - place->used < needed) {
        place->chunk->used = place->used;
        *place = (struct place){place->chunk->next, 0};
    }
    unsigned char *moved = place->chunk->bytes + place->used;
    memmove(moved, *piece->memory, piece->size);
    *piece->memory = moved;
    place->used += needed;
}

static void unpoison_from(struct place from) {
    for (struct gw_arena_chunk *chunk = from.chunk; chunk; chunk = chunk->next) {
        size_t start = chunk == from.chunk ? from.used : 0;
        UNPOISON(chunk->bytes + start, chunk->size - start);
    }
}

/* Everything from `from` on but the kept pieces; the chunks behind `end` are as good as new. */
static void clear_from(struct place from, struct place end, const struct gw_arena_piece *kept, size_t count) {
    for (struct gw_arena_chunk *chunk = from.chunk; chunk; chunk = chunk->next) {
        size_t start = chunk == from.chunk ? from.used : 0;
        POISON(chunk->bytes + start, chunk->size - start);
    }
    for (size_t i = 0; i < count; i++) {
        if (*kept[i].memory) {
            UNPOISON(*kept[i].memory, kept[i].size);
        }
    }
    end.chunk->used = end.used;
    for (struct gw_arena_chunk *chunk = end.chunk->next; chunk; chunk = chunk->next) {
        chunk->used = 0;
    }
}

void gw_arena_rewind(struct gw_arena *arena, struct gw_arena_mark mark, const struct gw_arena_piece *kept,
                     size_t count) {
    struct place from = {mark.chunk ? mark.chunk : arena->first, mark.used};
    if (!from.chunk) {
        return;
    }
    struct place to = from, behind = from;
    unpoison_from(from);
    for (size_t next = first_piece(behind, kept, count); next < count;
         next = first_piece(behind, kept, count)) {
        const unsigned char *memory = *kept[next].memory;
        while (!has(behind.chunk, memory)) {
            behind.chunk = behind.chunk->next;
        }
        behind.used = (size_t)(memory - behind.chunk->bytes) + footprint(kept[next].size);
        move_piece(&kept[next], &to);
    }
    clear_from(from, to, kept, count);
    arena->current = to.chunk;
}

/* Gives back what exceeds `keep` bytes and empties the rest. */
static void trim(struct gw_arena *arena, size_t keep) {
    struct gw_arena_chunk **link = &arena->first;
    size_t kept = 0;
    while (*link) {
        struct gw_arena_chunk *chunk = *link;
        if (chunk_footprint(chunk) > keep - kept) {
            *link = chunk->next;
            chunk_release(arena, chunk);
            continue;
        }
        kept += chunk_footprint(chunk);
        chunk->used = 0;
        POISON(chunk->bytes, chunk->size);
        link = &chunk->next;
    }
    arena->current = NULL;
}

void gw_arena_reset(struct gw_arena *arena) {
    trim(arena, GW_ARENA_KEEP);
}

void gw_arena_free(struct gw_arena *arena) {
    trim(arena, 0);
}
