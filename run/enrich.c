/* One message after the other through decoder, annotator and encoder, in memory that is reused. */
#include "run/enrich.h"

#include "run/memory_split.h"
#include "run/poison.h"
#include "run/shedding.h"
#include "run/template.h"

#include <stdlib.h>

#define PROGRAM "glosswire/" GW_VERSION

/* A record's buffer that grew beyond this is given back before the next message. */
#define RECORD_KEEP   ((size_t)4 << 20)
#define TOPIC_MAX     ((size_t)4096)
#define KEY_MAX       ((size_t)64 << 10)
#define CE_SOURCE_MAX 192

#define TYPE_MSGPACK "application/vnd.msgpack"
#define TYPE_JSON    "application/json"
#define TYPE_TEXT    "text/plain"
#define TYPE_HTML    "text/html"

/* Stands in topics for what an article does not say. */
#define ABSENT_IN_TOPIC "unknown"

/* Hands on to another allocator and remembers when that one failed: an arena that is at its limit means a
 * large article, but memory that the system does not give is no article's fault. */
struct watched_allocator {
    struct gw_allocator inner;
    bool failed;
};

struct gw_enricher {
    struct gw_enrich_settings settings;
    struct gw_record_context context;
    struct gw_annotate_options annotate;
    struct watched_allocator watched;
    struct gw_arena arena;
    struct gw_buffer payload, topic, key;
    struct gw_article article;
    struct gw_annotation annotation;
    char position[GW_POSITION_TEXT_MAX];
    char record_id[GW_HASH_HEX_SIZE];
    char config_hash[GW_HASH_HEX_SIZE];
    char ce_source[CE_SOURCE_MAX];
    struct gw_error reason; /* of the last dead letter */
};

static void *watched_allocate(void *context, size_t size) {
    struct watched_allocator *watched = context;
    void *memory = watched->inner.allocate(watched->inner.context, size);
    watched->failed = watched->failed || !memory;
    return memory;
}

static void watched_release(void *context, void *memory, size_t size) {
    struct watched_allocator *watched = context;
    watched->inner.release(watched->inner.context, memory, size);
}

const char *gw_enrich_stage_name(enum gw_enrich_stage stage) {
    if (stage == GW_ENRICH_DECODE || stage == GW_ENRICH_ENCODE) {
        return stage == GW_ENRICH_DECODE ? "decode" : "encode";
    }
    return gw_annotate_stage_name((enum gw_annotate_stage)(stage - GW_ENRICH_ANNOTATE));
}

static bool has_placeholder(const char *template) {
    return template && strchr(template, '{');
}

static bool names_article(const char *template) {
    return template && gw_template_names_article(gw_str_from(template));
}

void gw_enrich_configure(struct gw_enrich_settings *settings, const struct gw_config *config,
                         const struct gw_model *model, const struct gw_gazetteer *gazetteer) {
    const struct gw_sink_config *sink = &config->sink, *letters = &config->dead_letters;
    bool to_kafka = sink->kind == GW_ENDPOINT_KAFKA;
    bool json_file = sink->kind == GW_ENDPOINT_FILE && sink->file.json_lines;
    bool json_letters = letters->kind == GW_ENDPOINT_FILE && letters->file.json_lines;
    *settings = (struct gw_enrich_settings){
        .model = model,
        .gazetteer = gazetteer,
        .limits = &config->limits,
        .instance = config->instance,
        .config_hash = config->hash,
        .offsets = config->record.offsets,
        .markers = config->record.markers,
        .leave_out_body = !config->record.body,
        .html_offsets = config->html_offsets,
        .other_languages = config->other_languages,
        .ninjs = config->record.ninjs,
        .budget = config->annotate_budget,
        .record_encoding = json_file ? GW_ENCODING_JSON : GW_ENCODING_MSGPACK,
        .letter_form = letters->kind == GW_ENDPOINT_KAFKA
                           ? GW_LETTER_KAFKA
                           : (json_letters ? GW_LETTER_JSON : GW_LETTER_MSGPACK),
        .topic = to_kafka && has_placeholder(sink->kafka.topic) ? sink->kafka.topic : NULL,
        .key = to_kafka ? sink->kafka.key : NULL,
        .record_bytes_max = config->record_bytes,
        .letter_payload_max = SIZE_MAX,
        .memory_bytes = gw_memory_share(config->memory_bytes, GW_MEMORY_ARENA),
    };
    settings->passes_tombstones =
        to_kafka && !names_article(settings->topic) && !names_article(settings->key);
}

