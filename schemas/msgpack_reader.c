/* Tokens first (one table row per format byte), the tree on top of them. The MessagePack specification is at
 * github.com/msgpack/msgpack/blob/master/spec.md. */
#include "schemas/msgpack_reader.h"

#include "base/utf8.h"

/* How a format's bytes behind the first one are to be read. */
enum payload {
    PAYLOAD_NONE,
    PAYLOAD_UNSIGNED, /* `width` bytes of an integer */
    PAYLOAD_SIGNED,
    PAYLOAD_FLOAT,
    PAYLOAD_BYTES, /* `width` bytes of a length, then as many bytes */
    PAYLOAD_EXT,   /* the same with the type's byte in between; width 0: `fixed` bytes */
    PAYLOAD_COUNT, /* `width` bytes of a count */
    PAYLOAD_BAD
};

struct format {
    uint8_t type; /* enum gw_value_type */
    uint8_t payload;
    uint8_t width;
    uint8_t fixed; /* the boolean's value, or the length of a fixext */
};

/* Formats 0xC0 to 0xDF. */
static const struct format formats[] = {
    {GW_NIL, PAYLOAD_NONE, 0, 0},     {GW_NIL, PAYLOAD_BAD, 0, 0},      {GW_BOOL, PAYLOAD_NONE, 0, 0},
    {GW_BOOL, PAYLOAD_NONE, 0, 1},    {GW_BIN, PAYLOAD_BYTES, 1, 0},    {GW_BIN, PAYLOAD_BYTES, 2, 0},
    {GW_BIN, PAYLOAD_BYTES, 4, 0},    {GW_EXT, PAYLOAD_EXT, 1, 0},      {GW_EXT, PAYLOAD_EXT, 2, 0},
    {GW_EXT, PAYLOAD_EXT, 4, 0},      {GW_FLOAT, PAYLOAD_FLOAT, 4, 0},  {GW_DOUBLE, PAYLOAD_FLOAT, 8, 0},
    {GW_INT, PAYLOAD_UNSIGNED, 1, 0}, {GW_INT, PAYLOAD_UNSIGNED, 2, 0}, {GW_INT, PAYLOAD_UNSIGNED, 4, 0},
    {GW_INT, PAYLOAD_UNSIGNED, 8, 0}, {GW_INT, PAYLOAD_SIGNED, 1, 0},   {GW_INT, PAYLOAD_SIGNED, 2, 0},
    {GW_INT, PAYLOAD_SIGNED, 4, 0},   {GW_INT, PAYLOAD_SIGNED, 8, 0},   {GW_EXT, PAYLOAD_EXT, 0, 1},
    {GW_EXT, PAYLOAD_EXT, 0, 2},      {GW_EXT, PAYLOAD_EXT, 0, 4},      {GW_EXT, PAYLOAD_EXT, 0, 8},
    {GW_EXT, PAYLOAD_EXT, 0, 16},     {GW_STRING, PAYLOAD_BYTES, 1, 0}, {GW_STRING, PAYLOAD_BYTES, 2, 0},
    {GW_STRING, PAYLOAD_BYTES, 4, 0}, {GW_ARRAY, PAYLOAD_COUNT, 2, 0},  {GW_ARRAY, PAYLOAD_COUNT, 4, 0},
    {GW_MAP, PAYLOAD_COUNT, 2, 0},    {GW_MAP, PAYLOAD_COUNT, 4, 0},
};

static bool read_width(struct gw_cursor *cursor, uint8_t width, uint64_t *out) {
    struct gw_str bytes;
    if (!gw_cursor_take(cursor, width, &bytes)) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < width; i++) {
        value = value << 8 | (uint8_t)bytes.data[i];
    }
    *out = value;
    return true;
}

static void set_unsigned(struct gw_value *out, uint64_t number) {
    out->type = number > INT64_MAX ? GW_UINT : GW_INT;
    out->as.unsigned_integer = number;
}

/* Extends the sign of a `width`-byte integer. */
static void set_signed(struct gw_value *out, uint64_t number, uint8_t width) {
    unsigned unused = 64 - 8u * width;
    out->as.integer = (int64_t)(number << unused) >> unused;
}

static void set_float(struct gw_value *out, uint64_t bits) {
    if (out->type == GW_DOUBLE) {
        memcpy(&out->as.number, &bits, sizeof out->as.number);
        return;
    }
    uint32_t half = (uint32_t)bits;
    float number;
    memcpy(&number, &half, sizeof number);
    out->as.number = (double)number;
}

