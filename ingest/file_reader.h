/* One file or stream, cut into messages: lines, MessagePack values, or all of it. */
#ifndef GW_INGEST_FILE_READER_H
#define GW_INGEST_FILE_READER_H

#include "base/buffer.h"
#include "ingest/file_source.h"
#include "ingest/msgpack_border.h"

/* Of a message above the limit this many first bytes are given out. */
#define GW_FILE_CUT_BYTES ((size_t)64 << 10)

/* What is in memory is one message at most, and what was read beyond it:
 *
 *     buffer:  given out | the current message: scanned ……………… | unread
 *                        ^ from                      ^ scanned   ^ size
 *
 * When the current message passes the limit, only its first bytes stay; `dropped` counts the others. */
struct gw_file_reader {
    int fd;
    bool owns_fd;
    bool regular; /* a file that can be sought and never makes one wait */
    bool begun;   /* its format is known */
    bool ended;   /* the descriptor has no more */
    bool whole;   /* all that is left is one message */
    enum gw_file_format format;
    enum gw_file_format by_name;
    bool html;
    size_t message_bytes_max;
    struct gw_buffer buffer;
    size_t from, scanned;
    uint64_t dropped;
    uint64_t offset; /* in the file, of buffer.data[from] */
    uint64_t line;   /* of the current message, from 1 */
    uint64_t resume_offset, resume_line;
    struct gw_msgpack_border border;
};

/* One message. `bytes` are valid until the next call. */
struct gw_file_piece {
    struct gw_str bytes;
    uint64_t start, end; /* in the file; `end` is where the next one begins */
    uint64_t line;       /* of JSON lines and text the line it begins on, of MessagePack the value's number */
    uint64_t full_size;
    enum gw_status refused; /* GW_OK or GW_TOO_LARGE */
};

/* "-" is standard input, whose flags are left alone. The rest of the file name decides the format of
 * GW_FILE_AUTO, as far as it can. Opening a pipe does not wait for its writer. */
enum gw_status gw_file_reader_open(struct gw_file_reader *reader, const char *path,
                                   enum gw_file_format format, size_t message_bytes_max,
                                   const struct gw_allocator *allocator, struct gw_error *error);

/* The first message is to be the one at `offset`, which was a piece's `end`. Regular files only, before the
 * first call of gw_file_reader_next. */
void gw_file_reader_resume(struct gw_file_reader *reader, uint64_t offset, uint64_t line);

/* GW_OK: a message. GW_AGAIN: none now, the descriptor has nothing (never for regular files). GW_CLOSED: the
 * end. Never blocks. */
enum gw_status gw_file_reader_next(struct gw_file_reader *reader, struct gw_file_piece *piece,
                                   struct gw_error *error);

/* Known once there was a message. */
static inline bool gw_file_reader_is_text(const struct gw_file_reader *reader) {
    return reader->format == GW_FILE_TEXT;
}

/* Safe on a zeroed or closed reader. */
void gw_file_reader_close(struct gw_file_reader *reader);

#endif