static void hand_on_stage(void *context, enum gw_annotate_stage ended) {
    const struct gw_enricher *enricher = context;
    enricher->settings.observe(enricher->settings.observe_context,
                               (enum gw_enrich_stage)(GW_ENRICH_ANNOTATE + (int)ended));
}

static void observe(const struct gw_enricher *enricher, enum gw_enrich_stage ended) {
    if (enricher->settings.observe) {
        enricher->settings.observe(enricher->settings.observe_context, ended);
    }
}

static enum gw_status check_templates(const struct gw_enrich_settings *settings, struct gw_error *error) {
    const char *const templates[] = {settings->topic, settings->key};
    for (size_t i = 0; i < sizeof templates / sizeof templates[0]; i++) {
        const char *wrong = templates[i] ? gw_template_check(gw_str_from(templates[i])) : NULL;
        if (wrong) {
            return gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION, "\"%s\": %s", templates[i], wrong);
        }
    }
    return GW_OK;
}

/* What affects records: the configuration's keys, and the names of the user's own. */
static void hash_config(struct gw_enricher *enricher) {
    const struct gw_enrich_settings *settings = &enricher->settings;
    const struct gw_str parts[] = {gw_str_from(settings->config_hash),
                                   gw_str_from(gw_gazetteer_hash(settings->gazetteer))};
    if (settings->gazetteer) {
        gw_hash128_hex(gw_hash128_parts(parts, sizeof parts / sizeof parts[0]), enricher->config_hash);
    } else {
        snprintf(enricher->config_hash, sizeof enricher->config_hash, "%s", settings->config_hash);
    }
}

static void init_contexts(struct gw_enricher *enricher) {
    const struct gw_enrich_settings *settings = &enricher->settings;
    hash_config(enricher);
    enricher->context = (struct gw_record_context){
        .program = GW_STR(PROGRAM),
        .model = gw_model_name(settings->model),
        .model_hash = gw_model_hash(settings->model),
        .config_hash = gw_str_from(enricher->config_hash),
        .offsets = settings->offsets,
        .leave_out_body = settings->leave_out_body,
        .ninjs = settings->ninjs,
    };
    enricher->annotate = (struct gw_annotate_options){
        .limits = settings->limits,
        .gazetteer = gw_gazetteer_names(settings->gazetteer),
        .markers = settings->markers,
        .html_offsets = settings->html_offsets,
        .other_languages = settings->other_languages,
        .budget = settings->budget,
        .observe = settings->observe ? hand_on_stage : NULL,
        .observe_context = enricher,
    };
    snprintf(enricher->ce_source, sizeof enricher->ce_source, "glosswire/%s", settings->instance);
}

enum gw_status gw_enricher_open(const struct gw_enrich_settings *settings, struct gw_enricher **enricher,
                                struct gw_error *error) {
    enum gw_status status = check_templates(settings, error);
    if (status != GW_OK) {
        return status;
    }
    const struct gw_allocator *allocator = settings->allocator ? settings->allocator : &gw_allocator_system;
    struct gw_enricher *new = allocator->allocate(allocator->context, sizeof *new);
    if (!new) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for the enricher");
    }
    memset(new, 0, sizeof *new);
    new->settings = *settings;
    new->watched.inner = *allocator;
    const struct gw_allocator watched = {watched_allocate, watched_release, &new->watched};
    gw_arena_init(&new->arena, &watched, settings->memory_bytes);
    gw_buffer_init(&new->payload, &watched, settings->record_bytes_max);
    gw_buffer_init(&new->topic, &watched, TOPIC_MAX);
    gw_buffer_init(&new->key, &watched, KEY_MAX);
    init_contexts(new);
    *enricher = new;
    return GW_OK;
}

