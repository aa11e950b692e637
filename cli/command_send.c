/* glosswire send: articles of files to where a glosswire takes them. */
#include "base/log.h"
#include "cli/commands.h"
#include "cli/complaint.h"
#include "cli/feeder.h"
#include "cli/properties.h"
#include "cli/reading.h"

#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INPUT, TO, ACKED, KAFKA, TOPIC, TIMEOUT, QUIET, PROPERTY, PROPERTIES };

#define TO_DEFAULT      "tcp://127.0.0.1:5555"
#define TIMEOUT_DEFAULT 10
#define TIMEOUT_MAX     3600
#define WORK_MS         100
#define PROGRESS_NS     (GW_NS_PER_S / 10)
#define BAR_COLUMNS     24

static const struct gw_option options[] = {
    [INPUT] = {'i', "input", "FORM", gw_input_words, "what the files hold"},
    [TO] = {'t', "to", "ENDPOINT", NULL, "a ZeroMQ source; by default " TO_DEFAULT},
    [ACKED] = {'a', "acked", NULL, NULL, "the source is an acked one: wait for an answer to each article"},
    [KAFKA] = {'k', "kafka", "BROKERS", NULL, "send to Kafka instead: host:port,host:port"},
    [TOPIC] = {'\0', "topic", "TOPIC", NULL, "the Kafka topic"},
    [TIMEOUT] = {'\0', "timeout", "SECONDS", NULL,
                 "give up when nothing has been taken for so long; 10 by default"},
    [QUIET] = {'q', "quiet", NULL, NULL, "no progress bar and no summary"},
    [PROPERTY] = GW_PROPERTY_OPTION,
    [PROPERTIES] = GW_PROPERTIES_OPTION,
};

struct job {
    const char *to;     /* for messages */
    const char *nobody; /* what is said when nothing is taken */
    struct gw_reading reading;
    struct gw_feeder *feeder;
    struct gw_kafka_settings client;
    struct gw_arena arena; /* the client's properties */
    struct gw_feed_counts counts;
    int64_t timeout_ns;
    uint64_t total_bytes; /* of the files; 0: not known */
    uint64_t bytes;       /* of them, read by now */
    uint64_t sent, sent_bytes, bad;
    bool shows_progress;
    int64_t shown_ns;
};

static uint64_t outcomes(const struct gw_feeder *feeder) {
    const struct gw_feed_counts *counts = &feeder->counts;
    return counts->taken + counts->dead_letters + counts->skipped + counts->failed;
}

/* 0 when one of them is no regular file. */
static uint64_t total_bytes_of(const struct gw_arguments *arguments) {
    uint64_t total = 0;
    for (size_t i = 0; i < arguments->operand_count; i++) {
        struct stat about;
        if (stat(arguments->operands[i], &about) != 0 || !S_ISREG(about.st_mode)) {
            return 0;
        }
        total += (uint64_t)about.st_size;
    }
    return total;
}

static void show_progress(struct job *job, bool last) {
    int64_t now_ns = gw_clock_now_ns(&gw_clock_system);
    if (!job->shows_progress || (!last && now_ns - job->shown_ns < PROGRESS_NS)) {
        return;
    }
    job->shown_ns = now_ns;
    fputs("\r\x1b[K", stderr);
    if (last) {
        return;
    }
    if (job->total_bytes > 0) {
        double part = (double)job->bytes / (double)job->total_bytes;
        int filled = part >= 1 ? BAR_COLUMNS : (int)(part * BAR_COLUMNS);
        fputc('[', stderr);
        for (int i = 0; i < BAR_COLUMNS; i++) {
            fputs(i < filled ? "█" : "·", stderr);
        }
        fprintf(stderr, "] %3.0f %%  ", part >= 1 ? 100 : 100 * part);
    }
    fprintf(stderr, "%" PRIu64 " sent, %zu not answered yet", job->sent, job->feeder->in_flight);
    fflush(stderr);
}

static int give_up(const struct job *job, const struct gw_error *error) {
    fprintf(stderr, "%sglosswire send: %s: %s\n", job->shows_progress ? "\r\x1b[K" : "", job->to,
            error->detail);
    return gw_status_fault(error->status) == GW_FAULT_PEER ? GW_EXIT_PEER : GW_EXIT_SYSTEM;
}

