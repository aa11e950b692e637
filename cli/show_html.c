/* A section per article: text with marks, tables of what was found. */
#include "cli/show_html.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "cli/field_view.h"
#include "cli/html_arrows.h"

#include <inttypes.h>

/* No script but the one for arrows, and nothing from elsewhere, whatever an article says. */
static const char page_head[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'; script-src '";

static const char page_style[] =
    "'\">\n"
    "<title>glosswire: annotated articles</title>\n"
    "<style>\n"
    ":root { color-scheme: light dark;\n"
    "  --paper: #fdfcf9; --ink: #1f2328; --soft: #59636e; --line: #d5d9de; --card: #ffffff;\n"
    "  --person: #cfe8f5; --org: #e6dcf6; --loc: #d5e5fb; --norp: #f7e8c3; --other: #e5e7ea;\n"
    "  --good: #1a7f37; --bad: #c22a2a; --mild: #7d6608; }\n"
    "@media (prefers-color-scheme: dark) { :root {\n"
    "  --paper: #14171b; --ink: #e4e7eb; --soft: #a0a8b3; --line: #363c45; --card: #1b1f25;\n"
    "  --person: #17425a; --org: #43306a; --loc: #1d3f70; --norp: #574413; --other: #3a4049;\n"
    "  --good: #5ccf79; --bad: #ff8f87; --mild: #d9bd52; } }\n"
    "* { box-sizing: border-box; }\n"
    "body { margin: 0; padding: 2rem 1rem 4rem; background: var(--paper); color: var(--ink);\n"
    "  font: 1.05rem/1.65 Charter, Georgia, serif; }\n"
    "main, header.page { max-width: 60rem; margin: 0 auto; }\n"
    "header.page h1 { font-size: 1.1rem; margin: 0 0 .5rem; }\n"
    "article { background: var(--card); border: 1px solid var(--line); border-radius: .6rem;\n"
    "  padding: 1.5rem 1.75rem; margin: 1.25rem 0; }\n"
    "article h2 { font-size: 1.5rem; line-height: 1.3; margin: 0 0 .25rem; overflow-wrap: anywhere; }\n"
    "h3 { font: 600 .8rem/1.4 system-ui, sans-serif; text-transform: uppercase; letter-spacing: .06em;\n"
    "  color: var(--soft); margin: 1.6rem 0 .4rem; }\n"
    ".meta, .legend, table, .score { font-family: system-ui, sans-serif; font-size: .85rem; }\n"
    ".meta { color: var(--soft); margin: 0 0 1rem; overflow-wrap: anywhere; }\n"
    ".legend span { margin-right: .8rem; white-space: nowrap; }\n"
    ".sentence { display: grid; grid-template-columns: 7.6rem 1fr; gap: .9rem; margin: .15rem 0; }\n"
    ".paragraph { margin-top: .9rem; }\n"
    ".score { color: var(--soft); display: flex; gap: .4rem; align-items: center; height: 1.75rem;\n"
    "  font-variant-numeric: tabular-nums; }\n"
    ".score b { width: 2.6rem; text-align: right; font-weight: 500; }\n"
    ".bar { width: 4.4rem; height: .6rem; flex: none; }\n"
    ".bar .axis { stroke: var(--soft); } .bar .good { fill: var(--good); } .bar .bad { fill: var(--bad); }\n"
    ".text { overflow-wrap: anywhere; }\n"
    "mark { color: inherit; background: none; border-radius: .25rem; padding: .06em .18em; }\n"
    "mark.PERSON { background: var(--person); } mark.ORG { background: var(--org); }\n"
    "mark.LOC, mark.FAC { background: var(--loc); } mark.NORP { background: var(--norp); }\n"
    "mark.PRODUCT, mark.EVENT, mark.MISC { background: var(--other); }\n"
    "mark.good { box-shadow: inset 0 -.14em var(--good); padding: 0; border-radius: 0; }\n"
    "mark.bad { box-shadow: inset 0 -.14em var(--bad); padding: 0; border-radius: 0; }\n"
    "mark.modifier { border-bottom: .12em dashed var(--mild); padding: 0; border-radius: 0; }\n"
    "mark.value { border-bottom: .08em dotted var(--soft); padding: 0; border-radius: 0; }\n"
    ".scroll { overflow-x: auto; }\n"
    "table { border-collapse: collapse; width: 100%; }\n"
    "th { text-align: left; font-weight: 600; color: var(--soft); }\n"
    "th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }\n"
    "td .score { height: 1.25rem; }\n"
    "th.number, td.number { text-align: right; padding-right: 1.5rem; font-variant-numeric: tabular-nums; }\n"
    ".note { color: var(--mild); font-family: system-ui, sans-serif; font-size: .85rem; }\n"
    "@media (max-width: 38rem) { article { padding: 1rem; } .sentence { grid-template-columns: 1fr; gap: 0; "
    "}\n"
    "  .score { height: 1.2rem; } }\n";

static const char page_begin[] =
    "</style>\n"
    "</head>\n"
    "<body>\n"
    "<header class=\"page\"><h1>Annotated by glosswire " GW_VERSION "</h1>\n"
    "<p class=\"legend\"><span><mark class=\"PERSON\">person</mark></span> <span><mark class=\"ORG\">"
    "organisation</mark></span> <span><mark class=\"LOC\">place</mark></span> <span><mark "
    "class=\"NORP\">people, "
    "party</mark></span> <span><mark class=\"MISC\">other name</mark></span> <span><mark "
    "class=\"good\">positive"
    "</mark></span> <span><mark class=\"bad\">negative</mark></span> <span><mark class=\"modifier\">changes "
    "others"
    "</mark></span> <span><mark class=\"value\">value</mark></span> <span>→ whom a word acts on</span> "
    "<span>⇢ which word it changes</span></p></header>\n"
    "<main>\n";

static const char page_end[] = "</main>\n<script>\n";
static const char page_after_script[] = "</script>\n</body>\n</html>\n";

struct page {
    const struct gw_record *record;
    struct gw_arena *arena;
    struct gw_buffer *out;
};

void gw_show_html_begin(struct gw_buffer *out) {
    const char *const parts[] = {page_head, gw_html_arrows_hash, page_style, gw_html_arrows_style,
                                 page_begin};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        gw_buffer_append_str(out, gw_str_from(parts[i]));
    }
}

