/* Runs of capitalised words are cut into names: gazetteer names, patterns around a main word ("… Ministry",
 * "University of …"), people behind titles, and what is left by the look of its words. */
#include "process/entities/tagger.h"

#include "process/entities/evidence.h"
#include "process/entities/gazetteer.h"
#include "process/text/chars.h"

#define SPANS_LEAST 32U

/* Longer runs are no names: lists and headings in capitals. */
#define RUN_TOKENS_MAX 24U

#define TOKEN_WORK 2U

/* How sure the rules are of what they say. */
#define SURE     9500
#define LIKELY   8500
#define PROBABLE 7000
#define POSSIBLE 5000

struct tagger {
    const struct gw_text *text;
    const struct gw_model *model;
    struct gw_arena *arena;
    struct gw_evidence evidence;
    struct gw_name_spans *spans;
    uint32_t capacity;
    uint32_t sentence;
    uint32_t first, end; /* tokens of the sentence */
    bool heading;        /* all its words have capitals, which then tell nothing */
};

/* A role that waits for the person behind it. */
struct role {
    uint32_t first, last;
};

static const struct gw_token *token_at(const struct tagger *tagger, uint32_t i) {
    return &tagger->text->tokens[i];
}

static uint64_t flags_at(const struct tagger *tagger, uint32_t i) {
    return gw_model_word(tagger->model, token_at(tagger, i)->word)->flags;
}

static bool has(const struct tagger *tagger, uint32_t i, uint64_t flags) {
    return (flags_at(tagger, i) & flags) != 0;
}

static bool is_capitalised(const struct gw_token *token) {
    return token->kind == GW_TOKEN_WORD && (token->shape & (GW_SHAPE_CAPITAL | GW_SHAPE_INNER));
}

static enum gw_status add_span(struct tagger *tagger, uint32_t first, uint32_t last, enum gw_entity_type type,
                               gw_e4 confidence, struct role role, const struct gw_name *known) {
    if (tagger->spans->count == tagger->capacity) {
        size_t wanted = (size_t)tagger->capacity * 2 + SPANS_LEAST;
        struct gw_name_span *grown = gw_arena_grow(tagger->arena, tagger->spans->items, tagger->capacity,
                                                   wanted, sizeof *tagger->spans->items);
        if (!grown) {
            return GW_NO_MEMORY;
        }
        tagger->spans->items = grown;
        tagger->capacity = (uint32_t)wanted;
    }
    tagger->spans->items[tagger->spans->count++] = (struct gw_name_span){
        first, last, tagger->sentence, role.first, role.last, known, (uint8_t)type, confidence};
    return GW_OK;
}

/* Nothing but the sentence's start, or a mark after which a sentence may start, stands before `i`. */
static bool begins_clause(const struct tagger *tagger, uint32_t i) {
    if (i == tagger->first) {
        return true;
    }
    const struct gw_token *before = token_at(tagger, i - 1);
    return before->kind == GW_TOKEN_MARK && before->mark != GW_MARK_COMMA && before->mark != GW_MARK_HYPHEN &&
           before->mark != GW_MARK_AMPERSAND && before->mark != GW_MARK_OPEN && before->mark != GW_MARK_SLASH;
}

/* More than four of five longer words have capitals, and no full stop ends them. */
static bool is_heading(const struct tagger *tagger) {
    uint32_t words = 0, capitals = 0;
    for (uint32_t i = tagger->first; i < tagger->end; i++) {
        const struct gw_token *token = token_at(tagger, i);
        if (token->kind == GW_TOKEN_WORD && token->end - token->start > 3) {
            words++;
            capitals += (token->shape & GW_SHAPE_CAPITAL) != 0;
        }
    }
    return words >= 3 && capitals * 5 > words * 4 &&
           token_at(tagger, tagger->end - 1)->mark != GW_MARK_PERIOD;
}

static void enter_sentence(struct tagger *tagger, uint32_t sentence) {
    tagger->sentence = sentence;
    tagger->first = tagger->text->sentences[sentence].first;
    tagger->end = tagger->text->sentences[sentence].end;
    tagger->heading = is_heading(tagger);
}

