/* Numbers to text and back, under any locale. */
#include "schemas/number.h"
#include "unit/unit.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>

static void assert_formats(double number, const char *expected) {
    char text[GW_NUMBER_SIZE];
    assert_int_equal(gw_number_format(number, text), strlen(expected));
    assert_string_equal(text, expected);
}

static void the_shortest_text_is_written(void **state) {
    (void)state;
    assert_formats(0.0, "0");
    assert_formats(-0.0, "-0");
    assert_formats(1.0, "1");
    assert_formats(-12.5, "-12.5");
    assert_formats(0.1, "0.1");
    assert_formats(0.1 + 0.2, "0.30000000000000004");
    assert_formats(1.0 / 3, "0.3333333333333333");
    assert_formats(100.0, "100");
    assert_formats(123456789012345680.0, "123456789012345680");
    assert_formats(1e20, "100000000000000000000");
    assert_formats(1e21, "1e+21");
    assert_formats(1.5e300, "1.5e+300");
    assert_formats(0.000001, "0.000001");
    assert_formats(0.0000001, "1e-7");
    assert_formats(1.25e-7, "1.25e-7");
    assert_formats(DBL_MAX, "1.7976931348623157e+308");
    assert_formats(5e-324, "5e-324");
    assert_formats(9007199254740993.0, "9007199254740992");
}

/* A fixed sequence of doubles with all exponents. */
static double next_double(uint64_t *random) {
    double number;
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    uint64_t bits = *random ^ *random >> 29;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static void every_double_reads_back(void **state) {
    (void)state;
    uint64_t random = 7;
    for (int i = 0; i < 20000; i++) {
        double number = next_double(&random), read;
        char text[GW_NUMBER_SIZE];
        if (!isfinite(number)) {
            continue;
        }
        size_t size = gw_number_format(number, text);
        assert_true(size < GW_NUMBER_SIZE);
        assert_true(gw_number_parse((struct gw_str){text, size}, &read));
        assert_memory_equal(&read, &number, sizeof read);
    }
}

static void scores_agree_with_doubles(void **state) {
    (void)state;
    static const int32_t rows[] = {0,     1,      -1,     10,       100,       1234,     -5000,
                                   10000, -10000, 123456, 99999999, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[GW_NUMBER_SIZE];
        size_t size = gw_number_format_e4(rows[i], text);
        assert_int_equal(size, strlen(text));
        assert_formats(rows[i] / 10000.0, text);
    }
    for (int32_t e4 = -10000; e4 <= 10000; e4++) {
        char text[GW_NUMBER_SIZE];
        gw_number_format_e4(e4, text);
        assert_formats(e4 / 10000.0, text);
    }
}

static void locales_change_nothing(void **state) {
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "C.UTF-8"};
    const char *set = NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !set; i++) {
        set = setlocale(LC_ALL, names[i]);
    }
    double read;
    assert_formats(-0.75, "-0.75");
    assert_true(gw_number_parse(GW_STR("0.75"), &read));
    assert_true(read == 0.75);
    setlocale(LC_ALL, "C");
}

static void too_large_is_refused(void **state) {
    (void)state;
    double read;
    assert_false(gw_number_parse(GW_STR("1e309"), &read));
    assert_false(gw_number_parse(GW_STR("-1e309"), &read));
    assert_true(gw_number_parse(GW_STR("1e-999"), &read));
    assert_true(read == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shortest_text_is_written), cmocka_unit_test(every_double_reads_back),
        cmocka_unit_test(scores_agree_with_doubles),    cmocka_unit_test(locales_change_nothing),
        cmocka_unit_test(too_large_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
