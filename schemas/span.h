/* Spans of an article's text. Inside the program they are byte offsets; on the wire, in the unit that
 * `offsets` names. */
#ifndef GW_SCHEMAS_SPAN_H
#define GW_SCHEMAS_SPAN_H

#include "base/arena.h"
#include "base/status.h"

#include <stdint.h>

enum gw_text_field { GW_FIELD_BODY, GW_FIELD_TITLE, GW_FIELD_COUNT };

/* Half-open, in bytes, on character borders. */
struct gw_span {
    uint32_t start, end;
    uint8_t field; /* enum gw_text_field */
};

enum gw_offsets { GW_OFFSETS_CODEPOINT, GW_OFFSETS_BYTE, GW_OFFSETS_UTF16 };

/* Converts between byte offsets of one text and another unit in nearly constant time: counts at every 16th
 * byte, and nothing at all for ASCII. Memory is the arena's; the text must outlive it. */
struct gw_offset_map {
    struct gw_str text;
    enum gw_offsets unit;
    const uint32_t *counts; /* units before byte 16·i; NULL when units are bytes */
    size_t count_size;
};

enum gw_status gw_offset_map_build(struct gw_offset_map *map, struct gw_str text, enum gw_offsets unit,
                                   struct gw_arena *arena);

/* `byte` ≤ text size, on a character border. */
uint32_t gw_offset_map_from_byte(const struct gw_offset_map *map, uint32_t byte);

/* False when `unit` is beyond the text or inside a character (a half of a surrogate pair). */
bool gw_offset_map_to_byte(const struct gw_offset_map *map, uint64_t unit, uint32_t *byte);

#endif
