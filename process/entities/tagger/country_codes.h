/* Codes of countries in brackets behind people's names, as sport has them: "Ana Quispe (PER)". */
#ifndef GW_PROCESS_ENTITIES_TAGGER_COUNTRY_CODES_H
#define GW_PROCESS_ENTITIES_TAGGER_COUNTRY_CODES_H

#include "process/entities/tagger/tagger.h"

/* Makes places of those that were taken for other names. Linear in the spans. */
void gw_country_codes_set(const struct gw_text *text, const struct gw_model *model,
                          struct gw_name_spans *spans);

#endif
