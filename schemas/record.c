/* Records through the table; ids over what makes them. */
#include "schemas/record.h"

#include "schemas/encoder.h"
#include "schemas/json_writer.h"
#include "schemas/msgpack_reader.h"
#include "schemas/msgpack_writer.h"
#include "schemas/record_view.h"

#include <stdio.h>

static struct gw_str version_text(const struct gw_value *version, char *text, size_t size) {
    if (version->type == GW_STRING) {
        return version->as.bytes;
    }
    int length = 0;
    if (version->type == GW_INT) {
        length = snprintf(text, size, "%lld", (long long)version->as.integer);
    } else if (version->type == GW_UINT) {
        length = snprintf(text, size, "%llu", (unsigned long long)version->as.unsigned_integer);
    }
    return (struct gw_str){text, (size_t)length};
}

void gw_record_id(const struct gw_record *record, char out[GW_HASH_HEX_SIZE]) {
    const struct gw_article *article = record->article;
    const struct gw_record_context *context = record->context;
    char number[32];
    const struct gw_str parts[] = {
        article->id,          version_text(&article->version, number, sizeof number),
        article->title,       article->body,
        context->config_hash, context->model,
        context->model_hash,  context->program,
    };
    gw_hash128_hex(gw_hash128_parts(parts, sizeof parts / sizeof parts[0]), out);
}

/* Joins the article's targets with what was found about them; where nothing was, it is neutral. */
static bool join_targets(struct gw_record_view *view, struct gw_arena *arena) {
    const struct gw_article *article = view->record.article;
    const struct gw_annotation *annotation = view->record.annotation;
    static const struct gw_target_sentiment neutral = {.label = GW_NEUTRAL};
    view->target_count = article->target_count;
    view->targets = gw_arena_take(arena, article->target_count * sizeof *view->targets);
    if (!view->targets) {
        return false;
    }
    for (size_t i = 0; i < article->target_count; i++) {
        view->targets[i].span = article->targets[i];
        view->targets[i].sentiment = i < annotation->target_count ? annotation->targets[i] : neutral;
    }
    return true;
}

static bool list_names(struct gw_record_view *view, struct gw_ninjs_lists *lists, struct gw_arena *arena) {
    view->ninjs = view->record.context->ninjs ? lists : NULL;
    return !view->ninjs || gw_ninjs_make_lists(view->record.annotation, arena, lists) == GW_OK;
}

static bool build_maps(const struct gw_record *record, struct gw_arena *arena, struct gw_offset_map *maps) {
    for (unsigned i = 0; i < GW_FIELD_COUNT; i++) {
        struct gw_str text = gw_article_text(record->article, (enum gw_text_field)i);
        if (gw_offset_map_build(&maps[i], text, record->context->offsets, arena) != GW_OK) {
            return false;
        }
    }
    return true;
}

/* The buffer's failure as a status of the record; the buffer is cut back to `before`. */
static enum gw_status finish(struct gw_buffer *out, size_t before, struct gw_error *error) {
    enum gw_status status = out->failed;
    if (status == GW_OK) {
        return GW_OK;
    }
    gw_buffer_cut(out, before);
    if (status == GW_TOO_LARGE) {
        return gw_fail(error, GW_OUTPUT_TOO_LARGE, GW_NO_POSITION, "the record is larger than %zu bytes",
                       out->limit - before);
    }
    return gw_fail(error, status, GW_NO_POSITION, "no memory for the record");
}

enum gw_status gw_record_encode(const struct gw_record *record, enum gw_encoding encoding,
                                struct gw_arena *arena, struct gw_buffer *out, struct gw_error *error) {
    char id[GW_HASH_HEX_SIZE];
    struct gw_record_view view = {.record = *record, .record_id = {id, sizeof id - 1}};
    struct gw_offset_map maps[GW_FIELD_COUNT];
    struct gw_ninjs_lists ninjs;
    size_t before = out->size;
    if (!join_targets(&view, arena) || !build_maps(record, arena, maps) ||
        !list_names(&view, &ninjs, arena)) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for the record");
    }
    gw_record_id(record, id);
    struct gw_writer writer;
    if (encoding == GW_ENCODING_JSON) {
        gw_json_writer_init(&writer, out, 0);
    } else {
        gw_msgpack_writer_init(&writer, out);
    }
    const struct gw_encoder encoder = {&writer, maps,
                                       record->context->leave_out_body ? gw_record_body_row() : NULL};
    gw_encode(&encoder, &gw_record_table, &view);
    return finish(out, before, error);
}

enum gw_status gw_record_msgpack_to_json(struct gw_str msgpack, unsigned indent, struct gw_arena *arena,
                                         struct gw_buffer *out, struct gw_error *error) {
    /* A record may be deeper and longer than the article it is about; its own size bounds the rest. */
    static const struct gw_limits limits = {
        .depth = GW_LIMIT_DEPTH_MAX, .string_bytes = SIZE_MAX, .keys = SIZE_MAX, .items = SIZE_MAX};
    struct gw_value value;
    size_t before = out->size;
    if (msgpack.size > GW_LIMIT_MESSAGE_BYTES_MAX) {
        return gw_fail(error, GW_TOO_LARGE, GW_LIMIT_MESSAGE_BYTES_MAX, "the record has %zu bytes",
                       msgpack.size);
    }
    enum gw_status status = gw_msgpack_read(msgpack, &limits, arena, &value, error);
    if (status != GW_OK) {
        return status;
    }
    struct gw_writer writer;
    gw_json_writer_init(&writer, out, indent);
    gw_write_value(&writer, NULL, &value);
    return finish(out, before, error);
}
