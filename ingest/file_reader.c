/* Reading ahead, telling the format, and finding the borders of messages. */
#include "ingest/file_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_STEP ((size_t)128 << 10)

/* White space before the first character that tells the format: more is taken for text. */
#define DETECT_BYTES ((size_t)4096)

#define BYTE_ORDER_MARK GW_STR("\xef\xbb\xbf")

struct ending {
    const char *text;
    enum gw_file_format format;
    bool html;
};

static const struct ending endings[] = {
    {".jsonl", GW_FILE_JSONL, false}, {".ndjson", GW_FILE_JSONL, false}, {".msgpack", GW_FILE_MSGPACK, false},
    {".mpk", GW_FILE_MSGPACK, false}, {".txt", GW_FILE_TEXT, false},     {".text", GW_FILE_TEXT, false},
    {".md", GW_FILE_TEXT, false},     {".html", GW_FILE_TEXT, true},     {".htm", GW_FILE_TEXT, true},
};

static const struct ending *ending_of(const char *path) {
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof endings / sizeof endings[0]; i++) {
        if (strcasecmp(dot, endings[i].text) == 0) {
            return &endings[i];
        }
    }
    return NULL;
}

static enum gw_status open_path(struct gw_file_reader *reader, const char *path, struct gw_error *error) {
    struct stat about;
    bool standard = strcmp(path, "-") == 0;
    reader->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (reader->fd < 0) {
        return gw_fail_errno(error, "cannot open %s", path);
    }
    reader->owns_fd = !standard;
    if (fstat(reader->fd, &about) != 0) {
        return gw_fail_errno(error, "cannot examine %s", path);
    }
    if (S_ISDIR(about.st_mode)) {
        return gw_fail(error, GW_SYSTEM, GW_NO_POSITION, "%s is a directory", path);
    }
    reader->regular = S_ISREG(about.st_mode);
    return GW_OK;
}

enum gw_status gw_file_reader_open(struct gw_file_reader *reader, const char *path,
                                   enum gw_file_format format, size_t message_bytes_max,
                                   const struct gw_allocator *allocator, struct gw_error *error) {
    const struct ending *ending = ending_of(path);
    *reader = (struct gw_file_reader){.fd = -1,
                                      .format = format,
                                      .by_name = ending ? ending->format : GW_FILE_AUTO,
                                      .html = ending && ending->html,
                                      .message_bytes_max = message_bytes_max,
                                      .line = 1,
                                      .border = gw_msgpack_border_start()};
    gw_buffer_init(&reader->buffer, allocator, message_bytes_max + 2 * READ_STEP);
    enum gw_status status = open_path(reader, path, error);
    if (status == GW_OK && !gw_buffer_reserve(&reader->buffer, READ_STEP)) {
        status = gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory to read %s", path);
    }
    if (status != GW_OK) {
        gw_file_reader_close(reader);
    }
    return status;
}

void gw_file_reader_resume(struct gw_file_reader *reader, uint64_t offset, uint64_t line) {
    reader->resume_offset = offset;
    reader->resume_line = line;
}

void gw_file_reader_close(struct gw_file_reader *reader) {
    if (reader->owns_fd) {
        close(reader->fd);
    }
    reader->owns_fd = false;
    if (reader->buffer.data) {
        gw_buffer_free(&reader->buffer);
    }
}

/* Whether read(2) would return at once. */
static bool readable(const struct gw_file_reader *reader) {
    struct pollfd wanted = {.fd = reader->fd, .events = POLLIN};
    return reader->regular || poll(&wanted, 1, 0) > 0;
}

