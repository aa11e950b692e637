/* The record's fields. Examples are taken from one made-up article, so that together they make a whole one.
 */
#include "schemas/record_view.h"
#include "schemas/table.h"

#include <stddef.h>

#define SINCE "0.1.0"

static const struct gw_term schema_words[] = {GW_TERM(GW_RECORD_SCHEMA)};
static const struct gw_term content_types[] = {GW_TERM("text/plain"), GW_TERM("text/html")};

const struct gw_term gw_entity_type_words[GW_ENTITY_TYPE_COUNT] = {
    [GW_PERSON] = GW_TERM("PERSON"), [GW_ORG] = GW_TERM("ORG"),   [GW_LOC] = GW_TERM("LOC"),
    [GW_FAC] = GW_TERM("FAC"),       [GW_NORP] = GW_TERM("NORP"), [GW_PRODUCT] = GW_TERM("PRODUCT"),
    [GW_EVENT] = GW_TERM("EVENT"),   [GW_MISC] = GW_TERM("MISC")};

const struct gw_term gw_value_kind_words[GW_VALUE_KIND_COUNT] = {[GW_DATE] = GW_TERM("DATE"),
                                                                 [GW_TIME] = GW_TERM("TIME"),
                                                                 [GW_MONEY] = GW_TERM("MONEY"),
                                                                 [GW_PERCENT] = GW_TERM("PERCENT"),
                                                                 [GW_QUANTITY] = GW_TERM("QUANTITY")};

const struct gw_term gw_marker_kind_words[GW_MARKER_KIND_COUNT] = {
    [GW_MARKER_POSITIVE] = GW_TERM("positive"),     [GW_MARKER_NEGATIVE] = GW_TERM("negative"),
    [GW_MARKER_NEGATOR] = GW_TERM("negator"),       [GW_MARKER_INTENSIFIER] = GW_TERM("intensifier"),
    [GW_MARKER_DIMINISHER] = GW_TERM("diminisher"), [GW_MARKER_HEDGE] = GW_TERM("hedge"),
    [GW_MARKER_CONTRAST] = GW_TERM("contrast"),     [GW_MARKER_ACCUSATION] = GW_TERM("accusation"),
    [GW_MARKER_DENIAL] = GW_TERM("denial"),         [GW_MARKER_PRAISE] = GW_TERM("praise"),
    [GW_MARKER_CONFLICT] = GW_TERM("conflict"),     [GW_MARKER_CONTEXT] = GW_TERM("context")};

/* By the bits of enum gw_flag. */
static const struct gw_term flag_words[] = {GW_TERM("truncated"), GW_TERM("partial"),
                                            GW_TERM("language_skipped"), GW_TERM("mixed_language"),
                                            GW_TERM("id_derived")};

static const char *const entity_type_docs[GW_ENTITY_TYPE_COUNT] = {
    [GW_PERSON] = "a person, real or not",
    [GW_ORG] = "a company, agency, party, team or other organisation",
    [GW_LOC] = "a country, city, region, mountain, sea",
    [GW_FAC] = "a building, airport, road or other place made by people",
    [GW_NORP] = "a nationality, religious or political group",
    [GW_PRODUCT] = "a thing that is made or sold",
    [GW_EVENT] = "a named event: a war, an election, a storm",
    [GW_MISC] = "any other name"};

static const char *const value_kind_docs[GW_VALUE_KIND_COUNT] = {
    [GW_DATE] =
        "a day, week, month, year or span of them; `value` is ISO 8601: 2023-08-15, 2023-W33, 2023-07, "
        "1910/1945; seasons are ISO 8601-2's: 2023-22 is summer 2023, from 21, spring, to 24, winter. What "
        "is said relative to the telling (\"last month\", \"on Tuesday\") is counted from "
        "`published_at` or, when there is none, from a whole date with its weekday in the text, as far as "
        "that is exact enough",
    [GW_TIME] =
        "a time of day; `value` is ISO 8601: 21:00, 14:05Z, and with the day when it stands beside it: "
        "2023-08-15T21:00",
    [GW_MONEY] = "an amount of money; `value` is the amount and the ISO 4217 code: 1200000 USD, "
                 "25000000/35000000 EUR; "
                 "\"$5\" is in the dollars that the article names elsewhere",
    [GW_PERCENT] = "a share; `value` is 12.5",
    [GW_QUANTITY] =
        "a number with what it counts; `value` is 5 km, 20 km2, 3 day, 45 year-old (an age), 78th (an "
        "ordinal number)"};