void gw_enricher_close(struct gw_enricher *enricher) {
    if (enricher) {
        const struct gw_allocator allocator = enricher->watched.inner;
        gw_arena_free(&enricher->arena);
        gw_buffer_free(&enricher->payload);
        gw_buffer_free(&enricher->topic);
        gw_buffer_free(&enricher->key);
        allocator.release(allocator.context, enricher, sizeof *enricher);
    }
}

/* Ready for a message; nothing of the last one is left. */
static void begin(struct gw_enricher *enricher, const struct gw_message *message, struct gw_enriched *out) {
    gw_arena_reset(&enricher->arena);
    if (enricher->payload.capacity > RECORD_KEEP) {
        gw_buffer_free(&enricher->payload);
    }
    enricher->payload.limit = enricher->settings.record_bytes_max;
    gw_buffer_clear(&enricher->payload);
    gw_buffer_clear(&enricher->topic);
    gw_buffer_clear(&enricher->key);
    enricher->watched.failed = false;
    gw_position_format(&message->position, enricher->position);
    *out = (struct gw_enriched){.reason = GW_OK, .detail = "", .error_position = GW_NO_POSITION};
    out->outgoing.position = message->position;
}

static struct gw_str type_of(enum gw_encoding encoding) {
    return encoding == GW_ENCODING_JSON ? GW_STR(TYPE_JSON) : GW_STR(TYPE_MSGPACK);
}

static enum gw_status no_memory(struct gw_error *error) {
    return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for an article");
}

/* The media type without its parameters. */
static struct gw_str media_type(struct gw_headers headers) {
    const struct gw_header *header = gw_headers_find(headers, GW_HEADER_CONTENT_TYPE);
    struct gw_str type = header ? header->value : (struct gw_str){0};
    const char *end = type.size > 0 ? memchr(type.data, ';', type.size) : NULL;
    return end ? gw_str_sub(type, 0, (size_t)(end - type.data)) : type;
}

static enum gw_status decode(struct gw_enricher *enricher, const struct gw_message *message) {
    struct gw_str type = media_type(message->headers);
    bool html = gw_str_is(type, TYPE_HTML);
    if (html || gw_str_is(type, TYPE_TEXT)) {
        enum gw_status status = gw_article_from_text(message->payload, enricher->settings.limits,
                                                     &enricher->arena, &enricher->article, &enricher->reason);
        enricher->article.content_type = html ? GW_STR(TYPE_HTML) : (struct gw_str){0};
        return status;
    }
    const struct gw_article_options options = {.limits = enricher->settings.limits,
                                               .offsets = enricher->settings.offsets,
                                               .format = gw_article_format_of(type)};
    return gw_article_decode(message->payload, &options, &enricher->arena, &enricher->article,
                             &enricher->reason);
}

/* The last letter's headers and our own; `incoming` may be empty. */
static enum gw_status build_headers(struct gw_enricher *enricher, const struct gw_headers_parts *parts,
                                    struct gw_enriched *out, struct gw_error *error) {
    enum gw_status status = gw_headers_build(parts, &enricher->arena, &out->outgoing.headers);
    return status == GW_OK ? GW_OK : no_memory(error);
}

static struct gw_str first_bytes(struct gw_str s, size_t most) {
    return s.data ? gw_str_sub(s, 0, s.size < most ? s.size : most) : s;
}

/* Hash and size of a payload that the source has cut already are those of what is left, and the size's as the
 * source says. */
