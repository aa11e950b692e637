/* Head, text with its marks, tables. */
#include "cli/show_text.h"

#include "base/clock.h"
#include "cli/field_view.h"
#include "cli/painter.h"

#include <stdio.h>

#define BOLD  "1"
#define DIM   "2"
#define RED   "31"
#define GREEN "32"

/* Columns before the text, for a sentence's score. */
#define GUTTER (6 + 1 + GW_SCORE_BAR_COLUMNS + 2)

#define BAR_HALF 3 /* columns to each side of its middle */

/* Columns of a table: type, count and score; links, when the names have enough; names. */
#define TABLE_COLUMNS    ((size_t)30)
#define LINK_COLUMNS     ((size_t)18)
#define NAME_COLUMNS_MIN ((size_t)24)
#define NAME_COLUMNS_MAX ((size_t)60)
#define VALUE_COLUMNS    (TABLE_COLUMNS - 14)
#define ACT_COLUMNS      ((size_t)14) /* before the word */

/* How many rows of a table are shown. */
#define ROWS_MAX 25

static const char *const entity_styles[GW_ENTITY_TYPE_COUNT] = {
    [GW_PERSON] = "1;36", [GW_ORG] = "1;35",   [GW_LOC] = "1;34", [GW_FAC] = "34",
    [GW_NORP] = "1;33",   [GW_PRODUCT] = "33", [GW_EVENT] = "36", [GW_MISC] = "35"};

#define POSITIVE_STYLE "4;32"
#define NEGATIVE_STYLE "4;31"
#define MODIFIER_STYLE "3;4;2"
#define VALUE_STYLE    "4"

struct show {
    const struct gw_record *record;
    const struct gw_terminal *terminal;
    struct gw_arena *arena;
    struct gw_buffer *out;
};

/* ASCII text in a style. */
static void styled(struct gw_buffer *out, bool color, const char *style, const char *text) {
    if (color && text[strspn(text, " ")]) {
        gw_buffer_appendf(out, "\x1b[%sm%s\x1b[0m", style, text);
    } else {
        gw_buffer_append_str(out, gw_str_from(text));
    }
}

static const char *score_style(gw_e4 score) {
    return score > 0 ? GREEN : RED;
}

void gw_show_text_bar(gw_e4 score, bool color, struct gw_buffer *out) {
    int size = score < 0 ? -score : score;
    int halves = (2 * BAR_HALF * size + GW_E4_ONE / 2) / GW_E4_ONE;
    halves = halves > 2 * BAR_HALF ? 2 * BAR_HALF : halves;
    char bar[2 * BAR_HALF * 3 + 1] = "";
    bool left = score < 0;
    for (int i = 0; i < BAR_HALF; i++) {
        /* The cell's distance from the middle. */
        int distance = left ? BAR_HALF - 1 - i : i;
        int filled = halves - 2 * distance;
        strcat(bar, filled >= 2 ? "█" : filled == 1 ? (left ? "▐" : "▌") : " ");
    }
    gw_buffer_appendf(out, "%*s", left ? 0 : BAR_HALF, "");
    if (left) {
        styled(out, color, score_style(score), bar);
    }
    gw_buffer_append_str(out, GW_STR("│"));
    if (!left) {
        styled(out, color, score_style(score), bar);
    }
    gw_buffer_appendf(out, "%*s", left ? BAR_HALF : 0, "");
}

/* A score in six columns, and its bar where there is room for it. */
static void put_score(struct show *show, gw_e4 score) {
    char number[GW_SCORE_SIZE];
    gw_score_format(score, number);
    gw_buffer_appendf(show->out, "%*s", 6 - (int)strlen(number), "");
    styled(show->out, show->terminal->color, score == 0 ? DIM : score_style(score), number);
    gw_buffer_append_byte(show->out, ' ');
    gw_show_text_bar(score, show->terminal->color, show->out);
}

