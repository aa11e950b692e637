/* Articles from files or standard input: JSON lines, concatenated MessagePack, or plain text. */
#ifndef GW_INGEST_FILE_SOURCE_H
#define GW_INGEST_FILE_SOURCE_H

#include "ingest/source.h"

enum gw_file_format {
    GW_FILE_AUTO, /* per file, by its name's ending, else by its first byte */
    GW_FILE_JSONL,
    GW_FILE_MSGPACK,
    GW_FILE_TEXT, /* a whole file is one article's body */
    GW_FILE_JSON  /* a whole file is one article, written over several lines */
};

struct gw_file_source_settings {
    const char *const *paths; /* "-" is standard input */
    size_t path_count;
    enum gw_file_format format;
    size_t message_bytes_max;
    const char *state_path; /* where settled offsets are kept, so that a later run goes on from there; NULL:
                               nowhere */
    const struct gw_allocator *allocator; /* NULL: the system's */
};

/* Settings must outlive the source. All files must be there when it opens.
 *
 * A text article's payload is the raw text: `gw_file_source_is_text` tells, and so does its header
 * content-type, text/plain or text/html. Positions name the path and the message's first byte. Empty lines
 * among JSON lines are passed over, a last line needs no line feed. A malformed MessagePack value, and a bare
 * small integer, which is what text looks like, are given out as one message to the end of the file (nothing
 * behind them can be trusted).
 *
 * The state file is replaced, synced, every GW_FILE_STATE_EVERY settled messages, when all are settled at the
 * end of the files, when it is told to store, and on close. A file that was truncated or replaced since
 * begins anew; one that was appended to goes on. Standard input and pipes have no state. Sources of several
 * workers must not share a file. */
#define GW_FILE_STATE_EVERY 1024
enum gw_status gw_file_source_open(const struct gw_file_source_settings *settings, struct gw_source **source,
                                   struct gw_error *error);

/* Whether this message of the source is text, and the line it begins on (from 1; of MessagePack the value's
 * number in its file). The message must not be settled yet. */
bool gw_file_source_is_text(const struct gw_source *source, const struct gw_message *message);
uint64_t gw_file_source_line(const struct gw_source *source, const struct gw_message *message);

#endif
