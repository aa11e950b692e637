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
 * its payload in FILE; both are synced before the completions are given out. A tail of FILE that no line
 * covers was torn by a crash and is cut by whoever locks the file next. Standard output has no positions and
 * is safe once written. */
enum gw_status gw_file_sink_open(const struct gw_file_sink_settings *settings, const struct gw_clock *clock,
                                 struct gw_sink **sink, struct gw_error *error);

#endif
