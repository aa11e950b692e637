/* What the tagger sees of a text, written out: for people who want to know, and for trainers of other kinds.
 */
#ifndef GW_PROCESS_ENTITIES_TAGGER_TAG_FEATURES_H
#define GW_PROCESS_ENTITIES_TAGGER_TAG_FEATURES_H

#include "base/buffer.h"
#include "process/model.h"

/* Appends a line for each token that may be a part of a name, an empty one between stretches of them:
 *
 *   TOKEN <tab> FEATURE <tab> FEATURE …
 *
 * A feature is ROLE=word (the text's own, in small letters), a table's name and row (SHAPES=837), or pair=
 * and sixteen hexadecimal digits; `text` is valid UTF-8. What other tokens were tagged is left out: the
 * second pass adds it. GW_NO_MEMORY, and GW_TOO_LARGE when `out` is full. */
enum gw_status gw_tag_features_write(struct gw_str text, const struct gw_model *model, struct gw_arena *arena,
                                     struct gw_buffer *out);

#endif
