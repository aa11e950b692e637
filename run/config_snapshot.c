/* The configuration as one text that the supervisor has checked: children get this and not the file, which
 * may change. */
#include "run/config_snapshot.h"

#include "base/file_map.h"
#include "process/model.h"
#include "run/children.h"
#include "run/model_path.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void gw_config_directory(const char *path, char *out, size_t size) {
    const char *slash = path ? strrchr(path, '/') : NULL;
    if (!slash) {
        snprintf(out, size, ".");
        return;
    }
    snprintf(out, size, "%.*s", slash == path ? 1 : (int)(slash - path), path);
}

/* The embedded default is an empty text. */
static enum gw_status read_text(const char *path, struct gw_str *text, struct gw_error *error) {
    *text = (struct gw_str){NULL, 0};
    return path ? gw_file_read(path, GW_CONFIG_BYTES_MAX, text, error) : GW_OK;
}

static enum gw_status write_all(int fd, struct gw_str text, struct gw_error *error) {
    for (size_t done = 0; done < text.size;) {
        ssize_t n = write(fd, text.data + done, text.size - done);
        if (n < 0) {
            return gw_fail_errno(error, "the configuration's snapshot cannot be written");
        }
        done += (size_t)n;
    }
    return GW_OK;
}

static enum gw_status write_snapshot(struct gw_str text, int *fd, struct gw_error *error) {
    int low = memfd_create("glosswire-config", MFD_CLOEXEC);
    *fd = low < 0 ? -1 : fcntl(low, F_DUPFD_CLOEXEC, GW_OWN_FDS_FROM);
    enum gw_status status = *fd < 0 ? gw_fail_errno(error, "no memory for the configuration's snapshot")
                                    : write_all(*fd, text, error);
    if (low >= 0) {
        close(low);
    }
    if (status != GW_OK && *fd >= 0) {
        close(*fd);
        *fd = -1;
    }
    return status;
}

static enum gw_status check_model(const struct gw_config *config, struct gw_error *error) {
    char path[PATH_MAX];
    struct gw_model *model = NULL;
    enum gw_status status = gw_model_path_find(config->model, path, error);
    if (status == GW_OK) {
        status = gw_model_open(path, &model, error);
    }
    gw_model_close(model);
    return status;
}

static enum gw_status load(struct gw_str text, const char *path, const char *directory,
                           struct gw_config **config, struct gw_error *error) {
    struct gw_config_errors errors = {0};
    enum gw_status status = gw_config_load(text, directory, config, &errors);
    if (status == GW_OK) {
        return GW_OK;
    }
    gw_config_print_errors(&errors, path ? path : "embedded default", stderr);
    return gw_fail(error, status, GW_NO_POSITION, "the configuration has mistakes (%zu)", errors.count);
}

enum gw_status gw_config_snapshot_take(const char *path, const char *directory, struct gw_config **config,
                                       int *fd, struct gw_error *error) {
    struct gw_str text;
    *config = NULL;
    enum gw_status status = read_text(path, &text, error);
    if (status != GW_OK) {
        return status;
    }
    status = load(text, path, directory, config, error);
    status = status != GW_OK ? status : check_model(*config, error);
    status = status != GW_OK ? status : write_snapshot(text, fd, error);
    if (status != GW_OK) {
        gw_config_free(*config);
        *config = NULL;
    }
    free((char *)text.data);
    return status;
}
