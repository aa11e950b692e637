/* What the terminal can show, and text that is safe to show on it. */
#ifndef GW_CLI_TERMINAL_H
#define GW_CLI_TERMINAL_H

#include "base/buffer.h"

#include <stdbool.h>

struct gw_terminal {
    size_t columns;
    bool color;
};

/* The words of --color, in the order of enum gw_color. */
enum gw_color { GW_COLOR_AUTO, GW_COLOR_ALWAYS, GW_COLOR_NEVER };
extern const char *const gw_color_words[];

#define GW_TERMINAL_COLUMNS_DEFAULT 100
#define GW_TERMINAL_COLUMNS_MIN     40
#define GW_TERMINAL_COLUMNS_MAX     160

/* About standard output. AUTO is colour on a terminal, unless NO_COLOR is set (no-color.org) or TERM is
 * "dumb". The width is the terminal's, or what COLUMNS says, within the limits above. */
struct gw_terminal gw_terminal_detect(enum gw_color color);

/* The columns that a character takes: 0 for one that combines, 2 for a wide one. */
size_t gw_terminal_width(uint32_t codepoint);

/* Columns of valid UTF-8 as gw_terminal_append shows it. */
size_t gw_terminal_text_width(struct gw_str text);

/* What is shown for a character: itself, or a stand-in for one that could act on the terminal or on the order
 * of what is read (controls, which are shown as their pictures, and direction marks). White space of any kind
 * becomes a blank. */
uint32_t gw_terminal_shown(uint32_t codepoint);

/* Appends valid UTF-8, each character as it is shown. */
void gw_terminal_append(struct gw_buffer *out, struct gw_str text);

/* The same, cut to `columns` with an ellipsis when it is wider, filled up with blanks when `fill`. */
void gw_terminal_append_cut(struct gw_buffer *out, struct gw_str text, size_t columns, bool fill);

#endif
