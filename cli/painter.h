/* Fills lines with words, some of them in a style, behind an indent. */
#ifndef GW_CLI_PAINTER_H
#define GW_CLI_PAINTER_H

#include "cli/terminal.h"

/* A terminal's style is the numbers of an SGR sequence ("1;36"), or NULL. */
struct gw_painter {
    struct gw_buffer *out;
    size_t columns; /* where lines end */
    size_t indent;  /* where they begin */
    size_t column;
    struct gw_buffer word; /* what has come since the last blank, styles included */
    size_t word_columns;
    const char *style; /* of what comes */
    bool color;        /* styles are written at all */
    bool styled;       /* the word has one open */
    bool blank;        /* a blank is due before the word */
};

/* Uses `out`'s allocator for its word. The cursor stands at the indent now. */
void gw_painter_init(struct gw_painter *painter, const struct gw_terminal *terminal, size_t indent,
                     struct gw_buffer *out);

/* What comes next has this style. */
void gw_painter_style(struct gw_painter *painter, const char *style);

/* One character, which is shown as gw_terminal_shown says; a blank ends the word. */
void gw_painter_char(struct gw_painter *painter, uint32_t codepoint);

/* ASCII text, inside the word: blanks in it do not end it. */
void gw_painter_inside(struct gw_painter *painter, const char *text);

/* Ends the word and the line, unless nothing is on it; frees the word's memory. */
void gw_painter_end(struct gw_painter *painter);

#endif
