/* Decoding by the article's table: the reader gives a map, each row takes its field out of it. */
#include "schemas/article.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "schemas/json_reader.h"
#include "schemas/msgpack_reader.h"
#include "schemas/ninjs.h"
#include "schemas/table.h"
#include "schemas/timestamp.h"

#include <assert.h>
#include <stddef.h>
#include <strings.h>

struct decoding {
    const struct gw_article_options *options;
    struct gw_arena *arena;
    struct gw_article *article;
    struct gw_error *error;
    struct gw_value targets; /* kept until the texts are known that they point into */
};

/* Puts `value`, which is not nil, `to` where the row's field lies. */
typedef enum gw_status (*decode_field)(struct decoding *decoding, const struct gw_field *row,
                                       const struct gw_value *value, void *to);

static size_t limit_of(const struct decoding *decoding, const struct gw_field *row) {
    return *(const size_t *)((const char *)decoding->options->limits + row->limit_offset);
}

static enum gw_status fail_type(struct decoding *decoding, const struct gw_field *row,
                                const struct gw_value *value, const char *expected) {
    return gw_fail(decoding->error, GW_BAD_TYPE, value->position,
                   "field `%s`: %s is expected, not a value of type %s", row->name.text, expected,
                   gw_value_type_name(value->type));
}

