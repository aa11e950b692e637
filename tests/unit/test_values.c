/* Dates, times, money, percentages and quantities; each case is a text, what is cut from it, and its value.
 */
#include "process/entities/value_reader.h"
#include "process/entities/values.h"
#include "unit/process_bench.h"

struct value_case {
    const char *body;
    enum gw_value_kind kind;
    const char *cut;
    const char *value; /* "" when none is certain */
};

static struct gw_values find_values(const char *body, struct gw_text *text) {
    struct gw_values values;
    struct gw_name_spans none = {NULL, 0};
    struct gw_work work = bench_work();
    *text = bench_text(NULL, body);
    assert_int_equal(gw_values_find(text, &none, bench_model, &work, &bench_arena, &values), GW_OK);
    return values;
}

static void assert_cases(const struct value_case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct gw_text text;
        struct gw_values values = find_values(cases[i].body, &text);
        if (values.count != 1) {
            print_error("%zu values in: %s\n", values.count, cases[i].body);
        }
        assert_int_equal(values.count, 1);
        struct gw_span span = values.items[0].span;
        assert_str(gw_str_sub(text.fields[GW_FIELD_BODY], span.start, span.end), cases[i].cut);
        assert_int_equal(values.items[0].kind, cases[i].kind);
        assert_str(values.items[0].value, cases[i].value);
    }
}
#define ASSERT_CASES(cases) assert_cases((cases), sizeof(cases) / sizeof *(cases))

static void test_dates(void **state) {
    (void)state;
    static const struct value_case cases[] = {
        {"It opened on July 5, 2023.", GW_DATE, "July 5, 2023", "2023-07-05"},
        {"It opened on 5 July 2023.", GW_DATE, "5 July 2023", "2023-07-05"},
        {"It opened on the 5th of July, 2023.", GW_DATE, "5th of July, 2023", "2023-07-05"},
        {"It opened on Wednesday, July 5, 2023.", GW_DATE, "Wednesday, July 5, 2023", "2023-07-05"},
        {"It opened on Dec. 19, 2023.", GW_DATE, "Dec. 19, 2023", "2023-12-19"},
        {"It opened on July 5.", GW_DATE, "July 5", ""},
        {"It opened in July 2023.", GW_DATE, "July 2023", "2023-07"},
        {"It ran July 5-7, 2023 here.", GW_DATE, "July 5-7, 2023", "2023-07-05/2023-07-07"},
        {"It opened on Sunday morning.", GW_DATE, "Sunday", ""},
        {"It opened in May, they said.", GW_DATE, "May", ""},
        {"(15/8/2023)", GW_DATE, "15/8/2023", "2023-08-15"},
        {"on 8/15/2023", GW_DATE, "8/15/2023", "2023-08-15"},
        {"on 4/5/2023", GW_DATE, "4/5/2023", ""},
        {"on 7/7/2023", GW_DATE, "7/7/2023", "2023-07-07"},
        {"on 2023-08-15", GW_DATE, "2023-08-15", "2023-08-15"},
        {"on 2023/08/15", GW_DATE, "2023/08/15", "2023-08-15"},
        {"Local time (15/8) it was.", GW_DATE, "15/8", ""},
        {"in 1910-1945 it was", GW_DATE, "1910-1945", "1910/1945"},
        {"the season 2022/23 began", GW_DATE, "2022/23", "2022/2023"},
        {"in the 1990s it was", GW_DATE, "1990s", "1990/1999"},
        {"in the 1900s it was", GW_DATE, "1900s", ""},
        {"in 2019 it was", GW_DATE, "2019", "2019"},
    };
    ASSERT_CASES(cases);
}

static void test_times(void **state) {
    (void)state;
    static const struct value_case cases[] = {
        {"at 10:30 p.m. they left", GW_TIME, "10:30 p.m.", "22:30"},
        {"at 9pm they left", GW_TIME, "9pm", "21:00"},
        {"at 12 a.m. they left", GW_TIME, "12 a.m.", "00:00"},
        {"at 12pm they left", GW_TIME, "12pm", "12:00"},
        {"at 14:05 they left", GW_TIME, "14:05", "14:05"},
        {"at 10:30 they left", GW_TIME, "10:30", ""},
    };
    ASSERT_CASES(cases);
}

