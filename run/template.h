/* Templates of output topics and keys: "records-{language}". */
#ifndef GW_RUN_TEMPLATE_H
#define GW_RUN_TEMPLATE_H

#include "base/buffer.h"

/* What may stand in braces: the message's {topic} and {key}, and the article's {id}, {source} and {language}.
 */
struct gw_template_values {
    struct gw_str topic;
    struct gw_str key;
    struct gw_str id;
    struct gw_str source;
    struct gw_str language;
};

/* NULL when every brace belongs to a known placeholder; else what is wrong and what to write (static text).
 */
const char *gw_template_check(struct gw_str template);

/* Appends `template` with its placeholders filled in. What is absent becomes `absent`. The template must have
 * been checked. Fails as gw_buffer_append does. */
enum gw_status gw_template_render(struct gw_str template, const struct gw_template_values *values,
                                  struct gw_str absent, struct gw_buffer *out);

/* Whether a value that the template names is absent. */
bool gw_template_lacks(struct gw_str template, const struct gw_template_values *values);

/* Whether it names anything of the article, so that it means nothing for a message without one. */
bool gw_template_names_article(struct gw_str template);

/* Makes a rendered text a legal Kafka topic: '_' for what no topic's name may contain; cut to 249 bytes. */
void gw_template_legalise_topic(struct gw_buffer *name);

#endif
