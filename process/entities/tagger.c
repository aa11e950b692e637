/* Runs of capitalised words are cut into names: gazetteer names, patterns around a main word ("… Ministry",
 * "University of …"), people behind titles, and what is left by the look of its words. */
#include "process/entities/tagger.h"

#include "process/entities/gazetteer.h"
#include "process/entities/looks.h"
#include "process/entities/runs.h"

#define SPANS_LEAST 32U

#define TOKEN_WORK 2U

struct tagger {
    struct gw_scene scene;
    struct gw_arena *arena;
    struct gw_name_spans *spans;
    uint32_t capacity;
};

/* A role that waits for the person behind it. */
struct role {
    uint32_t first, last;
};
static const struct role no_role = {GW_NO_INDEX, GW_NO_INDEX};

static enum gw_status add_span(struct tagger *tagger, uint32_t first, uint32_t last, struct gw_look look,
                               struct role role, const struct gw_name *known) {
    if (tagger->spans->count == tagger->capacity) {
        size_t wanted = (size_t)tagger->capacity * 2 + SPANS_LEAST;
        struct gw_name_span *grown = gw_arena_grow(tagger->arena, tagger->spans->items, tagger->capacity,
                                                   wanted, sizeof *tagger->spans->items);
        if (!grown) {
            return GW_NO_MEMORY;
        }
        tagger->spans->items = grown;
        tagger->capacity = (uint32_t)wanted;
    }
    tagger->spans->items[tagger->spans->count++] =
        (struct gw_name_span){first,     last,  tagger->scene.sentence, role.first,
                              role.last, known, (uint8_t)look.type,     look.confidence};
    return GW_OK;
}

static enum gw_entity_type type_of_head(uint64_t flags) {
    if (flags & (GW_WORD(ORG_HEAD) | GW_WORD(ORG_SUFFIX))) {
        return GW_ORG;
    }
    return flags & GW_WORD(FAC_HEAD) ? GW_FAC : GW_LOC;
}

struct pattern {
    uint32_t last;
    enum gw_entity_type type;
    bool found;
};

/* "Kenyan Foreign Ministry", "Bank of Ghana", "Lake Victoria": a name around a main word, from `first` on. */
static struct pattern find_pattern(const struct gw_scene *scene, uint32_t first, uint32_t last) {
    uint64_t heads = GW_WORD(ORG_HEAD) | GW_WORD(ORG_SUFFIX) | GW_WORD(FAC_HEAD) | GW_WORD(LOC_HEAD);
    struct pattern found = {first, GW_ORG, false};
    for (uint32_t i = first; i <= last; i++) {
        if (!gw_scene_is_capital(scene, i) || !gw_scene_has(scene, i, heads)) {
            continue;
        }
        if (i < last && gw_scene_is_small(scene, i + 1, GW_WORD(CONNECTOR))) {
            return (struct pattern){last, type_of_head(gw_scene_flags(scene, i)), true};
        }
        if (i > first) {
            found = (struct pattern){i, type_of_head(gw_scene_flags(scene, i)), true};
        }
    }
    bool place =
        gw_scene_has(scene, first, GW_WORD(LOC_FIRST)) && !gw_scene_has(scene, first, GW_WORD(FIRST_NAME));
    if (!found.found && first < last && place) {
        return (struct pattern){first + 1, GW_LOC, true};
    }
    return found;
}

/* A gazetteer name that is also a word or a person's name counts behind a place's preposition only. */
static bool is_supported(const struct gw_scene *scene, const struct gw_name *name, uint32_t first) {
    if (!name || !(name->flags & GW_NAME(WEAK))) {
        return name != NULL;
    }
    return first > scene->first && gw_scene_is_small(scene, first - 1, GW_WORD(PLACE_PREPOSITION));
}

/* The token behind the title (and its modifiers) that begins at `i` and ends at most at `last`; `i` if none
 * does. */
static uint32_t skip_title(const struct gw_scene *scene, uint32_t i, uint32_t last) {
    uint64_t titles = GW_WORD(TITLE) | GW_WORD(TITLE_MODIFIER);
    uint32_t behind = i;
    for (uint32_t k = i; k <= last && (gw_scene_has(scene, k, titles) || !gw_scene_is_capital(scene, k));
         k++) {
        behind = gw_scene_has(scene, k, GW_WORD(TITLE)) ? k + 1 : behind;
    }
    while (behind > i && behind <= last && gw_scene_token(scene, behind)->kind == GW_TOKEN_MARK) {
        behind++;
    }
    return behind;
}

