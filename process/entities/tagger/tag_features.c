/* The same questions as the tagger asks, in the same order. */
#include "process/entities/tagger/tag_features.h"

#include "process/entities/tagger/tag_context.h"
#include "process/text/sentences.h"

#include <inttypes.h>
#include <stddef.h>

static const char *const role_names[] = {
#define ROLE_NAME(name) #name,
    GW_TAG_ROLE_TABLE(ROLE_NAME)
#undef ROLE_NAME
};

static const struct cell_table {
    const char *name;
    uint32_t first_row;
} cell_tables[] = {
#define CELL_TABLE_ROW(name, rows) {#name, offsetof(struct gw_tag_cell_layout, name)},
    GW_TAG_CELL_TABLE(CELL_TABLE_ROW)
#undef CELL_TABLE_ROW
};

struct writer {
    struct gw_text text;
    struct gw_tag_text tags;
    struct gw_buffer *out;
};

static const struct cell_table *table_of(uint32_t row) {
    const struct cell_table *table = cell_tables;
    while (table + 1 < cell_tables + sizeof cell_tables / sizeof *cell_tables && table[1].first_row <= row) {
        table++;
    }
    return table;
}

static void write_word(struct writer *writer, uint32_t token) {
    if (token >= GW_TAG_BEFORE) {
        gw_buffer_append_str(writer->out, token == GW_TAG_BEFORE ? GW_STR("<begin>") : GW_STR("<end>"));
        return;
    }
    struct gw_str cut = gw_text_cut(&writer->text, token, token);
    for (size_t i = 0; i < cut.size; i++) {
        char c = cut.data[i];
        gw_buffer_append_byte(writer->out, (uint8_t)(c >= 'A' && c <= 'Z' ? c | 0x20 : c));
    }
}

static void write_context(struct writer *writer, const struct gw_tag_context *context) {
    for (uint32_t i = 0; i < context->word_count; i++) {
        gw_buffer_appendf(writer->out, "\t%s=", role_names[context->words[i].role]);
        write_word(writer, context->words[i].token);
    }
    for (uint32_t i = 0; i < context->cell_count; i++) {
        const struct cell_table *table = table_of(context->cells[i]);
        gw_buffer_appendf(writer->out, "\t%s=%" PRIu32, table->name, context->cells[i] - table->first_row);
    }
    for (uint32_t i = 0; i < context->pair_count; i++) {
        gw_buffer_appendf(writer->out, "\tpair=%016" PRIx64, context->pairs[i]);
    }
}

static void write_token(struct writer *writer, const struct gw_tag_sentence *sentence, uint32_t i) {
    struct gw_tag_context context = {.word_count = 0};
    struct gw_str cut = gw_text_cut(&writer->text, i, i);
    gw_buffer_append_str(writer->out, cut);
    if (writer->tags.tokens[i].capital) {
        struct gw_tag_run run = gw_tag_run_at(&writer->tags, sentence, i);
        gw_tag_run_context(&writer->tags, sentence, run, &context);
        write_context(writer, &context);
        context = (struct gw_tag_context){.word_count = 0};
        gw_tag_token_context(&writer->tags, sentence, &run, i, &context);
    } else {
        gw_tag_token_context(&writer->tags, sentence, NULL, i, &context);
    }
    if (writer->tags.tokens[i].affixed) {
        gw_tag_affixes(cut, &context);
    }
    write_context(writer, &context);
    gw_buffer_append_byte(writer->out, '\n');
}

static void write_sentence(struct writer *writer, const struct gw_tag_sentence *sentence) {
    for (uint32_t i = sentence->first; i < sentence->end; i++) {
        if (!writer->tags.tokens[i].candidate) {
            continue;
        }
        write_token(writer, sentence, i);
        if (i + 1 == sentence->end || !writer->tags.tokens[i + 1].candidate) {
            gw_buffer_append_byte(writer->out, '\n');
        }
    }
}

enum gw_status gw_tag_features_write(struct gw_str text, const struct gw_model *model, struct gw_arena *arena,
                                     struct gw_buffer *out) {
    struct writer writer = {.out = out};
    struct gw_work work = {UINT64_MAX, false};
    writer.text.fields[GW_FIELD_BODY] = text;
    enum gw_status status = gw_tokens_add(&writer.text, GW_FIELD_BODY, model, &work, arena);
    if (status == GW_OK) {
        status = gw_sentences_find(&writer.text, model, arena);
    }
    if (status == GW_OK) {
        status = gw_tag_text_make(&writer.text, model, arena, &writer.tags);
    }
    for (uint32_t s = 0; status == GW_OK && s < writer.text.sentence_count; s++) {
        write_sentence(&writer, &writer.tags.sentences[s]);
        status = out->failed;
    }
    return status;
}
