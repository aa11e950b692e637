/* glosswire replay: dead letters back to a source, once each. */
#include "base/log.h"
#include "cli/commands.h"
#include "cli/complaint.h"
#include "cli/feeder.h"
#include "cli/properties.h"
#include "cli/reading.h"
#include "cli/replayed.h"
#include "run/config/config.h"
#include "schemas/dead_letter.h"
#include "transport/kafka_headers.h"
#include "transport/kafka_scan.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

enum {
    CONFIG,
    KAFKA,
    LETTERS,
    TO,
    ACKED,
    TOPIC,
    REASON,
    STATE,
    IN_DOUBT,
    DRY_RUN,
    INPUT,
    TIMEOUT,
    QUIET,
    PROPERTY,
    PROPERTIES
};

static const char *const doubt_words[] = {"leave", "send", NULL};

#define TIMEOUT_DEFAULT 30
#define TIMEOUT_MAX     3600
#define WORK_MS         100
#define STATE_SUFFIX    ".replayed"

/* A batch is noted, sent, and noted again; what an interrupted run leaves in doubt is one at most. */
#define BATCH_LETTERS ((size_t)256)
#define BATCH_BYTES   ((size_t)8 << 20)

static const struct gw_option options[] = {
    [CONFIG] = {'c', "config", "FILE", NULL, "the configuration whose dead letters go back to its source"},
    [KAFKA] = {'k', "kafka", "BROKERS", NULL, "host:port,host:port of the topics below"},
    [LETTERS] = {'l', "dead-letters", "TOPIC", NULL,
                 "the Kafka topic with the dead letters, instead of files"},
    [TO] = {'t', "to", "ENDPOINT", NULL, "a ZeroMQ source to send them to"},
    [ACKED] = {'a', "acked", NULL, NULL, "that source is an acked one: wait for an answer to each"},
    [TOPIC] = {'\0', "topic", "TOPIC", NULL,
               "the Kafka topic to send them to; by default the one that each came from"},
    [REASON] = {'r', "reason", "WORD", NULL, "only those with this reason, crashed for instance"},
    [STATE] =
        {'s', "state", "FILE", NULL,
         "where to remember what was replayed; by default beside the dead letters, ending in " STATE_SUFFIX},
    [IN_DOUBT] = {'\0', "in-doubt", "WHAT", doubt_words,
                  "what to do with those that an interrupted run may or may not have sent"},
    [DRY_RUN] = {'n', "dry-run", NULL, NULL, "send nothing, remember nothing; only count"},
    [INPUT] = {'i', "input", "FORM", gw_input_words, "what the files hold"},
    [TIMEOUT] = {'\0', "timeout", "SECONDS", NULL,
                 "give up when nothing has been taken for so long; 30 by default"},
    [QUIET] = {'q', "quiet", NULL, NULL, "no summary"},
    [PROPERTY] = GW_PROPERTY_OPTION,
    [PROPERTIES] = GW_PROPERTIES_OPTION,
};

/* One that waits to be sent; all lies in the batch's arena. */
struct letter {
    struct gw_message message;
    struct gw_position position; /* that it is remembered by */
};

struct job {
    const struct gw_arguments *arguments;
    struct gw_config *config;
    struct gw_arena settings; /* properties and paths */
    struct gw_kafka_settings client;
    const char *reason;
    bool sends_doubtful, dry;
    int64_t timeout_ns;

    /* from */
    struct gw_kafka_scan scan; /* topic_count 0: files */
    const char *const *paths;
    size_t path_count;
    struct gw_arena scratch; /* for reading one */

    /* to */
    struct gw_kafka_settings target;
    const char *topic;    /* NULL: each to its own */
    const char *endpoint; /* NULL: Kafka */
    bool acked;
    struct gw_feeder *feeder;
    struct gw_replayed replayed;
    struct letter *batch;
    size_t batch_count, batch_bytes;
    struct gw_arena batch_arena;

