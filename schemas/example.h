/* A whole example of a schema, put together from its rows' examples. */
#ifndef GW_SCHEMAS_EXAMPLE_H
#define GW_SCHEMAS_EXAMPLE_H

#include "schemas/table.h"

/* Writes the example as JSON's writer takes it (counts of maps are not exact), with one element in each
 * array. `arena` is scratch memory. Fails with GW_NO_MEMORY, or as the JSON reader does when a row's example
 * is no JSON. */
enum gw_status gw_example_write(struct gw_writer *writer, const struct gw_term *key,
                                const struct gw_table *table, struct gw_arena *arena);

/* One row's own example as a value; nil when it has none. For a span: a map of `start` and `end`. */
enum gw_status gw_example_read(const struct gw_field *row, struct gw_arena *arena, struct gw_value *out);

#endif
