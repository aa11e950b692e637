/* Dates, times, money, percentages and quantities; each case is a text, what is cut from it, and its value.
 */
#include "process/entities/values/value_reader.h"
#include "process/entities/values/values.h"
#include "unit/process_bench.h"

#include <stdlib.h>
#include <time.h>

#define WEDNESDAY "2023-08-16" /* the day of publication where a case has one */

struct value_case {
    const char *body;
    enum gw_value_kind kind;
    const char *cut;
    const char *value; /* "" when none is certain */
};

static int32_t day_of(const char *date) {
    int year, month, day;
    assert_int_equal(sscanf(date, "%d-%d-%d", &year, &month, &day), 3);
    return gw_day_of((struct gw_ymd){(int16_t)year, (int8_t)month, (int8_t)day});
}

static struct gw_values find_values(const char *body, int32_t published, struct gw_text *text) {
    struct gw_values values;
    struct gw_name_spans spans;
    struct gw_work work = bench_work();
    *text = bench_text(NULL, body);
    assert_int_equal(gw_tagger_find(text, bench_model, &work, &bench_arena, &spans), GW_OK);
    assert_int_equal(gw_values_find(text, &spans, bench_model, published, &work, &bench_arena, &values),
                     GW_OK);
    return values;
}

static void assert_cases(const struct value_case *cases, size_t count, int32_t published) {
    for (size_t i = 0; i < count; i++) {
        struct gw_text text;
        struct gw_values values = find_values(cases[i].body, published, &text);
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
#define ASSERT_CASES(cases)     assert_cases((cases), sizeof(cases) / sizeof *(cases), GW_NO_DAY)
#define ASSERT_PUBLISHED(cases) assert_cases((cases), sizeof(cases) / sizeof *(cases), day_of(WEDNESDAY))

/* "cut=value;…" of all values. */
static const char *all_values(const char *body, int32_t published) {
    static char out[1024];
    struct gw_text text;
    struct gw_values values = find_values(body, published, &text);
    size_t size = 0;
    out[0] = '\0';
    for (size_t i = 0; i < values.count; i++) {
        struct gw_span span = values.items[i].span;
        size += (size_t)snprintf(out + size, sizeof out - size, "%s%.*s=" GW_STR_FMT, i ? ";" : "",
                                 (int)(span.end - span.start), body + span.start,
                                 GW_STR_ARG(values.items[i].value));
    }
    return out;
}

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
        {"in the ’80s it was", GW_DATE, "’80s", "1980/1989"},
        {"in the '90s it was", GW_DATE, "'90s", "1990/1999"},
        {"It opened in summer 2022.", GW_DATE, "summer 2022", "2022-22"},
        {"It closed in the winter of 2021.", GW_DATE, "winter of 2021", "2021-24"},
        {"It closed in the winter of 1998-1999.", GW_DATE, "winter of 1998-1999", ""},
        {"It closed in winter 2019/20.", GW_DATE, "winter 2019/20", ""},
        {"in 2019 it was", GW_DATE, "2019", "2019"},
        {"It ran from 2019 to 2022.", GW_DATE, "2019 to 2022", "2019/2022"},
        {"It ran July 31 to August 4, 2023.", GW_DATE, "July 31 to August 4, 2023", "2023-07-31/2023-08-04"},
        {"It ran December 30 to January 2, 2024.", GW_DATE, "December 30 to January 2, 2024",
         "2023-12-30/2024-01-02"},
        {"It ran 5-7 July 2023.", GW_DATE, "5-7 July 2023", "2023-07-05/2023-07-07"},
        {"It opened on Monday, July 5, 2023.", GW_DATE, "Monday, July 5, 2023", ""},
        {"It opened on 31 June 2023.", GW_DATE, "31 June 2023", ""},
    };
    ASSERT_CASES(cases);
}

