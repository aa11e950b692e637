/* The made-up record that the tables' examples describe. */
#ifndef GW_TESTS_SAMPLE_RECORD_H
#define GW_TESTS_SAMPLE_RECORD_H

#include "schemas/record.h"

struct sample_record {
    struct gw_record record;
    struct gw_record_context context;
    struct gw_article article;
    struct gw_annotation annotation;
    struct gw_str authors[1];
    struct gw_pair extra[1];
    struct gw_span targets[1];
    struct gw_sentence sentences[1];
    struct gw_entity entities[1];
    struct gw_str aliases[1];
    struct gw_link links[1];
    struct gw_mention mentions[1];
    struct gw_value_found values[1];
    struct gw_quote quotes[1];
    struct gw_marker markers[1];
    struct gw_target_sentiment target_sentiments[1];
};

static inline struct gw_value sample_string(const char *text) {
    return (struct gw_value){.type = GW_STRING, .as.bytes = gw_str_from(text)};
}

static inline void sample_article(struct sample_record *s) {
    s->authors[0] = GW_STR("Jo Rivers");
    s->targets[0] = (struct gw_span){6, 10, GW_FIELD_BODY};
    s->extra[0] = (struct gw_pair){sample_string("desk"), sample_string("world")};
    s->article = (struct gw_article){
        .id = GW_STR("wire-20230815-0042"),
        .url = GW_STR("https://news.example/2023/08/15/talks"),
        .title = GW_STR("Mara Lind praises Geneva talks"),
        .body = GW_STR("Envoy Lind said on 15 August: \"A good day.\" She did not fail."),
        .source = GW_STR("Example News"),
        .language = GW_STR("en"),
        .content_type = GW_STR("text/plain"),
        .version = {.type = GW_INT, .as.integer = 2},
        .published_at = sample_string("2023-08-15T09:30:00Z"),
        .authors = s->authors,
        .author_count = 1,
        .targets = s->targets,
        .target_count = 1,
        .extra = s->extra,
        .extra_count = 1,
    };
}

static inline void sample_findings(struct sample_record *s) {
    s->sentences[0] = (struct gw_sentence){{0, 43, GW_FIELD_BODY}, 4706, GW_POSITIVE, 10000, 0, 0, 15000};
    s->aliases[0] = GW_STR("Lind");
    s->links[0] = (struct gw_link){
        GW_STR("desk"), GW_STR("P-204"), GW_STR("Mara Lind"), GW_STR("CH"), true, 462022, 61457, 9000};
    s->mentions[0] = (struct gw_mention){{6, 10, GW_FIELD_BODY}, 0, 9700};
    s->entities[0] = (struct gw_entity){.type = GW_PERSON,
                                        .name = GW_STR("Mara Lind"),
                                        .aliases = s->aliases,
                                        .alias_count = 1,
                                        .role = GW_STR("envoy"),
                                        .links = s->links,
                                        .link_count = 1,
                                        .salience = 6200,
                                        .mentions = s->mentions,
                                        .mention_count = 1,
                                        .sentiment = {3500, GW_POSITIVE, 7100}};
    s->values[0] = (struct gw_value_found){GW_DATE, {19, 28, GW_FIELD_BODY}, GW_STR("2023-08-15")};
    s->quotes[0] = (struct gw_quote){{31, 42, GW_FIELD_BODY}, {11, 15, GW_FIELD_BODY}, 0};
    s->markers[0] = (struct gw_marker){
        GW_MARKER_POSITIVE, {33, 37, GW_FIELD_BODY}, 8000, false, GW_NO_INDEX, GW_NO_INDEX, 0};
    s->target_sentiments[0] = (struct gw_target_sentiment){3500, GW_POSITIVE, 7100};
}

/* Fills all of `s`; its parts point to each other, so it must not be copied. */
static inline void sample_record(struct sample_record *s) {
    sample_article(s);
    sample_findings(s);
    s->annotation = (struct gw_annotation){
        .language = GW_STR("en"),
        .sentences = s->sentences,
        .sentence_count = 1,
        .entities = s->entities,
        .entity_count = 1,
        .values = s->values,
        .value_count = 1,
        .quotes = s->quotes,
        .quote_count = 1,
        .markers = s->markers,
        .marker_count = 1,
        .targets = s->target_sentiments,
        .target_count = 1,
        .sentiment = {3714, GW_POSITIVE, 6600, 667, 0, 0, 0, 20000},
        .content_hash = {UINT64_C(0x5a0c9e7713d84f66), UINT64_C(0x12ab90de47f1c803)},
        .simhash = UINT64_C(0x9f21c04be8d7a653),
    };
    s->context = (struct gw_record_context){
        .program = GW_STR("glosswire/0.1.0"),
        .model = GW_STR("en-news/1"),
        .model_hash = GW_STR("c0ffee00d1e2f3a4b5c6d7e8f9012345"),
        .config_hash = GW_STR("0b5e7a9c3d1f24680ace13579bdf0246"),
        .offsets = GW_OFFSETS_CODEPOINT,
        .ninjs = true,
    };
    s->record = (struct gw_record){&s->context, &s->article, &s->annotation};
}

#endif
