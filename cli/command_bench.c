/* glosswire bench: what each stage costs per article, beside its ceiling. */
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/reading.h"
#include "cli/stopwatch.h"
#include "cli/workbench.h"

#include <inttypes.h>
#include <stdlib.h>

enum { INPUT, CONFIG, MODEL, SECONDS };

static const struct gw_option options[] = {
    [INPUT] = {'i', "input", "FORM", gw_input_words, "what the files hold"},
    [CONFIG] = {'c', "config", "FILE", NULL, "take model, limits and the record's options from it"},
    [MODEL] = {'m', "model", "FILE", NULL, "the model; by default en-news, which lies beside the program"},
    [SECONDS] = {'s', "seconds", "N", NULL, "measure for so long, 3 by default"},
};

#define SECONDS_DEFAULT 3
#define SECONDS_MAX     3600
#define PASSES_MIN      3
#define PASSES_MAX      100000

/* What is read into memory at most. */
#define CORPUS_BYTES_MAX ((size_t)1 << 30)

/* Ceilings in µs hold for an article of so many bytes of text. */
#define CEILING_BYTES 2300.0

#define MEASURES (GW_ENRICH_STAGE_COUNT + 1) /* the stages, and all of it */
#define TOTAL    GW_ENRICH_STAGE_COUNT

struct corpus {
    struct gw_message *messages;
    size_t count, capacity;
    size_t bytes, text_bytes, words, bad;
};

struct job {
    struct gw_workbench bench;
    struct gw_reading reading;
    struct gw_stopwatch watch;
    struct corpus corpus;
    int64_t ready_ns;          /* what it took until the first article could be annotated */
    int64_t *passes[MEASURES]; /* ns of each pass */
    size_t pass_count;
};

/* Keeps a copy of the message at hand; its headers and its path are not the message's own. */
static bool keep(struct corpus *corpus, const struct gw_message *message) {
    if (corpus->count == corpus->capacity) {
        size_t capacity = corpus->capacity ? 2 * corpus->capacity : 256;
        void *grown = realloc(corpus->messages, capacity * sizeof *corpus->messages);
        if (!grown) {
            return false;
        }
        corpus->messages = grown;
        corpus->capacity = capacity;
    }
    char *payload = malloc(message->payload.size + 1);
    if (!payload) {
        return false;
    }
    memcpy(payload, message->payload.data, message->payload.size);
    corpus->messages[corpus->count] = *message;
    corpus->messages[corpus->count++].payload.data = payload;
    corpus->bytes += message->payload.size;
    return true;
}

/* Keeps messages that become records; counts what is in them. */
static bool keep_if_fit(struct job *job) {
    struct gw_enriched enriched;
    if (gw_enrich(job->bench.enricher, &job->reading.message, &enriched, NULL) != GW_OK) {
        return false;
    }
    if (enriched.outcome != GW_OUTCOME_RECORD) {
        job->corpus.bad++;
        return true;
    }
    job->corpus.text_bytes += enriched.article->title.size + enriched.article->body.size;
    job->corpus.words += enriched.annotation->token_count;
    return keep(&job->corpus, &job->reading.message);
}

static int read_corpus(struct job *job) {
    for (;;) {
        enum gw_status status = gw_reading_next(&job->reading);
        if (status == GW_CLOSED || job->corpus.bytes > CORPUS_BYTES_MAX) {
            break;
        }
        if (status == GW_OK && !keep_if_fit(job)) {
            fputs("glosswire bench: no memory for the articles\n", stderr);
            return GW_EXIT_SYSTEM;
        }
        if (status != GW_OK && status != GW_AGAIN) {
            return GW_EXIT_SYSTEM;
        }
    }
    if (job->corpus.count == 0) {
        fputs("glosswire bench: there is no article in the files\n", stderr);
        return GW_EXIT_CANNOT_START;
    }
    return GW_EXIT_DONE;
}

/* All articles once. */
static bool pass(struct job *job) {
    struct gw_enriched enriched;
    gw_stopwatch_clear(&job->watch);
    for (size_t i = 0; i < job->corpus.count; i++) {
        gw_stopwatch_start(&job->watch);
        if (gw_enrich(job->bench.enricher, &job->corpus.messages[i], &enriched, NULL) != GW_OK) {
            return false;
        }
        gw_stopwatch_stop(&job->watch);
    }
    return true;
}

/* Reading the corpus has warmed the caches up. */
static int measure(struct job *job, uint64_t seconds) {
    int64_t end = gw_clock_now_ns(&gw_clock_system) + (int64_t)seconds * GW_NS_PER_S;
    for (size_t i = 0; i < MEASURES; i++) {
        job->passes[i] = calloc(PASSES_MAX, sizeof *job->passes[i]);
        if (!job->passes[i]) {
            return GW_EXIT_SYSTEM;
        }
    }
    while (job->pass_count < PASSES_MIN ||
           (job->pass_count < PASSES_MAX && gw_clock_now_ns(&gw_clock_system) < end)) {
        if (!pass(job)) {
            return GW_EXIT_SYSTEM;
        }
        for (size_t i = 0; i < GW_ENRICH_STAGE_COUNT; i++) {
            job->passes[i][job->pass_count] = job->watch.stages_ns[i];
        }
        job->passes[TOTAL][job->pass_count++] = job->watch.total_ns;
    }
    return GW_EXIT_DONE;
}

struct row {
    const char *name;
    double us;      /* per article */
    double ceiling; /* µs; 0: none is stated */
};

