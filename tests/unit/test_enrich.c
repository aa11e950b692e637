/* run/enrich.h: what one message becomes. */
#include "run/enrich.h"
#include "unit/failing_allocator.h"
#include "unit/unit.h"

#include <stdlib.h>

static struct gw_model *model;
static struct gw_enrich_settings settings;
static struct gw_enricher *enricher;
static struct gw_enriched out;

static int open_model(void **state) {
    (void)state;
    return gw_model_open(GW_SOURCE_DIR "/models/en-news.gwm", &model, NULL) == GW_OK ? 0 : -1;
}

static int close_model(void **state) {
    (void)state;
    gw_model_close(model);
    return 0;
}

static int setup(void **state) {
    (void)state;
    settings = (struct gw_enrich_settings){.model = model,
                                           .limits = &gw_limits_default,
                                           .instance = "test-1",
                                           .config_hash = "0123",
                                           .budget = GW_ANNOTATE_BUDGET_DEFAULT,
                                           .record_encoding = GW_ENCODING_JSON,
                                           .letter_form = GW_LETTER_JSON,
                                           .record_bytes_max = 1 << 20,
                                           .letter_payload_max = SIZE_MAX,
                                           .memory_bytes = 8 << 20};
    enricher = NULL;
    return 0;
}

static int teardown(void **state) {
    (void)state;
    gw_enricher_close(enricher);
    return 0;
}

static struct gw_message message_of(const char *payload) {
    struct gw_message message = {.payload = gw_str_from(payload),
                                 .position = {GW_POSITION_KAFKA, GW_STR("news"), 3, 42},
                                 .timestamp_ms = -1};
    message.full_size = message.payload.size;
    return message;
}

static void enrich(const struct gw_message *message) {
    struct gw_error error = {.status = GW_OK};
    if (!enricher) {
        assert_int_equal(gw_enricher_open(&settings, &enricher, &error), GW_OK);
    }
    assert_int_equal(gw_enrich(enricher, message, &out, &error), GW_OK);
}

static void assert_header(const char *name, const char *value) {
    const struct gw_header *header = gw_headers_find(out.outgoing.headers, name);
    if (!value) {
        assert_null(header);
        return;
    }
    assert_non_null(header);
    assert_true(gw_str_is(header->value, value));
}

static bool payload_has(const char *text) {
    return out.outgoing.payload.data &&
           memmem(out.outgoing.payload.data, out.outgoing.payload.size, text, strlen(text));
}

#define ARTICLE                                                                                              \
    "{\"id\":\"a-1\",\"title\":\"Talks\",\"body\":\"Mara Lind praised Kenya.\",\"source\":\"wire\"}"

static void test_an_article_becomes_a_record(void **state) {
    (void)state;
    static const struct gw_header incoming[] = {{{"traceparent", 11}, {"00-1", 4}},
                                                {{"gw-position", 11}, {"old", 3}},
                                                {{"content-type", 12}, {"application/json", 16}},
                                                {{"ce_id", 5}, {"theirs", 6}}};
    struct gw_message message = message_of(ARTICLE);
    message.headers = (struct gw_headers){incoming, 4};
    settings.record_encoding = GW_ENCODING_MSGPACK;
    enrich(&message);
    assert_int_equal(out.outcome, GW_OUTCOME_RECORD);
    assert_int_equal(out.outgoing.outlet, GW_OUTLET_RECORDS);
    assert_int_equal(out.reason, GW_OK);
    assert_true(gw_str_is(out.article->id, "a-1"));
    assert_true(out.annotation->token_count > 0);
    assert_true(payload_has("glosswire.record/1"));
    assert_true(gw_str_is(out.outgoing.key, "a-1"));
    assert_null(out.outgoing.topic.data);
    assert_int_equal(out.outgoing.position.number, 42);
    assert_header("gw-position", "kafka:news/3/42");
    assert_header("content-type", "application/vnd.msgpack");
    assert_header("ce_type", "glosswire.record.v1");
    assert_header("ce_source", "glosswire/test-1");
    assert_header("ce_subject", "a-1");
    assert_header("traceparent", "00-1");
    const struct gw_header *id = gw_headers_find(out.outgoing.headers, "gw-record-id");
    assert_non_null(id);
    assert_int_equal(id->value.size, GW_HASH_HEX_SIZE - 1);
    assert_true(gw_str_eq(gw_headers_find(out.outgoing.headers, "ce_id")->value, id->value));
}

