/* Offset maps: counts at every 16th byte, a short count from there. */
#include "schemas/span.h"

#include "base/utf8.h"

#define BLOCK ((size_t)16)

/* Units of the characters that begin in `part`, which may itself begin inside a character. */
static size_t count_units(enum gw_offsets unit, struct gw_str part) {
    return unit == GW_OFFSETS_UTF16 ? gw_utf8_count_utf16(part) : gw_utf8_count(part);
}

/* Valid UTF-8 without continuation bytes. */
static bool is_ascii(struct gw_str text) {
    return gw_utf8_count(text) == text.size;
}

enum gw_status gw_offset_map_build(struct gw_offset_map *map, struct gw_str text, enum gw_offsets unit,
                                   struct gw_arena *arena) {
    *map = (struct gw_offset_map){.text = text, .unit = unit};
    if (unit == GW_OFFSETS_BYTE || is_ascii(text)) {
        return GW_OK;
    }
    size_t blocks = text.size / BLOCK + 1;
    uint32_t *counts = gw_arena_take(arena, blocks * sizeof *counts);
    if (!counts) {
        return GW_NO_MEMORY;
    }
    counts[0] = 0;
    for (size_t i = 1; i < blocks; i++) {
        struct gw_str block = gw_str_sub(text, (i - 1) * BLOCK, i * BLOCK);
        counts[i] = counts[i - 1] + (uint32_t)count_units(unit, block);
    }
    map->counts = counts;
    map->count_size = blocks;
    return GW_OK;
}

uint32_t gw_offset_map_from_byte(const struct gw_offset_map *map, uint32_t byte) {
    if (!map->counts) {
        return byte;
    }
    size_t block = byte / BLOCK;
    /* As many characters as bytes: each byte begins one. (A surrogate pair's two units could make up for
     * others.) */
    bool plain = map->unit == GW_OFFSETS_CODEPOINT && block + 1 < map->count_size &&
                 map->counts[block + 1] - map->counts[block] == BLOCK;
    if (plain) {
        return map->counts[block] + (uint32_t)(byte % BLOCK);
    }
    struct gw_str rest = gw_str_sub(map->text, block * BLOCK, byte);
    return map->counts[block] + (uint32_t)count_units(map->unit, rest);
}

/* Whether a character begins at `at`, or the text ends there. */
static bool is_border(struct gw_str text, size_t at) {
    return at == text.size || ((uint8_t)text.data[at] & 0xC0) != 0x80;
}

/* The last block that begins at or before `unit`. */
static size_t block_of(const struct gw_offset_map *map, uint64_t unit) {
    size_t low = 0, high = map->count_size;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (map->counts[middle] <= unit) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

bool gw_offset_map_to_byte(const struct gw_offset_map *map, uint64_t unit, uint32_t *byte) {
    if (!map->counts) {
        *byte = (uint32_t)unit;
        return unit <= map->text.size && is_border(map->text, (size_t)unit);
    }
    size_t block = block_of(map, unit);
    size_t at = block * BLOCK;
    uint64_t reached = map->counts[block];
    while (!is_border(map->text, at)) {
        at++;
    }
    while (reached < unit && at < map->text.size) {
        uint32_t codepoint;
        at += gw_utf8_decode(map->text, at, &codepoint);
        reached += map->unit == GW_OFFSETS_UTF16 && codepoint > 0xFFFF ? 2 : 1;
    }
    *byte = (uint32_t)at;
    return reached == unit;
}
