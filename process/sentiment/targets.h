/* Sentiment towards entities and towards the spans that the article asks for. */
#ifndef GW_PROCESS_SENTIMENT_TARGETS_H
#define GW_PROCESS_SENTIMENT_TARGETS_H

#include "process/entities/names/names.h"
#include "process/sentiment/markers.h"
#include "schemas/article.h"

/* Sets each entity's `sentiment`, the mean of what is said around its mentions, and each marker's `target`:
 * the entity that it acts on where it is a verb of verb_frames.h or its noun, whose `kind` is set, too; else
 * the one next to it. A score is the share of positive minus that of negative, a confidence the label's own;
 * both are calibrated. GW_NO_MEMORY when the arena is at its end. */
enum gw_status gw_targets_set_entities(const struct gw_text *text, const struct gw_model *model,
                                       const struct gw_name_spans *spans, struct gw_markers_found *markers,
                                       struct gw_arena *arena, struct gw_entities *entities);

/* The sentiment towards each of the article's targets, in their order, taken from the arena; spans that hold
 * no token are neutral. GW_NO_MEMORY when the arena is at its end. */
enum gw_status gw_targets_score(const struct gw_text *text, const struct gw_model *model,
                                const struct gw_name_spans *spans, const struct gw_markers_found *markers,
                                const struct gw_article *article, struct gw_arena *arena,
                                struct gw_target_sentiment **out);

#endif
