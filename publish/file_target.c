/* Messages wait in memory until they are appended in one go, as the log or the stream takes them. */
#include "publish/file_target.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

static enum gw_status open_stream(struct gw_file_target *target, int fd, bool owned, mode_t mode) {
    target->stream = fd;
    target->owns_stream = owned;
    target->chunk = S_ISREG(mode) ? SIZE_MAX : PIPE_BUF;
    return GW_OK;
}

enum gw_status gw_file_target_open(struct gw_file_target *target, const char *path, bool lines,
                                   struct gw_error *error) {
    struct stat info;
    target->path = path;
    target->lines = lines;
    target->stream = -1;
    target->retry_ms = GW_FILE_TARGET_RETRY_MIN_MS;
    gw_buffer_init(&target->data, &gw_allocator_system, SIZE_MAX);
    gw_buffer_init(&target->tickets, &gw_allocator_system, SIZE_MAX);
    gw_buffer_init(&target->entries, &gw_allocator_system, SIZE_MAX);
    gw_buffer_init(&target->scratch, &gw_allocator_system, SIZE_MAX);
    gw_arena_init(&target->texts, &gw_allocator_system, SIZE_MAX);
    if (strcmp(path, "-") == 0) {
        return fstat(STDOUT_FILENO, &info) == 0 ? open_stream(target, STDOUT_FILENO, false, info.st_mode)
                                                : gw_fail_errno(error, "standard output cannot be examined");
    }
    if (stat(path, &info) != 0 || S_ISREG(info.st_mode)) {
        return gw_file_log_open(&target->log, path, lines, error);
    }
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    return fd >= 0 ? open_stream(target, fd, true, info.st_mode)
                   : gw_fail_errno(error, "%s cannot be opened for writing", path);
}

void gw_file_target_close(struct gw_file_target *target) {
    gw_file_log_close(&target->log);
    if (target->owns_stream) {
        close(target->stream);
    }
    gw_buffer_free(&target->data);
    gw_buffer_free(&target->tickets);
    gw_buffer_free(&target->entries);
    gw_buffer_free(&target->scratch);
    gw_arena_free(&target->texts);
}

/* The reason of a skip, as far as it fits in a line's third column. */
static struct gw_str note_of(const struct gw_outgoing *outgoing) {
    const struct gw_header *skipped = gw_headers_find(outgoing->headers, GW_HEADER_SKIPPED);
    if (!skipped || !skipped->value.data) {
        return (struct gw_str){NULL, 0};
    }
    size_t size = 0;
    while (size < skipped->value.size && size < GW_FILE_LOG_NOTE_MAX && skipped->value.data[size] > ' ') {
        size++;
    }
    return gw_str_sub(skipped->value, 0, size);
}

static struct gw_str position_text(const struct gw_position *position, struct gw_arena *texts) {
    char text[GW_POSITION_TEXT_MAX];
    size_t size = gw_position_format(position, text);
    return gw_arena_copy(texts, size > 0 ? (struct gw_str){text, size} : GW_STR(GW_FILE_LOG_NO_POSITION));
}

/* Adds one message to the stores; the ticket comes last and makes it count. */
static enum gw_status store(struct gw_file_target *target, const struct gw_outgoing *outgoing) {
    struct gw_file_log_entry entry = {.position = position_text(&outgoing->position, &target->texts)};
    struct gw_str note = note_of(outgoing);
    if (note.data) {
        entry.note = gw_arena_copy(&target->texts, note);
    }
    if (!entry.position.data || (note.data && !entry.note.data)) {
        return GW_NO_MEMORY;
    }
    if (outgoing->payload.data) {
        gw_buffer_append_str(&target->data, outgoing->payload);
        if (target->lines) {
            gw_buffer_append_byte(&target->data, '\n');
        }
    }
    entry.end = target->data.size;
    if (target->data.failed || gw_buffer_append(&target->entries, &entry, sizeof entry) != GW_OK) {
        return GW_NO_MEMORY;
    }
    return gw_buffer_append(&target->tickets, &outgoing->ticket, sizeof outgoing->ticket);
}

