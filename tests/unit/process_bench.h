/* What the tests of process/ share: the released model, an arena, and texts made of literals. Use as group
 * fixture:
 *
 *     cmocka_run_group_tests(tests, bench_open, bench_close);
 */
#ifndef GW_TESTS_PROCESS_BENCH_H
#define GW_TESTS_PROCESS_BENCH_H

#include "process/annotate.h"
#include "process/entities/names/names.h"
#include "process/text/sentences.h"
#include "process/text/token_classes.h"
#include "unit/unit.h"

#include <stdio.h>

#define BENCH_MODEL GW_SOURCE_DIR "/models/en-news.gwm"

static struct gw_model *bench_model;
static struct gw_arena bench_arena;

static inline int bench_open(void **state) {
    struct gw_error error = {.status = GW_OK};
    (void)state;
    gw_arena_init(&bench_arena, &gw_allocator_system, SIZE_MAX);
    if (gw_model_open(BENCH_MODEL, &bench_model, &error) != GW_OK) {
        print_error("%s\n", error.detail);
        return -1;
    }
    return 0;
}

static inline int bench_close(void **state) {
    (void)state;
    gw_arena_free(&bench_arena);
    gw_model_close(bench_model);
    return 0;
}

static inline struct gw_work bench_work(void) {
    return (struct gw_work){GW_ANNOTATE_BUDGET_DEFAULT, false};
}

/* Tokens, their classes and sentences of plain text; either may be NULL. */
static inline struct gw_text bench_text(const char *title, const char *body) {
    struct gw_text text = {
        .fields = {[GW_FIELD_TITLE] = gw_str_from(title), [GW_FIELD_BODY] = gw_str_from(body)}};
    struct gw_work work = bench_work();
    for (int field = GW_FIELD_COUNT - 1; field >= 0; field--) {
        assert_int_equal(gw_tokens_add(&text, (enum gw_text_field)field, bench_model, &work, &bench_arena),
                         GW_OK);
        if (field == GW_FIELD_TITLE) {
            text.title_count = text.token_count;
        }
    }
    assert_int_equal(gw_sentences_find(&text, bench_model, &bench_arena), GW_OK);
    assert_int_equal(gw_token_classes_make(&text, bench_model, &bench_arena), GW_OK);
    return text;
}

/* The mentions joined, without a gazetteer of the user's. */
static inline void bench_join(const struct gw_text *text, struct gw_name_spans *spans,
                              struct gw_entities *entities) {
    const struct gw_names_context context = {bench_model, NULL, &gw_limits_default};
    assert_int_equal(gw_names_join(text, &context, spans, &bench_arena, entities), GW_OK);
}

static inline struct gw_str bench_cut(const struct gw_article *article, struct gw_span span) {
    return gw_str_sub(gw_article_text(article, (enum gw_text_field)span.field), span.start, span.end);
}

/* Slices are not terminated: compares and shows both. */
#define assert_str(actual, expected)                                                                         \
    do {                                                                                                     \
        struct gw_str actual_ = (actual);                                                                    \
        char shown_[512];                                                                                    \
        snprintf(shown_, sizeof shown_, GW_STR_FMT, GW_STR_ARG(actual_));                                    \
        assert_string_equal(shown_, (expected));                                                             \
    } while (0)

#endif