static void test_the_same_message_gives_the_same_bytes(void **state) {
    (void)state;
    struct gw_message message = message_of(ARTICLE), other = message_of("{\"body\":\"Another one.\"}");
    enrich(&message);
    size_t size = out.outgoing.payload.size;
    char *first = malloc(size);
    memcpy(first, out.outgoing.payload.data, size);
    enrich(&other);
    enrich(&message);
    assert_int_equal(out.outgoing.payload.size, size);
    assert_memory_equal(out.outgoing.payload.data, first, size);
    free(first);
}

static void test_the_inputs_key_wins_over_the_id(void **state) {
    (void)state;
    struct gw_message message = message_of(ARTICLE);
    message.key = GW_STR("k");
    enrich(&message);
    assert_true(gw_str_is(out.outgoing.key, "k"));
}

static void test_templates_make_topic_and_key(void **state) {
    (void)state;
    settings.topic = "records-{source}-{language}";
    settings.key = "{source}/{id}";
    struct gw_message message = message_of(ARTICLE);
    message.key = GW_STR("k");
    enrich(&message);
    assert_true(gw_str_is(out.outgoing.key, "wire/a-1"));
    assert_true(gw_str_is(gw_str_sub(out.outgoing.topic, 0, 13), "records-wire-"));

    struct gw_message without = message_of("{\"id\":\"a-2\",\"body\":\"x\"}");
    enrich(&without);
    assert_true(gw_str_is(out.outgoing.key, "a-2"));
    assert_true(gw_str_is(gw_str_sub(out.outgoing.topic, 0, 16), "records-unknown-"));
}

static void test_templates_name_the_messages_topic_and_key(void **state) {
    (void)state;
    settings.topic = "{topic}-records";
    settings.key = "{topic}/{key}";
    settings.passes_tombstones = true;
    struct gw_message message = message_of(ARTICLE);
    message.key = GW_STR("k");
    enrich(&message);
    assert_true(gw_str_is(out.outgoing.topic, "news-records"));
    assert_true(gw_str_is(out.outgoing.key, "news/k"));
    /* A tombstone has both, too. */
    message.payload = (struct gw_str){NULL, 0};
    enrich(&message);
    assert_int_equal(out.outcome, GW_OUTCOME_SKIPPED);
    assert_true(gw_str_is(out.outgoing.topic, "news-records"));
    assert_true(gw_str_is(out.outgoing.key, "news/k"));
    /* Only Kafka has topics. */
    message = message_of(ARTICLE);
    message.position.kind = GW_POSITION_ACKED;
    enrich(&message);
    assert_true(gw_str_is(out.outgoing.topic, "unknown-records"));
    assert_true(gw_str_is(out.outgoing.key, "a-1"));
}

static void test_a_bad_template_is_refused(void **state) {
    (void)state;
    settings.key = "{nothing}";
    struct gw_error error;
    assert_int_equal(gw_enricher_open(&settings, &enricher, &error), GW_BAD_CONFIG);
    assert_non_null(strstr(error.detail, "{nothing}"));
    enricher = NULL;
}

static void test_a_content_type_wins_over_the_first_byte(void **state) {
    (void)state;
    struct gw_header type = {{"content-type", 12}, {"application/msgpack", 19}};
    struct gw_message message = message_of(ARTICLE);
    message.headers = (struct gw_headers){&type, 1};
    enrich(&message);
    assert_int_equal(out.outcome, GW_OUTCOME_DEAD_LETTER);
    type.value = GW_STR("application/json; charset=utf-8");
    enrich(&message);
    assert_int_equal(out.outcome, GW_OUTCOME_RECORD);
}

