/* At each token that may begin a value the readers are tried in turn. */
#include "process/entities/values.h"

#include "process/entities/value_reader.h"

#define VALUES_LEAST 16U

#define TOKEN_WORK 1U

struct finder {
    struct gw_value_reader reader;
    struct gw_arena *arena;
    struct gw_values *values;
    size_t capacity;
};

static enum gw_status add_value(struct finder *finder, uint32_t at, const struct gw_value_read *read) {
    if (finder->values->count == finder->capacity) {
        size_t wanted = finder->capacity * 2 + VALUES_LEAST;
        struct gw_value_found *grown = gw_arena_grow(finder->arena, finder->values->items, finder->capacity,
                                                     wanted, sizeof *finder->values->items);
        if (!grown) {
            return GW_NO_MEMORY;
        }
        finder->values->items = grown;
        finder->capacity = wanted;
    }
    struct gw_value_found *value = &finder->values->items[finder->values->count++];
    *value = (struct gw_value_found){
        read->kind, gw_text_span(finder->reader.text, at, at + read->tokens - 1), {NULL, 0}};
    if (read->text[0] != '\0') {
        value->value = gw_arena_copy(finder->arena, gw_str_from(read->text));
        return value->value.data ? GW_OK : GW_NO_MEMORY;
    }
    return GW_OK;
}

/* Cheap: most tokens end here. */
static bool may_begin(const struct gw_value_reader *reader, uint32_t at) {
    const struct gw_token *token = &reader->text->tokens[at];
    if (token->kind != GW_TOKEN_WORD) {
        return token->kind == GW_TOKEN_NUMBER || token->mark == GW_MARK_CURRENCY;
    }
    return (token->shape & GW_SHAPE_CAPITAL) &&
           (gw_reader_has(reader, at, GW_WORD(MONTH) | GW_WORD(WEEKDAY) | GW_WORD(CURRENCY)) ||
            gw_reader_is_mark(reader, at + 1, GW_MARK_CURRENCY));
}

static struct gw_value_read read_value(const struct gw_value_reader *reader, uint32_t at) {
    struct gw_value_read read = gw_value_read_amount(reader, at);
    if (read.tokens == 0) {
        read = gw_value_read_time(reader, at);
    }
    return read.tokens == 0 ? gw_value_read_date(reader, at) : read;
}

static enum gw_status find_between(struct finder *finder, uint32_t first, uint32_t end) {
    finder->reader.first = first;
    finder->reader.end = end;
    for (uint32_t i = first; i < end; i++) {
        if (!may_begin(&finder->reader, i)) {
            continue;
        }
        struct gw_value_read read = read_value(&finder->reader, i);
        if (read.tokens > 0) {
            enum gw_status status = add_value(finder, i, &read);
            if (status != GW_OK) {
                return status;
            }
            i += read.tokens - 1;
        }
    }
    return GW_OK;
}

/* The sentence in pieces: what lies between its names. */
static enum gw_status find_in_sentence(struct finder *finder, const struct gw_sentence_range *range,
                                       const struct gw_name_spans *spans, uint32_t *span) {
    uint32_t first = range->first;
    enum gw_status status = GW_OK;
    while (status == GW_OK && *span < spans->count && spans->items[*span].first < range->end) {
        status = find_between(finder, first, spans->items[*span].first);
        first = spans->items[*span].last + 1;
        ++*span;
    }
    return status == GW_OK ? find_between(finder, first, range->end) : status;
}

enum gw_status gw_values_find(const struct gw_text *text, const struct gw_name_spans *spans,
                              const struct gw_model *model, struct gw_work *work, struct gw_arena *arena,
                              struct gw_values *values) {
    struct finder finder = {.reader = {text, model, 0, 0}, .arena = arena, .values = values};
    *values = (struct gw_values){NULL, 0};
    uint32_t span = 0;
    for (uint32_t s = 0; s < text->sentence_count; s++) {
        const struct gw_sentence_range *range = &text->sentences[s];
        if (!gw_work_take(work, (uint64_t)TOKEN_WORK * (range->end - range->first))) {
            break;
        }
        enum gw_status status = find_in_sentence(&finder, range, spans, &span);
        if (status != GW_OK) {
            return status;
        }
    }
    return GW_OK;
}
