/* Appending under a lock, vouching for what was appended, and cutting what nobody vouches for. */
#include "publish/file_log.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Records may be confidential: other users get nothing. The umask cannot widen this. */
#define FILE_MODE 0640

enum gw_status gw_file_write_failed(int code, const char *path, struct gw_error *error) {
    bool later = code == ENOSPC || code == EDQUOT || code == EFBIG || code == EAGAIN;
    return gw_fail(error, later ? GW_AGAIN : GW_SYSTEM, GW_NO_POSITION, "%s cannot be written: %s", path,
                   strerror(code));
}

int gw_file_write(int fd, struct gw_str bytes, size_t *written) {
    *written = 0;
    while (*written < bytes.size) {
        ssize_t size = write(fd, bytes.data + *written, bytes.size - *written);
        if (size < 0 && errno != EINTR) {
            return errno;
        }
        *written += size > 0 ? (size_t)size : 0;
    }
    return 0;
}

static enum gw_status size_of(int fd, const char *path, int64_t *size, struct gw_error *error) {
    struct stat info;
    if (fstat(fd, &info) != 0) {
        return gw_fail_errno(error, "%s cannot be examined", path);
    }
    *size = info.st_size;
    return GW_OK;
}

static enum gw_status cut(int fd, const char *path, int64_t size, struct gw_error *error) {
    int64_t now = 0;
    enum gw_status status = size_of(fd, path, &now, error);
    if (status == GW_OK && now != size && (ftruncate(fd, size) != 0 || fdatasync(fd) != 0)) {
        status = gw_fail_errno(error, "%s cannot be cut to %lld bytes", path, (long long)size);
    }
    return status;
}

/* `position TAB end`, perhaps with a third column. */
static bool parse_line(struct gw_str line, int64_t *end) {
    const char *tab = memchr(line.data, '\t', line.size);
    if (!tab || tab == line.data) {
        return false;
    }
    int64_t number = 0;
    const char *at = tab + 1, *stop = line.data + line.size;
    for (; at < stop && *at >= '0' && *at <= '9' && number < INT64_MAX / 16; at++) {
        number = number * 10 + (*at - '0');
    }
    *end = number;
    return at > tab + 1 && (at == stop || *at == '\t');
}

/* The part of `window` behind its last line feed, or all of it. */
static size_t last_piece(const char *window, size_t size) {
    const char *feed = memrchr(window, '\n', size);
    return feed ? size - (size_t)(feed + 1 - window) : size;
}

/* Finds the last whole line: where it ends in the positions' file, and how much of the data it vouches for.
 * Both are 0 and -1 when there is none. What is no line (half of one, or what a crashed disk made of it) is
 * passed over. */
static enum gw_status find_last_line(const struct gw_file_log *log, int64_t *lines_end, int64_t *covered,
                                     struct gw_error *error) {
    char window[GW_FILE_LOG_LINE_MAX];
    enum gw_status status = size_of(log->positions, log->positions_path, lines_end, error);
    for (*covered = -1; status == GW_OK && *lines_end > 0 && *covered < 0;) {
        int64_t start = *lines_end > GW_FILE_LOG_LINE_MAX ? *lines_end - GW_FILE_LOG_LINE_MAX : 0;
        size_t size = (size_t)(*lines_end - start);
        if (pread(log->positions, window, size, start) != (ssize_t)size) {
            return gw_fail_errno(error, "%s cannot be read", log->positions_path);
        }
        size_t torn = last_piece(window, size);
        size_t line = torn > 0 ? 0 : last_piece(window, size - 1);
        int64_t end;
        if (torn == 0 && parse_line((struct gw_str){window + size - 1 - line, line}, &end)) {
            *covered = end;
        } else {
            *lines_end -= (int64_t)(torn > 0 ? torn : line + 1);
        }
    }
    return status;
}

static enum gw_status write_first_line(struct gw_file_log *log, int64_t size, struct gw_error *error) {
    char line[48];
    int length = snprintf(line, sizeof line, GW_FILE_LOG_NO_POSITION "\t%lld\n", (long long)size);
    enum gw_status status = cut(log->positions, log->positions_path, 0, error);
    size_t written;
    if (status == GW_OK &&
        ((errno = gw_file_write(log->positions, (struct gw_str){line, (size_t)length}, &written)) != 0 ||
         fdatasync(log->positions) != 0)) {
        status = gw_fail_errno(error, "%s cannot be written", log->positions_path);
    }
    log->positions_size = length;
    return status;
}