static const char *style_of(const struct show *show, const struct gw_highlight *highlight) {
    const struct gw_annotation *annotation = show->record->annotation;
    if (highlight->kind == GW_HIGHLIGHT_ENTITY) {
        return entity_styles[annotation->entities[highlight->index].type];
    }
    if (highlight->kind == GW_HIGHLIGHT_VALUE) {
        return VALUE_STYLE;
    }
    gw_e4 weight = annotation->markers[highlight->index].weight;
    return weight > 0 ? POSITIVE_STYLE : weight < 0 ? NEGATIVE_STYLE : MODIFIER_STYLE;
}

/* Without colour marks stand in brackets: [Porto LOC], {praised +0.80}, {not}. */
static void open_bracket(const struct gw_highlight *highlight, struct gw_painter *painter) {
    static const char *const brackets[] = {[GW_HIGHLIGHT_ENTITY] = "[", [GW_HIGHLIGHT_MARKER] = "{"};
    if (!painter->color && highlight->kind != GW_HIGHLIGHT_VALUE) {
        gw_painter_inside(painter, brackets[highlight->kind]);
    }
}

static void close_bracket(const struct show *show, const struct gw_highlight *highlight,
                          struct gw_painter *painter) {
    const struct gw_annotation *annotation = show->record->annotation;
    char text[32] = "";
    if (painter->color || highlight->kind == GW_HIGHLIGHT_VALUE) {
        return;
    }
    if (highlight->kind == GW_HIGHLIGHT_ENTITY) {
        enum gw_entity_type type = annotation->entities[highlight->index].type;
        snprintf(text, sizeof text, " %s]", gw_entity_type_name(type));
    } else if (annotation->markers[highlight->index].weight != 0) {
        char number[GW_SCORE_SIZE];
        gw_score_format(annotation->markers[highlight->index].weight, number);
        snprintf(text, sizeof text, " %s}", number);
    } else {
        snprintf(text, sizeof text, "}");
    }
    gw_painter_inside(painter, text);
}

static void close_highlight(const struct show *show, const struct gw_highlight *highlight, const char *plain,
                            struct gw_painter *painter) {
    if (highlight) {
        close_bracket(show, highlight, painter);
        gw_painter_style(painter, plain);
    }
}

/* `plain` is the style of what is not highlighted. */
static void paint_block(struct show *show, struct gw_field_view *view, const struct gw_block *block,
                        const char *plain) {
    struct gw_painter painter;
    struct gw_view_step step;
    if (block->sentence) {
        put_score(show, block->sentence->score);
        gw_buffer_append_str(show->out, GW_STR("  "));
    } else {
        gw_buffer_appendf(show->out, "%*s", GUTTER, "");
    }
    gw_painter_init(&painter, show->terminal, GUTTER, show->out);
    gw_painter_style(&painter, plain);
    while (gw_field_view_next(view, block, &step)) {
        close_highlight(show, step.closes, plain, &painter);
        if (step.opens) {
            gw_painter_style(&painter, style_of(show, step.opens));
            open_bracket(step.opens, &painter);
        }
        gw_painter_char(&painter, step.codepoint);
    }
    close_highlight(show, gw_field_view_close(view), plain, &painter);
    gw_painter_end(&painter);
}

/* Blocks one below the other. */
static enum gw_status show_field(struct show *show, enum gw_text_field field) {
    struct gw_field_view view;
    enum gw_status status = gw_field_view_build(&view, show->record, field, show->arena);
    for (size_t i = 0; status == GW_OK && i < view.block_count; i++) {
        if (i > 0 && view.blocks[i].paragraph) {
            gw_buffer_append_byte(show->out, '\n');
        }
        paint_block(show, &view, &view.blocks[i], field == GW_FIELD_TITLE ? BOLD : NULL);
    }
    gw_buffer_append_byte(show->out, '\n');
    return status;
}

/* Frees a line that was put together aside; that it could not be is a failure of the whole. */
static void drop_line(struct show *show, struct gw_buffer *line) {
    if (line->failed != GW_OK && show->out->failed == GW_OK) {
        show->out->failed = line->failed;
    }
    gw_buffer_free(line);
}

