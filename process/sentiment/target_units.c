#include "process/sentiment/target_units.h"

#include "process/sentiment/verb_frames.h"
#include "process/text/chars.h"

/* Tokens on each side of what was asked for that are cut into units: far more than are looked at, so that
 * many targets in a sentence without end cost no more than their number. */
#define AROUND 512U

/* Tokens that are one name though the tagger may not say so. */
struct asked {
    uint32_t first, last;
};

struct cutter {
    const struct gw_unit_input *input;
    struct gw_units *units;
    struct asked asked;
    uint32_t first; /* of the sentence */
    uint32_t span;  /* the first that is not before the token */
    bool quoted;
};

uint32_t gw_units_most(const struct gw_text *text) {
    uint32_t longest = 0;
    for (uint32_t s = 0; s < text->sentence_count; s++) {
        uint32_t size = text->sentences[s].end - text->sentences[s].first;
        longest = size > longest ? size : longest;
    }
    return longest;
}

/* A word in capitals that the model does not know as a common one. */
static bool looks_like_name(const struct cutter *cutter, uint32_t i, uint64_t flags) {
    const struct gw_token *token = &cutter->input->text->tokens[i];
    uint64_t plain = GW_WORD(COMMON) | GW_WORD(STOPWORD) | (i == cutter->first ? GW_WORD(STARTER) : 0);
    return token->kind == GW_TOKEN_URL ||
           (token->kind == GW_TOKEN_WORD && (token->shape & GW_SHAPE_CAPITAL) && !(flags & plain));
}

static bool is_name(struct cutter *cutter, uint32_t i, uint64_t flags) {
    const struct gw_name_spans *spans = cutter->input->spans;
    while (cutter->span < spans->count && spans->items[cutter->span].last < i) {
        cutter->span++;
    }
    bool found = cutter->span < spans->count && spans->items[cutter->span].first <= i;
    bool asked = cutter->asked.first <= i && i <= cutter->asked.last;
    return found || asked || looks_like_name(cutter, i, flags);
}

static bool parts_clauses(uint8_t mark) {
    return mark == GW_MARK_COMMA || mark == GW_MARK_SEMICOLON || mark == GW_MARK_COLON ||
           mark == GW_MARK_DASH || mark == GW_MARK_OPEN || mark == GW_MARK_CLOSE;
}

static bool is_quotation_mark(uint8_t mark) {
    return mark == GW_MARK_QUOTE || mark == GW_MARK_QUOTE_OPEN || mark == GW_MARK_QUOTE_CLOSE;
}

/* Marks that tell how a sentence hangs together; the others are plain. */
static const uint8_t mark_classes[GW_MARK_COUNT] = {
    [GW_MARK_PERIOD] = GW_GLUE_STOP,      [GW_MARK_EXCLAMATION] = GW_GLUE_STOP,
    [GW_MARK_QUESTION] = GW_GLUE_STOP,    [GW_MARK_ELLIPSIS] = GW_GLUE_STOP,
    [GW_MARK_COMMA] = GW_GLUE_COMMA,      [GW_MARK_COLON] = GW_GLUE_STOP,
    [GW_MARK_SEMICOLON] = GW_GLUE_STOP,   [GW_MARK_HYPHEN] = GW_GLUE_HYPHEN,
    [GW_MARK_DASH] = GW_GLUE_STOP,        [GW_MARK_QUOTE] = GW_GLUE_QUOTE,
    [GW_MARK_QUOTE_OPEN] = GW_GLUE_QUOTE, [GW_MARK_QUOTE_CLOSE] = GW_GLUE_QUOTE,
    [GW_MARK_OPEN] = GW_GLUE_COMMA,       [GW_MARK_CLOSE] = GW_GLUE_COMMA,
};

static struct gw_unit *add_unit(struct cutter *cutter, uint32_t i, uint64_t key, uint64_t flags) {
    struct gw_units *units = cutter->units;
    struct gw_unit *unit = &units->items[units->count];
    *unit = (struct gw_unit){.key = key,
                             .pair = units->count > 0 ? gw_pair_hash(unit[-1].key, key) : 0,
                             .flags = flags,
                             .weight = cutter->input->markers->weights[i],
                             .first = i,
                             .last = i,
                             .quoted = cutter->quoted,
                             .class = gw_class_of_flags(flags)};
    units->tone += unit->weight;
    units->count++;
    return unit;
}

static void add_word(struct cutter *cutter, uint32_t i, uint64_t flags) {
    const struct gw_token *token = &cutter->input->text->tokens[i];
    if (token->kind == GW_TOKEN_POSSESSIVE) {
        add_unit(cutter, i, GW_UNIT_POSSESSIVE, flags)->class = GW_GLUE_POSSESSIVE;
        return;
    }
    add_unit(cutter, i, token->kind == GW_TOKEN_NUMBER ? (uint64_t)GW_UNIT_NUMBER : token->hash, flags);
}