/* A name of its own begins at `i`, inside a run, or a word that is none. */
static bool begins_name(const struct gw_scene *scene, uint32_t i, uint32_t last) {
    if (gw_scene_has(scene, i, GW_WORD(DEMONYM)) || (scene->heading && gw_scene_is_doubtful(scene, i))) {
        return true;
    }
    if (gw_scene_has(scene, i, GW_WORD(TITLE)) && i < last && skip_title(scene, i, last) <= last) {
        return true;
    }
    if (gw_scene_has(scene, i - 1, GW_WORD(FIRST_NAME)) || gw_scene_has(scene, i, GW_WORD(SURNAME))) {
        return false;
    }
    struct gw_gazetteer_match match = gw_gazetteer_match(scene->model, scene->text, i, last + 1);
    return match.name && !(match.name->flags & GW_NAME(WEAK));
}

/* Where a plain name that begins at `first` ends: before a title or a known name. */
static uint32_t plain_end(const struct gw_scene *scene, uint32_t first, uint32_t last) {
    uint32_t end = first;
    for (uint32_t i = first + 1; i <= last; i++) {
        if (gw_scene_is_capital(scene, i) && begins_name(scene, i, last)) {
            break;
        }
        end = i;
    }
    while (end > first && !gw_scene_is_capital(scene, end) &&
           !gw_scene_is_mark(scene, end - 1, GW_MARK_HYPHEN)) {
        end--;
    }
    return end;
}

/* "British Indians", "Indigenous Australians": one people. */
static uint32_t people_end(const struct gw_scene *scene, uint32_t first, uint32_t last) {
    while (first < last && gw_scene_is_capital(scene, first + 1) &&
           gw_scene_has(scene, first + 1, GW_WORD(DEMONYM))) {
        first++;
    }
    return first;
}

/* A known name of one word is the first name of a person whose surname follows: "Paris Hilton". */
static bool is_first_name(const struct gw_scene *scene, struct gw_gazetteer_match match, uint32_t first,
                          uint32_t last) {
    return match.last == first && first < last && match.name->type != GW_NORP &&
           gw_scene_has(scene, first, GW_WORD(FIRST_NAME)) &&
           gw_scene_has(scene, first + 1, GW_WORD(SURNAME)) &&
           !gw_scene_has(scene, first + 1, GW_WORD(TITLE) | GW_WORD(COMMON));
}

static enum gw_status add_known(struct tagger *tagger, uint32_t *at, uint32_t last,
                                struct gw_gazetteer_match match, struct role role) {
    uint32_t first = *at, end = match.last;
    struct gw_look look = {(enum gw_entity_type)match.name->type, GW_LOOKS_SURE, false};
    if (look.type == GW_NORP) {
        end = people_end(&tagger->scene, end, last);
        match.name = end == match.last ? match.name : NULL;
        role = no_role;
    }
    *at = end + 1;
    return add_span(tagger, first, end, look, role, match.name);
}

static enum gw_status add_plain(struct tagger *tagger, uint32_t *at, uint32_t last, struct role role) {
    uint32_t first = *at, end = plain_end(&tagger->scene, first, last);
    struct gw_look look = gw_look_at(&tagger->scene, first, end);
    *at = end + 1;
    if (role.first != GW_NO_INDEX && !(look.none && gw_scene_is_doubtful(&tagger->scene, first))) {
        look = (struct gw_look){GW_PERSON, GW_LOOKS_LIKELY, false};
    }
    return look.none ? GW_OK : add_span(tagger, first, end, look, role, NULL);
}

/* "Houston Dynamo", "Telecom Namibia": a place and one word that is no person's make an organisation's name.
 */
static bool is_brand_with_place(const struct gw_scene *scene, uint32_t first, uint32_t last,
                                struct gw_gazetteer_match match) {
    uint64_t other =
        GW_WORD(FIRST_NAME) | GW_WORD(TITLE) | GW_WORD(TITLE_MODIFIER) | GW_WORD(DEMONYM) | GW_WORD(SURNAME);
    if (match.name && match.name->type == GW_LOC && match.last + 1 == last) {
        return !gw_scene_has(scene, last, other) && !(gw_scene_token(scene, last)->shape & GW_SHAPE_CAPITALS);
    }
    if (match.name || first + 1 > last || gw_scene_has(scene, first, other | GW_WORD(PLACE_PREPOSITION))) {
        return false;
    }
    struct gw_gazetteer_match behind = gw_gazetteer_match(scene->model, scene->text, first + 1, last + 1);
    return behind.name && behind.name->type == GW_LOC && behind.last == last &&
           !(behind.name->flags & GW_NAME(WEAK));
}

