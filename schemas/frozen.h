/* What has been released of a schema, as a list of lines, and whether a table still has it all. */
#ifndef GW_SCHEMAS_FROZEN_H
#define GW_SCHEMAS_FROZEN_H

#include "schemas/table.h"

/* Appends one line per field, "PATH TYPE PRESENCE", and one per word, "PATH = WORD". Fails as the buffer
 * does. */
enum gw_status gw_frozen_list(const struct gw_table *table, struct gw_buffer *out);

struct gw_frozen_difference {
    size_t gone;  /* lines of `frozen` that are not in `current`: released, and now removed or changed */
    size_t added; /* lines of `current` that are not in `frozen`: new, to be released */
};

/* Compares two lists, in whatever order; appends to `report` "- LINE" for each that is gone and "+ LINE" for
 * each that is new. */
struct gw_frozen_difference gw_frozen_compare(struct gw_str frozen, struct gw_str current,
                                              struct gw_buffer *report);

#endif
