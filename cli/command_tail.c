/* glosswire tail: records as they come, for people and for pipes. */
#include "base/log.h"
#include "cli/commands.h"
#include "cli/complaint.h"
#include "cli/output.h"
#include "cli/properties.h"
#include "cli/show_line.h"
#include "cli/tap.h"
#include "schemas/dead_letter.h"
#include "schemas/json_reader.h"
#include "schemas/json_writer.h"
#include "schemas/msgpack_reader.h"
#include "schemas/msgpack_writer.h"

#include <unistd.h>

enum { FROM, SUB, KAFKA, TOPIC, BEGINNING, INPUT, OUTPUT, COUNT, TIMEOUT, COLOR, PROPERTY, PROPERTIES };

enum form { FORM_TEXT, FORM_JSON, FORM_JSONL, FORM_MSGPACK };
static const char *const form_words[] = {"text", "json", "jsonl", "msgpack", NULL};

#define FROM_DEFAULT "tcp://127.0.0.1:5556"
#define WAIT_MS      100
#define TIMEOUT_MAX  86400

static const struct gw_option options[] = {
    [FROM] = {'f', "from", "ENDPOINT", NULL, "a ZeroMQ sink; by default " FROM_DEFAULT},
    [SUB] = {'s', "sub", "TOPIC", NULL,
             "the sink is a PUB one: subscribe to topics that begin so ('' is all)"},
    [KAFKA] = {'k', "kafka", "BROKERS", NULL, "listen to Kafka instead: host:port,host:port"},
    [TOPIC] = {'\0', "topic", "TOPIC", NULL, "the Kafka topic"},
    [BEGINNING] = {'b', "beginning", NULL, NULL, "from the beginning of the Kafka topic, not from its end"},
    [INPUT] = {'i', "input", "FORM", gw_input_words, "what the files hold"},
    [OUTPUT] = {'o', "output", "FORM", form_words, "what to write; text is one line per record"},
    [COUNT] = {'n', "count", "N", NULL, "end after N records"},
    [TIMEOUT] = {'\0', "timeout", "SECONDS", NULL, "end when nothing has come for so long"},
    [COLOR] = {'\0', "color", "WHEN", gw_color_words, "when to colour text; auto is on a terminal"},
    [PROPERTY] = GW_PROPERTY_OPTION,
    [PROPERTIES] = GW_PROPERTIES_OPTION,
};

/* A record of any size that a sink may have sent is shown. */
static const struct gw_limits limits = {
    .depth = GW_LIMIT_DEPTH_MAX, .string_bytes = SIZE_MAX, .keys = SIZE_MAX, .items = SIZE_MAX};

struct job {
    struct gw_reading reading;
    struct gw_tap *tap;
    struct gw_terminal terminal;
    struct gw_arena arena;
    struct gw_buffer out;
    enum form form;
    uint64_t wanted, seen, bad;
    int64_t timeout_ns;
    const char *from; /* for messages */
    struct gw_kafka_settings client;
    struct gw_arena properties;
};

static void write_value(struct job *job, const struct gw_value *value) {
    struct gw_writer writer;
    if (job->form == FORM_TEXT) {
        gw_show_line(value, &job->terminal, &job->out);
    } else if (job->form == FORM_MSGPACK) {
        gw_msgpack_writer_init(&writer, &job->out);
        gw_write_value(&writer, NULL, value);
    } else {
        gw_json_writer_init(&writer, &job->out, job->form == FORM_JSON ? 2 : 0);
        gw_write_value(&writer, NULL, value);
        gw_buffer_append_byte(&job->out, '\n');
    }
}

/* Of any version, since schemas only grow. */
static bool is_ours(const struct gw_value *value) {
    static const struct gw_str ours[] = {{"glosswire.record/", 17}, {"glosswire.dead_letter/", 22}};
    const struct gw_value *schema = gw_value_get(value, "schema");
    for (size_t i = 0; schema && schema->type == GW_STRING && i < sizeof ours / sizeof ours[0]; i++) {
        struct gw_str name = schema->as.bytes;
        if (name.size > ours[i].size && memcmp(name.data, ours[i].data, ours[i].size) == 0) {
            return true;
        }
    }
    return false;
}

static struct gw_value text_value(struct gw_str text) {
    return (struct gw_value){.type = GW_STRING, .as.bytes = text};
}