/* Takes one name, or a title or word that is none, from the run at `*at`. */
static enum gw_status take_name(struct tagger *tagger, uint32_t *at, uint32_t last, struct role *role) {
    const struct gw_scene *scene = &tagger->scene;
    uint32_t first = *at;
    struct gw_gazetteer_match match = gw_gazetteer_match(scene->model, scene->text, first, scene->end);
    bool known = is_supported(scene, match.name, first);
    bool waits = role->first != GW_NO_INDEX;
    struct pattern pattern = find_pattern(scene, first, last);
    uint32_t behind = known ? first : skip_title(scene, first, last);
    if (!known && behind == first && gw_scene_is_doubtful(scene, first)) {
        *at = first + 1;
        return GW_OK;
    }
    if (pattern.found && !waits && (!known || pattern.last > match.last)) {
        *at = pattern.last + 1;
        return add_span(tagger, first, pattern.last, (struct gw_look){pattern.type, GW_LOOKS_LIKELY, false},
                        no_role, NULL);
    }
    if (!waits && first < last && !gw_scene_is_doubtful(scene, first) &&
        is_brand_with_place(scene, first, last, match)) {
        *at = last + 1;
        return add_span(tagger, first, last, (struct gw_look){GW_ORG, GW_LOOKS_POSSIBLE, false}, no_role,
                        NULL);
    }
    if (known && !is_first_name(scene, match, first, last) && (!waits || match.name->type == GW_PERSON)) {
        return add_known(tagger, at, last, match, *role);
    }
    if (behind > first) {
        *role = behind <= last ? (struct role){first, behind - 1} : no_role;
        *at = behind;
        return GW_OK;
    }
    return add_plain(tagger, at, last, *role);
}

/* "al-Rahbi": an article in small letters, a hyphen, a name. */
static bool begins_arabic(const struct gw_scene *scene, uint32_t i) {
    return i + 2 < scene->end && gw_scene_is_mark(scene, i + 1, GW_MARK_HYPHEN) &&
           gw_token_touches(scene->text, i + 1) && gw_token_touches(scene->text, i + 2) &&
           gw_scene_is_small(scene, i, GW_WORD(PERSON_PARTICLE)) && gw_scene_may_be_name(scene, i + 2);
}

static enum gw_status take_run(struct tagger *tagger, uint32_t first, uint32_t last) {
    struct role role = no_role;
    uint32_t at = first;
    enum gw_status status = GW_OK;
    while (at <= last && status == GW_OK) {
        if (!gw_scene_is_capital(&tagger->scene, at) && !begins_arabic(&tagger->scene, at)) {
            at++;
            continue;
        }
        uint32_t before = tagger->spans->count;
        status = take_name(tagger, &at, last, &role);
        role = tagger->spans->count > before ? no_role : role;
    }
    return status;
}

/* A run may start at `i`; words such as "The" only where a known name begins with them. */
static bool may_start(const struct gw_scene *scene, uint32_t i) {
    if (!gw_scene_may_be_name(scene, i)) {
        return begins_arabic(scene, i);
    }
    return !gw_scene_has(scene, i, GW_WORD(STARTER)) ||
           gw_gazetteer_match(scene->model, scene->text, i, scene->end).name != NULL;
}

static enum gw_status tag_sentence(struct tagger *tagger) {
    const struct gw_name_spans *spans = tagger->spans;
    for (uint32_t i = tagger->scene.first; i < tagger->scene.end; i++) {
        if (!may_start(&tagger->scene, i)) {
            continue;
        }
        uint32_t last = gw_run_end(&tagger->scene, i);
        enum gw_status status = take_run(tagger, i, last);
        if (status != GW_OK) {
            return status;
        }
        bool beyond = spans->count > 0 && spans->items[spans->count - 1].last > last;
        i = beyond ? spans->items[spans->count - 1].last : last;
    }
    return GW_OK;
}

/* "Puerto Vallarta, Mexico": what stands before a comma and a known place is one, too, if only its look said
 * otherwise. */
static void place_before_places(struct gw_name_spans *spans, const struct gw_text *text) {
    for (uint32_t i = 1; i < spans->count; i++) {
        struct gw_name_span *span = &spans->items[i - 1];
        const struct gw_name_span *next = &spans->items[i];
        bool comma = next->first == span->last + 2 && text->tokens[span->last + 1].mark == GW_MARK_COMMA;
        if (comma && next->known && next->type == GW_LOC && !span->known && span->role_first == GW_NO_INDEX &&
            span->confidence <= GW_LOOKS_PROBABLE) {
            span->type = GW_LOC;
        }
    }
}

enum gw_status gw_tagger_find(const struct gw_text *text, const struct gw_model *model, struct gw_work *work,
                              struct gw_arena *arena, struct gw_name_spans *spans) {
    struct tagger tagger = {.arena = arena, .spans = spans};
    *spans = (struct gw_name_spans){NULL, 0};
    enum gw_status status = gw_scene_init(&tagger.scene, text, model, arena);
    for (uint32_t s = 0; s < text->sentence_count && status == GW_OK; s++) {
        gw_scene_enter(&tagger.scene, s);
        if (!gw_work_take(work, (uint64_t)TOKEN_WORK * (tagger.scene.end - tagger.scene.first))) {
            break;
        }
        status = tag_sentence(&tagger);
    }
    place_before_places(spans, text);
    return status;
}
