/* Names: found, typed and joined. Each case lists the entities of a text in order of salience and of first
 * mention. */
#include "process/entities/names/names.h"
#include "unit/process_bench.h"

#include <stdlib.h>

static const char *const type_names[GW_ENTITY_TYPE_COUNT] = {"PERSON", "ORG",     "LOC",   "FAC",
                                                             "NORP",   "PRODUCT", "EVENT", "MISC"};

struct named {
    struct gw_text text;
    struct gw_name_spans spans;
    struct gw_entities entities;
};

static struct named name_all(const char *title, const char *body) {
    struct named named = {.text = bench_text(title, body)};
    struct gw_work work = bench_work();
    assert_int_equal(gw_tagger_find(&named.text, bench_model, &work, &bench_arena, &named.spans), GW_OK);
    bench_join(&named.text, &named.spans, &named.entities);
    return named;
}

/* "PERSON:Ana Lund ORG:Fed": the mentions in order of the text. */
static const char *mentions(const char *body) {
    static char out[1024];
    struct named named = name_all(NULL, body);
    size_t size = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < named.spans.count; i++) {
        const struct gw_name_span *span = &named.spans.items[i];
        enum gw_entity_type type = named.entities.items[named.entities.of_span[i]].type;
        struct gw_str cut = gw_text_cut(&named.text, span->first, span->last);
        size += (size_t)snprintf(out + size, sizeof out - size, "%s%s:" GW_STR_FMT, i ? " " : "",
                                 type_names[type], GW_STR_ARG(cut));
    }
    return out;
}

struct name_case {
    const char *body, *mentions;
};

static void assert_mentions(const struct name_case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(mentions(cases[i].body), cases[i].mentions);
    }
}
#define ASSERT_MENTIONS(cases) assert_mentions((cases), sizeof(cases) / sizeof *(cases))

static void test_people(void **state) {
    (void)state;
    static const struct name_case cases[] = {
        {"Yesterday Maria Lindqvist sang.", "PERSON:Maria Lindqvist"},
        {"The Defence Minister Paul Okoro left.", "PERSON:Paul Okoro"},
        {"Then Mr. Zzyzx left.", "PERSON:Zzyzx"},
        {"They met John F. Kelly Jr. there.", "PERSON:John F. Kelly Jr"},
        {"It was Ludwig van Beethoven who wrote it.", "PERSON:Ludwig van Beethoven"},
        {"Actor Lee Dae-jun thanked them.", "PERSON:Lee Dae-jun"},
        {"It is Maria Lindqvist's house.", "PERSON:Maria Lindqvist"},
        {"The guide, Peter Qorvath, said no.", "PERSON:Peter Qorvath"},
    };
    ASSERT_MENTIONS(cases);
}

static void test_organisations(void **state) {
    (void)state;
    static const struct name_case cases[] = {
        {"The Ministry of Trade and Industry closed.", "ORG:Ministry of Trade and Industry"},
        {"Staff of the University of Lagos met.", "ORG:University of Lagos"},
        {"She joined Reuters and the BBC.", "ORG:Reuters ORG:BBC"},
        {"The Kenyan Football Federation lost.", "ORG:Kenyan Football Federation"},
        {"A clerk of Borealis Holdings Ltd stayed.", "ORG:Borealis Holdings Ltd"},
        {"Workers of AT&T met.", "ORG:AT&T"},
        {"He runs Telecom Namibia now.", "ORG:Telecom Namibia"},
        {"The app of MeowPay failed.", "ORG:MeowPay"},
    };
    ASSERT_MENTIONS(cases);
}

static void test_places_peoples_events(void **state) {
    (void)state;
    static const struct name_case cases[] = {
        {"From Nairobi they went to New York.", "LOC:Nairobi LOC:New York"},
        {"It lies near Lake Victoria.", "LOC:Lake Victoria"},
        {"They crossed the Zambezi River twice.", "LOC:Zambezi River"},
        {"She was born in Mbwani in 1990.", "LOC:Mbwani"},
        {"The French and the British Indians met.", "NORP:French NORP:British Indians"},
        {"It ended after World War II.", "EVENT:World War II"},
        {"They sang at Wembley Stadium.", "FAC:Wembley Stadium"},
        {"It is in Mumbwa, Zambia.", "LOC:Mumbwa LOC:Zambia"},
        {"the U.S. and the US", "LOC:U.S. LOC:US"},
        {"North. Korea agreed.", "LOC:North. Korea"},
    };
    ASSERT_MENTIONS(cases);
}

static void test_what_is_no_name(void **state) {
    (void)state;
    static const struct name_case cases[] = {
        {"The rain fell. It was late.", ""},          {"On Monday in May I left.", ""},
        {"Prices rose. Farmers worried.", ""},        {"The Prime Minister left.", ""},
        {"Five Easy Ways To Save Water At Home", ""}, {"let us go to us", ""},
    };
    ASSERT_MENTIONS(cases);
}

static void test_capitals_elsewhere_tell_of_names(void **state) {
    (void)state;
    assert_string_equal(mentions("Mark left. We saw Mark there."), "PERSON:Mark PERSON:Mark");
}

