/* Scores of the sentences and of the document, by the formulas of schemas/annotation.h. */
#ifndef GW_PROCESS_SENTIMENT_SCORES_H
#define GW_PROCESS_SENTIMENT_SCORES_H

#include "process/sentiment/markers.h"

/* Fills annotation->sentences, ->sentiment and ->markers from `markers`; a sentence's `rest` is what its
 * words without a marker weigh. GW_NO_MEMORY when the arena is at its end. */
enum gw_status gw_scores_set(const struct gw_text *text, const struct gw_model *model,
                             const struct gw_markers_found *markers, struct gw_arena *arena,
                             struct gw_annotation *annotation);

/* The label of a score by the model's thresholds. */
enum gw_label gw_scores_label(gw_e4 score, gw_e4 negative, gw_e4 positive);

/* How likely it is that readers would agree with a score's label. */
gw_e4 gw_scores_confidence(const struct gw_model *model, gw_e4 score, enum gw_label label);

#endif
