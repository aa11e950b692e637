/* From groups to entities: one type, one name, its other forms, its mentions in order, salience. */
#include "process/entities/names/names.h"

#include "process/entities/links/links.h"
#include "process/entities/links/places.h"
#include "process/entities/names/joins.h"
#include "process/entities/names/refine.h"
#include "process/entities/names/roles.h"
#include "process/entities/names/salience.h"

/* Other forms of one name that are kept. */
#define ALIASES_MAX 16U

struct builder {
    const struct gw_text *text;
    const struct gw_names_context *context;
    const struct gw_name_spans *spans;
    struct gw_arena *arena;
    struct gw_groups groups;
    struct gw_roots roots;
    struct gw_entities *entities;
};

static uint32_t entity_of_span(const struct builder *builder, uint32_t span) {
    return builder->entities->of_span[span];
}

/* Numbers the entities in order of first mention and notes each span's. */
static enum gw_status number_entities(struct builder *builder, const struct gw_limits *limits) {
    struct gw_entities *entities = builder->entities;
    uint32_t *of_group = gw_arena_take(builder->arena, builder->groups.count * sizeof *of_group);
    builder->roots.items =
        gw_arena_take(builder->arena, builder->groups.count * sizeof *builder->roots.items);
    entities->of_span = gw_arena_take(builder->arena, builder->spans->count * sizeof *entities->of_span);
    if (!of_group || !builder->roots.items || !entities->of_span) {
        return GW_NO_MEMORY;
    }
    memset(of_group, 0xFF, builder->groups.count * sizeof *of_group);
    for (uint32_t i = 0; i < builder->spans->count; i++) {
        uint32_t root = gw_group_root(&builder->groups, builder->groups.of_span[i]);
        entities->of_span[i] = GW_NO_INDEX;
        if (i >= limits->mentions ||
            (of_group[root] == GW_NO_INDEX && builder->roots.count >= limits->entities)) {
            entities->cut = true;
            continue;
        }
        if (of_group[root] == GW_NO_INDEX) {
            of_group[root] = builder->roots.count;
            builder->roots.items[builder->roots.count++] = builder->groups.items[root];
        }
        entities->of_span[i] = of_group[root];
    }
    return GW_OK;
}

/* Moves the votes of joined groups to their roots. */
static void sum_votes(struct builder *builder) {
    for (uint32_t g = 0; g < builder->groups.count; g++) {
        const struct gw_group *group = &builder->groups.items[g];
        if (group->joined == g) {
            continue;
        }
        struct gw_group *root = &builder->groups.items[gw_group_root(&builder->groups, g)];
        for (int type = 0; type < GW_ENTITY_TYPE_COUNT; type++) {
            root->votes[type] += group->votes[type];
        }
        gw_group_count(root);
    }
}

/* Deals the mentions out: counted first, so that each entity's lie together. */
static enum gw_status deal_mentions(struct builder *builder) {
    struct gw_entities *entities = builder->entities;
    struct gw_mention *all = gw_arena_take(builder->arena, builder->spans->count * sizeof *all);
    if (!all) {
        return GW_NO_MEMORY;
    }
    for (uint32_t i = 0; i < builder->spans->count; i++) {
        if (entity_of_span(builder, i) != GW_NO_INDEX) {
            entities->items[entity_of_span(builder, i)].mention_count++;
        }
    }
    for (size_t e = 0; e < entities->count; e++) {
        entities->items[e].mentions = all;
        all += entities->items[e].mention_count;
        entities->items[e].mention_count = 0;
    }
    for (uint32_t i = 0; i < builder->spans->count; i++) {
        const struct gw_name_span *span = &builder->spans->items[i];
        if (entity_of_span(builder, i) != GW_NO_INDEX) {
            struct gw_entity *entity = &entities->items[entity_of_span(builder, i)];
            entity->mentions[entity->mention_count++] = (struct gw_mention){
                gw_text_span(builder->text, span->first, span->last), span->sentence, span->confidence};
        }
    }
    return GW_OK;
}

/* A name as people write it: one space where the text breaks the line or has a stray full stop. */
static struct gw_str clean_name(struct builder *builder, const struct gw_name_span *span) {
    struct gw_str cut = gw_text_cut(builder->text, span->first, span->last);
    bool clean = true;
    for (uint32_t i = span->first + 1; i <= span->last; i++) {
        const struct gw_token *token = &builder->text->tokens[i];
        size_t gap = token->start - token[-1].end;
        clean = clean && gap <= 1 && !(token->shape & GW_SHAPE_LINE);
    }
    if (clean) {
        return cut;
    }
    char *out = gw_arena_take(builder->arena, cut.size + 1);
    size_t size = 0;
    for (uint32_t i = span->first; out && i <= span->last; i++) {
        struct gw_str word = gw_text_cut(builder->text, i, i);
        bool spaced = i > span->first && !gw_token_touches(builder->text, i);
        if (spaced) {
            out[size++] = ' ';
        }
        memcpy(out + size, word.data, word.size);
        size += word.size;
    }
    return (struct gw_str){out, size};
}

static bool knows_form(const struct gw_entity *entity, struct gw_str form) {
    bool known = gw_str_eq(entity->name, form);
    for (size_t i = 0; i < entity->alias_count && !known; i++) {
        known = gw_str_eq(entity->aliases[i], form);
    }
    return known;
}