static void test_text_is_an_articles_body(void **state) {
    (void)state;
    struct gw_header type = {{"content-type", 12}, {"text/plain; charset=utf-8", 25}};
    struct gw_message message = message_of("{not JSON} but text.");
    message.headers = (struct gw_headers){&type, 1};
    enrich(&message);
    assert_int_equal(out.outcome, GW_OUTCOME_RECORD);
    assert_true(gw_str_is(out.article->body, "{not JSON} but text."));
    assert_true(out.article->id_derived);
    type.value = GW_STR("text/html");
    enrich(&message);
    assert_int_equal(out.outcome, GW_OUTCOME_RECORD);
    assert_true(gw_str_is(out.article->content_type, "text/html"));
}

static void test_bad_input_becomes_a_dead_letter(void **state) {
    (void)state;
    static const struct {
        const char *payload;
        enum gw_status reason;
    } inputs[] = {{"", GW_EMPTY},
                  {"{\"body\":", GW_TRUNCATED},
                  {"{\"body\":3}", GW_BAD_TYPE},
                  {"{}", GW_MISSING_FIELD},
                  {"{\"body\":\"x\"} y", GW_TRAILING_BYTES},
                  {"{\"body\":\"\xff\"}", GW_BAD_UTF8}};
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
        struct gw_message message = message_of(inputs[i].payload);
        message.key = GW_STR("k");
        enrich(&message);
        assert_int_equal(out.outcome, GW_OUTCOME_DEAD_LETTER);
        assert_int_equal(out.outgoing.outlet, GW_OUTLET_DEAD_LETTERS);
        assert_int_equal(out.reason, inputs[i].reason);
        assert_int_equal(out.stage, GW_STAGE_DECODE);
        assert_true(strlen(out.detail) > 0);
        assert_null(out.article);
        assert_null(out.annotation);
        assert_true(payload_has("glosswire.dead_letter/1"));
        assert_true(payload_has(gw_status_word(inputs[i].reason)));
        assert_header("gw-reason", gw_status_word(inputs[i].reason));
        assert_header("gw-stage", "decode");
        assert_header("gw-position", "kafka:news/3/42");
        assert_header("content-type", "application/json");
        assert_header("ce_type", "glosswire.dead_letter.v1");
    }
}

static void test_kafkas_dead_letter_is_the_original_with_headers(void **state) {
    (void)state;
    static const struct gw_header incoming[] = {{{"content-type", 12}, {"application/json", 16}},
                                                {{"ce_id", 5}, {"theirs", 6}}};
    settings.letter_form = GW_LETTER_KAFKA;
    struct gw_message message = message_of("{broken");
    message.key = GW_STR("k");
    message.headers = (struct gw_headers){incoming, 2};
    enrich(&message);
    assert_int_equal(out.outcome, GW_OUTCOME_DEAD_LETTER);
    assert_true(gw_str_is(out.outgoing.payload, "{broken"));
    assert_true(gw_str_is(out.outgoing.key, "k"));
    assert_header("content-type", "application/json");
    assert_header("ce_id", "theirs");
    assert_header("ce_type", NULL);
    assert_header("gw-reason", gw_status_word(out.reason));
    assert_header("gw-program", "glosswire/" GW_VERSION);
    assert_header("gw-cut", NULL);
}

static void test_what_the_source_refused_is_a_dead_letter(void **state) {
    (void)state;
    settings.letter_form = GW_LETTER_KAFKA;
    struct gw_message message = message_of("first bytes");
    message.refused = GW_TOO_LARGE;
    message.full_size = 20 << 20;
    enrich(&message);
    assert_int_equal(out.reason, GW_TOO_LARGE);
    assert_non_null(strstr(out.detail, "20971520"));
    assert_header("gw-size", "20971520");
    assert_header("gw-cut", "true");
    message.refused = GW_PROTOCOL;
    enrich(&message);
    assert_header("gw-reason", "protocol");
}

