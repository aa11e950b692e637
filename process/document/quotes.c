/* One pass over the tokens finds the quotations; what was said before each helps to tell the speaker. */
#include "process/document/quotes.h"

#include "process/document/quote_marks.h"
#include "process/document/speakers.h"
#include "process/text/chars.h"
#include "process/text/token_classes.h"

#define QUOTES_LEAST 8U

/* Fewer words are a term in quotation marks. */
#define WORDS_LEAST 2U

#define TOKEN_WORK 1U

/* Tokens before a pronoun's quotation in which persons are looked for. */
#define PERSON_REACH 120U

/* Tokens between the words that say who speaks and the quotation that goes on. */
#define SENTENCE_REST_MOST 12U

/* Lines back: the quotation's own and the one before. */
#define LINES_BACK 2U

struct finder {
    struct gw_speaker_finder speakers;
    struct gw_arena *arena;
    struct gw_quotes *quotes;
    size_t capacity;
    struct gw_saying last; /* of the last quotation that had one */
    uint32_t last_end;     /* the token behind the last quotation */
};

static const struct gw_text *text_of(const struct finder *finder) {
    return finder->speakers.text;
}

static const struct gw_token *token_at(const struct finder *finder, uint32_t i) {
    return &text_of(finder)->tokens[i];
}

static uint32_t count_words(const struct finder *finder, uint32_t first, uint32_t end) {
    uint32_t count = 0;
    for (uint32_t i = first; i < end && count < WORDS_LEAST; i++) {
        count += token_at(finder, i)->kind == GW_TOKEN_WORD;
    }
    return count;
}

/* The first token of what the quotation at `open` may be introduced by: of its sentence or line, and behind
 * the quotation before it. */
static uint32_t clause_before(const struct finder *finder, uint32_t open) {
    uint32_t first = open;
    while (first > finder->last_end && !gw_quote_line_begins(text_of(finder), first) &&
           token_at(finder, first - 1)->mark != GW_MARK_PERIOD) {
        first--;
    }
    return first;
}

/* Where the line of `token` begins, `lines` lines back, no further than the field and PERSON_REACH. */
static uint32_t lines_back(const struct finder *finder, uint32_t token, uint32_t lines) {
    uint32_t field = token < text_of(finder)->title_count ? 0 : text_of(finder)->title_count;
    uint32_t least = token - field > PERSON_REACH ? token - PERSON_REACH : field;
    uint32_t first = token;
    while (first > least && lines > 0) {
        lines -= gw_quote_line_begins(text_of(finder), first);
        first -= lines > 0;
    }
    return first;
}

/* Whom "he" or "she" means. */
static uint32_t person_meant(struct finder *finder, uint32_t open) {
    uint32_t only = gw_only_person(&finder->speakers, lines_back(finder, open, LINES_BACK), open);
    uint32_t speaker = finder->last.speaker;
    if (only != GW_SEVERAL_PERSONS) {
        return only;
    }
    if (speaker == GW_NO_INDEX || finder->last.last == GW_NO_INDEX ||
        finder->speakers.entities->items[speaker].type != GW_PERSON) {
        return GW_NO_INDEX;
    }
    /* The rest of the sentence that named the last speaker may name others: "wrote in his letter to". */
    uint32_t from = finder->last.last + 1;
    while (from < open && !gw_quote_line_begins(text_of(finder), from) &&
           token_at(finder, from)->mark != GW_MARK_PERIOD) {
        from++;
    }
    bool near = lines_back(finder, open, LINES_BACK) <= finder->last.last;
    bool others = gw_only_person(&finder->speakers, from, open) != GW_NO_INDEX;
    return near && !others ? speaker : GW_NO_INDEX;
}

/* “…,” she said. “And this goes on.” · “…,” she told reporters in town. “And this goes on.” */
static bool goes_on(const struct finder *finder, uint32_t open) {
    uint32_t from = finder->last.last;
    if (from == GW_NO_INDEX || finder->last.speaker == GW_NO_INDEX || from >= open ||
        open - from > SENTENCE_REST_MOST || finder->last.first < finder->last_end ||
        gw_quote_line_begins(text_of(finder), open)) {
        return false;
    }
    uint32_t words_end = from + 1, i;
    while (words_end < open && token_at(finder, words_end)->kind == GW_TOKEN_WORD) {
        words_end++;
    }
    for (i = words_end; i < open; i++) {
        uint8_t mark = token_at(finder, i)->mark;
        if (mark != GW_MARK_PERIOD && mark != GW_MARK_COMMA) {
            return false;
        }
    }
    return words_end == from + 1 || words_end < open;
}

static struct gw_saying find_saying(struct finder *finder, uint32_t open, uint32_t behind) {
    struct gw_saying found = gw_saying_behind(&finder->speakers, behind);
    if (found.cue_first == GW_NO_INDEX && !goes_on(finder, open)) {
        found = gw_saying_before(&finder->speakers, open, clause_before(finder, open));
    }
    if (found.pronoun) {
        found.speaker = person_meant(finder, open);
    }
    return found;
}