static const char *const marker_kind_docs[GW_MARKER_KIND_COUNT] = {
    [GW_MARKER_POSITIVE] = "speaks well of something",
    [GW_MARKER_NEGATIVE] = "speaks badly of something",
    [GW_MARKER_NEGATOR] = "turns what it stands with: not, never",
    [GW_MARKER_INTENSIFIER] = "strengthens what it stands with: very",
    [GW_MARKER_DIMINISHER] = "weakens what it stands with: slightly",
    [GW_MARKER_HEDGE] = "makes it uncertain: might, allegedly",
    [GW_MARKER_CONTRAST] = "gives more weight to what follows: but",
    [GW_MARKER_ACCUSATION] = "blames somebody, its target: in \"Kenya accused Somalia\" Somalia",
    [GW_MARKER_DENIAL] = "denies something, and has no target; or clears somebody of it, its target",
    [GW_MARKER_PRAISE] = "praises somebody, its target: in \"Ana was praised by Paul\" Ana",
    [GW_MARKER_CONFLICT] =
        "tells of violence or conflict; its target is who suffers it, where a verb says so",
    [GW_MARKER_CONTEXT] = "leans one way by the words around it"};

static const char *const flag_docs[] = {
    "the record was shortened to fit the sink",
    "the work budget ended before the text did",
    "not annotated, as it is in another language",
    "a fifth of the text or more is in another language than the rest",
    "the article had no id, so one was made from its content",
};

static const void *context_of(const void *view) {
    return ((const struct gw_record_view *)view)->record.context;
}

static const void *article_of(const void *view) {
    return ((const struct gw_record_view *)view)->record.article;
}

static const void *annotation_of(const void *view) {
    return ((const struct gw_record_view *)view)->record.annotation;
}

/* ninjs's lists where they are wanted. */
static const void *ninjs_of(const void *view) {
    return ((const struct gw_record_view *)view)->ninjs;
}

/* The link itself when it has coordinates. */
static const void *located(const void *link) {
    return ((const struct gw_link *)link)->has_coordinates ? link : NULL;
}

/* The cue's span when there is one. */
static const void *cue_of(const void *base) {
    const struct gw_quote *quote = base;
    return quote->cue.start < quote->cue.end ? &quote->cue : NULL;
}

/* The dateline and the by-line when there is one. */
static const void *dateline_of(const void *view) {
    const struct gw_annotation *annotation = annotation_of(view);
    return annotation->dateline.span.start < annotation->dateline.span.end ? &annotation->dateline : NULL;
}

static const void *byline_of(const void *view) {
    const struct gw_annotation *annotation = annotation_of(view);
    return annotation->byline.span.start < annotation->byline.span.end ? &annotation->byline : NULL;
}

static const struct gw_field article_fields[] = {
    {GW_TERM("url"), GW_AS_STRING, GW_NULLABLE, GW_AT(gw_article, url), .doc = "As given.",
     .example = "\"https://news.example/2023/08/15/talks\""},
    {GW_TERM("title"), GW_AS_STRING, GW_NULLABLE, GW_AT(gw_article, title),
     .doc = "As given. Spans whose `field` is \"title\" cut this string.",
     .example = "\"Mara Lind praises Geneva talks\""},
    {GW_TERM("body"), GW_AS_STRING, GW_NULLABLE | GW_OPTIONAL, GW_AT(gw_article, body),
     .doc =
         "As given. Spans without a `field` cut this string; where it is HTML, they may cut tags and "
         "character "
         "references with the text. With `record.html_offsets: stripped` it is the text of the HTML instead, "
         "paragraphs parted by empty lines. The key is left out when the configuration says so.",
     .example = "\"Envoy Lind said on 15 August: \\\"A good day.\\\" She did not fail.\""},
    {GW_TERM("source"), GW_AS_STRING, GW_NULLABLE, GW_AT(gw_article, source), .doc = "As given.",
     .example = "\"Example News\""},
    {GW_TERM("language"), GW_AS_STRING, GW_NULLABLE, GW_AT(gw_article, language), .doc = "As given.",
     .example = "\"en\""},
    {GW_TERM("published_at"), GW_AS_TIMESTAMP, GW_NULLABLE, GW_AT(gw_article, published_at),
     .doc = "As given: RFC 3339 text, or milliseconds since 1970 UTC.",
     .example = "\"2023-08-15T09:30:00Z\""},
    {GW_TERM("authors"), GW_AS_STRINGS, 0, GW_AT(gw_article, authors), GW_COUNT(gw_article, author_count),
     .doc = "As given; always an array.", .example = "[\"Jo Rivers\"]"},
    {GW_TERM("content_type"), GW_AS_WORD, GW_NULLABLE, GW_AT(gw_article, content_type),
     GW_TERMS(content_types),
     .doc = "As given: what `body` is. nil means plain text; so does what is written for stripped HTML.",
     .example = "\"text/plain\""},
    {GW_TERM("version"), GW_AS_SCALAR, GW_NULLABLE, GW_AT(gw_article, version),
     .doc = "As given: your version of the article, a string or an integer.", .example = "2"},
    {GW_TERM("extra"), GW_AS_PAIRS, 0, GW_AT(gw_article, extra), GW_COUNT(gw_article, extra_count),
     .doc =
         "Every other field of the article, untouched and in order. In JSON, what only MessagePack knows is "
         "written as `{\"$bin\": base64}`, `{\"$ext\": [type, base64]}` and `{\"$float\": \"NaN\"}`.",
     .example = "{\"desk\": \"world\"}"},
};

