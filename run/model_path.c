/* Finds the default model relative to the program, so that a checkout and an installation both work as they
 * are. */
#include "run/model_path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const folders[] = {"models", "../models", "../share/glosswire/models"};

/* The folder of the running program, without a slash at its end. */
static enum gw_status program_folder(char out[PATH_MAX], struct gw_error *error) {
    ssize_t size = readlink("/proc/self/exe", out, PATH_MAX - 1);
    if (size < 0) {
        return gw_fail_errno(error, "the program's own place cannot be found");
    }
    out[size] = '\0';
    char *slash = strrchr(out, '/');
    if (slash) {
        *slash = '\0';
    }
    return GW_OK;
}

static enum gw_status copy(const char *path, char out[PATH_MAX], struct gw_error *error) {
    if (snprintf(out, PATH_MAX, "%s", path) >= PATH_MAX) {
        return gw_fail(error, GW_BAD_MODEL, GW_NO_POSITION, "the model's path is too long");
    }
    return GW_OK;
}

enum gw_status gw_model_path_find(const char *wanted, char out[PATH_MAX], struct gw_error *error) {
    char folder[PATH_MAX];
    wanted = wanted ? wanted : getenv("GLOSSWIRE_MODEL");
    if (wanted) {
        return copy(wanted, out, error);
    }
    enum gw_status status = program_folder(folder, error);
    if (status != GW_OK) {
        return status;
    }
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        if (snprintf(out, PATH_MAX, "%s/%s/en-news.gwm", folder, folders[i]) < PATH_MAX &&
            access(out, R_OK) == 0) {
            return GW_OK;
        }
    }
    return gw_fail(
        error, GW_BAD_MODEL, GW_NO_POSITION,
        "there is no model: name one with --model, the key `model` or GLOSSWIRE_MODEL "
        "(looked for en-news.gwm in models, ../models and ../share/glosswire/models beside the program)");
}

void gw_model_fd_path(int fd, char out[64]) {
    snprintf(out, 64, "/proc/self/fd/%d", fd);
}
