/* Doubling growth up to the limit. One byte more than the capacity is always allocated: vsnprintf's
 * terminator goes there. */
#include "base/buffer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define FIRST_CAPACITY ((size_t)256)

void gw_buffer_init(struct gw_buffer *buffer, const struct gw_allocator *allocator, size_t limit) {
    /* The spare byte must be countable. */
    size_t most = limit < PTRDIFF_MAX ? limit : PTRDIFF_MAX - 1;
    *buffer = (struct gw_buffer){.limit = most, .failed = GW_OK, .allocator = *allocator};
}

static void release(struct gw_buffer *buffer) {
    if (buffer->data) {
        buffer->allocator.release(buffer->allocator.context, buffer->data, buffer->capacity + 1);
    }
}

static size_t next_capacity(const struct gw_buffer *buffer, size_t needed) {
    size_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
    capacity = capacity > buffer->limit / 2 ? buffer->limit : capacity * 2;
    return capacity > needed ? capacity : needed;
}

static enum gw_status grow(struct gw_buffer *buffer, size_t needed) {
    size_t capacity = next_capacity(buffer, needed);
    uint8_t *data = buffer->allocator.allocate(buffer->allocator.context, capacity + 1);
    if (!data) {
        return GW_NO_MEMORY;
    }
    if (buffer->data) {
        memcpy(data, buffer->data, buffer->size);
    }
    release(buffer);
    buffer->data = data;
    buffer->capacity = capacity;
    return GW_OK;
}

uint8_t *gw_buffer_reserve(struct gw_buffer *buffer, size_t size) {
    if (buffer->failed != GW_OK) {
        return NULL;
    }
    if (size > buffer->limit - buffer->size) {
        buffer->failed = GW_TOO_LARGE;
        return NULL;
    }
    if (!buffer->data || size > buffer->capacity - buffer->size) {
        buffer->failed = grow(buffer, buffer->size + size);
    }
    return buffer->failed == GW_OK ? buffer->data + buffer->size : NULL;
}

enum gw_status gw_buffer_append(struct gw_buffer *buffer, const void *data, size_t size) {
    if (size == 0) {
        return buffer->failed;
    }
    uint8_t *to = gw_buffer_reserve(buffer, size);
    if (to) {
        memcpy(to, data, size);
        buffer->size += size;
    }
    return buffer->failed;
}

enum gw_status gw_buffer_append_byte(struct gw_buffer *buffer, uint8_t byte) {
    return gw_buffer_append(buffer, &byte, 1);
}

enum gw_status gw_buffer_append_str(struct gw_buffer *buffer, struct gw_str s) {
    return gw_buffer_append(buffer, s.data, s.size);
}

enum gw_status gw_buffer_appendf(struct gw_buffer *buffer, const char *format, ...) {
    va_list arguments, measured;
    va_start(arguments, format);
    va_copy(measured, arguments);
    int size = vsnprintf(NULL, 0, format, measured);
    va_end(measured);
    assert(size >= 0);
    uint8_t *to = gw_buffer_reserve(buffer, (size_t)size);
    if (to) {
        vsnprintf((char *)to, (size_t)size + 1, format, arguments);
        buffer->size += (size_t)size;
    }
    va_end(arguments);
    return buffer->failed;
}

void gw_buffer_consume(struct gw_buffer *buffer, size_t size) {
    assert(size <= buffer->size);
    if (size == 0) {
        return;
    }
    buffer->size -= size;
    memmove(buffer->data, buffer->data + size, buffer->size);
}

void gw_buffer_cut(struct gw_buffer *buffer, size_t size) {
    assert(size <= buffer->size);
    buffer->size = size;
    buffer->failed = GW_OK;
}

void gw_buffer_clear(struct gw_buffer *buffer) {
    gw_buffer_cut(buffer, 0);
}

void gw_buffer_free(struct gw_buffer *buffer) {
    release(buffer);
    buffer->data = NULL;
    buffer->capacity = 0;
    gw_buffer_clear(buffer);
}
