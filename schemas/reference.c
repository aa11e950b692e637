/* A section with a table of fields for each table, then a whole example. */
#include "schemas/reference.h"

#include "schemas/example.h"
#include "schemas/json_writer.h"
#include "schemas/limits.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>

/* More inner tables than any schema has, and the longest path to one. */
#define SECTIONS_MAX 32
#define PATHS_MAX    256

/* One path of them; the deepest of ours has a third of it. */
#define PATH_MAX_BYTES (PATHS_MAX - 16)

struct section {
    const struct gw_table *table;
    char paths[PATHS_MAX]; /* "`entities[].sentiment`, `targets[].sentiment`" */
};

struct page {
    struct gw_buffer *out;
    struct gw_arena *arena;
    struct section sections[SECTIONS_MAX];
    size_t section_count;
    enum gw_status status; /* the first failure that is not the buffer's */
};

static const char *const type_names[GW_AS_COUNT] = {
    [GW_AS_STRING] = "string",
    [GW_AS_LITERAL] = "string",
    [GW_AS_WORD] = "string",
    [GW_AS_ENUM] = "string",
    [GW_AS_FLAGS] = "array of strings",
    [GW_AS_BOOL] = "bool",
    [GW_AS_UINT] = "integer",
    [GW_AS_INDEX] = "index",
    [GW_AS_E4] = "number",
    [GW_AS_HASH] = "string",
    [GW_AS_HASH64] = "string",
    [GW_AS_BYTES] = "bytes",
    [GW_AS_TEXT] = "string (bytes if it is no UTF-8)",
    [GW_AS_SCALAR] = "string or integer",
    [GW_AS_TIMESTAMP] = "string or integer",
    [GW_AS_STRINGS] = "array of strings",
    [GW_AS_WORDS] = "array of strings",
    [GW_AS_CUT] = "string",
    [GW_AS_PAIRS] = "map",
    [GW_AS_OBJECT] = "map",
    [GW_AS_OBJECTS] = "array of maps",
};

/* In a cell of a Markdown table. */
static void put_cell(struct page *page, struct gw_str text) {
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '|') {
            gw_buffer_append_byte(page->out, '\\');
        }
        gw_buffer_append_byte(page->out, (uint8_t)text.data[i]);
    }
}

/* The anchor that is made of a heading. */
static void put_anchor(struct page *page, const char *heading) {
    for (; *heading; heading++) {
        if (isalnum((unsigned char)*heading) || *heading == ' ') {
            gw_buffer_append_byte(page->out,
                                  (uint8_t)(*heading == ' ' ? '-' : tolower((unsigned char)*heading)));
        }
    }
}

static void put_type(struct page *page, const struct gw_field *row) {
    if (row->table) {
        gw_buffer_appendf(page->out, "[%s](#", type_names[row->as]);
        put_anchor(page, row->table->title);
        gw_buffer_append_str(page->out, GW_STR(")"));
    } else {
        gw_buffer_append_str(page->out, gw_str_from(type_names[row->as]));
    }
    if (row->flags & GW_NULLABLE) {
        gw_buffer_append_str(page->out, GW_STR(" or nil"));
    }
    if (row->flags & GW_OPTIONAL) {
        gw_buffer_append_str(page->out, GW_STR(", optional"));
    }
}

static void put_words(struct page *page, const struct gw_field *row) {
    if (row->word_count < 2 || row->word_docs) {
        return;
    }
    gw_buffer_append_str(page->out, row->flags & GW_OPEN_WORDS ? GW_STR(" So far:") : GW_STR(" One of"));
    for (size_t i = 0; i < row->word_count; i++) {
        gw_buffer_appendf(page->out, "%s `%s`", i > 0 ? "," : "", row->words[i].text);
    }
    gw_buffer_append_byte(page->out, '.');
}

static void put_limit(struct page *page, const struct gw_field *row) {
    if (row->limit_offset == 0) {
        return;
    }
    size_t limit = *(const size_t *)((const char *)&gw_limits_default + row->limit_offset);
    const char *unit = row->as == GW_AS_STRING ? "bytes" : "items";
    gw_buffer_appendf(page->out, " At most %zu %s unless configured otherwise.", limit, unit);
}

/* Code with backticks in it stands between two of them. */
static void put_example(struct page *page, const struct gw_field *row) {
    if (row->example) {
        struct gw_str ticks = strchr(row->example, '`') ? GW_STR("``") : GW_STR("`");
        gw_buffer_append_str(page->out, ticks);
        put_cell(page, gw_str_from(row->example));
        gw_buffer_append_str(page->out, ticks);
    }
}

