/* The form of a schema's tables: one row per field, from which records and dead letters are written, articles
 * are read, and the JSON Schema and the reference page are made.
 *
 *     table ──┬─ row "id"       as STRING   at offsetof(struct, id)
 *             ├─ row "entities" as OBJECTS  at offsetof(struct, entities) ── table ──┬─ row "type" …
 *             └─ …                                                                   └─ …
 */
#ifndef GW_SCHEMAS_TABLE_H
#define GW_SCHEMAS_TABLE_H

#include "schemas/annotation.h"
#include "schemas/writer.h"

#include <stdbool.h>
#include <stdint.h>

/* How a field lies in its struct, and what it is on the wire. An absent string has data NULL and is written
 * as nil. */
enum gw_as {
    GW_AS_STRING,    /* struct gw_str */
    GW_AS_LITERAL,   /* always words[0]; takes no room in the struct */
    GW_AS_WORD,      /* struct gw_str that is one of `words` */
    GW_AS_ENUM,      /* an enum (unsigned, 4 bytes) whose values index `words` */
    GW_AS_FLAGS,     /* uint32_t whose bits index `words` -> array of strings */
    GW_AS_BOOL,      /* bool */
    GW_AS_UINT,      /* uint64_t below 2^53 */
    GW_AS_INDEX,     /* uint32_t; GW_NO_INDEX is nil */
    GW_AS_E4,        /* int32_t in units of 10^-4 -> number */
    GW_AS_HASH,      /* struct gw_hash128 -> 32 hexadecimal digits */
    GW_AS_HASH64,    /* uint64_t -> 16 hexadecimal digits */
    GW_AS_BYTES,     /* struct gw_str of any bytes -> bin; in JSON a string, or {"$bin": base64} */
    GW_AS_TEXT,      /* struct gw_str -> string, or as BYTES when it is not valid UTF-8 */
    GW_AS_SCALAR,    /* struct gw_value: a string or an integer, as given */
    GW_AS_TIMESTAMP, /* the same; the string is RFC 3339, the integer epoch milliseconds */
    GW_AS_STRINGS,   /* struct gw_str *, counted -> array of strings */
    GW_AS_WORDS,     /* const char **, counted -> array of strings */
    GW_AS_SPAN,      /* struct gw_span -> `field`, `start`, `end`, inline: the row has no name of its own */
    GW_AS_CUT,       /* struct gw_span -> the text it cuts */
    GW_AS_PAIRS,     /* struct gw_pair *, counted -> map of anything */
    GW_AS_OBJECT,    /* a struct of `table`, inside this one */
    GW_AS_OBJECTS,   /* a pointer to counted structs of `table` -> array of maps */
    GW_AS_COUNT
};

enum {
    GW_NULLABLE = 1 << 0,   /* nil where there is none */
    GW_OPTIONAL = 1 << 1,   /* the key itself may be left out */
    GW_OPEN_WORDS = 1 << 2, /* later versions may add words: readers must expect unknown ones */
    GW_LONE = 1 << 3        /* one element may stand for an array of one (articles only) */
};

struct gw_table;

struct gw_field {
    struct gw_term name;
    uint8_t as; /* enum gw_as */
    uint8_t flags;
    uint16_t offset;
    uint16_t count_offset; /* of the size_t that counts a pointer's elements */
    uint16_t limit_offset; /* of the limit in struct gw_limits; 0, message_bytes, holds for all */
    /* Where the struct begins that `offset` counts from; NULL: the table's own. A NULL result leaves the
     * field out. */
    const void *(*from)(const void *base);
    const struct gw_table *table;
    const struct gw_term *words;
    size_t word_count;
    const char *const *word_docs; /* what each word means, or NULL; a word whose doc is "" is never written */
    const char *since;            /* the version of glosswire that first had it; NULL: the table's */
    const char *doc;              /* one or two sentences */
    const char *example; /* JSON; NULL for objects: made of their own rows', unless this says null or [] */
};

struct gw_table {
    const char *id;    /* of outermost tables: the JSON Schema's `$id` */
    const char *name;  /* "record"; of inner tables, what one of them is called: "entity" */
    const char *title; /* a heading */
    const char *doc;
    const char *since;
    size_t struct_size; /* of one element of an array */
    const struct gw_field *fields;
    size_t field_count;
    const struct gw_term *either; /* names of which one must be there and not nil, or NULL */
    size_t either_count;
    bool leaves_out;             /* optional rows whose `from` gives NULL are left out, not nil */
    const struct gw_field *span; /* its row of type GW_AS_SPAN, or NULL: there is one at most */
};

/* For rows. */
#define GW_NAME(literal)                                                                                     \
    { (literal), sizeof(literal) - 1 }
#define GW_AT(type, member)   .offset = offsetof(struct type, member)
#define GW_COUNT(type, count) .count_offset = offsetof(struct type, count)
#define GW_TERMS(array)       .words = (array), .word_count = sizeof(array) / sizeof((array)[0])
#define GW_EITHER(array)      .either = (array), .either_count = sizeof(array) / sizeof((array)[0])
#define GW_FIELDS(array)      .fields = (array), .field_count = sizeof(array) / sizeof((array)[0])

/* The rows that stand for one GW_AS_SPAN: `field`, `start`, `end`. */
extern const struct gw_table gw_span_table;

/* "title" and "body" by enum gw_text_field; "codepoint", "byte", "utf16" by enum gw_offsets; "negative" … by
 * enum gw_label. */
extern const struct gw_term gw_text_field_words[2];
extern const struct gw_term gw_offsets_words[3];
extern const struct gw_term gw_label_words[3];

/* "PERSON", "MONEY", "positive": by the enums of their names. */
extern const struct gw_term gw_entity_type_words[GW_ENTITY_TYPE_COUNT];
extern const struct gw_term gw_value_kind_words[GW_VALUE_KIND_COUNT];
extern const struct gw_term gw_marker_kind_words[GW_MARKER_KIND_COUNT];

/* The schemas' outermost tables, one by one and as a list. */
#define GW_SCHEMA_COUNT 3
extern const struct gw_table *const gw_schemas[GW_SCHEMA_COUNT];
extern const struct gw_table gw_article_table;
extern const struct gw_table gw_record_table;
extern const struct gw_table gw_dead_letter_table;

/* The record's `article.body`, which a configuration may leave out. */
const struct gw_field *gw_record_body_row(void);

/* The schema of this name, or NULL. */
const struct gw_table *gw_schema_find(struct gw_str name);

/* Whether a row's word belongs into lists of its words. */
bool gw_word_is_listed(const struct gw_field *row, size_t word);

/* The row of this name, or NULL. */
const struct gw_field *gw_table_find(const struct gw_table *table, struct gw_str name);

#endif
