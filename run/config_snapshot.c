/* The configuration as one text that the supervisor has checked: children get this and not the file, which
 * may change. */
#include "run/config_snapshot.h"

#include "base/file_map.h"
#include "process/model.h"
#include "run/children.h"
#include "run/gazetteer.h"
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
            return gw_fail_errno(error, "a file in memory cannot be written");
        }
        done += (size_t)n;
    }
    return GW_OK;
}

/* A file in memory that children inherit. */
static enum gw_status make_memfd(const char *name, struct gw_str content, int *fd, struct gw_error *error) {
    int low = memfd_create(name, MFD_CLOEXEC);
    *fd = low < 0 ? -1 : fcntl(low, F_DUPFD_CLOEXEC, GW_OWN_FDS_FROM);
    if (low >= 0) {
        close(low);
    }
    return *fd < 0 ? gw_fail_errno(error, "no memory for %s", name) : write_all(*fd, content, error);
}

/* Workers open the same file, also when another one has its name by then. */
static enum gw_status open_model(struct gw_config_snapshot *snapshot, struct gw_model **model,
                                 struct gw_error *error) {
    char path[PATH_MAX], handle[64];
    struct gw_error why = {0};
    enum gw_status status = gw_model_path_find(snapshot->config->model, path, error);
    if (status != GW_OK) {
        return status;
    }
    int low = open(path, O_RDONLY | O_CLOEXEC);
    snapshot->model_fd = low < 0 ? -1 : fcntl(low, F_DUPFD_CLOEXEC, GW_OWN_FDS_FROM);
    if (snapshot->model_fd < 0) {
        status = gw_fail_errno(error, "the model %s cannot be opened", path);
    }
    if (low >= 0) {
        close(low);
    }
    if (status != GW_OK) {
        return status;
    }
    gw_model_fd_path(snapshot->model_fd, handle);
    status = gw_model_open(handle, model, &why);
    return status == GW_OK ? GW_OK : gw_fail(error, status, why.position, "%s: %s", path, why.detail);
}

/* Opens the model, and compiles the gazetteers with it. */
static enum gw_status make_gazetteer(struct gw_config_snapshot *snapshot, struct gw_error *error) {
    struct gw_model *model = NULL;
    struct gw_buffer compiled;
    gw_buffer_init(&compiled, &gw_allocator_system, GW_GAZETTEER_BYTES_MAX);
    enum gw_status status = open_model(snapshot, &model, error);
    if (status == GW_OK) {
        status = gw_gazetteer_compile(snapshot->config, model, &compiled, stderr, error);
    }
    if (status == GW_OK) {
        status = make_memfd("glosswire-gazetteer", gw_buffer_str(&compiled), &snapshot->gazetteer_fd, error);
    }
    gw_buffer_free(&compiled);
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

enum gw_status gw_config_snapshot_take(const char *path, const char *directory,
                                       struct gw_config_snapshot *snapshot, struct gw_error *error) {
    struct gw_str text;
    *snapshot = GW_CONFIG_SNAPSHOT_NONE;
    enum gw_status status = read_text(path, &text, error);
    if (status == GW_OK) {
        status = load(text, path, directory, &snapshot->config, error);
    }
    if (status == GW_OK) {
        status = make_gazetteer(snapshot, error);
    }
    if (status == GW_OK) {
        status = make_memfd("glosswire-config", text, &snapshot->text_fd, error);
    }
    free((char *)text.data);
    return status;
}

void gw_config_snapshot_close(struct gw_config_snapshot *snapshot) {
    gw_config_free(snapshot->config);
    const int fds[] = {snapshot->text_fd, snapshot->gazetteer_fd, snapshot->model_fd};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
        if (fds[i] >= 0) {
            close(fds[i]);
        }
    }
    *snapshot = GW_CONFIG_SNAPSHOT_NONE;
}
