/* Each kind of book, read from its beginning to its end. */
#include "cli/book.h"

#include "base/file_map.h"
#include "publish/file_log.h"
#include "schemas/headers.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* What positions are entered into, and as what. */
struct entering {
    struct gw_ledger *ledger;
    enum gw_ledger_fact fact;
    uint64_t nameless;
    /* The path that was made whole last, and what came of it. */
    char path[GW_POSITION_TEXT_MAX], whole[PATH_MAX];
};

/* "in.jsonl", "./in.jsonl" and its full path are one file. One that is not here keeps its name. */
static struct gw_str whole_path(struct entering *entering, struct gw_str path) {
    if (path.size >= sizeof entering->path) {
        return path;
    }
    if (!gw_str_is(path, entering->path)) {
        memcpy(entering->path, path.data, path.size);
        entering->path[path.size] = '\0';
        if (!realpath(entering->path, entering->whole)) {
            snprintf(entering->whole, sizeof entering->whole, "%s", entering->path);
        }
    }
    return gw_str_from(entering->whole);
}

static enum gw_status enter(struct entering *entering, struct gw_position *position, enum gw_ledger_fact fact,
                            struct gw_error *error) {
    if (position->kind == GW_POSITION_FILE) {
        position->name = whole_path(entering, position->name);
    }
    return gw_ledger_enter(entering->ledger, position, fact) == GW_OK
               ? GW_OK
               : gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for another position");
}

static enum gw_status visit_input(void *context, const rd_kafka_message_t *message, struct gw_error *error) {
    struct gw_position position = {.kind = GW_POSITION_KAFKA,
                                   .name = gw_str_from(rd_kafka_topic_name(message->rkt)),
                                   .partition = message->partition,
                                   .number = message->offset};
    return enter(context, &position, GW_LEDGER_INPUT, error);
}

/* data NULL when there is no such header. */
static struct gw_str header_of(const rd_kafka_headers_t *headers, const char *name) {
    const void *value;
    size_t size;
    bool found = headers && !rd_kafka_header_get_last(headers, name, &value, &size);
    return found && value ? (struct gw_str){value, size} : (struct gw_str){NULL, 0};
}

static enum gw_status visit_output(void *context, const rd_kafka_message_t *message, struct gw_error *error) {
    struct entering *entering = context;
    rd_kafka_headers_t *headers = NULL;
    struct gw_position position;
    char name[GW_POSITION_TEXT_MAX];
    rd_kafka_message_headers(message, &headers);
    struct gw_str text = header_of(headers, GW_HEADER_POSITION);
    if (!text.data || gw_position_parse(text, &position, name) != GW_OK) {
        entering->nameless++;
        return GW_OK;
    }
    bool letter = header_of(headers, GW_HEADER_REASON).data != NULL;
    bool skipped = header_of(headers, GW_HEADER_SKIPPED).data != NULL;
    return enter(entering, &position,
                 skipped ? GW_LEDGER_SKIPPED : (letter ? GW_LEDGER_DEAD_LETTER : GW_LEDGER_RECORD), error);
}

/* `position [TAB end [TAB note]]`; `*end` is left alone when there is none. */
static enum gw_status read_line(struct entering *entering, struct gw_str line, uint64_t *end,
                                struct gw_error *error) {
    struct gw_position position;
    char name[GW_POSITION_TEXT_MAX];
    const char *tab = memchr(line.data, '\t', line.size);
    struct gw_str text = tab ? gw_str_sub(line, 0, (size_t)(tab - line.data)) : line;
    struct gw_str rest = gw_str_sub(line, text.size, line.size);
    const char *note = rest.size > 1 ? memchr(rest.data + 1, '\t', rest.size - 1) : NULL;
    for (size_t i = 1; i < rest.size && rest.data[i] >= '0' && rest.data[i] <= '9'; i++) {
        *end = (i == 1 ? 0 : *end * 10) + (uint64_t)(rest.data[i] - '0');
    }
    if (gw_str_is(text, GW_FILE_LOG_NO_POSITION)) {
        return GW_OK;
    }
    if (gw_position_parse(text, &position, name) != GW_OK) {
        return gw_fail(error, GW_MALFORMED, GW_NO_POSITION, "\"%.*s\" is no position",
                       text.size < 80 ? (int)text.size : 80, text.data);
    }
    bool skipped = note && entering->fact != GW_LEDGER_INPUT;
    return enter(entering, &position, skipped ? GW_LEDGER_SKIPPED : entering->fact, error);
}

