/* glosswire audit: did every input come out? */
#include "base/log.h"
#include "cli/book.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/properties.h"
#include "run/config/config.h"
#include "schemas/json_writer.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

enum {
    CONFIG,
    KAFKA,
    IN,
    RECORDS,
    LETTERS,
    GROUP,
    ALL,
    RANGE,
    ONCE,
    SHOW,
    OUTPUT,
    TIMEOUT,
    PROPERTY,
    PROPERTIES
};

enum form { FORM_TEXT, FORM_JSON };
static const char *const form_words[] = {"text", "json", NULL};

#define SHOW_DEFAULT    20
#define TIMEOUT_DEFAULT 30
#define TIMEOUT_MAX     3600
#define RANGES_MAX      256
#define KAFKA_PREFIX    "kafka:"

static const struct gw_option options[] = {
    [CONFIG] = {'c', "config", "FILE", NULL,
                "the configuration whose source, sink and dead letters are compared"},
    [KAFKA] = {'k', "kafka", "BROKERS", NULL, "host:port,host:port of " KAFKA_PREFIX "… below"},
    [IN] = {'\0', "in", "SIDE", NULL,
            "the inputs: " KAFKA_PREFIX "TOPIC,…, a file of articles, or a list, FILE" GW_BOOK_LIST_SUFFIX},
    [RECORDS] = {'\0', "records", "SIDE", NULL,
                 "where records went: " KAFKA_PREFIX "TOPIC,…, a file, or a list"},
    [LETTERS] = {'\0', "dead-letters", "SIDE", NULL, "where dead letters went"},
    [GROUP] = {'g', "group", "GROUP", NULL,
               "only inputs that this consumer group has committed; by default the configuration's"},
    [ALL] = {'a', "all", NULL, NULL, "all inputs to the topics' ends, committed or not"},
    [RANGE] = {'r', "range", "RANGES", NULL,
               "only these offsets: FROM:TO of all partitions, or P=FROM:TO,…; TO is not included"},
    [ONCE] = {'1', "once", NULL, NULL, "repeats are failures, too; implied by delivery: exactly_once"},
    [SHOW] = {'n', "show", "N", NULL, "name so many positions that are missing; 20 by default"},
    [OUTPUT] = {'o', "output", "FORM", form_words, "how to write the account"},
    [TIMEOUT] = {'\0', "timeout", "SECONDS", NULL,
                 "give up when brokers say nothing for so long; 30 by default"},
    [PROPERTY] = GW_PROPERTY_OPTION,
    [PROPERTIES] = GW_PROPERTIES_OPTION,
};

struct job {
    struct gw_arena arena;
    struct gw_config *config;
    struct gw_kafka_settings client; /* of the command line; brokers NULL: not given */
    struct gw_kafka_range ranges[RANGES_MAX];
    size_t range_count;
    int timeout_ms;
    struct gw_book in, records, letters;
    struct gw_ledger ledger;
    uint64_t nameless;
    uint64_t show;
    bool once;
};

static int wrong(const char *what, const char *value) {
    fprintf(stderr, "glosswire audit: %s%s%s\n", what, value ? ": " : "", value ? value : "");
    return GW_EXIT_USAGE;
}

/* Reads "[P=]FROM:TO" and returns what follows it, or NULL. */
static const char *read_range(const char *text, struct gw_kafka_range *range) {
    char *end;
    range->partition = -1;
    long long number = strtoll(text, &end, 10);
    if (*end == '=' && number >= 0 && number <= INT32_MAX) {
        range->partition = (int32_t)number;
        text = end + 1;
        number = strtoll(text, &end, 10);
    }
    if (end == text || *end != ':' || number < 0) {
        return NULL;
    }
    range->from = number;
    text = end + 1;
    range->to = strtoll(text, &end, 10);
    return end != text && range->to >= range->from && (*end == ',' || *end == '\0') ? end : NULL;
}