static void describe(struct gw_enricher *enricher, const struct gw_message *message, enum gw_stage stage,
                     enum gw_letter_size size, struct gw_dead_letter *letter) {
    bool minimal = size == GW_LETTER_MINIMAL;
    *letter = (struct gw_dead_letter){
        .reason = enricher->reason.status,
        .stage = stage,
        .detail = minimal ? (struct gw_str){0} : gw_str_from(enricher->reason.detail),
        .position = gw_str_from(enricher->position),
        .program = GW_STR(PROGRAM),
        .payload = message->payload,
        .key = minimal ? (struct gw_str){0} : message->key,
        .headers = minimal ? (struct gw_headers){0} : message->headers,
        .size = message->full_size,
        .hash = gw_hash128(message->payload),
        .cut = message->full_size > message->payload.size,
    };
    gw_dead_letter_cut(letter, size == GW_LETTER_WHOLE ? enricher->settings.letter_payload_max
                                                       : GW_DEAD_LETTER_CUT_BYTES);
    if (minimal && letter->payload.size > GW_LETTER_MINIMAL_BYTES) {
        letter->payload = first_bytes(letter->payload, GW_LETTER_MINIMAL_BYTES);
        letter->cut = true;
    }
}

static enum gw_status write_letter(struct gw_enricher *enricher, const struct gw_dead_letter *letter,
                                   struct gw_enriched *out, struct gw_error *error) {
    struct gw_headers_parts parts = {.incoming = letter->headers};
    if (gw_dead_letter_headers(letter, &enricher->arena, &parts.more) != GW_OK) {
        return no_memory(error);
    }
    out->outgoing.key = letter->key;
    out->outgoing.payload = letter->payload;
    if (enricher->settings.letter_form != GW_LETTER_KAFKA) {
        enum gw_encoding encoding =
            enricher->settings.letter_form == GW_LETTER_JSON ? GW_ENCODING_JSON : GW_ENCODING_MSGPACK;
        enum gw_status status = gw_dead_letter_encode(letter, encoding, &enricher->payload, error);
        if (status != GW_OK) {
            return status;
        }
        out->outgoing.payload = gw_buffer_str(&enricher->payload);
        parts.content_type = type_of(encoding);
        parts.ce_type = GW_STR(GW_DEAD_LETTER_CE_TYPE);
        parts.ce_id = gw_str_from(enricher->position);
        parts.ce_source = gw_str_from(enricher->ce_source);
    }
    return build_headers(enricher, &parts, out, error);
}

/* `enricher->reason` says why. What an article left in the arena makes room first. */
static enum gw_status make_letter(struct gw_enricher *enricher, const struct gw_message *message,
                                  enum gw_stage stage, enum gw_letter_size size, struct gw_enriched *out,
                                  struct gw_error *error) {
    struct gw_dead_letter letter;
    begin(enricher, message, out);
    enricher->payload.limit = SIZE_MAX;
    out->outcome = GW_OUTCOME_DEAD_LETTER;
    out->outgoing.outlet = GW_OUTLET_DEAD_LETTERS;
    out->reason = enricher->reason.status;
    out->detail = enricher->reason.detail;
    out->error_position = enricher->reason.position;
    out->stage = stage;
    describe(enricher, message, stage, size, &letter);
    return write_letter(enricher, &letter, out, error);
}

enum gw_status gw_enrich_dead_letter(struct gw_enricher *enricher, const struct gw_message *message,
                                     enum gw_status reason, enum gw_stage stage, enum gw_letter_size size,
                                     struct gw_enriched *out, struct gw_error *error) {
    gw_fail(&enricher->reason, reason, GW_NO_POSITION, "%s", gw_status_text(reason));
    return make_letter(enricher, message, stage, size, out, error);
}