/* The line of a dead letter whose reason stands in headers. */
static int show_original(struct job *job, const struct gw_tapped *tapped) {
    const struct {
        const char *key;
        struct gw_str text;
    } fields[] = {{"schema", gw_str_from(GW_DEAD_LETTER_SCHEMA)},
                  {"reason", tapped->reason},
                  {"detail", tapped->detail},
                  {"position", tapped->position}};
    struct gw_pair pairs[sizeof fields / sizeof fields[0]];
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        pairs[i] = (struct gw_pair){text_value(gw_str_from(fields[i].key)), text_value(fields[i].text)};
    }
    const struct gw_value letter = {
        .type = GW_MAP, .count = sizeof fields / sizeof fields[0], .as.pairs = pairs};
    gw_buffer_clear(&job->out);
    gw_show_line(&letter, &job->terminal, &job->out);
    job->seen++;
    bool written = job->out.failed == GW_OK && gw_output_write(gw_buffer_str(&job->out));
    return written ? GW_EXIT_DONE : GW_EXIT_SYSTEM;
}

/* What is no record is told and passed over. */
static int show(struct job *job, const struct gw_tapped *tapped) {
    struct gw_value value;
    struct gw_error error;
    bool json = tapped->payload.size > 0 && tapped->payload.data[0] == '{';
    if (tapped->payload.size == 0) {
        return GW_EXIT_DONE;
    }
    if (tapped->is_original && job->form == FORM_TEXT) {
        return show_original(job, tapped);
    }
    gw_arena_reset(&job->arena);
    enum gw_status status = json ? gw_json_read(tapped->payload, &limits, &job->arena, &value, &error)
                                 : gw_msgpack_read(tapped->payload, &limits, &job->arena, &value, &error);
    if (status == GW_OK && !tapped->is_original && !is_ours(&value)) {
        status = gw_fail(&error, GW_BAD_VALUE, GW_NO_POSITION,
                         "this is neither a record nor a dead letter: its `schema` is none of ours");
    }
    if (status != GW_OK) {
        gw_complain(tapped->path ? tapped->path : job->from,
                    tapped->path ? tapped->line : job->seen + job->bad + 1, &error, tapped->payload);
        job->bad++;
        return gw_status_fault(status) == GW_FAULT_INPUT ? GW_EXIT_DONE : GW_EXIT_SYSTEM;
    }
    gw_buffer_clear(&job->out);
    write_value(job, &value);
    job->seen++;
    bool written = job->out.failed == GW_OK && gw_output_write(gw_buffer_str(&job->out));
    return written ? GW_EXIT_DONE : GW_EXIT_SYSTEM;
}

static int end_of(const struct job *job) {
    return job->bad > 0 ? GW_EXIT_PARTLY : GW_EXIT_DONE;
}

/* Nothing came for a while. */
static int end_of_patience(const struct job *job) {
    if (job->wanted == UINT64_MAX) {
        return end_of(job);
    }
    fprintf(stderr, "glosswire tail: %s: only %llu of %llu records came in time\n", job->from,
            (unsigned long long)job->seen, (unsigned long long)job->wanted);
    return GW_EXIT_PEER;
}

static int listen(struct job *job) {
    int64_t heard_ns = gw_clock_now_ns(&gw_clock_system);
    while (job->seen < job->wanted) {
        struct gw_tapped tapped;
        struct gw_error error;
        /* Readers see everything before a pause. */
        enum gw_status status = gw_tap_next(job->tap, 0, &tapped, &error);
        if (status == GW_AGAIN) {
            if (!gw_output_flush()) {
                return GW_EXIT_SYSTEM;
            }
            status = gw_tap_next(job->tap, WAIT_MS, &tapped, &error);
        }
        int64_t now_ns = gw_clock_now_ns(&gw_clock_system);
        if (status == GW_CLOSED) {
            break;
        }
        if (status == GW_OK) {
            int code = show(job, &tapped);
            if (code != GW_EXIT_DONE) {
                return code;
            }
            heard_ns = now_ns;
        } else if (status != GW_AGAIN) {
            fprintf(stderr, "glosswire tail: %s\n", error.detail);
            return gw_status_fault(status) == GW_FAULT_PEER ? GW_EXIT_PEER : GW_EXIT_SYSTEM;
        } else if (job->timeout_ns > 0 && now_ns - heard_ns > job->timeout_ns) {
            return end_of_patience(job);
        }
    }
    return end_of(job);
}

