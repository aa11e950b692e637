/* A sum over mentions by where they are; types that articles are seldom about count less. */
#include "process/entities/names/salience.h"

enum { WEIGHT_TITLE = 6, WEIGHT_LEAD = 3, WEIGHT_BODY = 2, WEIGHT_DATELINE = 1 };

/* Percent of the sum that counts, by type. */
static const uint64_t type_percent[GW_ENTITY_TYPE_COUNT] = {
    [GW_PERSON] = 100, [GW_ORG] = 90,     [GW_LOC] = 80,   [GW_FAC] = 80,
    [GW_NORP] = 40,    [GW_PRODUCT] = 80, [GW_EVENT] = 80, [GW_MISC] = 50,
};

struct ranked {
    uint64_t weight;
    uint32_t index;
};

/* Where the body's report begins: behind dateline and by-line. */
struct beginning {
    uint32_t sentence;
    uint32_t offset; /* in bytes of the body */
};

static uint64_t weigh(const struct gw_text *text, const struct gw_name_span *span, struct beginning lead) {
    if (span->first < text->title_count) {
        return WEIGHT_TITLE;
    }
    if (text->tokens[span->first].start < lead.offset) {
        return WEIGHT_DATELINE;
    }
    return span->sentence == lead.sentence ? WEIGHT_LEAD : WEIGHT_BODY;
}

static bool goes_before(struct ranked a, struct ranked b) {
    return a.weight != b.weight ? a.weight > b.weight : a.index < b.index;
}

/* So few are sorted in place. */
#define FEW 24U

static void sort_few(struct ranked *items, size_t count) {
    for (size_t i = 1; i < count; i++) {
        struct ranked moved = items[i];
        size_t at = i;
        for (; at > 0 && goes_before(moved, items[at - 1]); at--) {
            items[at] = items[at - 1];
        }
        items[at] = moved;
    }
}

static void merge(const struct ranked *from, struct ranked *into, size_t low, size_t middle, size_t high) {
    size_t left = low, right = middle;
    for (size_t at = low; at < high; at++) {
        bool take_left = right == high || (left < middle && goes_before(from[left], from[right]));
        into[at] = take_left ? from[left++] : from[right++];
    }
}

/* Merge sort from the bottom up between two arrays; returns the one that is sorted. */
static struct ranked *sort(struct ranked *a, struct ranked *b, size_t count) {
    for (size_t low = 0; low < count; low += FEW) {
        sort_few(a + low, low + FEW < count ? FEW : count - low);
    }
    for (size_t width = FEW; width < count; width *= 2) {
        for (size_t low = 0; low < count; low += 2 * width) {
            size_t middle = low + width < count ? low + width : count;
            size_t high = low + 2 * width < count ? low + 2 * width : count;
            merge(a, b, low, middle, high);
        }
        struct ranked *swap = a;
        a = b;
        b = swap;
    }
    return a;
}

static struct beginning find_beginning(const struct gw_text *text,
                                       const struct gw_dateline_tokens *dateline) {
    struct beginning found = {0, 0};
    uint32_t token = text->title_count;
    const struct gw_token_range *ranges[] = {&dateline->line, &dateline->byline};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        token = ranges[i]->first != GW_NO_INDEX && ranges[i]->last >= token ? ranges[i]->last + 1 : token;
    }
    if (token > text->title_count) {
        found.offset = text->tokens[token - 1].end;
    }
    while (found.sentence < text->sentence_count && text->sentences[found.sentence].end <= token) {
        found.sentence++;
    }
    return found;
}

/* The roots in their order, and the spans' numbers with them. */
static void reorder(const struct ranked *order, uint32_t span_count, struct gw_group *sorted, uint32_t *place,
                    uint32_t *of_span, struct gw_roots *roots) {
    for (uint32_t i = 0; i < roots->count; i++) {
        sorted[i] = roots->items[order[i].index];
        place[order[i].index] = i;
    }
    for (uint32_t i = 0; i < span_count; i++) {
        of_span[i] = of_span[i] == GW_NO_INDEX ? GW_NO_INDEX : place[of_span[i]];
    }
    roots->items = sorted;
}

/* Each entity's mentions, weighed; returns the sum of all. */
static uint64_t rank(const struct gw_text *text, const struct gw_name_spans *spans, struct beginning lead,
                     const uint32_t *of_span, const struct gw_roots *roots, struct ranked *ranks) {
    uint64_t total = 0;
    for (uint32_t e = 0; e < roots->count; e++) {
        ranks[e] = (struct ranked){0, e};
    }
    for (uint32_t i = 0; i < spans->count; i++) {
        if (of_span[i] != GW_NO_INDEX) {
            ranks[of_span[i]].weight += weigh(text, &spans->items[i], lead);
        }
    }
    for (uint32_t e = 0; e < roots->count; e++) {
        ranks[e].weight *= type_percent[gw_group_entity_type(&roots->items[e])];
        total += ranks[e].weight;
    }
    return total;
}

enum gw_status gw_salience_sort(const struct gw_text *text, const struct gw_name_spans *spans,
                                const struct gw_dateline_tokens *dateline, struct gw_arena *arena,
                                uint32_t *of_span, struct gw_roots *roots) {
    uint32_t count = roots->count;
    struct ranked *ranks = gw_arena_take(arena, (size_t)count * 2 * sizeof *ranks);
    struct gw_group *sorted = gw_arena_take(arena, count * sizeof *sorted);
    uint32_t *place = gw_arena_take(arena, count * sizeof *place);
    if (!ranks || !sorted || !place) {
        return GW_NO_MEMORY;
    }
    uint64_t total = rank(text, spans, find_beginning(text, dateline), of_span, roots, ranks);
    for (uint32_t e = 0; e < count; e++) {
        roots->items[e].salience = (gw_e4)(ranks[e].weight * GW_E4_ONE / total);
    }
    reorder(sort(ranks, ranks + count, count), spans->count, sorted, place, of_span, roots);
    return GW_OK;
}
