/* What each token is, and finding tokens by it. */
#include "process/text/token_classes.h"
#include "unit/dice.h"
#include "unit/process_bench.h"

static unsigned class_of(const struct gw_text *text, const char *token) {
    for (uint32_t i = 0; i < text->token_count; i++) {
        if (gw_str_is(gw_text_cut(text, i, i), token)) {
            return text->classes[i];
        }
    }
    fail_msg("no token %s", token);
    return 0;
}

static void test_classes(void **state) {
    (void)state;
    static const struct {
        const char *token;
        unsigned classes;
    } cases[] = {
        {"The", GW_CLASS_WORD | GW_CLASS_STOPWORD | GW_CLASS_LINE | GW_CLASS_PARAGRAPH},
        {"bridge", GW_CLASS_WORD},
        {"cost", GW_CLASS_WORD},
        {"$", GW_CLASS_VALUE},
        {"5", GW_CLASS_WORD | GW_CLASS_VALUE},
        {"“", GW_CLASS_QUOTE},
        {"”", GW_CLASS_QUOTE},
        {",", 0},
        {"yesterday", GW_CLASS_WORD | GW_CLASS_VALUE},
        {"Two", GW_CLASS_WORD | GW_CLASS_VALUE | GW_CLASS_LINE},
        {"R120", GW_CLASS_WORD | GW_CLASS_VALUE},
    };
    struct gw_text text = bench_text(NULL, "The bridge cost $5, “dear” yesterday.\nTwo had R120.");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned stop = cases[i].classes & GW_CLASS_STOPWORD; /* of the others that is the model's business */
        unsigned found = class_of(&text, cases[i].token);
        assert_int_equal(found & ~(stop ? 0U : GW_CLASS_STOPWORD), cases[i].classes);
    }
}

/* Made-up classes, against looking at one after the other. */
static void test_finding_and_counting(void **state) {
    (void)state;
    enum { COUNT = 70 };
    struct dice dice = {3};
    uint8_t classes[COUNT + GW_CLASSES_AT_ONCE] = {0};
    for (unsigned i = 0; i < COUNT; i++) {
        classes[i] = dice_roll(&dice, 9) == 0 ? GW_CLASS_PARAGRAPH | GW_CLASS_QUOTE : GW_CLASS_WORD;
    }
    const struct gw_text text = {.token_count = COUNT, .classes = classes};
    for (uint32_t first = 0; first <= COUNT; first++) {
        for (uint32_t end = first; end <= COUNT; end++) {
            uint32_t next = first, count = 0;
            while (next < end && !(classes[next] & GW_CLASS_PARAGRAPH)) {
                next++;
            }
            for (uint32_t i = first; i < end; i++) {
                count += classes[i] & GW_CLASS_WORD;
            }
            assert_int_equal(gw_token_next(&text, first, end, GW_CLASS_PARAGRAPH), next);
            assert_int_equal(gw_token_next(&text, first, end, GW_CLASS_VALUE | GW_CLASS_QUOTE), next);
            assert_int_equal(gw_token_next(&text, first, end, GW_CLASS_VALUE), end);
            assert_int_equal(gw_token_count(&text, first, end, GW_CLASS_WORD), count);
        }
    }
}

static void test_no_memory(void **state) {
    (void)state;
    struct gw_text text = bench_text(NULL, "One two.");
    struct gw_arena none;
    gw_arena_init(&none, &gw_allocator_system, 0);
    assert_int_equal(gw_token_classes_make(&text, bench_model, &none), GW_NO_MEMORY);
    gw_arena_free(&none);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_finding_and_counting),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
