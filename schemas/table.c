/* What all schemas share: spans, and looking rows up. */
#include "schemas/table.h"

#include "schemas/annotation.h"

#include <stddef.h>

const struct gw_term gw_text_field_words[] = {
    [GW_FIELD_BODY] = GW_TERM("body"), [GW_FIELD_TITLE] = GW_TERM("title")};
const struct gw_term gw_offsets_words[] = {[GW_OFFSETS_CODEPOINT] = GW_TERM("codepoint"),
                                           [GW_OFFSETS_BYTE] = GW_TERM("byte"),
                                           [GW_OFFSETS_UTF16] = GW_TERM("utf16")};
const struct gw_term gw_label_words[] = {[GW_NEGATIVE] = GW_TERM("negative"),
                                         [GW_NEUTRAL] = GW_TERM("neutral"),
                                         [GW_POSITIVE] = GW_TERM("positive")};

static const struct gw_field span_fields[] = {
    {GW_TERM("field"), GW_AS_WORD, .flags = GW_OPTIONAL, GW_TERMS(gw_text_field_words),
     .doc = "Which text the span is in. Left out, it is the body.", .example = "\"title\""},
    {GW_TERM("start"), GW_AS_UINT, .doc = "Where it begins, counted from 0 in units of `offsets`.",
     .example = "0"},
    {GW_TERM("end"), GW_AS_UINT, .doc = "Where it ends: the first position that is not part of it.",
     .example = "5"},
};

const struct gw_table gw_span_table = {.name = "span",
                                       .title = "Span",
                                       .doc = "A part of the title or of the body.",
                                       .since = "0.1.0",
                                       GW_FIELDS(span_fields)};

const struct gw_table *const gw_schemas[GW_SCHEMA_COUNT] = {&gw_article_table, &gw_record_table,
                                                            &gw_dead_letter_table};

const struct gw_table *gw_schema_find(struct gw_str name) {
    for (size_t i = 0; i < GW_SCHEMA_COUNT; i++) {
        if (gw_str_is(name, gw_schemas[i]->name)) {
            return gw_schemas[i];
        }
    }
    return NULL;
}

bool gw_word_is_listed(const struct gw_field *row, size_t word) {
    return !row->word_docs || row->word_docs[word][0] != '\0';
}

const struct gw_field *gw_table_find(const struct gw_table *table, struct gw_str name) {
    for (size_t i = 0; i < table->field_count; i++) {
        if (gw_str_eq(gw_term_str(&table->fields[i].name), name)) {
            return &table->fields[i];
        }
    }
    return NULL;
}