static bool read_ranges(struct job *job, const char *text) {
    while (text && *text) {
        if (job->range_count == RANGES_MAX) {
            return false;
        }
        text = read_range(text, &job->ranges[job->range_count++]);
        text = text && *text == ',' ? text + 1 : text;
    }
    return text && job->range_count > 0;
}

/* "a,b,c" as an array; NULL without memory. */
static const char *const *split(struct job *job, const char *text, size_t *count) {
    *count = 1;
    for (const char *at = text; *at; at++) {
        *count += *at == ',';
    }
    const char **items = gw_arena_take(&job->arena, *count * sizeof *items);
    for (size_t i = 0; items && i < *count; i++) {
        size_t size = strcspn(text, ",");
        items[i] = gw_arena_copy(&job->arena, (struct gw_str){text, size}).data;
        if (!items[i]) {
            return NULL;
        }
        text += size + 1;
    }
    return items;
}

static bool ends_with(const char *text, const char *end) {
    size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

static void scan_topics(const struct job *job, const struct gw_kafka_settings *client,
                        const char *const *topics, size_t count, struct gw_book *book) {
    *book = (struct gw_book){.kind = GW_BOOK_KAFKA,
                             .scan = {.client = job->client.brokers || !client ? job->client : *client,
                                      .topics = topics,
                                      .topic_count = count,
                                      .timeout_ms = job->timeout_ms}};
}

/* A side of the command line. `client` is the configuration's for this side, or NULL. */
static int open_side(struct job *job, const char *side, const struct gw_kafka_settings *client,
                     struct gw_book *book) {
    size_t prefix = strlen(KAFKA_PREFIX);
    if (strncmp(side, KAFKA_PREFIX, prefix) != 0) {
        const char **path = gw_arena_take(&job->arena, sizeof *path);
        if (!path) {
            return GW_EXIT_SYSTEM;
        }
        *path = side;
        *book = (struct gw_book){.kind = ends_with(side, GW_BOOK_LIST_SUFFIX) ? GW_BOOK_LIST : GW_BOOK_FILES,
                                 .paths = path,
                                 .path_count = 1};
        return GW_EXIT_DONE;
    }
    if (!job->client.brokers && !(client && client->brokers)) {
        return wrong("name the brokers with --kafka", side);
    }
    size_t count;
    const char *const *topics = split(job, side + prefix, &count);
    scan_topics(job, client, topics, count, book);
    return topics ? GW_EXIT_DONE : GW_EXIT_SYSTEM;
}

static void use_source(struct job *job) {
    const struct gw_source_config *source = &job->config->source;
    if (source->kind == GW_ENDPOINT_KAFKA) {
        scan_topics(job, &source->kafka.client, source->kafka.topics.items, source->kafka.topics.count,
                    &job->in);
        job->in.scan.group = source->kafka.group;
    } else if (source->kind == GW_ENDPOINT_FILE) {
        job->in = (struct gw_book){.kind = GW_BOOK_FILES,
                                   .paths = source->file.paths.items,
                                   .path_count = source->file.paths.count,
                                   .format = source->file.format};
    }
}

/* A topic that is a template is not known before records are made. */
static void use_sink(const struct job *job, const struct gw_sink_config *sink, struct gw_book *book) {
    if (sink->kind == GW_ENDPOINT_KAFKA && !strchr(sink->kafka.topic, '{')) {
        scan_topics(job, &sink->kafka.client, &sink->kafka.topic, 1, book);
    } else if (sink->kind == GW_ENDPOINT_FILE) {
        *book = (struct gw_book){.kind = GW_BOOK_FILES, .paths = &sink->file.path, .path_count = 1};
    }
}

static int use_config(struct job *job, const char *path) {
    struct gw_config_errors errors;
    if (gw_config_load_file(path, &job->config, &errors) != GW_OK) {
        gw_config_print_errors(&errors, path, stderr);
        return GW_EXIT_CANNOT_START;
    }
    use_source(job);
    use_sink(job, &job->config->sink, &job->records);
    use_sink(job, &job->config->dead_letters, &job->letters);
    job->once = job->config->delivery == GW_DELIVERY_EXACTLY_ONCE;
    return GW_EXIT_DONE;
}

static int open_sides(struct job *job, const struct gw_arguments *arguments) {
    struct gw_config *config = job->config;
    const struct {
        size_t option;
        const char *name;
        const struct gw_kafka_settings *client;
        struct gw_book *book;
    } sides[] = {
        {IN, "--in", config ? &config->source.kafka.client : NULL, &job->in},
        {RECORDS, "--records", config ? &config->sink.kafka.client : NULL, &job->records},
        {LETTERS, "--dead-letters", config ? &config->dead_letters.kafka.client : NULL, &job->letters}};
    for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
        const char *side = gw_option_value(arguments, sides[i].option, NULL);
        int code = side ? open_side(job, side, sides[i].client, sides[i].book) : GW_EXIT_DONE;
        if (code != GW_EXIT_DONE) {
            return code;
        }
        /* Without a configuration dead letters may be nowhere. */
        if (sides[i].book->kind == GW_BOOK_NONE && (config || i < 2)) {
            return wrong(config ? "nothing can be read there; name what can be with" : "name it",
                         sides[i].name);
        }
    }
    return GW_EXIT_DONE;
}

