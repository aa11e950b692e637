/* Walks a YAML document along the table. libyaml's documents may share nodes (aliases), even with themselves;
 * the walk is bounded all the same, because it goes no deeper than the table does. */
#include "base/file_map.h"
#include "run/config/config_expand.h"
#include "run/config/config_loader.h"
#include "run/suggest.h"

#include <stdlib.h>
#include <yaml.h>

#define PAIRS_MAX       1000
#define NAME_BYTES      128
#define SECRET_SUFFIX   "_file"
#define SECRET_FILE_MAX ((size_t)64 << 10)

struct walk {
    struct gw_config_loader *loader;
    yaml_document_t *document;
    struct gw_buffer scratch; /* the scalar that is being expanded */
};

/* A key of the file with its value and place. */
struct entry {
    char name[NAME_BYTES]; /* dotted */
    const yaml_node_t *value;
    unsigned line;
};

static unsigned line_of(const yaml_node_t *node) {
    return (unsigned)node->start_mark.line + 1;
}

static struct gw_str scalar_of(const yaml_node_t *node) {
    return (struct gw_str){(const char *)node->data.scalar.value, node->data.scalar.length};
}

static bool is_null(const yaml_node_t *node) {
    struct gw_str text = scalar_of(node);
    return node->type == YAML_SCALAR_NODE && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           (text.size == 0 || gw_str_is(text, "~") || gw_str_is(text, "null"));
}

static const char *kind_of(const yaml_node_t *node) {
    return node->type == YAML_MAPPING_NODE ? "a map"
                                           : (node->type == YAML_SEQUENCE_NODE ? "a list" : "one value");
}

static void complain(const struct walk *walk, const struct entry *entry, const struct gw_error *error) {
    gw_config_complain_of(walk->loader, entry->line, entry->name, error);
}

/* A scalar with its variables filled in, in arena memory. */
static enum gw_status expand(struct walk *walk, struct gw_str text, struct gw_str *out,
                             struct gw_error *error) {
    gw_buffer_clear(&walk->scratch);
    enum gw_status status = gw_config_expand(text, &walk->scratch, error);
    if (status == GW_OK) {
        *out = gw_arena_copy(walk->loader->scope.arena, gw_buffer_str(&walk->scratch));
        status = out->data ? GW_OK : gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory");
    }
    return status;
}

static bool is_list(const struct gw_config_key *key) {
    return key->type == GW_KEY_STRINGS || key->type == GW_KEY_PATHS;
}

static enum gw_status set_from_text(struct walk *walk, const struct gw_config_key *key, struct gw_str text,
                                    struct gw_error *error) {
    struct gw_str value;
    enum gw_status status = expand(walk, text, &value, error);
    if (status != GW_OK || value.size == 0) {
        return status;
    }
    return gw_config_value_parse(key, value, &walk->loader->scope, walk->loader->config, error);
}

static enum gw_status set_from_list(struct walk *walk, const struct gw_config_key *key,
                                    const yaml_node_t *list, struct gw_error *error) {
    const yaml_node_item_t *items = list->data.sequence.items.start;
    size_t count = (size_t)(list->data.sequence.items.top - items);
    if (count > PAIRS_MAX) {
        return gw_fail(error, GW_BAD_VALUE, GW_NO_POSITION, "has more than %d items", PAIRS_MAX);
    }
    struct gw_str *texts = gw_arena_take_zeroed(walk->loader->scope.arena, count, sizeof *texts);
    if (!texts) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory");
    }
    for (size_t i = 0; i < count; i++) {
        const yaml_node_t *item = yaml_document_get_node(walk->document, items[i]);
        if (item->type != YAML_SCALAR_NODE || is_null(item)) {
            return gw_fail(error, GW_BAD_VALUE, GW_NO_POSITION, "item %zu is not a string", i + 1);
        }
        enum gw_status status = expand(walk, scalar_of(item), &texts[i], error);
        if (status != GW_OK) {
            return status;
        }
    }
    return gw_config_list_parse(key, texts, count, &walk->loader->scope, walk->loader->config, error);
}

