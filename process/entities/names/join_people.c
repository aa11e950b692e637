/* A person is introduced by a full name and then called by the surname or the first name. */
#include "process/entities/names/claims.h"
#include "process/entities/names/joins.h"

#define DOUBTFUL_CONFIDENCE 6500

struct person {
    struct gw_name_words words; /* without "Jr" */
    uint32_t group;
};

struct people {
    struct gw_joiner *joiner;
    struct person *items; /* the full names, in order of first mention */
    uint32_t count;
    uint32_t named; /* groups before any was parted */
    struct gw_claims surnames, firsts;
    bool initials;          /* some name begins with one */
    bool long_names;        /* some person has three words or more */
    struct gw_keyed places; /* known names that are no people's; made when one is asked for */
    bool has_places;
};

static bool is_initial(const struct gw_text *text, uint32_t token) {
    return text->tokens[token].shape & GW_SHAPE_SINGLE;
}

static uint64_t hash_letter(const struct gw_text *text, uint32_t token) {
    struct gw_str word = gw_text_cut(text, token, token);
    char letter = (char)(word.data[0] | 0x20);
    return gw_hash64((struct gw_str){&letter, 1});
}

static uint64_t word_hash(const struct people *people, uint32_t token) {
    return people->joiner->text->tokens[token].hash;
}

/* Two words or more that are a person by their votes. */
static bool read_person(const struct people *people, uint32_t group, struct person *person) {
    const struct gw_joiner *joiner = people->joiner;
    if (joiner->groups->items[group].words < 2 || gw_group_type(&joiner->groups->items[group]) != GW_PERSON) {
        return false;
    }
    *person = (struct person){gw_name_words(joiner->text, gw_joiner_span(joiner, group)), group};
    uint32_t *count = &person->words.count;
    while (*count > 1 && gw_joiner_has(joiner, person->words.tokens[*count - 1], GW_WORD(NAME_SUFFIX))) {
        (*count)--;
    }
    return *count > 1;
}

static bool middle_fits(const struct people *people, uint32_t a, uint32_t b) {
    const struct gw_text *text = people->joiner->text;
    bool short_form = is_initial(text, a) || is_initial(text, b);
    return short_form ? hash_letter(text, a) == hash_letter(text, b)
                      : word_hash(people, a) == word_hash(people, b);
}

/* What stands between first and last word: equal, abbreviated, or left out by one of the two. */
static bool middles_fit(const struct people *people, const struct gw_name_words *a,
                        const struct gw_name_words *b) {
    bool fit = a->count == b->count;
    for (uint32_t i = 1; fit && i + 1 < a->count; i++) {
        fit = middle_fits(people, a->tokens[i], b->tokens[i]);
    }
    return fit || a->count == 2 || b->count == 2;
}

/* "Robert T. Hale" and "Robert Hale"; not "George W. Bush" and "George H. W. Bush". */
static enum gw_status join_full_names(struct people *people) {
    struct gw_groups *groups = people->joiner->groups;
    struct gw_keyed ends; /* to items */
    if (people->count < 2) {
        return GW_OK;
    }
    bool *doubtful = gw_arena_take_zeroed(people->joiner->arena, people->count, sizeof *doubtful);
    if (!doubtful || gw_keyed_init(&ends, people->count, people->joiner->arena) != GW_OK) {
        return GW_NO_MEMORY;
    }
    for (uint32_t i = 0; i < people->count; i++) {
        const struct gw_name_words *words = &people->items[i].words;
        uint32_t *at =
            gw_keyed_at(&ends, gw_name_hash_add(word_hash(people, words->tokens[0]),
                                                word_hash(people, words->tokens[words->count - 1])));
        if (*at == GW_KEYED_NONE) {
            *at = i;
        } else if (!middles_fit(people, &people->items[*at].words, words)) {
            doubtful[*at] = true;
        } else if (!doubtful[*at]) {
            gw_group_join(groups, people->items[i].group, people->items[*at].group);
        }
    }
    return GW_OK;
}

/* "J. Hale" has the key of every Hale whose first name begins with J. */
static uint64_t initial_key(const struct people *people, uint32_t first, uint32_t last) {
    return ~gw_name_hash_add(hash_letter(people->joiner->text, first), word_hash(people, last));
}

/* "Hale", and "Robert" of "Robert Hale". */
static void claim_words(struct people *people, const struct person *person) {
    const struct gw_joiner *joiner = people->joiner;
    const struct gw_name_words *words = &person->words;
    gw_claims_add(&people->surnames, gw_name_words_hash(joiner->text, words, words->count - 1, words->count),
                  joiner->groups, person->group);
    for (uint32_t i = 0; i + 1 < words->count; i++) {
        uint32_t token = words->tokens[i];
        bool small =
            gw_joiner_has(joiner, token, GW_WORD(PERSON_PARTICLE)) || is_initial(joiner->text, token);
        if (!small) {
            gw_claims_add(&people->firsts, gw_name_words_hash(joiner->text, words, i, i + 1), joiner->groups,
                          person->group);
        }
    }
}

