/* One sentence while its names are looked for: what the rules ask about its words. */
#ifndef GW_PROCESS_ENTITIES_SCENE_H
#define GW_PROCESS_ENTITIES_SCENE_H

#include "process/entities/evidence.h"
#include "process/text/chars.h"
#include "process/text/tokens.h"

struct gw_scene {
    const struct gw_text *text;
    const struct gw_model *model;
    struct gw_evidence evidence;
    uint32_t sentence;
    uint32_t first, end; /* tokens of the sentence */
    bool heading;        /* all its words have capitals, which then tell nothing */
    bool *headings;      /* of each sentence */
};

/* Reads all sentences for evidence. The scene then stands before the first. GW_NO_MEMORY when the arena is at
 * its end. */
enum gw_status gw_scene_init(struct gw_scene *scene, const struct gw_text *text, const struct gw_model *model,
                             struct gw_arena *arena);

void gw_scene_enter(struct gw_scene *scene, uint32_t sentence);

/* The word may be in a name: it has a capital, and is no month, weekday, "I" and the like. */
bool gw_scene_may_be_name(const struct gw_scene *scene, uint32_t i);

/* The capital at `i` may be there for the sentence's or the heading's sake, and nothing else speaks for a
 * name. */
bool gw_scene_is_doubtful(const struct gw_scene *scene, uint32_t i);

/* The word has a capital inside a sentence of the article, not only where every word has. */
bool gw_scene_was_seen(const struct gw_scene *scene, uint32_t i);

static inline const struct gw_token *gw_scene_token(const struct gw_scene *scene, uint32_t i) {
    return &scene->text->tokens[i];
}

static inline uint64_t gw_scene_flags(const struct gw_scene *scene, uint32_t i) {
    return gw_model_word(scene->model, gw_scene_token(scene, i)->word)->flags;
}

static inline bool gw_scene_has(const struct gw_scene *scene, uint32_t i, uint64_t flags) {
    return (gw_scene_flags(scene, i) & flags) != 0;
}

/* A word with a capital. */
static inline bool gw_scene_is_capital(const struct gw_scene *scene, uint32_t i) {
    const struct gw_token *token = gw_scene_token(scene, i);
    return token->kind == GW_TOKEN_WORD && (token->shape & (GW_SHAPE_CAPITAL | GW_SHAPE_INNER));
}

/* A word of the sentence in small letters that has one of the flags. */
static inline bool gw_scene_is_small(const struct gw_scene *scene, uint32_t i, uint64_t flags) {
    return i >= scene->first && i < scene->end && !gw_scene_is_capital(scene, i) &&
           gw_scene_has(scene, i, flags);
}

/* The token at `i` is this mark of the sentence. */
static inline bool gw_scene_is_mark(const struct gw_scene *scene, uint32_t i, enum gw_mark mark) {
    return i >= scene->first && i < scene->end && gw_scene_token(scene, i)->mark == mark;
}

#endif
