/* HTML as readers see it: text without tags, and where each of its characters was. */
#ifndef GW_PROCESS_TEXT_HTML_H
#define GW_PROCESS_TEXT_HTML_H

#include "base/arena.h"
#include "base/status.h"
#include "schemas/span.h"

/* A stretch of the text and the bytes of the HTML that it was made of:
 *
 *   html:  <p>Ren&eacute; said</p>        runs: {0, 3, 3} "Ren", {3, 6, 8} "é", {5, 14, 5} " said"
 *   text:  René said
 *
 * A run goes on to the text of the next one; where its text has as many bytes as its HTML, it was copied. */
struct gw_html_run {
    uint32_t text, html;
    uint32_t html_size;
};

struct gw_html {
    struct gw_str text; /* valid UTF-8; paragraphs are parted by an empty line, lines by a line feed */
    struct gw_html_run *runs;
    uint32_t run_count;
};

/* Reads `html`, any valid UTF-8 of less than 4 GiB: tags, comments, scripts, styles, navigation and the like
 * are left out, character references decoded, white space made one space, blocks made paragraphs. What an
 * unclosed tag, comment or script begins is not visible, as in a browser; an unclosed <nav> hides nothing.
 * Linear in the size. Text and runs are the arena's; GW_NO_MEMORY when it is at its end. */
enum gw_status gw_html_read(struct gw_str html, struct gw_arena *arena, struct gw_html *out);

/* Where what `span` cuts from the text stands in the HTML; tags inside are cut with it. An empty span stays
 * empty. */
struct gw_span gw_html_to_given(const struct gw_html *html, struct gw_span span);

/* What of the text comes from a span of the HTML; empty when nothing does. */
struct gw_span gw_html_to_text(const struct gw_html *html, struct gw_span span);

#endif