static const struct gw_table article_table = {.name = "article",
                                              .title = "The article as given",
                                              .doc =
                                                  "What came in, as it came in; what was not given is nil.",
                                              .since = SINCE,
                                              .struct_size = sizeof(struct gw_article),
                                              GW_FIELDS(article_fields)};

static const struct gw_field sentence_fields[] = {
    {.as = GW_AS_SPAN, GW_AT(gw_sentence, span), .example = "\"start\": 0, \"end\": 43"},
    {GW_TERM("score"), GW_AS_E4, 0, GW_AT(gw_sentence, score),
     .doc = "From -1 to 1: squash((`bias` + the sum of the weights of its markers + `rest`) / `norm`), where "
            "squash(x) is x / sqrt(1 + x * x).",
     .example = "0.4706"},
    {GW_TERM("label"), GW_AS_ENUM, 0, GW_AT(gw_sentence, label), GW_TERMS(gw_label_words),
     .doc = "The score in one word.", .example = "\"positive\""},
    {GW_TERM("emphasis"), GW_AS_E4, 0, GW_AT(gw_sentence, emphasis),
     .doc = "The sentence's weight in the document's score.", .example = "1"},
    {GW_TERM("bias"), GW_AS_E4, 0, GW_AT(gw_sentence, bias), .doc = "The model's starting point.",
     .example = "0"},
    {GW_TERM("rest"), GW_AS_E4, 0, GW_AT(gw_sentence, rest),
     .doc = "The weight of what `markers` leaves out; 0 when all markers are written.", .example = "0"},
    {GW_TERM("norm"), GW_AS_E4, 0, GW_AT(gw_sentence, norm), .doc = "What the sum is divided by; never 0.",
     .example = "1.5"},
};

static const struct gw_table sentence_table = {.name = "sentence",
                                               .title = "Sentences",
                                               .doc = "In the order of the text, the title first.",
                                               .since = SINCE,
                                               .struct_size = sizeof(struct gw_sentence),
                                               GW_FIELDS(sentence_fields),
                                               .span = &sentence_fields[0]};

static const struct gw_field link_fields[] = {
    {GW_TERM("scheme"), GW_AS_STRING, 0, GW_AT(gw_link, scheme),
     .doc = "Whose id it is: \"iso3166-1\", \"geonames\", or the name of your own gazetteer.",
     .example = "\"desk\""},
    {GW_TERM("id"), GW_AS_STRING, 0, GW_AT(gw_link, id), .doc = "The id there.", .example = "\"P-204\""},
    {GW_TERM("label"), GW_AS_STRING, GW_NULLABLE, GW_AT(gw_link, label), .doc = "The name there.",
     .example = "\"Mara Lind\""},
    {GW_TERM("country"), GW_AS_STRING, GW_NULLABLE, GW_AT(gw_link, country), .doc = "ISO 3166-1 alpha-2.",
     .example = "\"CH\""},
    {GW_TERM("lat"), GW_AS_E4, GW_NULLABLE, GW_AT(gw_link, latitude), .from = located,
     .doc = "Degrees north, four decimals.", .example = "46.2022"},
    {GW_TERM("lon"), GW_AS_E4, GW_NULLABLE, GW_AT(gw_link, longitude), .from = located,
     .doc = "Degrees east, four decimals.", .example = "6.1457"},
    {GW_TERM("confidence"), GW_AS_E4, 0, GW_AT(gw_link, confidence), .doc = "From 0 to 1.", .example = "0.9"},
};

static const struct gw_table link_table = {.name = "link",
                                           .title = "Links",
                                           .doc =
                                               "What an entity is called elsewhere, most likely one first.",
                                           .since = SINCE,
                                           .struct_size = sizeof(struct gw_link),
                                           GW_FIELDS(link_fields)};

static const struct gw_field mention_fields[] = {
    {.as = GW_AS_SPAN, GW_AT(gw_mention, span), .example = "\"start\": 6, \"end\": 10"},
    {GW_TERM("text"), GW_AS_CUT, 0, GW_AT(gw_mention, span), .doc = "The text that the span cuts.",
     .example = "\"Lind\""},
    {GW_TERM("sentence"), GW_AS_INDEX, GW_NULLABLE, GW_AT(gw_mention, sentence),
     .doc = "Index in `sentences`.", .example = "0"},
    {GW_TERM("confidence"), GW_AS_E4, 0, GW_AT(gw_mention, confidence), .doc = "From 0 to 1.",
     .example = "0.97"},
};