/* Reads some more behind what is there. GW_AGAIN when nothing has come. */
static enum gw_status fill(struct gw_file_reader *reader, struct gw_error *error) {
    if (!readable(reader)) {
        return GW_AGAIN;
    }
    gw_buffer_consume(&reader->buffer, reader->from);
    reader->scanned -= reader->from;
    reader->from = 0;
    uint8_t *to = gw_buffer_reserve(&reader->buffer, READ_STEP);
    if (!to) {
        return gw_fail(error, reader->buffer.failed, GW_NO_POSITION, "no memory to read %zu bytes more",
                       READ_STEP);
    }
    ssize_t got = read(reader->fd, to, READ_STEP);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return GW_AGAIN;
    }
    if (got < 0) {
        return gw_fail_errno(error, "cannot read on");
    }
    reader->buffer.size += (size_t)got;
    reader->ended = got == 0;
    return GW_OK;
}

static struct gw_str unread(const struct gw_file_reader *reader) {
    return gw_str_sub(gw_buffer_str(&reader->buffer), reader->from, reader->buffer.size);
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t skip_blank(struct gw_str s, size_t at) {
    while (at < s.size && is_blank(s.data[at])) {
        at++;
    }
    return at;
}

/* An object whose first line is "{" alone was written for people: it fills the file. GW_FILE_AUTO when the
 * line's end has not come yet. */
static enum gw_file_format detect_json(struct gw_str s, size_t brace, bool ended) {
    size_t at = brace + 1;
    while (at < s.size && is_blank(s.data[at]) && s.data[at] != '\n') {
        at++;
    }
    if (at == s.size && !ended) {
        return GW_FILE_AUTO;
    }
    return at < s.size && s.data[at] == '\n' ? GW_FILE_JSON : GW_FILE_JSONL;
}

/* The head of a map. 0xde also begins a UTF-8 character, but then the next byte is 0x80 or more, and no map
 * is that large. */
static bool begins_map(struct gw_str s) {
    uint8_t byte = (uint8_t)s.data[0];
    return (byte >= 0x80 && byte < 0x90) ||
           ((byte == 0xde || byte == 0xdf) && s.size > 1 && (uint8_t)s.data[1] < 0x80);
}

/* What the first bytes look like; GW_FILE_AUTO when there are too few of them. */
static enum gw_file_format detect(const struct gw_file_reader *reader) {
    struct gw_str s = unread(reader);
    size_t first = skip_blank(s, 0);
    bool enough = reader->ended || s.size >= DETECT_BYTES;
    if (first == s.size || (s.size < 2 && !enough)) {
        return enough ? GW_FILE_TEXT : GW_FILE_AUTO;
    }
    if (begins_map(s)) {
        return GW_FILE_MSGPACK;
    }
    return s.data[first] == '{' ? detect_json(s, first, enough) : GW_FILE_TEXT;
}

static bool looks_like_html(struct gw_str s) {
    static const struct gw_str starts[] = {{"<!doctype html", 14}, {"<html", 5}};
    size_t first = skip_blank(s, 0);
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (s.size - first >= starts[i].size &&
            strncasecmp(s.data + first, starts[i].data, starts[i].size) == 0) {
            return true;
        }
    }
    return false;
}

static enum gw_status seek_to_resume(struct gw_file_reader *reader, struct gw_error *error) {
    if (reader->resume_offset == 0) {
        return GW_OK;
    }
    if (reader->whole) {
        /* Its one message was settled, whatever was appended since. */
        reader->from = reader->scanned = reader->buffer.size;
        reader->line = reader->resume_line;
        reader->ended = true;
        return GW_OK;
    }
    if (lseek(reader->fd, (off_t)reader->resume_offset, SEEK_SET) < 0) {
        return gw_fail_errno(error, "cannot go on at byte %llu", (unsigned long long)reader->resume_offset);
    }
    gw_buffer_clear(&reader->buffer);
    reader->from = reader->scanned = 0;
    reader->ended = false;
    reader->offset = reader->resume_offset;
    reader->line = reader->resume_line;
    return GW_OK;
}

