/* Where MessagePack values end. */
#include "ingest/msgpack_border.h"

#include "unit/unit.h"

#include <stdio.h>

struct example {
    const char *name;
    const char *bytes;
    size_t size; /* of the value; more may follow */
};

#define EXAMPLE(name, literal)                                                                               \
    { name, literal, sizeof(literal) - 1 }

/* One of each format. */
static const struct example examples[] = {
    EXAMPLE("fixint", "\x05"),
    EXAMPLE("negative fixint", "\xff"),
    EXAMPLE("empty fixmap", "\x80"),
    EXAMPLE("fixmap", "\x82\xa1k\x01\xa1l\xc0"),
    EXAMPLE("empty fixarray", "\x90"),
    EXAMPLE("fixarray", "\x92\x01\xa2hi"),
    EXAMPLE("empty fixstr", "\xa0"),
    EXAMPLE("fixstr", "\xa5hello"),
    EXAMPLE("nil", "\xc0"),
    EXAMPLE("false", "\xc2"),
    EXAMPLE("true", "\xc3"),
    EXAMPLE("bin 8", "\xc4\x02zz"),
    EXAMPLE("bin 16", "\xc5\x00\x02zz"),
    EXAMPLE("bin 32", "\xc6\x00\x00\x00\x02zz"),
    EXAMPLE("ext 8", "\xc7\x02tzz"),
    EXAMPLE("ext 16", "\xc8\x00\x02tzz"),
    EXAMPLE("ext 32", "\xc9\x00\x00\x00\x02tzz"),
    EXAMPLE("float 32", "\xca\x01\x02\x03\x04"),
    EXAMPLE("float 64", "\xcb\x01\x02\x03\x04\x05\x06\x07\x08"),
    EXAMPLE("uint 8", "\xcc\xff"),
    EXAMPLE("uint 16", "\xcd\xff\xff"),
    EXAMPLE("uint 32", "\xce\xff\xff\xff\xff"),
    EXAMPLE("uint 64", "\xcf\xff\xff\xff\xff\xff\xff\xff\xff"),
    EXAMPLE("int 8", "\xd0\xff"),
    EXAMPLE("int 16", "\xd1\xff\xff"),
    EXAMPLE("int 32", "\xd2\xff\xff\xff\xff"),
    EXAMPLE("int 64", "\xd3\xff\xff\xff\xff\xff\xff\xff\xff"),
    EXAMPLE("fixext 1", "\xd4tz"),
    EXAMPLE("fixext 2", "\xd5tzz"),
    EXAMPLE("fixext 4", "\xd6tzzzz"),
    EXAMPLE("fixext 8", "\xd7tzzzzzzzz"),
    EXAMPLE("fixext 16", "\xd8tzzzzzzzzzzzzzzzz"),
    EXAMPLE("str 8", "\xd9\x02hi"),
    EXAMPLE("str 16", "\xda\x00\x02hi"),
    EXAMPLE("str 32", "\xdb\x00\x00\x00\x02hi"),
    EXAMPLE("array 16", "\xdc\x00\x02\x01\x02"),
    EXAMPLE("array 32", "\xdd\x00\x00\x00\x02\x01\x02"),
    EXAMPLE("map 16", "\xde\x00\x01\x01\x02"),
    EXAMPLE("map 32", "\xdf\x00\x00\x00\x01\x01\x02"),
    EXAMPLE("nested", "\x81\xa1k\x92\x81\x01\x90\xdc\x00\x01\xa1z"),
};

#define EXAMPLE_COUNT (sizeof examples / sizeof examples[0])

static void each_format_ends_at_its_last_byte(void **state) {
    (void)state;
    for (size_t i = 0; i < EXAMPLE_COUNT; i++) {
        char followed[64];
        memcpy(followed, examples[i].bytes, examples[i].size);
        memset(followed + examples[i].size, 0xc1, 8);
        struct gw_cursor cursor = gw_cursor_over(followed, examples[i].size + 8);
        struct gw_msgpack_border border = gw_msgpack_border_start();
        print_message("%s\n", examples[i].name);
        assert_int_equal(gw_msgpack_border_feed(&border, &cursor), GW_OK);
        assert_int_equal(gw_cursor_position(&cursor), examples[i].size);
    }
}

/* Feeds the value byte by byte; returns how many bytes it took until the border was found. */
static size_t feed_slowly(const struct example *example) {
    struct gw_msgpack_border border = gw_msgpack_border_start();
    size_t at = 0;
    for (size_t known = 0; known <= example->size; known++) {
        struct gw_cursor cursor = gw_cursor_over(example->bytes + at, known - at);
        enum gw_status status = gw_msgpack_border_feed(&border, &cursor);
        at += gw_cursor_position(&cursor);
        if (status == GW_OK) {
            return at == known ? known : 0;
        }
        assert_int_equal(status, GW_AGAIN);
        assert_true(known - at <= 8);
    }
    return 0;
}

static void bytes_may_come_one_by_one(void **state) {
    (void)state;
    for (size_t i = 0; i < EXAMPLE_COUNT; i++) {
        assert_int_equal(feed_slowly(&examples[i]), examples[i].size);
    }
}

static void the_never_used_head_is_malformed(void **state) {
    (void)state;
    struct gw_cursor cursor = gw_cursor_over("\x92\x01\xc1", 3);
    struct gw_msgpack_border border = gw_msgpack_border_start();
    assert_int_equal(gw_msgpack_border_feed(&border, &cursor), GW_MALFORMED);
    assert_int_equal(gw_cursor_position(&cursor), 2);
}

static void depth_costs_nothing(void **state) {
    (void)state;
    static char deep[1 << 20];
    memset(deep, '\x91', sizeof deep - 1);
    deep[sizeof deep - 1] = '\xc0';
    struct gw_cursor cursor = gw_cursor_over(deep, sizeof deep);
    struct gw_msgpack_border border = gw_msgpack_border_start();
    assert_int_equal(gw_msgpack_border_feed(&border, &cursor), GW_OK);
}

static void huge_counts_only_ask_for_more(void **state) {
    (void)state;
    static const char map[] = "\xdf\xff\xff\xff\xff\xdf\xff\xff\xff\xff\xdb\xff\xff\xff\xffzz";
    struct gw_cursor cursor = gw_cursor_over(map, sizeof map - 1);
    struct gw_msgpack_border border = gw_msgpack_border_start();
    assert_int_equal(gw_msgpack_border_feed(&border, &cursor), GW_AGAIN);
    assert_int_equal(gw_cursor_left(&cursor), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_format_ends_at_its_last_byte), cmocka_unit_test(bytes_may_come_one_by_one),
        cmocka_unit_test(the_never_used_head_is_malformed),  cmocka_unit_test(depth_costs_nothing),
        cmocka_unit_test(huge_counts_only_ask_for_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
