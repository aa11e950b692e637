/* The header map, and which headers go out. */
#include "schemas/headers.h"

#include "base/utf8.h"
#include "schemas/msgpack_reader.h"
#include "schemas/msgpack_writer.h"

#include <strings.h>

static bool name_is(struct gw_str name, const char *other) {
    return name.size == strlen(other) && strncasecmp(name.data, other, name.size) == 0;
}

static bool name_begins(struct gw_str name, const char *prefix) {
    size_t size = strlen(prefix);
    return name.size >= size && strncasecmp(name.data, prefix, size) == 0;
}

const struct gw_header *gw_headers_find(struct gw_headers headers, const char *name) {
    for (size_t i = 0; i < headers.count; i++) {
        if (name_is(headers.items[i].name, name)) {
            return &headers.items[i];
        }
    }
    return NULL;
}

static size_t header_bytes(const struct gw_header *header) {
    return header->name.size + header->value.size;
}

static enum gw_status check_limits(struct gw_headers headers) {
    size_t bytes = 0;
    for (size_t i = 0; i < headers.count; i++) {
        bytes += header_bytes(&headers.items[i]);
    }
    if (headers.count > GW_HEADERS_MAX) {
        return GW_TOO_MANY;
    }
    return bytes > GW_HEADERS_BYTES_MAX ? GW_TOO_LARGE : GW_OK;
}

enum gw_status gw_headers_encode(struct gw_headers headers, struct gw_buffer *out) {
    enum gw_status status = out->failed == GW_OK ? check_limits(headers) : out->failed;
    if (status != GW_OK) {
        return status;
    }
    size_t before = out->size;
    struct gw_writer writer;
    gw_msgpack_writer_init(&writer, out);
    writer.ops->map(&writer, NULL, headers.count);
    for (size_t i = 0; i < headers.count; i++) {
        writer.ops->string(&writer, NULL, headers.items[i].name);
        if (headers.items[i].value.data) {
            writer.ops->bin(&writer, NULL, headers.items[i].value);
        } else {
            writer.ops->nil(&writer, NULL);
        }
    }
    status = out->failed;
    if (status != GW_OK) {
        gw_buffer_cut(out, before);
    }
    return status;
}

/* The next token, which must be of one of the types that `allowed` has a bit for. */
static enum gw_status take_token(struct gw_cursor *cursor, unsigned allowed, const char *expected,
                                 struct gw_value *token, struct gw_error *error) {
    size_t position = gw_cursor_position(cursor);
    enum gw_status status = gw_msgpack_token(cursor, token);
    if (status != GW_OK) {
        return gw_fail(error, status, position, "the header map is cut off or malformed");
    }
    if (!(allowed & 1u << token->type)) {
        return gw_fail(error, GW_BAD_TYPE, position, "%s is of type %s", expected,
                       gw_value_type_name(token->type));
    }
    return GW_OK;
}

static enum gw_status decode_header(struct gw_cursor *cursor, struct gw_header *header,
                                    struct gw_error *error) {
    struct gw_value name, value;
    enum gw_status status = take_token(cursor, 1u << GW_STRING, "a header's name", &name, error);
    if (status == GW_OK && !gw_utf8_is_valid(name.as.bytes)) {
        return gw_fail(error, GW_BAD_UTF8, name.position, "a header's name is not valid UTF-8");
    }
    if (status == GW_OK) {
        status = take_token(cursor, 1u << GW_BIN | 1u << GW_STRING | 1u << GW_NIL, "a header's value", &value,
                            error);
    }
    if (status == GW_OK) {
        header->name = name.as.bytes;
        header->value = value.type == GW_NIL ? (struct gw_str){NULL, 0} : value.as.bytes;
    }
    return status;
}

enum gw_status gw_headers_decode(struct gw_str frame, struct gw_arena *arena, struct gw_headers *out,
                                 struct gw_error *error) {
    struct gw_cursor cursor = gw_cursor_over(frame.data, frame.size);
    struct gw_value map;
    enum gw_status status = take_token(&cursor, 1u << GW_MAP, "a header frame", &map, error);
    if (status != GW_OK) {
        return status;
    }
    if (map.count > GW_HEADERS_MAX) {
        return gw_fail(error, GW_TOO_MANY, 0, "%u headers are more than %d", map.count, GW_HEADERS_MAX);
    }
    struct gw_header *items = gw_arena_take(arena, map.count * sizeof *items);
    if (!items) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for headers");
    }
    for (size_t i = 0; i < map.count; i++) {
        status = decode_header(&cursor, &items[i], error);
        if (status != GW_OK) {
            return status;
        }
    }
    if (gw_cursor_left(&cursor) > 0) {
        return gw_fail(error, GW_TRAILING_BYTES, gw_cursor_position(&cursor), "bytes follow the header map");
    }
    *out = (struct gw_headers){items, map.count};
    status = check_limits(*out);
    return status == GW_OK ? GW_OK : gw_fail(error, status, 0, "the headers have too many bytes");
}

/* An array that fills up to a number of headers and of bytes. */
struct list {
    struct gw_header *items;
    size_t count;
    size_t capacity;
    size_t bytes;
};

static void add(struct list *list, struct gw_header header) {
    list->items[list->count++] = header;
    list->bytes += header_bytes(&header);
}

static void add_ours(struct list *list, const struct gw_headers_parts *parts) {
    const struct gw_header ours[] = {
        {GW_STR(GW_HEADER_POSITION), parts->position},
        {GW_STR(GW_HEADER_CONTENT_TYPE), parts->content_type},
        {GW_STR("ce_specversion"), parts->ce_type.data ? GW_STR("1.0") : parts->ce_type},
        {GW_STR("ce_type"), parts->ce_type},
        {GW_STR("ce_id"), parts->ce_id},
        {GW_STR("ce_source"), parts->ce_source},
        {GW_STR("ce_subject"), parts->ce_subject},
    };
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        if (ours[i].value.data) {
            add(list, ours[i]);
        }
    }
    for (size_t i = 0; i < parts->more.count; i++) {
        add(list, parts->more.items[i]);
    }
}

static bool is_carried_on(const struct gw_headers_parts *parts, struct gw_str name) {
    if (name_begins(name, "gw-")) {
        return false;
    }
    if (name_begins(name, "ce_")) {
        return !parts->ce_type.data;
    }
    return !name_is(name, GW_HEADER_CONTENT_TYPE) || !parts->content_type.data;
}

/* How many headers of ours there are at most, beside `more`. */
#define OURS_MAX 7

enum gw_status gw_headers_build(const struct gw_headers_parts *parts, struct gw_arena *arena,
                                struct gw_headers *out) {
    struct list list = {.capacity = OURS_MAX + parts->more.count};
    list.capacity = list.capacity > GW_HEADERS_MAX ? list.capacity : GW_HEADERS_MAX;
    list.items = gw_arena_take(arena, list.capacity * sizeof *list.items);
    if (!list.items) {
        return GW_NO_MEMORY;
    }
    add_ours(&list, parts);
    for (size_t i = 0; i < parts->incoming.count; i++) {
        const struct gw_header *header = &parts->incoming.items[i];
        bool fits = list.count < GW_HEADERS_MAX && list.bytes + header_bytes(header) <= GW_HEADERS_BYTES_MAX;
        if (fits && is_carried_on(parts, header->name)) {
            add(&list, *header);
        }
    }
    *out = (struct gw_headers){list.items, list.count};
    return GW_OK;
}