    /* what became of them */
    uint64_t sent, before, left_out, cut, nameless, doubtful, bad;
    int code; /* why it ended early */
};

static enum gw_status stop(struct job *job, int code, struct gw_error *error) {
    fprintf(stderr, "glosswire replay: %s\n", error->detail);
    job->code = code;
    return GW_CLOSED;
}

static int code_of(enum gw_status status) {
    switch (gw_status_fault(status)) {
    case GW_FAULT_PEER:
        return GW_EXIT_PEER;
    case GW_FAULT_OURS:
        return status == GW_BAD_CONFIG ? GW_EXIT_CANNOT_START : GW_EXIT_SYSTEM;
    default:
        return GW_EXIT_CANNOT_START;
    }
}

static uint64_t answered(const struct gw_feeder *feeder) {
    const struct gw_feed_counts *counts = &feeder->counts;
    return counts->taken + counts->dead_letters + counts->skipped + counts->failed;
}

/* Lets the feeder work until it has taken the letter, or, without one, until everything is answered.
 * GW_TIMEOUT when nothing moves for the time-out. */
static enum gw_status wait_while(struct job *job, const struct letter *letter, struct gw_error *error) {
    int64_t since_ns = gw_clock_now_ns(&gw_clock_system);
    uint64_t seen = answered(job->feeder);
    for (;;) {
        enum gw_status status = letter ? gw_feeder_send(job->feeder, &letter->message, error)
                                       : (job->feeder->in_flight > 0 ? GW_AGAIN : GW_OK);
        if (status != GW_AGAIN) {
            return status;
        }
        status = gw_feeder_work(job->feeder, WORK_MS, error);
        int64_t now_ns = gw_clock_now_ns(&gw_clock_system);
        if (status != GW_OK) {
            return status;
        }
        if (answered(job->feeder) != seen) {
            seen = answered(job->feeder);
            since_ns = now_ns;
        }
        if (now_ns - since_ns > job->timeout_ns) {
            return gw_fail(error, GW_TIMEOUT, GW_NO_POSITION, "nobody takes dead letters there in time");
        }
    }
}

static enum gw_status send_batch(struct job *job, struct gw_error *error) {
    uint64_t failed = job->feeder->counts.failed;
    for (size_t i = 0; i < job->batch_count; i++) {
        enum gw_status status = wait_while(job, &job->batch[i], error);
        if (status != GW_OK) {
            return status;
        }
    }
    enum gw_status status = wait_while(job, NULL, error);
    return status == GW_OK && job->feeder->counts.failed > failed
               ? gw_fail(error, GW_REFUSED, GW_NO_POSITION,
                         "%" PRIu64 " dead letters of a batch were not taken",
                         job->feeder->counts.failed - failed)
               : status;
}

static void empty_batch(struct job *job) {
    job->batch_count = job->batch_bytes = 0;
    gw_arena_reset(&job->batch_arena);
}

static enum gw_status finish_batch(struct job *job) {
    struct gw_position positions[BATCH_LETTERS];
    struct gw_error error;
    for (size_t i = 0; i < job->batch_count; i++) {
        positions[i] = job->batch[i].position;
    }
    if (job->batch_count == 0) {
        return GW_OK;
    }
    enum gw_status status = gw_replayed_begin(&job->replayed, positions, job->batch_count, &error);
    if (status == GW_OK) {
        status = send_batch(job, &error);
    }
    if (status == GW_OK) {
        status = gw_replayed_end(&job->replayed, positions, job->batch_count, &error);
    }
    if (status != GW_OK) {
        job->doubtful += job->batch_count;
        return stop(job, code_of(status), &error);
    }
    job->sent += job->batch_count;
    empty_batch(job);
    return GW_OK;
}