static void limit_inputs(struct job *job, const struct gw_arguments *arguments) {
    struct gw_kafka_scan *scan = &job->in.scan;
    scan->group = gw_option_value(arguments, GROUP, scan->group);
    if (gw_option_given(arguments, ALL)) {
        scan->group = NULL;
    }
    scan->ranges = job->ranges;
    scan->range_count = job->range_count;
}

static int prepare(struct job *job, const struct gw_arguments *arguments) {
    uint64_t seconds = TIMEOUT_DEFAULT;
    const char *config = gw_option_value(arguments, CONFIG, NULL),
               *ranges = gw_option_value(arguments, RANGE, NULL);
    if (!gw_option_number(arguments, TIMEOUT, 1, TIMEOUT_MAX, &seconds, stderr) ||
        !gw_option_number(arguments, SHOW, 0, SIZE_MAX, &job->show, stderr)) {
        return GW_EXIT_USAGE;
    }
    if (ranges && !read_ranges(job, ranges)) {
        return wrong("--range takes FROM:TO or P=FROM:TO,…", ranges);
    }
    job->timeout_ms = (int)seconds * 1000;
    job->client.brokers = gw_option_value(arguments, KAFKA, NULL);
    int code = gw_properties_read(arguments, PROPERTIES, &job->arena, &job->client, stderr);
    if (code == GW_EXIT_DONE && config) {
        code = use_config(job, config);
    }
    if (code == GW_EXIT_DONE) {
        code = open_sides(job, arguments);
    }
    job->once = job->once || gw_option_given(arguments, ONCE);
    limit_inputs(job, arguments);
    return code;
}

/* Inputs first: what is an input by now may come out while outputs are read. */
static int read_books(struct job *job) {
    struct gw_error error;
    enum gw_status status = gw_book_read_inputs(&job->in, &job->ledger, &error);
    if (status == GW_OK) {
        status = gw_book_read_outputs(&job->records, GW_LEDGER_RECORD, &job->ledger, &job->nameless, &error);
    }
    if (status == GW_OK) {
        status =
            gw_book_read_outputs(&job->letters, GW_LEDGER_DEAD_LETTER, &job->ledger, &job->nameless, &error);
    }
    if (status == GW_OK) {
        return GW_EXIT_DONE;
    }
    fprintf(stderr, "glosswire audit: %s\n", error.detail);
    if (status == GW_NO_MEMORY) {
        return GW_EXIT_SYSTEM;
    }
    return gw_status_fault(status) == GW_FAULT_PEER ? GW_EXIT_PEER : GW_EXIT_CANNOT_START;
}

