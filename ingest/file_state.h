/* How far files were read in earlier runs: a small text file, replaced as a whole. */
#ifndef GW_INGEST_FILE_STATE_H
#define GW_INGEST_FILE_STATE_H

#include "base/hash.h"
#include "base/status.h"

#include <stdbool.h>

/* So many first bytes of a file tell whether it is still the one that was read. */
#define GW_FILE_STATE_HEAD_BYTES ((size_t)1024)

/* The largest state file that is read. */
#define GW_FILE_STATE_BYTES_MAX ((size_t)64 << 20)

/* One file's place: all messages before `offset` are settled; the next begins on `line`. `path` belongs to
 * the caller. */
struct gw_file_place {
    const char *path;
    uint64_t offset;
    uint64_t line;
};

/* Fills offset and line of each place (whose path is set) from the state file; 0 and 1 where it knows
 * nothing, or where the file is no longer the one that was read. A state file that does not exist is no
 * error; one that is not understood is (GW_SYSTEM): going on without it would repeat everything. */
enum gw_status gw_file_state_load(const char *state_path, struct gw_file_place *places, size_t count,
                                  struct gw_error *error);

/* Writes a new state file beside the old one, syncs it, and puts it in its place. Places at offset 0 are left
 * out. */
enum gw_status gw_file_state_save(const char *state_path, const struct gw_file_place *places, size_t count,
                                  struct gw_error *error);

#endif