void gw_show_html_end(struct gw_buffer *out) {
    gw_buffer_append_str(out, gw_str_from(page_end));
    gw_buffer_append_str(out, gw_str_from(gw_html_arrows_script));
    gw_buffer_append_str(out, gw_str_from(page_after_script));
}

static void append_char(struct gw_buffer *out, uint32_t c) {
    static const struct {
        uint32_t codepoint;
        const char *escape;
    } escapes[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    char bytes[4];
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++) {
        if (c == escapes[i].codepoint) {
            gw_buffer_append_str(out, gw_str_from(escapes[i].escape));
            return;
        }
    }
    /* HTML allows no controls but white space; marks of direction would reorder what stands around them. */
    bool control = (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7f && c < 0xa0);
    bool direction = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    gw_buffer_append(out, bytes, gw_utf8_encode(control || direction ? 0xfffd : c, bytes));
}

void gw_html_append(struct gw_buffer *out, struct gw_str text) {
    uint32_t codepoint;
    for (size_t at = 0, size; (size = gw_utf8_decode(text, at, &codepoint)) > 0; at += size) {
        append_char(out, codepoint);
    }
}

static void literal(struct page *page, const char *html) {
    gw_buffer_append_str(page->out, gw_str_from(html));
}

static void text(struct page *page, struct gw_str s) {
    gw_html_append(page->out, s);
}

static void score_text(struct page *page, gw_e4 score) {
    char number[GW_SCORE_SIZE];
    gw_score_format(score, number);
    literal(page, number);
}

