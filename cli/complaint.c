/* An excerpt is a window of valid UTF-8 around the byte at fault. */
#include "cli/complaint.h"

#include "base/utf8.h"
#include "cli/terminal.h"

#include <inttypes.h>
#include <stdio.h>

/* Bytes of the excerpt before the place at fault, and behind it. */
#define BEFORE ((size_t)50)
#define BEHIND ((size_t)25)

static bool looks_like_json(struct gw_str message) {
    size_t at = 0;
    while (at < message.size && strchr(" \t\r\n", message.data[at])) {
        at++;
    }
    return at < message.size && (message.data[at] == '{' || message.data[at] == '[');
}

/* Shows bytes that may be no UTF-8: each bad one as U+FFFD. Returns the columns. */
static size_t append_any(struct gw_buffer *out, struct gw_str bytes) {
    size_t columns = 0;
    while (bytes.size > 0) {
        size_t valid = gw_utf8_valid_prefix(bytes);
        struct gw_str good = gw_str_sub(bytes, 0, valid);
        gw_terminal_append(out, good);
        columns += gw_terminal_text_width(good);
        if (valid < bytes.size) {
            gw_buffer_append_str(out, GW_STR("\xef\xbf\xbd"));
            columns++;
            valid++;
        }
        bytes = gw_str_sub(bytes, valid, bytes.size);
    }
    return columns;
}

/* Moves forward over the rest of a character that was cut. */
static size_t next_border(struct gw_str bytes, size_t at) {
    while (at < bytes.size && ((unsigned char)bytes.data[at] & 0xc0) == 0x80) {
        at++;
    }
    return at;
}

static void append_excerpt(struct gw_buffer *out, struct gw_str message, size_t position) {
    size_t start = position > BEFORE ? next_border(message, position - BEFORE) : 0;
    size_t end = message.size - position > BEHIND ? next_border(message, position + BEHIND) : message.size;
    start = start < position ? start : position;
    gw_buffer_append_str(out, start > 0 ? GW_STR("    …") : GW_STR("    "));
    size_t columns = (start > 0 ? 5 : 4) + append_any(out, gw_str_sub(message, start, position));
    append_any(out, gw_str_sub(message, position, end));
    gw_buffer_append_str(out, end < message.size ? GW_STR("…\n") : GW_STR("\n"));
    gw_buffer_appendf(out, "%*s^\n", (int)columns, "");
}

void gw_complaint_append(const char *path, uint64_t line, const struct gw_error *error, struct gw_str message,
                         struct gw_buffer *out) {
    append_any(out, gw_str_from(strcmp(path, "-") == 0 ? "<stdin>" : path));
    gw_buffer_appendf(out, ":%" PRIu64 ": %s: ", line, gw_status_word(error->status));
    append_any(out, gw_str_from(error->detail));
    gw_buffer_append_byte(out, '\n');
    if (error->position <= message.size && looks_like_json(message)) {
        append_excerpt(out, message, error->position);
    }
}

void gw_complain(const char *path, uint64_t line, const struct gw_error *error, struct gw_str message) {
    struct gw_buffer text;
    gw_buffer_init(&text, &gw_allocator_system, SIZE_MAX);
    gw_complaint_append(path, line, error, message, &text);
    if (text.size > 0) {
        fwrite(text.data, 1, text.size, stderr);
    }
    gw_buffer_free(&text);
}