static const struct gw_table mention_table = {
    .name = "mention",
    .title = "Mentions",
    .doc = "Where an entity is named, in the order of the text, the title first.",
    .since = SINCE,
    .struct_size = sizeof(struct gw_mention),
    GW_FIELDS(mention_fields),
    .span = &mention_fields[0]};

static const struct gw_field target_sentiment_fields[] = {
    {GW_TERM("score"), GW_AS_E4, 0, GW_AT(gw_target_sentiment, score), .doc = "From -1 to 1.",
     .example = "0.35"},
    {GW_TERM("label"), GW_AS_ENUM, 0, GW_AT(gw_target_sentiment, label), GW_TERMS(gw_label_words),
     .doc = "The most likely of the three.", .example = "\"positive\""},
    {GW_TERM("confidence"), GW_AS_E4, 0, GW_AT(gw_target_sentiment, confidence),
     .doc = "How likely the label is, from 0 to 1.", .example = "0.71"},
};

static const struct gw_table target_sentiment_table = {.name = "target_sentiment",
                                                       .title = "Sentiment towards something",
                                                       .doc =
                                                           "How the text speaks of an entity or of a target.",
                                                       .since = SINCE,
                                                       .struct_size = sizeof(struct gw_target_sentiment),
                                                       GW_FIELDS(target_sentiment_fields)};

static const struct gw_field entity_fields[] = {
    {GW_TERM("type"), GW_AS_ENUM, GW_OPEN_WORDS, GW_AT(gw_entity, type), GW_TERMS(gw_entity_type_words),
     .word_docs = entity_type_docs, .doc = "What kind of thing it is.", .example = "\"PERSON\""},
    {GW_TERM("name"), GW_AS_STRING, 0, GW_AT(gw_entity, name), .doc = "Its canonical name.",
     .example = "\"Mara Lind\""},
    {GW_TERM("aliases"), GW_AS_STRINGS, 0, GW_AT(gw_entity, aliases), GW_COUNT(gw_entity, alias_count),
     .doc = "Other forms that the article uses, in order of first mention.", .example = "[\"Lind\"]"},
    {GW_TERM("role"), GW_AS_STRING, GW_NULLABLE, GW_AT(gw_entity, role),
     .doc = "The office or role that the article gives it.", .example = "\"envoy\""},
    {GW_TERM("links"), GW_AS_OBJECTS, 0, GW_AT(gw_entity, links), GW_COUNT(gw_entity, link_count),
     .table = &link_table, .doc = "What it is called elsewhere."},
    {GW_TERM("salience"), GW_AS_E4, 0, GW_AT(gw_entity, salience),
     .doc = "How much the article is about it, from 0 to 1.", .example = "0.62"},
    {GW_TERM("mentions"), GW_AS_OBJECTS, 0, GW_AT(gw_entity, mentions), GW_COUNT(gw_entity, mention_count),
     .table = &mention_table, .doc = "Where it is named."},
    {GW_TERM("sentiment"), GW_AS_OBJECT, 0, GW_AT(gw_entity, sentiment), .table = &target_sentiment_table,
     .doc = "How the article speaks of it."},
};

static const struct gw_table entity_table = {.name = "entity",
                                             .title = "Entities",
                                             .doc =
                                                 "People, organisations, places …, the most salient first.",
                                             .since = SINCE,
                                             .struct_size = sizeof(struct gw_entity),
                                             GW_FIELDS(entity_fields)};

static const struct gw_field ninjs_name_fields[] = {
    {GW_TERM("name"), GW_AS_STRING, 0, GW_AT(gw_ninjs_name, name), .doc = "Its canonical name.",
     .example = "\"Mara Lind\""},
    {GW_TERM("uri"), GW_AS_STRING, GW_NULLABLE, GW_AT(gw_ninjs_name, uri),
     .doc = "Its first link, as `scheme:id`; nil when it has none.", .example = "\"desk:P-204\""},
};

static const struct gw_table ninjs_name_table = {
    .name = "ninjs_name",
    .title = "Names as ninjs lists them",
    .doc = "The same as `entities`, in the form of IPTC's ninjs, the most salient first. Only there with "
           "`record.ninjs: true`.",
    .since = SINCE,
    .struct_size = sizeof(struct gw_ninjs_name),
    GW_FIELDS(ninjs_name_fields)};

#define NINJS_LIST(list)                                                                                     \
    .offset = offsetof(struct gw_ninjs_lists, lists[list].items),                                            \
    .count_offset = offsetof(struct gw_ninjs_lists, lists[list].count), .from = ninjs_of,                    \
    .table = &ninjs_name_table

