/* From decoded values, since the record may be of a later version than ours. */
#include "cli/show_line.h"

#include "cli/highlight.h"
#include "cli/show_text.h"

#include <stdio.h>

#define ID_COLUMNS ((size_t)28)

/* Columns of id, language, score and bar, and the blanks between them. */
#define HEAD_COLUMNS (ID_COLUMNS + 2 + 2 + 1 + 6 + 1 + GW_SCORE_BAR_COLUMNS + 2)

static struct gw_str string_of(const struct gw_value *map, const char *key) {
    const struct gw_value *value = map->type == GW_MAP ? gw_value_get(map, key) : NULL;
    return value && value->type == GW_STRING ? value->as.bytes : (struct gw_str){NULL, 0};
}

static gw_e4 score_of(const struct gw_value *record) {
    const struct gw_value *sentiment = gw_value_get(record, "sentiment");
    const struct gw_value *score =
        sentiment && sentiment->type == GW_MAP ? gw_value_get(sentiment, "score") : NULL;
    double number = !score                     ? 0
                    : score->type == GW_INT    ? (double)score->as.integer
                    : score->type == GW_DOUBLE ? score->as.number
                                               : 0;
    return number >= -1 && number <= 1 ? (gw_e4)(number * GW_E4_ONE) : 0;
}

static void append_names(const struct gw_value *record, struct gw_buffer *names) {
    const struct gw_value *entities = gw_value_get(record, "entities");
    for (uint32_t i = 0; entities && entities->type == GW_ARRAY && i < entities->count; i++) {
        gw_buffer_append_str(names, i > 0 ? GW_STR(", ") : GW_STR(""));
        gw_buffer_append_str(names, string_of(&entities->as.items[i], "name"));
    }
}

static void show_record(const struct gw_value *record, const struct gw_terminal *terminal,
                        struct gw_buffer *out) {
    struct gw_buffer names;
    char number[GW_SCORE_SIZE];
    gw_e4 score = score_of(record);
    gw_buffer_init(&names, &out->allocator, SIZE_MAX);
    append_names(record, &names);
    gw_terminal_append_cut(out, string_of(record, "id"), ID_COLUMNS, true);
    gw_buffer_append_str(out, GW_STR("  "));
    gw_terminal_append_cut(out, string_of(record, "language"), 2, true);
    gw_score_format(score, number);
    gw_buffer_appendf(out, " %6s ", number);
    gw_show_text_bar(score, terminal->color, out);
    gw_buffer_append_str(out, GW_STR("  "));
    size_t room = terminal->columns > HEAD_COLUMNS ? terminal->columns - HEAD_COLUMNS : 0;
    gw_terminal_append_cut(out, gw_buffer_str(&names), room, false);
    gw_buffer_append_byte(out, '\n');
    gw_buffer_free(&names);
}

static void show_dead_letter(const struct gw_value *letter, const struct gw_terminal *terminal,
                             struct gw_buffer *out) {
    struct gw_buffer text;
    gw_buffer_init(&text, &out->allocator, SIZE_MAX);
    gw_buffer_appendf(&text, "dead letter: " GW_STR_FMT ": " GW_STR_FMT " (" GW_STR_FMT ")",
                      GW_STR_ARG(string_of(letter, "reason")), GW_STR_ARG(string_of(letter, "detail")),
                      GW_STR_ARG(string_of(letter, "position")));
    gw_terminal_append_cut(out, gw_buffer_str(&text), terminal->columns, false);
    gw_buffer_append_byte(out, '\n');
    gw_buffer_free(&text);
}

static bool begins(struct gw_str s, const char *start) {
    return s.size >= strlen(start) && memcmp(s.data, start, strlen(start)) == 0;
}

void gw_show_line(const struct gw_value *value, const struct gw_terminal *terminal, struct gw_buffer *out) {
    struct gw_str schema = string_of(value, "schema");
    if (begins(schema, "glosswire.record/")) {
        show_record(value, terminal, out);
    } else if (begins(schema, "glosswire.dead_letter/")) {
        show_dead_letter(value, terminal, out);
    } else {
        gw_buffer_append_str(out, GW_STR("neither a record nor a dead letter\n"));
    }
}