static void append_part(struct gw_buffer *line, struct gw_str part) {
    if (part.size > 0) {
        gw_buffer_append_str(line, line->size > 0 ? GW_STR(" · ") : GW_STR(""));
        gw_buffer_append_str(line, part);
    }
}

static void append_published(struct gw_buffer *line, const struct gw_article *article) {
    char text[GW_RFC3339_SIZE];
    if (article->published_at_ms != INT64_MIN) {
        gw_clock_format_rfc3339(article->published_at_ms, text);
        append_part(line, (struct gw_str){text, strlen("2023-08-15")});
    }
}

/* ── id ─────────── and a line about where the article is from. */
static void show_head(struct show *show) {
    const struct gw_article *article = show->record->article;
    struct gw_buffer line;
    gw_buffer_init(&line, &show->out->allocator, SIZE_MAX);
    size_t width = gw_terminal_text_width(article->id);
    size_t room = show->terminal->columns - 6;
    gw_buffer_append_str(show->out, GW_STR("── "));
    gw_terminal_append_cut(show->out, article->id, room, false);
    gw_buffer_append_byte(show->out, ' ');
    for (size_t i = width < room ? width : room; i < room + 2; i++) {
        gw_buffer_append_str(show->out, GW_STR("─"));
    }
    gw_buffer_append_byte(show->out, '\n');
    append_part(&line, article->source);
    append_published(&line, article);
    append_part(&line, show->record->annotation->language);
    for (size_t i = 0; i < article->author_count; i++) {
        append_part(&line, article->authors[i]);
    }
    if (line.size > 0) {
        gw_terminal_append_cut(show->out, gw_buffer_str(&line), show->terminal->columns, false);
        gw_buffer_append_byte(show->out, '\n');
    }
    gw_buffer_append_byte(show->out, '\n');
    drop_line(show, &line);
}

static void heading(struct show *show, const char *text) {
    gw_buffer_append_byte(show->out, '\n');
    styled(show->out, show->terminal->color, BOLD, text);
    gw_buffer_append_byte(show->out, '\n');
}

static void show_more(struct show *show, size_t count) {
    if (count > ROWS_MAX) {
        gw_buffer_appendf(show->out, "  … and %zu more\n", count - ROWS_MAX);
    }
}

static void show_document(struct show *show) {
    const struct gw_annotation *annotation = show->record->annotation;
    const struct gw_sentiment *sentiment = &annotation->sentiment;
    static const struct {
        uint32_t flag;
        const char *text;
    } flags[] = {{GW_FLAG_PARTIAL, "only partly annotated: the work budget ended"},
                 {GW_FLAG_LANGUAGE_SKIPPED, "not annotated: another language"},
                 {GW_FLAG_MIXED_LANGUAGE, "partly in another language"}};
    put_score(show, sentiment->score);
    gw_buffer_append_str(show->out, GW_STR("  "));
    styled(show->out, show->terminal->color, BOLD, "the whole: ");
    gw_buffer_appendf(show->out, "%s, confidence %d %%\n", gw_label_name(sentiment->label),
                      (sentiment->confidence + 50) / 100);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (annotation->flags & flags[i].flag) {
            gw_buffer_appendf(show->out, "%*s%s\n", GUTTER, "", flags[i].text);
        }
    }
}

/* Whether a table has room for its last column: links. */
static bool has_links(const struct show *show) {
    return show->terminal->columns >= NAME_COLUMNS_MIN + TABLE_COLUMNS + LINK_COLUMNS;
}

static size_t name_columns(const struct show *show) {
    size_t left = show->terminal->columns - TABLE_COLUMNS - (has_links(show) ? LINK_COLUMNS : 0);
    return left > NAME_COLUMNS_MAX ? NAME_COLUMNS_MAX : left;
}