/* The original's headers: all but those that the dead letter added. On ZeroMQ the key is one of them. */
static bool copy_headers(struct job *job, const struct gw_dead_letter *letter, struct gw_headers *out) {
    struct gw_arena *arena = &job->batch_arena;
    struct gw_header *items = gw_arena_take(arena, (letter->headers.count + 1) * sizeof *items);
    size_t count = 0;
    bool whole = items != NULL;
    for (size_t i = 0; whole && i < letter->headers.count; i++) {
        const struct gw_header *header = &letter->headers.items[i];
        if (header->name.size >= 3 && memcmp(header->name.data, "gw-", 3) == 0) {
            continue;
        }
        items[count] = (struct gw_header){gw_arena_copy(arena, header->name), header->value};
        items[count].value = header->value.data ? gw_arena_copy(arena, header->value) : header->value;
        whole = items[count].name.data && (items[count].value.data || !header->value.data);
        count++;
    }
    if (whole && job->endpoint && letter->key.data) {
        items[count++] = (struct gw_header){gw_str_from(GW_HEADER_KEY), gw_arena_copy(arena, letter->key)};
    }
    *out = (struct gw_headers){items, count};
    return whole;
}

static bool copy_letter(struct job *job, const struct gw_dead_letter *letter,
                        const struct gw_position *position) {
    struct gw_arena *arena = &job->batch_arena;
    struct letter *copy = &job->batch[job->batch_count];
    const struct gw_str absent = {NULL, 0};
    *copy = (struct letter){.position = *position};
    copy->position.name = gw_arena_copy(arena, position->name);
    copy->message = (struct gw_message){
        .payload = letter->payload.data ? gw_arena_copy(arena, letter->payload) : absent,
        .key = letter->key.data && !job->endpoint ? gw_arena_copy(arena, letter->key) : absent,
        .position = copy->position,
        .timestamp_ms = -1,
        .full_size = letter->payload.size};
    bool whole = copy->position.name.data && (copy->message.payload.data || !letter->payload.data) &&
                 copy_headers(job, letter, &copy->message.headers);
    job->batch_count += whole;
    job->batch_bytes += letter->payload.size;
    return whole;
}

/* Whether it is one to be sent; counts why not. */
static bool is_wanted(struct job *job, const struct gw_dead_letter *letter, struct gw_str reason,
                      const struct gw_position *position) {
    if (job->reason && !gw_str_is(reason, job->reason)) {
        job->left_out++;
        return false;
    }
    if (letter->cut) {
        job->cut++;
        return false;
    }
    switch (gw_replayed_fate(&job->replayed, position)) {
    case GW_REPLAY_DONE:
        job->before++;
        return false;
    case GW_REPLAY_IN_DOUBT:
        job->doubtful += !job->sends_doubtful;
        return job->sends_doubtful;
    case GW_REPLAY_NEVER:
        break;
    }
    return true;
}

/* A repeat within the batch: its position is not noted yet. */
static bool is_in_batch(const struct job *job, const struct gw_position *position) {
    for (size_t i = 0; i < job->batch_count; i++) {
        const struct gw_position *other = &job->batch[i].position;
        if (other->kind == position->kind && other->partition == position->partition &&
            other->number == position->number && gw_str_eq(other->name, position->name)) {
            return true;
        }
    }
    return false;
}