static void test_a_large_letter_is_cut(void **state) {
    (void)state;
    size_t size = GW_DEAD_LETTER_CUT_BYTES * 2;
    char *text = malloc(size + 1);
    memset(text, '{', size);
    text[size] = '\0';
    settings.letter_form = GW_LETTER_KAFKA;
    settings.letter_payload_max = size - 1;
    struct gw_message message = message_of(text);
    message.key = GW_STR("k");
    enrich(&message);
    assert_int_equal(out.outgoing.payload.size, GW_DEAD_LETTER_CUT_BYTES);
    assert_header("gw-size", "131072");

    struct gw_error error;
    assert_int_equal(
        gw_enrich_dead_letter(enricher, &message, GW_REFUSED, GW_STAGE_PUBLISH, GW_LETTER_CUT, &out, &error),
        GW_OK);
    assert_int_equal(out.outgoing.payload.size, GW_DEAD_LETTER_CUT_BYTES);
    assert_int_equal(out.reason, GW_REFUSED);
    assert_header("gw-stage", "publish");
    assert_int_equal(gw_enrich_dead_letter(enricher, &message, GW_REFUSED, GW_STAGE_PUBLISH,
                                           GW_LETTER_MINIMAL, &out, &error),
                     GW_OK);
    assert_int_equal(out.outgoing.payload.size, GW_LETTER_MINIMAL_BYTES);
    assert_null(out.outgoing.key.data);
    assert_header("gw-position", "kafka:news/3/42");
    assert_header("gw-cut", "true");
    free(text);
}

/* Everything that can be shed. */
#define LARGE                                                                                                \
    "{\"id\":\"a-1\",\"body\":\"Mara Lind said: \\\"Kenya paid 5 million dollars on 3 May 2021, and that "   \
    "is a "                                                                                                  \
    " great success.\\\" Kenya agreed. Mara Lind praised Kenya.\",\"mine\":\"" EXTRA_TEXT "\"}"
#define EXTRA_TEXT "what nobody but the feeder knows"

static size_t count_of(const char *text) {
    size_t count = 0;
    for (const char *at = out.outgoing.payload.data;
         (at = memmem(at, out.outgoing.payload.size - (size_t)(at - out.outgoing.payload.data), text,
                      strlen(text)));
         at++) {
        count++;
    }
    return count;
}

static void enrich_within(size_t limit, const struct gw_message *message) {
    gw_enricher_close(enricher);
    enricher = NULL;
    settings.record_bytes_max = limit;
    enrich(message);
}

/* The limit that is one byte below what came out last takes the next part away. */
static void test_a_large_record_sheds_in_order(void **state) {
    (void)state;
    static const char *const parts[] = {EXTRA_TEXT, "\"body\":\"Mara", "\"type\":\"MONEY\"", "\"cue\":"};
    struct gw_message message = message_of(LARGE);
    enrich_within(1 << 20, &message);
    assert_false(payload_has("truncated"));
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        assert_true(payload_has(parts[i]));
        enrich_within(out.outgoing.payload.size - 1, &message);
        assert_int_equal(out.outcome, GW_OUTCOME_RECORD);
        assert_true(payload_has("\"truncated\""));
        assert_false(payload_has(parts[i]));
        for (size_t j = i + 1; j < sizeof parts / sizeof parts[0]; j++) {
            assert_true(payload_has(parts[j]));
        }
    }
    assert_true(count_of("\"text\":\"Kenya\"") > 1);
    size_t markers = out.annotation->marker_count;
    assert_true(markers > 0);
    enrich_within(out.outgoing.payload.size - 1, &message);
    assert_int_equal(out.outcome, GW_OUTCOME_RECORD);
    assert_int_equal(count_of("\"text\":\"Kenya\""), 1);
    assert_int_equal(out.annotation->marker_count, markers);
    enrich_within(out.outgoing.payload.size - 1, &message);
    assert_int_equal(out.outcome, GW_OUTCOME_DEAD_LETTER);
    assert_int_equal(out.reason, GW_OUTPUT_TOO_LARGE);
    assert_true(payload_has(EXTRA_TEXT));
}

static void test_what_is_shed_depends_on_the_limit_alone(void **state) {
    (void)state;
    struct gw_message message = message_of(LARGE), other = message_of(ARTICLE);
    enrich_within(1 << 20, &message);
    size_t limit = out.outgoing.payload.size - 1;
    enrich_within(limit, &message);
    size_t size = out.outgoing.payload.size;
    char *first = malloc(size);
    assert_non_null(first);
    memcpy(first, out.outgoing.payload.data, size);
    enrich(&other);
    assert_true(payload_has("\"body\":\"Mara Lind praised"));
    enrich(&message);
    assert_true(gw_str_eq(out.outgoing.payload, (struct gw_str){first, size}));
    free(first);
}