/* Notes the capitals that mean something. */
static void gather_evidence(struct tagger *tagger) {
    for (uint32_t s = 0; s < tagger->text->sentence_count; s++) {
        enter_sentence(tagger, s);
        for (uint32_t i = tagger->first; i < tagger->end && !tagger->heading; i++) {
            const struct gw_token *token = token_at(tagger, i);
            if (is_capitalised(token) && !begins_clause(tagger, i)) {
                gw_evidence_add(&tagger->evidence, token->hash, GW_SEEN_CAPITAL);
            }
        }
    }
}

static bool may_be_name(const struct tagger *tagger, uint32_t i) {
    const struct gw_token *token = token_at(tagger, i);
    if (!is_capitalised(token)) {
        return false;
    }
    return !has(tagger, i, GW_WORD(NOT_NAME)) || (token->shape & GW_SHAPE_DOTTED);
}

/* The capital at `i` may be there for the sentence's or the heading's sake. */
static bool is_doubtful(const struct tagger *tagger, uint32_t i) {
    if (!tagger->heading && !begins_clause(tagger, i)) {
        return false;
    }
    uint64_t flags = flags_at(tagger, i);
    if (flags & GW_WORD(STARTER)) {
        return true;
    }
    bool seen = gw_evidence_has(&tagger->evidence, token_at(tagger, i)->hash, GW_SEEN_CAPITAL);
    return (flags & GW_WORD(COMMON)) && !seen;
}

/* The token behind the marks that may stand inside a name at `i`: a hyphen, an initial's full stop, "&"; else
 * `i`. */
static uint32_t skip_joint(const struct tagger *tagger, uint32_t i) {
    const struct gw_token *token = token_at(tagger, i);
    if (i + 1 >= tagger->end || token->kind != GW_TOKEN_MARK) {
        return i;
    }
    bool next_touches = gw_token_touches(tagger->text, i + 1);
    if (token->mark == GW_MARK_HYPHEN && gw_token_touches(tagger->text, i) && next_touches) {
        return i + 1;
    }
    if (token->mark == GW_MARK_AMPERSAND) {
        return i + 1;
    }
    bool short_word =
        (token_at(tagger, i - 1)->shape & GW_SHAPE_SINGLE) || has(tagger, i - 1, GW_WORD(ABBREVIATION));
    return token->mark == GW_MARK_PERIOD && gw_token_touches(tagger->text, i) && short_word ? i + 1 : i;
}

/* Whether "and", "of" and so on at `i` may link what ends at `left` with the name behind. */
static bool links(const struct tagger *tagger, uint32_t start, uint32_t left, uint32_t i) {
    uint64_t word = flags_at(tagger, i);
    if ((word & GW_WORD(PERSON_PARTICLE)) && !(word & GW_WORD(STOPWORD))) {
        return !has(tagger, left, GW_WORD(TITLE) | GW_WORD(DEMONYM));
    }
    uint64_t heads = GW_WORD(ORG_HEAD) | GW_WORD(FAC_HEAD) | GW_WORD(LOC_HEAD);
    struct gw_str text = gw_text_cut(tagger->text, i, i);
    if (gw_str_is(text, "of") || gw_str_is(text, "for") || gw_str_is(text, "on")) {
        return has(tagger, left, heads) && !is_doubtful(tagger, left);
    }
    if (gw_str_is(text, "and")) {
        bool head_before = false;
        for (uint32_t k = start; k < left; k++) {
            head_before |= has(tagger, k, GW_WORD(ORG_HEAD));
        }
        return head_before && has(tagger, left, GW_WORD(COMMON));
    }
    return gw_str_is(text, "the") && i == left + 2;
}

/* The token behind the small words at `i` that link the run from `start` with a name; else `i`. */
static uint32_t skip_links(const struct tagger *tagger, uint32_t start, uint32_t i) {
    uint32_t k = i;
    while (k < tagger->end && k < i + 3 && has(tagger, k, GW_WORD(CONNECTOR) | GW_WORD(PERSON_PARTICLE)) &&
           !is_capitalised(token_at(tagger, k)) && links(tagger, start, i - 1, k)) {
        k++;
    }
    return k;
}

