/* Width and colour from the environment; characters from Unicode's tables. */
#include "cli/terminal.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

const char *const gw_color_words[] = {"auto", "always", "never", NULL};

#define REPLACEMENT 0xfffd

static bool wants_color(void) {
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    return isatty(STDOUT_FILENO) && !(no_color && *no_color) && !(term && strcmp(term, "dumb") == 0);
}

static size_t columns_wanted(void) {
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    if (columns && atoi(columns) > 0) {
        return (size_t)atoi(columns);
    }
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    return GW_TERMINAL_COLUMNS_DEFAULT;
}

struct gw_terminal gw_terminal_detect(enum gw_color color) {
    size_t columns = columns_wanted();
    columns = columns < GW_TERMINAL_COLUMNS_MIN ? GW_TERMINAL_COLUMNS_MIN : columns;
    columns = columns > GW_TERMINAL_COLUMNS_MAX ? GW_TERMINAL_COLUMNS_MAX : columns;
    return (struct gw_terminal){.columns = columns,
                                .color = color == GW_COLOR_AUTO ? wants_color() : color == GW_COLOR_ALWAYS};
}

size_t gw_terminal_width(uint32_t codepoint) {
    int width = utf8proc_charwidth((utf8proc_int32_t)codepoint);
    return width < 0 ? 0 : (size_t)width;
}

uint32_t gw_terminal_shown(uint32_t codepoint) {
    if (codepoint == '\t' || codepoint == '\n' || codepoint == '\r') {
        return ' ';
    }
    if (codepoint < 0x20) {
        return 0x2400 + codepoint; /* the control pictures */
    }
    if (codepoint == 0x7f) {
        return 0x2421;
    }
    switch (utf8proc_category((utf8proc_int32_t)codepoint)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return ' ';
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
        return REPLACEMENT;
    case UTF8PROC_CATEGORY_CF:
        /* Joiners are part of how some scripts are spelt. */
        return codepoint == 0x200c || codepoint == 0x200d ? codepoint : REPLACEMENT;
    default:
        return codepoint;
    }
}

size_t gw_terminal_text_width(struct gw_str text) {
    size_t columns = 0;
    uint32_t codepoint;
    for (size_t at = 0, size; (size = gw_utf8_decode(text, at, &codepoint)) > 0; at += size) {
        columns += gw_terminal_width(gw_terminal_shown(codepoint));
    }
    return columns;
}

static void append_codepoint(struct gw_buffer *out, uint32_t codepoint) {
    char bytes[4];
    gw_buffer_append(out, bytes, gw_utf8_encode(codepoint, bytes));
}

void gw_terminal_append(struct gw_buffer *out, struct gw_str text) {
    uint32_t codepoint;
    for (size_t at = 0, size; (size = gw_utf8_decode(text, at, &codepoint)) > 0; at += size) {
        append_codepoint(out, gw_terminal_shown(codepoint));
    }
}

void gw_terminal_append_cut(struct gw_buffer *out, struct gw_str text, size_t columns, bool fill) {
    bool cut = gw_terminal_text_width(text) > columns;
    size_t room = columns - (cut && columns > 0);
    size_t used = 0;
    uint32_t codepoint;
    for (size_t at = 0, size; (size = gw_utf8_decode(text, at, &codepoint)) > 0; at += size) {
        uint32_t shown = gw_terminal_shown(codepoint);
        if (used + gw_terminal_width(shown) > room) {
            break;
        }
        used += gw_terminal_width(shown);
        append_codepoint(out, shown);
    }
    if (cut && columns > 0) {
        gw_buffer_append_str(out, GW_STR("…"));
        used++;
    }
    if (fill && used < columns) {
        gw_buffer_appendf(out, "%*s", (int)(columns - used), "");
    }
}
