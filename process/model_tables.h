/* The model file's layout, and a model as the modules of process/ use it: typed tables over the mapped file.
 *
 *   [ header 64 bytes | section table | section | section | ... ]     all little-endian, sections 16-byte
 * aligned, large ones with the lines of the processor's cache (64 bytes)
 *
 * The hash in the header is XXH3-128 over every byte behind the header. */
#ifndef GW_PROCESS_MODEL_TABLES_H
#define GW_PROCESS_MODEL_TABLES_H

#include "base/file_map.h"
#include "base/hash.h"
#include "process/model.h"
#include "process/model_flags.h"
#include "process/tag_tables.h"

#include <stdbool.h>
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define GW_MODEL_MAGIC      "GWMODEL\n"
#define GW_MODEL_BYTE_ORDER UINT32_C(0x01020304)
#define GW_MODEL_VERSION    2U
#define GW_MODEL_BYTES_MAX  ((size_t)64 << 20)

struct gw_model_header {
    char magic[8];
    uint32_t byte_order;
    uint32_t version;
    uint64_t size; /* of the whole file */
    uint64_t hash_low, hash_high;
    uint32_t section_count;
    uint32_t word_flag_count; /* rows of the tables in model_flags.h when the file was made */
    uint32_t setting_count;
    uint32_t reserved[3]; /* 0 */
};

struct gw_model_section {
    uint32_t kind;
    uint32_t record_size;
    uint64_t offset;
    uint64_t count; /* records */
};

/* name, record type */
#define GW_MODEL_SECTION_TABLE(X)                                                                            \
    X(TITLE, title, char)                     /* the model's name and version */                             \
    X(STRINGS, strings, char)                 /* what names and countries point into */                      \
    X(SETTINGS, settings, int32_t)            /* by enum gw_setting */                                       \
    X(FOLDS, folds, struct gw_fold)           /* by code point from GW_FOLD_FIRST */                         \
    X(WORD_SLOTS, word_slots, struct gw_slot) /* hash table of words; its size is a power of two */          \
    X(WORDS, words, struct gw_word)                                                                          \
    X(NAME_SLOTS, name_slots, struct gw_slot) /* hash table of names and of their beginnings */              \
    X(NAMES, names, struct gw_name)                                                                          \
    X(COUNTRIES, countries, struct gw_country) /* country 0 is none */                                       \
    X(PLACES, places, struct gw_place)         /* by key, the largest of a name first */                     \
    X(PAIR_SLOTS, pair_slots, struct gw_slot)  /* hash table of pairs of words with a weight */              \
    X(PAIRS, pairs, struct gw_pair_weight)                                                                   \
    X(TARGET_SLOTS, target_slots, struct gw_slot) /* hash table of the rows behind the first GW_UNIT_KEYS */ \
    X(TARGET_ROWS, target_rows, struct gw_target_row)                                                        \
    X(TAG_WORDS, tag_words, struct gw_tag_word)                                                              \
    X(TAG_CELLS, tag_cells, struct gw_tag_row)                                                               \
    X(TAG_SLOTS, tag_slots, struct gw_slot) /* hash table of pairs */                                        \
    X(TAG_PAIRS, tag_pairs, struct gw_tag_row)                                                               \
    X(TAG_TRANSITIONS, tag_transitions, struct gw_tag_row) /* from each tag; the first is also the start */  \
    X(TAG_CONFIDENCES, tag_confidences, struct gw_tag_confidence) /* by rising margin */                     \
    X(TAG_VOCABULARY, tag_vocabulary, char) /* the words that have rows, for whoever packs the model anew */

/* Open addressing with linear probing from hash mod size; `tag` is the hash's upper half, `index` the record,
 * or GW_SLOT_EMPTY, or (names) GW_SLOT_PREFIX: only the beginning of one. */
struct gw_slot {
    uint32_t tag;
    uint32_t index;
};
#define GW_SLOT_EMPTY  UINT32_MAX
#define GW_SLOT_PREFIX (UINT32_MAX - 1)

struct gw_word {
    uint64_t flags;     /* GW_WORD(…) */
    int16_t valence;    /* its weight in a score, in 10^-4; 0 for words without */
    uint8_t country;    /* of a demonym */
    uint8_t name_words; /* words of the longest gazetteer name that starts with it */
    uint32_t tagging;   /* its rows in tag_words and its cluster: gw_word_tag_row, gw_word_cluster */
};