static int open_tap(struct job *job, const struct gw_arguments *arguments) {
    struct gw_error error;
    enum gw_status status;
    if (arguments->operand_count > 0) {
        int code = gw_reading_open(&job->reading, arguments,
                                   (enum gw_file_format)gw_option_word(arguments, INPUT, GW_FILE_AUTO),
                                   GW_LIMIT_MESSAGE_BYTES_MAX);
        if (code != GW_EXIT_DONE) {
            return code;
        }
        status = gw_tap_open_files(&job->reading, &job->tap, &error);
    } else if (gw_option_given(arguments, KAFKA)) {
        int code = gw_properties_read(arguments, PROPERTIES, &job->properties, &job->client, stderr);
        if (code != GW_EXIT_DONE) {
            return code;
        }
        job->from = gw_option_value(arguments, TOPIC, NULL);
        job->client.brokers = gw_option_value(arguments, KAFKA, NULL);
        status = gw_tap_open_kafka(&job->client, job->from, gw_option_given(arguments, BEGINNING), &job->tap,
                                   &error);
    } else {
        job->from = gw_option_value(arguments, FROM, FROM_DEFAULT);
        status = gw_tap_open_zeromq(job->from, gw_option_value(arguments, SUB, NULL), &job->tap, &error);
    }
    if (status != GW_OK) {
        fprintf(stderr, "glosswire tail: %s\n", error.detail);
        return GW_EXIT_CANNOT_START;
    }
    return GW_EXIT_DONE;
}

static int run(const struct gw_arguments *arguments) {
    struct job job = {.form = (enum form)gw_option_word(arguments, OUTPUT, FORM_TEXT),
                      .wanted = UINT64_MAX,
                      .from = "the files"};
    uint64_t seconds = 0;
    if (!gw_option_number(arguments, COUNT, 1, UINT64_MAX - 1, &job.wanted, stderr) ||
        !gw_option_number(arguments, TIMEOUT, 1, TIMEOUT_MAX, &seconds, stderr)) {
        return GW_EXIT_USAGE;
    }
    if (gw_option_given(arguments, KAFKA) != gw_option_given(arguments, TOPIC)) {
        fputs("glosswire tail: --kafka and --topic go together\n", stderr);
        return GW_EXIT_USAGE;
    }
    if (job.form == FORM_MSGPACK && isatty(STDOUT_FILENO)) {
        fputs("glosswire tail: MessagePack is not for a terminal; write it to a file with > FILE\n", stderr);
        return GW_EXIT_USAGE;
    }
    gw_log_init(GW_LOG_ERROR, GW_LOG_LOGFMT, "tail", -1);
    job.timeout_ns = (int64_t)seconds * GW_NS_PER_S;
    job.terminal = gw_terminal_detect((enum gw_color)gw_option_word(arguments, COLOR, GW_COLOR_AUTO));
    gw_arena_init(&job.arena, &gw_allocator_system, SIZE_MAX);
    gw_arena_init(&job.properties, &gw_allocator_system, SIZE_MAX);
    gw_buffer_init(&job.out, &gw_allocator_system, SIZE_MAX);
    int code = open_tap(&job, arguments);
    if (code == GW_EXIT_DONE) {
        code = listen(&job);
    }
    gw_tap_close(job.tap);
    gw_reading_close(&job.reading);
    gw_buffer_free(&job.out);
    gw_arena_free(&job.properties);
    gw_arena_free(&job.arena);
    return code;
}

static const struct gw_example examples[] = {
    {"glosswire tail", "watch a `glosswire run` without a configuration: one line per record"},
    {"glosswire tail --output json -n 1", "one record, whole"},
    {"glosswire tail --kafka localhost:9092 --topic records --beginning", "all records of a Kafka topic"},
    {"glosswire tail --output jsonl records.msgpack > records.jsonl", "records of a file in their JSON form"},
};

const struct gw_command gw_command_tail = {
    .name = "tail",
    .summary = "show records as they are published",
    .operands = "[FILE…]",
    .operands_max = SIZE_MAX,
    .about =
        "Listens to a ZeroMQ sink, to a Kafka topic, or reads files, and decodes each record: one line "
        "with id, "
        "language, score and names, or the whole of it. Dead letters are shown with their reason; in other "
        "forms those of a Kafka topic are the originals themselves. What is neither is told, and the exit "
        "code is 1.\n"
        "On a PUSH sink it is one of the consumers: what it shows, others do not get. A PUB sink "
        "(--sub) and a Kafka "
        "topic give each listener everything.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .examples = examples,
    .example_count = sizeof examples / sizeof examples[0],
    .run = run,
};