/* "al-Assad", and "J. Hale". */
static void claim_ends(struct people *people, const struct person *person) {
    const struct gw_joiner *joiner = people->joiner;
    const struct gw_name_words *words = &person->words;
    for (uint32_t i = 1; i + 1 < words->count; i++) {
        gw_claims_add(&people->surnames, gw_name_words_hash(joiner->text, words, i, words->count),
                      joiner->groups, person->group);
    }
    if (people->initials && !is_initial(joiner->text, words->tokens[0])) {
        uint64_t key = initial_key(people, words->tokens[0], words->tokens[words->count - 1]);
        gw_claims_add(&people->surnames, key, joiner->groups, person->group);
    }
}

/* "in Lindqvist": a place of that name, unless the gazetteer knows of none and the votes say otherwise. */
static bool follows_place_preposition(const struct gw_joiner *joiner, const struct gw_name_span *span) {
    return span->first > 0 && gw_joiner_has(joiner, span->first - 1, GW_WORD(PLACE_PREPOSITION));
}

/* A town's name that the tagger hardly believes in. */
static bool is_doubtful_place(const struct gw_joiner *joiner, uint32_t g) {
    const struct gw_group *group = &joiner->groups->items[g];
    return group->known->type == GW_LOC && !(group->known->flags & GW_NAME(LINKED)) &&
           gw_joiner_span(joiner, g)->confidence < DOUBTFUL_CONFIDENCE;
}

/* Whether the group's name may be short for a person's. The gazetteer is believed when it knows better. */
static bool may_be_short(const struct gw_joiner *joiner, uint32_t g) {
    const struct gw_group *group = &joiner->groups->items[g];
    enum gw_entity_type type = gw_group_type(group);
    if (group->own ? type != GW_PERSON
                   : group->known && group->known->type != GW_PERSON && !is_doubtful_place(joiner, g)) {
        return false;
    }
    if (type == GW_PERSON) {
        return true;
    }
    bool place = type == GW_LOC && follows_place_preposition(joiner, gw_joiner_span(joiner, g));
    return group->words == 1 && type != GW_NORP && !place;
}

/* "Prince William" is not William Hague, but "President Xi" is Xi Jinping: titles stand before surnames. */
static bool fits_as_first_name(const struct gw_joiner *joiner, uint32_t group, uint32_t person) {
    const struct gw_name_span *span = gw_joiner_span(joiner, group);
    bool first_names_first = gw_joiner_has(joiner, span->first, GW_WORD(FIRST_NAME)) &&
                             gw_joiner_has(joiner, gw_joiner_span(joiner, person)->last, GW_WORD(SURNAME));
    return span->role_first == GW_NO_INDEX || !first_names_first;
}

static enum gw_status find_places(struct people *people) {
    const struct gw_groups *groups = people->joiner->groups;
    if (gw_keyed_init(&people->places, people->named, people->joiner->arena) != GW_OK) {
        return GW_NO_MEMORY;
    }
    people->has_places = true;
    for (uint32_t g = 0; g < people->named; g++) {
        const struct gw_group *group = &groups->items[g];
        bool doubtful = gw_joiner_span(people->joiner, g)->confidence < DOUBTFUL_CONFIDENCE;
        if (group->known && group->known->type != GW_PERSON && !doubtful) {
            gw_keyed_put(&people->places, group->hash, g);
        }
    }
    return GW_OK;
}

/* The article uses the word as a place's or a body's name, too: which is meant is not sure. */
static enum gw_status has_other_meaning(struct people *people, uint32_t group, bool *has) {
    if (!people->has_places && find_places(people) != GW_OK) {
        return GW_NO_MEMORY;
    }
    uint32_t other = gw_keyed_find(&people->places, people->joiner->groups->items[group].hash);
    *has = other != GW_KEYED_NONE && gw_joiner_span(people->joiner, group)->role_first == GW_NO_INDEX;
    return GW_OK;
}

/* Mentions from `span` on become a group of their own. */
static void part_group(struct gw_joiner *joiner, uint32_t group, uint32_t span) {
    struct gw_groups *groups = joiner->groups;
    uint32_t last = groups->items[group].first_span, made = groups->count;
    while (groups->next[last] != GW_NO_INDEX && groups->next[last] < span) {
        last = groups->next[last];
    }
    uint32_t first = groups->next[last];
    if (first == GW_NO_INDEX) {
        return;
    }
    struct gw_group *earlier = &groups->items[group], *later = &groups->items[groups->count++];
    *later = *earlier;
    later->first_span = first;
    later->joined = made;
    earlier->last_span = last;
    groups->next[last] = GW_NO_INDEX;
    memset(later->votes, 0, sizeof later->votes);
    for (uint32_t i = first; i != GW_NO_INDEX; i = groups->next[i]) {
        const struct gw_name_span *mention = &joiner->spans->items[i];
        groups->of_span[i] = made;
        later->votes[mention->type] += 1 + mention->confidence;
        earlier->votes[mention->type] -= 1 + mention->confidence;
    }
    gw_group_count(earlier);
    gw_group_count(later);
}