/* Vouches for what is there already. */
static enum gw_status adopt(struct gw_file_log *log, bool lines, struct gw_error *error) {
    char last = '\n';
    if (lines && log->data_size > 0 && pread(log->data, &last, 1, log->data_size - 1) != 1) {
        return gw_fail_errno(error, "%s cannot be read", log->path);
    }
    if (last != '\n') {
        size_t written;
        if ((errno = gw_file_write(log->data, GW_STR("\n"), &written)) != 0) {
            return gw_fail_errno(error, "%s cannot be written", log->path);
        }
        log->data_size++;
    }
    return write_first_line(log, log->data_size, error);
}

/* Cuts what no line vouches for; the lock is held. */
static enum gw_status repair(struct gw_file_log *log, bool lines, struct gw_error *error) {
    int64_t lines_end = 0, covered = -1;
    enum gw_status status = size_of(log->data, log->path, &log->data_size, error);
    if (status == GW_OK) {
        status = find_last_line(log, &lines_end, &covered, error);
    }
    if (status != GW_OK) {
        return status;
    }
    if (covered < 0) {
        return adopt(log, lines, error);
    }
    if (covered > log->data_size && log->data_size == 0) {
        GW_LOG(GW_LOG_WARN, "file was emptied by somebody else; its positions begin anew",
               GW_KS("file", log->path));
        return write_first_line(log, 0, error);
    }
    if (covered > log->data_size) {
        return gw_fail(error, GW_SYSTEM, GW_NO_POSITION,
                       "%s has %lld bytes but %s vouches for %lld; move both away to begin anew", log->path,
                       (long long)log->data_size, log->positions_path, (long long)covered);
    }
    if (covered < log->data_size) {
        GW_LOG(GW_LOG_WARN, "torn tail cut", GW_KS("file", log->path),
               GW_KI("bytes", log->data_size - covered));
        status = cut(log->data, log->path, covered, error);
    }
    if (status == GW_OK) {
        status = cut(log->positions, log->positions_path, lines_end, error);
    }
    log->data_size = covered;
    log->positions_size = lines_end;
    return status;
}

/* Whether both files are as we left them: then nobody else wrote, and nothing is torn. */
static bool untouched(const struct gw_file_log *log) {
    struct stat data, positions;
    return fstat(log->data, &data) == 0 && fstat(log->positions, &positions) == 0 &&
           data.st_size == log->data_size && positions.st_size == log->positions_size;
}

static enum gw_status format_lines(const struct gw_file_log *log, const struct gw_file_log_entry *entries,
                                   size_t count, struct gw_buffer *out) {
    gw_buffer_clear(out);
    for (size_t i = 0; i < count; i++) {
        int64_t end = log->data_size + (int64_t)entries[i].end;
        gw_buffer_appendf(out, GW_STR_FMT "\t%lld", GW_STR_ARG(entries[i].position), (long long)end);
        if (entries[i].note.data) {
            gw_buffer_appendf(out, "\t" GW_STR_FMT, GW_STR_ARG(entries[i].note));
        }
        gw_buffer_append_byte(out, '\n');
    }
    return out->failed;
}

static int write_synced(int fd, struct gw_str bytes) {
    size_t written;
    int code = bytes.size > 0 ? gw_file_write(fd, bytes, &written) : 0;
    return code == 0 && fdatasync(fd) != 0 ? errno : code;
}

/* Takes a batch back that could not be written whole. That this fails, too, does no harm: it is a torn tail,
 * and whoever locks the files next finds it. */
static void take_back(struct gw_file_log *log) {
    if (ftruncate(log->data, log->data_size) != 0 || ftruncate(log->positions, log->positions_size) != 0) {
        log->data_size = log->positions_size = -1;
    }
}

static enum gw_status append_locked(struct gw_file_log *log, struct gw_str data, struct gw_str lines,
                                    struct gw_error *error) {
    const char *path = log->path;
    int code = write_synced(log->data, data);
    if (code == 0) {
        path = log->positions_path;
        code = write_synced(log->positions, lines);
    }
    if (code == 0) {
        log->data_size += (int64_t)data.size;
        log->positions_size += (int64_t)lines.size;
        return GW_OK;
    }
    take_back(log);
    return gw_file_write_failed(code, path, error);
}

