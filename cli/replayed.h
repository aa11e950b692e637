/* Which dead letters were fed again: a file that later runs read, so that none is fed twice. */
#ifndef GW_CLI_REPLAYED_H
#define GW_CLI_REPLAYED_H

#include "base/buffer.h"
#include "cli/ledger.h"

/*   + POSITION    is about to be sent
 *   = POSITION    was sent
 *
 * Lines of a batch are synced before it is sent, and again when it is safe. A '+' without its '=' was in a
 * batch that was interrupted: nobody here knows whether it arrived.
 */
struct gw_replayed {
    struct gw_ledger ledger;
    struct gw_buffer lines;
    char *path;
    int fd;
};

enum gw_replay_fate { GW_REPLAY_NEVER, GW_REPLAY_IN_DOUBT, GW_REPLAY_DONE };

/* Opens or creates the file, locks it against another run, reads it and cuts half a line at its end. Fails
 * with GW_AGAIN when another run has it, GW_MALFORMED when it is no such file, GW_SYSTEM, GW_NO_MEMORY. */
enum gw_status gw_replayed_open(struct gw_replayed *replayed, const char *path, struct gw_error *error);

enum gw_replay_fate gw_replayed_fate(const struct gw_replayed *replayed, const struct gw_position *position);

/* Notes a batch, before it is sent and when it is safe; on the disk when this returns GW_OK. */
enum gw_status gw_replayed_begin(struct gw_replayed *replayed, const struct gw_position *positions,
                                 size_t count, struct gw_error *error);
enum gw_status gw_replayed_end(struct gw_replayed *replayed, const struct gw_position *positions,
                               size_t count, struct gw_error *error);

/* Safe on a zeroed one. */
void gw_replayed_close(struct gw_replayed *replayed);

#endif
