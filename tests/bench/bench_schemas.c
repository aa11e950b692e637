/* What decoding an article of 2.3 KB and encoding its record cost, against the design's ceilings. */
#include "base/clock.h"
#include "schemas/record.h"

#include <stdio.h>
#include <stdlib.h>

#define BODY_SIZE       2300
#define SENTENCES       18
#define ENTITIES        20
#define LINKED_ENTITIES 6
#define MENTIONS        2
#define VALUES          8
#define QUOTES          3
#define MARKERS         30
#define ROUNDS          20000
#define SAMPLES         9

/* Microseconds. */
#define ENCODE_CEILING 7.0
#define DECODE_CEILING 5.0 /* a third of all that is around the annotation */

static char body[BODY_SIZE + 1];
static struct gw_sentence sentences[SENTENCES];
static struct gw_entity entities[ENTITIES];
static struct gw_link links[1];
static struct gw_str aliases[1];
static struct gw_mention mentions[MENTIONS];
static struct gw_value_found values[VALUES];
static struct gw_quote quotes[QUOTES];
static struct gw_marker markers[MARKERS];

/* Words of five letters; one curly quote when the text is to be no ASCII. */
static void fill_body(bool ascii) {
    for (size_t i = 0; i < BODY_SIZE; i++) {
        body[i] = i % 6 == 5 ? ' ' : (char)('a' + i % 26);
    }
    if (!ascii) {
        memcpy(body + 60, "\xE2\x80\x99", 3);
    }
}

static struct gw_span span_at(size_t i, uint32_t size) {
    uint32_t start = (uint32_t)(i * 66 % (BODY_SIZE - 200)) + 66;
    return (struct gw_span){start, start + size, GW_FIELD_BODY};
}

static void fill_entities(void) {
    links[0] = (struct gw_link){
        GW_STR("iso3166-1"), GW_STR("CH"), GW_STR("Switzerland"), GW_STR("CH"), false, 0, 0, 10000};
    aliases[0] = GW_STR("Lind");
    for (size_t i = 0; i < MENTIONS; i++) {
        mentions[i] = (struct gw_mention){span_at(i, 9), (uint32_t)i, 9321};
    }
    for (size_t i = 0; i < ENTITIES; i++) {
        entities[i] = (struct gw_entity){GW_PERSON,
                                         GW_STR("Mara Lind"),
                                         aliases,
                                         i % 3 == 0,
                                         {NULL, 0},
                                         links,
                                         i < LINKED_ENTITIES,
                                         1234,
                                         mentions,
                                         MENTIONS,
                                         {-1234, GW_NEUTRAL, 5678}};
    }
}

static void fill_annotation(struct gw_annotation *annotation) {
    for (size_t i = 0; i < SENTENCES; i++) {
        sentences[i] = (struct gw_sentence){span_at(i, 120), 1234, GW_NEUTRAL, 10000, 12, 345, 20000};
    }
    for (size_t i = 0; i < VALUES; i++) {
        values[i] = (struct gw_value_found){GW_DATE, span_at(i, 9), GW_STR("2023-08-15")};
    }
    for (size_t i = 0; i < QUOTES; i++) {
        quotes[i] = (struct gw_quote){span_at(i, 80), span_at(i + 1, 4), 1};
    }
    for (size_t i = 0; i < MARKERS; i++) {
        markers[i] =
            (struct gw_marker){GW_MARKER_NEGATIVE, span_at(i, 6), -2345, false, GW_NO_INDEX, 3, GW_NO_INDEX};
    }
    fill_entities();
    *annotation = (struct gw_annotation){
        .language = GW_STR("en"),
        .sentences = sentences,
        .sentence_count = SENTENCES,
        .entities = entities,
        .entity_count = ENTITIES,
        .values = values,
        .value_count = VALUES,
        .quotes = quotes,
        .quote_count = QUOTES,
        .markers = markers,
        .marker_count = MARKERS,
        .sentiment = {123, GW_NEUTRAL, 4567, 100, 200, 3, 4, 50000},
    };
}

