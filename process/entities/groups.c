/* Joining is cautious: a surname or an acronym that could mean two names is left alone. */
#include "process/entities/groups.h"

#include "process/entities/keyed.h"
#include "process/text/chars.h"

/* Names of one word and of more than this many words are not looked at for initials. */
#define ACRONYM_LETTERS_LEAST 2U
#define ACRONYM_LETTERS_MOST  10U

/* Keys of known names live apart from those of words. */
#define KNOWN_KEY (UINT64_C(1) << 63)

struct joiner {
    const struct gw_text *text;
    const struct gw_name_spans *spans;
    struct gw_groups *groups;
};

static bool is_word(const struct gw_token *token) {
    return token->kind == GW_TOKEN_WORD || token->kind == GW_TOKEN_NUMBER;
}

static uint64_t key_of(const struct gw_text *text, const struct gw_name_span *span) {
    if (span->known) {
        return KNOWN_KEY | span->known->canonical;
    }
    uint64_t hash = 0;
    for (uint32_t i = span->first; i <= span->last; i++) {
        if (is_word(&text->tokens[i])) {
            hash = gw_name_hash_add(hash, text->tokens[i].hash);
        }
    }
    return hash & ~KNOWN_KEY;
}

static uint32_t count_words(const struct gw_text *text, const struct gw_name_span *span) {
    uint32_t count = 0;
    for (uint32_t i = span->first; i <= span->last; i++) {
        count += is_word(&text->tokens[i]);
    }
    return count;
}

enum gw_status gw_groups_make(const struct gw_text *text, const struct gw_name_spans *spans,
                              const struct gw_model *model, struct gw_arena *arena,
                              struct gw_groups *groups) {
    struct gw_keyed keys;
    groups->count = 0;
    groups->items = gw_arena_take_zeroed(arena, spans->count, sizeof *groups->items);
    groups->of_span = gw_arena_take_zeroed(arena, spans->count, sizeof *groups->of_span);
    if (!groups->items || !groups->of_span || gw_keyed_init(&keys, spans->count, arena) != GW_OK) {
        return GW_NO_MEMORY;
    }
    for (uint32_t i = 0; i < spans->count; i++) {
        const struct gw_name_span *span = &spans->items[i];
        uint64_t key = key_of(text, span);
        uint32_t *at = gw_keyed_at(&keys, key);
        if (*at == GW_KEYED_NONE) {
            *at = groups->count;
            const struct gw_name *known = span->known ? &model->names[span->known->canonical] : NULL;
            groups->items[groups->count] = (struct gw_group){.key = key,
                                                             .first_span = i,
                                                             .words = count_words(text, span),
                                                             .joined = groups->count,
                                                             .known = known};
            groups->count++;
        }
        groups->of_span[i] = *at;
        groups->items[*at].votes[span->type] += 1 + span->confidence;
    }
    return GW_OK;
}

enum gw_entity_type gw_group_type(const struct gw_group *group) {
    enum gw_entity_type best = GW_PERSON;
    for (int type = 0; type < GW_ENTITY_TYPE_COUNT; type++) {
        best = group->votes[type] > group->votes[best] ? (enum gw_entity_type)type : best;
    }
    return best;
}

static const struct gw_name_span *first_span(const struct joiner *joiner, uint32_t group) {
    return &joiner->spans->items[joiner->groups->items[group].first_span];
}

static void join(struct joiner *joiner, uint32_t group, uint32_t into) {
    into = gw_group_root(joiner->groups, into);
    if (into != group) {
        joiner->groups->items[group].joined = into;
    }
}

/* A full name: two words or more, a person by its votes. */
static bool is_full_person(const struct gw_group *group) {
    return group->words >= 2 && gw_group_type(group) == GW_PERSON;
}

/* "Vladimir Putin" and "Vladimir Vladimirovich Putin": the same first and last word. */
static enum gw_status join_full_names(struct joiner *joiner, struct gw_arena *arena) {
    struct gw_keyed ends;
    if (gw_keyed_init(&ends, joiner->groups->count, arena) != GW_OK) {
        return GW_NO_MEMORY;
    }
    for (uint32_t g = 0; g < joiner->groups->count; g++) {
        if (is_full_person(&joiner->groups->items[g])) {
            const struct gw_name_span *span = first_span(joiner, g);
            uint64_t key = gw_name_hash_add(joiner->text->tokens[span->first].hash,
                                            joiner->text->tokens[span->last].hash);
            uint32_t *at = gw_keyed_at(&ends, key);
            if (*at == GW_KEYED_NONE) {
                *at = g;
            } else {
                join(joiner, g, *at);
            }
        }
    }
    return GW_OK;
}