static void test_what_is_no_decade_and_no_season(void **state) {
    (void)state;
    assert_string_equal(all_values("Highs are in the 50s.", GW_NO_DAY), "");
    assert_string_equal(all_values("A woman in her 80s waved.", GW_NO_DAY), "");
    assert_string_equal(all_values("in the ’20s it was", GW_NO_DAY), "");
    assert_string_equal(all_values("A dry summer ended last spring.", GW_NO_DAY), "");
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
        {"It cost $25-35 million.", GW_MONEY, "$25-35 million", ""},
        {"It cost €25-35 million.", GW_MONEY, "€25-35 million", "25000000/35000000 EUR"},
        {"It cost R120 000.", GW_MONEY, "R120 000", "120000 ZAR"},
        {"It cost RM177mil.", GW_MONEY, "RM177mil", "177000000 MYR"},
        {"It cost USD999,999.", GW_MONEY, "USD999,999", "999999 USD"},
        {"It cost 8CUP.", GW_MONEY, "8CUP", "8 CUP"},
        {"It cost Dh 9,999.", GW_MONEY, "Dh 9,999", ""},
        {"It cost US$ 15 000.", GW_MONEY, "US$ 15 000", "15000 USD"},
        {"It cost US$10 million dollars.", GW_MONEY, "US$10 million dollars", "10000000 USD"},
        {"It cost 300 Kenyan shillings.", GW_MONEY, "300 Kenyan shillings", "300 KES"},
        {"It cost 4,000 Hong Kong dollars.", GW_MONEY, "4,000 Hong Kong dollars", "4000 HKD"},
        {"It cost 400 pounds sterling.", GW_MONEY, "400 pounds sterling", "400 GBP"},
        {"It cost 3,000 won.", GW_MONEY, "3,000 won", ""},
        {"It cost two million euros.", GW_MONEY, "two million euros", "2000000 EUR"},
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
        {"It has 20 square kilometres.", GW_QUANTITY, "20 square kilometres", "20 km2"},
        {"It ran 30 km per hour.", GW_QUANTITY, "30 km per hour", "30 km/h"},
        {"It was 30 degrees Celsius.", GW_QUANTITY, "30 degrees Celsius", "30 °C"},
        {"It was 30 degrees.", GW_QUANTITY, "30 degrees", ""},
        {"It ran five miles.", GW_QUANTITY, "five miles", "5 mi"},
        {"A 5-7 km walk began.", GW_QUANTITY, "5-7 km", "5/7 km"},
    };
    ASSERT_CASES(cases);
}

static void test_relative_days(void **state) {
    (void)state;
    static const struct value_case cases[] = {
        {"Prices rose last month.", GW_DATE, "last month", "2023-07"},
        {"Last month prices rose.", GW_DATE, "Last month", "2023-07"},
        {"Prices rose this month.", GW_DATE, "this month", "2023-08"},
        {"Prices rise next year.", GW_DATE, "next year", "2024"},
        {"It began last week.", GW_DATE, "last week", "2023-W32"},
        {"It happened three days ago.", GW_DATE, "three days ago", "2023-08-13"},
        {"It happened a week ago.", GW_DATE, "a week ago", "2023-W32"},
        {"It happened 20 years ago.", GW_DATE, "20 years ago", "2003"},
        {"It happened eight months ago.", GW_DATE, "eight months ago", "2022-12"},
        {"It rained in the past two weeks.", GW_DATE, "past two weeks", "2023-08-02/2023-08-16"},
        {"It lasts for the next three months.", GW_DATE, "next three months", "2023-08/2023-11"},
        {"It began in the last century.", GW_DATE, "last century", "1901/2000"},
        {"He left yesterday.", GW_DATE, "yesterday", "2023-08-15"},
        {"He leaves tomorrow.", GW_DATE, "tomorrow", "2023-08-17"},
        {"It burned last night.", GW_DATE, "last night", "2023-08-15"},
        {"The mayor said today.", GW_DATE, "today", "2023-08-16"},
    };
    ASSERT_PUBLISHED(cases);
    assert_string_equal(all_values("Today people live longer, and today's cars too.", day_of(WEDNESDAY)), "");
    assert_string_equal(all_values("It began a few days ago.", day_of(WEDNESDAY)), "");
    assert_string_equal(all_values("It grew over the last decade.", day_of(WEDNESDAY)), "");
}

