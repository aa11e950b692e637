/* The trained weights as the model's rows. */
#ifndef GW_TRAINING_TAGGER_ROWS_H
#define GW_TRAINING_TAGGER_ROWS_H

#include "crf.h"

/* Margins and whether each was right, of some mentions. */
struct judged {
    int32_t margin;
    bool right;
};

/* Writes the tagger's sections for build_model.py, with the `most_pairs` heaviest pairs; sorts `judged`. Ends
 * the program with a message on failure. */
void rows_write(const char *path, const struct crf *crf, struct features *features,
                const struct vocabulary *vocabulary, struct judged *judged, size_t judged_count,
                size_t most_pairs);

#endif
