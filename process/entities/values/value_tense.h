/* Whether what a sentence tells at a place lies before or after its telling. */
#ifndef GW_PROCESS_ENTITIES_VALUES_VALUE_TENSE_H
#define GW_PROCESS_ENTITIES_VALUES_VALUE_TENSE_H

#include "process/entities/values/value_reader.h"

enum gw_tense { GW_TENSE_UNSURE, GW_TENSE_PAST, GW_TENSE_FUTURE };

/* Judged by the verbs around token `at` of the sentence that `reader` has whole; UNSURE unless they agree. */
enum gw_tense gw_tense_at(const struct gw_value_reader *reader, uint32_t at);

#endif
