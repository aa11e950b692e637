/* Records as one page of HTML that needs nothing else. */
#ifndef GW_CLI_SHOW_HTML_H
#define GW_CLI_SHOW_HTML_H

#include "schemas/record.h"

/* The page's begin, and its end. Between them one gw_show_html per article. */
void gw_show_html_begin(struct gw_buffer *out);
void gw_show_html_end(struct gw_buffer *out);

/* Appends one article as a section; everything of the article is escaped, and an HTML article's own tags are
 * left out. Scratch memory is the arena's. Fails with GW_NO_MEMORY, or with the status of a failed `out`. */
enum gw_status gw_show_html(const struct gw_record *record, struct gw_arena *arena, struct gw_buffer *out);

/* Appends text with what HTML would take for markup escaped, in text and in quoted attributes, and controls
 * replaced. Valid UTF-8. */
void gw_html_append(struct gw_buffer *out, struct gw_str text);

#endif
