/* Walks the table of keys; headings come from the dots in their names. */
#include "cli/config_print.h"

#include "run/config/config_values.h"

#include <inttypes.h>

#define MASKED "********"

static const void *member_of(const struct gw_config *config, const struct gw_config_key *key) {
    return (const char *)config + key->offset;
}

/* As a double-quoted scalar. */
static void print_string(const char *text, FILE *out) {
    fputc('"', out);
    for (; text && *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') {
            fprintf(out, "\\%c", c);
        } else if (c < ' ' || c == 0x7f) {
            fprintf(out, "\\x%02x", c);
        } else {
            fputc(c, out);
        }
    }
    fputc('"', out);
}

static uint64_t number_of(const struct gw_config *config, const struct gw_config_key *key) {
    uint64_t wide = 0;
    memcpy(&wide, member_of(config, key), key->size < sizeof wide ? key->size : sizeof wide);
    return wide;
}

static void print_text(const struct gw_config *config, const struct gw_config_key *key, FILE *out) {
    const char *text;
    memcpy(&text, member_of(config, key), sizeof text);
    print_string(text, out);
}

static void print_secret(const struct gw_config *config, const struct gw_config_key *key, FILE *out) {
    (void)config, (void)key;
    print_string(MASKED, out);
}

static void print_bool(const struct gw_config *config, const struct gw_config_key *key, FILE *out) {
    fputs(number_of(config, key) ? "true" : "false", out);
}

static void print_number(const struct gw_config *config, const struct gw_config_key *key, FILE *out) {
    fprintf(out, "%" PRIu64, number_of(config, key));
}

struct unit {
    uint64_t size;
    const char *name;
};

/* In the largest unit that divides it. */
static void print_in(uint64_t number, const struct unit *units, FILE *out) {
    while (units->size > 1 && (number == 0 || number % units->size != 0)) {
        units++;
    }
    fprintf(out, "%" PRIu64 "%s", number / units->size, units->name);
}

static void print_size(const struct gw_config *config, const struct gw_config_key *key, FILE *out) {
    static const struct unit units[] = {{1U << 30, "GiB"}, {1U << 20, "MiB"}, {1U << 10, "KiB"}, {1, ""}};
    print_in(number_of(config, key), units, out);
}

static void print_duration(const struct gw_config *config, const struct gw_config_key *key, FILE *out) {
    static const struct unit units[] = {{3600000, "h"}, {60000, "m"}, {1000, "s"}, {1, "ms"}};
    print_in(number_of(config, key), units, out);
}

static void print_word(const struct gw_config *config, const struct gw_config_key *key, FILE *out) {
    const struct gw_key_word *word = key->words;
    while (word->word && (uint64_t)word->value != number_of(config, key)) {
        word++;
    }
    fputs(word->word ? word->word : "?", out);
}

static size_t count_of(const struct gw_config *config, const struct gw_config_key *key) {
    size_t count;
    memcpy(&count, (const char *)config + key->count_offset, sizeof count);
    return count;
}

static void print_strings(const struct gw_config *config, const struct gw_config_key *key, FILE *out) {
    const char *const *items;
    memcpy(&items, member_of(config, key), sizeof items);
    fputc('[', out);
    for (size_t i = 0; i < count_of(config, key); i++) {
        fputs(i > 0 ? ", " : "", out);
        print_string(items[i], out);
    }
    fputc(']', out);
}

/* Any of a client's own settings may be a secret. */
static bool looks_secret(const char *name) {
    return strstr(name, "password") || strstr(name, "secret") || strstr(name, "jaas") ||
           strstr(name, "key.pem") || strstr(name, "token");
}

static void print_properties(const struct gw_config *config, const struct gw_config_key *key, FILE *out) {
    const struct gw_property *items;
    memcpy(&items, member_of(config, key), sizeof items);
    fputc('{', out);
    for (size_t i = 0; i < count_of(config, key); i++) {
        fputs(i > 0 ? ", " : "", out);
        print_string(items[i].name, out);
        fputs(": ", out);
        print_string(looks_secret(items[i].name) ? MASKED : items[i].value, out);
    }
    fputc('}', out);
}

static void (*const printers[GW_KEY_TYPE_COUNT])(const struct gw_config *, const struct gw_config_key *,
                                                 FILE *) = {
    [GW_KEY_STRING] = print_text,          [GW_KEY_PATH] = print_text,
    [GW_KEY_SECRET] = print_secret,        [GW_KEY_BOOL] = print_bool,
    [GW_KEY_NUMBER] = print_number,        [GW_KEY_SIZE] = print_size,
    [GW_KEY_DURATION] = print_duration,    [GW_KEY_WORD] = print_word,
    [GW_KEY_STRINGS] = print_strings,      [GW_KEY_PATHS] = print_strings,
    [GW_KEY_PROPERTIES] = print_properties};

/* Whether a number is none that can be written: it stands for a default that is somebody else's. */
static bool is_beyond(const struct gw_config *config, const struct gw_config_key *key) {
    bool number = key->type == GW_KEY_NUMBER || key->type == GW_KEY_SIZE || key->type == GW_KEY_DURATION;
    return number && number_of(config, key) < key->min;
}

/* Whether the key stands in a section of a kind that was not chosen. */
static bool is_of_other_kind(const struct gw_config *config, const struct gw_config_key *key) {
    for (size_t i = 0; i < gw_config_section_count; i++) {
        const struct gw_config_section *section = &gw_config_sections[i];
        size_t size = strlen(section->name);
        bool inside = strncmp(key->name, section->name, size) == 0 && key->name[size] == '.';
        enum gw_endpoint_kind kind;
        memcpy(&kind, (const char *)config + section->kind_offset, sizeof kind);
        if (inside && section->kind != GW_ENDPOINT_UNSET && section->kind != kind) {
            return true;
        }
    }
    return false;
}

/* Prints the headings that `name` stands under and the key before it did not. Returns its depth. */
static int print_headings(const char *name, const char *before, FILE *out) {
    int depth = 0;
    for (const char *dot = strchr(name, '.'), *start = name; dot; start = dot + 1, dot = strchr(start, '.')) {
        size_t size = (size_t)(dot - name) + 1;
        if (strncmp(name, before, size) != 0) {
            fprintf(out, "%*s%.*s:\n", 2 * depth, "", (int)(dot - start), start);
        }
        depth++;
    }
    return depth;
}

void gw_config_print(const struct gw_config *config, FILE *out) {
    const char *before = "";
    for (size_t i = 0; i < gw_config_key_count; i++) {
        const struct gw_config_key *key = &gw_config_keys[i];
        if (!gw_config_value_is_set(key, config) || is_beyond(config, key) || is_of_other_kind(config, key)) {
            continue;
        }
        int depth = print_headings(key->name, before, out);
        const char *last = strrchr(key->name, '.');
        fprintf(out, "%*s%s: ", 2 * depth, "", last ? last + 1 : key->name);
        printers[key->type](config, key, out);
        fputc('\n', out);
        before = key->name;
    }
}
