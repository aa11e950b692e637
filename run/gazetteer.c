/* The gazetteers that a configuration names, compiled and mapped. */
#include "run/gazetteer.h"

#include "base/file_map.h"
#include "process/entities/links/user_gazetteer.h"
#include "process/entities/links/user_gazetteer_compile.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define COMPLAINTS_BYTES_MAX ((size_t)64 << 10)

struct gw_gazetteer {
    struct gw_user_gazetteer names;
    struct gw_str mapped;      /* the descriptor's pages, or */
    struct gw_buffer compiled; /* what was compiled in this process */
};

/* A gazetteer's name is its file's without folder and extension. */
static struct gw_str name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    struct gw_str name = gw_str_from(slash ? slash + 1 : path);
    const char *dot = memchr(name.data, '.', name.size);
    return dot && dot > name.data ? gw_str_sub(name, 0, (size_t)(dot - name.data)) : name;
}

/* Read, not mapped: an editor may cut a file short while it is compiled. */
static enum gw_status read_sources(const struct gw_config *config, struct gw_user_source *sources,
                                   struct gw_error *error) {
    for (size_t i = 0; i < config->gazetteers.count; i++) {
        const char *path = config->gazetteers.items[i];
        sources[i] = (struct gw_user_source){path, name_of(path), {NULL, 0}};
        enum gw_status status = gw_file_read(path, GW_GAZETTEER_BYTES_MAX, &sources[i].text, error);
        if (status == GW_TOO_LARGE || status == GW_SYSTEM) {
            return gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION, "%s: the gazetteer %s", path,
                           status == GW_SYSTEM ? "cannot be read" : "is larger than 1GiB");
        }
        if (status != GW_OK) {
            return status;
        }
    }
    return GW_OK;
}

enum gw_status gw_gazetteer_compile(const struct gw_config *config, const struct gw_model *model,
                                    struct gw_buffer *out, FILE *complaints, struct gw_error *error) {
    struct gw_user_source sources[GW_USER_GAZETTEERS_MOST] = {0};
    struct gw_buffer mistakes;
    if (config->gazetteers.count == 0) {
        return GW_OK;
    }
    if (config->gazetteers.count > GW_USER_GAZETTEERS_MOST) {
        return gw_fail(error, GW_BAD_CONFIG, GW_NO_POSITION, "gazetteers: at most %u files",
                       GW_USER_GAZETTEERS_MOST);
    }
    gw_buffer_init(&mistakes, &gw_allocator_system, COMPLAINTS_BYTES_MAX);
    enum gw_status status = read_sources(config, sources, error);
    if (status == GW_OK) {
        status = gw_user_gazetteer_compile(sources, config->gazetteers.count, model, out, &mistakes, error);
    }
    if (mistakes.size > 0) {
        fwrite(mistakes.data, 1, mistakes.size, complaints);
    }
    for (size_t i = 0; i < config->gazetteers.count; i++) {
        free((char *)(uintptr_t)sources[i].text.data);
    }
    gw_buffer_free(&mistakes);
    return status;
}

/* An opened gazetteer that has its memory still to come. */
static enum gw_status make(struct gw_gazetteer **gazetteer, struct gw_error *error) {
    *gazetteer = calloc(1, sizeof **gazetteer);
    if (!*gazetteer) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for the gazetteer");
    }
    gw_buffer_init(&(*gazetteer)->compiled, &gw_allocator_system, GW_GAZETTEER_BYTES_MAX);
    return GW_OK;
}

/* Keeps it when it could be opened. */
static enum gw_status keep(enum gw_status status, struct gw_gazetteer *made,
                           struct gw_gazetteer **gazetteer) {
    if (status != GW_OK) {
        gw_gazetteer_close(made);
        made = NULL;
    }
    *gazetteer = made;
    return status;
}

enum gw_status gw_gazetteer_open(const struct gw_config *config, const struct gw_model *model,
                                 struct gw_gazetteer **gazetteer, struct gw_error *error) {
    struct gw_gazetteer *made;
    *gazetteer = NULL;
    if (config->gazetteers.count == 0) {
        return GW_OK;
    }
    enum gw_status status = make(&made, error);
    if (status == GW_OK) {
        status = gw_gazetteer_compile(config, model, &made->compiled, stderr, error);
    }
    if (status == GW_OK) {
        status = gw_user_gazetteer_open(gw_buffer_str(&made->compiled), model, &made->names, error);
    }
    return keep(status, made, gazetteer);
}

static enum gw_status map(int fd, size_t size, struct gw_gazetteer *gazetteer, struct gw_error *error) {
    void *pages = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    if (pages == MAP_FAILED) {
        return gw_fail_errno(error, "the compiled gazetteer cannot be mapped");
    }
    gazetteer->mapped = (struct gw_str){pages, size};
    return GW_OK;
}

enum gw_status gw_gazetteer_open_fd(int fd, const struct gw_model *model, struct gw_gazetteer **gazetteer,
                                    struct gw_error *error) {
    struct stat file = {.st_size = 0};
    struct gw_gazetteer *made;
    *gazetteer = NULL;
    if (fd >= 0 && fstat(fd, &file) != 0) {
        return gw_fail_errno(error, "the compiled gazetteer cannot be read");
    }
    if (file.st_size == 0) {
        return GW_OK;
    }
    enum gw_status status = make(&made, error);
    if (status == GW_OK) {
        status = map(fd, (size_t)file.st_size, made, error);
    }
    if (status == GW_OK) {
        status = gw_user_gazetteer_open(made->mapped, model, &made->names, error);
    }
    return keep(status, made, gazetteer);
}

void gw_gazetteer_close(struct gw_gazetteer *gazetteer) {
    if (gazetteer) {
        if (gazetteer->mapped.data) {
            munmap((void *)(uintptr_t)gazetteer->mapped.data, gazetteer->mapped.size);
        }
        gw_buffer_free(&gazetteer->compiled);
        free(gazetteer);
    }
}

const struct gw_user_gazetteer *gw_gazetteer_names(const struct gw_gazetteer *gazetteer) {
    return gazetteer ? &gazetteer->names : NULL;
}

const char *gw_gazetteer_hash(const struct gw_gazetteer *gazetteer) {
    return gazetteer ? gazetteer->names.hash : "";
}