enum gw_status gw_file_target_queue(struct gw_file_target *target, const struct gw_outgoing *outgoing,
                                    struct gw_error *error) {
    size_t size = target->data.size + target->entries.size;
    if (size > 0 && size + outgoing->payload.size > GW_FILE_TARGET_QUEUE_BYTES) {
        return gw_fail(error, GW_AGAIN, GW_NO_POSITION, "the queue of %s is full", target->path);
    }
    if (store(target, outgoing) != GW_OK) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for a message of %zu bytes",
                       outgoing->payload.size);
    }
    return GW_OK;
}

/* Keeps lines of several processes on one stream apart. A process's own lock, not flock: they share the
 * descriptor. False when somebody else has it; what cannot be locked is nobody else's. */
static bool lock_stream(int fd, short type) {
    struct flock whole = {.l_type = type, .l_whence = SEEK_SET};
    return fcntl(fd, F_SETLK, &whole) == 0 || (errno != EAGAIN && errno != EACCES);
}

static bool stream_is_ready(int fd) {
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    return poll(&wait, 1, 0) > 0;
}

/* Writes as much as the stream takes without blocking; the lock is kept until all is written. */
static enum gw_status write_stream(struct gw_file_target *target, struct gw_str data,
                                   struct gw_error *error) {
    if (!lock_stream(target->stream, F_WRLCK)) {
        return gw_fail(error, GW_AGAIN, GW_NO_POSITION, "another process writes to %s", target->path);
    }
    while (target->written < data.size) {
        if (!stream_is_ready(target->stream)) {
            return gw_fail(error, GW_AGAIN, GW_NO_POSITION, "the reader of %s takes nothing", target->path);
        }
        size_t left = data.size - target->written;
        const char *from = data.data + target->written;
        ssize_t size = write(target->stream, from, left < target->chunk ? left : target->chunk);
        if (size < 0 && errno != EINTR) {
            return gw_file_write_failed(errno, target->path, error);
        }
        target->written += size > 0 ? (size_t)size : 0;
    }
    lock_stream(target->stream, F_UNLCK);
    return GW_OK;
}

/* The bytes of whole messages: a send that ran out of memory may have left more behind them. */
static struct gw_str group_data(const struct gw_file_target *target) {
    const struct gw_file_log_entry *entries = (const void *)target->entries.data;
    size_t count = gw_file_target_waiting(target);
    return (struct gw_str){(const char *)target->data.data, count > 0 ? entries[count - 1].end : 0};
}

static void empty(struct gw_file_target *target) {
    gw_buffer_clear(&target->data);
    gw_buffer_clear(&target->tickets);
    gw_buffer_clear(&target->entries);
    gw_arena_reset(&target->texts);
    target->written = 0;
    target->stuck_ns = 0;
    target->retry_ms = GW_FILE_TARGET_RETRY_MIN_MS;
}

/* Puts the next attempt off. */
static void hold(struct gw_file_target *target, int64_t now, const struct gw_error *error) {
    target->due_ns = now + target->retry_ms * GW_NS_PER_MS;
    target->retry_ms = target->retry_ms * 2 < GW_FILE_TARGET_RETRY_MAX_MS ? target->retry_ms * 2
                                                                          : GW_FILE_TARGET_RETRY_MAX_MS;
    if (target->stuck_ns == 0) {
        target->stuck_ns = now;
    } else if (now - target->stuck_ns >= GW_FILE_TARGET_PATIENCE_MS * GW_NS_PER_MS) {
        GW_LOG(GW_LOG_WARN, "sink takes nothing", GW_KS("sink", "file"), GW_KS("cause", error->detail));
        target->stuck_ns = now;
    }
}

enum gw_status gw_file_target_append(struct gw_file_target *target, const struct gw_clock *clock,
                                     struct gw_buffer *done, struct gw_error *error) {
    struct gw_error cause;
    struct gw_str data = group_data(target);
    if (!gw_buffer_reserve(done, target->tickets.size)) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for completions");
    }
    enum gw_status status =
        target->stream >= 0 ? write_stream(target, data, &cause)
                            : gw_file_log_append(&target->log, data, (const void *)target->entries.data,
                                                 gw_file_target_waiting(target), &target->scratch, &cause);
    if (status == GW_OK) {
        gw_buffer_append(done, target->tickets.data, target->tickets.size);
        empty(target);
        return GW_OK;
    }
    if (status == GW_AGAIN) {
        hold(target, gw_clock_now_ns(clock), &cause);
    }
    if (error) {
        *error = cause;
    }
    return status;
}
