/* From the TSV that people write to the block that user_gazetteer.h reads.
 *
 *     alias <tab> type <tab> id [<tab> context words]
 *
 * One line per alias; `#` begins a comment line. The type is one of the record's entity types. Context words
 * are separated by commas or spaces. */
#ifndef GW_PROCESS_ENTITIES_LINKS_USER_GAZETTEER_COMPILE_H
#define GW_PROCESS_ENTITIES_LINKS_USER_GAZETTEER_COMPILE_H

#include "base/buffer.h"
#include "process/model.h"

#define GW_USER_ID_BYTES_MOST   255U
#define GW_USER_LINE_BYTES_MOST 4096U
#define GW_USER_ALIASES_MOST    16000000U
#define GW_USER_COMPLAINTS_MOST 20U

struct gw_user_source {
    const char *path;   /* for messages */
    struct gw_str name; /* the scheme of its ids, at most GW_USER_ID_BYTES_MOST bytes */
    struct gw_str text;
};

/* Appends the compiled block to `out`, which must be empty; what it needs meanwhile is of out's allocator,
 * too, and given back. Mistakes are appended to `complaints` (may be NULL), a line "path:line: what is wrong"
 * each, at most GW_USER_COMPLAINTS_MOST of them; then the status is GW_BAD_CONFIG. The same sources and model
 * give the same bytes. GW_NO_MEMORY, GW_TOO_LARGE as the buffer fails. */
enum gw_status gw_user_gazetteer_compile(const struct gw_user_source *sources, size_t count,
                                         const struct gw_model *model, struct gw_buffer *out,
                                         struct gw_buffer *complaints, struct gw_error *error);

#endif
