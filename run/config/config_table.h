/* The table behind the configuration: one row per key gives parser, checks, reference, man page and schema.
 */
#ifndef GW_RUN_CONFIG_CONFIG_TABLE_H
#define GW_RUN_CONFIG_CONFIG_TABLE_H

#include "run/config/config.h"

enum gw_key_type {
    GW_KEY_STRING,
    GW_KEY_PATH,       /* relative ones start from the config's directory; "-" stays */
    GW_KEY_SECRET,     /* never shown; KEY_file reads it from a file */
    GW_KEY_BOOL,       /* true or false */
    GW_KEY_NUMBER,     /* a whole number */
    GW_KEY_SIZE,       /* bytes: 4096, 64KiB, 16MiB, 1GiB */
    GW_KEY_DURATION,   /* milliseconds: 250ms, 30s, 5m, 1h */
    GW_KEY_WORD,       /* one of a few words */
    GW_KEY_STRINGS,    /* a list; one string stands for a list of one */
    GW_KEY_PATHS,      /* the same, of paths */
    GW_KEY_PROPERTIES, /* a map of strings */
    GW_KEY_TYPE_COUNT
};

/* One word of a GW_KEY_WORD; a list of them ends with word NULL. */
struct gw_key_word {
    const char *word;
    int value;
    const char *doc;
};

enum gw_key_flag {
    GW_KEY_AFFECTS_RECORDS = 1 << 0, /* part of the config's hash */
    GW_KEY_NEEDS_RESTART = 1 << 1,   /* SIGHUP cannot change it */
    GW_KEY_REQUIRED = 1 << 2         /* within its section, when the section is there */
};

/* A value that a type alone does not check: NULL when it fits, else what is wrong and what to write instead.
 */
typedef const char *(*gw_key_check)(const char *value);

struct gw_config_key {
    const char *name; /* dotted: "source.kafka.brokers" */
    enum gw_key_type type;
    size_t offset;           /* of its member in struct gw_config */
    size_t size;             /* of that member */
    size_t count_offset;     /* of the list's count; lists and maps only */
    const char *initial;     /* the default as it would be written; NULL: none, or computed */
    const char *initial_doc; /* a computed default in words; NULL: `initial` says it */
    uint64_t min, max;       /* of numbers, sizes and durations */
    const struct gw_key_word *words;
    gw_key_check check; /* may be NULL; lists: of each item */
    unsigned flags;     /* enum gw_key_flag */
    const char *example;
    const char *doc; /* one line */
    const char *since;
};

extern const struct gw_config_key gw_config_keys[];
extern const size_t gw_config_key_count;

/* A key that holds others: a heading of the reference. Under `source`, `sink` and `dead_letters` one section
 * per endpoint kind; its presence chooses the kind. */
struct gw_config_section {
    const char *name;
    enum gw_endpoint_kind kind; /* UNSET for plain headings */
    size_t kind_offset;
    const char *doc;
};

extern const struct gw_config_section gw_config_sections[];
extern const size_t gw_config_section_count;

/* NULL when there is none with this dotted name. */
const struct gw_config_key *gw_config_key_find(const char *name);
const struct gw_config_section *gw_config_section_find(const char *name);

/* "a string", "a size such as 64MiB" …: what to write for this type. */
const char *gw_key_type_doc(enum gw_key_type type);

/* The most keys a table may have; a loader keeps a line number for each. */
#define GW_CONFIG_KEYS_MAX 160

#endif
