/* An acronym is told by brackets: "Harbour Pilots Association (HPA)", "HPA (Harbour Pilots Association)"; or
 * by the initials of the one name that has these. */
#include "process/entities/names/claims.h"
#include "process/entities/names/joins.h"
#include "process/text/chars.h"

#define ACRONYM_LETTERS_LEAST 2U
#define ACRONYM_LETTERS_MOST  10U

/* Letters of an acronym that need not be the name's initials: those of its name in another language, say. */
#define FOREIGN_LETTERS_LEAST 3U

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

static bool is_acronym(const struct gw_joiner *joiner, uint32_t group) {
    const struct gw_name_span *span = gw_joiner_span(joiner, group);
    return joiner->groups->items[group].words == 1 &&
           (joiner->text->tokens[span->first].shape & GW_SHAPE_CAPITALS);
}

/* The gazetteer knows the acronym for another name, not just itself. */
static bool is_short_for_other(const struct gw_joiner *joiner, uint32_t group) {
    const struct gw_name *known = joiner->groups->items[group].known;
    const struct gw_name_span *span = gw_joiner_span(joiner, group);
    struct gw_str letters = gw_text_cut(joiner->text, span->first, span->last);
    return known && !gw_str_eq(gw_name_canonical(joiner->model, known), letters);
}

static bool has_initials(const struct gw_joiner *joiner, uint32_t name, uint32_t acronym) {
    uint64_t wanted = joiner->text->tokens[gw_joiner_span(joiner, acronym)->first].hash;
    const struct gw_name_span *span = gw_joiner_span(joiner, name);
    return hash_initials(joiner->text, span, true) == wanted ||
           hash_initials(joiner->text, span, false) == wanted;
}

/* Nothing but this mention is in the brackets. */
static bool is_bracketed(const struct gw_joiner *joiner, const struct gw_name_span *span) {
    const struct gw_token *tokens = joiner->text->tokens;
    return span->first > 0 && span->last + 1 < joiner->text->token_count &&
           tokens[span->first - 1].mark == GW_MARK_OPEN && tokens[span->last + 1].mark == GW_MARK_CLOSE;
}

/* A name that can be spoken of by letters. */
static bool is_long_name(const struct gw_joiner *joiner, uint32_t group) {
    const struct gw_group *one = &joiner->groups->items[group];
    enum gw_entity_type type = gw_group_type(one);
    return one->words >= 2 && type != GW_PERSON && type != GW_NORP;
}

/* An acronym whose letters are others' is believed when the article goes on to use it. */
static bool bracket_fits(const struct gw_joiner *joiner, uint32_t name, uint32_t acronym, uint32_t span) {
    const struct gw_groups *groups = joiner->groups;
    if (!is_long_name(joiner, name) || !is_acronym(joiner, acronym)) {
        return false;
    }
    if (has_initials(joiner, name, acronym)) {
        return true;
    }
    struct gw_str letters = gw_text_cut(joiner->text, gw_joiner_span(joiner, acronym)->first,
                                        gw_joiner_span(joiner, acronym)->last);
    const struct gw_group *short_form = &groups->items[acronym];
    return !is_short_for_other(joiner, acronym) && letters.size >= FOREIGN_LETTERS_LEAST &&
           groups->items[acronym].first_span == span &&
           gw_group_type(short_form) == gw_group_type(&groups->items[name]) &&
           groups->next[span] != GW_NO_INDEX;
}

static void join_brackets(struct gw_joiner *joiner) {
    for (uint32_t i = 1; i < joiner->spans->count; i++) {
        const struct gw_name_span *inside = &joiner->spans->items[i];
        if (inside[-1].last + 2 != inside->first || !is_bracketed(joiner, inside)) {
            continue;
        }
        uint32_t before = joiner->groups->of_span[i - 1], within = joiner->groups->of_span[i];
        if (bracket_fits(joiner, before, within, i)) {
            gw_group_join(joiner->groups, within, before);
        } else if (is_acronym(joiner, before) && is_long_name(joiner, within) &&
                   has_initials(joiner, within, before)) {
            gw_group_join(joiner->groups, before, within);
        }
    }
}

/* An acronym that the gazetteer does not know as another name. */
static bool is_open_acronym(const struct gw_joiner *joiner, uint32_t g) {
    return is_acronym(joiner, g) && joiner->groups->items[g].joined == g && !is_short_for_other(joiner, g);
}

static uint64_t letters_hash(const struct gw_joiner *joiner, uint32_t g) {
    return joiner->text->tokens[gw_joiner_span(joiner, g)->first].hash;
}

/* The acronyms of the article; `*count` of them. */
static enum gw_status ask_for_acronyms(struct gw_joiner *joiner, struct gw_claims *initials,
                                       uint32_t *count) {
    struct gw_groups *groups = joiner->groups;
    *count = 0;
    for (uint32_t g = 0; g < groups->count; g++) {
        *count += is_acronym(joiner, g);
    }
    if (*count > 0 && gw_claims_init(initials, *count, joiner->arena) != GW_OK) {
        return GW_NO_MEMORY;
    }
    *count = 0;
    for (uint32_t g = 0; g < groups->count; g++) {
        if (is_open_acronym(joiner, g)) {
            gw_claims_ask(initials, letters_hash(joiner, g));
            ++*count;
        }
    }
    return GW_OK;
}

/* "KCNA" is the one name of the article with these initials. */
static enum gw_status join_initials(struct gw_joiner *joiner) {
    struct gw_claims initials;
    struct gw_groups *groups = joiner->groups;
    uint32_t asked;
    if (ask_for_acronyms(joiner, &initials, &asked) != GW_OK) {
        return GW_NO_MEMORY;
    }
    for (uint32_t g = 0; g < groups->count && asked > 0; g++) {
        for (int capitals_only = 0; is_long_name(joiner, g) && capitals_only < 2; capitals_only++) {
            uint64_t hash = hash_initials(joiner->text, gw_joiner_span(joiner, g), capitals_only);
            if (hash != 0) {
                gw_claims_add(&initials, hash, groups, g);
            }
        }
    }
    for (uint32_t g = 0; g < groups->count && asked > 0; g++) {
        const struct gw_claim *claim =
            is_open_acronym(joiner, g) ? gw_claims_find(&initials, letters_hash(joiner, g)) : NULL;
        if (claim && claim->rival == GW_NO_INDEX) {
            gw_group_join(groups, g, claim->group);
        }
    }
    return GW_OK;
}

enum gw_status gw_join_acronyms(struct gw_joiner *joiner) {
    join_brackets(joiner);
    return join_initials(joiner);
}