/* The last token of the run of name words that begins at `start`. */
static uint32_t run_end(const struct tagger *tagger, uint32_t start) {
    uint32_t last = start;
    while (last - start < RUN_TOKENS_MAX && last + 1 < tagger->end) {
        uint32_t next = skip_joint(tagger, last + 1);
        if (next == last + 1) {
            next = skip_links(tagger, start, last + 1);
        }
        if (next >= tagger->end || !may_be_name(tagger, next) || has(tagger, next, GW_WORD(STARTER))) {
            break;
        }
        last = next;
    }
    return last;
}

static enum gw_entity_type type_of_head(uint64_t flags) {
    if (flags & GW_WORD(ORG_HEAD)) {
        return GW_ORG;
    }
    return flags & GW_WORD(FAC_HEAD) ? GW_FAC : GW_LOC;
}

struct pattern {
    uint32_t last;
    enum gw_entity_type type;
    bool found;
};

/* "Kenyan Foreign Ministry", "Bank of Ghana", "Lake Victoria": a name around a main word, from `first` on. */
static struct pattern find_pattern(const struct tagger *tagger, uint32_t first, uint32_t last) {
    uint64_t heads = GW_WORD(ORG_HEAD) | GW_WORD(FAC_HEAD) | GW_WORD(LOC_HEAD);
    struct pattern found = {first, GW_ORG, false};
    for (uint32_t i = first; i <= last; i++) {
        if (!is_capitalised(token_at(tagger, i)) || !has(tagger, i, heads)) {
            continue;
        }
        bool linked =
            i < last && has(tagger, i + 1, GW_WORD(CONNECTOR)) && !is_capitalised(token_at(tagger, i + 1));
        if (linked) {
            return (struct pattern){last, type_of_head(flags_at(tagger, i)), true};
        }
        if (i > first) {
            found = (struct pattern){i, type_of_head(flags_at(tagger, i)), true};
        }
    }
    if (!found.found && first < last && has(tagger, first, GW_WORD(LOC_FIRST)) &&
        !has(tagger, first, GW_WORD(FIRST_NAME))) {
        return (struct pattern){first + 1, GW_LOC, true};
    }
    return found;
}

static uint32_t count_words(const struct tagger *tagger, uint32_t first, uint32_t last, uint64_t flags) {
    uint32_t count = 0;
    for (uint32_t i = first; i <= last; i++) {
        count += is_capitalised(token_at(tagger, i)) && (flags == 0 || has(tagger, i, flags));
    }
    return count;
}

/* A gazetteer name that is also a word or a person's name counts behind a place's preposition or a comma
 * only. */
static bool is_supported(const struct tagger *tagger, struct gw_gazetteer_match match, uint32_t first) {
    if (!match.name || !(match.name->flags & GW_NAME(WEAK))) {
        return match.name != NULL;
    }
    if (first == tagger->first) {
        return false;
    }
    return has(tagger, first - 1, GW_WORD(PLACE_PREPOSITION)) && !is_capitalised(token_at(tagger, first - 1));
}

static bool speaks_next(const struct tagger *tagger, uint32_t last) {
    return last + 1 < tagger->end && has(tagger, last + 1, GW_WORD(SPEECH) | GW_WORD(PERSON_VERB));
}

/* The type of one word that no list knows as a name. */
static enum gw_entity_type single_type(const struct tagger *tagger, uint32_t i, gw_e4 *confidence) {
    uint64_t flags = flags_at(tagger, i);
    bool after_place = i > tagger->first && has(tagger, i - 1, GW_WORD(PLACE_PREPOSITION));
    *confidence = PROBABLE;
    if (flags & GW_WORD(DEMONYM)) {
        return GW_NORP;
    }
    if ((token_at(tagger, i)->shape & GW_SHAPE_CAPITALS) && !tagger->heading) {
        return GW_ORG;
    }
    if (speaks_next(tagger, i) || (flags & (GW_WORD(FIRST_NAME) | GW_WORD(SURNAME)))) {
        return flags & GW_WORD(COMMON) && !speaks_next(tagger, i) ? GW_MISC : GW_PERSON;
    }
    *confidence = POSSIBLE;
    if (flags & GW_WORD(COMMON)) {
        return GW_MISC;
    }
    return after_place ? GW_LOC : GW_PERSON;
}

