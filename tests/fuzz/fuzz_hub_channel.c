/* Bytes from the other end of the hub's socket: whatever they are, each frame taken from them is encoded to
 * just the bytes that it came from, and the first that is none ends it all. */
#include "transport/hub_channel.h"

#include "fuzz/fuzz.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What the socket takes at once. */
#define STREAM_MAX ((size_t)32 << 10)

static void check_frame(const struct gw_hub_frame *frame, struct gw_str stream, size_t *at) {
    struct gw_buffer bytes;
    gw_buffer_init(&bytes, &gw_allocator_system, SIZE_MAX);
    FUZZ_CHECK(gw_hub_frame_encode(frame, &bytes) == GW_OK);
    FUZZ_CHECK(bytes.size <= stream.size - *at);
    FUZZ_CHECK(memcmp(bytes.data, stream.data + *at, bytes.size) == 0);
    *at += bytes.size;
    gw_buffer_free(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    int fds[2];
    struct gw_hub_channel channel;
    struct gw_hub_frame frame;
    struct gw_error error;
    enum gw_status status;
    struct gw_str stream = {(const char *)data, size < STREAM_MAX ? size : STREAM_MAX};
    size_t at = 0;
    FUZZ_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
    FUZZ_CHECK(write(fds[0], stream.data, stream.size) == (ssize_t)stream.size);
    gw_hub_channel_init(&channel, fds[1], &gw_allocator_system);
    FUZZ_CHECK(gw_hub_channel_read(&channel) == GW_OK);
    while ((status = gw_hub_channel_next(&channel, &frame, &error)) == GW_OK) {
        check_frame(&frame, stream, &at);
    }
    FUZZ_CHECK(status == GW_AGAIN || status == GW_PROTOCOL);
    FUZZ_CHECK(gw_hub_channel_has_frame(&channel) == (status == GW_PROTOCOL));
    FUZZ_CHECK(gw_hub_channel_next(&channel, &frame, &error) == status);
    gw_hub_channel_close(&channel);
    close(fds[0]);
    return 0;
}
