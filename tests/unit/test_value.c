/* Looking into values. */
#include "schemas/value.h"
#include "unit/failing_allocator.h"
#include "unit/unit.h"

static struct gw_value string(const char *text) {
    return (struct gw_value){.type = GW_STRING, .as.bytes = gw_str_from(text)};
}

static struct gw_value integer(int64_t number) {
    return (struct gw_value){.type = GW_INT, .as.integer = number};
}

static void every_type_has_a_name(void **state) {
    (void)state;
    for (int type = GW_NIL; type <= GW_MAP; type++) {
        assert_string_not_equal(gw_value_type_name((enum gw_value_type)type), "unknown");
    }
    assert_string_equal(gw_value_type_name(GW_MAP), "map");
    assert_string_equal(gw_value_type_name((enum gw_value_type)99), "unknown");
}

static void keys_are_looked_up(void **state) {
    (void)state;
    struct gw_pair pairs[] = {{integer(1), integer(10)}, {string("k"), integer(11)}};
    struct gw_value map = {.type = GW_MAP, .count = 2, .as.pairs = pairs};
    assert_ptr_equal(gw_value_get(&map, "k"), &pairs[1].value);
    assert_null(gw_value_get(&map, "1"));
    assert_null(gw_value_get(&pairs[0].value, "k"));
    assert_true(gw_value_is(&pairs[1].key, "k"));
    assert_false(gw_value_is(&pairs[0].key, "1"));
}

static void equal_means_type_and_content(void **state) {
    (void)state;
    struct gw_value one = integer(1), two = integer(2), text = string("1");
    struct gw_value same = integer(1), number = {.type = GW_DOUBLE, .as.number = 1.0};
    same.position = 50;
    assert_true(gw_value_equal(&one, &same));
    assert_false(gw_value_equal(&one, &two));
    assert_false(gw_value_equal(&one, &text));
    assert_false(gw_value_equal(&one, &number));
    struct gw_value ext = {.type = GW_EXT, .ext_type = 1, .as.bytes = GW_STR("x")}, other = ext;
    assert_true(gw_value_equal(&ext, &other));
    other.ext_type = 2;
    assert_false(gw_value_equal(&ext, &other));
    struct gw_value items[] = {one, two}, reversed[] = {two, one};
    struct gw_value a = {.type = GW_ARRAY, .count = 2, .as.items = items}, b = a;
    assert_true(gw_value_equal(&a, &b));
    b.as.items = reversed;
    assert_false(gw_value_equal(&a, &b));
    b = a;
    b.count = 1;
    assert_false(gw_value_equal(&a, &b));
    struct gw_pair pairs[] = {{one, text}}, changed[] = {{one, two}};
    struct gw_value map = {.type = GW_MAP, .count = 1, .as.pairs = pairs}, changed_map = map;
    assert_true(gw_value_equal(&map, &changed_map));
    changed_map.as.pairs = changed;
    assert_false(gw_value_equal(&map, &changed_map));
}

static void duplicates_are_found_in_short_and_long_maps(void **state) {
    (void)state;
    struct gw_arena arena;
    struct gw_pair pairs[500];
    static char names[500][4];
    size_t index;
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    for (size_t i = 0; i < 500; i++) {
        names[i][0] = (char)('a' + i % 26);
        names[i][1] = (char)('a' + i / 26);
        pairs[i] = (struct gw_pair){string(names[i]), integer(0)};
    }
    for (size_t count = 0; count <= 500; count += 7) {
        assert_true(gw_pairs_find_duplicate(pairs, count, &arena, &index));
        assert_int_equal(index, count);
        for (size_t i = 1; i < count; i += 13) {
            struct gw_pair kept = pairs[i];
            pairs[i].key = pairs[i / 2].key;
            assert_true(gw_pairs_find_duplicate(pairs, count, &arena, &index));
            assert_int_equal(index, i);
            pairs[i] = kept;
        }
    }
    gw_arena_free(&arena);
}

static void short_maps_need_no_memory(void **state) {
    (void)state;
    struct gw_arena empty;
    struct gw_pair pairs[17];
    size_t index;
    gw_arena_init(&empty, &gw_allocator_system, 0);
    for (int i = 0; i < 17; i++) {
        pairs[i] = (struct gw_pair){integer(i), integer(i)};
    }
    assert_true(gw_pairs_find_duplicate(pairs, 16, &empty, &index));
    assert_false(gw_pairs_find_duplicate(pairs, 17, &empty, &index));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_has_a_name),
        cmocka_unit_test(keys_are_looked_up),
        cmocka_unit_test(equal_means_type_and_content),
        cmocka_unit_test(duplicates_are_found_in_short_and_long_maps),
        cmocka_unit_test(short_maps_need_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