static void test_relative_days_from_nobody_knows_when(void **state) {
    (void)state;
    assert_string_equal(all_values("Prices rose last month. He left yesterday.", GW_NO_DAY), "");
    assert_string_equal(all_values("It happened three days ago.", GW_NO_DAY), "three days=3 day");
    assert_string_equal(all_values("It rained in the past two weeks.", GW_NO_DAY), "two weeks=2 week");
}

static void test_weekdays_go_by_the_tense(void **state) {
    (void)state;
    static const struct value_case cases[] = {
        {"They met on Tuesday.", GW_DATE, "Tuesday", "2023-08-15"},
        {"They met on Wednesday.", GW_DATE, "Wednesday", "2023-08-16"},
        {"They met on Thursday.", GW_DATE, "Thursday", "2023-08-10"},
        {"On Monday, they voted.", GW_DATE, "Monday", "2023-08-14"},
        {"They will vote on Friday.", GW_DATE, "Friday", "2023-08-18"},
        {"They will vote on Wednesday.", GW_DATE, "Wednesday", ""},
        {"The mayor said on Monday that they will vote.", GW_DATE, "Monday", "2023-08-14"},
        {"The mayor, who will retire, said on Monday no.", GW_DATE, "Monday", "2023-08-14"},
        {"They agreed to meet on Friday.", GW_DATE, "Friday", ""},
        {"It is expected on Friday.", GW_DATE, "Friday", ""},
        {"Trains run on Friday.", GW_DATE, "Friday", ""},
        {"It closed last Friday.", GW_DATE, "Friday", "2023-08-11"},
        {"It closed last Monday.", GW_DATE, "Monday", ""},
        {"It closes next Monday.", GW_DATE, "Monday", "2023-08-21"},
        {"It closes next Friday.", GW_DATE, "Friday", ""},
        {"It closes this Friday.", GW_DATE, "Friday", "2023-08-18"},
    };
    ASSERT_PUBLISHED(cases);
    assert_string_equal(all_values("In 1995 they met on Tuesday.", day_of(WEDNESDAY)), "1995=1995;Tuesday=");
}

static void test_dates_without_their_year(void **state) {
    (void)state;
    static const struct value_case cases[] = {
        {"It opened on July 5.", GW_DATE, "July 5", "2023-07-05"},
        {"It opened on 5 December.", GW_DATE, "5 December", "2022-12-05"},
        {"It will open on 5 July.", GW_DATE, "5 July", "2024-07-05"},
        {"It opened on Tuesday, 15 August.", GW_DATE, "Tuesday, 15 August", "2023-08-15"},
        {"Shops close on Tuesday, 15 August.", GW_DATE, "Tuesday, 15 August", "2023-08-15"},
        {"Shops close on Monday, 15 August.", GW_DATE, "Monday, 15 August", ""},
        {"Shops close on 15 August.", GW_DATE, "15 August", ""},
        {"It opened in July.", GW_DATE, "July", "2023-07"},
        {"It opened in October.", GW_DATE, "October", "2022-10"},
        {"It will open in October.", GW_DATE, "October", "2023-10"},
        {"They sang from July 31 to August 4.", GW_DATE, "July 31 to August 4", "2023-07-31/2023-08-04"},
        {"They sang from 28 December to 2 January.", GW_DATE, "28 December to 2 January",
         "2022-12-28/2023-01-02"},
    };
    ASSERT_PUBLISHED(cases);
}