/* A surname means who is introduced by it, until another of that name comes: then it could mean both. */
static void join_by_surname(struct gw_joiner *joiner, uint32_t group, const struct gw_claim *claim) {
    struct gw_groups *groups = joiner->groups;
    if (claim->rival != GW_NO_INDEX) {
        uint32_t first = groups->items[group].first_span;
        if (first > claim->rival || first < groups->items[claim->group].first_span) {
            return;
        }
        part_group(joiner, group, claim->rival);
    }
    gw_group_join(groups, group, claim->group);
}

/* The key of a name that begins with an initial; false for others. */
static bool read_initial(const struct people *people, uint32_t group, uint64_t *key) {
    const struct gw_joiner *joiner = people->joiner;
    const struct gw_name_span *span = gw_joiner_span(joiner, group);
    if (!is_initial(joiner->text, span->first)) {
        return false;
    }
    struct gw_name_words words = gw_name_words(joiner->text, span);
    if (words.count < 2) {
        return false;
    }
    *key = initial_key(people, words.tokens[0], words.tokens[words.count - 1]);
    return true;
}

static enum gw_status join_short_name(struct people *people, uint32_t group) {
    struct gw_joiner *joiner = people->joiner;
    uint64_t hash = joiner->groups->items[group].hash, key;
    const struct gw_claim *claim = gw_claims_find(&people->surnames, hash);
    if (!claim && people->initials && read_initial(people, group, &key)) {
        claim = gw_claims_find(&people->surnames, key);
    }
    const struct gw_claim *first = gw_claims_find(&people->firsts, hash);
    bool other = false;
    if ((!claim && !first) || !may_be_short(joiner, group)) {
        return GW_OK;
    }
    if (has_other_meaning(people, group, &other) != GW_OK) {
        return GW_NO_MEMORY;
    }
    const struct gw_name *known = joiner->groups->items[group].known;
    bool place = known && known->type != GW_PERSON; /* hardly believed in; Florence is one all the same */
    if (claim && !other) {
        join_by_surname(joiner, group, claim);
    } else if (!other && !place && first->rival == GW_NO_INDEX &&
               fits_as_first_name(joiner, group, first->group)) {
        gw_group_join(joiner->groups, group, first->group);
    }
    return GW_OK;
}

static bool has_length(const struct people *people, uint32_t group, bool one_word) {
    return (people->joiner->groups->items[group].words == 1) == one_word;
}

/* All forms that may turn out short for another. */
static enum gw_status ask_for_short_names(struct people *people, uint32_t count, bool one_word) {
    struct gw_joiner *joiner = people->joiner;
    uint64_t key;
    size_t forms = 0;
    for (uint32_t g = 0; g < count; g++) {
        forms += has_length(people, g, one_word);
    }
    if (gw_claims_init(&people->surnames, forms * 2, joiner->arena) != GW_OK) {
        return GW_NO_MEMORY;
    }
    people->initials = false;
    for (uint32_t g = 0; g < count; g++) {
        if (!has_length(people, g, one_word)) {
            continue;
        }
        if (one_word || people->long_names) {
            gw_claims_ask(&people->surnames, joiner->groups->items[g].hash);
        }
        if (!one_word && read_initial(people, g, &key)) {
            gw_claims_ask(&people->surnames, key);
            people->initials = true;
        }
    }
    return gw_claims_init_like(&people->firsts, &people->surnames, joiner->arena);
}

/* Names of one word, or those of more. */
static enum gw_status join_short_names(struct people *people, bool one_word) {
    uint32_t count = people->joiner->groups->count;
    enum gw_status status = ask_for_short_names(people, count, one_word);
    if (status != GW_OK || people->surnames.count == 0) {
        return status;
    }
    for (uint32_t i = 0; i < people->count && status == GW_OK; i++) {
        (one_word ? claim_words : claim_ends)(people, &people->items[i]);
    }
    for (uint32_t g = 0; g < count && status == GW_OK; g++) {
        status = has_length(people, g, one_word) ? join_short_name(people, g) : GW_OK;
    }
    return status;
}

enum gw_status gw_join_people(struct gw_joiner *joiner) {
    struct people people = {.joiner = joiner, .named = joiner->groups->count};
    people.items = gw_arena_take(joiner->arena, joiner->groups->count * sizeof *people.items);
    if (!people.items) {
        return GW_NO_MEMORY;
    }
    for (uint32_t g = 0; g < joiner->groups->count; g++) {
        if (read_person(&people, g, &people.items[people.count])) {
            people.long_names = people.long_names || people.items[people.count].words.count > 2;
            people.count++;
        }
    }
    if (people.count == 0) {
        return GW_OK;
    }
    enum gw_status status = join_full_names(&people);
    /* Longer forms first: "al-Assad" is no rival of Bashar al-Assad for "Assad". */
    if (status == GW_OK) {
        status = join_short_names(&people, false);
    }
    return status == GW_OK ? join_short_names(&people, true) : status;
}
