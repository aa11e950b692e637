/* One small function per kind of row, as in the encoder: what it writes, this describes. */
#include "schemas/json_schema.h"

#include "schemas/example.h"
#include "schemas/json_writer.h"

#include <assert.h>
#include <stdio.h>

/* More inner tables than any schema has. */
#define DEFINITIONS_MAX 32

struct schema {
    struct gw_writer writer;
    struct gw_arena *arena;
    const struct gw_table
        *definitions[DEFINITIONS_MAX]; /* the inner tables, in the order they are first met */
    size_t definition_count;
    bool has_bytes;
    enum gw_status status; /* the first failure that is not the buffer's */
};

#define KEY(literal) (&(const struct gw_term)GW_TERM(literal))

static void open_map(struct schema *schema, const struct gw_term *key) {
    schema->writer.ops->map(&schema->writer, key, 0);
}

static void close_map(struct schema *schema) {
    schema->writer.ops->end_map(&schema->writer);
}

static void open_array(struct schema *schema, const struct gw_term *key) {
    schema->writer.ops->array(&schema->writer, key, 0);
}

static void close_array(struct schema *schema) {
    schema->writer.ops->end_array(&schema->writer);
}

static void put_string(struct schema *schema, const struct gw_term *key, const char *text) {
    schema->writer.ops->string(&schema->writer, key, gw_str_from(text));
}

static void put_words(struct schema *schema, const struct gw_term *key, const struct gw_field *row,
                      bool nullable) {
    open_array(schema, key);
    for (size_t i = 0; i < row->word_count; i++) {
        if (gw_word_is_listed(row, i)) {
            schema->writer.ops->word(&schema->writer, NULL, &row->words[i]);
        }
    }
    if (nullable) {
        schema->writer.ops->nil(&schema->writer, NULL);
    }
    close_array(schema);
}

/* "type": one or several names; `types` are parted by spaces. */
static void put_type(struct schema *schema, const struct gw_field *row, const char *types) {
    bool nullable = row->flags & GW_NULLABLE;
    const char *end = strchr(types, ' ');
    if (!nullable && !end) {
        put_string(schema, KEY("type"), types);
        return;
    }
    open_array(schema, KEY("type"));
    while (end) {
        schema->writer.ops->string(&schema->writer, NULL, (struct gw_str){types, (size_t)(end - types)});
        types = end + 1;
        end = strchr(types, ' ');
    }
    put_string(schema, NULL, types);
    if (nullable) {
        put_string(schema, NULL, "null");
    }
    close_array(schema);
}

/* An anyOf of its own for one type. */
static void put_alternative(struct schema *schema, const char *type) {
    open_map(schema, NULL);
    put_string(schema, KEY("type"), type);
    close_map(schema);
}

static void put_reference(struct schema *schema, const struct gw_term *key, const char *name) {
    char reference[64];
    snprintf(reference, sizeof reference, "#/$defs/%s", name);
    if (key) {
        open_map(schema, key);
        put_string(schema, KEY("$ref"), reference);
        close_map(schema);
    } else {
        put_string(schema, KEY("$ref"), reference);
    }
}

static void describe_string(struct schema *schema, const struct gw_field *row) {
    put_type(schema, row, "string");
}

static void describe_literal(struct schema *schema, const struct gw_field *row) {
    schema->writer.ops->word(&schema->writer, KEY("const"), &row->words[0]);
}

/* Open words are examples only: a validator must take those of later versions, too. */
static void describe_word(struct schema *schema, const struct gw_field *row) {
    put_type(schema, row, "string");
    bool open = row->flags & GW_OPEN_WORDS;
    put_words(schema, open ? KEY("examples") : KEY("enum"), row, !open && (row->flags & GW_NULLABLE));
}

static void describe_flags(struct schema *schema, const struct gw_field *row) {
    put_type(schema, row, "array");
    open_map(schema, KEY("items"));
    put_string(schema, KEY("type"), "string");
    put_words(schema, KEY("examples"), row, false);
    close_map(schema);
}

static void describe_bool(struct schema *schema, const struct gw_field *row) {
    put_type(schema, row, "boolean");
}

static void describe_unsigned(struct schema *schema, const struct gw_field *row) {
    put_type(schema, row, "integer");
    schema->writer.ops->integer(&schema->writer, KEY("minimum"), 0);
}

