/* One parser per type, found by a table. */
#include "run/config/config_values.h"

#include <inttypes.h>
#include <stdlib.h>

/* A number with a unit: "16MiB", "30s". */
struct unit {
    const char *name;
    uint64_t factor;
};

static const struct unit size_units[] = {{"", 1},          {"B", 1},         {"KiB", 1 << 10},
                                         {"MiB", 1 << 20}, {"GiB", 1 << 30}, {0}};
static const struct unit duration_units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {0}};
static const struct unit no_units[] = {{"", 1}, {0}};

#define SIZE_HINT     "write a size such as 4096, 64KiB, 16MiB or 1GiB"
#define DURATION_HINT "write a duration with its unit, such as 250ms, 30s, 5m or 1h"

/* The most of a wrong value that a message repeats. */
#define SHOWN_MAX 60

struct parse {
    const struct gw_config_key *key;
    const struct gw_config_scope *scope;
    struct gw_config *config;
    struct gw_error *error;
};

static void *member_of(const struct parse *parse) {
    return (char *)parse->config + parse->key->offset;
}

static enum gw_status wrong(const struct parse *parse, struct gw_str text, const char *what) {
    if (parse->key->type == GW_KEY_SECRET) {
        return gw_fail(parse->error, GW_BAD_VALUE, GW_NO_POSITION, "%s", what);
    }
    int shown = text.size < SHOWN_MAX ? (int)text.size : SHOWN_MAX;
    return gw_fail(parse->error, GW_BAD_VALUE, GW_NO_POSITION, "\"%.*s\": %s", shown, text.data, what);
}

static enum gw_status no_memory(const struct parse *parse) {
    return gw_fail(parse->error, GW_NO_MEMORY, GW_NO_POSITION, "no memory for the configuration");
}

/* Decimal digits; false when there are none or the number does not fit. */
static bool take_number(struct gw_str *text, uint64_t *number) {
    size_t digits = 0;
    *number = 0;
    while (digits < text->size && text->data[digits] >= '0' && text->data[digits] <= '9') {
        unsigned digit = (unsigned)(text->data[digits] - '0');
        if (__builtin_mul_overflow(*number, 10, number) || __builtin_add_overflow(*number, digit, number)) {
            return false;
        }
        digits++;
    }
    *text = gw_str_sub(*text, digits, text->size);
    return digits > 0;
}

static void skip_spaces(struct gw_str *text) {
    while (text->size > 0 && text->data[0] == ' ') {
        *text = gw_str_sub(*text, 1, text->size);
    }
}

static bool parse_quantity(struct gw_str text, const struct unit *units, uint64_t *value) {
    if (!take_number(&text, value)) {
        return false;
    }
    skip_spaces(&text);
    for (; units->name; units++) {
        if (gw_str_is(text, units->name)) {
            return !__builtin_mul_overflow(*value, units->factor, value);
        }
    }
    return false;
}

/* Members are int, size_t, uint64_t or bool. */
static void store_number(const struct parse *parse, uint64_t value) {
    if (parse->key->size == sizeof(uint64_t)) {
        memcpy(member_of(parse), &value, sizeof value);
    } else if (parse->key->size == sizeof(int)) {
        int narrow = (int)value;
        memcpy(member_of(parse), &narrow, sizeof narrow);
    } else {
        bool flag = value != 0;
        memcpy(member_of(parse), &flag, sizeof flag);
    }
}

static uint64_t load_number(const struct gw_config_key *key, const struct gw_config *config) {
    const char *member = (const char *)config + key->offset;
    uint64_t value = 0;
    if (key->size == sizeof value) {
        memcpy(&value, member, sizeof value);
    } else if (key->size == sizeof(int)) {
        int narrow;
        memcpy(&narrow, member, sizeof narrow);
        value = (uint64_t)narrow;
    } else {
        bool flag;
        memcpy(&flag, member, sizeof flag);
        value = flag;
    }
    return value;
}

static const struct unit *units_of(enum gw_key_type type) {
    return type == GW_KEY_SIZE ? size_units : (type == GW_KEY_DURATION ? duration_units : no_units);
}

/* In the largest unit that divides it, as one would write it. */
void gw_config_bound_format(const struct gw_config_key *key, uint64_t bound, char out[GW_CONFIG_BOUND_SIZE]) {
    const struct unit *best = units_of(key->type);
    for (const struct unit *unit = best; unit->name; unit++) {
        if (bound > 0 && bound % unit->factor == 0 && unit->factor > best->factor) {
            best = unit;
        }
    }
    snprintf(out, GW_CONFIG_BOUND_SIZE, "%" PRIu64 "%s", bound / best->factor, best->name);
}

