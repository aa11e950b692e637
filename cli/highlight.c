/* All candidates, sorted by rank to find who yields, then by place. */
#include "cli/highlight.h"

#include "schemas/table.h"

#include <stdio.h>
#include <stdlib.h>

static int by_place(const void *left, const void *right) {
    const struct gw_highlight *a = left, *b = right;
    if (a->start != b->start) {
        return a->start < b->start ? -1 : 1;
    }
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    /* The longer one first; then in the annotation's order, so that the sort is the same everywhere. */
    if (a->end != b->end) {
        return a->end > b->end ? -1 : 1;
    }
    return a->index < b->index ? -1 : a->index > b->index;
}

struct collection {
    struct gw_highlight *items;
    size_t count;
    enum gw_text_field field;
};

static void add(struct collection *collection, enum gw_highlight_kind kind, struct gw_span span,
                size_t index) {
    if (span.field == collection->field && span.start < span.end) {
        collection->items[collection->count++] = (struct gw_highlight){kind, span.start, span.end, index};
    }
}

static size_t count_all(const struct gw_annotation *annotation) {
    size_t count = annotation->marker_count + annotation->value_count;
    for (size_t i = 0; i < annotation->entity_count; i++) {
        count += annotation->entities[i].mention_count;
    }
    return count;
}

static void add_all(struct collection *collection, const struct gw_annotation *annotation) {
    for (size_t i = 0; i < annotation->entity_count; i++) {
        const struct gw_entity *entity = &annotation->entities[i];
        for (size_t j = 0; j < entity->mention_count; j++) {
            add(collection, GW_HIGHLIGHT_ENTITY, entity->mentions[j].span, i);
        }
    }
    for (size_t i = 0; i < annotation->marker_count; i++) {
        add(collection, GW_HIGHLIGHT_MARKER, annotation->markers[i].span, i);
    }
    for (size_t i = 0; i < annotation->value_count; i++) {
        add(collection, GW_HIGHLIGHT_VALUE, annotation->values[i].span, i);
    }
}

/* Whether the next one may go after those that are kept: takes away kept ones that yield to it. */
static bool makes_room(const struct gw_highlight *kept, size_t *count, const struct gw_highlight *next) {
    size_t left = *count;
    while (left > 0 && kept[left - 1].end > next->start) {
        if (kept[left - 1].kind <= next->kind) {
            return false;
        }
        left--;
    }
    *count = left;
    return true;
}

static size_t keep_apart(struct gw_highlight *items, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (makes_room(items, &kept, &items[i])) {
            items[kept++] = items[i];
        }
    }
    return kept;
}

enum gw_status gw_highlights_collect(const struct gw_annotation *annotation, enum gw_text_field field,
                                     struct gw_arena *arena, struct gw_highlight **highlights,
                                     size_t *count) {
    struct collection collection = {.field = field};
    collection.items = gw_arena_take_zeroed(arena, count_all(annotation), sizeof *collection.items);
    if (!collection.items) {
        return GW_NO_MEMORY;
    }
    add_all(&collection, annotation);
    qsort(collection.items, collection.count, sizeof *collection.items, by_place);
    *highlights = collection.items;
    *count = keep_apart(collection.items, collection.count);
    return GW_OK;
}

const char *gw_entity_type_name(enum gw_entity_type type) {
    return gw_entity_type_words[type].text;
}

const char *gw_value_kind_name(enum gw_value_kind kind) {
    return gw_value_kind_words[kind].text;
}

const char *gw_marker_kind_name(enum gw_marker_kind kind) {
    return gw_marker_kind_words[kind].text;
}

const char *gw_label_name(enum gw_label label) {
    return gw_label_words[label].text;
}

void gw_score_format(gw_e4 score, char out[GW_SCORE_SIZE]) {
    gw_e4 hundredths = (score + (score < 0 ? -50 : 50)) / 100;
    gw_e4 size = hundredths < 0 ? -hundredths : hundredths;
    const char *sign = hundredths < 0 ? "-" : hundredths > 0 ? "+" : "";
    snprintf(out, GW_SCORE_SIZE, "%s%d.%02d", sign, size / 100, size % 100);
}