static const struct gw_record_context context = {{"glosswire/0.1.0", 15},
                                                 {"en-news/1", 9},
                                                 {"c0ffee00d1e2f3a4b5c6d7e8f9012345", 32},
                                                 {"0b5e7a9c3d1f24680ace13579bdf0246", 32},
                                                 GW_OFFSETS_CODEPOINT,
                                                 false,
                                                 false};

struct work {
    struct gw_record record;
    enum gw_encoding encoding;
    struct gw_str message;
    struct gw_arena arena;
    struct gw_buffer out;
};

static void encode(struct work *work) {
    gw_buffer_clear(&work->out);
    gw_arena_reset(&work->arena);
    if (gw_record_encode(&work->record, work->encoding, &work->arena, &work->out, NULL) != GW_OK) {
        exit(EXIT_FAILURE);
    }
}

static void decode(struct work *work) {
    static const struct gw_article_options options = {&gw_limits_default, GW_OFFSETS_CODEPOINT,
                                                      GW_ARTICLE_AUTO};
    struct gw_article article;
    gw_arena_reset(&work->arena);
    if (gw_article_decode(work->message, &options, &work->arena, &article, NULL) != GW_OK) {
        exit(EXIT_FAILURE);
    }
}

/* The quickest of several samples: the others were disturbed. */
static double measure(void (*run)(struct work *work), struct work *work) {
    double best = 1e9;
    for (int sample = 0; sample < SAMPLES; sample++) {
        int64_t start = gw_clock_now_ns(&gw_clock_system);
        for (int i = 0; i < ROUNDS; i++) {
            run(work);
        }
        double took = (double)(gw_clock_now_ns(&gw_clock_system) - start) / 1000.0 / ROUNDS;
        best = took < best ? took : best;
    }
    return best;
}

static void report(const char *name, double us, double ceiling, size_t bytes) {
    printf("%-28s %6.2f us  %6zu bytes  %.2f of the ceiling of %.0f us\n", name, us, bytes, us / ceiling,
           ceiling);
}

static void bench_encode(struct work *work, const char *name, enum gw_encoding encoding, bool ascii) {
    fill_body(ascii);
    work->encoding = encoding;
    double us = measure(encode, work);
    report(name, us, ENCODE_CEILING, work->out.size);
}

static void bench_decode(struct work *work, const char *name, const char *head, const char *tail) {
    gw_buffer_clear(&work->out);
    gw_buffer_append_str(&work->out, gw_str_from(head));
    gw_buffer_append(&work->out, body, BODY_SIZE);
    gw_buffer_append_str(&work->out, gw_str_from(tail));
    work->message = gw_buffer_str(&work->out);
    report(name, measure(decode, work), DECODE_CEILING, work->message.size);
}

int main(void) {
    struct gw_article article = {.id = GW_STR("a00001"),
                                 .title = GW_STR("Mara Lind praises Geneva talks"),
                                 .body = {body, BODY_SIZE},
                                 .published_at_ms = INT64_MIN};
    struct gw_annotation annotation;
    struct work work = {.record = {&context, &article, &annotation}};
    gw_arena_init(&work.arena, &gw_allocator_system, SIZE_MAX);
    gw_buffer_init(&work.out, &gw_allocator_system, SIZE_MAX);
    fill_annotation(&annotation);
    bench_encode(&work, "encode MessagePack, ASCII", GW_ENCODING_MSGPACK, true);
    bench_encode(&work, "encode MessagePack, UTF-8", GW_ENCODING_MSGPACK, false);
    bench_encode(&work, "encode JSON, UTF-8", GW_ENCODING_JSON, false);
    bench_decode(&work, "decode JSON", "{\"id\":\"a00001\",\"title\":\"Mara Lind praises talks\",\"body\":\"",
                 "\"}");
    bench_decode(&work, "decode MessagePack",
                 "\x83\xA2id\xA6"
                 "a00001\xA5title\xA5Talks\xA4"
                 "body\xDA\x08\xFC",
                 "");
    gw_arena_free(&work.arena);
    gw_buffer_free(&work.out);
    return EXIT_SUCCESS;
}