static enum gw_status set_from_map(struct walk *walk, const struct gw_config_key *key, const yaml_node_t *map,
                                   struct gw_error *error) {
    const yaml_node_pair_t *pairs = map->data.mapping.pairs.start;
    size_t count = (size_t)(map->data.mapping.pairs.top - pairs);
    if (count > PAIRS_MAX) {
        return gw_fail(error, GW_BAD_VALUE, GW_NO_POSITION, "has more than %d entries", PAIRS_MAX);
    }
    struct gw_str *names = gw_arena_take_zeroed(walk->loader->scope.arena, 2 * count, sizeof *names);
    if (!names) {
        return gw_fail(error, GW_NO_MEMORY, GW_NO_POSITION, "no memory");
    }
    for (size_t i = 0; i < count; i++) {
        const yaml_node_t *name = yaml_document_get_node(walk->document, pairs[i].key);
        const yaml_node_t *value = yaml_document_get_node(walk->document, pairs[i].value);
        if (name->type != YAML_SCALAR_NODE || value->type != YAML_SCALAR_NODE) {
            return gw_fail(error, GW_BAD_VALUE, GW_NO_POSITION, "entry %zu is not of the form name: value",
                           i + 1);
        }
        names[i] = scalar_of(name);
        for (size_t earlier = 0; earlier < i; earlier++) {
            if (gw_str_eq(names[earlier], names[i])) {
                return gw_fail(error, GW_BAD_VALUE, GW_NO_POSITION, "has \"%.*s\" twice; keep one",
                               (int)(names[i].size < NAME_BYTES ? names[i].size : NAME_BYTES), names[i].data);
            }
        }
        enum gw_status status = expand(walk, scalar_of(value), &names[count + i], error);
        if (status != GW_OK) {
            return status;
        }
    }
    return gw_config_properties_parse(key, names, names + count, count, &walk->loader->scope,
                                      walk->loader->config, error);
}

static void set_key(struct walk *walk, const struct gw_config_key *key, const struct entry *entry) {
    const yaml_node_t *value = entry->value;
    struct gw_error error = {0};
    enum gw_status status = GW_OK;
    if (is_null(value)) {
        return;
    }
    walk->loader->key_lines[key - gw_config_keys] = entry->line;
    if (value->type == YAML_SCALAR_NODE) {
        status = set_from_text(walk, key, scalar_of(value), &error);
    } else if (value->type == YAML_SEQUENCE_NODE && is_list(key)) {
        status = set_from_list(walk, key, value, &error);
    } else if (value->type == YAML_MAPPING_NODE && key->type == GW_KEY_PROPERTIES) {
        status = set_from_map(walk, key, value, &error);
    } else {
        status = gw_fail(&error, GW_BAD_VALUE, GW_NO_POSITION, "is %s; write a %s", kind_of(value),
                         gw_key_type_doc(key->type));
    }
    if (status != GW_OK) {
        complain(walk, entry, &error);
    }
}

/* Trailing line ends are the editor's, not the secret's. */
static struct gw_str without_line_end(struct gw_str text) {
    while (text.size > 0 && (text.data[text.size - 1] == '\n' || text.data[text.size - 1] == '\r')) {
        text.size--;
    }
    return text;
}

static enum gw_status read_secret(struct walk *walk, const struct gw_config_key *key, const char *path,
                                  struct gw_error *error) {
    struct gw_str content;
    enum gw_status status = gw_file_read(path, SECRET_FILE_MAX, &content, error);
    if (status != GW_OK) {
        return status;
    }
    struct gw_str secret = without_line_end(content);
    status = secret.size > 0
                 ? gw_config_value_parse(key, secret, &walk->loader->scope, walk->loader->config, error)
                 : gw_fail(error, GW_BAD_VALUE, GW_NO_POSITION, "%s is empty; put the secret into it", path);
    free((void *)(uintptr_t)content.data);
    return status;
}

/* KEY_file of a secret KEY. */
static void set_secret_file(struct walk *walk, const struct gw_config_key *key, const struct entry *entry) {
    struct gw_error error = {0};
    const char *path = NULL;
    struct gw_config dummy = {0};
    const struct gw_config_key path_key = {
        .name = entry->name, .type = GW_KEY_PATH, .offset = offsetof(struct gw_config, model)};
    if (walk->loader->key_lines[key - gw_config_keys] > 0) {
        gw_config_complain(walk->loader, entry->line, entry->name, "%s is set, too; keep one of them",
                           key->name);
        return;
    }
    walk->loader->key_lines[key - gw_config_keys] = entry->line;
    struct gw_str text = {0};
    enum gw_status status =
        entry->value->type == YAML_SCALAR_NODE
            ? expand(walk, scalar_of(entry->value), &text, &error)
            : gw_fail(&error, GW_BAD_VALUE, GW_NO_POSITION, "is %s; write a path", kind_of(entry->value));
    if (status == GW_OK && text.size > 0) {
        status = gw_config_value_parse(&path_key, text, &walk->loader->scope, &dummy, &error);
        path = dummy.model;
    }
    if (path) {
        status = read_secret(walk, key, path, &error);
    }
    if (status != GW_OK) {
        complain(walk, entry, &error);
    }
}