/* The type of several words. */
static enum gw_entity_type group_type(const struct tagger *tagger, uint32_t first, uint32_t last,
                                      gw_e4 *confidence) {
    uint32_t words = count_words(tagger, first, last, 0);
    uint32_t common = count_words(tagger, first, last, GW_WORD(COMMON));
    *confidence = LIKELY;
    if (has(tagger, first, GW_WORD(FIRST_NAME)) && words <= 4) {
        return GW_PERSON;
    }
    *confidence = PROBABLE;
    if (has(tagger, last, GW_WORD(SURNAME)) && words <= 4 && common < words) {
        return GW_PERSON;
    }
    *confidence = POSSIBLE;
    return common * 2 > words || words > 4 ? GW_MISC : GW_PERSON;
}

/* Names whose last word is a title ("the Prime Minister"), or nothing but common words, are none. */
static enum gw_status add_plain(struct tagger *tagger, uint32_t first, uint32_t last, struct role role) {
    gw_e4 confidence = LIKELY;
    enum gw_entity_type type = GW_PERSON;
    uint32_t words = count_words(tagger, first, last, 0);
    if (role.first == GW_NO_INDEX) {
        type = words == 1 ? single_type(tagger, first, &confidence)
                          : group_type(tagger, first, last, &confidence);
    }
    if (words == 1 && (is_doubtful(tagger, first) || (token_at(tagger, first)->shape & GW_SHAPE_SINGLE))) {
        return GW_OK;
    }
    if (type == GW_MISC && words == 1) {
        return GW_OK;
    }
    return add_span(tagger, first, last, type, confidence, role, NULL);
}

/* The token behind the title (and its modifiers) that begins at `i` and ends at most at `last`; `i` if none
 * does. */
static uint32_t skip_title(const struct tagger *tagger, uint32_t i, uint32_t last) {
    uint32_t k = i, behind = i;
    while (k <= last && (has(tagger, k, GW_WORD(TITLE) | GW_WORD(TITLE_MODIFIER)) ||
                         !is_capitalised(token_at(tagger, k)))) {
        k++;
        behind = has(tagger, k - 1, GW_WORD(TITLE)) ? k : behind;
    }
    while (behind > i && behind <= last && token_at(tagger, behind)->kind == GW_TOKEN_MARK) {
        behind++;
    }
    return behind;
}

/* Where a plain name that begins at `first` ends: before a title or a known name. */
static uint32_t plain_end(const struct tagger *tagger, uint32_t first, uint32_t last) {
    for (uint32_t i = first + 1; i <= last; i++) {
        if (!is_capitalised(token_at(tagger, i))) {
            continue;
        }
        bool cut = has(tagger, i, GW_WORD(DEMONYM)) ||
                   (has(tagger, i, GW_WORD(TITLE)) && skip_title(tagger, i, last) <= last && i + 1 <= last);
        if (!cut && !has(tagger, i - 1, GW_WORD(FIRST_NAME))) {
            struct gw_gazetteer_match match = gw_gazetteer_match(tagger->model, tagger->text, i, last + 1);
            cut = match.name && !(match.name->flags & GW_NAME(WEAK)) && !has(tagger, i, GW_WORD(SURNAME));
        }
        if (cut) {
            return i - 1;
        }
    }
    return last;
}

/* `last` without the joints and small words at its end. */
static uint32_t trim_end(const struct tagger *tagger, uint32_t first, uint32_t last) {
    while (last > first && !is_capitalised(token_at(tagger, last))) {
        last--;
    }
    return last;
}

