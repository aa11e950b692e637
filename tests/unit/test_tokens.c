/* Tokens: spans, kinds, shapes and the words of the model. */
#include "process/text/chars.h"
#include "process/text/letters.h"
#include "unit/dice.h"
#include "unit/process_bench.h"

/* The tokens' texts, parted by '|'. */
static const char *joined(const char *body) {
    static char out[1024];
    struct gw_text text = bench_text(NULL, body);
    size_t size = 0;
    for (uint32_t i = 0; i < text.token_count; i++) {
        struct gw_str cut = gw_text_cut(&text, i, i);
        size +=
            (size_t)snprintf(out + size, sizeof out - size, "%s" GW_STR_FMT, i ? "|" : "", GW_STR_ARG(cut));
    }
    return out;
}

static void test_parts_words_numbers_and_marks(void **state) {
    (void)state;
    static const struct {
        const char *body, *tokens;
    } cases[] = {
        {"The mayor left.", "The|mayor|left|."},
        {"a  b\t\nc", "a|b|c"},
        {"Kenya's farmers’ union", "Kenya|'s|farmers|’|union"},
        {"Ana’s and JAMES'S", "Ana|’s|and|JAMES|'S"},
        {"don't, O'Hara, Xi'an", "don't|,|O'Hara|,|Xi'an"},
        {"the 'quiet' one", "the|'|quiet|'|one"},
        {"U.S. and U.N troops", "U.S.|and|U.N|troops"},
        {"at 5 p.m. sharp", "at|5|p.m.|sharp"},
        {"J.K. Osei", "J.K.|Osei"},
        {"3.5 of 1,200,000", "3.5|of|1,200,000"},
        {"15/8/2023, 10:30.", "15/8/2023|,|10:30|."},
        {"the 78th in 1990s, 30bn", "the|78th|in|1990s|,|30bn"},
        {"long-term 1910-1945", "long|-|term|1910|-|1945"},
        {"Wait... what?!", "Wait|...|what|?|!"},
        {"and so… on", "and|so|…|on"},
        {"one--two — three", "one|--|two|—|three"},
        {"“Yes,” ‘no’", "“|Yes|,|”|‘|no|’"},
        {"$5 US$7 20%", "$|5|US|$|7|20|%"},
        {"see https://a.example/b?c=d, now", "see|https://a.example/b?c=d|,|now"},
        {"(www.a.example)", "(|www.a.example|)"},
        {"by @some_one99!", "by|@some_one99|!"},
        {"São Tomé, Łódź, naïve", "São|Tomé|,|Łódź|,|naïve"},
        {"G7 and COVID-19", "G7|and|COVID|-|19"},
        {"Anaâ€™s â€œplanâ€\xC2\x9D â€“ no", "Ana|â€™s|â€œ|plan|â€\xC2\x9D|â€“|no"},
        {"Ana\xC3\xA2\xC2\x80\xC2\x99s don\xC3\xA2\xC2\x80\xC2\x99t",
         "Ana|\xC3\xA2\xC2\x80\xC2\x99s|don\xC3\xA2\xC2\x80\xC2\x99t"},
        {"pâté â", "pâté|â"},
        {"ends in e.g. this", "ends|in|e.g.|this"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(joined(cases[i].body), cases[i].tokens);
    }
}

static void test_shapes(void **state) {
    (void)state;
    static const struct {
        const char *word;
        unsigned shape;
    } cases[] = {
        {"word", 0},
        {"Word", GW_SHAPE_CAPITAL},
        {"WORD", GW_SHAPE_CAPITAL | GW_SHAPE_CAPITALS},
        {"McDonald", GW_SHAPE_CAPITAL | GW_SHAPE_INNER},
        {"iPhone", GW_SHAPE_INNER},
        {"A", GW_SHAPE_CAPITAL | GW_SHAPE_SINGLE},
        {"G7", GW_SHAPE_CAPITAL | GW_SHAPE_DIGITS},
        {"U.S.", GW_SHAPE_CAPITAL | GW_SHAPE_CAPITALS | GW_SHAPE_DOTTED},
        {"É", GW_SHAPE_CAPITAL | GW_SHAPE_SINGLE},
        {"Łódź", GW_SHAPE_CAPITAL},
    };
    unsigned gaps = GW_SHAPE_SPACE | GW_SHAPE_LINE | GW_SHAPE_PARAGRAPH;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_text text = bench_text(NULL, cases[i].word);
        assert_int_equal(text.token_count, 1);
        assert_int_equal(text.tokens[0].shape & ~gaps, cases[i].shape);
    }
}

static void test_gaps(void **state) {
    (void)state;
    struct gw_text text = bench_text(NULL, "a b\nc\n \nd,e");
    unsigned line = GW_SHAPE_SPACE | GW_SHAPE_LINE;
    assert_int_equal(text.tokens[0].shape & (line | GW_SHAPE_PARAGRAPH), GW_SHAPE_LINE | GW_SHAPE_PARAGRAPH);
    assert_int_equal(text.tokens[1].shape & (line | GW_SHAPE_PARAGRAPH), GW_SHAPE_SPACE);
    assert_int_equal(text.tokens[2].shape & (line | GW_SHAPE_PARAGRAPH), line);
    assert_int_equal(text.tokens[3].shape & (line | GW_SHAPE_PARAGRAPH), line | GW_SHAPE_PARAGRAPH);
    assert_true(gw_token_touches(&text, 4));
    assert_true(gw_token_touches(&text, 5));
}

static void test_title_comes_first(void **state) {
    (void)state;
    struct gw_text text = bench_text("Two words", "three");
    assert_int_equal(text.title_count, 2);
    assert_int_equal(text.token_count, 3);
    assert_int_equal(gw_text_span(&text, 1, 1).field, GW_FIELD_TITLE);
    assert_int_equal(gw_text_span(&text, 2, 2).field, GW_FIELD_BODY);
    assert_str(gw_text_cut(&text, 0, 1), "Two words");
    assert_str(gw_text_cut(&text, 2, 2), "three");
}

