/* One walk over the table per page; keys of one section stand together in it. */
#include "run/config/config_pages.h"

#include "run/config/config_table.h"
#include "run/config/config_values.h"

#include <inttypes.h>

static const char example[] =
    "source:\n"
    "  kafka:\n"
    "    brokers: kafka-1:9092,kafka-2:9092\n"
    "    topics: [articles]\n"
    "    tls: true\n"
    "    sasl_mechanism: SCRAM-SHA-512\n"
    "    username: glosswire\n"
    "    password: ${KAFKA_PASSWORD}        # or password_file: /run/secrets/kafka\n"
    "sink:\n"
    "  kafka:\n"
    "    brokers: kafka-1:9092,kafka-2:9092\n"
    "    topic: records\n"
    "workers: 2\n";

/* What every page says before its list; one paragraph each. */
static const char *const introduction[] = {
    "The configuration is one YAML file, given to `glosswire run -c FILE`. Every key has a default; an "
    "empty "
    "file "
    "listens on ZeroMQ, PULL tcp://127.0.0.1:5555, and publishes on PUSH tcp://127.0.0.1:5556. "
    "`glosswire "
    "check FILE` "
    "tells every mistake with its line.",
    "Inside a value `${NAME}` stands for an environment variable, `${NAME:-default}` for one that may be "
    "unset or "
    "empty, and `$${` for a plain `${`. Secrets can stand in files of their own: `password_file: PATH` "
    "instead of "
    "`password`. Relative paths start from the configuration's directory. A key without a value is as if "
    "it "
    "were not "
    "there.",
    "Sizes are written as 4096, 64KiB, 16MiB or 1GiB, durations as 250ms, 30s, 5m or 1h. Where a list is "
    "wanted, one "
    "value stands for a list of one.",
};

static bool is_in_section(const struct gw_config_key *key, const char *section) {
    size_t size = strlen(section);
    const char *rest = key->name + size + (size > 0);
    return strncmp(key->name, section, size) == 0 && (size == 0 || key->name[size] == '.') &&
           !strchr(rest, '.');
}

static const char *leaf(const char *name) {
    const char *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

/* Appends `text` with `escape` in front of each of `special`. */
static void append_escaped(struct gw_buffer *out, const char *text, const char *special, char escape) {
    for (; *text; text++) {
        if (strchr(special, *text)) {
            gw_buffer_append_byte(out, (uint8_t)escape);
        }
        gw_buffer_append_byte(out, (uint8_t)*text);
    }
}

static void append(struct gw_buffer *out, const char *text) {
    gw_buffer_append_str(out, gw_str_from(text));
}

/* Which flags a reader should know of. */
static const struct {
    enum gw_key_flag flag;
    const char *text;
} notes[] = {
    {GW_KEY_REQUIRED, "Required."},
    {GW_KEY_AFFECTS_RECORDS, "Changes records, and so `config_hash`."},
    {GW_KEY_NEEDS_RESTART, "A change needs a restart."},
};

/* "256MiB", or how it is computed, or NULL: nothing to say. */
static const char *default_of(const struct gw_config_key *key) {
    return key->initial_doc ? key->initial_doc : key->initial;
}

static void append_bounds(const struct gw_config_key *key, struct gw_buffer *out) {
    char least[GW_CONFIG_BOUND_SIZE], most[GW_CONFIG_BOUND_SIZE];
    if (key->max > 0) {
        gw_config_bound_format(key, key->min, least);
        gw_config_bound_format(key, key->max, most);
        gw_buffer_appendf(out, ", from %s to %s", least, most);
    }
}

/* Markdown */

static void reference_words(const struct gw_config_key *key, struct gw_buffer *out) {
    for (const struct gw_key_word *word = key->words; word && word->word; word++) {
        gw_buffer_appendf(out, "%s`%s` (%s)", word == key->words ? "" : ", ", word->word, word->doc);
    }
}

static void reference_key(const struct gw_config_key *key, struct gw_buffer *out) {
    gw_buffer_appendf(out, "\n### `%s`\n\n%s", key->name, key->doc);
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
        if (key->flags & notes[i].flag) {
            gw_buffer_appendf(out, " %s", notes[i].text);
        }
    }
    gw_buffer_appendf(out, "\n\n- Type: %s", gw_key_type_doc(key->type));
    append_bounds(key, out);
    if (key->words) {
        append(out, ": ");
        reference_words(key, out);
    }
    append(out, "\n");
    if (default_of(key)) {
        gw_buffer_appendf(out, "- Default: %s\n", default_of(key));
    }
    gw_buffer_appendf(out, "- Example: `%s: %s`\n- Since: %s\n", leaf(key->name), key->example, key->since);
}

static void reference_section(const char *section, const char *doc, struct gw_buffer *out) {
    gw_buffer_appendf(out, "\n## %s\n\n%s\n", section[0] ? section : "General", doc);
    for (size_t i = 0; i < gw_config_key_count; i++) {
        if (is_in_section(&gw_config_keys[i], section)) {
            reference_key(&gw_config_keys[i], out);
        }
    }
}

