/* The rows. Keys of one section stand together, in the order in which the reference shows them. */
#include "run/config/config_table.h"

#include "run/config/config_rules.h"

#define FIELD(member)                                                                                        \
    .offset = offsetof(struct gw_config, member), .size = sizeof(((struct gw_config *)0)->member)
#define LIST(items, count)                                                                                   \
    .offset = offsetof(struct gw_config, items), .size = sizeof(((struct gw_config *)0)->items),             \
    .count_offset = offsetof(struct gw_config, count)
#define FIRST .since = "0.1"

#define KIB       ((uint64_t)1 << 10)
#define MIB       ((uint64_t)1 << 20)
#define GIB       ((uint64_t)1 << 30)
#define SECOND_MS UINT64_C(1000)
#define HOUR_MS   (3600 * SECOND_MS)

static const struct gw_key_word delivery_words[] = {
    {"best_effort", GW_DELIVERY_BEST_EFFORT, "glosswire itself drops nothing"},
    {"at_least_once", GW_DELIVERY_AT_LEAST_ONCE, "every input yields a record or a dead letter"},
    {"exactly_once", GW_DELIVERY_EXACTLY_ONCE,
     "Kafka to Kafka in transactions: consumers of committed messages see one outcome of each input"},
    {0}};

static const struct gw_key_word source_patterns[] = {
    {"pull", GW_ZEROMQ_PULL, "feeders PUSH"},
    {"sub", GW_ZEROMQ_SUB, "a feeder PUBlishes"},
    {"acked", GW_ZEROMQ_ACKED, "feeders are told what became of each message"},
    {0}};

static const struct gw_key_word sink_patterns[] = {
    {"push", GW_ZEROMQ_PUSH, "each record to one of the consumers"},
    {"pub", GW_ZEROMQ_PUB, "every record to every consumer, numbered"},
    {"acked", GW_ZEROMQ_ACKED, "the consumer acknowledges each record"},
    {0}};

static const struct gw_key_word source_formats[] = {
    {"auto", GW_FILE_AUTO, "by the file's name, else by its first byte"},
    {"jsonl", GW_FILE_JSONL, "one JSON object per line"},
    {"json", GW_FILE_JSON, "the whole file is one JSON object"},
    {"msgpack", GW_FILE_MSGPACK, "MessagePack maps, one behind the other"},
    {"text", GW_FILE_TEXT, "the whole file is one article's body"},
    {0}};

static const struct gw_key_word sink_formats[] = {
    {"jsonl", true, "one JSON object per line"},
    {"msgpack", false, "MessagePack maps, one behind the other"},
    {0}};

static const struct gw_key_word offsets_words[] = {
    {"codepoint", GW_OFFSETS_CODEPOINT, "Unicode code points, as Python counts"},
    {"byte", GW_OFFSETS_BYTE, "bytes of UTF-8, as C, Go and Rust count"},
    {"utf16", GW_OFFSETS_UTF16, "UTF-16 units, as JavaScript and Java count"},
    {0}};

static const struct gw_key_word markers_words[] = {
    {"main", GW_MARKERS_MAIN, "weak ones are summed up in `rest`"},
    {"full", GW_MARKERS_FULL, "every one is written"},
    {0}};

static const struct gw_key_word html_offsets_words[] = {
    {"given", GW_HTML_GIVEN, "the body as it came; a span may cut tags"},
    {"stripped", GW_HTML_STRIPPED, "its text without tags, which is then the record's body"},
    {0}};

static const struct gw_key_word other_languages_words[] = {
    {"skip", GW_OTHER_LANGUAGES_SKIP,
     "their records have fingerprints, the language and the flag `language_skipped`"},
    {"annotate", GW_OTHER_LANGUAGES_ANNOTATE, "what is found as if they were English"},
    {0}};