static void test_words_are_folded(void **state) {
    (void)state;
    static const char *const pairs[] = {"Bogota bogotá", "BOGOTÁ Bogota", "U.S. us", "don't DON’T",
                                        "straße STRASSE"};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct gw_text text = bench_text(NULL, pairs[i]);
        assert_int_equal(text.token_count, 2);
        assert_true(text.tokens[0].hash == text.tokens[1].hash);
        assert_int_equal(text.tokens[0].word, text.tokens[1].word);
    }
}

static void test_long_words_have_no_word_but_differ_by_size(void **state) {
    (void)state;
    char body[400];
    memset(body, 'x', sizeof body);
    body[100] = ' ';
    body[399] = '\0';
    struct gw_text text = bench_text(NULL, body);
    assert_int_equal(text.token_count, 2);
    assert_int_equal(text.tokens[0].word, GW_NO_WORD);
    assert_int_equal(text.tokens[1].word, GW_NO_WORD);
    assert_int_not_equal(text.tokens[0].hash, text.tokens[1].hash);
    assert_int_equal(text.tokens[1].end, 399);
}

static void test_ends_with_the_budget(void **state) {
    (void)state;
    struct gw_text text = {.fields = {[GW_FIELD_BODY] = GW_STR("one two three four")}};
    struct gw_work work = {2 * GW_TOKEN_WORK, false};
    assert_int_equal(gw_tokens_add(&text, GW_FIELD_BODY, bench_model, &work, &bench_arena), GW_OK);
    assert_true(work.ended);
    assert_int_equal(text.token_count, 3);
}

static void test_every_mark_is_named(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum gw_mark mark;
    } cases[] = {
        {".", GW_MARK_PERIOD},     {"…", GW_MARK_ELLIPSIS},    {"–", GW_MARK_DASH},
        {"’", GW_MARK_APOSTROPHE}, {"“", GW_MARK_QUOTE_OPEN},  {"”", GW_MARK_QUOTE_CLOSE},
        {"«", GW_MARK_QUOTE_OPEN}, {"»", GW_MARK_QUOTE_CLOSE}, {"€", GW_MARK_CURRENCY},
        {"•", GW_MARK_BULLET},     {"（", GW_MARK_OPEN},       {"%", GW_MARK_PERCENT},
        {"\"", GW_MARK_QUOTE},     {"☃", GW_MARK_OTHER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_char c = gw_char_at(gw_str_from(cases[i].text), 0);
        assert_int_equal(c.class, GW_CHAR_MARK);
        assert_int_equal(c.mark, cases[i].mark);
        assert_int_equal(c.size, strlen(cases[i].text));
    }
}

static void test_bytes_that_are_no_character_are_spaces(void **state) {
    (void)state;
    struct gw_char c = gw_char_at(GW_STR("\xFFz"), 0);
    assert_int_equal(c.class, GW_CHAR_SPACE);
    assert_int_equal(c.size, 1);
    c = gw_char_at(GW_STR("\xE2\x80"), 0);
    assert_int_equal(c.class, GW_CHAR_SPACE);
    assert_int_equal(c.size, 1);
}

static void test_sixteen_bytes_are_seen_as_one_by_one(void **state) {
    (void)state;
    struct dice dice = {7};
    for (int round = 0; round < 20000; round++) {
        char bytes[GW_LETTERS_AT_ONCE], folded[2][GW_LETTERS_AT_ONCE];
        for (size_t k = 0; k < sizeof bytes; k++) {
            bytes[k] = (char)dice_roll(&dice, 256);
        }
        struct gw_letters slow = gw_letters_look_portable(bytes, folded[0]);
        struct gw_letters fast = gw_letters_look(bytes, folded[1]);
        assert_int_equal(slow.letters, fast.letters);
        assert_int_equal(slow.capitals & slow.letters, fast.capitals & fast.letters);
        assert_memory_equal(folded[0], folded[1], sizeof bytes);
    }
}

/* The last words of a field are read byte by byte, others sixteen bytes at a time. */
static void test_a_word_is_the_same_wherever_it_stands(void **state) {
    (void)state;
    static const char *const parts[] = {"a", "B", "c", "D",  "w", "W", "'", "s",
                                        ".", "9", ",", "\"", "é", "-", "’"};
    struct dice dice = {11};
    for (int round = 0; round < 20000; round++) {
        char body[128] = "";
        size_t size = 1 + dice_roll(&dice, 20);
        for (size_t k = 0; k < size; k++) {
            strcat(body, parts[dice_roll(&dice, round % 2 ? 6 : sizeof parts / sizeof *parts)]);
        }
        struct gw_text last = bench_text(NULL, body);
        strcat(body, "\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t");
        struct gw_text within = bench_text(NULL, body);
        assert_int_equal(last.token_count, within.token_count);
        assert_memory_equal(last.tokens, within.tokens, last.token_count * sizeof *last.tokens);
        gw_arena_reset(&bench_arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sixteen_bytes_are_seen_as_one_by_one),
        cmocka_unit_test(test_a_word_is_the_same_wherever_it_stands),
        cmocka_unit_test(test_parts_words_numbers_and_marks),
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_title_comes_first),
        cmocka_unit_test(test_words_are_folded),
        cmocka_unit_test(test_long_words_have_no_word_but_differ_by_size),
        cmocka_unit_test(test_ends_with_the_budget),
        cmocka_unit_test(test_every_mark_is_named),
        cmocka_unit_test(test_bytes_that_are_no_character_are_spaces),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
