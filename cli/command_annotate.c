/* glosswire annotate: articles of files as annotated text, records or a page. */
#include "cli/commands.h"
#include "cli/complaint.h"
#include "cli/output.h"
#include "cli/reading.h"
#include "cli/show_html.h"
#include "cli/show_text.h"
#include "cli/workbench.h"

#include <unistd.h>

enum { INPUT, OUTPUT, CONFIG, MODEL, COLOR, HTML, JSON };

enum form { FORM_TEXT, FORM_JSON, FORM_JSONL, FORM_HTML, FORM_MSGPACK };
static const char *const form_words[] = {"text", "json", "jsonl", "html", "msgpack", NULL};

static const struct gw_option options[] = {
    [INPUT] = {'i', "input", "FORM", gw_input_words,
               "what the files hold; auto tells by the name's ending or the first byte"},
    [OUTPUT] = {'o', "output", "FORM", form_words, "what to write, text by default"},
    [CONFIG] = {'c', "config", "FILE", NULL,
                "take model, limits and the record's options from this configuration"},
    [MODEL] = {'m', "model", "FILE", NULL, "the model; by default en-news, which lies beside the program"},
    [COLOR] = {'\0', "color", "WHEN", gw_color_words, "when to colour text; auto is on a terminal"},
    [HTML] = {'\0', "html", NULL, NULL, "short for --output html"},
    [JSON] = {'\0', "json", NULL, NULL, "short for --output json"},
};

struct job {
    struct gw_workbench bench;
    struct gw_reading reading;
    struct gw_terminal terminal;
    struct gw_arena arena; /* scratch memory of what is written */
    struct gw_buffer out;  /* what is written about one article */
    enum form form;
    size_t done, bad;
};

static enum gw_status write_text(struct job *job, const struct gw_enriched *enriched,
                                 struct gw_error *error) {
    struct gw_record record = {NULL, enriched->article, enriched->annotation};
    (void)error;
    return gw_show_text(&record, &job->terminal, &job->arena, &job->out);
}

static enum gw_status write_html(struct job *job, const struct gw_enriched *enriched,
                                 struct gw_error *error) {
    struct gw_record record = {NULL, enriched->article, enriched->annotation};
    (void)error;
    return gw_show_html(&record, &job->arena, &job->out);
}

static enum gw_status write_msgpack(struct job *job, const struct gw_enriched *enriched,
                                    struct gw_error *error) {
    (void)error;
    return gw_buffer_append_str(&job->out, enriched->outgoing.payload);
}

static enum gw_status write_jsonl(struct job *job, const struct gw_enriched *enriched,
                                  struct gw_error *error) {
    (void)error;
    gw_buffer_append_str(&job->out, enriched->outgoing.payload);
    return gw_buffer_append_byte(&job->out, '\n');
}

/* The same over several lines, for reading. */
static enum gw_status write_json(struct job *job, const struct gw_enriched *enriched,
                                 struct gw_error *error) {
    enum gw_status status =
        gw_record_msgpack_to_json(enriched->outgoing.payload, 2, &job->arena, &job->out, error);
    return status == GW_OK ? gw_buffer_append_byte(&job->out, '\n') : status;
}

static void begin_nothing(struct gw_buffer *out) {
    (void)out;
}

static void end_nothing(struct job *job) {
    (void)job;
}

static void end_text(struct job *job) {
    if (job->done > 0) {
        gw_show_text_legend(&job->terminal, &job->out);
    }
}

static void end_html(struct job *job) {
    gw_show_html_end(&job->out);
}

static const struct writer {
    void (*begin)(struct gw_buffer *out);
    enum gw_status (*write)(struct job *job, const struct gw_enriched *enriched, struct gw_error *error);
    void (*end)(struct job *job);
} writers[] = {
    [FORM_TEXT] = {begin_nothing, write_text, end_text},
    [FORM_JSON] = {begin_nothing, write_json, end_nothing},
    [FORM_JSONL] = {begin_nothing, write_jsonl, end_nothing},
    [FORM_HTML] = {gw_show_html_begin, write_html, end_html},
    [FORM_MSGPACK] = {begin_nothing, write_msgpack, end_nothing},
};

static bool put_out(struct job *job) {
    bool written = job->out.failed == GW_OK && gw_output_write(gw_buffer_str(&job->out));
    gw_buffer_clear(&job->out);
    return written;
}

/* What is wrong with the message at hand, in the words of its dead letter. */
static void complain(const struct job *job, const struct gw_enriched *enriched) {
    struct gw_error error;
    gw_fail(&error, enriched->reason, enriched->error_position, "%s", enriched->detail);
    gw_complain(gw_reading_path(&job->reading), job->reading.line, &error, job->reading.message.payload);
}

