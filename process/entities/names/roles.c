/* Runs of title words right before a name, or in an apposition behind it. */
#include "process/entities/names/roles.h"

#include "process/text/chars.h"

#define ROLE_WORDS_MOST 6U

struct roles {
    const struct gw_text *text;
    const struct gw_model *model;
};

/* The first and last token of a role; none when first > last. */
struct role {
    uint32_t first, last;
};
static const struct role no_role = {1, 0};

static bool has(const struct roles *roles, uint32_t i, uint64_t flags) {
    return (gw_model_word(roles->model, roles->text->tokens[i].word)->flags & flags) != 0;
}

static bool is_any_of(const struct gw_text *text, uint32_t i, const struct gw_str *words, size_t count) {
    struct gw_str cut = gw_text_cut(text, i, i);
    bool found = false;
    for (size_t k = 0; k < count && !found; k++) {
        found = cut.size == words[k].size && memcmp(cut.data, words[k].data, cut.size) == 0;
    }
    return found;
}
#define IS_ANY_OF(text, i, words) is_any_of((text), (i), (words), sizeof(words) / sizeof(words)[0])

#define WORD(literal)                                                                                        \
    { (literal), sizeof(literal) - 1 }

/* Forms of address. */
static bool is_address(const struct gw_text *text, uint32_t i) {
    static const struct gw_str words[] = {
        WORD("Mr"),    WORD("Mrs"),    WORD("Ms"),  WORD("Miss"), WORD("Mr."), WORD("Mrs."), WORD("Ms."),
        WORD("Madam"), WORD("Madame"), WORD("Sir"), WORD("Lady"), WORD("St"),  WORD("Saint")};
    return IS_ANY_OF(text, i, words);
}

/* A stray full stop behind an abbreviated title: "Gen." */
static bool is_title_stop(const struct roles *roles, uint32_t i) {
    return roles->text->tokens[i].mark == GW_MARK_PERIOD && gw_token_touches(roles->text, i) && i > 0 &&
           has(roles, i - 1, GW_WORD(TITLE));
}

static struct role role_before(const struct roles *roles, const struct gw_name_span *span,
                               const struct gw_name_span *previous) {
    uint32_t least = roles->text->sentences[span->sentence].first;
    uint32_t first = span->first;
    if (first > least && is_title_stop(roles, first - 1)) {
        first--;
    }
    bool titled = false;
    while (first > least && span->first - first < ROLE_WORDS_MOST &&
           (!previous || previous->last < first - 1) &&
           has(roles, first - 1, GW_WORD(TITLE) | (titled ? GW_WORD(TITLE_MODIFIER) : 0)) &&
           !is_address(roles->text, first - 1)) {
        titled = true;
        first--;
    }
    if (!titled) {
        return no_role;
    }
    bool belongs = previous && previous->last + 1 == first && previous->sentence == span->sentence &&
                   (previous->type == GW_NORP || previous->type == GW_LOC || previous->type == GW_ORG);
    return (struct role){belongs ? previous->first : first, span->first - 1};
}

/* Behind the name: a comma, perhaps an article, then words of a title up to a comma, a full stop or "of". */
static struct role role_behind(const struct roles *roles, const struct gw_name_span *span) {
    static const struct gw_str articles[] = {WORD("the"),   WORD("a"),   WORD("an"), WORD("its"),
                                             WORD("their"), WORD("his"), WORD("her")};
    static const struct gw_str ends[] = {WORD("of"), WORD("for"), WORD("at"),
                                         WORD("in"), WORD("and"), WORD("who")};
    const struct gw_text *text = roles->text;
    uint32_t end = text->sentences[span->sentence].end, at = span->last + 1;
    if (at + 1 >= end || text->tokens[at].mark != GW_MARK_COMMA) {
        return no_role;
    }
    at += 1 + IS_ANY_OF(text, at + 1, articles);
    uint32_t first = at;
    while (at < end && at - first < ROLE_WORDS_MOST &&
           has(roles, at, GW_WORD(TITLE) | GW_WORD(TITLE_MODIFIER) | GW_WORD(DEMONYM))) {
        at++;
    }
    bool titled = at > first && has(roles, at - 1, GW_WORD(TITLE)) && !is_address(text, at - 1);
    bool ended = at < end && (text->tokens[at].mark == GW_MARK_COMMA ||
                              text->tokens[at].mark == GW_MARK_PERIOD || IS_ANY_OF(text, at, ends));
    return titled && ended ? (struct role){first, at - 1} : no_role;
}

void gw_roles_find(const struct gw_text *text, const struct gw_model *model, struct gw_name_spans *spans) {
    const struct roles roles = {text, model};
    for (uint32_t i = 0; i < spans->count; i++) {
        struct gw_name_span *span = &spans->items[i];
        if (span->type != GW_PERSON) {
            continue;
        }
        struct role role = role_before(&roles, span, i > 0 ? span - 1 : NULL);
        role = role.first <= role.last ? role : role_behind(&roles, span);
        bool found = role.first <= role.last;
        span->role_first = found ? role.first : GW_NO_INDEX;
        span->role_last = found ? role.last : GW_NO_INDEX;
    }
}
