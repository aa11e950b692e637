/* One small function per way a field may lie in memory. */
#include "schemas/encoder.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "schemas/annotation.h"

#include <assert.h>

/* Writes the row's key and what lies `at`; for counted rows `at` is the struct's begin, as two of its members
 * are needed. */
typedef void (*encode_field)(const struct gw_encoder *encoder, const struct gw_field *row, const void *at);

static void encode_nil(const struct gw_encoder *encoder, const struct gw_field *row) {
    encoder->writer->ops->nil(encoder->writer, &row->name);
}

static void encode_string(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    const struct gw_str *string = at;
    if (string->data) {
        encoder->writer->ops->string(encoder->writer, &row->name, *string);
    } else {
        encode_nil(encoder, row);
    }
}

static void encode_bytes(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    const struct gw_str *bytes = at;
    if (bytes->data) {
        encoder->writer->ops->bytes(encoder->writer, &row->name, *bytes);
    } else {
        encode_nil(encoder, row);
    }
}

static void encode_text(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    const struct gw_str *text = at;
    bool valid = !text->data || gw_utf8_is_valid(*text);
    (valid ? encode_string : encode_bytes)(encoder, row, at);
}

static void encode_literal(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    (void)at;
    encoder->writer->ops->word(encoder->writer, &row->name, &row->words[0]);
}

/* Every enum that a table names is read as one of these. */
static_assert(sizeof(enum gw_label) == sizeof(unsigned), "enums have the size of unsigned");

static void encode_enum(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    unsigned index = *(const unsigned *)at;
    assert(index < row->word_count);
    encoder->writer->ops->word(encoder->writer, &row->name, &row->words[index]);
}

static void encode_flags(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    uint32_t flags = *(const uint32_t *)at & (uint32_t)((UINT64_C(1) << row->word_count) - 1);
    struct gw_writer *writer = encoder->writer;
    writer->ops->array(writer, &row->name, (size_t)__builtin_popcount(flags));
    for (size_t i = 0; i < row->word_count; i++) {
        if (flags >> i & 1) {
            writer->ops->word(writer, NULL, &row->words[i]);
        }
    }
    writer->ops->end_array(writer);
}

static void encode_bool(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    encoder->writer->ops->boolean(encoder->writer, &row->name, *(const bool *)at);
}

static void encode_uint(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    encoder->writer->ops->unsigned_integer(encoder->writer, &row->name, *(const uint64_t *)at);
}

static void encode_index(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    uint32_t index = *(const uint32_t *)at;
    if (index == GW_NO_INDEX) {
        encode_nil(encoder, row);
    } else {
        encoder->writer->ops->unsigned_integer(encoder->writer, &row->name, index);
    }
}

static void encode_e4(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    encoder->writer->ops->e4(encoder->writer, &row->name, *(const int32_t *)at);
}

static void encode_hash(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    char hex[GW_HASH_HEX_SIZE];
    gw_hash128_hex(*(const struct gw_hash128 *)at, hex);
    encoder->writer->ops->string(encoder->writer, &row->name, (struct gw_str){hex, GW_HASH_HEX_SIZE - 1});
}

static void encode_hash64(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    char hex[GW_HASH_HEX_SIZE];
    gw_hash128_hex((struct gw_hash128){*(const uint64_t *)at, 0}, hex);
    encoder->writer->ops->string(encoder->writer, &row->name,
                                 (struct gw_str){hex, (GW_HASH_HEX_SIZE - 1) / 2});
}

static void encode_value(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    gw_write_value(encoder->writer, &row->name, at);
}

static void encode_cut(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    const struct gw_span *span = at;
    const struct gw_str *text = &encoder->maps[span->field].text;
    assert(span->start <= span->end && span->end <= text->size);
    encoder->writer->ops->string(encoder->writer, &row->name, gw_str_sub(*text, span->start, span->end));
}

static void write_offset(struct gw_writer *writer, const struct gw_term *name,
                         const struct gw_offset_map *map, uint32_t byte) {
    uint32_t offset = map->counts ? gw_offset_map_from_byte(map, byte) : byte;
    writer->ops->unsigned_integer(writer, name, offset);
}

/* Two or three pairs: the row itself has no name. */
static void encode_span(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    const struct gw_span *span = at;
    const struct gw_offset_map *map = &encoder->maps[span->field];
    const struct gw_field *names = gw_span_table.fields;
    (void)row;
    if (span->field != GW_FIELD_BODY) {
        encoder->writer->ops->word(encoder->writer, &names[0].name, &gw_text_field_words[span->field]);
    }
    write_offset(encoder->writer, &names[1].name, map, span->start);
    write_offset(encoder->writer, &names[2].name, map, span->end);
}

static void encode_struct(const struct gw_encoder *encoder, const struct gw_term *key,
                          const struct gw_table *table, const void *base);

static void encode_object(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    encode_struct(encoder, &row->name, row->table, at);
}

/* How many elements the row's pointer has; `*elements` is the pointer. */
static size_t elements_of(const struct gw_field *row, const void *base, const void **elements) {
    *elements = *(const void *const *)((const char *)base + row->offset);
    return *(const size_t *)((const char *)base + row->count_offset);
}