#define GW_WORD_TAG_BITS 24
static inline uint32_t gw_word_tag_row(const struct gw_word *word) {
    return word->tagging & ((UINT32_C(1) << GW_WORD_TAG_BITS) - 1);
}
static inline uint32_t gw_word_cluster(const struct gw_word *word) {
    return word->tagging >> GW_WORD_TAG_BITS & 0x7F;
}
/* Its rows are not shared with other words. */
static inline bool gw_word_has_own_rows(const struct gw_word *word) {
    return word->tagging >> 31;
}

struct gw_name {
    uint32_t name; /* the canonical form in strings */
    uint16_t name_size;
    uint8_t type;  /* enum gw_entity_type */
    uint8_t flags; /* GW_NAME(…) */
    uint8_t country;
    uint8_t reserved[3];
    uint32_t canonical; /* the record of the canonical form; its own where it is that */
};

struct gw_country {
    uint32_t label; /* in strings */
    uint16_t label_size;
    char alpha2[2];
};

/* A town, or a state or province. */
struct gw_place {
    uint32_t key; /* the upper half of its name's hash */
    uint32_t id;  /* GeoNames'; 0: none is known */
    int32_t latitude, longitude;
    uint32_t label; /* gw_place_label, gw_place_label_size */
    uint16_t region;
    uint8_t country;
    uint8_t size : 6;  /* the binary logarithm of its people */
    uint8_t flags : 2; /* GW_PLACE_… */
};
#define GW_PLACE_REGION 1U

#define GW_PLACE_LABEL_BITS 24
static inline uint32_t gw_place_label(const struct gw_place *place) {
    return place->label & ((UINT32_C(1) << GW_PLACE_LABEL_BITS) - 1);
}
static inline uint32_t gw_place_label_size(const struct gw_place *place) {
    return place->label >> GW_PLACE_LABEL_BITS;
}

/* Of two words that follow each other, beyond what each weighs by itself. */
struct gw_pair_weight {
    int16_t weight; /* in 10^-4 */
};

/* Where a unit of a sentence stands, seen from a mention: process/sentiment/target_units.h. */
enum gw_unit_place {
    GW_UNIT_ANYWHERE,
    GW_UNIT_LEFT, /* the nearer, the more */
    GW_UNIT_RIGHT,
    GW_UNIT_LEFT_NEXT, /* beside it */
    GW_UNIT_RIGHT_NEXT,
    GW_UNIT_LEFT_OWN, /* no other name between, and nothing that parts clauses */
    GW_UNIT_RIGHT_OWN,
    GW_UNIT_RIGHT_SECOND,
    GW_UNIT_PLACE_COUNT
};

/* What a unit at each place says of a mention: for negative and for positive, against neutral. */
#define GW_UNIT_KEYS 256U /* of the first rows: they are found by their number; row 0 is 0 */
struct gw_target_row {
    int8_t weights[2][GW_UNIT_PLACE_COUNT];
};

/* Up to four ASCII letters that a character is folded to; terminated when shorter. None: the character
 * itself. */
struct gw_fold {
    char letters[4];
};
#define GW_FOLD_FIRST 0xC0U
#define GW_FOLD_END   0x250U

/* Most pairs that the tagger asks for have no row: a bit for each of the others, by the low bits of its
 * slot's tag, keeps nearly all searches for nothing away from the slots. */
#define GW_TAG_SIEVE_BITS 18U

struct gw_model {
    struct gw_file_map map;
    uint8_t *word_classes; /* of an open model: process/text/token_classes.h */
    char hash[GW_HASH_HEX_SIZE];
    uint32_t stopword_count; /* the first of the words; no other has the flag */
    uint64_t tag_sieve[(UINT32_C(1) << GW_TAG_SIEVE_BITS) / 64];
#define GW_MODEL_FIELD(name, field, type)                                                                    \
    const type *field;                                                                                       \
    uint32_t field##_count;
    GW_MODEL_SECTION_TABLE(GW_MODEL_FIELD)
#undef GW_MODEL_FIELD
};

enum gw_model_section_kind {
#define GW_MODEL_SECTION_ENUM(name, field, type) GW_MODEL_SECTION_##name,
    GW_MODEL_SECTION_TABLE(GW_MODEL_SECTION_ENUM)
#undef GW_MODEL_SECTION_ENUM
        GW_MODEL_SECTION_COUNT
};

/* No word of the model. */
#define GW_NO_WORD UINT32_MAX

/* `first ? a : b` where no processor can foresee which: without a branch, whatever the compiler thinks. */
static inline const void *gw_either(bool first, uintptr_t a, const void *b) {
    uintptr_t mask = (uintptr_t)0 - (uintptr_t)first;
    return (const void *)((a & mask) | ((uintptr_t)b & ~mask));
}

