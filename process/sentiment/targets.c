/* A sum over the markers in a window, each divided by its distance. It does not look at who the target is. */
#include "process/sentiment/targets.h"

#include "process/sentiment/scores.h"
#include "process/sentiment/squash.h"

/* Tokens on each side of a mention whose markers count, and at what distance a marker counts half. */
#define WINDOW        40U
#define HALF_DISTANCE 6U

/* Markers further from every entity have no target. */
#define TARGET_REACH 6U

/* Tokens of one mention, and the markers that may lie near it: found by walking on from the mention before.
 */
struct place {
    uint32_t first, last;
    uint32_t sentence;
};

static uint32_t distance_to(const struct place *place, uint32_t token) {
    if (token < place->first) {
        return place->first - token;
    }
    return token > place->last ? token - place->last : 0;
}

/* Σ weight · HALF_DISTANCE / (HALF_DISTANCE + distance) over the window, beginning at marker `at`. */
static int64_t sum_window(const struct gw_markers_found *markers, const struct place *place, uint32_t at) {
    int64_t sum = 0;
    for (uint32_t m = at; m < markers->count && markers->places[m].token <= place->last + WINDOW; m++) {
        if (markers->places[m].sentence == place->sentence) {
            uint32_t distance = distance_to(place, markers->places[m].token);
            sum += (int64_t)markers->items[m].weight * HALF_DISTANCE / (int64_t)(HALF_DISTANCE + distance);
        }
    }
    return sum;
}

/* The first marker of the window of a mention that begins at token `first`. */
static uint32_t window_start(const struct gw_markers_found *markers, uint32_t first) {
    uint32_t low = 0, high = markers->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (markers->places[middle].token + WINDOW < first) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* `sum` over `mentions` grows with their root, and so does the norm. */
static struct gw_target_sentiment score_of(const struct gw_model *model, int64_t sum, int64_t mentions) {
    gw_e4 negative = gw_model_setting(model, GW_SETTING_TARGET_NEGATIVE);
    gw_e4 positive = gw_model_setting(model, GW_SETTING_TARGET_POSITIVE);
    int64_t norm =
        gw_e4_times(gw_e4_root(mentions * GW_E4_ONE), gw_model_setting(model, GW_SETTING_TARGET_NORM));
    gw_e4 score = gw_squash(sum, norm);
    return (struct gw_target_sentiment){score, gw_scores_label(score, negative, positive),
                                        gw_scores_confidence(score, negative, positive)};
}

/* Gives the markers near a mention that have no nearer entity yet to it; `nearest` holds the distance so far.
 */
static void claim_markers(struct gw_markers_found *markers, const struct place *place, uint32_t at,
                          uint32_t entity, uint32_t *nearest) {
    for (uint32_t m = at; m < markers->count && markers->places[m].token <= place->last + TARGET_REACH; m++) {
        uint32_t distance = distance_to(place, markers->places[m].token);
        if (markers->places[m].sentence == place->sentence && markers->items[m].weight != 0 &&
            distance < nearest[m] && distance <= TARGET_REACH) {
            nearest[m] = distance;
            markers->items[m].target = entity;
        }
    }
}

enum gw_status gw_targets_set_entities(const struct gw_text *text, const struct gw_model *model,
                                       const struct gw_name_spans *spans, struct gw_markers_found *markers,
                                       struct gw_arena *arena, struct gw_entities *entities) {
    (void)text;
    int64_t *sums = gw_arena_take_zeroed(arena, entities->count, sizeof *sums);
    uint32_t *nearest = gw_arena_take(arena, markers->count * sizeof *nearest);
    if (!sums || !nearest) {
        return GW_NO_MEMORY;
    }
    memset(nearest, 0xFF, markers->count * sizeof *nearest);
    for (uint32_t i = 0; i < spans->count; i++) {
        const struct gw_name_span *span = &spans->items[i];
        struct place place = {span->first, span->last, span->sentence};
        uint32_t entity = entities->of_span[i];
        if (entity == GW_NO_INDEX) {
            continue;
        }
        uint32_t at = window_start(markers, span->first);
        sums[entity] += sum_window(markers, &place, at);
        claim_markers(markers, &place, at, entity, nearest);
    }
    for (size_t e = 0; e < entities->count; e++) {
        entities->items[e].sentiment = score_of(model, sums[e], (int64_t)entities->items[e].mention_count);
    }
    return GW_OK;
}

/* The tokens that `span` touches; false when it touches none. */
static bool tokens_of(const struct gw_text *text, struct gw_span span, struct place *place) {
    uint32_t low = span.field == GW_FIELD_TITLE ? 0 : text->title_count;
    uint32_t field_end = span.field == GW_FIELD_TITLE ? text->title_count : text->token_count;
    uint32_t high = field_end;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (text->tokens[middle].end <= span.start) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    place->first = place->last = low;
    while (place->last + 1 < field_end && text->tokens[place->last + 1].start < span.end) {
        place->last++;
    }
    return low < field_end && text->tokens[low].start < span.end;
}

static uint32_t sentence_of(const struct gw_text *text, uint32_t token) {
    uint32_t low = 0, high = text->sentence_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (text->sentences[middle].end <= token) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

enum gw_status gw_targets_score(const struct gw_text *text, const struct gw_model *model,
                                const struct gw_markers_found *markers, const struct gw_article *article,
                                struct gw_arena *arena, struct gw_target_sentiment **out) {
    *out = gw_arena_take_zeroed(arena, article->target_count, sizeof **out);
    if (!*out) {
        return GW_NO_MEMORY;
    }
    for (size_t i = 0; i < article->target_count; i++) {
        struct place place;
        int64_t sum = 0;
        if (tokens_of(text, article->targets[i], &place)) {
            place.sentence = sentence_of(text, place.first);
            sum = sum_window(markers, &place, window_start(markers, place.first));
        }
        (*out)[i] = score_of(model, sum, 1);
    }
    return GW_OK;
}
