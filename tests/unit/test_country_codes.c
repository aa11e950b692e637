/* Three capitals in brackets behind a person's name. */
#include "process/entities/tagger/country_codes.h"
#include "unit/process_bench.h"

/* The type that the name "ESP", "PAN" … at token `code` has in the end; the first two tokens are a name of
 * type `before`. */
static enum gw_entity_type type_of(const char *body, enum gw_entity_type before, uint32_t code) {
    struct gw_text text = bench_text(NULL, body);
    struct gw_name_span items[] = {{.first = 0, .last = 1, .type = (uint8_t)before},
                                   {.first = code, .last = code, .type = GW_ORG}};
    struct gw_name_spans spans = {items, 2};
    gw_country_codes_set(&text, bench_model, &spans);
    assert_int_equal(spans.count, 2);
    assert_int_equal(items[0].type, before);
    assert_int_equal(items[1].known != NULL, items[1].type == GW_LOC);
    return (enum gw_entity_type)items[1].type;
}

static void test_codes_of_countries_are_places(void **state) {
    (void)state;
    assert_int_equal(type_of("Ana Quispe (ESP) won.", GW_PERSON, 3), GW_LOC);
    assert_int_equal(type_of("Ana Quispe (GER), who won.", GW_PERSON, 3), GW_LOC);
}

static void test_other_names_are_left_alone(void **state) {
    (void)state;
    assert_int_equal(type_of("Harbour Pilots (ESP) won.", GW_ORG, 3), GW_ORG);
    assert_int_equal(type_of("Ana Quispe (XQZ) won.", GW_PERSON, 3), GW_ORG);
    assert_int_equal(type_of("Ana Quispe (NATO) won.", GW_PERSON, 3), GW_ORG);
    assert_int_equal(type_of("Ana Quispe of (ESP) won.", GW_PERSON, 4), GW_ORG);
    assert_int_equal(type_of("Ana Quispe (ESP won.", GW_PERSON, 3), GW_ORG);
    assert_int_equal(type_of("Ana Quispe (ESP", GW_PERSON, 3), GW_ORG);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes_of_countries_are_places),
        cmocka_unit_test(test_other_names_are_left_alone),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
