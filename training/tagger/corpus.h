/* Labelled documents as the trainer reads them, parted into tokens as running does it. */
#ifndef GW_TRAINING_TAGGER_CORPUS_H
#define GW_TRAINING_TAGGER_CORPUS_H

#include "process/entities/tagger/tag_context.h"

#include <stddef.h>

/* A set of labels, one bit each. */
typedef uint16_t label_set;
#define LABELS_ALL ((label_set)((1U << GW_TAG_COUNT) - 1))

struct gold {
    uint32_t start, end; /* bytes */
    uint8_t type;        /* gw_tag_type; 0 for what is not tagged */
};

enum corpus_mode { MODE_FULL, MODE_OPEN, MODE_NEWS };

struct document {
    enum corpus_mode mode;
    uint32_t corpus; /* which file */
    uint32_t number; /* of the document in it */
    float weight;
    uint32_t domain; /* 0 is shared by all */
    struct gw_text text;
    struct gw_tag_text tags;
    label_set *allowed; /* of each token */
    struct gold *gold;
    size_t gold_count;
};

struct corpora {
    struct document *items;
    size_t count;
    struct gw_arena arena;
};

/* Appends the documents of one .docs file; ends the program with a message when it cannot. */
void corpora_read(struct corpora *corpora, const struct gw_model *model, const char *path, float weight,
                  uint32_t domain, uint32_t corpus);

void *need(void *memory);

#endif