static void test_headings_in_capitals(void **state) {
    (void)state;
    assert_string_equal(mentions("ZAMBIA PICKS ITS TEAM\n\nThen Paul Okoro left Zambia."),
                        "LOC:ZAMBIA PERSON:Paul Okoro LOC:Zambia");
    assert_string_equal(mentions("QZX LOSES AGAIN\n\nIt rained."), "");
}

static void test_known_name_and_person_are_told_apart(void **state) {
    (void)state;
    static const struct name_case cases[] = {
        {"We met Paris Hilton there.", "PERSON:Paris Hilton"},
        {"We met Jack London there.", "PERSON:Jack London"},
        {"President Putin spoke.", "PERSON:Putin"},
    };
    ASSERT_MENTIONS(cases);
}

static const struct gw_entity *find(const struct named *named, const char *name) {
    size_t e = 0;
    while (e < named->entities.count && !gw_str_is(named->entities.items[e].name, name)) {
        e++;
    }
    if (!named->entities.items || e == named->entities.count) {
        fail_msg("no entity: %s", name);
        abort();
    }
    return &named->entities.items[e];
}

/* The most salient one. */
static const struct gw_entity *first(const struct named *named) {
    if (!named->entities.items || named->entities.count == 0) {
        fail_msg("there are no entities");
        abort();
    }
    return named->entities.items;
}

static struct gw_str alias_of(const struct gw_entity *entity) {
    return entity->alias_count > 0 && entity->aliases ? entity->aliases[0] : GW_STR("");
}

static struct gw_link link_of(const struct gw_entity *entity) {
    return entity->link_count > 0 && entity->links ? entity->links[0] : (struct gw_link){.confidence = 0};
}

static void test_surnames_join_full_names(void **state) {
    (void)state;
    struct named named = name_all(
        NULL, "Maria Lindqvist came. Lindqvist sang. Ms. Lindqvist left with Kim Jong Un. Kim slept.");
    assert_int_equal(named.entities.count, 2);
    assert_int_equal(find(&named, "Maria Lindqvist")->mention_count, 3);
    assert_int_equal(find(&named, "Maria Lindqvist")->alias_count, 1);
    assert_str(alias_of(find(&named, "Maria Lindqvist")), "Lindqvist");
    assert_int_equal(find(&named, "Kim Jong Un")->mention_count, 2);
}

static void test_a_shared_surname_joins_nobody(void **state) {
    (void)state;
    struct named named = name_all(NULL, "Maria Lindqvist met Anna Lindqvist. Then Lindqvist left.");
    assert_int_equal(named.entities.count, 3);
}

/* How many entities there are, and how often the first of these names is mentioned. */
static void assert_joined(const char *body, size_t entities, const char *name, size_t mentions_of) {
    struct named named = name_all(NULL, body);
    assert_int_equal(named.entities.count, entities);
    assert_int_equal(find(&named, name)->mention_count, mentions_of);
}

static void test_full_names_in_other_forms(void **state) {
    (void)state;
    assert_joined("Robert T. Hale spoke. Robert Hale left. R. Hale slept. Hale woke.", 1, "Robert T. Hale",
                  4);
    assert_joined("George W. Bush met George H. W. Bush.", 2, "George W. Bush", 1);
    assert_joined("We saw Samuel Brooks Jr. there. Brooks left.", 1, "Samuel Brooks Jr", 2);
    assert_joined("Bashar al-Assad fled. Al-Assad flew. Then Assad hid.", 1, "Bashar al-Assad", 3);
}

static void test_a_surname_is_whose_until_a_namesake_comes(void **state) {
    (void)state;
    struct named named = name_all(
        NULL, "Alan Whitford won. Whitford sang. Emma Whitford came. Whitford left. Whitford slept.");
    assert_int_equal(find(&named, "Alan Whitford")->mention_count, 2);
    assert_int_equal(find(&named, "Emma Whitford")->mention_count, 1);
    assert_int_equal(find(&named, "Whitford")->mention_count, 2);
}

static void test_a_titled_first_name_is_another(void **state) {
    (void)state;
    struct named named = name_all(NULL, "Amelie Fontaine came. They met Queen Amelie there.");
    assert_int_equal(find(&named, "Amelie Fontaine")->mention_count, 1);
    named = name_all(NULL, "Amelie Fontaine came. Then Amelie sang.");
    assert_int_equal(find(&named, "Amelie Fontaine")->mention_count, 2);
}

static void test_a_word_with_two_meanings_joins_nobody(void **state) {
    (void)state;
    struct named named =
        name_all(NULL, "Michael Jordan flew to Jordan. Jordan's king met Michael Jordan in Amman.");
    assert_int_equal(find(&named, "Michael Jordan")->mention_count, 2);
}

static void test_organisations_in_short(void **state) {
    (void)state;
    struct named named =
        name_all(NULL, "The Nigerian Ministry of Health paid. The Ministry of Health agreed.");
    assert_int_equal(find(&named, "Nigerian Ministry of Health")->mention_count, 2);
    named = name_all(NULL, "The Bristol City Council voted. Bristol City lost to Leeds United in Leeds.");
    assert_int_equal(find(&named, "Bristol City Council")->mention_count, 1);
}