static void test_the_article_shows_the_order_of_day_and_month(void **state) {
    (void)state;
    static const struct {
        const char *body, *values;
    } cases[] = {
        {"On 4/5/2023 it rained. On 25/5/2023 it snowed.", "4/5/2023=2023-05-04;25/5/2023=2023-05-25"},
        {"On 4/5/2023 it rained. On 5/25/2023 it snowed.", "4/5/2023=2023-04-05;5/25/2023=2023-05-25"},
        {"On 4/5/2023, 5/25/2023 and 25/5/2023 it rained.",
         "4/5/2023=;5/25/2023=2023-05-25;25/5/2023=2023-05-25"},
        {"On Thursday (4/5/2023) it rained.", "Thursday=2023-05-04;4/5/2023=2023-05-04"},
        {"On Wednesday (4/5/2023) it rained.", "Wednesday=2023-04-05;4/5/2023=2023-04-05"},
        {"On Sunday (4/5/2023) it rained.", "Sunday=;4/5/2023="},
        {"On 31/2/2023 it rained.", "31/2/2023="},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(all_values(cases[i].body, GW_NO_DAY), cases[i].values);
    }
    assert_string_equal(all_values("They met on Tuesday (15/8) in town.", day_of(WEDNESDAY)),
                        "Tuesday=2023-08-15;15/8=2023-08-15");
    assert_string_equal(all_values("They met on Tuesday (15/8) in town.", GW_NO_DAY), "Tuesday=;15/8=");
}