/* GW_EXIT_DONE to go on. A bad article is told and passed over. */
static int annotate_one(struct job *job) {
    struct gw_enriched enriched;
    struct gw_error error;
    enum gw_status status = gw_enrich(job->bench.enricher, &job->reading.message, &enriched, &error);
    if (status == GW_OK && enriched.outcome != GW_OUTCOME_RECORD) {
        complain(job, &enriched);
        job->bad++;
        return GW_EXIT_DONE;
    }
    if (status == GW_OK) {
        gw_fail(&error, GW_NO_MEMORY, GW_NO_POSITION, "no memory to show an article");
        gw_arena_reset(&job->arena);
        status = writers[job->form].write(job, &enriched, &error);
    }
    if (status != GW_OK) {
        fprintf(stderr, "glosswire annotate: %s\n", error.detail);
        return GW_EXIT_SYSTEM;
    }
    job->done++;
    return put_out(job) ? GW_EXIT_DONE : GW_EXIT_SYSTEM;
}

/* Until the end of the files. Records are there for readers before a pause in the input. */
static int annotate_all(struct job *job) {
    for (;;) {
        enum gw_status status = gw_reading_next(&job->reading);
        int code = GW_EXIT_DONE;
        if (status == GW_CLOSED) {
            return job->bad > 0 ? GW_EXIT_PARTLY : GW_EXIT_DONE;
        }
        if (status == GW_OK) {
            code = annotate_one(job);
        } else if (status != GW_AGAIN || !gw_output_flush()) {
            code = GW_EXIT_SYSTEM;
        }
        if (code != GW_EXIT_DONE) {
            return code;
        }
    }
}

static int run_job(struct job *job, const struct gw_arguments *arguments) {
    int code = gw_workbench_open(&job->bench, gw_option_value(arguments, CONFIG, NULL),
                                 gw_option_value(arguments, MODEL, NULL));
    if (code == GW_EXIT_DONE) {
        job->bench.settings.record_encoding =
            job->form == FORM_JSONL ? GW_ENCODING_JSON : GW_ENCODING_MSGPACK;
        code = gw_workbench_ready(&job->bench);
    }
    if (code == GW_EXIT_DONE) {
        code = gw_reading_open(&job->reading, arguments,
                               (enum gw_file_format)gw_option_word(arguments, INPUT, GW_FILE_AUTO),
                               job->bench.config->limits.message_bytes);
    }
    if (code != GW_EXIT_DONE) {
        return code;
    }
    writers[job->form].begin(&job->out);
    if (!put_out(job)) {
        return GW_EXIT_SYSTEM;
    }
    code = annotate_all(job);
    writers[job->form].end(job);
    return put_out(job) ? code : GW_EXIT_SYSTEM;
}

static int run(const struct gw_arguments *arguments) {
    struct job job = {.form = (enum form)gw_option_word(arguments, OUTPUT, FORM_TEXT)};
    if (gw_option_given(arguments, HTML) || gw_option_given(arguments, JSON)) {
        job.form = gw_option_given(arguments, HTML) ? FORM_HTML : FORM_JSON;
    }
    if (job.form == FORM_MSGPACK && isatty(STDOUT_FILENO)) {
        fputs("glosswire annotate: MessagePack is not for a terminal; write it to a file with > FILE\n",
              stderr);
        return GW_EXIT_USAGE;
    }
    job.terminal = gw_terminal_detect((enum gw_color)gw_option_word(arguments, COLOR, GW_COLOR_AUTO));
    gw_buffer_init(&job.out, &gw_allocator_system, SIZE_MAX);
    gw_arena_init(&job.arena, &gw_allocator_system, SIZE_MAX);
    int code = run_job(&job, arguments);
    gw_buffer_free(&job.out);
    gw_arena_free(&job.arena);
    gw_reading_close(&job.reading);
    gw_workbench_close(&job.bench);
    return code;
}

static const struct gw_example examples[] = {
    {"glosswire annotate article.txt", "read one text with its names, markers and scores in the terminal"},
    {"echo 'Ministers in Lima praised the ceasefire.' | glosswire annotate -", "the same for one sentence"},
    {"glosswire annotate --html examples/articles.jsonl > page.html", "a page to open in a browser"},
    {"glosswire annotate --input jsonl --output jsonl < articles.jsonl > records.jsonl",
     "one record per article, in order"},
};

const struct gw_command gw_command_annotate = {
    .name = "annotate",
    .summary = "annotate articles of files and show or write what was found",
    .operands = "[FILE…|-]",
    .operands_max = SIZE_MAX,
    .about = "Annotates each article of the files, or of standard input, on the spot: no server is needed. "
             "An input "
             "file holds JSON lines or MessagePack values, one article each, or one plain or HTML text.\n"
             "Text is for reading; json, jsonl and msgpack are the records that `glosswire run` publishes; "
             "html is "
             "one page that needs nothing else. A bad article is told on stderr as `file:line: reason: "
             "detail`, the "
             "others go on, and the exit code is 1.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .run = run,
};
