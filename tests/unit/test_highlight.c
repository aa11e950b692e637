/* Which highlights stay when they overlap. */
#include "cli/highlight.h"

#include "unit/unit.h"

struct found {
    struct gw_arena arena;
    struct gw_highlight *items;
    size_t count;
};

static struct gw_mention mentions[8];
static struct gw_entity entities[8];
static struct gw_marker markers[8];
static struct gw_value_found values[8];

static void collect(struct found *found, const struct gw_annotation *annotation, enum gw_text_field field) {
    gw_arena_init(&found->arena, &gw_allocator_system, SIZE_MAX);
    assert_int_equal(gw_highlights_collect(annotation, field, &found->arena, &found->items, &found->count),
                     GW_OK);
}

static void expect_item(const struct found *found, size_t at, enum gw_highlight_kind kind, uint32_t start,
                        uint32_t end, size_t index) {
    assert_true(at < found->count);
    assert_int_equal(found->items[at].kind, kind);
    assert_int_equal(found->items[at].start, start);
    assert_int_equal(found->items[at].end, end);
    assert_int_equal(found->items[at].index, index);
}

static void all_kinds_come_in_the_texts_order(void **state) {
    (void)state;
    struct found found;
    mentions[0].span = (struct gw_span){10, 15, GW_FIELD_BODY};
    mentions[1].span = (struct gw_span){30, 35, GW_FIELD_BODY};
    mentions[2].span = (struct gw_span){0, 5, GW_FIELD_TITLE};
    entities[0] = (struct gw_entity){.mentions = mentions, .mention_count = 3};
    markers[0].span = (struct gw_span){20, 25, GW_FIELD_BODY};
    values[0].span = (struct gw_span){0, 5, GW_FIELD_BODY};
    const struct gw_annotation annotation = {.entities = entities,
                                             .entity_count = 1,
                                             .markers = markers,
                                             .marker_count = 1,
                                             .values = values,
                                             .value_count = 1};
    collect(&found, &annotation, GW_FIELD_BODY);
    assert_int_equal(found.count, 4);
    expect_item(&found, 0, GW_HIGHLIGHT_VALUE, 0, 5, 0);
    expect_item(&found, 1, GW_HIGHLIGHT_ENTITY, 10, 15, 0);
    expect_item(&found, 2, GW_HIGHLIGHT_MARKER, 20, 25, 0);
    expect_item(&found, 3, GW_HIGHLIGHT_ENTITY, 30, 35, 0);
    gw_arena_free(&found.arena);
    collect(&found, &annotation, GW_FIELD_TITLE);
    assert_int_equal(found.count, 1);
    gw_arena_free(&found.arena);
}

static void names_go_before_markers_and_markers_before_values(void **state) {
    (void)state;
    struct found found;
    mentions[0].span = (struct gw_span){10, 20, GW_FIELD_BODY};
    entities[0] = (struct gw_entity){.mentions = mentions, .mention_count = 1};
    markers[0].span = (struct gw_span){5, 12, GW_FIELD_BODY};  /* yields to the name that begins in it */
    markers[1].span = (struct gw_span){15, 25, GW_FIELD_BODY}; /* yields to the name that it begins in */
    markers[2].span = (struct gw_span){30, 40, GW_FIELD_BODY};
    values[0].span = (struct gw_span){28, 32, GW_FIELD_BODY}; /* yields */
    values[1].span = (struct gw_span){34, 36, GW_FIELD_BODY}; /* yields */
    values[2].span = (struct gw_span){40, 42, GW_FIELD_BODY}; /* only touches */
    values[3].span = (struct gw_span){50, 50, GW_FIELD_BODY}; /* shows nothing */
    const struct gw_annotation annotation = {.entities = entities,
                                             .entity_count = 1,
                                             .markers = markers,
                                             .marker_count = 3,
                                             .values = values,
                                             .value_count = 4};
    collect(&found, &annotation, GW_FIELD_BODY);
    assert_int_equal(found.count, 3);
    expect_item(&found, 0, GW_HIGHLIGHT_ENTITY, 10, 20, 0);
    expect_item(&found, 1, GW_HIGHLIGHT_MARKER, 30, 40, 2);
    expect_item(&found, 2, GW_HIGHLIGHT_VALUE, 40, 42, 2);
    gw_arena_free(&found.arena);
}

static void of_two_of_a_kind_the_first_stays(void **state) {
    (void)state;
    struct found found;
    markers[0].span = (struct gw_span){10, 12, GW_FIELD_BODY};
    markers[1].span = (struct gw_span){5, 11, GW_FIELD_BODY};
    markers[2].span = (struct gw_span){5, 7, GW_FIELD_BODY};
    const struct gw_annotation annotation = {.markers = markers, .marker_count = 3};
    collect(&found, &annotation, GW_FIELD_BODY);
    assert_int_equal(found.count, 1);
    expect_item(&found, 0, GW_HIGHLIGHT_MARKER, 5, 11, 1);
    gw_arena_free(&found.arena);
}

static void scores_are_rounded_to_hundredths(void **state) {
    (void)state;
    static const struct {
        gw_e4 score;
        const char *text;
    } cases[] = {{0, "0.00"},     {49, "0.00"},      {-49, "0.00"},    {50, "+0.01"},     {-50, "-0.01"},
                 {4567, "+0.46"}, {-10000, "-1.00"}, {27000, "+2.70"}, {123456, "+12.35"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[GW_SCORE_SIZE];
        gw_score_format(cases[i].score, text);
        assert_string_equal(text, cases[i].text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_kinds_come_in_the_texts_order),
        cmocka_unit_test(names_go_before_markers_and_markers_before_values),
        cmocka_unit_test(of_two_of_a_kind_the_first_stays),
        cmocka_unit_test(scores_are_rounded_to_hundredths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
