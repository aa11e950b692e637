/* Articles out of any bytes: what is refused says where, what is taken keeps its promises, and its record
 * reads back in both encodings. */
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "schemas/json_reader.h"
#include "schemas/msgpack_reader.h"
#include "schemas/record.h"

/* What a message may cost at most, beside its own size times the second. */
#define MEMORY_BASE  ((size_t)1 << 20)
#define MEMORY_TIMES 256

static void check_refusal(enum gw_status status, const struct gw_error *error, size_t size) {
    FUZZ_CHECK(gw_status_fault(status) == GW_FAULT_INPUT);
    FUZZ_CHECK(error->status == status);
    FUZZ_CHECK(error->position <= size || error->position == GW_NO_POSITION);
    FUZZ_CHECK(error->detail[0] != '\0');
}

static void check_targets(const struct gw_article *article) {
    for (size_t i = 0; i < article->target_count; i++) {
        const struct gw_span *span = &article->targets[i];
        FUZZ_CHECK(span->field < GW_FIELD_COUNT);
        struct gw_str text = gw_article_text(article, (enum gw_text_field)span->field);
        FUZZ_CHECK(span->start < span->end && span->end <= text.size);
        FUZZ_CHECK(gw_utf8_floor(text, span->start) == span->start);
        FUZZ_CHECK(gw_utf8_floor(text, span->end) == span->end);
    }
}

static void check_article(const struct gw_article *article) {
    const struct gw_str strings[] = {article->id,     article->url,      article->title,       article->body,
                                     article->source, article->language, article->content_type};
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++) {
        FUZZ_CHECK(gw_utf8_is_valid(strings[i]));
    }
    FUZZ_CHECK(article->id.size > 0);
    FUZZ_CHECK(article->title.size + article->body.size > 0);
    check_targets(article);
}

static struct gw_str encode(const struct gw_article *article, enum gw_encoding encoding,
                            struct gw_arena *arena, struct gw_buffer *buffer) {
    static const struct gw_record_context context = {{"p", 1},         {"m", 1}, {"h", 1}, {"c", 1},
                                                     GW_OFFSETS_UTF16, false,    true};
    static const struct gw_annotation annotation = {.sentiment.label = GW_NEUTRAL};
    const struct gw_record record = {&context, article, &annotation};
    size_t before = buffer->size;
    FUZZ_CHECK(gw_record_encode(&record, encoding, arena, buffer, NULL) == GW_OK);
    return gw_arena_copy(arena, gw_str_sub(gw_buffer_str(buffer), before, buffer->size));
}

static void check_record(const struct gw_article *article, struct gw_arena *arena, struct gw_buffer *buffer) {
    struct gw_limits limits = gw_limits_default;
    struct gw_value record;
    limits.depth = GW_LIMIT_DEPTH_MAX;
    struct gw_str json = encode(article, GW_ENCODING_JSON, arena, buffer);
    struct gw_str msgpack = encode(article, GW_ENCODING_MSGPACK, arena, buffer);
    FUZZ_CHECK(gw_msgpack_read(msgpack, &limits, arena, &record, NULL) == GW_OK);
    const struct gw_value *extra = gw_value_get(gw_value_get(&record, "article"), "extra");
    const struct gw_value given = {
        .type = GW_MAP, .count = (uint32_t)article->extra_count, .as.pairs = article->extra};
    FUZZ_CHECK(gw_value_equal(extra, &given));
    gw_buffer_clear(buffer);
    FUZZ_CHECK(gw_record_msgpack_to_json(msgpack, 0, arena, buffer, NULL) == GW_OK);
    FUZZ_CHECK(gw_str_eq(gw_buffer_str(buffer), json));
    /* Keys 1 and "1" of MessagePack are the same in JSON. */
    enum gw_status status = gw_json_read(json, &limits, arena, &record, NULL);
    FUZZ_CHECK(status == GW_OK || status == GW_DUPLICATE_KEY);
}

/* The first byte chooses unit and format. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) {
        return 0;
    }
    const struct gw_article_options options = {&gw_limits_default, (enum gw_offsets)(data[0] % 3),
                                               (enum gw_article_format)(data[0] / 3 % 3)};
    struct gw_str message = {(const char *)data + 1, size - 1};
    struct gw_article article;
    struct gw_error error = {.status = GW_OK};
    struct gw_arena arena;
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    enum gw_status status = gw_article_decode(message, &options, &arena, &article, &error);
    FUZZ_CHECK(arena.taken <= MEMORY_BASE + MEMORY_TIMES * size);
    if (status == GW_OK) {
        struct gw_buffer buffer;
        gw_buffer_init(&buffer, &gw_allocator_system, SIZE_MAX);
        check_article(&article);
        check_record(&article, &arena, &buffer);
        gw_buffer_free(&buffer);
    } else {
        check_refusal(status, &error, message.size);
    }
    gw_arena_free(&arena);
    return 0;
}