static const struct gw_field dateline_fields[] = {
    {.as = GW_AS_SPAN, GW_AT(gw_dateline, span), .example = "\"start\": 0, \"end\": 16"},
    {GW_TERM("text"), GW_AS_CUT, 0, GW_AT(gw_dateline, span), .doc = "The text that the span cuts.",
     .example = "\"GENEVA (Reuters)\""},
    {GW_TERM("place"), GW_AS_INDEX, GW_NULLABLE, GW_AT(gw_dateline, place),
     .doc = "Index in `entities` of where the report was written.", .example = "2"},
    {GW_TERM("agency"), GW_AS_INDEX, GW_NULLABLE, GW_AT(gw_dateline, agency),
     .doc = "Index in `entities` of the agency that it is from.", .example = "3"},
};

static const struct gw_table dateline_table = {
    .name = "dateline",
    .title = "Dateline",
    .doc =
        "What stands in front of a report: GENEVA (Reuters) -. Being named there makes nothing more salient.",
    .since = SINCE,
    .struct_size = sizeof(struct gw_dateline),
    GW_FIELDS(dateline_fields),
    .span = &dateline_fields[0]};

static const struct gw_field byline_fields[] = {
    {.as = GW_AS_SPAN, GW_AT(gw_byline, span), .example = "\"start\": 0, \"end\": 12"},
    {GW_TERM("text"), GW_AS_CUT, 0, GW_AT(gw_byline, span), .doc = "The text that the span cuts.",
     .example = "\"By Jo Rivers\""},
    {GW_TERM("authors"), GW_AS_STRINGS, 0, GW_AT(gw_byline, authors), GW_COUNT(gw_byline, author_count),
     .doc = "The names in it.", .example = "[\"Jo Rivers\"]"},
};

static const struct gw_table byline_table = {
    .name = "byline",
    .title = "By-line",
    .doc = "A line at the beginning of the body that says who wrote it.",
    .since = SINCE,
    .struct_size = sizeof(struct gw_byline),
    GW_FIELDS(byline_fields),
    .span = &byline_fields[0]};

static const struct gw_field value_fields[] = {
    {GW_TERM("type"), GW_AS_ENUM, GW_OPEN_WORDS, GW_AT(gw_value_found, kind), GW_TERMS(gw_value_kind_words),
     .word_docs = value_kind_docs, .doc = "What kind of value it is.", .example = "\"DATE\""},
    {.as = GW_AS_SPAN, GW_AT(gw_value_found, span), .example = "\"start\": 19, \"end\": 28"},
    {GW_TERM("text"), GW_AS_CUT, 0, GW_AT(gw_value_found, span), .doc = "The text that the span cuts.",
     .example = "\"15 August\""},
    {GW_TERM("value"), GW_AS_STRING, GW_NULLABLE, GW_AT(gw_value_found, value),
     .doc =
         "What it means, in the form that its type has, or nil when that is not sure: 4/5/2023 in an article "
         "that shows no order of day and month, Tuesday when nothing tells which.",
     .example = "\"2023-08-15\""},
};

static const struct gw_table value_table = {
    .name = "value",
    .title = "Values",
    .doc = "Dates, times, amounts, in the order of the text, the title first.",
    .since = SINCE,
    .struct_size = sizeof(struct gw_value_found),
    GW_FIELDS(value_fields),
    .span = &value_fields[1]};

static const struct gw_field cue_fields[] = {
    {.as = GW_AS_SPAN, .example = "\"start\": 11, \"end\": 15"},
    {GW_TERM("text"), GW_AS_CUT, .doc = "The text that the span cuts.", .example = "\"said\""},
};

static const struct gw_table cue_table = {.name = "cue",
                                          .title = "Cue",
                                          .doc = "The words that say that somebody speaks.",
                                          .since = SINCE,
                                          .struct_size = sizeof(struct gw_span),
                                          GW_FIELDS(cue_fields),
                                          .span = &cue_fields[0]};

static const struct gw_field quote_fields[] = {
    {.as = GW_AS_SPAN, GW_AT(gw_quote, span), .example = "\"start\": 31, \"end\": 42"},
    {GW_TERM("text"), GW_AS_CUT, 0, GW_AT(gw_quote, span),
     .doc = "The text that the span cuts: what is inside the marks. Of nested quotations it is the outer "
            "one; one "
            "over several paragraphs has the marks that begin these.",
     .example = "\"A good day.\""},
    {GW_TERM("cue"), GW_AS_OBJECT, GW_NULLABLE, .from = cue_of, .table = &cue_table,
     .doc = "The words that say that somebody speaks: `said`, `according to`; nil where the quotation has "
            "none of "
            "its own."},
    {GW_TERM("speaker"), GW_AS_INDEX, GW_NULLABLE, GW_AT(gw_quote, speaker),
     .doc = "Index in `entities` of who speaks, where the text makes that sure: the name beside the cue; for "
            "`he` and "
            "`she` the one person whom this paragraph and the one before name, or who spoke last. nil "
            "otherwise.",
     .example = "0"},
};

