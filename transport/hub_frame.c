/* One row per frame type: how its fields are written and read. */
#include "transport/hub_frame.h"

#include "base/cursor.h"

#define NAME_MAX_BYTES ((size_t)UINT16_MAX)

static void put_be(struct gw_buffer *out, uint64_t value, size_t size) {
    for (size_t i = size; i-- > 0;) {
        gw_buffer_append_byte(out, (uint8_t)(value >> (8 * i)));
    }
}

static void put_name(struct gw_buffer *out, struct gw_str name) {
    put_be(out, name.size, 2);
    gw_buffer_append_str(out, name);
}

static void put_map(struct gw_buffer *out, struct gw_str map) {
    put_be(out, map.size, 4);
    gw_buffer_append_str(out, map);
}

static bool get_name(struct gw_cursor *in, struct gw_str *out) {
    uint16_t size;
    return gw_cursor_be16(in, &size) && gw_cursor_take(in, size, out);
}

static bool get_map(struct gw_cursor *in, struct gw_str *out) {
    uint32_t size;
    return gw_cursor_be32(in, &size) && gw_cursor_take(in, size, out);
}

static bool get_rest(struct gw_cursor *in, struct gw_str *out) {
    return gw_cursor_take(in, gw_cursor_left(in), out);
}

static bool get_bool(struct gw_cursor *in, bool *out) {
    uint8_t byte;
    if (!gw_cursor_u8(in, &byte) || byte > 1) {
        return false;
    }
    *out = byte == 1;
    return true;
}

/* A byte from `first` to below `end`. */
static bool get_within(struct gw_cursor *in, unsigned first, unsigned end, unsigned *out) {
    uint8_t byte;
    if (!gw_cursor_u8(in, &byte) || byte < first || byte >= end) {
        return false;
    }
    *out = byte;
    return true;
}

static void put_hello(const struct gw_hub_frame *frame, struct gw_buffer *out) {
    gw_buffer_append_byte(out, frame->as.hello.version);
    gw_buffer_append_byte(out, (uint8_t)frame->as.hello.role);
    put_be(out, frame->as.hello.slot, 4);
    put_be(out, frame->as.hello.window, 8);
}

static bool get_hello(struct gw_cursor *in, struct gw_hub_frame *frame) {
    unsigned role;
    if (!gw_cursor_u8(in, &frame->as.hello.version) ||
        !get_within(in, GW_HUB_ROLE_SOURCE, GW_HUB_ROLE_SINK + 1, &role)) {
        return false;
    }
    frame->as.hello.role = (enum gw_hub_role)role;
    return gw_cursor_be32(in, &frame->as.hello.slot) && gw_cursor_be64(in, &frame->as.hello.window);
}

static void put_welcome(const struct gw_hub_frame *frame, struct gw_buffer *out) {
    gw_buffer_append_byte(out, frame->as.welcome.version);
    gw_buffer_append_byte(out, frame->as.welcome.outlets);
    put_be(out, frame->as.welcome.window, 8);
    put_be(out, frame->as.welcome.message_bytes_max, 8);
}

static bool get_welcome(struct gw_cursor *in, struct gw_hub_frame *frame) {
    return gw_cursor_u8(in, &frame->as.welcome.version) && gw_cursor_u8(in, &frame->as.welcome.outlets) &&
           gw_cursor_be64(in, &frame->as.welcome.window) &&
           gw_cursor_be64(in, &frame->as.welcome.message_bytes_max);
}

static void put_deal(const struct gw_hub_frame *frame, struct gw_buffer *out) {
    const struct gw_position *position = &frame->as.deal.position;
    put_be(out, frame->as.deal.receipt, 8);
    gw_buffer_append_byte(out, frame->as.deal.redelivered);
    gw_buffer_append_byte(out, (uint8_t)frame->as.deal.refused);
    put_be(out, frame->as.deal.full_size, 8);
    gw_buffer_append_byte(out, (uint8_t)position->kind);
    put_be(out, (uint64_t)position->number, 8);
    put_name(out, position->name);
    put_map(out, frame->as.deal.headers);
    gw_buffer_append_str(out, frame->as.deal.payload);
}

