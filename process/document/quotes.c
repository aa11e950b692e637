/* One pass over the tokens finds pairs of marks; the words beside a pair tell the speaker. */
#include "process/document/quotes.h"

#include "process/text/chars.h"

#define QUOTES_LEAST 8U

/* Fewer words are a term in quotation marks. */
#define WORDS_LEAST 2U

/* Longer than this, a mark has lost its partner. */
#define TOKENS_MOST 400U

/* Tokens between the marks, the verb and the name. */
#define CUE_REACH     2U
#define SPEAKER_REACH 2U

#define TOKEN_WORK 1U

#define LEFT_SINGLE_QUOTE 0x2018

struct finder {
    const struct gw_text *text;
    const struct gw_model *model;
    const struct gw_name_spans *spans;
    const struct gw_entities *entities;
    struct gw_arena *arena;
    struct gw_quotes *quotes;
    size_t capacity;
    uint32_t span; /* the first name that is not before the quotation */
};

static const struct gw_token *token_at(const struct finder *finder, uint32_t i) {
    return &finder->text->tokens[i];
}

/* The codepoint's own opening mark, as 'single' quotes need one to be told from apostrophes. */
static bool opens(const struct finder *finder, uint32_t i) {
    const struct gw_token *token = token_at(finder, i);
    if (token->mark == GW_MARK_QUOTE_OPEN) {
        return true;
    }
    return token->mark == GW_MARK_QUOTE && i + 1 < finder->text->token_count &&
           gw_token_touches(finder->text, i + 1);
}

static bool is_single(const struct finder *finder, uint32_t i) {
    return gw_char_at(gw_text_cut(finder->text, i, i), 0).codepoint == LEFT_SINGLE_QUOTE;
}

/* A mark that ends what `open` began. */
static bool closes(const struct finder *finder, uint32_t open, uint32_t i) {
    uint8_t mark = token_at(finder, i)->mark;
    if (token_at(finder, open)->mark == GW_MARK_QUOTE) {
        return mark == GW_MARK_QUOTE;
    }
    return is_single(finder, open) ? mark == GW_MARK_APOSTROPHE
                                   : mark == GW_MARK_QUOTE_CLOSE || mark == GW_MARK_QUOTE;
}

/* The same opening mark once more: the one at `open` has lost its partner. */
static bool opens_alike(const struct finder *finder, uint32_t open, uint32_t i) {
    return token_at(finder, i)->mark == GW_MARK_QUOTE_OPEN &&
           token_at(finder, open)->mark == GW_MARK_QUOTE_OPEN &&
           is_single(finder, open) == is_single(finder, i);
}

/* The token that closes what `open` began, or `open` when there is none in its paragraph. */
static uint32_t find_close(const struct finder *finder, uint32_t open) {
    uint32_t end =
        finder->text->token_count - open < TOKENS_MOST ? finder->text->token_count : open + TOKENS_MOST;
    for (uint32_t i = open + 1; i < end; i++) {
        if (token_at(finder, i)->shape & GW_SHAPE_PARAGRAPH) {
            return open;
        }
        if (closes(finder, open, i)) {
            return i;
        }
        if (opens_alike(finder, open, i)) {
            return open;
        }
    }
    return open;
}

static uint32_t count_words(const struct finder *finder, uint32_t open, uint32_t close) {
    uint32_t count = 0;
    for (uint32_t i = open + 1; i < close; i++) {
        count += token_at(finder, i)->kind == GW_TOKEN_WORD;
    }
    return count;
}

static bool is_cue(const struct finder *finder, uint32_t i) {
    const struct gw_token *token = token_at(finder, i);
    return !(token->shape & GW_SHAPE_CAPITAL) &&
           (gw_model_word(finder->model, token->word)->flags & GW_WORD(SPEECH));
}

