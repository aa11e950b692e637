/* Roles of people: the offices and titles that stand beside their names. */
#ifndef GW_PROCESS_ENTITIES_NAMES_ROLES_H
#define GW_PROCESS_ENTITIES_NAMES_ROLES_H

#include "process/entities/tagger/tagger.h"

/* Sets role_first and role_last of people: the title right before the name with what belongs to it ("Russian
 * Defense Minister"), or behind it between commas ("…, the finance minister of Kenya,"). "Mr" and the like
 * are no roles. Linear in the spans. */
void gw_roles_find(const struct gw_text *text, const struct gw_model *model, struct gw_name_spans *spans);

#endif
