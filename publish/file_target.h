/* One file or stream of the file sink, and the messages that wait to be appended to it together. */
#ifndef GW_PUBLISH_FILE_TARGET_H
#define GW_PUBLISH_FILE_TARGET_H

#include "base/arena.h"
#include "publish/file_log.h"
#include "publish/sink.h"

/* What may wait; one message of any size is queued all the same. */
#define GW_FILE_TARGET_QUEUE_BYTES ((size_t)8 << 20)

/* When it takes nothing (locked by another process, disk full, a slow reader): try again after the first,
 * then after twice as long, up to the second; say so in the log after the third. */
#define GW_FILE_TARGET_RETRY_MIN_MS 2
#define GW_FILE_TARGET_RETRY_MAX_MS 500
#define GW_FILE_TARGET_PATIENCE_MS  1000

/* The stores hold one element per waiting message:
 *
 *     tickets  [ t ][ t ]                    entries  [ position, note, end ][ position, note, end ]
 *     data     [ payload LF ][ payload LF ]  texts    what the entries point to
 */
struct gw_file_target {
    const char *path; /* the caller's */
    bool lines;       /* a line feed ends each message */
    struct gw_file_log log;
    int stream; /* a descriptor that is no regular file: without positions; -1: the log is used */
    bool owns_stream;
    size_t chunk;   /* most bytes that one write to the stream takes without blocking */
    size_t written; /* bytes of data that the stream has taken */
    struct gw_buffer data, tickets, entries, scratch;
    struct gw_arena texts;
    int64_t due_ns;   /* when to append what waits */
    int64_t stuck_ns; /* since when it takes nothing; 0: it does */
    int retry_ms;
};

/* "-" is standard output. Close it also when this fails. */
enum gw_status gw_file_target_open(struct gw_file_target *target, const char *path, bool lines,
                                   struct gw_error *error);

/* How many messages wait. */
static inline size_t gw_file_target_waiting(const struct gw_file_target *target) {
    return target->tickets.size / sizeof(uint64_t);
}

/* Copies one message into the stores. GW_AGAIN when they are full, GW_NO_MEMORY leaves the others alone. */
enum gw_status gw_file_target_queue(struct gw_file_target *target, const struct gw_outgoing *outgoing,
                                    struct gw_error *error);

/* Appends all that waits and adds the tickets to `done`. GW_AGAIN when the target takes nothing now: `due_ns`
 * is put off. Other failures are for good. */
enum gw_status gw_file_target_append(struct gw_file_target *target, const struct gw_clock *clock,
                                     struct gw_buffer *done, struct gw_error *error);

/* Gives up what waits. */
void gw_file_target_close(struct gw_file_target *target);

#endif
