/* Walks over the text, and asks where each character was. */
#include "cli/readable.h"

#include "base/utf8.h"

enum gw_status gw_readable_start(struct gw_readable *readable, const struct gw_article *article,
                                 enum gw_text_field field, struct gw_arena *arena) {
    struct gw_str text = gw_article_text(article, field);
    *readable = (struct gw_readable){.text = text, .html = {.text = text}};
    readable->is_html = field == GW_FIELD_BODY && gw_str_is(article->content_type, "text/html");
    return readable->is_html ? gw_html_read(text, arena, &readable->html) : GW_OK;
}

static bool is_line(const struct gw_readable *readable, uint32_t at) {
    return at < readable->html.text.size && readable->html.text.data[at] == '\n';
}

bool gw_readable_next(struct gw_readable *readable, uint32_t end, struct gw_readable_char *out) {
    uint32_t size = (uint32_t)gw_utf8_decode(readable->html.text, readable->at, &out->codepoint);
    if (size == 0) {
        return false;
    }
    if (readable->is_html && is_line(readable, readable->at) && is_line(readable, readable->at + 1)) {
        size++;
    }
    struct gw_span span = {readable->at, readable->at + size, GW_FIELD_BODY};
    span = readable->is_html ? gw_html_to_given(&readable->html, span) : span;
    if (span.start >= end) {
        return false;
    }
    out->start = span.start;
    out->end = span.end;
    readable->at += size;
    return true;
}
