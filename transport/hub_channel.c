/* Buffers in front of read(2) and send(2). What is behind an offset is cut off rarely, so that a large frame
 * is not moved for every piece of it that goes through. */
#include "transport/hub_channel.h"

#include "base/cursor.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* Room that each read finds at least. */
#define READ_BYTES ((size_t)64 << 10)

/* An empty buffer larger than this goes back: one huge message must not be paid for ever after. */
#define KEEP_BYTES ((size_t)1 << 20)

#define BUFFER_MAX (2 * (GW_HUB_FRAME_MAX + GW_HUB_FRAME_PREFIX))

void gw_hub_channel_init(struct gw_hub_channel *channel, int fd, const struct gw_allocator *allocator) {
    *channel = (struct gw_hub_channel){.fd = fd};
    gw_buffer_init(&channel->in, allocator, BUFFER_MAX);
    gw_buffer_init(&channel->out, allocator, SIZE_MAX);
}

void gw_hub_channel_close(struct gw_hub_channel *channel) {
    if (channel->fd >= 0) {
        close(channel->fd);
        channel->fd = -1;
    }
    gw_buffer_free(&channel->in);
    gw_buffer_free(&channel->out);
    channel->in_at = channel->out_at = 0;
}

/* Cuts off what is done when that is everything, or more than what would be moved. */
static void compact(struct gw_buffer *buffer, size_t *at) {
    if (*at == buffer->size) {
        gw_buffer_clear(buffer);
        *at = 0;
        if (buffer->capacity > KEEP_BYTES) {
            gw_buffer_free(buffer);
        }
    } else if (*at > buffer->size / 2) {
        gw_buffer_consume(buffer, *at);
        *at = 0;
    }
}

enum gw_status gw_hub_channel_read(struct gw_hub_channel *channel) {
    compact(&channel->in, &channel->in_at);
    uint8_t *to = gw_buffer_reserve(&channel->in, READ_BYTES);
    if (!to) {
        enum gw_status failed = channel->in.failed;
        channel->in.failed = GW_OK;
        return failed;
    }
    ssize_t got;
    do {
        got = read(channel->fd, to, channel->in.capacity - channel->in.size);
    } while (got < 0 && errno == EINTR);
    if (got > 0) {
        channel->in.size += (size_t)got;
        return GW_OK;
    }
    return got < 0 && errno == EAGAIN ? GW_OK : GW_CLOSED;
}

/* The size in front of the next frame, or false when not even that is there. */
static bool peek_size(const struct gw_hub_channel *channel, struct gw_cursor *in, uint32_t *size) {
    if (channel->in_at == channel->in.size) {
        return false;
    }
    *in = gw_cursor_over(channel->in.data + channel->in_at, channel->in.size - channel->in_at);
    return gw_cursor_be32(in, size);
}

bool gw_hub_channel_has_frame(const struct gw_hub_channel *channel) {
    struct gw_cursor in;
    uint32_t size;
    return peek_size(channel, &in, &size) && (size > GW_HUB_FRAME_MAX || size <= gw_cursor_left(&in));
}

enum gw_status gw_hub_channel_next(struct gw_hub_channel *channel, struct gw_hub_frame *frame,
                                   struct gw_error *error) {
    struct gw_cursor in;
    struct gw_str body;
    uint32_t size;
    if (!peek_size(channel, &in, &size)) {
        return GW_AGAIN;
    }
    if (size > GW_HUB_FRAME_MAX) {
        return gw_fail(error, GW_PROTOCOL, channel->in_at, "a frame claims %lu bytes", (unsigned long)size);
    }
    if (!gw_cursor_take(&in, size, &body)) {
        return GW_AGAIN;
    }
    enum gw_status status = gw_hub_frame_decode(body, frame, error);
    if (status == GW_OK) {
        channel->in_at += gw_cursor_position(&in);
    }
    return status;
}

enum gw_status gw_hub_channel_post(struct gw_hub_channel *channel, const struct gw_hub_frame *frame) {
    compact(&channel->out, &channel->out_at);
    return gw_hub_frame_encode(frame, &channel->out);
}

enum gw_status gw_hub_channel_write(struct gw_hub_channel *channel) {
    while (channel->out_at < channel->out.size) {
        ssize_t sent = send(channel->fd, channel->out.data + channel->out_at,
                            channel->out.size - channel->out_at, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent < 0) {
            return errno == EAGAIN ? GW_OK : GW_CLOSED;
        }
        channel->out_at += (size_t)sent;
    }
    compact(&channel->out, &channel->out_at);
    return GW_OK;
}

size_t gw_hub_channel_unwritten(const struct gw_hub_channel *channel) {
    return channel->out.size - channel->out_at;
}
