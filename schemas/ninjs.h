/* IPTC's ninjs beside our own names: items that come in under its names, and its lists of names in the
 * record. */
#ifndef GW_SCHEMAS_NINJS_H
#define GW_SCHEMAS_NINJS_H

#include "base/arena.h"
#include "schemas/annotation.h"
#include "schemas/value.h"

/* When the map `item` has neither `title` nor `body` but a ninjs text, gives its fields our names:
 * `headline`, `headlines`, `body_text`, `body_xhtml`, `body_html`, `bodies`, `uri`, `byline`,
 * `versioncreated`, `firstcreated`. Fields that are there under our own name stay. True when the body is
 * HTML. */
bool gw_ninjs_adopt(struct gw_value *item);

/* Somebody or something that the record names, as ninjs lists them. */
struct gw_ninjs_name {
    struct gw_str name;
    struct gw_str uri; /* "scheme:id" of its first link; absent when it has none */
};

enum gw_ninjs_list {
    GW_NINJS_PEOPLE,
    GW_NINJS_ORGANISATIONS,
    GW_NINJS_PLACES,
    GW_NINJS_SUBJECTS,
    GW_NINJS_LIST_COUNT
};

struct gw_ninjs_lists {
    struct {
        struct gw_ninjs_name *items; /* most salient first */
        size_t count;
    } lists[GW_NINJS_LIST_COUNT];
};

/* GW_NO_MEMORY when the arena is at its end. */
enum gw_status gw_ninjs_make_lists(const struct gw_annotation *annotation, struct gw_arena *arena,
                                   struct gw_ninjs_lists *lists);

#endif