/* Lets the feeder work; gives up when nothing has moved for the time-out. */
static int wait_a_while(struct job *job, int64_t *since_ns, uint64_t *seen) {
    struct gw_error error;
    enum gw_status status = gw_feeder_work(job->feeder, WORK_MS, &error);
    int64_t now_ns = gw_clock_now_ns(&gw_clock_system);
    if (status != GW_OK) {
        return give_up(job, &error);
    }
    if (outcomes(job->feeder) != *seen) {
        *seen = outcomes(job->feeder);
        *since_ns = now_ns;
    }
    show_progress(job, false);
    if (now_ns - *since_ns > job->timeout_ns) {
        gw_fail(&error, GW_TIMEOUT, GW_NO_POSITION, "%s", job->nobody);
        return give_up(job, &error);
    }
    return GW_EXIT_DONE;
}

static int send_one(struct job *job) {
    const struct gw_message *message = &job->reading.message;
    struct gw_error error;
    int64_t since_ns = gw_clock_now_ns(&gw_clock_system);
    uint64_t seen = outcomes(job->feeder);
    int code = GW_EXIT_DONE;
    enum gw_status status = message->refused;
    if (status != GW_OK) {
        gw_fail(&error, status, GW_NO_POSITION, "it has %" PRIu64 " bytes: more than a message may have",
                message->full_size);
    } else {
        status = gw_feeder_send(job->feeder, message, &error);
    }
    while (status == GW_AGAIN && code == GW_EXIT_DONE) {
        code = wait_a_while(job, &since_ns, &seen);
        status = gw_feeder_send(job->feeder, message, &error);
    }
    job->bytes += message->full_size + 1;
    if (status == GW_OK) {
        job->sent++;
        job->sent_bytes += message->payload.size;
    } else if (code == GW_EXIT_DONE && gw_status_fault(status) == GW_FAULT_INPUT) {
        gw_complain(gw_reading_path(&job->reading), job->reading.line, &error, message->payload);
        job->bad++;
    } else if (code == GW_EXIT_DONE) {
        code = give_up(job, &error);
    }
    show_progress(job, false);
    return code;
}

static int send_all(struct job *job) {
    struct gw_error error;
    for (;;) {
        enum gw_status status = gw_reading_next(&job->reading);
        if (status == GW_CLOSED) {
            return GW_EXIT_DONE;
        }
        if (status == GW_OK) {
            int code = send_one(job);
            if (code != GW_EXIT_DONE) {
                return code;
            }
        } else if (status != GW_AGAIN) {
            return GW_EXIT_SYSTEM;
        }
        if (gw_feeder_work(job->feeder, 0, &error) != GW_OK) {
            return give_up(job, &error);
        }
    }
}

static int wait_for_answers(struct job *job) {
    int64_t since_ns = gw_clock_now_ns(&gw_clock_system);
    uint64_t seen = outcomes(job->feeder);
    int code = GW_EXIT_DONE;
    while (job->feeder->in_flight > 0 && code == GW_EXIT_DONE) {
        code = wait_a_while(job, &since_ns, &seen);
    }
    return code;
}

static void print_summary(const struct job *job) {
    const struct gw_feed_counts *counts = &job->counts;
    fprintf(stderr, "%" PRIu64 " sent to %s (%.1f kB)", job->sent - counts->failed, job->to,
            (double)job->sent_bytes / 1000);
    if (counts->dead_letters > 0) {
        fprintf(stderr, ", %" PRIu64 " of them dead letters", counts->dead_letters);
    }
    if (counts->skipped > 0) {
        fprintf(stderr, ", %" PRIu64 " of them skipped", counts->skipped);
    }
    fprintf(stderr, ", %" PRIu64 " failed\n", job->bad + counts->failed);
}

static enum gw_status open_feeder(struct job *job, const struct gw_arguments *arguments,
                                  struct gw_error *error) {
    int timeout_ms = (int)(job->timeout_ns / GW_NS_PER_MS);
    job->to = gw_option_value(arguments, TO, TO_DEFAULT);
    job->nobody = "nobody takes articles here; is glosswire running?";
    if (gw_option_given(arguments, KAFKA)) {
        job->to = gw_option_value(arguments, KAFKA, NULL);
        job->nobody = "the brokers do not answer in time";
        job->client.brokers = job->to;
        return gw_feeder_open_kafka(&job->client, gw_option_value(arguments, TOPIC, NULL), timeout_ms,
                                    &job->feeder, error);
    }
    return gw_option_given(arguments, ACKED) ? gw_feeder_open_acked(job->to, &job->feeder, error)
                                             : gw_feeder_open_push(job->to, &job->feeder, error);
}

