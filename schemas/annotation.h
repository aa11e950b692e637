/* The annotation: what process/ found in one article. Spans are in bytes, scores are integers. */
#ifndef GW_SCHEMAS_ANNOTATION_H
#define GW_SCHEMAS_ANNOTATION_H

#include "base/hash.h"
#include "schemas/span.h"

#include <stdbool.h>

/* A number in units of 10^-4: scores, weights and confidences are integers, so that every processor writes
 * the same. */
typedef int32_t gw_e4;
#define GW_E4_ONE 10000

/* No such entity, marker or quote. */
#define GW_NO_INDEX UINT32_MAX

enum gw_label { GW_NEGATIVE, GW_NEUTRAL, GW_POSITIVE };

/* Of a sentence: score = squash((bias + Σ weights of its markers + rest) / norm), squash(x) = x/√(1+x²). */
struct gw_sentence {
    struct gw_span span;
    gw_e4 score;
    enum gw_label label;
    gw_e4 emphasis; /* its weight in the document's score */
    gw_e4 bias, rest, norm;
};

/* Of the document: score = squash((bias + Σ over sentences of emphasis·(Σ weights + rest) + rest) / norm). */
struct gw_sentiment {
    gw_e4 score;
    enum gw_label label;
    gw_e4 confidence;
    gw_e4 positive, negative; /* density: positive (negative) markers per word */
    gw_e4 bias, rest, norm;
};

/* Of an entity or of a target that the article named. */
struct gw_target_sentiment {
    gw_e4 score;
    enum gw_label label;
    gw_e4 confidence;
};

struct gw_mention {
    struct gw_span span;
    uint32_t sentence; /* index, or GW_NO_INDEX */
    gw_e4 confidence;
};

struct gw_link {
    struct gw_str scheme; /* "iso3166-1", "geonames", or the user's own */
    struct gw_str id;
    struct gw_str label;
    struct gw_str country; /* ISO 3166-1 alpha-2, or absent */
    bool has_coordinates;
    gw_e4 latitude, longitude;
    gw_e4 confidence;
};

enum gw_entity_type {
    GW_PERSON,
    GW_ORG,
    GW_LOC,
    GW_FAC,
    GW_NORP,
    GW_PRODUCT,
    GW_EVENT,
    GW_MISC,
    GW_ENTITY_TYPE_COUNT
};

struct gw_entity {
    enum gw_entity_type type;
    struct gw_str name;
    struct gw_str *aliases; /* other forms that were seen, in order of first mention */
    size_t alias_count;
    struct gw_str role; /* absent if none */
    struct gw_link *links;
    size_t link_count;
    gw_e4 salience;
    struct gw_mention *mentions; /* in order of the text, title first */
    size_t mention_count;
    struct gw_target_sentiment sentiment;
};

enum gw_value_kind { GW_DATE, GW_TIME, GW_MONEY, GW_PERCENT, GW_QUANTITY, GW_VALUE_KIND_COUNT };

struct gw_value_found {
    enum gw_value_kind kind;
    struct gw_span span;
    struct gw_str value; /* normalised; absent when not sure */
};

struct gw_quote {
    struct gw_span span;
    struct gw_span cue; /* the verb; empty (start == end) when there is none */
    uint32_t speaker;   /* an entity's index, or GW_NO_INDEX */
};

/* "LONDON (Reuters)" in front of a report; nothing when the span is empty. */
struct gw_dateline {
    struct gw_span span;
    uint32_t place, agency; /* entities' indices, or GW_NO_INDEX */
};

/* "By Maria Lindqvist" on a line of its own; likewise. */
struct gw_byline {
    struct gw_span span;
    struct gw_str *authors;
    size_t author_count;
};

enum gw_marker_kind {
    GW_MARKER_POSITIVE,
    GW_MARKER_NEGATIVE,
    GW_MARKER_NEGATOR,
    GW_MARKER_INTENSIFIER,
    GW_MARKER_DIMINISHER,
    GW_MARKER_HEDGE,
    GW_MARKER_CONTRAST,
    GW_MARKER_ACCUSATION,
    GW_MARKER_DENIAL,
    GW_MARKER_PRAISE,
    GW_MARKER_CONFLICT,
    GW_MARKER_CONTEXT,
    GW_MARKER_KIND_COUNT
};

struct gw_marker {
    enum gw_marker_kind kind;
    struct gw_span span;
    gw_e4 weight; /* with negation and modifiers already in it */
    bool negated;
    uint32_t modifies; /* a marker's index, or GW_NO_INDEX */
    uint32_t target;   /* an entity's index, or GW_NO_INDEX */
    uint32_t quote;    /* a quote's index, or GW_NO_INDEX */
};

/* Bits of gw_annotation.flags; the words stand in the record's `meta.flags`. */
enum gw_flag {
    GW_FLAG_TRUNCATED = 1 << 0,        /* the record was shortened to fit the sink */
    GW_FLAG_PARTIAL = 1 << 1,          /* the work budget ended before the text did */
    GW_FLAG_LANGUAGE_SKIPPED = 1 << 2, /* not annotated: another language */
    GW_FLAG_MIXED_LANGUAGE = 1 << 3,
    GW_FLAG_ID_DERIVED = 1 << 4
};

/* All arrays lie in the arena that gw_annotate was given, or point into the model or the article. */
struct gw_annotation {
    struct gw_str language;        /* ISO 639-1, or absent when unknown */
    struct gw_sentence *sentences; /* in order of the text, title first */
    size_t sentence_count;
    struct gw_entity *entities; /* most salient first */
    size_t entity_count;
    struct gw_dateline dateline;
    struct gw_byline byline;
    struct gw_value_found *values;
    size_t value_count;
    struct gw_quote *quotes;
    size_t quote_count;
    struct gw_marker *markers; /* in order of the text, title first */
    size_t marker_count;
    struct gw_target_sentiment *targets; /* one for each of the article's, same order */
    size_t target_count;
    struct gw_sentiment sentiment;
    struct gw_hash128 content_hash;
    uint64_t simhash;
    uint32_t flags;        /* enum gw_flag */
    const char **warnings; /* static texts */
    size_t warning_count;
    struct gw_str stripped_body;      /* of HTML, when spans point into it; else absent */
    struct gw_span *stripped_targets; /* the article's targets in it */
    size_t token_count;               /* for rates; not on the wire */
};

#endif
