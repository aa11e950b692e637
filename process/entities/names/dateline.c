/* A by-line is a line of its own that begins with "By"; a dateline is a place, perhaps a region, a date and
 * an agency in brackets, and then a dash before a sentence begins. */
#include "process/entities/names/dateline.h"

#include "process/entities/links/gazetteer.h"
#include "process/text/chars.h"
#include "schemas/annotation.h"

#define PLACE_WORDS_MOST   4U
#define DATE_TOKENS_MOST   6U
#define AGENCY_WORDS_MOST  4U
#define BYLINE_TOKENS_MOST 20U
#define NAME_WORDS_MOST    4U

#define FORCED_CONFIDENCE 9000

/* Places, agencies and authors. */
#define FORCED_MOST (2U + GW_BYLINE_AUTHORS_MOST)

static const struct gw_token_range no_range = {GW_NO_INDEX, 0};

struct reader {
    const struct gw_text *text;
    const struct gw_model *model;
    const struct gw_name_spans *spans;
    uint32_t end; /* of the text */
};

static const struct gw_token *token_at(const struct reader *reader, uint32_t i) {
    static const struct gw_token none;
    return i < reader->end ? &reader->text->tokens[i] : &none;
}

static bool has(const struct reader *reader, uint32_t i, uint64_t flags) {
    return i < reader->end &&
           (gw_model_word(reader->model, reader->text->tokens[i].word)->flags & flags) != 0;
}

static bool is_capital_word(const struct reader *reader, uint32_t i) {
    return token_at(reader, i)->kind == GW_TOKEN_WORD &&
           (token_at(reader, i)->shape & (GW_SHAPE_CAPITAL | GW_SHAPE_INNER));
}

static bool is_new_line(const struct reader *reader, uint32_t i) {
    return i >= reader->end || (token_at(reader, i)->shape & (GW_SHAPE_LINE | GW_SHAPE_PARAGRAPH));
}

static bool is_word(const struct reader *reader, uint32_t i, const char *word) {
    return i < reader->end && gw_str_is(gw_text_cut(reader->text, i, i), word);
}

/* The span that begins with token `i`, or NULL. */
static const struct gw_name_span *span_at(const struct reader *reader, uint32_t i) {
    uint32_t s = 0;
    while (s < reader->spans->count && reader->spans->items[s].first < i) {
        s++;
    }
    return s < reader->spans->count && reader->spans->items[s].first == i ? &reader->spans->items[s] : NULL;
}

/* A place, or up to so many words in capitals that may be one. */
static struct gw_token_range read_place(const struct reader *reader, uint32_t at) {
    const struct gw_name_span *span = span_at(reader, at);
    if (span && span->type == GW_LOC) {
        return (struct gw_token_range){at, span->last};
    }
    struct gw_token_range range = no_range;
    for (uint32_t i = at; i < at + PLACE_WORDS_MOST && (token_at(reader, i)->shape & GW_SHAPE_CAPITALS);
         i++) {
        range = (struct gw_token_range){at, i};
    }
    return range;
}

/* ", Kenya", ", May 3": where what belongs to the place ends. */
static uint32_t pass_details(const struct reader *reader, uint32_t at) {
    uint32_t least = at + DATE_TOKENS_MOST;
    while (at < least && token_at(reader, at)->mark == GW_MARK_COMMA) {
        struct gw_token_range place = read_place(reader, at + 1);
        if (place.first != GW_NO_INDEX) {
            at = place.last + 1;
            continue;
        }
        if (!has(reader, at + 1, GW_WORD(MONTH) | GW_WORD(WEEKDAY)) &&
            token_at(reader, at + 1)->kind != GW_TOKEN_NUMBER) {
            break;
        }
        at++;
        while (at < least && (has(reader, at, GW_WORD(MONTH) | GW_WORD(WEEKDAY)) ||
                              token_at(reader, at)->kind == GW_TOKEN_NUMBER ||
                              token_at(reader, at)->mark == GW_MARK_PERIOD)) {
            at++;
        }
    }
    return at;
}