enum gw_status gw_config_write_reference(struct gw_buffer *out) {
    append(out, "<!-- Made by gw_generate_config from run/config/config_table.c. -->\n# Configuration\n");
    for (size_t i = 0; i < sizeof introduction / sizeof introduction[0]; i++) {
        gw_buffer_appendf(out, "\n%s\n", introduction[i]);
    }
    gw_buffer_appendf(out, "\n```yaml\n%s```\n", example);
    reference_section("", "Keys that stand by themselves.", out);
    for (size_t i = 0; i < gw_config_section_count; i++) {
        reference_section(gw_config_sections[i].name, gw_config_sections[i].doc, out);
    }
    return out->failed;
}

/* scdoc */

#define SCDOC_SPECIAL "_*\\`#"

static void manual_text(struct gw_buffer *out, const char *text) {
    for (; *text; text++) {
        if (*text == '`') {
            gw_buffer_append_byte(out, '*');
        } else {
            append_escaped(out, (const char[]){*text, '\0'}, "_*\\", '\\');
        }
    }
}

static void manual_words(const struct gw_config_key *key, struct gw_buffer *out) {
    for (const struct gw_key_word *word = key->words; word && word->word; word++) {
        append(out, word == key->words ? "" : ", ");
        gw_buffer_append_byte(out, '*');
        append_escaped(out, word->word, SCDOC_SPECIAL, '\\');
        append(out, "* (");
        manual_text(out, word->doc);
        append(out, ")");
    }
}

static void manual_key(const struct gw_config_key *key, struct gw_buffer *out) {
    append(out, "\n*");
    append_escaped(out, key->name, SCDOC_SPECIAL, '\\');
    gw_buffer_appendf(out, "* (%s", gw_key_type_doc(key->type));
    append_bounds(key, out);
    append(out, ")\n\t");
    manual_text(out, key->doc);
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
        if (key->flags & notes[i].flag) {
            append(out, " ");
            manual_text(out, notes[i].text);
        }
    }
    if (key->words) {
        append(out, " One of ");
        manual_words(key, out);
        append(out, ".");
    }
    if (default_of(key)) {
        append(out, " Default: ");
        manual_text(out, default_of(key));
        append(out, ".");
    }
    append(out, "\n");
}

static void manual_section(const char *section, const char *doc, struct gw_buffer *out) {
    append(out, "\n## ");
    append_escaped(out, section[0] ? section : "general", SCDOC_SPECIAL, '\\');
    append(out, "\n\n");
    manual_text(out, doc);
    append(out, "\n");
    for (size_t i = 0; i < gw_config_key_count; i++) {
        if (is_in_section(&gw_config_keys[i], section)) {
            manual_key(&gw_config_keys[i], out);
        }
    }
}

enum gw_status gw_config_write_manual(struct gw_buffer *out) {
    append(out,
           "glosswire.yaml(5)\n\n# NAME\n\nglosswire.yaml - configuration of glosswire\n\n# DESCRIPTION\n");
    for (size_t i = 0; i < sizeof introduction / sizeof introduction[0]; i++) {
        append(out, "\n");
        manual_text(out, introduction[i]);
        append(out, "\n");
    }
    append(out, "\n# KEYS\n");
    manual_section("", "Keys that stand by themselves.", out);
    for (size_t i = 0; i < gw_config_section_count; i++) {
        manual_section(gw_config_sections[i].name, gw_config_sections[i].doc, out);
    }
    gw_buffer_appendf(out, "\n# EXAMPLE\n\n```\n%s```\n\n# SEE ALSO\n\n*glosswire*(1)\n", example);
    return out->failed;
}

/* JSON Schema */

#define PATTERN_VARIABLE "\\\\$\\\\{"
#define PATTERN_SIZE     "^[0-9]+ *(B|KiB|MiB|GiB)?$|" PATTERN_VARIABLE
#define PATTERN_DURATION "^[0-9]+ *(ms|s|m|h)$|" PATTERN_VARIABLE

static void json_string(struct gw_buffer *out, const char *text) {
    gw_buffer_append_byte(out, '"');
    append_escaped(out, text, "\"\\", '\\');
    gw_buffer_append_byte(out, '"');
}

static void json_words(const struct gw_config_key *key, struct gw_buffer *out) {
    append(out, "\"anyOf\": [{\"enum\": [");
    for (const struct gw_key_word *word = key->words; word->word; word++) {
        append(out, word == key->words ? "" : ", ");
        json_string(out, word->word);
    }
    append(out, "]}, {\"type\": \"string\", \"pattern\": \"" PATTERN_VARIABLE "\"}]");
}