/* "Kim Jong Un (Kim), leader" */
static void append_names(const struct gw_entity *entity, struct gw_buffer *line) {
    gw_buffer_append_str(line, entity->name);
    for (size_t i = 0; i < entity->alias_count; i++) {
        gw_buffer_append_str(line, i == 0 ? GW_STR(" (") : GW_STR(", "));
        gw_buffer_append_str(line, entity->aliases[i]);
    }
    gw_buffer_append_str(line, entity->alias_count > 0 ? GW_STR(")") : GW_STR(""));
    if (entity->role.size > 0) {
        gw_buffer_append_str(line, GW_STR(", "));
        gw_buffer_append_str(line, entity->role);
    }
}

static void append_links(const struct gw_entity *entity, struct gw_buffer *line) {
    for (size_t i = 0; i < entity->link_count; i++) {
        const struct gw_link *link = &entity->links[i];
        gw_buffer_appendf(line, "%s" GW_STR_FMT ":" GW_STR_FMT, i > 0 ? " " : "", GW_STR_ARG(link->scheme),
                          GW_STR_ARG(link->id));
    }
}

static void show_entity(struct show *show, const struct gw_entity *entity) {
    struct gw_buffer line;
    gw_buffer_init(&line, &show->out->allocator, SIZE_MAX);
    bool color = show->terminal->color;
    gw_buffer_append_str(show->out, GW_STR("  "));
    styled(show->out, color, entity_styles[entity->type], gw_entity_type_name(entity->type));
    gw_buffer_appendf(show->out, "%*s", 9 - (int)strlen(gw_entity_type_name(entity->type)), "");
    append_names(entity, &line);
    gw_terminal_append_cut(show->out, gw_buffer_str(&line), name_columns(show), true);
    gw_buffer_appendf(show->out, " %3zu×", entity->mention_count);
    put_score(show, entity->sentiment.score);
    gw_buffer_clear(&line);
    append_links(entity, &line);
    if (line.size > 0 && has_links(show)) {
        gw_buffer_append_str(show->out, GW_STR("  "));
        gw_terminal_append_cut(show->out, gw_buffer_str(&line), LINK_COLUMNS - 2, false);
    }
    gw_buffer_append_byte(show->out, '\n');
    drop_line(show, &line);
}

static void show_entities(struct show *show) {
    const struct gw_annotation *annotation = show->record->annotation;
    if (annotation->entity_count > 0) {
        heading(show, "Entities");
    }
    for (size_t i = 0; i < annotation->entity_count && i < ROWS_MAX; i++) {
        show_entity(show, &annotation->entities[i]);
    }
    show_more(show, annotation->entity_count);
}

static struct gw_str cut(const struct show *show, struct gw_span span) {
    return gw_str_sub(gw_article_text(show->record->article, span.field), span.start, span.end);
}

/* Markers that tell what is done to somebody: accusations, denials, praise, and fighting where it is known
 * with whom. */
static bool is_act(const struct gw_marker *marker) {
    return marker->kind == GW_MARKER_ACCUSATION || marker->kind == GW_MARKER_DENIAL ||
           marker->kind == GW_MARKER_PRAISE ||
           (marker->kind == GW_MARKER_CONFLICT && marker->target != GW_NO_INDEX);
}

static void show_act(struct show *show, const struct gw_marker *marker) {
    struct gw_buffer line;
    gw_buffer_init(&line, &show->out->allocator, SIZE_MAX);
    gw_buffer_append_str(&line, cut(show, marker->span));
    gw_buffer_append_str(&line, marker->negated ? GW_STR(" (negated)") : GW_STR(""));
    if (marker->target != GW_NO_INDEX) {
        gw_buffer_append_str(&line, GW_STR(" → "));
        gw_buffer_append_str(&line, show->record->annotation->entities[marker->target].name);
    }
    gw_buffer_appendf(show->out, "  %-11s", gw_marker_kind_name(marker->kind));
    gw_terminal_append_cut(show->out, gw_buffer_str(&line), show->terminal->columns - ACT_COLUMNS, false);
    gw_buffer_append_byte(show->out, '\n');
    drop_line(show, &line);
}

