/* Elections have such names, and no corpus has enough of them to learn from: the place in one is no place
 * that the article tells of. */
#include "process/entities/tagger/events.h"

#include "process/text/chars.h"

#define YEAR_DIGITS 4U

/* From the year to the word that says what took place. */
#define WORDS_MOST 10U

static const char *const votes[] = {"election", "elections", "referendum", "by-election", "runoff"};

/* What may stand before it in small letters. */
static const char *const kinds[] = {
    "general",
    "presidential",
    "parliamentary",
    "legislative",
    "local",
    "municipal",
    "state",
    "federal",
    "provincial",
    "mayoral",
    "regional",
    "gubernatorial",
    "special",
    "congressional",
    "leadership",
    "primary",
    "council",
    "constitutional",
    "assembly",
    "constituency",
    "independence",
    "county",
    "city",
    "snap",
    "senate",
    "representative",
    "by",
    "of",
    "the",
    "and",
};

static bool is_one_of(struct gw_str word, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (gw_str_is(word, words[i])) {
            return true;
        }
    }
    return false;
}

static bool is_vote(struct gw_str word) {
    return is_one_of(word, votes, sizeof votes / sizeof *votes);
}

static bool is_year(const struct gw_token *token) {
    return token->kind == GW_TOKEN_NUMBER && token->end - token->start == YEAR_DIGITS &&
           !(token->shape & GW_SHAPE_DIGITS);
}

/* The token that says what took place, or GW_NO_INDEX: only names and kinds stand between. */
static uint32_t find_vote(const struct gw_text *text, uint32_t first, uint32_t end) {
    for (uint32_t i = first; i < end && i - first < WORDS_MOST; i++) {
        const struct gw_token *token = &text->tokens[i];
        struct gw_str word = gw_text_cut(text, i, i);
        if (token->mark == GW_MARK_HYPHEN) {
            continue;
        }
        if (token->kind != GW_TOKEN_WORD) {
            return GW_NO_INDEX;
        }
        if (is_vote(word)) {
            return i;
        }
        if (!(token->shape & GW_SHAPE_CAPITAL) && !is_one_of(word, kinds, sizeof kinds / sizeof *kinds)) {
            return GW_NO_INDEX;
        }
    }
    return GW_NO_INDEX;
}

/* The year that the event whose first name `span` is begins with, or GW_NO_INDEX; it is none of the `kept`
 * names'. */
static uint32_t event_begin(const struct gw_text *text, const struct gw_name_spans *spans, uint32_t kept,
                            const struct gw_name_span *span) {
    if (is_year(&text->tokens[span->first])) {
        return span->first;
    }
    uint32_t before = span->first - 1;
    bool is_free = span->first > text->sentences[span->sentence].first &&
                   (kept == 0 || spans->items[kept - 1].last < before);
    return is_free && is_year(&text->tokens[before]) ? before : GW_NO_INDEX;
}

void gw_events_find(const struct gw_text *text, struct gw_name_spans *spans) {
    uint32_t kept = 0, begin, last;
    for (uint32_t i = 0; i < spans->count; i++) {
        const struct gw_name_span *span = &spans->items[i];
        begin = event_begin(text, spans, kept, span);
        last = begin == GW_NO_INDEX ? GW_NO_INDEX
                                    : find_vote(text, begin + 1, text->sentences[span->sentence].end);
        if (last != GW_NO_INDEX) {
            struct gw_name_span event = {.first = begin,
                                         .last = last,
                                         .sentence = span->sentence,
                                         .role_first = GW_NO_INDEX,
                                         .role_last = GW_NO_INDEX,
                                         .type = GW_EVENT,
                                         .confidence = span->confidence};
            while (i + 1 < spans->count && spans->items[i + 1].first <= last) {
                i++;
            }
            spans->items[kept] = event;
        } else if (kept != i) {
            spans->items[kept] = *span;
        }
        kept++;
    }
    spans->count = kept;
}
