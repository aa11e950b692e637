/* One small function per way a field may lie in memory. */
#include "schemas/encoder.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "schemas/annotation.h"

#include <assert.h>

/* Writes what lies `at`; for counted rows `at` is a struct's begin, as two of its members are needed. */
typedef void (*encode_field)(const struct gw_encoder *encoder, const struct gw_field *row, const void *at);

static void encode_string(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    const struct gw_str *string = at;
    (void)row;
    if (string->data) {
        gw_write_string(encoder->writer, *string);
    } else {
        gw_write_nil(encoder->writer);
    }
}

static void encode_bytes(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    const struct gw_str *bytes = at;
    (void)row;
    if (bytes->data) {
        encoder->writer->ops->bytes(encoder->writer, *bytes);
    } else {
        gw_write_nil(encoder->writer);
    }
}

static void encode_text(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    const struct gw_str *text = at;
    bool valid = !text->data || gw_utf8_is_valid(*text);
    (valid ? encode_string : encode_bytes)(encoder, row, at);
}

static void write_word(const struct gw_encoder *encoder, const struct gw_field *row, size_t index) {
    assert(index < row->word_count);
    gw_write_string(encoder->writer, gw_str_from(row->words[index]));
}

static void encode_literal(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    (void)at;
    write_word(encoder, row, 0);
}

/* Every enum that a table names is read as one of these. */
static_assert(sizeof(enum gw_label) == sizeof(unsigned), "enums have the size of unsigned");

static void encode_enum(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    write_word(encoder, row, *(const unsigned *)at);
}

static void encode_flags(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    uint32_t flags = *(const uint32_t *)at & (uint32_t)((UINT64_C(1) << row->word_count) - 1);
    gw_write_array(encoder->writer, (size_t)__builtin_popcount(flags));
    for (size_t i = 0; i < row->word_count; i++) {
        if (flags >> i & 1) {
            write_word(encoder, row, i);
        }
    }
    gw_write_end_array(encoder->writer);
}

static void encode_bool(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    (void)row;
    encoder->writer->ops->boolean(encoder->writer, *(const bool *)at);
}

static void encode_uint(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    (void)row;
    encoder->writer->ops->unsigned_integer(encoder->writer, *(const uint64_t *)at);
}

static void encode_index(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    uint32_t index = *(const uint32_t *)at;
    (void)row;
    if (index == GW_NO_INDEX) {
        gw_write_nil(encoder->writer);
    } else {
        encoder->writer->ops->unsigned_integer(encoder->writer, index);
    }
}

static void encode_e4(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    (void)row;
    encoder->writer->ops->e4(encoder->writer, *(const int32_t *)at);
}

static void encode_hash(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    char hex[GW_HASH_HEX_SIZE];
    (void)row;
    gw_hash128_hex(*(const struct gw_hash128 *)at, hex);
    gw_write_string(encoder->writer, (struct gw_str){hex, GW_HASH_HEX_SIZE - 1});
}

static void encode_hash64(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    char hex[GW_HASH_HEX_SIZE];
    (void)row;
    gw_hash128_hex((struct gw_hash128){*(const uint64_t *)at, 0}, hex);
    gw_write_string(encoder->writer, (struct gw_str){hex, (GW_HASH_HEX_SIZE - 1) / 2});
}

static void encode_value(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    (void)row;
    gw_write_value(encoder->writer, at);
}

static struct gw_str cut(const struct gw_encoder *encoder, const struct gw_span *span) {
    return gw_str_sub(encoder->maps[span->field].text, span->start, span->end);
}

static void encode_cut(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    (void)row;
    gw_write_string(encoder->writer, cut(encoder, at));
}

/* Two or three pairs without a key of their own. */
static void encode_span(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    const struct gw_span *span = at;
    const struct gw_offset_map *map = &encoder->maps[span->field];
    struct gw_writer *writer = encoder->writer;
    const struct gw_field *names = gw_span_table.fields;
    (void)row;
    if (span->field != GW_FIELD_BODY) {
        gw_write_key(writer, names[0].name);
        gw_write_string(writer, gw_str_from(gw_text_field_words[span->field]));
    }
    gw_write_key(writer, names[1].name);
    writer->ops->unsigned_integer(writer, gw_offset_map_from_byte(map, span->start));
    gw_write_key(writer, names[2].name);
    writer->ops->unsigned_integer(writer, gw_offset_map_from_byte(map, span->end));
}

static void encode_object(const struct gw_encoder *encoder, const struct gw_field *row, const void *at) {
    gw_encode(encoder, row->table, at);
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
    gw_write_array(encoder->writer, count);
    for (size_t i = 0; i < count; i++) {
        gw_write_string(encoder->writer, strings[i]);
    }
    gw_write_end_array(encoder->writer);
}

static void encode_words(const struct gw_encoder *encoder, const struct gw_field *row, const void *base) {
    const void *elements;
    size_t count = elements_of(row, base, &elements);
    const char *const *words = elements;
    gw_write_array(encoder->writer, count);
    for (size_t i = 0; i < count; i++) {
        gw_write_string(encoder->writer, gw_str_from(words[i]));
    }
    gw_write_end_array(encoder->writer);
}

static void encode_pairs(const struct gw_encoder *encoder, const struct gw_field *row, const void *base) {
    const void *elements;
    size_t count = elements_of(row, base, &elements);
    gw_write_pairs(encoder->writer, elements, count);
}

static void encode_objects(const struct gw_encoder *encoder, const struct gw_field *row, const void *base) {
    const void *elements;
    size_t count = elements_of(row, base, &elements);
    gw_write_array(encoder->writer, count);
    for (size_t i = 0; i < count; i++) {
        gw_encode(encoder, row->table, (const char *)elements + i * row->table->struct_size);
    }
    gw_write_end_array(encoder->writer);
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

/* How many keys the struct's map has. */
static size_t count_pairs(const struct gw_encoder *encoder, const struct gw_table *table, const void *base) {
    size_t count = table->field_count;
    for (size_t i = 0; i < table->field_count; i++) {
        const struct gw_field *row = &table->fields[i];
        if (row->as == GW_AS_SPAN) {
            const struct gw_span *span = (const void *)((const char *)base + row->offset);
            count += span->field != GW_FIELD_BODY ? 2 : 1;
        }
        count -= row == encoder->left_out;
    }
    return count;
}

static void encode_row(const struct gw_encoder *encoder, const struct gw_field *row, const void *base) {
    const struct kind *kind = &kinds[row->as];
    if (row->name.size > 0) {
        gw_write_key(encoder->writer, row->name);
    }
    if (row->from) {
        base = row->from(base);
    }
    if (!base) {
        gw_write_nil(encoder->writer);
        return;
    }
    kind->encode(encoder, row, kind->counted ? base : (const char *)base + row->offset);
}

void gw_encode(const struct gw_encoder *encoder, const struct gw_table *table, const void *base) {
    gw_write_map(encoder->writer, count_pairs(encoder, table, base));
    for (size_t i = 0; i < table->field_count; i++) {
        if (&table->fields[i] != encoder->left_out) {
            encode_row(encoder, &table->fields[i], base);
        }
    }
    gw_write_end_map(encoder->writer);
}