static void test_a_record_above_the_limit_is_a_dead_letter(void **state) {
    (void)state;
    settings.record_bytes_max = 200;
    struct gw_message message = message_of(ARTICLE);
    enrich(&message);
    assert_int_equal(out.outcome, GW_OUTCOME_DEAD_LETTER);
    assert_int_equal(out.reason, GW_OUTPUT_TOO_LARGE);
    assert_int_equal(out.stage, GW_STAGE_ENCODE);
    assert_true(payload_has("Mara Lind"));
}

static void test_an_article_beyond_the_memory_is_a_dead_letter(void **state) {
    (void)state;
    size_t size = 1 << 20;
    char *text = malloc(size);
    int head = snprintf(text, size, "{\"body\":\"");
    for (size_t i = (size_t)head; i < size; i++) {
        text[i] = i % 5 == 0 ? ' ' : 'a';
    }
    memcpy(text + size - 3, "\"}", 3);
    settings.memory_bytes = 1 << 20;
    struct gw_message message = message_of(text), small = message_of(ARTICLE);
    enrich(&message);
    assert_int_equal(out.outcome, GW_OUTCOME_DEAD_LETTER);
    assert_int_equal(out.reason, GW_TOO_LARGE);
    assert_int_equal(out.stage, GW_STAGE_ANNOTATE);
    assert_non_null(strstr(out.detail, "`memory`"));
    enrich(&small);
    assert_int_equal(out.outcome, GW_OUTCOME_RECORD);
    free(text);
}

static void test_a_tombstone_passes_or_is_skipped(void **state) {
    (void)state;
    static const struct gw_header incoming = {{"traceparent", 11}, {"00-1", 4}};
    struct gw_message message = message_of("");
    message.payload = (struct gw_str){0};
    message.key = GW_STR("k");
    message.headers = (struct gw_headers){&incoming, 1};
    settings.passes_tombstones = true;
    enrich(&message);
    assert_int_equal(out.outcome, GW_OUTCOME_SKIPPED);
    assert_int_equal(out.outgoing.outlet, GW_OUTLET_RECORDS);
    assert_null(out.outgoing.payload.data);
    assert_true(gw_str_is(out.outgoing.key, "k"));
    assert_header("gw-skipped", "tombstone");
    assert_header("gw-position", "kafka:news/3/42");
    assert_header("traceparent", "00-1");

    gw_enricher_close(enricher);
    enricher = NULL;
    settings.passes_tombstones = false;
    enrich(&message);
    assert_int_equal(out.outcome, GW_OUTCOME_SKIPPED);
    assert_int_equal(out.outgoing.outlet, GW_OUTLET_DEAD_LETTERS);
    assert_null(out.outgoing.payload.data);
    assert_header("gw-skipped", "tombstone");
    assert_header("traceparent", NULL);
}

static void test_a_null_without_a_key_is_empty(void **state) {
    (void)state;
    struct gw_message message = message_of("");
    message.payload = (struct gw_str){0};
    enrich(&message);
    assert_int_equal(out.outcome, GW_OUTCOME_DEAD_LETTER);
    assert_int_equal(out.reason, GW_EMPTY);
}

static void note_stage(void *context, enum gw_enrich_stage ended) {
    unsigned *seen = context;
    assert_int_equal(*seen, ended);
    (*seen)++;
}

static void test_stages_are_observed_in_order(void **state) {
    (void)state;
    unsigned seen = 0;
    settings.observe = note_stage;
    settings.observe_context = &seen;
    struct gw_message message = message_of(ARTICLE);
    enrich(&message);
    assert_int_equal(seen, GW_ENRICH_STAGE_COUNT);
    assert_string_equal(gw_enrich_stage_name(GW_ENRICH_DECODE), "decode");
    assert_string_equal(gw_enrich_stage_name(GW_ENRICH_ANNOTATE), gw_annotate_stage_name(GW_STAGE_TEXT));
    assert_string_equal(gw_enrich_stage_name(GW_ENRICH_ENCODE), "encode");
}

