/* The model: one read-only file with weights, lexicons and gazetteers, mapped and shared by all workers. */
#ifndef GW_PROCESS_MODEL_H
#define GW_PROCESS_MODEL_H

#include "base/status.h"
#include "base/str.h"

#include <stdbool.h>

struct gw_model;

/* Maps and checks a model file: magic, version, byte order, size, hash, and the bounds of every section.
 * GW_BAD_MODEL says what is wrong. The model is immutable and may be used from any thread; free it with
 * gw_model_close. */
enum gw_status gw_model_open(const char *path, struct gw_model **model, struct gw_error *error);

/* NULL is fine. No annotation made with the model may be in use. */
void gw_model_close(struct gw_model *model);

/* "en-news/1"; owned by the model. */
struct gw_str gw_model_name(const struct gw_model *model);

/* Bytes of the file. */
size_t gw_model_size(const struct gw_model *model);

/* One table of the file. */
struct gw_model_part {
    const char *name;
    size_t records, bytes;
};

/* The `index`th table; false behind the last. */
bool gw_model_part(const struct gw_model *model, size_t index, struct gw_model_part *part);

/* 32 hexadecimal digits over the file's content; owned by the model. */
struct gw_str gw_model_hash(const struct gw_model *model);

#endif