static enum gw_status take(struct job *job, const struct gw_dead_letter *letter, struct gw_str reason) {
    struct gw_position position;
    char name[GW_POSITION_TEXT_MAX];
    struct gw_error error;
    if (!letter->position.data || gw_position_parse(letter->position, &position, name) != GW_OK) {
        job->nameless++;
        return GW_OK;
    }
    if (!is_wanted(job, letter, reason, &position)) {
        return GW_OK;
    }
    if (is_in_batch(job, &position)) {
        job->before++;
        return GW_OK;
    }
    if (!job->endpoint && !job->topic && position.kind != GW_POSITION_KAFKA) {
        gw_fail(&error, GW_BAD_CONFIG, GW_NO_POSITION,
                "a dead letter of " GW_STR_FMT " came from no topic; name one with --topic",
                GW_STR_ARG(letter->position));
        return stop(job, GW_EXIT_USAGE, &error);
    }
    if (job->dry) {
        job->sent++;
        return GW_OK;
    }
    if (!copy_letter(job, letter, &position)) {
        gw_fail(&error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a dead letter");
        return stop(job, GW_EXIT_SYSTEM, &error);
    }
    bool full = job->batch_count == BATCH_LETTERS || job->batch_bytes >= BATCH_BYTES;
    return full ? finish_batch(job) : GW_OK;
}

static struct gw_str header_value(struct gw_headers headers, const char *name) {
    const struct gw_header *header = gw_headers_find(headers, name);
    return header ? header->value : (struct gw_str){NULL, 0};
}

/* On Kafka a dead letter is the original itself, with headers beside its own. */
static enum gw_status visit(void *context, const rd_kafka_message_t *message, struct gw_error *error) {
    struct job *job = context;
    struct gw_headers headers;
    if (gw_kafka_headers_read(message, &headers) != GW_OK) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for headers");
    }
    struct gw_str reason = header_value(headers, GW_HEADER_REASON);
    const struct gw_dead_letter letter = {.position = header_value(headers, GW_HEADER_POSITION),
                                          .payload = {message->payload, message->len},
                                          .key = {message->key, message->key_len},
                                          .headers = headers,
                                          .cut = header_value(headers, GW_HEADER_CUT).data != NULL};
    enum gw_status status = reason.data ? take(job, &letter, reason) : GW_OK;
    free((void *)(uintptr_t)headers.items);
    return status;
}

static int replay_topics(struct job *job) {
    struct gw_error error;
    enum gw_status status = gw_kafka_scan(&job->scan, visit, job, &error);
    if (status != GW_OK && status != GW_CLOSED) {
        fprintf(stderr, "glosswire replay: %s\n", error.detail);
        job->code = code_of(status);
    }
    return job->code;
}

/* Replaying into a glosswire that writes dead letters to the same file must come to an end: what the file
 * held when it was opened counts. */
static uint64_t size_of(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode) ? (uint64_t)about.st_size : UINT64_MAX;
}

static enum gw_status take_from_file(struct job *job, const struct gw_reading *reading) {
    struct gw_dead_letter letter;
    struct gw_error error;
    gw_arena_reset(&job->scratch);
    enum gw_status status = gw_dead_letter_decode(reading->message.payload, &job->scratch, &letter, &error);
    if (status == GW_OK) {
        const char *reason = letter.reason < GW_STATUS_COUNT ? gw_status_word(letter.reason) : "";
        return take(job, &letter, gw_str_from(reason));
    }
    if (gw_status_fault(status) != GW_FAULT_INPUT) {
        return stop(job, GW_EXIT_SYSTEM, &error);
    }
    gw_complain(gw_reading_path(reading), reading->line, &error, reading->message.payload);
    job->bad++;
    return GW_OK;
}

static int replay_file(struct job *job, const char *path) {
    struct gw_reading reading;
    char *operands[] = {(char *)(uintptr_t)path};
    const struct gw_arguments one = {
        .command = job->arguments->command, .operands = operands, .operand_count = 1};
    uint64_t end = size_of(path);
    int code = gw_reading_open(&reading, &one,
                               (enum gw_file_format)gw_option_word(job->arguments, INPUT, GW_FILE_AUTO),
                               GW_LIMIT_MESSAGE_BYTES_MAX);
    while (code == GW_EXIT_DONE && job->code == GW_EXIT_DONE) {
        enum gw_status status = gw_reading_next(&reading);
        if (status == GW_CLOSED || (status == GW_OK && (uint64_t)reading.message.position.number >= end)) {
            break;
        }
        if (status == GW_OK) {
            status = take_from_file(job, &reading);
        } else if (status != GW_AGAIN) {
            code = GW_EXIT_SYSTEM;
        }
    }
    gw_reading_close(&reading);
    return code != GW_EXIT_DONE ? code : job->code;
}