/* A name of one word that nothing outside the article knows as something else. */
static bool may_be_surname(const struct gw_group *group) {
    enum gw_entity_type type = gw_group_type(group);
    if (group->words != 1 || type == GW_NORP) {
        return false;
    }
    return !group->known || group->known->type == GW_PERSON;
}

/* "Putin" is the one person of the article whose full name begins or ends with it. */
static enum gw_status join_surnames(struct joiner *joiner, struct gw_arena *arena) {
    struct gw_keyed surnames;
    struct gw_groups *groups = joiner->groups;
    if (gw_keyed_init(&surnames, (size_t)groups->count * 2, arena) != GW_OK) {
        return GW_NO_MEMORY;
    }
    for (uint32_t g = 0; g < groups->count; g++) {
        if (is_full_person(&groups->items[g])) {
            const struct gw_name_span *span = first_span(joiner, g);
            gw_keyed_put(&surnames, joiner->text->tokens[span->last].hash, gw_group_root(groups, g));
            gw_keyed_put(&surnames, joiner->text->tokens[span->first].hash, gw_group_root(groups, g));
        }
    }
    for (uint32_t g = 0; g < groups->count; g++) {
        if (may_be_surname(&groups->items[g])) {
            uint32_t person =
                gw_keyed_find(&surnames, joiner->text->tokens[first_span(joiner, g)->first].hash);
            if (person < GW_KEYED_AMBIGUOUS) {
                join(joiner, g, person);
            }
        }
    }
    return GW_OK;
}

/* The hash of the folded first letters of a name's words, as a token "KCNA" has it; 0 for names that have no
 * acronym. */
static uint64_t hash_initials(const struct gw_text *text, const struct gw_name_span *span,
                              bool capitals_only) {
    char letters[ACRONYM_LETTERS_MOST];
    size_t count = 0;
    struct gw_str field = text->fields[gw_text_field_of(text, span->first)];
    for (uint32_t i = span->first; i <= span->last; i++) {
        const struct gw_token *token = &text->tokens[i];
        if (token->kind != GW_TOKEN_WORD || (capitals_only && !(token->shape & GW_SHAPE_CAPITAL))) {
            continue;
        }
        if (count == ACRONYM_LETTERS_MOST) {
            return 0;
        }
        letters[count++] = (char)(field.data[token->start] | 0x20);
    }
    return count < ACRONYM_LETTERS_LEAST ? 0 : gw_hash64((struct gw_str){letters, count});
}

static bool is_acronym(const struct joiner *joiner, uint32_t group) {
    const struct gw_name_span *span = first_span(joiner, group);
    return joiner->groups->items[group].words == 1 && span->first == span->last &&
           (joiner->text->tokens[span->first].shape & GW_SHAPE_CAPITALS);
}

/* "KCNA" is the one name of the article with these initials. */
static enum gw_status join_acronyms(struct joiner *joiner, struct gw_arena *arena) {
    struct gw_keyed initials;
    struct gw_groups *groups = joiner->groups;
    if (gw_keyed_init(&initials, (size_t)groups->count * 2, arena) != GW_OK) {
        return GW_NO_MEMORY;
    }
    for (uint32_t g = 0; g < groups->count; g++) {
        if (groups->items[g].words < 2 || gw_group_type(&groups->items[g]) == GW_PERSON) {
            continue;
        }
        for (int capitals_only = 0; capitals_only < 2; capitals_only++) {
            uint64_t hash = hash_initials(joiner->text, first_span(joiner, g), capitals_only);
            if (hash != 0) {
                gw_keyed_put(&initials, hash, gw_group_root(groups, g));
            }
        }
    }
    for (uint32_t g = 0; g < groups->count; g++) {
        if (is_acronym(joiner, g) && groups->items[g].joined == g) {
            uint32_t name = gw_keyed_find(&initials, joiner->text->tokens[first_span(joiner, g)->first].hash);
            if (name < GW_KEYED_AMBIGUOUS) {
                join(joiner, g, name);
            }
        }
    }
    return GW_OK;
}

enum gw_status gw_groups_join(const struct gw_text *text, const struct gw_name_spans *spans,
                              struct gw_arena *arena, struct gw_groups *groups) {
    struct joiner joiner = {text, spans, groups};
    enum gw_status status = join_full_names(&joiner, arena);
    if (status == GW_OK) {
        status = join_surnames(&joiner, arena);
    }
    return status == GW_OK ? join_acronyms(&joiner, arena) : status;
}