static struct gw_quote *new_quote(struct finder *finder) {
    if (finder->quotes->count == finder->capacity) {
        size_t wanted = finder->capacity * 2 + QUOTES_LEAST;
        struct gw_quote *grown =
            gw_arena_grow(finder->arena, finder->quotes->items, finder->capacity, wanted, sizeof *grown);
        if (!grown) {
            return NULL;
        }
        finder->quotes->items = grown;
        finder->capacity = wanted;
    }
    return &finder->quotes->items[finder->quotes->count++];
}

/* The quotation inside the mark at `open` up to token `end`; `behind` is where its saying may follow. */
static enum gw_status add_quote(struct finder *finder, uint32_t open, uint32_t end, uint32_t behind) {
    if (count_words(finder, open + 1, end) < WORDS_LEAST) {
        return GW_OK;
    }
    struct gw_quote *quote = new_quote(finder);
    if (!quote) {
        return GW_NO_MEMORY;
    }
    *quote = (struct gw_quote){.span = gw_text_span(text_of(finder), open + 1, end - 1)};
    quote->cue = (struct gw_span){quote->span.end, quote->span.end, quote->span.field};
    struct gw_saying found = find_saying(finder, open, behind);
    bool continued = found.cue_first == GW_NO_INDEX && goes_on(finder, open);
    quote->speaker = continued ? finder->last.speaker : found.speaker;
    if (found.cue_first != GW_NO_INDEX) {
        quote->cue = gw_text_span(text_of(finder), found.cue_first, found.cue_last);
        finder->last = found;
    }
    finder->last_end = behind;
    return GW_OK;
}

/* A mark without its partner; what it began ends before `end` at the latest. */
static enum gw_status add_unclosed(struct finder *finder, uint32_t open, uint32_t end) {
    struct gw_saying found = gw_saying_inside(&finder->speakers, open + 1, end);
    uint32_t last = found.cue_first != GW_NO_INDEX ? found.first : end;
    bool whole = gw_quote_line_begins(text_of(finder), open) && end > open + 1;
    if (found.cue_first == GW_NO_INDEX && !whole) {
        return GW_OK;
    }
    while (last > open + 1 && token_at(finder, last - 1)->mark == GW_MARK_COMMA) {
        last--;
    }
    return add_quote(finder, open, last, last);
}

/* The closing mark; what is told between the paragraphs of a quotation means that the first one has lost its
 * own. */
static uint32_t close_of(struct finder *finder, uint32_t open, uint32_t *next) {
    uint32_t paragraph;
    uint32_t close = gw_quote_close(text_of(finder), open, &paragraph, next);
    if (close != GW_QUOTE_LOST && paragraph != close &&
        gw_saying_inside(&finder->speakers, open + 1, paragraph).cue_first != GW_NO_INDEX) {
        *next = paragraph;
        return GW_QUOTE_LOST;
    }
    return close;
}

enum gw_status gw_quotes_find(const struct gw_text *text, const struct gw_model *model,
                              const struct gw_name_spans *spans, const struct gw_entities *entities,
                              struct gw_work *work, struct gw_arena *arena, struct gw_quotes *quotes) {
    struct finder finder = {.speakers = {text, model, spans, entities, 0},
                            .arena = arena,
                            .quotes = quotes,
                            .last = {.speaker = GW_NO_INDEX, .last = GW_NO_INDEX}};
    *quotes = (struct gw_quotes){NULL, 0};
    uint32_t next, count = text->token_count;
    for (uint32_t i = gw_token_next(text, 0, count, GW_CLASS_QUOTE); i < count;
         i = gw_token_next(text, next, count, GW_CLASS_QUOTE)) {
        next = i + 1;
        if (text->tokens[i].kind != GW_TOKEN_MARK || !gw_quote_opens(text, i)) {
            continue;
        }
        uint32_t close = close_of(&finder, i, &next);
        if (!gw_work_take(work, (uint64_t)TOKEN_WORK * (next - i))) {
            break;
        }
        enum gw_status status =
            close == GW_QUOTE_LOST ? add_unclosed(&finder, i, next) : add_quote(&finder, i, close, close + 1);
        if (status != GW_OK) {
            return status;
        }
    }
    return GW_OK;
}

/* `quote` ends before `marker`; the title stands before the body. */
static bool lies_before(const struct gw_span *quote, const struct gw_span *marker) {
    return quote->field == marker->field ? quote->end <= marker->start : quote->field == GW_FIELD_TITLE;
}

void gw_quotes_claim_markers(const struct gw_quotes *quotes, struct gw_marker *markers, size_t marker_count) {
    size_t q = 0;
    for (size_t m = 0; m < marker_count; m++) {
        const struct gw_span *span = &markers[m].span;
        while (q < quotes->count && lies_before(&quotes->items[q].span, span)) {
            q++;
        }
        if (q < quotes->count && quotes->items[q].span.field == span->field &&
            quotes->items[q].span.start <= span->start) {
            markers[m].quote = (uint32_t)q;
        }
    }
}
