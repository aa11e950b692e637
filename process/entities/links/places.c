/* Each candidate is weighed by evidence; the best is taken when it is far enough ahead of the next. */
#include "process/entities/links/places.h"

#include "process/entities/names/groups.h"
#include "process/text/chars.h"

#include <stdio.h>

/* Candidates of one name that are looked at: the largest. */
#define CANDIDATES_MOST 16U

/* Points. A place's size counts 1 for each doubling of its people (enum below times gw_place.size), so a
 * place must be 8 times as large as another to win by that alone. */
enum { POINTS_QUALIFIED = 64, POINTS_REGION = 8, POINTS_COUNTRY = 6, POINTS_AHEAD = 3 };

enum {
    CONFIDENCE_QUALIFIED = 9700,
    CONFIDENCE_ONLY = 9000,
    CONFIDENCE_EVIDENCE = 8800,
    CONFIDENCE_SIZE = 7500
};

#define SCHEME "geonames"

/* Places between a key's likely place and where it is looked for first. */
#define NEAR 64U

#define COUNTRIES_MOST 256U
#define REGIONS_MOST   32U

struct evidence {
    uint32_t countries[COUNTRIES_MOST]; /* mentions */
    uint16_t regions[REGIONS_MOST];
    unsigned region_count;
};

/* Places of one name, the largest first. */
struct candidates {
    const struct gw_place *items;
    uint32_t count; /* or NOT_SEARCHED */
};
#define NOT_SEARCHED UINT32_MAX

/* What was looked for, and what was found. */
struct search {
    uint64_t hash;
    struct candidates found;
};

struct linker {
    const struct gw_text *text;
    const struct gw_name_spans *spans;
    const struct gw_model *model;
    struct gw_arena *arena;
    struct gw_entities *entities;
    struct search *kept; /* by entity */
    struct evidence evidence;
};

/* The first place whose key is not below `key`. Keys are hashes, so that a key's own share of their range
 * tells about where it is. */