static bool get_position(struct gw_cursor *in, struct gw_position *position) {
    unsigned kind;
    uint64_t number;
    if (!get_within(in, GW_POSITION_ACKED, GW_POSITION_HUB + 1, &kind) || !gw_cursor_be64(in, &number)) {
        return false;
    }
    position->kind = (enum gw_position_kind)kind;
    position->partition = 0;
    position->number = (int64_t)number;
    return get_name(in, &position->name);
}

static bool get_deal(struct gw_cursor *in, struct gw_hub_frame *frame) {
    unsigned refused;
    if (!gw_cursor_be64(in, &frame->as.deal.receipt) || !get_bool(in, &frame->as.deal.redelivered) ||
        !get_within(in, GW_OK, GW_STATUS_COUNT, &refused)) {
        return false;
    }
    frame->as.deal.refused = (enum gw_status)refused;
    return gw_cursor_be64(in, &frame->as.deal.full_size) && get_position(in, &frame->as.deal.position) &&
           get_map(in, &frame->as.deal.headers) && get_rest(in, &frame->as.deal.payload);
}

static void put_settle(const struct gw_hub_frame *frame, struct gw_buffer *out) {
    put_be(out, frame->as.settle.receipt, 8);
    gw_buffer_append_byte(out, (uint8_t)frame->as.settle.outcome);
}

static bool get_settle(struct gw_cursor *in, struct gw_hub_frame *frame) {
    unsigned outcome;
    if (!gw_cursor_be64(in, &frame->as.settle.receipt) ||
        !get_within(in, GW_OUTCOME_RECORD, GW_OUTCOME_RETRY + 1, &outcome)) {
        return false;
    }
    frame->as.settle.outcome = (enum gw_outcome)outcome;
    return true;
}

static void put_pause(const struct gw_hub_frame *frame, struct gw_buffer *out) {
    gw_buffer_append_byte(out, frame->as.pause.on);
}

static bool get_pause(struct gw_cursor *in, struct gw_hub_frame *frame) {
    return get_bool(in, &frame->as.pause.on);
}

static void put_nothing(const struct gw_hub_frame *frame, struct gw_buffer *out) {
    (void)frame;
    (void)out;
}

static bool get_nothing(struct gw_cursor *in, struct gw_hub_frame *frame) {
    (void)in;
    (void)frame;
    return true;
}

static void put_send(const struct gw_hub_frame *frame, struct gw_buffer *out) {
    put_be(out, frame->as.send.ticket, 8);
    gw_buffer_append_byte(out, (uint8_t)frame->as.send.outlet);
    gw_buffer_append_byte(out, frame->as.send.topic.data != NULL);
    put_name(out, frame->as.send.topic);
    put_map(out, frame->as.send.headers);
    gw_buffer_append_str(out, frame->as.send.payload);
}

static bool get_send(struct gw_cursor *in, struct gw_hub_frame *frame) {
    unsigned outlet;
    bool has_topic;
    if (!gw_cursor_be64(in, &frame->as.send.ticket) || !get_within(in, 0, GW_OUTLET_COUNT, &outlet) ||
        !get_bool(in, &has_topic) || !get_name(in, &frame->as.send.topic) ||
        (!has_topic && frame->as.send.topic.size > 0)) {
        return false;
    }
    frame->as.send.outlet = (enum gw_outlet)outlet;
    if (!has_topic) {
        frame->as.send.topic.data = NULL;
    }
    return get_map(in, &frame->as.send.headers) && get_rest(in, &frame->as.send.payload);
}

static void put_result(const struct gw_hub_frame *frame, struct gw_buffer *out) {
    put_be(out, frame->as.result.ticket, 8);
    gw_buffer_append_byte(out, (uint8_t)frame->as.result.status);
}

