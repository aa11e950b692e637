/* The writer for MessagePack. */
#ifndef GW_SCHEMAS_MSGPACK_WRITER_H
#define GW_SCHEMAS_MSGPACK_WRITER_H

#include "schemas/writer.h"

/* Appends to `out`, which must outlive the writer. Integers take their shortest form; scores are float 64. */
void gw_msgpack_writer_init(struct gw_writer *writer, struct gw_buffer *out);

#endif