static enum gw_status parse_quantity_of(const struct parse *parse, struct gw_str text, const char *hint) {
    const struct gw_config_key *key = parse->key;
    uint64_t value;
    if (!parse_quantity(text, units_of(key->type), &value)) {
        return wrong(parse, text, hint);
    }
    if (value < key->min || value > key->max) {
        char least[GW_CONFIG_BOUND_SIZE], most[GW_CONFIG_BOUND_SIZE];
        gw_config_bound_format(key, key->min, least);
        gw_config_bound_format(key, key->max, most);
        return gw_fail(parse->error, GW_BAD_VALUE, GW_NO_POSITION,
                       GW_STR_FMT " is out of bounds; write a value from %s to %s", GW_STR_ARG(text), least,
                       most);
    }
    store_number(parse, value);
    return GW_OK;
}

static enum gw_status parse_number(const struct parse *parse, struct gw_str text) {
    return parse_quantity_of(parse, text, "write a whole number");
}

static enum gw_status parse_size(const struct parse *parse, struct gw_str text) {
    return parse_quantity_of(parse, text, SIZE_HINT);
}

static enum gw_status parse_duration(const struct parse *parse, struct gw_str text) {
    return parse_quantity_of(parse, text, DURATION_HINT);
}

static enum gw_status parse_bool(const struct parse *parse, struct gw_str text) {
    if (!gw_str_is(text, "true") && !gw_str_is(text, "false")) {
        return wrong(parse, text, "write true or false");
    }
    store_number(parse, gw_str_is(text, "true"));
    return GW_OK;
}

/* "write push, pub or acked" */
static void list_words(const struct gw_key_word *words, char *out, size_t size) {
    int used = snprintf(out, size, "write ");
    for (const struct gw_key_word *word = words; word->word && used >= 0 && (size_t)used < size; word++) {
        const char *before = word == words ? "" : (word[1].word ? ", " : " or ");
        used += snprintf(out + used, size - (size_t)used, "%s%s", before, word->word);
    }
}

static enum gw_status parse_word(const struct parse *parse, struct gw_str text) {
    for (const struct gw_key_word *word = parse->key->words; word->word; word++) {
        if (gw_str_is(text, word->word)) {
            store_number(parse, (uint64_t)word->value);
            return GW_OK;
        }
    }
    char choice[128];
    list_words(parse->key->words, choice, sizeof choice);
    return wrong(parse, text, choice);
}

/* A terminated copy that has passed the key's own check. */
static enum gw_status take_string(const struct parse *parse, struct gw_str text, const char **out) {
    if (memchr(text.data, '\0', text.size)) {
        return wrong(parse, text, "has a NUL character; take it out");
    }
    struct gw_str copy = gw_arena_copy(parse->scope->arena, text);
    if (!copy.data) {
        return no_memory(parse);
    }
    const char *complaint = parse->key->check ? parse->key->check(copy.data) : NULL;
    if (complaint) {
        return wrong(parse, text, complaint);
    }
    *out = copy.data;
    return GW_OK;
}

static enum gw_status take_path(const struct parse *parse, struct gw_str text, const char **out) {
    const char *directory = parse->scope->directory;
    const char *path = NULL;
    enum gw_status status = take_string(parse, text, &path);
    if (!path || path[0] == '/' || strcmp(path, "-") == 0 || !directory || directory[0] == '\0') {
        *out = path;
        return status;
    }
    size_t size = strlen(directory) + 1 + strlen(path) + 1;
    char *joined = gw_arena_take(parse->scope->arena, size);
    if (!joined) {
        return no_memory(parse);
    }
    snprintf(joined, size, "%s/%s", directory, path);
    *out = joined;
    return GW_OK;
}

static enum gw_status parse_string(const struct parse *parse, struct gw_str text) {
    return take_string(parse, text, member_of(parse));
}

static enum gw_status parse_path(const struct parse *parse, struct gw_str text) {
    return take_path(parse, text, member_of(parse));
}

static void store_list(const struct parse *parse, const void *items, size_t count) {
    memcpy(member_of(parse), &items, sizeof items);
    memcpy((char *)parse->config + parse->key->count_offset, &count, sizeof count);
}

static enum gw_status parse_list(const struct parse *parse, const struct gw_str *items, size_t count) {
    const char **copies = gw_arena_take_zeroed(parse->scope->arena, count, sizeof *copies);
    if (!copies) {
        return no_memory(parse);
    }
    for (size_t i = 0; i < count; i++) {
        enum gw_status status = parse->key->type == GW_KEY_PATHS ? take_path(parse, items[i], &copies[i])
                                                                 : take_string(parse, items[i], &copies[i]);
        if (status != GW_OK) {
            return status;
        }
    }
    store_list(parse, copies, count);
    return GW_OK;
}