static void test_a_date_with_its_weekday_stands_for_publication(void **state) {
    (void)state;
    static const struct {
        const char *body, *values;
    } cases[] = {
        {"They met on Tuesday (15/8/2023). Last month they quarrelled.",
         "Tuesday=2023-08-15;15/8/2023=2023-08-15;Last month=2023-07"},
        /* It may have been published in September. */
        {"They met on Tuesday, August 29, 2023. Last month they quarrelled.",
         "Tuesday, August 29, 2023=2023-08-29"},
        /* No such Tuesday. */
        {"They met on Tuesday, August 16, 2023. Last month they quarrelled.", "Tuesday, August 16, 2023="},
        {"They will meet on Tuesday (15/8/2023). It began last month.",
         "Tuesday=2023-08-15;15/8/2023=2023-08-15"},
        /* Two such dates, years apart. */
        {"They met on Tuesday (15/8/2023). He was born on Monday, 5 July 1971. Last year he fell.",
         "Tuesday=2023-08-15;15/8/2023=2023-08-15;Monday, 5 July 1971=1971-07-05"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(all_values(cases[i].body, GW_NO_DAY), cases[i].values);
    }
}

static void test_ages_ordinals_and_stretches_of_time(void **state) {
    (void)state;
    static const struct value_case cases[] = {
        {"A 45-year-old driver fell.", GW_QUANTITY, "45-year-old", "45 year-old"},
        {"She is 45 years old.", GW_QUANTITY, "45 years old", "45 year-old"},
        {"A man aged 45 fell.", GW_QUANTITY, "45", "45 year-old"},
        {"A five-year-old fell.", GW_QUANTITY, "five-year-old", "5 year-old"},
        {"Peter Hall, 52, fell.", GW_QUANTITY, "52", "52 year-old"},
        {"The 78th show began.", GW_QUANTITY, "78th", "78th"},
        {"The 21st show began.", GW_QUANTITY, "21st", "21st"},
        {"It took three days.", GW_QUANTITY, "three days", "3 day"},
        {"A twenty-one-day trip ended.", GW_QUANTITY, "twenty-one-day", "21 day"},
        {"He got 20 years.", GW_QUANTITY, "20 years", "20 year"},
        {"The 19th century ended.", GW_DATE, "19th century", "1801/1900"},
        {"The 2nd century BC ended.", GW_DATE, "2nd century", ""},
    };
    ASSERT_CASES(cases);
    assert_string_equal(all_values("Children aged 5 to 7 sang.", GW_NO_DAY), "");
}

static void test_time_takes_the_day_beside_it(void **state) {
    (void)state;
    static const struct {
        const char *body, *values;
    } cases[] = {
        {"It began at 9pm on Monday.", "9pm=2023-08-14T21:00;Monday=2023-08-14"},
        {"It began on Monday at 9pm.", "Monday=2023-08-14;9pm=2023-08-14T21:00"},
        {"It began at 14:05 GMT.", "14:05 GMT=14:05Z"},
        {"It began in July, at 9pm.", "July=2023-07;9pm=21:00"},
        {"Monday came and went; they began at 9pm.", "Monday=2023-08-14;9pm=21:00"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(all_values(cases[i].body, day_of(WEDNESDAY)), cases[i].values);
    }
}

static void test_the_article_shows_whose_dollars(void **state) {
    (void)state;
    static const struct {
        const char *body, *values;
    } cases[] = {
        {"It cost NT$500, and $300 later.", "NT$500=500 TWD;$300=300 TWD"},
        {"It cost $500, or 20 US dollars.", "$500=500 USD;20 US dollars=20 USD"},
        {"It cost US$500, A$600 or $700.", "US$500=500 USD;A$600=600 AUD;$700="},
        {"It cost $500, or €400.", "$500=;€400=400 EUR"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(all_values(cases[i].body, GW_NO_DAY), cases[i].values);
    }
}

static void test_the_day_of_publication(void **state) {
    (void)state;
    struct gw_article article = {.published_at_ms = INT64_MIN};
    assert_int_equal(gw_values_published(&article), GW_NO_DAY);
    article.published_at_ms = 0;
    assert_int_equal(gw_values_published(&article), 0);
    article.published_at_ms = -1;
    assert_int_equal(gw_values_published(&article), -1);
    /* The day where the writer is. */
    article.published_at.type = GW_STRING;
    article.published_at.as.bytes = GW_STR("1970-01-03T01:00:00+08:00");
    assert_int_equal(gw_values_published(&article), 2);
}

static void test_what_is_no_value(void **state) {
    (void)state;
    static const char *const bodies[] = {
        "They may march again.",
        "Sun and sat here.",
        "He has 3 dogs.",
        "Room 1234 is free, 1,950 people came.",
        "He won 3 won games in a row.",
        "The R2 and the G7 met.",
        "It was 99/99/2023.",
        "The score was 2:1.",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct gw_text text;
        assert_int_equal(find_values(bodies[i], GW_NO_DAY, &text).count, 0);
    }
}

/* What one sentence of so many values costs. */
static clock_t cost_of(size_t pieces) {
    static const char piece[] = "on Tuesday they met. ";
    char *body = malloc(pieces * sizeof piece);
    assert_non_null(body);
    for (size_t i = 0; i < pieces; i++) {
        memcpy(body + i * (sizeof piece - 1), piece, sizeof piece);
    }
    struct gw_text text;
    clock_t start = clock();
    assert_int_equal(find_values(body, day_of(WEDNESDAY), &text).count, pieces);
    clock_t cost = clock() - start;
    free(body);
    gw_arena_reset(&bench_arena);
    return cost;
}

/* Looking at all of the sentence for each value took minutes. */
static void test_cost_is_linear_in_one_endless_sentence(void **state) {
    (void)state;
    clock_t some = cost_of(2000);
    assert_true(cost_of(32000) < 64 * some);
}

static void test_names_hide_values(void **state) {
    (void)state;
    struct gw_text text = bench_text(NULL, "Expo 2020 was in 2021.");
    struct gw_name_span expo = {.first = 0, .last = 1};
    struct gw_name_spans spans = {&expo, 1};
    struct gw_values values;
    struct gw_work work = bench_work();
    assert_int_equal(gw_values_find(&text, &spans, bench_model, GW_NO_DAY, &work, &bench_arena, &values),
                     GW_OK);
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
        cmocka_unit_test(test_what_is_no_decade_and_no_season),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_money),
        cmocka_unit_test(test_percentages_and_quantities),
        cmocka_unit_test(test_relative_days),
        cmocka_unit_test(test_relative_days_from_nobody_knows_when),
        cmocka_unit_test(test_weekdays_go_by_the_tense),
        cmocka_unit_test(test_dates_without_their_year),
        cmocka_unit_test(test_the_article_shows_the_order_of_day_and_month),
        cmocka_unit_test(test_a_date_with_its_weekday_stands_for_publication),
        cmocka_unit_test(test_ages_ordinals_and_stretches_of_time),
        cmocka_unit_test(test_time_takes_the_day_beside_it),
        cmocka_unit_test(test_the_article_shows_whose_dollars),
        cmocka_unit_test(test_the_day_of_publication),
        cmocka_unit_test(test_what_is_no_value),
        cmocka_unit_test(test_cost_is_linear_in_one_endless_sentence),
        cmocka_unit_test(test_names_hide_values),
        cmocka_unit_test(test_decimals),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
