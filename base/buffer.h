/* A growing byte buffer with a named maximum. */
#ifndef GW_BASE_BUFFER_H
#define GW_BASE_BUFFER_H

#include "base/arena.h"
#include "base/status.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

/* The first failure sticks in `failed`: later appends do nothing and return it, so that an encoder may check
 * once at its end. Never reset that by hand: gw_buffer_clear and gw_buffer_cut do. */
struct gw_buffer {
    uint8_t *data;
    size_t size;
    size_t capacity;
    size_t limit;
    enum gw_status failed;
    struct gw_allocator allocator;
};

/* Takes no memory yet. `limit` is the most bytes it will ever hold; beyond it appends fail with GW_TOO_LARGE.
 */
void gw_buffer_init(struct gw_buffer *buffer, const struct gw_allocator *allocator, size_t limit);

enum gw_status gw_buffer_append(struct gw_buffer *buffer, const void *data, size_t size);
enum gw_status gw_buffer_append_byte(struct gw_buffer *buffer, uint8_t byte);
enum gw_status gw_buffer_append_str(struct gw_buffer *buffer, struct gw_str s);
enum gw_status gw_buffer_appendf(struct gw_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Makes room for `size` more bytes and returns where they go, or NULL (then `failed` is set). `size` is not
 * changed: the caller adds what it wrote. */
uint8_t *gw_buffer_reserve(struct gw_buffer *buffer, size_t size);

/* Cuts `size` bytes off the front (what was written out, for instance). */
void gw_buffer_consume(struct gw_buffer *buffer, size_t size);

/* Back to its first `size` bytes (at most what it has), as if nothing had been tried since: clears `failed`.
 * For an encoder that appends all or nothing. */
void gw_buffer_cut(struct gw_buffer *buffer, size_t size);

/* Empties it, keeps its memory, clears `failed`. */
void gw_buffer_clear(struct gw_buffer *buffer);

void gw_buffer_free(struct gw_buffer *buffer);

static inline struct gw_str gw_buffer_str(const struct gw_buffer *buffer) {
    return (struct gw_str){(const char *)buffer->data, buffer->size};
}

#endif
