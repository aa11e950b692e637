/* glosswire model: what the model is, and what it sees of a text. */
#include "base/file_map.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/output.h"
#include "process/entities/tagger/tag_features.h"
#include "run/model_path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MODEL };

static const struct gw_option options[] = {
    [MODEL] = {'m', "model", "FILE", NULL, "the model; by default en-news, which lies beside the program"},
};

/* Of a card, of a text, and of all that is shown. */
#define CARD_BYTES_MAX   ((size_t)1 << 20)
#define TEXT_BYTES_MAX   ((size_t)16 << 20)
#define OUTPUT_BYTES_MAX ((size_t)1 << 30)

struct job {
    char path[PATH_MAX];
    struct gw_model *model;
    const char *text_path; /* of what `features` reads */
    struct gw_buffer out;
};

static int refuse(const struct gw_error *error) {
    fprintf(stderr, "glosswire model: %s\n", error->detail);
    return GW_EXIT_CANNOT_START;
}

/* The card's path: the model's with another ending. False when it is too long. */
static bool card_path(const char *model_path, char out[PATH_MAX]) {
    const char *slash = strrchr(model_path, '/'), *dot = strrchr(model_path, '.');
    size_t stem = dot && (!slash || dot > slash) ? (size_t)(dot - model_path) : strlen(model_path);
    int size = snprintf(out, PATH_MAX, "%.*s.md", (int)stem, model_path);
    return size > 0 && size < PATH_MAX;
}

static int show_card(struct job *job) {
    char path[PATH_MAX];
    struct gw_str card;
    struct gw_error error = {.status = GW_OK};
    if (!card_path(job->path, path)) {
        fprintf(stderr, "glosswire model: the path is too long: %s\n", job->path);
        return GW_EXIT_CANNOT_START;
    }
    if (gw_file_read(path, CARD_BYTES_MAX, &card, &error) != GW_OK) {
        return refuse(&error);
    }
    gw_buffer_append_str(&job->out, card);
    free((void *)(uintptr_t)card.data);
    return GW_EXIT_DONE;
}

static int show_tables(struct job *job) {
    struct gw_str name = gw_model_name(job->model), hash = gw_model_hash(job->model);
    struct gw_model_part part;
    gw_buffer_appendf(&job->out, "%-16s " GW_STR_FMT "\n%-16s " GW_STR_FMT "\n%-16s %zu\n\n%-16s %10s %10s\n",
                      "name", GW_STR_ARG(name), "hash", GW_STR_ARG(hash), "bytes", gw_model_size(job->model),
                      "table", "records", "bytes");
    for (size_t i = 0; gw_model_part(job->model, i, &part); i++) {
        gw_buffer_appendf(&job->out, "%-16s %10zu %10zu\n", part.name, part.records, part.bytes);
    }
    return GW_EXIT_DONE;
}

static int write_features(struct job *job, struct gw_str text) {
    struct gw_arena arena;
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    enum gw_status status = gw_tag_features_write(text, job->model, &arena, &job->out);
    gw_arena_free(&arena);
    if (status != GW_OK) {
        fprintf(stderr, "glosswire model: %s\n", gw_status_text(status));
        return GW_EXIT_SYSTEM;
    }
    return GW_EXIT_DONE;
}

static int show_features(struct job *job) {
    struct gw_str text;
    struct gw_error error = {.status = GW_OK};
    const char *path = strcmp(job->text_path, "-") == 0 ? "/dev/stdin" : job->text_path;
    if (gw_file_read(path, TEXT_BYTES_MAX, &text, &error) != GW_OK) {
        return refuse(&error);
    }
    int code = GW_EXIT_PARTLY;
    if (gw_utf8_is_valid(text)) {
        code = write_features(job, text);
    } else {
        fprintf(stderr, "glosswire model: %s: the text is not UTF-8\n", job->text_path);
    }
    free((void *)(uintptr_t)text.data);
    return code;
}

static const struct view {
    const char *name;
    int (*show)(struct job *job);
} views[] = {{"card", show_card}, {"tables", show_tables}, {"features", show_features}};

static const struct view *find_view(const char *name) {
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        if (strcmp(views[i].name, name) == 0) {
            return &views[i];
        }
    }
    fprintf(stderr, "glosswire model: there is no '%s' to show; it is card, tables or features\n", name);
    return NULL;
}

static int run(const struct gw_arguments *arguments) {
    const struct view *view = find_view(arguments->operand_count > 0 ? arguments->operands[0] : "card");
    struct gw_error error = {.status = GW_OK};
    struct job job = {.text_path = arguments->operand_count > 1 ? arguments->operands[1] : "-"};
    if (!view) {
        return GW_EXIT_USAGE;
    }
    if (arguments->operand_count > 1 && view->show != show_features) {
        fprintf(stderr, "glosswire model: only features are those of a FILE\n");
        return GW_EXIT_USAGE;
    }
    if (gw_model_path_find(gw_option_value(arguments, MODEL, NULL), job.path, &error) != GW_OK ||
        gw_model_open(job.path, &job.model, &error) != GW_OK) {
        return refuse(&error);
    }
    gw_buffer_init(&job.out, &gw_allocator_system, OUTPUT_BYTES_MAX);
    int code = view->show(&job);
    if (code == GW_EXIT_DONE && job.out.failed != GW_OK) {
        fprintf(stderr, "glosswire model: %s\n", gw_status_text(job.out.failed));
        code = GW_EXIT_SYSTEM;
    }
    if (code == GW_EXIT_DONE && !gw_output_write(gw_buffer_str(&job.out))) {
        code = GW_EXIT_SYSTEM;
    }
    gw_buffer_free(&job.out);
    gw_model_close(job.model);
    return code;
}

static const struct gw_example examples[] = {
    {"glosswire model", "the card: sources, licences, scores and weaknesses"},
    {"glosswire model tables --model my.gwm",
     "what another model file consists of; an altered one is refused"},
    {"echo 'Police in Lima said no.' | glosswire model features",
     "what the tagger of names is told about Police and Lima"},
};

const struct gw_command gw_command_model = {
    .name = "model",
    .summary = "show the model's card, its tables, or what it sees of a text",
    .operands = "[card|tables|features [FILE|-]]",
    .operands_max = 2,
    .about =
        "The card, which lies beside the model file, tells what the model was made from, under which "
        "licences, how "
        "well it does and where it fails. `tables` shows the model's name, its hash as records have it, and "
        "the size of each table.\n"
        "`features` takes plain text from FILE or standard input and writes a line for each token that may "
        "be a part of a name: the token, then what the tagger is told of it, parted by tabs: a role and "
        "the word in it, a table and a row, or the hash of a pair. An empty line parts stretches of such "
        "tokens. Trainers other than glosswire's own can start from it.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .run = run,
};