static enum gw_status add_form(struct builder *builder, struct gw_entity *entity, struct gw_str form) {
    size_t count = entity->alias_count;
    if (knows_form(entity, form) || count == ALIASES_MAX) {
        return GW_OK;
    }
    if ((count & (count - 1)) == 0) { /* none, or as many as there is room for */
        struct gw_str *grown =
            gw_arena_grow(builder->arena, entity->aliases, count, count == 0 ? 1 : count * 2, sizeof *grown);
        if (!grown) {
            return GW_NO_MEMORY;
        }
        entity->aliases = grown;
    }
    entity->aliases[entity->alias_count++] = form;
    return GW_OK;
}

static enum gw_status name_entity(struct builder *builder, struct gw_entity *entity,
                                  const struct gw_group *root) {
    const struct gw_name_span *span = &builder->spans->items[root->first_span];
    bool known = root->known && !root->own;
    entity->type = gw_group_entity_type(root);
    entity->salience = root->salience;
    entity->name =
        known ? gw_name_canonical(builder->context->model, root->known) : clean_name(builder, span);
    if (!entity->name.data) {
        return GW_NO_MEMORY;
    }
    return gw_links_set(builder->context->model, builder->context->gazetteer, root, builder->arena, entity);
}

/* Other forms and roles, in order of the text. */
static enum gw_status gather_forms(struct builder *builder) {
    for (uint32_t i = 0; i < builder->spans->count; i++) {
        const struct gw_name_span *span = &builder->spans->items[i];
        if (entity_of_span(builder, i) == GW_NO_INDEX) {
            continue;
        }
        struct gw_entity *entity = &builder->entities->items[entity_of_span(builder, i)];
        struct gw_str form = clean_name(builder, span);
        if (!form.data || add_form(builder, entity, form) != GW_OK) {
            return GW_NO_MEMORY;
        }
        if (!entity->role.data && span->role_first != GW_NO_INDEX) {
            entity->role = gw_text_cut(builder->text, span->role_first, span->role_last);
        }
    }
    return GW_OK;
}

static enum gw_status fill_entities(struct builder *builder) {
    struct gw_entities *entities = builder->entities;
    entities->count = builder->roots.count;
    entities->items = gw_arena_take_zeroed(builder->arena, entities->count, sizeof *entities->items);
    if (!entities->items) {
        return GW_NO_MEMORY;
    }
    for (size_t e = 0; e < entities->count; e++) {
        entities->items[e].sentiment.label = GW_NEUTRAL;
        enum gw_status status = name_entity(builder, &entities->items[e], &builder->roots.items[e]);
        if (status != GW_OK) {
            return status;
        }
    }
    enum gw_status status = gather_forms(builder);
    return status == GW_OK ? deal_mentions(builder) : status;
}

static enum gw_status join_groups(struct builder *builder) {
    static enum gw_status (*const joins[])(struct gw_joiner *) = {gw_join_people, gw_join_same_words,
                                                                  gw_join_organisations, gw_join_acronyms};
    struct gw_joiner joiner = {builder->text, builder->spans, builder->context->model, builder->arena,
                               &builder->groups};
    enum gw_status status = GW_OK;
    for (size_t i = 0; i < sizeof joins / sizeof *joins && status == GW_OK; i++) {
        status = joins[i](&joiner);
    }
    return status;
}

/* The spans as they are joined, with the dateline's and the roles. */
static enum gw_status prepare_spans(const struct builder *builder, struct gw_name_spans *spans) {
    const struct gw_model *model = builder->context->model;
    struct gw_arena_mark mark = gw_arena_mark(builder->arena);
    enum gw_status status = gw_names_refine(builder->text, model, builder->arena, spans);
    if (status == GW_OK) {
        status = gw_dateline_find(builder->text, model, builder->arena, spans, &builder->entities->dateline);
    }
    if (status == GW_OK) {
        const struct gw_arena_piece kept = {(void **)&spans->items, spans->count * sizeof *spans->items};
        gw_arena_rewind(builder->arena, mark, &kept, 1);
        gw_roles_find(builder->text, model, spans);
    }
    return status;
}

/* The entities' groups, most salient first. What joining needs besides is given back. */
static enum gw_status find_roots(struct builder *builder) {
    struct gw_arena_mark mark = gw_arena_mark(builder->arena);
    struct gw_entities *entities = builder->entities;
    enum gw_status status = gw_groups_make(builder->text, builder->spans, builder->context->model,
                                           builder->arena, &builder->groups);
    if (status == GW_OK) {
        status = join_groups(builder);
    }
    if (status == GW_OK) {
        sum_votes(builder);
        status = number_entities(builder, builder->context->limits);
    }
    if (status == GW_OK) {
        status = gw_salience_sort(builder->text, builder->spans, &entities->dateline, builder->arena,
                                  entities->of_span, &builder->roots);
    }
    if (status == GW_OK) {
        const struct gw_arena_piece kept[] = {
            {(void **)&entities->of_span, builder->spans->count * sizeof *entities->of_span},
            {(void **)&builder->roots.items, builder->roots.count * sizeof *builder->roots.items}};
        gw_arena_rewind(builder->arena, mark, kept, sizeof kept / sizeof *kept);
    }
    return status;
}

enum gw_status gw_names_join(const struct gw_text *text, const struct gw_names_context *context,
                             struct gw_name_spans *spans, struct gw_arena *arena,
                             struct gw_entities *entities) {
    struct builder builder = {
        .text = text, .context = context, .spans = spans, .arena = arena, .entities = entities};
    *entities = (struct gw_entities){.items = NULL};
    enum gw_status status = prepare_spans(&builder, spans);
    if (status == GW_OK) {
        status = find_roots(&builder);
    }
    if (status == GW_OK) {
        status = fill_entities(&builder);
    }
    return status == GW_OK ? gw_places_link(text, spans, context->model, arena, entities) : status;
}
