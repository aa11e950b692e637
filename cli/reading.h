/* Reading the files that a command was given, message by message. */
#ifndef GW_CLI_READING_H
#define GW_CLI_READING_H

#include "cli/options.h"
#include "ingest/file_source.h"

/* The words of --input, in the order of enum gw_file_format. */
extern const char *const gw_input_words[];

struct gw_reading {
    struct gw_file_source_settings settings;
    struct gw_source *source;
    struct gw_message message; /* the one at hand */
    bool has_message;
    uint64_t line; /* of it */
};

/* Opens the files, or standard input when none were given. Returns an exit code; what is wrong is said on
 * stderr. Close it in any case. */
int gw_reading_open(struct gw_reading *reading, const struct gw_arguments *arguments,
                    enum gw_file_format format, size_t message_bytes_max);

/* Goes on to the next message; the one before is settled. GW_OK; GW_CLOSED at the end; GW_AGAIN when there is
 * none for the moment, at most after GW_SOURCE_POLL_MS; other statuses were said on stderr. */
enum gw_status gw_reading_next(struct gw_reading *reading);

/* The file that the message is from. */
const char *gw_reading_path(const struct gw_reading *reading);

/* Safe on a zeroed one. */
void gw_reading_close(struct gw_reading *reading);

#endif