/* Enters all whole lines; half a line at the end is what a crash left. `*end` becomes the last one's. */
static enum gw_status read_list(struct entering *entering, const char *path, uint64_t *end,
                                struct gw_error *error) {
    struct gw_file_map map;
    struct gw_error inner;
    enum gw_status status = gw_file_map_open(&map, path, error);
    if (status == GW_EMPTY) {
        return GW_OK;
    }
    if (status != GW_OK) {
        return status;
    }
    struct gw_str text = map.bytes;
    unsigned line = 1;
    for (const char *feed; status == GW_OK && text.size > 0 && (feed = memchr(text.data, '\n', text.size));
         line++) {
        size_t size = (size_t)(feed - text.data);
        status = size > 0 ? read_line(entering, gw_str_sub(text, 0, size), end, &inner) : GW_OK;
        text = gw_str_sub(text, size + 1, text.size);
    }
    gw_file_map_close(&map);
    return status == GW_OK
               ? GW_OK
               : gw_fail(error, status, GW_NO_POSITION, "%s:%u: %s", path, line - 1, inner.detail);
}

/* The positions beside a file, and whether the file still has all that they vouch for. */
static enum gw_status read_positions_of(struct entering *entering, const char *path, struct gw_error *error) {
    char list[FILENAME_MAX];
    struct stat about;
    uint64_t end = 0;
    if (snprintf(list, sizeof list, "%s" GW_FILE_LOG_POSITIONS_SUFFIX, path) >= (int)sizeof list) {
        return gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION, "%.100s… is too long for a path", path);
    }
    if (stat(path, &about) != 0) {
        return gw_fail_errno(error, "cannot open %s", path);
    }
    enum gw_status status = read_list(entering, list, &end, error);
    if (status == GW_OK && end > (uint64_t)about.st_size) {
        return gw_fail(error, GW_MALFORMED, GW_NO_POSITION, "%s has %lld bytes but %s vouches for %llu", path,
                       (long long)about.st_size, list, (unsigned long long)end);
    }
    return status;
}

static enum gw_status read_article(struct entering *entering, struct gw_source *source,
                                   struct gw_error *error) {
    struct gw_message message;
    size_t count;
    enum gw_status status = gw_source_take(source, &message, 1, &count, error);
    if (status == GW_OK && count == 0) {
        status = gw_fail(error, GW_UNSUPPORTED, GW_NO_POSITION, "only regular files can be audited");
    }
    if (status == GW_OK) {
        status = enter(entering, &message.position, GW_LEDGER_INPUT, error);
    }
    return status == GW_OK ? gw_source_settle(source, message.receipt, GW_OUTCOME_RECORD, error) : status;
}

static enum gw_status read_articles(const struct gw_book *book, struct entering *entering,
                                    struct gw_error *error) {
    const struct gw_file_source_settings settings = {.paths = book->paths,
                                                     .path_count = book->path_count,
                                                     .format = book->format,
                                                     .message_bytes_max = GW_LIMIT_MESSAGE_BYTES_MAX};
    struct gw_source *source;
    enum gw_status status = gw_file_source_open(&settings, &source, error);
    if (status != GW_OK) {
        return status;
    }
    while (status == GW_OK) {
        status = read_article(entering, source, error);
    }
    gw_source_close(source);
    return status == GW_CLOSED ? GW_OK : status;
}

static enum gw_status read_lists(const struct gw_book *book, struct entering *entering,
                                 enum gw_status (*read)(struct entering *, const char *, struct gw_error *),
                                 struct gw_error *error) {
    enum gw_status status = GW_OK;
    for (size_t i = 0; i < book->path_count && status == GW_OK; i++) {
        status = read(entering, book->paths[i], error);
    }
    return status;
}

static enum gw_status read_bare_list(struct entering *entering, const char *path, struct gw_error *error) {
    uint64_t end = 0;
    return read_list(entering, path, &end, error);
}

enum gw_status gw_book_read_inputs(const struct gw_book *book, struct gw_ledger *ledger,
                                   struct gw_error *error) {
    struct entering entering = {.ledger = ledger, .fact = GW_LEDGER_INPUT};
    switch (book->kind) {
    case GW_BOOK_KAFKA:
        return gw_kafka_scan(&book->scan, visit_input, &entering, error);
    case GW_BOOK_FILES:
        return read_articles(book, &entering, error);
    case GW_BOOK_LIST:
        return read_lists(book, &entering, read_bare_list, error);
    case GW_BOOK_NONE:
        break;
    }
    return GW_OK;
}

enum gw_status gw_book_read_outputs(const struct gw_book *book, enum gw_ledger_fact fact,
                                    struct gw_ledger *ledger, uint64_t *nameless, struct gw_error *error) {
    struct entering entering = {.ledger = ledger, .fact = fact};
    enum gw_status status = GW_OK;
    switch (book->kind) {
    case GW_BOOK_KAFKA:
        status = gw_kafka_scan(&book->scan, visit_output, &entering, error);
        break;
    case GW_BOOK_FILES:
        status = read_lists(book, &entering, read_positions_of, error);
        break;
    case GW_BOOK_LIST:
        status = read_lists(book, &entering, read_bare_list, error);
        break;
    case GW_BOOK_NONE:
        break;
    }
    *nameless += entering.nameless;
    return status;
}
