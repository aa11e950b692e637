/* The file of what was fed again: appended to and synced, never rewritten. */
#include "cli/replayed.h"

#include "base/file_map.h"
#include "publish/file_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#define FILE_MODE 0640

/* What a line's first byte says, as a fact of the ledger. */
static const struct {
    char sign;
    enum gw_ledger_fact fact;
} signs[] = {{'+', GW_LEDGER_INPUT}, {'=', GW_LEDGER_RECORD}};
enum { BEGUN, ENDED };

static enum gw_status read_line(struct gw_replayed *replayed, struct gw_str line) {
    struct gw_position position;
    char name[GW_POSITION_TEXT_MAX];
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (line.size > 2 && line.data[0] == signs[i].sign && line.data[1] == ' ' &&
            gw_position_parse(gw_str_sub(line, 2, line.size), &position, name) == GW_OK) {
            return gw_ledger_enter(&replayed->ledger, &position, signs[i].fact);
        }
    }
    return GW_MALFORMED;
}

/* Reads all whole lines; `*whole` is where they end. */
static enum gw_status read_lines(struct gw_replayed *replayed, struct gw_str text, size_t *whole,
                                 struct gw_error *error) {
    *whole = 0;
    for (unsigned line = 1; *whole < text.size; line++) {
        const char *begin = text.data + *whole;
        const char *feed = memchr(begin, '\n', text.size - *whole);
        if (!feed) {
            return GW_OK;
        }
        enum gw_status status = read_line(replayed, (struct gw_str){begin, (size_t)(feed - begin)});
        if (status != GW_OK) {
            return gw_fail(error, status, GW_NO_POSITION, "%s:%u: %s", replayed->path, line,
                           status == GW_NO_MEMORY ? "no memory for what was replayed"
                                                  : "this is no list of replayed dead letters");
        }
        *whole += (size_t)(feed - begin) + 1;
    }
    return GW_OK;
}

static enum gw_status read_file(struct gw_replayed *replayed, struct gw_error *error) {
    struct gw_file_map map;
    size_t whole;
    enum gw_status status = gw_file_map_open(&map, replayed->path, error);
    if (status == GW_EMPTY) {
        return GW_OK;
    }
    if (status != GW_OK) {
        return status;
    }
    status = read_lines(replayed, map.bytes, &whole, error);
    if (status == GW_OK && whole < map.bytes.size && ftruncate(replayed->fd, (off_t)whole) != 0) {
        status = gw_fail_errno(error, "%s cannot be cut", replayed->path);
    }
    gw_file_map_close(&map);
    return status;
}

static enum gw_status open_file(struct gw_replayed *replayed, struct gw_error *error) {
    replayed->fd = open(replayed->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, FILE_MODE);
    if (replayed->fd < 0) {
        return gw_fail_errno(error, "%s cannot be opened", replayed->path);
    }
    if (flock(replayed->fd, LOCK_EX | LOCK_NB) != 0) {
        return gw_fail(error, GW_AGAIN, GW_NO_POSITION, "another replay is using %s", replayed->path);
    }
    return read_file(replayed, error);
}

enum gw_status gw_replayed_open(struct gw_replayed *replayed, const char *path, struct gw_error *error) {
    *replayed = (struct gw_replayed){.fd = -1, .path = strdup(path)};
    gw_ledger_init(&replayed->ledger, &gw_allocator_system);
    gw_buffer_init(&replayed->lines, &gw_allocator_system, SIZE_MAX);
    enum gw_status status = replayed->path
                                ? open_file(replayed, error)
                                : gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a path");
    if (status != GW_OK) {
        gw_replayed_close(replayed);
    }
    return status;
}

enum gw_replay_fate gw_replayed_fate(const struct gw_replayed *replayed, const struct gw_position *position) {
    unsigned facts = gw_ledger_facts(&replayed->ledger, position);
    if (facts & GW_LEDGER_RECORD) {
        return GW_REPLAY_DONE;
    }
    return facts & GW_LEDGER_INPUT ? GW_REPLAY_IN_DOUBT : GW_REPLAY_NEVER;
}

static enum gw_status note(struct gw_replayed *replayed, size_t sign, const struct gw_position *positions,
                           size_t count, struct gw_error *error) {
    char text[GW_POSITION_TEXT_MAX];
    size_t written;
    enum gw_status status = GW_OK;
    gw_buffer_clear(&replayed->lines);
    for (size_t i = 0; i < count && status == GW_OK; i++) {
        gw_position_format(&positions[i], text);
        gw_buffer_appendf(&replayed->lines, "%c %s\n", signs[sign].sign, text);
        status = gw_ledger_enter(&replayed->ledger, &positions[i], signs[sign].fact);
    }
    status = status == GW_OK ? replayed->lines.failed : status;
    if (status != GW_OK) {
        return gw_fail(error, status, GW_NO_POSITION, "no memory for what is replayed");
    }
    errno = gw_file_write(replayed->fd, gw_buffer_str(&replayed->lines), &written);
    return errno == 0 && fdatasync(replayed->fd) == 0
               ? GW_OK
               : gw_fail_errno(error, "%s cannot be written", replayed->path);
}

enum gw_status gw_replayed_begin(struct gw_replayed *replayed, const struct gw_position *positions,
                                 size_t count, struct gw_error *error) {
    return note(replayed, BEGUN, positions, count, error);
}

enum gw_status gw_replayed_end(struct gw_replayed *replayed, const struct gw_position *positions,
                               size_t count, struct gw_error *error) {
    return note(replayed, ENDED, positions, count, error);
}

void gw_replayed_close(struct gw_replayed *replayed) {
    if (!replayed->path) {
        return;
    }
    if (replayed->fd >= 0) {
        close(replayed->fd);
    }
    gw_ledger_free(&replayed->ledger);
    gw_buffer_free(&replayed->lines);
    free(replayed->path);
    *replayed = (struct gw_replayed){.fd = -1};
}
