/* Flat lists, so that what a change does to a schema is seen line by line. */
#include "schemas/frozen.h"

#include <stdio.h>

#define PATH_MAX_SIZE 256

static const char *const type_names[GW_AS_COUNT] = {
    [GW_AS_STRING] = "string",       [GW_AS_LITERAL] = "word",
    [GW_AS_WORD] = "word",           [GW_AS_ENUM] = "word",
    [GW_AS_FLAGS] = "words",         [GW_AS_BOOL] = "bool",
    [GW_AS_UINT] = "integer",        [GW_AS_INDEX] = "index",
    [GW_AS_E4] = "number",           [GW_AS_HASH] = "hex32",
    [GW_AS_HASH64] = "hex16",        [GW_AS_BYTES] = "bytes",
    [GW_AS_TEXT] = "text",           [GW_AS_SCALAR] = "string|integer",
    [GW_AS_TIMESTAMP] = "timestamp", [GW_AS_STRINGS] = "strings",
    [GW_AS_WORDS] = "strings",       [GW_AS_CUT] = "string",
    [GW_AS_PAIRS] = "map",           [GW_AS_OBJECT] = "map",
    [GW_AS_OBJECTS] = "maps",
};

static const char *presence_of(const struct gw_field *row) {
    static const char *const names[] = {[0] = "always",
                                        [GW_NULLABLE] = "nullable",
                                        [GW_OPTIONAL] = "optional",
                                        [GW_OPTIONAL | GW_NULLABLE] = "optional-nullable"};
    return names[row->flags & (GW_OPTIONAL | GW_NULLABLE)];
}

/* `prefix` is the path of the map that the rows lie in; empty for the outermost. */
static void list_table(const struct gw_table *table, const char *prefix, struct gw_buffer *out) {
    for (size_t i = 0; i < table->field_count; i++) {
        const struct gw_field *row = &table->fields[i];
        char path[PATH_MAX_SIZE];
        if (row->as == GW_AS_SPAN) {
            list_table(&gw_span_table, prefix, out);
            continue;
        }
        snprintf(path, sizeof path, "%s%s%s%s", prefix, prefix[0] ? "." : "", row->name.text,
                 row->as == GW_AS_OBJECTS ? "[]" : "");
        gw_buffer_appendf(out, "%s %s%s %s\n", path, row->flags & GW_OPEN_WORDS ? "open-" : "",
                          type_names[row->as], presence_of(row));
        for (size_t word = 0; word < row->word_count; word++) {
            if (gw_word_is_listed(row, word)) {
                gw_buffer_appendf(out, "%s = %s\n", path, row->words[word].text);
            }
        }
        if (row->table) {
            list_table(row->table, path, out);
        }
    }
}

enum gw_status gw_frozen_list(const struct gw_table *table, struct gw_buffer *out) {
    list_table(table, "", out);
    return out->failed;
}

/* Cuts the first line, without its line feed, off `text`. */
static struct gw_str take_line(struct gw_str *text) {
    const char *end = memchr(text->data, '\n', text->size);
    size_t size = end ? (size_t)(end - text->data) : text->size;
    struct gw_str line = gw_str_sub(*text, 0, size);
    *text = gw_str_sub(*text, end ? size + 1 : size, text->size);
    return line;
}

static bool has_line(struct gw_str text, struct gw_str wanted) {
    while (text.size > 0) {
        if (gw_str_eq(take_line(&text), wanted)) {
            return true;
        }
    }
    return false;
}

/* Reports the lines of `text` that `other` has not. */
static size_t report_missing(struct gw_str text, struct gw_str other, char mark, struct gw_buffer *report) {
    size_t count = 0;
    while (text.size > 0) {
        struct gw_str line = take_line(&text);
        if (line.size > 0 && !has_line(other, line)) {
            gw_buffer_appendf(report, "%c " GW_STR_FMT "\n", mark, GW_STR_ARG(line));
            count++;
        }
    }
    return count;
}

struct gw_frozen_difference gw_frozen_compare(struct gw_str frozen, struct gw_str current,
                                              struct gw_buffer *report) {
    return (struct gw_frozen_difference){.gone = report_missing(frozen, current, '-', report),
                                         .added = report_missing(current, frozen, '+', report)};
}
