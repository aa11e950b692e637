/* What annotating costs: bounded by the budget, and linear in the text. Long texts, so a file of its own:
 * checkers that slow everything down leave it out. */
#include "unit/process_bench.h"

#include <stdlib.h>
#include <time.h>

static const struct gw_annotate_options plain_options = {.limits = &gw_limits_default,
                                                         .budget = GW_ANNOTATE_BUDGET_DEFAULT};

/* Nothing but short words, names or values: what they need is bounded by the budget, not by the arena. */
static void test_dense_text_ends_with_the_budget_before_the_memory(void **state) {
    (void)state;
    enum { BODY = 1 << 20, WORKERS_ARENA = 128 << 20 };
    static const char *const patterns[] = {"A ", "Paris, ", "May 5, "};
    char *body = malloc(BODY);
    assert_non_null(body);
    for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++) {
        struct gw_span target = {0, 1, GW_FIELD_BODY};
        struct gw_article article = {.body = {body, BODY}, .targets = &target, .target_count = 1};
        struct gw_annotation annotation;
        struct gw_arena arena;
        for (size_t i = 0, size = strlen(patterns[p]); i < BODY; i++) {
            body[i] = patterns[p][i % size];
        }
        gw_arena_init(&arena, &gw_allocator_system, WORKERS_ARENA);
        assert_int_equal(gw_annotate(bench_model, &plain_options, &article, &arena, &annotation, NULL),
                         GW_OK);
        assert_int_equal(annotation.flags & GW_FLAG_PARTIAL, GW_FLAG_PARTIAL);
        gw_arena_free(&arena);
    }
    free(body);
}

static int64_t thread_time_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* The least of some runs, of a body of `size` bytes: the one pattern, then the other. */
static int64_t measure(const char *const patterns[2], size_t size) {
    enum { RUNS = 3 };
    int64_t least = INT64_MAX;
    char *body = malloc(size);
    assert_non_null(body);
    for (size_t i = 0; i < size; i++) {
        const char *pattern = patterns[i >= size / 2];
        body[i] = pattern[i % strlen(pattern)];
    }
    struct gw_article article = {.body = {body, size}};
    for (int run = 0; run < RUNS; run++) {
        struct gw_annotation annotation;
        struct gw_arena arena;
        gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
        int64_t begun = thread_time_ns();
        assert_int_equal(gw_annotate(bench_model, &plain_options, &article, &arena, &annotation, NULL),
                         GW_OK);
        int64_t took = thread_time_ns() - begun;
        least = took < least ? took : least;
        gw_arena_free(&arena);
    }
    free(body);
    return least;
}

/* Ten times the text costs ten times as much, about: the square would be a hundred. */
static void test_cost_grows_as_the_text_does(void **state) {
    (void)state;
    enum { SIZE = 30000, TIMES = 10, MOST = 40 };
    static const char *const patterns[][2] = {
        {"( ", "A "},        {"A ", "A "},         {"a ", "A-1 "},
        {"Ana, ", "Lund. "}, {"\" ", "Ana said "}, {"Peru and ", "accused Peru "},
    };
    for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++) {
        assert_in_range(measure(patterns[p], (size_t)SIZE * TIMES), 0, measure(patterns[p], SIZE) * MOST);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dense_text_ends_with_the_budget_before_the_memory),
        cmocka_unit_test(test_cost_grows_as_the_text_does),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
