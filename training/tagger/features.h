/* Features: what training gives a weight to. The rows of the model are sums of them: a word's row in a role
 * is the sum over what is known of the word. */
#ifndef GW_TRAINING_TAGGER_FEATURES_H
#define GW_TRAINING_TAGGER_FEATURES_H

#include "corpus.h"

/* What is known of the words: those that get rows of their own. */
struct vocabulary {
    const struct gw_model *model;
    struct vocable {
        char *word; /* folded */
        uint64_t hash;
        uint32_t clusters[3];
        uint32_t uses; /* beside what may be a name, in the documents trained on */
        bool own;      /* has rows of its own; of others only the first cluster counts */
    } * items;
    size_t count;
    struct gw_keyed_slot_of_word *slots;
    size_t slot_count;
};

#define NO_VOCABLE UINT32_MAX

/* Reads `word cluster cluster cluster` lines. */
void vocabulary_read(struct vocabulary *vocabulary, const struct gw_model *model, const char *path);
/* Leaves the `most` words that are used most rows of their own. */
void vocabulary_limit(struct vocabulary *vocabulary, const struct corpora *corpora, size_t trained,
                      size_t most);

/* A word that has rows of its own, or NO_VOCABLE. */
uint32_t vocabulary_find(const struct vocabulary *vocabulary, uint64_t hash);

/* From keys to numbers. While it grows, every key gets one. */
struct features {
    uint64_t *keys;
    uint32_t *numbers;
    uint32_t *uses; /* by number; of pairs only */
    size_t slots;
    uint32_t count;
    bool grows;
};

#define NO_FEATURE UINT32_MAX

void features_init(struct features *features);
uint32_t features_find(struct features *features, uint64_t key);

/* The key of a cell's feature; a pair's is the pair itself. */
uint64_t cell_key(uint32_t row);

/* What is known of a word. `vocable` is NO_VOCABLE for words without rows of their own. */
struct word_info {
    uint32_t stand_in; /* 0 for words */
    uint32_t vocable;
    uint64_t flags;
};

/* The flags that tell words without rows of their own apart. */
extern const uint64_t class_flags;

#define ATTRIBUTES_MOST 64
size_t word_keys(const struct vocabulary *vocabulary, struct word_info word, uint32_t role,
                 uint64_t keys[ATTRIBUTES_MOST]);

/* One token that is tagged. */
struct item {
    uint32_t *features;
    uint32_t count;
    uint32_t token;
    uint32_t votes[2];
    uint32_t vote_count;
    label_set allowed;
    uint8_t tag, first_tag;
    int32_t margin;
};

/* Items that follow each other; one path of tags. */
struct segment {
    uint32_t first, end;
};

struct sample {
    struct document *document;
    struct item *items;
    struct segment *segments;
    size_t item_count, segment_count;
};

/* The items of one document. */
struct sample sample_make(struct document *document, const struct vocabulary *vocabulary,
                          struct features *features);

/* Takes pairs that were used less often out of the items. */
void sample_prune(struct sample *sample, const struct features *features, uint32_t uses);

/* Sets all items' votes from their first tags. */
void sample_vote(struct sample *sample, struct features *features);

#endif
