/* The record: what goes out, glosswire.record/1. */
#ifndef GW_SCHEMAS_RECORD_H
#define GW_SCHEMAS_RECORD_H

#include "base/buffer.h"
#include "schemas/annotation.h"
#include "schemas/article.h"

#define GW_RECORD_SCHEMA  "glosswire.record/1"
#define GW_RECORD_CE_TYPE "glosswire.record.v1"

/* What is the same for every record of a run. Strings outlive the records. */
struct gw_record_context {
    struct gw_str program;     /* "glosswire/0.1.0" */
    struct gw_str model;       /* the model's name and version, "en-news/1" */
    struct gw_str model_hash;  /* hexadecimal */
    struct gw_str config_hash; /* hexadecimal, over the keys that affect records */
    enum gw_offsets offsets;
    bool leave_out_body;
    bool ninjs; /* ninjs's lists of names, too */
};

struct gw_record {
    const struct gw_record_context *context;
    const struct gw_article *article;
    const struct gw_annotation *annotation;
};

enum gw_encoding { GW_ENCODING_MSGPACK, GW_ENCODING_JSON };

/* Appends one record to `out` (JSON: one line without its line feed). Scratch memory, such as offset maps,
 * comes from `arena`. The same record gives the same bytes everywhere. Fails with GW_NO_MEMORY, or with
 * GW_OUTPUT_TOO_LARGE when `out`'s limit is reached; `out` is then as it was before. */
enum gw_status gw_record_encode(const struct gw_record *record, enum gw_encoding encoding,
                                struct gw_arena *arena, struct gw_buffer *out, struct gw_error *error);

/* The record's own id: 128 bits over id, article version, title, body, config, model and program.
 * Hexadecimal. */
void gw_record_id(const struct gw_record *record, char out[GW_HASH_HEX_SIZE]);

/* MessagePack of any of our schemas to its JSON form, for people: 1:1, bin as {"$bin": base64}. `indent` 0 is
 * one line. Input is checked as an article's is. */
enum gw_status gw_record_msgpack_to_json(struct gw_str msgpack, unsigned indent, struct gw_arena *arena,
                                         struct gw_buffer *out, struct gw_error *error);

#endif