static void describe_number(struct schema *schema, const struct gw_field *row) {
    put_type(schema, row, "number");
}

static void describe_hash(struct schema *schema, const struct gw_field *row) {
    put_type(schema, row, "string");
    put_string(schema, KEY("pattern"), row->as == GW_AS_HASH ? "^[0-9a-f]{32}$" : "^[0-9a-f]{16}$");
}

static void describe_bytes(struct schema *schema, const struct gw_field *row) {
    schema->has_bytes = true;
    open_array(schema, KEY("anyOf"));
    put_alternative(schema, "string");
    open_map(schema, NULL);
    put_reference(schema, NULL, "bin");
    close_map(schema);
    if (row->flags & GW_NULLABLE) {
        put_alternative(schema, "null");
    }
    close_array(schema);
}

static void describe_scalar(struct schema *schema, const struct gw_field *row) {
    put_type(schema, row, "string integer");
}

static void describe_timestamp(struct schema *schema, const struct gw_field *row) {
    put_type(schema, row, "string integer");
    put_string(schema, KEY("format"), "date-time");
}

static void describe_strings(struct schema *schema, const struct gw_field *row) {
    put_type(schema, row, row->flags & GW_LONE ? "string array" : "array");
    open_map(schema, KEY("items"));
    put_string(schema, KEY("type"), "string");
    close_map(schema);
}

static void describe_map(struct schema *schema, const struct gw_field *row) {
    put_type(schema, row, "object");
}

static void describe_object(struct schema *schema, const struct gw_field *row) {
    if (!(row->flags & GW_NULLABLE)) {
        put_reference(schema, NULL, row->table->name);
        return;
    }
    open_array(schema, KEY("anyOf"));
    open_map(schema, NULL);
    put_reference(schema, NULL, row->table->name);
    close_map(schema);
    put_alternative(schema, "null");
    close_array(schema);
}

static void describe_objects(struct schema *schema, const struct gw_field *row) {
    put_type(schema, row, "array");
    put_reference(schema, KEY("items"), row->table->name);
}

static void (*const describers[GW_AS_COUNT])(struct schema *, const struct gw_field *) = {
    [GW_AS_STRING] = describe_string,       [GW_AS_LITERAL] = describe_literal,
    [GW_AS_WORD] = describe_word,           [GW_AS_ENUM] = describe_word,
    [GW_AS_FLAGS] = describe_flags,         [GW_AS_BOOL] = describe_bool,
    [GW_AS_UINT] = describe_unsigned,       [GW_AS_INDEX] = describe_unsigned,
    [GW_AS_E4] = describe_number,           [GW_AS_HASH] = describe_hash,
    [GW_AS_HASH64] = describe_hash,         [GW_AS_BYTES] = describe_bytes,
    [GW_AS_TEXT] = describe_bytes,          [GW_AS_SCALAR] = describe_scalar,
    [GW_AS_TIMESTAMP] = describe_timestamp, [GW_AS_STRINGS] = describe_strings,
    [GW_AS_WORDS] = describe_strings,       [GW_AS_CUT] = describe_string,
    [GW_AS_PAIRS] = describe_map,           [GW_AS_OBJECT] = describe_object,
    [GW_AS_OBJECTS] = describe_objects,
};

/* The row's example; open words have put theirs already. */
static void put_example(struct schema *schema, const struct gw_field *row) {
    struct gw_value value;
    enum gw_status status = gw_example_read(row, schema->arena, &value);
    bool enumerated = row->word_count > 0 && (row->flags & GW_OPEN_WORDS);
    if (status != GW_OK) {
        schema->status = status;
    } else if (row->example && (!enumerated || row->as == GW_AS_FLAGS)) {
        open_array(schema, KEY("examples"));
        gw_write_value(&schema->writer, NULL, &value);
        close_array(schema);
    }
}

/* The rows of a table; a span's are those of the span's own table. */
static void describe_rows(struct schema *schema, const struct gw_table *table) {
    for (size_t i = 0; i < table->field_count; i++) {
        const struct gw_field *row = &table->fields[i];
        if (row->as == GW_AS_SPAN) {
            describe_rows(schema, &gw_span_table);
            continue;
        }
        open_map(schema, &row->name);
        put_string(schema, KEY("description"), row->doc);
        describers[row->as](schema, row);
        put_example(schema, row);
        close_map(schema);
    }
}

