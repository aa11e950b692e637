/* Names put right: given spans, not the tagger's, so that a better tagger changes nothing here. */
#include "process/entities/names/refine.h"
#include "unit/process_bench.h"

static struct gw_text text;
static struct gw_name_span given[4];
static struct gw_name_spans spans;

static void begin(const char *body) {
    text = bench_text(NULL, body);
    spans = (struct gw_name_spans){given, 0};
}

/* One mention: tokens `first` to `last`. */
static void give(uint32_t first, uint32_t last, enum gw_entity_type type) {
    given[spans.count++] = (struct gw_name_span){.first = first,
                                                 .last = last,
                                                 .role_first = GW_NO_INDEX,
                                                 .role_last = GW_NO_INDEX,
                                                 .type = (uint8_t)type};
}

/* "first name|second name" */
static const char *refined(void) {
    static char out[256];
    size_t size = 0;
    out[0] = '\0';
    assert_int_equal(gw_names_refine(&text, bench_model, &bench_arena, &spans), GW_OK);
    for (uint32_t i = 0; i < spans.count; i++) {
        struct gw_str cut = gw_text_cut(&text, spans.items[i].first, spans.items[i].last);
        size +=
            (size_t)snprintf(out + size, sizeof out - size, "%s" GW_STR_FMT, i ? "|" : "", GW_STR_ARG(cut));
    }
    return out;
}

static void test_run_together_names_are_parted(void **state) {
    (void)state;
    begin("ties with North Korea The United States said");
    give(2, 6, GW_ORG);
    assert_string_equal(refined(), "North Korea|United States");
    assert_int_equal(spans.items[0].type, GW_LOC);
    assert_non_null(spans.items[1].known);
    begin("between Kenya Uganda and others");
    give(1, 2, GW_ORG);
    assert_string_equal(refined(), "Kenya|Uganda");
}

static void test_one_name_stays_whole(void **state) {
    (void)state;
    begin("the Kenya Uganda Railway runs");
    give(1, 3, GW_ORG);
    assert_string_equal(refined(), "Kenya Uganda Railway");
    begin("in Nairobi The Hague was named");
    give(1, 2, GW_LOC);
    assert_string_equal(refined(), "Nairobi The");
}

static void test_a_town_and_its_country_are_two(void **state) {
    (void)state;
    begin("from Qzxville, Kenya and on");
    give(1, 3, GW_LOC);
    assert_string_equal(refined(), "Qzxville|Kenya");
    assert_null(spans.items[0].known);
    begin("from Qzxville, Qorvath and on");
    give(1, 3, GW_LOC);
    assert_string_equal(refined(), "Qzxville, Qorvath");
}

static void test_two_names_with_and_are_two_where_the_article_has_both(void **state) {
    (void)state;
    begin("Qzx Hospital and Vol Hospital merge. Qzx Hospital and Vol Hospital. Vol Hospital");
    give(0, 4, GW_ORG);
    give(7, 8, GW_FAC);
    give(10, 11, GW_ORG);
    assert_string_equal(refined(), "Qzx Hospital|Vol Hospital|Qzx Hospital|Vol Hospital");
    assert_int_equal(spans.items[0].type, GW_FAC);
    begin("the Ministry of Trade and Industry met Industry");
    give(1, 5, GW_ORG);
    give(7, 7, GW_ORG);
    assert_string_equal(refined(), "Ministry of Trade and Industry|Industry");
}

static void test_brackets_tell_the_long_form(void **state) {
    (void)state;
    begin("the Front for the Liberation of the Coast (FLC) won");
    give(4, 7, GW_MISC);
    give(9, 9, GW_ORG);
    assert_string_equal(refined(), "Front for the Liberation of the Coast|FLC");
    assert_int_equal(spans.items[0].type, GW_ORG);
}

static void test_other_letters_tell_nothing(void **state) {
    (void)state;
    static const char *const bodies[] = {"the Front for the Liberation of the Coast (FCL) won",
                                         "the front for the Liberation of the Coast (FLC) won",
                                         "the Front 4 the Liberation of the Coast (FLC) won"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        begin(bodies[i]);
        give(4, 7, GW_MISC);
        give(9, 9, GW_ORG);
        assert_string_equal(refined(),
                            i == 0 ? "Liberation of the Coast|FCL" : "Liberation of the Coast|FLC");
    }
}

static void test_a_longer_name_is_not_cut(void **state) {
    (void)state;
    begin("the New Harbour Pilots Association (HPA) won");
    give(1, 4, GW_ORG);
    give(6, 6, GW_ORG);
    assert_string_equal(refined(), "New Harbour Pilots Association|HPA");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run_together_names_are_parted),
        cmocka_unit_test(test_one_name_stays_whole),
        cmocka_unit_test(test_a_town_and_its_country_are_two),
        cmocka_unit_test(test_two_names_with_and_are_two_where_the_article_has_both),
        cmocka_unit_test(test_brackets_tell_the_long_form),
        cmocka_unit_test(test_other_letters_tell_nothing),
        cmocka_unit_test(test_a_longer_name_is_not_cut),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
