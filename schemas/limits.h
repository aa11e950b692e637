/* Every limit on what comes in, in one place. The config table offers each under `limits`. */
#ifndef GW_SCHEMAS_LIMITS_H
#define GW_SCHEMAS_LIMITS_H

#include <stddef.h>

#define GW_LIMIT_MESSAGE_BYTES_DEFAULT ((size_t)16 << 20) /* a whole message */
#define GW_LIMIT_DEPTH_DEFAULT         ((size_t)32)       /* maps and arrays inside each other */
#define GW_LIMIT_STRING_BYTES_DEFAULT  ((size_t)16 << 20) /* one string or bin */
#define GW_LIMIT_KEYS_DEFAULT          ((size_t)1024)     /* pairs of one map */
#define GW_LIMIT_ITEMS_DEFAULT         ((size_t)1 << 20) /* values and keys of one message, all levels together */
#define GW_LIMIT_ID_BYTES_DEFAULT      ((size_t)1024)   /* an article's id */
#define GW_LIMIT_TARGETS_DEFAULT       ((size_t)1024)   /* an article's targets */
#define GW_LIMIT_AUTHORS_DEFAULT       ((size_t)256)    /* an article's authors */
#define GW_LIMIT_ENTITIES_DEFAULT      ((size_t)10000)  /* a record's entities */
#define GW_LIMIT_MENTIONS_DEFAULT      ((size_t)100000) /* a record's mentions */

/* No limit may be configured above these: spans are 32-bit, and readers and writers recurse. The readers
 * clamp to them. */
#define GW_LIMIT_MESSAGE_BYTES_MAX ((size_t)1 << 30)
#define GW_LIMIT_DEPTH_MAX         ((size_t)256)

struct gw_limits {
    size_t message_bytes;
    size_t depth;
    size_t string_bytes;
    size_t keys;
    size_t items;
    size_t id_bytes;
    size_t targets;
    size_t authors;
    size_t entities;
    size_t mentions;
};

extern const struct gw_limits gw_limits_default;

#endif
