/* Offset maps against counting one character after the other. */
#include "base/utf8.h"
#include "schemas/span.h"
#include "unit/unit.h"

static struct gw_arena arena;

static int tear_down(void **state) {
    (void)state;
    gw_arena_free(&arena);
    return 0;
}

static int set_up(void **state) {
    (void)state;
    gw_arena_init(&arena, &gw_allocator_system, SIZE_MAX);
    return 0;
}

static uint32_t width(enum gw_offsets unit, uint32_t codepoint, size_t bytes) {
    if (unit == GW_OFFSETS_BYTE) {
        return (uint32_t)bytes;
    }
    return unit == GW_OFFSETS_UTF16 && codepoint > 0xFFFF ? 2 : 1;
}

/* Every border both ways, and every unit and byte that is none. */
static void check_all(struct gw_str text, enum gw_offsets unit) {
    struct gw_offset_map map;
    assert_int_equal(gw_offset_map_build(&map, text, unit, &arena), GW_OK);
    uint32_t units = 0, byte, codepoint;
    for (size_t at = 0; at < text.size;) {
        assert_int_equal(gw_offset_map_from_byte(&map, (uint32_t)at), units);
        assert_true(gw_offset_map_to_byte(&map, units, &byte));
        assert_int_equal(byte, at);
        size_t size = gw_utf8_decode(text, at, &codepoint);
        uint32_t step = width(unit, codepoint, size);
        for (uint32_t inside = 1; inside < step; inside++) {
            assert_false(gw_offset_map_to_byte(&map, units + inside, &byte));
        }
        at += size;
        units += step;
    }
    assert_int_equal(gw_offset_map_from_byte(&map, (uint32_t)text.size), units);
    assert_true(gw_offset_map_to_byte(&map, units, &byte));
    assert_int_equal(byte, text.size);
    assert_false(gw_offset_map_to_byte(&map, (uint64_t)units + 1, &byte));
    assert_false(gw_offset_map_to_byte(&map, UINT64_MAX, &byte));
    assert_false(gw_offset_map_to_byte(&map, UINT64_C(1) << 32, &byte));
}

static void check_units(struct gw_str text) {
    check_all(text, GW_OFFSETS_BYTE);
    check_all(text, GW_OFFSETS_CODEPOINT);
    check_all(text, GW_OFFSETS_UTF16);
}

/* Repeats `piece` behind `shift` letters, so that block borders fall everywhere in it. */
static void check_repeated(const char *piece) {
    char bytes[1024];
    size_t size = strlen(piece);
    for (size_t shift = 0; shift < 64; shift++) {
        size_t at = shift;
        memset(bytes, 'a', shift);
        while (at + size <= 300) {
            memcpy(bytes + at, piece, size);
            at += size;
        }
        check_units((struct gw_str){bytes, at});
    }
}

static void every_border_both_ways(void **state) {
    (void)state;
    check_units((struct gw_str){NULL, 0});
    check_units(GW_STR("a"));
    check_repeated("plain ");
    check_repeated("\xC3\xA9");
    check_repeated("\xE2\x82\xAC");
    check_repeated("\xF0\x9F\x98\x80");
    check_repeated("x\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
}

static void sizes_around_the_blocks(void **state) {
    (void)state;
    char bytes[200];
    memset(bytes, 'b', sizeof bytes);
    memcpy(bytes, "\xC3\xA9", 2);
    for (size_t size = 2; size < sizeof bytes; size++) {
        check_units((struct gw_str){bytes, size});
    }
}

static void ascii_and_bytes_take_no_memory(void **state) {
    (void)state;
    struct gw_offset_map map;
    assert_int_equal(gw_offset_map_build(&map, GW_STR("only ASCII here"), GW_OFFSETS_UTF16, &arena), GW_OK);
    assert_int_equal(gw_offset_map_build(&map, GW_STR("caf\xC3\xA9"), GW_OFFSETS_BYTE, &arena), GW_OK);
    assert_int_equal(arena.taken, 0);
}

static void memory_may_be_at_its_end(void **state) {
    (void)state;
    struct gw_arena empty;
    struct gw_offset_map map;
    gw_arena_init(&empty, &gw_allocator_system, 0);
    assert_int_equal(gw_offset_map_build(&map, GW_STR("caf\xC3\xA9"), GW_OFFSETS_CODEPOINT, &empty),
                     GW_NO_MEMORY);
    gw_arena_free(&empty);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_border_both_ways),
        TEST(sizes_around_the_blocks),
        TEST(ascii_and_bytes_take_no_memory),
        TEST(memory_may_be_at_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
