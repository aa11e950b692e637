/* The model's names, found in the text: the longest at a token. */
#ifndef GW_PROCESS_ENTITIES_LINKS_GAZETTEER_H
#define GW_PROCESS_ENTITIES_LINKS_GAZETTEER_H

#include "process/text/tokens.h"

struct gw_gazetteer_match {
    uint32_t last;              /* token; only meaningful with a name */
    const struct gw_name *name; /* NULL: none begins here */
};

/* The longest name of the model whose first word is token `first`; it lies before token `end`. Costs at most
 * the words of the longest name. */
struct gw_gazetteer_match gw_gazetteer_match(const struct gw_model *model, const struct gw_text *text,
                                             uint32_t first, uint32_t end);

#endif
