/* Past or future, by the verbs around a place. */
#include "process/entities/values/value_tense.h"
#include "unit/process_bench.h"

/* The tense at the token "Tuesday". */
static enum gw_tense tense_in(const char *body) {
    struct gw_text text = bench_text(NULL, body);
    struct gw_value_reader reader = {&text, bench_model, 0, text.token_count, 0};
    uint32_t at = 0;
    while (at < text.token_count && !gw_reader_is(&reader, at, "Tuesday")) {
        at++;
    }
    assert_true(at < text.token_count);
    return gw_tense_at(&reader, at);
}

static void test_verbs_around_a_day(void **state) {
    (void)state;
    static const struct {
        const char *body;
        enum gw_tense tense;
    } cases[] = {
        {"They met on Tuesday.", GW_TENSE_PAST},
        {"They voted on Tuesday to leave.", GW_TENSE_PAST},
        {"On Tuesday the council voted.", GW_TENSE_PAST},
        {"They will meet on Tuesday.", GW_TENSE_FUTURE},
        {"Talks with leaders will be held on Tuesday.", GW_TENSE_UNSURE},
        {"She said on Tuesday they will meet.", GW_TENSE_PAST},
        {"They hope to meet on Tuesday.", GW_TENSE_UNSURE},
        {"They went to Kenya on Tuesday.", GW_TENSE_PAST},
        {"They went to the port on Tuesday.", GW_TENSE_PAST},
        {"It was scheduled for Tuesday.", GW_TENSE_UNSURE},
        {"It may rain on Tuesday.", GW_TENSE_UNSURE},
        {"Rain on Tuesday.", GW_TENSE_UNSURE},
        {"Tuesday", GW_TENSE_UNSURE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (tense_in(cases[i].body) != cases[i].tense) {
            print_error("in: %s\n", cases[i].body);
        }
        assert_int_equal(tense_in(cases[i].body), cases[i].tense);
    }
}

static void test_it_looks_not_far(void **state) {
    (void)state;
    char body[4096] = "They met";
    for (int i = 0; i < 200; i++) {
        strcat(body, " in town");
    }
    strcat(body, " on Tuesday");
    assert_int_equal(tense_in(body), GW_TENSE_UNSURE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verbs_around_a_day),
        cmocka_unit_test(test_it_looks_not_far),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