static enum gw_status no_memory(struct decoding *decoding) {
    return gw_fail(decoding->error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for the article");
}

static enum gw_status decode_string(struct decoding *decoding, const struct gw_field *row,
                                    const struct gw_value *value, void *to) {
    if (value->type != GW_STRING) {
        return fail_type(decoding, row, value, "a string");
    }
    size_t limit = limit_of(decoding, row);
    if (value->as.bytes.size > limit) {
        return gw_fail(decoding->error, GW_TOO_LARGE, value->position,
                       "field `%s` has %zu bytes, more than %zu", row->name.text, value->as.bytes.size,
                       limit);
    }
    *(struct gw_str *)to = value->as.bytes;
    return GW_OK;
}

static enum gw_status decode_word(struct decoding *decoding, const struct gw_field *row,
                                  const struct gw_value *value, void *to) {
    if (value->type != GW_STRING) {
        return fail_type(decoding, row, value, "a string");
    }
    for (size_t i = 0; i < row->word_count; i++) {
        if (gw_value_is(value, row->words[i].text)) {
            *(struct gw_str *)to = value->as.bytes;
            return GW_OK;
        }
    }
    return gw_fail(decoding->error, GW_BAD_VALUE, value->position,
                   "field `%s` is none of its allowed words, such as \"%s\"", row->name.text,
                   row->words[0].text);
}

static enum gw_status decode_scalar(struct decoding *decoding, const struct gw_field *row,
                                    const struct gw_value *value, void *to) {
    if (value->type != GW_STRING && value->type != GW_INT && value->type != GW_UINT) {
        return fail_type(decoding, row, value, "a string or an integer");
    }
    *(struct gw_value *)to = *value;
    return GW_OK;
}

static enum gw_status decode_timestamp(struct decoding *decoding, const struct gw_field *row,
                                       const struct gw_value *value, void *to) {
    int64_t ms = value->as.integer;
    if (value->type != GW_STRING && value->type != GW_INT) {
        return fail_type(decoding, row, value, "RFC 3339 text or an integer");
    }
    if (value->type == GW_STRING && !gw_timestamp_parse(value->as.bytes, &ms)) {
        return gw_fail(decoding->error, GW_BAD_VALUE, value->position,
                       "field `%s` is not RFC 3339, as in 2023-08-15T09:30:00Z", row->name.text);
    }
    if (value->type == GW_INT && (ms < GW_TIMESTAMP_MS_LEAST || ms > GW_TIMESTAMP_MS_MOST)) {
        return gw_fail(decoding->error, GW_BAD_VALUE, value->position,
                       "field `%s` is not in the years 1 to 9999, in milliseconds", row->name.text);
    }
    decoding->article->published_at_ms = ms;
    *(struct gw_value *)to = *value;
    return GW_OK;
}

/* An array of strings, or one string where the row allows it. */
static enum gw_status decode_strings(struct decoding *decoding, const struct gw_field *row,
                                     const struct gw_value *value, void *to) {
    bool lone = (row->flags & GW_LONE) && value->type == GW_STRING;
    if (!lone && value->type != GW_ARRAY) {
        return fail_type(decoding, row, value, "an array of strings");
    }
    const struct gw_value *items = lone ? value : value->as.items;
    size_t count = lone ? 1 : value->count;
    size_t limit = limit_of(decoding, row);
    if (count > limit) {
        return gw_fail(decoding->error, GW_TOO_MANY, value->position,
                       "field `%s` has %zu items, more than %zu", row->name.text, count, limit);
    }
    struct gw_str *strings = gw_arena_take(decoding->arena, count * sizeof *strings);
    if (!strings) {
        return no_memory(decoding);
    }
    for (size_t i = 0; i < count; i++) {
        if (items[i].type != GW_STRING) {
            return fail_type(decoding, row, &items[i], "a string");
        }
        strings[i] = items[i].as.bytes;
    }
    *(struct gw_str **)to = strings;
    *(size_t *)((char *)decoding->article + row->count_offset) = count;
    return GW_OK;
}

static enum gw_status decode_targets(struct decoding *decoding, const struct gw_field *row,
                                     const struct gw_value *value, void *to) {
    (void)to;
    size_t limit = limit_of(decoding, row);
    if (value->type != GW_ARRAY) {
        return fail_type(decoding, row, value, "an array");
    }
    if (value->count > limit) {
        return gw_fail(decoding->error, GW_TOO_MANY, value->position,
                       "field `%s` has %u items, more than %zu", row->name.text, value->count, limit);
    }
    decoding->targets = *value;
    return GW_OK;
}

static const decode_field decoders[GW_AS_COUNT] = {
    [GW_AS_STRING] = decode_string,       [GW_AS_WORD] = decode_word,       [GW_AS_SCALAR] = decode_scalar,
    [GW_AS_TIMESTAMP] = decode_timestamp, [GW_AS_STRINGS] = decode_strings, [GW_AS_OBJECTS] = decode_targets,
};

static enum gw_status decode_pair(struct decoding *decoding, struct gw_pair *pair) {
    if (pair->key.type != GW_STRING) {
        return gw_fail(decoding->error, GW_BAD_TYPE, pair->key.position,
                       "an article's field has a name of type %s, not a string",
                       gw_value_type_name(pair->key.type));
    }
    const struct gw_field *row = gw_table_find(&gw_article_table, pair->key.as.bytes);
    struct gw_article *article = decoding->article;
    if (!row) {
        /* Unknown fields close up at the front of the map's own array. */
        article->extra[article->extra_count++] = *pair;
        return GW_OK;
    }
    if (pair->value.type == GW_NIL) {
        return GW_OK;
    }
    return decoders[row->as](decoding, row, &pair->value, (char *)article + row->offset);
}

/* One of a target's two numbers as an offset in bytes. */
static enum gw_status decode_offset(struct decoding *decoding, const struct gw_value *target,
                                    const char *name, const struct gw_offset_map *map, uint32_t *out) {
    const struct gw_value *value = gw_value_get(target, name);
    if (!value || value->type == GW_NIL) {
        return gw_fail(decoding->error, GW_MISSING_FIELD, target->position, "a target has no `%s`", name);
    }
    if (value->type != GW_INT) {
        return gw_fail(decoding->error, GW_BAD_TYPE, value->position, "a target's `%s` is not an integer",
                       name);
    }
    if (value->as.integer < 0 || !gw_offset_map_to_byte(map, (uint64_t)value->as.integer, out)) {
        return gw_fail(decoding->error, GW_BAD_VALUE, value->position,
                       "a target's `%s` is outside its text or inside a character", name);
    }
    return GW_OK;
}

/* A target's `field`; absent is the body. */
static enum gw_status decode_text_field(struct decoding *decoding, const struct gw_value *target,
                                        uint8_t *out) {
    const struct gw_value *value = gw_value_get(target, "field");
    *out = GW_FIELD_BODY;
    if (!value || value->type == GW_NIL) {
        return GW_OK;
    }
    for (int i = 0; i < GW_FIELD_COUNT; i++) {
        if (gw_value_is(value, gw_text_field_words[i].text)) {
            *out = (uint8_t)i;
            return GW_OK;
        }
    }
    return gw_fail(decoding->error, value->type == GW_STRING ? GW_BAD_VALUE : GW_BAD_TYPE, value->position,
                   "a target's `field` is neither \"title\" nor \"body\"");
}

static enum gw_status decode_target(struct decoding *decoding, const struct gw_value *target,
                                    const struct gw_offset_map *maps, struct gw_span *span) {
    if (target->type != GW_MAP) {
        return gw_fail(decoding->error, GW_BAD_TYPE, target->position, "a target is not a map");
    }
    enum gw_status status = decode_text_field(decoding, target, &span->field);
    if (status == GW_OK) {
        status = decode_offset(decoding, target, "start", &maps[span->field], &span->start);
    }
    if (status == GW_OK) {
        status = decode_offset(decoding, target, "end", &maps[span->field], &span->end);
    }
    if (status == GW_OK && span->start >= span->end) {
        return gw_fail(decoding->error, GW_BAD_VALUE, target->position, "a target is empty");
    }
    return status;
}

static enum gw_status resolve_targets(struct decoding *decoding) {
    struct gw_article *article = decoding->article;
    const struct gw_value *targets = &decoding->targets;
    if (targets->count == 0) {
        return GW_OK;
    }
    struct gw_offset_map maps[GW_FIELD_COUNT];
    for (unsigned i = 0; i < GW_FIELD_COUNT; i++) {
        struct gw_str text = gw_article_text(article, (enum gw_text_field)i);
        if (gw_offset_map_build(&maps[i], text, decoding->options->offsets, decoding->arena) != GW_OK) {
            return no_memory(decoding);
        }
    }
    article->targets = gw_arena_take(decoding->arena, targets->count * sizeof *article->targets);
    if (!article->targets) {
        return no_memory(decoding);
    }
    enum gw_status status = GW_OK;
    for (; article->target_count < targets->count && status == GW_OK; article->target_count++) {
        status = decode_target(decoding, &targets->as.items[article->target_count], maps,
                               &article->targets[article->target_count]);
    }
    return status;
}

static bool is_blank(struct gw_str text) {
    assert(text.data || text.size == 0);
    for (size_t i = 0; i < text.size; i++) {
        if (!memchr(" \t\r\n\f\v", text.data[i], 6)) {
            return false;
        }
    }
    return true;
}

static enum gw_status check_content(const struct gw_article *article, struct gw_error *error) {
    if (!article->title.data && !article->body.data) {
        return gw_fail(error, GW_MISSING_FIELD, GW_NO_POSITION, "the article has neither `title` nor `body`");
    }
    if (is_blank(article->title) && is_blank(article->body)) {
        return gw_fail(error, GW_EMPTY, GW_NO_POSITION, "the article's `title` and `body` are blank");
    }
    return GW_OK;
}

/* Sets the id if there is none yet. */
static bool derive_id(struct gw_article *article, struct gw_arena *arena) {
    if (article->id.size > 0) {
        return true;
    }
    char id[sizeof GW_ARTICLE_ID_PREFIX - 1 + GW_HASH_HEX_SIZE] = GW_ARTICLE_ID_PREFIX;
    const struct gw_str parts[] = {article->title, article->body, article->url};
    gw_hash128_hex(gw_hash128_parts(parts, sizeof parts / sizeof parts[0]),
                   id + sizeof GW_ARTICLE_ID_PREFIX - 1);
    article->id = gw_arena_copy(arena, gw_str_from(id));
    article->id_derived = true;
    return article->id.data != NULL;
}

static enum gw_status decode_map(struct decoding *decoding, struct gw_value *map) {
    if (map->type != GW_MAP) {
        return gw_fail(decoding->error, GW_BAD_TYPE, map->position,
                       "an article is a map, but this is of type %s", gw_value_type_name(map->type));
    }
    bool html = gw_ninjs_adopt(map);
    *decoding->article = (struct gw_article){.published_at_ms = INT64_MIN, .extra = map->as.pairs};
    enum gw_status status = GW_OK;
    for (size_t i = 0; i < map->count && status == GW_OK; i++) {
        status = decode_pair(decoding, &map->as.pairs[i]);
    }
    if (html && !decoding->article->content_type.data) {
        decoding->article->content_type = GW_STR("text/html");
    }
    if (status == GW_OK) {
        status = check_content(decoding->article, decoding->error);
    }
    if (status == GW_OK) {
        status = resolve_targets(decoding);
    }
    if (status == GW_OK && !derive_id(decoding->article, decoding->arena)) {
        return no_memory(decoding);
    }
    return status;
}

/* No article begins with an ASCII byte in MessagePack: these are small integers there. */
static bool looks_like_json(struct gw_str message) {
    static const char mark[] = "\xEF\xBB\xBF";
    return (uint8_t)message.data[0] < 0x80 ||
           (message.size >= sizeof mark - 1 && memcmp(message.data, mark, sizeof mark - 1) == 0);
}

static enum gw_status check_size(struct gw_str message, const struct gw_limits *limits,
                                 struct gw_error *error) {
    size_t limit = limits->message_bytes < GW_LIMIT_MESSAGE_BYTES_MAX ? limits->message_bytes
                                                                      : GW_LIMIT_MESSAGE_BYTES_MAX;
    if (message.size == 0) {
        return gw_fail(error, GW_EMPTY, 0, "the message is empty");
    }
    return message.size <= limit ? GW_OK
                                 : gw_fail(error, GW_TOO_LARGE, limit,
                                           "the message has %zu bytes, more than %zu", message.size, limit);
}

enum gw_status gw_article_decode(struct gw_str message, const struct gw_article_options *options,
                                 struct gw_arena *arena, struct gw_article *article, struct gw_error *error) {
    struct decoding decoding = {options, arena, article, error, {.type = GW_NIL}};
    struct gw_value map;
    enum gw_status status = check_size(message, options->limits, error);
    if (status != GW_OK) {
        return status;
    }
    bool json = options->format == GW_ARTICLE_JSON ||
                (options->format == GW_ARTICLE_AUTO && looks_like_json(message));
    status = (json ? gw_json_read : gw_msgpack_read)(message, options->limits, arena, &map, error);
    return status == GW_OK ? decode_map(&decoding, &map) : status;
}

enum gw_article_format gw_article_format_of(struct gw_str content_type) {
    static const struct {
        const char *name;
        enum gw_article_format format;
    } names[] = {
        {"application/json", GW_ARTICLE_JSON},
        {"application/vnd.msgpack", GW_ARTICLE_MSGPACK},
        {"application/msgpack", GW_ARTICLE_MSGPACK},
        {"application/x-msgpack", GW_ARTICLE_MSGPACK},
    };
    static const char suffix[] = "+json";
    const char *parameters = content_type.size ? memchr(content_type.data, ';', content_type.size) : NULL;
    size_t size = parameters ? (size_t)(parameters - content_type.data) : content_type.size;
    const char *data = content_type.data;
    for (; size > 0 && (*data == ' ' || *data == '\t'); size--) {
        data++;
    }
    while (size > 0 && (data[size - 1] == ' ' || data[size - 1] == '\t')) {
        size--;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (size == strlen(names[i].name) && strncasecmp(data, names[i].name, size) == 0) {
            return names[i].format;
        }
    }
    size_t tail = sizeof suffix - 1;
    return size > tail && strncasecmp(data + size - tail, suffix, tail) == 0 ? GW_ARTICLE_JSON
                                                                             : GW_ARTICLE_AUTO;
}

enum gw_status gw_article_from_text(struct gw_str text, const struct gw_limits *limits,
                                    struct gw_arena *arena, struct gw_article *article,
                                    struct gw_error *error) {
    enum gw_status status = check_size(text, limits, error);
    if (status != GW_OK) {
        return status;
    }
    size_t valid = gw_utf8_valid_prefix(text);
    if (valid < text.size) {
        return gw_fail(error, GW_BAD_UTF8, valid, "the text is not valid UTF-8");
    }
    *article = (struct gw_article){.body = text, .published_at_ms = INT64_MIN};
    status = check_content(article, error);
    if (status == GW_OK && !derive_id(article, arena)) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for the article's id");
    }
    return status;
}
