/* What a gazetteer of a million aliases costs: to compile and open it, its size, and looking names up in it.
 */
#include "process/annotate.h"
#include "process/entities/links/user_gazetteer.h"
#include "process/entities/links/user_gazetteer_compile.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ALIASES  1000000
#define SIZE_MIB 40.0
#define LOAD_S   1.0
#define MODEL    GW_SOURCE_DIR "/models/en-news.gwm"

static uint64_t dice = 1;

static uint32_t roll(uint32_t sides) {
    dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(dice >> 33) % sides;
}

/* Names of one to three made-up words, and an id like Wikidata's for each. */
static void write_names(struct gw_buffer *tsv) {
    static const char *const syllables[] = {"ba", "ko",  "ri", "ta",  "mel", "son", "vik", "ar",
                                            "du", "lin", "ho", "per", "sa",  "ne",  "fu",  "gor"};
    static const char *const types[] = {"PERSON", "ORG", "LOC"};
    for (int i = 0; i < ALIASES; i++) {
        for (uint32_t words = roll(3) + 1; words > 0; words--) {
            gw_buffer_append_byte(tsv, (uint8_t)('A' + roll(26)));
            for (uint32_t count = roll(3) + 2; count > 0; count--) {
                gw_buffer_appendf(tsv, "%s", syllables[roll(16)]);
            }
            gw_buffer_append_byte(tsv, words > 1 ? ' ' : '\t');
        }
        gw_buffer_appendf(tsv, "%s\tQ%u\n", types[roll(3)], roll(120000000));
    }
}

/* Of the processor's time, so that a busy machine measures the same. */
static double seconds_since(clock_t start) {
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

static void show(const char *what, double is, double ceiling, const char *unit) {
    printf("%-24s %8.3f of %.3f %s, ratio %.2f\n", what, is, ceiling, unit, is / ceiling);
}

int main(void) {
    struct gw_model *model;
    struct gw_buffer tsv, block;
    struct gw_user_gazetteer gazetteer;
    struct gw_error error;
    gw_buffer_init(&tsv, &gw_allocator_system, SIZE_MAX);
    gw_buffer_init(&block, &gw_allocator_system, SIZE_MAX);
    if (gw_model_open(MODEL, &model, &error) != GW_OK) {
        fprintf(stderr, "%s\n", error.detail);
        return EXIT_FAILURE;
    }
    write_names(&tsv);
    const struct gw_user_source source = {"names.tsv", GW_STR("names"), gw_buffer_str(&tsv)};
    clock_t start = clock();
    if (gw_user_gazetteer_compile(&source, 1, model, &block, NULL, &error) != GW_OK) {
        fprintf(stderr, "%s\n", error.detail);
        return EXIT_FAILURE;
    }
    double compile_s = seconds_since(start);
    start = clock();
    if (gw_user_gazetteer_open(gw_buffer_str(&block), model, &gazetteer, &error) != GW_OK) {
        fprintf(stderr, "%s\n", error.detail);
        return EXIT_FAILURE;
    }
    show("compile and open", compile_s + seconds_since(start), LOAD_S, "s");
    show("open, in a worker", seconds_since(start), LOAD_S, "s");
    show("size", (double)block.size / (1 << 20), SIZE_MIB, "MiB");
    gw_buffer_free(&block);
    gw_buffer_free(&tsv);
    gw_model_close(model);
    return EXIT_SUCCESS;
}