static void show_acts(struct show *show) {
    const struct gw_annotation *annotation = show->record->annotation;
    size_t shown = 0;
    for (size_t i = 0; i < annotation->marker_count; i++) {
        if (is_act(&annotation->markers[i])) {
            if (shown == 0) {
                heading(show, "Acts");
            }
            if (shown++ < ROWS_MAX) {
                show_act(show, &annotation->markers[i]);
            }
        }
    }
    show_more(show, shown);
}

static void show_values(struct show *show) {
    const struct gw_annotation *annotation = show->record->annotation;
    if (annotation->value_count > 0) {
        heading(show, "Values");
    }
    for (size_t i = 0; i < annotation->value_count && i < ROWS_MAX; i++) {
        const struct gw_value_found *value = &annotation->values[i];
        gw_buffer_appendf(show->out, "  %-9s", gw_value_kind_name(value->kind));
        gw_terminal_append_cut(show->out, cut(show, value->span), name_columns(show), value->value.size > 0);
        if (value->value.size > 0) {
            gw_buffer_append_str(show->out, GW_STR(" = "));
            gw_terminal_append_cut(show->out, value->value, VALUE_COLUMNS, false);
        }
        gw_buffer_append_byte(show->out, '\n');
    }
    show_more(show, annotation->value_count);
}

static void show_targets(struct show *show) {
    const struct gw_annotation *annotation = show->record->annotation;
    if (annotation->target_count > 0) {
        heading(show, "Targets");
    }
    for (size_t i = 0; i < annotation->target_count && i < ROWS_MAX; i++) {
        const struct gw_target_sentiment *target = &annotation->targets[i];
        gw_buffer_appendf(show->out, "  %-9s", gw_label_name(target->label));
        gw_terminal_append_cut(show->out, cut(show, show->record->article->targets[i]), name_columns(show),
                               true);
        gw_buffer_append_str(show->out, GW_STR("     "));
        put_score(show, target->score);
        gw_buffer_append_byte(show->out, '\n');
    }
    show_more(show, annotation->target_count);
}

enum gw_status gw_show_text(const struct gw_record *record, const struct gw_terminal *terminal,
                            struct gw_arena *arena, struct gw_buffer *out) {
    struct show show = {.record = record, .terminal = terminal, .arena = arena, .out = out};
    enum gw_status status = GW_OK;
    show_head(&show);
    if (record->article->title.size > 0) {
        status = show_field(&show, GW_FIELD_TITLE);
    }
    if (status == GW_OK && record->article->body.size > 0) {
        status = show_field(&show, GW_FIELD_BODY);
    }
    if (status != GW_OK) {
        return status;
    }
    show_document(&show);
    show_entities(&show);
    show_acts(&show);
    show_values(&show);
    show_targets(&show);
    gw_buffer_append_byte(out, '\n');
    return out->failed;
}

void gw_show_text_legend(const struct gw_terminal *terminal, struct gw_buffer *out) {
    if (!terminal->color) {
        gw_buffer_append_str(out, GW_STR("[name TYPE] entity   {word +0.80} marker with its weight   {word} "
                                         "marker that changes others\n"));
        return;
    }
    for (enum gw_entity_type type = 0; type < GW_ENTITY_TYPE_COUNT; type++) {
        styled(out, true, entity_styles[type], gw_entity_type_name(type));
        gw_buffer_append_byte(out, ' ');
    }
    gw_buffer_append_str(out, GW_STR(" "));
    styled(out, true, POSITIVE_STYLE, "positive");
    gw_buffer_append_byte(out, ' ');
    styled(out, true, NEGATIVE_STYLE, "negative");
    gw_buffer_append_byte(out, ' ');
    styled(out, true, MODIFIER_STYLE, "changes others");
    gw_buffer_append_byte(out, ' ');
    styled(out, true, VALUE_STYLE, "value");
    gw_buffer_append_byte(out, '\n');
}