static const struct gw_key_word level_words[] = {{"debug", GW_LOG_DEBUG, "everything"},
                                                 {"info", GW_LOG_INFO, "starts, stops and summaries"},
                                                 {"warn", GW_LOG_WARN, "what should be looked at"},
                                                 {"error", GW_LOG_ERROR, "what stops something"},
                                                 {"off", GW_LOG_OFF, "nothing"},
                                                 {0}};

static const struct gw_key_word log_formats[] = {
    {"logfmt", GW_LOG_LOGFMT, "key=value pairs"}, {"json", GW_LOG_JSON, "one JSON object per line"}, {0}};

/* What every Kafka section begins with. */
#define KAFKA_CLIENT_ROWS(section, at)                                                                       \
    {.name = section ".brokers",                                                                             \
     .type = GW_KEY_STRING,                                                                                  \
     FIELD(at.brokers),                                                                                      \
     .check = gw_rule_brokers,                                                                               \
     .flags = GW_KEY_REQUIRED,                                                                               \
     .example = "kafka-1:9092,kafka-2:9092",                                                                 \
     .doc = "Brokers to ask first, separated by commas.",                                                    \
     FIRST},                                                                                                 \
        {.name = section ".tls",                                                                             \
         .type = GW_KEY_BOOL,                                                                                \
         FIELD(at.tls),                                                                                      \
         .initial = "false",                                                                                 \
         .example = "true",                                                                                  \
         .doc = "Encrypts the connections.",                                                                 \
         FIRST},                                                                                             \
        {.name = section ".ca_file",                                                                         \
         .type = GW_KEY_PATH,                                                                                \
         FIELD(at.ca_file),                                                                                  \
         .initial_doc = "the system's authorities",                                                          \
         .example = "tls/ca.pem",                                                                            \
         .doc = "Authorities that the brokers' certificates are checked against.",                           \
         FIRST},                                                                                             \
        {.name = section ".certificate_file",                                                                \
         .type = GW_KEY_PATH,                                                                                \
         FIELD(at.certificate_file),                                                                         \
         .example = "tls/client.pem",                                                                        \
         .doc = "Our certificate, where brokers ask for one.",                                               \
         FIRST},                                                                                             \
        {.name = section ".key_file",                                                                        \
         .type = GW_KEY_PATH,                                                                                \
         FIELD(at.key_file),                                                                                 \
         .example = "tls/client.key",                                                                        \
         .doc = "Our certificate's private key.",                                                            \
         FIRST},                                                                                             \
        {.name = section ".key_password",                                                                    \
         .type = GW_KEY_SECRET,                                                                              \
         FIELD(at.key_password),                                                                             \
         .example = "${KAFKA_KEY_PASSWORD}",                                                                 \
         .doc = "What `key_file` is encrypted with.",                                                        \
         FIRST},                                                                                             \
        {.name = section ".sasl_mechanism",                                                                  \
         .type = GW_KEY_STRING,                                                                              \
         FIELD(at.sasl_mechanism),                                                                           \
         .check = gw_rule_sasl_mechanism,                                                                    \
         .example = "SCRAM-SHA-512",                                                                         \
         .doc = "How to log in: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, GSSAPI or OAUTHBEARER.",                \
         FIRST},                                                                                             \
        {.name = section ".username",                                                                        \
         .type = GW_KEY_STRING,                                                                              \
         FIELD(at.username),                                                                                 \
         .example = "glosswire",                                                                             \
         .doc = "The name to log in with.",                                                                  \
         FIRST},                                                                                             \
        {.name = section ".password",                                                                        \
         .type = GW_KEY_SECRET,                                                                              \
         FIELD(at.password),                                                                                 \
         .example = "${KAFKA_PASSWORD}",                                                                     \
         .doc = "The password to log in with.",                                                              \
         FIRST},                                                                                             \
    {                                                                                                        \
        .name = section ".properties", .type = GW_KEY_PROPERTIES, LIST(at.properties, at.property_count),    \
        .check = gw_rule_property, .example = "{linger.ms: 20}",                                             \
        .doc = "Settings of librdkafka, passed through as they are; they win over ours.", FIRST              \
    }

