/* flock(2) on a file of its own, so that nothing else that is done in the folder can drop it. */
#include "run/folder_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define PID_TEXT_MAX 24

/* Who has it, as it wrote itself; 0 when that cannot be read. */
static long holder_of(int fd) {
    char text[PID_TEXT_MAX] = {0};
    ssize_t size = pread(fd, text, sizeof text - 1, 0);
    return size > 0 ? strtol(text, NULL, 10) : 0;
}

static enum gw_status note_holder(int fd, const char *path, struct gw_error *error) {
    char text[PID_TEXT_MAX];
    int size = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    return ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)size, 0) == size
               ? GW_OK
               : gw_fail_errno(error, "%s cannot be written", path);
}

enum gw_status gw_folder_lock_take(const char *folder, const char *name, const char *key, int *fd,
                                   struct gw_error *error) {
    char path[PATH_MAX];
    *fd = -1;
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) {
        return gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION, "%s: its path is too long", key);
    }
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*fd < 0) {
        return gw_fail_errno(error, "%s cannot be opened", path);
    }
    enum gw_status status = GW_OK;
    if (flock(*fd, LOCK_EX | LOCK_NB) == 0) {
        status = note_holder(*fd, path, error);
    } else if (errno == EWOULDBLOCK) {
        status = gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION,
                         "another glosswire (process %ld) uses %s; give each its own `%s`", holder_of(*fd),
                         folder, key);
    } else {
        status = gw_fail_errno(error, "%s cannot be locked", path);
    }
    if (status != GW_OK) {
        close(*fd);
        *fd = -1;
    }
    return status;
}
