/* One instance per folder: a file in it that a running supervisor has locked. The kernel lets go of the lock
 * when the supervisor ends, however it ends. */
#ifndef GW_RUN_FOLDER_LOCK_H
#define GW_RUN_FOLDER_LOCK_H

#include "base/status.h"

/* Makes and locks `folder`/`name` and writes our process id into it. `*fd` is the lock: close it to let go;
 * children do not inherit it. GW_BAD_CONFIG when another process has it: the detail names the folder, that
 * process, and the key that the folder came from. */
enum gw_status gw_folder_lock_take(const char *folder, const char *name, const char *key, int *fd,
                                   struct gw_error *error);

#endif
