/* One name under two types, or in the plural. */
#include "process/entities/keyed.h"
#include "process/entities/names/joins.h"

#define DOUBTFUL_CONFIDENCE 6500

/* Types that the tagger takes for one another: a place's name stands for its government, team and streets. */
static bool is_place_or_body(enum gw_entity_type type) {
    return type == GW_LOC || type == GW_ORG || type == GW_FAC || type == GW_MISC;
}

/* A person that nobody else of the article is, and that the tagger hardly believes in, may be one too. */
static bool may_be_place_or_body(const struct gw_joiner *joiner, uint32_t g) {
    const struct gw_group *group = &joiner->groups->items[g];
    const struct gw_name_span *span = gw_joiner_span(joiner, g);
    return is_place_or_body(gw_group_type(group)) ||
           (gw_group_type(group) == GW_PERSON && span->role_first == GW_NO_INDEX &&
            span->confidence < DOUBTFUL_CONFIDENCE);
}

static bool is_known_place_or_body(const struct gw_group *group) {
    return group->known && is_place_or_body((enum gw_entity_type)group->known->type);
}

static enum gw_status join_types(struct gw_joiner *joiner) {
    struct gw_keyed known;
    struct gw_groups *groups = joiner->groups;
    uint32_t count = 0;
    for (uint32_t g = 0; g < groups->count; g++) {
        count += is_known_place_or_body(&groups->items[g]);
    }
    if (count == 0) {
        return GW_OK;
    }
    if (gw_keyed_init(&known, count, joiner->arena) != GW_OK) {
        return GW_NO_MEMORY;
    }
    for (uint32_t g = 0; g < groups->count; g++) {
        if (is_known_place_or_body(&groups->items[g])) {
            gw_keyed_put(&known, groups->items[g].hash, g);
        }
    }
    for (uint32_t g = 0; g < groups->count; g++) {
        const struct gw_group *group = &groups->items[g];
        uint32_t same = group->known ? GW_KEYED_NONE : gw_keyed_find(&known, group->hash);
        if (same < GW_KEYED_AMBIGUOUS && group->joined == g && may_be_place_or_body(joiner, g)) {
            gw_group_join(groups, g, same);
        }
    }
    return GW_OK;
}

/* The hash of a people's name without its last letter s; 0 where it has none or is not ASCII. */
static uint64_t hash_singular(const struct gw_joiner *joiner, uint32_t group) {
    char letters[GW_WORD_BYTES_MAX];
    struct gw_name_words words = gw_name_words(joiner->text, gw_joiner_span(joiner, group));
    if (words.count == 0) {
        return 0;
    }
    uint32_t last = words.tokens[words.count - 1];
    struct gw_str word = gw_text_cut(joiner->text, last, last);
    if (word.size < 2 || word.size > sizeof letters || (word.data[word.size - 1] | 0x20) != 's') {
        return 0;
    }
    for (size_t i = 0; i + 1 < word.size; i++) {
        if ((unsigned char)word.data[i] >= 0x80) {
            return 0;
        }
        letters[i] = (char)(word.data[i] | 0x20);
    }
    uint64_t hash = gw_name_words_hash(joiner->text, &words, 0, words.count - 1);
    return gw_name_hash_add(hash, gw_hash64((struct gw_str){letters, word.size - 1}));
}

static enum gw_status join_plurals(struct gw_joiner *joiner) {
    struct gw_keyed peoples;
    struct gw_groups *groups = joiner->groups;
    uint32_t count = 0;
    for (uint32_t g = 0; g < groups->count; g++) {
        count += gw_group_type(&groups->items[g]) == GW_NORP;
    }
    if (count < 2) {
        return GW_OK;
    }
    if (gw_keyed_init(&peoples, count, joiner->arena) != GW_OK) {
        return GW_NO_MEMORY;
    }
    for (uint32_t g = 0; g < groups->count; g++) {
        if (gw_group_type(&groups->items[g]) == GW_NORP) {
            gw_keyed_put(&peoples, groups->items[g].hash, g);
        }
    }
    for (uint32_t g = 0; g < groups->count; g++) {
        uint64_t hash = gw_group_type(&groups->items[g]) == GW_NORP ? hash_singular(joiner, g) : 0;
        uint32_t singular = hash != 0 ? gw_keyed_find(&peoples, hash) : GW_KEYED_NONE;
        if (singular < GW_KEYED_AMBIGUOUS) {
            gw_group_join(groups, g, singular);
        }
    }
    return GW_OK;
}

enum gw_status gw_join_same_words(struct gw_joiner *joiner) {
    enum gw_status status = join_types(joiner);
    return status == GW_OK ? join_plurals(joiner) : status;
}
