/* Environment variables in scalars. */
#include "run/config/config_expand.h"

#include <ctype.h>
#include <stdlib.h>

#define NAME_MAX_BYTES ((size_t)255)

static bool is_name(struct gw_str name) {
    for (size_t i = 0; i < name.size; i++) {
        if (!isalnum((unsigned char)name.data[i]) && name.data[i] != '_') {
            return false;
        }
    }
    return name.size > 0 && name.size <= NAME_MAX_BYTES && !isdigit((unsigned char)name.data[0]);
}

/* `inside` is what stands between the braces. */
static enum gw_status expand_variable(struct gw_str inside, struct gw_buffer *out, struct gw_error *error) {
    const char *dash = inside.size > 0 ? memmem(inside.data, inside.size, ":-", 2) : NULL;
    struct gw_str name = gw_str_sub(inside, 0, dash ? (size_t)(dash - inside.data) : inside.size);
    if (!is_name(name)) {
        return gw_fail(
            error, GW_BAD_VALUE, GW_NO_POSITION,
            "\"${%.*s}\" names no variable; write ${NAME} or ${NAME:-default}, and $${ for a plain ${",
            (int)(inside.size < 64 ? inside.size : 64), inside.data);
    }
    char terminated[NAME_MAX_BYTES + 1] = {0};
    memcpy(terminated, name.data, name.size);
    const char *value = getenv(terminated);
    if ((!value || value[0] == '\0') && dash) {
        return gw_buffer_append(out, dash + 2, inside.size - name.size - 2);
    }
    if (!value) {
        return gw_fail(error, GW_BAD_VALUE, GW_NO_POSITION,
                       "environment variable %s is not set; set it, or write ${%s:-default}", terminated,
                       terminated);
    }
    return gw_buffer_append_str(out, gw_str_from(value));
}

/* Takes "${…}" off `text`. */
static enum gw_status take_variable(struct gw_str *text, struct gw_buffer *out, struct gw_error *error) {
    const char *close = memchr(text->data, '}', text->size);
    if (!close) {
        return gw_fail(error, GW_BAD_VALUE, GW_NO_POSITION, "\"${\" has no closing brace; write ${NAME}");
    }
    size_t size = (size_t)(close + 1 - text->data);
    struct gw_str inside = gw_str_sub(*text, 2, size - 1);
    *text = gw_str_sub(*text, size, text->size);
    return expand_variable(inside, out, error);
}

static bool starts_with(struct gw_str text, const char *prefix) {
    return text.size >= strlen(prefix) && memcmp(text.data, prefix, strlen(prefix)) == 0;
}

enum gw_status gw_config_expand(struct gw_str text, struct gw_buffer *out, struct gw_error *error) {
    enum gw_status status = GW_OK;
    while (text.size > 0 && status == GW_OK) {
        if (starts_with(text, "$${")) {
            status = gw_buffer_append_str(out, GW_STR("${"));
            text = gw_str_sub(text, 3, text.size);
        } else if (starts_with(text, "${")) {
            status = take_variable(&text, out, error);
        } else {
            status = gw_buffer_append_byte(out, (uint8_t)text.data[0]);
            text = gw_str_sub(text, 1, text.size);
        }
    }
    if (status == GW_TOO_LARGE) {
        return gw_fail(error, GW_BAD_VALUE, GW_NO_POSITION, "is longer than %zu bytes", GW_CONFIG_VALUE_MAX);
    }
    return status == GW_NO_MEMORY ? gw_fail(error, status, GW_NO_POSITION, "no memory for the configuration")
                                  : status;
}