static void json_number(const struct gw_config_key *key, struct gw_buffer *out) {
    gw_buffer_appendf(out,
                      "\"anyOf\": [{\"type\": \"integer\", \"minimum\": %" PRIu64 ", \"maximum\": %" PRIu64
                      "}, {\"type\": \"string\", \"pattern\": \"" PATTERN_VARIABLE "\"}]",
                      key->min, key->max);
}

/* The types whose form is the same for every key. */
static const char *const json_forms[GW_KEY_TYPE_COUNT] = {
    [GW_KEY_STRING] = "\"type\": [\"string\", \"number\"]",
    [GW_KEY_PATH] = "\"type\": \"string\"",
    [GW_KEY_SECRET] = "\"type\": [\"string\", \"number\"]",
    [GW_KEY_BOOL] =
        "\"anyOf\": [{\"type\": \"boolean\"}, {\"type\": \"string\", \"pattern\": \"" PATTERN_VARIABLE "\"}]",
    [GW_KEY_SIZE] = "\"type\": [\"integer\", \"string\"], \"minimum\": 0, \"pattern\": \"" PATTERN_SIZE "\"",
    [GW_KEY_DURATION] = "\"type\": \"string\", \"pattern\": \"" PATTERN_DURATION "\"",
    [GW_KEY_STRINGS] = "\"type\": [\"string\", \"array\"], \"items\": {\"type\": \"string\"}",
    [GW_KEY_PATHS] = "\"type\": [\"string\", \"array\"], \"items\": {\"type\": \"string\"}",
    [GW_KEY_PROPERTIES] =
        "\"type\": \"object\", \"additionalProperties\": {\"type\": [\"string\", \"number\", \"boolean\"]}",
};

static void json_indent(struct gw_buffer *out, unsigned depth) {
    gw_buffer_append_byte(out, '\n');
    for (unsigned i = 0; i < depth; i++) {
        append(out, "  ");
    }
}

/* "name": {"description": …, */
static void json_begin(const char *name, const char *doc, bool *first, unsigned depth,
                       struct gw_buffer *out) {
    append(out, *first ? "" : ",");
    *first = false;
    json_indent(out, depth);
    json_string(out, name);
    append(out, ": {\"description\": ");
    json_string(out, doc);
    append(out, ", ");
}

static void json_key(const struct gw_config_key *key, bool *first, unsigned depth, struct gw_buffer *out) {
    json_begin(leaf(key->name), key->doc, first, depth, out);
    if (key->type == GW_KEY_WORD) {
        json_words(key, out);
    } else if (key->type == GW_KEY_NUMBER) {
        json_number(key, out);
    } else {
        append(out, json_forms[key->type]);
    }
    append(out, "}");
    if (key->type == GW_KEY_SECRET) {
        char name[128];
        snprintf(name, sizeof name, "%s_file", leaf(key->name));
        json_begin(name, "A file that holds it.", first, depth, out);
        append(out, "\"type\": \"string\"}");
    }
}

/* Whether `name` stands directly below `section`. */
static bool is_child(const char *name, const char *section) {
    size_t size = strlen(section);
    return size == 0
               ? !strchr(name, '.')
               : strncmp(name, section, size) == 0 && name[size] == '.' && !strchr(name + size + 1, '.');
}

/* The keys and subsections of a section; sections are three deep at most. */
static void json_properties(const char *section, unsigned depth, struct gw_buffer *out) {
    bool first = true;
    append(out, "\"type\": [\"object\", \"null\"], \"additionalProperties\": false, \"properties\": {");
    for (size_t i = 0; i < gw_config_key_count; i++) {
        if (is_in_section(&gw_config_keys[i], section)) {
            json_key(&gw_config_keys[i], &first, depth, out);
        }
    }
    for (size_t i = 0; i < gw_config_section_count; i++) {
        const struct gw_config_section *child = &gw_config_sections[i];
        if (is_child(child->name, section)) {
            json_begin(leaf(child->name), child->doc, &first, depth, out);
            json_properties(child->name, depth + 1, out);
            append(out, "}");
        }
    }
    json_indent(out, depth - 1);
    append(out, "}");
}

enum gw_status gw_config_write_json_schema(struct gw_buffer *out) {
    append(out, "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": "
                "\"glosswire.yaml\",\n  ");
    json_properties("", 2, out);
    append(out, "\n}\n");
    return out->failed;
}

/* Terminals */

static void help_key(const struct gw_config_key *key, struct gw_buffer *out) {
    gw_buffer_appendf(out, "  %-34s %s", key->name, key->doc);
    if (default_of(key)) {
        gw_buffer_appendf(out, " [%s]", default_of(key));
    }
    append(out, "\n");
}

enum gw_status gw_config_write_help(const char *prefix, struct gw_buffer *out) {
    for (size_t i = 0; i < gw_config_key_count; i++) {
        if (!prefix || strncmp(gw_config_keys[i].name, prefix, strlen(prefix)) == 0) {
            help_key(&gw_config_keys[i], out);
        }
    }
    return out->failed;
}
