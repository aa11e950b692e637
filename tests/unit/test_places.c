/* Places linked to GeoNames: which one of a name is meant, and when it is better not to say. The ids and
 * coordinates are GeoNames' own. */
#include "unit/process_bench.h"

/* The GeoNames id (or the country code) that the body's entity of this name is linked to, or "". */
static struct gw_str linked(const char *body, const char *name) {
    struct gw_text text = bench_text(NULL, body);
    struct gw_name_spans spans;
    struct gw_entities entities;
    struct gw_work work = bench_work();
    assert_int_equal(gw_tagger_find(&text, bench_model, &work, &bench_arena, &spans), GW_OK);
    bench_join(&text, &spans, &entities);
    for (size_t e = 0; e < entities.count; e++) {
        if (gw_str_is(entities.items[e].name, name)) {
            assert_true(entities.items[e].link_count <= 1);
            return entities.items[e].link_count == 1 ? entities.items[e].links[0].id : GW_STR("");
        }
    }
    fail_msg("no %s in: %s", name, body);
    return (struct gw_str){NULL, 0};
}

static void test_the_largest_is_meant_when_nothing_is_said(void **state) {
    (void)state;
    assert_str(linked("The mayor of Paris spoke.", "Paris"), "2988507");
    assert_str(linked("Pyongyang and Moscow agreed.", "Moscow"), "524901");
}

static void test_what_stands_behind_a_comma_decides(void **state) {
    (void)state;
    assert_str(linked("She was born in Paris, Texas. Paris is quiet.", "Paris"), "4717560");
    assert_str(linked("A flood hit Valencia, Venezuela.", "Valencia"), "3625549");
    assert_str(linked("They met in Cambridge, Massachusetts, on Monday.", "Cambridge"), "4931972");
    assert_str(linked("He lives in London, Ontario.", "London"), "6058560");
}

static void test_countries_and_regions_of_the_article_decide(void **state) {
    (void)state;
    assert_str(linked("They live in Cambridge. The British minister came.", "Cambridge"), "2653941");
    assert_str(linked("A flood hit Valencia. Spain sent soldiers.", "Valencia"), "2509954");
    assert_str(linked("A fire in Springfield killed two, Illinois police said.", "Springfield"), "4250542");
}

static void test_what_could_mean_several_is_not_linked(void **state) {
    (void)state;
    assert_str(linked("A fire in Springfield killed two.", "Springfield"), "");
    assert_str(linked("She was born in Paris, Kenya.", "Paris"), "");
}

static void test_regions(void **state) {
    (void)state;
    assert_str(linked("Texas sued.", "Texas"), "4736286");
    assert_str(linked("In Georgia, voters in Atlanta chose. The United States watched.", "Georgia"),
               "4197000");
    assert_str(linked("In Georgia, Tbilisi protested. Georgian police came.", "Georgia"), "GE");
}

static void test_regions_of_other_countries(void **state) {
    (void)state;
    assert_str(linked("Farmers in Bavaria protested.", "Bavaria"), "2951839");
    assert_str(linked("Floods hit Bavaria, Saxony and Thuringia.", "Bavaria"), "2951839");
    assert_str(linked("Farmers in Punjab protested.", "Punjab"), "");
    assert_str(linked("Farmers in Punjab protested. Pakistan sent soldiers.", "Punjab"), "1167710");
}

static void test_a_town_stands_back_behind_a_region_of_its_name(void **state) {
    (void)state;
    assert_str(linked("Police in Ontario closed the border. The United States watched.", "Ontario"), "");
    assert_str(linked("Police in Ontario closed the border. Canada watched.", "Ontario"), "6093943");
    assert_str(linked("Police in Ontario, California, closed a road.", "Ontario"), "5379439");
}

static void test_other_forms(void **state) {
    (void)state;
    assert_str(linked("They moved from New York to Kyiv.", "New York"), "5128581");
}

static void test_coordinates_and_label(void **state) {
    (void)state;
    struct gw_text text = bench_text(NULL, "They met in Zurich, and in Texas.");
    struct gw_name_spans spans;
    struct gw_entities entities;
    struct gw_work work = bench_work();
    assert_int_equal(gw_tagger_find(&text, bench_model, &work, &bench_arena, &spans), GW_OK);
    bench_join(&text, &spans, &entities);
    assert_int_equal(entities.count, 2);
    struct gw_link city = entities.items[0].links[0], state_of = entities.items[1].links[0];
    assert_str(city.scheme, "geonames");
    assert_str(city.label, "Z\xC3\xBCrich");
    assert_str(city.country, "CH");
    assert_true(city.has_coordinates);
    assert_int_equal(city.latitude, 473667);
    assert_int_equal(city.longitude, 85500);
    assert_false(state_of.has_coordinates);
    assert_str(state_of.country, "US");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_largest_is_meant_when_nothing_is_said),
        cmocka_unit_test(test_what_stands_behind_a_comma_decides),
        cmocka_unit_test(test_countries_and_regions_of_the_article_decide),
        cmocka_unit_test(test_what_could_mean_several_is_not_linked),
        cmocka_unit_test(test_regions),
        cmocka_unit_test(test_regions_of_other_countries),
        cmocka_unit_test(test_a_town_stands_back_behind_a_region_of_its_name),
        cmocka_unit_test(test_other_forms),
        cmocka_unit_test(test_coordinates_and_label),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
