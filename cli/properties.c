/* One property a line; '#' begins a comment. */
#include "cli/properties.h"

#include "base/file_map.h"

#include <stdlib.h>

struct list {
    struct gw_arena *arena;
    struct gw_property *items;
    size_t count, capacity;
};

static struct gw_str trimmed(struct gw_str s) {
    while (s.size > 0 && (unsigned char)s.data[0] <= ' ') {
        s = gw_str_sub(s, 1, s.size);
    }
    while (s.size > 0 && (unsigned char)s.data[s.size - 1] <= ' ') {
        s.size--;
    }
    return s;
}

/* False when it is no KEY=VALUE, or there is no memory for it. */
static bool add(struct list *list, struct gw_str text) {
    const char *equals = text.size > 0 ? memchr(text.data, '=', text.size) : NULL;
    if (!equals || equals == text.data) {
        return false;
    }
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 16;
        struct gw_property *grown =
            gw_arena_grow(list->arena, list->items, list->capacity, capacity, sizeof *grown);
        if (!grown) {
            return false;
        }
        list->items = grown;
        list->capacity = capacity;
    }
    size_t split = (size_t)(equals - text.data);
    struct gw_property property = {
        gw_arena_copy(list->arena, trimmed(gw_str_sub(text, 0, split))).data,
        gw_arena_copy(list->arena, trimmed(gw_str_sub(text, split + 1, text.size))).data};
    list->items[list->count++] = property;
    return property.name && property.value;
}

static int read_lines(const char *name, struct gw_str text, struct list *list, FILE *errors) {
    for (unsigned line = 1; text.size > 0; line++) {
        const char *feed = memchr(text.data, '\n', text.size);
        size_t size = feed ? (size_t)(feed - text.data) : text.size;
        struct gw_str property = trimmed(gw_str_sub(text, 0, size));
        if (property.size > 0 && property.data[0] != '#' && !add(list, property)) {
            /* The line may hold a secret. */
            fprintf(errors, "%s:%u: a property is written KEY=VALUE\n", name, line);
            return GW_EXIT_CANNOT_START;
        }
        text = gw_str_sub(text, size + (feed != NULL), text.size);
    }
    return GW_EXIT_DONE;
}

static int read_file(const char *path, struct list *list, FILE *errors) {
    struct gw_str text;
    struct gw_error error;
    if (gw_file_read(path, GW_PROPERTIES_BYTES_MAX, &text, &error) != GW_OK) {
        fprintf(errors, "%s\n", error.detail);
        return GW_EXIT_CANNOT_START;
    }
    int code = read_lines(path, text, list, errors);
    free((char *)(uintptr_t)text.data);
    return code;
}

int gw_properties_read(const struct gw_arguments *arguments, size_t file, struct gw_arena *arena,
                       struct gw_kafka_settings *client, FILE *errors) {
    struct list list = {.arena = arena};
    const char *path = gw_option_value(arguments, file, NULL);
    int code = path ? read_file(path, &list, errors) : GW_EXIT_DONE;
    for (size_t i = 0; i < arguments->repeated_count && code == GW_EXIT_DONE; i++) {
        if (!add(&list, gw_str_from(arguments->repeated[i]))) {
            fprintf(errors, "glosswire %s: -X takes KEY=VALUE\n", arguments->command->name);
            code = GW_EXIT_USAGE;
        }
    }
    client->properties = list.items;
    client->property_count = list.count;
    return code;
}
