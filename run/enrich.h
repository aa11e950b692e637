/* One message in, one message out: decode, annotate, encode, and the headers; or a dead letter, or a
 * tombstone. Pure but for its own memory: no I/O and no clock. */
#ifndef GW_RUN_ENRICH_H
#define GW_RUN_ENRICH_H

#include "ingest/source.h"
#include "process/annotate.h"
#include "publish/sink.h"
#include "run/config/config.h"
#include "run/gazetteer.h"
#include "schemas/dead_letter.h"

/* What is timed, in order: decoding, the annotator's stages, encoding. */
enum gw_enrich_stage {
    GW_ENRICH_DECODE,
    GW_ENRICH_ANNOTATE, /* the first of the annotator's */
    GW_ENRICH_ENCODE = GW_ENRICH_ANNOTATE + GW_ANNOTATE_STAGE_COUNT,
    GW_ENRICH_STAGE_COUNT
};

/* "decode", "text" …; static storage. */
const char *gw_enrich_stage_name(enum gw_enrich_stage stage);

/* How a dead letter is written: Kafka keeps the original and adds headers, others get the schema's map. */
enum gw_letter_form { GW_LETTER_KAFKA, GW_LETTER_MSGPACK, GW_LETTER_JSON };

/* Everything pointed to must outlive the enricher. gw_enrich_configure fills it from a config. */
struct gw_enrich_settings {
    const struct gw_model *model;
    const struct gw_gazetteer *gazetteer; /* may be NULL */
    const struct gw_limits *limits;
    const char *instance;
    const char *config_hash;
    enum gw_offsets offsets;
    enum gw_markers markers;
    bool leave_out_body;
    enum gw_html_offsets html_offsets;
    enum gw_other_languages other_languages;
    bool ninjs;
    uint64_t budget;
    enum gw_encoding record_encoding;
    enum gw_letter_form letter_form;
    const char *topic;                    /* a template for records; NULL: the outlet's own topic */
    const char *key;                      /* a template; NULL: the input's key, else the article's id */
    bool passes_tombstones;               /* null values go to the records' outlet; else they are skipped */
    size_t record_bytes_max;              /* larger records become dead letters */
    size_t letter_payload_max;            /* dead letters keep only the first bytes of larger payloads */
    size_t memory_bytes;                  /* most memory for one article and its annotation */
    const struct gw_allocator *allocator; /* NULL: the system's */
    /* Called when a stage of a record has ended; may be NULL. */
    void (*observe)(void *context, enum gw_enrich_stage ended);
    void *observe_context;
};

/* Settings for a config's endpoints (`gazetteer` may be NULL), without a letter_payload_max (SIZE_MAX),
 * allocator and observer. */
void gw_enrich_configure(struct gw_enrich_settings *settings, const struct gw_config *config,
                         const struct gw_model *model, const struct gw_gazetteer *gazetteer);

/* What became of one message. All pointers are valid until the next call with the same enricher, as long as
 * the message is. */
struct gw_enriched {
    enum gw_outcome outcome;
    struct gw_outgoing outgoing;            /* `ticket` is left 0 */
    enum gw_status reason;                  /* why it is a dead letter; GW_OK for others */
    enum gw_stage stage;                    /* where it became one */
    const char *detail;                     /* what is wrong, for people; "" for others */
    size_t error_position;                  /* at which byte, or GW_NO_POSITION */
    const struct gw_article *article;       /* records only, else NULL */
    const struct gw_annotation *annotation; /* likewise */
};

struct gw_enricher;

/* Free with gw_enricher_close. GW_NO_MEMORY; GW_BAD_CONFIG for a template that is not well formed. */
enum gw_status gw_enricher_open(const struct gw_enrich_settings *settings, struct gw_enricher **enricher,
                                struct gw_error *error);

/* NULL is fine. */
void gw_enricher_close(struct gw_enricher *enricher);

/* Makes the message's record; what is unfit becomes a dead letter, and so does an article that needs more
 * than `memory_bytes`. A payload whose content-type header is text/plain or text/html is an article's body.
 * Fails only with a status of class OURS, when the system has no memory. The same message and settings give
 * the same bytes. */
enum gw_status gw_enrich(struct gw_enricher *enricher, const struct gw_message *message,
                         struct gw_enriched *out, struct gw_error *error);

/* How much of the original a dead letter carries; a sink that refuses one gets the next. */
enum gw_letter_size {
    GW_LETTER_WHOLE,  /* all, up to letter_payload_max */
    GW_LETTER_CUT,    /* the first GW_DEAD_LETTER_CUT_BYTES */
    GW_LETTER_MINIMAL /* the first GW_LETTER_MINIMAL_BYTES, without headers, key and detail */
};
#define GW_LETTER_MINIMAL_BYTES ((size_t)256)

/* The message's dead letter, for a reason found elsewhere: the sink refused its record, for instance. */
enum gw_status gw_enrich_dead_letter(struct gw_enricher *enricher, const struct gw_message *message,
                                     enum gw_status reason, enum gw_stage stage, enum gw_letter_size size,
                                     struct gw_enriched *out, struct gw_error *error);

#endif