static const struct gw_table quote_table = {
    .name = "quote",
    .title = "Quotes",
    .doc = "What somebody is reported to have said, in the order of the text, the title first.",
    .since = SINCE,
    .struct_size = sizeof(struct gw_quote),
    GW_FIELDS(quote_fields),
    .span = &quote_fields[0]};

static const struct gw_field marker_fields[] = {
    {GW_TERM("kind"), GW_AS_ENUM, GW_OPEN_WORDS, GW_AT(gw_marker, kind), GW_TERMS(gw_marker_kind_words),
     .word_docs = marker_kind_docs, .doc = "What it does to the score.", .example = "\"positive\""},
    {.as = GW_AS_SPAN, GW_AT(gw_marker, span), .example = "\"start\": 33, \"end\": 37"},
    {GW_TERM("text"), GW_AS_CUT, 0, GW_AT(gw_marker, span), .doc = "The text that the span cuts.",
     .example = "\"good\""},
    {GW_TERM("weight"), GW_AS_E4, 0, GW_AT(gw_marker, weight),
     .doc = "What it adds to its sentence's sum, negation and modifiers already in it.", .example = "0.8"},
    {GW_TERM("negated"), GW_AS_BOOL, 0, GW_AT(gw_marker, negated), .doc = "Whether a negation turns it.",
     .example = "false"},
    {GW_TERM("modifies"), GW_AS_INDEX, GW_NULLABLE, GW_AT(gw_marker, modifies),
     .doc = "Index in `markers` of the one that it strengthens, weakens or turns.", .example = "null"},
    {GW_TERM("target"), GW_AS_INDEX, GW_NULLABLE, GW_AT(gw_marker, target),
     .doc =
         "Index in `entities` of whom it is about: who is accused, praised or attacked, in other cases the "
         "one named nearest.",
     .example = "null"},
    {GW_TERM("quote"), GW_AS_INDEX, GW_NULLABLE, GW_AT(gw_marker, quote),
     .doc = "Index in `quotes` of the one that it stands in.", .example = "0"},
};

static const struct gw_table marker_table = {
    .name = "marker",
    .title = "Markers",
    .doc = "The words that carry sentiment, in the order of the text, the title first.",
    .since = SINCE,
    .struct_size = sizeof(struct gw_marker),
    GW_FIELDS(marker_fields),
    .span = &marker_fields[1]};

static const struct gw_field target_fields[] = {
    {.as = GW_AS_SPAN, GW_AT(gw_target_view, span), .example = "\"start\": 6, \"end\": 10"},
    {GW_TERM("sentiment"), GW_AS_OBJECT, 0, GW_AT(gw_target_view, sentiment),
     .table = &target_sentiment_table, .doc = "How the text speaks of it."},
};

static const struct gw_table target_table = {
    .name = "target",
    .title = "Targets",
    .doc = "One for each of the article's `targets`, in the same order.",
    .since = SINCE,
    .struct_size = sizeof(struct gw_target_view),
    GW_FIELDS(target_fields),
    .span = &target_fields[0]};

static const struct gw_field sentiment_fields[] = {
    {GW_TERM("score"), GW_AS_E4, 0, GW_AT(gw_sentiment, score),
     .doc = "From -1 to 1: squash((`bias` + the sum over sentences of emphasis * (the sum of weights + the "
            "sentence's rest) + `rest`) / `norm`).",
     .example = "0.3714"},
    {GW_TERM("label"), GW_AS_ENUM, 0, GW_AT(gw_sentiment, label), GW_TERMS(gw_label_words),
     .doc = "The score in one word.", .example = "\"positive\""},
    {GW_TERM("confidence"), GW_AS_E4, 0, GW_AT(gw_sentiment, confidence),
     .doc = "How likely the label is, from 0 to 1.", .example = "0.66"},
    {GW_TERM("positive"), GW_AS_E4, 0, GW_AT(gw_sentiment, positive), .doc = "Positive markers per word.",
     .example = "0.0667"},
    {GW_TERM("negative"), GW_AS_E4, 0, GW_AT(gw_sentiment, negative), .doc = "Negative markers per word.",
     .example = "0"},
    {GW_TERM("bias"), GW_AS_E4, 0, GW_AT(gw_sentiment, bias), .doc = "The model's starting point.",
     .example = "0"},
    {GW_TERM("rest"), GW_AS_E4, 0, GW_AT(gw_sentiment, rest),
     .doc = "What belongs to no sentence, and what `markers` leaves out.", .example = "0"},
    {GW_TERM("norm"), GW_AS_E4, 0, GW_AT(gw_sentiment, norm), .doc = "What the sum is divided by; never 0.",
     .example = "2"},
};

