/* Records and dead letters to files or standard output: JSON lines or concatenated MessagePack. */
#ifndef GW_PUBLISH_FILE_SINK_H
#define GW_PUBLISH_FILE_SINK_H

#include "publish/sink.h"

struct gw_file_sink_settings {
    const char *paths[GW_OUTLET_COUNT]; /* per outlet; "-" is standard output; NULL: not served */
    bool json_lines;                    /* payloads are JSON: end each with a line feed */
    int sync_ms; /* group commit: sync at the latest so long after the first unsynced write */
};

/* Several processes may write the same file: each batch is appended under flock(2). Next to FILE lies
 * FILE.positions: after each batch one line per message, `position TAB end`, where `end` is the byte behind
 * the message in FILE (its line feed included); both are synced before the completions are given out. A
 * message without a payload leaves only such a line, with the value of its `gw-skipped` header as a third
 * column. A tail of FILE that no line covers was torn by a crash and is cut by whoever locks the file next.
 * What FILE held before it had positions stays, and is covered by a first line with the position "-".
 *
 * Standard output, pipes and devices have no positions; a message is safe there once written. Two outlets may
 * have the same path. A full disk or a reader that takes nothing is back-pressure: nothing completes, and
 * send says GW_AGAIN when the queue is full. The process must ignore SIGPIPE; a reader that has gone is
 * GW_SYSTEM. `clock` and the paths must outlive the sink. */
enum gw_status gw_file_sink_open(const struct gw_file_sink_settings *settings, const struct gw_clock *clock,
                                 struct gw_sink **sink, struct gw_error *error);

#endif
