/* Sentences: what parts them, and what does not. Cases are written with '|' where a sentence ends. */
#include "unit/process_bench.h"

/* Parts the case's text (its bars taken out) and compares. */
static void assert_parts(const char *expected) {
    char body[1024], found[1024];
    size_t size = 0, out = 0;
    for (const char *c = expected; *c; c++) {
        if (*c != '|') {
            body[size++] = *c;
        }
    }
    body[size] = '\0';
    struct gw_text text = bench_text(NULL, body);
    uint32_t at = 0;
    for (uint32_t s = 0; s < text.sentence_count; s++) {
        assert_int_equal(text.sentences[s].first, s == 0 ? 0 : text.sentences[s - 1].end);
        uint32_t end = text.tokens[text.sentences[s].end - 1].end;
        out += (size_t)snprintf(found + out, sizeof found - out, "%s%.*s", s ? "|" : "", (int)(end - at),
                                body + at);
        at = end;
    }
    snprintf(found + out, sizeof found - out, "%s", body + at);
    assert_string_equal(found, expected);
}

static void assert_all(const char *const *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        assert_parts(cases[i]);
    }
}
#define ASSERT_ALL(cases) assert_all((cases), sizeof(cases) / sizeof *(cases))

static void test_plain_sentences(void **state) {
    (void)state;
    static const char *const cases[] = {
        "The bridge opened.| Traffic began at once.",
        "Was it late?| Yes!| Nobody minded.",
        "One line without a stop",
        "He counted to 3.| Then 4 came.",
    };
    ASSERT_ALL(cases);
}

static void test_abbreviations_and_initials_do_not_end_sentences(void **state) {
    (void)state;
    static const char *const cases[] = {
        "Dr. Ama Owusu met Mr. Lund.| They talked.",
        "Sen. Ruiz and Gen. Park spoke.",
        "George W. Hart sold it.",
        "It is No. 5 of the list.",
        "On Dec. 19 they sailed.",
        "The U.S. Congress met.",
        "He lives in the U.S.| The rest stayed.",
        "It begins at 9 a.m. Monday.",
        "Acme Inc. Europe grew.| The firm said so.",
    };
    ASSERT_ALL(cases);
}

static void test_stray_full_stops_do_not_end_sentences(void **state) {
    (void)state;
    static const char *const cases[] = {
        "It marked the island’s. freedom from rule.",
        "According to the. Terms of it they left.",
        "They accused North. Korea of it.",
        "It costs 3.50 or so.",
        "See a.example for more.",
        "So they waited… and waited.",
    };
    ASSERT_ALL(cases);
}

static void test_quotes_stay_with_their_sentence(void **state) {
    (void)state;
    static const char *const cases[] = {
        "“We won.”| The crowd cheered.",       "\"We won.\"| The crowd cheered.",
        "\"We won!\" she said.| \"At last.\"", "(It rained.)| Then it stopped.",
        "“Who is there?” he asked.",
    };
    ASSERT_ALL(cases);
}

static void test_missing_space_behind_a_stop(void **state) {
    (void)state;
    static const char *const cases[] = {"The talks failed.|The envoys left.", "Version 2.Next is out."};
    ASSERT_ALL(cases);
}

static void test_lines_and_paragraphs(void **state) {
    (void)state;
    static const char *const cases[] = {
        "A heading|\n\nthe text begins small",          "A caption by a reader|\nThe mayor spoke.",
        "It is kept as a.\nnational day in the south.", "They came from the\nNorth of the country.",
        "Points:|\n- first|\n- second|\n• Third",       "First line.|\nSecond line.",
    };
    ASSERT_ALL(cases);
}

static void test_lines_that_were_broken_at_a_width(void **state) {
    (void)state;
    assert_parts("The council of the harbour town agreed on Friday with the\n"
                 "Fishers' union that boats may leave again, and that the old\n"
                 "Lighthouse will be painted before the summer begins, as the\n"
                 "Mayor had promised to the people who live beside the water.|\n"
                 "Nobody knows who is going to pay for all of the new colour\n"
                 "That it needs.");
}

static void test_title_and_body_are_apart(void **state) {
    (void)state;
    struct gw_text text = bench_text("a title that goes", "on below");
    assert_int_equal(text.sentence_count, 2);
    assert_int_equal(text.sentences[0].end, text.title_count);
    text = bench_text(NULL, "");
    assert_int_equal(text.sentence_count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_sentences),
        cmocka_unit_test(test_abbreviations_and_initials_do_not_end_sentences),
        cmocka_unit_test(test_stray_full_stops_do_not_end_sentences),
        cmocka_unit_test(test_quotes_stay_with_their_sentence),
        cmocka_unit_test(test_missing_space_behind_a_stop),
        cmocka_unit_test(test_lines_and_paragraphs),
        cmocka_unit_test(test_lines_that_were_broken_at_a_width),
        cmocka_unit_test(test_title_and_body_are_apart),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