static const struct gw_table sentiment_table = {.name = "sentiment",
                                                .title = "Sentiment of the article",
                                                .doc = "Neutral when the article was not annotated.",
                                                .since = SINCE,
                                                .struct_size = sizeof(struct gw_sentiment),
                                                GW_FIELDS(sentiment_fields)};

static const struct gw_field fingerprint_fields[] = {
    {GW_TERM("content"), GW_AS_HASH, 0, GW_AT(gw_annotation, content_hash),
     .doc = "XXH3-128 over the words of title and body: equal for equal content.",
     .example = "\"5a0c9e7713d84f6612ab90de47f1c803\""},
    {GW_TERM("simhash"), GW_AS_HASH64, 0, GW_AT(gw_annotation, simhash),
     .doc =
         "64 bits of which at most 6 differ between two outlets' prints of one story, and 15 or more between "
         "different stories; docs/near-duplicates.md tells how to use it.",
     .example = "\"9f21c04be8d7a653\""},
};

static const struct gw_table fingerprint_table = {.name = "fingerprint",
                                                  .title = "Fingerprint",
                                                  .doc = "For finding copies.",
                                                  .since = SINCE,
                                                  .struct_size = sizeof(struct gw_annotation),
                                                  GW_FIELDS(fingerprint_fields)};

static const struct gw_field meta_fields[] = {
    {GW_TERM("program"), GW_AS_STRING, 0, GW_AT(gw_record_context, program), .from = context_of,
     .doc = "Name and version of the program.", .example = "\"glosswire/0.1.0\""},
    {GW_TERM("model"), GW_AS_STRING, 0, GW_AT(gw_record_context, model), .from = context_of,
     .doc = "Name and version of the model.", .example = "\"en-news/1\""},
    {GW_TERM("model_hash"), GW_AS_STRING, 0, GW_AT(gw_record_context, model_hash), .from = context_of,
     .doc = "Hash of the model file, hexadecimal.", .example = "\"c0ffee00d1e2f3a4b5c6d7e8f9012345\""},
    {GW_TERM("config_hash"), GW_AS_STRING, 0, GW_AT(gw_record_context, config_hash), .from = context_of,
     .doc = "Hash over the configuration keys that change records, and over gazetteers, hexadecimal.",
     .example = "\"0b5e7a9c3d1f24680ace13579bdf0246\""},
    {GW_TERM("flags"), GW_AS_FLAGS, GW_OPEN_WORDS, GW_AT(gw_annotation, flags), .from = annotation_of,
     GW_TERMS(flag_words), .word_docs = flag_docs, .doc = "What is special about this record.",
     .example = "[]"},
    {GW_TERM("warnings"), GW_AS_WORDS, 0, GW_AT(gw_annotation, warnings),
     GW_COUNT(gw_annotation, warning_count), .from = annotation_of, .doc = "Sentences for people.",
     .example = "[]"},
};

static const struct gw_table meta_table = {.name = "meta",
                                           .title = "Meta",
                                           .doc = "What made the record.",
                                           .since = SINCE,
                                           .struct_size = sizeof(struct gw_record_view),
                                           GW_FIELDS(meta_fields)};

