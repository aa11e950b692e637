/* The dead letter: an input that became no record, with the reason, whole enough to be fed again. */
#ifndef GW_SCHEMAS_DEAD_LETTER_H
#define GW_SCHEMAS_DEAD_LETTER_H

#include "base/buffer.h"
#include "schemas/headers.h"
#include "schemas/record.h"

#define GW_DEAD_LETTER_SCHEMA  "glosswire.dead_letter/1"
#define GW_DEAD_LETTER_CE_TYPE "glosswire.dead_letter.v1"

/* Where in the pipeline it was given up. */
enum gw_stage { GW_STAGE_DECODE, GW_STAGE_ANNOTATE, GW_STAGE_ENCODE, GW_STAGE_PUBLISH, GW_STAGE_COUNT };
const char *gw_stage_word(enum gw_stage stage);

/* Of payloads above what the outlet takes, this many first bytes are kept. */
#define GW_DEAD_LETTER_CUT_BYTES ((size_t)64 << 10)

struct gw_dead_letter {
    enum gw_status reason;
    enum gw_stage stage;
    struct gw_str detail;   /* for people: what, and where */
    struct gw_str position; /* text form */
    struct gw_str program;
    struct gw_str payload; /* the original; data NULL for a null value */
    struct gw_str key;     /* data NULL for none */
    struct gw_headers headers;
    uint64_t size;          /* of the original payload */
    struct gw_hash128 hash; /* of the original payload */
    bool cut;               /* payload holds only the first bytes */
};

/* The schema's map: what every outlet but Kafka's gets. Fails as gw_record_encode does. In
 * JSON, payload, key and header values are strings when they are valid UTF-8, else {"$bin": base64}. */
enum gw_status gw_dead_letter_encode(const struct gw_dead_letter *letter, enum gw_encoding encoding,
                                     struct gw_buffer *out, struct gw_error *error);

/* The reverse, from either encoding: strings and bytes point into `message` or lie in `arena`. Unknown fields
 * are passed over; `reason` is GW_STATUS_COUNT for a word that this program does not know, `stage` is not
 * read. Fails with an INPUT status for what is no dead letter, or with GW_NO_MEMORY. */
enum gw_status gw_dead_letter_decode(struct gw_str message, struct gw_arena *arena,
                                     struct gw_dead_letter *out, struct gw_error *error);

/* Kafka's form: gw-reason, gw-stage, gw-detail, gw-position and gw-program, to be sent with the original's
 * value, key and headers; a cut one adds gw-size, gw-hash and gw-cut. All is copied to `arena`. Fails with
 * GW_NO_MEMORY only. */
enum gw_status gw_dead_letter_headers(const struct gw_dead_letter *letter, struct gw_arena *arena,
                                      struct gw_headers *out);

/* Shortens the payload to GW_DEAD_LETTER_CUT_BYTES (or to `limit`, if that is less) when it is above `limit`,
 * and says so in `cut`. `size` and `hash` must already be the whole payload's. */
void gw_dead_letter_cut(struct gw_dead_letter *letter, size_t limit);

#endif
