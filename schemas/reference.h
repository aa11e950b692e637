/* A schema's table as a page for people, in Markdown. */
#ifndef GW_SCHEMAS_REFERENCE_H
#define GW_SCHEMAS_REFERENCE_H

#include "schemas/table.h"

/* Appends the page of an outermost table. `arena` is scratch memory. Fails with GW_NO_MEMORY or GW_TOO_LARGE,
 * as the buffer does. */
enum gw_status gw_reference_write(const struct gw_table *table, struct gw_arena *arena,
                                  struct gw_buffer *out);

#endif