static uint32_t first_place(const struct gw_model *model, uint32_t key) {
    const struct gw_place *places = model->places;
    uint32_t count = model->places_count, guess = (uint32_t)((uint64_t)key * count >> 32), step = NEAR;
    uint32_t low = guess, high = guess;
    while (low > 0 && places[low - 1].key >= key) {
        high = low;
        low = low > step ? low - step : 0;
        step *= 2;
    }
    for (step = NEAR; high < count && places[high].key < key; step *= 2) {
        low = high + 1;
        high = count - high > step ? high + step : count;
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (places[middle].key < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static struct candidates find_places(const struct gw_model *model, uint64_t hash) {
    uint32_t key = (uint32_t)(hash >> 32), low = first_place(model, key);
    struct candidates found = {model->places + low, 0};
    while (low + found.count < model->places_count && found.count < CANDIDATES_MOST &&
           found.items[found.count].key == key) {
        found.count++;
    }
    return found;
}

/* Mentions with the words of their entity's first one are searched for once. */
static struct candidates find_span_places(const struct linker *linker, const struct gw_name_span *span) {
    uint32_t entity = linker->entities->of_span[span - linker->spans->items];
    struct gw_name_words words = gw_name_words(linker->text, span);
    if (words.count == 0) {
        return (struct candidates){NULL, 0};
    }
    uint64_t hash = gw_name_words_hash(linker->text, &words, 0, words.count);
    struct search *kept = entity == GW_NO_INDEX ? NULL : &linker->kept[entity];
    if (kept && kept->found.count == NOT_SEARCHED) {
        *kept = (struct search){hash, find_places(linker->model, hash)};
    }
    return kept && kept->hash == hash ? kept->found : find_places(linker->model, hash);
}

static struct gw_entity *entity_of(const struct linker *linker, uint32_t span) {
    uint32_t entity = linker->entities->of_span[span];
    return entity == GW_NO_INDEX ? NULL : &linker->entities->items[entity];
}

/* The country that a mention names, or whose people it names; 0: none. */
static unsigned country_of(const struct gw_name_span *span) {
    bool names_it = span->known && (span->known->type == GW_NORP || (span->known->flags & GW_NAME(LINKED)));
    return names_it ? span->known->country : 0;
}

/* The state or province of this name, or NULL. */
static const struct gw_place *region_of(const struct linker *linker, const struct gw_name_span *span) {
    struct candidates found = find_span_places(linker, span);
    for (uint32_t i = 0; i < found.count; i++) {
        if (found.items[i].flags & GW_PLACE_REGION) {
            return &found.items[i];
        }
    }
    return NULL;
}

static void add_region(struct evidence *evidence, const struct gw_place *region) {
    for (unsigned i = 0; i < evidence->region_count; i++) {
        if (evidence->regions[i] == region->region) {
            return;
        }
    }
    if (evidence->region_count < REGIONS_MOST) {
        evidence->regions[evidence->region_count++] = region->region;
    }
}

/* The region of a mention whose name means nothing in other countries, or NULL. */
static const struct gw_place *sure_region_of(const struct linker *linker, const struct gw_name_span *span) {
    struct candidates found = find_span_places(linker, span);
    for (uint32_t i = 1; i < found.count; i++) {
        if (found.items[i].country != found.items[0].country) {
            return NULL;
        }
    }
    return region_of(linker, span);
}

static void gather_evidence(struct linker *linker) {
    for (uint32_t i = 0; i < linker->spans->count; i++) {
        const struct gw_name_span *span = &linker->spans->items[i];
        unsigned country = country_of(span);
        const struct gw_entity *entity = entity_of(linker, i);
        linker->evidence.countries[country] += country != 0;
        if (country == 0 && entity && entity->type == GW_LOC) {
            const struct gw_place *region = sure_region_of(linker, span);
            if (region) {
                add_region(&linker->evidence, region);
                linker->evidence.countries[region->country]++;
            }
        }
    }
}

static bool has_region(const struct evidence *evidence, uint16_t region) {
    bool found = false;
    for (unsigned i = 0; region != 0 && i < evidence->region_count && !found; i++) {
        found = evidence->regions[i] == region;
    }
    return found;
}

/* The place that qualifies mention `i`: behind a comma or in brackets right after it, or NULL. */
static const struct gw_name_span *qualifier_of(const struct linker *linker, uint32_t i) {
    const struct gw_name_span *span = &linker->spans->items[i], *next = span + 1;
    if (i + 1 == linker->spans->count || next->first != span->last + 2 || next->type != GW_LOC) {
        return NULL;
    }
    uint8_t mark = linker->text->tokens[span->last + 1].mark;
    return mark == GW_MARK_COMMA || mark == GW_MARK_OPEN ? next : NULL;
}

/* What a qualifier says: a country, a region, or neither. */
struct qualifier {
    const struct gw_name_span *span;
    unsigned country;
    uint16_t region;
};

static struct qualifier read_qualifier(const struct linker *linker, uint32_t i) {
    struct qualifier qualifier = {qualifier_of(linker, i), 0, 0};
    if (qualifier.span) {
        const struct gw_place *region = region_of(linker, qualifier.span);
        qualifier.country = country_of(qualifier.span);
        qualifier.region = region ? region->region : 0;
    }
    return qualifier;
}

static bool fits_qualifier(const struct gw_place *place, struct qualifier qualifier) {
    return (qualifier.region != 0 && place->region == qualifier.region &&
            !(place->flags & GW_PLACE_REGION)) ||
           (qualifier.country != 0 && place->country == qualifier.country);
}

static int weigh(const struct linker *linker, const struct gw_place *place, struct qualifier qualifier) {
    int points = place->size;
    points += fits_qualifier(place, qualifier) ? POINTS_QUALIFIED : 0;
    points += has_region(&linker->evidence, place->region) ? POINTS_REGION : 0;
    points += linker->evidence.countries[place->country] > 0 ? POINTS_COUNTRY : 0;
    return points;
}

struct choice {
    const struct gw_place *place; /* NULL: not sure */
    gw_e4 confidence;
};

/* "Ontario" beside "United States" is Canada's province all the same: a town that bears the name of another
 * country's region is meant only where its own region is named. */
static bool is_overshadowed(const struct linker *linker, struct candidates found,
                            const struct gw_place *town) {
    if ((town->flags & GW_PLACE_REGION) || has_region(&linker->evidence, town->region)) {
        return false;
    }
    for (uint32_t i = 0; i < found.count; i++) {
        if ((found.items[i].flags & GW_PLACE_REGION) && found.items[i].country != town->country) {
            return true;
        }
    }
    return false;
}

/* Whether what stands behind the name is about another place: regions are qualified by countries only, so
 * that "Bavaria, Saxony" is a list. */
static bool is_said_otherwise(struct qualifier qualifier, const struct gw_place *best) {
    return qualifier.country != 0 || (qualifier.region != 0 && !(best->flags & GW_PLACE_REGION));
}

static struct choice choose(const struct linker *linker, struct candidates found,
                            struct qualifier qualifier) {
    const struct gw_place *best = NULL;
    int most = 0, next = 0;
    for (uint32_t i = 0; i < found.count; i++) {
        int points = weigh(linker, &found.items[i], qualifier);
        if (!best || points > most) {
            next = best ? most : 0;
            most = points;
            best = &found.items[i];
        } else if (points > next) {
            next = points;
        }
    }
    bool qualified = most >= POINTS_QUALIFIED;
    if (!best || (found.count > 1 && most - next < POINTS_AHEAD) ||
        (!qualified && (is_said_otherwise(qualifier, best) || is_overshadowed(linker, found, best)))) {
        return (struct choice){NULL, 0};
    }
    gw_e4 confidence = most > best->size ? CONFIDENCE_EVIDENCE : CONFIDENCE_SIZE;
    confidence = found.count == 1 ? CONFIDENCE_ONLY : confidence;
    return (struct choice){best, qualified ? CONFIDENCE_QUALIFIED : confidence};
}

static enum gw_status add_link(struct linker *linker, struct gw_entity *entity, struct choice choice) {
    const struct gw_place *place = choice.place;
    const struct gw_country *country = &linker->model->countries[place->country];
    struct gw_link *links = gw_arena_grow(linker->arena, entity->links, entity->link_count,
                                          entity->link_count + 1, sizeof *links);
    char id[16];
    int size = snprintf(id, sizeof id, "%u", place->id);
    struct gw_str copied = gw_arena_copy(linker->arena, (struct gw_str){id, (size_t)size});
    if (!links || !copied.data) {
        return GW_NO_MEMORY;
    }
    links[entity->link_count++] = (struct gw_link){
        .scheme = GW_STR(SCHEME),
        .id = copied,
        .label = {linker->model->strings + gw_place_label(place), gw_place_label_size(place)},
        .country = {country->alpha2, place->country != 0 ? sizeof country->alpha2 : 0},
        .has_coordinates = !(place->flags & GW_PLACE_REGION), /* those are a middle that nobody means */
        .latitude = place->latitude,
        .longitude = place->longitude,
        .confidence = choice.confidence,
    };
    entity->links = links;
    return GW_OK;
}

/* "Georgia" in an article that names its other country's places and peoples, and none of the country's own.
 */
static bool is_region_here(const struct linker *linker, const struct gw_name_span *span,
                           const struct gw_entity *entity) {
    const struct gw_place *region = region_of(linker, span);
    return region && region->country != span->known->country &&
           linker->evidence.countries[region->country] > 0 &&
           linker->evidence.countries[span->known->country] <= entity->mention_count;
}

static void drop_country(struct gw_entity *entity) {
    if (entity->link_count > 0 && gw_str_is(entity->links[entity->link_count - 1].scheme, "iso3166-1")) {
        entity->link_count--;
    }
}

static bool has_place(const struct gw_entity *entity) {
    return entity->link_count > 0 && gw_str_is(entity->links[entity->link_count - 1].scheme, SCHEME);
}

/* An entity is linked by the first of its mentions that is sure. */
static enum gw_status link_mention(struct linker *linker, uint32_t i) {
    const struct gw_name_span *span = &linker->spans->items[i];
    struct gw_entity *entity = entity_of(linker, i);
    if (!entity || entity->type != GW_LOC || has_place(entity)) {
        return GW_OK;
    }
    if (country_of(span) != 0) {
        if (!is_region_here(linker, span, entity)) {
            return GW_OK;
        }
        drop_country(entity);
        return add_link(linker, entity, (struct choice){region_of(linker, span), CONFIDENCE_EVIDENCE});
    }
    struct choice choice = choose(linker, find_span_places(linker, span), read_qualifier(linker, i));
    return choice.place && choice.place->id != 0 ? add_link(linker, entity, choice) : GW_OK;
}

enum gw_status gw_places_link(const struct gw_text *text, const struct gw_name_spans *spans,
                              const struct gw_model *model, struct gw_arena *arena,
                              struct gw_entities *entities) {
    struct linker linker = {
        .text = text, .spans = spans, .model = model, .arena = arena, .entities = entities};
    enum gw_status status = GW_OK;
    linker.kept = gw_arena_take(arena, entities->count * sizeof *linker.kept);
    if (!linker.kept) {
        return GW_NO_MEMORY;
    }
    for (size_t e = 0; e < entities->count; e++) {
        linker.kept[e].found.count = NOT_SEARCHED;
    }
    gather_evidence(&linker);
    for (uint32_t i = 0; i < spans->count && status == GW_OK; i++) {
        status = link_mention(&linker, i);
    }
    return status;
}