/* A bar from the middle of a picture that is 200 wide, with the score as its text for those who listen. */
static void score_bar(struct page *page, gw_e4 score) {
    gw_e4 size = (score < 0 ? -score : score) / 100;
    literal(page,
            "<svg class=\"bar\" viewBox=\"0 0 200 36\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    gw_buffer_appendf(page->out,
                      "<rect class=\"%s\" x=\"%d\" y=\"4\" width=\"%d\" height=\"28\"/>"
                      "<path class=\"axis\" d=\"M100 0V36\" stroke-width=\"6\"/></svg>",
                      score < 0 ? "bad" : "good", score < 0 ? 100 - size : 100, size);
}

static void score(struct page *page, gw_e4 value) {
    literal(page, "<span class=\"score\"><b>");
    score_text(page, value);
    literal(page, "</b>");
    score_bar(page, value);
    literal(page, "</span>");
}

static void open_entity(struct page *page, const struct gw_entity *entity, uint32_t start) {
    const char *type = gw_entity_type_name(entity->type);
    gw_buffer_appendf(page->out, "<mark class=\"%s\" data-at=\"%" PRIu32 "\" title=\"%s: ", type, start,
                      type);
    text(page, entity->name);
    for (size_t i = 0; i < entity->link_count; i++) {
        literal(page, " · ");
        text(page, entity->links[i].scheme);
        literal(page, ":");
        text(page, entity->links[i].id);
    }
    literal(page, "\">");
}

/* The mention of an entity that is nearest to a span; the entity has one in the same field. */
static uint32_t nearest_mention(const struct gw_entity *entity, const struct gw_span *span) {
    uint32_t best = 0, nearest = UINT32_MAX;
    for (size_t i = 0; i < entity->mention_count; i++) {
        const struct gw_span *mention = &entity->mentions[i].span;
        uint32_t distance =
            mention->start < span->start ? span->start - mention->end : mention->start - span->end;
        if (mention->field == span->field && distance < nearest) {
            nearest = distance;
            best = mention->start;
        }
    }
    return best;
}

/* Where the arrows of a marker go to. */
static void append_arrows(struct page *page, const struct gw_marker *marker) {
    const struct gw_annotation *annotation = page->record->annotation;
    if (marker->target != GW_NO_INDEX) {
        gw_buffer_appendf(page->out, " data-to=\"%" PRIu32 "\"",
                          nearest_mention(&annotation->entities[marker->target], &marker->span));
    }
    if (marker->modifies != GW_NO_INDEX) {
        gw_buffer_appendf(page->out, " data-changes=\"%" PRIu32 "\"",
                          annotation->markers[marker->modifies].span.start);
    }
    if (marker->target != GW_NO_INDEX || marker->modifies != GW_NO_INDEX) {
        gw_buffer_append_str(page->out, GW_STR(" tabindex=\"0\""));
    }
}

static void open_marker(struct page *page, const struct gw_marker *marker) {
    const char *class = marker->weight > 0 ? "good" : marker->weight < 0 ? "bad" : "modifier";
    gw_buffer_appendf(page->out, "<mark class=\"%s\" data-at=\"%" PRIu32 "\"", class, marker->span.start);
    append_arrows(page, marker);
    gw_buffer_appendf(page->out, " title=\"%s", gw_marker_kind_name(marker->kind));
    if (marker->weight != 0) {
        literal(page, " ");
        score_text(page, marker->weight);
    }
    literal(page, marker->negated ? ", negated" : "");
    if (marker->target != GW_NO_INDEX) {
        literal(page, ", about ");
        text(page, page->record->annotation->entities[marker->target].name);
    }
    literal(page, "\">");
}

static void open_value(struct page *page, const struct gw_value_found *value) {
    gw_buffer_appendf(page->out, "<mark class=\"value\" title=\"%s ", gw_value_kind_name(value->kind));
    text(page, value->value);
    literal(page, "\">");
}

