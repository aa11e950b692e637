/* The article: what comes in. */
#ifndef GW_SCHEMAS_ARTICLE_H
#define GW_SCHEMAS_ARTICLE_H

#include "base/arena.h"
#include "base/status.h"
#include "schemas/limits.h"
#include "schemas/span.h"
#include "schemas/value.h"

/* A decoded article. Strings point into the message or the arena it was decoded with. Absent fields have data
 * NULL (or type GW_NIL, or count 0). `title` or `body` is present. */
struct gw_article {
    struct gw_str id; /* always set after decoding; see id_derived */
    struct gw_str url;
    struct gw_str title;
    struct gw_str body;
    struct gw_str source;
    struct gw_str language;
    struct gw_str content_type;   /* of the body: "text/plain" (absent means that) or "text/html" */
    struct gw_value version;      /* as given: a string or an integer */
    struct gw_value published_at; /* as given: RFC 3339 text or epoch milliseconds */
    int64_t published_at_ms;      /* its meaning; INT64_MIN when absent */
    struct gw_str *authors;
    size_t author_count;
    struct gw_span *targets; /* spans whose sentiment is wanted, in the order given */
    size_t target_count;
    struct gw_pair *extra; /* every other field, untouched, in order */
    size_t extra_count;
    bool id_derived; /* the id was made from the content */
};

/* In front of the 32 hexadecimal digits of a derived id: the hash over title, body and url. */
#define GW_ARTICLE_ID_PREFIX "content-"

enum gw_article_format {
    GW_ARTICLE_AUTO, /* by the first byte: ASCII ('{', white space) is JSON, else MessagePack */
    GW_ARTICLE_MSGPACK,
    GW_ARTICLE_JSON
};

struct gw_article_options {
    const struct gw_limits *limits;
    enum gw_offsets offsets;       /* the unit of `targets` */
    enum gw_article_format format; /* what a content-type header said */
};

/* Decodes one message. On failure `error` says what and at which byte; statuses are all of class INPUT but
 * for GW_NO_MEMORY. The message must outlive the article. */
enum gw_status gw_article_decode(struct gw_str message, const struct gw_article_options *options,
                                 struct gw_arena *arena, struct gw_article *article, struct gw_error *error);

/* The format that a content-type value names ("application/json; charset=utf-8", "application/vnd.msgpack",
 * "application/msgpack", "application/x-msgpack", anything ending in "+json"); GW_ARTICLE_AUTO for others. */
enum gw_article_format gw_article_format_of(struct gw_str content_type);

/* An article made of one plain text: body is the whole, the id is derived. Fails as gw_article_decode does.
 */
enum gw_status gw_article_from_text(struct gw_str text, const struct gw_limits *limits,
                                    struct gw_arena *arena, struct gw_article *article,
                                    struct gw_error *error);

/* The text of a field; absent as an empty slice. */
static inline struct gw_str gw_article_text(const struct gw_article *article, enum gw_text_field field) {
    return field == GW_FIELD_TITLE ? article->title : article->body;
}

#endif