/* What a failed step means: the system's failure is ours, an arena at its limit is the article's. */
static enum gw_status give_up(struct gw_enricher *enricher, const struct gw_message *message,
                              enum gw_status status, enum gw_stage stage, struct gw_enriched *out,
                              struct gw_error *error) {
    if (status == GW_NO_MEMORY && !enricher->watched.failed) {
        gw_fail(&enricher->reason, GW_TOO_LARGE, GW_NO_POSITION,
                "the article needs more than %zu bytes while it is annotated (a share of `memory`)",
                enricher->settings.memory_bytes);
    } else if (gw_status_fault(status) != GW_FAULT_INPUT) {
        return gw_fail(error, status, GW_NO_POSITION, "%s", enricher->reason.detail);
    }
    return make_letter(enricher, message, stage, GW_LETTER_WHOLE, out, error);
}

static enum gw_status refuse(struct gw_enricher *enricher, const struct gw_message *message,
                             enum gw_status why, struct gw_enriched *out, struct gw_error *error) {
    if (why == GW_TOO_LARGE) {
        gw_fail(&enricher->reason, why, GW_NO_POSITION, "%llu bytes are more than limits.message_bytes, %zu",
                (unsigned long long)message->full_size, enricher->settings.limits->message_bytes);
    } else {
        gw_fail(&enricher->reason, why, GW_NO_POSITION, "%s", gw_status_text(why));
    }
    return make_letter(enricher, message, GW_STAGE_DECODE, GW_LETTER_WHOLE, out, error);
}

static struct gw_template_values template_values(const struct gw_enricher *enricher,
                                                 const struct gw_message *message) {
    struct gw_str found = enricher->annotation.language;
    bool has_topic = message->position.kind == GW_POSITION_KAFKA;
    return (struct gw_template_values){.topic = has_topic ? message->position.name : (struct gw_str){NULL, 0},
                                       .key = message->key,
                                       .id = enricher->article.id,
                                       .source = enricher->article.source,
                                       .language = found.data ? found : enricher->article.language};
}

/* A template that names what the article lacks would put many articles on one key; the usual key is better.
 */
static enum gw_status address(struct gw_enricher *enricher, const struct gw_message *message,
                              struct gw_outgoing *outgoing) {
    const struct gw_enrich_settings *settings = &enricher->settings;
    const struct gw_template_values values = template_values(enricher, message);
    outgoing->key = message->key.data ? message->key : enricher->article.id;
    if (settings->key && !gw_template_lacks(gw_str_from(settings->key), &values)) {
        gw_template_render(gw_str_from(settings->key), &values, (struct gw_str){0}, &enricher->key);
        outgoing->key = gw_buffer_str(&enricher->key);
    }
    if (settings->topic) {
        gw_template_render(gw_str_from(settings->topic), &values, GW_STR(ABSENT_IN_TOPIC), &enricher->topic);
        gw_template_legalise_topic(&enricher->topic);
        outgoing->topic = gw_buffer_str(&enricher->topic);
    }
    enum gw_status status = enricher->key.failed != GW_OK ? enricher->key.failed : enricher->topic.failed;
    return status == GW_OK ? GW_OK
                           : gw_fail(&enricher->reason, status, GW_NO_POSITION,
                                     "the topic or key that the template makes of this article is too long");
}

static enum gw_status skip_tombstone(struct gw_enricher *enricher, const struct gw_message *message,
                                     struct gw_enriched *out, struct gw_error *error) {
    static const struct gw_header skipped = {{GW_HEADER_SKIPPED, sizeof GW_HEADER_SKIPPED - 1},
                                             {"tombstone", 9}};
    bool passes = enricher->settings.passes_tombstones;
    struct gw_headers_parts parts = {.position = gw_str_from(enricher->position), .more = {&skipped, 1}};
    if (passes) {
        parts.incoming = message->headers;
    }
    out->outcome = GW_OUTCOME_SKIPPED;
    out->outgoing.outlet = passes ? GW_OUTLET_RECORDS : GW_OUTLET_DEAD_LETTERS;
    out->outgoing.key = message->key;
    if (passes && address(enricher, message, &out->outgoing) != GW_OK) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "%s", enricher->reason.detail);
    }
    return build_headers(enricher, &parts, out, error);
}

