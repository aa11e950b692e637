/* A name is put right where the words around it, or its own, show that the tagger has cut it wrongly. */
#include "process/entities/names/refine.h"

#include "process/entities/keyed.h"
#include "process/entities/links/gazetteer.h"
#include "process/entities/names/groups.h"
#include "process/text/chars.h"

#define ACRONYM_LETTERS_LEAST 3U
#define ACRONYM_LETTERS_MOST  10U

/* Small words between two that count: "for the". */
#define SMALL_WORDS_MOST 2U

/* Of a name whose last or first words a known name is, what remains may be this. */
#define SPLIT_CONFIDENCE 9000

struct refiner {
    const struct gw_text *text;
    const struct gw_model *model;
    struct gw_keyed whole; /* the names of the article by the hash of their words, when some have an "and" */
    bool has_and;
    struct gw_name_span *items;
    uint32_t count;
};

static bool is_capital_the(const struct gw_text *text, uint32_t i) {
    return gw_str_is(gw_text_cut(text, i, i), "The");
}

static const struct gw_name *known_whole(const struct refiner *refiner, uint32_t first, uint32_t last) {
    struct gw_gazetteer_match match = gw_gazetteer_match(refiner->model, refiner->text, first, last + 1);
    return match.name && match.last == last ? match.name : NULL;
}

static struct gw_name_span known_span(const struct gw_name_span *of, uint32_t first, uint32_t last,
                                      const struct gw_name *name) {
    return (struct gw_name_span){.first = first,
                                 .last = last,
                                 .sentence = of->sentence,
                                 .role_first = GW_NO_INDEX,
                                 .role_last = GW_NO_INDEX,
                                 .known = name,
                                 .type = name->type,
                                 .confidence = SPLIT_CONFIDENCE};
}

/* The first "and" inside the span, or GW_NO_INDEX. */
static uint32_t find_and(const struct gw_text *text, const struct gw_name_span *span) {
    uint32_t i = span->first + 1;
    while (i < span->last && !gw_str_is(gw_text_cut(text, i, i), "and")) {
        i++;
    }
    return i < span->last ? i : GW_NO_INDEX;
}

/* 0 for names of too many words. */
static uint64_t hash_of(const struct gw_text *text, uint32_t first, uint32_t last) {
    const struct gw_name_span span = {.first = first, .last = last};
    struct gw_name_words words = gw_name_words(text, &span);
    return gw_name_words_hash(text, &words, 0, words.count);
}

static enum gw_status gather_names(struct refiner *refiner, const struct gw_name_spans *spans,
                                   struct gw_arena *arena) {
    for (uint32_t i = 0; i < spans->count && !refiner->has_and; i++) {
        refiner->has_and = find_and(refiner->text, &spans->items[i]) != GW_NO_INDEX;
    }
    if (!refiner->has_and) {
        return GW_OK;
    }
    if (gw_keyed_init(&refiner->whole, spans->count, arena) != GW_OK) {
        return GW_NO_MEMORY;
    }
    for (uint32_t i = 0; i < spans->count; i++) {
        uint64_t hash = hash_of(refiner->text, spans->items[i].first, spans->items[i].last);
        uint32_t *at = gw_keyed_at(&refiner->whole, hash);
        *at = *at == GW_KEYED_NONE ? i : *at;
    }
    return GW_OK;
}

/* "A and B", where the article names A and B by themselves as well. */
static bool split_at_and(struct refiner *refiner, const struct gw_name_spans *spans,
                         const struct gw_name_span *span) {
    uint32_t at =
        refiner->has_and && !span->own && !span->known ? find_and(refiner->text, span) : GW_NO_INDEX;
    if (at == GW_NO_INDEX) {
        return false;
    }
    uint64_t hashes[] = {hash_of(refiner->text, span->first, at - 1),
                         hash_of(refiner->text, at + 1, span->last)};
    uint32_t left = hashes[0] == 0 ? GW_KEYED_NONE : gw_keyed_find(&refiner->whole, hashes[0]);
    uint32_t right = hashes[1] == 0 ? GW_KEYED_NONE : gw_keyed_find(&refiner->whole, hashes[1]);
    if (left >= GW_KEYED_AMBIGUOUS || right >= GW_KEYED_AMBIGUOUS) {
        return false;
    }
    struct gw_name_span parts[] = {spans->items[left], spans->items[right]};
    const uint32_t ends[][2] = {{span->first, at - 1}, {at + 1, span->last}};
    for (int i = 0; i < 2; i++) {
        parts[i].first = ends[i][0];
        parts[i].last = ends[i][1];
        parts[i].sentence = span->sentence;
        refiner->items[refiner->count++] = parts[i];
    }
    return true;
}

/* The last comma inside the span, or GW_NO_INDEX. */
static uint32_t find_comma(const struct gw_text *text, const struct gw_name_span *span) {
    uint32_t comma = GW_NO_INDEX;
    for (uint32_t i = span->first + 1; i < span->last; i++) {
        comma = text->tokens[i].mark == GW_MARK_COMMA ? i : comma;
    }
    return comma;
}

