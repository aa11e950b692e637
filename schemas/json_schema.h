/* A schema's table as JSON Schema, draft 2020-12. */
#ifndef GW_SCHEMAS_JSON_SCHEMA_H
#define GW_SCHEMAS_JSON_SCHEMA_H

#include "schemas/table.h"

/* Appends the JSON Schema of an outermost table, indented and with a line feed at its end. It describes the
 * JSON form, which MessagePack's is the same as, but for bytes. `arena` is scratch memory. Fails with
 * GW_NO_MEMORY or GW_TOO_LARGE, as the buffer does. */
enum gw_status gw_json_schema_write(const struct gw_table *table, struct gw_arena *arena,
                                    struct gw_buffer *out);

#endif
