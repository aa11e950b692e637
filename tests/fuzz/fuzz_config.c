/* The configuration: any text loads or is refused with mistakes that can be shown; a hash and all members are
 * there when it loads. */
#include "fuzz/fuzz.h"
#include "run/config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct gw_config *config = NULL;
    struct gw_config_errors errors;
    enum gw_status status =
        gw_config_load((struct gw_str){(const char *)data, size}, "/etc", &config, &errors);
    FUZZ_CHECK(status == GW_OK || status == GW_BAD_CONFIG || status == GW_NO_MEMORY);
    FUZZ_CHECK((status == GW_OK) == (config != NULL));
    FUZZ_CHECK((status == GW_BAD_CONFIG) == (errors.count > 0));
    for (size_t i = 0; i < errors.count; i++) {
        FUZZ_CHECK(memchr(errors.items[i].key, '\0', sizeof errors.items[i].key));
        FUZZ_CHECK(errors.items[i].message[0] != '\0');
    }
    if (config) {
        FUZZ_CHECK(strlen(config->hash) == GW_HASH_HEX_SIZE - 1);
        FUZZ_CHECK(config->workers >= 1 && config->workers <= GW_CONFIG_WORKERS_MAX);
        FUZZ_CHECK(config->delivery != GW_DELIVERY_UNSET && config->instance && config->state_dir &&
                   config->run_dir);
        FUZZ_CHECK(config->sink.kind != GW_ENDPOINT_UNSET && config->dead_letters.kind != GW_ENDPOINT_UNSET);
    }
    gw_config_free(config);
    return 0;
}
