/* Dead letters through the table, and as Kafka's headers. */
#include "schemas/dead_letter.h"

#include "base/utf8.h"
#include "schemas/encoder.h"
#include "schemas/json_writer.h"
#include "schemas/msgpack_writer.h"
#include "schemas/table.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#define SINCE "0.1.0"

static const struct gw_term schema_words[] = {GW_TERM(GW_DEAD_LETTER_SCHEMA)};

static const struct gw_term reason_words[GW_STATUS_COUNT] = {
#define REASON_WORD(name, fault, word, text) [name] = GW_TERM(word),
    GW_STATUS_TABLE(REASON_WORD)
#undef REASON_WORD
};

static const char *const reason_docs[GW_STATUS_COUNT] = {
#define REASON_DOC(name, fault, word, text) [name] = (name) == GW_OK ? "" : (text),
    GW_STATUS_TABLE(REASON_DOC)
#undef REASON_DOC
};

static const struct gw_term stage_words[GW_STAGE_COUNT] = {[GW_STAGE_DECODE] = GW_TERM("decode"),
                                                           [GW_STAGE_ANNOTATE] = GW_TERM("annotate"),
                                                           [GW_STAGE_ENCODE] = GW_TERM("encode"),
                                                           [GW_STAGE_PUBLISH] = GW_TERM("publish")};

static const char *const stage_docs[GW_STAGE_COUNT] = {
    [GW_STAGE_DECODE] = "the message could not be read as an article",
    [GW_STAGE_ANNOTATE] = "the article could not be annotated",
    [GW_STAGE_ENCODE] = "the record could not be written",
    [GW_STAGE_PUBLISH] = "the sink did not take the record"};

static const struct gw_field header_fields[] = {
    {GW_TERM("name"), GW_AS_TEXT, 0, GW_AT(gw_header, name), .doc = "The header's name; names may repeat.",
     .example = "\"traceparent\""},
    {GW_TERM("value"), GW_AS_BYTES, GW_NULLABLE, GW_AT(gw_header, value), .doc = "Its value.",
     .example = "\"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\""},
};

static const struct gw_table header_table = {.name = "header",
                                             .title = "Headers",
                                             .doc = "The original's headers, in order.",
                                             .since = SINCE,
                                             .struct_size = sizeof(struct gw_header),
                                             GW_FIELDS(header_fields)};

static const struct gw_field dead_letter_fields[] = {
    {GW_TERM("schema"), GW_AS_LITERAL, GW_TERMS(schema_words), .doc = "Always \"" GW_DEAD_LETTER_SCHEMA "\".",
     .example = "\"" GW_DEAD_LETTER_SCHEMA "\""},
    {GW_TERM("reason"), GW_AS_ENUM, GW_OPEN_WORDS, GW_AT(gw_dead_letter, reason), GW_TERMS(reason_words),
     .word_docs = reason_docs, .doc = "Why there is no record, in one stable word.",
     .example = "\"bad_type\""},
    {GW_TERM("stage"), GW_AS_ENUM, GW_OPEN_WORDS, GW_AT(gw_dead_letter, stage), GW_TERMS(stage_words),
     .word_docs = stage_docs, .doc = "Where it was given up.", .example = "\"decode\""},
    {GW_TERM("detail"), GW_AS_TEXT, GW_NULLABLE, GW_AT(gw_dead_letter, detail),
     .doc = "The same for people: what was wrong.",
     .example = "\"field `title`: a string is expected, not a value of type integer\""},
    {GW_TERM("position"), GW_AS_STRING, GW_NULLABLE, GW_AT(gw_dead_letter, position),
     .doc = "Where the message was.", .example = "\"kafka:news/3/1042\""},
    {GW_TERM("program"), GW_AS_STRING, GW_NULLABLE, GW_AT(gw_dead_letter, program),
     .doc = "Name and version of the program.", .example = "\"glosswire/0.1.0\""},
    {GW_TERM("key"), GW_AS_BYTES, GW_NULLABLE, GW_AT(gw_dead_letter, key), .doc = "The original's key.",
     .example = "\"wire-20230815-0042\""},
    {GW_TERM("headers"), GW_AS_OBJECTS, 0, GW_AT(gw_dead_letter, headers.items),
     GW_COUNT(gw_dead_letter, headers.count), .table = &header_table, .doc = "The original's headers."},
    {GW_TERM("size"), GW_AS_UINT, 0, GW_AT(gw_dead_letter, size), .doc = "Bytes of the original payload.",
     .example = "27"},
    {GW_TERM("hash"), GW_AS_HASH, 0, GW_AT(gw_dead_letter, hash), .doc = "XXH3-128 of the original payload.",
     .example = "\"7d1c5b0e9a3f42861c4e7fa05b38d296\""},
    {GW_TERM("cut"), GW_AS_BOOL, 0, GW_AT(gw_dead_letter, cut),
     .doc = "Whether `payload` holds only the first bytes.", .example = "false"},
    {GW_TERM("payload"), GW_AS_BYTES, GW_NULLABLE, GW_AT(gw_dead_letter, payload),
     .doc = "The original message, byte for byte.",
     .example = "\"{\\\"id\\\": \\\"r-42\\\", \\\"title\\\": 17}\""},
};