static void skip_byte_order_mark(struct gw_file_reader *reader) {
    struct gw_str s = unread(reader);
    struct gw_str mark = BYTE_ORDER_MARK;
    if (s.size >= mark.size && memcmp(s.data, mark.data, mark.size) == 0) {
        reader->from = reader->scanned = mark.size;
        reader->offset = mark.size;
    }
}

/* Reads until there is something to skip a byte order mark in. */
static enum gw_status read_mark(struct gw_file_reader *reader, struct gw_error *error) {
    while (unread(reader).size < BYTE_ORDER_MARK.size && !reader->ended) {
        enum gw_status status = fill(reader, error);
        if (status != GW_OK) {
            return status;
        }
    }
    if (reader->offset == 0) {
        skip_byte_order_mark(reader);
    }
    return GW_OK;
}

/* Reads until the format is known. A file of white space is nothing, unless it was called text. */
static enum gw_status find_format(struct gw_file_reader *reader, struct gw_error *error) {
    enum gw_file_format format = reader->by_name;
    while (format == GW_FILE_AUTO && (format = detect(reader)) == GW_FILE_AUTO) {
        enum gw_status status = fill(reader, error);
        if (status != GW_OK) {
            return status;
        }
    }
    struct gw_str s = unread(reader);
    bool nothing = reader->by_name == GW_FILE_AUTO && reader->ended && skip_blank(s, 0) == s.size;
    reader->html = reader->html || (format == GW_FILE_TEXT && looks_like_html(s));
    reader->format = nothing ? GW_FILE_JSONL : format;
    return GW_OK;
}

static enum gw_status begin(struct gw_file_reader *reader, struct gw_error *error) {
    enum gw_status status = reader->format == GW_FILE_MSGPACK ? GW_OK : read_mark(reader, error);
    if (status == GW_OK && reader->format == GW_FILE_AUTO) {
        status = find_format(reader, error);
    }
    if (status != GW_OK) {
        return status;
    }
    reader->whole = reader->format == GW_FILE_TEXT || reader->format == GW_FILE_JSON;
    reader->begun = true;
    return seek_to_resume(reader, error);
}

/* How many bytes of a message above the limit are given out. */
static size_t cut_size(const struct gw_file_reader *reader) {
    return GW_FILE_CUT_BYTES < reader->message_bytes_max ? GW_FILE_CUT_BYTES : reader->message_bytes_max;
}

/* Lets go of what was scanned of a message above the limit, but for its first bytes. */
static void drop_excess(struct gw_file_reader *reader) {
    size_t live = reader->scanned - reader->from;
    if (reader->dropped == 0 && live <= reader->message_bytes_max + 1) {
        return;
    }
    size_t keep_end = reader->from + cut_size(reader);
    size_t tail = reader->buffer.size - reader->scanned;
    memmove(reader->buffer.data + keep_end, reader->buffer.data + reader->scanned, tail);
    reader->dropped += reader->scanned - keep_end;
    reader->scanned = keep_end;
    reader->buffer.size = keep_end + tail;
}

/* Gives out the current message, whose content ends at `content_end` in the buffer and which takes the file
 * up to `end`. */
static void give(struct gw_file_reader *reader, size_t content_end, size_t end, struct gw_file_piece *piece) {
    uint64_t size = content_end - reader->from + reader->dropped;
    bool large = size > reader->message_bytes_max;
    size_t shown = large ? cut_size(reader) : (size_t)size;
    *piece = (struct gw_file_piece){
        .bytes = {(const char *)reader->buffer.data + reader->from, shown},
        .start = reader->offset,
        .end = reader->offset + reader->dropped + (end - reader->from),
        .line = reader->line,
        .full_size = size,
        .refused = large ? GW_TOO_LARGE : GW_OK,
    };
    reader->offset = piece->end;
    reader->from = reader->scanned = end;
    reader->dropped = 0;
    reader->line++;
}

