/* Frames move from libzmq's hands into the message without being copied, unless they are cut. */
#include "run/hub/hub_message.h"

#include "schemas/dead_letter.h"
#include "schemas/headers.h"

#include <stdlib.h>

static struct gw_hub_message *make_empty(void) {
    struct gw_hub_message *message = calloc(1, sizeof *message);
    if (message) {
        zmq_msg_init(&message->headers);
        zmq_msg_init(&message->payload);
    }
    return message;
}

void gw_hub_message_free(struct gw_hub_message *message) {
    if (message) {
        zmq_msg_close(&message->headers);
        zmq_msg_close(&message->payload);
        free(message);
    }
}

static struct gw_hub_message *measured(struct gw_hub_message *message) {
    message->parcel.size =
        GW_HUB_MESSAGE_OVERHEAD + zmq_msg_size(&message->headers) + zmq_msg_size(&message->payload);
    return message;
}

/* Replaces a message's bytes by the first of them. */
static enum gw_status cut(zmq_msg_t *from, size_t size, zmq_msg_t *to) {
    zmq_msg_t first;
    enum gw_status status = gw_zeromq_copy(&first, gw_str_sub(gw_zeromq_bytes(from), 0, size));
    if (status == GW_OK) {
        zmq_msg_move(to, &first);
        zmq_msg_close(&first);
    }
    return status;
}

static size_t at_most(size_t size, size_t most) {
    return size < most ? size : most;
}

static void take_headers(struct gw_hub_message *message, zmq_msg_t *part) {
    if (zmq_msg_size(part) <= GW_HEADERS_BYTES_MAX) {
        zmq_msg_move(&message->headers, part);
    } else {
        message->refused = GW_MALFORMED;
    }
}

static enum gw_status take_payload(struct gw_hub_message *message, zmq_msg_t *part, size_t bytes_max) {
    message->full_size = zmq_msg_size(part);
    if (message->full_size <= bytes_max) {
        zmq_msg_move(&message->payload, part);
        return GW_OK;
    }
    message->refused = GW_TOO_LARGE;
    return cut(part, at_most(bytes_max, GW_DEAD_LETTER_CUT_BYTES), &message->payload);
}

struct gw_hub_message *gw_hub_message_make(struct gw_zeromq_parts *parts, int headers, int payload,
                                           size_t bytes_max) {
    struct gw_hub_message *message = make_empty();
    if (!message) {
        return NULL;
    }
    if (headers >= 0) {
        take_headers(message, &parts->parts[headers]);
    }
    if (take_payload(message, &parts->parts[payload], bytes_max) != GW_OK) {
        gw_hub_message_free(message);
        return NULL;
    }
    return measured(message);
}

/* Of the parts from `first` to below `end`. */
static size_t bytes_of(const struct gw_zeromq_parts *parts, size_t first, size_t end) {
    size_t size = 0;
    for (size_t i = first; i < end; i++) {
        size += zmq_msg_size(&parts->parts[i]);
    }
    return size;
}

struct gw_hub_message *gw_hub_message_make_malformed(struct gw_zeromq_parts *parts, size_t first) {
    struct gw_hub_message *message = make_empty();
    size_t left = at_most(bytes_of(parts, first, parts->kept), GW_DEAD_LETTER_CUT_BYTES);
    zmq_msg_t joined;
    if (!message || zmq_msg_init_size(&joined, left) != 0) {
        gw_hub_message_free(message);
        return NULL;
    }
    char *to = zmq_msg_data(&joined);
    for (size_t i = first; left > 0; i++) {
        struct gw_str bytes = gw_zeromq_bytes(&parts->parts[i]);
        size_t size = at_most(bytes.size, left);
        memcpy(to, bytes.data, size);
        to += size;
        left -= size;
    }
    zmq_msg_move(&message->payload, &joined);
    zmq_msg_close(&joined);
    message->refused = GW_MALFORMED;
    message->full_size = parts->bytes - bytes_of(parts, 0, first);
    return measured(message);
}