static bool get_result(struct gw_cursor *in, struct gw_hub_frame *frame) {
    unsigned status;
    if (!gw_cursor_be64(in, &frame->as.result.ticket) || !get_within(in, GW_OK, GW_STATUS_COUNT, &status)) {
        return false;
    }
    frame->as.result.status = (enum gw_status)status;
    return true;
}

static const struct {
    const char *name;
    void (*put)(const struct gw_hub_frame *frame, struct gw_buffer *out);
    bool (*get)(struct gw_cursor *in, struct gw_hub_frame *frame);
} rows[GW_HUB_FRAME_TYPES] = {
    [GW_HUB_HELLO] = {"HELLO", put_hello, get_hello},
    [GW_HUB_WELCOME] = {"WELCOME", put_welcome, get_welcome},
    [GW_HUB_DEAL] = {"DEAL", put_deal, get_deal},
    [GW_HUB_SETTLE] = {"SETTLE", put_settle, get_settle},
    [GW_HUB_PAUSE] = {"PAUSE", put_pause, get_pause},
    [GW_HUB_END] = {"END", put_nothing, get_nothing},
    [GW_HUB_SEND] = {"SEND", put_send, get_send},
    [GW_HUB_RESULT] = {"RESULT", put_result, get_result},
};

/* Sizes that do not fit their prefixes must not be written. */
static bool fits(const struct gw_hub_frame *frame) {
    if (frame->type == GW_HUB_DEAL) {
        return frame->as.deal.position.name.size <= NAME_MAX_BYTES &&
               frame->as.deal.headers.size < GW_HUB_FRAME_MAX &&
               frame->as.deal.payload.size < GW_HUB_FRAME_MAX;
    }
    return frame->type != GW_HUB_SEND ||
           (frame->as.send.topic.size <= NAME_MAX_BYTES && frame->as.send.headers.size < GW_HUB_FRAME_MAX &&
            frame->as.send.payload.size < GW_HUB_FRAME_MAX);
}

/* Takes back what was appended since `size`. */
static enum gw_status undo(struct gw_buffer *out, size_t size, enum gw_status status) {
    gw_buffer_clear(out);
    out->size = size;
    return status;
}

enum gw_status gw_hub_frame_encode(const struct gw_hub_frame *frame, struct gw_buffer *out) {
    size_t before = out->size;
    if (!fits(frame)) {
        return GW_TOO_LARGE;
    }
    put_be(out, 0, GW_HUB_FRAME_PREFIX);
    gw_buffer_append_byte(out, (uint8_t)frame->type);
    rows[frame->type].put(frame, out);
    if (out->failed != GW_OK) {
        return undo(out, before, out->failed);
    }
    size_t size = out->size - before - GW_HUB_FRAME_PREFIX;
    if (size > GW_HUB_FRAME_MAX) {
        return undo(out, before, GW_TOO_LARGE);
    }
    for (size_t i = 0; i < GW_HUB_FRAME_PREFIX; i++) {
        out->data[before + i] = (uint8_t)(size >> (8 * (GW_HUB_FRAME_PREFIX - 1 - i)));
    }
    return GW_OK;
}

enum gw_status gw_hub_frame_decode(struct gw_str body, struct gw_hub_frame *frame, struct gw_error *error) {
    struct gw_cursor in = gw_cursor_over(body.data, body.size);
    uint8_t type;
    if (!gw_cursor_u8(&in, &type) || type >= GW_HUB_FRAME_TYPES || !rows[type].get) {
        return gw_fail(error, GW_PROTOCOL, 0, "there is no frame of this type");
    }
    frame->type = (enum gw_hub_frame_type)type;
    if (!rows[type].get(&in, frame)) {
        return gw_fail(error, GW_PROTOCOL, gw_cursor_position(&in), "a %s frame is cut or has a bad value",
                       rows[type].name);
    }
    if (gw_cursor_left(&in) > 0) {
        return gw_fail(error, GW_PROTOCOL, gw_cursor_position(&in),
                       "a %s frame has bytes behind its last field", rows[type].name);
    }
    return GW_OK;
}
