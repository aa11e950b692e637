/* The tables of words inside values. */
#include "process/entities/values/value_words.h"
#include "unit/process_bench.h"

#include <ctype.h>

static void test_every_row_is_found(void **state) {
    (void)state;
    for (int table = 0; table < GW_VALUE_TABLE_COUNT; table++) {
        size_t count;
        const struct gw_value_word *rows = gw_value_words((enum gw_value_table)table, &count);
        for (size_t i = 0; i < count; i++) {
            char upper[32] = "";
            for (size_t k = 0; rows[i].word[k]; k++) {
                upper[k] = (char)toupper((unsigned char)rows[i].word[k]);
            }
            assert_ptr_equal(gw_value_word_find((enum gw_value_table)table, gw_str_from(rows[i].word)),
                             &rows[i]);
            assert_ptr_equal(gw_value_word_find((enum gw_value_table)table, gw_str_from(upper)), &rows[i]);
        }
        assert_null(gw_value_word_find((enum gw_value_table)table, GW_STR("")));
        assert_null(gw_value_word_find((enum gw_value_table)table, GW_STR("zzz")));
        assert_null(gw_value_word_find((enum gw_value_table)table, GW_STR("$$")));
    }
}

/* Readers look stretches and numbers up only where the model has flagged the word. */
static void test_the_model_flags_what_is_looked_up(void **state) {
    (void)state;
    static const struct {
        enum gw_value_table table;
        uint64_t flag;
    } cases[] = {{GW_VALUE_STRETCHES, GW_WORD(TIME_UNIT)}, {GW_VALUE_NUMBERS, GW_WORD(NUMBER_WORD)}};
    for (size_t t = 0; t < sizeof cases / sizeof *cases; t++) {
        size_t count;
        const struct gw_value_word *rows = gw_value_words(cases[t].table, &count);
        for (size_t i = 0; i < count; i++) {
            uint32_t word = gw_model_find_word(bench_model, gw_hash64(gw_str_from(rows[i].word)));
            assert_true(gw_model_word(bench_model, word)->flags & cases[t].flag);
        }
    }
}

static void test_codes_are_iso_4217(void **state) {
    (void)state;
    assert_string_equal(gw_currency_code(GW_STR("EUR")), "EUR");
    assert_string_equal(gw_currency_code(GW_STR("AED")), "AED");
    assert_string_equal(gw_currency_code(GW_STR("ZWL")), "ZWL");
    assert_null(gw_currency_code(GW_STR("eur")));
    assert_null(gw_currency_code(GW_STR("EURO")));
    assert_null(gw_currency_code(GW_STR("ABC")));
    static const enum gw_value_table tables[] = {GW_VALUE_SIGNS, GW_VALUE_CURRENCIES};
    for (size_t t = 0; t < 2; t++) {
        size_t count;
        const struct gw_value_word *rows = gw_value_words(tables[t], &count);
        for (size_t i = 0; i < count; i++) {
            assert_true(rows[i].text[0] == '\0' || gw_currency_code(gw_str_from(rows[i].text)) != NULL);
        }
    }
}

static void test_one_name_many_currencies(void **state) {
    (void)state;
    static const struct {
        const char *word, *country, *code;
    } cases[] = {{"dollars", "AU", "AUD"},
                 {"dollar", "US", "USD"},
                 {"pounds", "EG", "EGP"},
                 {"kroner", "NO", "NOK"},
                 {"dollars", "DE", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct gw_value_word *word =
            gw_value_word_find(GW_VALUE_CURRENCIES, gw_str_from(cases[i].word));
        assert_non_null(word);
        assert_string_equal(gw_currency_of_country(word, cases[i].country), cases[i].code);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_is_found),
        cmocka_unit_test(test_the_model_flags_what_is_looked_up),
        cmocka_unit_test(test_codes_are_iso_4217),
        cmocka_unit_test(test_one_name_many_currencies),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