static int replay_files(struct job *job) {
    int code = GW_EXIT_DONE;
    for (size_t i = 0; i < job->path_count && code == GW_EXIT_DONE; i++) {
        code = replay_file(job, job->paths[i]);
    }
    return code;
}

static int wrong(const char *what) {
    fprintf(stderr, "glosswire replay: %s\n", what);
    return GW_EXIT_USAGE;
}

/* Where a source is bound is where a feeder connects; "*" and 0.0.0.0 are this machine. */
static const char *endpoint_of(struct job *job, const char *bound) {
    static const char *const anywhere[] = {"tcp://*:", "tcp://0.0.0.0:"};
    for (size_t i = 0; i < sizeof anywhere / sizeof anywhere[0]; i++) {
        size_t size = strlen(anywhere[i]);
        if (strncmp(bound, anywhere[i], size) == 0) {
            char endpoint[64];
            snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%s", bound + size);
            return gw_arena_copy(&job->settings, gw_str_from(endpoint)).data;
        }
    }
    return bound;
}

static int use_letters(struct job *job) {
    const struct gw_sink_config *letters = &job->config->dead_letters;
    if (letters->kind == GW_ENDPOINT_KAFKA) {
        job->scan = (struct gw_kafka_scan){
            .client = letters->kafka.client, .topics = &letters->kafka.topic, .topic_count = 1};
        return GW_EXIT_DONE;
    }
    if (letters->kind != GW_ENDPOINT_FILE) {
        return wrong("its dead letters go to ZeroMQ, which keeps nothing");
    }
    job->paths = &letters->file.path;
    job->path_count = 1;
    return GW_EXIT_DONE;
}

static int use_source(struct job *job) {
    const struct gw_source_config *source = &job->config->source;
    const struct gw_zeromq_settings *zeromq = &source->zeromq;
    if (source->kind == GW_ENDPOINT_KAFKA) {
        job->target = source->kafka.client;
        return GW_EXIT_DONE;
    }
    if (source->kind != GW_ENDPOINT_ZEROMQ || zeromq->bind_count == 0 || zeromq->pattern == GW_ZEROMQ_SUB) {
        return wrong("its source cannot be fed from here; name another with --to or --kafka and --topic");
    }
    job->endpoint = endpoint_of(job, zeromq->bind[0]);
    job->acked = zeromq->pattern == GW_ZEROMQ_ACKED;
    return job->endpoint ? GW_EXIT_DONE : GW_EXIT_SYSTEM;
}

static int use_config(struct job *job, const char *path) {
    struct gw_config_errors errors;
    if (gw_config_load_file(path, &job->config, &errors) != GW_OK) {
        gw_config_print_errors(&errors, path, stderr);
        return GW_EXIT_CANNOT_START;
    }
    int code = use_letters(job);
    bool named = gw_option_given(job->arguments, TO) || gw_option_given(job->arguments, KAFKA);
    return code == GW_EXIT_DONE && !named ? use_source(job) : code;
}