/* What every ZeroMQ section ends with. */
#define ZEROMQ_ENDPOINT_ROWS(section, at)                                                                    \
    {.name = section ".bind",                                                                                \
     .type = GW_KEY_STRINGS,                                                                                 \
     LIST(at.bind, at.bind_count),                                                                           \
     .check = gw_rule_zeromq_endpoint,                                                                       \
     .flags = GW_KEY_NEEDS_RESTART,                                                                          \
     .example = "[\"tcp://127.0.0.1:5555\"]",                                                                \
     .doc = "Endpoints to listen on.",                                                                       \
     FIRST},                                                                                                 \
        {.name = section ".connect",                                                                         \
         .type = GW_KEY_STRINGS,                                                                             \
         LIST(at.connect, at.connect_count),                                                                 \
         .check = gw_rule_zeromq_endpoint,                                                                   \
         .flags = GW_KEY_NEEDS_RESTART,                                                                      \
         .example = "[\"tcp://peer.example:5555\"]",                                                         \
         .doc = "Endpoints to connect to.",                                                                  \
         FIRST},                                                                                             \
        {.name = section ".high_water",                                                                      \
         .type = GW_KEY_NUMBER,                                                                              \
         FIELD(at.high_water),                                                                               \
         .initial_doc = "pull 8 to 100, by memory; sub, pub 1000; push 32; acked 256",                       \
         .min = 1,                                                                                           \
         .max = 1000000,                                                                                     \
         .flags = GW_KEY_NEEDS_RESTART,                                                                      \
         .example = "100",                                                                                   \
         .doc = "Messages that libzmq may queue for one peer, which die with it; acked sources: that a "     \
                "feeder may have without an answer.",                                                        \
         FIRST},                                                                                             \
    {                                                                                                        \
        .name = section ".linger", .type = GW_KEY_DURATION, FIELD(at.linger_ms), .initial = "5s",            \
        .max = HOUR_MS, .flags = GW_KEY_NEEDS_RESTART, .example = "30s",                                     \
        .doc = "How long a stop waits for peers to take what is queued.", FIRST                              \
    }

/* `sink` and `dead_letters` have the same form. */
#define SINK_ROWS(section, at, outlet_flags, topic_doc, path_doc, topic_example, path_example)               \
    KAFKA_CLIENT_ROWS(section ".kafka", at.kafka.client),                                                    \
        {.name = section ".kafka.topic",                                                                     \
         .type = GW_KEY_STRING,                                                                              \
         FIELD(at.kafka.topic),                                                                              \
         .initial_doc = topic_doc,                                                                           \
         .check = gw_rule_topic_template,                                                                    \
         .flags = outlet_flags,                                                                              \
         .example = topic_example,                                                                           \
         .doc = "The topic to write to; may contain the input's {topic} and {key}, and the article's {id}, " \
                "{source} and "                                                                              \
                "{language}.",                                                                               \
         FIRST},                                                                                             \
        {.name = section ".kafka.key",                                                                       \
         .type = GW_KEY_STRING,                                                                              \
         FIELD(at.kafka.key),                                                                                \
         .initial_doc = "the input's key, else the article's id",                                            \
         .check = gw_rule_key_template,                                                                      \
         .example = "\"{source}\"",                                                                          \
         .doc = "The key to write with; may contain the input's {topic} and {key}, and the article's {id}, " \
                "{source} and "                                                                              \
                "{language}.",                                                                               \
         FIRST},                                                                                             \
        {.name = section ".zeromq.pattern",                                                                  \
         .type = GW_KEY_WORD,                                                                                \
         FIELD(at.zeromq.pattern),                                                                           \
         .initial = "push",                                                                                  \
         .words = sink_patterns,                                                                             \
         .flags = GW_KEY_NEEDS_RESTART,                                                                      \
         .example = "acked",                                                                                 \
         .doc = "How consumers get records.",                                                                \
         FIRST},                                                                                             \
        {.name = section ".zeromq.topic",                                                                    \
         .type = GW_KEY_STRING,                                                                              \
         FIELD(at.zeromq.topic),                                                                             \
         .initial = topic_example,                                                                           \
         .flags = GW_KEY_NEEDS_RESTART,                                                                      \
         .example = "records",                                                                               \
         .doc = "PUB: the topic frame.",                                                                     \
         FIRST},                                                                                             \
        ZEROMQ_ENDPOINT_ROWS(section ".zeromq", at.zeromq),                                                  \
        {.name = section ".file.path",                                                                       \
         .type = GW_KEY_PATH,                                                                                \
         FIELD(at.file.path),                                                                                \
         .initial_doc = path_doc,                                                                            \
         .flags = outlet_flags,                                                                              \
         .example = path_example,                                                                            \
         .doc = "The file to append to; \"-\" is standard output.",                                          \
         FIRST},                                                                                             \
    {                                                                                                        \
        .name = section ".file.format", .type = GW_KEY_WORD, FIELD(at.file.json_lines), .initial = "jsonl",  \
        .words = sink_formats, .example = "msgpack", .doc = "How they are written.", FIRST                   \
    }