const struct gw_table gw_dead_letter_table = {
    .id = "urn:glosswire:schema:dead_letter:1",
    .name = "dead_letter",
    .title = "Dead letter",
    .doc =
        "An input that became no record, with the reason, whole enough to be fed again. Every outlet but "
        "Kafka's gets this map; on Kafka the original's value, key and headers are kept, and reason, detail, "
        "stage, position and program travel in `gw-` headers. Bytes are bin in MessagePack; in JSON they are "
        "strings where they are valid UTF-8, else `{\"$bin\": base64}`.",
    .since = SINCE,
    .struct_size = sizeof(struct gw_dead_letter),
    GW_FIELDS(dead_letter_fields)};

const char *gw_stage_word(enum gw_stage stage) {
    return stage < GW_STAGE_COUNT ? stage_words[stage].text : "unknown";
}

enum gw_status gw_dead_letter_encode(const struct gw_dead_letter *letter, enum gw_encoding encoding,
                                     struct gw_buffer *out, struct gw_error *error) {
    size_t before = out->size;
    struct gw_writer writer;
    if (encoding == GW_ENCODING_JSON) {
        gw_json_writer_init(&writer, out, 0);
    } else {
        gw_msgpack_writer_init(&writer, out);
    }
    const struct gw_encoder encoder = {&writer, NULL, NULL};
    gw_encode(&encoder, &gw_dead_letter_table, letter);
    enum gw_status status = out->failed;
    if (status == GW_OK) {
        return GW_OK;
    }
    gw_buffer_cut(out, before);
    status = status == GW_TOO_LARGE ? GW_OUTPUT_TOO_LARGE : status;
    return gw_fail(error, status, GW_NO_POSITION, "no room for the dead letter");
}

/* gw-reason, gw-stage, gw-detail, gw-position, gw-program, gw-size, gw-hash, gw-cut. */
#define HEADER_COUNT_MAX 8

static bool add(struct gw_header *items, size_t *count, const char *name, struct gw_str value,
                struct gw_arena *arena) {
    if (!value.data) {
        return true;
    }
    struct gw_str copy = gw_arena_copy(arena, value);
    items[(*count)++] = (struct gw_header){gw_str_from(name), copy};
    return copy.data != NULL;
}

static bool add_cut(const struct gw_dead_letter *letter, struct gw_header *items, size_t *count,
                    struct gw_arena *arena) {
    char size[32], hash[GW_HASH_HEX_SIZE];
    if (!letter->cut) {
        return true;
    }
    snprintf(size, sizeof size, "%" PRIu64, letter->size);
    gw_hash128_hex(letter->hash, hash);
    return add(items, count, GW_HEADER_SIZE, gw_str_from(size), arena) &&
           add(items, count, GW_HEADER_HASH, gw_str_from(hash), arena) &&
           add(items, count, GW_HEADER_CUT, GW_STR("true"), arena);
}

enum gw_status gw_dead_letter_headers(const struct gw_dead_letter *letter, struct gw_arena *arena,
                                      struct gw_headers *out) {
    struct gw_header *items = gw_arena_take(arena, HEADER_COUNT_MAX * sizeof *items);
    size_t count = 0;
    bool whole = items &&
                 add(items, &count, GW_HEADER_REASON, gw_term_str(&reason_words[letter->reason]), arena) &&
                 add(items, &count, GW_HEADER_STAGE, gw_str_from(gw_stage_word(letter->stage)), arena) &&
                 add(items, &count, GW_HEADER_DETAIL, letter->detail, arena) &&
                 add(items, &count, GW_HEADER_POSITION, letter->position, arena) &&
                 add(items, &count, GW_HEADER_PROGRAM, letter->program, arena) &&
                 add_cut(letter, items, &count, arena);
    *out = (struct gw_headers){items, count};
    return whole ? GW_OK : GW_NO_MEMORY;
}

void gw_dead_letter_cut(struct gw_dead_letter *letter, size_t limit) {
    if (letter->payload.size <= limit) {
        return;
    }
    size_t kept = limit < GW_DEAD_LETTER_CUT_BYTES ? limit : GW_DEAD_LETTER_CUT_BYTES;
    /* Text stays text: no character is cut. */
    letter->payload.size = gw_utf8_floor(letter->payload, kept);
    letter->cut = true;
}
