/* The documented defaults. */
#include "schemas/limits.h"

const struct gw_limits gw_limits_default = {
    .message_bytes = GW_LIMIT_MESSAGE_BYTES_DEFAULT,
    .depth = GW_LIMIT_DEPTH_DEFAULT,
    .string_bytes = GW_LIMIT_STRING_BYTES_DEFAULT,
    .keys = GW_LIMIT_KEYS_DEFAULT,
    .items = GW_LIMIT_ITEMS_DEFAULT,
    .id_bytes = GW_LIMIT_ID_BYTES_DEFAULT,
    .targets = GW_LIMIT_TARGETS_DEFAULT,
    .authors = GW_LIMIT_AUTHORS_DEFAULT,
    .entities = GW_LIMIT_ENTITIES_DEFAULT,
    .mentions = GW_LIMIT_MENTIONS_DEFAULT,
};