static void read_mark(struct cutter *cutter, uint8_t mark) {
    struct gw_units *units = cutter->units;
    cutter->quoted = cutter->quoted != is_quotation_mark(mark);
    units->quotes = units->quotes || cutter->quoted;
    units->question = units->question || mark == GW_MARK_QUESTION;
}

static void add_mark(struct cutter *cutter, uint32_t i, uint8_t mark) {
    read_mark(cutter, mark);
    struct gw_unit *unit = add_unit(cutter, i, (uint64_t)GW_UNIT_MARK + mark, 0);
    unit->parts = parts_clauses(mark);
    unit->class = mark_classes[mark];
}

static bool is_article(const struct gw_text *text, uint32_t token) {
    struct gw_str word = gw_text_cut(text, token, token);
    return word.size == 3 && (word.data[0] | 0x20) == 't' && word.data[1] == 'h' && word.data[2] == 'e';
}

/* "the" in front of a name is a part of it: some names have it and others do not. */
static void drop_article(struct cutter *cutter, uint32_t i) {
    struct gw_units *units = cutter->units;
    const struct gw_unit *last = units->count > 0 ? &units->items[units->count - 1] : NULL;
    if (last && last->last + 1 == i && last->key != GW_UNIT_NAME &&
        is_article(cutter->input->text, last->last)) {
        units->tone -= last->weight;
        units->count--;
    }
}

/* Names side by side are one, but for the one that was asked for. */
static bool continues_name(const struct cutter *cutter, uint32_t i) {
    const struct gw_units *units = cutter->units;
    return units->count > 0 && units->items[units->count - 1].key == GW_UNIT_NAME &&
           i != cutter->asked.first && i - 1 != cutter->asked.last;
}

/* What was asked for may begin with a quotation mark. */
static void add_name(struct cutter *cutter, uint32_t i) {
    struct gw_units *units = cutter->units;
    if (continues_name(cutter, i)) {
        units->items[units->count - 1].last = i;
        return;
    }
    drop_article(cutter, i);
    read_mark(cutter, cutter->input->text->tokens[i].mark);
    struct gw_unit *unit = add_unit(cutter, i, GW_UNIT_NAME, 0);
    unit->parts = true;
    unit->class = GW_GLUE_NAME;
    units->names++;
}

/* The first name that ends at or behind `token`. */
static uint32_t first_span(const struct gw_name_spans *spans, uint32_t token) {
    uint32_t low = 0, high = spans->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (spans->items[middle].last < token) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void cut(const struct gw_unit_input *input, struct gw_sentence_range range, struct asked asked,
                struct gw_units *units) {
    struct cutter cutter = {.input = input, .units = units, .asked = asked, .first = range.first};
    cutter.span = first_span(input->spans, range.first);
    *units = (struct gw_units){.items = units->items};
    for (uint32_t i = range.first; i < range.end; i++) {
        const struct gw_token *token = &input->text->tokens[i];
        uint64_t flags = gw_model_word(input->model, token->word)->flags;
        if (is_name(&cutter, i, flags)) {
            add_name(&cutter, i);
        } else if (token->kind == GW_TOKEN_MARK) {
            add_mark(&cutter, i, token->mark);
        } else {
            add_word(&cutter, i, flags);
        }
    }
}

void gw_units_cut(const struct gw_unit_input *input, uint32_t sentence, struct gw_units *units) {
    cut(input, input->text->sentences[sentence], (struct asked){GW_NO_INDEX, GW_NO_INDEX}, units);
}

/* The tokens that `span` touches; false when it touches none. */
static bool tokens_of(const struct gw_text *text, struct gw_span span, struct asked *asked) {
    uint32_t low = span.field == GW_FIELD_TITLE ? 0 : text->title_count;
    uint32_t field_end = span.field == GW_FIELD_TITLE ? text->title_count : text->token_count;
    uint32_t high = field_end;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (text->tokens[middle].end <= span.start) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *asked = (struct asked){low, low};
    while (asked->last + 1 < field_end && text->tokens[asked->last + 1].start < span.end) {
        asked->last++;
    }
    return low < field_end && text->tokens[low].start < span.end;
}

static uint32_t sentence_of(const struct gw_text *text, uint32_t token) {
    uint32_t low = 0, high = text->sentence_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (text->sentences[middle].end <= token) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

uint32_t gw_units_cut_around(const struct gw_unit_input *input, struct gw_span target,
                             struct gw_units *units) {
    struct asked asked;
    if (!tokens_of(input->text, target, &asked)) {
        return GW_NO_INDEX;
    }
    struct gw_sentence_range range = input->text->sentences[sentence_of(input->text, asked.first)];
    if (asked.first - range.first > AROUND) {
        range.first = asked.first - AROUND;
    }
    if (range.end - asked.first > AROUND) {
        range.end = asked.first + AROUND;
    }
    asked.last = asked.last < range.end ? asked.last : range.end - 1;
    cut(input, range, asked, units);
    return gw_units_find(units, asked.first, 0);
}