static int use_options(struct job *job, const char *const *topic) {
    const struct gw_arguments *arguments = job->arguments;
    job->client.brokers = gw_option_value(arguments, KAFKA, NULL);
    if (*topic) {
        job->scan = (struct gw_kafka_scan){.client = job->client, .topics = topic, .topic_count = 1};
    } else if (arguments->operand_count > 0) {
        job->scan.topic_count = 0;
        job->paths = (const char *const *)arguments->operands;
        job->path_count = arguments->operand_count;
    }
    if (gw_option_given(arguments, TO)) {
        job->endpoint = gw_option_value(arguments, TO, NULL);
        job->acked = gw_option_given(arguments, ACKED);
    } else if (job->client.brokers) {
        job->target = job->client;
    }
    job->topic = gw_option_value(arguments, TOPIC, NULL);
    job->reason = gw_option_value(arguments, REASON, NULL);
    job->dry = gw_option_given(arguments, DRY_RUN);
    job->sends_doubtful = gw_option_word(arguments, IN_DOUBT, 0) == 1;
    if (*topic && (arguments->operand_count > 0 || !job->client.brokers)) {
        return wrong("--dead-letters goes with --kafka, and not with files");
    }
    if (job->scan.topic_count == 0 && job->path_count == 0) {
        return wrong("name the dead letters: -c FILE, --kafka with --dead-letters, or files");
    }
    if (!job->endpoint && !job->target.brokers) {
        return wrong("name where they go: -c FILE, --to, or --kafka");
    }
    return GW_EXIT_DONE;
}

static int open_state(struct job *job) {
    const char *name = job->scan.topic_count > 0 ? job->scan.topics[0] : job->paths[0];
    const char *directory = job->config && job->scan.topic_count > 0 ? job->config->state_dir : NULL;
    char path[PATH_MAX];
    struct gw_error error;
    snprintf(path, sizeof path, "%s%s%s" STATE_SUFFIX, directory ? directory : "", directory ? "/" : "",
             name);
    enum gw_status status =
        gw_replayed_open(&job->replayed, gw_option_value(job->arguments, STATE, path), &error);
    if (status != GW_OK) {
        fprintf(stderr, "glosswire replay: %s\n", error.detail);
        return GW_EXIT_CANNOT_START;
    }
    return GW_EXIT_DONE;
}

static int open_feeder(struct job *job) {
    struct gw_error error;
    enum gw_status status;
    if (job->dry) {
        return GW_EXIT_DONE;
    }
    if (!job->endpoint) {
        status = gw_feeder_open_kafka(&job->target, job->topic, (int)(job->timeout_ns / GW_NS_PER_MS),
                                      &job->feeder, &error);
    } else {
        status =
            (job->acked ? gw_feeder_open_acked : gw_feeder_open_push)(job->endpoint, &job->feeder, &error);
    }
    if (status != GW_OK) {
        fprintf(stderr, "glosswire replay: %s\n", error.detail);
        return GW_EXIT_CANNOT_START;
    }
    return GW_EXIT_DONE;
}

static int prepare(struct job *job, const char *const *topic) {
    const char *config = gw_option_value(job->arguments, CONFIG, NULL);
    uint64_t seconds = TIMEOUT_DEFAULT;
    if (!gw_option_number(job->arguments, TIMEOUT, 1, TIMEOUT_MAX, &seconds, stderr)) {
        return GW_EXIT_USAGE;
    }
    job->timeout_ns = (int64_t)seconds * GW_NS_PER_S;
    int code = gw_properties_read(job->arguments, PROPERTIES, &job->settings, &job->client, stderr);
    if (code == GW_EXIT_DONE && config) {
        code = use_config(job, config);
    }
    if (code == GW_EXIT_DONE) {
        code = use_options(job, topic);
    }
    job->scan.timeout_ms = (int)seconds * 1000;
    job->batch = calloc(BATCH_LETTERS, sizeof *job->batch);
    if (code == GW_EXIT_DONE && !job->batch) {
        code = GW_EXIT_SYSTEM;
    }
    if (code == GW_EXIT_DONE) {
        code = open_state(job);
    }
    return code == GW_EXIT_DONE ? open_feeder(job) : code;
}

static int replay(struct job *job) {
    int code = job->scan.topic_count > 0 ? replay_topics(job) : replay_files(job);
    if (code == GW_EXIT_DONE && finish_batch(job) != GW_OK) {
        code = job->code;
    }
    return code;
}

