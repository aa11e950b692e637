/* A file that several processes append to, and beside it FILE.positions, which says how far FILE can be
 * trusted and where each part of it came from. */
#ifndef GW_PUBLISH_FILE_LOG_H
#define GW_PUBLISH_FILE_LOG_H

#include "base/buffer.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

/*   FILE            [ records ....................... ][ a batch, perhaps torn ]
 *   FILE.positions  position TAB end LF ... the last end ^
 *
 * A batch is written to FILE and synced, and only then are its lines written to FILE.positions and synced: a
 * whole line therefore vouches for all of FILE below its `end`. The first line, with the position "-", is
 * written before any batch and vouches for what FILE held before it had positions.
 */
struct gw_file_log {
    char *path;
    char *positions_path;
    int data;                          /* descriptors, -1 when closed */
    int positions;                     /* opened for appending, as data is */
    int64_t data_size, positions_size; /* as we last left them; -1: not known */
};

/* The suffix that makes the positions' path. */
#define GW_FILE_LOG_POSITIONS_SUFFIX ".positions"

/* The position of a line that belongs to no message. */
#define GW_FILE_LOG_NO_POSITION "-"

/* One message of a batch. `end` counts from the batch's beginning. `note` says why a message that left
 * nothing in FILE was skipped and is a third column; absent for others. */
struct gw_file_log_entry {
    struct gw_str position;
    struct gw_str note;
    uint64_t end;
};

/* The longest note, and the longest line that is understood. */
#define GW_FILE_LOG_NOTE_MAX 64
#define GW_FILE_LOG_LINE_MAX 1024

/* Opens or creates both files (a directory that does not exist is not made) and cuts a torn tail. Waits for
 * the lock. With `lines`, text that FILE held before it had positions gets the line feed it may lack. Fails
 * with GW_SYSTEM; also when FILE is shorter than its positions say, because then somebody else has cut it. */
enum gw_status gw_file_log_open(struct gw_file_log *log, const char *path, bool lines,
                                struct gw_error *error);

/* Appends a batch; when this returns GW_OK it is on the disk. GW_AGAIN: another process holds the lock, or
 * the disk is full (the detail says which): nothing was appended, try again later. GW_SYSTEM: give up.
 * `scratch` is for the lines. */
enum gw_status gw_file_log_append(struct gw_file_log *log, struct gw_str data,
                                  const struct gw_file_log_entry *entries, size_t count,
                                  struct gw_buffer *scratch, struct gw_error *error);

/* Safe on a zeroed or closed log. */
void gw_file_log_close(struct gw_file_log *log);

/* Writes all of `bytes`; `*written` says how much it was. Returns 0 or an errno. */
int gw_file_write(int fd, struct gw_str bytes, size_t *written);

/* What a failed write means: GW_AGAIN when there may be room later (the disk is full), else GW_SYSTEM. */
enum gw_status gw_file_write_failed(int code, const char *path, struct gw_error *error);

#endif