static void put_rows(struct page *page, const struct gw_table *table) {
    for (size_t i = 0; i < table->field_count; i++) {
        const struct gw_field *row = &table->fields[i];
        if (row->as == GW_AS_SPAN) {
            put_rows(page, &gw_span_table);
            continue;
        }
        gw_buffer_appendf(page->out, "| `%s` | ", row->name.text);
        put_type(page, row);
        gw_buffer_append_str(page->out, GW_STR(" | "));
        put_cell(page, gw_str_from(row->doc));
        put_words(page, row);
        put_limit(page, row);
        if (row->since) {
            gw_buffer_appendf(page->out, " Since %s.", row->since);
        }
        gw_buffer_append_str(page->out, GW_STR(" | "));
        put_example(page, row);
        gw_buffer_append_str(page->out, GW_STR(" |\n"));
    }
}

/* The words of a field, each with what it means. */
static void put_meanings(struct page *page, const struct gw_field *row) {
    if (!row->word_docs) {
        return;
    }
    gw_buffer_appendf(page->out, "\nThe words of `%s`%s:\n\n", row->name.text,
                      row->flags & GW_OPEN_WORDS ? ", to which later versions may add" : "");
    for (size_t i = 0; i < row->word_count; i++) {
        if (gw_word_is_listed(row, i)) {
            gw_buffer_appendf(page->out, "- `%s`: %s\n", row->words[i].text, row->word_docs[i]);
        }
    }
}

static void put_fields(struct page *page, const struct gw_table *table) {
    gw_buffer_append_str(page->out,
                         GW_STR("| field | type | meaning | example |\n| --- | --- | --- | --- |\n"));
    put_rows(page, table);
    for (size_t i = 0; i < table->field_count; i++) {
        put_meanings(page, &table->fields[i]);
    }
}

/* The table's section, new or as it was, with one more path to it. */
static bool add_path(struct page *page, const struct gw_table *table, const char *path) {
    for (size_t i = 0; i < page->section_count; i++) {
        struct section *section = &page->sections[i];
        if (section->table == table) {
            size_t used = strlen(section->paths);
            snprintf(section->paths + used, sizeof section->paths - used, ", `%s`", path);
            return false;
        }
    }
    assert(page->section_count < SECTIONS_MAX);
    struct section *section = &page->sections[page->section_count++];
    section->table = table;
    snprintf(section->paths, sizeof section->paths, "`%s`", path);
    return true;
}

static void collect_sections(struct page *page, const struct gw_table *table, const char *prefix) {
    for (size_t i = 0; i < table->field_count; i++) {
        const struct gw_field *row = &table->fields[i];
        char path[PATH_MAX_BYTES];
        if (!row->table) {
            continue;
        }
        snprintf(path, sizeof path, "%s%s%s%s", prefix, prefix[0] ? "." : "", row->name.text,
                 row->as == GW_AS_OBJECTS ? "[]" : "");
        if (add_path(page, row->table, path)) {
            collect_sections(page, row->table, path);
        }
    }
}

static void put_whole_example(struct page *page, const struct gw_table *table) {
    struct gw_writer writer;
    gw_buffer_append_str(page->out, GW_STR("\n## Example\n\n```json\n"));
    gw_json_writer_init(&writer, page->out, 2);
    page->status = gw_example_write(&writer, NULL, table, page->arena);
    gw_buffer_append_str(page->out, GW_STR("\n```\n"));
}

enum gw_status gw_reference_write(const struct gw_table *table, struct gw_arena *arena,
                                  struct gw_buffer *out) {
    struct page page = {.out = out, .arena = arena, .status = GW_OK};
    gw_buffer_appendf(
        out, "<!-- Made from the table in schemas/ by the build target `generated`. -->\n# %s\n\n%s\n\n",
        table->title, table->doc);
    gw_buffer_appendf(out,
                      "JSON Schema: [%s.schema.json](../../schemas/json/%s.schema.json), or "
                      "`glosswire schema %s`. Since %s.\n\n## Fields\n\n",
                      table->name, table->name, table->name, table->since);
    put_fields(&page, table);
    collect_sections(&page, table, "");
    for (size_t i = 0; i < page.section_count; i++) {
        const struct section *section = &page.sections[i];
        gw_buffer_appendf(out, "\n## %s\n\n%s: %s\n\n", section->table->title, section->paths,
                          section->table->doc);
        put_fields(&page, section->table);
    }
    put_whole_example(&page, table);
    return page.status == GW_OK ? out->failed : page.status;
}