/* "(Reuters)", "(Xinhua News Agency)". */
static struct gw_token_range read_agency(const struct reader *reader, uint32_t at) {
    uint32_t i = at + 1;
    if (token_at(reader, at)->mark != GW_MARK_OPEN) {
        return no_range;
    }
    while (i <= at + AGENCY_WORDS_MOST && is_capital_word(reader, i)) {
        i++;
    }
    return i > at + 1 && token_at(reader, i)->mark == GW_MARK_CLOSE ? (struct gw_token_range){at + 1, i - 1}
                                                                    : no_range;
}

/* Where the report begins behind a dash at `at`; `at` itself when there is none. */
static uint32_t pass_dash(const struct reader *reader, uint32_t at) {
    uint32_t i = at;
    while (i < at + 2 && (token_at(reader, i)->mark == GW_MARK_DASH ||
                          (token_at(reader, i)->mark == GW_MARK_HYPHEN &&
                           (i > at || (token_at(reader, i)->shape & GW_SHAPE_SPACE))))) {
        i++;
    }
    return i;
}

static bool begins_sentence(const struct reader *reader, uint32_t i) {
    const struct gw_token *token = token_at(reader, i);
    return is_capital_word(reader, i) || token->kind == GW_TOKEN_NUMBER || token->mark == GW_MARK_QUOTE ||
           token->mark == GW_MARK_QUOTE_OPEN || is_new_line(reader, i);
}

static bool is_in_capitals(const struct reader *reader, struct gw_token_range range) {
    return range.first != GW_NO_INDEX && (token_at(reader, range.first)->shape & GW_SHAPE_CAPITALS);
}

static void read_dateline(const struct reader *reader, uint32_t at, struct gw_dateline_tokens *dateline) {
    struct gw_token_range place = read_place(reader, at);
    uint32_t behind = place.first == GW_NO_INDEX ? at : pass_details(reader, place.last + 1);
    struct gw_token_range agency = read_agency(reader, behind);
    uint32_t last = agency.first == GW_NO_INDEX ? behind - 1 : agency.last + 1;
    uint32_t body = pass_dash(reader, last + 1);
    bool dashed = body > last + 1;
    bool colon = is_in_capitals(reader, place) && token_at(reader, last + 1)->mark == GW_MARK_COLON;
    bool named = place.first != GW_NO_INDEX || (agency.first != GW_NO_INDEX && dashed);
    bool parted = dashed || colon || (agency.first != GW_NO_INDEX && is_in_capitals(reader, place));
    if (named && parted && begins_sentence(reader, colon ? last + 2 : body)) {
        dateline->line = (struct gw_token_range){at, last};
        dateline->place = place;
        dateline->agency = agency;
    }
}

/* The name at `at`: a person, or two to four words with capitals. */
static struct gw_token_range read_author(const struct reader *reader, uint32_t at) {
    const struct gw_name_span *span = span_at(reader, at);
    if (span && span->type == GW_PERSON) {
        return (struct gw_token_range){at, span->last};
    }
    uint32_t i = at;
    while (i < at + NAME_WORDS_MOST && is_capital_word(reader, i) && (i == at || !is_new_line(reader, i))) {
        i++;
    }
    return i >= at + 2 ? (struct gw_token_range){at, i - 1} : no_range;
}

/* "By Maria Lindqvist, Reuters", "By Maria Lindqvist in Oslo"; not "By Maria Lindqvist's count". */
static bool may_follow_author(const struct reader *reader, uint32_t i) {
    const struct gw_token *token = token_at(reader, i);
    return token->mark == GW_MARK_COMMA || token->mark == GW_MARK_OTHER || token->mark == GW_MARK_DASH ||
           token->mark == GW_MARK_OPEN || is_word(reader, i, "in") || is_word(reader, i, "for");
}

/* "By A, B and C" up to the end of its line; what else the line has is passed over. Returns where the next
 * line begins, or `at` when this is no by-line. */
