/* Where a message was: the name that audits, dead letters and consumers know it by. */
#ifndef GW_SCHEMAS_POSITION_H
#define GW_SCHEMAS_POSITION_H

#include "base/status.h"
#include "base/str.h"

#include <stdint.h>

enum gw_position_kind {
    GW_POSITION_NONE,
    GW_POSITION_KAFKA, /* kafka:TOPIC/PARTITION/OFFSET */
    GW_POSITION_ACKED, /* acked:SESSION/SEQ */
    GW_POSITION_HUB,   /* hub:START/NUMBER, for PULL and SUB */
    GW_POSITION_FILE   /* file:PATH/BYTE */
};

/* `name` is the topic, the session, the hub's start id or the path; it belongs to whoever made the position.
 */
struct gw_position {
    enum gw_position_kind kind;
    struct gw_str name;
    int32_t partition; /* Kafka only, else 0 */
    int64_t number;    /* offset, seq, number or byte */
};

/* The longest text of a position; longer names are refused when a source opens. */
#define GW_POSITION_TEXT_MAX 512

/* Writes the text form with a terminator; returns its length (0 and "" for GW_POSITION_NONE). Bytes of the
 * name outside printable ASCII, and '%', are written as %XX, so that the text is one ASCII word; '/' in a
 * name stays (the last parts are read from the right). A name that is too long is cut. */
size_t gw_position_format(const struct gw_position *position, char out[GW_POSITION_TEXT_MAX]);

/* The reverse; `out->name` is decoded into `name_out` (GW_POSITION_TEXT_MAX bytes). GW_MALFORMED if it is
 * none. */
enum gw_status gw_position_parse(struct gw_str text, struct gw_position *out,
                                 char name_out[GW_POSITION_TEXT_MAX]);

#endif