static enum gw_status parse_one_item(const struct parse *parse, struct gw_str text) {
    return parse_list(parse, &text, 1);
}

static enum gw_status parse_no_map(const struct parse *parse, struct gw_str text) {
    return wrong(parse, text, "write a map, name: value");
}

enum gw_status gw_config_value_parse(const struct gw_config_key *key, struct gw_str text,
                                     const struct gw_config_scope *scope, struct gw_config *config,
                                     struct gw_error *error) {
    static enum gw_status (*const parsers[GW_KEY_TYPE_COUNT])(const struct parse *, struct gw_str) = {
        [GW_KEY_STRING] = parse_string,     [GW_KEY_PATH] = parse_path,
        [GW_KEY_SECRET] = parse_string,     [GW_KEY_BOOL] = parse_bool,
        [GW_KEY_NUMBER] = parse_number,     [GW_KEY_SIZE] = parse_size,
        [GW_KEY_DURATION] = parse_duration, [GW_KEY_WORD] = parse_word,
        [GW_KEY_STRINGS] = parse_one_item,  [GW_KEY_PATHS] = parse_one_item,
        [GW_KEY_PROPERTIES] = parse_no_map,
    };
    return parsers[key->type](&(struct parse){key, scope, config, error}, text);
}

enum gw_status gw_config_list_parse(const struct gw_config_key *key, const struct gw_str *items, size_t count,
                                    const struct gw_config_scope *scope, struct gw_config *config,
                                    struct gw_error *error) {
    return parse_list(&(struct parse){key, scope, config, error}, items, count);
}

enum gw_status gw_config_properties_parse(const struct gw_config_key *key, const struct gw_str *names,
                                          const struct gw_str *values, size_t count,
                                          const struct gw_config_scope *scope, struct gw_config *config,
                                          struct gw_error *error) {
    const struct parse parse = {key, scope, config, error};
    struct gw_property *properties = gw_arena_take_zeroed(scope->arena, count, sizeof *properties);
    if (!properties) {
        return no_memory(&parse);
    }
    for (size_t i = 0; i < count; i++) {
        struct gw_str value = gw_arena_copy(scope->arena, values[i]);
        enum gw_status status = take_string(&parse, names[i], &properties[i].name);
        if (status != GW_OK) {
            return status;
        }
        if (!value.data) {
            return no_memory(&parse);
        }
        properties[i].value = value.data;
    }
    store_list(&parse, properties, count);
    return GW_OK;
}

static bool is_list(enum gw_key_type type) {
    return type == GW_KEY_STRINGS || type == GW_KEY_PATHS || type == GW_KEY_PROPERTIES;
}

static bool is_text(enum gw_key_type type) {
    return type == GW_KEY_STRING || type == GW_KEY_PATH || type == GW_KEY_SECRET;
}

static const char *load_text(const struct gw_config_key *key, const struct gw_config *config) {
    const char *text;
    memcpy(&text, (const char *)config + key->offset, sizeof text);
    return text;
}

static size_t load_count(const struct gw_config_key *key, const struct gw_config *config) {
    size_t count;
    memcpy(&count, (const char *)config + key->count_offset, sizeof count);
    return count;
}

bool gw_config_value_is_set(const struct gw_config_key *key, const struct gw_config *config) {
    if (is_text(key->type)) {
        return load_text(key, config);
    }
    return !is_list(key->type) || load_count(key, config) > 0;
}

/* Each text with its size in front, so that no two lists look alike. */
static void append_text(const char *text, struct gw_buffer *out) {
    if (text) {
        gw_buffer_appendf(out, "%zu:", strlen(text));
        gw_buffer_append_str(out, gw_str_from(text));
    } else {
        gw_buffer_append_str(out, GW_STR("-"));
    }
}

/* A property is two strings, so both kinds of list are arrays of strings. */
static void append_list(const struct gw_config_key *key, const struct gw_config *config,
                        struct gw_buffer *out) {
    size_t per_item = key->type == GW_KEY_PROPERTIES ? 2 : 1;
    const char *const *texts;
    memcpy(&texts, (const char *)config + key->offset, sizeof texts);
    for (size_t i = 0; i < load_count(key, config) * per_item; i++) {
        append_text(texts[i], out);
    }
}

enum gw_status gw_config_value_append(const struct gw_config_key *key, const struct gw_config *config,
                                      struct gw_buffer *out) {
    gw_buffer_appendf(out, "%s=", key->name);
    if (is_text(key->type)) {
        append_text(load_text(key, config), out);
    } else if (is_list(key->type)) {
        append_list(key, config, out);
    } else {
        gw_buffer_appendf(out, "%" PRIu64, load_number(key, config));
    }
    return gw_buffer_append_byte(out, '\n');
}
