/* The article's fields. */
#include "schemas/article.h"
#include "schemas/table.h"

static const struct gw_term content_types[] = {GW_TERM("text/plain"), GW_TERM("text/html")};

static const struct gw_field target_fields[] = {{.as = GW_AS_SPAN, .example = "\"start\": 6, \"end\": 10"}};

static const struct gw_table target_table = {
    .name = "target",
    .title = "Target",
    .doc = "A span whose sentiment is wanted. It must lie inside its text and begin and end between "
           "characters.",
    .since = "0.1.0",
    .struct_size = sizeof(struct gw_span),
    GW_FIELDS(target_fields),
    .span = &target_fields[0]};

static const struct gw_field article_fields[] = {
    {GW_TERM("id"), GW_AS_STRING, GW_OPTIONAL | GW_NULLABLE, GW_AT(gw_article, id),
     .limit_offset = offsetof(struct gw_limits, id_bytes),
     .doc = "Your name for the article; the record carries it verbatim. If it is absent or empty, an id is "
            "derived from the content: `" GW_ARTICLE_ID_PREFIX "` and 32 hexadecimal digits of a hash over "
            "title, body and url.",
     .example = "\"wire-20230815-0042\""},
    {GW_TERM("url"), GW_AS_STRING, GW_OPTIONAL | GW_NULLABLE, GW_AT(gw_article, url),
     .doc = "Where the article was published. Never fetched, and not checked.",
     .example = "\"https://news.example/2023/08/15/talks\""},
    {GW_TERM("title"), GW_AS_STRING, GW_OPTIONAL | GW_NULLABLE, GW_AT(gw_article, title),
     .doc = "The headline, plain text. An article needs a `title` or a `body` that is not blank.",
     .example = "\"Mara Lind praises Geneva talks\""},
    {GW_TERM("body"), GW_AS_STRING, GW_OPTIONAL | GW_NULLABLE, GW_AT(gw_article, body),
     .doc = "The text, plain or HTML as `content_type` says.",
     .example = "\"Envoy Lind said on 15 August: \\\"A good day.\\\" She did not fail.\""},
    {GW_TERM("source"), GW_AS_STRING, GW_OPTIONAL | GW_NULLABLE, GW_AT(gw_article, source),
     .doc = "Who published it.", .example = "\"Example News\""},
    {GW_TERM("language"), GW_AS_STRING, GW_OPTIONAL | GW_NULLABLE, GW_AT(gw_article, language),
     .doc = "The language as you know it, for example an ISO 639-1 code. If it is absent, glosswire finds "
            "out; what you say counts.",
     .example = "\"en\""},
    {GW_TERM("published_at"), GW_AS_TIMESTAMP, GW_OPTIONAL | GW_NULLABLE, GW_AT(gw_article, published_at),
     .doc = "When it was published: RFC 3339 with date, time and offset, or milliseconds since 1970 UTC.",
     .example = "\"2023-08-15T09:30:00Z\""},
    {GW_TERM("authors"), GW_AS_STRINGS, GW_OPTIONAL | GW_NULLABLE | GW_LONE, GW_AT(gw_article, authors),
     GW_COUNT(gw_article, author_count), .limit_offset = offsetof(struct gw_limits, authors),
     .doc = "Who wrote it: an array of names, or one name as a string.", .example = "[\"Jo Rivers\"]"},
    {GW_TERM("content_type"), GW_AS_WORD, GW_OPTIONAL | GW_NULLABLE, GW_AT(gw_article, content_type),
     GW_TERMS(content_types), .doc = "What `body` is. Absent, it is plain text.",
     .example = "\"text/plain\""},
    {GW_TERM("version"), GW_AS_SCALAR, GW_OPTIONAL | GW_NULLABLE, GW_AT(gw_article, version),
     .doc = "Your version of the article, a string or an integer: the same `id` with another version is "
            "another record.",
     .example = "2"},
    {GW_TERM("targets"), GW_AS_OBJECTS, GW_OPTIONAL | GW_NULLABLE, GW_AT(gw_article, targets),
     GW_COUNT(gw_article, target_count), .limit_offset = offsetof(struct gw_limits, targets),
     .table = &target_table,
     .doc = "Spans whose sentiment is wanted. The record has one answer for each, in the same order."},
};

static const struct gw_term texts[] = {GW_TERM("title"), GW_TERM("body")};

const struct gw_table gw_article_table = {
    .id = "urn:glosswire:schema:article:1",
    .name = "article",
    .title = "Article",
    .doc =
        "What comes in: a MessagePack map or a JSON object. Every field may be absent or null; fields that "
        "are not listed here are carried through to the record's `article.extra` untouched, such as "
        "`embargoed` "
        "or `pubstatus`. An item of IPTC's ninjs is taken, too: where there is neither `title` nor `body`, "
        "`headline` or `headlines` is the title, `body_text`, `body_xhtml`, `body_html` or `bodies` the "
        "body, "
        "`uri` the id, `byline` the authors, and `versioncreated` or `firstcreated` is `published_at`.",
    .since = "0.1.0",
    .struct_size = sizeof(struct gw_article),
    GW_FIELDS(article_fields),
    GW_EITHER(texts)};