#define LIMIT_ROW(key, member, default_text, least, most, type_, text)                                       \
    {                                                                                                        \
        .name = "limits." key, .type = type_, FIELD(limits.member), .initial = default_text, .min = least,   \
        .max = most, .example = default_text, .doc = text, FIRST                                             \
    }
#define RECORD_LIMIT_ROW(key, member, default_text, most, text)                                              \
    {                                                                                                        \
        .name = "limits." key, .type = GW_KEY_NUMBER, FIELD(limits.member), .initial = default_text,         \
        .min = 1, .max = most, .flags = GW_KEY_AFFECTS_RECORDS, .example = default_text, .doc = text, FIRST  \
    }

const struct gw_config_key gw_config_keys[] = {
    {.name = "instance",
     .type = GW_KEY_STRING,
     FIELD(instance),
     .initial_doc = "the host's name",
     .check = gw_rule_instance,
     .flags = GW_KEY_NEEDS_RESTART,
     .example = "news-1",
     .doc = "This glosswire's name among others of its group; must be unique there.",
     FIRST},
    {.name = "workers",
     .type = GW_KEY_NUMBER,
     FIELD(workers),
     .initial_doc = "one per processor, at most 4; 1 for files",
     .min = 1,
     .max = GW_CONFIG_WORKERS_MAX,
     .flags = GW_KEY_NEEDS_RESTART,
     .example = "2",
     .doc = "Processes that annotate.",
     FIRST},
    {.name = "delivery",
     .type = GW_KEY_WORD,
     FIELD(delivery),
     .initial_doc = "the strongest that source and sink offer",
     .words = delivery_words,
     .example = "best_effort",
     .doc = "What is promised for each input.",
     FIRST},
    {.name = "memory",
     .type = GW_KEY_SIZE,
     FIELD(memory_bytes),
     .initial = "256MiB",
     .min = 16 * MIB,
     .max = 1024 * GIB,
     .flags = GW_KEY_NEEDS_RESTART,
     .example = "1GiB",
     .doc = "Memory of one worker, and of the hub, for messages and their annotation.",
     FIRST},
    {.name = "state_dir",
     .type = GW_KEY_PATH,
     FIELD(state_dir),
     .initial_doc = "$STATE_DIRECTORY, else /var/lib/glosswire for root, else ~/.local/state/glosswire",
     .flags = GW_KEY_NEEDS_RESTART,
     .example = "/var/lib/glosswire",
     .doc = "Where what must outlive a restart is kept. One running glosswire per folder.",
     FIRST},
    {.name = "run_dir",
     .type = GW_KEY_PATH,
     FIELD(run_dir),
     .initial_doc = "$RUNTIME_DIRECTORY, else one under /run or the temporary directory, by state_dir",
     .flags = GW_KEY_NEEDS_RESTART,
     .example = "/run/glosswire",
     .doc = "Where sockets lie that live as long as the program runs. One running glosswire per folder.",
     FIRST},
    {.name = "model",
     .type = GW_KEY_PATH,
     FIELD(model),
     .initial_doc = "en-news, found beside the program",
     .example = "models/en-news.gwm",
     .doc = "The model file.",
     FIRST},
    {.name = "gazetteers",
     .type = GW_KEY_PATHS,
     LIST(gazetteers.items, gazetteers.count),
     .example = "[desk.tsv, wikidata.tsv]",
     .doc = "Files of your own names: alias, type, id and perhaps context words, with tabs between them.",
     FIRST},
    {.name = "drain_timeout",
     .type = GW_KEY_DURATION,
     FIELD(drain_timeout_ms),
     .initial = "30s",
     .min = 100,
     .max = HOUR_MS,
     .flags = GW_KEY_NEEDS_RESTART, /* the hub keeps to it, too */
     .example = "1m",
     .doc = "How long a stop may take to finish what is in flight.",
     FIRST},

    KAFKA_CLIENT_ROWS("source.kafka", source.kafka.client),
    {.name = "source.kafka.topics",
     .type = GW_KEY_STRINGS,
     LIST(source.kafka.topics.items, source.kafka.topics.count),
     .check = gw_rule_topic,
     .flags = GW_KEY_REQUIRED,
     .example = "[articles, \"^news-.*\"]",
     .doc = "Topics to read; those that begin with ^ are patterns.",
     FIRST},
    {.name = "source.kafka.group",
     .type = GW_KEY_STRING,
     FIELD(source.kafka.group),
     .initial = "glosswire",
     .example = "glosswire-news",
     .doc = "The consumer group; instances that share it share the work.",
     FIRST},
    {.name = "source.zeromq.pattern",
     .type = GW_KEY_WORD,
     FIELD(source.zeromq.pattern),
     .initial = "pull",
     .words = source_patterns,
     .flags = GW_KEY_NEEDS_RESTART,
     .example = "acked",
     .doc = "How feeders send.",
     FIRST},
    {.name = "source.zeromq.subscribe",
     .type = GW_KEY_STRINGS,
     LIST(source.zeromq.subscribe, source.zeromq.subscribe_count),
     .initial_doc = "everything",
     .flags = GW_KEY_NEEDS_RESTART,
     .example = "[news.en]",
     .doc = "SUB: prefixes of topics to take.",
     FIRST},
    ZEROMQ_ENDPOINT_ROWS("source.zeromq", source.zeromq),
    {.name = "source.file.paths",
     .type = GW_KEY_PATHS,
     LIST(source.file.paths.items, source.file.paths.count),
     .flags = GW_KEY_REQUIRED,
     .example = "[articles.jsonl]",
     .doc = "Files to read, in this order; \"-\" is standard input.",
     FIRST},
    {.name = "source.file.format",
     .type = GW_KEY_WORD,
     FIELD(source.file.format),
     .initial = "auto",
     .words = source_formats,
     .example = "jsonl",
     .doc = "What the files hold.",
     FIRST},

    {.name = "sink.record_bytes",
     .type = GW_KEY_SIZE,
     FIELD(record_bytes),
     .initial = "64MiB",
     .min = 4 * KIB,
     .max = GIB,
     .flags = GW_KEY_AFFECTS_RECORDS,
     .example = "1000000",
     .doc =
         "The largest record. A larger one loses, in this order and until it fits, article.extra, "
         "article.body, values, quotes, and mentions of entities but the first, and is flagged `truncated`; "
         "one that is still larger becomes a dead letter.",
     FIRST},
    SINK_ROWS("sink", sink, GW_KEY_REQUIRED, NULL, NULL, "records", "records.jsonl"),
    SINK_ROWS("dead_letters", dead_letters, 0, "sink.kafka.topic with \"-dead-letters\"",
              "dead-letters.jsonl in state_dir", "dead-letters", "dead-letters.jsonl"),

    {.name = "record.offsets",
     .type = GW_KEY_WORD,
     FIELD(record.offsets),
     .initial = "codepoint",
     .words = offsets_words,
     .flags = GW_KEY_AFFECTS_RECORDS,
     .example = "utf16",
     .doc = "The unit of every span, and of the targets that articles name.",
     FIRST},
    {.name = "record.html_offsets",
     .type = GW_KEY_WORD,
     FIELD(html_offsets),
     .initial = "given",
     .words = html_offsets_words,
     .flags = GW_KEY_AFFECTS_RECORDS,
     .example = "stripped",
     .doc = "What the spans of an HTML body point into.",
     FIRST},
    {.name = "record.markers",
     .type = GW_KEY_WORD,
     FIELD(record.markers),
     .initial = "main",
     .words = markers_words,
     .flags = GW_KEY_AFFECTS_RECORDS,
     .example = "full",
     .doc = "Which markers a record names.",
     FIRST},
    {.name = "record.body",
     .type = GW_KEY_BOOL,
     FIELD(record.body),
     .initial = "true",
     .flags = GW_KEY_AFFECTS_RECORDS,
     .example = "false",
     .doc = "Whether a record carries the article's body.",
     FIRST},
    {.name = "record.ninjs",
     .type = GW_KEY_BOOL,
     FIELD(record.ninjs),
     .initial = "false",
     .flags = GW_KEY_AFFECTS_RECORDS,
     .example = "true",
     .doc = "Whether a record also lists its names as IPTC's ninjs does: people, organisations, places, "
            "subjects.",
     FIRST},

    {.name = "annotate.other_languages",
     .type = GW_KEY_WORD,
     FIELD(other_languages),
     .initial = "skip",
     .words = other_languages_words,
     .flags = GW_KEY_AFFECTS_RECORDS,
     .example = "annotate",
     .doc = "What becomes of articles in another language than English, as they say or as their words show.",
     FIRST},
    {.name = "annotate.budget",
     .type = GW_KEY_NUMBER,
     FIELD(annotate_budget),
     .initial = "20000000",
     .min = 1000,
     .max = UINT64_C(1) << 50,
     .flags = GW_KEY_AFFECTS_RECORDS,
     .example = "1000000",
     .doc = "Work units one article may cost, 80 for each word or mark; what is beyond is left out. The "
            "default is for 250,000, which fit into the default of `memory`.",
     FIRST},

    {.name = "limits.message_bytes",
     .type = GW_KEY_SIZE,
     FIELD(limits.message_bytes),
     .initial = "16MiB",
     .min = KIB,
     .max = GW_LIMIT_MESSAGE_BYTES_MAX,
     .flags = GW_KEY_NEEDS_RESTART, /* the hub keeps to it, too */
     .example = "16MiB",
     .doc = "The largest message; larger ones become dead letters.",
     FIRST},
    LIMIT_ROW("string_bytes", string_bytes, "16MiB", KIB, GW_LIMIT_MESSAGE_BYTES_MAX, GW_KEY_SIZE,
              "The longest string of a message."),
    LIMIT_ROW("depth", depth, "32", 4, 256, GW_KEY_NUMBER, "Maps and arrays inside each other."),
    LIMIT_ROW("keys", keys, "1024", 16, 1000000, GW_KEY_NUMBER, "Keys of one map."),
    LIMIT_ROW("items", items, "1048576", 64, 100000000, GW_KEY_NUMBER,
              "Values of one message, all levels together."),
    LIMIT_ROW("id_bytes", id_bytes, "1KiB", 16, 64 * KIB, GW_KEY_SIZE, "The longest id of an article."),
    LIMIT_ROW("targets", targets, "1024", 0, 1000000, GW_KEY_NUMBER, "Targets that one article may name."),
    LIMIT_ROW("authors", authors, "256", 0, 1000000, GW_KEY_NUMBER, "Authors that one article may name."),
    RECORD_LIMIT_ROW("entities", entities, "10000", 1000000, "Entities of one record."),
    RECORD_LIMIT_ROW("mentions", mentions, "100000", 10000000, "Mentions of one record."),

    {.name = "restart.min_delay",
     .type = GW_KEY_DURATION,
     FIELD(restart.min_ms),
     .initial = "200ms",
     .min = 1,
     .max = HOUR_MS,
     .example = "1s",
     .doc = "How long to wait before a process that died is started again; doubles each time.",
     FIRST},
    {.name = "restart.max_delay",
     .type = GW_KEY_DURATION,
     FIELD(restart.max_ms),
     .initial = "30s",
     .min = 1,
     .max = HOUR_MS,
     .example = "1m",
     .doc = "The longest such wait.",
     FIRST},
    {.name = "restart.healthy_after",
     .type = GW_KEY_DURATION,
     FIELD(restart.healthy_after_ms),
     .initial = "60s",
     .min = 1,
     .max = 24 * HOUR_MS,
     .example = "5m",
     .doc = "A process that ran so long begins with the shortest wait again.",
     FIRST},

    {.name = "transaction.messages",
     .type = GW_KEY_NUMBER,
     FIELD(transaction.messages),
     .initial = "5000",
     .min = 1,
     .max = 1000000,
     .example = "1000",
     .doc = "A transaction of exactly_once is committed after so many messages.",
     FIRST},
    {.name = "transaction.interval",
     .type = GW_KEY_DURATION,
     FIELD(transaction.interval_ms),
     .initial = "500ms",
     .min = 1,
     .max = 30 * SECOND_MS,
     .example = "100ms",
     .doc = "It is committed so long after its first message; consumers see records that much later.",
     FIRST},

    {.name = "watchdog.cpu",
     .type = GW_KEY_DURATION,
     FIELD(watchdog.cpu_ms),
     .initial = "30s",
     .min = 100,
     .max = HOUR_MS,
     .example = "1m",
     .doc = "Processor time that a worker may spend on one article; then it is ended, and the article is "
            "suspect.",
     FIRST},
    {.name = "watchdog.stall",
     .type = GW_KEY_DURATION,
     FIELD(watchdog.stall_ms),
     .initial = "60s",
     .min = 100,
     .max = 24 * HOUR_MS,
     .example = "5m",
     .doc = "A worker that has messages in flight, or waiting in its Kafka partitions, of which nothing gets "
            "done for so long, is called stalled.",
     FIRST},

    {.name = "admin.listen",
     .type = GW_KEY_STRING,
     FIELD(admin_listen),
     .initial = "127.0.0.1:5557",
     .check = gw_rule_admin_listen,
     .example = "0.0.0.0:9464",
     .doc = "Where metrics, health and status are shown over HTTP: an address and a port, or off.",
     FIRST},

    {.name = "log.level",
     .type = GW_KEY_WORD,
     FIELD(log.level),
     .initial = "info",
     .words = level_words,
     .example = "debug",
     .doc = "What is logged to standard error.",
     FIRST},
    {.name = "log.format",
     .type = GW_KEY_WORD,
     FIELD(log.format),
     .initial = "logfmt",
     .words = log_formats,
     .example = "json",
     .doc = "How it is written.",
     FIRST},
};
const size_t gw_config_key_count = sizeof gw_config_keys / sizeof gw_config_keys[0];
_Static_assert(sizeof gw_config_keys / sizeof gw_config_keys[0] <= GW_CONFIG_KEYS_MAX,
               "a loader keeps a line of each");

