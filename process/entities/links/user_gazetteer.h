/* The user's own gazetteer: what names mean to whoever runs glosswire. Compiled from TSV
 * (user_gazetteer_compile.h) into one read-only block that all workers map:
 *
 *   [ header | buckets | firsts | entries | contexts | strings ]    little-endian, all 8-byte aligned
 *
 * Entries lie in the order of the hashes of their aliases' words, those of one alias behind each other. A
 * bucket holds all entries with one upper part of the hash; `firsts` tells by an alias's first word how many
 * words to look at. */
#ifndef GW_PROCESS_ENTITIES_LINKS_USER_GAZETTEER_H
#define GW_PROCESS_ENTITIES_LINKS_USER_GAZETTEER_H

#include "base/hash.h"
#include "process/entities/tagger/tagger.h"

#define GW_USER_GAZETTEER_MAGIC   "GWNAMES\n"
#define GW_USER_GAZETTEER_VERSION 1U

/* Words of one alias, and context words of one line. */
#define GW_USER_ALIAS_WORDS_MOST   8U
#define GW_USER_CONTEXT_WORDS_MOST 16U

/* Gazetteers of one instance; each has a name, the scheme of its ids. */
#define GW_USER_GAZETTEERS_MOST 16U

struct gw_user_header {
    char magic[8];
    uint32_t byte_order;
    uint32_t version;
    uint64_t size;                /* of the whole block */
    uint64_t hash_low, hash_high; /* over every byte behind the header */
    uint32_t entry_count;
    uint32_t context_count;
    uint32_t string_bytes;
    uint8_t bucket_bits, first_bits;
    uint16_t reserved;
    uint64_t model_low, model_high; /* of the folding table that it was made with */
};

enum gw_user_case {
    GW_USER_ANY_CASE, /* the alias has no capital */
    GW_USER_CAPITAL,  /* its first word begins with one, and so must the text's */
    GW_USER_CAPITALS  /* it has nothing else */
};

/* One line of the TSV. Offsets are into strings: a byte that tells the size, then the bytes. */
struct gw_user_name {
    uint32_t tag; /* the lower half of the alias's hash */
    uint32_t id;
    uint32_t context; /* into contexts: a count, then hashes of words; 0: none */
    uint8_t type;     /* enum gw_entity_type */
    uint8_t letters;  /* enum gw_user_case */
    uint8_t scheme;   /* the gazetteer's name: into the first strings, by number */
    uint8_t reserved;
};

struct gw_user_gazetteer {
    const struct gw_user_header *header;
    const uint32_t *buckets; /* where each begins; one more than there are */
    const uint8_t *firsts;   /* GW_USER_FIRST_… by the upper bits of a word's hash */
    const struct gw_user_name *entries;
    const uint64_t *contexts;
    const char *strings;
    uint32_t schemes[GW_USER_GAZETTEERS_MOST]; /* offsets of their names */
    char hash[GW_HASH_HEX_SIZE];
};

/* What `firsts` holds: the words of the longest alias that begins so, and whether one of them has no capital.
 */
#define GW_USER_FIRST_WORDS 0x0FU
#define GW_USER_FIRST_SMALL 0x80U

/* Checks a compiled block (8-byte aligned) and points into it; the bytes must outlive the gazetteer. It must
 * have been made with this model. GW_BAD_MODEL says what is wrong. */
enum gw_status gw_user_gazetteer_open(struct gw_str bytes, const struct gw_model *model,
                                      struct gw_user_gazetteer *gazetteer, struct gw_error *error);

/* Puts the gazetteer's names among `spans`: the longest at each token. They win over the tagger's names, but
 * for longer ones that have them inside. An alias with context words counts where the article has one of
 * them; of several ids the one with the most, else the first without. Linear in the tokens. GW_NO_MEMORY when
 * the arena is at its end. */
enum gw_status gw_user_names_find(const struct gw_user_gazetteer *gazetteer, const struct gw_text *text,
                                  struct gw_arena *arena, struct gw_name_spans *spans);

/* A string of the gazetteer. */
static inline struct gw_str gw_user_string(const struct gw_user_gazetteer *gazetteer, uint32_t offset) {
    return (struct gw_str){gazetteer->strings + offset + 1, (uint8_t)gazetteer->strings[offset]};
}

static inline struct gw_str gw_user_scheme(const struct gw_user_gazetteer *gazetteer,
                                           const struct gw_user_name *name) {
    return gw_user_string(gazetteer, gazetteer->schemes[name->scheme]);
}

/* What folded words are hashed by depends on the model's folding table. */
struct gw_hash128 gw_user_gazetteer_folding(const struct gw_model *model);

#endif
