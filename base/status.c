/* The status table and the one place where errors are worded. */
#include "base/status.h"

#include "base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct status_row {
    enum gw_fault fault;
    const char *word;
    const char *text;
};

static const struct status_row rows[GW_STATUS_COUNT] = {
#define GW_STATUS_ROW(name, fault, word, text) [name] = {GW_FAULT_##fault, word, text},
    GW_STATUS_TABLE(GW_STATUS_ROW)
#undef GW_STATUS_ROW
};

static const struct status_row unknown = {GW_FAULT_OURS, "unknown", "a status that does not exist"};

static const struct status_row *row_of(enum gw_status status) {
    return (unsigned)status < GW_STATUS_COUNT ? &rows[status] : &unknown;
}

const char *gw_status_word(enum gw_status status) {
    return row_of(status)->word;
}

const char *gw_status_text(enum gw_status status) {
    return row_of(status)->text;
}

enum gw_fault gw_status_fault(enum gw_status status) {
    return row_of(status)->fault;
}

enum gw_status gw_status_from_word(const char *word, size_t size) {
    struct gw_str wanted = {word, size};
    enum gw_status status = GW_OK;
    while (status < GW_STATUS_COUNT && !gw_str_is(wanted, rows[status].word)) {
        status++;
    }
    return status;
}

/* Formats into out[0 .. most], cut at a character's border, terminated. Returns the text's size. */
static size_t format_cut(char *out, size_t most, const char *format, va_list arguments) {
    /* One byte more than is kept shows whether the cut goes through a character. */
    char whole[GW_ERROR_DETAIL_MAX + 1];
    int written = vsnprintf(whole, sizeof whole, format, arguments);
    struct gw_str text = gw_str_from(written < 0 ? "" : whole);
    size_t size = gw_utf8_floor(text, most);
    memcpy(out, text.data, size);
    out[size] = '\0';
    return size;
}

enum gw_status gw_fail(struct gw_error *error, enum gw_status status, size_t position, const char *format,
                       ...) {
    if (error) {
        va_list arguments;
        va_start(arguments, format);
        format_cut(error->detail, GW_ERROR_DETAIL_MAX - 1, format, arguments);
        va_end(arguments);
        error->status = status;
        error->position = position;
    }
    return status;
}

enum gw_status gw_fail_errno(struct gw_error *error, const char *format, ...) {
    char room[128];
    const char *cause = strerror_r(errno, room, sizeof room);
    if (error) {
        /* What was being done is cut before its cause is. */
        size_t most = GW_ERROR_DETAIL_MAX - 1 - strlen(": ") - strlen(cause);
        va_list arguments;
        va_start(arguments, format);
        size_t size = format_cut(error->detail, most, format, arguments);
        va_end(arguments);
        snprintf(error->detail + size, GW_ERROR_DETAIL_MAX - size, ": %s", cause);
        error->status = GW_SYSTEM;
        error->position = GW_NO_POSITION;
    }
    return GW_SYSTEM;
}