/* The secret whose file this key names, or NULL. */
static const struct gw_config_key *secret_of(const char *name) {
    size_t size = strlen(name), suffix = strlen(SECRET_SUFFIX);
    if (size <= suffix || strcmp(name + size - suffix, SECRET_SUFFIX) != 0) {
        return NULL;
    }
    char secret[NAME_BYTES];
    snprintf(secret, sizeof secret, "%.*s", (int)(size - suffix), name);
    const struct gw_config_key *key = gw_config_key_find(secret);
    return key && key->type == GW_KEY_SECRET ? key : NULL;
}

/* The part of `candidate` that stands directly below `prefix`, or NULL. */
static const char *child_of(const char *candidate, struct gw_str prefix) {
    if (strncmp(candidate, prefix.data, prefix.size) != 0) {
        return NULL;
    }
    const char *rest = candidate + prefix.size;
    return strchr(rest, '.') ? NULL : rest;
}

static void suggest_children(struct gw_suggestion *suggestion, struct gw_str prefix) {
    for (size_t i = 0; i < gw_config_key_count; i++) {
        const char *child = child_of(gw_config_keys[i].name, prefix);
        if (child) {
            gw_suggest(suggestion, child);
        }
    }
    for (size_t i = 0; i < gw_config_section_count; i++) {
        const char *child = child_of(gw_config_sections[i].name, prefix);
        if (child) {
            gw_suggest(suggestion, child);
        }
    }
}

/* A key of this name in another section, or NULL. */
static const char *find_elsewhere(const char *word) {
    for (size_t i = 0; i < gw_config_key_count; i++) {
        const char *dot = strrchr(gw_config_keys[i].name, '.');
        if (dot && strcmp(dot + 1, word) == 0) {
            return gw_config_keys[i].name;
        }
    }
    return NULL;
}

static void complain_unknown(const struct walk *walk, const struct entry *entry) {
    const char *dot = strrchr(entry->name, '.');
    const char *word = dot ? dot + 1 : entry->name;
    struct gw_suggestion suggestion = {.word = word};
    suggest_children(&suggestion, (struct gw_str){entry->name, (size_t)(word - entry->name)});
    const char *elsewhere = find_elsewhere(word);
    if (suggestion.best && (suggestion.distance == 1 || !elsewhere)) {
        gw_config_complain(walk->loader, entry->line, entry->name,
                           "there is no such key; did you mean \"%s\"?", suggestion.best);
    } else if (elsewhere) {
        gw_config_complain(walk->loader, entry->line, entry->name, "there is no such key here; there is %s",
                           elsewhere);
    } else {
        gw_config_complain(walk->loader, entry->line, entry->name,
                           "there is no such key; take it out, or see glosswire.yaml(5) for those that are");
    }
}

static void read_map(struct walk *walk, const yaml_node_t *map, const char *prefix);

static void choose_kind(struct walk *walk, const struct gw_config_section *section,
                        const struct entry *entry) {
    enum gw_endpoint_kind kind;
    char *member = (char *)walk->loader->config + section->kind_offset;
    memcpy(&kind, member, sizeof kind);
    if (kind != GW_ENDPOINT_UNSET && kind != section->kind) {
        gw_config_complain(walk->loader, entry->line, entry->name,
                           "there is another kind beside it; keep one");
    }
    memcpy(member, &section->kind, sizeof section->kind);
}

static void read_section(struct walk *walk, const struct gw_config_section *section,
                         const struct entry *entry) {
    walk->loader->section_lines[section - gw_config_sections] = entry->line;
    if (section->kind != GW_ENDPOINT_UNSET) {
        choose_kind(walk, section, entry);
    }
    if (entry->value->type == YAML_MAPPING_NODE) {
        read_map(walk, entry->value, entry->name);
    } else if (!is_null(entry->value)) {
        gw_config_complain(walk->loader, entry->line, entry->name,
                           "is %s; write its keys on the lines below, indented", kind_of(entry->value));
    }
}

static void read_entry(struct walk *walk, const struct entry *entry) {
    const struct gw_config_key *key = gw_config_key_find(entry->name);
    const struct gw_config_section *section = gw_config_section_find(entry->name);
    const struct gw_config_key *secret = secret_of(entry->name);
    if (key && walk->loader->key_lines[key - gw_config_keys] > 0) {
        gw_config_complain(walk->loader, entry->line, entry->name, "%s_file is set, too; keep one of them",
                           key->name);
    } else if (key) {
        set_key(walk, key, entry);
    } else if (section) {
        read_section(walk, section, entry);
    } else if (secret) {
        set_secret_file(walk, secret, entry);
    } else {
        complain_unknown(walk, entry);
    }
}

