/* Loading, step by step: the table's defaults, the file, then what follows from both. */
#include "base/file_map.h"
#include "run/config/config_loader.h"

#include <stdlib.h>

/* Strings of a configuration; far above what a file of GW_CONFIG_BYTES_MAX comes to. */
#define ARENA_LIMIT ((size_t)64 << 20)
#define HASHED_MAX  ((size_t)64 << 10)
#define VALUE_MAX   ((size_t)4 << 20)

/* The config with the memory of its strings behind it. */
struct owned_config {
    struct gw_config config;
    struct gw_arena arena;
};

static void set_initial_values(struct gw_config_loader *loader) {
    for (size_t i = 0; i < gw_config_key_count; i++) {
        const struct gw_config_key *key = &gw_config_keys[i];
        struct gw_error error = {0};
        if (key->initial && gw_config_value_parse(key, gw_str_from(key->initial), &loader->scope,
                                                  loader->config, &error) != GW_OK) {
            gw_config_complain_of(loader, 0, key->name, &error);
        }
    }
}

/* Names are hashed with the values, so that a new key changes no old hash by chance. */
static enum gw_status hash_records_keys(struct gw_config *config) {
    struct gw_buffer text;
    gw_buffer_init(&text, &gw_allocator_system, HASHED_MAX);
    for (size_t i = 0; i < gw_config_key_count; i++) {
        if (gw_config_keys[i].flags & GW_KEY_AFFECTS_RECORDS) {
            gw_config_value_append(&gw_config_keys[i], config, &text);
        }
    }
    if (text.failed == GW_OK) {
        gw_hash128_hex(gw_hash128(gw_buffer_str(&text)), config->hash);
    }
    enum gw_status status = text.failed;
    gw_buffer_free(&text);
    return status;
}

static enum gw_status load(struct gw_config_loader *loader, struct gw_str text) {
    set_initial_values(loader);
    if (text.size > GW_CONFIG_BYTES_MAX) {
        gw_config_complain(loader, 0, "", "is larger than %zu bytes", GW_CONFIG_BYTES_MAX);
    } else {
        gw_config_read_yaml(loader, text);
    }
    if (!loader->no_memory) {
        gw_config_finish(loader);
    }
    if (loader->no_memory) {
        return GW_NO_MEMORY;
    }
    return loader->errors->count > 0 ? GW_BAD_CONFIG : hash_records_keys(loader->config);
}

enum gw_status gw_config_load(struct gw_str text, const char *directory, struct gw_config **config,
                              struct gw_config_errors *errors) {
    memset(errors, 0, sizeof *errors);
    struct owned_config *owned = calloc(1, sizeof *owned);
    if (!owned) {
        return GW_NO_MEMORY;
    }
    gw_arena_init(&owned->arena, &gw_allocator_system, ARENA_LIMIT);
    struct gw_config_loader loader = {
        .config = &owned->config, .scope = {&owned->arena, directory}, .errors = errors};
    enum gw_status status = load(&loader, text);
    if (status != GW_OK) {
        gw_config_free(&owned->config);
        return status;
    }
    *config = &owned->config;
    return GW_OK;
}

/* `config` is the first member of its owner. */
void gw_config_free(struct gw_config *config) {
    if (config) {
        struct owned_config *owned = (struct owned_config *)(void *)config;
        gw_arena_free(&owned->arena);
        free(owned);
    }
}

static enum gw_status fail_to_read(struct gw_config_errors *errors, const struct gw_error *error) {
    memset(errors, 0, sizeof *errors);
    errors->count = 1;
    snprintf(errors->items[0].message, sizeof errors->items[0].message, "%s", error->detail);
    return GW_BAD_CONFIG;
}

enum gw_status gw_config_load_file(const char *path, struct gw_config **config,
                                   struct gw_config_errors *errors) {
    if (!path) {
        return gw_config_load((struct gw_str){0}, NULL, config, errors);
    }
    struct gw_error error;
    struct gw_str text;
    if (gw_file_read(path, GW_CONFIG_BYTES_MAX, &text, &error) != GW_OK) {
        return fail_to_read(errors, &error);
    }
    const char *slash = strrchr(path, '/');
    char *directory = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup("");
    enum gw_status status = directory ? gw_config_load(text, directory, config, errors) : GW_NO_MEMORY;
    free(directory);
    free((void *)(uintptr_t)text.data);
    return status;
}

void gw_config_print_errors(const struct gw_config_errors *errors, const char *path, FILE *out) {
    for (size_t i = 0; i < errors->count; i++) {
        const struct gw_config_error *mistake = &errors->items[i];
        fputs(path ? path : "the embedded configuration", out);
        if (mistake->line > 0) {
            fprintf(out, ":%u", mistake->line);
        }
        fprintf(out, ": %s%s%s\n", mistake->key, mistake->key[0] ? ": " : "", mistake->message);
    }
}

static bool differs(const struct gw_config_key *key, const struct gw_config *a, const struct gw_config *b) {
    struct gw_buffer texts[2];
    gw_buffer_init(&texts[0], &gw_allocator_system, VALUE_MAX);
    gw_buffer_init(&texts[1], &gw_allocator_system, VALUE_MAX);
    gw_config_value_append(key, a, &texts[0]);
    gw_config_value_append(key, b, &texts[1]);
    bool same = texts[0].failed == GW_OK && texts[1].failed == GW_OK &&
                gw_str_eq(gw_buffer_str(&texts[0]), gw_buffer_str(&texts[1]));
    gw_buffer_free(&texts[0]);
    gw_buffer_free(&texts[1]);
    return !same;
}

const char *gw_config_needs_restart(const struct gw_config *running, const struct gw_config *wanted) {
    if (gw_config_uses_hub(running) != gw_config_uses_hub(wanted)) {
        return running->source.kind != wanted->source.kind ? "source" : "sink";
    }
    for (size_t i = 0; i < gw_config_key_count; i++) {
        if ((gw_config_keys[i].flags & GW_KEY_NEEDS_RESTART) &&
            differs(&gw_config_keys[i], running, wanted)) {
            return gw_config_keys[i].name;
        }
    }
    return NULL;
}
