/* A field's text as readers see it: of HTML without its tags, character references as what they stand for. */
#ifndef GW_CLI_READABLE_H
#define GW_CLI_READABLE_H

#include "process/text/html.h"
#include "schemas/article.h"

/* A character, and which bytes of the field it stands for. A tag that breaks the line is one '\n'. */
struct gw_readable_char {
    uint32_t codepoint;
    uint32_t start, end;
};

struct gw_readable {
    struct gw_str text;  /* the field */
    struct gw_html html; /* of a plain field only its text */
    bool is_html;
    uint32_t at; /* in the text */
};

/* At the field's first character. Memory is the arena's; fails with GW_NO_MEMORY. */
enum gw_status gw_readable_start(struct gw_readable *readable, const struct gw_article *article,
                                 enum gw_text_field field, struct gw_arena *arena);

/* The next character; false at `end`, a byte of the field, and at the text's end. */
bool gw_readable_next(struct gw_readable *readable, uint32_t end, struct gw_readable_char *out);

#endif