static void test_peoples_in_the_plural(void **state) {
    (void)state;
    assert_joined("A Kenyan runner led the Kenyans.", 1, "Kenyan", 2);
}

static void test_acronyms_join_names(void **state) {
    (void)state;
    struct named named =
        name_all(NULL, "The Harbour Pilots Association (HPA) met. The HPA voted. So did the Department of "
                       "Justice, said the DOJ.");
    assert_int_equal(find(&named, "Harbour Pilots Association")->mention_count, 3);
    assert_str(alias_of(find(&named, "Harbour Pilots Association")), "HPA");
    named = name_all(NULL, "The United States (US) agreed. The U.S. and the US stayed.");
    assert_int_equal(named.entities.count, 1);
    assert_int_equal(find(&named, "United States")->mention_count, 4);
}

static void test_roles_and_links(void **state) {
    (void)state;
    struct named named = name_all(NULL, "Deputy Foreign Minister Paul Okoro left Kenya for Kenyan waters.");
    assert_str(find(&named, "Paul Okoro")->role, "Deputy Foreign Minister");
    assert_int_equal(find(&named, "Paul Okoro")->link_count, 0);
    assert_int_equal(find(&named, "Kenya")->link_count, 1);
    assert_str(link_of(find(&named, "Kenya")).scheme, "iso3166-1");
    assert_str(link_of(find(&named, "Kenya")).id, "KE");
    assert_str(link_of(find(&named, "Kenya")).label, "Kenya");
    assert_str(link_of(find(&named, "Kenyan")).country, "KE");
    assert_false(link_of(find(&named, "Kenya")).has_coordinates);
}

static void test_names_lose_wide_gaps(void **state) {
    (void)state;
    struct named named = name_all(NULL, "We saw Maria \t Lindqvist there.");
    assert_str(first(&named)->name, "Maria Lindqvist");
}

static void test_the_most_salient_comes_first(void **state) {
    (void)state;
    struct named named =
        name_all("Lindqvist sings", "In Oslo a crowd from Norway waited. Maria Lindqvist came late to Oslo.");
    assert_str(first(&named)->name, "Maria Lindqvist");
    assert_str(alias_of(first(&named)), "Lindqvist");
    int64_t sum = 0;
    for (size_t e = 0; e < named.entities.count; e++) {
        const struct gw_entity *entity = first(&named) + e;
        sum += entity->salience;
        assert_true(e == 0 || entity->salience <= entity[-1].salience);
    }
    assert_in_range(sum, GW_E4_ONE - (int64_t)named.entities.count, GW_E4_ONE);
}

static void test_limits_cut(void **state) {
    (void)state;
    struct gw_limits limits = gw_limits_default;
    limits.entities = 1;
    limits.mentions = 2;
    const struct gw_names_context context = {bench_model, NULL, &limits};
    struct named named = name_all(NULL, "Oslo, Nairobi, Oslo, Oslo.");
    assert_int_equal(gw_names_join(&named.text, &context, &named.spans, &bench_arena, &named.entities),
                     GW_OK);
    assert_true(named.entities.cut);
    assert_int_equal(named.entities.count, 1);
    assert_int_equal(first(&named)->mention_count, 1);
    assert_int_equal(named.entities.of_span[1], GW_NO_INDEX);
}

static void test_the_budget_ends_the_search(void **state) {
    (void)state;
    struct gw_text text = bench_text(NULL, "Oslo is here. Nairobi is there.");
    struct gw_name_spans spans;
    struct gw_work work = {12, false};
    assert_int_equal(gw_tagger_find(&text, bench_model, &work, &bench_arena, &spans), GW_OK);
    assert_true(work.ended);
    assert_int_equal(spans.count, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_people),
        cmocka_unit_test(test_organisations),
        cmocka_unit_test(test_places_peoples_events),
        cmocka_unit_test(test_what_is_no_name),
        cmocka_unit_test(test_capitals_elsewhere_tell_of_names),
        cmocka_unit_test(test_headings_in_capitals),
        cmocka_unit_test(test_known_name_and_person_are_told_apart),
        cmocka_unit_test(test_surnames_join_full_names),
        cmocka_unit_test(test_a_shared_surname_joins_nobody),
        cmocka_unit_test(test_full_names_in_other_forms),
        cmocka_unit_test(test_a_surname_is_whose_until_a_namesake_comes),
        cmocka_unit_test(test_a_titled_first_name_is_another),
        cmocka_unit_test(test_a_word_with_two_meanings_joins_nobody),
        cmocka_unit_test(test_organisations_in_short),
        cmocka_unit_test(test_peoples_in_the_plural),
        cmocka_unit_test(test_acronyms_join_names),
        cmocka_unit_test(test_roles_and_links),
        cmocka_unit_test(test_names_lose_wide_gaps),
        cmocka_unit_test(test_the_most_salient_comes_first),
        cmocka_unit_test(test_limits_cut),
        cmocka_unit_test(test_the_budget_ends_the_search),
    };
    return cmocka_run_group_tests(tests, bench_open, bench_close);
}
