/* Capitals that tell something, and those that do not. */
#include "process/entities/scene.h"

/* Words of fewer bytes are small in headings, too. */
#define LONG_WORD 4U

/* Nothing but the sentence's start, or a mark after which a sentence may start, stands before `i`. */
static bool begins_clause(const struct gw_scene *scene, uint32_t i) {
    if (i == scene->first) {
        return true;
    }
    const struct gw_token *before = gw_scene_token(scene, i - 1);
    return before->kind == GW_TOKEN_MARK && before->mark != GW_MARK_COMMA && before->mark != GW_MARK_HYPHEN &&
           before->mark != GW_MARK_AMPERSAND && before->mark != GW_MARK_OPEN && before->mark != GW_MARK_SLASH;
}

/* More than four of five longer words have capitals, or all words are capitals; and no full stop ends them.
 */
static bool is_heading(const struct gw_scene *scene) {
    uint32_t words = 0, shouted = 0, longer = 0, capitals = 0;
    for (uint32_t i = scene->first; i < scene->end; i++) {
        const struct gw_token *token = gw_scene_token(scene, i);
        if (token->kind != GW_TOKEN_WORD) {
            continue;
        }
        words++;
        shouted += (token->shape & (GW_SHAPE_CAPITALS | GW_SHAPE_SINGLE)) != 0;
        if (token->end - token->start >= LONG_WORD) {
            longer++;
            capitals += (token->shape & GW_SHAPE_CAPITAL) != 0;
        }
    }
    bool all = (words >= 3 && shouted == words) || (longer >= 3 && capitals * 5 > longer * 4);
    return all && gw_scene_token(scene, scene->end - 1)->mark != GW_MARK_PERIOD;
}

void gw_scene_enter(struct gw_scene *scene, uint32_t sentence) {
    scene->sentence = sentence;
    scene->first = scene->text->sentences[sentence].first;
    scene->end = scene->text->sentences[sentence].end;
    scene->heading = scene->headings[sentence];
}

enum gw_status gw_scene_init(struct gw_scene *scene, const struct gw_text *text, const struct gw_model *model,
                             struct gw_arena *arena) {
    *scene = (struct gw_scene){.text = text, .model = model};
    scene->headings = gw_arena_take_zeroed(arena, text->sentence_count, sizeof *scene->headings);
    if (!scene->headings || gw_evidence_init(&scene->evidence, text, arena) != GW_OK) {
        return GW_NO_MEMORY;
    }
    for (uint32_t s = 0; s < text->sentence_count; s++) {
        gw_scene_enter(scene, s);
        scene->heading = scene->headings[s] = is_heading(scene);
        for (uint32_t i = scene->first; i < scene->end && !scene->heading; i++) {
            if (gw_scene_is_capital(scene, i) && !begins_clause(scene, i)) {
                gw_evidence_add(&scene->evidence, gw_scene_token(scene, i)->hash, GW_SEEN_CAPITAL);
            }
        }
    }
    return GW_OK;
}

/* "Oct. 20", "Jun 21": a month's short name before a number. */
static bool is_short_month(const struct gw_scene *scene, uint32_t i) {
    uint32_t next = i + 1 + gw_scene_is_mark(scene, i + 1, GW_MARK_PERIOD);
    return gw_scene_has(scene, i, GW_WORD(MONTH)) && next < scene->end &&
           gw_scene_token(scene, next)->kind == GW_TOKEN_NUMBER;
}

bool gw_scene_may_be_name(const struct gw_scene *scene, uint32_t i) {
    const struct gw_token *token = gw_scene_token(scene, i);
    if (!gw_scene_is_capital(scene, i)) {
        return false;
    }
    if (gw_scene_has(scene, i, GW_WORD(NOT_NAME)) && !(token->shape & GW_SHAPE_DOTTED)) {
        return false;
    }
    return !is_short_month(scene, i) && !gw_scene_is_mark(scene, i + 1, GW_MARK_CURRENCY);
}

bool gw_scene_was_seen(const struct gw_scene *scene, uint32_t i) {
    return gw_evidence_has(&scene->evidence, gw_scene_token(scene, i)->hash, GW_SEEN_CAPITAL);
}

bool gw_scene_is_doubtful(const struct gw_scene *scene, uint32_t i) {
    if (!scene->heading && !begins_clause(scene, i)) {
        return false;
    }
    uint64_t flags = gw_scene_flags(scene, i);
    if (flags & GW_WORD(STARTER)) {
        return true;
    }
    return (flags & GW_WORD(COMMON)) && !gw_scene_was_seen(scene, i);
}
