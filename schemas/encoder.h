/* Structs through a writer, as their tables say. */
#ifndef GW_SCHEMAS_ENCODER_H
#define GW_SCHEMAS_ENCODER_H

#include "schemas/span.h"
#include "schemas/table.h"
#include "schemas/writer.h"

struct gw_encoder {
    struct gw_writer *writer;
    const struct gw_offset_map *maps; /* by enum gw_text_field; NULL for tables without spans */
    const struct gw_field *left_out;  /* an optional row that is not to be written, or NULL */
};

/* Writes the struct at `base` as one map. Takes no memory but the buffer's; failures stick in the buffer. */
void gw_encode(const struct gw_encoder *encoder, const struct gw_table *table, const void *base);

#endif
