/* Literal text and placeholders, taken piece by piece. */
#include "run/template.h"

#include <ctype.h>

#define TOPIC_NAME_MAX ((size_t)249)

/* A piece is literal text up to the next brace, or one placeholder with its braces. */
struct piece {
    struct gw_str text;
    const struct placeholder *placeholder; /* NULL: literal */
};

static const struct placeholder {
    const char *name;
    size_t offset; /* in struct gw_template_values */
    bool of_article;
} placeholders[] = {
    {"{topic}", offsetof(struct gw_template_values, topic), false},
    {"{key}", offsetof(struct gw_template_values, key), false},
    {"{id}", offsetof(struct gw_template_values, id), true},
    {"{source}", offsetof(struct gw_template_values, source), true},
    {"{language}", offsetof(struct gw_template_values, language), true},
};

static const struct placeholder *placeholder_at(struct gw_str rest) {
    for (size_t i = 0; i < sizeof placeholders / sizeof placeholders[0]; i++) {
        size_t size = strlen(placeholders[i].name);
        if (rest.data && rest.size >= size && memcmp(rest.data, placeholders[i].name, size) == 0) {
            return &placeholders[i];
        }
    }
    return NULL;
}

static size_t literal_size(struct gw_str rest) {
    size_t size = 0;
    while (size < rest.size && rest.data[size] != '{' && rest.data[size] != '}') {
        size++;
    }
    return size;
}

/* Takes the next piece off `rest`; false at the end or at a brace that belongs to no placeholder. */
static bool next_piece(struct gw_str *rest, struct piece *piece) {
    piece->placeholder = placeholder_at(*rest);
    size_t size = piece->placeholder ? strlen(piece->placeholder->name) : literal_size(*rest);
    if (size == 0) {
        return false;
    }
    piece->text = gw_str_sub(*rest, 0, size);
    *rest = gw_str_sub(*rest, size, rest->size);
    return true;
}

static struct gw_str value_of(const struct placeholder *placeholder,
                              const struct gw_template_values *values) {
    return *(const struct gw_str *)((const char *)values + placeholder->offset);
}

const char *gw_template_check(struct gw_str template) {
    struct piece piece;
    while (next_piece(&template, &piece)) {
    }
    return template.size == 0 ? NULL
                              : "braces may only hold topic, key, id, source or language, such as {language}";
}

bool gw_template_lacks(struct gw_str template, const struct gw_template_values *values) {
    struct piece piece;
    while (next_piece(&template, &piece)) {
        if (piece.placeholder && value_of(piece.placeholder, values).size == 0) {
            return true;
        }
    }
    return false;
}

bool gw_template_names_article(struct gw_str template) {
    struct piece piece;
    while (next_piece(&template, &piece)) {
        if (piece.placeholder && piece.placeholder->of_article) {
            return true;
        }
    }
    return false;
}

enum gw_status gw_template_render(struct gw_str template, const struct gw_template_values *values,
                                  struct gw_str absent, struct gw_buffer *out) {
    struct piece piece;
    while (next_piece(&template, &piece)) {
        struct gw_str text = piece.placeholder ? value_of(piece.placeholder, values) : piece.text;
        gw_buffer_append_str(out, text.size > 0 ? text : absent);
    }
    return out->failed;
}

static bool is_topic_character(uint8_t c) {
    return c < 0x80 && (isalnum(c) || c == '.' || c == '_' || c == '-');
}

void gw_template_legalise_topic(struct gw_buffer *name) {
    name->size = name->size < TOPIC_NAME_MAX ? name->size : TOPIC_NAME_MAX;
    for (size_t i = 0; i < name->size; i++) {
        name->data[i] = is_topic_character(name->data[i]) ? name->data[i] : '_';
    }
}
