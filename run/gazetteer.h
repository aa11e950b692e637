/* The gazetteers that a configuration names, compiled and mapped. The supervisor compiles them into a memfd
 * with each snapshot of the configuration; workers map that, so all share its pages and a worker never sees
 * half an edit. */
#ifndef GW_RUN_GAZETTEER_H
#define GW_RUN_GAZETTEER_H

#include "base/buffer.h"
#include "run/config/config.h"

#include <stdio.h>

/* The largest file of names. */
#define GW_GAZETTEER_BYTES_MAX ((size_t)1 << 30)

struct gw_gazetteer;
struct gw_user_gazetteer;

/* Compiles the configuration's gazetteers; `out` stays empty when it names none. Mistakes are written to
 * `complaints` as file:line: message, and the status is GW_BAD_CONFIG then. */
enum gw_status gw_gazetteer_compile(const struct gw_config *config, const struct gw_model *model,
                                    struct gw_buffer *out, FILE *complaints, struct gw_error *error);

/* Compiles and opens them in this process; NULL when the configuration names none. Free with
 * gw_gazetteer_close; the model must outlive it. */
enum gw_status gw_gazetteer_open(const struct gw_config *config, const struct gw_model *model,
                                 struct gw_gazetteer **gazetteer, struct gw_error *error);

/* Maps what was compiled into `fd`; NULL when the file is empty or `fd` is -1. The descriptor may be closed
 * afterwards. */
enum gw_status gw_gazetteer_open_fd(int fd, const struct gw_model *model, struct gw_gazetteer **gazetteer,
                                    struct gw_error *error);

/* NULL is fine. */
void gw_gazetteer_close(struct gw_gazetteer *gazetteer);

/* What the annotator wants; NULL for NULL. */
const struct gw_user_gazetteer *gw_gazetteer_names(const struct gw_gazetteer *gazetteer);

/* Hexadecimal digits over the content; "" for NULL. Owned by the gazetteer. */
const char *gw_gazetteer_hash(const struct gw_gazetteer *gazetteer);

#endif