/* What is shown of one kind of positions. */
struct row {
    struct gw_term name;
    enum gw_ledger_kind kind;
    uint64_t count;
    bool listed; /* in the text */
    struct gw_position *positions;
    size_t position_count;
};

struct report {
    struct gw_ledger_sum sum;
    struct row rows[4];
    uint64_t nameless;
    bool once, holds;
};
#define ROWS (sizeof((struct report *)NULL)->rows / sizeof(struct row))

static void write_positions_text(const struct row *row, struct gw_buffer *out) {
    char text[GW_POSITION_TEXT_MAX];
    for (size_t i = 0; i < row->position_count; i++) {
        gw_position_format(&row->positions[i], text);
        gw_buffer_appendf(out, "    %s\n", text);
    }
    if (row->position_count < row->count && row->kind != GW_LEDGER_REPEATED) {
        gw_buffer_appendf(out, "    … and %" PRIu64 " more (--show)\n", row->count - row->position_count);
    }
}

static void write_text(const struct report *report, struct gw_buffer *out) {
    const struct gw_ledger_sum *sum = &report->sum;
    gw_buffer_appendf(out,
                      "in            %10" PRIu64 "\nrecords       %10" PRIu64 "\ndead letters  %10" PRIu64
                      "\nskipped       %10" PRIu64 "\n",
                      sum->in, sum->records, sum->dead_letters, sum->skipped);
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *row = &report->rows[i];
        gw_buffer_appendf(out, "%-13s %10" PRIu64 "\n", row->name.text, row->count);
        if (row->listed) {
            write_positions_text(row, out);
        }
    }
    if (report->nameless > 0) {
        gw_buffer_appendf(out, "nameless      %10" PRIu64 "\n", report->nameless);
    }
    gw_buffer_appendf(out, "in = records + dead letters + skipped%s: %s\n", report->once ? ", each once" : "",
                      report->holds ? "holds" : "does not hold");
}

static void write_positions_json(const struct row *row, struct gw_writer *json) {
    char text[GW_POSITION_TEXT_MAX];
    json->ops->array(json, &row->name, row->position_count);
    for (size_t i = 0; i < row->position_count; i++) {
        json->ops->string(json, NULL, (struct gw_str){text, gw_position_format(&row->positions[i], text)});
    }
    json->ops->end_array(json);
}

static void write_json(const struct report *report, struct gw_buffer *out) {
    static const struct gw_term words[] = {GW_TERM("in"), GW_TERM("records"), GW_TERM("dead_letters"),
                                           GW_TERM("skipped"), GW_TERM("nameless")};
    static const struct gw_term holds = GW_TERM("holds"), positions = GW_TERM("positions");
    enum { WORDS = sizeof words / sizeof words[0] };
    const struct gw_ledger_sum *sum = &report->sum;
    const uint64_t numbers[WORDS] = {sum->in, sum->records, sum->dead_letters, sum->skipped,
                                     report->nameless};
    struct gw_writer json;
    gw_json_writer_init(&json, out, 2);
    json.ops->map(&json, NULL, WORDS + ROWS + 2);
    for (size_t i = 0; i < WORDS; i++) {
        json.ops->unsigned_integer(&json, &words[i], numbers[i]);
    }
    for (size_t i = 0; i < ROWS; i++) {
        json.ops->unsigned_integer(&json, &report->rows[i].name, report->rows[i].count);
    }
    json.ops->map(&json, &positions, ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        write_positions_json(&report->rows[i], &json);
    }
    json.ops->end_map(&json);
    json.ops->boolean(&json, &holds, report->holds);
    json.ops->end_map(&json);
    gw_buffer_append_byte(out, '\n');
}

