/* One group per name, found by the hash of its words. */
#include "process/entities/names/groups.h"

#include "process/entities/keyed.h"
#include "process/entities/links/user_gazetteer.h"

/* Keys of known names, and of the user's ids, live apart from those of words. */
#define KNOWN_KEY (UINT64_C(1) << 63)
#define OWN_KEY   (UINT64_C(3) << 62)

static bool is_word(const struct gw_token *token) {
    return token->kind == GW_TOKEN_WORD || token->kind == GW_TOKEN_NUMBER;
}

struct gw_name_words gw_name_words(const struct gw_text *text, const struct gw_name_span *span) {
    struct gw_name_words words;
    words.count = 0;
    for (uint32_t i = span->first; i <= span->last; i++) {
        if (is_word(&text->tokens[i])) {
            if (words.count == GW_NAME_WORDS_MOST) {
                words.count = 0;
                break;
            }
            words.tokens[words.count++] = i;
        }
    }
    return words;
}

uint64_t gw_name_words_hash(const struct gw_text *text, const struct gw_name_words *words, uint32_t first,
                            uint32_t end) {
    uint64_t hash = 0;
    for (uint32_t i = first; i < end; i++) {
        hash = gw_name_hash_add(hash, text->tokens[words->tokens[i]].hash);
    }
    return hash;
}

struct words {
    uint64_t hash;
    uint32_t count;
};

static struct words read_words(const struct gw_text *text, const struct gw_name_span *span) {
    struct words words = {0, 0};
    for (uint32_t i = span->first; i <= span->last; i++) {
        if (is_word(&text->tokens[i])) {
            words.hash = gw_name_hash_add(words.hash, text->tokens[i].hash);
            words.count++;
        }
    }
    return words;
}

/* Aliases of one id are one name. */
static uint64_t key_of(const struct gw_name_span *span, uint64_t hash) {
    if (span->own) {
        return OWN_KEY | span->own->id;
    }
    return span->known ? KNOWN_KEY | span->known->canonical : hash & ~KNOWN_KEY;
}

void gw_group_count(struct gw_group *group) {
    group->type = GW_PERSON;
    for (unsigned type = 0; type < GW_ENTITY_TYPE_COUNT; type++) {
        group->type = group->votes[type] > group->votes[group->type] ? (uint8_t)type : group->type;
    }
}

/* A vote for the type that leads cannot change it. */
static void add_vote(struct gw_group *group, const struct gw_name_span *span) {
    group->votes[span->type] += 1 + span->confidence;
    if (span->type != group->type) {
        gw_group_count(group);
    }
}

enum gw_status gw_groups_make(const struct gw_text *text, const struct gw_name_spans *spans,
                              const struct gw_model *model, struct gw_arena *arena,
                              struct gw_groups *groups) {
    struct gw_keyed keys;
    groups->count = 0;
    groups->items = gw_arena_take(arena, spans->count * sizeof *groups->items);
    groups->of_span = gw_arena_take(arena, spans->count * sizeof *groups->of_span);
    groups->next = gw_arena_take(arena, spans->count * sizeof *groups->next);
    if (!groups->items || !groups->of_span || !groups->next ||
        gw_keyed_init(&keys, spans->count, arena) != GW_OK) {
        return GW_NO_MEMORY;
    }
    for (uint32_t i = 0; i < spans->count; i++) {
        const struct gw_name_span *span = &spans->items[i];
        struct words words = read_words(text, span);
        uint32_t *at = gw_keyed_at(&keys, key_of(span, words.hash));
        if (*at == GW_KEYED_NONE) {
            *at = groups->count++;
            groups->items[*at] = (struct gw_group){
                .hash = words.hash,
                .first_span = i,
                .words = words.count,
                .joined = *at,
                .known = span->known ? &model->names[span->known->canonical] : NULL,
                .own = span->own,
                .type = span->type,
            };
        } else {
            groups->next[groups->items[*at].last_span] = i;
        }
        groups->items[*at].last_span = i;
        groups->next[i] = GW_NO_INDEX;
        groups->of_span[i] = *at;
        add_vote(&groups->items[*at], span);
    }
    return GW_OK;
}

enum gw_entity_type gw_group_entity_type(const struct gw_group *root) {
    return root->own     ? (enum gw_entity_type)root->own->type
           : root->known ? (enum gw_entity_type)root->known->type
                         : gw_group_type(root);
}

void gw_group_join(struct gw_groups *groups, uint32_t group, uint32_t into) {
    group = gw_group_root(groups, group);
    into = gw_group_root(groups, into);
    const struct gw_user_name *own = groups->items[group].own, *other = groups->items[into].own;
    if (into != group && (!own || !other || own->id == other->id)) {
        groups->items[group].joined = into;
        groups->items[into].own = other ? other : own;
    }
}