static void test_a_config_chooses_forms(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum gw_encoding encoding;
        enum gw_letter_form form;
        bool topic, key, tombstones;
    } cases[] = {
        {"", GW_ENCODING_MSGPACK, GW_LETTER_JSON, false, false, false},
        {"sink: {kafka: {brokers: b, topic: t}}", GW_ENCODING_MSGPACK, GW_LETTER_KAFKA, false, false, true},
        {"sink: {kafka: {brokers: b, topic: 't-{language}'}}\ndead_letters: {file: {path: d, format: "
         "msgpack}}",
         GW_ENCODING_MSGPACK, GW_LETTER_MSGPACK, true, false, false},
        {"sink: {kafka: {brokers: b, topic: t, key: '{id}'}}", GW_ENCODING_MSGPACK, GW_LETTER_KAFKA, false,
         true, false},
        {"sink: {kafka: {brokers: b, topic: '{topic}-r', key: '{key}'}}\ndead_letters: {file: {path: d}}",
         GW_ENCODING_MSGPACK, GW_LETTER_JSON, true, true, true},
        {"sink: {file: {path: r}}", GW_ENCODING_JSON, GW_LETTER_JSON, false, false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gw_config *config = NULL;
        struct gw_config_errors errors;
        assert_int_equal(gw_config_load(gw_str_from(cases[i].text), NULL, &config, &errors), GW_OK);
        gw_enrich_configure(&settings, config, model, NULL);
        assert_int_equal(settings.record_encoding, cases[i].encoding);
        assert_int_equal(settings.letter_form, cases[i].form);
        assert_int_equal(settings.topic != NULL, cases[i].topic);
        assert_int_equal(settings.key != NULL, cases[i].key);
        assert_int_equal(settings.passes_tombstones, cases[i].tombstones);
        assert_true(settings.memory_bytes > 0 && settings.memory_bytes < config->memory_bytes);
        gw_config_free(config);
    }
}

/* Every allocation fails in turn: a record, a dead letter for want of nothing, or GW_NO_MEMORY. */
static void test_failing_memory_is_ours(void **state) {
    (void)state;
    static const char *const payloads[] = {ARTICLE, "{broken"};
    for (size_t i = 0; i < 2; i++) {
        bool failed = true;
        for (size_t turn = 0; failed; turn++) {
            struct failing_allocator failing = {.fail_at = turn};
            struct gw_allocator allocator = failing_allocator(&failing);
            struct gw_message message = message_of(payloads[i]);
            struct gw_error error;
            struct gw_enricher *own = NULL;
            settings.allocator = &allocator;
            settings.key = "{id}";
            settings.topic = "t-{id}";
            enum gw_status status = gw_enricher_open(&settings, &own, &error);
            if (status == GW_OK) {
                status = gw_enrich(own, &message, &out, &error);
            }
            assert_int_equal(status, failing.failed ? GW_NO_MEMORY : GW_OK);
            gw_enricher_close(own);
            assert_int_equal(failing.in_use, 0);
            failed = failing.failed;
        }
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_an_article_becomes_a_record),
        TEST(test_the_same_message_gives_the_same_bytes),
        TEST(test_the_inputs_key_wins_over_the_id),
        TEST(test_templates_make_topic_and_key),
        TEST(test_templates_name_the_messages_topic_and_key),
        TEST(test_a_large_record_sheds_in_order),
        TEST(test_what_is_shed_depends_on_the_limit_alone),
        TEST(test_a_bad_template_is_refused),
        TEST(test_a_content_type_wins_over_the_first_byte),
        TEST(test_text_is_an_articles_body),
        TEST(test_bad_input_becomes_a_dead_letter),
        TEST(test_kafkas_dead_letter_is_the_original_with_headers),
        TEST(test_what_the_source_refused_is_a_dead_letter),
        TEST(test_a_large_letter_is_cut),
        TEST(test_a_record_above_the_limit_is_a_dead_letter),
        TEST(test_an_article_beyond_the_memory_is_a_dead_letter),
        TEST(test_a_tombstone_passes_or_is_skipped),
        TEST(test_a_null_without_a_key_is_empty),
        TEST(test_stages_are_observed_in_order),
        TEST(test_a_config_chooses_forms),
        TEST(test_failing_memory_is_ours),
    };
    return cmocka_run_group_tests(tests, open_model, close_model);
}