static bool may_speak(const struct finder *finder, uint32_t span) {
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

/* The name that begins right behind token `at`, or ends right before it. */
static uint32_t speaker_beside(const struct finder *finder, uint32_t at) {
    uint32_t first = finder->span < 2 ? 0 : finder->span - 2;
    for (uint32_t s = first;
         s < finder->spans->count && start_of(&finder->spans->items[s]) <= at + SPEAKER_REACH; s++) {
        const struct gw_name_span *span = &finder->spans->items[s];
        bool behind = start_of(span) > at;
        bool before = span->last < at && span->last + SPEAKER_REACH >= at;
        if ((behind || before) && may_speak(finder, s)) {
            return finder->entities->of_span[s];
        }
    }
    return GW_NO_INDEX;
}

static void set_cue(const struct finder *finder, uint32_t cue, struct gw_quote *quote) {
    quote->cue = gw_text_span(finder->text, cue, cue);
    quote->speaker = speaker_beside(finder, cue);
}

/* A verb near `from`, going by `step`, that no other sentence or paragraph parts from the marks. */
static uint32_t find_cue(const struct finder *finder, uint32_t from, int step, uint32_t reach) {
    uint32_t at = from;
    for (uint32_t n = 0; n < reach; n++) {
        if ((step < 0 && at == 0) || (step > 0 && at + 1 >= finder->text->token_count)) {
            break;
        }
        at = step < 0 ? at - 1 : at + 1;
        const struct gw_token *token = token_at(finder, at);
        if (is_cue(finder, at)) {
            return at;
        }
        if (token->mark == GW_MARK_PERIOD || (token->shape & GW_SHAPE_PARAGRAPH)) {
            break;
        }
    }
    return from;
}

/* The first name at or behind `token`. */
static uint32_t next_span(const struct finder *finder, uint32_t token) {
    uint32_t s = finder->span;
    while (s < finder->spans->count && finder->spans->items[s].first < token) {
        s++;
    }
    return s;
}

/* “…,” said Name · “…,” Name said · Name said: “…” */
static void find_speaker(struct finder *finder, uint32_t open, uint32_t close, struct gw_quote *quote) {
    uint32_t cue = find_cue(finder, close, 1, CUE_REACH);
    uint32_t before = find_cue(finder, open, -1, CUE_REACH);
    if (cue == close && before != open) {
        set_cue(finder, before, quote);
        return;
    }
    finder->span = next_span(finder, close);
    if (cue == close && finder->span < finder->spans->count &&
        start_of(&finder->spans->items[finder->span]) <= close + CUE_REACH) {
        uint32_t last = finder->spans->items[finder->span].last;
        uint32_t found = find_cue(finder, last, 1, CUE_REACH);
        cue = found == last ? close : found;
    }
    if (cue != close) {
        set_cue(finder, cue, quote);
    }
}

static enum gw_status add_quote(struct finder *finder, uint32_t open, uint32_t close) {
    if (finder->quotes->count == finder->capacity) {
        size_t wanted = finder->capacity * 2 + QUOTES_LEAST;
        struct gw_quote *grown =
            gw_arena_grow(finder->arena, finder->quotes->items, finder->capacity, wanted, sizeof *grown);
        if (!grown) {
            return GW_NO_MEMORY;
        }
        finder->quotes->items = grown;
        finder->capacity = wanted;
    }
    struct gw_quote *quote = &finder->quotes->items[finder->quotes->count++];
    *quote =
        (struct gw_quote){.span = gw_text_span(finder->text, open + 1, close - 1), .speaker = GW_NO_INDEX};
    quote->cue = (struct gw_span){quote->span.end, quote->span.end, quote->span.field};
    finder->span = next_span(finder, open);
    find_speaker(finder, open, close, quote);
    return GW_OK;
}

enum gw_status gw_quotes_find(const struct gw_text *text, const struct gw_model *model,
                              const struct gw_name_spans *spans, const struct gw_entities *entities,
                              struct gw_work *work, struct gw_arena *arena, struct gw_quotes *quotes) {
    struct finder finder = {
        .text = text, .model = model, .spans = spans, .entities = entities, .arena = arena, .quotes = quotes};
    *quotes = (struct gw_quotes){NULL, 0};
    for (uint32_t i = 0; i < text->token_count; i++) {
        if (!opens(&finder, i)) {
            continue;
        }
        uint32_t close = find_close(&finder, i);
        if (!gw_work_take(work, (uint64_t)TOKEN_WORK * (close - i + 1))) {
            break;
        }
        if (count_words(&finder, i, close) >= WORDS_LEAST && add_quote(&finder, i, close) != GW_OK) {
            return GW_NO_MEMORY;
        }
        i = close;
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
