/* How tests of the pipeline make records: all defaults, dead letters in Kafka's form. */
#ifndef GW_TESTS_ENRICHING_H
#define GW_TESTS_ENRICHING_H

#include "run/enrich.h"

static inline struct gw_enrich_settings enriching_with(const struct gw_model *model) {
    return (struct gw_enrich_settings){.model = model,
                                       .limits = &gw_limits_default,
                                       .instance = "test",
                                       .config_hash = "0",
                                       .budget = GW_ANNOTATE_BUDGET_DEFAULT,
                                       .letter_form = GW_LETTER_KAFKA,
                                       .record_bytes_max = 1 << 20,
                                       .letter_payload_max = SIZE_MAX,
                                       .memory_bytes = 8 << 20};
}

#endif
