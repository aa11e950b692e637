/* One end of a connection between hub and worker: frames over a non-blocking Unix stream socket. */
#ifndef GW_TRANSPORT_HUB_CHANNEL_H
#define GW_TRANSPORT_HUB_CHANNEL_H

#include "transport/hub_frame.h"

/* Bytes wait in both directions; the protocol's windows bound how many.
 *
 *     in:   [ decoded | complete frames … | the beginning of one ]
 *     out:  [ written | waits … ]
 */
struct gw_hub_channel {
    int fd; /* -1 when closed */
    struct gw_buffer in, out;
    size_t in_at, out_at;
};

/* Takes over `fd`, a connected non-blocking stream socket. */
void gw_hub_channel_init(struct gw_hub_channel *channel, int fd, const struct gw_allocator *allocator);

/* Closes the socket and gives the memory back. May be repeated. */
void gw_hub_channel_close(struct gw_hub_channel *channel);

/* Reads what has arrived, once, without blocking; frames decoded before become invalid. GW_OK (also when
 * nothing has), GW_CLOSED when the other end is gone, GW_NO_MEMORY. Complete frames that arrived before the
 * end can still be had from gw_hub_channel_next. */
enum gw_status gw_hub_channel_read(struct gw_hub_channel *channel);

/* The next complete frame; its slices are valid until the next read. GW_AGAIN: there is none; GW_PROTOCOL:
 * the other end is no glosswire, or another one; nothing more can be read. */
enum gw_status gw_hub_channel_next(struct gw_hub_channel *channel, struct gw_hub_frame *frame,
                                   struct gw_error *error);

/* Whether a complete frame waits. */
bool gw_hub_channel_has_frame(const struct gw_hub_channel *channel);

/* Queues a frame; it is copied. Failures as of gw_hub_frame_encode. */
enum gw_status gw_hub_channel_post(struct gw_hub_channel *channel, const struct gw_hub_frame *frame);

/* Writes as much of the queue as the socket takes now. GW_OK or GW_CLOSED. */
enum gw_status gw_hub_channel_write(struct gw_hub_channel *channel);

/* Bytes that are queued and not written. */
size_t gw_hub_channel_unwritten(const struct gw_hub_channel *channel);

#endif