static bool read_ext(struct gw_cursor *cursor, size_t size, struct gw_value *out) {
    uint8_t type;
    if (!gw_cursor_u8(cursor, &type)) {
        return false;
    }
    out->ext_type = (int8_t)type;
    return gw_cursor_take(cursor, size, &out->as.bytes);
}

/* What follows the format byte. False when it is cut off. */
static bool read_payload(struct gw_cursor *cursor, struct format format, struct gw_value *out) {
    uint64_t number = 0;
    if (!read_width(cursor, format.width, &number)) {
        return false;
    }
    switch ((enum payload)format.payload) {
    case PAYLOAD_UNSIGNED:
        set_unsigned(out, number);
        return true;
    case PAYLOAD_SIGNED:
        set_signed(out, number, format.width);
        return true;
    case PAYLOAD_FLOAT:
        set_float(out, number);
        return true;
    case PAYLOAD_BYTES:
        return gw_cursor_take(cursor, (size_t)number, &out->as.bytes);
    case PAYLOAD_EXT:
        return read_ext(cursor, format.width ? (size_t)number : format.fixed, out);
    case PAYLOAD_COUNT:
        out->count = (uint32_t)number;
        return true;
    default:
        out->as.boolean = format.fixed;
        return true;
    }
}

/* The formats whose first byte carries the value or the length itself. */
static bool read_short(struct gw_cursor *cursor, uint8_t first, struct gw_value *out) {
    if (first < 0x80 || first >= 0xE0) {
        out->type = GW_INT;
        out->as.integer = (int8_t)first;
        return true;
    }
    if (first < 0xA0) {
        out->type = first < 0x90 ? GW_MAP : GW_ARRAY;
        out->count = first & 15;
        return true;
    }
    out->type = GW_STRING;
    return gw_cursor_take(cursor, first & 31, &out->as.bytes);
}

enum gw_status gw_msgpack_token(struct gw_cursor *cursor, struct gw_value *out) {
    struct gw_cursor at = *cursor;
    uint8_t first;
    *out = (struct gw_value){.position = (uint32_t)gw_cursor_position(cursor)};
    if (!gw_cursor_u8(&at, &first)) {
        return GW_TRUNCATED;
    }
    bool whole;
    if (first >= 0xC0 && first < 0xE0) {
        struct format format = formats[first - 0xC0];
        if (format.payload == PAYLOAD_BAD) {
            return GW_MALFORMED;
        }
        out->type = format.type;
        whole = read_payload(&at, format, out);
    } else {
        whole = read_short(&at, first, out);
    }
    if (!whole) {
        return GW_TRUNCATED;
    }
    *cursor = at;
    return GW_OK;
}

struct reader {
    struct gw_cursor cursor;
    const struct gw_limits *limits;
    struct gw_arena *arena;
    struct gw_error *error;
    size_t items_left;
};

static enum gw_status read_value(struct reader *reader, size_t depth, struct gw_value *out);

static enum gw_status fail_token(struct reader *reader, enum gw_status status) {
    size_t position = gw_cursor_position(&reader->cursor);
    if (status == GW_MALFORMED) {
        return gw_fail(reader->error, status, position, "byte 0xC1 is never used in MessagePack");
    }
    return gw_fail(reader->error, status, position, "the value that begins at byte %zu is cut off", position);
}

/* Checks a str or bin. */
static enum gw_status check_bytes(struct reader *reader, const struct gw_value *value) {
    struct gw_str bytes = value->as.bytes;
    if (bytes.size > reader->limits->string_bytes) {
        return gw_fail(reader->error, GW_TOO_LARGE, value->position, "a %s has %zu bytes, more than %zu",
                       gw_value_type_name(value->type), bytes.size, reader->limits->string_bytes);
    }
    size_t valid = value->type == GW_STRING ? gw_utf8_valid_prefix(bytes) : bytes.size;
    if (valid < bytes.size) {
        size_t position = gw_cursor_position(&reader->cursor) - bytes.size + valid;
        return gw_fail(reader->error, GW_BAD_UTF8, position, "a string is not valid UTF-8");
    }
    return GW_OK;
}

