/* Dead letters back from the schema's map. */
#include "schemas/dead_letter.h"
#include "schemas/json_reader.h"
#include "schemas/msgpack_reader.h"

#include <stddef.h>

static int base64_digit(char c) {
    static const struct {
        char first, last;
        int value;
    } runs[] = {{'A', 'Z', 0}, {'a', 'z', 26}, {'0', '9', 52}, {'+', '+', 62}, {'/', '/', 63}};
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        if (c >= runs[i].first && c <= runs[i].last) {
            return runs[i].value + (c - runs[i].first);
        }
    }
    return -1;
}

/* RFC 4648, section 4, with its padding. */
static enum gw_status read_base64(struct gw_str text, struct gw_arena *arena, struct gw_str *out) {
    if (text.size % 4 != 0) {
        return GW_BAD_VALUE;
    }
    size_t padding = 0;
    while (padding < 2 && padding < text.size && text.data[text.size - 1 - padding] == '=') {
        padding++;
    }
    char *bytes = gw_arena_take(arena, text.size / 4 * 3);
    if (!bytes) {
        return GW_NO_MEMORY;
    }
    size_t size = 0;
    uint32_t group = 0;
    for (size_t i = 0; i < text.size - padding; i++) {
        int digit = base64_digit(text.data[i]);
        if (digit < 0) {
            return GW_BAD_VALUE;
        }
        group = group << 6 | (uint32_t)digit;
        if (i % 4 > 0) {
            bytes[size++] = (char)(group >> (6 - 2 * (i % 4)) & 0xFF);
        }
    }
    *out = (struct gw_str){bytes, size};
    return GW_OK;
}

/* Bytes in any form that the writers give them: bin, a string, or {"$bin": base64}. nil is absent. */
static enum gw_status read_bytes(const struct gw_value *value, struct gw_arena *arena, struct gw_str *out) {
    *out = (struct gw_str){NULL, 0};
    if (!value || value->type == GW_NIL) {
        return GW_OK;
    }
    if (value->type == GW_STRING || value->type == GW_BIN) {
        *out = value->as.bytes;
        out->data = out->data ? out->data : "";
        return GW_OK;
    }
    const struct gw_value *coded = gw_value_get(value, "$bin");
    return coded && coded->type == GW_STRING ? read_base64(coded->as.bytes, arena, out) : GW_BAD_TYPE;
}

static struct gw_str text_of(const struct gw_value *map, const char *key) {
    const struct gw_value *value = gw_value_get(map, key);
    return value && value->type == GW_STRING ? value->as.bytes : (struct gw_str){NULL, 0};
}

static enum gw_status read_headers(const struct gw_value *list, struct gw_arena *arena,
                                   struct gw_headers *out) {
    *out = (struct gw_headers){NULL, 0};
    if (!list || list->type == GW_NIL) {
        return GW_OK;
    }
    if (list->type != GW_ARRAY) {
        return GW_BAD_TYPE;
    }
    struct gw_header *items = gw_arena_take_zeroed(arena, list->count, sizeof *items);
    if (!items) {
        return GW_NO_MEMORY;
    }
    for (size_t i = 0; i < list->count; i++) {
        items[i].name = text_of(&list->as.items[i], "name");
        enum gw_status status =
            items[i].name.data ? read_bytes(gw_value_get(&list->as.items[i], "value"), arena, &items[i].value)
                               : GW_MISSING_FIELD;
        if (status != GW_OK) {
            return status;
        }
    }
    *out = (struct gw_headers){items, list->count};
    return GW_OK;
}

static enum gw_status read_map(const struct gw_value *map, struct gw_arena *arena, struct gw_dead_letter *out,
                               struct gw_error *error) {
    const struct {
        const char *name;
        struct gw_str *bytes;
    } fields[] = {{"payload", &out->payload}, {"key", &out->key}};
    struct gw_str reason = text_of(map, "reason");
    const struct gw_value *cut = gw_value_get(map, "cut"), *size = gw_value_get(map, "size");
    out->reason = gw_status_from_word(reason.data ? reason.data : "", reason.size);
    out->detail = text_of(map, "detail");
    out->position = text_of(map, "position");
    out->program = text_of(map, "program");
    out->size = size && size->type == GW_INT && size->as.integer > 0 ? (uint64_t)size->as.integer : 0;
    out->cut = cut && cut->type == GW_BOOL && cut->as.boolean;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        enum gw_status status = read_bytes(gw_value_get(map, fields[i].name), arena, fields[i].bytes);
        if (status != GW_OK) {
            return gw_fail(error, status, GW_NO_POSITION, "field `%s` holds no bytes", fields[i].name);
        }
    }
    enum gw_status status = read_headers(gw_value_get(map, "headers"), arena, &out->headers);
    return status == GW_OK ? GW_OK
                           : gw_fail(error, status, GW_NO_POSITION, "field `headers` holds no headers");
}

enum gw_status gw_dead_letter_decode(struct gw_str message, struct gw_arena *arena,
                                     struct gw_dead_letter *out, struct gw_error *error) {
    static const struct gw_limits limits = {
        .depth = GW_LIMIT_DEPTH_MAX, .string_bytes = SIZE_MAX, .keys = SIZE_MAX, .items = SIZE_MAX};
    struct gw_value map;
    bool json = message.size > 0 && message.data[0] == '{';
    enum gw_status status = json ? gw_json_read(message, &limits, arena, &map, error)
                                 : gw_msgpack_read(message, &limits, arena, &map, error);
    if (status != GW_OK) {
        return status;
    }
    const struct gw_value *schema = gw_value_get(&map, "schema");
    if (!schema || !gw_value_is(schema, GW_DEAD_LETTER_SCHEMA)) {
        return gw_fail(error, GW_BAD_VALUE, GW_NO_POSITION,
                       "this is no dead letter: its `schema` is not " GW_DEAD_LETTER_SCHEMA);
    }
    *out = (struct gw_dead_letter){.stage = GW_STAGE_COUNT};
    return read_map(&map, arena, out, error);
}
