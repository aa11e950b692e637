/* Writes what the model of targets sees of each target of articles, for training.
 *
 * usage: dump_targets MODEL < ARTICLES.jsonl > FEATURES
 *
 * A feature is a record {u64 key, u32 place, i32 amount}; one with place UINT32_MAX ends a target. */
#include "process/entities/tagger/tagger.h"
#include "process/sentiment/target_walk.h"
#include "process/sentiment/verb_roles.h"
#include "process/text/sentences.h"
#include "schemas/article.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct feature {
    uint64_t key;
    uint32_t place;
    int32_t amount;
};

static void write_feature(uint64_t key, uint32_t place, int32_t amount) {
    struct feature feature = {key, place, amount};
    if (fwrite(&feature, sizeof feature, 1, stdout) != 1) {
        perror("dump_targets");
        exit(1);
    }
}

static void write_fact(void *context, uint64_t key, int places) {
    (void)context;
    for (uint32_t place = 0; place < (uint32_t)places; place++) {
        write_feature(key, place, GW_WALK_ONE);
    }
}

static void write_key(void *context, uint64_t key, int times) {
    const struct gw_walk_amounts *amounts = context;
    for (uint32_t place = 0; place < GW_UNIT_PLACE_COUNT; place++) {
        if (amounts->at[place] != 0) {
            write_feature(key, place, amounts->at[place] * times);
        }
    }
}

static void write_unit(void *context, uint32_t unit, enum gw_walk_part part,
                       const struct gw_walk_amounts *amounts) {
    const struct gw_unit *told = &((const struct gw_units *)context)->items[unit];
    struct gw_walk_amounts copy = *amounts;
    if (part != GW_WALK_PAIR) {
        write_key(&copy, told->key, 1);
        gw_walk_more_keys(told, write_key, &copy);
    }
    if (part != GW_WALK_UNIT && told->pair != 0) {
        write_key(&copy, told->pair, 1);
    }
}

static bool dump_article(const struct gw_model *model, struct gw_article *article, struct gw_arena *arena) {
    struct gw_text text = {.fields = {[GW_FIELD_BODY] = article->body}};
    struct gw_work work = {UINT64_MAX / 2, false};
    struct gw_name_spans spans;
    struct gw_markers_found markers;
    if (gw_tokens_add(&text, GW_FIELD_BODY, model, &work, arena) != GW_OK ||
        gw_sentences_find(&text, model, arena) != GW_OK ||
        gw_tagger_find(&text, model, &work, arena, &spans) != GW_OK ||
        gw_markers_find(&text, &spans, model, GW_MARKERS_MAIN, &work, arena, &markers) != GW_OK) {
        return false;
    }
    struct gw_unit_input input = {&text, model, &spans, &markers};
    static const struct gw_walk_teller writer = {write_fact, write_unit};
    struct gw_units units = {.items = gw_arena_take(arena, GW_UNITS_AROUND_MOST * sizeof *units.items)};
    struct gw_acts acts;
    for (size_t i = 0; units.items && i < article->target_count; i++) {
        uint32_t mention = gw_units_cut_around(&input, article->targets[i], &units);
        if (mention != GW_NO_INDEX) {
            gw_verb_roles_find(&units, &acts);
            gw_walk_mention(&units, mention, &writer, &units);
        }
        write_feature(0, UINT32_MAX, 0);
    }
    return units.items;
}

int main(int argc, char **argv) {
    struct gw_model *model;
    struct gw_error error = {.status = GW_OK};
    struct gw_arena arena;
    char *line = NULL;
    size_t room = 0;
    ssize_t size;
    if (argc != 2 || gw_model_open(argv[1], &model, &error) != GW_OK) {
        fprintf(stderr, "usage: dump_targets MODEL < ARTICLES.jsonl > FEATURES %s\n", error.detail);
        return 2;
    }
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    const struct gw_article_options options = {.limits = &gw_limits_default};
    while ((size = getline(&line, &room, stdin)) > 0) {
        struct gw_article article;
        gw_arena_reset(&arena);
        if (gw_article_decode((struct gw_str){line, (size_t)size}, &options, &arena, &article, &error) !=
                GW_OK ||
            !dump_article(model, &article, &arena)) {
            fprintf(stderr, "dump_targets: %s\n", error.detail);
            return 1;
        }
    }
    free(line);
    gw_arena_free(&arena);
    gw_model_close(model);
    return 0;
}
