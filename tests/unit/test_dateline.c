/* Datelines and by-lines: what they say, and what only looks like them. */
#include "unit/process_bench.h"

static struct gw_text text;
static struct gw_entities entities;

static const struct gw_dateline_tokens *find(const char *title, const char *body) {
    struct gw_name_spans spans;
    struct gw_work work = bench_work();
    text = bench_text(title, body);
    assert_int_equal(gw_tagger_find(&text, bench_model, &work, &bench_arena, &spans), GW_OK);
    bench_join(&text, &spans, &entities);
    return &entities.dateline;
}

static struct gw_str cut(struct gw_token_range range) {
    return range.first == GW_NO_INDEX ? GW_STR("-") : gw_text_cut(&text, range.first, range.last);
}

/* "line|place|agency" */
static const char *dateline(const char *body) {
    static char out[256];
    const struct gw_dateline_tokens *found = find(NULL, body);
    snprintf(out, sizeof out, GW_STR_FMT "|" GW_STR_FMT "|" GW_STR_FMT, GW_STR_ARG(cut(found->line)),
             GW_STR_ARG(cut(found->place)), GW_STR_ARG(cut(found->agency)));
    return out;
}

static const struct gw_entity *entity(const char *name) {
    for (size_t e = 0; e < entities.count; e++) {
        if (gw_str_is(entities.items[e].name, name)) {
            return &entities.items[e];
        }
    }
    fail_msg("no entity: %s", name);
    return NULL;
}

static void test_datelines(void **state) {
    (void)state;
    assert_string_equal(dateline("Nairobi \xE2\x80\x93 Kenyan teachers went home."), "Nairobi|Nairobi|-");
    assert_string_equal(dateline("OSLO (Reuters) - Norway waits."), "OSLO (Reuters)|OSLO|Reuters");
    assert_string_equal(dateline("PARIS, May 3 (AFP) - Two men left."), "PARIS, May 3 (AFP)|PARIS|AFP");
    assert_string_equal(dateline("NAIROBI, Kenya (AP) \xE2\x80\x94 Police came."),
                        "NAIROBI, Kenya (AP)|NAIROBI|AP");
    assert_string_equal(dateline("BEIJING (Xinhua News Agency) -- Prices fell."),
                        "BEIJING (Xinhua News Agency)|BEIJING|Xinhua News Agency");
    assert_string_equal(dateline("CAIRO: Divers found a ship."), "CAIRO|CAIRO|-");
    assert_string_equal(dateline("(Reuters) - Oil fell."), "(Reuters)|-|Reuters");
    assert_string_equal(dateline("BEIJING (Reuters) Prices fell."), "BEIJING (Reuters)|BEIJING|Reuters");
}

static void test_what_is_none(void **state) {
    (void)state;
    static const char *const bodies[] = {"Paris \xE2\x80\x93 the city of light \xE2\x80\x93 is dark.",
                                         "Oslo-based firms left.",
                                         "Oslo (pictured) is quiet.",
                                         "Oslo: a city.",
                                         "They met in Oslo (Reuters) - it fell.",
                                         "\xE2\x80\x93 Oslo",
                                         "(Reuters)",
                                         ""};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        assert_string_equal(dateline(bodies[i]), "-|-|-");
    }
    find("OSLO (Reuters) - Norway waits", NULL);
    assert_int_equal(entities.dateline.line.first, GW_NO_INDEX);
}

static void test_the_form_tells_places_and_agencies(void **state) {
    (void)state;
    dateline("QZXVILLE (Qorvath News) - Rain fell.");
    assert_int_equal(entity("QZXVILLE")->type, GW_LOC);
    assert_int_equal(entity("Qorvath News")->type, GW_ORG);
}

static void test_bylines(void **state) {
    (void)state;
    const struct gw_dateline_tokens *found =
        find(NULL, "By Maria Lindqvist\n\nOSLO (Reuters) - Norway waits.");
    assert_str(cut(found->byline), "By Maria Lindqvist");
    assert_int_equal(found->author_count, 1);
    assert_str(cut(found->line), "OSLO (Reuters)");
    found = find(NULL, "By MARIA LINDQVIST and TOM OKORO, Reuters\nIt rained.");
    assert_int_equal(found->author_count, 2);
    assert_str(cut(found->authors[1]), "TOM OKORO");
    assert_int_equal(entity("TOM OKORO")->type, GW_PERSON);
    assert_int_equal(find(NULL, "By Monday it was dry.\nGood.")->author_count, 0);
    assert_int_equal(find(NULL, "By Maria Lindqvist's count it was late.")->author_count, 0);
}

static void test_they_make_nothing_salient(void **state) {
    (void)state;
    find(NULL, "By Maria Lindqvist\n\nOSLO (Reuters) - Kenya waits.");
    assert_str(entities.items[0].name, "Kenya");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_datelines),
        cmocka_unit_test(test_what_is_none),
        cmocka_unit_test(test_the_form_tells_places_and_agencies),
        cmocka_unit_test(test_bylines),
        cmocka_unit_test(test_they_make_nothing_salient),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