/* Takes one name, or one word that is none, from the run at `*at`. */
static enum gw_status take_name(struct tagger *tagger, uint32_t *at, uint32_t last, struct role *role) {
    uint32_t first = *at;
    struct gw_gazetteer_match match = gw_gazetteer_match(tagger->model, tagger->text, first, tagger->end);
    bool known = is_supported(tagger, match, first);
    uint32_t behind = known ? first : skip_title(tagger, first, last);
    if (!known && behind <= first && is_doubtful(tagger, first)) {
        *at = first + 1;
        return GW_OK;
    }
    struct pattern pattern = find_pattern(tagger, first, last);
    if (pattern.found && role->first == GW_NO_INDEX && (!known || pattern.last > match.last)) {
        *at = pattern.last + 1;
        return add_span(tagger, first, pattern.last, pattern.type, LIKELY,
                        (struct role){GW_NO_INDEX, GW_NO_INDEX}, NULL);
    }
    bool name_goes_on = known && match.last == first && first < last &&
                        has(tagger, first, GW_WORD(FIRST_NAME)) && has(tagger, first + 1, GW_WORD(SURNAME)) &&
                        match.name->type != GW_NORP;
    if (known && !name_goes_on && (role->first == GW_NO_INDEX || match.name->type == GW_PERSON)) {
        *at = match.last + 1;
        return add_span(tagger, first, match.last, match.name->type, SURE, *role, match.name);
    }
    if (behind > first) {
        *role = behind <= last ? (struct role){first, trim_end(tagger, first, behind - 1)} : *role;
        *at = behind;
        return GW_OK;
    }
    uint32_t end = trim_end(tagger, first, plain_end(tagger, first, last));
    *at = end + 1;
    return add_plain(tagger, first, end, *role);
}

static enum gw_status take_run(struct tagger *tagger, uint32_t first, uint32_t last) {
    struct role role = {GW_NO_INDEX, GW_NO_INDEX};
    uint32_t at = first;
    while (at <= last) {
        if (!is_capitalised(token_at(tagger, at))) {
            at++;
            continue;
        }
        uint32_t before = tagger->spans->count;
        enum gw_status status = take_name(tagger, &at, last, &role);
        if (status != GW_OK) {
            return status;
        }
        if (tagger->spans->count > before) {
            role = (struct role){GW_NO_INDEX, GW_NO_INDEX};
        }
    }
    return GW_OK;
}

/* A run may start at `i`; words such as "The" only where a known name begins with them. */
static bool may_start(const struct tagger *tagger, uint32_t i) {
    if (!may_be_name(tagger, i)) {
        return false;
    }
    return !has(tagger, i, GW_WORD(STARTER)) ||
           gw_gazetteer_match(tagger->model, tagger->text, i, tagger->end).name != NULL;
}

static enum gw_status tag_sentence(struct tagger *tagger) {
    for (uint32_t i = tagger->first; i < tagger->end; i++) {
        if (!may_start(tagger, i)) {
            continue;
        }
        uint32_t last = run_end(tagger, i);
        enum gw_status status = take_run(tagger, i, last);
        if (status != GW_OK) {
            return status;
        }
        uint32_t count = tagger->spans->count;
        if (count > 0 && tagger->spans->items[count - 1].last > last) {
            last = tagger->spans->items[count - 1].last;
        }
        i = last;
    }
    return GW_OK;
}

enum gw_status gw_tagger_find(const struct gw_text *text, const struct gw_model *model, struct gw_work *work,
                              struct gw_arena *arena, struct gw_name_spans *spans) {
    struct tagger tagger = {.text = text, .model = model, .arena = arena, .spans = spans};
    *spans = (struct gw_name_spans){NULL, 0};
    enum gw_status status = gw_evidence_init(&tagger.evidence, text, arena);
    if (status != GW_OK) {
        return status;
    }
    gather_evidence(&tagger);
    for (uint32_t s = 0; s < text->sentence_count && status == GW_OK; s++) {
        enter_sentence(&tagger, s);
        if (!gw_work_take(work, (uint64_t)TOKEN_WORK * (tagger.end - tagger.first))) {
            break;
        }
        status = tag_sentence(&tagger);
    }
    return status;
}
