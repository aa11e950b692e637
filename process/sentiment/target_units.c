#include "process/sentiment/target_units.h"

#include "process/sentiment/verb_frames.h"
#include "process/text/chars.h"

/* Tokens on each side of what was asked for. */
#define AROUND (GW_UNITS_AROUND_MOST / 2)

/* Tokens that are one name though the tagger may not say so. */
struct asked {
    uint32_t first, last;
};

struct cutter {
    const struct gw_unit_input *input;
    struct gw_units units;
    struct asked asked;
    uint32_t first;     /* of the sentence */
    uint32_t span;      /* the first that is not before the token */
    uint32_t next_name; /* tokens before it are in no name that is known */
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

/* What a mark is in a sentence; those that are not here are plain. */
static const struct mark_rule {
    uint8_t class;
    bool parts, quotes;
} mark_rules[GW_MARK_COUNT] = {
    [GW_MARK_PERIOD] = {GW_GLUE_STOP, false, false},     [GW_MARK_EXCLAMATION] = {GW_GLUE_STOP, false, false},
    [GW_MARK_QUESTION] = {GW_GLUE_STOP, false, false},   [GW_MARK_ELLIPSIS] = {GW_GLUE_STOP, false, false},
    [GW_MARK_COMMA] = {GW_GLUE_COMMA, true, false},      [GW_MARK_COLON] = {GW_GLUE_STOP, true, false},
    [GW_MARK_SEMICOLON] = {GW_GLUE_STOP, true, false},   [GW_MARK_HYPHEN] = {GW_GLUE_HYPHEN, false, false},
    [GW_MARK_DASH] = {GW_GLUE_STOP, true, false},        [GW_MARK_QUOTE] = {GW_GLUE_QUOTE, false, true},
    [GW_MARK_QUOTE_OPEN] = {GW_GLUE_QUOTE, false, true}, [GW_MARK_QUOTE_CLOSE] = {GW_GLUE_QUOTE, false, true},
    [GW_MARK_OPEN] = {GW_GLUE_COMMA, true, false},       [GW_MARK_CLOSE] = {GW_GLUE_COMMA, true, false},
};

/* A word in capitals that the model does not know as a common one. */
static bool looks_like_name(const struct cutter *cutter, uint32_t i, uint64_t flags) {
    const struct gw_token *token = &cutter->input->text->tokens[i];
    uint64_t plain = GW_WORD(COMMON) | GW_WORD(STOPWORD) | (i == cutter->first ? GW_WORD(STARTER) : 0);
    return token->kind == GW_TOKEN_URL ||
           (token->kind == GW_TOKEN_WORD && (token->shape & GW_SHAPE_CAPITAL) && !(flags & plain));
}

/* Whether the token is in a name that was found or asked for. */
static bool is_given_name(struct cutter *cutter, uint32_t i) {
    if (i < cutter->next_name) {
        return false;
    }
    const struct gw_name_spans *spans = cutter->input->spans;
    while (cutter->span < spans->count && spans->items[cutter->span].last < i) {
        cutter->span++;
    }
    uint32_t found = cutter->span < spans->count ? spans->items[cutter->span].first : GW_NO_INDEX;
    uint32_t asked = cutter->asked.last >= i ? cutter->asked.first : GW_NO_INDEX;
    cutter->next_name = found < asked ? found : asked;
    return cutter->next_name <= i;
}

/* Names side by side are one, but for the one that was asked for. */
static bool continues_name(const struct cutter *cutter, uint32_t i) {
    const struct gw_units *units = &cutter->units;
    return units->count > 0 && units->items[units->count - 1].key == GW_UNIT_NAME &&
           i != cutter->asked.first && i - 1 != cutter->asked.last;
}

static bool is_article(const struct gw_text *text, uint32_t token) {
    struct gw_str word = gw_text_cut(text, token, token);
    return word.size == 3 && (word.data[0] | 0x20) == 't' && word.data[1] == 'h' && word.data[2] == 'e';
}

/* "the" in front of a name is a part of it: some names have it and others do not. */
static void drop_article(struct cutter *cutter, uint32_t i) {
    struct gw_units *units = &cutter->units;
    const struct gw_unit *last = units->count > 0 ? &units->items[units->count - 1] : NULL;
    if (last && last->last + 1 == i && last->key != GW_UNIT_NAME &&
        is_article(cutter->input->text, last->last)) {
        units->tone -= last->weight;
        units->count--;
    }
}

/* What the model has for the key is going to be looked up. */
static void ask_for_slot(const struct gw_model *model, uint64_t key) {
    __builtin_prefetch(gw_slot_home(model->target_slots, model->target_slots_count, key));
}

static inline struct gw_unit *add_unit(struct cutter *cutter, uint32_t i, uint64_t key, uint64_t flags) {
    struct gw_units *units = &cutter->units;
    struct gw_unit *unit = &units->items[units->count];
    unit->key = key;
    unit->pair = units->count > 0 ? gw_pair_hash(unit[-1].key, key) : 0;
    unit->flags = flags;
    unit->weight = cutter->input->markers->weights[i];
    unit->first = unit->last = i;
    unit->quoted = cutter->quoted;
    unit->parts = false;
    unit->class = gw_class_of_flags(flags);
    unit->role = unit->rank = 0;
    ask_for_slot(cutter->input->model, unit->key);
    ask_for_slot(cutter->input->model, unit->pair);
    units->tone += unit->weight;
    units->count++;
    return unit;
}

static void read_mark(struct cutter *cutter, uint8_t mark) {
    struct gw_units *units = &cutter->units;
    cutter->quoted = cutter->quoted != mark_rules[mark].quotes;
    units->quotes = units->quotes || cutter->quoted;
    units->question = units->question || mark == GW_MARK_QUESTION;
}

static void add_mark(struct cutter *cutter, uint32_t i, uint8_t mark) {
    read_mark(cutter, mark);
    struct gw_unit *unit = add_unit(cutter, i, (uint64_t)GW_UNIT_MARK + mark, 0);
    unit->parts = mark_rules[mark].parts;
    unit->class = mark_rules[mark].class;
}

/* What was asked for may begin with a mark. */
static void add_name(struct cutter *cutter, uint32_t i) {
    if (continues_name(cutter, i)) {
        cutter->units.items[cutter->units.count - 1].last = i;
        return;
    }
    drop_article(cutter, i);
    read_mark(cutter, cutter->input->text->tokens[i].mark);
    struct gw_unit *unit = add_unit(cutter, i, GW_UNIT_NAME, 0);
    unit->parts = true;
    unit->class = GW_GLUE_NAME;
    cutter->units.names++;
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
    struct cutter cutter = {.input = input, .asked = asked, .first = range.first};
    cutter.units.items = units->items;
    cutter.span = first_span(input->spans, range.first);
    for (uint32_t i = range.first; i < range.end; i++) {
        const struct gw_token *token = &input->text->tokens[i];
        uint64_t flags = gw_model_word(input->model, token->word)->flags;
        if (is_given_name(&cutter, i) || looks_like_name(&cutter, i, flags)) {
            add_name(&cutter, i);
        } else if (token->kind == GW_TOKEN_WORD) {
            add_unit(&cutter, i, token->hash, flags);
        } else if (token->kind == GW_TOKEN_MARK) {
            add_mark(&cutter, i, token->mark);
        } else if (token->kind == GW_TOKEN_NUMBER) {
            add_unit(&cutter, i, GW_UNIT_NUMBER, flags);
        } else {
            add_unit(&cutter, i, GW_UNIT_POSSESSIVE, 0)->class = GW_GLUE_POSSESSIVE;
        }
    }
    *units = cutter.units;
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