static const struct gw_field record_fields[] = {
    {GW_TERM("schema"), GW_AS_LITERAL, GW_TERMS(schema_words), .doc = "Always \"" GW_RECORD_SCHEMA "\".",
     .example = "\"" GW_RECORD_SCHEMA "\""},
    {GW_TERM("id"), GW_AS_STRING, 0, GW_AT(gw_article, id), .from = article_of,
     .doc = "The article's id, verbatim, or the one derived from its content.",
     .example = "\"wire-20230815-0042\""},
    {GW_TERM("record_id"), GW_AS_STRING, 0, GW_AT(gw_record_view, record_id),
     .doc =
         "Names this record: 32 hexadecimal digits of XXH3-128 over the article's id, version and text, the "
         "configuration, the model and the program. Equal ids mean equal records.",
     .example = "\"1f6e0c8a4b2d97535e8c1a3f7d904b26\""},
    {GW_TERM("article"), GW_AS_OBJECT, 0, .from = article_of, .table = &article_table,
     .doc = "The article as given."},
    {GW_TERM("language"), GW_AS_STRING, GW_NULLABLE, GW_AT(gw_annotation, language), .from = annotation_of,
     .doc =
         "The language of the text, ISO 639-1: as the article says, or as its words show; nil when neither "
         "is sure, as "
         "with fewer than eight words. Articles in another language than English are not annotated but for "
         "fingerprints (`annotate.other_languages`), and flagged `language_skipped`.",
     .example = "\"en\""},
    {GW_TERM("offsets"), GW_AS_ENUM, 0, GW_AT(gw_record_context, offsets), .from = context_of,
     GW_TERMS(gw_offsets_words),
     .doc =
         "The unit of every span: Unicode code points (Python), bytes of UTF-8 (Go, Rust, C), or UTF-16 code "
         "units (JavaScript, Java).",
     .example = "\"codepoint\""},
    {GW_TERM("sentences"), GW_AS_OBJECTS, 0, GW_AT(gw_annotation, sentences),
     GW_COUNT(gw_annotation, sentence_count), .from = annotation_of, .table = &sentence_table,
     .doc = "The sentences of title and body."},
    {GW_TERM("entities"), GW_AS_OBJECTS, 0, GW_AT(gw_annotation, entities),
     GW_COUNT(gw_annotation, entity_count), .from = annotation_of, .table = &entity_table,
     .doc = "Who and what the article names."},
    {GW_TERM("people"), GW_AS_OBJECTS, GW_OPTIONAL, NINJS_LIST(GW_NINJS_PEOPLE),
     .doc = "With `record.ninjs: true`: entities of type PERSON."},
    {GW_TERM("organisations"), GW_AS_OBJECTS, GW_OPTIONAL, NINJS_LIST(GW_NINJS_ORGANISATIONS),
     .doc = "Likewise, those of type ORG.", .example = "[]"},
    {GW_TERM("places"), GW_AS_OBJECTS, GW_OPTIONAL, NINJS_LIST(GW_NINJS_PLACES),
     .doc = "Likewise, LOC and FAC.", .example = "[]"},
    {GW_TERM("subjects"), GW_AS_OBJECTS, GW_OPTIONAL, NINJS_LIST(GW_NINJS_SUBJECTS),
     .doc = "Likewise, all others.", .example = "[]"},
    {GW_TERM("dateline"), GW_AS_OBJECT, GW_NULLABLE, .from = dateline_of, .table = &dateline_table,
     .doc = "Where the report was written, and for which agency; nil where the body does not begin with it.",
     .example = "null"},
    {GW_TERM("byline"), GW_AS_OBJECT, GW_NULLABLE, .from = byline_of, .table = &byline_table,
     .doc = "Who wrote it, as a line in front of the body says; `article.authors` is as you gave it.",
     .example = "null"},
    {GW_TERM("values"), GW_AS_OBJECTS, 0, GW_AT(gw_annotation, values), GW_COUNT(gw_annotation, value_count),
     .from = annotation_of, .table = &value_table, .doc = "Dates, times, amounts."},
    {GW_TERM("quotes"), GW_AS_OBJECTS, 0, GW_AT(gw_annotation, quotes), GW_COUNT(gw_annotation, quote_count),
     .from = annotation_of, .table = &quote_table, .doc = "What somebody is reported to have said."},
    {GW_TERM("markers"), GW_AS_OBJECTS, 0, GW_AT(gw_annotation, markers),
     GW_COUNT(gw_annotation, marker_count), .from = annotation_of, .table = &marker_table,
     .doc = "The words that carry sentiment."},
    {GW_TERM("targets"), GW_AS_OBJECTS, 0, GW_AT(gw_record_view, targets),
     GW_COUNT(gw_record_view, target_count), .table = &target_table,
     .doc = "Answers to the article's `targets`."},
    {GW_TERM("sentiment"), GW_AS_OBJECT, 0, GW_AT(gw_annotation, sentiment), .from = annotation_of,
     .table = &sentiment_table, .doc = "The sentiment of the whole article."},
    {GW_TERM("fingerprint"), GW_AS_OBJECT, 0, .from = annotation_of, .table = &fingerprint_table,
     .doc = "For finding copies."},
    {GW_TERM("meta"), GW_AS_OBJECT, 0, .table = &meta_table, .doc = "What made the record."},
};

const struct gw_table gw_record_table = {
    .id = "urn:glosswire:schema:record:1",
    .name = "record",
    .title = "Record",
    .doc =
        "What goes out: one MessagePack map per article (or its JSON form, which is the same one to one). "
        "Keys "
        "are always there unless marked optional; what there is none of is nil or an empty array. Later "
        "versions may add keys, and words where the list of words is open: readers must pass over what they "
        "do not know. Nothing is ever removed or changed. References are indices from 0. Scores, weights and "
        "confidences are multiples of 0.0001.",
    .since = SINCE,
    .struct_size = sizeof(struct gw_record_view),
    .leaves_out = true,
    GW_FIELDS(record_fields)};

/* The one row that a configuration may leave out. */
const struct gw_field *gw_record_body_row(void) {
    return gw_table_find(&article_table, GW_STR("body"));
}