/* Whether an earlier pair of the map has the same key. */
static const yaml_node_t *find_twin(const struct walk *walk, const yaml_node_pair_t *first,
                                    const yaml_node_pair_t *pair) {
    struct gw_str name = scalar_of(yaml_document_get_node(walk->document, pair->key));
    for (; first < pair; first++) {
        const yaml_node_t *other = yaml_document_get_node(walk->document, first->key);
        if (other->type == YAML_SCALAR_NODE && gw_str_eq(scalar_of(other), name)) {
            return other;
        }
    }
    return NULL;
}

static void read_pair(struct walk *walk, const yaml_node_t *map, const yaml_node_pair_t *pair,
                      const char *prefix) {
    const yaml_node_t *name = yaml_document_get_node(walk->document, pair->key);
    struct entry entry = {.value = yaml_document_get_node(walk->document, pair->value),
                          .line = line_of(name)};
    if (name->type != YAML_SCALAR_NODE) {
        gw_config_complain(walk->loader, entry.line, prefix, "a key is %s; write a word", kind_of(name));
        return;
    }
    int size = snprintf(entry.name, sizeof entry.name, "%s%s%.*s", prefix, prefix[0] ? "." : "",
                        (int)(name->data.scalar.length < NAME_BYTES ? name->data.scalar.length : NAME_BYTES),
                        (const char *)name->data.scalar.value);
    const yaml_node_t *twin = find_twin(walk, map->data.mapping.pairs.start, pair);
    if (twin) {
        gw_config_complain(walk->loader, entry.line, entry.name, "is on line %u already; keep one",
                           line_of(twin));
    } else if (size >= NAME_BYTES) {
        gw_config_complain(walk->loader, entry.line, entry.name, "there is no such key; take it out");
    } else {
        read_entry(walk, &entry);
    }
}

static void read_map(struct walk *walk, const yaml_node_t *map, const char *prefix) {
    const yaml_node_pair_t *first = map->data.mapping.pairs.start;
    const yaml_node_pair_t *end = map->data.mapping.pairs.top;
    if (end - first > PAIRS_MAX) {
        gw_config_complain(walk->loader, line_of(map), prefix, "has more than %d keys", PAIRS_MAX);
        return;
    }
    for (const yaml_node_pair_t *pair = first; pair < end; pair++) {
        read_pair(walk, map, pair, prefix);
    }
}

static void read_document(struct walk *walk) {
    const yaml_node_t *root = yaml_document_get_root_node(walk->document);
    if (root && root->type == YAML_MAPPING_NODE) {
        read_map(walk, root, "");
    } else if (root && !is_null(root)) {
        gw_config_complain(walk->loader, line_of(root), "", "is %s; write keys such as workers: 2",
                           kind_of(root));
    }
}

static void complain_of_parser(struct gw_config_loader *loader, const yaml_parser_t *parser) {
    if (parser->error == YAML_MEMORY_ERROR) {
        loader->no_memory = true;
        return;
    }
    unsigned line = (unsigned)parser->problem_mark.line + 1;
    gw_config_complain(loader, line, "", "%s%s%s; check indentation and quotes",
                       parser->context ? parser->context : "", parser->context ? ": " : "",
                       parser->problem ? parser->problem : "not YAML");
}

/* One document of the stream; false at its end. */
static bool load_document(struct walk *walk, yaml_parser_t *parser, yaml_document_t *document) {
    if (!yaml_parser_load(parser, document)) {
        complain_of_parser(walk->loader, parser);
        return false;
    }
    if (yaml_document_get_root_node(document)) {
        return true;
    }
    yaml_document_delete(document);
    return false;
}

void gw_config_read_yaml(struct gw_config_loader *loader, struct gw_str text) {
    yaml_parser_t parser;
    yaml_document_t document;
    struct walk walk = {.loader = loader, .document = &document};
    if (!yaml_parser_initialize(&parser)) {
        loader->no_memory = true;
        return;
    }
    gw_buffer_init(&walk.scratch, &gw_allocator_system, GW_CONFIG_VALUE_MAX);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)(text.data ? text.data : ""), text.size);
    if (load_document(&walk, &parser, &document)) {
        read_document(&walk);
        yaml_document_delete(&document);
        if (load_document(&walk, &parser, &document)) {
            gw_config_complain(loader, line_of(yaml_document_get_root_node(&document)), "",
                               "a second document begins here; keep one");
            yaml_document_delete(&document);
        }
    }
    gw_buffer_free(&walk.scratch);
    yaml_parser_delete(&parser);
}