static void encode_strings(const struct gw_encoder *encoder, const struct gw_field *row, const void *base) {
    const void *elements;
    size_t count = elements_of(row, base, &elements);
    const struct gw_str *strings = elements;
    struct gw_writer *writer = encoder->writer;
    writer->ops->array(writer, &row->name, count);
    for (size_t i = 0; i < count; i++) {
        writer->ops->string(writer, NULL, strings[i]);
    }
    writer->ops->end_array(writer);
}

static void encode_words(const struct gw_encoder *encoder, const struct gw_field *row, const void *base) {
    const void *elements;
    size_t count = elements_of(row, base, &elements);
    const char *const *words = elements;
    struct gw_writer *writer = encoder->writer;
    writer->ops->array(writer, &row->name, count);
    for (size_t i = 0; i < count; i++) {
        writer->ops->string(writer, NULL, gw_str_from(words[i]));
    }
    writer->ops->end_array(writer);
}

static void encode_pairs(const struct gw_encoder *encoder, const struct gw_field *row, const void *base) {
    const void *elements;
    size_t count = elements_of(row, base, &elements);
    gw_write_pairs(encoder->writer, &row->name, elements, count);
}

static void encode_objects(const struct gw_encoder *encoder, const struct gw_field *row, const void *base) {
    const void *elements;
    size_t count = elements_of(row, base, &elements);
    struct gw_writer *writer = encoder->writer;
    writer->ops->array(writer, &row->name, count);
    for (size_t i = 0; i < count; i++) {
        encode_struct(encoder, NULL, row->table, (const char *)elements + i * row->table->struct_size);
    }
    writer->ops->end_array(writer);
}

static const struct kind {
    encode_field encode;
    bool counted;
} kinds[GW_AS_COUNT] = {
    [GW_AS_STRING] = {encode_string, false},   [GW_AS_LITERAL] = {encode_literal, false},
    [GW_AS_WORD] = {encode_string, false},     [GW_AS_ENUM] = {encode_enum, false},
    [GW_AS_FLAGS] = {encode_flags, false},     [GW_AS_BOOL] = {encode_bool, false},
    [GW_AS_UINT] = {encode_uint, false},       [GW_AS_INDEX] = {encode_index, false},
    [GW_AS_E4] = {encode_e4, false},           [GW_AS_HASH] = {encode_hash, false},
    [GW_AS_HASH64] = {encode_hash64, false},   [GW_AS_BYTES] = {encode_bytes, false},
    [GW_AS_TEXT] = {encode_text, false},       [GW_AS_SCALAR] = {encode_value, false},
    [GW_AS_TIMESTAMP] = {encode_value, false}, [GW_AS_STRINGS] = {encode_strings, true},
    [GW_AS_WORDS] = {encode_words, true},      [GW_AS_SPAN] = {encode_span, false},
    [GW_AS_CUT] = {encode_cut, false},         [GW_AS_PAIRS] = {encode_pairs, true},
    [GW_AS_OBJECT] = {encode_object, false},   [GW_AS_OBJECTS] = {encode_objects, true},
};

static bool is_absent(const struct gw_field *row, const void *base) {
    return (row->flags & GW_OPTIONAL) && row->from && !row->from(base);
}

static size_t count_absent(const struct gw_table *table, const void *base) {
    size_t count = 0;
    for (size_t i = 0; i < table->field_count; i++) {
        count += is_absent(&table->fields[i], base);
    }
    return count;
}

/* How many keys the struct's map has. */
static size_t count_pairs(const struct gw_encoder *encoder, const struct gw_table *table, const void *base) {
    size_t count = table->field_count;
    if (table->span) {
        const struct gw_span *span = (const void *)((const char *)base + table->span->offset);
        count += span->field != GW_FIELD_BODY ? 2 : 1;
    }
    bool shorter =
        encoder->left_out >= table->fields && encoder->left_out < table->fields + table->field_count;
    return count - shorter - (table->leaves_out ? count_absent(table, base) : 0);
}

static void encode_row(const struct gw_encoder *encoder, const struct gw_field *row, const void *base) {
    const struct kind *kind = &kinds[row->as];
    if (row->from) {
        base = row->from(base);
    }
    if (base) {
        kind->encode(encoder, row, kind->counted ? base : (const char *)base + row->offset);
    } else {
        encode_nil(encoder, row);
    }
}

static void encode_struct(const struct gw_encoder *encoder, const struct gw_term *key,
                          const struct gw_table *table, const void *base) {
    encoder->writer->ops->map(encoder->writer, key, count_pairs(encoder, table, base));
    const struct gw_field *end = table->fields + table->field_count;
    for (const struct gw_field *row = table->fields; row < end; row++) {
        if (row != encoder->left_out && !(table->leaves_out && is_absent(row, base))) {
            encode_row(encoder, row, base);
        }
    }
    encoder->writer->ops->end_map(encoder->writer);
}

void gw_encode(const struct gw_encoder *encoder, const struct gw_table *table, const void *base) {
    encode_struct(encoder, NULL, table, base);
}
