/* gw_generate_config: writes what is made from the tables of run/ (the configuration's, the metrics') into
 * the source tree, or checks that it is there.
 *
 *     gw_generate_config write ROOT
 *     gw_generate_config check ROOT
 */
#include "base/file_map.h"
#include "run/admin/metrics.h"
#include "run/config/config_pages.h"

#include <stdio.h>
#include <stdlib.h>

#define FILE_BYTES_MAX ((size_t)4 << 20)
#define PATH_BYTES_MAX 4096

static const struct product {
    const char *path;
    enum gw_status (*write)(struct gw_buffer *out);
} products[] = {
    {"docs/reference/config.md", gw_config_write_reference},
    {"docs/reference/config.schema.json", gw_config_write_json_schema},
    {"docs/man/glosswire.yaml.5.scd", gw_config_write_manual},
    {"docs/reference/metrics.md", gw_metrics_write_reference},
};

static bool write_file(const char *path, struct gw_str content) {
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(content.data, 1, content.size, file) == content.size;
    written = file && fclose(file) == 0 && written;
    if (!written) {
        perror(path);
    }
    return written;
}

static bool is_fresh(const char *path, struct gw_str content) {
    struct gw_str present = {NULL, 0};
    struct gw_error error;
    bool fresh = gw_file_read(path, FILE_BYTES_MAX, &present, &error) == GW_OK && gw_str_eq(present, content);
    free((void *)(uintptr_t)present.data);
    if (!fresh) {
        fprintf(stderr, "%s is stale: build the target `generated` and commit what it wrote\n", path);
    }
    return fresh;
}

static bool handle(const struct product *product, const char *root, bool writing) {
    char path[PATH_BYTES_MAX];
    struct gw_buffer content;
    gw_buffer_init(&content, &gw_allocator_system, FILE_BYTES_MAX);
    snprintf(path, sizeof path, "%s/%s", root, product->path);
    bool done = product->write(&content) == GW_OK;
    if (done) {
        done = writing ? write_file(path, gw_buffer_str(&content)) : is_fresh(path, gw_buffer_str(&content));
    }
    gw_buffer_free(&content);
    return done;
}

int main(int argc, char **argv) {
    bool writing = argc == 3 && strcmp(argv[1], "write") == 0;
    if (!writing && (argc != 3 || strcmp(argv[1], "check") != 0)) {
        fprintf(stderr, "usage: gw_generate_config write|check ROOT\n");
        return 2;
    }
    bool done = true;
    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++) {
        done = handle(&products[i], argv[2], writing) && done;
    }
    return done ? 0 : 1;
}