static int run_job(struct job *job, const struct gw_arguments *arguments) {
    struct gw_error error;
    int code = gw_reading_open(&job->reading, arguments,
                               (enum gw_file_format)gw_option_word(arguments, INPUT, GW_FILE_AUTO),
                               GW_LIMIT_MESSAGE_BYTES_MAX);
    if (code != GW_EXIT_DONE) {
        return code;
    }
    code = gw_properties_read(arguments, PROPERTIES, &job->arena, &job->client, stderr);
    if (code != GW_EXIT_DONE) {
        return code;
    }
    if (open_feeder(job, arguments, &error) != GW_OK) {
        fprintf(stderr, "glosswire send: %s\n", error.detail);
        return GW_EXIT_CANNOT_START;
    }
    code = send_all(job);
    if (code == GW_EXIT_DONE) {
        code = wait_for_answers(job);
    }
    show_progress(job, true);
    job->counts = job->feeder->counts;
    job->counts.failed += job->feeder->in_flight;
    /* What a peer did not take at all need not linger. */
    int linger_ms = code == GW_EXIT_DONE ? (int)(job->timeout_ns / GW_NS_PER_MS) : 0;
    if (gw_feeder_close(job->feeder, linger_ms, &error) != GW_OK && code == GW_EXIT_DONE) {
        code = give_up(job, &error);
    }
    return code;
}

static int run(const struct gw_arguments *arguments) {
    struct job job = {.total_bytes = total_bytes_of(arguments),
                      .shows_progress = isatty(STDERR_FILENO) && !gw_option_given(arguments, QUIET)};
    uint64_t seconds = TIMEOUT_DEFAULT;
    if (!gw_option_number(arguments, TIMEOUT, 1, TIMEOUT_MAX, &seconds, stderr)) {
        return GW_EXIT_USAGE;
    }
    if (gw_option_given(arguments, KAFKA) != gw_option_given(arguments, TOPIC)) {
        fputs("glosswire send: --kafka and --topic go together\n", stderr);
        return GW_EXIT_USAGE;
    }
    gw_log_init(GW_LOG_WARN, GW_LOG_LOGFMT, "send", -1);
    job.timeout_ns = (int64_t)seconds * GW_NS_PER_S;
    gw_arena_init(&job.arena, &gw_allocator_system, SIZE_MAX);
    int code = run_job(&job, arguments);
    gw_reading_close(&job.reading);
    gw_arena_free(&job.arena);
    if (job.to && job.feeder && !gw_option_given(arguments, QUIET)) {
        print_summary(&job);
    }
    bool failed = job.bad + job.counts.failed + job.counts.dead_letters > 0;
    return code == GW_EXIT_DONE && failed ? GW_EXIT_PARTLY : code;
}

static const struct gw_example examples[] = {
    {"glosswire send examples/articles.jsonl", "to a `glosswire run` without a configuration"},
    {"glosswire send --acked --to tcp://10.0.0.7:5555 archive.msgpack",
     "and wait until each article is a record"},
    {"glosswire send --kafka localhost:9092 --topic articles examples/articles.jsonl", "to a Kafka topic"},
};

const struct gw_command gw_command_send = {
    .name = "send",
    .summary = "feed articles of files to a glosswire, or to a Kafka topic",
    .operands = "[FILE…|-]",
    .operands_max = SIZE_MAX,
    .about =
        "Sends each article of the files, or of standard input, as it is: JSON and MessagePack untouched, "
        "text as "
        "text. A summary on stderr says what became of them.\n"
        "A plain ZeroMQ source takes articles without saying what became of them; an acked one answers each, "
        "and what is not answered is sent again to a source that has come back. When nobody takes anything, "
        "gives up after the time-out with exit code 4. Exits with 1 when an article could not be sent, or is "
        "known "
        "to have become a dead letter.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .run = run,
};
