/* All looking is at the few tokens around a verb. */
#include "process/document/speakers.h"

#include "process/text/chars.h"

#include <strings.h>

/* Tokens between the end of a quotation and the verb or name that belongs to it. */
#define BEHIND_REACH 2U

/* Tokens between a name and its verb: "Kim Jong Un also mentioned". */
#define ADVERBS_MOST 2U

/* "Jane Doe, the mayor of Lower Town, said". */
#define APPOSITION_MOST 14U

/* "said spokesman for the company Jane Doe": words between verb and name. */
#define ROLE_MOST 3U

/* How far before a quotation its verb may be. */
#define BEFORE_REACH 30U

static const struct gw_saying nothing = {GW_NO_INDEX, GW_NO_INDEX, GW_NO_INDEX,
                                         GW_NO_INDEX, GW_NO_INDEX, false};

static bool word_is(const struct gw_speaker_finder *finder, uint32_t i, const char *const *words,
                    size_t count) {
    struct gw_str s = gw_text_cut(finder->text, i, i);
    for (size_t k = 0; k < count; k++) {
        if (s.size == strlen(words[k]) && strncasecmp(s.data, words[k], s.size) == 0) {
            return true;
        }
    }
    return false;
}
#define WORD_IS(finder, i, ...)                                                                              \
    word_is((finder), (i), (const char *const[]){__VA_ARGS__},                                               \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static const struct gw_token *token_at(const struct gw_speaker_finder *finder, uint32_t i) {
    return &finder->text->tokens[i];
}

/* Token `i` is in the same paragraph and field as the one before it. */
static bool goes_on(const struct gw_speaker_finder *finder, uint32_t i) {
    return i < finder->text->token_count && i != finder->text->title_count &&
           !(token_at(finder, i)->shape & GW_SHAPE_PARAGRAPH);
}

static bool is_word(const struct gw_speaker_finder *finder, uint32_t i) {
    return token_at(finder, i)->kind == GW_TOKEN_WORD;
}

static bool is_cue(const struct gw_speaker_finder *finder, uint32_t i) {
    return is_word(finder, i) && !(token_at(finder, i)->shape & GW_SHAPE_CAPITAL) &&
           (gw_model_word(finder->model, token_at(finder, i)->word)->flags & GW_WORD(SPEECH));
}

/* What stands behind these is who was told. */
static bool has_listener(const struct gw_speaker_finder *finder, uint32_t cue) {
    return WORD_IS(finder, cue, "told", "tells", "tell", "asked", "asks", "warned", "warns", "urged", "urges",
                   "called", "calls");
}

static bool is_pronoun(const struct gw_speaker_finder *finder, uint32_t i) {
    return is_word(finder, i) && WORD_IS(finder, i, "he", "she");
}

static bool may_speak(const struct gw_speaker_finder *finder, uint32_t span) {
    uint32_t entity = finder->entities->of_span[span];
    if (entity == GW_NO_INDEX) {
        return false;
    }
    enum gw_entity_type type = finder->entities->items[entity].type;
    return type == GW_PERSON || type == GW_ORG || type == GW_LOC;
}

/* Where a name with its title begins. */
static uint32_t start_of(const struct gw_name_span *span) {
    return span->role_first != GW_NO_INDEX && span->role_first < span->first ? span->role_first : span->first;
}

/* Where a name with the role behind it ends. */
static uint32_t end_of(const struct gw_name_span *span) {
    return span->role_last != GW_NO_INDEX && span->role_last > span->last ? span->role_last : span->last;
}

static void move_to(struct gw_speaker_finder *finder, uint32_t token) {
    while (finder->span > 0 && finder->spans->items[finder->span - 1].last >= token) {
        finder->span--;
    }
    while (finder->span < finder->spans->count && finder->spans->items[finder->span].last < token) {
        finder->span++;
    }
}

/* The span that has token `i`, or GW_NO_INDEX. */
static uint32_t span_with(struct gw_speaker_finder *finder, uint32_t i) {
    move_to(finder, i);
    return finder->span < finder->spans->count && finder->spans->items[finder->span].first <= i ? finder->span
                                                                                                : GW_NO_INDEX;
}

static struct gw_saying saying(const struct gw_speaker_finder *finder, uint32_t cue, uint32_t span) {
    const struct gw_name_span *name = &finder->spans->items[span];
    uint32_t start = start_of(name), end = end_of(name);
    return (struct gw_saying){
        cue, cue, finder->entities->of_span[span], start < cue ? start : cue, end > cue ? end : cue, false};
}

static struct gw_saying pronoun_says(uint32_t cue, uint32_t pronoun) {
    return (struct gw_saying){
        cue, cue, GW_NO_INDEX, cue < pronoun ? cue : pronoun, cue > pronoun ? cue : pronoun, true};
}

/* "also", "has", "later": words between a name and its verb that change nothing. */
static bool is_adverb(const struct gw_speaker_finder *finder, uint32_t i) {
    struct gw_str s = gw_text_cut(finder->text, i, i);
    bool ly = is_word(finder, i) && s.size > 3 && memcmp(s.data + s.size - 2, "ly", 2) == 0;
    return ly || (is_word(finder, i) && WORD_IS(finder, i, "also", "has", "had", "have", "later", "then",
                                                "once", "further", "already", "again", "himself", "herself"));
}

/* The name or pronoun before the verb at `cue`, not before `least`. */
static struct gw_saying subject_before(struct gw_speaker_finder *finder, uint32_t cue, uint32_t least) {
    uint32_t at = cue;
    for (uint32_t n = 0; n < ADVERBS_MOST && at > least && is_adverb(finder, at - 1); n++) {
        at--;
    }
    if (at <= least) {
        return nothing;
    }
    if (is_pronoun(finder, at - 1)) {
        return pronoun_says(cue, at - 1);
    }
    uint32_t span = span_with(finder, at - 1);
    if (span != GW_NO_INDEX) {
        return may_speak(finder, span) ? saying(finder, cue, span) : nothing;
    }
    if (token_at(finder, at - 1)->mark != GW_MARK_COMMA) {
        return nothing;
    }
    for (uint32_t i = at - 1; i > least && at - i < APPOSITION_MOST; i--) {
        const struct gw_token *token = token_at(finder, i - 1);
        if (token->mark == GW_MARK_COMMA && i - 1 > least) {
            span = span_with(finder, i - 2);
            return span != GW_NO_INDEX && may_speak(finder, span) && i < at - 1 ? saying(finder, cue, span)
                                                                                : nothing;
        }
        if (token->kind == GW_TOKEN_MARK && token->mark != GW_MARK_HYPHEN) {
            return nothing;
        }
    }
    return nothing;
}

/* The name or pronoun behind the verb at `cue`: "said Name", "said spokeswoman Name". */
static struct gw_saying subject_behind(struct gw_speaker_finder *finder, uint32_t cue) {
    if (!goes_on(finder, cue + 1) || has_listener(finder, cue)) {
        return nothing;
    }
    if (is_pronoun(finder, cue + 1)) {
        return pronoun_says(cue, cue + 1);
    }
    for (uint32_t i = cue + 1; i <= cue + 1 + ROLE_MOST && goes_on(finder, i); i++) {
        uint32_t span = span_with(finder, i);
        if (span != GW_NO_INDEX && (finder->spans->items[span].type != GW_NORP)) {
            return may_speak(finder, span) ? saying(finder, cue, span) : nothing;
        }
        if (!is_word(finder, i) ||
            WORD_IS(finder, i, "to", "in", "at", "on", "of", "for", "from", "with", "after", "before", "that",
                    "by", "about", "during", "as", "and", "when", "while")) {
            return nothing;
        }
    }
    return nothing;
}

/* What belongs to the verb at `cue` behind a quotation that ends before `least`; the verb alone if nothing.
 */
static struct gw_saying around(struct gw_speaker_finder *finder, uint32_t cue, uint32_t least) {
    struct gw_saying found = subject_before(finder, cue, least);
    if (found.cue_first == GW_NO_INDEX) {
        found = subject_behind(finder, cue);
    }
    if (found.cue_first == GW_NO_INDEX) {
        found = (struct gw_saying){cue, cue, GW_NO_INDEX, cue, cue, false};
    }
    return found;
}

/* "according to Name" at token `i`. */
static struct gw_saying according(struct gw_speaker_finder *finder, uint32_t i) {
    if (!goes_on(finder, i + 1) || !goes_on(finder, i + 2) || !WORD_IS(finder, i, "according") ||
        !WORD_IS(finder, i + 1, "to")) {
        return nothing;
    }
    for (uint32_t at = i + 2; at < i + 2 + ROLE_MOST && goes_on(finder, at) && is_word(finder, at); at++) {
        uint32_t span = span_with(finder, at);
        if (span != GW_NO_INDEX && finder->spans->items[span].type != GW_NORP) {
            struct gw_saying found = saying(finder, i, span);
            found.cue_last = i + 1;
            return may_speak(finder, span) ? found : nothing;
        }
    }
    return nothing;
}

/* “It is late.” Jane Doe said no more. */
static bool is_new_sentence(const struct gw_speaker_finder *finder, uint32_t at) {
    return at >= 2 && at < finder->text->token_count && token_at(finder, at - 1)->kind == GW_TOKEN_MARK &&
           token_at(finder, at - 2)->mark == GW_MARK_PERIOD &&
           (token_at(finder, at)->shape & GW_SHAPE_CAPITAL);
}

static bool ends_behind(const struct gw_speaker_finder *finder, const struct gw_saying *found) {
    return found->cue_first != GW_NO_INDEX &&
           (!goes_on(finder, found->last + 1) || token_at(finder, found->last + 1)->mark == GW_MARK_PERIOD);
}

static struct gw_saying find_behind(struct gw_speaker_finder *finder, uint32_t at) {
    for (uint32_t i = at; i < at + BEHIND_REACH && goes_on(finder, i); i++) {
        struct gw_saying found = according(finder, i);
        if (found.cue_first != GW_NO_INDEX) {
            return found;
        }
        if (is_cue(finder, i)) {
            return around(finder, i, at);
        }
        if (token_at(finder, i)->mark == GW_MARK_PERIOD) {
            return nothing;
        }
    }
    uint32_t first = at;
    if (goes_on(finder, first) && token_at(finder, first)->mark == GW_MARK_COMMA) {
        first++;
    }
    /* A name comes first; its verb is at most an apposition away. */
    for (uint32_t i = first; i < first + APPOSITION_MOST && goes_on(finder, i); i++) {
        if (is_cue(finder, i)) {
            struct gw_saying found = subject_before(finder, i, first);
            bool near = found.cue_first != GW_NO_INDEX && found.first <= first + 1;
            return near ? found : nothing;
        }
        if (token_at(finder, i)->mark == GW_MARK_PERIOD) {
            break;
        }
    }
    return nothing;
}

struct gw_saying gw_saying_behind(struct gw_speaker_finder *finder, uint32_t at) {
    struct gw_saying found = find_behind(finder, at);
    return is_new_sentence(finder, at) && !ends_behind(finder, &found) ? nothing : found;
}

struct gw_saying gw_saying_before(struct gw_speaker_finder *finder, uint32_t at, uint32_t least) {
    uint32_t near = at;
    while (near > least && at - near < BEHIND_REACH && !is_cue(finder, near - 1)) {
        near--;
    }
    if (near > least && is_cue(finder, near - 1)) {
        struct gw_saying found = subject_before(finder, near - 1, least);
        return found.cue_first != GW_NO_INDEX ? found : (struct gw_saying){near - 1, near - 1, GW_NO_INDEX,
                                                                           near - 1, near - 1, false};
    }
    for (uint32_t i = near; i > least && at - i < BEFORE_REACH; i--) {
        const struct gw_token *token = token_at(finder, i - 1);
        if (is_cue(finder, i - 1)) {
            struct gw_saying found = subject_before(finder, i - 1, least);
            if (found.cue_first != GW_NO_INDEX) {
                return found;
            }
        }
        if (token->mark == GW_MARK_PERIOD || token->mark == GW_MARK_QUOTE_CLOSE ||
            token->mark == GW_MARK_QUOTE) {
            break;
        }
    }
    return nothing;
}

struct gw_saying gw_saying_inside(struct gw_speaker_finder *finder, uint32_t at, uint32_t end) {
    for (uint32_t i = at; i < end; i++) {
        if (is_cue(finder, i)) {
            struct gw_saying found = subject_before(finder, i, at);
            if (found.speaker != GW_NO_INDEX) {
                return found;
            }
        }
    }
    return nothing;
}

uint32_t gw_only_person(struct gw_speaker_finder *finder, uint32_t first, uint32_t end) {
    uint32_t only = GW_NO_INDEX;
    move_to(finder, first);
    for (uint32_t s = finder->span; s < finder->spans->count && finder->spans->items[s].first < end; s++) {
        uint32_t entity = finder->entities->of_span[s];
        if (entity == GW_NO_INDEX || finder->entities->items[entity].type != GW_PERSON) {
            continue;
        }
        if (only != GW_NO_INDEX && only != entity) {
            return GW_SEVERAL_PERSONS;
        }
        only = entity;
    }
    return only;
}