#define KIND(member, kind_) .kind = (kind_), .kind_offset = offsetof(struct gw_config, member.kind)
#define ENDPOINT_SECTIONS(section, member, heading, kafka_doc, zeromq_doc, file_doc)                         \
    {.name = section, .doc = heading},                                                                       \
        {.name = section ".kafka", KIND(member, GW_ENDPOINT_KAFKA), .doc = kafka_doc},                       \
        {.name = section ".zeromq", KIND(member, GW_ENDPOINT_ZEROMQ), .doc = zeromq_doc}, {                  \
        .name = section ".file", KIND(member, GW_ENDPOINT_FILE), .doc = file_doc                             \
    }

const struct gw_config_section gw_config_sections[] = {
    ENDPOINT_SECTIONS("source", source,
                      "Where articles come from: one of kafka, zeromq and file. Default: ZeroMQ, PULL on "
                      "tcp://127.0.0.1:5555.",
                      "Articles from Kafka topics, as a member of a consumer group.",
                      "Articles from ZeroMQ peers.", "Articles from files."),
    ENDPOINT_SECTIONS("sink", sink,
                      "Where records go: one of kafka, zeromq and file. Default: ZeroMQ, PUSH on "
                      "tcp://127.0.0.1:5556.",
                      "Records to Kafka topics.", "Records to ZeroMQ peers.", "Records to a file."),
    ENDPOINT_SECTIONS(
        "dead_letters", dead_letters,
        "Where inputs go that became no record: one of kafka, zeromq and file. Default: beside a Kafka "
        "sink's topic, else a file. What is left out here and is of the sink's kind is as there.",
        "Dead letters to a Kafka topic.", "Dead letters to ZeroMQ peers.", "Dead letters to a file."),
    {.name = "record", .doc = "What a record holds."},
    {.name = "annotate", .doc = "How much work goes into one article."},
    {.name = "limits", .doc = "What is beyond them becomes a dead letter; the last two cut a record short."},
    {.name = "restart", .doc = "How processes that died are started again."},
    {.name = "watchdog", .doc = "When a worker counts as stuck on an article, and when as stalled."},
    {.name = "transaction", .doc = "How large transactions get; only for exactly_once."},
    {.name = "admin", .doc = "Pages for Prometheus, health checks and browsers."},
    {.name = "log", .doc = "Logs, on standard error."},
};
const size_t gw_config_section_count = sizeof gw_config_sections / sizeof gw_config_sections[0];