/* "Nairobi, Kenya": a place, and the known one that it lies in. */
static bool split_at_comma(struct refiner *refiner, const struct gw_name_span *span) {
    uint32_t comma = span->type == GW_LOC && !span->own ? find_comma(refiner->text, span) : GW_NO_INDEX;
    const struct gw_name *right = comma == GW_NO_INDEX ? NULL : known_whole(refiner, comma + 1, span->last);
    if (!right || right->type != GW_LOC) {
        return false;
    }
    struct gw_name_span left = *span;
    left.last = comma - 1;
    left.known = known_whole(refiner, left.first, left.last);
    left.known = left.known && left.known->type == GW_LOC ? left.known : NULL;
    refiner->items[refiner->count++] = left;
    refiner->items[refiner->count++] = known_span(span, comma + 1, span->last, right);
    return true;
}

/* Two known names, a "The" between them; without one, two countries. */
static bool split(struct refiner *refiner, const struct gw_name_span *span) {
    if (span->known || span->own || span->last == span->first) {
        return false;
    }
    struct gw_gazetteer_match left =
        gw_gazetteer_match(refiner->model, refiner->text, span->first, span->last + 1);
    if (!left.name || left.last >= span->last) {
        return false;
    }
    bool parted = is_capital_the(refiner->text, left.last + 1) && left.last + 2 <= span->last;
    uint32_t next = left.last + 1 + parted;
    const struct gw_name *right = known_whole(refiner, next, span->last);
    bool countries = right && (left.name->flags & right->flags & GW_NAME(LINKED));
    if (!right || !(parted || countries)) {
        return false;
    }
    refiner->items[refiner->count++] = known_span(span, span->first, left.last, left.name);
    refiner->items[refiner->count++] = known_span(span, next, span->last, right);
    return true;
}

/* The first of the words in front of token `open` that have the acronym's letters as initials, or
 * GW_NO_INDEX. All words with a capital count, and no more small ones stand between two than names have. */
static uint32_t find_long_form(const struct refiner *refiner, uint32_t sentence_first, uint32_t open,
                               struct gw_str letters) {
    const struct gw_text *text = refiner->text;
    size_t left = letters.size;
    uint32_t small = 0;
    for (uint32_t i = open; left > 0 && i-- > sentence_first;) {
        const struct gw_token *token = &text->tokens[i];
        char letter = (char)(gw_text_cut(text, i, i).data[0] | 0x20);
        if (token->kind == GW_TOKEN_POSSESSIVE || token->mark == GW_MARK_HYPHEN) {
            continue;
        }
        if (token->kind != GW_TOKEN_WORD) {
            return GW_NO_INDEX;
        }
        if (!(token->shape & GW_SHAPE_CAPITAL)) {
            if (++small > SMALL_WORDS_MOST || left == letters.size) {
                return GW_NO_INDEX;
            }
            continue;
        }
        if (letter != (letters.data[left - 1] | 0x20)) {
            return GW_NO_INDEX;
        }
        small = 0;
        if (--left == 0) {
            return i;
        }
    }
    return GW_NO_INDEX;
}

static bool is_bracketed_acronym(const struct gw_text *text, const struct gw_name_span *span) {
    const struct gw_token *token = &text->tokens[span->first];
    return span->first == span->last && span->first > 1 && span->last + 1 < text->token_count &&
           (token->shape & GW_SHAPE_CAPITALS) && token->end - token->start >= ACRONYM_LETTERS_LEAST &&
           token->end - token->start <= ACRONYM_LETTERS_MOST && token[-1].mark == GW_MARK_OPEN &&
           token[1].mark == GW_MARK_CLOSE;
}

/* Puts the long form in place of the spans that have parts of it. */
static void take_long_form(struct refiner *refiner, const struct gw_name_span *acronym) {
    const struct gw_text *text = refiner->text;
    if (!is_bracketed_acronym(text, acronym)) {
        return;
    }
    uint32_t last = acronym->first - 2;
    uint32_t first = find_long_form(refiner, text->sentences[acronym->sentence].first, acronym->first - 1,
                                    gw_text_cut(text, acronym->first, acronym->first));
    if (first == GW_NO_INDEX || gw_text_field_of(text, first) != gw_text_field_of(text, last)) {
        return;
    }
    struct gw_name_span span = *acronym;
    while (refiner->count > 0 && refiner->items[refiner->count - 1].last >= first) {
        const struct gw_name_span *part = &refiner->items[refiner->count - 1];
        if (part->first < first || (part->first == first && part->last == last)) {
            return;
        }
        refiner->count--;
    }
    span.first = first;
    span.last = last;
    span.known = known_whole(refiner, first, last);
    refiner->items[refiner->count++] = span;
}

enum gw_status gw_names_refine(const struct gw_text *text, const struct gw_model *model,
                               struct gw_arena *arena, struct gw_name_spans *spans) {
    /* A span becomes two at most, and each acronym adds its long form. */
    struct refiner refiner = {.text = text, .model = model};
    refiner.items = gw_arena_take(arena, spans->count * 3 * sizeof *refiner.items);
    if (!refiner.items || gather_names(&refiner, spans, arena) != GW_OK) {
        return GW_NO_MEMORY;
    }
    for (uint32_t i = 0; i < spans->count; i++) {
        take_long_form(&refiner, &spans->items[i]);
        if (!split_at_and(&refiner, spans, &spans->items[i]) && !split_at_comma(&refiner, &spans->items[i]) &&
            !split(&refiner, &spans->items[i])) {
            refiner.items[refiner.count++] = spans->items[i];
        }
    }
    *spans = (struct gw_name_spans){refiner.items, refiner.count};
    return GW_OK;
}
