/* Roles of people: the office or title beside a name. */
#include "process/entities/names/names.h"
#include "unit/process_bench.h"

/* The role of the first person of `body`, or "". */
static struct gw_str role(const char *body) {
    struct gw_text text = bench_text(NULL, body);
    struct gw_name_spans spans;
    struct gw_entities entities;
    struct gw_work work = bench_work();
    assert_int_equal(gw_tagger_find(&text, bench_model, &work, &bench_arena, &spans), GW_OK);
    bench_join(&text, &spans, &entities);
    for (size_t e = 0; e < entities.count; e++) {
        if (entities.items[e].type == GW_PERSON) {
            return entities.items[e].role;
        }
    }
    fail_msg("nobody in: %s", body);
    return (struct gw_str){NULL, 0};
}

static void test_in_front_of_the_name(void **state) {
    (void)state;
    assert_str(role("Yesterday Deputy Foreign Minister Paul Okoro left."), "Deputy Foreign Minister");
    assert_str(role("They heard Judge Robert Hale."), "Judge");
    assert_str(role("Then coach Ricardo Sandoval quit."), "coach");
    assert_str(role("We asked Gen. Paul Okoro."), "Gen.");
}

static void test_with_country(void **state) {
    (void)state;
    assert_str(role("Last month Kenyan Defense Minister Paul Okoro spoke."), "Kenyan Defense Minister");
    assert_str(role("Then Kenya Foreign Minister Paul Okoro left."), "Kenya Foreign Minister");
}

static void test_behind_the_name(void **state) {
    (void)state;
    assert_str(role("Then Paul Okoro, the finance minister, left."), "finance minister");
    assert_str(role("Then Paul Okoro, a former judge of the court, left."), "former judge");
    assert_str(role("We met Paul Okoro, the farm's owner, there."), "");
}

static void test_forms_of_address_are_none(void **state) {
    (void)state;
    assert_str(role("Then Mr. Okoro left."), "");
    assert_str(role("Then Ms Maria Lindqvist left."), "");
}

static void test_another_name_is_none(void **state) {
    (void)state;
    assert_str(role("We asked the Prime Minister. Paul Okoro left."), "");
    assert_str(role("They were told by the minister. Paul Okoro left."), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_front_of_the_name), cmocka_unit_test(test_with_country),
        cmocka_unit_test(test_behind_the_name),      cmocka_unit_test(test_forms_of_address_are_none),
        cmocka_unit_test(test_another_name_is_none),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