/* Passes an empty line; false if it is none. */
static bool pass_empty_line(struct gw_file_reader *reader, size_t content_end, size_t end) {
    struct gw_str line = gw_str_sub(gw_buffer_str(&reader->buffer), reader->from, content_end);
    if (reader->dropped > 0 || skip_blank(line, 0) < line.size) {
        return false;
    }
    reader->offset += end - reader->from;
    reader->from = reader->scanned = end;
    reader->line++;
    return true;
}

/* GW_AGAIN: no whole line is there. */
static enum gw_status find_line(struct gw_file_reader *reader, struct gw_file_piece *piece) {
    const char *data = (const char *)reader->buffer.data;
    for (;;) {
        size_t left = reader->buffer.size - reader->scanned;
        const char *feed = left > 0 ? memchr(data + reader->scanned, '\n', left) : NULL;
        if (!feed) {
            /* A carriage return may turn out to be part of the line's end. */
            bool held = left > 0 && data[reader->buffer.size - 1] == '\r';
            reader->scanned = reader->buffer.size - held;
            return GW_AGAIN;
        }
        size_t end = (size_t)(feed - data) + 1;
        size_t content_end = end - 1;
        content_end -= content_end > reader->from && data[content_end - 1] == '\r';
        if (!pass_empty_line(reader, content_end, end)) {
            give(reader, content_end, end, piece);
            return GW_OK;
        }
    }
}

/* Whether a message begins with what text looks like as MessagePack: small integers. No article does, and we
 * are out of step. */
static bool out_of_step(const struct gw_file_reader *reader) {
    bool at_start = reader->scanned == reader->from && reader->dropped == 0;
    return at_start && reader->scanned < reader->buffer.size && reader->buffer.data[reader->scanned] < 0x80;
}

static enum gw_status find_value(struct gw_file_reader *reader, struct gw_file_piece *piece) {
    size_t left = reader->buffer.size - reader->scanned;
    struct gw_cursor cursor = gw_cursor_over(reader->buffer.data + reader->scanned, left);
    enum gw_status status =
        out_of_step(reader) ? GW_MALFORMED : gw_msgpack_border_feed(&reader->border, &cursor);
    reader->scanned += gw_cursor_position(&cursor);
    if (status == GW_MALFORMED) {
        reader->whole = true;
        reader->scanned = reader->buffer.size;
        return GW_AGAIN;
    }
    if (status == GW_OK) {
        reader->border = gw_msgpack_border_start();
        give(reader, reader->scanned, reader->scanned, piece);
    }
    return status;
}

static enum gw_status find(struct gw_file_reader *reader, struct gw_file_piece *piece) {
    if (reader->whole) {
        reader->scanned = reader->buffer.size;
        return GW_AGAIN;
    }
    return reader->format == GW_FILE_JSONL ? find_line(reader, piece) : find_value(reader, piece);
}

/* The last message, which nothing but the end of the file ends. */
static enum gw_status find_last(struct gw_file_reader *reader, struct gw_file_piece *piece) {
    size_t end = reader->buffer.size;
    bool first_text = reader->format == GW_FILE_TEXT && reader->line == 1;
    bool nothing = end == reader->from && reader->dropped == 0 && !first_text;
    if (nothing || (reader->format == GW_FILE_JSONL && pass_empty_line(reader, end, end))) {
        return GW_CLOSED;
    }
    size_t content_end = end;
    if (reader->format == GW_FILE_JSONL && reader->buffer.data[end - 1] == '\r') {
        content_end--;
    }
    give(reader, content_end, end, piece);
    return GW_OK;
}

enum gw_status gw_file_reader_next(struct gw_file_reader *reader, struct gw_file_piece *piece,
                                   struct gw_error *error) {
    enum gw_status status = reader->begun ? GW_OK : begin(reader, error);
    while (status == GW_OK) {
        status = find(reader, piece);
        if (status == GW_OK) {
            return GW_OK;
        }
        if (reader->ended) {
            return find_last(reader, piece);
        }
        drop_excess(reader);
        status = fill(reader, error);
    }
    return status;
}
