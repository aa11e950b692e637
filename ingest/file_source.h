/* Articles from files or standard input: JSON lines, concatenated MessagePack, or plain text. */
#ifndef GW_INGEST_FILE_SOURCE_H
#define GW_INGEST_FILE_SOURCE_H

#include "ingest/source.h"

enum gw_file_format {
    GW_FILE_AUTO, /* per file, by its name's ending, else by its first byte */
    GW_FILE_JSONL,
    GW_FILE_MSGPACK,
    GW_FILE_TEXT /* a whole file is one article's body */
};

struct gw_file_source_settings {
    const char *const *paths; /* "-" is standard input */
    size_t path_count;
    enum gw_file_format format;
    size_t message_bytes_max;
    const char *state_path; /* where settled offsets are kept, so that a later run goes on from there; NULL:
                               nowhere */
};

/* A text article's payload is the raw text: `gw_file_source_is_text` tells. Positions name the path and the
 * message's first byte. A malformed MessagePack value is given out as one message to the end of the file
 * (nothing behind it can be trusted). Sources of several workers must not share a file. */
enum gw_status gw_file_source_open(const struct gw_file_source_settings *settings, struct gw_source **source,
                                   struct gw_error *error);

/* Whether this message of the source is plain text, and the line it begins on (from 1). */
bool gw_file_source_is_text(const struct gw_source *source, const struct gw_message *message);
uint64_t gw_file_source_line(const struct gw_source *source, const struct gw_message *message);

#endif