static enum gw_status finish_record(struct gw_enricher *enricher, const struct gw_message *message,
                                    const struct gw_record *record, struct gw_enriched *out) {
    gw_record_id(record, enricher->record_id);
    const struct gw_header id = {gw_str_from(GW_HEADER_RECORD_ID), gw_str_from(enricher->record_id)};
    const struct gw_headers_parts parts = {.incoming = message->headers,
                                           .position = gw_str_from(enricher->position),
                                           .content_type = type_of(enricher->settings.record_encoding),
                                           .ce_type = GW_STR(GW_RECORD_CE_TYPE),
                                           .ce_id = gw_str_from(enricher->record_id),
                                           .ce_source = gw_str_from(enricher->ce_source),
                                           .ce_subject = enricher->article.id,
                                           .more = {&id, 1}};
    out->outcome = GW_OUTCOME_RECORD;
    out->outgoing.outlet = GW_OUTLET_RECORDS;
    out->outgoing.payload = gw_buffer_str(&enricher->payload);
    out->article = &enricher->article;
    out->annotation = &enricher->annotation;
    enum gw_status status = address(enricher, message, &out->outgoing);
    return status == GW_OK ? build_headers(enricher, &parts, out, &enricher->reason) : status;
}

/* What is too large is made smaller, by what the limit alone decides: the same article always loses the same.
 */
static enum gw_status encode(struct gw_enricher *enricher) {
    struct gw_record_context context = enricher->context;
    const struct gw_record record = {&context, &enricher->article, &enricher->annotation};
    enum gw_status status;
    for (int step = 0;; step++) {
        status = gw_record_encode(&record, enricher->settings.record_encoding, &enricher->arena,
                                  &enricher->payload, &enricher->reason);
        if (status != GW_OUTPUT_TOO_LARGE || step == GW_SHED_COUNT) {
            return status;
        }
        gw_shed((enum gw_shedding)step, &context, &enricher->article, &enricher->annotation);
    }
}

/* The record's article is the text of its HTML, when spans point into that. */
static void take_stripped(struct gw_enricher *enricher) {
    if (enricher->annotation.stripped_body.data) {
        enricher->article.body = enricher->annotation.stripped_body;
        enricher->article.targets = enricher->annotation.stripped_targets;
        enricher->article.content_type = GW_STR("text/plain");
    }
}

static enum gw_status make_record(struct gw_enricher *enricher, const struct gw_message *message,
                                  struct gw_enriched *out, struct gw_error *error) {
    const struct gw_record record = {&enricher->context, &enricher->article, &enricher->annotation};
    enum gw_status status = decode(enricher, message);
    if (status != GW_OK) {
        return give_up(enricher, message, status, GW_STAGE_DECODE, out, error);
    }
    observe(enricher, GW_ENRICH_DECODE);
    gw_poison_take(enricher->article.id);
    status = gw_annotate(enricher->settings.model, &enricher->annotate, &enricher->article, &enricher->arena,
                         &enricher->annotation, &enricher->reason);
    if (status != GW_OK) {
        return give_up(enricher, message, status, GW_STAGE_ANNOTATE, out, error);
    }
    take_stripped(enricher);
    status = encode(enricher);
    if (status == GW_OK) {
        status = finish_record(enricher, message, &record, out);
    }
    if (status != GW_OK) {
        return give_up(enricher, message, status, GW_STAGE_ENCODE, out, error);
    }
    observe(enricher, GW_ENRICH_ENCODE);
    return GW_OK;
}

enum gw_status gw_enrich(struct gw_enricher *enricher, const struct gw_message *message,
                         struct gw_enriched *out, struct gw_error *error) {
    begin(enricher, message, out);
    if (message->refused != GW_OK) {
        return refuse(enricher, message, message->refused, out, error);
    }
    if (message->payload.data) {
        return make_record(enricher, message, out, error);
    }
    return message->key.data ? skip_tombstone(enricher, message, out, error)
                             : refuse(enricher, message, GW_EMPTY, out, error);
}
