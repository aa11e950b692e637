/* One line per file: OFFSET LINE HEAD_SIZE HEAD_HASH PATH. */
#include "ingest/file_state.h"

#include "base/buffer.h"
#include "base/file_map.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_LINE "glosswire.files/1"

struct saved {
    uint64_t offset, line, head_size, head_hash;
    struct gw_str path;
};

static uint64_t head_size_of(uint64_t offset) {
    return offset < GW_FILE_STATE_HEAD_BYTES ? offset : GW_FILE_STATE_HEAD_BYTES;
}

/* False when the file has fewer than `size` bytes, or cannot be read. */
static bool hash_head(const char *path, uint64_t size, uint64_t *hash) {
    char head[GW_FILE_STATE_HEAD_BYTES];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : pread(fd, head, (size_t)size, 0);
    if (fd >= 0) {
        close(fd);
    }
    *hash = got < 0 ? 0 : gw_hash64((struct gw_str){head, (size_t)got});
    return got == (ssize_t)size;
}

static bool is_same_file(const struct saved *saved) {
    struct stat about;
    uint64_t hash;
    char path[PATH_MAX];
    if (saved->path.size >= sizeof path || saved->head_size != head_size_of(saved->offset)) {
        return false;
    }
    memcpy(path, saved->path.data, saved->path.size);
    path[saved->path.size] = '\0';
    return stat(path, &about) == 0 && (uint64_t)about.st_size >= saved->offset &&
           hash_head(path, saved->head_size, &hash) && hash == saved->head_hash;
}

/* The next line without its line feed; false at the end, and before a line that is torn. */
static bool next_line(struct gw_str *text, struct gw_str *line) {
    const char *feed = text->size > 0 ? memchr(text->data, '\n', text->size) : NULL;
    if (!feed) {
        return false;
    }
    size_t size = (size_t)(feed - text->data);
    *line = gw_str_sub(*text, 0, size);
    *text = gw_str_sub(*text, size + 1, text->size);
    return true;
}

static bool parse_line(struct gw_str line, struct saved *out) {
    int path_at = 0;
    /* The whole text is terminated; a number cannot run over the line feed and still leave a path behind it.
     */
    int fields = sscanf(line.data, "%" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNx64 " %n", &out->offset,
                        &out->line, &out->head_size, &out->head_hash, &path_at);
    if (fields != 4 || path_at <= 0 || (size_t)path_at >= line.size) {
        return false;
    }
    out->path = gw_str_sub(line, (size_t)path_at, line.size);
    return true;
}

static void apply(const struct saved *saved, struct gw_file_place *places, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (gw_str_is(saved->path, places[i].path) && is_same_file(saved)) {
            places[i].offset = saved->offset;
            places[i].line = saved->line;
        }
    }
}

static enum gw_status parse(struct gw_str text, const char *state_path, struct gw_file_place *places,
                            size_t count, struct gw_error *error) {
    struct gw_str line = {NULL, 0};
    struct saved saved;
    bool understood = next_line(&text, &line) && gw_str_is(line, FIRST_LINE);
    while (understood && next_line(&text, &line)) {
        understood = parse_line(line, &saved);
        if (understood) {
            apply(&saved, places, count);
        }
    }
    if (!understood || text.size > 0) {
        return gw_fail(error, GW_SYSTEM, GW_NO_POSITION,
                       "%s is no state file of glosswire; remove it to read all files from their beginning",
                       state_path);
    }
    return GW_OK;
}

enum gw_status gw_file_state_load(const char *state_path, struct gw_file_place *places, size_t count,
                                  struct gw_error *error) {
    for (size_t i = 0; i < count; i++) {
        places[i].offset = 0;
        places[i].line = 1;
    }
    if (access(state_path, F_OK) != 0 && errno == ENOENT) {
        return GW_OK;
    }
    struct gw_str text;
    enum gw_status status = gw_file_read(state_path, GW_FILE_STATE_BYTES_MAX, &text, error);
    if (status != GW_OK) {
        return status;
    }
    status = parse(text, state_path, places, count, error);
    free((void *)(uintptr_t)text.data);
    return status;
}

static void append_place(struct gw_buffer *text, const struct gw_file_place *place) {
    uint64_t hash;
    uint64_t head_size = head_size_of(place->offset);
    /* A file that is gone has no place to keep. */
    if (place->offset > 0 && hash_head(place->path, head_size, &hash)) {
        gw_buffer_appendf(text, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %016" PRIx64 " %s\n", place->offset,
                          place->line, head_size, hash, place->path);
    }
}

static bool write_all(int fd, struct gw_str text) {
    while (text.size > 0) {
        ssize_t written = write(fd, text.data, text.size);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        text = gw_str_sub(text, written < 0 ? 0 : (size_t)written, text.size);
    }
    return true;
}

static enum gw_status write_synced(const char *path, struct gw_str text, struct gw_error *error) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) {
        return gw_fail_errno(error, "cannot write %s", path);
    }
    enum gw_status status = GW_OK;
    if (!write_all(fd, text) || fsync(fd) != 0) {
        status = gw_fail_errno(error, "cannot write %s", path);
    }
    if (close(fd) != 0 && status == GW_OK) {
        status = gw_fail_errno(error, "cannot write %s", path);
    }
    return status;
}

/* Makes the new name of a file in this directory last. */
static enum gw_status sync_directory_of(const char *path, struct gw_error *error) {
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    const char *directory = dirname(copy);
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) {
        gw_fail_errno(error, "cannot sync the directory of %s", path);
        if (fd >= 0) {
            close(fd);
        }
        return GW_SYSTEM;
    }
    close(fd);
    return GW_OK;
}

static enum gw_status replace(const char *path, struct gw_str text, struct gw_error *error) {
    char fresh[PATH_MAX];
    int size = snprintf(fresh, sizeof fresh, "%s.new", path);
    if (size < 0 || (size_t)size >= sizeof fresh) {
        return gw_fail(error, GW_SYSTEM, GW_NO_POSITION, "the name %s is too long", path);
    }
    enum gw_status status = write_synced(fresh, text, error);
    if (status == GW_OK && rename(fresh, path) != 0) {
        status = gw_fail_errno(error, "cannot put %s in its place", fresh);
    }
    return status == GW_OK ? sync_directory_of(path, error) : status;
}

enum gw_status gw_file_state_save(const char *state_path, const struct gw_file_place *places, size_t count,
                                  struct gw_error *error) {
    struct gw_buffer text;
    gw_buffer_init(&text, &gw_allocator_system, GW_FILE_STATE_BYTES_MAX);
    gw_buffer_append_str(&text, GW_STR(FIRST_LINE "\n"));
    for (size_t i = 0; i < count; i++) {
        append_place(&text, &places[i]);
    }
    enum gw_status status = text.failed;
    if (status != GW_OK) {
        gw_fail(error, status, GW_NO_POSITION, "no memory for the state file %s", state_path);
    } else {
        status = replace(state_path, gw_buffer_str(&text), error);
    }
    gw_buffer_free(&text);
    return status;
}