const struct gw_config_key *gw_config_key_find(const char *name) {
    for (size_t i = 0; i < gw_config_key_count; i++) {
        if (strcmp(gw_config_keys[i].name, name) == 0) {
            return &gw_config_keys[i];
        }
    }
    return NULL;
}

const struct gw_config_section *gw_config_section_find(const char *name) {
    for (size_t i = 0; i < gw_config_section_count; i++) {
        if (strcmp(gw_config_sections[i].name, name) == 0) {
            return &gw_config_sections[i];
        }
    }
    return NULL;
}

const char *gw_key_type_doc(enum gw_key_type type) {
    static const char *const docs[GW_KEY_TYPE_COUNT] = {
        [GW_KEY_STRING] = "string",
        [GW_KEY_PATH] = "path",
        [GW_KEY_SECRET] = "secret",
        [GW_KEY_BOOL] = "true or false",
        [GW_KEY_NUMBER] = "whole number",
        [GW_KEY_SIZE] = "size",
        [GW_KEY_DURATION] = "duration",
        [GW_KEY_WORD] = "word",
        [GW_KEY_STRINGS] = "list of strings",
        [GW_KEY_PATHS] = "list of paths",
        [GW_KEY_PROPERTIES] = "map of strings",
    };
    return docs[type];
}