static void test_money(void **state) {
    (void)state;
    static const struct value_case cases[] = {
        {"It cost US$1.2 million.", GW_MONEY, "US$1.2 million", "1200000 USD"},
        {"It cost $5.", GW_MONEY, "$5", ""},
        {"It cost €300bn.", GW_MONEY, "€300bn", "300000000000 EUR"},
        {"It cost 2,500 euros.", GW_MONEY, "2,500 euros", "2500 EUR"},
        {"It cost 20 million US dollars.", GW_MONEY, "20 million US dollars", "20000000 USD"},
        {"It cost 20 million dollars.", GW_MONEY, "20 million dollars", ""},
        {"It cost 22 billion cedis.", GW_MONEY, "22 billion cedis", "22000000000 GHS"},
        {"It cost Rs 500.", GW_MONEY, "Rs 500", ""},
        {"It cost USD 2.5 million.", GW_MONEY, "USD 2.5 million", "2500000 USD"},
        {"It cost ₹21 crore.", GW_MONEY, "₹21 crore", "210000000 INR"},
        {"It cost £12.50.", GW_MONEY, "£12.50", "12.5 GBP"},
    };
    ASSERT_CASES(cases);
}

static void test_percentages_and_quantities(void **state) {
    (void)state;
    static const struct value_case cases[] = {
        {"It rose 12.5%.", GW_PERCENT, "12.5%", "12.5"},
        {"It rose 12.50 percent.", GW_PERCENT, "12.50 percent", "12.5"},
        {"It rose 7 per cent.", GW_PERCENT, "7 per cent", "7"},
        {"It is 5 kilometres long.", GW_QUANTITY, "5 kilometres", "5 km"},
        {"It is 5km long.", GW_QUANTITY, "5km", "5 km"},
        {"It has 1,200 hectares.", GW_QUANTITY, "1,200 hectares", "1200 ha"},
        {"It holds 3 million barrels.", GW_QUANTITY, "3 million barrels", "3000000 bbl"},
        {"It weighs 3 tons.", GW_QUANTITY, "3 tons", ""},
    };
    ASSERT_CASES(cases);
}

static void test_what_is_no_value(void **state) {
    (void)state;
    static const char *const bodies[] = {
        "They may march again.", "Sun and sat here.",
        "He has 3 dogs.",        "Room 1234 is free, 1,950 people came.",
        "It was 99/99/2023.",    "The score was 2:1.",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct gw_text text;
        assert_int_equal(find_values(bodies[i], &text).count, 0);
    }
}

static void test_names_hide_values(void **state) {
    (void)state;
    struct gw_text text = bench_text(NULL, "Expo 2020 was in 2021.");
    struct gw_name_span expo = {.first = 0, .last = 1};
    struct gw_name_spans spans = {&expo, 1};
    struct gw_values values;
    struct gw_work work = bench_work();
    assert_int_equal(gw_values_find(&text, &spans, bench_model, &work, &bench_arena, &values), GW_OK);
    assert_int_equal(values.count, 1);
    assert_str(values.items[0].value, "2021");
}

static void test_decimals(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int power;
        const char *shown; /* NULL: refused */
    } cases[] = {
        {"7.2", 9, "7200000000"},      {"1,200.50", 0, "1200.5"},
        {"0.05", 0, "0.05"},           {"0.05", 1, "0.5"},
        {"1,00,000", 0, "100000"},     {"1,2", 0, NULL},
        {"1,2000", 0, NULL},           {"12.5.6", 0, NULL},
        {"1234567890123456", 0, NULL}, {"999999999999999", 12, NULL},
        {"000.100", 0, "0.1"},         {"5", 0, "5"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_decimal decimal;
        struct gw_str tail;
        char out[GW_VALUE_TEXT_MAX];
        bool done = gw_decimal_parse(gw_str_from(cases[i].text), &decimal, &tail) &&
                    gw_decimal_format(decimal, cases[i].power, out);
        assert_int_equal(done, cases[i].shown != NULL);
        if (done) {
            assert_string_equal(out, cases[i].shown);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_money),
        cmocka_unit_test(test_percentages_and_quantities),
        cmocka_unit_test(test_what_is_no_value),
        cmocka_unit_test(test_names_hide_values),
        cmocka_unit_test(test_decimals),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