static void print_row(const struct row *row, double total) {
    printf("%-17s %11.2f %7.1f %%", row->name, row->us, 100 * row->us / total);
    if (row->ceiling > 0) {
        printf(" %10.2f %7.2f", row->ceiling, row->us / row->ceiling);
    }
    putchar('\n');
}

static void print_stages(const double us[MEASURES], double scale) {
    double known = 0;
    puts("stage             µs/article    share    ceiling   ratio");
    for (enum gw_enrich_stage stage = 0; stage < GW_ENRICH_STAGE_COUNT; stage++) {
        const struct row row = {gw_enrich_stage_name(stage), us[stage], 0};
        print_row(&row, us[TOTAL]);
        known += us[stage];
    }
    const size_t first = GW_ENRICH_ANNOTATE;
    double other = us[TOTAL] > known ? us[TOTAL] - known : 0;
    const struct row sums[] = {
        {"other", other, 0},
        {"total", us[TOTAL], (25 + 18 + 8 + 7) * scale + 15},
        {"text+tagger", us[first + GW_STAGE_TEXT] + us[first + GW_STAGE_TAGGER], 25 * scale},
        {"sentiment", us[first + GW_STAGE_SENTIMENT], 18 * scale},
        {"entities+document", us[first + GW_STAGE_ENTITIES] + us[first + GW_STAGE_DOCUMENT], 8 * scale},
        {"encode", us[GW_ENRICH_ENCODE], 7 * scale},
        {"decode+other", us[GW_ENRICH_DECODE] + other, 15},
    };
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++) {
        if (i == 2) {
            puts("\nagainst the ceilings");
        }
        print_row(&sums[i], us[TOTAL]);
    }
}

static void print_report(const struct job *job) {
    const struct corpus *corpus = &job->corpus;
    double count = (double)corpus->count;
    double mean = (double)corpus->text_bytes / count;
    double us[MEASURES];
    for (size_t i = 0; i < MEASURES; i++) {
        us[i] = (double)gw_median(job->passes[i], job->pass_count) / count / 1000;
    }
    printf("%zu articles of %.0f bytes of text and %.0f words, %zu passes, model " GW_STR_FMT
           ", ready in %.1f ms\n",
           corpus->count, mean, (double)corpus->words / count, job->pass_count,
           GW_STR_ARG(gw_model_name(job->bench.model)), (double)job->ready_ns / 1e6);
    if (corpus->bad > 0) {
        printf("%zu messages are no articles and were left out\n", corpus->bad);
    }
    printf("medians of the passes, CPU time; ceilings for this size of article (per %.1f KB: 25, 18, 8, 7 "
           "µs, and 15 "
           "around each)\n\n",
           CEILING_BYTES / 1000);
    print_stages(us, mean / CEILING_BYTES);
    printf("\n%.1f MB/s, %.0f words/s, %.0f articles/s per core\n", mean / us[TOTAL],
           (double)corpus->words / count / us[TOTAL] * 1e6, 1e6 / us[TOTAL]);
}

static int open_job(struct job *job, const struct gw_arguments *arguments) {
    int64_t begun = gw_clock_now_ns(&gw_clock_system);
    int code = gw_workbench_open(&job->bench, gw_option_value(arguments, CONFIG, NULL),
                                 gw_option_value(arguments, MODEL, NULL));
    if (code == GW_EXIT_DONE) {
        job->bench.settings.observe = gw_stopwatch_observe;
        job->bench.settings.observe_context = &job->watch;
        code = gw_workbench_ready(&job->bench);
        job->ready_ns = gw_clock_now_ns(&gw_clock_system) - begun;
    }
    if (code == GW_EXIT_DONE) {
        code = gw_reading_open(&job->reading, arguments,
                               (enum gw_file_format)gw_option_word(arguments, INPUT, GW_FILE_AUTO),
                               job->bench.config->limits.message_bytes);
    }
    return code;
}

static void close_job(struct job *job) {
    for (size_t i = 0; i < job->corpus.count; i++) {
        free((void *)(uintptr_t)job->corpus.messages[i].payload.data);
    }
    free(job->corpus.messages);
    for (size_t i = 0; i < MEASURES; i++) {
        free(job->passes[i]);
    }
    gw_reading_close(&job->reading);
    gw_workbench_close(&job->bench);
}

static int run(const struct gw_arguments *arguments) {
    struct job job = {0};
    uint64_t seconds = SECONDS_DEFAULT;
    if (!gw_option_number(arguments, SECONDS, 0, SECONDS_MAX, &seconds, stderr)) {
        return GW_EXIT_USAGE;
    }
    gw_stopwatch_init(&job.watch);
    int code = open_job(&job, arguments);
    if (code == GW_EXIT_DONE) {
        code = read_corpus(&job);
    }
    if (code == GW_EXIT_DONE) {
        code = measure(&job, seconds);
    }
    if (code == GW_EXIT_DONE) {
        print_report(&job);
    }
    close_job(&job);
    return code;
}

static const struct gw_example examples[] = {
    {"glosswire bench examples/articles.jsonl", "on the articles that come with glosswire"},
    {"glosswire bench --seconds 20 articles.jsonl", "longer, for steadier numbers"},
};

const struct gw_command gw_command_bench = {
    .name = "bench",
    .summary = "measure what annotating costs, stage by stage",
    .operands = "FILE…|-",
    .operands_min = 1,
    .operands_max = SIZE_MAX,
    .about =
        "Reads the articles into memory and annotates all of them again and again on one core. Shows the CPU "
        "time "
        "of each stage per article (the median of the passes), its ratio to the stated ceiling, and MB/s and "
        "words/s. A release build on a quiet machine gives numbers that mean something.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .run = run,
};