/* What was queued and not answered may be gone: it is in doubt already. */
static int close_feeder(struct job *job, int code, uint64_t *letters_again) {
    struct gw_error error;
    if (!job->feeder) {
        return code;
    }
    *letters_again = job->feeder->counts.dead_letters;
    int linger_ms = code == GW_EXIT_DONE ? (int)(job->timeout_ns / GW_NS_PER_MS) : 0;
    if (gw_feeder_close(job->feeder, linger_ms, &error) != GW_OK && code == GW_EXIT_DONE) {
        fprintf(stderr, "glosswire replay: %s\n", error.detail);
        code = GW_EXIT_PEER;
    }
    return code;
}

static void print_count(const char *what, uint64_t count) {
    if (count > 0) {
        fprintf(stderr, ", %" PRIu64 " %s", count, what);
    }
}

static void print_summary(const struct job *job, uint64_t letters_again) {
    fprintf(stderr, "%" PRIu64 " dead letters %s", job->sent, job->dry ? "to replay" : "replayed");
    print_count("of them dead letters again", letters_again);
    print_count("replayed before", job->before);
    print_count("left out by --reason", job->left_out);
    print_count("not whole", job->cut);
    print_count("without a position", job->nameless);
    print_count("malformed", job->bad);
    print_count("in doubt (--in-doubt)", job->doubtful);
    fputc('\n', stderr);
}

static int run(const struct gw_arguments *arguments) {
    struct job job = {.arguments = arguments};
    const char *topic = gw_option_value(arguments, LETTERS, NULL);
    uint64_t letters_again = 0;
    gw_log_init(GW_LOG_ERROR, GW_LOG_LOGFMT, "replay", -1);
    gw_arena_init(&job.settings, &gw_allocator_system, SIZE_MAX);
    gw_arena_init(&job.scratch, &gw_allocator_system, SIZE_MAX);
    gw_arena_init(&job.batch_arena, &gw_allocator_system, SIZE_MAX);
    int code = prepare(&job, &topic);
    bool ready = code == GW_EXIT_DONE;
    if (ready) {
        code = close_feeder(&job, replay(&job), &letters_again);
    }
    if (ready && !gw_option_given(arguments, QUIET)) {
        print_summary(&job, letters_again);
    }
    bool partly = job.cut + job.nameless + job.bad + job.doubtful + letters_again > 0;
    gw_replayed_close(&job.replayed);
    free(job.batch);
    gw_config_free(job.config);
    gw_arena_free(&job.settings);
    gw_arena_free(&job.scratch);
    gw_arena_free(&job.batch_arena);
    return code == GW_EXIT_DONE && partly ? GW_EXIT_PARTLY : code;
}

static const struct gw_example examples[] = {
    {"glosswire replay -c kafka.yaml", "all dead letters, back to the topics that they came from"},
    {"glosswire replay -c kafka.yaml --dry-run --reason too_large", "how many there are of one reason"},
    {"glosswire replay --acked --to tcp://127.0.0.1:5555 dead-letters.jsonl",
     "from a file to an acked source"},
    {"glosswire replay -k localhost:9092 -l dead-letters --topic articles", "from a topic to another"},
};

const struct gw_command gw_command_replay = {
    .name = "replay",
    .summary = "feed dead letters to a source again, each once",
    .operands = "[FILE…]",
    .operands_max = SIZE_MAX,
    .about =
        "Sends the originals of dead letters to a source again: the same bytes, key and headers, without "
        "what "
        "the dead letter added. Each goes once: what was sent is remembered in a file (--state), so that a "
        "later run sends only those that are new, and a dead letter that stands there twice goes once. An "
        "article that fails again becomes a new dead letter.\n"
        "A batch is noted before it is sent and again when it is safe. When a run is killed between the two, "
        "the next one cannot know whether that batch arrived: it leaves it, says so and exits with 1; "
        "--in-doubt send sends it. A plain ZeroMQ source (without --acked) only says that it took a "
        "message.\n"
        "Dead letters that hold only the first bytes of an article cannot be sent.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .run = run,
};
