/* A load's mistakes, each with the line and the key that it is about. */
#include "run/config/config_loader.h"

#include <stdarg.h>
#include <stdio.h>

static void copy_cut(char *out, size_t size, const char *text) {
    snprintf(out, size, "%s", text);
}

void gw_config_complain(struct gw_config_loader *loader, unsigned line, const char *key, const char *format,
                        ...) {
    if (loader->errors->count == GW_CONFIG_ERRORS_MAX) {
        return;
    }
    struct gw_config_error *mistake = &loader->errors->items[loader->errors->count++];
    mistake->line = line;
    copy_cut(mistake->key, sizeof mistake->key, key);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(mistake->message, sizeof mistake->message, format, arguments);
    va_end(arguments);
}

void gw_config_complain_of(struct gw_config_loader *loader, unsigned line, const char *key,
                           const struct gw_error *error) {
    if (error->status == GW_NO_MEMORY) {
        loader->no_memory = true;
    } else {
        gw_config_complain(loader, line, key, "%s", error->detail);
    }
}

unsigned gw_config_line(const struct gw_config_loader *loader, const char *name) {
    char prefix[GW_ERROR_DETAIL_MAX];
    copy_cut(prefix, sizeof prefix, name);
    const struct gw_config_key *key = gw_config_key_find(prefix);
    if (key && loader->key_lines[key - gw_config_keys] > 0) {
        return loader->key_lines[key - gw_config_keys];
    }
    for (;;) {
        const struct gw_config_section *section = gw_config_section_find(prefix);
        if (section && loader->section_lines[section - gw_config_sections] > 0) {
            return loader->section_lines[section - gw_config_sections];
        }
        char *dot = strrchr(prefix, '.');
        if (!dot) {
            return 0;
        }
        *dot = '\0';
    }
}
