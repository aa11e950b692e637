/* Where the model lies when nobody has said so. */
#ifndef GW_RUN_MODEL_PATH_H
#define GW_RUN_MODEL_PATH_H

#include "base/status.h"

#include <limits.h>

/* The model's path: `wanted` where it is not NULL, else $GLOSSWIRE_MODEL, else en-news.gwm in the first of
 * these that has it, as seen from the program's own folder: models (a copy), ../models (a checkout's build
 * folder), ../share/glosswire/models (installed). GW_BAD_MODEL when there is none; the detail tells where it
 * was looked for. */
enum gw_status gw_model_path_find(const char *wanted, char out[PATH_MAX], struct gw_error *error);

/* The path by which an open file is opened anew in this process: "/proc/self/fd/7". */
void gw_model_fd_path(int fd, char out[64]);

#endif
