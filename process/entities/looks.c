/* Context speaks first where it is clear, then the words, then a guess. */
#include "process/entities/looks.h"

/* Longer groups of words are titles of works and the like. */
#define PERSON_WORDS_MOST 4U

static const uint64_t any_title = GW_WORD(TITLE) | GW_WORD(TITLE_MODIFIER);
static const uint64_t any_head = GW_WORD(ORG_HEAD) | GW_WORD(FAC_HEAD) | GW_WORD(LOC_HEAD);

uint32_t gw_look_count(const struct gw_scene *scene, uint32_t first, uint32_t last, uint64_t flags) {
    uint32_t count = 0;
    for (uint32_t i = first; i <= last; i++) {
        count += gw_scene_is_capital(scene, i) && (flags == 0 || gw_scene_has(scene, i, flags));
    }
    return count;
}

static bool is_word(const struct gw_scene *scene, uint32_t i, const char *word) {
    return i >= scene->first && i < scene->end && gw_str_is(gw_text_cut(scene->text, i, i), word);
}

/* What people do stands behind, or their age. */
static bool person_follows(const struct gw_scene *scene, uint32_t last) {
    if (gw_scene_is_small(scene, last + 1, GW_WORD(SPEECH) | GW_WORD(PERSON_VERB))) {
        return true;
    }
    bool number = last + 2 < scene->end && gw_scene_token(scene, last + 2)->kind == GW_TOKEN_NUMBER;
    return gw_scene_is_mark(scene, last + 1, GW_MARK_COMMA) &&
           ((number && gw_scene_is_mark(scene, last + 3, GW_MARK_COMMA)) || is_word(scene, last + 2, "who"));
}

/* What the words around say, or `none`. */
static struct gw_look look_around(const struct gw_scene *scene, uint32_t first, uint32_t last) {
    uint32_t before = first > scene->first ? first - 1 : scene->end;
    bool comma = gw_scene_is_mark(scene, before, GW_MARK_COMMA);
    uint32_t noun = comma && before > scene->first ? before - 1 : before;
    bool of = is_word(scene, before, "of") && before > scene->first;
    if (person_follows(scene, last)) {
        return (struct gw_look){GW_PERSON, GW_LOOKS_LIKELY, false};
    }
    if (gw_scene_is_small(scene, last + 1, GW_WORD(LOC_HEAD)) ||
        (of && gw_scene_is_small(scene, before - 1, GW_WORD(LOC_HEAD)))) {
        return (struct gw_look){GW_LOC, GW_LOOKS_PROBABLE, false};
    }
    if (gw_scene_is_small(scene, noun, GW_WORD(ORG_HEAD)) ||
        gw_scene_is_small(scene, last + 1, GW_WORD(ORG_HEAD))) {
        return (struct gw_look){GW_ORG, GW_LOOKS_PROBABLE, false};
    }
    if (gw_scene_is_small(scene, noun, GW_WORD(TITLE))) {
        return (struct gw_look){GW_PERSON, GW_LOOKS_PROBABLE, false};
    }
    if (gw_scene_is_small(scene, last + 1, GW_WORD(TITLE)) || is_word(scene, before, "the")) {
        return (struct gw_look){GW_ORG, GW_LOOKS_PROBABLE, false};
    }
    if (is_word(scene, before, "in") || is_word(scene, before, "at") || is_word(scene, before, "near")) {
        return (struct gw_look){GW_LOC, GW_LOOKS_PROBABLE, false};
    }
    return (struct gw_look){GW_MISC, 0, true};
}

/* "MeitY", "BankDhofar"; but "McDonald" and "DeSantis" are people. */
static bool has_brand_shape(const struct gw_scene *scene, uint32_t i) {
    const struct gw_token *token = gw_scene_token(scene, i);
    struct gw_str word = gw_text_cut(scene->text, i, i);
    return (token->shape & GW_SHAPE_INNER) && !gw_scene_has(scene, i, GW_WORD(SURNAME)) &&
           memcmp(word.data, "Mc", 2) != 0;
}

static struct gw_look look_at_word(const struct gw_scene *scene, uint32_t i) {
    uint64_t flags = gw_scene_flags(scene, i);
    struct gw_look around = look_around(scene, i, i);
    bool personal = (flags & (GW_WORD(FIRST_NAME) | GW_WORD(SURNAME))) != 0;
    if (gw_scene_is_doubtful(scene, i) || (gw_scene_token(scene, i)->shape & GW_SHAPE_SINGLE)) {
        return (struct gw_look){GW_MISC, GW_LOOKS_POSSIBLE, true};
    }
    if (flags & GW_WORD(DEMONYM)) {
        return (struct gw_look){GW_NORP, GW_LOOKS_LIKELY, false};
    }
    if ((gw_scene_token(scene, i)->shape & GW_SHAPE_CAPITALS) && !scene->heading) {
        return (struct gw_look){GW_ORG, GW_LOOKS_PROBABLE, (flags & GW_WORD(COMMON)) != 0};
    }
    if (scene->heading && !personal && !gw_scene_was_seen(scene, i)) {
        return (struct gw_look){GW_MISC, GW_LOOKS_POSSIBLE, true};
    }
    if (flags & (GW_WORD(COMMON) | any_title | any_head)) {
        bool first_name = (flags & GW_WORD(FIRST_NAME)) && !(flags & any_title);
        bool person = first_name || (personal && !around.none && around.type == GW_PERSON);
        return (struct gw_look){GW_PERSON, GW_LOOKS_POSSIBLE, !person};
    }
    if (has_brand_shape(scene, i)) {
        return (struct gw_look){GW_ORG, GW_LOOKS_PROBABLE, false};
    }
    if (!around.none && (!personal || around.type != GW_ORG)) {
        return around;
    }
    return (struct gw_look){GW_PERSON, personal ? GW_LOOKS_PROBABLE : GW_LOOKS_POSSIBLE, false};
}

static struct gw_look look_at_group(const struct gw_scene *scene, uint32_t first, uint32_t last) {
    uint32_t words = gw_look_count(scene, first, last, 0);
    uint32_t common = gw_look_count(scene, first, last, GW_WORD(COMMON));
    if (gw_scene_has(scene, first, GW_WORD(FIRST_NAME)) && words <= PERSON_WORDS_MOST && common < words) {
        return (struct gw_look){GW_PERSON, GW_LOOKS_LIKELY, false};
    }
    struct gw_look around = look_around(scene, first, last);
    bool surname =
        gw_scene_has(scene, last, GW_WORD(SURNAME)) && words <= PERSON_WORDS_MOST && common < words;
    if (surname && (around.none || around.type != GW_ORG)) {
        return (struct gw_look){GW_PERSON, GW_LOOKS_PROBABLE, false};
    }
    if (!around.none && common < words) {
        return around;
    }
    bool work = common * 2 > words || words > PERSON_WORDS_MOST;
    return (struct gw_look){work ? GW_MISC : GW_PERSON, GW_LOOKS_POSSIBLE, false};
}

struct gw_look gw_look_at(const struct gw_scene *scene, uint32_t first, uint32_t last) {
    return gw_look_count(scene, first, last, 0) <= 1 && first == last ? look_at_word(scene, first)
                                                                      : look_at_group(scene, first, last);
}