static void open_mark(struct page *page, const struct gw_highlight *highlight) {
    const struct gw_annotation *annotation = page->record->annotation;
    switch (highlight->kind) {
    case GW_HIGHLIGHT_ENTITY:
        open_entity(page, &annotation->entities[highlight->index], highlight->start);
        break;
    case GW_HIGHLIGHT_MARKER:
        open_marker(page, &annotation->markers[highlight->index]);
        break;
    case GW_HIGHLIGHT_VALUE:
        open_value(page, &annotation->values[highlight->index]);
        break;
    }
}

static void close_mark(struct page *page, const struct gw_highlight *highlight) {
    literal(page, highlight ? "</mark>" : "");
}

static void write_text(struct page *page, struct gw_field_view *view, const struct gw_block *block) {
    struct gw_view_step step;
    while (gw_field_view_next(view, block, &step)) {
        close_mark(page, step.closes);
        if (step.opens) {
            open_mark(page, step.opens);
        }
        append_char(page->out, step.codepoint);
    }
    close_mark(page, gw_field_view_close(view));
}

static void write_block(struct page *page, struct gw_field_view *view, const struct gw_block *block) {
    literal(page, block->paragraph ? "<div class=\"sentence paragraph\">" : "<div class=\"sentence\">");
    if (block->sentence) {
        score(page, block->sentence->score);
    } else {
        literal(page, "<span></span>");
    }
    literal(page, "<span class=\"text\">");
    write_text(page, view, block);
    literal(page, "</span></div>\n");
}

static enum gw_status write_body(struct page *page) {
    struct gw_field_view view;
    enum gw_status status = gw_field_view_build(&view, page->record, GW_FIELD_BODY, page->arena);
    for (size_t i = 0; status == GW_OK && i < view.block_count; i++) {
        write_block(page, &view, &view.blocks[i]);
    }
    return status;
}

/* The title as the section's heading, its marks in it. */
static enum gw_status write_heading(struct page *page) {
    const struct gw_article *article = page->record->article;
    struct gw_field_view view;
    enum gw_status status = gw_field_view_build(&view, page->record, GW_FIELD_TITLE, page->arena);
    literal(page, "<h2 class=\"text\">");
    for (size_t i = 0; status == GW_OK && i < view.block_count; i++) {
        write_text(page, &view, &view.blocks[i]);
    }
    if (article->title.size == 0) {
        text(page, article->id);
    }
    literal(page, "</h2>\n");
    return status;
}

static void write_meta(struct page *page) {
    const struct gw_article *article = page->record->article;
    char date[GW_RFC3339_SIZE];
    literal(page, "<p class=\"meta\">");
    text(page, article->id);
    if (article->source.size > 0) {
        literal(page, " · ");
        text(page, article->source);
    }
    if (article->published_at_ms != INT64_MIN) {
        gw_clock_format_rfc3339(article->published_at_ms, date);
        gw_buffer_appendf(page->out, " · <time datetime=\"%s\">%.10s</time>", date, date);
    }
    for (size_t i = 0; i < article->author_count; i++) {
        literal(page, i == 0 ? " · " : ", ");
        text(page, article->authors[i]);
    }
    literal(page, "</p>\n");
}

static void write_verdict(struct page *page) {
    const struct gw_annotation *annotation = page->record->annotation;
    const struct gw_sentiment *sentiment = &annotation->sentiment;
    literal(page, "<div class=\"sentence paragraph\">");
    score(page, sentiment->score);
    gw_buffer_appendf(page->out, "<span><strong>The whole:</strong> %s, confidence %d %%</span></div>\n",
                      gw_label_name(sentiment->label), (sentiment->confidence + 50) / 100);
    if (annotation->flags & GW_FLAG_LANGUAGE_SKIPPED) {
        literal(page, "<p class=\"note\">Not annotated: another language.</p>\n");
    }
    if (annotation->flags & GW_FLAG_PARTIAL) {
        literal(page, "<p class=\"note\">Only partly annotated: the work budget ended.</p>\n");
    }
}