static void list_required(struct schema *schema, const struct gw_table *table) {
    for (size_t i = 0; i < table->field_count; i++) {
        const struct gw_field *row = &table->fields[i];
        if (row->as == GW_AS_SPAN) {
            list_required(schema, &gw_span_table);
        } else if (!(row->flags & GW_OPTIONAL)) {
            schema->writer.ops->word(&schema->writer, NULL, &row->name);
        }
    }
}

/* At least one of these is there, and is a string. */
static void describe_either(struct schema *schema, const struct gw_table *table) {
    open_array(schema, KEY("anyOf"));
    for (size_t i = 0; i < table->either_count; i++) {
        open_map(schema, NULL);
        open_array(schema, KEY("required"));
        schema->writer.ops->word(&schema->writer, NULL, &table->either[i]);
        close_array(schema);
        open_map(schema, KEY("properties"));
        open_map(schema, &table->either[i]);
        put_string(schema, KEY("type"), "string");
        close_map(schema);
        close_map(schema);
        close_map(schema);
    }
    close_array(schema);
}

/* What stands in the map that describes a table's maps. */
static void describe_table(struct schema *schema, const struct gw_table *table) {
    put_string(schema, KEY("description"), table->doc);
    put_string(schema, KEY("type"), "object");
    open_map(schema, KEY("properties"));
    describe_rows(schema, table);
    close_map(schema);
    open_array(schema, KEY("required"));
    list_required(schema, table);
    close_array(schema);
    if (table->either_count > 0) {
        describe_either(schema, table);
    }
    schema->writer.ops->boolean(&schema->writer, KEY("additionalProperties"), true);
}

static void collect_definitions(struct schema *schema, const struct gw_table *table) {
    for (size_t i = 0; i < table->field_count; i++) {
        const struct gw_table *inner = table->fields[i].table;
        bool known = inner == NULL;
        for (size_t j = 0; j < schema->definition_count && !known; j++) {
            known = schema->definitions[j] == inner;
        }
        if (!known) {
            assert(schema->definition_count < DEFINITIONS_MAX);
            schema->definitions[schema->definition_count++] = inner;
            collect_definitions(schema, inner);
        }
    }
}

static void define_bin(struct schema *schema) {
    open_map(schema, KEY("bin"));
    put_string(schema, KEY("description"),
               "Bytes that are no valid UTF-8. In MessagePack all bytes are bin.");
    put_string(schema, KEY("type"), "object");
    open_map(schema, KEY("properties"));
    open_map(schema, KEY("$bin"));
    put_string(schema, KEY("type"), "string");
    put_string(schema, KEY("contentEncoding"), "base64");
    close_map(schema);
    close_map(schema);
    open_array(schema, KEY("required"));
    put_string(schema, NULL, "$bin");
    close_array(schema);
    close_map(schema);
}

static void describe_definitions(struct schema *schema) {
    open_map(schema, KEY("$defs"));
    for (size_t i = 0; i < schema->definition_count; i++) {
        const struct gw_table *table = schema->definitions[i];
        struct gw_value name = {.type = GW_STRING, .as.bytes = gw_str_from(table->name)};
        schema->writer.ops->key_value(&schema->writer, &name);
        open_map(schema, NULL);
        describe_table(schema, table);
        close_map(schema);
    }
    if (schema->has_bytes) {
        define_bin(schema);
    }
    close_map(schema);
}

enum gw_status gw_json_schema_write(const struct gw_table *table, struct gw_arena *arena,
                                    struct gw_buffer *out) {
    struct schema schema = {.arena = arena, .status = GW_OK};
    gw_json_writer_init(&schema.writer, out, 2);
    collect_definitions(&schema, table);
    open_map(&schema, NULL);
    put_string(&schema, KEY("$schema"), "https://json-schema.org/draft/2020-12/schema");
    put_string(&schema, KEY("$id"), table->id);
    put_string(&schema, KEY("title"), table->title);
    describe_table(&schema, table);
    describe_definitions(&schema);
    open_array(&schema, KEY("examples"));
    enum gw_status status = gw_example_write(&schema.writer, NULL, table, arena);
    close_array(&schema);
    close_map(&schema);
    gw_buffer_append_byte(out, '\n');
    status = status == GW_OK ? schema.status : status;
    return status == GW_OK ? out->failed : status;
}
