/* Elections by their names: a year, names, kinds and the vote. */
#include "process/entities/tagger/events.h"
#include "unit/process_bench.h"

#define SPANS_MOST 8

/* The spans of the words in square brackets, as the tagger would have found them. */
static struct gw_name_spans find_marked(const char *marked, struct gw_text *text) {
    static char plain[256];
    static struct gw_name_span items[SPANS_MOST];
    struct gw_name_spans spans = {items, 0};
    uint32_t starts[SPANS_MOST], ends[SPANS_MOST], count = 0;
    size_t size = 0;
    for (const char *c = marked; *c; c++) {
        if (*c == '[') {
            starts[count] = (uint32_t)size;
        } else if (*c == ']') {
            ends[count++] = (uint32_t)size;
        } else {
            plain[size++] = *c;
        }
    }
    plain[size] = '\0';
    *text = bench_text(NULL, plain);
    for (uint32_t s = 0; s < text->sentence_count; s++) {
        for (uint32_t i = text->sentences[s].first; i < text->sentences[s].end; i++) {
            struct gw_name_span span = {.first = i, .last = i, .sentence = s, .type = GW_LOC};
            if (spans.count == count || text->tokens[i].start != starts[spans.count]) {
                continue;
            }
            while (text->tokens[span.last].end < ends[spans.count]) {
                span.last++;
            }
            items[spans.count++] = span;
            i = span.last;
        }
    }
    assert_int_equal(spans.count, count);
    return spans;
}

/* "name|name|2001 event" of what is left: events have a star. */
static void check(const char *marked, const char *wanted) {
    struct gw_text text;
    char found[256] = "";
    struct gw_name_spans spans = find_marked(marked, &text);
    gw_events_find(&text, &spans);
    for (uint32_t i = 0; i < spans.count; i++) {
        struct gw_str cut = gw_text_cut(&text, spans.items[i].first, spans.items[i].last);
        size_t used = strlen(found);
        snprintf(found + used, sizeof found - used, "%s%s" GW_STR_FMT, i ? "|" : "",
                 spans.items[i].type == GW_EVENT ? "*" : "", GW_STR_ARG(cut));
    }
    assert_string_equal(found, wanted);
}

static void test_years_and_votes_make_an_event(void **state) {
    (void)state;
    check("She lost the 2015 [Ghana] general election.", "*2015 Ghana general election");
    check("After the 1996 [United States Senate] elections he left [Ohio].",
          "*1996 United States Senate elections|Ohio");
    check("In the 2011 [South Sudan] independence referendum, most said yes.",
          "*2011 South Sudan independence referendum");
    check("He won the 2004 [Freedonian] Hartlepool by-election.", "*2004 Freedonian Hartlepool by-election");
    check("[Peru] held the 1980 [Peru] and [Lima] city council elections.",
          "Peru|*1980 Peru and Lima city council elections");
    check("The [2020 Chad] presidential runoff failed.", "*2020 Chad presidential runoff");
}

static void test_other_years_and_votes_are_left_alone(void **state) {
    (void)state;
    check("In 2019 [South Africa] held elections.", "South Africa");
    check("In 2019, [South Africa] general election posters hung.", "South Africa");
    check("The [Ghana] general election of 2015 was close.", "Ghana");
    check("Some 315 [Ghana] election posters hung.", "Ghana");
    check("The 2015 general election in [Ghana] was close.", "Ghana");
    check("In 2015 [Ghana]. The election came.", "Ghana");
    check("[Vision 2015] [Ghana] election.", "Vision 2015|Ghana");
    check("In 2015 [Ghana] of the and the and of the and the and the and election.", "Ghana");
    check("2015 [Ghana]", "Ghana");
    check("Nothing happened.", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_years_and_votes_make_an_event),
        cmocka_unit_test(test_other_years_and_votes_are_left_alone),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
