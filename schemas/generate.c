/* gw_generate: writes what is made from the schemas' tables into the source tree, or checks that it is there.
 *
 *     gw_generate write ROOT      rewrites JSON Schemas and reference pages; adds what is new to the frozen
 * lists gw_generate check ROOT      fails when a JSON Schema or a page is stale gw_generate additive ROOT
 * fails when something that was released has gone, or something new is not listed
 */
#include "base/file_map.h"
#include "schemas/frozen.h"
#include "schemas/json_schema.h"
#include "schemas/reference.h"

#include <stdio.h>
#include <stdlib.h>

#define FILE_BYTES_MAX ((size_t)4 << 20)
#define PATH_BYTES_MAX 4096

static enum gw_status make_frozen(const struct gw_table *table, struct gw_arena *arena,
                                  struct gw_buffer *out) {
    (void)arena;
    return gw_frozen_list(table, out);
}

/* What is made of each schema, and where it lies; %s are the root and the schema's name. */
static const struct product {
    const char *path;
    enum gw_status (*make)(const struct gw_table *table, struct gw_arena *arena, struct gw_buffer *out);
} json_schema = {"%s/schemas/json/%s.schema.json", gw_json_schema_write},
  page = {"%s/docs/reference/%s.md", gw_reference_write},
  frozen_list = {"%s/schemas/frozen/%s.v1.txt", make_frozen};

/* One file: what it should hold, and what it does. */
struct file {
    char path[PATH_BYTES_MAX];
    struct gw_buffer wanted;
    struct gw_str present; /* empty when there is no such file */
};

static bool open_file(struct file *file, const struct product *product, const char *root,
                      const struct gw_table *table) {
    struct gw_arena arena;
    struct gw_error error;
    file->present = (struct gw_str){NULL, 0};
    gw_buffer_init(&file->wanted, &gw_allocator_system, FILE_BYTES_MAX);
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    snprintf(file->path, sizeof file->path, product->path, root, table->name);
    enum gw_status status = product->make(table, &arena, &file->wanted);
    gw_arena_free(&arena);
    if (status != GW_OK) {
        fprintf(stderr, "%s: %s\n", file->path, gw_status_text(status));
        return false;
    }
    gw_file_read(file->path, FILE_BYTES_MAX, &file->present, &error);
    return true;
}

static void close_file(struct file *file) {
    gw_buffer_free(&file->wanted);
    free((void *)(uintptr_t)file->present.data);
}

static bool write_file(const char *path, struct gw_str content) {
    FILE *stream = fopen(path, "wb");
    bool written = stream && fwrite(content.data, 1, content.size, stream) == content.size;
    written = (!stream || fclose(stream) == 0) && written;
    if (!written) {
        perror(path);
    }
    return written;
}

static bool rewrite(const struct product *product, const char *root, const struct gw_table *table) {
    struct file file;
    bool done = open_file(&file, product, root, table);
    if (done && !gw_str_eq(file.present, gw_buffer_str(&file.wanted))) {
        done = write_file(file.path, gw_buffer_str(&file.wanted));
    }
    close_file(&file);
    return done;
}

static bool is_fresh(const struct product *product, const char *root, const struct gw_table *table) {
    struct file file;
    bool fresh =
        open_file(&file, product, root, table) && gw_str_eq(file.present, gw_buffer_str(&file.wanted));
    if (!fresh) {
        fprintf(stderr, "%s is stale: build the target `generated` and commit what it wrote\n", file.path);
    }
    close_file(&file);
    return fresh;
}

/* Appends the lines that are marked as new to what is frozen, and writes it. */
static bool add_lines(const struct file *file, struct gw_str report) {
    struct gw_buffer grown;
    gw_buffer_init(&grown, &gw_allocator_system, FILE_BYTES_MAX);
    gw_buffer_append_str(&grown, file->present);
    while (report.size > 0) {
        const char *end = memchr(report.data, '\n', report.size);
        size_t size = end ? (size_t)(end - report.data) + 1 : report.size;
        gw_buffer_append(&grown, report.data + 2, size - 2);
        report = gw_str_sub(report, size, report.size);
    }
    bool done = grown.failed == GW_OK && write_file(file->path, gw_buffer_str(&grown));
    gw_buffer_free(&grown);
    return done;
}

/* Whether the frozen list is a table's own; with `extend`, what is new is added to it. */
static bool compare_frozen(const char *root, const struct gw_table *table, bool extend) {
    struct file file;
    struct gw_buffer report;
    bool same = open_file(&file, &frozen_list, root, table);
    gw_buffer_init(&report, &gw_allocator_system, FILE_BYTES_MAX);
    struct gw_frozen_difference difference = {0, 0};
    if (same) {
        difference = gw_frozen_compare(file.present, gw_buffer_str(&file.wanted), &report);
    }
    if (difference.gone > 0) {
        fprintf(stderr, "%s: released, and now gone or changed:\n", file.path);
    } else if (difference.added > 0 && !extend) {
        fprintf(stderr, "%s: new; build the target `generated` to list it:\n", file.path);
    } else if (difference.added > 0) {
        same = add_lines(&file, gw_buffer_str(&report));
        gw_buffer_clear(&report);
        difference.added = 0;
    }
    fprintf(stderr, GW_STR_FMT, GW_STR_ARG(gw_buffer_str(&report)));
    gw_buffer_free(&report);
    close_file(&file);
    return same && difference.gone == 0 && difference.added == 0;
}

static bool run_write(const char *root, const struct gw_table *table) {
    return compare_frozen(root, table, true) && rewrite(&json_schema, root, table) &&
           rewrite(&page, root, table);
}

static bool run_check(const char *root, const struct gw_table *table) {
    bool schema_fresh = is_fresh(&json_schema, root, table);
    return is_fresh(&page, root, table) && schema_fresh;
}

static bool run_additive(const char *root, const struct gw_table *table) {
    return compare_frozen(root, table, false);
}

static const struct mode {
    const char *name;
    bool (*run)(const char *root, const struct gw_table *table);
} modes[] = {{"write", run_write}, {"check", run_check}, {"additive", run_additive}};

int main(int argc, char **argv) {
    for (size_t i = 0; argc == 3 && i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(argv[1], modes[i].name) != 0) {
            continue;
        }
        bool good = true;
        for (size_t schema = 0; schema < GW_SCHEMA_COUNT; schema++) {
            good = modes[i].run(argv[2], gw_schemas[schema]) && good;
        }
        return good ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    fprintf(stderr, "usage: gw_generate write|check|additive ROOT\n");
    return EXIT_FAILURE;
}
