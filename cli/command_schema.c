/* glosswire schema: what goes over the wire, for programs and for people. */
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/output.h"
#include "schemas/json_schema.h"
#include "schemas/reference.h"

#include <stdio.h>

enum { OPTION_FORMAT };

static const char *const formats[] = {"json-schema", "reference", NULL};
enum { FORMAT_JSON_SCHEMA };

static const struct gw_option options[] = {
    [OPTION_FORMAT] = {'f', "format", "FORMAT", formats, "JSON Schema for programs, or Markdown for people"},
};

/* In the order of `formats`. */
static enum gw_status (*const writers[])(const struct gw_table *table, struct gw_arena *arena,
                                         struct gw_buffer *out) = {gw_json_schema_write, gw_reference_write};

/* More than any schema has. */
#define OUTPUT_BYTES_MAX ((size_t)4 << 20)

static int print_schema(const struct gw_table *table, size_t format) {
    struct gw_arena arena;
    struct gw_buffer out;
    int code = GW_EXIT_SYSTEM;
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    gw_buffer_init(&out, &gw_allocator_system, OUTPUT_BYTES_MAX);
    enum gw_status status = writers[format](table, &arena, &out);
    if (status != GW_OK) {
        fprintf(stderr, "glosswire schema: %s\n", gw_status_text(status));
    } else if (gw_output_write(gw_buffer_str(&out))) {
        code = GW_EXIT_DONE;
    }
    gw_buffer_free(&out);
    gw_arena_free(&arena);
    return code;
}

static int run(const struct gw_arguments *arguments) {
    const char *name = arguments->operand_count > 0 ? arguments->operands[0] : gw_record_table.name;
    const struct gw_table *table = gw_schema_find(gw_str_from(name));
    if (!table) {
        fprintf(stderr, "glosswire schema: there is no schema '%s'; it is article, record or dead_letter\n",
                name);
        return GW_EXIT_USAGE;
    }
    return print_schema(table, gw_option_word(arguments, OPTION_FORMAT, FORMAT_JSON_SCHEMA));
}

static const struct gw_example examples[] = {
    {"glosswire schema > record.schema.json", "the JSON Schema (draft 2020-12) of what comes out"},
    {"glosswire schema article", "the one of what goes in"},
    {"glosswire schema dead_letter --format reference", "every field of a dead letter explained"},
};

const struct gw_command gw_command_schema = {
    .name = "schema",
    .summary = "show the schema of articles, records or dead letters",
    .operands = "[article|record|dead_letter]",
    .operands_max = 1,
    .about =
        "Shows what a message consists of: `article` is what comes in, `record` (the default) what goes out, "
        "`dead_letter` what becomes of an input that cannot be used. Schemas only ever grow: programs must "
        "pass over fields that they do not know.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .run = run,
};
