/* A word is kept until its width is known; then it goes on this line or on the next. */
#include "cli/painter.h"

#include "base/utf8.h"

/* A word has at most this many bytes before it is written all the same. */
#define WORD_BYTES_MAX ((size_t)4096)

void gw_painter_init(struct gw_painter *painter, const struct gw_terminal *terminal, size_t indent,
                     struct gw_buffer *out) {
    *painter = (struct gw_painter){.out = out,
                                   .columns = terminal->columns,
                                   .indent = indent,
                                   .column = indent,
                                   .color = terminal->color};
    gw_buffer_init(&painter->word, &out->allocator, 2 * WORD_BYTES_MAX);
}

static void open_style(struct gw_painter *painter) {
    if (painter->color && painter->style && !painter->styled) {
        gw_buffer_appendf(&painter->word, "\x1b[%sm", painter->style);
        painter->styled = true;
    }
}

static void close_style(struct gw_painter *painter) {
    if (painter->styled) {
        gw_buffer_append_str(&painter->word, GW_STR("\x1b[0m"));
        painter->styled = false;
    }
}

static void new_line(struct gw_painter *painter) {
    gw_buffer_appendf(painter->out, "\n%*s", (int)painter->indent, "");
    painter->column = painter->indent;
}

static void end_word(struct gw_painter *painter) {
    if (painter->word.size == 0) {
        return;
    }
    close_style(painter);
    bool first = painter->column <= painter->indent;
    size_t wanted = painter->word_columns + (painter->blank && !first);
    if (!first && painter->blank && painter->column + wanted > painter->columns) {
        new_line(painter);
    } else if (painter->blank && !first) {
        gw_buffer_append_byte(painter->out, ' ');
        painter->column++;
    }
    gw_buffer_append_str(painter->out, gw_buffer_str(&painter->word));
    if (painter->word.failed != GW_OK && painter->out->failed == GW_OK) {
        painter->out->failed = painter->word.failed;
    }
    painter->column += painter->word_columns;
    painter->word_columns = 0;
    painter->blank = false;
    gw_buffer_clear(&painter->word);
}

void gw_painter_style(struct gw_painter *painter, const char *style) {
    close_style(painter);
    painter->style = style;
}

/* A word that no line can hold is broken. */
static void break_long_word(struct gw_painter *painter, size_t columns) {
    size_t room = painter->columns - painter->indent;
    if (painter->word_columns + columns > room || painter->word.size > WORD_BYTES_MAX) {
        end_word(painter);
        new_line(painter);
    }
}

void gw_painter_char(struct gw_painter *painter, uint32_t codepoint) {
    char bytes[4];
    uint32_t shown = gw_terminal_shown(codepoint);
    if (shown == ' ') {
        end_word(painter);
        painter->blank = true;
        return;
    }
    break_long_word(painter, gw_terminal_width(shown));
    open_style(painter);
    gw_buffer_append(&painter->word, bytes, gw_utf8_encode(shown, bytes));
    painter->word_columns += gw_terminal_width(shown);
}

void gw_painter_inside(struct gw_painter *painter, const char *text) {
    open_style(painter);
    gw_buffer_append_str(&painter->word, gw_str_from(text));
    painter->word_columns += strlen(text);
}

void gw_painter_end(struct gw_painter *painter) {
    end_word(painter);
    if (painter->column > painter->indent) {
        gw_buffer_append_byte(painter->out, '\n');
    }
    gw_buffer_free(&painter->word);
}