static enum gw_status make_report(struct job *job, struct report *report) {
    struct gw_ledger_sum sum;
    gw_ledger_add_up(&job->ledger, &sum);
    *report = (struct report){
        .sum = sum,
        .nameless = job->nameless,
        .once = job->once,
        .holds = gw_ledger_sum_holds(&sum) && !(job->once && sum.redelivered > 0),
        .rows = {{GW_TERM("redelivered"), GW_LEDGER_REPEATED, sum.redelivered, job->once, NULL, 0},
                 {GW_TERM("missing"), GW_LEDGER_MISSING, sum.missing, true, NULL, 0},
                 {GW_TERM("conflicting"), GW_LEDGER_CONFLICTING, sum.conflicting, true, NULL, 0},
                 {GW_TERM("foreign"), GW_LEDGER_FOREIGN, sum.foreign, sum.missing > 0, NULL, 0}}};
    enum gw_status status = GW_OK;
    for (size_t i = 0; i < ROWS && status == GW_OK; i++) {
        struct row *row = &report->rows[i];
        status = gw_ledger_list(&job->ledger, row->kind, (size_t)job->show, &job->arena, &row->positions,
                                &row->position_count);
    }
    return status;
}

static int show(struct job *job, enum form form) {
    struct report report;
    struct gw_buffer out;
    gw_buffer_init(&out, &gw_allocator_system, SIZE_MAX);
    out.failed = make_report(job, &report);
    (form == FORM_JSON ? write_json : write_text)(&report, &out);
    bool written = out.failed == GW_OK && gw_output_write(gw_buffer_str(&out));
    gw_buffer_free(&out);
    if (report.sum.in == 0) {
        fputs("glosswire audit: there are no inputs; has the group committed anything? (--all)\n", stderr);
    }
    if (!written) {
        return GW_EXIT_SYSTEM;
    }
    return report.holds ? GW_EXIT_DONE : GW_EXIT_PARTLY;
}

static int run(const struct gw_arguments *arguments) {
    struct job job = {.show = SHOW_DEFAULT};
    gw_log_init(GW_LOG_ERROR, GW_LOG_LOGFMT, "audit", -1);
    gw_arena_init(&job.arena, &gw_allocator_system, SIZE_MAX);
    gw_ledger_init(&job.ledger, &gw_allocator_system);
    int code = prepare(&job, arguments);
    if (code == GW_EXIT_DONE) {
        code = read_books(&job);
    }
    if (code == GW_EXIT_DONE) {
        code = show(&job, (enum form)gw_option_word(arguments, OUTPUT, FORM_TEXT));
    }
    gw_ledger_free(&job.ledger);
    gw_config_free(job.config);
    gw_arena_free(&job.arena);
    return code;
}

static const struct gw_example examples[] = {
    {"glosswire audit -c kafka.yaml", "all that its group has committed"},
    {"glosswire audit -c kafka.yaml --range 1000:2000 --once", "a thousand offsets of each partition"},
    {"glosswire audit --in articles.jsonl --records records.jsonl --dead-letters dead.jsonl",
     "from file to file, by FILE" GW_BOOK_LIST_SUFFIX " beside the outputs"},
    {"glosswire audit -k localhost:9092 --in fed" GW_BOOK_LIST_SUFFIX
     " --records kafka:records --dead-letters kafka:dead-letters",
     "what an acked feeder has noted, against topics"},
};

const struct gw_command gw_command_audit = {
    .name = "audit",
    .summary = "check that every input became a record, a dead letter or was skipped",
    .about =
        "Reads which inputs there are, and in the outputs which input each of them is of (`gw-position`), "
        "and compares both: in = records + dead letters + skipped, over distinct inputs. Exits with 0 when "
        "that holds and with 1 when it does not; then the positions that are missing are named. An input "
        "that came out in two ways (conflicting) breaks it, too. Outputs of one input beyond the first are "
        "counted as redelivered; with --once they break it as well. Outputs of positions that are none of "
        "the inputs (below a range, or deleted since) are counted as foreign.\n"
        "Of Kafka topics what a reader of committed messages sees counts. Nothing is changed anywhere, and "
        "it can be done while glosswire runs. ZeroMQ keeps nothing: give a list of what was fed. It takes "
        "some 30 bytes of memory per input.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .run = run,
};
