/* An organisation is called by its name without legal form, or behind "the" by the end or the main word of
 * it. */
#include "process/entities/names/claims.h"
#include "process/entities/names/joins.h"

struct organisations {
    struct gw_joiner *joiner;
    struct gw_claims beginnings, ends;
};

#define PLACE_WORD (GW_WORD(TOWN) | GW_WORD(TOWN_PART) | GW_WORD(CITY) | GW_WORD(DEMONYM))

/* "Zenmark Bank" is Zenmark, and so is "Zenmark Mobile" as nothing else is called that; "Bristol City
 * Council" is not Bristol City. */
static void claim_beginnings(struct organisations *all, const struct gw_name_words *words, uint32_t group) {
    const struct gw_joiner *joiner = all->joiner;
    bool placed = gw_joiner_has(joiner, words->tokens[0], PLACE_WORD);
    uint64_t dropped = GW_WORD(ORG_SUFFIX) | (placed ? 0 : GW_WORD(ORG_HEAD));
    bool coined = joiner->text->tokens[words->tokens[0]].word == GW_NO_WORD;
    for (uint32_t end = words->count - 1; end > 0; end--) {
        if (!coined && !gw_joiner_has(joiner, words->tokens[end], dropped)) {
            break;
        }
        gw_claims_add(&all->beginnings, gw_name_words_hash(joiner->text, words, 0, end), joiner->groups,
                      group);
    }
}

static void claim_ends(struct organisations *all, const struct gw_name_words *words, uint32_t group) {
    const struct gw_joiner *joiner = all->joiner;
    for (uint32_t i = 1; i < words->count; i++) {
        gw_claims_add(&all->ends, gw_name_words_hash(joiner->text, words, i, words->count), joiner->groups,
                      group);
        if (gw_joiner_has(joiner, words->tokens[i - 1], GW_WORD(ORG_HEAD))) {
            gw_claims_add(&all->ends, gw_name_words_hash(joiner->text, words, i - 1, i), joiner->groups,
                          group);
        }
    }
}

static bool follows_the(const struct gw_joiner *joiner, const struct gw_name_span *span) {
    if (span->first == 0) {
        return false;
    }
    struct gw_str word = gw_text_cut(joiner->text, span->first - 1, span->first - 1);
    return gw_str_is(word, "the") || gw_str_is(word, "The");
}

/* One unknown word that is nobody's name, whatever the tagger took it for. */
static bool is_plain_word(const struct gw_joiner *joiner, uint32_t g) {
    const struct gw_name_span *span = gw_joiner_span(joiner, g);
    return joiner->groups->items[g].words == 1 && gw_group_type(&joiner->groups->items[g]) != GW_NORP &&
           !gw_joiner_has(joiner, span->first, GW_WORD(FIRST_NAME) | GW_WORD(SURNAME)) &&
           span->role_first == GW_NO_INDEX;
}

/* The forms by which a group may be another's short name. */
enum short_form { NO_SHORT_FORM, BEGINNING, BEGINNING_OR_END };

static enum short_form short_form_of(const struct gw_joiner *joiner, uint32_t g) {
    const struct gw_group *group = &joiner->groups->items[g];
    enum gw_entity_type type = gw_group_type(group);
    if (group->joined != g || group->known || (group->own && type != GW_ORG) ||
        !(type == GW_ORG || is_plain_word(joiner, g))) {
        return NO_SHORT_FORM;
    }
    return follows_the(joiner, gw_joiner_span(joiner, g)) ? BEGINNING_OR_END : BEGINNING;
}

static const struct gw_claim *find_long_name(const struct organisations *all, uint32_t g) {
    uint64_t hash = all->joiner->groups->items[g].hash;
    const struct gw_claim *beginning = gw_claims_find(&all->beginnings, hash);
    const struct gw_claim *end = gw_claims_find(&all->ends, hash);
    enum short_form form = beginning || end ? short_form_of(all->joiner, g) : NO_SHORT_FORM;
    if (form == NO_SHORT_FORM) {
        return NULL;
    }
    return beginning || form == BEGINNING ? beginning : end;
}

/* Names of organisations that have a shorter form. */
static bool is_long_name(const struct gw_group *group) {
    return group->words >= 2 && group->words <= GW_NAME_WORDS_MOST && gw_group_type(group) == GW_ORG;
}

/* False when no organisation has a shorter form. */
static bool has_long_names(const struct gw_groups *groups) {
    bool has = false;
    for (uint32_t g = 0; g < groups->count && !has; g++) {
        has = is_long_name(&groups->items[g]);
    }
    return has;
}

static enum gw_status ask_for_short_names(struct organisations *all) {
    const struct gw_groups *groups = all->joiner->groups;
    if (gw_claims_init(&all->beginnings, groups->count, all->joiner->arena) != GW_OK ||
        gw_claims_init(&all->ends, groups->count, all->joiner->arena) != GW_OK) {
        return GW_NO_MEMORY;
    }
    for (uint32_t g = 0; g < groups->count; g++) {
        enum short_form form = short_form_of(all->joiner, g);
        if (form != NO_SHORT_FORM) {
            gw_claims_ask(&all->beginnings, groups->items[g].hash);
        }
        if (form == BEGINNING_OR_END) {
            gw_claims_ask(&all->ends, groups->items[g].hash);
        }
    }
    return GW_OK;
}

static void make_claims(struct organisations *all) {
    const struct gw_groups *groups = all->joiner->groups;
    for (uint32_t g = 0; g < groups->count; g++) {
        if (is_long_name(&groups->items[g])) {
            struct gw_name_words found = gw_name_words(all->joiner->text, gw_joiner_span(all->joiner, g));
            claim_beginnings(all, &found, g);
            claim_ends(all, &found, g);
        }
    }
}

enum gw_status gw_join_organisations(struct gw_joiner *joiner) {
    struct organisations all = {.joiner = joiner};
    struct gw_groups *groups = joiner->groups;
    if (!has_long_names(groups)) {
        return GW_OK;
    }
    if (ask_for_short_names(&all) != GW_OK) {
        return GW_NO_MEMORY;
    }
    make_claims(&all);
    for (uint32_t g = 0; g < groups->count; g++) {
        const struct gw_claim *claim = find_long_name(&all, g);
        if (claim && claim->rival == GW_NO_INDEX) {
            gw_group_join(groups, g, claim->group);
        }
    }
    return GW_OK;
}
