/* A whole file mapped read-only; pages are shared by all processes that map it. */
#ifndef GW_BASE_FILE_MAP_H
#define GW_BASE_FILE_MAP_H

#include "base/status.h"
#include "base/str.h"

struct gw_file_map {
    struct gw_str bytes;
};

/* Fails with GW_SYSTEM (the detail names the path and the cause) or GW_EMPTY. */
enum gw_status gw_file_map_open(struct gw_file_map *map, const char *path, struct gw_error *error);

/* Safe on a zeroed or closed map. */
void gw_file_map_close(struct gw_file_map *map);

/* Reads a whole file (or a pipe) into malloc'd memory with a terminator behind it; the caller frees
 * `out->data`. Files above `limit` bytes fail with GW_TOO_LARGE. For small files such as a config. */
enum gw_status gw_file_read(const char *path, size_t limit, struct gw_str *out, struct gw_error *error);

#endif