/* Checks `bytes` (8-byte aligned) as a model file and fills `model`'s tables; it keeps pointing into them. */
enum gw_status gw_model_check(struct gw_str bytes, struct gw_model *model, struct gw_error *error);

/* The hash by which a name's words are looked up: start with 0, add each word's hash. */
static inline uint64_t gw_name_hash_add(uint64_t hash, uint64_t word_hash) {
    return ((hash << 23 | hash >> 41) ^ word_hash) * UINT64_C(0x9E3779B97F4A7C15);
}

/* The hash by which a pair of words is looked up. */
static inline uint64_t gw_pair_hash(uint64_t first, uint64_t second) {
    return gw_name_hash_add(gw_name_hash_add(0, first), second);
}

/* Slots that are looked at in one step: a line of the cache. Tables have a multiple of them. */
#define GW_SLOTS_AT_ONCE 8U

/* Where a search begins. */
static inline const struct gw_slot *gw_slot_home(const struct gw_slot *slots, uint32_t count, uint64_t hash) {
    return &slots[(uint32_t)hash & (count - 1)];
}

#if defined(__SSE2__)
/* Bit 2k: slot k has the tag; bit 2k + 1: it is empty. */
static inline uint32_t gw_slots_look(const struct gw_slot *slots, uint32_t tag) {
    const __m128i *two = (const __m128i *)(const void *)slots;
    __m128i wanted = _mm_set1_epi64x((int64_t)((uint64_t)GW_SLOT_EMPTY << 32 | tag));
    __m128i first = _mm_packs_epi32(_mm_cmpeq_epi32(_mm_loadu_si128(two), wanted),
                                    _mm_cmpeq_epi32(_mm_loadu_si128(two + 1), wanted));
    __m128i second = _mm_packs_epi32(_mm_cmpeq_epi32(_mm_loadu_si128(two + 2), wanted),
                                     _mm_cmpeq_epi32(_mm_loadu_si128(two + 3), wanted));
    return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(first, second));
}

/* The slot's index, or GW_SLOT_EMPTY. How many steps a search takes cannot be foreseen, so that those in one
 * line of the cache are taken at once; what lies before the first step is not looked at. */
static inline uint32_t gw_slot_find(const struct gw_slot *slots, uint32_t count, uint64_t hash) {
    uint32_t tag = (uint32_t)(hash >> 32), at = (uint32_t)hash & (count - 1);
    uint32_t within = at % GW_SLOTS_AT_ONCE, looked_at = UINT32_MAX << 2 * within;
    for (at -= within;; at = (at + GW_SLOTS_AT_ONCE) & (count - 1)) {
        uint32_t bits = gw_slots_look(slots + at, tag) & looked_at;
        if (bits != 0) {
            return slots[at + (uint32_t)__builtin_ctz(bits) / 2].index;
        }
        looked_at = UINT32_MAX;
    }
}
#else
static inline uint32_t gw_slot_find(const struct gw_slot *slots, uint32_t count, uint64_t hash) {
    uint32_t tag = (uint32_t)(hash >> 32), at = (uint32_t)hash & (count - 1);
    while (slots[at].tag != tag && slots[at].index != GW_SLOT_EMPTY) {
        at = (at + 1) & (count - 1);
    }
    return slots[at].index;
}
#endif

static inline uint32_t gw_model_find_word(const struct gw_model *model, uint64_t hash) {
    return gw_slot_find(model->word_slots, model->word_slots_count, hash);
}

/* False: the pair has no row. */
static inline bool gw_model_may_have_pair(const struct gw_model *model, uint64_t pair) {
    uint32_t bit = (uint32_t)(pair >> 32) & ((UINT32_C(1) << GW_TAG_SIEVE_BITS) - 1);
    return model->tag_sieve[bit / 64] >> bit % 64 & 1;
}

/* What is known of a word; an empty record for GW_NO_WORD. */
static inline const struct gw_word *gw_model_word(const struct gw_model *model, uint32_t word) {
    static const struct gw_word unknown;
    return gw_either(word < model->words_count, (uintptr_t)model->words + (uintptr_t)word * sizeof unknown,
                     &unknown);
}

static inline int32_t gw_model_setting(const struct gw_model *model, enum gw_setting setting) {
    return model->settings[setting];
}

static inline struct gw_str gw_name_canonical(const struct gw_model *model, const struct gw_name *name) {
    return (struct gw_str){model->strings + name->name, name->name_size};
}

#endif
