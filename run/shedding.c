/* One function per part. */
#include "run/shedding.h"

struct parts {
    struct gw_record_context *context;
    struct gw_article *article;
    struct gw_annotation *annotation;
};

static void shed_extra(const struct parts *parts) {
    parts->article->extra_count = 0;
}

/* The text stays the article's: the record's id is made of it. */
static void shed_body(const struct parts *parts) {
    parts->context->leave_out_body = true;
}

static void shed_values(const struct parts *parts) {
    parts->annotation->value_count = 0;
}

static void shed_quotes(const struct parts *parts) {
    parts->annotation->quote_count = 0;
    for (size_t i = 0; i < parts->annotation->marker_count; i++) {
        parts->annotation->markers[i].quote = GW_NO_INDEX;
    }
}

static void shed_mentions(const struct parts *parts) {
    for (size_t i = 0; i < parts->annotation->entity_count; i++) {
        struct gw_entity *entity = &parts->annotation->entities[i];
        entity->mention_count = entity->mention_count > 1 ? 1 : entity->mention_count;
    }
}

static void (*const sheds[GW_SHED_COUNT])(const struct parts *parts) = {
    [GW_SHED_EXTRA] = shed_extra,   [GW_SHED_BODY] = shed_body,         [GW_SHED_VALUES] = shed_values,
    [GW_SHED_QUOTES] = shed_quotes, [GW_SHED_MENTIONS] = shed_mentions,
};

void gw_shed(enum gw_shedding step, struct gw_record_context *context, struct gw_article *article,
             struct gw_annotation *annotation) {
    const struct parts parts = {context, article, annotation};
    sheds[step](&parts);
    annotation->flags |= GW_FLAG_TRUNCATED;
}