static uint32_t read_byline(const struct reader *reader, uint32_t at, struct gw_dateline_tokens *dateline) {
    if (!is_word(reader, at, "By") && !is_word(reader, at, "BY")) {
        return at;
    }
    uint32_t end = at + 1;
    while (!is_new_line(reader, end) && end < at + BYLINE_TOKENS_MOST) {
        end++;
    }
    uint32_t behind = at + 1;
    for (uint32_t i = at + 1; i < end && dateline->author_count < GW_BYLINE_AUTHORS_MOST;) {
        struct gw_token_range author = read_author(reader, i);
        if (author.first == GW_NO_INDEX || author.last >= end) {
            break;
        }
        dateline->authors[dateline->author_count++] = author;
        behind = author.last + 1;
        i = behind + (is_word(reader, behind, "and") || token_at(reader, behind)->mark == GW_MARK_COMMA);
    }
    if (dateline->author_count == 0 || end == reader->end || !is_new_line(reader, end) ||
        !(behind == end || may_follow_author(reader, behind))) {
        dateline->author_count = 0;
        return at;
    }
    dateline->byline = (struct gw_token_range){at, end - 1};
    return end;
}

static struct gw_name_span forced_span(const struct reader *reader, struct gw_token_range range,
                                       enum gw_entity_type type) {
    struct gw_gazetteer_match match =
        gw_gazetteer_match(reader->model, reader->text, range.first, range.last + 1);
    uint32_t sentence = 0;
    while (sentence + 1 < reader->text->sentence_count &&
           reader->text->sentences[sentence].end <= range.first) {
        sentence++;
    }
    bool known = match.name && match.last == range.last && match.name->type == type;
    return (struct gw_name_span){.first = range.first,
                                 .last = range.last,
                                 .sentence = sentence,
                                 .role_first = GW_NO_INDEX,
                                 .role_last = GW_NO_INDEX,
                                 .known = known ? match.name : NULL,
                                 .type = (uint8_t)type,
                                 .confidence = FORCED_CONFIDENCE};
}

struct forced {
    struct gw_name_span items[FORCED_MOST];
    uint32_t count;
};

/* What the tagger has seen so already stays as it is. */
static void force(const struct reader *reader, struct gw_token_range range, enum gw_entity_type type,
                  struct forced *forced) {
    const struct gw_name_span *span = range.first == GW_NO_INDEX ? NULL : span_at(reader, range.first);
    bool there = span && span->last == range.last && (span->own || span->type == type);
    if (range.first != GW_NO_INDEX && !there) {
        forced->items[forced->count++] = forced_span(reader, range, type);
    }
}

/* Both are in order; of two that overlap the forced one stays. */
static enum gw_status merge(const struct forced *forced, struct gw_arena *arena,
                            struct gw_name_spans *spans) {
    struct gw_name_span *out = gw_arena_take(arena, ((size_t)spans->count + forced->count) * sizeof *out);
    uint32_t count = 0, f = 0;
    if (!out) {
        return GW_NO_MEMORY;
    }
    for (uint32_t i = 0; i < spans->count; i++) {
        const struct gw_name_span *span = &spans->items[i];
        while (f < forced->count && forced->items[f].last < span->first) {
            out[count++] = forced->items[f++];
        }
        bool before = count > 0 && out[count - 1].last >= span->first;
        if (!before && !(f < forced->count && forced->items[f].first <= span->last)) {
            out[count++] = *span;
        }
    }
    while (f < forced->count) {
        out[count++] = forced->items[f++];
    }
    *spans = (struct gw_name_spans){out, count};
    return GW_OK;
}

enum gw_status gw_dateline_find(const struct gw_text *text, const struct gw_model *model,
                                struct gw_arena *arena, struct gw_name_spans *spans,
                                struct gw_dateline_tokens *dateline) {
    const struct reader reader = {text, model, spans, text->token_count};
    struct forced forced = {.count = 0};
    *dateline = (struct gw_dateline_tokens){
        .line = no_range, .place = no_range, .agency = no_range, .byline = no_range};
    if (text->title_count == text->token_count) {
        return GW_OK;
    }
    uint32_t at = read_byline(&reader, text->title_count, dateline);
    read_dateline(&reader, at, dateline);
    for (uint32_t i = 0; i < dateline->author_count; i++) {
        force(&reader, dateline->authors[i], GW_PERSON, &forced);
    }
    force(&reader, dateline->place, GW_LOC, &forced);
    force(&reader, dateline->agency, GW_ORG, &forced);
    return forced.count > 0 ? merge(&forced, arena, spans) : GW_OK;
}