/* Before any memory is taken: every item still to come needs a byte at least. */
static enum gw_status check_count(struct reader *reader, const struct gw_value *value, size_t depth) {
    size_t items = value->type == GW_MAP ? (size_t)value->count * 2 : value->count;
    size_t left = gw_cursor_left(&reader->cursor);
    const char *name = gw_value_type_name(value->type);
    if (depth == 0) {
        return gw_fail(reader->error, GW_TOO_DEEP, value->position, "values are nested too deep");
    }
    if (items > left) {
        return gw_fail(reader->error, GW_TOO_MANY, value->position,
                       "%s says it has %u items, but only %zu bytes are left", name, value->count, left);
    }
    if (value->type == GW_MAP && value->count > reader->limits->keys) {
        return gw_fail(reader->error, GW_TOO_MANY, value->position, "a map has %u keys, more than %zu",
                       value->count, reader->limits->keys);
    }
    if (items > reader->items_left) {
        return gw_fail(reader->error, GW_TOO_MANY, value->position, "the message has more than %zu values",
                       reader->limits->items);
    }
    reader->items_left -= items;
    return GW_OK;
}

static enum gw_status no_memory(struct reader *reader) {
    return gw_fail(reader->error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for the message's values");
}

static enum gw_status read_items(struct reader *reader, size_t depth, struct gw_value *out) {
    out->as.items = gw_arena_take(reader->arena, out->count * sizeof *out->as.items);
    if (!out->as.items) {
        return no_memory(reader);
    }
    enum gw_status status = GW_OK;
    for (size_t i = 0; i < out->count && status == GW_OK; i++) {
        status = read_value(reader, depth, &out->as.items[i]);
    }
    return status;
}

static enum gw_status read_key(struct reader *reader, struct gw_value *out) {
    enum gw_status status = gw_msgpack_token(&reader->cursor, out);
    if (status != GW_OK) {
        return fail_token(reader, status);
    }
    if (out->type >= GW_EXT) {
        return gw_fail(reader->error, GW_BAD_TYPE, out->position, "a map's key is of type %s",
                       gw_value_type_name(out->type));
    }
    return out->type == GW_STRING || out->type == GW_BIN ? check_bytes(reader, out) : GW_OK;
}

static enum gw_status check_duplicates(struct reader *reader, const struct gw_value *map) {
    size_t index;
    if (!gw_pairs_find_duplicate(map->as.pairs, map->count, reader->arena, &index)) {
        return no_memory(reader);
    }
    return index == map->count ? GW_OK
                               : gw_fail(reader->error, GW_DUPLICATE_KEY, map->as.pairs[index].key.position,
                                         "a map has this key twice");
}

static enum gw_status read_pairs(struct reader *reader, size_t depth, struct gw_value *out) {
    out->as.pairs = gw_arena_take(reader->arena, out->count * sizeof *out->as.pairs);
    if (!out->as.pairs) {
        return no_memory(reader);
    }
    for (size_t i = 0; i < out->count; i++) {
        enum gw_status status = read_key(reader, &out->as.pairs[i].key);
        if (status == GW_OK) {
            status = read_value(reader, depth, &out->as.pairs[i].value);
        }
        if (status != GW_OK) {
            return status;
        }
    }
    return check_duplicates(reader, out);
}

/* `depth` is how many levels of arrays and maps may still be opened. */
static enum gw_status read_value(struct reader *reader, size_t depth, struct gw_value *out) {
    enum gw_status status = gw_msgpack_token(&reader->cursor, out);
    if (status != GW_OK) {
        return fail_token(reader, status);
    }
    if (out->type == GW_STRING || out->type == GW_BIN || out->type == GW_EXT) {
        return check_bytes(reader, out);
    }
    if (out->type != GW_ARRAY && out->type != GW_MAP) {
        return GW_OK;
    }
    status = check_count(reader, out, depth);
    if (status != GW_OK) {
        return status;
    }
    return out->type == GW_MAP ? read_pairs(reader, depth - 1, out) : read_items(reader, depth - 1, out);
}

enum gw_status gw_msgpack_read(struct gw_str message, const struct gw_limits *limits, struct gw_arena *arena,
                               struct gw_value *out, struct gw_error *error) {
    struct reader reader = {gw_cursor_over(message.data, message.size), limits, arena, error, limits->items};
    if (message.size == 0) {
        return gw_fail(error, GW_EMPTY, 0, "the message is empty");
    }
    size_t depth = limits->depth < GW_LIMIT_DEPTH_MAX ? limits->depth : GW_LIMIT_DEPTH_MAX;
    enum gw_status status = read_value(&reader, depth, out);
    if (status == GW_OK && gw_cursor_left(&reader.cursor) > 0) {
        return gw_fail(error, GW_TRAILING_BYTES, gw_cursor_position(&reader.cursor),
                       "%zu bytes follow the value", gw_cursor_left(&reader.cursor));
    }
    return status;
}