static void close_fd(int *fd) {
    if (*fd >= 0) {
        close(*fd);
    }
    *fd = -1;
}

static enum gw_status open_file(const char *path, int *fd, struct gw_error *error) {
    close_fd(fd);
    *fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, FILE_MODE);
    return *fd >= 0 ? GW_OK : gw_fail_errno(error, "%s cannot be opened for writing", path);
}

/* A new file's name is on the disk only when its directory is. */
static void sync_directory(const char *path) {
    char *copy = strdup(path);
    int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    free(copy);
}

static enum gw_status open_files(struct gw_file_log *log, struct gw_error *error) {
    log->data_size = log->positions_size = -1;
    enum gw_status status = open_file(log->path, &log->data, error);
    if (status == GW_OK) {
        status = open_file(log->positions_path, &log->positions, error);
    }
    if (status == GW_OK) {
        sync_directory(log->path);
    }
    return status;
}

static enum gw_status lock(struct gw_file_log *log, int wait, struct gw_error *error) {
    int failed;
    do {
        failed = flock(log->data, LOCK_EX | wait);
    } while (failed && errno == EINTR);
    if (failed && errno == EWOULDBLOCK) {
        return gw_fail(error, GW_AGAIN, GW_NO_POSITION, "another process has locked %s", log->path);
    }
    return failed ? gw_fail_errno(error, "%s cannot be locked", log->path) : GW_OK;
}

static bool is_at(int fd, const char *path) {
    struct stat open_one, named;
    return fstat(fd, &open_one) == 0 && stat(path, &named) == 0 && open_one.st_dev == named.st_dev &&
           open_one.st_ino == named.st_ino;
}

/* Locks the files that the paths name now. Those that we have open may have been moved away, and whoever
 * opened new ones would take what we append to the old positions for torn. */
static enum gw_status lock_current(struct gw_file_log *log, int wait, struct gw_error *error) {
    enum gw_status status = lock(log, wait, error);
    while (status == GW_OK && !(is_at(log->data, log->path) && is_at(log->positions, log->positions_path))) {
        status = open_files(log, error);
        if (status == GW_OK) {
            status = lock(log, wait, error);
        }
    }
    return status;
}

enum gw_status gw_file_log_append(struct gw_file_log *log, struct gw_str data,
                                  const struct gw_file_log_entry *entries, size_t count,
                                  struct gw_buffer *scratch, struct gw_error *error) {
    enum gw_status status = lock_current(log, LOCK_NB, error);
    if (status != GW_OK) {
        return status;
    }
    if (!untouched(log)) {
        status = repair(log, false, error);
    }
    if (status == GW_OK && format_lines(log, entries, count, scratch) != GW_OK) {
        status = gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for %zu positions", count);
    }
    if (status == GW_OK) {
        status = append_locked(log, data, gw_buffer_str(scratch), error);
    }
    flock(log->data, LOCK_UN);
    return status;
}

enum gw_status gw_file_log_open(struct gw_file_log *log, const char *path, bool lines,
                                struct gw_error *error) {
    *log = (struct gw_file_log){.data = -1, .positions = -1};
    log->path = strdup(path);
    if (!log->path || asprintf(&log->positions_path, "%s" GW_FILE_LOG_POSITIONS_SUFFIX, path) < 0) {
        log->positions_path = NULL;
        gw_file_log_close(log);
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory to open %s", path);
    }
    enum gw_status status = open_files(log, error);
    if (status == GW_OK) {
        status = lock_current(log, 0, error);
    }
    if (status == GW_OK) {
        status = repair(log, lines, error);
        flock(log->data, LOCK_UN);
    }
    if (status != GW_OK) {
        gw_file_log_close(log);
    }
    return status;
}

void gw_file_log_close(struct gw_file_log *log) {
    if (log->path) {
        close_fd(&log->data);
        close_fd(&log->positions);
    }
    free(log->path);
    free(log->positions_path);
    *log = (struct gw_file_log){.data = -1, .positions = -1};
}
