/* The writer for JSON. */
#ifndef GW_SCHEMAS_JSON_WRITER_H
#define GW_SCHEMAS_JSON_WRITER_H

#include "schemas/writer.h"

/* Appends to `out`, which must outlive the writer. `indent` 0 is one line without spaces; otherwise so many
 * spaces per level. What JSON has no form for becomes an object of one key: bytes {"$bin": base64},
 * MessagePack extensions {"$ext": [type, base64]}, NaN and the infinities {"$float": "NaN"}; keys that are no
 * strings become the text of their value. Strings must be valid UTF-8. */
void gw_json_writer_init(struct gw_writer *writer, struct gw_buffer *out, unsigned indent);

#endif
