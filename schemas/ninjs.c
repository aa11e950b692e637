/* Fields are renamed in the map that was read, so that they are decoded and refused as our own are. */
#include "schemas/ninjs.h"

enum form {
    AS_IT_IS,
    HTML,
    LISTED /* the `value` of the first item that has one; `contenttype` tells HTML */
};

/* Of several for one field the first that is there counts. */
static const struct alias {
    const char *theirs, *ours;
    enum form form;
} aliases[] = {
    {"headline", "title", AS_IT_IS},
    {"headlines", "title", LISTED},
    {"body_text", "body", AS_IT_IS},
    {"body_xhtml", "body", HTML},
    {"body_html", "body", HTML},
    {"bodies", "body", LISTED},
    {"uri", "id", AS_IT_IS},
    {"byline", "authors", AS_IT_IS},
    {"versioncreated", "published_at", AS_IT_IS},
    {"firstcreated", "published_at", AS_IT_IS},
};

static struct gw_pair *find(struct gw_value *map, const char *name) {
    for (size_t i = 0; i < map->count; i++) {
        if (gw_value_is(&map->as.pairs[i].key, name) && map->as.pairs[i].value.type != GW_NIL) {
            return &map->as.pairs[i];
        }
    }
    return NULL;
}

/* The text of ninjs's lists of headlines and bodies; NULL when the value is no such list. */
static const struct gw_value *find_listed(const struct gw_value *list, bool *html) {
    for (size_t i = 0; list->type == GW_ARRAY && i < list->count; i++) {
        const struct gw_value *item = &list->as.items[i];
        const struct gw_value *value = item->type == GW_MAP ? gw_value_get(item, "value") : NULL;
        if (value && value->type == GW_STRING) {
            const struct gw_value *kind = gw_value_get(item, "contenttype");
            *html = kind && (gw_value_is(kind, "text/html") || gw_value_is(kind, "application/xhtml+xml"));
            return value;
        }
    }
    return NULL;
}

static void rename_key(struct gw_pair *pair, const char *name) {
    pair->key.as.bytes = gw_str_from(name);
}

/* True when the pair was taken and is HTML. */
static bool adopt(struct gw_pair *pair, const struct alias *alias) {
    bool html = alias->form == HTML;
    if (alias->form == LISTED) {
        const struct gw_value *text = find_listed(&pair->value, &html);
        if (!text) {
            return false;
        }
        pair->value = *text;
    }
    rename_key(pair, alias->ours);
    return html;
}

bool gw_ninjs_adopt(struct gw_value *item) {
    bool html = false;
    if (item->type != GW_MAP || find(item, "title") || find(item, "body")) {
        return false;
    }
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
        struct gw_pair *pair = find(item, aliases[i].theirs);
        if (pair && !find(item, aliases[i].ours)) {
            html = adopt(pair, &aliases[i]) || html;
        }
    }
    return html;
}

static enum gw_ninjs_list list_of(enum gw_entity_type type) {
    static const enum gw_ninjs_list lists[GW_ENTITY_TYPE_COUNT] = {
        [GW_PERSON] = GW_NINJS_PEOPLE,  [GW_ORG] = GW_NINJS_ORGANISATIONS, [GW_LOC] = GW_NINJS_PLACES,
        [GW_FAC] = GW_NINJS_PLACES,     [GW_NORP] = GW_NINJS_SUBJECTS,     [GW_PRODUCT] = GW_NINJS_SUBJECTS,
        [GW_EVENT] = GW_NINJS_SUBJECTS, [GW_MISC] = GW_NINJS_SUBJECTS,
    };
    return lists[type];
}

static bool make_uri(const struct gw_link *link, struct gw_arena *arena, struct gw_str *uri) {
    char *text = gw_arena_take(arena, link->scheme.size + 1 + link->id.size);
    if (!text) {
        return false;
    }
    memcpy(text, link->scheme.data, link->scheme.size);
    text[link->scheme.size] = ':';
    memcpy(text + link->scheme.size + 1, link->id.data, link->id.size);
    *uri = (struct gw_str){text, link->scheme.size + 1 + link->id.size};
    return true;
}

enum gw_status gw_ninjs_make_lists(const struct gw_annotation *annotation, struct gw_arena *arena,
                                   struct gw_ninjs_lists *lists) {
    memset(lists, 0, sizeof *lists);
    for (int list = 0; list < GW_NINJS_LIST_COUNT; list++) {
        lists->lists[list].items =
            gw_arena_take_zeroed(arena, annotation->entity_count, sizeof *lists->lists[list].items);
        if (!lists->lists[list].items) {
            return GW_NO_MEMORY;
        }
    }
    for (size_t e = 0; e < annotation->entity_count; e++) {
        const struct gw_entity *entity = &annotation->entities[e];
        enum gw_ninjs_list list = list_of(entity->type);
        struct gw_ninjs_name *name = &lists->lists[list].items[lists->lists[list].count++];
        name->name = entity->name;
        if (entity->link_count > 0 && !make_uri(&entity->links[0], arena, &name->uri)) {
            return GW_NO_MEMORY;
        }
    }
    return GW_OK;
}