static void write_entity(struct page *page, const struct gw_entity *entity) {
    const char *type = gw_entity_type_name(entity->type);
    gw_buffer_appendf(page->out, "<tr><td><mark class=\"%s\">%s</mark></td><td>", type, type);
    text(page, entity->name);
    for (size_t i = 0; i < entity->alias_count; i++) {
        literal(page, i == 0 ? " (" : ", ");
        text(page, entity->aliases[i]);
    }
    literal(page, entity->alias_count > 0 ? ")</td><td>" : "</td><td>");
    text(page, entity->role);
    gw_buffer_appendf(page->out, "</td><td class=\"number\">%zu</td><td>", entity->mention_count);
    score(page, entity->sentiment.score);
    literal(page, "</td><td>");
    for (size_t i = 0; i < entity->link_count; i++) {
        literal(page, i > 0 ? " " : "");
        text(page, entity->links[i].scheme);
        literal(page, ":");
        text(page, entity->links[i].id);
    }
    literal(page, "</td></tr>\n");
}

static void write_entities(struct page *page) {
    const struct gw_annotation *annotation = page->record->annotation;
    if (annotation->entity_count == 0) {
        return;
    }
    literal(page, "<h3>Entities</h3>\n<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Type</th>"
                  "<th scope=\"col\">Name</th><th scope=\"col\">Role</th><th scope=\"col\" "
                  "class=\"number\">Mentions</th>"
                  "<th scope=\"col\">Sentiment</th><th scope=\"col\">Links</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < annotation->entity_count; i++) {
        write_entity(page, &annotation->entities[i]);
    }
    literal(page, "</tbody></table></div>\n");
}

static struct gw_str cut(const struct page *page, struct gw_span span) {
    return gw_str_sub(gw_article_text(page->record->article, span.field), span.start, span.end);
}

static void write_values(struct page *page) {
    const struct gw_annotation *annotation = page->record->annotation;
    if (annotation->value_count == 0) {
        return;
    }
    literal(page, "<h3>Values</h3>\n<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Type</th>"
                  "<th scope=\"col\">Text</th><th scope=\"col\">Value</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < annotation->value_count; i++) {
        const struct gw_value_found *value = &annotation->values[i];
        gw_buffer_appendf(page->out, "<tr><td>%s</td><td>", gw_value_kind_name(value->kind));
        text(page, cut(page, value->span));
        literal(page, "</td><td>");
        text(page, value->value);
        literal(page, "</td></tr>\n");
    }
    literal(page, "</tbody></table></div>\n");
}

static void write_targets(struct page *page) {
    const struct gw_annotation *annotation = page->record->annotation;
    if (annotation->target_count == 0) {
        return;
    }
    literal(page, "<h3>Targets</h3>\n<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Text</th>"
                  "<th scope=\"col\">Sentiment</th><th scope=\"col\">Label</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < annotation->target_count; i++) {
        literal(page, "<tr><td>");
        text(page, cut(page, page->record->article->targets[i]));
        literal(page, "</td><td>");
        score(page, annotation->targets[i].score);
        gw_buffer_appendf(page->out, "</td><td>%s</td></tr>\n", gw_label_name(annotation->targets[i].label));
    }
    literal(page, "</tbody></table></div>\n");
}

enum gw_status gw_show_html(const struct gw_record *record, struct gw_arena *arena, struct gw_buffer *out) {
    struct page page = {record, arena, out};
    literal(&page, "<article");
    if (record->annotation->language.size > 0) {
        literal(&page, " lang=\"");
        text(&page, record->annotation->language);
        literal(&page, "\"");
    }
    literal(&page, ">\n");
    enum gw_status status = write_heading(&page);
    write_meta(&page);
    if (status == GW_OK && record->article->body.size > 0) {
        status = write_body(&page);
    }
    write_verdict(&page);
    write_entities(&page);
    write_values(&page);
    write_targets(&page);
    literal(&page, "</article>\n");
    return status != GW_OK ? status : out->failed;
}
