/* A run goes on over hyphens, initials and "&", and over small words where the words around them are of the
 * kind that "of", "and" and so on link. */
#include "process/entities/runs.h"

/* Small words in a row that a run goes on over. */
#define LINKS_MOST 3U

/* "Lin Chih-lin", "Lee Dae-jun": a small part behind a hyphen that is no English word. */
static bool is_name_part(const struct gw_scene *scene, uint32_t i) {
    const struct gw_token *token = gw_scene_token(scene, i);
    return token->kind == GW_TOKEN_WORD && !gw_scene_has(scene, i, GW_WORD(COMMON)) &&
           !gw_scene_has(scene, i - 2, GW_WORD(COMMON)) && token->end - token->start <= 6;
}

/* The token behind the marks that may stand inside a name at `i`: a hyphen, an initial's full stop, "&"; else
 * `i`. */
static uint32_t skip_joint(const struct gw_scene *scene, uint32_t i) {
    const struct gw_token *token = gw_scene_token(scene, i);
    if (i + 1 >= scene->end || token->kind != GW_TOKEN_MARK) {
        return i;
    }
    bool next_touches = gw_token_touches(scene->text, i + 1);
    if (token->mark == GW_MARK_HYPHEN && gw_token_touches(scene->text, i) && next_touches) {
        return i + 1;
    }
    if (token->mark == GW_MARK_AMPERSAND) {
        return i + 1;
    }
    bool short_word = (gw_scene_token(scene, i - 1)->shape & GW_SHAPE_SINGLE) ||
                      gw_scene_has(scene, i - 1, GW_WORD(ABBREVIATION));
    return token->mark == GW_MARK_PERIOD && gw_token_touches(scene->text, i) && short_word ? i + 1 : i;
}

static bool is_word(const struct gw_scene *scene, uint32_t i, const char *word) {
    return gw_str_is(gw_text_cut(scene->text, i, i), word);
}

/* "and" links the parts of "Ministry of Trade and Industry", not two names. */
static bool and_links(const struct gw_scene *scene, uint32_t start, uint32_t left) {
    bool head_before = false;
    for (uint32_t k = start; k < left; k++) {
        head_before = head_before || gw_scene_has(scene, k, GW_WORD(ORG_HEAD));
    }
    return head_before && gw_scene_has(scene, left, GW_WORD(COMMON));
}

/* Whether the small word at `i` may link what ends at `left` with the name behind. */
static bool links(const struct gw_scene *scene, uint32_t start, uint32_t left, uint32_t i) {
    uint64_t flags = gw_scene_flags(scene, i);
    if ((flags & GW_WORD(PERSON_PARTICLE)) && !(flags & GW_WORD(STOPWORD))) {
        return !gw_scene_has(scene, left, GW_WORD(TITLE) | GW_WORD(DEMONYM));
    }
    uint64_t heads = GW_WORD(ORG_HEAD) | GW_WORD(FAC_HEAD) | GW_WORD(LOC_HEAD);
    if (is_word(scene, i, "of") || is_word(scene, i, "for") || is_word(scene, i, "on")) {
        return gw_scene_has(scene, left, heads) && !gw_scene_is_doubtful(scene, left);
    }
    if (is_word(scene, i, "and")) {
        return and_links(scene, start, left);
    }
    return is_word(scene, i, "the") && i == left + 2;
}

/* The token behind the small words at `i` that link the run from `start` with a name; else `i`. */
static uint32_t skip_links(const struct gw_scene *scene, uint32_t start, uint32_t i) {
    uint32_t k = i;
    while (k < i + LINKS_MOST && gw_scene_is_small(scene, k, GW_WORD(CONNECTOR) | GW_WORD(PERSON_PARTICLE)) &&
           links(scene, start, i - 1, k)) {
        k++;
    }
    return k;
}

uint32_t gw_run_end(const struct gw_scene *scene, uint32_t start) {
    uint32_t last = start;
    while (last - start < GW_RUN_TOKENS_MAX && last + 1 < scene->end) {
        uint32_t next = skip_joint(scene, last + 1);
        bool part = next == last + 2 && gw_scene_is_mark(scene, last + 1, GW_MARK_HYPHEN) && last > start &&
                    is_name_part(scene, next);
        if (next == last + 1) {
            next = skip_links(scene, start, last + 1);
        }
        bool name = next < scene->end && gw_scene_may_be_name(scene, next) &&
                    !gw_scene_has(scene, next, GW_WORD(STARTER));
        if (!name && !part) {
            break;
        }
        last = next;
    }
    return last;
}
